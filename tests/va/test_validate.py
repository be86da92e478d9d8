"""Validation: estimates are those of published examples, scikit-learn and scipy."""

import inspect
import re
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import f1_score

from analysis import pl
from analysis.errors import OptionError
from analysis.va import krippendorff_alpha, validate
from analysis.va.coding_sheets import read_key, read_sheets, write_sheets
from analysis.va.sample import draw_sample
from tests.memory import features_of
from tests.va.coding import FOUR, fill, naive_alpha, tidy, units_of, value

CODED = st.lists(
    st.tuples(st.integers(-1, 1), st.integers(-1, 1), st.integers(-1, 1), st.integers(-1, 1)),
    min_size=2,
    max_size=25,
)


def test_published_alphas_have_intervals_and_n():
    result = validate(tidy(FOUR))
    for metric, alpha in (("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)):
        row = value(result, "coders", "alpha", metric)
        assert (
            round(row["value"], 3) == alpha and row["n"] == 11 and row["low"] < alpha < row["high"]
        )
    assert (
        value(result, "coders", "alpha", "ordinal")["meets"]
        and result.params["metric"] == "ordinal"
    )
    both = value(result, "coders", "agreement", "A, B")
    assert np.isclose(both["value"], 8 / 9) and both["n"] == 9
    strict = validate(tidy(FOUR), bar=0.9)
    assert not value(strict, "coders", "alpha", "ordinal")["meets"]


def test_half_of_the_coders_are_no_majority():
    units = validate(tidy([(1, 2), (1, 1), (2, 2)]), draws=2).units
    assert units["majority"].fillna(0).tolist() == [0, 1, 2]


@settings(max_examples=settings.default.max_examples // 3)  # each is validated anew
@given(CODED)
def test_the_models_scores_are_those_of_scikit_learn_and_scipy(rows):
    predictions = pd.DataFrame(
        {"unit": [f"u{i}" for i in range(len(rows))], "predicted": [row[3] for row in rows]}
    )
    result = validate(tidy([row[:3] for row in rows]), predictions, draws=20)
    told = [(max(set(row[:3]), key=row[:3].count), row[3]) for row in rows if len(set(row[:3])) < 3]
    assert result.units["majority"].isna().sum() == len(rows) - len(told)
    if told:
        truth, predicted = zip(*told)
        labels = sorted({*truth, *predicted})
        for code, f1 in zip(
            labels, f1_score(truth, predicted, labels=labels, average=None, zero_division=0)
        ):
            assert np.isclose(value(result, "model", "f1", str(code))["value"], f1)
        assert np.isclose(
            value(result, "model", "macro F1", "")["value"],
            f1_score(truth, predicted, labels=labels, average="macro", zero_division=0),
        )
        np.testing.assert_allclose(
            value(result, "model", "alpha", "interval")["value"],
            naive_alpha(told, "interval"),
            equal_nan=True,
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = spearmanr([np.mean(row[:3]) for row in rows], [row[3] for row in rows]).statistic
    np.testing.assert_allclose(
        value(result, "model", "rank correlation", "mean code")["value"],
        wanted,
        atol=1e-8,
        equal_nan=True,
    )
    defined = result.table.dropna(subset=["low"])
    assert (defined["low"] <= defined["high"]).all() and result.paragraph()


def test_weights_make_of_a_stratified_sample_what_the_whole_would_give():
    """A unit of weight 3 counts as three units would."""
    rows = [(-1, -1), (0, 0), (1, 0), (0, 1), (1, 1), (-1, 0)]
    weights = [1, 3, 2, 1, 1, 2]
    codes = tidy([(truth,) for truth, _ in rows])
    model = pd.DataFrame(
        {
            "unit": codes["unit"],
            "predicted": [p for _, p in rows],
            "weight": np.array(weights, float),
        }
    )
    result = validate(codes, model, draws=10)
    truth, predicted = (np.repeat([row[i] for row in rows], weights) for i in (0, 1))
    assert np.isclose(
        value(result, "model", "macro F1", "")["value"], f1_score(truth, predicted, average="macro")
    )
    assert np.isclose(
        value(result, "model", "agreement", "majority")["value"], np.mean(truth == predicted)
    )
    assert np.isclose(
        value(result, "model", "rank correlation", "mean code")["value"],
        spearmanr(truth, predicted).statistic,
    )
    assert "weighted by the inverse of its chance" in result.paragraph() and np.isclose(
        result.confusion["weighted"].sum(), 1
    )


def test_intervals_hold_the_truth_of_a_planted_model():
    """A coder is right in 90 of 100 cases; a model in 80.

    Of many intervals of 95 %, about as many hold the truth of all units.
    """
    rng = np.random.default_rng(1)
    truth = rng.integers(-1, 2, 40_000)
    predicted = np.where(rng.random(len(truth)) < 0.8, truth, rng.integers(-1, 2, len(truth)))
    whole = f1_score(truth, predicted, average="macro")
    inside = 0
    for i in range(20):
        part = slice(i * 150, i * 150 + 150)
        model = pd.DataFrame({"unit": [f"u{j}" for j in range(150)], "predicted": predicted[part]})
        row = value(validate(tidy(truth[part, None]), model, draws=100), "model", "macro F1", "")
        inside += row["low"] <= whole <= row["high"]
    assert inside >= 17


def test_labels_are_nominal_and_classes_may_be_named_otherwise():
    codes = tidy([("good", "good"), ("bad", "bad"), ("bad", "good"), ("good", "good")])
    model = pd.DataFrame({"unit": ["u0", "u1", "u2", "u3"], "predicted": [1, 0, 0, 1]})
    result = validate(codes, model, classes={1: "good", 0: "bad"})
    assert value(result, "model", "macro F1", "")["value"] == 1 and "rank correlation" not in set(
        result.table["measure"]
    )
    assert set(result.table[result.table["measure"] == "alpha"]["of"]) == {"nominal"}
    model["predicted"] = [1, 2, 0, 1]
    assert (
        value(
            validate(codes, model, classes={1: "good", 0: "bad", 2: "mixed"}),
            "model",
            "f1",
            "mixed",
        )["value"]
        == 0
    )
    labelled = codes.assign(code=pd.Categorical(codes["code"], ["bad", "mixed", "good"]))
    assert validate(labelled).params["codes"] == ["bad", "mixed", "good"]
    assert (
        value(
            validate(
                tidy([(0, 0), (1, 1)]), pd.DataFrame({"unit": ["u0", "u1"], "predicted": [0, -1]})
            ),
            "model",
            "f1",
            "-1",
        )["value"]
        == 0
    )
    with pytest.raises(OptionError, match="metric must be one of 'nominal'"):
        validate(codes, metric="ordinal")


def test_the_whole_way_from_units_to_the_paragraph(tmp_path):
    units = units_of()
    sample = draw_sample(
        units, n=60, by="predicted", allocation="equal", overlap=0.5, coders=["Ada", "Ben"]
    )
    key = write_sheets(sample, tmp_path / "sheets")[0]
    for coder, sheet in sample.sheets.items():
        right = sample.table.set_index("unit").loc[sheet["unit"], "predicted"]
        fill(tmp_path / "sheets" / f"{coder}.csv", right)
    result = validate(read_sheets(tmp_path / "sheets", key), read_key(key), score="p_negative")
    assert value(result, "coders", "alpha", "ordinal")[["value", "n"]].tolist() == [1, 30]
    assert value(result, "model", "macro F1", "")["value"] == 1
    assert (
        "on sheets that showed neither the outlet nor what the model had said, 30 of them"
        in result.paragraph()
    )
    again = validate(read_sheets(tmp_path / "sheets", key), read_key(key), score="p_negative")
    pd.testing.assert_frame_equal(result.table, again.table)


@pytest.mark.parametrize(
    "codes, model, options, words",
    [
        (
            pd.DataFrame({"unit": [1]}),
            None,
            {},
            "codes must be a table with the columns unit, coder, code",
        ),
        (tidy([]), None, {}, "no unit has a code yet"),
        (pd.concat([tidy([(1, 1)])] * 2), None, {}, "codes unit u0 twice"),
        (tidy([(1, "a")]), None, {}, "codes must be all numbers or all labels (got 1, 'a')"),
        (
            tidy([(1, 1)]),
            {"unit": ["u0"]},
            {},
            "predictions must be a table with the columns unit, predicted",
        ),
        (
            tidy([(1, 1)]),
            {"unit": ["u0"], "predicted": [1]},
            {"score": "tone"},
            "(got one with ['unit', 'predicted'], without tone)",
        ),
        (tidy([(1, 1)]), {"unit": ["u0", "u0"], "predicted": [1, 1]}, {}, "hold unit 'u0' twice"),
        (
            tidy([(1, 1)]),
            {"unit": ["u0"], "predicted": ["positive"]},
            {},
            "predicted holds positive; allowed are the codes 1",
        ),
        (tidy([(1, 1)]), {"unit": ["u0"], "predicted": [0.4]}, {}, "predicted holds 0.4"),
        (tidy([(1, 1)]), {"unit": ["u1"], "predicted": [1]}, {}, "no coded unit has a prediction"),
        (
            tidy([(1, 1)]),
            {"unit": ["u0"], "predicted": [1], "weight": [0]},
            {},
            "weight must be a number above 0",
        ),
        (tidy([(1, 1)]), None, {"draws": 0}, "draws must be a whole number of at least 1 (got 0)"),
        (tidy([(1, 1)]), None, {"level": 1}, "level must be a number between 0 and 1 (got 1)"),
        (tidy([(1, 1)]), None, {"bar": 2}, "bar must be a number from -1 to 1 (got 2)"),
        (
            tidy([(1, 1)]),
            None,
            {"metric": "ratio"},
            "metric must be one of 'nominal', 'ordinal', 'interval' (got",
        ),
        (tidy([(1, 1)]), None, {"draws": "a"}, "(got 'a')"),
        (tidy([(1, 1)]), None, {"level": True}, "(got True)"),
        (tidy([(1, 1)]), None, {"f1_bar": -0.1}, "f1_bar must be a number from 0 to 1"),
        (tidy([(1, 1)]), None, {"least": 2.5}, "least must be a whole number"),
        (tidy([(1, 1)]), None, {"seed": -1}, "seed must be"),
        (tidy([(1, 1)]), None, {"classes": [1]}, "classes must map"),
        (tidy([(1, 1)]), None, {"classes": {"good": [1]}}, "classes must map"),
        (tidy([(1, 1)]), None, {"corpus": 5}, "a measure takes a corpus"),
        ([[1, 1]], None, {}, "(got a list, without unit, coder, code)"),
        (tidy([([1],)]), None, {}, "codes must be all numbers or all labels"),
    ],
)
def test_what_cannot_be_validated_is_an_error(codes, model, options, words):
    with pytest.raises(OptionError, match=re.escape(words)):
        validate(codes, None if model is None else pd.DataFrame(model), **options)


def test_references_stand_where_a_reader_looks():
    assert "10.1080/19312450709336664" in inspect.getdoc(
        validate
    ) and "Krippendorff, K. (2011)" in inspect.getdoc(krippendorff_alpha)


def test_a_validation_names_its_corpus():
    features = features_of({"a": "The mayor smiled."})
    params = validate(tidy([(1, 1), (0, 0)]), corpus=features, draws=5).params
    assert (params["corpus"], params["digest"]) == (features.corpus, features.digest)
    assert params["measured_on"] == "coded sheets"
    params = validate(tidy([(1, 1), (0, 0)]), draws=5).params
    assert (params["corpus"], params["digest"]) == ("in memory", "")


def test_its_figure_draws_each_interval_and_what_is_below_its_bar_in_orange():
    codes = tidy([(1, 1), (0, 1), (-1, 1), (0, 0), (1, 0), (-1, -1)] * 3)
    model = pd.DataFrame({"unit": [f"u{i}" for i in range(18)], "predicted": [0] * 18})
    result = validate(codes, model, draws=50)
    figure = pl.validate(result)
    (ax,) = figure.axes
    drawn = result.table[result.table["low"].notna()]
    drawn = drawn[(drawn["measure"] != "alpha") | drawn["bar"].notna()]
    below, others = (lines.get_segments() for lines in ax.collections)
    assert len(below) == (drawn["meets"] == False).sum()  # noqa: E712
    ends = sorted((low[0], high[0]) for low, high in [*below, *others])
    assert ends == sorted(zip(drawn["low"], drawn["high"]))
    assert figure.name == "validate" and figure.table.equals(result.table)
    assert figure.alt.startswith(result.finding)
    assert figure.subtitle.startswith("18 units coded by 2 coders, 18 by at least two.")
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert "model, class 0: F1" in names
    named = pl.validate(result, code_names={0: "neutral"}).axes[0].get_yticklabels()
    assert "model, class neutral: F1" in [label.get_text() for label in named]
    assert result.finding.startswith("Coders do not agree enough (alpha ")
    assert "the model stays below the bar (macro-F1 " in result.finding


def test_of_many_pairs_of_coders_those_that_agree_least_are_drawn():
    rng = np.random.default_rng(0)
    rows = [[i % 2 if rng.random() < 0.5 + 0.08 * c else 0 for c in range(6)] for i in range(80)]
    result = validate(tidy(rows, "ABCDEF"), draws=20)
    (ax,) = pl.validate(result).axes
    pairs = result.table[result.table["measure"] == "agreement"].sort_values("value", kind="stable")
    labels = {tick.get_text() for tick in ax.get_yticklabels()}
    least = {f"coders {pair}: same code" for pair in pairs["of"][:8]}
    assert labels == least | {"coders: Krippendorff's alpha, ordinal"}
    assert "7 pairs of coders that agree more are not shown." in pl.validate(result).subtitle


def test_a_validation_of_one_coder_has_an_empty_figure(tmp_path):
    result = validate(tidy([(1,), (0,)]), draws=5)
    figure = pl.validate(result)
    (ax,) = figure.axes
    assert [text.get_text() for text in ax.texts] == [result.finding]
    assert result.finding == "No agreement can be estimated from these codes"
    figure.save(tmp_path)
    assert (tmp_path / "validate.svg").is_file()
