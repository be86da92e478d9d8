"""Figures: fit a column, print at 7 points or more, save the same bytes twice, and keep HTML and
dollars as text.
"""

import pytest
from matplotlib.text import Text

from analysis import tl
from analysis.codebook import Codebook
from analysis.extract.memory import extract_articles
from analysis.io.article import Article
from analysis.pl.clusters import plot_clusters, plot_merges, plot_topic_vs_framing
from analysis.pl.figure import panels, save_figure, settle
from analysis.pl.keyness import plot_frames, plot_keyness
from analysis.pl.labels import plot_labels
from analysis.pl.overview import plot_overview
from analysis.pl.reuse import plot_alignment, plot_sharing, plot_words
from analysis.pl.sentiment import plot_sentiment
from analysis.pl.style import DOUBLE, SINGLE
from analysis.pl.tone import plot_towards, towards_title
from analysis.pl.voices import plot_voices
from analysis.pl.word_shift import plot_word_shift
from analysis.tl import frames, keyness
from analysis.tl.labels import labels
from analysis.tl.overview import overview
from analysis.tl.sentiment import sentiment
from analysis.tl.word_shift import word_shift
from tests.memory import features_of
from tests.test_towards import made

SHARED = "the crane had been overdue for inspection since the spring of last year"
TEXTS = {
    "first_one": (
        f"“{SHARED},” he said. They blame money. A good day it was. They fear it and they blame it."
    ),
    "b<b>$x$": (
        f"It is so: {SHARED}. A bad day. Money talks. They blame it all on money and more money."
    ),
    "c": "A good day for all. They fear the worst. Nobody will blame them.",
}


@pytest.fixture(scope="module")
def drawn():
    features = features_of(
        TEXTS,
        frames={"human_interest": ["fear"], "money": ["money"], "blame": ["blame"]},
        dictionaries={"mine": {"good": 1.0, "bad": -1.0}},
    )
    words, reuse = keyness(features), tl.reuse(features)
    grouped = tl.clusters(features, draws=20)
    named = extract_articles(
        [
            Article(
                a,
                "Mayor Ada Orr, the embattled chief, said it was fine. “It is fine,” said Ada Orr."
                f" {text}",
                "en",
                {},
            )
            for a, text in TEXTS.items()
        ],
        codebook=Codebook(actors={"orr": {"name": "Ada Orr", "aliases": ["Orr"]}}),
    )
    called, voices, shift = (
        labels(named, by="article_id"),
        tl.voices(named),
        word_shift(features, a="first_one", b="c", by="article_id", draws=50),
    )
    tone = tl.tone(
        made(
            [
                (a, s, who, "name", voice, "", 0.1 * s, 0.3)
                for a in ("a1", "b1")
                for s in range(6)
                for who in ("mayor", "baker")
                for voice in ("outlet", "quoted")
            ]
        )
    )
    return {
        "overview": (plot_overview(overview(features)), overview(features)),
        "keyness": (
            panels(plot_keyness, words, words.groups, columns=3, title="Words", label="log-odds"),
            words,
        ),
        "frames": (plot_frames(frames(features)), frames(features)),
        "sentiment": (plot_sentiment(sentiment(features)), sentiment(features)),
        "clusters": (plot_clusters(grouped), grouped),
        "merges": (plot_merges(grouped), grouped),
        "topic": (plot_topic_vs_framing(grouped), grouped),
        "labels": (plot_labels(called), called),
        "voices": (plot_voices(voices), voices),
        "shift": (plot_word_shift(shift), shift),
        "towards": (
            panels(plot_towards, tone, tone.actors, columns=2, title=towards_title(tone)),
            tone,
        ),
        "sharing": (plot_sharing(reuse), reuse),
        "words": (plot_words(reuse), reuse),
        "alignment": (
            panels(plot_alignment, reuse, [("first_one", "b<b>$x$")], columns=2, title="Where"),
            reuse,
        ),
    }


NAMES = [
    "overview",
    "keyness",
    "frames",
    "sentiment",
    "clusters",
    "merges",
    "topic",
    "labels",
    "voices",
    "shift",
    "towards",
    "sharing",
    "words",
    "alignment",
]


@pytest.mark.parametrize("name", NAMES)
def test_it_fits_a_column_and_nothing_is_cut_or_small(drawn, name):
    figure = (
        drawn[name][0] if name in ("keyness", "alignment", "towards") else drawn[name][0].figure
    )
    width, height = figure.get_size_inches()
    assert SINGLE <= width <= DOUBLE and height <= 9.5
    settle(figure)
    assert min(t.get_fontsize() for t in figure.findobj(Text) if t.get_text().strip()) >= 7
    box = figure.get_tightbbox()
    assert (
        box.x0 >= -0.01 and box.y0 >= -0.01 and box.x1 <= width + 0.01 and box.y1 <= height + 0.01
    )


@pytest.mark.parametrize("name", NAMES)
def test_saving_twice_gives_the_same_bytes(drawn, name, tmp_path):
    figure, result = drawn[name]
    for folder in ("one", "two"):
        save_figure(figure, name, result, folder=tmp_path / folder)
    for kind in ("svg", "pdf", "csv", "json"):
        assert (tmp_path / "one" / f"{name}.{kind}").read_bytes() == (
            tmp_path / "two" / f"{name}.{kind}"
        ).read_bytes()
    assert "measured_on" in (tmp_path / "one" / f"{name}.csv").read_text().splitlines()[0]


def test_html_in_a_name_stays_text(drawn):
    html = drawn["overview"][1]._repr_html_()
    assert "b&lt;b&gt;$x$" in html and "b<b>" not in html
