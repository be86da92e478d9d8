"""Labels: counts, tests, families and figure, against planted truths."""

import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle
from scipy.stats import fisher_exact

from analysis import pl
from analysis.codebook import Codebook
from analysis.errors import FeaturesError, OptionError
from analysis.extract.memory import extract_articles
from analysis.features import SCHEMAS, SHARED, from_tables
from analysis.inference import holm, wilson
from analysis.io.article import Article
from analysis.text.plain import says_nothing
from analysis.tl import labels
from analysis.tl.labels import plain_label

BOOK = Codebook(
    actors={
        "orr": {"name": "Ada Orr", "aliases": ["Orr"]},
        "crale": {"name": "Ben Crale", "aliases": ["Crale"]},
    },
    labels={
        "regime": {"words": ["dictator*", "regime"]},
        "office": {"words": ["president*", "prime minister"]},
    },
)
DICTATOR, PRESIDENT = "Dictator Ada Orr spoke.", "President Ada Orr spoke."


def features(texts, codebook=BOOK, outlets=None):
    return extract_articles(
        [
            Article(a, text, "en", {"outlet": (outlets or {}).get(a, a)})
            for a, text in texts.items()
        ],
        codebook=codebook,
    )


def shared(private):
    """What of the private form's labels the shared form holds: counts by article."""
    keys = ["article_id", "actor", "label", "construction", "quoted", "confidence"]
    table = private.table("labels").groupby(keys, sort=False).size().rename("count").reset_index()
    tables = {"articles": private.table("articles"), "labels": table}
    return from_tables(
        {name: tables[name][[c for c, _ in SCHEMAS[SHARED][name]]] for name in tables},
        form=SHARED,
        corpus=private.corpus,
        digest=private.digest,
        languages=["en"],
        entries={},
        codebook=private.manifest["codebook"],
    )


def test_counts_shares_and_exact_test():
    result = labels(features({"red": f"{DICTATOR} " * 6, "blue": f"{PRESIDENT} " * 5 + DICTATOR}))
    row = result.table.set_index(["label", "group"]).loc[("dictator", "red")]
    assert (row["count"], row["n"], row["share"], row["n_articles"]) == (6, 6, 1.0, 1)
    assert row["p"] == pytest.approx(fisher_exact([[6, 0], [1, 5]])[1])
    # two labels, two groups: the two rows of a label are one test, so two tests in all
    assert row["p_holm"] == pytest.approx(min(1, 2 * min(row["p"], result.table["p"].min())))
    assert any("exact test" in note for note in result.notes)


def test_a_label_used_once_is_counted_and_not_tested():
    result = labels(features({"red": "Kingpin Ada Orr spoke.", "blue": PRESIDENT}))
    assert result.table["count"].tolist() == [1, 1] and result.table["p"].isna().all()
    assert any("No label occurs often enough" in note for note in result.notes)


def test_families_with_wildcards_and_several_words():
    text = "Prime Minister Ada Orr spoke. Dictator Ada Orr spoke. Singer Ada Orr spoke."
    families = labels(features({"red": text, "blue": text})).families.set_index(["family", "group"])
    assert (
        families.loc[("office", "red"), ["count", "n"]].tolist() == [1, 3]
        and families.loc[("regime", "red"), "count"] == 1
    )
    assert families.loc[("regime", "red"), "low"] < 1 / 3 < families.loc[("regime", "red"), "high"]
    own = labels(features({"red": text, "blue": text}), families={"song": ["sing*"]}).families
    assert set(own["family"]) == {"song"} and own["count"].tolist() == [1, 1]


def test_own_words_and_quoted():
    book = features({"red": "Crale said: “Orr is a liar.” Ms Orr is a lawyer.", "blue": PRESIDENT})
    assert set(labels(book, quoted="quoted").table["label"]) == {"liar"}
    assert set(labels(book, quoted="own").table["label"]) == {"lawyer", "president"}


def test_the_bar_of_confidence():
    book = features({"red": "Ada Orr spoke. The kingpin left.", "blue": PRESIDENT})
    assert "kingpin" in set(labels(book).table["label"]) and "kingpin" not in set(
        labels(book, min_confidence=0.9).table["label"]
    )


def test_one_article_only():
    result = labels(features({"red": DICTATOR}))
    assert result.table["count"].tolist() == [1] and result.table["p"].isna().all()
    assert any("one group only" in note for note in result.notes)


def test_identical_articles_do_not_differ():
    result = labels(features(dict.fromkeys(("a", "b", "c"), f"{DICTATOR} {PRESIDENT}")))
    assert (result.table["p"] == 1).all() and result.table["share"].eq(0.5).all()


def test_no_label_and_no_actor():
    empty = labels(features({"red": "It rained.", "blue": "Orr left."}))
    assert (
        empty.table.empty
        and empty.families.empty
        and any("No actor" in note for note in empty.notes)
    )
    with pytest.raises(FeaturesError, match="names no actors"):
        labels(features({"red": DICTATOR}, Codebook()))


def test_unknown_outlets_are_a_group_of_their_own():
    result = labels(
        features({"a": DICTATOR, "b": DICTATOR}, outlets={"a": "Red", "b": ""}), by="outlet"
    )
    assert result.table["group"].tolist() == ["Red", "(unknown)"]


def test_by_article_or_by_given_groups():
    book = features(
        {"a": DICTATOR, "b": PRESIDENT, "c": PRESIDENT}, outlets=dict.fromkeys("abc", "Red")
    )
    assert set(labels(book, by="article_id").table["group"]) == {"a", "b", "c"}
    mine = labels(book, by={"a": "left", "b": "right"})
    assert set(mine.table["group"]) == {"left", "right"} and mine.uses["article_id"].tolist() == [
        "a",
        "b",
    ]


def outlets_of(texts):
    return {a: a.rstrip("0123456789") for a in texts}


def test_a_label_counts_once_an_article():
    texts = {
        f"{side}{i}": DICTATOR if side == "red" else PRESIDENT
        for side in ("red", "blue")
        for i in range(12)
    }
    result = labels(features(texts, outlets=outlets_of(texts)))
    assert result.table["p"].tolist() == pytest.approx([fisher_exact([[12, 0], [0, 12]])[1]] * 4)
    assert result.finding == (
        "red alone calls Ada Orr “dictator” (12 uses); blue alone calls Ada Orr “president”"
        " (12 uses)"
    )
    # one article that repeats itself is no outlet's habit
    one = texts | {"red0": f"{DICTATOR} " * 40} | {f"red{i}": PRESIDENT for i in range(1, 12)}
    result = labels(features(one, outlets=outlets_of(one)))
    assert result.table["p"].dropna().min() > 0.05 and "no outlet uses a label" in result.finding
    row = result.table.set_index(["label", "group"]).loc[("dictator", "red")]
    assert row[["count", "n_articles"]].tolist() == [40, 1]


def test_outlets_are_the_groups_if_there_are_enough():
    texts = {f"{side}{i}": DICTATOR for side in ("red", "blue") for i in range(2)}
    assert labels(features(texts, outlets=outlets_of(texts))).params["by"] == "outlet"
    result = labels(features({"a": DICTATOR, "b": DICTATOR}))
    assert result.params["by"] == "article_id" and result.groups["group"].tolist() == ["a", "b"]


def test_labels_that_say_nothing_are_counted_apart():
    text = "The recent Ada Orr spoke. Dictator Ada Orr spoke. A third Ada Orr came."
    texts = {f"{side}{i}": text for side in ("red", "blue") for i in range(6)}
    result = labels(features(texts, outlets=outlets_of(texts)))
    plain = result.table[~result.table["telling"]]
    assert "recent" in set(plain["label"]) and set(plain["label"]) <= {"recent", "third"}
    assert plain["p"].isna().all() and plain["share"].isna().all()
    assert result.table.loc[result.table["telling"], "n"].eq(6).all()
    assert result.told == "1 different label, used 12 times in 12 articles"
    assert "recent" not in " ".join(
        t.get_text() for t in pl.labels(result).axes[0].get_yticklabels()
    )


@pytest.mark.parametrize(
    "label, nothing",
    [
        ("recent", True),
        ("then current", True),
        ("17th", True),
        ("2012", True),
        ("1,200", True),
        ("letting", True),
        ("administration", True),
        ("17th president", False),
        ("embattled", False),
        ("former president", False),
        ("leading", False),
    ],
)
def test_which_labels_say_nothing(label, nothing):
    assert says_nothing(label) is nothing


def test_chance_is_not_named():
    # six outlets draw their labels from one urn: with every seed alike, hardly ever a finding
    words = ["Dictator", "President", "Boss", "Minister", "Senator"]
    found = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        texts = {f"{'abcdef'[i % 6]}{i}": f"{rng.choice(words)} Ada Orr spoke. " for i in range(60)}
        result = labels(features(texts, outlets=outlets_of(texts)), draws=20)
        found += "beyond chance" not in result.finding
    assert found <= 1


def test_families_are_compared_by_the_one_estimator():
    texts = {
        f"{side}{i}": (DICTATOR if side == "red" and i < 11 else PRESIDENT)
        for side in ("red", "blue", "green")
        for i in range(12)
    }
    texts["blue0"] = texts["green0"] = DICTATOR
    result = labels(features(texts, outlets=outlets_of(texts)))
    rows = result.families.set_index(["family", "group"])
    red = rows.loc[("regime", "red")]
    assert red["share"] == pytest.approx(11 / 12) and red["rest"] == pytest.approx(2 / 24)
    assert red["apart"] and red["joint_low"] > red["rest"]
    assert result.of_families().startswith("red calls Ada Orr by more labels of “regime”")
    figure = pl.labels(result, kind="families")
    assert figure.name == "labels_families" and figure.title == result.of_families("orr")
    assert set(figure.table["family"]) == {"regime", "office"}


def test_over_time_families_are_drawn_and_no_label_is_tested():
    texts = {f"{side}{i:02}": DICTATOR for side in ("red", "blue") for i in range(8)}
    articles = [
        Article(a, t, "en", {"outlet": a[:-2], "published": f"2024-05-{1 + 3 * int(a[-2:]):02}"})
        for a, t in texts.items()
    ]
    for book, column in ((BOOK, "share"), (Codebook(actors=BOOK.actors), "uses")):
        result = labels(extract_articles(articles, codebook=book), by=["outlet", "week"])
        assert result.table["p"].isna().all() and result.groups["period"].notna().all()
        said = "100% of what Ada Orr is called is of “regime”", "Ada Orr is called most, 16 times"
        assert result.finding.startswith(said[column == "uses"])
        figure = pl.labels(result)
        assert figure.title == result.finding, "it names no label, as none is drawn"
        assert len(figure.axes) == 2 and column in figure.table


@pytest.mark.long
def test_300_outlets_fit_a_page():
    texts = {f"o{i}x{j}": DICTATOR for i in range(300) for j in range(2)}
    outlets = {a: a.split("x")[0] for a in texts}
    figure = pl.labels(labels(features(texts, outlets=outlets), draws=5))
    (ax,) = figure.axes
    heads = [tick.get_text() for tick in ax.get_xticklabels()]
    assert len(heads) == 14 and heads[-1] == "287 more outlets"
    assert figure.canvas.get_figheight() <= 9
    assert {t.get_text() for t in ax.texts} >= {"Ada Orr", "2", "574"}


def test_the_title_says_what_the_table_holds():
    texts = {f"red{i}": f"{DICTATOR} Mayor Ben Crale left." for i in range(12)}
    texts |= {f"blue{i}": f"{PRESIDENT} Mayor Ben Crale left." for i in range(12)}
    result = labels(features(texts, outlets=outlets_of(texts)))
    table = result.table
    alone = table[table["alone"] & table["more"] & (table["p_holm"] <= 0.05)]
    said = {
        f"{row.group} alone calls Ada Orr “{row.label}” ({row.count} uses)"
        for row in alone.itertuples()
    }
    assert set(result.finding.split("; ")) == said and len(said) == 2
    uses = result.uses[result.uses["telling"]]
    n = len(uses[["actor", "label"]].drop_duplicates())
    assert pl.labels(result).subtitle.startswith(
        f"{n} different labels, used {uses['count'].sum()} times in"
        f" {uses['article_id'].nunique()} articles."
    )
    assert n == 3


def test_the_title_says_how_many_uses_are_quoted_and_names_none_of_two():
    own, said = f"{DICTATOR} ", "Crale said: “Orr is a dictator.” "
    texts = {f"red{i}": said if i < 5 else own for i in range(12)}
    texts |= {f"blue{i}": PRESIDENT for i in range(40)}
    result = labels(features(texts, outlets=outlets_of(texts)), draws=5)
    assert "red alone calls Ada Orr “dictator” (12 uses, 5 quoted)" in result.finding
    # two articles that call him so, of the two that call him anything
    texts = {f"red{i}": own if i < 2 else "It rained." for i in range(12)}
    texts |= {f"{side}{i}": PRESIDENT for side in ("blue", "green") for i in range(40)}
    result = labels(features(texts, outlets=outlets_of(texts)), draws=5)
    assert result.beyond()["label"].tolist()[0] == "dictator"
    assert result.finding == (
        "Most used are “president” and “dictator” for Ada Orr; no outlet uses a label in at"
        " least three articles and more than the rest beyond chance"
    )


def test_every_label_in_the_title_is_drawn_and_tinted_where_it_is_beyond_chance():
    rng = np.random.default_rng(2)
    words = [
        f"{word.capitalize()}" for word in "king poet clown thief saint judge cook nurse".split()
    ]
    texts = {}
    for i in range(160):
        outlet = f"o{i % 16:02}"
        word = "Dictator" if outlet == "o15" else rng.choice(words)
        texts[f"{outlet}x{i:03}"] = f"{word} Ada Orr spoke. Mayor Ben Crale left."
    outlets = {a: a.split("x")[0] for a in texts}
    result = labels(features(texts, outlets=outlets), draws=5)
    assert result.finding.startswith("o15 alone calls Ada Orr “dictator” (10 uses)")
    for top in (1, 2, 20):
        figure = pl.labels(result, top=top)
        (axis,) = figure.axes
        rows = [tick.get_text() for tick in axis.get_yticklabels()]
        assert all(said in rows for said in re.findall("“(.+?)”", figure.title))
        heads = [tick.get_text() for tick in axis.get_xticklabels()]
        (cell,) = [patch for patch in axis.patches if isinstance(patch, Rectangle)]
        column, row = round(cell.get_x() + 0.45), round(cell.get_y() + 0.45)
        assert heads[column] == "o15" and rows[[round(y) for y in axis.get_yticks()].index(row)]


@pytest.mark.long
def test_the_most_used_of_the_title_are_drawn():
    """The second label of somebody who is seldom called anything has no row among twenty."""
    words = "king poet clown thief saint judge cook nurse baker miner tailor sailor hunter".split()
    texts = {}
    for i, word in enumerate(words * 2):
        told = f"{word.capitalize()} Ada Orr spoke. {word.capitalize()} Ada Orr left."
        texts[f"{'ab'[i % 2]}{i:02}"] = f"{told} Mayor Ben Crale spoke. Mayor Ben Crale left."
    texts["a00"] += " Liar Ben Crale came."
    result = labels(features(texts, outlets={a: a[0] for a in texts}), draws=5)
    for top in (3, 20):
        figure = pl.labels(result, top=top)
        rows = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
        named = re.findall("“(.+?)”", figure.title)
        assert named and set(named) <= set(rows) and "liar" not in named


def test_the_shared_form_counts_alike():
    private = features(
        {"red": f"{DICTATOR} {DICTATOR} Critics call Orr “a liar”.", "blue": PRESIDENT}
    )
    ours, theirs = labels(private), labels(shared(private))
    columns = ["actor", "label", "group", "count", "n", "share", "p", "p_holm"]
    pd.testing.assert_frame_equal(ours.table[columns], theirs.table[columns])
    assert (
        theirs.uses["start"].isna().all()
        and theirs.uses["count"].sum() == len(ours.uses)
        and ours.uses["start"].notna().all()
    )


def test_offsets_of_uses_point_at_the_label():
    text = "The embattled chief executive Ada Orr spoke."
    uses = labels(features({"red": text})).uses
    assert [text[s:e] for s, e in zip(uses["start"], uses["end"])] == [
        "embattled",
        "chief executive",
    ]


@pytest.mark.parametrize(
    "label, plain",
    [
        ("the minister's", "minister"),
        ("A Liar", "liar"),
        ("our brave minister", "brave minister"),
        ("the", "the"),
    ],
)
def test_labels_are_written_one_way(label, plain):
    assert plain_label(label) == plain


def test_a_family_that_an_actor_lacks_is_counted():
    texts = {f"a{i}": f"{DICTATOR} Mayor Ben Crale left." for i in range(24)}
    outlets = {a: "even" if int(a[1:]) % 2 else "odd" for a in texts}
    families = labels(features(texts, outlets=outlets), draws=20).families
    row = families[(families["actor"] == "crale") & (families["family"] == "regime")].iloc[0]
    assert row[["count", "n", "apart"]].tolist() == [0, 12, False]


@pytest.mark.parametrize(
    "option, given, needed",
    [
        ("quoted", "both", "one of 'all', 'own', 'quoted'"),
        ("quoted", ["all"], "one of"),
        ("min_confidence", 2, "a number from 0 to 1"),
        ("min_confidence", "x", "a number from 0 to 1"),
        ("min_confidence", True, "a number from 0 to 1"),
        ("draws", 0, "a whole number of at least 1"),
        ("draws", 10.5, "a whole number of at least 1"),
        ("level", -1, "a number between 0 and 1"),
        ("seed", "a", "a whole number of at least 0"),
        ("by", "colour", "one or more of"),
        ("by", 3, "one or more of"),
        ("families", {"a": "word"}, "a mapping from names to lists of words"),
        ("families", {"a": 3}, "a mapping from names to lists of words"),
        ("families", ["word"], "a mapping from names to lists of words"),
    ],
)
def test_options_are_checked(option, given, needed):
    with pytest.raises(OptionError, match=f"{option} must be {needed}"):
        labels(features({"red": DICTATOR}), **{option: given})


def test_holm_and_wilson_as_published():
    # Holm (1979): the smallest times the number of tests, the next times one less, never falling
    assert holm(np.array([0.04, 0.01, np.nan, 0.03]))[[1, 3, 0]] == pytest.approx(
        [0.03, 0.06, 0.06]
    )
    low, high = wilson(np.array([0.0, 81.0]), np.array([10.0, 263.0]), 0.95)
    assert (low[1], high[1]) == (
        pytest.approx(0.2553, abs=1e-4),
        pytest.approx(0.3662, abs=1e-4),
    )  # Newcombe (1998), table I, method 3
    assert low[0] == 0 and high[0] == pytest.approx(0.2775, abs=1e-4)


def test_figure_says_who_is_called_what():
    result = labels(
        features(
            {
                "red": f"{DICTATOR} {DICTATOR} Critics call Orr “a liar”. Mayor Ben Crale left.",
                "blue": PRESIDENT,
            }
        )
    )
    figure = pl.labels(result)
    (ax,) = figure.axes
    assert [t.get_text() for t in ax.get_xticklabels()] == ["red", "blue"]
    assert {"dictator", "liar", "president", "mayor"} == {
        t.get_text() for t in ax.get_yticklabels()
    }
    assert {"2", "Ada Orr", "Ben Crale"} <= {t.get_text() for t in ax.texts}
    assert figure.title == result.finding and figure.alt.startswith(result.finding)
    assert result.finding.startswith("Most used is “dictator” for Ada Orr; no article")
    assert figure.subtitle.startswith("4 different labels, used 5 times in 2 articles.")
    assert figure.name == "labels"
    one = pl.labels(result, actor="orr", top=1)
    assert [t.get_text() for t in one.axes[0].get_yticklabels()] == ["dictator"]
    assert "Not drawn: 2 labels (2 uses)." in one.subtitle
    with pytest.raises(OptionError, match="actor must be one of 'orr', 'crale'"):
        pl.labels(result, actor="nobody")
    for top in (0, 21):
        with pytest.raises(OptionError, match="top must be"):
            pl.labels(result, top=top)


def test_a_figure_without_labels_says_so():
    figure = pl.labels(labels(features({"red": "It rained."})))
    assert [t.get_text() for t in figure.axes[0].texts] == ["No actor is called anything"]
    assert figure.table.empty


def test_no_articles_are_a_corpus_too():
    result = labels(features({}))
    assert result.table.empty and result.finding == "No actor is called anything"
    assert pl.labels(result).table.empty


@pytest.mark.short("<lambda>-24", "shared-4")
@pytest.mark.parametrize("n_articles", [4, 24])
@pytest.mark.parametrize("form", [lambda private: private, shared])
def test_an_actor_whose_labels_are_of_no_family_is_counted_with_zeros(n_articles, form):
    texts = {f"a{i:02}": f"{DICTATOR} Farmer Ben Crale came." for i in range(n_articles)}
    outlets = {a: f"outlet {i % 2}" for i, a in enumerate(texts)}
    result = labels(form(features(texts, outlets=outlets)), by="outlet")
    crale = result.families[result.families["actor"] == "crale"]
    assert crale["count"].eq(0).all() and crale["n"].eq(n_articles // 2).all() and len(crale) == 4
    regime = result.families[
        (result.families[["actor", "family"]] == ["orr", "regime"]).all(axis=1)
    ]
    assert regime["count"].tolist() == [n_articles // 2] * 2
    pl.labels(result)
    none = labels(form(features(texts, outlets=outlets)), by="outlet", families={"none": ["x"]})
    assert none.families["count"].eq(0).all() and len(none.families) == 4
