"""Evidence of who had a passage from whom, as numbers for each pair of articles and for each
passage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.features import PRIVATE, Features
from analysis.reuse import thirds
from analysis.text.outlets import listed_name
from analysis.views import article_credits, sentence_spans

GAP = 3  # words between two passages that still follow one upon the other
SEVERAL = 20  # words that each lacks, at which that says half of what it can
LEAD = 0.15  # share of an article that is its beginning
CREDITS = ("agency", "outlet", "contribution")
# what each says of a child that had it from a parent; {child} and {parent} are put in
DIRECTED = {
    "earlier": "{parent} was published earlier",
    "later": "{parent} was published later",
    "credited": "{child} credits the outlet of {parent}",
    "credits another": "{child} credits a third that {parent} does not name",
    "covered": "{child} is made of words of {parent}",
    "cut end": "{child} has the beginning of {parent} and lacks its end",
    "whole sentences": "passages are whole sentences in {parent} and parts of some in {child}",
    "put between": (
        "{child} has words of its own between passages that follow one upon the other in {parent}"
    ),
    "thirds agree": "third articles agree more with {parent} than with {child}",
    "parent has more": "{parent} shares words with third articles that {child} lacks",
    "child has more": "{child} shares words with third articles that {parent} lacks",
}
COMMON = {
    "common": "how often two articles have it from a third",
    "same credit": "both credit the same third",
    "credit": "a third is credited",
    "both lack": "one third article has words of either that the other lacks",
    "third between": "a third article is nearer to both than they are to each other",
    "thirds": "third articles have it too",
    "quoted": "the words are quoted on both sides",
    "changed": "the two differ in words",
    "unwitnessed": "words that no third article has",
    "own": "both are mostly words of their own",
    "same outlet": "both are of the same outlet",
}
HERE = ("whole sentences", "thirds agree")  # directed evidence of one passage
HERE_COMMON = ("both lack", "third between", "thirds", "quoted", "changed", "unwitnessed")


@dataclass(frozen=True)
class Evidence:
    """Numbers of n pairs or passages.

    Attributes
    ----------
    keys : DataFrame
        a, b and, for passages, passage.
    a_from_b, b_from_a : float64 arrays of shape (n, n_directed)
    common : float64 array of shape (n, n_common)
    directed, shared : list of str
        Names of the columns.
    """

    keys: pd.DataFrame
    a_from_b: np.ndarray
    b_from_a: np.ndarray
    common: np.ndarray
    directed: list[str]
    shared: list[str]


def gather(features: Features, table: pd.DataFrame) -> tuple[Evidence, Evidence]:
    """Evidence of pairs and of their passages.

    Parameters
    ----------
    features : Features
    table : DataFrame
        Passages as `find_reuse` gives them.

    Returns
    -------
    pairs, passages : Evidence
        Boilerplate is left out. Passages quoted on both sides say nothing of a pair that has
        others.
    """
    articles = features.table("articles")
    ids = pd.Index(articles["article_id"])
    sizes = articles["n_tokens"].to_numpy(np.int64)
    rows = table[~table["boilerplate"].to_numpy(bool)].reset_index(drop=True)
    a, b = (ids.get_indexer(rows[side]).astype(np.int64) for side in "ab")
    places = {
        f"{side}_{name}": rows[f"{side}_{name}"].to_numpy(np.int64)
        for side in "ab"
        for name in ("position", "words")
    }
    quoted, same = rows["quoted"].to_numpy(bool), rows["identity"].fillna(0).to_numpy(float)
    equal = same * np.maximum(places["a_words"], places["b_words"])
    seen = thirds.sides(a, b, places, same, len(ids))
    key = a << 32 | b
    pair_keys, pair = np.unique(key, return_inverse=True)
    counts = ~quoted | ~np.isin(pair, pair[~quoted])
    edges = {
        side: _at_sentences(
            features,
            sizes,
            (a, b)[side == "b"],
            places[f"{side}_position"],
            places[f"{side}_words"],
        )
        for side in "ab"
    }
    on = thirds.on_passages(seen, a, b, places, equal)
    here = {
        "sentences": np.stack([edges["b"] - edges["a"], edges["a"] - edges["b"]]).clip(0, None),
        "agree": np.stack([on[:, 2] - on[:, 1], on[:, 1] - on[:, 2]]),
        "common": np.stack(
            [
                np.minimum(on[:, 1], on[:, 2]),
                on[:, 3],
                np.minimum(on[:, 0], 5) / 5,
                quoted,
                1 - same,
                1 - np.minimum(on[:, 4], 1),
            ]
        ),
    }
    weight = np.where(counts, np.maximum(equal, 1), 0)
    total = np.bincount(pair, weight, minlength=len(pair_keys))

    def mean(values):
        return np.bincount(pair, weight * values, minlength=len(pair_keys)) / total

    pa, pb = pair_keys >> 32, pair_keys & 0xFFFFFFFF
    *more, lacked = thirds.beside(seen, pa, pb, sizes).T.astype(float)
    more = np.stack(more)
    dates, credits = _dates(articles["published"], pa, pb), _credits(features, articles, pa, pb)
    for child, name in enumerate(
        ("a_credits_b", "b_credits_a")
    ):  # beside a passage, what the article says of it
        if name in rows:
            here_credited = rows[name].fillna(False).to_numpy(bool)
            credits["outlet"][child] = np.maximum(
                credits["outlet"][child],
                np.bincount(pair, here_credited, minlength=len(pair_keys)) > 0,
            )
    shape = {
        side: _shape(pair, counts, places, side, sizes[(pa, pb)[side == "b"]], len(pair_keys))
        for side in "ab"
    }
    share = [
        np.minimum(shape[side]["words"] / np.maximum(sizes[p], 1), 1)
        for side, p in (("a", pa), ("b", pb))
    ]
    has_more = more / np.maximum(more + np.stack([shape["a"]["words"], shape["b"]["words"]]), 1)
    outlet, directed = articles["outlet"].to_numpy(dtype=object), []
    for child, (me, you) in enumerate((("a", "b"), ("b", "a"))):
        parent = 1 - child
        between = _between(pair, counts, places, me, you, len(pair_keys))
        directed.append(
            np.column_stack(
                [
                    dates[child],
                    dates[parent],
                    credits["outlet"][child],
                    credits["another"][child],
                    share[child],
                    shape[you]["cut"],
                    mean(here["sentences"][child]),
                    between,
                    mean(here["agree"][child]),
                    has_more[parent],
                    has_more[child],
                ]
            )
        )
    common = np.column_stack(
        [
            np.ones(len(pair_keys)),
            credits["same"],
            credits["third"],
            lacked / (lacked + SEVERAL),
            mean(here["common"][1]),
            mean(here["common"][2]),
            mean(here["common"][3]),
            mean(here["common"][4]),
            mean(here["common"][5]),
            1 - np.maximum(*share),
            (outlet[pa] == outlet[pb]) & (outlet[pa] != ""),
        ]
    )
    names = ids.to_numpy(dtype=object)
    pairs = Evidence(
        pd.DataFrame({"a": names[pa], "b": names[pb]}),
        *directed,
        common,
        list(DIRECTED),
        list(COMMON),
    )
    local = [np.column_stack([here["sentences"][k], here["agree"][k]]) for k in (0, 1)]
    passages = Evidence(
        rows[["passage", "a", "b"]],
        *(np.hstack([directed[k][pair], local[k]]) for k in (0, 1)),
        np.hstack([common[pair], here["common"].T]),
        [*DIRECTED, *(f"{name} here" for name in HERE)],
        [*COMMON, *(f"{name} here" for name in HERE_COMMON)],
    )
    return pairs, passages


def moments(published: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """First and last moment at which each article may have been published, in days since 1970; NaN
    where no date is known.
    """
    when = pd.to_datetime(published.replace("", None), utc=True, format="ISO8601", errors="coerce")
    first = ((when - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)).to_numpy(float)
    return first, first + (published.str.len() <= 10).to_numpy(bool)


def _dates(published: pd.Series, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether b was surely published before a, and a before b; a day without a time is an interval."""
    first, last = moments(published)
    return np.stack([last[b] <= first[a], last[a] <= first[b]]) & (first[a] != first[b])


def _credits(features: Features, articles: pd.DataFrame, a: np.ndarray, b: np.ndarray) -> dict:
    """Who credits whom: the other's outlet, a third that the other does not credit, the same third,
    any third.
    """
    table = (
        article_credits(features)
        if features.form != PRIVATE
        else features.table("credits", ["article_id", "kind", "name"])
    )
    table = table[table["kind"].isin(CREDITS) & (table["name"] != "")]
    table = table[
        table["kind"].isin(CREDITS[:2])
        | table["name"].isin(set(table.loc[table["kind"] != "contribution", "name"]))
        | (table["name"].map(listed_name) != "")
    ]
    named = {
        article: set(map(_plain, names)) for article, names in table.groupby("article_id")["name"]
    }
    ids, outlets = articles["article_id"].tolist(), [_plain(name) for name in articles["outlet"]]
    out = {
        "outlet": np.zeros((2, len(a))),
        "another": np.zeros((2, len(a))),
        "same": np.zeros(len(a)),
        "third": np.zeros(len(a)),
    }
    for i, pair in enumerate(zip(a.tolist(), b.tolist())):
        theirs = [named.get(ids[x], set()) - {outlets[x]} for x in pair]
        if not (theirs[0] or theirs[1]):
            continue
        other = [theirs[k] - {outlets[pair[1 - k]]} for k in (0, 1)]
        for k in (0, 1):
            out["outlet"][k, i] = outlets[pair[1 - k]] != "" and outlets[pair[1 - k]] in theirs[k]
            out["another"][k, i] = bool(other[k] - theirs[1 - k])
        out["same"][i] = bool(other[0] & other[1])
        out["third"][i] = (bool(other[0]) + bool(other[1])) / 2
    return out


def _plain(name: str) -> str:
    return (listed_name(name) or name).casefold().removeprefix("the ").strip()


def _at_sentences(
    features: Features, sizes: np.ndarray, article: np.ndarray, first: np.ndarray, words: np.ndarray
) -> np.ndarray:
    """Which share of a passage's two edges stand at the edges of sentences."""
    spans = sentence_spans(features)
    bounds = np.r_[0, np.cumsum(sizes)]
    code = pd.Index(features.article_ids).get_indexer(spans["article_id"])
    edge = np.zeros(bounds[-1] + 1, bool)
    edge[bounds[code] + spans["position"].to_numpy(np.int64)] = True
    edge[bounds] = True
    return (edge[bounds[article] + first] + edge[bounds[article] + first + words].astype(float)) / 2


def _shape(pair, counts, places, side, sizes, n) -> dict:
    """Words of one side in its pair's passages, and whether they hold its beginning and by how much
    they stop before its end.
    """
    first, end = places[f"{side}_position"], places[f"{side}_position"] + places[f"{side}_words"]
    words, low, high = np.zeros(n), np.full(n, np.inf), np.zeros(n)
    np.add.at(words, pair[counts], (end - first)[counts])
    np.minimum.at(low, pair[counts], first[counts])
    np.maximum.at(high, pair[counts], end[counts])
    words = np.minimum(words, sizes)
    return {"words": words, "cut": (low <= LEAD * sizes) * (1 - high / np.maximum(sizes, 1))}


def _between(pair, counts, places, child, parent, n) -> np.ndarray:
    """Share of the steps from passage to passage, in the parent's order, that are none there and
    words of its own in the child.
    """
    rows = np.flatnonzero(counts)
    rows = rows[np.lexsort((places[f"{parent}_position"][rows], pair[rows]))]
    now, after = rows[:-1], rows[1:]
    together = pair[now] == pair[after]
    gap = {
        side: (
            places[f"{side}_position"][after]
            - places[f"{side}_position"][now]
            - places[f"{side}_words"][now]
        )
        for side in (child, parent)
    }
    found = together & (gap[parent] <= GAP) & (gap[child] > GAP)
    steps = np.bincount(pair[now][together], minlength=n)
    return np.bincount(pair[now][found], minlength=n) / np.maximum(steps, 1)
