"""The missing source: rebuilt from articles that were made of it."""

import numpy as np
import pytest

from analysis import tl
from analysis.errors import FeaturesError, OptionError
from analysis.features import SCHEMAS, SHARED, from_tables
from analysis.reuse.collate import equal_words, untangle
from analysis.text.tokens import words_of
from analysis.tl.lineage import lineage
from analysis.tl.lost_source import rebuilt_text
from tests.memory import features_of
from tests.test_lineage import words

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
    judged = type(judged)(
        judged.table.assign(**sure), judged.params, judged.passages.assign(**sure), judged.evidence
    )
    return tl.lost_source(features, reuse=reuse, lineage=judged, **options)


def test_the_hidden_text_is_rebuilt_in_its_order_without_invented_words():
    texts = witnesses()
    features = features_of(texts)
    found = tl.lost_source(features)
    said = words_of(" ".join(rebuilt_text(found, texts, features).values()))
    hidden = words_of(" ".join(PARTS))
    assert found.table["family"].unique().tolist() == ["*a"]
    assert said == hidden


def test_each_word_names_those_who_carry_it():
    found = tl.lost_source(features_of(witnesses()))
    assert found.table["confidence"].between(1 / 3, 1).all()
    assert set(found.table["witnesses"]) >= {"a b d", "a c d", "c d"}
    assert (found.table["n_witnesses"] == found.table["witnesses"].str.split(" ").str.len()).all()


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
    assert words_of(" ".join(rebuilt_text(found, texts, features).values())) == words_of(
        " ".join(body)
    )
    assert dict(zip(found.variants["article_id"], found.variants["n_words"])) == {"b": 1, "c": 0}
    changed = found.table[found.table["n_variants"] > 0]
    assert (
        changed["place"].tolist() == [61, 91]
        and (changed["confidence"] < found.table["confidence"].max()).all()
    )


def test_no_source_is_missing_where_one_article_gave_it_to_the_others():
    source = " ".join(PARTS)
    features = features_of(
        {
            "s": source,
            **{k: f"{words(30, 600 + i)} {PARTS[i]} {PARTS[i + 1]}" for i, k in enumerate("abc")},
        }
    )
    reuse = tl.reuse(features)
    judged = lineage(features, reuse=reuse)
    from_s = (judged.passages["a"] == "s").to_numpy()
    p = judged.passages.assign(
        p_a_from_b=0.05,
        p_b_from_a=np.where(from_s, 0.9, 0.05),
        p_common=np.where(from_s, 0.05, 0.9),
    )
    assert tl.lost_source(
        features, reuse=reuse, lineage=type(judged)(judged.table, judged.params, p, judged.evidence)
    ).table.empty


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


def test_the_stemma_is_a_tree_whose_probabilities_sum_to_one():
    found = tl.lost_source(features_of(witnesses()))
    tree = found.stemma[found.stemma["in_tree"]]
    assert sorted(tree["child"]) == list("abcd")
    assert (found.stemma.groupby("child")["probability"].sum() <= 1 + 1e-9).all()


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


def test_five_hundred_near_copies_are_one_text():
    rng = np.random.default_rng(3)
    body = words(120, 9).split()
    texts = {}
    for n in range(500):
        mine = np.array(body, object)
        mine[rng.choice(np.arange(1, 119), size=6, replace=False)] = "Changed"
        texts[f"n{n}"] = " ".join(mine)
    features = features_of(texts)
    found = common(features)
    assert words_of(" ".join(rebuilt_text(found, texts, features).values())) == words_of(
        " ".join(body)
    )


def test_it_needs_the_private_form_and_texts_of_all_witnesses():
    texts = witnesses()
    features = features_of(texts)
    with pytest.raises(OptionError, match="min_words"):
        tl.lost_source(features, min_words=0)
    with pytest.raises(OptionError, match="lack"):
        rebuilt_text(tl.lost_source(features), {}, features)
    lacking = from_tables(
        {"articles": features.table("articles")[[name for name, _ in SCHEMAS[SHARED]["articles"]]]},
        form=SHARED,
    )
    with pytest.raises(FeaturesError, match="only the private form has"):
        tl.lost_source(lacking)


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
