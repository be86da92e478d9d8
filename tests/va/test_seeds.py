"""Seeds: findings that are planted to hold always, sometimes, or never."""

import pandas as pd
import pytest

from analysis import tl, va
from analysis.errors import OptionError
from analysis.results import Result
from tests.memory import features_of

PARAMS = {"corpus": "x", "digest": "", "measured_on": "private features", "level": 0.95}


def made(seed, *, corpus=None, **columns):
    """A result whose first row always holds, whose second does with every fourth seed."""
    table = pd.DataFrame(
        {
            "group": ["echo", "post", "sun"],
            "actor": "mayor",
            "tone": [0.5, -0.5, 0.0],
            "low": 0.0,
            "rest": 0.1,
            "apart": [True, seed % 4 == 0, False],
        }
    )
    return Result(table.assign(**columns), PARAMS | {"seed": seed})


def test_a_finding_is_counted_in_the_seeds_in_which_it_holds():
    found = va.seeds(made, seeds=20)
    assert found.table[["kind", "what", "n_held", "n_seeds"]].values.tolist() == [
        ["apart", "echo · mayor: above the rest", 20, 20],
        ["apart", "post · mayor: below the rest", 5, 20],
    ]
    assert found.table["share"].tolist() == [1, 0.25]
    assert found.held.iloc[1].tolist() == [seed % 4 == 0 for seed in range(20)]
    assert found.finding == (
        "1 of 2 findings holds with each of 20 seeds;"
        " do not rest on post · mayor: below the rest (5 of 20)"
    )
    assert "seed" not in found.params and found.params["measure"] == "made"


def test_clusters_and_words_beyond_chance_are_findings_too():
    def clusters(seed):
        cluster = [1, 1, 2, 2 if seed else 3]
        return Result(pd.DataFrame({"group": list("abcd"), "cluster": cluster}), PARAMS)

    found = va.seeds(clusters, seeds=4).table.set_index("what")["n_held"]
    assert found.to_dict() == {"a + b": 4, "c + d": 3}

    def words(seed):
        table = {"group": "a", "term": ["x", "y"], "log_odds": [1, -1], "p_adjusted": [0.01, 0.2]}
        return Result(pd.DataFrame(table), PARAMS)

    assert va.seeds(words, seeds=2).table["what"].tolist() == ["a · x: more"]
    own = va.seeds(words, seeds=2, findings=lambda result: result.table["term"])
    assert own.table["kind"].tolist() == ["given", "given"] and own.held.all(axis=None)


def test_nothing_found_is_said():
    found = va.seeds(lambda seed: made(seed, apart=False), seeds=3)
    assert (
        found.table.empty and found.finding == "With none of 3 seeds does the measure find anything"
    )


def test_a_measure_is_repeated_with_its_options_and_a_planted_difference_survives():
    outlets, texts = {}, {}
    for outlet, text in (("Echo", "The boat sank. A ship. The boat."), ("Post", "No. It rained.")):
        for i in range(8):
            texts[f"{outlet}{i}"], outlets[f"{outlet}{i}"] = text + f" Day {i}." * (i % 3), outlet
    features = features_of(texts, frames={"sea": ["boat", "ship"]}, outlets=outlets)
    found = va.seeds(tl.frames, features, seeds=5, draws=100, by="outlet")
    assert found.params["by"] == "outlet" and found.params["draws"] == 100
    held = found.table.set_index("what")["share"]
    assert held["Echo · sea: above the rest"] == 1 and held["Post · sea: below the rest"] == 1
    assert (found.table["kind"] == "title").sum() == 1 and not found.notes


def test_another_title_with_another_seed_is_noted():
    class Titled(Result):
        @property
        def finding(self):
            return f"Seed {self.params['seed']} says so"

    found = va.seeds(lambda seed: Titled(made(seed).table, PARAMS | {"seed": seed}), seeds=3)
    assert any("3 titles in 3 seeds" in note for note in found.notes)


@pytest.mark.parametrize(
    ("given", "options", "message"),
    [
        ((made,), {"seeds": 1}, "seeds must be a whole number of at least 2"),
        ((5,), {}, "measure must be one such as"),
        ((made,), {"draws": 3}, "options need a corpus"),
        ((made, "x"), {"seed": 3}, "seed must be left out"),
        ((lambda corpus: 3, "x"), {}, "no seed"),
        ((lambda seed: 3,), {}, "must return a result"),
    ],
)
def test_wrong_options_are_refused(given, options, message):
    with pytest.raises(OptionError, match=message):
        va.seeds(*given, **options)
