"""Figures: fit a column, print at 7 points or more, save the same bytes twice, and keep HTML and
dollars as text.
"""

import pytest
from matplotlib.text import Text

from analysis.clusters import cluster
from analysis.codebook import Codebook
from analysis.extract import extract_articles
from analysis.figures import (
    panels,
    plot_alignment,
    plot_clusters,
    plot_frames,
    plot_keyness,
    plot_labels,
    plot_merges,
    plot_overview,
    plot_sentiment,
    plot_sharing,
    plot_topic_vs_framing,
    plot_towards,
    plot_voices,
    plot_word_shift,
    plot_words,
    save_figure,
)
from analysis.figures.save import settle
from analysis.figures.style import DOUBLE, SINGLE
from analysis.figures.towards import towards_title
from analysis.framing import frames, keyness, labels, sources, word_shift
from analysis.io.article import Article
from analysis.overview import overview
from analysis.reuse import find_reuse
from analysis.sentiment import sentiment
from analysis.towards import tone_towards
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
    words, reuse = keyness(features), find_reuse(features)
    grouped = cluster(features, draws=20)
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
        sources(named),
        word_shift(features, a="first_one", b="c", by="article_id", draws=50),
    )
    tone = tone_towards(
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
