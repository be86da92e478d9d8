"""Texts that tests of measures and figures extract again and again are read once a process.

What is kept is what extraction made of a text, by the key under which its cache on disk would keep
it. Tests of extraction itself read every text anew; a test that patches a part of extraction
belongs with them, as it would be given here what was read before.
"""

import contextlib
from collections import OrderedDict

import pytest

from analysis.extract import chunks
from tests.places import ROOT

FOLDERS = [ROOT / "tests" / name for name in ("pl", "reuse", "tl", "va")]
MOST, LONGEST = 2000, 1500  # articles, characters: longer ones are hardly given twice
_KNOWN = OrderedDict()
_read = chunks.extract_units


def remembers(item):
    """Whether a test may be given what was made of its texts for others."""
    return item.path.parent in FOLDERS


@contextlib.contextmanager
def remembering():
    """While this is open, extraction reads no text twice."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "extract_units", _known_units)
        yield


def _known_units(article, outlets=(), *, syntax, pipelines):
    key = (article.made_from, article.language, outlets, syntax, *pipelines.items())
    if key in _KNOWN:
        _KNOWN.move_to_end(key)
        return _KNOWN[key]
    units = _read(article, outlets, syntax=syntax, pipelines=pipelines)
    if not units.failed and len(article.text) <= LONGEST:
        _KNOWN[key] = units
        if len(_KNOWN) > MOST:
            _KNOWN.popitem(last=False)
    return units
