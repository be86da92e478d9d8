"""Validation: samples for coders, coding sheets, agreement of coders, and of measures with them."""

from analysis.lazy import lazy_room

_MODULES = {
    "coding_units": "sample",
    "draw_sample": "sample",
    "krippendorff_alpha": "agreement",
    "read_key": "coding_sheets",
    "read_sheets": "coding_sheets",
    "recalibrate": "recalibrate",
    "seeds": "seeds",
    "validate": "validate",
    "write_sheets": "coding_sheets",
}
__all__ = list(_MODULES)
lazy_room(__name__, {name: f"{__name__}.{module}" for name, module in _MODULES.items()})
