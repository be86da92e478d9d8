"""Lost sources: texts that several articles drew on and the corpus lacks, rebuilt from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import tl
from analysis.corpus import Corpus
from analysis.errors import OptionError
from analysis.features import Features, features_of
from analysis.groups import By, Grouping, group_articles
from analysis.options import check_choice, check_options, check_result
from analysis.results import Result, count
from analysis.reuse.sources import Sources
from analysis.reuse.stretches import Passages, locate
from analysis.reuse.thirds import equal_words, least_runs, sides
from analysis.store import Shipment, Ships
from analysis.text.outlets import listed_name
from analysis.text.scan import scan
from analysis.tl._collation import JUMP, Alignment, Members, segments, sources
from analysis.tl._lost_texts import article_families, find_texts, lost_texts, stemma
from analysis.tl._lost_words import VARIANTS, WORDS, of_earlier_archive, written_out
from analysis.tl.lineage import PROBABILITIES, Lineage
from analysis.tl.reuse import Reuse
from analysis.views import origin

SURE = 0.7  # probability of a parent from which on it counts as known
SOURCE_FIGURES = ("stemma", "text")
WITNESSES = ["family", "group", "n_witnesses", "n_articles", "n_direct", "words", "share", "only"]
FEWEST_WITNESSES = 2  # of a word, for it to be rebuilt


@dataclass(frozen=True, eq=False, repr=False)
class LostSource(Result):
    """Sources that the corpus lacks, word by word.

    Attributes
    ----------
    table : DataFrame
        One row a rebuilt word.

        ===========  ======  ====================================================================
        column       unit    meaning
        ===========  ======  ====================================================================
        family               the source's name: ``*`` and its first witness
        segment              from 1, in the order on which most witnesses agree; what stood
                             between two is not known
        place                of the word in its segment, from 1
        article_id           a witness, with most words of the segment
        position     words   the word's place in that article, from 0
        n_witnesses          articles that have the word
        witnesses            their ids, separated by spaces
        n_variants           other readings that witnesses have here, an omission among them
        confidence   0 to 1  how probably the surest two witnesses had it from a third, times the
                             share of witnesses of the place that have this reading
        ===========  ======  ====================================================================
    variants : DataFrame
        Where witnesses differ from the rebuilt text; none of these words is counted as rebuilt.

        ======================  ========  =========================================================
        column                  unit      meaning
        ======================  ========  =========================================================
        family, segment, place            the first rebuilt word that the witness has otherwise or
                                          twice; the one before words that it has besides
        n_places                words     of the rebuilt text
        article_id                        the witness
        position                words     where its own words begin, from 0
        n_words                 words     that it has there
        kind                              "instead" of words of the source, "left out", "besides"
                                          (between two words or two stretches of the source, which
                                          may have had them or not), "twice" (a second time)
        n_articles              articles  that differ in the same way: 1 if it alone does
        ======================  ========  =========================================================
    stemma : DataFrame
        From whom each witness had the text: of each child the parents with a probability of at
        least 0.05, and the one in the tree.

        ===========  ======  ====================================================================
        column       unit    meaning
        ===========  ======  ====================================================================
        family
        parent               an article, or the family's name for the lost source
        child                article_id
        probability  0 to 1  of the child having had the text from the parent
        in_tree              whether the likeliest tree has this parent
        ===========  ======  ====================================================================
    named : DataFrame
        One row a lost source, the one with most rebuilt words first.

        ===========  ========  ==================================================================
        column       unit      meaning
        ===========  ========  ==================================================================
        family                 its name in the other tables
        name                   the outlet or agency that at least two witnesses credit for it and
                               of which none of them is; empty where there is none
        n_credits    articles  that credit it
        n_articles   articles  that drew on it, directly or through others
        words        words     that could be rebuilt, 0 where too few stand in two of them
        probability  0 to 1    of several having had it independently from a text that the corpus
                               lacks: mean over its words
        ===========  ========  ==================================================================
    witnesses : DataFrame
        One row for each source and group with a witness of it, those with most words first.

        ===========  ========  ==================================================================
        column       unit      meaning
        ===========  ========  ==================================================================
        family
        group
        n_witnesses  articles  of the group that carry some of its words
        n_articles   articles  of the group
        n_direct     articles  of the witnesses, those that the likeliest tree hangs on the source
        words        words     of the source that stand in some article of the group
        share        0 to 1    of all that were rebuilt of the source
        only         words     of `words`, those that fewer than two articles of others carry:
                               without this group they could not be rebuilt
        ===========  ========  ==================================================================
    articles : DataFrame
        The articles by their names, as `analysis.groups.Grouping.table` has groups.
    """

    variants: pd.DataFrame
    stemma: pd.DataFrame
    named: pd.DataFrame
    witnesses: pd.DataFrame
    articles: pd.DataFrame

    @property
    def families(self) -> list[str]:
        """Names of the lost sources, the one with most words first."""
        return self.named["family"].tolist()

    @property
    def finding(self) -> str:
        """How many articles draw on the largest lost source, and how surely."""
        return self.finding_of("stemma")

    def finding_of(self, kind: str, family: str | None = None) -> str:
        """What the tree ("stemma") or the words ("text") of a source say; the largest by default.

        Raises
        ------
        OptionError
            If there is no such kind or source.
        """
        check_choice("kind", kind, SOURCE_FIGURES)
        if family is None and self.named.empty:
            return "No articles seem to have drawn on a text that the corpus lacks"
        family = self.family(family)
        if kind == "text":
            words = self.table[self.table["family"] == family]
            if words.empty:
                return "No word of the lost source stands in enough articles to be reconstructed"
            return (
                f"{count(len(words), 'word')} of the lost source stand in two articles or more,"
                f" in {count(words['segment'].nunique(), 'stretch', 'stretches')}"
            )
        tree = self.stemma[(self.stemma["family"] == family) & self.stemma["in_tree"]]
        doubtful = (tree["probability"] < SURE).sum()
        outlets = self._outlets(tree["child"])
        of = f" of {outlets} outlets" if outlets > 1 else ""
        source = self.named.set_index("family").loc[family]
        credited = source["n_credits"]
        by = f", which {credited} of them credit to {source['name']}" if source["name"] else ""
        drawn = (
            f"{count(len(tree), 'article')}{of} draw on a text that the corpus seems to lack{by}"
        )
        if not doubtful:
            return drawn
        return f"{drawn}; from whom {doubtful} of them had it is less than {SURE:.0%} sure"

    def _outlets(self, articles: pd.Series) -> int:
        """Of how many known outlets articles are."""
        known = self.articles.loc[self.articles["group"].isin(articles), "outlet"]
        return known[known != ""].nunique()

    def family(self, name: str | None = None) -> str:
        """The source of a name; that with most words if none is given."""
        names = self.families
        name = names[0] if name is None and names else name
        check_choice("family", name, names)
        return str(name)

    def text(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Write out the rebuilt words from articles' texts: segments as paragraphs.

        Parameters
        ----------
        texts : mapping of str to str
            The text of each article, as stored.

        Returns
        -------
        dict of str to str
            By name of the source.

        Raises
        ------
        OptionError
            If the text of a witness is not given, or is another.

        Examples
        --------
        >>> import analysis as tw
        >>> corpus = tw.load("harbour")
        >>> texts = {article.article_id: article.text for article in corpus.articles()}
        >>> tw.tl.lost_source(corpus).text(texts)["*courier1"][:50]
        'the 900-tonne gantry crane gave way at 6:42 a.m. a'
        """
        spans = _word_spans(texts, self.table.groupby("article_id")["position"].max())
        paragraphs: dict[str, list[str]] = {}
        for (family, _), segment in self.table.groupby(["family", "segment"], sort=False):
            words = list(zip(segment["article_id"], segment["position"]))
            pieces = []
            for (article, at), after in zip(words, [*words[1:], None]):
                start, end = spans[article][at]
                follows = after == (article, at + 1)
                pieces.append(texts[article][start : spans[article][at + 1][0] if follows else end])
                pieces.append("" if follows else " ")
            paragraphs.setdefault(family, []).append(" ".join("".join(pieces).split()))
        return {family: "\n\n".join(several) for family, several in paragraphs.items()}

    def readings(self, texts: Mapping[str, str]) -> pd.DataFrame:
        """Write out where witnesses differ from the rebuilt text.

        Parameters
        ----------
        texts : mapping of str to str
            The text of each article, as stored.

        Returns
        -------
        DataFrame
            `variants`, with the words of the source (source_words, of what stands besides them the
            one before) and of the witness (witness_words, empty where it leaves them out).

        Raises
        ------
        OptionError
            If the text of a witness is not given, or is another.

        Examples
        --------
        >>> import analysis as tw
        >>> corpus = tw.load("harbour")
        >>> found = tw.tl.lost_source(corpus)
        >>> rows = found.readings({a.article_id: a.text for a in corpus.articles()})
        >>> len(rows) == len(found.variants)
        True
        """
        held = pd.concat(
            [self.table, self.variants.assign(position=lambda t: t.position + t.n_words - 1)]
        )
        spans = _word_spans(texts, held.groupby("article_id")["position"].max())

        def words(article: str, first: int, n: int) -> str:
            return texts[article][spans[article][first][0] : spans[article][first + n - 1][1]]

        said = {
            (family, segment, place): words(article, position, 1)
            for family, segment, place, article, position in self.table[WORDS[:5]].values
        }
        rows = self.variants
        source = [
            " ".join(said[family, segment, place + i] for i in range(max(n, 1)))
            for family, segment, place, n in rows[VARIANTS[:4]].values
        ]
        witness = [
            words(article, position, n) if n else ""
            for article, position, n in rows[["article_id", "position", "n_words"]].values
        ]
        return rows.assign(source_words=source, witness_words=witness)


def _word_spans(texts: Mapping[str, str], last: pd.Series) -> dict[str, list]:
    """First and last character of each word of articles; `last` is the last word that is needed."""
    spans = {a: np.column_stack(scan(texts.get(a, ""))[:2]).tolist() for a in last.index}
    if lacking := [article for article in last.index if len(spans[article]) <= last[article]]:
        raise OptionError(
            "texts must hold the text of every article that the result names (they lack"
            f" {', '.join(lacking)}, or have another text)"
        )
    return spans


def lost_source(
    corpus: Corpus | Features,
    *,
    by: By | None = None,
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
    alignment). What only one article has cannot be rebuilt. Words quoted on both sides count only
    where the same two articles share what stands around them; boilerplate does not.

    Whether the corpus lacks a text, its name and the tree are read from `tl.lineage`: a source is
    named if several had it independently with a mean probability of at least 0.55 over all that its
    articles share but for quotations, and three tenths of the mean probability of having it from
    the article that gave most; 0.4 instead of 0.55 where a quarter of them, and two at least,
    credit it to one outlet that none of them is of, which is then its name, also where too few
    words can be rebuilt. Parents in the stemma are means over its stretches; the tree takes the
    likeliest parents first, leaving out what would close a circle.

    Each article is compared with the dozen that share most with it, so that time and memory grow
    with the number of articles.

    Parameters
    ----------
    corpus : Corpus or Features
        Words are compared one by one, which needs the private form. From the shared form it is the
        owner's result, if it is shipped, made from all defaults but `min_words`.
    by : str, sequence of str, mapping or Series, optional
        Whose articles are the witnesses, in `witnesses`: groups as
        `analysis.groups.group_articles` takes them; outlets, where at least two have two articles
        each, else articles. The text is rebuilt from all articles, whatever the groups.
    reuse : Reuse, optional
        ``tl.reuse(corpus)`` if not given.
    lineage : Lineage, optional
        ``tl.lineage(corpus, reuse=reuse)`` if not given.
    min_words : int, at least 1
        Words that must be rebuilt for a source to be named.

    Returns
    -------
    LostSource

    Raises
    ------
    FeaturesError
        If the features are of the shared form, and the owner has not shipped the result.
    OptionError
        If `min_words` is less than 1, or `reuse` or `lineage` is no result of this corpus.

    References
    ----------
    Lee, C., Grasso, C. and Sharlow, M. F. (2002). Multiple sequence alignment using partial order
    graphs. Bioinformatics 18(3). https://doi.org/10.1093/bioinformatics/18.3.452

    Maas, P. (1927). Textkritik. Teubner.

    Examples
    --------
    >>> import analysis as tw
    >>> found = tw.tl.lost_source(tw.load("amnesty2024"))
    >>> found.families, len(found.table)
    (['*mcclatchy'], 93)
    >>> found.table[["segment", "place", "article_id", "position", "n_witnesses"]].head(2)
       segment  place  article_id  position  n_witnesses
    0        1      1  aggregator       124            2
    1        1      2  aggregator       125            2
    """
    features = features_of(corpus)
    check_options(min_words=min_words)
    if reuse is not None:
        check_result("reuse", reuse, Reuse, features)
    if lineage is not None:
        check_result("lineage", lineage, Lineage, features)
    grouping = group_articles(features, by)
    params = {"by": grouping.by, "min_words": int(min_words), **origin(features)}
    if shipped := SHIPS.read(features):
        words = shipped["missing_source"]
        size = words["family"].value_counts()
        tables = [
            table[table["family"].map(size) >= min_words].reset_index(drop=True)
            for table in list(shipped.values())[: len(SHIPS.tables)]
        ]
        params["measured_on"] = "results"
        tables[1] = of_earlier_archive(tables[1])
        tables.append(shipped.get(SHIPS.later[0], _unnamed(*tables[::2])))
        return _grouped(features, grouping, params, *tables)
    hashes = features.table("tokens", ["hash"])["hash"].to_numpy()
    articles = features.table("articles", ["article_id", "n_tokens", "outlet", "author"])
    reuse = tl.reuse(features, draws=1) if reuse is None else reuse  # no interval is read
    lineage = tl.lineage(features, reuse=reuse) if lineage is None else lineage
    ids = articles["article_id"].to_numpy(dtype=object)
    bounds = np.r_[0, np.cumsum(articles["n_tokens"].to_numpy(np.int64))]
    alignment = _align(reuse.table, lineage.passages, hashes, ids, bounds)
    witness = {
        word: alignment.witness(word)
        for words in alignment.members.values()
        for word in words.values()
    }
    members = {
        column: words
        for column, words in alignment.members.items()
        if len({witness[word] for word in words.values()}) > 1
    }
    family = article_families(lineage.sources, ids)
    candidates = sources(segments(members, witness), members, min_words, family)
    places = [_places(source, members, ids, bounds) for source in candidates]
    texts = find_texts(lineage, candidates, places, min_words, dict(zip(ids, family.tolist())))
    outlet = Sources(articles, getattr(corpus, "outlets", {})).outlet
    found, named = lost_texts(texts, lineage, dict(zip(ids, outlet)))
    rebuilt = [(text.name, text.paths) for text in found]
    table, others = written_out(rebuilt, members, alignment, hashes, ids, bounds)
    return _grouped(features, grouping, params, table, others, stemma(found, lineage), named)


def _grouped(
    features: Features,
    grouping: Grouping,
    params: dict,
    words: pd.DataFrame,
    variants: pd.DataFrame,
    stemma: pd.DataFrame,
    named: pd.DataFrame,
) -> LostSource:
    """The result, with what each group has of each source."""
    articles = group_articles(features, "article_id").table
    group_of = dict(zip(features.article_ids, grouping.codes.tolist()))
    direct = set(stemma.loc[stemma["in_tree"] & (stemma["parent"] == stemma["family"]), "child"])
    there = words[["family"]].assign(word=np.arange(len(words)))
    there["article"] = words["witnesses"].str.split(" ")
    there = there.explode("article").assign(group=lambda t: t["article"].map(group_of))
    there["direct"] = there["article"].isin(direct)
    carried = there.groupby(["family", "word", "group"], sort=False).size()
    others = carried.groupby(level="word").transform("sum") - carried
    of = ["family", "group"]
    by_word = (others < FEWEST_WITNESSES).groupby(level=of).agg(words="size", only="sum")
    some = there.drop_duplicates([*of, "article"]).groupby(of)["direct"]
    found = some.agg(n="size", n_direct="sum").join(by_word).reset_index()
    found = found[found["group"] >= 0]
    group = found["group"].to_numpy(int)
    size = words.groupby("family", sort=False).size()
    share = found["words"] / found["family"].map(size)
    names = np.array(grouping.names, object)[group]
    found = found.assign(group=names, n_articles=grouping.sizes[group], share=share)
    witnesses = found.rename(columns={"n": "n_witnesses"})[WITNESSES]
    order = np.lexsort((group, -witnesses["words"], size.index.get_indexer(found["family"])))
    witnesses = witnesses.iloc[order].reset_index(drop=True)
    tables = words, params, variants, stemma, named, witnesses, articles
    return LostSource(*tables, groups=grouping.table)


def _make(shipment: Shipment) -> dict[str, pd.DataFrame]:
    reuse, lineage = shipment.measure("reuse"), shipment.measure("lineage")
    found = lost_source(shipment.features, reuse=reuse, lineage=lineage)
    # a name that is on no list may be words of the text
    public = found.named["name"].map(lambda name: listed_name(name) if name else "")
    tables = found.table, found.variants, found.stemma, found.named.assign(name=public)
    return dict(zip((*SHIPS.tables, *SHIPS.later), tables))


def _unnamed(words: pd.DataFrame, stemma: pd.DataFrame) -> pd.DataFrame:
    """The sources of an archive that does not say how they are credited."""
    size = words["family"].value_counts()
    tree = stemma[stemma["in_tree"]].groupby("family").size()
    return pd.DataFrame(
        {
            "family": size.index,
            "name": "",
            "n_credits": 0,
            "n_articles": tree.reindex(size.index, fill_value=0).to_numpy(),
            "words": size.to_numpy(),
            "probability": np.nan,
        }
    )


SHIPS = Ships(
    ("missing_source", "missing_variants", "missing_stemma"), _make, later=("missing_names",)
)


def _align(table: pd.DataFrame, judged: pd.DataFrame, hashes, ids, bounds) -> Alignment:
    """Link equal words of the passages of each article with those that share most with it.

    The longest passages come first.
    """
    rows, passages = locate(table, ids)
    near = sides(passages, np.ones(len(rows)), len(ids)).of_partners(passages)
    p = judged.set_index("passage")[PROBABILITIES].reindex(rows["passage"]).to_numpy(float)
    direct = p[:, 2] < p.max(axis=1)
    least_run = least_runs(rows)
    good = np.flatnonzero(near & _not_only_speech(rows, passages) & ~np.isnan(p[:, 2]))
    first = bounds[passages.article] + passages.first
    alignment = Alignment(np.repeat(np.arange(len(ids)), np.diff(bounds)))
    for row in good[np.lexsort((good, -passages.words[0, good]))].tolist():
        a, b = (hashes[x : x + n] for x, n in zip(first[:, row], passages.words[:, row]))
        equal = equal_words(a, b, least_run[row]) + first[:, row]
        for x, y in equal.tolist():
            alignment.link(x, y, bool(direct[row]), float(p[row, 2]))
    return alignment


def _not_only_speech(rows: pd.DataFrame, passages: Passages) -> np.ndarray:
    """Passages that others of their pair follow upon, with some among these that are not quoted."""
    pair = rows.groupby(["a", "b"], sort=False).ngroup().to_numpy()
    order = np.lexsort((passages.first[0], pair))
    first, end = passages.first[:, order], (passages.first + passages.words)[:, order]
    gap = first[:, 1:] - end[:, :-1]
    apart = (np.diff(pair[order]) != 0) | (gap[0] > JUMP) | (np.abs(gap[1]) > JUMP)
    group = np.cumsum(np.r_[0, apart])[: len(order)]
    plain = np.zeros(len(order), bool)
    plain[order] = np.bincount(group, ~rows["quoted"].to_numpy(bool)[order])[group] > 0
    return plain


def _places(
    source: list[list[int]], members: Members, ids: np.ndarray, bounds: np.ndarray
) -> dict[str, list[int]]:
    """The words of each article that stand in a source."""
    held = defaultdict(list)
    for path in source:
        for column in path:
            for a, word in members[column].items():
                held[ids[a]].append(int(word - bounds[a]))
    return held
