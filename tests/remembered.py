"""Texts that tests of measures and figures extract again and again are read once a process.

What is kept is what extraction made of a text, by the key under which its cache on disk would keep
it. Tests of extraction itself read every text anew; a test that patches a part of extraction
belongs with them, as it would be given here what was read before.

Examples of docstrings and the tests of all figures are given the same results of the same corpora,
too: of `tw.tl`, a measure that is asked the same again says what it said before. How large a text
of a figure is depends on what is written and how: a layout asks for each some twenty times.
"""

import contextlib
import functools
import inspect
from collections import OrderedDict
from pathlib import Path

import pytest
from matplotlib.text import Text

from analysis import tl
from analysis.corpus import Corpus
from analysis.extract import chunks
from analysis.extract.attributed import PARSE_ALL, PARSE_VOICES
from analysis.extract.units import extract_units
from analysis.features import Features
from analysis.results import Result
from tests.places import ROOT

FOLDERS = [ROOT / "tests" / name for name in ("pl", "reuse", "tl", "va")]
MOST = 1_000_000  # characters, which take some hundred megabytes
MOST_ROWS = 2_000_000  # of tables
_KNOWN, _HELD = OrderedDict(), [0]
_TABLES, _ROWS = {}, [0]
_LAYOUTS = {}
OURS = "features of "  # how `from_tables` calls what it made


def remembers(item):
    """Whether a test may be given what was made of its texts for others."""
    return item.path.parent in FOLDERS


@contextlib.contextmanager
def remembering(*modules):
    """While this is open, extraction, and modules that ask for units, read no text twice.

    Nor is a table of features decoded twice, in memory or as long as its file stays as it is: a
    measure asks for some of them ten times.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module in (chunks, *modules):
            patch.setattr(module, "extract_units", _known_units)
        patch.setattr(Features, "_parquet", _known_table)
        patch.setattr(Text, "_get_layout", _known_layout)
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
    state: tuple = ()
    if not features.where.startswith(OURS):  # a folder or an archive, which may be damaged
        path = Path(features.where) / file
        if not path.is_file():
            return _read_table(features, file, about, columns)
        stat = path.stat()
        state = (path, features.digest, stat.st_ino, stat.st_size, stat.st_mtime_ns)
    key = (about["sha256"], file, columns and tuple(columns), state)
    if key not in _TABLES:
        table = _read_table(features, file, about, columns)
        _ROWS[0] += len(table)
        if _ROWS[0] > MOST_ROWS:
            _TABLES.clear()
            _ROWS[0] = len(table)
        _TABLES[key] = table
    return _TABLES[key].copy(deep=False)  # who changes it changes a copy (pandas from 3 on)


get_layout = Text._get_layout


def _known_layout(text, renderer):
    how = (text.get_rotation(), text.get_rotation_mode(), text.get_ha(), text.get_va())
    how += (text.get_usetex(), text.get_parse_math(), text._linespacing, text._get_multialignment())
    font, dpi = hash(text.get_fontproperties()), text.get_figure(root=True).dpi
    drawn_by = type(getattr(renderer, "_renderer", renderer))  # SVG and PDF in a renderer of both
    key = (drawn_by, dpi, text._get_wrapped_text(), font, how)
    if key not in _LAYOUTS:
        _LAYOUTS[key] = get_layout(text, renderer)
    return _LAYOUTS[key]


RESULTS = {}  # of the corpora that are extracted for this run, by measure and options


@contextlib.contextmanager
def measuring_once():
    """While this is open, `analysis.tl` gives the result that it gave when asked the same."""
    with pytest.MonkeyPatch.context() as patch:
        for verb in tl.__all__:
            patch.setattr(tl, verb, _known_result(getattr(tl, verb)))
        yield


def _known_result(measure):
    signature = inspect.signature(measure)

    @functools.wraps(measure)
    def known(*given, **options):
        asked = signature.bind(*given, **options)
        asked.apply_defaults()
        corpus, *said = asked.arguments.values()
        plain = all(isinstance(option, Result) or _plain(option) for option in said)
        if not plain or not isinstance(corpus, Corpus) or corpus.features.where.startswith(OURS):
            return measure(*given, **options)
        key = (measure.__name__, corpus.features.where, repr([*map(_called, said)]))
        if key not in RESULTS:
            RESULTS[key] = measure(*given, **options), said  # held, as some are called by their id
        return RESULTS[key][0]

    return known


def _plain(option):
    """Whether an option is a text or a number, or holds such."""
    held = [*option.values()] if isinstance(option, dict) else option
    if isinstance(held, (list, tuple)):
        return all(map(_plain, held))
    return isinstance(option, (str, int, float, type(None)))


def _called(option):
    return id(option) if isinstance(option, Result) else option
