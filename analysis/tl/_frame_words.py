"""The words of frames: how often each matched, was negated, and stood for another frame too."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.features import PRIVATE, Features
from analysis.inference import wilson
from analysis.results import count
from analysis.text.english import CONTRACTED_NOT, NEGATION_REACH, NEGATORS
from analysis.text.tokens import word_hash
from analysis.tl._frames_prototypes import listed_entries
from analysis.views import ENGLISH, pattern_counts

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
    sums = counts.groupby(_OF, sort=False)["count"].agg(["sum", "size"])
    table = sums.set_axis(["count", "n_articles"], axis=1).reset_index()
    place = {name: i for i, name in enumerate(listed_entries(features))}
    table = table.assign(place=table["frame"].map(place)).sort_values(
        ["place", "count", "pattern"], ascending=[True, False, True], ignore_index=True
    )
    table = table.drop(columns="place")
    if features.form != PRIVATE:
        nothing = pd.array([pd.NA] * len(table), "Int64")
        return table.assign(n_negated=nothing, n_twice=nothing, also_in=_alike(table))
    hits = features.table("hits").rename(columns={"entry": "frame"})
    kept = (hits["kind"] == "frame") & hits["article_id"].isin(articles)
    hits = hits[kept].reset_index(drop=True)
    hits["n_negated"] = _negated(features, hits)
    other = _twice(hits)
    hits["n_twice"] = hits.index.isin(other["hit"])
    by_word = hits.groupby(_OF)
    found = by_word[["n_negated", "n_twice"]].sum(min_count=1).astype("Int64").reset_index()
    table = table.merge(found, on=_OF, how="left")
    also = other.join(hits[_OF], on="hit").groupby(_OF)["other"].unique()
    also_in = {key: ", ".join(sorted(names)) for key, names in also.items()}
    table["also_in"] = [also_in.get(key, "") for key in zip(table["frame"], table["pattern"])]
    return table if marks is None else _with_precision(table, hits, marks, level)


def vocabulary_notes(vocabulary: pd.DataFrame) -> tuple[str, ...]:
    """What a reader of the shares must know of the words behind them."""
    n = int(vocabulary["count"].sum())
    if not n:
        return ()
    notes = []
    if vocabulary["n_negated"].notna().any():
        negated = int(vocabulary["n_negated"].sum())
        twice = int(vocabulary["n_twice"].sum())
        notes.append(
            f"Of {count(n, 'frame word')}, {negated:,} ({negated / n:.0%}) follow a negation within"
            f" {NEGATION_REACH} words and count all the same; {twice:,} ({twice / n:.0%}) count in"
            " more than one frame. `vocabulary` has them by word."
        )
    elif both := vocabulary.loc[vocabulary["also_in"] != "", "pattern"].nunique():
        notes.append(
            f"{count(both, 'word')} of the codebook count in more than one frame (`vocabulary`);"
            " whether a word is negated is known only where the texts are."
        )
    return tuple(notes)


def _negated(features: Features, hits: pd.DataFrame) -> pd.Series:
    """Whether a negation stands within three words before each match; NA outside English."""
    articles = features.table("articles", ["article_id", "language", "n_tokens"])
    bounds = np.r_[0, np.cumsum(articles["n_tokens"].to_numpy(np.int64))]
    tokens = features.table("tokens", ["sentence", "start", "hash"])
    negators = [word_hash(word) for word in sorted(NEGATORS | CONTRACTED_NOT)]
    negates = np.isin(tokens["hash"].to_numpy(), np.array(negators, np.uint64))
    sentence, start = (tokens[c].to_numpy(np.int64) for c in ("sentence", "start"))
    article = np.repeat(np.arange(len(articles)), np.diff(bounds))
    # one number for each place of the corpus, in the order of its words
    of_hits = pd.Index(articles["article_id"]).get_indexer(hits["article_id"])
    width = int(max(start.max(initial=0), hits["start"].max() if len(hits) else 0)) + 1
    place = np.searchsorted(article * width + start, of_hits * width + hits["start"].to_numpy())
    found = np.zeros(len(hits), bool)
    for back in range(1, NEGATION_REACH + 1):
        before = np.maximum(place - back, 0)
        beside = (article[before] == of_hits) & (sentence[before] == hits["sentence"].to_numpy())
        found |= beside & negates[before] & (place >= back)
    english = articles["language"].str.split("-").str[0].eq(ENGLISH).to_numpy()
    return pd.Series(found, hits.index).astype("boolean").where(english[of_hits])


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
