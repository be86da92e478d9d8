"""How often answers of `tl.story` are wrong, as `benchmarks.story --fit` counted it on gold."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

RATES = Path(__file__).parents[1] / "data" / "claim_rates.csv"
FEWEST_RATED = 3  # articles of a story, from which answers have rates
# probabilities between which answers of a kind are counted together
BINS = {"omits": (0.0, 0.05, 1.0), "tells": (0.0, 0.7, 0.9, 1.0)}
RATED = "model encoder claims answer least most n wrong rate source".split()


@cache
def known_rates() -> pd.DataFrame:
    """The rates that are known: of each embedding model, kind of claims, answer and bin of p.

    Returns
    -------
    DataFrame
        model, encoder (its digest), claims ("given" or "found"), answer, least and most (p), n and
        wrong (cells), rate, source.
    """
    return pd.read_csv(RATES)


def rates(answer: np.ndarray, p: np.ndarray, kind: str, encoder: str) -> np.ndarray:
    """The rate at which such cells are wrong; NaN where an answer is none or is not known.

    Parameters
    ----------
    answer : array of str
    p : array
    kind : {"given", "found"}
    encoder : str
        Digest of the embedding model.
    """
    known = known_rates()
    known = known[(known["encoder"] == encoder) & (known["claims"] == kind)]
    found = np.full(len(p), np.nan)
    for row in known.itertuples():
        within = (p >= row.least) & ((p < row.most) | (row.most >= 1))
        found[(answer == row.answer) & within] = row.rate
    return found


def count_rates(cells: pd.DataFrame) -> pd.DataFrame:
    """Count how often answers are wrong, by answer and bin of p.

    Parameters
    ----------
    cells : DataFrame
        answer, p and told (whether the article does tell the claim).

    Returns
    -------
    DataFrame
        answer, least, most, n, wrong and rate: (wrong + 1/2) / (n + 1), which is never 0.
    """
    rows = []
    for answer, edges in BINS.items():
        of = cells[cells["answer"] == answer]
        wrong = of["told"].astype(bool) == (answer == "omits")
        for least, most in zip(edges[:-1], edges[1:]):
            within = (of["p"] >= least) & ((of["p"] < most) | (most >= 1))
            n, n_wrong = int(within.sum()), int((wrong & within).sum())
            if n:
                row = {"answer": answer, "least": least, "most": most, "n": n, "wrong": n_wrong}
                rows.append(row | {"rate": round((n_wrong + 0.5) / (n + 1), 3)})
    return pd.DataFrame(rows)
