"""In whose voice a sentence tells a claim: the outlet's, quoted, reported, or as an attitude."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.features import Features
from analysis.text.verbs import verb_of
from analysis.tl._story_units import StoryUnits
from analysis.tl._voiced import with_speakers

VOICES = ("outlet", "quoted", "reported", "attitude")
_DENYING = "denying"


class ClaimVoices:
    """The voice of each word of a story's units.

    Parameters
    ----------
    features : Features
        The private form.
    units : StoryUnits
    """

    def __init__(self, features: Features, units: StoryUnits):
        self._units = units
        some = features.only(units.articles)
        quotes = some.table("quotes").reset_index(drop=True)
        told = ~quotes["scare"] & (quotes["direct"] | ~quotes["negated"].astype(bool))
        # what documents show, and "it emerged", nobody says but the outlet
        told &= quotes["kind"] != "evidence"
        quotes = with_speakers(quotes[told].reset_index(drop=True), features.codebook("actors"))
        said = (quotes["kind"] != "attitude") | (quotes["speaker"] != "")
        self._quotes = quotes = quotes[said].reset_index(drop=True)
        classes = {verb: verb_of(verb) for verb in quotes["verb"].unique()}
        denying = {verb for verb, known in classes.items() if known}
        denying = {verb for verb in denying if classes[verb].verb_class == _DENYING}
        self._denies = quotes["verb"].isin(denying).to_numpy()
        tokens = some.table("tokens", ["article_id", "position", "sentence", "hash"])
        owner = self._owners(tokens)
        keys = ["article_id", "sentence"]
        at = pd.MultiIndex.from_frame(units.table[keys])
        unit = at.get_indexer(pd.MultiIndex.from_frame(tokens[keys]))
        of = pd.DataFrame({"unit": unit, "hash": tokens["hash"], "owner": owner})
        self._of_unit = dict(iter(of[unit >= 0].groupby("unit")))

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
        rows = self._of_unit.get(unit)
        if rows is None:
            return VOICES[0], "", False
        hashes = rows["hash"].to_numpy(np.uint64)
        at = np.searchsorted(self._units.hashes, hashes)
        weight = self._units.idf[at] * np.isin(hashes, words)
        if weight.sum() <= 0:
            weight = np.ones(len(rows))
        owner = rows["owner"].to_numpy()
        kinds = np.array([self._kind(o) for o in owner])
        sums = {voice: weight[kinds == voice].sum() for voice in VOICES}
        voice = max(VOICES, key=lambda name: round(sums[name], 9))
        if voice == VOICES[0]:
            return voice, "", False
        of_voice = owner[kinds == voice]
        most = pd.Series(weight[kinds == voice]).groupby(of_voice).sum().idxmax()
        return voice, str(self._quotes["speaker"].iloc[most]), bool(self._denies[most])

    def _kind(self, owner: int) -> str:
        if owner < 0:
            return "outlet"
        if self._quotes["direct"].iat[owner]:
            return "quoted"
        return "attitude" if self._quotes["kind"].iat[owner] == "attitude" else "reported"
