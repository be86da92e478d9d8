"""The selector: which candidates attribute something, by weights learned from coded news.

`python -m benchmarks.attributions_train --data DIR` makes the weights; without them a few rules of
grammar judge.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from analysis.text.lists import DATA, folder, words

if TYPE_CHECKING:
    from analysis.languages.candidates import Candidate

FILE = "attributions.npz"
_PRO_DROP = frozenset(("es",))  # languages that leave pronouns out
_CLEAR, _LIKELY = 0.9, 0.6  # by grammar alone
UNKNOWN_CUE = "l=?"  # stands for a cue that the weights do not know
LEXICAL = ("l=", "ld=", "lm=", "lp=", "lop=", "pl=")  # features that name the cue


class Selector:
    """Judges candidates: how likely each attributes something, and which content fits best.

    The chance is that of a small network: a linear part over all features, and hidden units over
    those that are frequent, over what the parser sees of cue, content and source, and over what a
    sentence encoder makes of the lemmas of cue and content (kept for each word, so that rare cues
    count as those that mean the same). Which of a cue's candidates has the right content is said by
    a linear score of its own.

    Parameters
    ----------
    arrays : mapping of str to array
        As in the file that ships; empty where a language has none.
    """

    def __init__(self, arrays):
        self.trained = "features" in arrays
        if not self.trained:
            return
        features = bytes(arrays["features"]).decode("utf-8").split("\n")
        self._place = {feature: i for i, feature in enumerate(features)}
        self._linear, self._choice, self._embedding, self._dense, self._seen, self._unseen = (
            arrays[name].astype(np.float32)
            for name in ("linear", "choice", "embedding", "dense", "seen", "unseen")
        )
        self._output = arrays["output"].astype(np.float32)
        self._bias = float(arrays["bias"])
        self._scale, self._shift = (float(arrays[name]) for name in ("scale", "shift"))
        self._row = arrays["row"]  # of the embedding, of each feature; the first is empty
        self._pipeline = str(arrays["pipeline"])
        words = bytes(arrays["words"]).decode("utf-8").split("\n")
        self._meanings = Meanings(words, arrays["meanings"])

    def judge(self, candidates: list[Candidate]) -> tuple[np.ndarray, np.ndarray]:
        """Chances of candidates of one article, and how well their contents fit.

        Parameters
        ----------
        candidates : list of Candidate

        Returns
        -------
        chance, fit : float arrays
            The chance that the content is put down to the source, between 0 and 1; the fit is to
            be compared among candidates of one cue.
        """
        if not candidates:
            return np.empty(0), np.empty(0)
        if not self.trained:
            chance = np.array([_by_grammar(one) for one in candidates])
            return chance, chance + [one.last - one.first < 60 for one in candidates]
        place, flat, starts = self._place.get, [], []
        for one in candidates:
            starts.append(len(flat))
            known = one.features[0] in self._place
            for feature in one.features if known else [UNKNOWN_CUE, *one.features]:
                at = place(feature)
                if at is not None:
                    flat.append(at)
        index = np.array(flat)
        linear, fit = (np.add.reduceat(w[index], starts) for w in (self._linear, self._choice))
        hidden = np.add.reduceat(self._embedding[self._row[index]], starts)
        hidden += self._contexts(candidates)
        score = linear + np.maximum(hidden, 0) @ self._output + self._bias
        return 1 / (1 + np.exp(-self._scale * score - self._shift)), fit

    def _contexts(self, candidates: list[Candidate]) -> np.ndarray:
        """What the parser sees of cue, content, source and the word above the cue."""
        doc = candidates[0].cue.doc
        if doc.user_data.get("syntax") != self._pipeline or not doc.tensor.size:
            return self._unseen  # another parser's numbers would mean something else
        meant = self._meanings.of([lemmas_of(one) for one in candidates])
        return np.concatenate([contexts(candidates), meant], axis=1) @ self._dense + self._seen


class Meanings:
    """What a sentence encoder makes of words.

    Parameters
    ----------
    words : list of str
    vectors : int8 array of shape (n_words, n_dimensions)

    Examples
    --------
    >>> table = Meanings(["say", "tell"], np.array([[1, 2], [1, 3]], np.int8))
    >>> table.of([("say", "tell"), ("say", "unheard")]).tolist()
    [[1.0, 2.0, 1.0, 3.0], [1.0, 2.0, 0.0, 0.0]]
    """

    def __init__(self, words: list[str], vectors: np.ndarray):
        self._at = {word: i for i, word in enumerate(words)}
        self._vectors = np.vstack([vectors, np.zeros_like(vectors[:1])]).astype(np.float32)
        self.arrays = {
            "words": np.frombuffer("\n".join(words).encode("utf-8"), np.uint8),
            "meanings": vectors,
        }

    def of(self, lemmas: list[tuple[str, str]]) -> np.ndarray:
        """Vectors of pairs of words, one beside the other; zeros for words that are not there.

        Parameters
        ----------
        lemmas : list of (str, str)

        Returns
        -------
        float32 array of shape (n, 2 * n_dimensions)
        """
        none = len(self._vectors) - 1
        at = np.array([[self._at.get(word, none) for word in pair] for pair in lemmas], int)
        return self._vectors[at].reshape(len(lemmas), -1)


def lemmas_of(one: Candidate) -> tuple[str, str]:
    """The lemmas of a candidate's cue and of the head of its content.

    Parameters
    ----------
    one : Candidate

    Returns
    -------
    (str, str)
    """
    return one.cue.lemma_.lower(), one.head.lemma_.lower()


def contexts(candidates: list[Candidate]) -> np.ndarray:
    """What the parser sees of candidates of one article.

    Parameters
    ----------
    candidates : list of Candidate
        One at least.

    Returns
    -------
    float32 array
        Of the cue, the content's head, the source, the word above the cue, the content's first
        word, and the mean of its words.
    """
    doc = candidates[0].cue.doc
    none = len(doc)
    words = np.array(
        [
            (
                one.cue.i,
                one.head.i,
                none if one.source is None else one.source.i,
                one.cue.head.i,
                one.first,
            )
            for one in candidates
        ]
    )
    seen = np.vstack([doc.tensor, np.zeros(doc.tensor.shape[1], np.float32)])
    sums = np.vstack([np.zeros(doc.tensor.shape[1]), np.cumsum(doc.tensor, axis=0, dtype=float)])
    last = np.array([one.last + 1 for one in candidates])
    mean = (sums[last] - sums[words[:, 4]]) / (last - words[:, 4])[:, None]
    single = seen[words].reshape(len(words), -1)
    return np.concatenate([single, mean.astype(np.float32)], axis=1)


def _by_grammar(one: Candidate) -> float:
    """A clause of a verb of speech, a parenthesis of one, "according to"."""
    if one.source is None:
        dropped = one.cue.lang_ in _PRO_DROP and one.cue.pos_ == "VERB" and one.cue.tag_ == "VBD"
        told = one.speech and not one.how and one.head.dep_ == "ccomp"
        return _LIKELY if dropped and told else 0.0  # añadió que ...
    language, lemma = one.cue.lang_, one.cue.lemma_.lower()
    aside = one.how.startswith("paren")
    if one.how == "paren:ccomp" and one.head.lemma_.lower() in words(language, "speech"):
        return 0.0  # the content of another cue
    clause = aside or not one.how and one.head.dep_ == "ccomp"
    if one.speech and clause or one.cue.norm_ == "according":
        return _CLEAR
    if not one.how and one.head.dep_ == "dobj" and lemma in words(language, "denying"):
        return _LIKELY
    if one.how.startswith("all:") and lemma in words(language, "accusing"):
        return _CLEAR
    lists = (words(language, kind) for kind in ("attitude", "evidence"))
    deed = not one.how and one.head.dep_ == "xcomp"
    thought = not one.how and clause and any(lemma in its for its in lists)
    return _LIKELY if thought or one.speech and deed else 0.0


@lru_cache(8)
def load_selector(language: str = "en") -> Selector:
    """The selector of a language, from `analysis/data/<language>/attributions.npz`.

    Parameters
    ----------
    language : str
        Its code.

    Returns
    -------
    Selector
        By rules of grammar where the language has no weights.
    """
    path = DATA / folder(language) / FILE
    if not path.exists():
        return Selector({})
    with np.load(path) as arrays:
        return Selector(dict(arrays))
