"""Every figure of 5 to 600 articles can be read, and odd corpora are drawn or refused.

`python -m tests.pl.test_legibility` prints what fails now, rule by rule.
"""

import functools
import inspect
import re
from dataclasses import dataclass

import pytest
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

import analysis as tw
from analysis.errors import OptionError, TwicetoldError
from tests.drawn import NAMES, TWINS, Drawn
from tests.pl.corpora import Tone, invented_corpus
from tests.pl.legibility import faults, record
from tests.quick import quick_models

CORPORA = {5: 5, 50: 25, 60: 8, 90: 30, 180: 30, 600: 30}  # articles: outlets
MANY = 50  # the others in `make test-long`; test_figures.py has 5 and 14 articles
SIZES = [pytest.param(60, marks=pytest.mark.long), MANY]  # of figures over weeks
# What the pictures do not show is measured roughly; what is copied is longer than what is alike.
ROUGH = {"draws": 60, "permutations": 30, "n": 8, "min_words": 20}


@pytest.fixture(scope="module", autouse=True)
def models():
    with quick_models(Tone()):
        yield


@functools.cache
def drawn(n):
    return Drawn(invented_corpus(n, CORPORA[n]), **ROUGH)


@pytest.mark.parametrize(
    "n, name",
    [
        pytest.param(n, name, marks=[] if n == MANY and name not in TWINS else pytest.mark.long)
        for n in CORPORA
        for name in NAMES
    ],
)
def test_a_figure_can_be_read(n, name):
    assert not faults(drawn(n).figure(name), layouts=2)


BY_WEEK = ("outlet", "week")
OVER_TIME = [
    name
    for name, (verb, _) in NAMES.items()
    if verb != "word_shift" and "by" in inspect.signature(getattr(tw.tl, verb)).parameters
]


ALIKE = [  # in `make test-long`
    *TWINS,
    "voices",  # drawn by the function that draws tone
    # drawn with weeks as without them
    *("clusters", "clusters_merges", "clusters_topic", "vectorise", "disagreements", "story"),
    *("reuse_network", "reuse_alignment", "lost_source_text"),
]
UNLIKE = [name for name in OVER_TIME if name not in ALIKE]


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.long if n in ALIKE else ()) for n in OVER_TIME]
)
@pytest.mark.parametrize("n", SIZES)
def test_a_figure_over_weeks_can_be_read(n, name):
    try:
        found = faults(drawn(n).figure(name, BY_WEEK), layouts=2)
    except OptionError as refused:  # there is no such form, it says
        assert "by must be" in str(refused)
        return
    assert not found


ODD = {
    "one outlet": {"n": 6, "outlets": 1, "once": False},
    "every outlet once": {"n": 6, "outlets": 6, "once": False},
    "no outlet": {"n": 6, "outlets": 0},
    "no dates": {"n": 9, "outlets": 3, "days": None},
    "one day": {"n": 9, "outlets": 3, "days": 0},
    "twenty years": {"n": 9, "outlets": 3, "days": 7305},
    "one without mentions": {"n": 9, "outlets": 3, "mentions": False},
    "300 outlets": {"n": 300, "outlets": 300, "once": False},
}
QUICK = [  # the others in `make test-long`
    ("no dates", BY_WEEK)
]
DATED = {"no dates", "one day", "twenty years"}  # only what depends on dates is drawn of them
BY_DATES = {"overview", "stories", "reuse", "lineage", "lost_source", "disagreements"}


@functools.cache
def drawn_odd(kind):
    return Drawn(invented_corpus(**ODD[kind]), **ROUGH)


@pytest.mark.parametrize(
    "kind, by, names",
    [
        pytest.param(
            kind,
            by,
            names,
            marks=[] if (kind, by) in QUICK and names is not ALIKE else pytest.mark.long,
        )
        for kind in ODD
        for by, names in ((None, [*NAMES]), (BY_WEEK, UNLIKE), (BY_WEEK, ALIKE))
    ],
)
def test_an_odd_corpus_is_drawn_or_refused_in_a_sentence(kind, by, names):
    for name in names:
        if not by and kind in DATED and NAMES[name][0] not in BY_DATES:
            continue
        try:
            figure = drawn_odd(kind).draw(name, by)
        except TwicetoldError as refused:
            assert re.search(r"[a-z]{3}.*[a-z]{3}", str(refused)), name
            continue
        assert record(figure, layouts=0).lines, name
        seen: set = set()
        for ax in figure.canvas.axes:
            place = ax.get_position().bounds
            if place in seen:
                continue  # a second axis on the right of one that is drawn
            seen.add(place)
            shown = ax.has_data() or any(text.get_text() for text in ax.texts)
            assert shown or not ax.get_visible(), f"{name}: empty axes"


# --- the judge ---


@dataclass
class Said:
    """A figure of which only the words matter."""

    canvas: Canvas
    finding: str = "One outlet is harder."
    alt: str = "One outlet is harder."

    @property
    def result(self):
        return self


def page(*texts, **about):
    canvas = Canvas(figsize=(3.5, 2))
    for x, y, words, *angle in texts:
        canvas.text(x, y, words, fontsize=8, rotation=angle[0] if angle else 0)
    return Said(canvas, **about)


@pytest.mark.parametrize(
    "texts, rules",
    [
        ([(0.1, 0.5, "one word"), (0.5, 0.5, "another")], []),
        ([(0.1, 0.5, "one word"), (0.2, 0.5, "another")], ["overlap"]),
        ([(0.1, 0.5, "one word"), (0.1, 0.47, "another")], ["overlap"]),
        ([(0.1, 0.5, "one word"), (0.1, 0.42, "another")], []),
        ([(0.2, 0.2, "a slope that goes up", 45), (0.42, 0.25, "below it")], []),
        ([(0.2, 0.2, "a slope that goes up", 45), (0.3, 0.35, "on it")], ["overlap"]),
        ([(0.9, 0.5, "one word")], ["cut"]),
        ([(0.1, 0.99, "one word")], ["cut"]),
        ([(0.1, 0.5, "article_01")], ["keys"]),
        ([(0.1, 0.5, "a hyphenated-word and 2024-05-06")], []),
    ],
)
def test_the_judge_sees_texts(texts, rules):
    assert list(faults(page(*texts))) == rules


def test_the_judge_sees_what_is_hidden_or_cut_by_its_axes():
    figure = page()
    ax = figure.canvas.add_subplot()
    ax.set(xticks=[], yticks=[])
    ax.text(0.5, 0.5, "not seen", fontsize=2, visible=False)
    ax.text(9, 0.5, "beyond", fontsize=2, clip_on=True)
    assert not faults(figure)
    ax.set_xlim(0, 1)
    ax.text(0.95, 0.5, "half of it is beyond", fontsize=8, clip_on=True)
    assert list(faults(figure)) == ["cut"]


def test_the_judge_sees_rows_sizes_and_pages():
    figure = page()
    ax = figure.canvas.add_axes((0.2, 0.01, 0.7, 0.98))
    ax.set_xticks([])
    ax.set_yticks(range(22), [f"row {i}" for i in range(22)], fontsize=6)
    figure.canvas.set_size_inches(3.5, 9.1)
    assert {"page", "small", "rows"} == set(faults(figure))
    ax.plot([0, 1], [30, 40], clip_on=False)
    ax.set_ylim(0, 21)
    assert "cut" in faults(figure)


@pytest.mark.parametrize(
    "looks, told",
    [
        ([{"color": "#d55e00"}, {"color": "#0072b2"}], True),
        ([{"color": "#c0504d"}, {"color": "#77803a"}], False),
        ([{"color": "#c0504d"}, {"color": "#77803a", "hatch": "//"}], True),
        ([{"facecolor": "#d9d9d9", "edgecolor": "k"}, {"facecolor": "w", "edgecolor": "k"}], True),
        ([{"facecolor": "#d9d9d9", "edgecolor": "k"}, {"facecolor": "#d0d0d0"}], False),
    ],
)
def test_the_judge_sees_colours_as_others_do(looks, told):
    figure = page()
    ax = figure.canvas.add_subplot()
    ax.set_axis_off()
    looks = [{"edgecolor": "k", **look} if "color" not in look else look for look in looks]
    ax.legend(handles=[Patch(**look, label=f"{i}") for i, look in enumerate(looks)])
    assert ("colours" not in faults(figure)) == told


def test_grey_and_hollow_marks_are_told_apart_by_their_form():
    figure = page()
    ax = figure.canvas.add_subplot()
    ax.set_axis_off()
    dots = [{"marker": "o"}, {"marker": "o", "markerfacecolor": "w"}, {"marker": "s"}]
    ax.legend(handles=[Line2D([], [], ls="none", color="b", label="x", **dot) for dot in dots])
    assert not faults(figure)


@pytest.mark.parametrize(
    "alt, good",
    [
        ("One outlet is harder. It is drawn as dots.", True),
        ("Dots.", False),
        ("One outlet is harder. One. Two. Three.", False),
        ("One outlet is harder on mayor_brandt.", False),
        ("", False),
    ],
)
def test_the_judge_reads_what_stands_for_a_figure(alt, good):
    assert ("alt" not in faults(page(alt=alt))) == good


if __name__ == "__main__":
    with quick_models(Tone()):
        for name in NAMES:
            said = {n: faults(drawn(n).figure(name)) for n in CORPORA}
            rules = dict.fromkeys(rule for found in said.values() for rule in found)
            print(f'    "{name}": "{" ".join(rules)}",')
            for n, found in said.items():
                for rule, examples in found.items():
                    print(f"    # {n} {rule}: {len(examples)}: {'; '.join(examples[:2])}"[:230])
