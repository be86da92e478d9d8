"""Figures: fit a page, print at 7 points or more, save the same bytes twice, keep HTML as text."""

import re

import matplotlib
import pytest
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Text

import analysis as tw
from analysis.errors import OptionError, TwicetoldError
from analysis.pl.figure import Figure, settle
from analysis.pl.style import DOUBLE, SINGLE
from tests.drawn import NAMES, Drawn
from tests.places import AMNESTY
from tests.small import CODEBOOK, extract_small, write_corpus

SHARED = "the crane had been overdue for inspection since the spring of last year"
ODD = {  # names and texts that are HTML or mathematics
    "first_one": f"“{SHARED},” the mayor said. They accused him. A good day it was.",
    "b_b": f"It is so: {SHARED}. A bad day for the mayor. Money talks & <b>$x$</b> clashed.",
    "c": "A good day for all. They fear the worst. Nobody will accuse the embattled mayor.",
}
ONE = {"alone": "The mayor spoke. It was a good day."}


@pytest.fixture(scope="module")
def drawn(harbour):
    return {"harbour": Drawn(harbour), "amnesty2024": Drawn(tw.load(AMNESTY))}


CASES = [(corpus, name) for corpus in ("harbour", "amnesty2024") for name in NAMES]


@pytest.mark.parametrize("corpus, name", CASES)
def test_it_fits_a_page_and_nothing_is_cut_or_small(drawn, corpus, name):
    canvas = drawn[corpus].figure(name).canvas
    width, height = canvas.get_size_inches()
    assert SINGLE <= width <= DOUBLE and height <= 9.5
    settle(canvas)
    assert min(t.get_fontsize() for t in canvas.findobj(Text) if t.get_text().strip()) >= 7
    box = canvas.get_tightbbox()
    assert box.x0 >= -0.01 and box.y0 >= -0.01
    assert box.x1 <= width + 0.01 and box.y1 <= height + 0.01


SAVED = ["overview", "keyness", "clusters", "reuse_alignment", "lost_source"]  # one a layout
LATER = [pytest.param(name, marks=pytest.mark.long) for name in NAMES if name not in SAVED]


@pytest.mark.parametrize("name", [*SAVED, *LATER])
def test_saving_twice_gives_the_same_bytes(drawn, name, tmp_path):
    saved = []
    for folder in ("one", "two"):
        drawn["harbour"].figure(name).save(tmp_path / folder)
        files = sorted((tmp_path / folder).iterdir())
        saved.append({file.name: file.read_bytes() for file in files})
    assert saved[0] == saved[1]
    assert {f"{name}.{kind}" for kind in ("svg", "pdf", "csv", "json")} <= set(saved[0])
    assert b"measured_on" in saved[0][f"{name}.csv"].splitlines()[0]


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
    return verb in ("keyness", "axes", "tone", "tone_words") or kind == "alignment"


@pytest.mark.parametrize("verb", sorted({verb for verb, kind in NAMES.values() if kind}))
def test_an_unknown_kind_is_refused(drawn, verb):
    with pytest.raises(OptionError, match="kind must be one of"):
        getattr(tw.pl, verb)(drawn["amnesty2024"].result(verb), kind="pie")


@pytest.mark.parametrize("texts", [ODD, ONE], ids=["odd", "one"])
def test_figures_of_tiny_corpora_are_drawn_or_refused_with_a_reason(tmp_path, texts, monkeypatch):
    monkeypatch.setattr(Figure, "_render", lambda *_: b"")  # how they look is tested above
    folder = write_corpus(tmp_path / "tiny", texts, codebook=CODEBOOK)
    extract_small(folder)
    corpus = Drawn(tw.load(folder))
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
