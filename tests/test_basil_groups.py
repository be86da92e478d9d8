"""The benchmark of groups: planted outlets' halves come together, exchanged ones do not."""

import numpy as np
import pytest

from analysis.tl._blocks import BLOCKS
from analysis.tl._profile_sample import ProfileSample
from benchmarks import basil_groups as basil
from tests.memory import with_column
from tests.tl.test_clusters import block_of, ten_sentences


@pytest.fixture
def planted(monkeypatch):
    rng = np.random.default_rng(0)
    event, outlet = np.repeat(np.arange(16), 3), np.tile([0, 1, 2], 16)
    lean = np.array([[1.0, 0], [0.8, 0.3], [-1.0, 0]])[outlet]
    values = rng.normal(size=(16, 2))[event] * 4 + 2 * lean + 0.5 * rng.normal(size=(48, 2))
    monkeypatch.setitem(BLOCKS, "frames", block_of(values))
    features = with_column(ten_sentences(48), "event", [f"e{e}" for e in event])
    names = np.array([basil.LEFT, basil.MIDDLE, basil.RIGHT])[outlet]
    features = with_column(features, "outlet", names)
    sample = ProfileSample.of(features, blocks=("frames",), within="event", weights=None, seed=0)
    return sample, event, names


def test_planted_halves_come_together_and_exchanged_ones_do_not(planted):
    sample, event, outlet = planted
    scores = basil.halves(sample, None, event, outlet, event >= 0, 8, 20, 0)
    assert scores["right"] > 0.6 > 0.45 > scores["right_by_chance"]
    assert scores["stable"] > scores["stable_by_chance"]


def test_the_same_side_comes_together(planted):
    sample, event, outlet = planted
    found = basil.sides(sample, None, outlet, event >= 0, 0)
    assert found["hpo-nyt"] > 90 and sum(found.values()) == pytest.approx(100, abs=0.3)


def test_an_articles_nearest_is_of_its_outlet(planted):
    sample, event, outlet = planted
    scores = basil.nearest(sample, event, outlet, 0)
    assert scores["right"] > 0.5 > scores["by_chance"] and scores["p"] <= 0.01
