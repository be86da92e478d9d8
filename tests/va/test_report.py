"""The notes hold every warning, the paragraph every number and every warning."""

import numpy as np
import pandas as pd
import pytest

from analysis.va import validate
from analysis.va.report import paragraph_of
from tests.va.coding import tidy, value


def test_warnings_are_in_the_notes_and_in_the_paragraph():
    codes = tidy([(1, 1), (0, 1), (-1, 1), (0, 0), (1, 0), (-1, -1)] * 2)
    model = pd.DataFrame({"unit": [f"u{i}" for i in range(11)], "predicted": [0] * 11})
    result = validate(codes, model)
    notes = " ".join(result.notes)
    for words in (
        "Krippendorff's alpha (ordinal) among the coders is",
        "below the bar of .667",
        "Macro-averaged F1 of the model",
        "Fewer than 10 units have the code -1 (2), 0 (2), 1 (2)",
        "6 of 12 units have no code by a majority",
        "flatter",
        "1 of 12 coded units have no prediction",
    ):
        assert words in notes, words
        assert words in result.paragraph()
    one = validate(codes[codes["coder"] == "A"], model)
    assert (
        "Only one coder, A" in one.notes[0]
        and "is not known" in one.paragraph()
        and not (one.table["who"] == "coders").any()
    )
    apart = validate(
        pd.concat([codes[codes["coder"] == "A"][:6], codes[codes["coder"] == "B"][6:]])
    )
    assert any("No unit was coded by two" in note for note in apart.notes) and apart.paragraph()
    same = validate(tidy([(1, 1), (1, 1)]))
    assert (
        any("alpha is not defined" in note for note in same.notes)
        and "not defined" in same.paragraph()
    )
    wide = validate(tidy([(1, 1), (0, 0), (0, 0), (1, 0)] * 3))
    assert any(
        "its interval reaches down to" in note or "below the bar" in note for note in wide.notes
    )


def test_the_paragraph_says_every_number():
    rng = np.random.default_rng(2)
    truth = rng.integers(-1, 2, 120)

    def noisy(share):
        return np.where(rng.random(120) < share, truth, rng.integers(-1, 2, 120))

    codes = tidy(np.stack([noisy(0.95), noisy(0.95), noisy(0.95)], axis=1))
    model = pd.DataFrame(
        {
            "unit": [f"u{i}" for i in range(120)],
            "predicted": noisy(0.9),
            "tone": rng.normal(size=120),
        }
    )
    result = validate(codes, model, score="tone")
    said = result.paragraph()
    assert result.table["meets"].dropna().all()
    numbers = [
        f"{value(result, 'coders', 'alpha', 'ordinal')[c]:.3f}".lstrip("0")
        for c in ("value", "low", "high")
    ]
    numbers += [
        f"{value(result, 'model', measure, of)[c]:.3f}".replace("0.", ".")
        for measure, of in (
            ("macro F1", ""),
            ("f1", "-1"),
            ("f1", "0"),
            ("f1", "1"),
            ("alpha", "ordinal"),
            ("rank correlation", "mean code"),
        )
        for c in ("value", "low", "high")
    ]
    for words in (
        *numbers,
        "120 units were coded by 3 coders, 120 of them by at least two",
        "ordinal metric",
        "10.1080/19312450709336664",
        "asked for: .667",
        "1,000 bootstrap draws",
        "the model's tone",
        "95 % interval",
    ):
        assert words in said, words
    assert "sheets that told neither" not in said, (
        "nobody knows whether a table of codes comes from blind sheets"
    )


@pytest.mark.parametrize(
    "alpha, bar, grade",
    [
        (0.9, 0.667, "which is held to be reliable"),
        (0.8, 0.667, "which is held to be reliable"),  # Krippendorff (2004): at least .800
        (0.799, 0.667, "which allows tentative conclusions only"),
        (0.667, 0.667, "which allows tentative conclusions only"),
        (0.66, 0.667, "which is too low to draw conclusions from"),
        (0.7, 0.75, "which is too low to draw conclusions from"),
        (0.82, 0.9, "which is held to be reliable"),
    ],
)
def test_the_paragraph_grades_alpha_as_the_literature_does(alpha, bar, grade):
    result = validate(tidy([(1, 1), (0, 0), (-1, -1), (1, 0)] * 6))
    table = result.table.copy()
    own = (table["who"] == "coders") & (table["measure"] == "alpha")
    table.loc[own, "value"] = alpha
    assert own.any() and grade in paragraph_of(table, result.params | {"bar": bar}, ())
