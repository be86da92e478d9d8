"""Lost sources: rebuilt from articles that were made of them; figures show what the tables say."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis import pl, tl
from analysis.errors import FeaturesError, OptionError
from analysis.extract.memory import extract_articles
from analysis.features import SCHEMAS, SHARED, from_tables
from analysis.io.article import Article
from analysis.pl.rows import FIGURE_ROWS
from analysis.reuse.thirds import equal_words
from analysis.text.tokens import words_of
from analysis.tl._collation import untangle
from analysis.tl._lost_texts import NAMED, STEMMA
from analysis.tl.lineage import lineage
from analysis.tl.lost_source import VARIANTS, WITNESSES, WORDS, LostSource
from tests.archives import near_copies
from tests.memory import unparsed as features_of
from tests.tl.test_lineage import words

PARTS = [words(40, seed) for seed in range(100, 106)]  # the hidden text
KEPT = {"a": (0, 1, 2, 3), "b": (0, 1, 3, 4), "c": (1, 2, 4, 5), "d": (0, 2, 3, 5)}


def witnesses():
    return {
        k: " ".join([words(30, 200 + i), *(PARTS[p] for p in kept), words(30, 300 + i)])
        for i, (k, kept) in enumerate(KEPT.items())
    }


def common(features, **options):
    """The missing source as if lineage had said of every passage that it came from a third."""
    reuse = tl.reuse(features)
    judged = lineage(features, reuse=reuse)
    sure = {"p_a_from_b": 0.05, "p_b_from_a": 0.05, "p_common": 0.9}
    judged = dataclasses.replace(
        judged,
        passages=judged.passages.assign(**sure),
        stretches=judged.stretches.assign(p_lost=0.9),
    )
    return tl.lost_source(features, reuse=reuse, lineage=judged, **options)


def test_the_hidden_text_is_rebuilt_in_its_order_without_invented_words():
    texts = witnesses()
    features = features_of(texts)
    found = common(features)
    said = words_of(" ".join(found.text(texts).values()))
    hidden = words_of(" ".join(PARTS))
    assert found.table["family"].unique().tolist() == ["*a"]
    assert said == hidden


def test_each_word_names_those_who_carry_it():
    found = common(features_of(witnesses()))
    assert found.table["confidence"].between(1 / 3, 1).all()
    assert set(found.table["witnesses"]) >= {"a b d", "a c d", "c d"}
    assert (found.table["n_witnesses"] == found.table["witnesses"].str.split(" ").str.len()).all()


def test_outlets_are_witnesses_and_what_each_carries_is_that_of_its_articles():
    texts = witnesses() | {"e": words(90, 400)}
    outlets = dict(zip("abcde", ("Post", "Post", "Echo", "Echo", "Sun")))
    features = features_of(texts, outlets=outlets)
    found = common(features, by="outlet")
    assert found.table.equals(common(features, by="article_id").table)
    by_outlet = found.witnesses.set_index("group")
    assert list(by_outlet.index) == ["Echo", "Post"]
    assert by_outlet["n_witnesses"].tolist() == by_outlet["n_articles"].tolist() == [2, 2]
    # of parts 0 to 5, each of 40 words, a b d, a b c, a c d, a b d, b c and c d carry them
    assert by_outlet["words"].tolist() == [240, 200] and by_outlet.loc["Echo", "share"] == 1
    assert by_outlet.loc["Post", "only"] == 160  # c and d alone have parts 2 and 5 twice
    assert by_outlet.loc["Echo", "only"] == 120  # a and b alone have parts 0, 1 and 3 twice
    tree = found.stemma[found.stemma["in_tree"] & found.stemma["parent"].str.startswith("*")]
    assert by_outlet["n_direct"].sum() == len(tree)
    some = common(features, by={"a": "mine", "e": "mine"})
    assert some.witnesses["group"].tolist() == ["mine"]
    assert some.witnesses[["n_witnesses", "n_articles"]].values.tolist() == [[1, 2]]
    assert some.table.equals(found.table) and found.finding.startswith("4 articles of 2 outlets")


def test_variants_are_listed_and_the_reading_of_most_is_the_text():
    body = words(120, 7).split()
    other = {k: list(body) for k in "abcd"}
    other["b"][60] = "Zanzibar"
    del (
        other["c"][90],
        other["a"][:10],
        other["d"][-10:],
        other["b"][-10:],
        other["c"][:10],
    )  # none has it all
    texts = {
        k: f"{words(20, 400 + ord(k))} {' '.join(v)} {words(20, 500 + ord(k))}"
        for k, v in other.items()
    }
    features = features_of(texts)
    found = common(features)
    assert words_of(" ".join(found.text(texts).values())) == words_of(" ".join(body))
    assert dict(zip(found.variants["article_id"], found.variants["n_words"])) == {"b": 1, "c": 0}
    changed = found.table[found.table["n_variants"] > 0]
    assert (
        changed["place"].tolist() == [61, 91]
        and (changed["confidence"] < found.table["confidence"].max()).all()
    )


def test_a_speech_alone_is_no_source_and_with_its_surroundings_is():
    speech = "“" + words(25, 5)[:-1].replace(".", ",") + "”"
    alone = {
        k: f"{words(60, s)} She said: {speech} {words(60, s + 1)}"
        for k, s in (("a", 50), ("b", 60))
    }
    assert common(features_of(alone)).table.empty
    around = {
        k: f"{words(60, s)} {PARTS[0]} {speech} {PARTS[1]} {words(60, s + 1)}"
        for k, s in (("a", 50), ("b", 60))
    }
    assert len(common(features_of(around)).table) >= 100


def test_a_source_that_several_articles_credit_has_that_name():
    """Two say whose words these are; a third article has other words and credits another."""
    texts = witnesses()
    for article in "ab":
        texts[article] = texts[article].replace(PARTS[0], f"Reuters reported that {PARTS[0]}")
    texts["e"] = f"CNN reported that {words(90, 400)}"
    found = common(features_of(texts))
    assert found.named[["family", "name", "n_credits"]].values.tolist() == [["*a", "Reuters", 2]]
    assert "which 2 of them credit to Reuters" in found.finding
    drawn = drawn_texts(pl.lost_source(found))
    assert "Reuters" in drawn and "lost source" not in drawn


def test_an_outlet_of_the_witnesses_is_not_the_name_of_what_they_lack():
    texts = witnesses()
    for article in "ab":
        texts[article] = texts[article].replace(PARTS[0], f"Reuters reported that {PARTS[0]}")
    found = common(features_of(texts, outlets={"d": "Reuters"}))
    assert found.named["name"].tolist() == [""]


def test_no_source_is_lost_where_the_account_says_that_one_of_the_articles_gave_it():
    features = features_of(witnesses())
    judged = lineage(features)
    given = dataclasses.replace(judged, stretches=judged.stretches.assign(p_lost=0.3))
    found = tl.lost_source(features, lineage=given)
    assert found.table.empty and found.named.empty and found.stemma.empty


@pytest.mark.parametrize(("probability", "n_named"), [(0.1, 1), (0.9, 0)])
def test_what_one_article_gave_the_others_speaks_against_a_lost_source(probability, n_named):
    features = features_of(witnesses())
    reuse = tl.reuse(features)
    judged = lineage(features, reuse=reuse)
    rows = judged.sources.drop_duplicates(["stretch", "article_id"])
    others = rows["article_id"] != "a"
    given = {"kind": "article", "source": "a", "probability": probability}
    judged = dataclasses.replace(
        judged,
        passages=judged.passages.assign(p_a_from_b=0.1, p_b_from_a=0.1, p_common=0.8),
        sources=pd.concat([rows[~others], rows[others].assign(**given)]),
        stretches=judged.stretches.assign(p_lost=0.7),
    )
    assert len(tl.lost_source(features, reuse=reuse, lineage=judged).named) == n_named


def test_the_stemma_is_a_tree_whose_probabilities_sum_to_one():
    found = common(features_of(witnesses()))
    tree = found.stemma[found.stemma["in_tree"]]
    assert sorted(tree["child"]) == list("abcd")
    assert (found.stemma.groupby("child")["probability"].sum() <= 1 + 1e-9).all()


@pytest.mark.short("texts2", "texts4")
@pytest.mark.parametrize(
    "texts",
    [
        {"a": " ".join(PARTS[:2] * 2), "b": PARTS[0], "c": PARTS[0] + PARTS[1]},
        {"a": PARTS[0], "b": PARTS[0]},
        {"a": "", "b": PARTS[1]},
        {
            "a": "One short sentence stands here alone, and no more.",
            "b": "One short sentence stands here alone, and no more.",
        },
        {
            "a": "港口将关闭至周一。" + PARTS[0] + PARTS[1],
            "b": "Der Hafen bleibt zu. " + PARTS[0] + PARTS[1],
        },
    ],
)
def test_hostile_texts_invent_nothing(texts):
    features = features_of(texts)
    found = common(features, min_words=1)
    for a, position in zip(found.table["article_id"], found.table["position"]):
        assert 0 <= position < len(words_of(texts[a]))
    assert not found.table.duplicated(["article_id", "position"]).any()


@pytest.mark.short("circle of credits")
@pytest.mark.parametrize(
    ("outlets", "credits", "dates"),
    [
        (("Morning Herald",), ("Morning Herald",) * 4, ("",)),
        (("Morning Herald", "Harbour Gazette"), ("Harbour Gazette", "Morning Herald"), ("",)),
        (("Post", "Echo"), ("",), ("0001-01-01", "2024-02-30", "9999-12-31", "soon")),
    ],
    ids=["credits itself", "circle of credits", "impossible dates"],
)
def test_what_cannot_be_true_names_no_source_and_loses_none(outlets, credits, dates):
    """Four articles of one lost text, whose outlets credit themselves, or each other in turn."""
    given = (
        Article(
            k,
            f"As the {credits[i % len(credits)]} reported. {text}" if any(credits) else text,
            "en",
            {"outlet": outlets[i % len(outlets)], "published": dates[i % len(dates)]},
        )
        for i, (k, text) in enumerate(witnesses().items())
    )
    found = common(extract_articles(given, parse="none"))
    assert found.named["name"].tolist() == [""] and found.named["n_articles"].tolist() == [4]
    assert len(found.table) == len(words_of(" ".join(PARTS)))


@pytest.mark.long
def test_five_hundred_near_copies_are_one_text():
    body = words(120, 9)
    texts = near_copies(body, 500)
    features = features_of(texts)
    found = common(features)
    assert words_of(" ".join(found.text(texts).values())) == words_of(body)


def test_it_needs_the_private_form_and_texts_of_all_witnesses():
    texts = witnesses()
    features = features_of(texts)
    found = common(features)
    with pytest.raises(OptionError, match="they lack a, b, c, or have another text"):
        found.text({})
    with pytest.raises(OptionError, match="they lack a, or have another text"):
        found.text(texts | {"a": "Another text."})
    lacking = from_tables(
        {"articles": features.table("articles")[[name for name, _ in SCHEMAS[SHARED]["articles"]]]},
        form=SHARED,
    )
    with pytest.raises(FeaturesError, match="only the private form has"):
        tl.lost_source(lacking)


@pytest.mark.parametrize("given", [0, 2.5, True, "20", None])
def test_a_wrong_number_of_words_is_named(given):
    with pytest.raises(OptionError, match="min_words must be a whole number of at least 1"):
        tl.lost_source(features_of(witnesses()), min_words=given)


def test_only_results_of_the_same_corpus_are_taken():
    features, other = features_of(witnesses()), features_of({"a": PARTS[0], "b": PARTS[0]})
    reuse = tl.reuse(other)
    for name, given in (("reuse", reuse), ("lineage", tl.lineage(other, reuse=reuse))):
        with pytest.raises(OptionError, match=f"{name} must be measured on the same texts"):
            tl.lost_source(features, **{name: given})
        with pytest.raises(OptionError, match=f"{name} must be a result of tl.{name}"):
            tl.lost_source(features, **{name: "mine"})


def test_equal_words_are_in_order_on_both_sides_and_runs_are_as_long_as_asked():
    rng = np.random.default_rng(0)
    for _ in range(50):
        a = rng.integers(0, 6, size=rng.integers(1, 20)).astype(np.uint64)
        b = rng.integers(0, 6, size=rng.integers(1, 20)).astype(np.uint64)
        pairs = equal_words(a, b, 1)
        assert (a[pairs[:, 0]] == b[pairs[:, 1]]).all() and (np.diff(pairs, axis=0) > 0).all()
        assert len(pairs) == _longest(a.tolist(), b.tolist())
        assert len(equal_words(a, b, 3)) <= len(pairs)


def _longest(a, b):
    best = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a)):
        for j in range(len(b)):
            best[i + 1][j + 1] = (
                best[i][j] + 1 if a[i] == b[j] else max(best[i][j + 1], best[i + 1][j])
            )
    return best[-1][-1]


def test_the_weakest_contradiction_is_dropped():
    assert untangle([3, 1, 2], {(1, 2): 3.0, (2, 3): 3.0, (3, 1): 1.0}) == [1, 2, 3]


def source(n_articles, n_words=30, name=""):
    """A lost source of which many articles have every word."""
    names = [f"a{i}" for i in range(n_articles)]
    table = pd.DataFrame(
        [
            ("*a0", 1 + k // 10, k % 10, "a0", k, n_articles, " ".join(names), 0, 0.9)
            for k in range(n_words)
        ],
        columns=WORDS,
    )
    parents = ["*a0" if i % 3 or not i else names[i - 1] for i in range(n_articles)]
    tree = [
        ("*a0", parent, name, 0.9 if i % 2 else 0.5, True)
        for i, (parent, name) in enumerate(zip(parents, names))
    ]
    made = pd.DataFrame(columns=VARIANTS), pd.DataFrame(tree, columns=STEMMA)
    named = pd.DataFrame([("*a0", name, 2, n_articles, n_words, 0.9)], columns=NAMED)
    articles = pd.DataFrame({"group": names, "label": names, "outlet": ""})
    return LostSource(table, {}, *made, named, pd.DataFrame(columns=WITNESSES), articles)


def drawn_texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_every_article_and_probability_is_drawn():
    result = source(4)
    figure = pl.lost_source(result)
    drawn = {"lost source", "a0", "a1", "a2", "a3", "50%", "90%"}
    assert drawn <= set(drawn_texts(figure)) and result.families == ["*a0"]
    assert figure.title == result.finding
    assert result.finding.startswith("4 articles draw on a text") and "2 of them" in result.finding


def test_of_very_many_articles_those_with_most_words_are_drawn():
    result = source(300)
    figure = pl.lost_source(result)
    assert sum(text.startswith("a") for text in drawn_texts(figure)) == FIGURE_ROWS
    assert f"Shown are {FIGURE_ROWS} of 300" in figure.subtitle
    assert figure.canvas.get_size_inches()[1] <= 9
    assert len(pl.lost_source(result, kind="text").axes[0].get_yticks()) == FIGURE_ROWS


def test_each_word_is_carried_by_its_witnesses():
    figure = pl.lost_source(source(3), kind="text")
    assert len(figure.table) == 90 and figure.table.groupby("word").size().eq(3).all()
    assert set(figure.table["segment"]) == {1, 2, 3} and figure.name == "lost_source_text"
    assert figure.title.startswith("30 words of the lost source") and "3 stretches" in figure.title


@pytest.mark.parametrize("kind", ["stemma", "text"])
def test_its_figure_says_where_no_source_is_lost(kind):
    result = tl.lost_source(features_of({"a": PARTS[0], "b": PARTS[1]}))
    assert drawn_texts(pl.lost_source(result, kind=kind)) and result.families == []
    with pytest.raises(OptionError, match="family must be one of"):
        pl.lost_source(result, kind=kind, family="*a")


def test_wrong_kinds_and_families_are_named():
    with pytest.raises(OptionError, match="kind must be one of 'stemma', 'text'"):
        pl.lost_source(source(3), kind="tree")
    with pytest.raises(OptionError, match="family must be one of '[*]a0'"):
        pl.lost_source(source(3), family="*b")


def varied():
    """Witnesses of 80 words: one has words besides, one some twice, one other words, one fewer."""
    body = words(80, 11).split()
    held = {k: list(body) for k in "abcd"}
    held["a"][40:40] = ["wholly", "new"]
    held["b"] += [*words(20, 12).split(), *body[10:30]]
    held["c"][50:52] = ["quite", "other", "things"]
    del held["d"][60:63]
    texts = {k: f"{words(20, 600 + ord(k))} {' '.join(v)}" for k, v in held.items()}
    return body, texts


def test_what_one_witness_has_besides_or_twice_is_shown_and_not_counted_as_rebuilt():
    body, texts = varied()
    found = common(features_of(texts))
    (said,) = found.text(texts).values()
    assert words_of(said) == words_of(" ".join(body))
    rows = found.readings(texts)
    columns = ["article_id", "kind", "n_places", "n_words", "n_articles"]
    assert sorted(rows[columns].values.tolist()) == [
        ["a", "besides", 0, 2, 1],
        ["b", "twice", 20, 20, 1],
        ["c", "instead", 2, 3, 1],
        ["d", "left out", 3, 0, 1],
    ]
    own = rows.set_index("article_id")["witness_words"].to_dict()
    assert own | {"b": words_of(own["b"])} == {
        "a": "wholly new",
        "b": words_of(" ".join(body[10:30])),
        "c": "quite other things",
        "d": "",
    }
    source = rows.set_index("article_id")["source_words"].map(words_of).to_dict()
    assert source["a"] == words_of(body[39]) and source["b"] == own_words(body[10:30])
    assert source["c"] == own_words(body[50:52]) and source["d"] == own_words(body[60:63])
    with pytest.raises(OptionError, match="or have another text"):
        found.readings(dict.fromkeys(texts, "Another."))


def own_words(several):
    return words_of(" ".join(several))


def test_what_two_witnesses_have_is_rebuilt_and_those_without_it_differ_in_one_way():
    body, texts = varied()
    texts["e"] = texts["a"].replace(texts["a"][:40], texts["b"][:40])
    found = common(features_of(texts))
    assert "wholly new" in " ".join(found.text(texts).values())
    rows = found.variants[(found.variants["kind"] == "left out") & (found.variants["n_words"] == 0)]
    rows = rows[rows["n_places"] == 2]
    assert sorted(rows["article_id"]) == ["b", "c", "d"] and set(rows["n_articles"]) == {3}


def test_the_figure_of_words_marks_what_is_besides_instead_and_twice():
    _, texts = varied()
    figure = pl.lost_source(common(features_of(texts)), kind="text")
    (ax,) = figure.axes
    colours = [tuple(line.get_color()[0]) for line in ax.collections]
    assert len(set(colours)) == 3  # of the source, instead, and marks beside the row
    assert "twice" in figure.subtitle and "instead" in figure.subtitle
