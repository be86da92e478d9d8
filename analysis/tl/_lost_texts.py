"""Texts that articles drew on and the corpus lacks: their stretches, names and trees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.reuse.passages import linked
from analysis.tl.lineage import Lineage

# mean probability of a lost source from which on it is named, and where several articles credit it,
# beside a part of how probably one article gave it the others: a source in the corpus gave much
LOST, LOST_CREDITED, OF_GIVEN = 0.55, 0.4, 0.3
# share of the most that either of two articles shares with any, to be of one family
CORE = 0.3
CREDITED_SHARE = 0.25  # of its articles that must credit an outlet for it to be the source's name
LEAST_STRETCH = 8  # words of a stretch that says anything of it
_LISTED = 0.05  # probability from which on a parent is listed
NAMED = ["family", "name", "n_credits", "n_articles", "words", "probability"]
STEMMA = ["family", "parent", "child", "probability", "in_tree"]


class LostText(NamedTuple):
    """A text that articles may have drawn on: its stretches, who has them, and rebuilt paths."""

    name: str
    stretches: set[int]
    articles: set[str]
    paths: list[list[int]]

    def probability(self, lineage: Lineage) -> tuple[float, float]:
        """How probably the corpus lacks it, and how probably one article gave it the others.

        Means over all words that two of its articles share. Stretches that are quoted say nothing,
        as both may have heard the speaker.
        """
        sources = lineage.sources[lineage.sources["article_id"].isin(self.articles)]
        n_articles = sources.groupby("stretch")["article_id"].nunique()
        table = lineage.stretches.set_index("stretch").loc[n_articles.index[n_articles > 1]]
        plain = table[(table["quoted"] < 0.5) & (table["words"] >= LEAST_STRETCH)]
        if plain.empty:
            return 0.0, 0.0
        rows = sources[sources["stretch"].isin(plain.index)]
        n_words = rows.drop_duplicates(["stretch", "article_id"])["words"].sum()
        given = (rows["probability"] * rows["words"]).where(rows["kind"] == "article", 0)
        most = given.groupby(rows["source"]).sum().max()
        return float(np.average(plain["p_lost"], weights=plain["words"])), float(most / n_words)


def find_texts(
    lineage: Lineage,
    candidates: Sequence[list[list[int]]],
    places: Sequence[Mapping[str, list[int]]],
    min_words: int,
    family: Mapping[str, int],
) -> list[LostText]:
    """Texts of which words can be rebuilt, and others that articles of a family drew on.

    Parameters
    ----------
    lineage : Lineage
    candidates : sequence of lists of paths
        Rebuilt ones.
    places : sequence of mappings
        Of each, by article, the words that stand in it.
    min_words : int
        That a text must have of which none can be rebuilt.
    family : mapping of str to int
        The family of each article, in the order of the metadata.
    """
    found: list[LostText] = []
    begins = _begins(lineage.sources)
    for source, held in zip(candidates, places):
        stretches = {
            number
            for article, words in held.items()
            for number in _stretch_of(begins, article, np.array(words)).tolist()
        }
        first = next(article for article in family if article in held)
        found.append(LostText(_new_name(f"*{first}", found), stretches, set(held), source))
    _add_without_text(found, lineage, min_words, family)
    return found


def lost_texts(
    texts: list[LostText], lineage: Lineage, outlet: Mapping[str, str]
) -> tuple[list[LostText], pd.DataFrame]:
    """Those that the corpus probably lacks, and `LostSource.named` of them.

    `outlet` is that of each article.
    """
    found, rows = [], []
    for text in texts:
        name, n = _credited(text, lineage.sources, outlet)
        p, given = text.probability(lineage)
        least = LOST_CREDITED if name else LOST
        if p - OF_GIVEN * given >= least and (name or text.paths):
            found.append(text)
            n_words = sum(map(len, text.paths))
            rows.append((text.name, name, n, len(text.articles), n_words, p))
    names = pd.DataFrame(rows, columns=NAMED)
    by_words = names.sort_values("words", ascending=False, kind="stable", ignore_index=True)
    return found, by_words


def stemma(texts: list[LostText], lineage: Lineage) -> pd.DataFrame:
    """`LostSource.stemma`: parents of each witness, by the words of the text's stretches."""
    rows: list[tuple] = []
    for text in texts:
        part = lineage.sources[lineage.sources["stretch"].isin(text.stretches)]
        rows += _tree(text.name, text.articles, part)
    return pd.DataFrame(rows, columns=STEMMA).astype({"probability": float, "in_tree": bool})


def _begins(sources: pd.DataFrame) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Of each article where its stretches begin, in order, and which they are."""
    where = sources.drop_duplicates(["stretch", "article_id"]).sort_values(["position"])
    return {
        article: (part["position"].to_numpy(), part["stretch"].to_numpy())
        for article, part in where.groupby("article_id")
    }


def _stretch_of(begins: dict, article: str, words: np.ndarray) -> np.ndarray:
    """The stretch in which each word of an article stands."""
    first, stretch = begins[article]
    return stretch[np.maximum(np.searchsorted(first, words, side="right") - 1, 0)]


def _tree(family: str, articles: set[str], sources: pd.DataFrame) -> list[tuple]:
    """Parents of each witness of a lost source, by the words of its stretches."""
    rows = sources[sources["article_id"].isin(articles)]
    parent = rows["source"].where((rows["kind"] == "article") & rows["source"].isin(articles))
    weight = rows["probability"] * rows["words"]
    sums = weight.groupby([rows["article_id"], parent.fillna(family)], sort=True).sum()
    p = sums / sums.groupby(level=0).transform("sum")
    edges = [(parent, child, float(value)) for (child, parent), value in p.items()]
    tree: dict[str, str] = {}
    for parent, child, _ in sorted(edges, key=lambda edge: (-edge[2], edge[0] != family)):
        if child not in tree and not _descends(parent, child, tree):
            tree[child] = parent
    for child in sorted(articles - set(tree)):  # whose parents would all close a circle
        tree[child] = family
        edges.append((family, child, 0.0))
    listed = [(family, *edge, tree[edge[1]] == edge[0]) for edge in edges]
    return [row for row in listed if row[3] >= _LISTED or row[4]]


def _new_name(name: str, found: list[LostText]) -> str:
    """A name that no source has yet."""
    taken, n = {source.name for source in found}, 1
    while name + (f" ({n})" if n > 1 else "") in taken:
        n += 1
    return name + (f" ({n})" if n > 1 else "")


def _credited(text: LostText, sources: pd.DataFrame, outlet: Mapping[str, str]) -> tuple[str, int]:
    """The outside source that most witnesses credit, if several do, and how many.

    An outlet of one of them is none.
    """
    rows = sources[sources["stretch"].isin(text.stretches) & (sources["kind"] == "outside")]
    rows = rows[rows["article_id"].isin(text.articles)]
    rows = rows[~rows["source"].isin({outlet[article] for article in text.articles})]
    n = rows.groupby("source")["article_id"].nunique().sort_values(ascending=False, kind="stable")
    several = len(n) and n.iloc[0] >= max(2, CREDITED_SHARE * len(text.articles))
    return (str(n.index[0]), int(n.iloc[0])) if several else ("", 0)


def article_families(sources: pd.DataFrame, ids: np.ndarray) -> np.ndarray:
    """A number for articles that share much of what they share with any, and those nearest to them.

    What many articles have in common by chance, such as a line of their site, joins no families.
    """
    rows = sources.drop_duplicates(["stretch", "article_id"])
    article, stretch = pd.Index(ids).get_indexer(rows["article_id"]), rows["stretch"].to_numpy()
    shape = len(ids), int(stretch.max(initial=0)) + 1
    words = sparse.csr_array((rows["words"].to_numpy(float), (article, stretch)), shape)
    common = (words @ (words > 0).astype(float).T).tocsr()
    common = common.minimum(common.T).tolil()
    common.setdiag(0)
    common = common.tocoo()
    best = np.zeros(len(ids))
    np.maximum.at(best, common.row, common.data)
    near = common.data >= CORE * np.maximum(best[common.row], best[common.col])
    near &= common.data > 0
    label = linked(common.row[near], common.col[near], len(ids))
    alone = np.bincount(label)[label] == 1
    nearest = np.flatnonzero(common.data == best[common.row])
    first = nearest[np.unique(common.row[nearest], return_index=True)[1]]
    first = first[alone[common.row[first]] & (common.data[first] > 0)]
    out = label.copy()
    out[common.row[first]] = label[common.col[first]]
    return out


def _add_without_text(
    found: list[LostText], lineage: Lineage, min_words: int, family: Mapping[str, int]
) -> None:
    """Add to sources what articles of their family have from a lost text, or as ones of no text."""
    rows, used = lineage.stretches, set[int]().union(*(source.stretches for source in found))
    likely = rows[(rows["p_lost"] >= 0.5) & (rows["quoted"] < 0.5) & ~rows["stretch"].isin(used)]
    part = lineage.sources[lineage.sources["stretch"].isin(likely["stretch"])]
    part = part.drop_duplicates(["stretch", "article_id"])
    part = part.assign(family=part["article_id"].map(family))
    several = part.groupby(["family", "stretch"])["stretch"].transform("size") > 1
    known: dict[int, LostText] = {}
    for source in found:
        of = Counter(family[article] for article in source.articles).most_common(1)[0][0]
        known.setdefault(of, source)
    for number, those in part[several].groupby("family", sort=False):
        stretches, articles = set(those["stretch"]), set(those["article_id"])
        if number in known:
            known[number].stretches.update(stretches)
            known[number].articles.update(articles)
        elif those.groupby("stretch")["words"].max().sum() >= min_words:
            first = next(article for article in family if article in articles)
            found.append(LostText(_new_name(f"*{first}", found), stretches, articles, []))


def _descends(article: str, other: str, tree: dict[str, str]) -> bool:
    """Whether an article is another one, or had the text from it."""
    while article != other and article in tree:
        article = tree[article]
    return article == other
