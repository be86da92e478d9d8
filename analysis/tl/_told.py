"""How likely each article of a story tells each claim, and in which sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.models.encoder import Encoder
from analysis.tl._story_units import BLOCK, StoryUnits

# logit of the probability that an article tells a claim that is given in words: by the best
# sentence's likeness to the wording, and that with its likeness to what other articles say of it
GIVEN_LOGIT = (-7.0, 5.5, 7.7)
_OTHERS = 2  # articles whose sentences a sentence is set beside
TOLD = 0.5  # probability from which a claim counts as told
# likeness of a wording to some sentence of the story, from which it is judged at all: whether a
# claim is left out that is told in other words, nothing says
GATE = 0.5
OMITTED = {"given": 0.15, "found": 0.1}  # probability below which it counts as left out
_CELLS = ["claim", "article", "unit", "p"]
LIKENESS = ["like", "both"]  # max s and max (s + r) of the formula


@dataclass(frozen=True)
class GivenClaim:
    """A claim in the user's words.

    Attributes
    ----------
    name : str
    wording : tuple of str
    told : mapping of str to int
        Article → the sentence, from 0, that is known to tell it.
    """

    name: str
    wording: tuple[str, ...]
    told: Mapping[str, int] = field(default_factory=dict)


def given_cells(
    units: StoryUnits, claims: Sequence[GivenClaim], encoder: Encoder
) -> tuple[pd.DataFrame, set[str]]:
    r"""The cells of claims that are given in words, by the formulas of `tl.story`.

    Parameters
    ----------
    units : StoryUnits
    claims : sequence of GivenClaim
    encoder : Encoder
        The model that embedded the sentences.

    Returns
    -------
    DataFrame
        claim, article and unit (numbers), like and both (see `LIKENESS`), p.
    set of str
        The claims that are judged: those that some sentence tells.
    """
    tables, judged = [pd.DataFrame(columns=[*_CELLS, *LIKENESS])], set()
    places = pd.MultiIndex.from_frame(units.table[["article_id", "sentence"]])
    for claim in claims:
        if not len(units):
            continue
        pointed = places.get_indexer(list(claim.told.items())) if claim.told else np.empty(0, int)
        pointed = pointed[pointed >= 0]
        like = _likeness(units, claim, pointed, encoder)
        table = _best(units, like, pointed)
        logit = GIVEN_LOGIT[0] + table[LIKENESS].to_numpy() @ np.array(GIVEN_LOGIT[1:])
        p = np.where(table["unit"].isin(pointed), 1.0, 1 / (1 + np.exp(-logit)))
        tables.append(table.assign(claim=claim.name, p=p))
        if len(pointed) or table["like"].max() >= GATE:
            judged.add(claim.name)
    return pd.concat(tables, ignore_index=True).astype({"article": int, "unit": int}), judged


def _likeness(
    units: StoryUnits, claim: GivenClaim, pointed: np.ndarray, encoder: Encoder
) -> np.ndarray:
    """How like a claim each unit is: the mean of cosine and coverage, of the best wording."""
    vectors = encoder.encode(claim.wording)
    like = [
        (units.vectors @ vector + units.coverage(wording)) / 2
        for vector, wording in zip(vectors, claim.wording)
    ]
    like += [
        (units.vectors @ units.vectors[unit] + units.coverage_of(units.hashes_of(unit))) / 2
        for unit in pointed
    ]
    return np.max(like, axis=0)


def _best(units: StoryUnits, like: np.ndarray, pointed: np.ndarray) -> pd.DataFrame:
    """The sentence of each article that is most like a claim and what others say of it.

    Returns
    -------
    DataFrame
        article, unit, like and both.
    """
    n = len(units.articles)
    parts = np.split(np.arange(len(units)), np.searchsorted(units.article, np.arange(1, n)))
    own = {article: rows for article, rows in enumerate(parts) if len(rows)}
    best = {article: rows[like[rows].argmax()] for article, rows in own.items()}
    known = dict(zip(units.article[pointed].tolist(), pointed.tolist()))
    best |= known
    order = sorted(best, key=lambda article: (article not in known, -like[best[article]]))
    beside = order[: _OTHERS + 1]
    alike = np.mean(units.likeness(np.array([best[a] for a in beside], int)), axis=0)
    found = []
    for article, rows in own.items():
        others = [i for i, other in enumerate(beside) if other != article][:_OTHERS]
        said = alike[others][:, rows].mean(axis=0) if others else np.zeros(len(rows))
        both = like[rows] + said
        unit = known.get(article, rows[both.argmax()])
        found.append((article, unit, like[rows].max(), both.max()))
    return pd.DataFrame(found, columns=["article", "unit", *LIKENESS])


def found_cells(units: StoryUnits, claims: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """The cells of claims that were found, each given by its units.

    p is the mean probability that the article's best sentence tells the same as the claim's units
    of other articles; of an article among whose units are some of the claim's, the best of these.

    Returns
    -------
    DataFrame
        claim, article and unit (numbers), p, member (whether the unit is one of the claim's).
    """
    n = len(units.articles)
    begins = np.searchsorted(units.article, np.arange(n))
    ends = np.r_[begins[1:], len(units)]
    there = np.flatnonzero(ends > begins)
    tables = [pd.DataFrame(columns=[*_CELLS, "member"])]
    for some in _batches(claims):
        alike_of = units.same(np.concatenate([claims[claim] for claim in some]))
        edges = np.cumsum([len(claims[claim]) for claim in some])[:-1]
        for claim, alike in zip(some, np.split(alike_of, edges)):
            members = claims[claim]
            of = units.article[members]
            total = alike.sum(axis=0)
            # without what the claim's units of the same article add
            own, size = np.zeros(len(units)), np.full(len(units), len(members))
            for article in np.unique(of):
                rows = slice(begins[article], ends[article])
                own[rows] = alike[of == article, rows].sum(axis=0)
                size[rows] -= (of == article).sum()
            p = (total - own) / np.maximum(size, 1)
            is_member = np.zeros(len(units), bool)
            is_member[members] = True
            ranked = p + 2 * is_member  # a claim's own sentence first
            best = np.maximum.reduceat(ranked, begins[there])
            is_best = np.flatnonzero(ranked == np.repeat(best, (ends - begins)[there]))
            unit = is_best[np.unique(units.article[is_best], return_index=True)[1]]
            table = pd.DataFrame({"claim": claim, "article": there, "unit": unit, "p": p[unit]})
            tables.append(table.assign(member=is_member[unit]))
    return pd.concat(tables, ignore_index=True).astype({"article": int, "unit": int})


def _batches(claims: Mapping[str, np.ndarray]) -> Iterator[list[str]]:
    """The claims, as many at a time as memory is to hold beside all units."""
    batch: list[str] = []
    size = 0
    for claim, members in claims.items():
        if batch and size + len(members) > BLOCK:
            yield batch
            batch, size = [], 0
        batch.append(claim)
        size += len(members)
    if batch:
        yield batch


def answers(p: np.ndarray, kind: str, member: np.ndarray | None = None) -> np.ndarray:
    """What is answered: tells, unsure or omits.

    Parameters
    ----------
    p : array
    kind : {"given", "found"}
    member : bool array, optional
        Whether a sentence of the article is one of a found claim's.
    """
    told = p >= TOLD if member is None else member | (p >= TOLD)
    return np.select([told, p < OMITTED[kind]], ["tells", "omits"], "unsure").astype(object)
