"""Twicetold: who frames a news story how, in what tone, and who took whose words.

Examples
--------
>>> import analysis as tw
>>> corpus = tw.load("amnesty2024")
>>> tw.tl.overview(corpus).articles[["article_id", "n_words"]].head(2)  # doctest: +SKIP
"""

import os

from analysis.lazy import lazy_room

# Since 1.29, onnxruntime tells its makers about models and machines unless this is set before it is
# imported: nothing of a corpus, but nothing at all is to be sent from here.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

_MODULES = {"extract": "extract", "load": "corpus", "share": "share", "show": "show"}
_ROOMS = ("io", "pl", "tl", "va")
__all__ = [*_MODULES, *_ROOMS]
lazy_room(__name__, {name: f"{__name__}.{module}" for name, module in _MODULES.items()}, _ROOMS)
