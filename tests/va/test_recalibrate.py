"""Recalibration: a planted distortion of the probabilities comes back, and chance does not."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import softmax

from analysis import pl, tl, va
from analysis.errors import FeaturesError, OptionError
from tests.tl.test_tone import made


def coded(n=600, temperature=1.0, shifts=(0.0, 0.0, 0.0), seed=0):
    """Mentions whose true chances are the given ones divided by the temperature, then shifted."""
    rng = np.random.default_rng(seed)
    shares = softmax(1.5 * rng.standard_normal((n, 3)), axis=1)
    truth = softmax(np.log(shares) / temperature + shifts, axis=1)
    place = {
        "article_id": [f"a{i // 5}" for i in range(n)],
        "start": range(n),
        "end": range(1, n + 1),
        "actor": "mayor",
    }
    mentions = pd.DataFrame(place | dict(zip(("negative", "neutral", "positive"), shares.T)))
    units = [f"u{i}" for i in range(n)]
    key = pd.DataFrame({"unit": units, **place, "weight": 1.0})
    said = [rng.choice([-1, 0, 1], p=row) for row in truth]
    return pd.DataFrame({"unit": units, "coder": "ada", "code": said}), key, mentions, truth


def test_a_planted_distortion_is_undone():
    codes, key, mentions, truth = coded(3000, temperature=2.0, shifts=(1.0, 0.0, -0.5))
    found = va.recalibrate(codes, key, mentions)
    assert found.temperature == pytest.approx(2, abs=0.3)
    assert found.shifts == pytest.approx((1, 0, -0.5), abs=0.2)
    before, after = found.table["loss"]
    assert found.helps and after < before - 0.1
    shares = mentions[["negative", "neutral", "positive"]].to_numpy()
    assert np.abs(found.apply(shares) - truth).mean() < 0.02 < np.abs(shares - truth).mean()
    assert found.table["calibration_error"][1] < 0.02 < found.table["calibration_error"][0]
    assert "3,000 coded mentions" in found.finding


def test_where_nothing_is_wrong_little_changes_and_it_says_that_it_does_not_help():
    codes, key, mentions, _ = coded(300)
    found = va.recalibrate(codes, key, mentions)
    assert found.temperature == pytest.approx(1, abs=0.3)
    assert found.shifts == pytest.approx((0, 0, 0), abs=0.4)
    assert found.table["loss"][1] == pytest.approx(found.table["loss"][0], abs=0.02)
    assert ("does not help" in found.finding) == (not found.helps)


def test_codes_of_a_stratum_count_by_its_weight():
    codes, key, mentions, _ = coded(400)
    odd = np.arange(400) % 2 == 1
    codes["code"] = np.where(odd, -1, 1)
    light, heavy = (
        va.recalibrate(codes, key.assign(weight=np.where(odd, w, 1.0)), mentions) for w in (1, 20)
    )
    assert heavy.shifts[0] - heavy.shifts[2] > light.shifts[0] - light.shifts[2] + 0.5


def test_what_cannot_be_fitted_is_refused():
    codes, key, mentions, _ = coded(40)
    with pytest.raises(OptionError, match="-1"):
        va.recalibrate(codes.assign(code=5), key, mentions)
    with pytest.raises(OptionError, match="20 coded mentions"):
        va.recalibrate(codes.head(20), key, mentions)
    with pytest.raises(OptionError, match="needed are 30"):
        va.recalibrate(codes, key, mentions.assign(actor="baker"))
    with pytest.raises(OptionError, match="negative"):
        va.recalibrate(codes, key, mentions.drop(columns="negative"))
    with pytest.raises(OptionError, match="folds"):
        va.recalibrate(codes, key, mentions, folds=1)


def test_tone_is_measured_with_it_and_says_so():
    features = made([("a1", s, "mayor", "name", "outlet", "", 0.1, 0.2) for s in range(6)])
    codes, key, mentions, _ = coded(shifts=(2.0, 0.0, 0.0))
    found = va.recalibrate(codes, key, mentions)
    plain, fitted = (tl.tone(features, draws=2, calibration=one) for one in (None, found))
    shares = fitted.mentions[["negative", "neutral", "positive"]].to_numpy()
    expected = found.apply(plain.mentions[["negative", "neutral", "positive"]].to_numpy())
    assert np.allclose(shares, expected) and not np.allclose(shares[:, 0], 0.1, atol=0.05)
    assert np.allclose(fitted.mentions["tone"], shares[:, 2] - shares[:, 0])
    assert any("600 coded mentions" in note for note in fitted.notes)
    assert "Recalibrated by 600 coded mentions" in pl.tone(fitted).subtitle
    assert "ecalibrated" not in pl.tone(plain).subtitle
    classes = made([("a1", s, "mayor", "name", "outlet", "", 1.0, 0.0) for s in range(6)])
    with pytest.raises(FeaturesError, match="classes"):
        tl.tone(classes, draws=2, calibration=found)
