"""In whose voice a sentence tells a claim: the outlet's, quoted, reported, or as an attitude."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.features import Features
from analysis.text.verbs import verb_of
from analysis.tl._story_units import StoryUnits
from analysis.tl._voiced import with_speakers
from analysis.views import ByArticle

CLAIM_VOICES = ("outlet", "quoted", "reported", "attitude")
_DENYING = "denying"


class VoiceTables:
    """What voices of claims are read from, once for all stories.

    Parameters
    ----------
    features : Features
        The private form.
    """

    def __init__(self, features: Features):
        self.quotes = ByArticle(features.table("quotes"))
        columns = ["article_id", "position", "sentence", "hash"]
        self.tokens = ByArticle(features.table("tokens", columns))
        self.actors, self.encoder = features.codebook("actors"), features.encoder


class ClaimVoices:
    """The voice of each word of a story's units.

    Parameters
    ----------
    tables : VoiceTables
    units : StoryUnits
    """

    def __init__(self, tables: VoiceTables, units: StoryUnits):
        quotes = tables.quotes.of(units.articles)
        told = ~quotes["scare"] & (quotes["direct"] | ~quotes["negated"].astype(bool))
        # what documents show, and "it emerged", nobody says but the outlet
        told &= quotes["kind"] != "evidence"
        quotes = with_speakers(quotes[told].reset_index(drop=True), tables.actors)
        said = (quotes["kind"] != "attitude") | (quotes["speaker"] != "")
        self._quotes = quotes = quotes[said].reset_index(drop=True)
        classes = {verb: verb_of(verb) for verb in quotes["verb"].unique()}
        denying = {
            verb for verb, known in classes.items() if known and known.verb_class == _DENYING
        }
        self._denies = quotes["verb"].isin(denying).to_numpy()
        tokens = tables.tokens.of(units.articles)
        owner = self._owners(tokens)
        keys = ["article_id", "sentence"]
        at = pd.MultiIndex.from_frame(units.table[keys])
        unit = at.get_indexer(pd.MultiIndex.from_frame(tokens[keys]))
        hashes = tokens["hash"].to_numpy(np.uint64)
        order = np.argsort(unit, kind="stable")
        edges = np.searchsorted(unit[order], np.arange(len(units) + 1))
        self._words = [order[a:b] for a, b in zip(edges, edges[1:])]
        self._hashes, self._owner, self._idf = hashes, owner, units.idf_of(hashes)
        direct = self._quotes["direct"].to_numpy(bool)
        attitude = self._quotes["kind"].to_numpy(object) == "attitude"
        kind = np.where(direct, 1, np.where(attitude, 3, 2))
        self._kind = np.r_[kind, 0][owner]  # the last is the outlet's
        self._speakers = self._quotes["speaker"].tolist()

    def _owners(self, tokens: pd.DataFrame) -> np.ndarray:
        """The innermost quotation or statement of each word; -1 where it is the outlet's own."""
        first = tokens.groupby("article_id", sort=False)["position"].idxmin()
        owner = np.full(len(tokens), -1)
        quotes = self._quotes
        begin = first.reindex(quotes["article_id"]).to_numpy() + quotes["position"].to_numpy()
        # quotations stand within statements, and these within what is thought
        order = np.lexsort([-quotes["n_words"], quotes["kind"] == "speech", quotes["direct"]])
        for row in order:
            start = int(begin[row])
            owner[start : start + int(quotes["n_words"].iloc[row])] = row
        return owner

    def of(self, unit: int, words: np.ndarray) -> tuple[str, str, bool]:
        """Voice, speaker, and whether the speaker denies it, of a claim in a unit.

        Parameters
        ----------
        unit : int
        words : uint64 array
            Hashes of the claim's words: who has most of them, by idf, has the claim.

        Returns
        -------
        (str, str, bool)
        """
        rows = self._words[unit]
        weight = self._idf[rows] * np.isin(self._hashes[rows], words)
        if weight.sum() <= 0:
            weight = np.ones(len(rows))
        kind = self._kind[rows]
        sums = np.bincount(kind, weight, len(CLAIM_VOICES)).round(9)
        voice = int(sums.argmax())
        if voice == 0:
            return CLAIM_VOICES[0], "", False
        of_voice = kind == voice
        most = int(np.bincount(self._owner[rows][of_voice], weight[of_voice]).argmax())
        return CLAIM_VOICES[voice], self._speakers[most], bool(self._denies[most])
