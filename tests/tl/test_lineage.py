"""Lineage: who had it from whom, on articles whose descent is known."""

import dataclasses
import resource
import time

import numpy as np
import pandas as pd
import pytest

from analysis import pl, tl
from analysis.errors import OptionError
from analysis.extract.memory import extract_articles
from analysis.features import SCHEMAS, SHARED, from_tables
from analysis.io.article import Article
from analysis.pl.rows import FIGURE_ROWS
from analysis.reuse.evidence import gather
from analysis.reuse.sources import Sources
from analysis.shared_form import shared_tables
from analysis.tl.lineage import LEAST_WORDS, PROBABILITIES, VERDICTS, lineage
from tests.archives import WORDS, near_copies
from tests.memory import unparsed as features_of


def words(n, seed):
    """Sentences of ten drawn words."""
    drawn = np.array(WORDS, object)[np.random.default_rng(seed).integers(len(WORDS), size=n)]
    return " ".join(" ".join(drawn[i : i + 10]).capitalize() + "." for i in range(0, n, 10))


def corpus(articles):
    """`articles` maps ids to (outlet, date, text)."""
    given = (
        Article(a, text, "en", {"outlet": outlet, "published": date})
        for a, (outlet, date, text) in articles.items()
    )
    return extract_articles(given, parse="none")


def of(result, a, b):
    row = result.table[(result.table["a"] == a) & (result.table["b"] == b)]
    assert len(row) == 1
    return row.iloc[0]


STORY = words(200, 1)
SECONDS_OF_NEAR_COPIES = 120  # of the processor; about 8 are needed
GIGABYTES_OF_NEAR_COPIES = 2  # more than without; about 0.6 are needed


def copied(
    *,
    first="2024-03-01T08:00:00+00:00",
    then="2024-03-01T11:00:00+00:00",
    credit="As the Morning Herald reported. ",
):
    return {
        "a": ("Morning Herald", first, STORY + " " + words(100, 2)),
        "b": (
            "Evening Post",
            then,
            words(60, 3) + " " + credit + STORY[: len(STORY) * 2 // 3] + " " + words(60, 4),
        ),
    }


def test_a_copy_that_came_later_and_gives_credit_is_from_the_first():
    found = lineage(corpus(copied()))
    row = of(found, "a", "b")
    assert row["verdict"] == "b from a" and row["p_b_from_a"] > 0.9
    assert "b was published later" in row["evidence"] and "others credit a" in row["evidence"]
    said = found.evidence[found.evidence["towards"] == "b from a"].set_index("evidence")
    assert said.loc["credited", "says"] == "b credits the outlet of a"


def test_probabilities_sum_to_one_and_do_not_depend_on_the_order_of_the_articles():
    articles = copied()
    one, other = (
        of(lineage(corpus(dict(order))), *pair)
        for order, pair in ((articles.items(), "ab"), (reversed(articles.items()), "ba"))
    )
    assert sum(one[PROBABILITIES]) == pytest.approx(1)
    assert one["p_b_from_a"] == pytest.approx(other["p_a_from_b"]) and one[
        "p_common"
    ] == pytest.approx(other["p_common"])


def in_order(table):
    """Probabilities by pair, whichever of the two comes first in the metadata."""
    turned = (table["a"] > table["b"]).to_numpy()[:, None]
    p = table[PROBABILITIES].to_numpy()
    ids = np.sort(table[["a", "b"]].to_numpy(str), axis=1)
    return pd.DataFrame(np.where(turned, p[:, [1, 0, 2]], p), pd.MultiIndex.from_arrays(ids.T))


@pytest.mark.short("drawn")
@pytest.mark.parametrize("n_copies", [0, 4], ids=["enumerated", "drawn"])
def test_the_order_of_the_metadata_moves_no_probability(n_copies):
    """Of four articles with third ones, and of eight, whose stemmata are drawn."""
    texts = family()
    first = texts["first"].split()
    for i in range(n_copies):
        texts[f"copy{i}"] = " ".join(
            ["Otherwise" if k % 30 == i else w for k, w in enumerate(first)]
        )
    about = {
        k: (f"Post {k}", f"2024-03-{i % 3 + 1:02}", v) for i, (k, v) in enumerate(texts.items())
    }
    one = in_order(lineage(corpus(about)).table)
    assert len(one) == len(texts) * (len(texts) - 1) // 2 and one.nunique().min() > 2
    for seed in range(3):
        shuffled = np.random.default_rng(seed).permutation(list(about))
        other = in_order(lineage(corpus({k: about[k] for k in shuffled})).table)
        pd.testing.assert_frame_equal(one, other, check_like=True, rtol=1e-6)


@pytest.mark.parametrize(
    "dates", [("", ""), ("2024-03-01", "2024-03-01"), ("2024-03-01", "2024-03-01T11:00:00+00:00")]
)
def test_dates_that_overlap_or_lack_are_no_evidence(dates):
    found = lineage(corpus(copied(first=dates[0], then=dates[1])))
    assert not set(found.evidence["evidence"]) & {"earlier", "later"}


def test_equal_texts_of_one_date_cannot_be_told_apart():
    row = of(lineage(corpus(dict.fromkeys("ab", ("", "2024-03-01", STORY)))), "a", "b")
    assert row["p_a_from_b"] == pytest.approx(row["p_b_from_a"]) and row["verdict"] in (
        "cannot tell",
        "common source",
    )


def test_what_each_lacks_of_a_third_neither_can_have_given_the_other():
    parts = [words(60, s) for s in range(20, 25)]
    texts = {
        "a": parts[0] + " " + parts[1] + " " + words(60, 31),
        "b": parts[1] + " " + parts[2] + " " + words(60, 32),
        "c": parts[0] + " " + parts[1] + " " + parts[2] + " " + words(60, 33),
    }
    found = lineage(features_of(texts))
    assert of(found, "a", "b")["p_common"] > 0.6
    assert "both lack" in set(
        found.evidence.loc[(found.evidence["a"] == "a") & (found.evidence["b"] == "b"), "evidence"]
    )


def test_a_speech_that_both_quote_is_a_common_source():
    speech = "“" + words(25, 5)[:-1].replace(".", ",") + "”"
    texts = {
        k: f"{words(60, s)} She said: {speech} {words(60, s + 1)}"
        for k, s in (("a", 50), ("b", 60))
    }
    row = of(lineage(features_of(texts)), "a", "b")
    assert row["p_common"] == max(row[PROBABILITIES])


def test_the_shared_form_gives_the_same_answer_though_less_surely():
    private = corpus(copied())
    shared = from_tables(
        {
            name: table
            for name, table in shared_tables(private, bytes(32), ngrams="all").items()
            if name in SCHEMAS[SHARED]
        },
        form=SHARED,
    )
    one, other = (of(lineage(features), "a", "b") for features in (private, shared))
    # a credit of an outlet that no list has is not in the shared form
    assert one["verdict"] == "b from a" and other["p_b_from_a"] > other["p_a_from_b"]


def test_every_piece_of_evidence_is_listed_with_its_weight():
    found = lineage(corpus(copied()))
    said = found.evidence
    assert set(said["towards"]) <= set(VERDICTS) and said["weight"].abs().min() >= 0.1
    row = of(found, "a", "b")
    scores = {v: said.loc[said["towards"] == v, "weight"].sum() for v in VERDICTS}
    assert np.log(row["p_b_from_a"] / row["p_a_from_b"]) == pytest.approx(
        scores["b from a"] - scores["a from b"], abs=0.5
    )


def test_rewritten_passages_are_judged_too():
    features = corpus(copied())
    reuse = tl.reuse(features)
    reuse = dataclasses.replace(
        reuse, table=reuse.table.assign(kind="rewritten", similarity=0.5, identity=0.4)
    )
    assert lineage(features, reuse=reuse).table[PROBABILITIES].notna().all(axis=None)


@pytest.mark.short("texts1", "texts3", "texts5")
@pytest.mark.parametrize(
    "texts",
    [
        {"a": STORY + " " + STORY, "b": STORY},
        {"a": words(40, 70) + " " + STORY + " " + words(40, 71), "b": STORY},
        {
            "a": "One short sentence stands here alone, and no more.",
            "b": "One short sentence stands here alone, and no more.",
        },
        {
            "a": "Der Hafen bleibt bis Montag geschlossen, sagte die Behörde am Abend. " + STORY,
            "b": "港口将关闭至周一。" + STORY,
        },
        {"a": STORY, "b": ""},
        {"a": "", "b": ""},
        {"a": words(50, 80), "b": words(50, 81)},
    ],
)
def test_hostile_texts_are_judged_without_failing(texts):
    found = lineage(features_of(texts))
    p = found.table[PROBABILITIES].to_numpy(float)
    assert (
        np.allclose(p.sum(axis=1), 1)
        and np.isfinite(found.passages[PROBABILITIES].to_numpy(float)).all()
    )


def test_of_each_article_and_stretch_the_sources_sum_to_one_and_close_no_circle():
    texts = {k: f"{STORY} {words(30 + i, i)}" for i, k in enumerate("abcdefg")}
    found = lineage(features_of(texts)).sources
    sums = found.groupby(["stretch", "article_id"])["probability"].sum()
    assert len(sums) >= 7 and np.allclose(sums, 1)
    assert (found["source"] != found["article_id"]).all()
    # all seven cannot have it from one another: one at least has it from none of them
    none = found[found["kind"] != "article"].groupby("stretch")["probability"].sum()
    assert (none[found.groupby("stretch")["article_id"].nunique() == 7] >= 1 - 1e-6).all()


def test_an_outlet_that_no_article_is_of_is_a_source_by_name_and_by_its_alias():
    said = "The Harbour Gazette reported on Monday. "
    articles = copied(credit=said)
    features = corpus(articles)
    outlets = {"Gazette Media": {"aliases": ["Harbour Gazette"]}}
    sources = lineage(features).sources
    first = sources[(sources["article_id"] == "b") & (sources["kind"] == "outside")]
    assert set(first["source"]) == {"Harbour Gazette"}
    named = Sources(features.table("articles"), outlets)
    found = gather(features, tl.reuse(features).table, named)
    assert set(found.outside) == {"", "Gazette Media"}


def test_quoted_words_alone_are_no_ground_for_a_verdict_unless_credited():
    speech = "“" + words(40, 5)[:-1].replace(".", ",") + "”"
    texts = {
        k: f"{words(60, s)} She said: {speech} {words(60, s + 1)}"
        for k, s in (("a", 50), ("b", 60))
    }
    assert of(lineage(features_of(texts)), "a", "b")["verdict"] == "cannot tell"


def test_few_words_are_no_ground_for_a_verdict():
    few = words(20, 9)[:60]
    texts = {k: f"{words(60, s)} {few} {words(60, s + 1)}" for k, s in (("a", 50), ("b", 60))}
    row = of(lineage(features_of(texts)), "a", "b")
    assert row["n_words"] < LEAST_WORDS and row["verdict"] == "cannot tell"


@pytest.mark.short("circle of credits", "years no article has")
@pytest.mark.parametrize(
    ("outlets", "credits", "dates"),
    [
        (
            ("Morning Post", "Harbour Gazette"),
            ("As the Harbour Gazette reported. ", "As the Morning Post reported. "),
            ("", ""),
        ),
        (
            ("Morning Post", ""),
            ("As the Morning Post reported. ", "So it was in the morning. "),
            ("", ""),
        ),
        (("Post", "Echo"), ("", ""), ("0001-01-01", "9999-12-31")),
        (("Post", "Echo"), ("", ""), ("2024-02-30", "soon")),
        (("Post", "Echo"), ("", ""), ("2024-03-01", "2024-03-01")),
    ],
    ids=["circle of credits", "credits itself", "years no article has", "no dates", "one date"],
)
def test_what_dates_and_credits_contradict_cannot_be_told(outlets, credits, dates):
    articles = {
        k: (outlet, date, f"{credit}{STORY}")
        for k, outlet, credit, date in zip("ab", outlets, credits, dates)
    }
    row = of(lineage(corpus(articles)), "a", "b")
    assert sum(row[PROBABILITIES]) == pytest.approx(1)
    assert row["p_a_from_b"] == pytest.approx(row["p_b_from_a"], abs=0.05)
    assert row["verdict"] in ("cannot tell", "common source")


def test_a_circle_of_credits_is_not_told_and_no_stemma_is_circular():
    """Each of three articles of one text credits the next."""
    outlets = "Morning Herald", "Harbour Gazette", "Tidewater Courier"
    articles = {
        k: (outlets[i], "", f"As the {outlets[(i + 1) % 3]} reported. {STORY}")
        for i, k in enumerate("abc")
    }
    features = corpus(articles)
    found = lineage(features)
    assert set(found.table["verdict"]) == {"cannot tell"}
    lost = {"p_a_from_b": 0.05, "p_b_from_a": 0.05, "p_common": 0.9}
    lost = dataclasses.replace(
        found, passages=found.passages.assign(**lost), stretches=found.stretches.assign(p_lost=0.9)
    )
    tree = tl.lost_source(features, lineage=lost).stemma
    parent = tree[tree["in_tree"]].set_index("child")["parent"].to_dict()
    assert sorted(parent) == list("abc") and not circular(parent)


def test_dates_against_a_circle_of_credits_are_what_is_left_to_tell():
    outlets = "Morning Herald", "Harbour Gazette", "Tidewater Courier"
    articles = {
        k: (outlets[i], f"2024-03-0{i + 1}", f"As the {outlets[(i + 1) % 3]} reported. {STORY}")
        for i, k in enumerate("abc")
    }
    table = lineage(corpus(articles)).table
    assert (table["p_b_from_a"] > table["p_a_from_b"]).all()


def circular(parent):
    """Whether some article is, through others, its own source."""
    for article in parent:
        up, steps = parent[article], 0
        while up in parent and steps < len(parent):
            up, steps = parent[up], steps + 1
        if up in parent:
            return True
    return False


def test_an_article_that_holds_another_whole_gives_probabilities_for_every_answer():
    whole = f"{words(60, 3)} {STORY} {words(60, 4)}"
    dated = ("2024-03-01T08:00:00+00:00", "2024-03-01T11:00:00+00:00")
    for dates, likelier in ((dated, "p_a_from_b"), (dated[::-1], "p_b_from_a")):
        row = of(
            lineage(corpus({"a": ("", dates[1], whole), "b": ("", dates[0], STORY)})), "a", "b"
        )
        less = "p_b_from_a" if likelier == "p_a_from_b" else "p_a_from_b"
        assert sum(row[PROBABILITIES]) == pytest.approx(1) and row[likelier] > row[less]


def family():
    """A source, two copies of it that each change other words, and a copy of the first copy."""
    source = words(200, 41).split()

    def changed(text, places):
        return ["Changed" + str(i) if i in places else w for i, w in enumerate(text)]

    first = changed(source, set(range(5, 200, 20)))
    second = changed(source, set(range(12, 200, 20)))
    third = changed(first, set(range(18, 200, 20)))
    made = {"source": source, "first": first, "second": second, "third": third}
    return {k: f"{words(60, 50 + i)} {' '.join(v)}" for i, (k, v) in enumerate(made.items())}


def test_words_that_one_of_three_has_otherwise_tell_who_stands_between_the_others():
    """Only a copy has words that nobody else has: its source, where others agree, has none."""
    features = features_of(family())
    sources = Sources(features.table("articles"), {})
    found = gather(features, tl.reuse(features, draws=1).table, sources)
    names = found.ids[found.stretches.article]
    edges = found.edges.assign(child=names[found.child], giver=names[found.parent])
    by = edges.groupby(["child", "giver"]).mean(numeric_only=True)
    from_source, siblings, from_first = (
        by.loc[pair] for pair in (("second", "source"), ("first", "second"), ("third", "first"))
    )
    assert from_source["parent alone"] == 0 < from_source["child alone"]
    assert siblings["both alone"] > 0.5 > from_first["both alone"]
    judged = lineage(features).table.set_index(["a", "b"])
    assert judged.loc[("second", "third"), "p_common"] > 0.7
    assert judged.loc[("source", "second"), "p_b_from_a"] > 0.7


def test_what_two_articles_alone_show_of_their_descent():
    """b has two parts of a behind words of its own, with more of these between them."""
    one, two, three = (words(60, seed) for seed in (61, 62, 63))
    texts = {"a": f"{one} {two} {three}", "b": f"{words(40, 64)} {one} {words(40, 65)} {two}"}
    features = features_of(texts)
    table = tl.reuse(features, draws=1).table
    found = gather(features, table, Sources(features.table("articles"), {}))
    child = found.ids[found.stretches.article[found.child]]
    from_a, from_b = (found.edges[child == k].mean() for k in "ba")
    for name in ("put between", "cut end"):
        assert from_a[name] > 0 == from_b[name]


@pytest.mark.long
def test_of_five_hundred_near_copies_the_account_is_bounded():
    texts = near_copies(words(120, 9), 500)
    features = features_of(texts)
    reuse = tl.reuse(features, draws=1)
    begun, held = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = lineage(features, reuse=reuse)
    assert time.process_time() - begun < SECONDS_OF_NEAR_COPIES
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held
    assert more < GIGABYTES_OF_NEAR_COPIES << 20  # of kilobytes
    assert np.allclose(found.table[PROBABILITIES].to_numpy().sum(axis=1), 1)


@pytest.mark.parametrize("given", [0.2, True, "0.7", None, float("nan")])
def test_a_wrong_probability_is_named(given):
    features = features_of({"a": STORY, "b": STORY})
    with pytest.raises(OptionError, match="min_probability must be a number of at least 0.5"):
        lineage(features, min_probability=given)


def test_only_passages_of_the_same_corpus_are_taken():
    features, other = features_of({"a": STORY, "b": STORY}), features_of({"a": STORY, "c": STORY})
    with pytest.raises(OptionError, match="reuse must be a result of tl.reuse"):
        lineage(features, reuse=pd.DataFrame())
    with pytest.raises(OptionError, match="reuse must be measured on the same texts"):
        lineage(features, reuse=tl.reuse(other))


def test_no_verdict_is_reached_above_a_probability_of_one():
    found = lineage(corpus(copied()), min_probability=1.1)
    assert set(found.table["verdict"]) == {"cannot tell"} and "(1 undecided)" in found.finding


def test_its_figure_draws_the_probabilities_with_the_likelier_giver_first():
    result = lineage(corpus(copied()))
    row = of(result, "a", "b")
    (ax,) = pl.lineage(result).axes
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "Morning Herald, 1 Mar 2024 → Evening Post, 1 Mar 2024"
    ]
    widths = [bar.get_width() for bar in ax.patches]
    assert widths == pytest.approx(row[["p_b_from_a", "p_common", "p_a_from_b"]].tolist())
    assert "1 had them one from the other" in result.finding


def test_its_figure_draws_the_surest_of_many_pairs():
    result = lineage(features_of({f"n{i}": f"{STORY} {words(20 + i, i)}" for i in range(9)}))
    figure = pl.lineage(result)
    drawn, table = figure.table, result.table
    sure = table[["p_a_from_b", "p_b_from_a"]].max(axis=1).nlargest(FIGURE_ROWS)
    assert len(table) > FIGURE_ROWS == len(drawn)
    assert drawn[["p_a_from_b", "p_b_from_a"]].max(axis=1).min() == pytest.approx(sure.min())
    assert f"hown are the {FIGURE_ROWS} surest of {len(table)} pairs" in figure.subtitle


@pytest.mark.parametrize("by", ["outlet", "article_id"])
def test_the_outlets_that_the_title_names_are_drawn_first_and_bold(by):
    """Twenty others are surer of who had passages from whom, and passed on fewer words."""
    made = lineage(corpus(copied()), by=by)
    one = made.table.iloc[0]
    rows = [one.to_dict() | {"a": f"x{i}", "b": f"y{i}"} for i in range(25)]
    table = pd.DataFrame([*rows, one.to_dict() | {"p_b_from_a": 0.71, "p_common": 0.29}])
    table[["verdict", "n_words"]] = "b from a", 9
    groups = made.groups
    others = [f"{side}{i}" for side in "xy" for i in range(25)]
    others = pd.DataFrame({"group": others, "label": others, "outlet": others})
    groups = pd.concat([groups, others], ignore_index=True)
    assert made.most_passed == (
        ("Morning Herald", "Evening Post") if by == "outlet" else ("a", "b")
    )
    result = dataclasses.replace(made, table=table, groups=groups)
    ticks = pl.lineage(result).axes[0].get_yticklabels()
    assert len(ticks) == FIGURE_ROWS
    bold = [tick.get_text() for tick in ticks if tick.get_fontweight() == "bold"]
    assert (
        bold == [ticks[0].get_text()] == ["Morning Herald, 1 Mar 2024 → Evening Post, 1 Mar 2024"]
    )
    names = "Morning Herald", "Evening Post"
    if by == "article_id":
        names = [f"{name} of 1 Mar 2024" for name in names]
    assert made.finding.endswith(f"words so passed on went from {names[0]} to {names[1]}")


def test_its_figure_says_where_nothing_is_shared():
    result = lineage(features_of({"a": words(50, 80), "b": words(50, 81)}))
    said = "No two articles of different outlets share a passage"
    assert result.table.empty and result.finding == said
    assert pl.lineage(result).axes[0].texts
