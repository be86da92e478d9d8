"""Pairs of values that differ though two articles give them for the same thing."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.tl._contexts import SAME_STORY, Values, agree, candidates, dots, nearness
from analysis.tl.claims import CUT

# part of the score that an agreeing pair needs to show that both articles know the value
SETTLED = 0.7
ENOUGH = 1.5  # evidence from which a score counts in full
# evidence that a dimension is for itself: much if few values have it
COMMON_DIMENSIONS = dict.fromkeys(
    ["", "date", "time", "months", "%", "dollar", "pound", "euro", "No.", "year-old"], 0.0
) | dict.fromkeys(["dead", "more dead", "injured", "time of day"], 0.5)
# what measures the same says by itself what it is of
_TOLD_BY_UNIT = ["dead", "more dead", "injured", "time of day"]
_BESIDE = 0.3  # rarity that the words beside two values share if both are of one thing
_OF_OTHERS = 0.5  # what is left of a score if they do not
_RIVAL = 2  # power of the nearness of two values, where several may be set against one
_OTHER = 0.7  # what is left of a score if another word follows a mere number
THROUGH = 0.9  # what is left of the lesser of two scores if a third value links two
_LINKS = 20  # of one value through which others are linked: its surest
MEANING = 0.3  # of a score: what two sentences mean, the rest is the words near the values
MEANING_TELLS = 3.0  # evidence that a sentence of the same meaning is, times its part of the score


def differing_values(values: Values, min_score: float) -> pd.DataFrame:
    """Pairs of differing values in contexts that are each other's most alike in the two articles.

    A value may differ from several: of a pair no other value of either article, unless it says the
    same, stands in a context more like that of the other. Two values that a third one is linked to
    (it differs from them, or says the same) are a pair too, as outlets word things differently.

    Parameters
    ----------
    values : Values
    min_score : float

    Returns
    -------
    DataFrame
        i, j (rows of the values, in the order of the articles), score.
    """
    rows = np.flatnonzero((values.table["kind"] != "name") & values.table["usable"])
    pairs = _scored(values, rows, min_score / 2)
    linked = _foremost(values, pairs, min_score)
    through = _through_others(values, pairs[linked & (pairs["agree"] | _open(values, pairs))])
    pairs = pd.concat([pairs, through]).sort_values("score", ascending=False, kind="stable")
    pairs = pairs.drop_duplicates(["i", "j"], ignore_index=True)
    kept = ~pairs["agree"] & _foremost(values, pairs, min_score) & _open(values, pairs)
    return pairs.loc[kept, ["i", "j", "score"]]


def _scored(values: Values, rows: np.ndarray, floor: float) -> pd.DataFrame:
    """Pairs of comparable values in like contexts.

    Returns
    -------
    DataFrame
        i, j (rows of the values), a, b (articles), score, agree (whether the values do).
    """
    article = values.table["article"].to_numpy()[rows]
    dimensions = values.table["dimension"].to_numpy(object)[rows]
    contexts = values.contexts(rows, dimensions)
    found = [np.empty((2, 0), np.int64)]
    for group in pd.Series(dimensions).groupby(dimensions, sort=False).indices.values():
        found.append(group[np.stack(candidates(contexts[group], article[group], floor))])
    i, j = np.sort(np.concatenate(found, axis=1), axis=0)  # in the order of the articles
    alike = values.likeness(article[i], article[j]) >= SAME_STORY
    i, j = i[alike], j[alike]
    likeness, evidence = _alike(values, contexts, rows, i, j)
    special = np.array([COMMON_DIMENSIONS.get(d, 1.0) for d in dimensions])
    aged = np.array([d.startswith("year-old ") for d in dimensions], bool)[i]  # of one person
    pairs = _compared(values, rows[i], rows[j])
    score = likeness * pairs["near"]
    score = np.where(aged, (1 + score) / 2, score * np.minimum((evidence + special[i]) / ENOUGH, 1))
    heads = values.heads(rows)
    score = np.where((dimensions[i] == "") & (heads[i] != heads[j]), _OTHER * score, score)
    beside = values.beside(rows)
    of_one = np.isin(dimensions, _TOLD_BY_UNIT)[i] | aged | (dots(beside, i, beside, j) > _BESIDE)
    score = np.where(of_one, score, _OF_OTHERS * score)
    return _comparable(pairs.assign(score=score))


def _alike(
    values: Values, contexts: sparse.csr_array, rows: np.ndarray, i: np.ndarray, j: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """How alike the contexts of two values are, 0 to 1, and how unlikely that is by chance.

    The one place that says what the context of a value is: the words near it, what its sentence
    means, and the claim that its sentence tells.
    """
    likeness, evidence = dots(contexts, i, contexts, j), values.evidence(contexts, i, j)
    meaning = values.meant_alike(rows[i], rows[j])
    if meaning is None:
        return likeness, evidence
    likeness = (1 - MEANING) * likeness + MEANING * meaning
    told = np.nan_to_num(values.told_alike(rows[i], rows[j]))
    likeness = np.minimum(likeness * (1 + np.maximum(told - CUT, 0)), 1)
    return likeness, evidence + MEANING * MEANING_TELLS * meaning


def _compared(values: Values, i: np.ndarray, j: np.ndarray) -> pd.DataFrame:
    """Rows of two values with their articles, whether they agree, and how near they are."""
    kind, value, article = (values.table[c].to_numpy() for c in ("kind", "value", "article"))
    said = [(kind[x], value[x], value[y]) for x, y in zip(i.tolist(), j.tolist())]
    pairs = pd.DataFrame({"i": i, "j": j, "a": article[i], "b": article[j]})
    pairs["agree"] = pd.Series([agree(*pair) for pair in said], dtype=object)
    pairs["near"] = np.array([nearness(*pair) for pair in said], float)
    return pairs


def _comparable(pairs: pd.DataFrame) -> pd.DataFrame:
    kept = pairs["agree"].notna() & (pairs["score"] > 0)
    return pairs.loc[kept, ["i", "j", "a", "b", "score", "agree", "near"]].astype({"agree": bool})


def _foremost(values: Values, pairs: pd.DataFrame, min_score: float) -> np.ndarray:
    """Whether no other value of either article has a higher score; what says the same is none."""
    enough = pairs["score"] >= min_score
    pairs = pairs.assign(score=pairs["score"] * pairs["near"] ** _RIVAL)
    rivals = [_rival(values, pairs, *sides) for sides in (("i", "j", "b"), ("j", "i", "a"))]
    return (enough & (pairs["score"] >= np.maximum(*rivals) - 1e-9)).to_numpy()


def _rival(values: Values, pairs: pd.DataFrame, one: str, other: str, article: str) -> np.ndarray:
    """Highest score of a value with others of the other article that do not say what this says."""
    said, _ = pd.factorize(values.table["value"].to_numpy()[pairs[other]])
    score, beside = pairs["score"].to_numpy(float), pairs[article].to_numpy(np.int64)
    key = pairs[one].to_numpy(np.int64) * (beside.max(initial=0) + 1) + beside
    group = np.unique(key, return_inverse=True)[1]
    # the best of each that is said, then of these the best and the second of each group
    order = np.lexsort((score, said, group))
    best = order[_last(group[order], said[order])]
    best = best[np.lexsort((score[best], group[best]))]
    last = np.flatnonzero(_last(group[best]))
    before = np.maximum(last - 1, 0)
    second = np.where(group[best[before]] == group[best[last]], score[best[before]], 0)
    second[last == 0] = 0  # the first of all has none before it
    same = said[best[last]][group] == said
    return np.where(same, second[group], score[best[last]][group])


def _last(*keys: np.ndarray) -> np.ndarray:
    """Whether each row is the last of those that are equal in all keys, which are sorted."""
    differ = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    return np.r_[differ, True][: len(keys[0])]


def _open(values: Values, pairs: pd.DataFrame) -> np.ndarray:
    """Whether neither sentence, nor the other article in a like context, says the other value."""
    settled = pairs["score"].where(pairs["agree"])
    known = np.fmax(
        settled.groupby([pairs["i"], pairs["b"]]).transform("max"),
        settled.groupby([pairs["j"], pairs["a"]]).transform("max"),
    )
    said = values.says(pairs["i"], pairs["j"]) | values.says(pairs["j"], pairs["i"])
    return ~said & ~(known >= SETTLED * pairs["score"]).to_numpy()


def _through_others(values: Values, links: pd.DataFrame) -> pd.DataFrame:
    """Pairs of values of different articles that a third value is linked to, as `_scored` ones."""
    ends = [("i", "j"), ("j", "i")]
    both = pd.concat(
        [
            links[[one, other, "score"]].set_axis(["middle", "end", "score"], axis=1)
            for one, other in ends
        ]
    )
    both = both.sort_values(["middle", "score"], ascending=[True, False], kind="stable")
    both = both[both.groupby("middle").cumcount() < _LINKS]
    pairs = both.merge(both, on="middle", suffixes=("", "_other"))
    article = values.table["article"].to_numpy()
    pairs = pairs[article[pairs["end"]] < article[pairs["end_other"]]]
    pairs["score"] = THROUGH * pairs[["score", "score_other"]].min(axis=1)
    pairs = pairs.groupby(["end", "end_other"], as_index=False)["score"].max()
    compared = _compared(values, pairs["end"].to_numpy(int), pairs["end_other"].to_numpy(int))
    return _comparable(compared.assign(score=pairs["score"].to_numpy(float)))
