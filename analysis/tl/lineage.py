"""Lineage: who had a passage from whom, and how surely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import tl
from analysis.corpus import Corpus
from analysis.features import Features, features_of
from analysis.groups import By, Grouping, group_articles
from analysis.options import check_options, check_result
from analysis.results import Result, count
from analysis.reuse.account import Account, account, read_weights, scores
from analysis.reuse.evidence import OF_EDGES, OF_WITNESSES, Evidence, gather
from analysis.reuse.sources import Sources
from analysis.tl._between import WITHIN, without_periods
from analysis.tl.reuse import Reuse
from analysis.views import origin
from analysis.wording import names_of

PROBABILITIES = ["p_a_from_b", "p_b_from_a", "p_common"]
VERDICTS = ("a from b", "b from a", "common source")
UNDECIDED = "cannot tell"
LEAST_WEIGHT = 0.1  # weights nearer to nothing are not listed
LEAST_WORDS = 20  # that are not quoted, or that are credited to the other, for a verdict
BOTH_QUOTE = 0.1  # of a word that both quote, beside one that they do not
_LISTED = 4  # pieces of evidence named in one cell
SOURCE_KINDS = ("article", "outside", "lost", "own")
SOURCE_COLUMNS = ["stretch", "article_id", "position", "words", "kind", "source", "probability"]


@dataclass(frozen=True, eq=False, repr=False)
class Lineage(Result):
    """Who had passages from whom.

    Attributes
    ----------
    table : DataFrame
        One row a pair of articles that share passages.

        ==========  ======  ======================================================================
        column      unit    meaning
        ==========  ======  ======================================================================
        a, b                article ids, in the order of the metadata
        n_passages          that are evidence (see `analysis.tl.reuse.Reuse`)
        n_words     words   of a that stand in passages
        p_a_from_b  0 to 1  probability that a had them from b, directly or through others
        p_b_from_a  0 to 1  that b had them from a
        p_common    0 to 1  that both had them from a third, in the corpus or not; the three sum
                            to 1
        verdict             "a from b", "b from a", "common source" or "cannot tell"
        one_outlet          whether both are of one outlet
        evidence            what weighs most, with its weight
        ==========  ======  ======================================================================
    passages : DataFrame
        One row a passage: its number in `passage`, and a, b, p_a_from_b, p_b_from_a, p_common and
        verdict as in `table`.
    evidence : DataFrame
        One row a pair and piece of evidence.

        ========  ========  ========================================================
        column    unit      meaning
        ========  ========  ========================================================
        a, b                article ids
        evidence            its short name
        towards             the verdict that it weighs for or against
        value               as measured
        weight    log-odds  value times fitted weight, added to the verdict's score
        says                the evidence in words
        ========  ========  ========================================================
    sources : DataFrame
        One row an article, stretch and possible source; of each article and stretch the
        probabilities sum to 1.

        ===========  ======  ======================================================================
        column       unit    meaning
        ===========  ======  ======================================================================
        stretch              content that articles share: sentences that passages put side by side,
                             numbered in the order of their first words, articles by their ids
        article_id           a witness of it
        position     words   where it begins in the article, from 0
        words        words   of the article that stand in passages of the stretch
        kind                 "article"; "outside", an outlet or agency that it credits; "lost", a
                             text that others of the stretch have it from too; "own", none of these
        source               the article, the outlet or agency by name; empty if lost or own
        probability  0 to 1  of having had it straight from there
        ===========  ======  ======================================================================
    stretches : DataFrame
        One row a stretch: stretch, n_articles, words (most that an article has of it in passages),
        quoted (0 to 1, the share of shared words that are quoted on both sides), p_lost (0 to 1,
        how probably several articles had it, independently, from a text that is none of them).
    between : DataFrame
        One row for two groups with articles that share passages, most words first.

        ================  ======  ==========================================================
        column            unit    meaning
        ================  ======  ==========================================================
        taker, giver              the groups; the second more probably gave
        n_pairs                   of articles
        words             words   in passages of these pairs
        from_giver        words   of pairs of which the taker's article had them from the
                                  giver's
        from_taker        words   of pairs with the other verdict
        common            words   of pairs that had them from a third
        undecided         words   of the others
        verdict                   "taker from giver" or "common source", if that holds for
                                  more than half of the words; else "cannot tell"
        ================  ======  ==========================================================
    """

    passages: pd.DataFrame
    evidence: pd.DataFrame
    sources: pd.DataFrame
    stretches: pd.DataFrame
    between: pd.DataFrame

    @property
    def finding(self) -> str:
        """How many pairs of articles of different outlets have which verdict, and who gave most."""
        table = self.table[~self.table["one_outlet"]]
        if table.empty:
            within = f"; {count(len(self.table), 'pair')} of one outlet do" * (len(self.table) > 0)
            return f"No two articles of different outlets share a passage{within}"
        n = table["verdict"].value_counts().reindex([*VERDICTS, UNDECIDED], fill_value=0)
        passed, common, undecided = n.iloc[:2].sum(), n.iloc[2], n.iloc[3]
        said = (
            f"Of {count(len(table), 'pair')} of articles of different outlets that share passages,"
            f" {passed or 'none'} had them one from the other, {common or 'none'} from a third"
            + (f" ({undecided} undecided)" if undecided else "")
        )
        best = self.most_passed
        if best is None:
            return said
        giver, taker = best
        if self.params["by"] == "article_id" and self.groups is not None:
            giver, taker = names_of(self.groups, "article_id")[[giver, taker]]
        return f"{said}; most words so passed on went from {giver} to {taker}"

    @property
    def most_passed(self) -> tuple[str, str] | None:
        """The two groups, giver and taker, between which most words were passed on."""
        passed_on = self.between[self.between["from_giver"] > 0]
        if passed_on.empty:
            return None
        best = passed_on.sort_values("from_giver", ascending=False, kind="stable").iloc[0]
        return str(best["giver"]), str(best["taker"])


def lineage(
    corpus: Corpus | Features,
    by: By | None = None,
    *,
    reuse: Reuse | None = None,
    min_probability: float = 0.7,
) -> Lineage:
    """Estimate which of two articles had passages from the other, or both from a third.

    Sentences that passages put side by side are one stretch of content, and the articles that have
    it are its witnesses. A stemma gives each witness one parent, another witness or the root, in no
    circle. Its weight is the product of those of its edges, ``exp(evidence · weights)``; where one
    witness alone hangs on the root it brought the stretch into the corpus, where several do they
    drew on a text that the corpus lacks. Probabilities are sums over all stemmata, by the
    matrix-tree theorem; descent through others is summed over all stemmata of up to five witnesses,
    and over drawn ones of more. Pairs and passages are means over their stretches by equal words,
    in which words quoted on both sides count a tenth.

    Weights were fitted on planted families of articles (`benchmarks.descent`), whose mixture of
    direct and common descent is the prior. That edits, cuts and shared omissions show who copied
    whom is the argument of stemmatics: what two witnesses each lack of a third's text, or have each
    in other words, neither can have given the other. Credits that lead in a circle count for
    nothing.

    A date without a time is an interval of a day (UTC); the order of two that overlap, or of which
    one is missing, is no evidence.

    Parameters
    ----------
    corpus : Corpus or Features
        A Corpus is needed for the aliases in `outlets` of corpus.yml.
    by : str, sequence of str, mapping or Series, optional
        The groups of `between`, as of `analysis.groups.group_articles`.
    reuse : Reuse, optional
        ``tl.reuse(corpus)`` if not given.
    min_probability : float, at least 0.5
        Of an answer, from which on it is the verdict; less is "cannot tell", and above 1 all are.
        A verdict also needs 20 shared words that are not quoted, or a credit of the other.

    Returns
    -------
    Lineage
        Pairs that share nothing but boilerplate and credit lines have no row.

    Raises
    ------
    OptionError
        If `min_probability` is below 0.5, or `reuse` is no result of `tl.reuse` of this corpus.

    References
    ----------
    Maas, P. (1927). Textkritik. Teubner.

    Smith, D. A. and Smith, N. A. (2007). Probabilistic models of nonprojective dependency trees.
    EMNLP-CoNLL. https://aclanthology.org/D07-1014/

    Examples
    --------
    >>> import analysis as tw
    >>> found = tw.tl.lineage(tw.load("amnesty2024"))
    >>> found.table[["a", "b", "n_words", "p_common", "verdict"]].round(2).head(2)
               a           b  n_words  p_common      verdict
    0  mcclatchy      caruzo      114      0.60  cannot tell
    1  mcclatchy  aggregator       35      0.96  cannot tell
    """
    features = features_of(corpus)
    check_options(min_probability=min_probability)
    if reuse is None:
        reuse = tl.reuse(features, draws=1)  # its passages: no interval is read
    check_result("reuse", reuse, Reuse, features)
    sources = Sources(features.table("articles"), getattr(corpus, "outlets", {}))
    found, weights = gather(features, reuse.table, sources), read_weights()
    sums = account(found, scores(found, weights))
    place = pd.Index(features.article_ids).get_indexer(found.ids)[found.stretches.article]
    ways = _both_ways(found, place)
    pairs = _pairs(found, sums, ways, place)
    listed = _listed(found, weights, pairs, ways)
    keys = pairs.table[["a", "b"]]
    by_pair = _judged(pairs, min_probability)
    counted = reuse.pairs.set_index(["a", "b"]).reindex(pd.MultiIndex.from_frame(keys))
    by_pair.insert(2, "n_passages", counted["n_passages"].to_numpy(np.int64))
    by_pair.insert(3, "n_words", counted["a_shared"].to_numpy(np.int64))
    by_pair["one_outlet"] = counted["evidence"].eq(WITHIN).to_numpy(bool)
    by_pair["evidence"] = _in_words(listed, len(by_pair))
    grouping = group_articles(features, by)
    return Lineage(
        by_pair,
        {"by": grouping.by, "min_probability": float(min_probability), **origin(features)},
        _judged(_passages(found, sums, pairs, ways), min_probability),
        listed.drop(columns="pair"),
        _sources(found, sums),
        _stretches(found, sums),
        _between(by_pair, features, grouping),
        groups=group_articles(features, "article_id").table,
    )


class _Answers(NamedTuple):
    """Probabilities of pairs or passages, and on how much they rest.

    Attributes
    ----------
    table : DataFrame
        What each is of.
    p : float array of shape (n, 3)
        From b, from a, common.
    words : float array of shape (n,)
        Words that are not quoted.
    credited : bool array of shape (n,)
        Whether one credits the other.
    number : int array
        Of pairs: to which pair each link (see `Evidence`) belongs; of passages, empty.
    weight : float array
        Of pairs: of each link.
    """

    table: pd.DataFrame
    p: np.ndarray
    words: np.ndarray
    credited: np.ndarray
    number: np.ndarray
    weight: np.ndarray


def _both_ways(found: Evidence, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each link the edge whose child is a, the first in the metadata, and that whose is b.

    `place` is that of each member's article in the metadata.
    """
    one, other = np.split(np.arange(len(found.child)), 2)
    turned = place[found.child[one]] > place[found.parent[one]]
    return np.where(turned, other, one), np.where(turned, one, other)


def _of_links(sums: Account, ways: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Probabilities of a from b, b from a and common for two witnesses of a stretch."""
    from_b, from_a = (sums.above[edges] for edges in ways)
    return np.stack([from_b, from_a, np.maximum(1 - from_b - from_a, 0)], axis=1)


def _mean(number: np.ndarray, weight: np.ndarray, values: np.ndarray, n: int) -> np.ndarray:
    """Weighted means of rows by their numbers."""
    total = np.maximum(np.bincount(number, weight, n), 1e-300)
    return np.stack([np.bincount(number, weight * v, n) / total for v in values.T], axis=1)


def _pairs(
    found: Evidence, sums: Account, ways: tuple[np.ndarray, np.ndarray], place: np.ndarray
) -> _Answers:
    n = len(found.child) // 2
    a, b = (place[found.child[edges]] for edges in ways)
    _, first, number = np.unique(a << 32 | b, return_index=True, return_inverse=True)
    ids = found.ids[found.stretches.article]
    overlap = found.stretches.overlap
    quoted = found.rows["quoted"].to_numpy(float)[found.stretches.passage]
    shared = np.bincount(found.link, overlap, n)
    said = np.bincount(found.link, overlap * quoted, n) / np.maximum(shared, 1)
    weight = found.words[:n] * (1 - (1 - BOTH_QUOTE) * said)
    credited = found.edges["credited"].to_numpy() > 0
    return _Answers(
        pd.DataFrame({name: ids[found.child[edges[first]]] for name, edges in zip("ab", ways)}),
        _mean(number, weight, _of_links(sums, ways), len(first)),
        np.bincount(number, found.words[:n] * (1 - said), len(first)),
        np.bincount(number, credited[:n] | credited[n:], len(first)) > 0,
        number,
        weight,
    )


def _passages(
    found: Evidence, sums: Account, pairs: _Answers, ways: tuple[np.ndarray, np.ndarray]
) -> _Answers:
    """A passage rests on all that the two articles share."""
    passage, overlap, n = found.stretches.passage, found.stretches.overlap, len(found.rows)
    p = _mean(passage, overlap.astype(float), _of_links(sums, ways)[found.link], n)
    pair = np.zeros(n, np.int64)
    pair[passage] = pairs.number[found.link]
    none = np.empty(0)
    return _Answers(
        found.rows[["passage", "a", "b"]], p, pairs.words[pair], pairs.credited[pair], none, none
    )


def _sources(found: Evidence, sums: Account) -> pd.DataFrame:
    """Where each witness had each stretch from."""
    stretches, ids = found.stretches, found.ids
    named = found.outside != ""
    # who credits an outlet for it has it from there, whether others have it from it or not
    outside = np.where(named, sums.lost + sums.origin, 0)
    members = np.arange(len(stretches.article))
    parts = [("article", found.child, ids[stretches.article[found.parent]], sums.edge)]
    for kind, source, p in (
        ("outside", found.outside, outside),
        ("lost", "", np.where(named, 0, sums.lost)),
        ("own", "", np.where(named, 0, sums.origin)),
    ):
        parts.append((kind, members, np.broadcast_to(source, len(members)), p))
    rows = pd.concat(
        [
            pd.DataFrame({"member": of, "kind": kind, "source": source, "probability": p})
            for kind, of, source, p in parts
        ]
    )
    rows = rows[rows["probability"] > 0]
    total = rows.groupby("member")["probability"].transform("sum")
    rows = rows.assign(probability=rows["probability"] / total)
    of = rows["member"].to_numpy(np.int64)
    rows = rows.assign(
        stretch=stretches.stretch[of] + 1,
        article_id=ids[stretches.article[of]],
        position=stretches.first[of],
        words=stretches.words[of],
    )
    order = np.lexsort((-rows["probability"].to_numpy(), of))
    return rows.iloc[order][SOURCE_COLUMNS].reset_index(drop=True)


def _between(table: pd.DataFrame, features: Features, grouping: Grouping) -> pd.DataFrame:
    """The verdicts of pairs of articles, summed by their groups."""
    codes, names = without_periods(grouping)
    group = pd.Series(np.array([*names, ""], object)[codes], features.article_ids)
    rows = table[~table["one_outlet"]]
    a, b = (group[rows[side]].to_numpy(object) for side in "ab")
    kept = (a != b) & (a != "") & (b != "")
    turned = a[kept] > b[kept]
    from_b, from_a = (rows["verdict"].to_numpy(object)[kept] == v for v in VERDICTS[:2])
    words = rows["n_words"].to_numpy()[kept]
    sums = pd.DataFrame(
        {
            "one": np.where(turned, b[kept], a[kept]),
            "other": np.where(turned, a[kept], b[kept]),
            "n_pairs": 1,
            "words": words,
            "to_one": words * np.where(turned, from_a, from_b),
            "to_other": words * np.where(turned, from_b, from_a),
            "common": words * (rows["verdict"].to_numpy(object)[kept] == VERDICTS[2]),
        }
    )
    sums = sums.groupby(["one", "other"], sort=False).sum().reset_index()
    first = (sums["to_one"] >= sums["to_other"]).to_numpy()
    found = pd.DataFrame(
        {
            "taker": sums["one"].where(first, sums["other"]),
            "giver": sums["other"].where(first, sums["one"]),
            "n_pairs": sums["n_pairs"],
            "words": sums["words"],
            "from_giver": sums[["to_one", "to_other"]].max(axis=1),
            "from_taker": sums[["to_one", "to_other"]].min(axis=1),
            "common": sums["common"],
        }
    )
    found["undecided"] = found["words"] - found[["from_giver", "from_taker", "common"]].sum(axis=1)
    half = found["words"] / 2
    found["verdict"] = np.select(
        [found["from_giver"] > half, found["common"] > half],
        ["taker from giver", VERDICTS[2]],
        UNDECIDED,
    )
    return found.sort_values("words", ascending=False, kind="stable", ignore_index=True)


def _stretches(found: Evidence, sums: Account) -> pd.DataFrame:
    """How many articles share each stretch, its words, and how surely they had it from a third."""
    of, stretches = found.stretches.of, found.stretches
    n = len(sums.several)
    words = np.zeros(n, np.int64)
    np.maximum.at(words, stretches.stretch, stretches.words)
    quoted = found.rows["quoted"].to_numpy(float)[stretches.passage]
    shared = np.maximum(np.bincount(of, stretches.overlap, n), 1)
    return pd.DataFrame(
        {
            "stretch": np.arange(1, n + 1),
            "n_articles": np.bincount(stretches.stretch, minlength=n),
            "words": words,
            "quoted": np.bincount(of, stretches.overlap * quoted, n) / shared,
            "p_lost": sums.several,
        }
    )


def _judged(answers: _Answers, least: float) -> pd.DataFrame:
    p = answers.p
    likeliest = np.array(VERDICTS, object)[p.argmax(axis=1)] if len(p) else np.empty(0, object)
    sure = (p.max(axis=1, initial=0) >= least) & ((answers.words >= LEAST_WORDS) | answers.credited)
    verdict = np.where(sure, likeliest, UNDECIDED)
    return answers.table.assign(**dict(zip(PROBABILITIES, p.T)), verdict=verdict)


def _listed(
    found: Evidence,
    weights: Mapping[str, pd.Series],
    pairs: _Answers,
    ways: tuple[np.ndarray, np.ndarray],
) -> pd.DataFrame:
    """Every piece of evidence that weighs something, in words: means over a pair's stretches."""
    keys = pairs.table
    witness = found.witnesses.to_numpy()
    parts = []

    def add(values, names, weight, towards, words, roles):
        mean = _mean(pairs.number, pairs.weight, values, len(keys))
        weighed = mean * weight[names].to_numpy()
        pair, column = np.nonzero(np.abs(weighed) >= LEAST_WEIGHT)
        part = keys.iloc[pair].assign(evidence=names[column], towards=towards, pair=pair)
        part["value"], part["weight"] = mean[pair, column], weighed[pair, column]
        part["says"] = [
            words[name].format(**dict(zip(roles, key)))
            for name, key in zip(names[column], keys.to_numpy()[pair])
        ]
        parts.append(part)

    names, root = found.witnesses.columns, ("article", "other")
    for verdict, rows, roles, of in zip(
        VERDICTS, ways, (("child", "parent"), ("parent", "child")), (root[::-1], root)
    ):
        add(
            found.edges.to_numpy()[rows],
            found.edges.columns,
            weights["edge"],
            verdict,
            OF_EDGES,
            roles,
        )
        # the parent then is the one that brought the words
        add(witness[found.parent[rows]], names, weights["origin"], verdict, OF_WITNESSES, of)
    for rows, of in ((ways[0], root), (ways[1], root[::-1])):
        add(witness[found.child[rows]], names, weights["lost"], VERDICTS[2], OF_WITNESSES, of)
    table = pd.concat(parts).sort_values("pair", kind="stable", ignore_index=True)
    return table[["a", "b", "evidence", "towards", "value", "weight", "says", "pair"]]


def _in_words(listed: pd.DataFrame, n_pairs: int) -> list[str]:
    """The heaviest evidence of each pair in one line."""
    rows = listed[
        ~listed["evidence"].isin(("from", "from none", "witnesses")) & (listed["value"] > 0)
    ]
    rows = rows.assign(heavy=-rows["weight"].abs()).sort_values(["pair", "heavy"])
    # of what is measured in both directions, the other one says the same
    rows = rows.drop_duplicates(["pair", "says"]).groupby("pair").head(_LISTED)
    lines: list[list[str]] = [[] for _ in range(n_pairs)]
    for pair, says, weight, towards in rows[["pair", "says", "weight", "towards"]].to_numpy():
        lines[pair].append(f"{says} ({weight:+.1f} {towards})")
    return ["; ".join(said) for said in lines]
