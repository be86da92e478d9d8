"""What must be said of a validation: its warnings, and the paragraph for a methods section."""

from __future__ import annotations

import numpy as np
import pandas as pd

RELIABLE = 0.8
REFERENCE = (
    "(Krippendorff 2004; Hayes and Krippendorff 2007, https://doi.org/10.1080/19312450709336664)"
)


def notes_of(validation) -> list[str]:
    """Warnings: values below their bars, classes with few units, one coder, units without majority
    or prediction.
    """
    params, units, table = validation.params, validation.units, validation.table
    notes = []
    if len(params["coders"]) < 2:
        notes.append(
            f"Only one coder, {params['coders'][0]}: how reliable the codes are is unknown. Let a"
            " second one code at least part of the units."
        )
    elif not params["n_overlap"]:
        notes.append(
            "No unit was coded by two coders: how reliable the codes are is unknown. Let coders"
            " share units (overlap)."
        )
    for row in table.itertuples():
        if (
            row.who == "coders"
            and row.measure == "alpha"
            and np.isnan(row.value)
            and row.of == params["metric"]
            and row.n
        ):
            notes.append(
                "The coders gave all shared units one and the same code: alpha is not defined, and"
                " their reliability not shown."
            )
        elif row.meets is not pd.NA and not row.meets:
            notes.append(
                f"{_named(row)} is {_number(row.value)}, below the bar of {_number(row.bar)}"
                + (
                    "; conclusions from these codes do not stand."
                    if (row.who, row.measure) == ("coders", "alpha")
                    else "."
                )
            )
        elif row.meets is not pd.NA and row.low < row.bar and (row.measure != "f1"):
            notes.append(
                f"{_named(row)} is {_number(row.value)}, but its interval reaches down to"
                f" {_number(row.low)}, below the bar of {_number(row.bar)}."
            )
    few = [
        f"{row.code} ({row.n_majority})"
        for row in validation.classes.itertuples()
        if row.n_majority < params["least"]
    ]
    if few:
        notes.append(
            f"Fewer than {params['least']} units have the code {', '.join(few)} by majority: what"
            " is said of it rests on too few."
        )
    if split := int(units["majority"].isna().sum()):
        notes.append(
            f"{split} of {len(units)} units have no code by a majority of their coders. They are"
            " left out of F1 and of the model's alpha, and are the harder ones: these values"
            " flatter the model."
        )
    if params["model"] is not None and (unknown := int(units["predicted"].isna().sum())):
        notes.append(
            f"{unknown} of {len(units)} coded units have no prediction and are left out of what is"
            " said of the model."
        )
    return notes


def paragraph_of(validation) -> str:
    """The paragraph, in plain words, with every number."""
    params, units, table = validation.params, validation.units, validation.table
    n, coders, overlap, level = (
        len(units),
        len(params["coders"]),
        params["n_overlap"],
        f"{params['level'] * 100:g} %",
    )
    said = [
        f"{n} unit{'s were' if n != 1 else ' was'} coded by {coders} coder{'s' * (coders != 1)}"
        + (
            " on sheets that told neither the outlet nor what the model had said"
            if params["blind"]
            else ""
        )
        + f", {overlap or 'none'} of them by at least two. The codes were"
        f" {', '.join(map(str, params['codes']))}."
    ]
    alpha = _row(table, "coders", "alpha", params["metric"])
    if alpha is None or not alpha.n:
        said.append("As no unit was coded twice, the reliability of the codes is not known.")
    elif np.isnan(alpha.value):
        said.append(
            "As the coders gave all shared units the same code, Krippendorff's alpha is not"
            " defined."
        )
    else:
        pairs = table[
            (table["who"] == "coders") & (table["measure"] == "agreement") & table["value"].notna()
        ]
        agreement = (
            f"the same code was given in {_percent(pairs['value'].iloc[0])} of them"
            if len(pairs) == 1
            else (
                f"pairs of coders gave the same code in {_percent(pairs['value'].min())} to"
                f" {_percent(pairs['value'].max())} of theirs"
            )
        )
        grade = (
            "which is held to be reliable"
            if alpha.value >= RELIABLE
            else (
                "which allows tentative conclusions only"
                if alpha.value >= params["bar"]
                else "which is too low to draw conclusions from"
            )
        )
        said.append(
            f"On these, Krippendorff's alpha with the {params['metric']} metric was"
            f" {_estimate(alpha, level)} {REFERENCE}, {grade} (asked for:"
            f" {_number(params['bar'])}); {agreement}."
        )
    if params["model"] is not None:
        macro, own = (
            _row(table, "model", "macro F1", ""),
            _row(table, "model", "alpha", params["metric"]),
        )
        classes = "; ".join(
            f"{row.of}: {_estimate(row, level)}, n = {row.n}"
            for row in table[table["measure"] == "f1"].itertuples()
        )
        said.append(
            "The model was compared with the code that a majority of a unit's coders gave"
            f" ({macro.n} units). Macro-averaged F1 was {_estimate(macro, level)} ({classes}; asked"
            f" for: {_number(params['f1_bar'])}), alpha between model and majority"
            f" {_estimate(own, level)}."
        )
        rank = _row(table, "model", "rank correlation", "mean code")
        if rank is not None and not np.isnan(rank.value):
            what = f"the model's {params['score']}" if params["score"] else "the model's class"
            said.append(
                f"Spearman's rank correlation of {what} with the coders' mean code was"
                f" {_estimate(rank, level)} ({rank.n} units)."
            )
        if params["weighted"]:
            said.append(
                "The sample was stratified; in what is said of the model, each unit was weighted by"
                " the inverse of its chance to be drawn."
            )
    said.append(
        f"Intervals ({level}) are percentiles of {params['draws']:,} bootstrap draws of units."
    )
    return " ".join([*said, *validation.notes])


def _row(table: pd.DataFrame, who: str, measure: str, of: str):
    rows = table[(table["who"] == who) & (table["measure"] == measure) & (table["of"] == of)]
    return next(rows.itertuples(), None)


def _named(row) -> str:
    name = {
        "alpha": f"Krippendorff's alpha ({row.of})",
        "f1": f"F1 of {row.of}",
        "macro F1": "Macro-averaged F1",
    }[row.measure]
    return (
        f"{name}"
        f" {'among the coders' if row.who == 'coders' else 'between model and coders' if row.measure == 'alpha' else 'of the model'}"
    )


def _estimate(row, level: str) -> str:
    return (
        f"{_number(row.value)} ({level} interval {_number(row.low)} to {_number(row.high)})"
        if not np.isnan(row.low)
        else _number(row.value)
    )


def _number(value: float) -> str:
    """Without the zero before the point, as journals of the field print what lies between -1 and 1."""
    if np.isnan(value):
        return "not defined"
    text = f"{value:.3f}" if abs(value) < 0.9995 else f"{value:.2f}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
