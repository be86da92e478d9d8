"""Lineage: who had it from whom, on articles whose descent is known."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis import tl
from analysis.errors import OptionError
from analysis.extract.memory import extract_articles
from analysis.features import SCHEMAS, SHARED, from_tables
from analysis.io.article import Article
from analysis.shared_form import shared_tables
from analysis.tl.lineage import PROBABILITIES, VERDICTS, lineage
from tests.archives import WORDS
from tests.memory import features_of


def words(n, seed):
    """Sentences of ten drawn words."""
    drawn = np.array(WORDS, object)[np.random.default_rng(seed).integers(len(WORDS), size=n)]
    return " ".join(" ".join(drawn[i : i + 10]).capitalize() + "." for i in range(0, n, 10))


def corpus(articles):
    """`articles` maps ids to (outlet, date, text)."""
    return extract_articles(
        Article(a, text, "en", {"outlet": outlet, "published": date})
        for a, (outlet, date, text) in articles.items()
    )


def of(result, a, b):
    row = result.table[(result.table["a"] == a) & (result.table["b"] == b)]
    assert len(row) == 1
    return row.iloc[0]


STORY = words(200, 1)


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
    row = of(lineage(corpus(copied())), "a", "b")
    assert (
        row["verdict"] == "b from a"
        and row["p_b_from_a"] > 0.7
        and "credits the outlet of a" in row["evidence"]
    )


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
    assert of(found, "a", "b")["verdict"] == "common source"
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
    assert row["p_common"] == max(row[PROBABILITIES]) and "quoted on both sides" in row["evidence"]


def test_the_shared_form_gives_the_same_verdict():
    private = corpus(copied())
    shared = from_tables(
        {
            name: table
            for name, table in shared_tables(private, bytes(32)).items()
            if name in SCHEMAS[SHARED]
        },
        form=SHARED,
    )
    one, other = (of(lineage(features), "a", "b") for features in (private, shared))
    assert one["verdict"] == other["verdict"] == "b from a"


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


def test_wrong_options_are_named():
    features = features_of({"a": STORY, "b": STORY})
    with pytest.raises(OptionError, match="least"):
        lineage(features, least=0.2)
    with pytest.raises(OptionError, match="find_reuse"):
        lineage(features, reuse=pd.DataFrame())
