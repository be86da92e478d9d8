"""The selector: which candidates attribute something, by weights learned from coded news.

`python -m benchmarks.attributions_train --data DIR` makes the weights; without them a few rules of
grammar score candidates.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from analysis.languages.lists import DATA, folder, words

if TYPE_CHECKING:
    from analysis.languages.candidates import Candidate

BIAS = ""  # the feature that every candidate has
_CLEAR, _LIKELY = 0.9, 0.6  # by grammar alone
UNKNOWN = "l=?"  # stands for a cue that the weights do not know


class Selector:
    """Scores candidates by a logistic regression over their features.

    Parameters
    ----------
    weights : dict of str to float
        By feature.
    """

    def __init__(self, weights: dict[str, float]):
        self.weights = weights

    def scores(self, candidates: list[Candidate]) -> np.ndarray:
        """The chance of each candidate that it attributes its content to its source.

        Parameters
        ----------
        candidates : list of Candidate

        Returns
        -------
        float array
            Between 0 and 1.
        """
        if not self.weights:
            return np.array([_by_grammar(one) for one in candidates], float)
        get, bias = self.weights.get, self.weights.get(BIAS, 0.0)
        unknown = get(UNKNOWN, 0.0)
        sums = np.array(
            [
                bias + get(one.features[0], unknown) + sum(get(f, 0.0) for f in one.features[1:])
                for one in candidates
            ],
            float,
        )
        return 1 / (1 + np.exp(-sums))


def _by_grammar(one: Candidate) -> float:
    """A verb of speech, thought or showing with a clause, a parenthesis of one, "according to"."""
    if one.source is None:
        return 0.0
    if one.cue.norm_ == "according":
        return _CLEAR
    lemma, language = one.cue.lemma_.lower(), one.cue.lang_
    how = one.features[4].removeprefix("d=")
    if one.cue.pos_ not in ("VERB", "AUX") or one.cue in one.head.subtree and how[:5] != "paren":
        return 0.0
    aside = how.startswith("paren") and not one.cue.left_edge.i < one.cue.i < one.head.i
    if lemma in words(language, "speech"):
        said = how == "ccomp" or how.startswith("paren")
        return _CLEAR if said else _LIKELY if how == "xcomp" else 0.1
    if aside or how != "ccomp":
        return 0.0
    thought = words(language, "attitude") | words(language, "evidence")
    return _LIKELY if lemma in thought else 0.0


@lru_cache(8)
def load_selector(language: str = "en") -> Selector:
    """The selector of a language, from `analysis/data/<language>/attributions.tsv`.

    Parameters
    ----------
    language : str
        Its code.

    Returns
    -------
    Selector
        Without weights where the language has none.
    """
    path = DATA / folder(language) / "attributions.tsv"
    if not path.exists():
        return Selector({})
    rows = (line.rsplit("\t", 1) for line in path.read_text("utf-8").splitlines())
    return Selector({feature: float(weight) for feature, weight in rows})
