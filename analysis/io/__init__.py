"""Readers and writers: articles, dictionaries, sheets of codes; one file a format.

Writers of whole corpora stand in `analysis.outputs`, as they need the features.
"""

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
_OUTPUTS = "analysis.outputs"
_WRITERS = {
    "to_antconc": f"{_OUTPUTS}.text_folders",
    "to_quanteda": f"{_OUTPUTS}.text_folders",
    "to_refi_qda": f"{_OUTPUTS}.refi_qda",
    "to_scattertext": f"{_OUTPUTS}.text_folders",
    "to_tei": f"{_OUTPUTS}.tei",
}
__all__ = [*_MODULES, *_WRITERS]
lazy_room(__name__, {name: f"{__name__}.{module}" for name, module in _MODULES.items()} | _WRITERS)
