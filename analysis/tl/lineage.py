"""Lineage: who had a passage from whom, and how surely."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import softmax

from analysis import tl
from analysis.corpus import Corpus
from analysis.features import Features, features_of
from analysis.groups import By, Grouping, group_articles
from analysis.options import check_options, check_result
from analysis.results import Result, count
from analysis.reuse.evidence import COMMON, DIRECTED, Evidence, gather
from analysis.tl._between import WITHIN, without_periods
from analysis.tl.reuse import Reuse
from analysis.views import origin
from analysis.wording import names_of

LINEAGE_WEIGHTS = Path(__file__).parents[1] / "data" / "lineage.csv"
PROBABILITIES = ["p_a_from_b", "p_b_from_a", "p_common"]
VERDICTS = ("a from b", "b from a", "common source")
UNDECIDED = "cannot tell"
LEAST_WEIGHT = 0.1  # weights nearer to nothing are not listed
_LISTED = 4  # pieces of evidence named in one cell


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

    Each of the three answers has a score, the sum of its evidence times weights, and ``p =
    exp(score) / sum(exp(scores))``. Evidence for "a from b" is measured on the pair as child and
    parent, for "b from a" the other way round with the same weights, so that no answer depends on
    the order of the articles. Weights were fitted on planted families of articles
    (`benchmarks.descent`), whose mixture of direct and common descent is the prior. That edits,
    cuts and shared omissions show who copied whom is the argument of stemmatics: what two
    witnesses each lack of a third's text, neither can have given the other.

    A date without a time is an interval of a day (UTC); the order of two that overlap, or of which
    one is missing, is no evidence.

    Parameters
    ----------
    corpus : Corpus or Features
    by : str, sequence of str, mapping or Series, optional
        The groups of `between`, as of `analysis.groups.group_articles`.
    reuse : Reuse, optional
        ``tl.reuse(corpus)`` if not given.
    min_probability : float, at least 0.5
        Of an answer, from which on it is the verdict; less is "cannot tell", and above 1 all are.

    Returns
    -------
    Lineage
        Pairs that share nothing but boilerplate and credit lines have no row. Where words are
        quoted on both sides, both may have heard the same speaker: such passages count only for
        pairs that share no others.

    Raises
    ------
    OptionError
        If `min_probability` is below 0.5, or `reuse` is no result of `tl.reuse` of this corpus.

    References
    ----------
    Maas, P. (1927). Textkritik. Teubner.

    Examples
    --------
    >>> import analysis as tw
    >>> found = tw.tl.lineage(tw.load("amnesty2024"))
    >>> found.table[["a", "b", "n_words", "p_common", "verdict"]].round(2).head(2)
               a           b  n_words  p_common        verdict
    0  mcclatchy      caruzo      116      0.96  common source
    1  mcclatchy  aggregator       71      0.97  common source
    """
    features = features_of(corpus)
    check_options(min_probability=min_probability)
    if reuse is None:
        reuse = tl.reuse(features, draws=1)  # its passages: no interval is read
    check_result("reuse", reuse, Reuse, features)
    weights = read_weights()
    pairs, passages = gather(features, reuse.table)
    listed = _listed(pairs, weights["pair"])
    by_pair = _judged(pairs, weights["pair"], min_probability)
    counted = _counted(reuse).reindex(pd.MultiIndex.from_frame(pairs.keys))
    for place, name in enumerate(("n_passages", "n_words"), 2):
        by_pair.insert(place, name, counted[name].to_numpy(np.int64))
    by_pair["one_outlet"] = counted["evidence"].eq(WITHIN).to_numpy(bool)
    by_pair["evidence"] = _in_words(listed, len(by_pair))
    grouping = group_articles(features, by)
    return Lineage(
        by_pair,
        {"by": grouping.by, "min_probability": float(min_probability), **origin(features)},
        _judged(passages, weights["passage"], min_probability),
        listed.drop(columns="pair"),
        _between(by_pair, features, grouping),
        groups=group_articles(features, "article_id").table,
    )


def probabilities(found: Evidence, weights: pd.Series) -> np.ndarray:
    """Probabilities of a from b, b from a and common: float64 array of shape (n, 3)."""
    return softmax(
        [
            values.to_numpy() @ weights[values.columns].to_numpy()
            for values in (found.a_from_b, found.b_from_a, found.common)
        ],
        axis=0,
    ).T


@functools.cache
def read_weights() -> dict[str, pd.Series]:
    """Weights of evidence by level ("pair" or "passage"), as `benchmarks.descent` fitted them."""
    table = pd.read_csv(LINEAGE_WEIGHTS, index_col="evidence")
    return {level: part["weight"] for level, part in table.groupby("level")}


def _counted(reuse: Reuse) -> pd.DataFrame:
    """Passages and words by pair of articles."""
    pairs = reuse.pairs.set_index(["a", "b"])
    return pairs[["n_passages", "a_shared", "evidence"]].rename(columns={"a_shared": "n_words"})


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


def _judged(found: Evidence, weights: pd.Series, least: float) -> pd.DataFrame:
    p = probabilities(found, weights)
    likeliest = np.array(VERDICTS, object)[p.argmax(axis=1)]
    verdict = np.where(p.max(axis=1) >= least, likeliest, UNDECIDED)
    return found.keys.assign(**dict(zip(PROBABILITIES, p.T)), verdict=verdict)


def _listed(found: Evidence, weights: pd.Series) -> pd.DataFrame:
    """Every piece of evidence that weighs something, in words."""
    parts = []
    for verdict, values, words, roles in (
        (VERDICTS[0], found.a_from_b, DIRECTED, ("child", "parent")),
        (VERDICTS[1], found.b_from_a, DIRECTED, ("parent", "child")),
        (VERDICTS[2], found.common, COMMON, ("child", "parent")),
    ):
        weight = (values * weights[values.columns]).to_numpy()
        pair, column = np.nonzero(np.abs(weight) >= LEAST_WEIGHT)
        names = values.columns[column]
        keys = found.keys[["a", "b"]].iloc[pair]
        part = keys.assign(evidence=names, towards=verdict, value=values.to_numpy()[pair, column])
        part["weight"] = weight[pair, column]
        part["says"] = [
            words[name].format(**dict(zip(roles, key))) for name, key in zip(names, keys.to_numpy())
        ]
        parts.append(part.assign(pair=pair))
    return pd.concat(parts).sort_values("pair", kind="stable", ignore_index=True)


def _in_words(listed: pd.DataFrame, n_pairs: int) -> list[str]:
    """The heaviest evidence of each pair in one line."""
    rows = listed[(listed["evidence"] != "common") & (listed["value"] > 0)]
    rows = rows.assign(heavy=-rows["weight"].abs()).sort_values(["pair", "heavy"])
    # of what is measured in both directions, the other one says the same
    rows = rows.drop_duplicates(["pair", "says"]).groupby("pair").head(_LISTED)
    lines: list[list[str]] = [[] for _ in range(n_pairs)]
    for pair, says, weight, towards in rows[["pair", "says", "weight", "towards"]].to_numpy():
        lines[pair].append(f"{says} ({weight:+.1f} {towards})")
    return ["; ".join(said) for said in lines]
