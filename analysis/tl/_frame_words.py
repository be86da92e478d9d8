"""The words of frames: how often each matched, was negated, and stood for another frame too."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.features import PRIVATE, Features
from analysis.inference import wilson
from analysis.results import count
from analysis.text.negation import NEGATION_REACH
from analysis.tl._frames_prototypes import listed_entries
from analysis.views import pattern_counts

_KEYS = ["article_id", "sentence"]
_OF = ["frame", "pattern"]


def frame_vocabulary(
    features: Features, articles: pd.Index, marks: pd.DataFrame | None = None, level: float = 0.95
) -> pd.DataFrame:
    """The codebook's words that matched, as `Frames.vocabulary` describes them.

    Parameters
    ----------
    features : Features
    articles : Index of str
        The articles that count.
    marks : DataFrame, optional
        Coded sentences: article_id, sentence, and a column of booleans for each coded frame.
    level : float
        Of the interval of precision.
    """
    counts = pattern_counts(features, "frame").rename(columns={"entry": "frame"})
    counts = counts[counts["article_id"].isin(articles)]
    by_word = counts.groupby(_OF, sort=False)
    sums = by_word["count"].agg(["sum", "size"]).set_axis(["count", "n_articles"], axis=1)
    table = sums.assign(n_negated=by_word["n_negated"].sum(min_count=1)).reset_index()
    place = {name: i for i, name in enumerate(listed_entries(features))}
    table = table.assign(place=table["frame"].map(place)).sort_values(
        ["place", "count", "pattern"], ascending=[True, False, True], ignore_index=True
    )
    table = table.drop(columns="place")
    if features.form != PRIVATE:
        nothing = pd.array([pd.NA] * len(table), "Int64")
        return table.assign(n_twice=nothing, also_in=_alike(table))
    hits = features.table("hits").rename(columns={"entry": "frame"})
    kept = (hits["kind"] == "frame") & hits["article_id"].isin(articles)
    hits = hits[kept].reset_index(drop=True)
    other = _twice(hits)
    hits["n_twice"] = hits.index.isin(other["hit"])
    twice = hits.groupby(_OF)["n_twice"].sum().astype("Int64").reset_index()
    table = table.merge(twice, on=_OF, how="left")
    also = other.join(hits[_OF], on="hit").groupby(_OF)["other"].unique()
    also_in = {key: ", ".join(sorted(names)) for key, names in also.items()}
    table["also_in"] = [also_in.get(key, "") for key in zip(table["frame"], table["pattern"])]
    return table if marks is None else _with_precision(table, hits, marks, level)


def vocabulary_notes(vocabulary: pd.DataFrame) -> tuple[str, ...]:
    """What a reader of the shares must know of the words behind them."""
    n = int(vocabulary["count"].sum())
    if not n:
        return ()
    said = []
    if vocabulary["n_negated"].notna().any():
        negated = int(vocabulary["n_negated"].sum())
        said.append(
            f"{negated:,} ({negated / n:.0%}) follow a negation within {NEGATION_REACH} words and"
            " count all the same"
        )
    if vocabulary["n_twice"].notna().any():
        twice = int(vocabulary["n_twice"].sum())
        said.append(f"{twice:,} ({twice / n:.0%}) count in more than one frame")
    elif several := vocabulary.loc[vocabulary["also_in"] != "", "pattern"].nunique():
        said.append(f"{count(several, 'word')} of the codebook may count in more than one frame")
    if not said:
        return ()
    return (f"Of {count(n, 'frame word')}, {'; '.join(said)}. `vocabulary` has them by word.",)


def _twice(hits: pd.DataFrame) -> pd.DataFrame:
    """Matches that lie over one of another frame: `hit` (row of hits), `other` (that frame)."""
    ordered = hits.sort_values(["article_id", "start"], kind="stable")
    article, frame = ordered["article_id"].to_numpy(), ordered["frame"].to_numpy()
    start, end = ordered["start"].to_numpy(), ordered["end"].to_numpy()
    rows, others = [], []
    for step in range(1, len(ordered)):
        over = (article[step:] == article[:-step]) & (start[step:] < end[:-step])
        if not over.any():
            break
        first = np.flatnonzero(over & (frame[step:] != frame[:-step]))
        rows += [ordered.index[first], ordered.index[first + step]]
        others += [frame[first + step], frame[first]]
    if not rows:
        return pd.DataFrame({"hit": pd.Series(dtype=int), "other": pd.Series(dtype=str)})
    return pd.DataFrame({"hit": np.concatenate(rows), "other": np.concatenate(others)})


def _alike(table: pd.DataFrame) -> list[str]:
    """Where matches have no places: frames with the same word, or one that opens like it."""
    words = list(zip(table["frame"], table["pattern"]))
    found = []
    for frame, word in words:
        others = {f for f, w in words if f != frame and (_covers(w, word) or _covers(word, w))}
        found.append(", ".join(sorted(others)))
    return found


def _covers(pattern: str, word: str) -> bool:
    if pattern == word:
        return True
    return pattern.endswith("*") and word.rstrip("*").startswith(pattern[:-1])


def _with_precision(
    table: pd.DataFrame, hits: pd.DataFrame, marks: pd.DataFrame, level: float
) -> pd.DataFrame:
    """With how often a coder found the word's frame in the coded sentences where it matched."""
    long = marks.melt(_KEYS, var_name="frame", value_name="right")
    found = hits.merge(long, on=[*_KEYS, "frame"])
    by_word = found.groupby(_OF)["right"].agg(["size", "sum"])
    sums = by_word.reindex(pd.MultiIndex.from_frame(table[_OF]), fill_value=0)
    n, right = sums["size"].to_numpy(int), sums["sum"].to_numpy(int)
    low, high = wilson(right, n, level)
    with np.errstate(invalid="ignore"):
        precision = right / n
    return table.assign(n_coded=n, precision=precision, precision_low=low, precision_high=high)
