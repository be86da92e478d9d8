"""Small codings, and alpha from its definition."""

import itertools

import numpy as np
import pandas as pd

from tests.small import put

OUTLETS = {"Herald": 60, "Post": 30, "Echo": 10}
NA = np.nan
# Krippendorff (2011), section C: four coders, twelve units, missing values
FOUR = np.array(
    [
        [1, 1, NA, 1],
        [2, 2, 3, 2],
        [3, 3, 3, 3],
        [3, 3, 3, 3],
        [2, 2, 2, 2],
        [1, 2, 3, 4],
        [4, 4, 4, 4],
        [1, 1, 2, 1],
        [2, 2, 2, 2],
        [NA, 5, 5, 5],
        [NA, NA, 1, 1],
        [NA, NA, 3, NA],
    ]
)


def units_of(sizes=OUTLETS):
    rng = np.random.default_rng(5)
    rows = [
        (
            f"{outlet.lower()}{i // 4}",
            outlet,
            f"The mayor spoke of matter {outlet[0]}{i}.",
            4,
            9,
            "mayor",
            i,
        )
        for outlet, size in sizes.items()
        for i in range(size)
    ]
    units = pd.DataFrame(
        rows, columns=["article_id", "outlet", "text", "start", "end", "actor", "sentence"]
    )
    return units.assign(
        predicted=rng.integers(-1, 2, len(units)), p_negative=np.linspace(0.123, 0.987, len(units))
    )


def fill(path, codes, change=lambda lines: lines):
    """Write codes into a sheet that is a CSV, as a coder would."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    put(
        path,
        "\n".join(change([lines[0], *(line + str(code) for line, code in zip(lines[1:], codes))]))
        + "\n",
    )


def tidy(rows, names="ABCD"):
    """A table of codes from one row per unit."""
    return pd.DataFrame(
        [
            (f"u{i}", coder, code)
            for i, row in enumerate(rows)
            for coder, code in zip(names, row)
            if code is not None and code == code
        ],
        columns=["unit", "coder", "code"],
    )


def value(result, who, measure, of):
    row = result.table[
        (result.table["who"] == who)
        & (result.table["measure"] == measure)
        & (result.table["of"] == of)
    ]
    return row.iloc[0]


def naive_alpha(rows, metric):
    """Alpha pair by pair, from its definition by observed and expected disagreement."""
    units = [[c for c in row if c is not None] for row in rows]
    units = [unit for unit in units if len(unit) > 1]
    values = sorted(c for unit in units for c in unit)
    between = {}
    for a, b in itertools.product(set(values), repeat=2):
        low, high = min(a, b), max(a, b)
        ordinal = sum(low <= v <= high for v in values) - (values.count(a) + values.count(b)) / 2
        between[a, b] = {
            "nominal": float(a != b),
            "interval": float(a - b) ** 2,
            "ordinal": 0.0 if a == b else ordinal**2,
        }[metric]
    n = len(values)
    if n < 2:
        return NA
    observed = (
        sum(
            between[u[i], u[j]] / (len(u) - 1)
            for u in units
            for i in range(len(u))
            for j in range(len(u))
            if i != j
        )
        / n
    )
    expected = sum(
        between[a, b] for i, a in enumerate(values) for j, b in enumerate(values) if i != j
    ) / (n * (n - 1))
    return 1 - observed / expected if expected else NA
