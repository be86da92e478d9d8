"""Readers and writers: articles, dictionaries, sheets of codes; one file a format."""

from analysis.lazy import lazy_room

_MODULES = {
    "Article": "article",
    "Reading": "articles",
    "Sheet": "sheets",
    "csv_bytes": "sheets",
    "load_dictionary": "dictionaries",
    "read_articles": "reading",
    "read_frame_codes": "frame_codes",
    "read_sheet": "sheets",
    "xlsx_bytes": "sheets",
}
__all__ = [*_MODULES]
lazy_room(__name__, {name: f"{__name__}.{module}" for name, module in _MODULES.items()})
