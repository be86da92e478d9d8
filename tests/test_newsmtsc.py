"""Scores against coders equal scikit-learn's; training is repeatable, its derivatives right."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score

from analysis.models.tone import MentionTone, ToneMixture
from benchmarks import newsmtsc, tone_irony, tone_train


def test_f1_is_scikit_learns():
    rng = np.random.default_rng(0)
    coded, predicted = rng.integers(3, size=(2, 200))
    table = pd.DataFrame(
        {
            "sentence": rng.integers(60, size=200).astype(str),
            "polarity": coded - 1,
            "predicted": predicted - 1,
        }
    )
    table[list(newsmtsc.CLASSES)] = rng.dirichlet([1, 1, 1], size=200)
    found = newsmtsc.scores(table)
    assert newsmtsc.macro_f1(coded, predicted) == pytest.approx(
        f1_score(coded, predicted, average="macro")
    )
    assert found["macro_f1"] == pytest.approx(f1_score(coded, predicted, average="macro"), abs=1e-4)
    assert [found[f"f1_{c}"] for c in newsmtsc.CLASSES] == pytest.approx(
        f1_score(coded, predicted, average=None), abs=1e-4
    )
    low, high = found["interval"]
    assert low < found["macro_f1"] < high and found["sentences"] == table["sentence"].nunique()


def test_probabilities_that_are_right_have_a_calibration_error_by_chance():
    rng, n = np.random.default_rng(0), 300
    shares = rng.dirichlet([1, 1, 1], size=n)
    coded = (rng.random((n, 1)) > shares.cumsum(axis=1)[:, :2]).sum(axis=1)
    table = pd.DataFrame(shares, columns=newsmtsc.CLASSES).assign(
        sentence=np.arange(n).astype(str), polarity=coded - 1, predicted=shares.argmax(axis=1) - 1
    )
    found = newsmtsc.scores(table)
    chance = found["were_they_right"]
    assert 0.01 < chance["calibration_error"] < chance["at_most"] < 0.15
    assert found["calibration_error"] <= chance["at_most"]
    sure = newsmtsc.scores(table.assign(negative=1.0, neutral=0.0, positive=0.0))
    assert sure["were_they_right"] == {"calibration_error": 0, "at_most": 0}
    assert sure["calibration_error"] > 0.5


def test_only_sentences_that_judge_two_mentions_differently_are_in_contrast():
    shares = np.eye(3)[[0, 2, 0, 0]]
    table = pd.DataFrame(shares, columns=newsmtsc.CLASSES).assign(
        sentence=["a", "a", "b", "b"], polarity=[-1, 1, 1, 1], predicted=[-1, 1, -1, -1]
    )
    found = newsmtsc.scores(table)
    assert found["in_contrast"] == {"n": 2, "macro_f1": pytest.approx(2 / 3, abs=1e-4)}
    assert found["macro_f1"] < 0.5


class Always(MentionTone):
    name, digest = "always", "0" * 12

    def __init__(self, row):
        super().__init__([0])
        self._row = np.array(row, np.float32)

    def shares(self, inputs, first, last):
        return self._row


def test_a_mixture_is_the_geometric_mean_and_keeps_what_its_models_agree_on():
    models = [Always([0.8, 0.2, 0]), Always([0.2, 0.8, 0])]
    mixed = ToneMixture(models).predict(["a", "b"], [(0, 1), (0, 1)])
    assert np.allclose(mixed, [[0.5, 0.5, 0]] * 2, atol=1e-4)
    same = ToneMixture([models[0], models[0]])
    assert np.allclose(same.predict(["a"], [(0, 1)]), [[0.8, 0.2, 0]], atol=1e-5)


def test_predictions_of_two_machines_are_compared():
    one = pd.DataFrame([[0.6, 0.3, 0.1], [0.1, 0.5, 0.4]], columns=newsmtsc.CLASSES)
    other = one.assign(positive=[0.1, 0.6])
    found = newsmtsc.equal(one.assign(predicted=[-1, 0]), other.assign(predicted=[-1, 1]))
    assert found == {"equal": 0.5, "largest_difference": pytest.approx(0.2)}


class Told:
    """Reads every sentence as the class that is said of its target, for a target that it checks."""

    name, digest = "told", "0" * 12

    def predict(self, sentences, spans):
        table = pd.read_csv(tone_irony.SENTENCES)
        targets = table["sentence"].str.extract(r"\[(.*)\]")[0].tolist()
        assert [s[a:b] for s, (a, b) in zip(sentences, spans)] == targets
        assert not any("[" in sentence for sentence in sentences)
        return np.eye(3)[table["class"].map(newsmtsc.CLASSES.index).to_numpy()]


def test_irony_and_scorn_have_twenty_sentences_a_class():
    every = {name: [20 * (i == j) for j in range(3)] for i, name in enumerate(newsmtsc.CLASSES)}
    assert tone_irony.read(Told()) == {
        kind: {"macro_f1": 1.0, **every} for kind in ("irony", "scorn")
    }


def test_calibration_error_of_planted_probabilities():
    sure = np.tile([0.8, 0.1, 0.1], (10, 1))
    assert newsmtsc.calibration_error(np.array([0] * 8 + [1] * 2), sure) == pytest.approx(0)
    assert newsmtsc.calibration_error(np.array([0] * 5 + [1] * 5), sure) == pytest.approx(0.3)


def test_the_command_writes_every_row_of_every_file(tmp_path, capsys):
    table = pd.DataFrame(
        {
            "mention": ["Adler", "Brandt"],
            "polarity": [1, -1],
            "from": [6, 30],
            "to": [11, 36],
            "sentence": ["Brave Adler saved them while Brandt lied to everybody."] * 2,
            "id": ["a_1_1", "a_1_1b"],
        }
    )
    table["from"] = [table["sentence"][0].index(m) for m in table["mention"]]
    table["to"] = table["from"] + table["mention"].str.len()
    for name in ("a", "b"):
        table.to_parquet(tmp_path / f"{name}.parquet")
    newsmtsc.main(
        [
            "--test",
            str(tmp_path / "a.parquet"),
            "--test",
            str(tmp_path / "b.parquet"),
            "--out",
            str(tmp_path / "out.parquet"),
        ]
    )
    printed = json.loads(capsys.readouterr().out)
    assert printed["a"]["n"] == 2 and printed["a"]["cpu_seconds_per_mention"] > 0
    out = pd.read_parquet(tmp_path / "out.parquet")
    assert (
        out.columns.tolist() == [*table.columns, "predicted", *newsmtsc.CLASSES] and len(out) == 4
    )
    shares = out[list(newsmtsc.CLASSES)].to_numpy()
    assert (out["predicted"] == shares.argmax(axis=1) - 1).all() and np.allclose(
        shares.sum(axis=1), 1, atol=1e-5
    )


def test_derivatives_are_those_of_small_steps(monkeypatch):
    monkeypatch.setattr(tone_train, "F32", np.float64)
    rng = np.random.default_rng(0)
    member = tone_train.Member(0, rng)
    member.weights = {
        name: w.astype(float) + 0.05 * rng.standard_normal(w.shape)
        for name, w in member.weights.items()
    }
    x = rng.standard_normal((2, 8, 392))
    bucket = np.stack([tone_train.distance_buckets(8, first, first + 2) for first in (1, 3)])
    inside, there = np.zeros((2, 8)), np.ones((2, 8))
    inside[0, 1:3] = inside[1, 3:5] = 0.5
    there[0, 6:] = 0
    weight = rng.standard_normal((2, 3))
    member.forward(x, bucket, inside, there)
    slopes = member.backward(weight)
    for name, w in member.weights.items():
        place = np.unravel_index(np.argmax(np.abs(slopes[name])), w.shape)
        kept = w[place]
        value = []
        for step in (1e-5, -1e-5):
            w[place] = kept + step
            value.append((member.forward(x, bucket, inside, there) * weight).sum())
        w[place] = kept
        assert (value[0] - value[1]) / 2e-5 == pytest.approx(slopes[name][place], rel=1e-4), name


def test_copies_keep_what_was_coded_and_stay_in_their_fold():
    kinds = {
        "Adler": (1, 0),
        "Brandt": (-1, 0),
        "Cole": (1, 1),
        "Diaz": (-1, 1),
        "Egan": (0, 1),
        "she": (0, 0),
    }  # polarity, fold
    rows = [
        (f"In {year} {name} spoke.", 8, 8 + len(name), polarity, fold)
        for year in range(1990, 2000)
        for name, (polarity, fold) in kinds.items()
    ]
    table = pd.DataFrame(rows, columns=["sentence", "from", "to", "polarity", "fold"])
    found = tone_train.copies(table, table["fold"].to_numpy())
    found["name"] = [s[a:b] for s, a, b in zip(found["sentence"], found["from"], found["to"])]
    joined = found[found["kind"] == "joined"]
    assert len(joined) > 10 and [kinds[name] for name in joined["name"]] == list(
        zip(joined["polarity"], joined["fold"])
    )
    for sentence, both in joined.groupby("sentence"):
        assert (
            both["name"].nunique() == 2
            and both["fold"].nunique() == 1
            and any(join in sentence for join in tone_train.JOINS)
        )
    whole = table.loc[found["of"]].reset_index(drop=True)
    assert whole[["polarity", "fold"]].equals(found[["polarity", "fold"]])
    renamed = found[found["kind"] == "renamed"]
    assert len(renamed) == int(tone_train.RENAMED * 50) and set(renamed["name"]) <= set(kinds) - {
        "she"
    }
    assert found.equals(
        tone_train.copies(table, table["fold"].to_numpy()).assign(name=found["name"])
    )


@pytest.mark.long
def test_training_learns_and_gives_the_same_bytes_twice(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(tone_train, "FOLDS", 2)
    monkeypatch.setattr(tone_train, "BATCH", 16)
    monkeypatch.setattr(tone_train, "ROUNDS", 40)
    rows = [
        (f"{verb} {name} {end}", verb, polarity)
        for name in ("Adler", "Brandt", "Cole", "Diaz", "Egan", "Frey")
        for end in ("in the town.", "on Tuesday, they said.", "again.")
        for verb, polarity in (
            ("Everybody admired the brave", 1),
            ("Everybody despised the corrupt", -1),
            ("The ferry at noon carried", 0),
        )
    ]
    table = pd.DataFrame(
        {
            "sentence": [s for s, _, _ in rows],
            "from": [len(v) + 1 for _, v, _ in rows],
            "polarity": [p for *_, p in rows],
        }
    )
    table["to"] = [s.index(" ", start) for s, start in zip(table["sentence"], table["from"])]
    table["id"] = [f"x_{i}_0_{i}" for i in range(len(table))]
    table.to_parquet(tmp_path / "train.parquet")
    table[:1].to_parquet(tmp_path / "apart.parquet")
    for name in ("a", "b"):
        tone_train.main(
            [
                "--train",
                str(tmp_path / "train.parquet"),
                "--without",
                str(tmp_path / "apart.parquet"),
                "--out",
                str(tmp_path / f"{name}.npz"),
            ]
        )
        report = json.loads(capsys.readouterr().out)
    assert report["mentions"] == len(table) - 1 and report["held_out"]["macro_f1"] > 0.9
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    newsmtsc.main(["--test", str(tmp_path / "train.parquet"), "--weights", str(tmp_path / "a.npz")])
    assert json.loads(capsys.readouterr().out)["macro_f1"] > 0.9
