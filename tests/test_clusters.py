"""Clusters: planted groups come back with high stability, noise does not."""

import numpy as np
import pytest

from analysis.clusters import cluster
from analysis.errors import FeaturesError, OptionError
from tests.memory import features_of

WORDS = {"money": ["money"], "blame": ["blame"], "fear": ["fear"]}


def corpus(*kinds):
    rng = np.random.default_rng(1)
    texts = {}
    for number, kind in enumerate(kinds):
        sentences = [f"They spoke of {kind} and more {kind} again." if rng.random() < 0.8 else "They spoke of the weather."
                     for _ in range(40)]
        texts[f"a{number}"] = " ".join(sentences)
    return features_of(texts, frames=WORDS)


def test_planted_groups_are_found_and_hold():
    result = cluster(corpus("money", "money", "money", "blame", "blame"), blocks=("frames",))
    assert result.table["cluster"].tolist() == [1, 1, 1, 2, 2]
    assert (result.table["stability"] > 0.9).all()
    assert result.together.loc["a0", "a1"] > 0.9 > 0.1 > result.together.loc["a0", "a4"]


def test_noise_gives_no_groups_and_a_small_corpus_is_told():
    result = cluster(corpus("money", "money", "money", "money", "money"), blocks=("frames",), stable=0.95)
    assert result.table["size"].max() < 5
    assert any("Only 5 articles" in note for note in result.notes)


def test_the_tree_lists_its_members_and_all_join_at_last():
    result = cluster(corpus("money", "blame", "fear"), blocks=("frames",), draws=20)
    assert result.merges["size"].iloc[-1] == 3 and result.merges["members"].iloc[-1] == "a0 a1 a2"
    assert result.merges["stability"].iloc[-1] == 1
    assert sorted(result.table["place"]) == [0, 1, 2]


def test_the_same_seed_gives_the_same_result():
    a, b = (cluster(corpus("money", "blame", "fear"), blocks=("frames",), draws=30) for _ in range(2))
    assert a.merges.equals(b.merges) and a.together.equals(b.together)


def test_identical_articles_do_not_break_it():
    features = features_of(dict.fromkeys("abc", "They blame money. They fear it."), frames=WORDS)
    assert len(cluster(features, blocks=("frames",), draws=10).table) == 3


def test_one_article_and_wrong_options_are_told():
    with pytest.raises(FeaturesError, match="at least two"):
        cluster(corpus("money"), blocks=("frames",))
    with pytest.raises(OptionError, match="allowed are one or more of frames, sentiment"):
        cluster(corpus("money", "fear"), blocks=("tone",))
    with pytest.raises(OptionError, match="from 0 to 1"):
        cluster(corpus("money", "fear"), blocks=("frames",), stable=2)
