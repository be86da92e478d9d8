"""Recalibrate the tone's probabilities by a coded sample of the corpus at hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from analysis.corpus import Corpus
from analysis.errors import OptionError
from analysis.features import Features, features_of
from analysis.inference import generator
from analysis.options import Whole, check_option, check_options
from analysis.results import Result, count
from analysis.va.coding_sheets import Codes
from analysis.va.sample import check_columns
from analysis.views import CHANCES, origin

_LEAST = 30  # coded mentions
_FREE = 1.0  # standard deviation of what is fitted, around no change
_KEYS = ["article_id", "start", "end", "actor"]


@dataclass(frozen=True, eq=False, repr=False)
class Recalibration(Result):
    """How the tone's probabilities must change to agree with coders of this corpus.

    Attributes
    ----------
    table : DataFrame
        Two rows: the probabilities as extracted, and recalibrated. Each coded mention is judged by
        a fit to the other articles.

        =================  =======  ==========================================================
        column             unit     meaning
        =================  =======  ==========================================================
        probabilities               "as extracted" or "recalibrated"
        loss               nats     mean negative log-probability of what coders said
        calibration_error  0 to 1   mean distance of the mean probability of a class from its
                                    share among the codes
        tone               -1 to 1  mean of positive less negative
        coded              -1 to 1  mean code
        n                  units
        =================  =======  ==========================================================
    temperature : float
        By which log-probabilities are divided.
    shifts : tuple of float
        What is then added to those of negative, neutral (0) and positive.
    """

    temperature: float
    shifts: tuple[float, ...]

    @property
    def helps(self) -> bool:
        """Whether it comes nearer to codes of articles that it was not fitted to."""
        before, after = self.table["loss"]
        return bool(after < before)

    @property
    def finding(self) -> str:
        """What recalibration changes."""
        before, after = self.table["tone"]
        moved = f"from {before:+.2f} to {after:+.2f}".replace("-", "−")
        if not self.helps:
            return f"Recalibration by {self.said} does not help: leave the tone as it is"
        return f"Recalibrated by {self.said}, their mean tone moves {moved}"

    @property
    def said(self) -> str:
        """By what it was fitted, for figures and methods sections."""
        return f"{count(self.params['n_units'], 'coded mention')} of this corpus"

    def apply(self, shares: np.ndarray) -> np.ndarray:
        """Recalibrate probabilities.

        Parameters
        ----------
        shares : array of shape (n_mentions, 3)
            Probabilities of negative, neutral and positive.

        Returns
        -------
        array of shape (n_mentions, 3)
        """
        return _moved(np.asarray(shares, float), self.temperature, np.array(self.shifts))


def recalibrate(
    codes: Codes | pd.DataFrame,
    key: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    corpus: Corpus | Features | None = None,
    folds: int = 5,
    seed: int = 0,
) -> Recalibration:
    """Fit the tone's probabilities to a coded sample of the same corpus.

    The log-probabilities are divided by a temperature, and those of negative and positive are
    moved, each by one number; the three are fitted to the coders' codes by maximum likelihood, held
    near no change by a normal prior. Give the result to `tw.tl.tone` as `calibration`, where it
    helps.

    Parameters
    ----------
    codes : Codes or DataFrame
        What `read_sheets` returns, or a table of unit, coder, code: -1, 0 or 1. A unit that several
        coded counts once, in shares.
    key : DataFrame
        The sample's key (`read_key`): unit, article_id, start, end, actor, and weight, if strata
        were drawn unequally.
    mentions : DataFrame
        `mentions` of `tw.tl.tone` of the corpus.
    corpus : Corpus or Features, optional
        Names the result.
    folds : int
        Parts of the articles, at least 2: each is judged by a fit to the others.
    seed : int
        Draws the parts.

    Returns
    -------
    Recalibration

    Raises
    ------
    OptionError
        If a column is missing, a code is another one, or fewer than thirty coded mentions of at
        least two articles are among the mentions.

    References
    ----------
    Guo, C., and others (2017). On calibration of modern neural networks. ICML 34.
    https://arxiv.org/abs/1706.04599

    Examples
    --------
    >>> import analysis as tw
    >>> corpus = tw.load("harbour")
    >>> coding = corpus.folder / "gold" / "coding"
    >>> key = tw.va.read_key(coding / "key.csv")
    >>> codes = tw.va.read_sheets(coding / "sheets", key)
    >>> tone = tw.tl.tone(corpus)  # doctest: +SKIP
    >>> tw.va.recalibrate(codes, key, tone.mentions, corpus=corpus).finding  # doctest: +SKIP
    'Recalibrated by 111 coded mentions of this corpus, their mean tone moves from −0.07 to −0.17'
    """
    check_option("folds", folds, Whole(2))
    check_options(seed=seed)
    table = codes.table if isinstance(codes, Codes) else codes
    check_columns("codes", table, ["unit", "coder", "code"])
    check_columns("key", key, ["unit", *_KEYS])
    check_columns("mentions", mentions, [*_KEYS, *CHANCES])
    given = pd.to_numeric(table["code"].dropna(), errors="coerce")
    if not given.isin([-1, 0, 1]).all():
        raise OptionError("codes must be -1 (negative), 0 or 1 (positive) to recalibrate the tone.")
    coded = pd.crosstab(table.loc[given.index, "unit"], given)
    coded = coded.reindex(columns=[-1, 0, 1], fill_value=0)
    coded = coded.div(coded.sum(axis=1), axis=0)
    placed = key.merge(mentions[[*_KEYS, *CHANCES]], on=_KEYS, validate="m:1")
    placed = placed[placed["unit"].isin(coded.index)].reset_index(drop=True)
    article = placed["article_id"].factorize()[0]
    n_articles = placed["article_id"].nunique()
    if len(placed) < _LEAST or n_articles < 2:
        raise OptionError(
            f"{count(len(placed), 'coded mention')} of {n_articles} articles are among the"
            f" mentions; needed are {_LEAST}, of two articles. Give the key and the codes of this"
            " corpus, and the mentions of `tw.tl.tone` with the same forms."
        )
    shares = placed[list(CHANCES)].to_numpy(float)
    truth = coded.loc[placed["unit"]].to_numpy(float)
    weight = placed["weight"].to_numpy(float) if "weight" in placed else np.ones(len(placed))
    weight = weight / weight.mean()
    parts = generator(seed, "recalibrate").permutation(n_articles)[article] % folds
    apart = shares.copy()
    for part in np.unique(parts):
        held = parts == part
        if not held.all():
            fit = _fitted(shares[~held], truth[~held], weight[~held])
            apart[held] = _moved(shares[held], *fit)
    temperature, shifts = _fitted(shares, truth, weight)
    rows = [
        {"probabilities": name, **_judged(some, truth, weight)}
        for name, some in (("as extracted", shares), ("recalibrated", apart))
    ]
    params = (
        {"corpus": "in memory", "digest": ""} if corpus is None else origin(features_of(corpus))
    )
    coders = table.loc[given.index, "coder"].nunique()
    params |= {"measured_on": "coded sheets", "folds": folds, "seed": seed}
    params |= {"n_units": len(placed), "n_articles": n_articles, "n_coders": coders}
    notes = (
        "The rows of the table are of articles that each fit did not see; the fit that is handed"
        " out is to all.",
    )
    return Recalibration(
        pd.DataFrame(rows),
        params,
        round(temperature, 4),
        tuple(np.round(shifts, 4).tolist()),
        notes=notes,
    )


def _moved(shares: np.ndarray, temperature: float, shifts: np.ndarray) -> np.ndarray:
    return softmax(np.log(np.maximum(shares, 1e-6)) / temperature + shifts, axis=1)


def _fitted(shares: np.ndarray, truth: np.ndarray, weight: np.ndarray) -> tuple[float, np.ndarray]:
    logs = np.log(np.maximum(shares, 1e-6))

    def lost(free: np.ndarray) -> float:
        scores = logs / np.exp(free[0]) + [free[1], 0.0, free[2]]
        found = (truth * log_softmax(scores, axis=1)).sum(axis=1)
        return float(-(weight * found).sum() + (free**2).sum() / (2 * _FREE**2))

    log_temperature, negative, positive = minimize(lost, np.zeros(3)).x
    return float(np.exp(log_temperature)), np.array([negative, 0.0, positive])


def _judged(shares: np.ndarray, truth: np.ndarray, weight: np.ndarray) -> dict[str, float]:
    found = -(truth * np.log(np.maximum(shares, 1e-6))).sum(axis=1)
    means, codes = (np.average(of, axis=0, weights=weight) for of in (shares, truth))
    return {
        "loss": float(np.average(found, weights=weight)),
        "calibration_error": float(np.abs(means - codes).mean()),
        "tone": float(means[2] - means[0]),
        "coded": float(codes[2] - codes[0]),
        "n": len(shares),
    }
