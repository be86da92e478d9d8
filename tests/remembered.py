"""Texts that tests of measures and figures extract again and again are read once a process.

What is kept is what extraction made of a text, by the key under which its cache on disk would keep
it. Tests of extraction itself read every text anew; a test that patches a part of extraction
belongs with them, as it would be given here what was read before.
"""

import contextlib
from collections import OrderedDict

import pytest

from analysis.extract import chunks
from analysis.extract.attributed import PARSE_ALL, PARSE_VOICES
from analysis.extract.units import extract_units
from analysis.features import Features
from tests.places import ROOT

FOLDERS = [ROOT / "tests" / name for name in ("pl", "reuse", "tl", "va")]
MOST = 1_000_000  # characters, which take some hundred megabytes
MOST_ROWS = 2_000_000  # of tables
_KNOWN, _HELD = OrderedDict(), [0]
_TABLES, _ROWS = {}, [0]
OURS = "features of "  # how `from_tables` calls what it made


def remembers(item):
    """Whether a test may be given what was made of its texts for others."""
    return item.path.parent in FOLDERS


@contextlib.contextmanager
def remembering(*modules):
    """While this is open, extraction, and modules that ask for units, read no text twice.

    Nor is a table of features in memory decoded twice: a measure asks for some of them ten times.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module in (chunks, *modules):
            patch.setattr(module, "extract_units", _known_units)
        patch.setattr(Features, "_parquet", _known_table)
        yield


def _known_units(article, outlets=(), *, parse=PARSE_ALL, pipelines=None, actors=None):
    pipelines = pipelines or {}
    if parse == PARSE_VOICES:  # hangs on the actors
        return extract_units(article, outlets, parse=parse, pipelines=pipelines, actors=actors)
    made_from = getattr(article, "made_from", (article.sha256,))
    key = (made_from, article.language, outlets, parse, *pipelines.items())
    if key in _KNOWN:
        _KNOWN.move_to_end(key)
        return _KNOWN[key][0]
    units = extract_units(article, outlets, parse=parse, pipelines=pipelines)
    if not units.failed:
        _KNOWN[key] = units, len(article.text)
        _HELD[0] += len(article.text)
        while _HELD[0] > MOST:
            _HELD[0] -= _KNOWN.popitem(last=False)[1][1]
    return units


_read_table = Features._parquet


def _known_table(features, file, about, columns):
    if not features.where.startswith(OURS):  # a folder or an archive, which may be damaged
        return _read_table(features, file, about, columns)
    key = (about["sha256"], file, columns and tuple(columns))
    if key not in _TABLES:
        table = _read_table(features, file, about, columns)
        _ROWS[0] += len(table)
        if _ROWS[0] > MOST_ROWS:
            _TABLES.clear()
            _ROWS[0] = len(table)
        _TABLES[key] = table
    return _TABLES[key].copy(deep=False)  # who changes it changes a copy (pandas from 3 on)
