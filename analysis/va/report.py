"""Sentences on a validation: the finding, the warnings, and the paragraph for a methods section."""

from __future__ import annotations

import importlib.metadata

import numpy as np
import pandas as pd

from analysis.methods import SHORT
from analysis.results import count

RELIABLE = 0.8
MACHINE = "machine "  # before its name, where others are "coders" and "model"
REFERENCE = (
    "(Krippendorff 2004; Hayes and Krippendorff 2007, https://doi.org/10.1080/19312450709336664)"
)
_MEASURES = {
    ("coders", "alpha"): "Krippendorff's alpha ({of}) among the coders",
    ("model", "alpha"): "Krippendorff's alpha ({of}) between model and coders",
    ("model", "f1"): "F1 of {of} of the model",
    ("model", "macro F1"): "Macro-averaged F1 of the model",
}
_ONE_CODER = (
    "Only one coder, {coder}: reliability is unknown. Let a second one code part of the units."
)
_NO_OVERLAP = (
    "No unit was coded by two coders: reliability is unknown. Let coders share units (overlap)."
)
_SAME_CODE = "The coders gave all shared units the same code: alpha is not defined."
_WIDE = "is {value}, but its interval reaches down to {low}, below the bar of {bar}."
_FEW = "Fewer than {least} units have the code {codes} by majority: too few for reliable estimates."
_SPLIT = (
    "{split} of {n} units have no code by a majority of their coders. They are left out of F1 and"
    " of the model's alpha, and are the harder ones: these values flatter the model."
)
_UNKNOWN = (
    "{unknown} of {n} coded units have no prediction and are left out of the model's estimates."
)
_MACHINES_ONLY = (
    "All coders are machines ({listed}): their agreement is not that of people, and they may share"
    " blind spots. Let people code part of the units."
)
_MACHINE = (
    "{machine} is a machine ({what}). It coded {n} of the units that people coded, and is no part"
    " of their majority. Beside it its macro-averaged F1 was {f1}, its alpha {alpha}."
)
_TRAIL = "{coder}{machine} gave {n} codes{when} ({file}, sha256 {digest})."
_RANK = "Spearman's rank correlation of {what} with the coders' mean code was {value} ({n} units)."
_WEIGHTED = (
    "The sample was stratified; in what is said of the model, each unit was weighted by the inverse"
    " of its chance to be drawn."
)


def finding_of(table: pd.DataFrame) -> str:
    """Whether coders agree, and whether the model reaches what was asked for, in one sentence."""
    asked = table[table["bar"].notna() & table["low"].notna()]
    found = []
    for row in asked.itertuples():
        if (row.who, row.measure) == ("coders", "alpha"):
            verb = "agree" if row.meets else "do not agree enough"
            found.append(f"coders {verb} (alpha {row.value:.2f})")
        elif (row.who, row.measure) == ("model", "macro F1"):
            verb = "meets" if row.meets else "stays below"
            found.append(f"the model {verb} the bar (macro-F1 {row.value:.2f})")
    finding = "; ".join(found) or "no agreement can be estimated from these codes"
    return finding[0].upper() + finding[1:]


def notes_of(
    table: pd.DataFrame, params: dict, units: pd.DataFrame, classes: pd.DataFrame
) -> list[str]:
    """Warnings: what is below its bar, classes with few units, one coder, units left out."""
    notes = []
    if len(params["coders"]) < 2:
        notes.append(_ONE_CODER.format(coder=params["coders"][0]))
    elif not params["n_overlap"]:
        notes.append(_NO_OVERLAP)
    elif np.isnan(_row(table, "coders", "alpha", params["metric"]).value):
        notes.append(_SAME_CODE)
    machines = params["machines"]
    if machines and set(params["coders"]) <= set(machines):
        listed = ", ".join(f"{name}: {what}" for name, what in machines.items())
        notes.append(_MACHINES_ONLY.format(listed=listed))
    for row in table[table["meets"].notna()].itertuples():
        name, bar = _measured(row), _number(row.bar)
        if not row.meets:
            coded = (row.who, row.measure) == ("coders", "alpha")
            end = "; draw no conclusions from these codes." if coded else "."
            notes.append(f"{name} is {_number(row.value)}, below the bar of {bar}{end}")
        elif row.low < row.bar and row.measure != "f1":
            wide = _WIDE.format(value=_number(row.value), low=_number(row.low), bar=bar)
            notes.append(f"{name} {wide}")
    few = classes[classes["n_majority"] < params["least"]]
    if len(few):
        listed = ", ".join(f"{row.code} ({row.n_majority})" for row in few.itertuples())
        notes.append(_FEW.format(least=params["least"], codes=listed))
    if split := int(units["majority"].isna().sum()):
        notes.append(_SPLIT.format(split=split, n=len(units)))
    if params["model"] is not None and (unknown := int(units["predicted"].isna().sum())):
        notes.append(_UNKNOWN.format(unknown=unknown, n=len(units)))
    return notes


def _measured(row) -> str:
    """What a row estimates: a machine is held against people as the model is."""
    if row.who.startswith(MACHINE):
        said = _MEASURES["model", row.measure].format(of=row.of)
        return said.replace("the model", row.who).replace("between model", f"between {row.who}")
    return _MEASURES[row.who, row.measure].format(of=row.of)


def paragraph_of(table: pd.DataFrame, params: dict, notes: tuple[str, ...]) -> str:
    """The paragraph, in plain words, with every number."""
    level = f"{params['level'] * 100:g} %"
    sentences = [_coded(params), _reliability(table, params, level)]
    if params["model"] is not None:
        sentences += _model(table, params, level)
    sentences += _machines(table, params, level)
    sentences.append(
        f"Intervals ({level}) are percentiles of {params['draws']:,} bootstrap draws of units."
    )
    return " ".join([*sentences, *notes])


def _machines(table: pd.DataFrame, params: dict, level: str) -> list[str]:
    """What each machine that coded beside people agrees with them."""
    said = []
    for machine, what in params["machines"].items():
        who = f"{MACHINE}{machine}"
        macro = _row(table, who, "macro F1", "")
        alpha = _row(table, who, "alpha", params["metric"])
        if macro is not None and alpha is not None:
            estimates = {"f1": _estimate(macro, level), "alpha": _estimate(alpha, level)}
            said.append(_MACHINE.format(machine=machine, what=what, n=macro.n, **estimates))
    return said


def audit_sentences(audit: pd.DataFrame) -> list[str]:
    """Who coded how much, when, and by which file."""
    said = []
    for row in audit[audit["sha256"] != ""].itertuples():
        when = f" on {row.first}" if row.first == row.last else f" from {row.first} to {row.last}"
        about = {"coder": row.coder, "n": f"{row.n_codes:,}", "file": row.file}
        about |= {"machine": f" (a machine: {row.machine})" if row.machine else ""}
        about |= {"when": when if row.first else "", "digest": row.sha256[:SHORT]}
        said.append(_TRAIL.format(**about))
    return said


def version_sentence(result) -> str:
    """What computed a result, and on which corpus."""
    digest = result.params.get("digest", "")
    corpus = f" (corpus {result.params['corpus']}, digest {digest[:SHORT]})" if digest else ""
    version = importlib.metadata.version("twicetold")
    return f"Computed by {result.measure} of Twicetold {version}{corpus}."


def _coded(params: dict) -> str:
    n = params["n_units"]
    blind = " on sheets that showed neither the outlet nor what the model had said"
    return (
        f"{count(n, 'unit was', 'units were')} coded by {count(len(params['coders']), 'coder')}"
        f"{blind if params['blind'] else ''}, {params['n_overlap'] or 'none'} of them by at least"
        f" two. The codes were {', '.join(map(str, params['codes']))}."
    )


def _reliability(table: pd.DataFrame, params: dict, level: str) -> str:
    alpha = _row(table, "coders", "alpha", params["metric"])
    if alpha is None or not alpha.n:
        return "As no unit was coded twice, the reliability of the codes is not known."
    if np.isnan(alpha.value):
        return (
            "As the coders gave all shared units the same code, Krippendorff's alpha is not"
            " defined."
        )
    if alpha.value >= RELIABLE:
        grade = "which is held to be reliable"
    elif alpha.value >= params["bar"]:
        grade = "which allows tentative conclusions only"
    else:
        grade = "which is too low to draw conclusions from"
    agreement = (table["who"] == "coders") & (table["measure"] == "agreement")
    shares = table.loc[agreement, "value"].dropna()
    lowest, highest = (f"{share * 100:.0f} %" for share in (shares.min(), shares.max()))
    same = (
        f"the same code was given in {lowest} of them"
        if len(shares) == 1
        else f"pairs of coders gave the same code in {lowest} to {highest} of theirs"
    )
    return (
        f"On these, Krippendorff's alpha with the {params['metric']} metric was"
        f" {_estimate(alpha, level)} {REFERENCE}, {grade} (asked for: {_number(params['bar'])});"
        f" {same}."
    )


def _model(table: pd.DataFrame, params: dict, level: str) -> list[str]:
    macro = _row(table, "model", "macro F1", "")
    alpha = _row(table, "model", "alpha", params["metric"])
    classes = "; ".join(
        f"{row.of}: {_estimate(row, level)}, n = {row.n}"
        for row in table[table["measure"] == "f1"].itertuples()
    )
    sentences = [
        "The model was compared with the code that a majority of a unit's coders gave"
        f" ({macro.n} units). Macro-averaged F1 was {_estimate(macro, level)} ({classes}; asked"
        f" for: {_number(params['f1_bar'])}), alpha between model and majority"
        f" {_estimate(alpha, level)}."
    ]
    rank = _row(table, "model", "rank correlation", "mean code")
    if rank is not None and not np.isnan(rank.value):
        what = f"the model's {params['score'] or 'class'}"
        sentences.append(_RANK.format(what=what, value=_estimate(rank, level), n=rank.n))
    return [*sentences, _WEIGHTED] if params["weighted"] else sentences


def _row(table: pd.DataFrame, who: str, measure: str, of: str):
    rows = table[(table["who"] == who) & (table["measure"] == measure) & (table["of"] == of)]
    return next(rows.itertuples(), None)


def _estimate(row, level: str) -> str:
    if np.isnan(row.low):
        return _number(row.value)
    return f"{_number(row.value)} ({level} interval {_number(row.low)} to {_number(row.high)})"


def _number(value: float) -> str:
    """Without the zero before the point, as journals of the field print what is from -1 to 1."""
    if np.isnan(value):
        return "not defined"
    text = f"{value:.3f}" if abs(value) < 0.9995 else f"{value:.2f}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
