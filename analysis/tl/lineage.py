"""Lineage: who had a passage from whom, and how surely."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import tl
from analysis.errors import OptionError
from analysis.features import Features
from analysis.results import Result, at_least
from analysis.reuse.evidence import COMMON, DIRECTED, Evidence, gather
from analysis.tl.reuse import Reuse
from analysis.views import origin

WEIGHTS = Path(__file__).parents[1] / "data" / "lineage.csv"
PROBABILITIES = ["p_a_from_b", "p_b_from_a", "p_common"]
VERDICTS = ("a from b", "b from a", "common source")
UNDECIDED = "cannot tell"
SAID = 0.1  # weights nearer to nothing are not listed
LISTED = 4  # pieces of evidence named in one cell


@dataclass(frozen=True, eq=False, repr=False)
class Lineage(Result):
    """Who had it from whom.

    Attributes
    ----------
    table : DataFrame
        One row per pair: a, b, n_passages, n_words (words of a in passages), p_a_from_b,
        p_b_from_a, p_common (sum 1; from one another directly or through others, or both from a
        third in the corpus or not), verdict ("a from b", "b from a", "common source", "cannot
        tell"), evidence (what weighs most, with its weight).
    passages : DataFrame
        One row per passage: passage, a, b, the three probabilities, verdict.
    evidence : DataFrame
        One row per pair and piece of evidence: a, b, evidence, towards (one of the first three
        verdicts), value, weight (added to the log-odds of that verdict), says.
    """

    passages: pd.DataFrame
    evidence: pd.DataFrame


def lineage(features: Features, *, reuse: Reuse | None = None, least: float = 0.7) -> Lineage:
    """Say of articles that share passages whether one had them from the other, or both from a
    third.

    Each of the three answers has a score, the sum of its evidence times weights, and ``p =
    exp(score) / sum(exp(scores))``. Evidence for "a from b" is measured on the pair as child and
    parent, for "b from a" the other way round with the same weights, so that no answer depends on
    the order of the articles. Weights were fitted on planted families of articles
    (`benchmarks.descent`), whose mixture of direct and common descent is the prior. That edits,
    cuts and shared omissions tell who copied whom is the argument of stemmatics (Maas,
    *Textkritik*, 1927): what two witnesses each lack of a third's text, neither can have given the
    other.

    A date without a time is an interval of a day (UTC); the order of two that overlap, or of which
    one is missing, is no evidence.

    Parameters
    ----------
    features : Features
        Either form.
    reuse : Reuse, optional
        ``find_reuse(features)`` if not given.
    least : float
        Probability from which on there is a verdict other than "cannot tell", from 0.5; above 1
        there is none.

    Returns
    -------
    Lineage
        Pairs that share nothing but boilerplate have no row. Where words are quoted on both sides,
        both may have heard the same speaker: such passages count only for pairs that share no
        others.

    Raises
    ------
    OptionError
        If `least` is below 0.5, or `reuse` is no result of `find_reuse`.

    Examples
    --------
    >>> lineage(load("harbour").features).table  # doctest: +SKIP
    """
    at_least("least", least, 0.5)
    if reuse is not None and not isinstance(reuse, Reuse):
        raise OptionError(f"reuse={reuse!r} was given; allowed is a result of find_reuse.")
    reuse = tl.reuse(features) if reuse is None else reuse
    if reuse.params["digest"] != features.digest:
        raise OptionError(
            "reuse was given, but it was measured on other features (corpus"
            f" {reuse.params['corpus']}); give find_reuse of these features."
        )
    pairs, passages = gather(features, reuse.table)
    weights = read_weights()
    by_pair, by_passage = (
        _judged(found, weights[level], least)
        for found, level in ((pairs, "pair"), (passages, "passage"))
    )
    listed = _listed(pairs, weights["pair"])
    plain = reuse.table[~reuse.table["boilerplate"].to_numpy(bool)]
    keys = pd.MultiIndex.from_frame(pairs.keys)
    by_pair.insert(
        2,
        "n_passages",
        plain.groupby(["a", "b"], sort=False).size().reindex(keys).to_numpy(np.int64),
    )
    by_pair.insert(
        3,
        "n_words",
        reuse.pairs.set_index(["a", "b"])[["a_shared", "a_rewritten"]]
        .sum(axis=1)
        .reindex(keys)
        .to_numpy(np.int64),
    )
    by_pair["evidence"] = _named(by_pair, listed)
    return Lineage(
        by_pair,
        {"least": float(least), **origin(features)},
        by_passage,
        listed.drop(columns="place"),
    )


def probabilities(found: Evidence, directed: np.ndarray, common: np.ndarray) -> np.ndarray:
    """Probabilities of a from b, b from a and common: float64 array of shape (n, 3)."""
    scores = np.column_stack(
        [found.a_from_b @ directed, found.b_from_a @ directed, found.common @ common]
    )
    odds = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
    return odds / odds.sum(axis=1, keepdims=True)


@functools.cache
def read_weights() -> dict[str, dict[str, float]]:
    """Weights by level ("pair" or "passage") and evidence, as `benchmarks.descent` fitted them."""
    weights: dict[str, dict[str, float]] = {"pair": {}, "passage": {}}
    with WEIGHTS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            weights[row["level"]][row["evidence"]] = float(row["weight"])
    return weights


def _arrays(found: Evidence, weights: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
    return tuple(
        np.array([weights[name] for name in names]) for names in (found.directed, found.shared)
    )


def _judged(found: Evidence, weights: dict[str, float], least: float) -> pd.DataFrame:
    p = probabilities(found, *_arrays(found, weights))
    verdict = np.where(
        p.max(axis=1, initial=0) >= least, np.array(VERDICTS, object)[p.argmax(axis=1)], UNDECIDED
    )
    return found.keys.assign(
        **{name: p[:, k] for k, name in enumerate(PROBABILITIES)}, verdict=verdict
    ).reset_index(drop=True)


def _listed(found: Evidence, weights: dict[str, float]) -> pd.DataFrame:
    """Every piece of evidence that says something, with its weight in words."""
    parts = []
    for verdict, values, names, words in (
        (VERDICTS[0], found.a_from_b, found.directed, DIRECTED),
        (VERDICTS[1], found.b_from_a, found.directed, DIRECTED),
        (VERDICTS[2], found.common, found.shared, COMMON),
    ):
        for column, name in enumerate(names):
            weight = values[:, column] * weights[name]
            rows = np.flatnonzero(np.abs(weight) >= SAID)
            said = found.keys.iloc[rows]
            child, parent = (
                (said["a"], said["b"]) if verdict == VERDICTS[0] else (said["b"], said["a"])
            )
            says = [words[name].format(child=c, parent=p) for c, p in zip(child, parent)]
            parts.append(
                pd.DataFrame(
                    {
                        "a": said["a"],
                        "b": said["b"],
                        "evidence": name,
                        "towards": verdict,
                        "value": values[rows, column],
                        "weight": weight[rows],
                        "says": says,
                        "place": rows,
                    }
                )
            )
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values("place", kind="stable", ignore_index=True)


def _named(pairs: pd.DataFrame, listed: pd.DataFrame) -> list[str]:
    """The heaviest evidence of each pair in one line; what weighs the same on either direction says
    nothing.
    """
    said = listed[~listed["evidence"].eq("common")]
    order = said.assign(heavy=said["weight"].abs()).sort_values(
        ["place", "heavy"], ascending=[True, False], kind="stable"
    )
    order = order[order["value"] > 0].drop_duplicates(
        ["place", "says"]
    )  # the other way round the same is said by its mirror
    order = order[order.groupby("place").cumcount() < LISTED]
    lines: dict[int, list[str]] = {}
    for place, says, weight, towards in order[["place", "says", "weight", "towards"]].itertuples(
        index=False
    ):
        lines.setdefault(place, []).append(f"{says} ({weight:+.1f} {towards})")
    return ["; ".join(lines.get(place, ())) for place in range(len(pairs))]
