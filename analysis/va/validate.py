"""Validation of a model against coders: how far they agree with each other, and it with them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from analysis.errors import OptionError, choose
from analysis.inference import generator
from analysis.results import Result, at_least
from analysis.va.agreement import METRICS, alphas, coincidences
from analysis.va.report import notes_of, paragraph_of
from analysis.va.scores import draws_of, f1_scores, mean_of, rank_correlation
from analysis.va.sheets import Codes

TABLE = ["who", "measure", "of", "value", "low", "high", "n", "bar", "meets"]


@dataclass(frozen=True, eq=False, repr=False)
class Validation(Result):
    """Agreement of coders, and of a model with them.

    Attributes
    ----------
    table : DataFrame
        who ("coders", "model"), measure ("alpha", "agreement", "f1", "macro F1", "rank
        correlation"), of (the metric, the pair of coders, or the class), value, low, high, n
        (units), bar (what is asked for; NaN if nothing is), meets (whether the value reaches it; NA
        if nothing is asked or the value is not defined).
    units : DataFrame
        unit, n_codes, majority (NA where no code has more than half), mean (of numeric codes),
        predicted, score, weight: one row per coded unit.
    confusion : DataFrame
        majority, predicted, n (units), weighted (share of the weight).
    classes : DataFrame
        code, n_coders (codes given), n_majority (units), n_predicted (units).
    """

    units: pd.DataFrame
    confusion: pd.DataFrame
    classes: pd.DataFrame

    def paragraph(self) -> str:
        """A paragraph for a methods section: what was coded by whom, how they agree, how the model
        agrees with them, and every reservation.
        """
        return paragraph_of(self)


def validate(
    codes: Codes | pd.DataFrame,
    predictions: pd.DataFrame | None = None,
    *,
    column: str = "predicted",
    score: str | None = None,
    classes: Mapping | None = None,
    metric: str | None = None,
    bar: float = 0.667,
    f1_bar: float = 0.7,
    least: int = 10,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Validation:
    """Measure how coders agree with each other, and a model with their majority.

    Parameters
    ----------
    codes : Codes or DataFrame
        What `read_sheets` gives, or a table of unit, coder, code (a categorical, if there are
        labels that no coder used). Numbers are taken as ordered, labels as nominal.
    predictions : DataFrame, optional
        `unit` and the model's class in `column`: the key of the sample does. Its `weight`, if it
        has one (units of the stratum for each that was drawn), weighs each unit's part in what is
        measured of the model; agreement of coders is never weighted.
    column : str
        The model's class: a code.
    score : str, optional
        A column of numbers for the rank correlation with the coders' mean code, such as an expected
        tone; the class if not given.
    classes : dict, optional
        Model's class → code, where they are named differently, such as {"negative": -1, "neutral":
        0, "positive": 1}.
    metric : {"nominal", "ordinal", "interval"}, optional
        The alpha that `bar` is asked of; "ordinal" for numbers, "nominal" for labels. For numbers,
        all three are reported.
    bar, f1_bar : float
        Least alpha and least F1 that are asked for. Krippendorff (2004) holds an alpha of at least
        .800 for reliable, and at least .667 for fit for tentative conclusions.
    least : int
        Units of a class below which a warning is given.
    draws, level, seed
        Bootstrap over units: number of draws, level of the interval, seed.

    Returns
    -------
    Validation
        A unit has a majority if more than half of its codes are the same; a unit without one counts
        for the mean code and among coders, not for F1 and the model's alpha. `notes` hold warnings.

    Raises
    ------
    OptionError
        If a column is missing, a unit is coded twice by one coder, or a class of the model is no
        code.

    References
    ----------
    Krippendorff, K. (2004). Content Analysis: An Introduction to Its Methodology, 2nd ed., chapter
    11. Sage.

    Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability. University of Pennsylvania.
    https://repository.upenn.edu/asc_papers/43

    Hayes, A. F., and Krippendorff, K. (2007). Answering the call for a standard reliability measure
    for coding data. Communication Methods and Measures 1(1).
    https://doi.org/10.1080/19312450709336664

    Examples
    --------
    >>> codes = pd.DataFrame({"unit": list("abcabc"), "coder": list("xxxyyy"), "code": [-1, 0, 1, -1, 0, 1]})
    >>> model = pd.DataFrame({"unit": list("abc"), "predicted": [-1, 0, 0]})
    >>> validate(codes, model, draws=10).table.query("measure == 'macro F1'")["value"].round(2).tolist()
    [0.56]
    """
    at_least("draws", draws, 1)
    at_least("least", least, 0)
    if not isinstance(level, Real) or isinstance(level, bool) or not 0 < level < 1:
        raise OptionError(
            f"level={level!r} was given; allowed are numbers between 0 and 1, such as 0.95."
        )
    for name, given in (("bar", bar), ("f1_bar", f1_bar)):
        if not isinstance(given, Real) or isinstance(given, bool) or not -1 <= given <= 1:
            raise OptionError(f"{name}={given!r} was given; allowed are numbers from -1 to 1.")
    table, allowed = _table(codes, _also(predictions, column, classes))
    numeric = all(not isinstance(code, str) for code in allowed)
    metric = ("ordinal" if numeric else "nominal") if metric is None else metric
    choose("metric", metric, METRICS if numeric else METRICS[:1])
    coders = list(dict.fromkeys(table["coder"]))
    wide = table.pivot(index="unit", columns="coder", values="place").reindex(
        index=list(dict.fromkeys(table["unit"])), columns=coders
    )
    counts = np.stack([(wide == i).to_numpy().sum(axis=1) for i in range(len(allowed))], axis=1)
    units = _units(wide.index, counts, allowed, numeric)
    scale = np.array(allowed, float) if numeric else np.arange(len(allowed), dtype=float)
    rows = _among_coders(
        wide, counts, scale, coders, METRICS if numeric else METRICS[:1], draws, seed
    )
    if predictions is not None:
        units = units.drop(columns=["predicted", "score", "weight"]).join(
            _predicted(predictions, units["unit"], column, score, classes, allowed, numeric)
        )
        rows += _of_model(
            units, scale, allowed, METRICS if numeric else METRICS[:1], numeric, draws, seed
        )
    estimates = []
    for who, measure, of, samples, n in rows:
        asked = (
            bar
            if measure == "alpha" and of == metric
            else f1_bar
            if measure in ("f1", "macro F1")
            else np.nan
        )
        value, low, high = _estimate(samples, level)
        estimates.append(
            (
                who,
                measure,
                of,
                value,
                low,
                high,
                n,
                asked,
                pd.NA if np.isnan(asked) or np.isnan(value) else bool(value >= asked),
            )
        )
    result = pd.DataFrame(estimates, columns=TABLE).astype({"meets": "boolean", "of": "str"})
    params = {
        "metric": metric,
        "bar": bar,
        "f1_bar": f1_bar,
        "least": least,
        "draws": draws,
        "level": level,
        "seed": seed,
        "coders": coders,
        "n_units": len(units),
        "n_overlap": int((units["n_codes"] > 1).sum()),
        "model": None if predictions is None else column,
        "score": score,
        "codes": list(allowed),
        "blind": isinstance(codes, Codes),
        "weighted": bool(units["weight"].nunique() > 1),
    }
    found = Validation(result, params, units, _confusion(units), _classes(units, counts, allowed))
    extra = codes.notes if isinstance(codes, Codes) else ()
    return Validation(
        result, params, units, found.confusion, found.classes, notes=(*extra, *notes_of(found))
    )


def _also(predictions: pd.DataFrame | None, column: str, classes: Mapping | None) -> set:
    """Codes that coders need not have used: those that classes stand for, or whole numbers that the
    model said.
    """
    if classes is not None:
        return set(classes.values())
    given = predictions[column] if predictions is not None and column in predictions.columns else ()
    return {
        int(p)
        for p in given
        if isinstance(p, Real)
        and not isinstance(p, bool)
        and p == p
        and abs(p) < 1000
        and float(p).is_integer()
    }


def _table(codes: Codes | pd.DataFrame, also: set) -> tuple[pd.DataFrame, tuple]:
    """unit, coder and the place of each code among all codes, which come in order."""
    table = codes.table if isinstance(codes, Codes) else codes
    if not isinstance(table, pd.DataFrame) or not {"unit", "coder", "code"} <= set(table.columns):
        raise OptionError(
            "codes must be what `read_sheets` gives, or a table with the columns unit, coder and"
            " code."
        )
    table = table.loc[table["code"].notna(), ["unit", "coder", "code"]]
    if not len(table):
        raise OptionError("no unit has a code yet; let coders fill in their sheets first.")
    doubled = table[table.duplicated(["unit", "coder"])]
    if len(doubled):
        raise OptionError(
            f"{doubled['coder'].iloc[0]} codes unit {doubled['unit'].iloc[0]} twice ({len(doubled)}"
            " such rows); keep one."
        )
    if isinstance(codes, Codes):
        allowed = codes.codes
    elif isinstance(table["code"].dtype, pd.CategoricalDtype):
        allowed = tuple(table["code"].cat.categories)
    else:
        used = set(table["code"].to_list())
        labels = {isinstance(code, str) for code in used}
        allowed = tuple(
            sorted(
                used | {code for code in also if isinstance(code, str) in labels},
                key=lambda code: (isinstance(code, str), code),
            )
        )
    if len({isinstance(code, str) for code in allowed}) > 1:
        raise OptionError(
            f"codes hold numbers and labels ({', '.join(map(repr, allowed))}); let them be one or"
            " the other."
        )
    allowed = tuple(sorted(allowed)) if not isinstance(allowed[0], str) else tuple(allowed)
    place = {code: i for i, code in enumerate(allowed)}
    return table.assign(place=[place[code] for code in table["code"]]), allowed


def _units(index: pd.Index, counts: np.ndarray, allowed: tuple, numeric: bool) -> pd.DataFrame:
    total = counts.sum(axis=1)
    most = counts.max(axis=1) * 2 > total
    majority = pd.Series(
        [allowed[i] if told else None for i, told in zip(counts.argmax(axis=1), most)],
        dtype="Float64" if numeric else "str",
    )
    mean = counts @ np.array(allowed, float) / total if numeric else np.full(len(index), np.nan)
    return pd.DataFrame(
        {
            "unit": index,
            "n_codes": total,
            "majority": majority,
            "mean": mean,
            "predicted": pd.Series(dtype=majority.dtype),
            "score": np.nan,
            "weight": 1.0,
        }
    )


def _predicted(
    predictions: pd.DataFrame,
    units: pd.Series,
    column: str,
    score: str | None,
    classes: Mapping | None,
    allowed: tuple,
    numeric: bool,
) -> pd.DataFrame:
    """The model's class, score and weight of each coded unit."""
    missing = [
        name
        for name in ("unit", column, *([score] if score else []))
        if name not in predictions.columns
    ]
    if missing:
        raise OptionError(
            f"predictions lack the column{'s' * (len(missing) > 1)} {', '.join(missing)}; they have"
            f" {', '.join(map(str, predictions.columns))}."
        )
    if predictions["unit"].duplicated().any():
        raise OptionError(
            "predictions hold unit"
            f" {predictions['unit'][predictions['unit'].duplicated()].iloc[0]!r} twice; keep one."
        )
    there = predictions.set_index("unit").reindex(units)
    said = [
        None if pd.isna(p) or p == "" else p if classes is None else classes.get(p, p)
        for p in there[column]
    ]
    wrong = sorted({str(p) for p in said if p is not None and p not in allowed})
    if wrong:
        raise OptionError(
            f"{column} holds {', '.join(wrong[:5])}; allowed are the codes"
            f" {', '.join(map(str, allowed))}. Say with `classes` which code each class is."
        )
    if all(p is None for p in said):
        raise OptionError(
            f"no coded unit has a prediction in {column}; give the key of the sample that was"
            " coded, with the model's class."
        )
    predicted = pd.Series(said, dtype="Float64" if numeric else "str")
    scores = (
        predicted.astype(float)
        if score is None and numeric
        else pd.to_numeric(there[score], errors="coerce")
        if score
        else np.nan
    )
    weight = (
        pd.to_numeric(there["weight"], errors="coerce")
        if "weight" in there
        else pd.Series(1.0, there.index)
    )
    if not (weight.where(predicted.notna().to_numpy(), 1.0) > 0).all():
        raise OptionError("weight must be a number above 0 for every unit that has a prediction.")
    return pd.DataFrame(
        {
            "predicted": predicted,
            "score": np.asarray(scores, float),
            "weight": weight.fillna(1.0).to_numpy(float),
        }
    )


def _among_coders(wide, counts, scale, coders, metrics, draws, seed) -> list[tuple]:
    """Rows of the table on the coders: who, measure, of, values in each draw (the first is the
    sample's own), number of units.
    """
    if len(coders) < 2:
        return []
    both = counts[counts.sum(axis=1) > 1]
    times = draws_of(len(both), draws, generator(seed, "validation", "coders"))
    pairs = _matrices(times, coincidences(both))
    rows = [
        ("coders", "alpha", metric, alphas(pairs, scale, metric), len(both)) for metric in metrics
    ]
    for a, b in itertools.combinations(coders, 2):
        shared = wide[[a, b]].dropna().to_numpy()
        same = (shared[:, 0] == shared[:, 1]).astype(float)
        times = draws_of(len(same), draws, generator(seed, "validation", a, b))
        rows.append(
            (
                "coders",
                "agreement",
                f"{a}, {b}",
                times @ same / len(same) if len(same) else np.full(draws + 1, np.nan),
                len(same),
            )
        )
    return rows


def _of_model(units, scale, allowed, metrics, numeric, draws, seed) -> list[tuple]:
    """Rows of the table on the model, as `_among_coders` has them."""
    place = {code: i for i, code in enumerate(allowed)}
    told = units[units["majority"].notna() & units["predicted"].notna()]
    truth, predicted = (
        np.array([place[code] for code in told[name]], np.int64)
        for name in ("majority", "predicted")
    )
    weight = told["weight"].to_numpy() / told["weight"].mean()
    times = draws_of(len(told), draws, generator(seed, "validation", "model")) * weight
    f1 = f1_scores(times, truth, predicted, len(allowed))
    rows = [
        ("model", "f1", str(code), f1[:, i], int((truth == i).sum()))
        for i, code in enumerate(allowed)
        if ((truth == i) | (predicted == i)).any()
    ]
    rows.append(("model", "macro F1", "", mean_of(f1), len(told)))
    pairs = _matrices(
        times, coincidences(np.eye(len(allowed))[truth] + np.eye(len(allowed))[predicted])
    )
    rows += [
        ("model", "alpha", metric, alphas(pairs, scale, metric), len(told)) for metric in metrics
    ]
    rows.append(
        (
            "model",
            "agreement",
            "majority",
            times @ (truth == predicted) / np.maximum(times.sum(axis=1), 1e-12),
            len(told),
        )
    )
    if numeric:
        known = units[units["score"].notna()]
        weight = known["weight"].to_numpy() / known["weight"].mean() if len(known) else np.ones(0)
        times = draws_of(len(known), draws, generator(seed, "validation", "rank")) * weight
        rows.append(
            (
                "model",
                "rank correlation",
                "mean code",
                rank_correlation(times, known["score"].to_numpy(), known["mean"].to_numpy()),
                len(known),
            )
        )
    return rows


def _matrices(times: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    return (times @ pairs.reshape(len(pairs), pairs.shape[1] ** 2)).reshape(
        len(times), pairs.shape[1], pairs.shape[1]
    )


def _estimate(samples: np.ndarray, level: float) -> tuple[float, float, float]:
    """The sample's own value, and the bounds of its draws; not rounded, but for the noise of the
    last digits.
    """
    drawn = samples[1:][~np.isnan(samples[1:])]
    if np.isnan(samples[0]) or not len(drawn):
        return float(samples[0]), np.nan, np.nan
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return tuple(float(np.round(x, 10)) for x in (samples[0], low, high))


def _confusion(units: pd.DataFrame) -> pd.DataFrame:
    told = units[units["majority"].notna() & units["predicted"].notna()]
    table = (
        told.groupby(["majority", "predicted"], observed=True)
        .agg(n=("unit", "size"), weighted=("weight", "sum"))
        .reset_index()
    )
    return (
        table.assign(weighted=table["weighted"] / table["weighted"].sum()) if len(table) else table
    )


def _classes(units: pd.DataFrame, counts: np.ndarray, allowed: tuple) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": pd.Series(list(allowed)),
            "n_coders": counts.sum(axis=0),
            "n_majority": [int((units["majority"] == code).sum()) for code in allowed],
            "n_predicted": [int((units["predicted"] == code).sum()) for code in allowed],
        }
    )
