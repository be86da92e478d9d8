"""The figures of a missing source show what its tables say, also where very many articles carry it."""

import pandas as pd

from analysis.pl.lost_source import SHOWN, carried, family_names, plot_rebuilt, plot_stemma
from analysis.tl.lost_source import LostSource


def source(n_articles, n_words=30):
    names = [f"a{i}" for i in range(n_articles)]
    words = pd.DataFrame(
        [
            ("*a0", 1 + k // 10, k % 10, "a0", k, n_articles, " ".join(names), 0, 0.9)
            for k in range(n_words)
        ],
        columns=[
            "family",
            "segment",
            "place",
            "article_id",
            "position",
            "n_witnesses",
            "witnesses",
            "n_variants",
            "confidence",
        ],
    )
    tree = [
        (
            "*a0",
            "*a0" if i % 3 else names[max(i - 1, 0)] if i else "*a0",
            name,
            0.9 if i % 2 else 0.5,
            True,
        )
        for i, name in enumerate(names)
    ]
    return LostSource(
        words,
        {"corpus": "made"},
        pd.DataFrame(),
        pd.DataFrame(tree, columns=["family", "parent", "child", "probability", "in_tree"]),
    )


def texts(ax):
    return [t.get_text() for t in ax.texts]


def test_every_article_and_probability_is_drawn():
    result = source(4)
    ax = plot_stemma(result)
    assert {"missing source", "a0", "a1", "a2", "a3", "50%", "90%"} <= set(texts(ax))
    assert "4 articles draw on a text" in ax.get_title(
        loc="left"
    ) + ax.get_title() and family_names(result) == ["*a0"]


def test_of_very_many_articles_those_with_most_words_are_drawn():
    ax = plot_stemma(source(300))
    assert (
        sum(t.startswith("a") for t in texts(ax)) <= SHOWN
        and "shown are" in ax.get_title(loc="left") + ax.get_title()
    )
    assert (
        ax.figure.get_size_inches()[1] < 12 and len(plot_rebuilt(source(300)).get_yticks()) == SHOWN
    )


def test_each_word_is_carried_by_its_witnesses():
    table = carried(source(3), "*a0")
    assert (
        len(table) == 90
        and table.groupby("word").size().eq(3).all()
        and set(table["segment"]) == {1, 2, 3}
    )
