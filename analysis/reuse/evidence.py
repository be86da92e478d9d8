"""Evidence of who had a stretch from whom: numbers of two witnesses of it, and of each of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from analysis.features import Features
from analysis.reuse.marks import mark
from analysis.reuse.sources import NOT_NAMED, Sources
from analysis.reuse.stretches import Passages, Stretches, find_stretches, locate, sentence_starts
from analysis.reuse.thirds import (
    REWRITTEN,
    Sides,
    Thirds,
    equal_in_passages,
    on_passages,
    pair_key,
    sides,
    third_articles,
)
from analysis.views import publication_days

GAP = 3  # words between two passages that still follow one upon the other
LEAD = 0.15  # share of an article that is its beginning
CREDIT_KINDS = ("agency", "outlet", "contribution")
# what each says of a child that had it from a parent; {child} and {parent} are put in
OF_EDGES = {
    "from": "how often a witness has it from another",
    "earlier": "{parent} was published earlier",
    "later": "{parent} was published later",
    "credited": "{child} credits the outlet of {parent}",
    "credited here": "{child} credits {parent} for the passage",
    "credits another here": "{child} credits a third for the passage",
    "credits another": "{child} credits a third that {parent} does not name",
    "covered": "{child} is made of words of {parent}",
    "cut end": "{child} has the beginning of {parent} and lacks its end",
    "whole sentences": "passages are whole sentences in {parent} and parts of some in {child}",
    "put between": (
        "{child} has words of its own between passages that follow one upon the other in {parent}"
    ),
    "thirds": "third articles have words of both",
    "thirds agree": "third articles agree more with {parent} than with {child}",
    "third between": "a third article is nearer to both than they are to each other",
    "edited": "third articles and the two have words in several forms",
    "child alone": "{child} has other words where {parent} and a third agree",
    "parent alone": "{parent} has other words where {child} and a third agree",
    "both alone": "each has other words where the other agrees with one third article",
    "child has more": "{child} shares words with third articles that {parent} lacks",
    "parent has more": "{parent} shares words with third articles that {child} lacks",
    "both lack": "one third article has words of either that the other lacks",
    "both often lack": "third articles have words of either that the other lacks",
    "same credit": "both credit the same third",
    "quoted": "the words are quoted on both sides",
    "changed": "the two differ in words",
    "changed here": "the two differ in words of the passage",
    "unwitnessed": "words that no third article has",
    "same outlet": "both are of the same outlet",
}
# what each says of a witness that had it from none of the others
OF_WITNESSES = {
    "from none": "how often a witness has it from no other",
    "witnesses": "many articles have it",
    "first": "{article} was published before others that have it",
    "last": "{article} was published after others that have it",
    "credits here": "{article} credits for the passage an outlet that is none of these",
    "credits": "{article} credits an outlet that is none of these",
    "credited by others": "others credit {article}",
    "own": "{article} is mostly words of its own",
    "said": "{article} quotes the words",
    "unlike": "{article} differs in words from the nearest other",
    "thirds": "third articles have words that {article} shares with others",
    "edited": "{article}, others and thirds have words in several forms",
    "alone": "{article} has other words where others agree",
    "least alone": "one other has the words of most where others differ",
    "others alone": "{article} and others have other words, each where a third agrees",
    "has more": "{article} shares words that others lack",
    "lacks": "{article} lacks words that others share",
    "both lack": "{article} and others lack words, each that a third shares with the other",
}


class Evidence(NamedTuple):
    """What is known of every stretch.

    Articles are numbered in the order of their ids, so that the order of the metadata moves no
    number.

    Attributes
    ----------
    ids : object array of shape (n_articles,)
    rows : DataFrame
        Passages that are evidence, as `tl.reuse` gives them.
    stretches : Stretches
    link : int64 array of shape (n_parts,)
        Of each part of a passage (see `Stretches`) the two witnesses that it joins: the number of
        an edge with the first as the child; the other way round stands n_edges / 2 further.
    stretch, child, parent : int64 arrays of shape (n_edges,)
        Which witness may have had which stretch from which: both ways of all that a passage joins.
        Children and parents are rows of the stretches' members.
    words : float array of shape (n_edges,)
        Words that the two share there.
    edges : DataFrame
        One row an edge: `OF_EDGES`.
    witnesses : DataFrame
        One row a member: `OF_WITNESSES`.
    outside : object array of shape (n_members,)
        The outlet or agency that each witness credits for the stretch and that is none of the
        others; empty where none.
    """

    ids: np.ndarray
    rows: pd.DataFrame
    stretches: Stretches
    link: np.ndarray
    stretch: np.ndarray
    child: np.ndarray
    parent: np.ndarray
    words: np.ndarray
    edges: pd.DataFrame
    witnesses: pd.DataFrame
    outside: np.ndarray


def gather(features: Features, table: pd.DataFrame, sources: Sources) -> Evidence:
    """Evidence of who had each stretch from whom.

    Parameters
    ----------
    features : Features
    table : DataFrame
        Passages as `tl.reuse` gives them; boilerplate and credit lines are left out.
    sources : Sources
        Who is meant by the names that articles credit.
    """
    articles = features.table("articles")
    by_id = np.argsort(articles["article_id"].to_numpy(dtype=object))
    begin = (np.cumsum(articles["n_tokens"]) - articles["n_tokens"]).to_numpy(np.int64)[by_id]
    articles = articles.iloc[by_id].reset_index(drop=True)
    outlet = sources.outlet[by_id]
    ids, sizes = articles["article_id"].to_numpy(object), articles["n_tokens"].to_numpy(np.int64)
    bounds = np.r_[0, np.cumsum(sizes)]
    given, _ = locate(table, ids)
    rows, passages = locate(_turned(given), ids)
    starts = sentence_starts(features, ids, bounds)
    same = rows["identity"].fillna(0).to_numpy(float)
    stretches = find_stretches(passages, same, starts, bounds)
    credited = _credited_names(features, sources, ids, outlet)
    quoted = rows["quoted"].to_numpy(float)
    seen = sides(passages, same, len(sizes))
    verbatim = rows["kind"].to_numpy() == "verbatim"
    if features.has("tokens"):
        least = np.where(seen.of_partners(passages) & verbatim, 1, 0)
        hashes = features.table("tokens", ["hash"])["hash"].to_numpy()
        first = begin[passages.article] + passages.first
        equal = equal_in_passages(hashes, first, passages.words, least)
    else:
        alike = np.where(verbatim, same, REWRITTEN)
        equal = np.repeat(np.r_[alike, alike], passages.words.ravel())
    thirds = third_articles(seen, equal, sizes)
    by_pair, pair = _of_pairs(
        articles, outlet, credited, sizes, starts, bounds, passages, same, quoted, seen, thirds
    )
    # the passages of two articles in one stretch, taken together
    p, overlap = stretches.passage, stretches.overlap.astype(float)
    key = stretches.of << 32 | pair[p]
    keys, link = np.unique(key, return_inverse=True)

    def total(values):
        return np.bincount(link, values, len(keys))

    size = total(overlap)

    def mean(values):
        return total(overlap * values[p]) / np.maximum(size, 1)

    at = keys & 0xFFFFFFFF
    of = keys >> 32
    two = by_pair.articles[:, at]
    member = np.stack([stretches.row(of, article) for article in two])
    beside = pd.DataFrame(
        {
            f"{side}{name}": values
            for side, article, rows_of in zip("ab", two, member)
            for name, values in (
                ("", ids[article]),
                ("_position", stretches.first[rows_of]),
                ("_words", stretches.words[rows_of]),
            )
        }
    )
    # a credit reaches some sentences, so that it counts for them and not for a whole passage
    named, theirs = _credited_here(mark(features, beside), sources)
    _, of_passage = _credited_here(rows, sources)
    theirs = [
        here | (mean(said) > 0.5) | (name != "") & (name == outlet[other])
        for here, said, name, other in zip(theirs, of_passage, named, two[::-1])
    ]
    here = {"changed here": 1 - mean(same)}
    like = np.minimum(mean(same) * size / np.maximum(stretches.words[member], 1), 1)
    edges = []
    for child in (0, 1):
        directed = {name: values[child][at] for name, values in by_pair.directed.items()}
        common = {name: values[at] for name, values in by_pair.common.items()}
        directed["credited here"] = theirs[child]
        directed["credits another here"] = (named[child] != "") & ~theirs[child]
        edges.append(pd.DataFrame({"from": 1.0, **directed, **common, **here}, dtype=float))
    child, parent = np.r_[member[0], member[1]], np.r_[member[1], member[0]]
    joined = pd.concat(edges, ignore_index=True)[list(OF_EDGES)]
    by_article = stretches.article[child], stretches.article[parent]
    for name, nodes in (("credited", by_article), ("credited here", (child, parent))):
        joined[name] = _without_circles(joined[name].to_numpy(), *nodes)
    outside = _named_outside(stretches, member, named, size, outlet)
    there = set(outlet)
    elsewhere = np.array([bool(names - there) for names in credited], float)
    witnesses = _of_witnesses(
        joined,
        child,
        stretches,
        sizes,
        np.r_[mean(rows["a_quoted"].to_numpy(float)), mean(rows["b_quoted"].to_numpy(float))],
        like.ravel(),
        outside,
        elsewhere,
    )
    shared = np.tile(total(overlap * np.maximum(same[p], 0.1)), 2)
    of = np.tile(of, 2)
    return Evidence(
        ids, given, stretches, link, of, child, parent, shared, joined, witnesses, outside
    )


def _turned(rows: pd.DataFrame) -> pd.DataFrame:
    """Passages with the article first whose id is."""
    turned = (rows["a"] > rows["b"]).to_numpy(bool)
    other = {"a": "b", "b": "a"}
    names = {name: "_".join(other.get(part, part) for part in name.split("_")) for name in rows}
    return rows.assign(
        **{x: rows[x].mask(turned, rows[y]) for x, y in names.items() if x != y and y in rows}
    )


class _Pairs(NamedTuple):
    """What is measured on whole pairs of articles: places of the two, then columns by name.

    `directed` has row 0 with the first article as the child, row 1 with the other.
    """

    articles: np.ndarray
    directed: dict[str, np.ndarray]
    common: dict[str, np.ndarray]


def _of_pairs(
    articles: pd.DataFrame,
    outlet: np.ndarray,
    credited: list[set[str]],
    sizes: np.ndarray,
    starts: np.ndarray,
    bounds: np.ndarray,
    passages: Passages,
    same: np.ndarray,
    quoted: np.ndarray,
    seen: Sides,
    thirds: Thirds,
) -> tuple[_Pairs, np.ndarray]:
    """Evidence of pairs of articles, and the pair of each passage."""
    equal = same * passages.words.max(axis=0, initial=0)
    keys, pair = np.unique(pair_key(*passages.article), return_inverse=True)
    pairs = np.stack([keys >> 32, keys & 0xFFFFFFFF])
    weight = np.maximum(equal, 1)

    def mean(values):
        return np.bincount(pair, weight * values, len(keys)) / np.bincount(pair, weight, len(keys))

    *nearer, between = on_passages(seen, passages, equal)
    whole = _at_sentences(starts, bounds, passages)
    words, cut = _extent(pair, passages, sizes[pairs])
    share = np.minimum(words / np.maximum(sizes[pairs], 1), 1)
    before = _published_before(articles, pairs)
    credits = _credits(credited, outlet, pairs)
    of = outlet[pairs]
    ways = ((0, 1), (1, 0))
    directed = {
        "credited": credits["outlet"],
        "credits another": credits["another"],
        "covered": share,
        "cut end": cut[::-1],
        "whole sentences": [mean(np.maximum(whole[p] - whole[c], 0)) for c, p in ways],
        "put between": [_put_between(pair, passages, c, p) for c, p in ways],
        "thirds agree": [mean(nearer[p] - nearer[c]) for c, p in ways],
    }
    for name, of_parent, values in (
        ("later", "earlier", before[::-1]),
        ("child alone", "parent alone", thirds.alone),
        ("child has more", "parent has more", thirds.more),
    ):
        directed |= {name: values, of_parent: values[::-1]}
    common = {
        "thirds": thirds.n > 0,
        "third between": mean(between),
        "edited": thirds.edited,
        "both alone": thirds.both_alone,
        "both lack": thirds.lack,
        "both often lack": thirds.often_lack,
        "same credit": credits["same"],
        "quoted": mean(quoted),
        "changed": mean(1 - same),
        "unwitnessed": 1 - thirds.witnessed,
        "same outlet": (of[0] == of[1]) & (of[0] != ""),
    }
    numbers = {name: np.asarray(values, float) for name, values in directed.items()}
    return _Pairs(pairs, numbers, common), pair


def _without_circles(said: np.ndarray, child: np.ndarray, parent: np.ndarray) -> np.ndarray:
    """Credits but for those that lead in a circle: not all of these can be true, so none counts."""
    some = said > 0
    n = max(child.max(initial=-1), parent.max(initial=-1)) + 1
    graph = sparse.csr_array((np.ones(some.sum()), (child[some], parent[some])), shape=(n, n))
    ring = connected_components(graph, connection="strong")[1]
    return np.where(ring[child] == ring[parent], 0, said)


def _credited_here(
    marks: pd.DataFrame, sources: Sources
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Whom either side credits for words ("" if nobody by name), and whether the other side."""
    named, theirs = [], []
    for side, other in ("ab", "ba"):
        name = sources.resolve(marks[f"{side}_credit"].fillna("").to_numpy(object))
        named.append(np.where(name != NOT_NAMED, name, "").astype(object))
        theirs.append(marks[f"{side}_credits_{other}"].fillna(False).to_numpy(bool))
    return named, theirs


def _named_outside(
    stretches: Stretches,
    member: np.ndarray,
    named: list[np.ndarray],
    words: np.ndarray,
    home: np.ndarray,
) -> np.ndarray:
    """Of each member the outlet that it credits for most words, if no witness is of that outlet."""
    found = pd.DataFrame(
        {"member": member.ravel(), "name": np.concatenate(named), "words": np.tile(words, 2)}
    )
    found = found[found["name"] != ""].groupby(["member", "name"], sort=True)["words"].sum()
    found = found.reset_index().sort_values("words", ascending=False, kind="stable")
    found = found.drop_duplicates("member")
    out = np.full(len(stretches.article), "", object)
    out[found["member"]] = found["name"]
    there = set(zip(stretches.stretch.tolist(), home[stretches.article].tolist()))
    inside = [key in there for key in zip(stretches.stretch.tolist(), out.tolist())]
    return np.where(inside, "", out).astype(object)


def _of_witnesses(
    edges: pd.DataFrame,
    child: np.ndarray,
    stretches: Stretches,
    sizes: np.ndarray,
    said: np.ndarray,
    like: np.ndarray,
    named: np.ndarray,
    credits: np.ndarray,
) -> pd.DataFrame:
    """What is known of each member: means over the others with whom it shares the stretch."""
    n = len(stretches.article)
    links = np.maximum(np.bincount(child, minlength=n), 1)

    def mean(values):
        return np.bincount(child, values, n) / links

    size = np.bincount(stretches.stretch)[stretches.stretch]
    key = stretches.article
    words = np.bincount(key, stretches.words, len(sizes))[key]
    nearest = np.zeros(n)
    np.maximum.at(nearest, child, like)
    # an edge's parent and child change places for the other way round
    back = np.r_[np.arange(len(child) // 2, len(child)), np.arange(len(child) // 2)]
    columns = {name: edges[name].to_numpy() for name in edges}

    def least(name):
        out = np.ones(n)
        np.minimum.at(out, child, columns[name])
        return out

    return pd.DataFrame(
        {
            "from none": np.ones(n),
            "witnesses": np.log2(size / 2),
            "first": mean(columns["later"]),
            "last": mean(columns["earlier"]),
            "credits here": named != "",
            "credits": credits[stretches.article],
            "credited by others": mean(columns["credited"][back]),
            "own": 1 - np.minimum(words / np.maximum(sizes[key], 1), 1),
            "said": mean(said),
            "unlike": 1 - nearest,
            "thirds": mean(columns["thirds"]),
            "edited": mean(columns["edited"]),
            "alone": mean(columns["child alone"]),
            "least alone": least("parent alone"),
            "others alone": mean(columns["both alone"]),
            "has more": mean(columns["child has more"]),
            "lacks": mean(columns["parent has more"]),
            "both lack": mean(columns["both lack"]),
        },
        dtype=float,
    )


def publication_intervals(articles: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """First and last moment at which each article may have been published, in days since 1970.

    A date without a time is a day long (UTC). NaN where no date is known.
    """
    first = publication_days(articles)
    return first, first + (articles["published"].str.len() <= 10).to_numpy(bool)


def _published_before(articles: pd.DataFrame, pairs: np.ndarray) -> np.ndarray:
    """Whether b was surely published before a, and a before b."""
    first, last = (moment[pairs] for moment in publication_intervals(articles))
    return (last[::-1] <= first) & (first[0] != first[1])


def _credited_names(
    features: Features, sources: Sources, ids: np.ndarray, outlet: np.ndarray
) -> list[set[str]]:
    """The outlets and agencies that each article credits anywhere, but for its own."""
    table = features.table("credits", ["article_id", "kind", "name"])
    table = table[table["kind"].isin(CREDIT_KINDS) & (table["name"] != "")]
    # a contribution is credited to a person, unless it is known as an outlet or agency
    known = set(table.loc[table["kind"] != "contribution", "name"])
    is_outlet = sources.known.is_outlet(table["name"].to_numpy(object))
    table = table[table["name"].isin(known) | is_outlet]
    names = pd.Series(sources.resolve(table["name"].to_numpy(object)), table.index, dtype=object)
    of = names.groupby(table["article_id"]).agg(set)
    return [set(of.get(article, ())) - {own} for article, own in zip(ids, outlet)]


def _credits(credited: list[set[str]], outlets: np.ndarray, pairs: np.ndarray) -> dict:
    """Who of each pair credits whom.

    Returns
    -------
    dict of float64 arrays
        Of shape (2, n_pairs): outlet (the other's), another (a third that the other does not
        credit). Of shape (n_pairs,): same (the same third).
    """
    out = {name: np.zeros(pairs.shape) for name in ("outlet", "another")}
    out["same"] = np.zeros(pairs.shape[1])
    for i, pair in enumerate(pairs.T.tolist()):
        theirs = [credited[me] for me in pair]
        thirds = [said - {outlets[other]} for said, other in zip(theirs, pair[::-1])]
        for me, other in ((0, 1), (1, 0)):
            out["outlet"][me, i] = outlets[pair[other]] in theirs[me]
            out["another"][me, i] = bool(thirds[me] - theirs[other])
        out["same"][i] = bool(thirds[0] & thirds[1])
    return out


def _at_sentences(starts: np.ndarray, bounds: np.ndarray, passages: Passages) -> np.ndarray:
    """Share of a passage's two edges that are edges of sentences, on both of its sides."""
    edge = np.zeros(bounds[-1] + 1)
    edge[starts] = 1
    edge[bounds] = 1
    first = bounds[passages.article] + passages.first
    return (edge[first] + edge[first + passages.words]) / 2


def _extent(pair: np.ndarray, passages: Passages, sizes: np.ndarray) -> tuple:
    """Words of each article of a pair in its passages, and how much of its end they lack.

    The latter only where they hold the article's beginning. Both of shape (2, n_pairs), as `sizes`.
    """
    words, first, end = np.zeros(sizes.shape), np.full(sizes.shape, np.inf), np.zeros(sizes.shape)
    place = (slice(None), pair)
    np.add.at(words, place, passages.words)
    np.minimum.at(first, place, passages.first)
    np.maximum.at(end, place, passages.first + passages.words)
    cut = (first <= LEAD * sizes) * (1 - end / np.maximum(sizes, 1))
    return np.minimum(words, sizes), cut


def _put_between(pair: np.ndarray, passages: Passages, child: int, parent: int) -> np.ndarray:
    """Share of the steps from passage to passage that are longer in the child than in the parent.

    A step follows in the parent's text, and has words of its own in the child's.
    """
    rows = np.lexsort((passages.first[parent], pair))
    here, after = rows[:-1], rows[1:]
    together = pair[here] == pair[after]
    gap = passages.first[:, after] - passages.first[:, here] - passages.words[:, here]
    found = together & (gap[parent] <= GAP) & (gap[child] > GAP)
    n = pair.max(initial=-1) + 1
    steps = np.bincount(pair[here][together], minlength=n)
    return np.bincount(pair[here][found], minlength=n) / np.maximum(steps, 1)
