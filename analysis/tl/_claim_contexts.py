"""Claims as contexts of values: how surely sentences tell the same as each other's claim."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.errors import FeaturesError, LanguageError
from analysis.events import STORY
from analysis.features import Features
from analysis.tl._same_claims import found_claims
from analysis.tl._story_units import (
    BLOCK,
    StoryUnits,
    articles_of_stories,
    of_several,
    units_by_story,
)
from analysis.tl.claims import CUT, ENGLISH_ONLY
from analysis.views import ENGLISH, in_language

_MOST = 200  # articles of a story whose claims are looked for: time and memory grow by the square
_KEYS = ["article_id", "sentence"]


class ClaimContexts:
    """The claims that `tl.claims` finds in every story, by the sentences that tell them.

    Parameters
    ----------
    units : list of StoryUnits
        Of each story.
    """

    def __init__(self, units: list[StoryUnits]):
        self._units = units
        sizes = [len(of) for of in units]
        self._story = np.repeat(np.arange(len(units)), sizes)
        self._begin = np.cumsum([0, *sizes[:-1]])
        number = np.full(sum(sizes), -1)
        n_claims = 0
        for begin, of in zip(self._begin, units):
            for claim in found_claims(of, CUT):
                number[begin + claim.units] = n_claims
                n_claims += 1
        self._name = np.array([f"c{n + 1}" if n >= 0 else "" for n in number], object)
        # a sentence without a claim is its own
        self._claim = np.where(number >= 0, number, n_claims + np.arange(len(number)))
        tables = [pd.DataFrame(columns=_KEYS), *(of.table[_KEYS] for of in units)]
        self._places = _index(pd.concat(tables))

    def places(self, table: pd.DataFrame) -> np.ndarray:
        """The units in which the rows of a table stand, numbered over all stories; -1 for none."""
        return self._places.get_indexer(_index(table))

    def names(self, table: pd.DataFrame) -> np.ndarray:
        """What `tl.claims` calls the claims of some sentences; empty where they tell none."""
        return np.append(self._name, "")[self.places(table)]

    def alike(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Mean probability that either unit tells the same as the claim of the other.

        Parameters
        ----------
        x, y : int arrays of shape (n_pairs,)
            As `places` numbers units.

        Returns
        -------
        array of shape (n_pairs,)
            0 to 1; NaN of two stories, or of what is no unit.
        """
        found = np.full(len(x), np.nan)
        known = np.flatnonzero((x >= 0) & (y >= 0))
        known = known[self._story[x[known]] == self._story[y[known]]]
        for story, at in pd.Series(known).groupby(self._story[x[known]]):
            rows = at.to_numpy()
            one, other = x[rows] - self._begin[story], y[rows] - self._begin[story]
            stop = self._begin[story] + len(self._units[story])
            claim = self._claim[self._begin[story] : stop]
            both = self._to_claims(story, np.r_[one, other], claim, claim[np.r_[other, one]])
            found[rows] = both.reshape(2, -1).mean(axis=0)
        return found

    def _to_claims(
        self, story: int, units: np.ndarray, claim: np.ndarray, to: np.ndarray
    ) -> np.ndarray:
        """Mean probability that each of some units tells the same as the others of a claim."""
        distinct, column = np.unique(to, return_inverse=True)
        member = np.searchsorted(distinct, claim).clip(max=len(distinct) - 1)
        rows = np.flatnonzero(distinct[member] == claim)
        cells = np.ones(len(rows), np.float32), (rows, member[rows])
        members = sparse.csr_array(cells, shape=(len(claim), len(distinct)))
        size = np.bincount(member[rows], minlength=len(distinct))[column] - (claim[units] == to)
        found = np.empty(len(units))
        of, place = np.unique(units, return_inverse=True)
        for start in range(0, len(of), BLOCK):
            some = of[start : start + BLOCK]
            same = self._units[story].same(some)
            same[np.arange(len(some)), some] = 0  # a sentence is no context of itself
            total = same @ members
            here = np.flatnonzero((place >= start) & (place < start + BLOCK))
            found[here] = total[place[here] - start, column[here]]
        return found / size


def claim_contexts(features: Features) -> ClaimContexts | None:
    """The claims of a corpus; None without embeddings, English articles, or days to find stories.

    Stories are found first, so that sentences are compared within each only.
    """
    if not features.has("vectors"):
        return None
    try:
        readable, _ = in_language(features, "the encoder", ENGLISH, ENGLISH_ONLY)
        stories = articles_of_stories(readable, STORY)
    except (LanguageError, FeaturesError):
        return None
    some = {story: ids for story, ids in of_several(stories).items() if len(ids) <= _MOST}
    return ClaimContexts(list(units_by_story(readable, some).values()))


def _index(table: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(table[_KEYS].astype({"article_id": str, "sentence": int}))
