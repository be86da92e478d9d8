"""Disagreements: numbers, names and dates in which two articles differ where they tell the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import FeaturesError
from analysis.features import PRIVATE, Features
from analysis.results import Result, at_least
from analysis.tl._contexts import SAME_STORY, Told, candidates, dots
from analysis.tl._quantities import agree, near
from analysis.tl._variants import name_variants
from analysis.views import origin, publication_days

COLUMNS = (
    "kind",
    "a",
    "b",
    "a_value",
    "b_value",
    "a_sentence",
    "b_sentence",
    "a_start",
    "a_end",
    "b_start",
    "b_end",
    "score",
)
SETTLED = (
    0.7  # part of the score that an agreeing pair needs to show that both articles know the value
)
ENOUGH = 1.5  # evidence from which a score counts in full
COMMON_DIMENSIONS = frozenset(
    ["", "date", "time", "months", "%", "dollar", "pound", "euro", "No.", "year-old"]
)
OTHER = 0.7  # what is left of a score if another word follows a mere number


@dataclass(frozen=True, eq=False, repr=False)
class Disagreements(Result):
    """Where articles differ in a number, a name, a date or a time of day.

    Attributes
    ----------
    table : DataFrame
        kind ("number", "date", "time", "name"), a, b (articles, in the order of the metadata),
        a_value, b_value (in the normal form of `analysis.text.values`), a_sentence, b_sentence,
        a_start, a_end, b_start, b_end (characters), score (from 0 to 1: how alike what stands
        around them is). The surest first.
    """


def disagreements(
    features: Features, *, min_score: float = 0.18, within_days: float | None = None
) -> Disagreements:
    """Find where articles differ in a number, a name, a date or a time of day.

    Two numbers, dates or times are set against each other if they measure the same (days with
    hours, a count of dead with a count of dead), and if no other value of the one article stands in
    a context more like that of the other. A context is the words of the sentence, each weighed by
    its rarity among sentences and by its nearness to the value, w = log((N + 1) / df) · 5 / (5 +
    words between), besides the other values of the sentence and what is measured; the score is the
    cosine of two contexts, less for values far apart and for counts of things of another name. For
    names see `analysis.tl._variants`. Values that agree are left out (seven and 7, 48 hours and
    two days, 4.7 million and 4,712,300), and so are those that either sentence, or the other
    article in a context nearly as like, agrees with.

    Parameters
    ----------
    features : Features
        The private form; or the shared one with the owner's `disagreements` in its results.
    min_score : float
        From 0 to 1; lower values list more, of which fewer are true. The default suits the articles
        of one story; in an archive of many, where chance has more pairs to choose from, take 0.5.
        Shipped results hold what the owner's score let through.
    within_days : float, optional
        Compare only articles published at most so many days apart, as what is true changes; one
        without a date is compared with all.

    Returns
    -------
    Disagreements

    Raises
    ------
    FeaturesError
        If the features hold no values, or if the shared form is given and the owner has not shipped
        the result.
    OptionError
        If an option has a value that is not allowed.

    Examples
    --------
    >>> disagreements(load_features("corpus/harbour/private")).table  # doctest: +SKIP
    """
    at_least("min_score", min_score, 0)
    if within_days is not None:
        at_least("within_days", within_days, 0)
    params = {
        "min_score": float(min_score),
        "within_days": within_days if within_days is None else float(within_days),
        **origin(features),
    }
    articles = features.table("articles")
    if features.form == PRIVATE:
        if not features.has("values"):
            raise FeaturesError(
                f"{features.where}: the features hold no numbers, dates and names, which a corpus"
                " of more than 1,000 articles has only if asked: run `twicetold extract --values`."
            )
        told = Told(features, articles)
        pairs = pd.DataFrame(columns=["i", "j", "score"])
        if len(told.values):
            pairs = pd.concat([_differing(told, min_score), name_variants(told, min_score)])
        table = _table(told, pairs)
    elif features.has_result("disagreements"):
        params["measured_on"] = "results"
        table = features.result("disagreements")[list(COLUMNS)]
        table = table[table["score"] >= min_score]
    else:
        raise FeaturesError(
            f"{features.where}: disagreements compare the numbers, names and dates of sentences,"
            " which only the private form has, and its owner has not shipped them among the"
            " results. Get the texts and run `twicetold extract`."
        )
    if within_days is not None:
        days = pd.Series(publication_days(articles), index=articles["article_id"])
        table = table[
            ~(
                np.abs(days.loc[table["a"]].to_numpy() - days.loc[table["b"]].to_numpy())
                > within_days
            )
        ]
    return Disagreements(table.reset_index(drop=True), params)


def _special(dimension: str) -> float:
    """What it tells of two values that they have this dimension, beside `Told.evidence`: much if
    few values have it.
    """
    return (
        0.0
        if dimension in COMMON_DIMENSIONS
        else 0.5
        if dimension in ("dead", "more dead", "injured", "time of day")
        else 1.0
    )


def _table(told: Told, pairs: pd.DataFrame) -> pd.DataFrame:
    """The rows of the result, the surest first."""
    sides = {
        side: told.values.iloc[pairs[row].to_numpy(np.int64)]
        for side, row in (("a", "i"), ("b", "j"))
    }
    columns = {"kind": sides["a"]["kind"].to_numpy()}
    for name in ("article_id", "value", "sentence", "start", "end"):
        columns |= {
            side if name == "article_id" else f"{side}_{name}": values[name].to_numpy()
            for side, values in sides.items()
        }
    table = pd.DataFrame(columns | {"score": pairs["score"].to_numpy(float)})[list(COLUMNS)]
    order = np.lexsort((sides["b"].index, sides["a"].index, -table["score"].round(9)))
    return table.iloc[order].reset_index(drop=True)


def _differing(told: Told, floor: float) -> pd.DataFrame:
    """Pairs of differing values in contexts that are each other's most alike in the two articles:
    i, j, score.
    """
    values = told.values
    rows = np.flatnonzero((values["kind"] != "name") & values["telling"])
    kinds, said, articles = (values[name].to_numpy()[rows] for name in ("kind", "value", "article"))
    dimensions = told.dimensions(rows)
    contexts = told.contexts(rows, dimensions)
    sure = np.array([dimension.startswith("year-old ") for dimension in dimensions], bool)
    special = np.array([_special(dimension) for dimension in dimensions])
    plain = np.array([not dimension for dimension in dimensions], bool)
    found = []
    for group in (
        pd.Series(dimensions, dtype=object).groupby(dimensions, sort=False).indices.values()
    ):
        i, j = candidates(contexts[group], articles[group], floor / 2)
        found.append((group[i], group[j]))
    i, j = (
        np.concatenate([pair[side] for pair in found]) if found else np.empty(0, np.int64)
        for side in (0, 1)
    )
    swap = articles[i] > articles[j]
    i, j = np.where(swap, j, i), np.where(swap, i, j)
    alike = told.story(articles[i], articles[j]) >= SAME_STORY
    i, j = i[alike], j[alike]
    score = dots(contexts, i, contexts, j) * np.array(
        [near(kinds[p], said[p], said[q]) for p, q in zip(i.tolist(), j.tolist())]
    )
    evidence = told.evidence(contexts, i, j) + special[i]
    score = np.where(sure[i], (1 + score) / 2, score * np.minimum(evidence / ENOUGH, 1))
    heads = told.heads(rows)
    score = np.where(plain[i] & (heads[i] != heads[j]), OTHER * score, score)
    same = [agree(kinds[p], said[p], said[q]) for p, q in zip(i.tolist(), j.tolist())]
    pairs = pd.DataFrame(
        {
            "i": rows[i],
            "j": rows[j],
            "a": articles[i],
            "b": articles[j],
            "score": score,
            "agree": same,
        }
    )
    pairs = pairs[pairs["agree"].notna() & (pairs["score"] > 0)]
    best = np.maximum(
        pairs.groupby(["i", "b"])["score"].transform("max"),
        pairs.groupby(["j", "a"])["score"].transform("max"),
    )
    pairs["agree"] = pairs["agree"].astype(bool)
    settled = pairs[pairs["agree"]]
    known = np.zeros(len(pairs))
    for keys in (["i", "b"], ["j", "a"]):
        top = settled.groupby(keys)["score"].max()
        known = np.fmax(known, top.reindex(pd.MultiIndex.from_frame(pairs[keys])).to_numpy(float))
    known = np.where(
        told.says(pairs["i"], pairs["j"]) | told.says(pairs["j"], pairs["i"]), np.inf, known
    )
    return pairs[
        ~pairs["agree"]
        & (pairs["score"] >= best - 1e-9)
        & (known < SETTLED * pairs["score"])
        & (pairs["score"] >= floor)
    ]
