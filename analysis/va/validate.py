"""Validation of a model against coders: how far they agree with each other, and it with them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import OptionError
from analysis.features import Features, features_of
from analysis.inference import generator, interval
from analysis.options import Number, check_choice, check_options
from analysis.results import Result
from analysis.va.agreement import METRICS, alphas, coincidences
from analysis.va.coding_sheets import AUDIT, Codes, checked_machines
from analysis.va.report import (
    MACHINE,
    audit_sentences,
    finding_of,
    notes_of,
    paragraph_of,
    version_sentence,
)
from analysis.va.sample import check_columns
from analysis.va.scores import f1_scores, mean_of, rank_correlation, samples_of
from analysis.views import origin


@dataclass(frozen=True, eq=False, repr=False)
class Validation(Result):
    """Agreement of coders, and of a model with them.

    Attributes
    ----------
    table : DataFrame
        One row an estimate.

        =========  ========  ==================================================================
        column     unit      meaning
        =========  ========  ==================================================================
        who                  "coders", "model", or "machine" and the name of a coder that is one
        measure              "alpha", "agreement", "f1", "macro F1" or "rank correlation"
        of                   the metric, the pair of coders, or the class
        value      -1 to 1   NaN where it is not defined
        low, high  -1 to 1   interval; NaN where it is not defined
        n          units     that the estimate rests on
        bar        -1 to 1   what is asked for; NaN if nothing is
        meets      boolean   whether the value reaches its bar; NA without value or bar
        =========  ========  ==================================================================
    units : DataFrame
        One row a coded unit.

        =========  ======  =======================================================
        column     unit    meaning
        =========  ======  =======================================================
        unit               id
        n_codes    codes   given
        majority           the code of more than half of them; NA if there is none
        mean               of numeric codes
        predicted          the model's class, as a code; NA if there is none
        score              what is correlated with the mean code
        weight             units of the stratum for each that was drawn
        =========  ======  =======================================================
    confusion : DataFrame
        majority, predicted, n (units), weighted (share of the weight, 0 to 1).
    classes : DataFrame
        code, n_coders (codes given), n_majority (units), n_predicted (units).
    machines : DataFrame
        The confusion of each machine that coded beside people: machine, majority (of the people),
        code (that the machine gave), n (units).
    audit : DataFrame
        Who coded what, when, and by which file: `sheets` of `read_sheets`; of a table of codes its
        coders alone.
    """

    units: pd.DataFrame
    confusion: pd.DataFrame
    classes: pd.DataFrame
    machines: pd.DataFrame
    audit: pd.DataFrame

    @property
    def finding(self) -> str:
        """Whether coders agree, and whether the model reaches what was asked for."""
        return finding_of(self.table)

    def paragraph(self) -> str:
        """A paragraph for a methods section.

        It says who coded what, how the coders agree, how the model agrees with them, and every
        reservation.
        """
        return paragraph_of(self.table, self.params, self.notes)

    def methods(self) -> str:
        """The same, with the sheets' digests and the version that computed it."""
        return " ".join([self.paragraph(), *audit_sentences(self.audit), version_sentence(self)])


def validate(
    codes: Codes | pd.DataFrame,
    predictions: pd.DataFrame | None = None,
    *,
    corpus: Corpus | Features | None = None,
    column: str = "predicted",
    score: str | None = None,
    classes: Mapping | None = None,
    metric: str | None = None,
    bar: float = 0.667,
    f1_bar: float = 0.7,
    least: int = 10,
    machines: Mapping[str, str] | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Validation:
    """Measure how coders agree with each other, and a model with their majority.

    Coders that are machines are held against the people's majority, as the model is; they are no
    part of it, nor of the people's agreement. Where no person coded, machines stand for the coders,
    and a note says so.

    Parameters
    ----------
    codes : Codes or DataFrame
        What `read_sheets` returns, or a table of unit, coder, code (a categorical, if there are
        labels that no coder used). Numbers are taken as ordered, labels as nominal.
    predictions : DataFrame, optional
        `unit` and the model's class in `column`, such as the key of the sample. If it has a
        `weight` (units of the stratum for each that was drawn), estimates of the model are
        weighted by it; agreement of coders never is.
    corpus : Corpus or Features, optional
        What the coded units are from: names the result, and the folder of its figure.
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
    bar : float
        Least alpha that is asked for, from -1 to 1. Krippendorff (2004) calls codes reliable at
        .800, and allows tentative conclusions from .667.
    f1_bar : float
        Least F1 that is asked for, from 0 to 1.
    least : int
        Units of a class below which a warning is given.
    machines : dict of coder to str, optional
        Coders that are no people, and what each is; those of `read_sheets` if not given.
    draws : int
        Bootstrap samples of the units.
    level : float
        Of the intervals, between 0 and 1.
    seed : int

    Returns
    -------
    Validation
        A unit has a majority if more than half of its codes are the same; a unit without one counts
        for the mean code and among coders, not for F1 and the model's alpha.

    Raises
    ------
    OptionError
        If a column is missing, a unit is coded twice by one coder, a class of the model is no code,
        or an option is not allowed.

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
    >>> import analysis as tw
    >>> corpus = tw.load("harbour")
    >>> coding = corpus.folder / "gold" / "coding"
    >>> key = tw.va.read_key(coding / "key.csv")
    >>> codes = tw.va.read_sheets(coding / "sheets", key)
    >>> result = tw.va.validate(codes, key, corpus=corpus, score="tone")
    >>> result.table.query("bar > 0")[["who", "measure", "of", "value", "n", "meets"]].round(2)
           who   measure       of  value    n  meets
    1   coders     alpha  ordinal   0.94  120   True
    6    model        f1       -1   0.31   32  False
    7    model        f1        0   0.79   79   True
    8    model        f1        1   0.24    9  False
    9    model  macro F1            0.45  120  False
    11   model     alpha  ordinal   0.06  120  False
    """
    options = {"bar": bar, "f1_bar": f1_bar, "least": least}
    options |= {"draws": draws, "level": level, "seed": seed}
    check_options(**options)
    about = {"corpus": "in memory", "digest": ""} if corpus is None else origin(features_of(corpus))
    if classes is not None and not (isinstance(classes, Mapping) and _one_kind(classes.values())):
        raise OptionError(f"classes must map the model's classes to codes (got {classes!r:.80})")
    if predictions is not None:
        scores = [] if score is None else [score]
        check_columns("predictions", predictions, ["unit", column, *scores])
    table = _given(codes)
    if machines is None and isinstance(codes, Codes):
        machines = codes.params["machines"]
    machines = checked_machines(machines, list(table["coder"].unique()))
    allowed = _allowed(codes, table["code"], _model_codes(predictions, column, classes))
    if metric is None:
        metric = "ordinal" if _numeric(allowed) else "nominal"
    check_choice("metric", metric, _metrics(allowed))

    is_machine = table["coder"].isin(list(machines))
    people = table if is_machine.all() else table[~is_machine]
    coders = list(people["coder"].unique())
    wide = people.pivot(index="unit", columns="coder", values="code").astype(object)
    wide = wide.reindex(index=people["unit"].unique(), columns=coders)
    counts = pd.DataFrame({code: (wide == code).sum(axis=1) for code in allowed})
    units = _units(counts)
    rows = _among_coders(wide, counts.to_numpy(), allowed, draws, seed)
    if predictions is not None:
        found = _predicted(predictions, units["unit"], column, score, classes, allowed)
        units[["predicted", "score", "weight"]] = found
        rows += _of_model(units, allowed, draws, seed)
    beside = {} if is_machine.all() else _beside(units, table, machines)
    for machine, coded in beside.items():
        rows += _of_model(coded, allowed, draws, seed, f"{MACHINE}{machine}")
    result = pd.DataFrame(
        [(*row[:3], *_estimate(row[3], level), row[4]) for row in rows],
        columns=["who", "measure", "of", "value", "low", "high", "n"],
    ).astype({"of": "str"})
    asked_alpha = (result["measure"] == "alpha") & (result["of"] == metric)
    asked_f1 = result["measure"].isin(["f1", "macro F1"])
    result["bar"] = np.select([asked_alpha, asked_f1], [bar, f1_bar], np.nan)
    known = result[["value", "bar"]].notna().all(axis=1)
    result["meets"] = (result["value"] >= result["bar"]).astype("boolean").where(known)
    blind = isinstance(codes, Codes)
    params = about | {"measured_on": "coded sheets", "metric": metric} | options
    n_overlap, weighted = int((units["n_codes"] > 1).sum()), units["weight"].nunique() > 1
    params |= {"coders": coders, "n_units": len(units), "n_overlap": n_overlap}
    params |= {"model": None if predictions is None else column, "score": score}
    params |= {"machines": machines}
    params |= {"codes": list(allowed), "blind": blind, "weighted": bool(weighted)}
    params["class_names"] = {str(code): str(name) for name, code in (classes or {}).items()}
    classes = _classes(units, counts)
    notes = (*(codes.notes if blind else ()), *notes_of(result, params, units, classes))
    confused = {machine: _confusion(coded) for machine, coded in beside.items()}
    return Validation(
        result,
        params,
        units,
        _confusion(units),
        classes,
        _of_machines(confused),
        _audit(codes, table, machines),
        notes=notes,
    )


def _beside(
    units: pd.DataFrame, table: pd.DataFrame, machines: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """The units that people coded with what each machine gave them, as `_of_model` takes them."""
    kind, beside = units["majority"].dtype, {}
    for machine in machines:
        given = table[table["coder"] == machine].set_index("unit")["code"].astype(object)
        said = units["unit"].map(given)
        coded = units.assign(predicted=said.astype(kind), weight=1.0)
        coded["score"] = coded["predicted"].astype(float) if kind == "Float64" else np.nan
        beside[machine] = coded
    return beside


def _of_machines(confused: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    columns = ["machine", "majority", "code", "n"]
    parts = [
        pairs.assign(machine=machine).rename(columns={"predicted": "code"})[columns]
        for machine, pairs in confused.items()
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _audit(
    codes: Codes | pd.DataFrame, table: pd.DataFrame, machines: Mapping[str, str]
) -> pd.DataFrame:
    """Who coded what, when, by which file."""
    if isinstance(codes, Codes):
        return codes.sheets.assign(machine=[machines.get(c, "") for c in codes.sheets["coder"]])
    n = table["coder"].value_counts(sort=False)
    trail = pd.DataFrame({"coder": n.index, "n_codes": n.to_numpy()})
    trail = trail.assign(machine=[machines.get(coder, "") for coder in n.index])
    return trail.reindex(columns=AUDIT, fill_value="")


def _one_kind(codes: Iterable) -> bool:
    """Whether codes are all numbers, or all labels."""
    return any(all(isinstance(code, kind) for code in codes) for kind in (Real, str))


def _numeric(codes: Sequence) -> bool:
    return not isinstance(codes[0], str)


def _metrics(codes: Sequence) -> Sequence[str]:
    return METRICS if _numeric(codes) else METRICS[:1]


def _model_codes(predictions: pd.DataFrame | None, column: str, classes: Mapping | None) -> set:
    """Codes that coders need not have used: those of `classes`, or whole numbers of the model."""
    if classes is not None:
        return set(classes.values())
    given = () if predictions is None else predictions[column]
    return {int(p) for p in given if Number(-999, 999).admits(p) and p == int(p)}


def _given(codes: Codes | pd.DataFrame) -> pd.DataFrame:
    """The codes that were given, each unit once for each coder."""
    table = codes.table if isinstance(codes, Codes) else codes
    check_columns("codes", table, ["unit", "coder", "code"])
    table = table.loc[table["code"].notna(), ["unit", "coder", "code"]]
    if table.empty:
        raise OptionError("no unit has a code yet; let coders fill in their sheets first.")
    doubled = table[table.duplicated(["unit", "coder"])]
    if len(doubled):
        raise OptionError(
            f"{doubled['coder'].iloc[0]} codes unit {doubled['unit'].iloc[0]} twice ({len(doubled)}"
            " such rows); keep one."
        )
    return table


def _allowed(codes: Codes | pd.DataFrame, given: pd.Series, also: set) -> tuple:
    """All codes, in order: those of the key or the categories, or those that were used."""
    allowed: Sequence
    if isinstance(codes, Codes):
        allowed = codes.codes
    elif isinstance(given.dtype, pd.CategoricalDtype):
        allowed = tuple(given.cat.categories)
    else:
        used = given.to_list()
        alike = {code for code in also if isinstance(code, str) == isinstance(used[0], str)}
        allowed = sorted({*used, *alike}) if _one_kind(used) else used
    if not _one_kind(allowed):
        listed = ", ".join(map(repr, allowed[:5]))
        raise OptionError(f"codes must be all numbers or all labels (got {listed})")
    return tuple(allowed if isinstance(allowed[0], str) else sorted(allowed))


def _units(counts: pd.DataFrame) -> pd.DataFrame:
    """One row a unit, from how many coders gave it each code; nothing of the model yet."""
    total, numeric = counts.sum(axis=1), _numeric(counts.columns)
    kind = "Float64" if numeric else "str"
    majority = counts.idxmax(axis=1).where(counts.max(axis=1) * 2 > total)
    mean = counts @ counts.columns.to_numpy(float) / total if numeric else np.nan
    units = pd.DataFrame({"n_codes": total, "majority": majority.astype(kind), "mean": mean})
    units["predicted"] = pd.Series(dtype=kind)
    return units.assign(score=np.nan, weight=1.0).rename_axis("unit").reset_index()


def _predicted(
    predictions: pd.DataFrame,
    units: pd.Series,
    column: str,
    score: str | None,
    classes: Mapping | None,
    allowed: tuple,
) -> pd.DataFrame:
    """The model's class, score and weight of each coded unit."""
    doubled = predictions["unit"][predictions["unit"].duplicated()]
    if len(doubled):
        raise OptionError(f"predictions hold unit {doubled.iloc[0]!r} twice; keep one.")
    found = predictions.set_index("unit", drop=False).reindex(units).reset_index(drop=True)
    said = found[column].astype(object).replace("", None)
    said = said.where(said.notna(), None).map(lambda given: (classes or {}).get(given, given))
    wrong = sorted({str(given) for given in said.dropna() if given not in allowed})
    if wrong:
        raise OptionError(
            f"{column} holds {', '.join(wrong[:5])}; allowed are the codes"
            f" {', '.join(map(str, allowed))}. Say with `classes` which code each class is."
        )
    if said.isna().all():
        raise OptionError(
            f"no coded unit has a prediction in {column}; give the key of the sample that was"
            " coded, with the model's class."
        )
    numeric = _numeric(allowed)
    predicted = said.astype("Float64" if numeric else "str")
    if score is not None:
        scores = pd.to_numeric(found[score], errors="coerce").astype(float)
    else:
        scores = predicted.astype(float) if numeric else np.nan
    weight = pd.to_numeric(found.get("weight", pd.Series(1.0, found.index)), errors="coerce")
    if not (weight[predicted.notna()] > 0).all():
        raise OptionError("weight must be a number above 0 for every unit that has a prediction.")
    return pd.DataFrame({"predicted": predicted, "score": scores, "weight": weight.fillna(1.0)})


def _among_coders(
    wide: pd.DataFrame, counts: np.ndarray, allowed: tuple, draws: int, seed: int
) -> list[tuple]:
    """Rows on the coders: who, measure, of, values in the sample and each resample, units."""
    if wide.shape[1] < 2:
        return []
    shared = counts[counts.sum(axis=1) > 1]
    times = samples_of(len(shared), draws, generator(seed, "validation", "coders"))
    rows = _alphas("coders", shared, times, allowed)
    for a, b in itertools.combinations(wide.columns, 2):
        both = wide[[a, b]].dropna()
        same = (both[a] == both[b]).to_numpy(float)
        times = samples_of(len(same), draws, generator(seed, "validation", a, b))
        share = times @ same / len(same) if len(same) else np.full(draws + 1, np.nan)
        rows.append(("coders", "agreement", f"{a}, {b}", share, len(same)))
    return rows


def _of_model(
    units: pd.DataFrame, allowed: tuple, draws: int, seed: int, who: str = "model"
) -> list[tuple]:
    """Rows on the model, or a machine that coded, as `_among_coders` has them."""
    known = units.dropna(subset=["majority", "predicted"])
    n = len(known)
    truth, predicted = (
        pd.Index(allowed, dtype=object).get_indexer(known[name].astype(object))
        for name in ("majority", "predicted")
    )
    times = _weighted_samples(known, draws, generator(seed, "validation", who))
    f1 = f1_scores(times, truth, predicted, len(allowed))
    rows = [
        (who, "f1", str(code), f1[:, i], int((truth == i).sum()))
        for i, code in enumerate(allowed)
        if i in truth or i in predicted
    ]
    rows.append((who, "macro F1", "", mean_of(f1), n))
    counts = np.eye(len(allowed))[truth] + np.eye(len(allowed))[predicted]
    rows += _alphas(who, counts, times, allowed)
    share = times @ (truth == predicted) / np.maximum(times.sum(axis=1), 1e-12)
    rows.append((who, "agreement", "majority", share, n))
    if _numeric(allowed):
        known = units.dropna(subset=["score"])
        ranked = ("rank",) if who == "model" else ("rank", who)
        times = _weighted_samples(known, draws, generator(seed, "validation", *ranked))
        rank = rank_correlation(times, known["score"].to_numpy(), known["mean"].to_numpy())
        rows.append((who, "rank correlation", "mean code", rank, len(known)))
    return rows


def _alphas(who: str, counts: np.ndarray, times: np.ndarray, allowed: tuple) -> list[tuple]:
    pairs = np.tensordot(times, coincidences(counts), 1)
    return [
        (who, "alpha", metric, alphas(pairs, np.array(allowed), metric), len(counts))
        for metric in _metrics(allowed)
    ]


def _weighted_samples(units: pd.DataFrame, draws: int, rng: np.random.Generator) -> np.ndarray:
    weight = units["weight"] / units["weight"].mean()
    return samples_of(len(units), draws, rng) * weight.to_numpy()


def _estimate(samples: np.ndarray, level: float) -> tuple[float, ...]:
    """The whole sample's value and its bounds; rounded, so that round-off makes no difference."""
    low, high = np.nan, np.nan
    if not np.isnan(samples[0]) and not np.isnan(samples[1:]).all():
        low, high = map(float, interval(samples[1:], level))
    return tuple(float(np.round(x, 10)) for x in (samples[0], low, high))


def _confusion(units: pd.DataFrame) -> pd.DataFrame:
    pairs = units.groupby(["majority", "predicted"])
    table = pairs.agg(n=("unit", "size"), weighted=("weight", "sum")).reset_index()
    return table.assign(weighted=table["weighted"] / table["weighted"].sum())


def _classes(units: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame({"code": counts.columns, "n_coders": counts.sum().to_numpy()})
    for name in ("majority", "predicted"):
        table[f"n_{name}"] = [int((units[name] == code).sum()) for code in counts.columns]
    return table
