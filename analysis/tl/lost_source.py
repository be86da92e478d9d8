"""The missing source: a text that several articles drew on and the corpus lacks, rebuilt from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import tl
from analysis.errors import FeaturesError, OptionError
from analysis.features import PRIVATE, Features
from analysis.results import Result, at_least
from analysis.reuse import thirds
from analysis.reuse.collate import JUMP, Columns, equal_words, follow, heaviest, untangle
from analysis.reuse.evidence import moments
from analysis.reuse.stemma import stemma
from analysis.tl.lineage import PROBABILITIES, Lineage, lineage
from analysis.tl.reuse import Reuse
from analysis.views import origin

LEAST_RUN = {
    "verbatim": 1
    # equal words that must follow upon one another to count; a rewritten passage has others by chance
}
RUN = 4
LEAST_SEGMENT = 5  # words
WHOLE = 0.98  # share of the rebuilt words from which on an article holds them all
PAIR = (
    0.7  # probability of a common source that two articles need which have no third to witness it
)
LATER = (
    1 / 3
    # share of the witnesses that may be older than one who gave them the text, as some dates are wrong
)
RESULTS = ("missing_source", "missing_variants", "missing_stemma")  # names of the shipped tables
COLUMNS = [
    "family",
    "segment",
    "place",
    "article_id",
    "position",
    "n_witnesses",
    "witnesses",
    "n_variants",
    "confidence",
]


@dataclass(frozen=True, eq=False, repr=False)
class LostSource(Result):
    """Sources that the corpus lacks, word by word.

    Attributes
    ----------
    table : DataFrame
        One row per rebuilt word: family (the source's name: ``*`` and its first witness), segment
        and place (from 1, in the order on which most witnesses agree; what stood between two
        segments is not known), article_id and position (a witness and the word's place in it, from
        0), n_witnesses, witnesses (ids, separated by spaces), n_variants (other readings that
        witnesses have in this place, an omission among them), confidence (how probably the surest
        two witnesses had it from a third, times the share of witnesses of the place that have this
        reading).
    variants : DataFrame
        family, segment, place, article_id, position, n_words: what a witness has instead (0 words:
        it leaves the word out).
    stemma : DataFrame
        family, parent, child, probability, in_tree: see `analysis.reuse.stemma`.
    """

    variants: pd.DataFrame
    stemma: pd.DataFrame


def lost_source(
    features: Features,
    *,
    reuse: Reuse | None = None,
    lineage: Lineage | None = None,
    min_words: int = 20,
) -> LostSource:
    """Rebuild texts on which articles of the corpus drew and which it lacks.

    Words that passages of two articles hold to be equal are one word of a text, and so are all that
    are linked through such pairs, at most one of each article. Articles of which one more probably
    had the passage from the other than both from a third are one witness. A word that at least two
    witnesses carry comes from a text that none of them gave the others. Where witnesses differ, the
    path through the words that most carry is the text and the rest are variants (partial-order
    alignment: Lee, Grasso and Sharlow 2002, doi.org/10.1093/bioinformatics/18.3.452; the reasoning
    is that of stemmatics: Maas, *Textkritik*, 1927). What only one article has cannot be rebuilt.
    Words quoted on both sides count only where the same two articles share what stands around them;
    boilerplate does not. No source is missing where an article holds 98 % of the rebuilt words, and
    is not later than a third of the others: it may have given them.

    Each article is compared with the dozen that share most with it, so that time and memory grow
    with the number of articles.

    Parameters
    ----------
    features : Features
        The private form: words are compared one by one. From the shared form it is the owner's
        result, if it is shipped; the options are then his.
    reuse : Reuse, optional
        ``find_reuse(features)`` if not given.
    lineage : Lineage, optional
        ``lineage(features, reuse=reuse)`` if not given.
    min_words : int
        Words that must be rebuilt for a source to be named.

    Returns
    -------
    LostSource

    Raises
    ------
    FeaturesError
        If the features are of the shared form, and the owner has not shipped the result.
    OptionError
        If `min_words` is less than 1.

    Examples
    --------
    >>> missing_source(load("harbour").features).stemma  # doctest: +SKIP
    """
    at_least("min_words", min_words, 1)
    if features.form != PRIVATE:
        return _shipped(features, min_words)
    articles = features.table("articles", ["article_id", "n_tokens", "published"])
    hashes = features.table("tokens", ["hash"])["hash"].to_numpy()
    reuse = tl.reuse(features) if reuse is None else reuse
    judged = _lineage(features, reuse=reuse) if lineage is None else lineage
    ids = articles["article_id"].to_numpy(dtype=object)
    index = pd.Index(ids)
    bounds = np.r_[0, np.cumsum(articles["n_tokens"].to_numpy(np.int64))]
    columns = _collate(reuse.table, judged.passages, hashes, ids, bounds)
    heads = {column: columns.heads(column) for column in columns.members}
    members = {
        column: columns.members[column]
        for column, head in heads.items()
        if len(set(head.values())) > 1
    }
    likely = judged.table[judged.table["p_common"] >= PAIR]
    pairs = set(
        zip(index.get_indexer(likely["a"]).tolist(), index.get_indexer(likely["b"]).tolist())
    )
    dates = moments(articles["published"])
    sources = [
        s
        for s in _sources(_segments(members, heads), members, min_words)
        if not _given(s, members, pairs, dates)
    ]
    rows, others = [], []
    for segments in sources:
        name = (
            "*"
            + ids[
                min(article for path in segments for column in path for article in members[column])
            ]
        )
        for number, path in enumerate(segments, start=1):
            _write(name, number, path, members, columns.surest, hashes, ids, bounds, rows, others)
    table = pd.DataFrame(rows, columns=COLUMNS)
    variants = pd.DataFrame(
        others, columns=["family", "segment", "place", "article_id", "position", "n_words"]
    )
    return LostSource(
        table,
        {"min_words": int(min_words), **origin(features)},
        variants,
        stemma(table, judged.table),
    )


def _shipped(features: Features, min_words: int) -> LostSource:
    if not features.has_result(RESULTS[0]):
        raise FeaturesError(
            f"{features.where}: a missing source is rebuilt from the words of articles, which only"
            " the private form has, and its owner has not shipped it among the results. Get the"
            " texts and run `twicetold extract`."
        )
    table, variants, tree = (features.result(name) for name in RESULTS)
    long = table["family"].map(table["family"].value_counts()) >= min_words
    kept = set(table.loc[long, "family"])
    tables = [
        one[one["family"].isin(kept)].reset_index(drop=True) for one in (table, variants, tree)
    ]
    return LostSource(
        tables[0],
        {"min_words": int(min_words), **origin(features), "measured_on": "results"},
        *tables[1:],
    )


_lineage = lineage  # the option of the same name hides it


def rebuilt_text(
    result: LostSource, texts: Mapping[str, str], features: Features
) -> dict[str, str]:
    """The rebuilt words as text, from articles' texts: segments as paragraphs, by name of the
    source.

    Parameters
    ----------
    result : LostSource
    texts : mapping of str to str
        Texts as stored, by article.
    features : Features
        The private form, of the same texts.

    Raises
    ------
    OptionError
        If the text of a witness is not given.

    Examples
    --------
    # doctest: +SKIP
    >>> texts = {article.article_id: article.text for article in load("harbour").articles()}
    >>> rebuilt_text(missing_source(features), texts, features)  # doctest: +SKIP
    """
    if lacking := sorted(set(result.table["article_id"]) - set(texts)):
        raise OptionError(
            f"texts lack {', '.join(lacking)}; give the text of every article that the result"
            " names."
        )
    tokens = features.table("tokens", ["article_id", "start", "end"])
    tokens = tokens[tokens["article_id"].isin(set(result.table["article_id"]))]
    spans = {
        article: part[["start", "end"]].to_numpy() for article, part in tokens.groupby("article_id")
    }
    out = {}
    for family, words in result.table.groupby("family", sort=False):
        paragraphs = []
        for _, segment in words.groupby("segment", sort=True):
            said, rows = "", list(zip(segment["article_id"], segment["position"]))
            for (article, position), after in zip(rows, [*rows[1:], None]):
                start, end = spans[article][position]
                follows = after == (article, position + 1)
                said += (
                    texts[article][start : spans[article][position + 1][0]]
                    if follows
                    else texts[article][start:end] + " "
                )
            paragraphs.append(" ".join(said.split()))
        out[family] = "\n\n".join(paragraphs)
    return out


def _collate(table: pd.DataFrame, judged: pd.DataFrame, hashes, ids, bounds) -> Columns:
    """Link equal words of the passages of each article with the articles that share most with it,
    the longest passages first.
    """
    rows = table[~table["boilerplate"].to_numpy(bool)].reset_index(drop=True)
    index = pd.Index(ids)
    a, b = (index.get_indexer(rows[side]).astype(np.int64) for side in "ab")
    places = {
        f"{side}_{name}": rows[f"{side}_{name}"].to_numpy(np.int64)
        for side in "ab"
        for name in ("position", "words")
    }
    partners = thirds.sides(a, b, places, np.ones(len(rows)), len(ids)).partners
    near = (partners[a] == b[:, None]).any(axis=1) | (partners[b] == a[:, None]).any(axis=1)
    p = judged.set_index("passage")[PROBABILITIES].reindex(rows["passage"]).to_numpy(float)
    common = p[:, 2]
    kinds = rows["kind"].tolist() if "kind" in rows else ["verbatim"] * len(rows)
    good = np.flatnonzero(near & _carried(rows, places) & ~np.isnan(common))
    columns = Columns(np.repeat(np.arange(len(ids)), np.diff(bounds)))
    for r in good[np.lexsort((good, -places["a_words"][good]))].tolist():
        x, y = bounds[a[r]] + places["a_position"][r], bounds[b[r]] + places["b_position"][r]
        found = equal_words(
            hashes[x : x + places["a_words"][r]],
            hashes[y : y + places["b_words"][r]],
            LEAST_RUN.get(kinds[r], RUN),
        )
        direct = bool(common[r] < p[r].max())
        for i, j in (found + np.array([x, y])).tolist():
            columns.link(i, j, direct, float(common[r]))
    return columns


def _carried(rows: pd.DataFrame, places: dict[str, np.ndarray]) -> np.ndarray:
    """Passages that are not only a speaker's words: those that others of the pair follow upon, with
    some that are not quoted.
    """
    pair = rows.groupby(["a", "b"], sort=False).ngroup().to_numpy()
    order = np.lexsort((places["a_position"], pair))
    gap = [
        places[f"{s}_position"][order][1:]
        - (places[f"{s}_position"] + places[f"{s}_words"])[order][:-1]
        for s in "ab"
    ]
    apart = (np.diff(pair[order]) != 0) | (gap[0] > JUMP) | (np.abs(gap[1]) > JUMP)
    group = np.r_[0, np.cumsum(apart)] if len(order) else np.zeros(0, np.int64)
    plain = ~rows["quoted"].to_numpy(bool)[order]
    out = np.zeros(len(rows), bool)
    out[order] = (np.bincount(group, plain) > 0)[group] if len(order) else False
    return out


def _segments(
    members: dict[int, dict[int, int]], heads: dict[int, dict[int, int]]
) -> list[list[int]]:
    """Runs of words in order, each through the readings that most witnesses carry."""
    left, out = dict(members), []
    while left:
        steps = follow(left)
        paths = []
        for nodes in _components(left, ((x, y) for x, y in steps)):
            inside = dict.fromkeys(nodes)
            votes = {
                (x, y): float(len({heads[y][article] for article in said}))
                for (x, y), said in steps.items()
                if x in inside
            }
            after = defaultdict(list)
            for (x, y), n in votes.items():
                after[x].append((y, n))
            weight = {node: float(len(set(heads[node].values()))) for node in nodes}
            paths.append(heaviest(untangle(nodes, votes), after, weight))
        out += [path for path in paths if len(path) >= LEAST_SEGMENT]
        for path in paths:
            for column in path:
                del left[column]
            for column in _instead(path, left, members) if len(path) >= LEAST_SEGMENT else ():
                del left[column]
    return out


def _instead(path: list[int], left: dict, members: dict[int, dict[int, int]]) -> list[int]:
    """Columns that stand in some article between two words of a path that are near to each other:
    other readings of it.
    """
    on = defaultdict(list)
    for k, column in enumerate(path):
        for article, word in members[column].items():
            on[article].append((word, k))
    places = {
        article: (np.array([w for w, _ in sorted(words)]), [k for _, k in sorted(words)])
        for article, words in on.items()
    }
    out = []
    for column in left:
        for article, word in members[column].items():
            if article in places:
                words, order = places[article]
                k = int(np.searchsorted(words, word))
                if (
                    0 < k < len(words)
                    and words[k] - words[k - 1] <= 2 * JUMP
                    and abs(order[k] - order[k - 1]) <= JUMP
                ):
                    out.append(column)
                    break
    return out


def _components(nodes, edges) -> list[list[int]]:
    up = {node: node for node in nodes}

    def root(x):
        while up[x] != x:
            up[x] = up[up[x]]
            x = up[x]
        return x

    for x, y in edges:
        up[root(x)] = root(y)
    groups = defaultdict(list)
    for node in nodes:
        groups[root(node)].append(node)
    return [sorted(group) for group in groups.values()]


def _sources(segments: list[list[int]], members, min_words: int) -> list[list[list[int]]]:
    """Segments of one source: those linked by two articles or more, in the order of most articles;
    the longest source first.
    """
    carriers = [
        Counter(article for column in path for article in members[column]) for path in segments
    ]
    whole = [
        {article for article, n in c.items() if n >= min(LEAST_SEGMENT, len(path))}
        for c, path in zip(carriers, segments)
    ]
    edges = [(i, j) for i in range(len(segments)) for j in range(i) if len(whole[i] & whole[j]) > 1]
    groups = [
        g
        for g in _components(range(len(segments)), edges)
        if sum(len(segments[i]) for i in g) >= min_words
    ]
    where = [
        {
            article: np.mean(
                [members[column][article] for column in path if article in members[column]]
            )
            for article in w
        }
        for path, w in zip(segments, whole)
    ]
    out = []
    for group in groups:
        votes: Counter = Counter()
        for i in group:
            for j in group:
                votes[i, j] += (
                    sum(where[i][article] < where[j][article] for article in whole[i] & whole[j])
                    if i != j
                    else 0
                )
        order = untangle(group, {pair: float(n) for pair, n in votes.items() if n})
        out.append([segments[i] for i in order])
    return sorted(out, key=lambda source: -sum(map(len, source)))


def _given(
    source: list[list[int]],
    members,
    pairs: set[tuple[int, int]],
    dates: tuple[np.ndarray, np.ndarray],
) -> bool:
    """Whether one article may have given the others all of it: it holds the words, and is not later
    than most of them.

    Two articles hold all that they share, so that for them `lineage` decides.
    """
    columns = [column for path in source for column in path]
    carriers = Counter(article for column in columns for article in members[column])
    if len(carriers) == 2:
        return tuple(sorted(carriers)) not in pairs
    first, last = dates
    others = np.array(sorted(carriers))
    return any(
        n >= WHOLE * len(columns)
        and (last[others] <= first[article]).sum() <= LATER * (len(others) - 1)
        for article, n in carriers.items()
    )


def _write(name, number, path, members, surest, hashes, ids, bounds, rows, others) -> None:
    """Rows of one segment: its words and what witnesses have in their places."""
    carried = Counter(article for column in path for article in members[column])
    for place, column in enumerate(path):
        have = members[column]
        readings = {}
        if 0 < place < len(path) - 1:
            left, right = members[path[place - 1]], members[path[place + 1]]
            for article in left.keys() & right.keys() - have.keys():
                if 0 < right[article] - left[article] <= JUMP:
                    readings[article] = tuple(hashes[left[article] + 1 : right[article]].tolist())
                    others.append(
                        (
                            name,
                            number,
                            place + 1,
                            ids[article],
                            int(left[article] + 1 - bounds[article]),
                            len(readings[article]),
                        )
                    )
        best = max(have, key=lambda article: (carried[article], -article))
        witnesses = [ids[article] for article in sorted(have)]
        rows.append(
            (
                name,
                number,
                place + 1,
                ids[best],
                int(have[best] - bounds[best]),
                len(have),
                " ".join(witnesses),
                len(set(readings.values())),
                surest[column] * len(have) / (len(have) + len(readings)),
            )
        )
