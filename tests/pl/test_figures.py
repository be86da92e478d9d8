"""Figures: their numbers are those stored in `figures/`; they fit a page, and save the same bytes.

`harbour` is measured anew from its texts. Embeddings differ in their last digits from processor to
processor: columns that rest on them are compared with the tolerances of `BY_MEANING`.
"""

import ast
import csv
import functools
import importlib
import inspect
import itertools
import json
import re

import matplotlib
import nbformat
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Text
from pandas.api.types import is_numeric_dtype

import analysis as tw
from analysis.errors import OptionError, TwicetoldError
from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.style import SINGLE, STYLE, wrapped
from tests.drawn import BY_DAY, NAMES, TWINS, Drawn
from tests.pl.legibility import faults
from tests.places import HARBOUR, ROOT
from tests.quick import Tone, quick_models
from tests.remembered import get_layout
from tests.small import CODEBOOK, extract_small, write_corpus

RTOL, ATOL = 1e-6, 1e-9
# Columns that rest on embeddings, by figure: how far they may be apart. None stands for every
# column of numbers.
BY_MEANING = {
    "axes": {None: 0.005, "p": 0.05, "p_adjusted": 0.1, "p_intensity": 0.05, "baseline": 0.005},
    "tone": {None: 0.01},
    "tone_words": {None: 0.01},
    "stance": {None: 0.02},
    "profile": {None: 0.05},
    "clusters": {None: 0.05},
    "clusters.tests": {None: 0.1},
    "clusters_merges": {None: 0.02},
    "clusters_merges.steps": {None: 0.1},
    "reuse_alignment": {"meaning": 0.01},
    "claims": {"coherence": 0.02},
    "story": {"p": 0.02},
    "lineage": {None: 0.02},
    "lost_source": {None: 0.02},
    "lost_source_text": {None: 0.02},
}
SHARED = "the crane had been overdue for inspection since the spring of last year"
ODD = {  # names and texts that are HTML or mathematics
    "first_one": f"“{SHARED},” the mayor said. They accused him. A good day it was.",
    "b_b": f"It is so: {SHARED}. A bad day for the mayor. Money talks & <b>$x$</b> clashed.",
    "c": "A good day for all. They fear the worst. Nobody will accuse the embattled mayor.",
}
ONE = {"alone": "The mayor spoke. It was a good day."}


class WithoutModel(Drawn):
    """`tone_words` asks the model for 12 s: `make test-long` does so and compares the numbers.

    Claims are called by their sentences, as in the notebook.
    """

    def _result(self, verb, by=None):
        if verb == "story":
            claims = self.result("claims")
            story = tw.tl.story(self.corpus, claims=claims)
            return story.worded(tw.show(claims.table, self.corpus))
        if verb == "tone_words":
            return tw.tl.tone_words(self.corpus, model=Tone())
        return super()._result(verb, by)


class WithoutEncoder(Drawn):
    """`axes` asks the encoder word by word, and this corpus has no stored numbers of it."""

    def _result(self, verb, by=None):
        if verb != "axes":
            return super()._result(verb, by)
        with quick_models():
            return super()._result(verb, by)


@pytest.fixture(scope="module")
def drawn(project, harbour):
    amnesty = tw.load(project / "corpus" / "amnesty2024")
    return {"harbour": WithoutModel(harbour), "amnesty2024": WithoutEncoder(amnesty)}


def stored(corpus):
    names = {path.stem.split(".")[0] for path in (ROOT / "figures" / corpus).glob("*.csv")}
    return sorted(names - {"validate"})


SAVED = ["overview", "clusters", "reuse_alignment", "lost_source"]  # one a layout
# The others in `make test-long`: of 50 articles, test_legibility.py judges them in `make test`.
JUDGED = {*(("harbour", name) for name in TWINS), *(("amnesty2024", name) for name in SAVED)}
CASES = [
    pytest.param(*case, marks=() if case in JUDGED else pytest.mark.long)
    for case in itertools.product(("harbour", "amnesty2024"), NAMES)
]


@pytest.mark.parametrize("corpus, name", CASES)
def test_it_can_be_read(drawn, corpus, name):
    assert not faults(drawn[corpus].figure(name), layouts=3 if name in SAVED else 2)


NOW = [("amnesty2024", name) for name in SAVED[::3]]  # fewer articles, and so less to draw
LATER = [("amnesty2024", name) for name in SAVED[1:3]] + [("harbour", name) for name in NAMES]
LATER = [pytest.param(*case, marks=pytest.mark.long) for case in LATER]


@pytest.mark.parametrize("corpus, name", [*NOW, *LATER])
def test_saving_twice_gives_the_same_bytes(drawn, corpus, name, tmp_path, monkeypatch):
    saved = []
    # one that was judged, and a new one whose texts are measured anew
    for n, figure in enumerate([drawn[corpus].figure(name), drawn[corpus].draw(name)]):
        figure.save(tmp_path / str(n))
        monkeypatch.setattr(Text, "_get_layout", get_layout)
        files = sorted((tmp_path / str(n)).iterdir())
        saved.append({file.name: file.read_bytes() for file in files})
    assert saved[0] == saved[1]
    assert {f"{name}.{kind}" for kind in ("svg", "pdf", "csv", "json")} <= set(saved[0])
    assert b"measured_on" in saved[0][f"{name}.csv"].splitlines()[0]


@pytest.mark.parametrize("letters", ["m", "i", "W", "$"])
def test_a_title_is_broken_by_the_width_of_its_letters(letters):
    title = " ".join(letters * n for n in (3, 9, 5, 7, 4, 8) * 4)
    lines = wrapped(title, SINGLE).split("\n")
    assert " ".join(lines) == title and len(lines) > 1
    canvas = matplotlib.figure.Figure(figsize=(SINGLE, 2), dpi=720)
    with matplotlib.rc_context(STYLE):
        drawn = [canvas.text(0, 0, line, fontsize=8, fontweight="bold") for line in lines]
        widths = [text.get_window_extent().width / canvas.dpi for text in drawn]
    assert max(widths) <= 1.02 * SINGLE, "none is wider"
    assert min(widths[:-1]) > 0.6 * SINGLE, "and none is broken early"


def test_a_word_that_is_wider_than_the_figure_stands_alone():
    assert wrapped(f"a {'b' * 99} c", SINGLE).split("\n") == ["a", "b" * 99, "c"]
    assert wrapped("", SINGLE) == ""


def test_what_is_written_without_a_size_is_as_large_as_the_rest():
    with one_axes(None, SINGLE, 1) as ax:
        draw_nothing(ax, "Nobody is quoted.")
        ax.set(xlabel="words", ylabel="articles")
        ax.annotate("here", (0, 0))
    said = [text for text in ax.figure.findobj(Text) if text.get_text().strip()]
    assert len(said) == 4 and min(text.get_fontsize() for text in said) >= 7


@pytest.mark.short(*(name for name in NAMES if name not in TWINS))
@pytest.mark.parametrize("name", NAMES)
def test_it_draws_into_axes_that_are_given_and_leaves_the_global_style(drawn, name):
    before = dict(matplotlib.rcParams)
    verb, kind = NAMES[name]
    several = takes_several(verb, kind)
    axes = Canvas(figsize=(7, 20)).subplots(12 if several else 1, 1, squeeze=False)[:, 0]
    result = drawn["amnesty2024"].result(verb)
    options = {} if kind is None else {"kind": kind}
    given = axes if several else axes[0]
    figure = getattr(tw.pl, verb)(result, ax=given, **options)
    assert figure.canvas is axes[0].figure
    assert dict(matplotlib.rcParams) == before


def takes_several(verb, kind):
    several = ("keyness", "axes", "tone", "tone_words", "frames", "voices", "stories")
    return verb in several or kind == "alignment"


@pytest.mark.parametrize("verb", sorted({verb for verb, kind in NAMES.values() if kind}))
def test_an_unknown_kind_is_refused(drawn, verb):
    with pytest.raises(OptionError, match="kind must be one of"):
        getattr(tw.pl, verb)(drawn["amnesty2024"].result(verb), kind="pie")


@pytest.mark.parametrize("texts", [ODD, ONE], ids=["odd", "one"])
def test_figures_of_tiny_corpora_are_drawn_or_refused_with_a_reason(tmp_path, texts, monkeypatch):
    monkeypatch.setattr(Figure, "_render", lambda *_: b"")  # how they look is tested above
    unknown = dict.fromkeys(texts, "") if texts is ODD else {}
    folder = write_corpus(tmp_path / "tiny", texts, codebook=CODEBOOK, outlet=unknown)
    extract_small(folder)
    corpus = Drawn(tw.load(folder), draws=20, permutations=19)
    with quick_models():
        for name in NAMES:
            try:
                corpus.figure(name).save(tmp_path / "out")
            except TwicetoldError as refused:
                assert re.search(r"[a-z]{3}", str(refused))
    assert (tmp_path / "out" / "overview.svg").exists()


def test_html_in_a_name_stays_text():
    from tests.memory import features_of

    html = tw.tl.overview(features_of({"b<b>$x$": "A day."}))._repr_html_()
    assert "b&lt;b&gt;$x$" in html and "b<b>" not in html


# --- the numbers ---


MODEL = pytest.param("harbour", "tone_words", marks=pytest.mark.long)
STORED = [
    MODEL if (corpus, name) == ("harbour", "tone_words") else (corpus, name)
    for corpus in ("harbour", "amnesty2024")
    for name in stored(corpus)
]


@pytest.mark.parametrize("corpus, name", STORED)
def test_a_figure_has_the_stored_numbers(drawn, corpus, name, tmp_path, monkeypatch):
    monkeypatch.setattr(Figure, "_render", lambda *_: b"")  # the numbers alone are compared
    measured = Drawn(drawn[corpus].corpus) if name == "tone_words" else drawn[corpus]
    measured.figure(name).save(tmp_path)
    compare(ROOT / "figures" / corpus, tmp_path, name, loose=corpus == "harbour")


def test_the_appendix_draws_from_such_results_what_it_has_stored(
    drawn, project, tmp_path, monkeypatch
):
    """In place of nbval, for which every result above would be measured once more."""
    monkeypatch.setenv("TWICETOLD_CORPORA", str(project / "corpus"))
    monkeypatch.setenv("TWICETOLD_FIGURES", str(tmp_path))
    monkeypatch.setattr(Figure, "_render", lambda *_: b"")
    results = {verb: drawn["harbour"].result(verb) for verb, _ in NAMES.values()}

    def measured(verb, signature, corpus, **options):
        result = results[verb]
        assert corpus.name == "harbour" and signature.bind(corpus, **options)
        given = {name: value for name, value in options.items() if name in result.params}
        assert given == {name: result.params[name] for name in given}
        assert set(options) - set(given) <= {"reuse", "lineage"}, "what is measured above"
        return result

    for verb in results:
        signature = inspect.signature(getattr(tw.tl, verb))
        monkeypatch.setattr(tw.tl, verb, functools.partial(measured, verb, signature))
    notebook = nbformat.read(ROOT / "notebooks" / "08_appendix.ipynb", as_version=4)
    names = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            *before, last = ast.parse(cell.source).body
            shown = isinstance(last, ast.Expr)
            exec(compile(ast.Module([*before, *[last][shown:]], []), "cell", "exec"), names)
            told = [repr(eval(ast.unparse(last), names))] if shown else []
            assert told == [output.data["text/plain"] for output in cell.outputs]
    found = {path.name.split(".")[0] for path in (tmp_path / "harbour").iterdir()}
    assert len(found) == 17
    for name in found - {"tone_words"}:
        compare(ROOT / "figures" / "harbour", tmp_path / "harbour", name, loose=True)


def test_the_strongest_words_of_the_tone_have_the_stored_numbers(harbour, monkeypatch):
    module = importlib.import_module("analysis.tl.tone_words")
    chosen, actors = module._extremes, ["authority", "quillon"]

    def extremes(mentions, voice, most):
        return chosen(mentions[mentions["actor"].isin(actors)], voice, most)

    monkeypatch.setattr(
        module, "_extremes", extremes
    )  # 4 mentions instead of 60: the model is slow
    found = tw.tl.tone_words(harbour, most=1).mentions
    stored = pd.read_csv(ROOT / "figures" / "harbour" / "tone_words.csv")
    stored = stored[(stored["n"] == 1) & stored["actor"].isin(actors)]
    found["side"] = np.where(found["tone"] > 0, "positive", "negative")
    both = found.merge(stored, on=["actor", "side", "word"], suffixes=("", "_stored"))
    assert len(both) >= 12 and both["side"].nunique() == 2
    atol = BY_MEANING["tone_words"][None]
    assert np.allclose(both["pull"], both["pull_stored"], atol=atol)


def test_the_coded_sheets_give_the_stored_numbers(harbour, tmp_path):
    coding = HARBOUR / "gold" / "coding"
    key = tw.va.read_key(coding / "key.csv")
    machines = dict.fromkeys(["coder_a", "coder_b", "coder_c"], "a language model")
    codes = tw.va.read_sheets(coding / "sheets", key, machines=machines)
    options = {"column": "predicted", "score": "tone", "metric": "ordinal"}
    result = tw.va.validate(codes, key, corpus=harbour, **options)
    tw.pl.validate(result).save(tmp_path)
    compare(ROOT / "figures" / "harbour", tmp_path, "validate", loose=False)


def test_every_figure_of_the_notebooks_is_stored():
    for corpus in ("harbour", "amnesty2024"):
        assert set(stored(corpus)) <= {*NAMES, *BY_DAY}
    assert len(stored("harbour")) >= 27 and len(stored("amnesty2024")) >= 9


def compare(committed, drawn, name, *, loose):
    """Compare a figure's CSV files column by column, and its parameters and notes."""
    files = sorted(path.name for path in committed.glob(f"{name}.*csv"))
    assert files == sorted(path.name for path in drawn.glob(f"{name}.*csv"))
    for file in files:
        old, new = (pd.read_csv(folder / file) for folder in (committed, drawn))
        assert list(old) == list(new) and len(old) == len(new), file
        tolerance = BY_MEANING.get(file.removesuffix(".csv"), {}) if loose else {}
        for column in old:
            close(old[column], new[column], tolerance.get(column, tolerance.get(None)), file)
    old, new = (json.loads((f / f"{name}.json").read_text("utf-8")) for f in (committed, drawn))
    for about in (old, new):
        del about["packages"]
        if loose and name in BY_MEANING:
            del about["notes"]  # they hold such numbers, rounded
    assert old == new


def close(old, new, tolerance, where):
    """Counts and texts are the same, other numbers nearly so.

    Ranks hold where a number is loose.
    """
    if not is_numeric_dtype(old) or old.dtype == bool:
        assert old.fillna("").tolist() == new.fillna("").tolist(), (where, old.name)
        return
    assert (old.isna() == new.isna()).all(), (where, old.name)
    atol = ATOL if tolerance is None else tolerance
    assert np.allclose(old, new, rtol=RTOL, atol=atol, equal_nan=True), (where, old.name)
    if tolerance is not None and old.nunique() > 5:
        assert old.corr(new, method="spearman") > 0.99, (where, old.name)


def test_no_cell_of_a_figures_csv_is_run_by_a_spreadsheet(tmp_path):
    outlets = {"a1": "=1+1", "b1": "\u200b@SUM(A1)"}
    corpus = tw.load(write_corpus(tmp_path / "small", outlet=outlets))
    tw.extract(corpus, encoder=None, tone=None, parse="none", say=lambda line: None)
    tw.pl.overview(tw.tl.overview(corpus, by="outlet")).save(tmp_path)
    said = (tmp_path / "overview.csv").read_text(encoding="utf-8")
    cells = [cell for row in csv.reader(said.splitlines()) for cell in row]
    assert {f"'{name}" for name in outlets.values()} <= {*cells}
    assert not {*outlets.values()} & {*cells}
