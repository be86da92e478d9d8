"""Validation: units drawn for coders, their sheets read back, their agreement, and a model's
agreement with them.
"""

from .agreement import krippendorff_alpha
from .sampling import Sample, coding_units, draw_sample
from .sheets import Codes, read_key, read_sheets, write_sheets
from .validate import Validation, validate

__all__ = [
    "Codes",
    "Sample",
    "Validation",
    "coding_units",
    "draw_sample",
    "krippendorff_alpha",
    "read_key",
    "read_sheets",
    "validate",
    "write_sheets",
]
