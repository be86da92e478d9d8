"""The story of each article: against planted events, and against average link over all pairs."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.metrics import adjusted_rand_score

from analysis.errors import FeaturesError
from analysis.events import Linking, _looked_up, link, story_of, weighed
from analysis.extract.memory import extract_articles
from analysis.groups import group_articles, strata
from analysis.io.article import Article
from analysis.text.tokens import word_hash
from tests.memory import with_column
from tests.planted_stories import planted


def features_of(texts, days, language="en", **more):
    about = {a: {"published": days.get(a, ""), "outlet": f"Outlet {a[-1]}", **more} for a in texts}
    return extract_articles([Article(a, text, language, about[a]) for a, text in texts.items()])


def naive(weights, day, linking):
    """Average link, as its words say: every pair of clusters, over all pairs of articles."""
    cosine = (weights @ weights.T).toarray()
    cosine[np.abs(day[:, None] - day[None]) > linking.days] = 0
    clusters = [[i] for i in range(len(day))]
    while True:
        best = None
        for x, a in enumerate(clusters):
            for y in range(x + 1, len(clusters)):
                both = a + clusters[y]
                mean = cosine[np.ix_(a, clusters[y])].mean()
                if mean < linking.threshold or mean <= 0 or np.ptp(day[both]) > linking.span:
                    continue
                if best is None or mean > best[0] + 1e-12:
                    best = mean, x, y
        if best is None:
            first = np.empty(len(day), int)
            for members in clusters:
                first[members] = min(members)
            return first
        _, x, y = best
        clusters[x] = sorted(clusters[x] + clusters.pop(y))


@settings(max_examples=2 * settings.default.max_examples)
@given(
    st.integers(1, 14),
    st.integers(2, 10),
    st.integers(0, 10**6),
    st.sampled_from([0.05, 0.16, 0.4]),
    st.sampled_from([(4, 7), (1, 2), (0, 0), (9, 3)]),
)
def test_stories_are_those_of_average_link_over_all_pairs(n, n_words, seed, threshold, reach):
    rng = np.random.default_rng(seed)
    # real weights: two means are equal only where articles are
    weights = sparse.random_array((n, n_words), density=0.6, rng=rng, format="csr")
    length = np.sqrt(weights.multiply(weights).sum(axis=1))
    weights = sparse.csr_array(sparse.diags_array(1 / np.where(length > 0, length, 1)) @ weights)
    day = np.sort(rng.integers(0, 12, n)).astype(float)
    linking = Linking(*reach, threshold=threshold)
    assert link(weights, day, linking).tolist() == naive(weights, day, linking).tolist()


def test_planted_events_are_found_whatever_the_order_of_the_metadata():
    rng = np.random.default_rng(3)
    starts = rng.integers(0, 30, 20)
    texts, days, truth = planted([s + rng.integers(0, 4, 1 + i % 5) for i, s in enumerate(starts)])
    ids = list(texts)
    found = story_of(features_of(texts, days))
    assert found.index.tolist() == ids
    assert adjusted_rand_score(list(truth.values()), found) == 1
    mixed = {a: texts[a] for a in rng.permutation(ids)}
    again = story_of(features_of(mixed, days))
    assert again[ids].tolist() == found.tolist()


def test_a_story_spans_its_days_and_what_comes_later_is_another():
    texts, days, _ = planted([[0, 2, 4, 6, 7, 9, 11, 13, 15]])
    found = story_of(features_of(texts, days))
    day = pd.to_datetime(pd.Series(days))
    for _, members in found.groupby(found):
        assert (day[members.index].max() - day[members.index].min()).days <= 7
    assert found.nunique() > 1


def test_articles_four_days_apart_may_be_one_story_and_five_may_not():
    texts, days, _ = planted([[0, 4], [0, 5], *[[d] for d in range(20)]])
    found = story_of(features_of(texts, days))
    assert found["e000a00"] == found["e000a01"]
    assert found["e001a00"] != found["e001a01"]


def test_a_later_article_renames_nothing_and_an_earlier_one_keeps_the_name_that_people_use():
    texts, days, _ = planted([[3, 4, 5], [3, 4], *[[d] for d in range(15)]])
    first = story_of(features_of(texts, days))
    assert first["e000a01"] == "2024-03-04-e000a00"
    some = {a: t for a, t in texts.items() if a != "e000a02"}
    assert story_of(features_of(some, days)).to_dict() == first[list(some)].to_dict()
    # the first article comes in last
    before = {a: t for a, t in texts.items() if a != "e000a00"}
    assert story_of(features_of(before, days))["e000a02"] == "2024-03-05-e000a01"
    named = features_of(texts, days).with_stories({"e000a01": "2024-03-05-e000a01"})
    assert set(story_of(named)[["e000a00", "e000a01", "e000a02"]]) == {"2024-03-05-e000a01"}


def test_small_corpora_of_one_event_are_one_story():
    for days in ([0, 0], [0, 1, 2], [0] * 12):
        texts, when, _ = planted([days])
        assert story_of(features_of(texts, when)).nunique() == 1, days


@pytest.mark.long
def test_three_hundred_articles_of_one_day():
    rng = np.random.default_rng(0)
    texts, days, truth = planted([[0] * int(n) for n in rng.permutation([100, 50, *[10] * 15])])
    found = story_of(features_of(texts, days))
    assert len(found) == 300
    assert adjusted_rand_score(list(truth.values()), found) > 0.99


def test_identical_articles_are_one_story_unless_they_lie_far_apart():
    texts = {"a1": "The mayor opened the bridge.", "b1": "The mayor opened the bridge."}
    near = story_of(features_of(texts, {"a1": "2024-03-01", "b1": "2024-03-02"}))
    far = story_of(features_of(texts, {"a1": "2024-03-01", "b1": "2024-04-02"}))
    assert near["a1"] == near["b1"] and far["a1"] != far["b1"]


@pytest.mark.parametrize("published", ["", "0001-01-01"])
def test_without_a_date_an_article_stands_alone_beside_dated_ones(published):
    texts, days, _ = planted([[0, 1, 2], [0, 1]])
    days["e000a00"] = published
    found = story_of(features_of(texts, days))
    assert found["e000a00"] == "undated-e000a00"
    assert found["e000a01"] == found["e000a02"]


def test_where_no_article_has_a_date_words_alone_tell_and_many_are_refused(monkeypatch):
    texts, _, truth = planted([[0] * 3, [0] * 3, [0] * 2])
    found = story_of(features_of(texts, {}))
    assert adjusted_rand_score(list(truth.values()), found) == 1
    monkeypatch.setattr("analysis.events._UNDATED", 7)
    with pytest.raises(FeaturesError, match="none of 8 articles has a date.*column `story`"):
        story_of(features_of(planted([[0] * 8], seed=1)[0], {}))


def test_one_article_and_articles_without_words():
    assert story_of(features_of({"a1": "A day."}, {})).tolist() == ["undated-a1"]
    empty = features_of({"a1": "", "b1": "…"}, {"a1": "2024-03-01", "b1": "2024-03-01"})
    assert story_of(empty).nunique() == 2


def test_other_languages_are_linked_by_what_few_articles_say():
    texts, days, truth = planted([[i, i + 1] for i in range(40)])
    filler = " und die der von".split()
    texts = {a: f"{t} {' '.join(filler)}" for a, t in texts.items()}
    found = story_of(features_of(texts, days, language="de"))
    assert adjusted_rand_score(list(truth.values()), found) == 1


def test_the_metadata_goes_before_the_sheet_and_the_sheet_before_what_is_found():
    texts, days, _ = planted([[0, 1, 2], [0, 1]])
    features = features_of(texts, days)
    found = story_of(features)
    given = with_column(features, "story", ["Fire", "", "", "", ""])
    given = given.with_stories({"e000a00": "Flood", "e000a01": "Flood"})
    assert story_of(given).tolist() == ["Fire", "Flood", *found.iloc[2:]]


def test_by_and_within_are_these_stories_for_some_articles_too():
    texts, days, _ = planted([[0, 1, 2], [0, 1], [9, 9]])
    features = features_of(texts, days)
    assert group_articles(features, "story").sizes.tolist() == [3, 2, 2]
    assert strata(features, "story").tolist() == [0, 0, 0, 1, 1, 2, 2]
    assert group_articles(features, ["story", "outlet"]).sizes.tolist() == [1] * 7
    some = features.only(["e000a02", "e002a00"])
    assert story_of(some).tolist() == story_of(features)[["e000a02", "e002a00"]].tolist()


def test_stories_are_called_by_a_headline_or_words_and_no_two_alike():
    texts, days, _ = planted([[0, 1], [0, 1], [9]])
    features = features_of(texts, days).with_stories({"e002a00": "Fire"})
    words = group_articles(features, "story").table["label"]
    assert words.nunique() == 3 and words.iloc[2] == "Fire"
    assert len(words.iloc[0].split(", ")) == 5
    titles = with_column(features, "title", ["Flood", "Flood", "Flood", "Flood", "Storm"])
    called = group_articles(titles.with_stories(features.stories), "story").table["label"]
    assert called.tolist() == ["Flood", "Flood (2)", "Fire"]
    weeks = group_articles(titles, ["story", "week"]).table
    assert weeks["series"].nunique() == 3


def test_weights_are_log_tf_idf_of_words_that_few_articles_have():
    counts = sparse.csr_array([[2.0, 1, 0, 1], [1, 1, 0, 0], [0, 1, 1, 0], [0, 1, 1, 0]])
    weights, kept = weighed(counts, 0.5, np.zeros(4), 0)
    assert kept.tolist() == [0, 2]  # the second is too common, the last one article's alone
    length = np.hypot((1 + np.log(2)) * (1 + np.log(5 / 3)), 1 + np.log(5 / 2))
    first = (1 + np.log(2)) * (1 + np.log(5 / 3)) / length  # whose own word counts in its length
    np.testing.assert_allclose(weights.toarray(), [[first, 0], [1, 0], [0, 1], [0, 1]])


def test_what_is_known_of_news_words_counts_as_articles_more():
    counts = sparse.csr_array([[1.0, 1], [1, 1]])
    weights, _ = weighed(counts, 1, np.array([0.5, 0]), 100)
    ratio = (1 + np.log(103 / 53)) / (1 + np.log(103 / 3))
    assert weights[0, 0] / weights[0, 1] == pytest.approx(ratio)
    _, kept = weighed(counts, 0.2, np.array([0.5, 0]), 100)
    assert kept.tolist() == [1]
    assert _looked_up(np.array(["the", "president", "zzyzx"]))[0].tolist() == [True, False, False]
    usual = _looked_up(np.array(["president", "zzyzx"]))[1]
    assert usual[0] > 0.2 and usual[1] == 0
    hashed = _looked_up(np.array([word_hash("president")], np.uint64))
    assert hashed[1][0] == usual[0]
