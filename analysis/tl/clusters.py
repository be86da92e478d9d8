"""Clusters: which articles are framed alike, by which blocks of their profiles, and how surely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import leaves_list, linkage

from analysis.corpus import Corpus
from analysis.errors import FeaturesError
from analysis.features import Features, features_of
from analysis.inference import few_articles
from analysis.options import check_choice, check_options
from analysis.results import Result, count
from analysis.store import Shipment, Ships
from analysis.tl._profile_sample import ProfileSample
from analysis.tl._trees import (
    beside_topic,
    best_cut,
    by_size,
    clades,
    contributions,
    numbered,
    profile_tree,
    tree_table,
    undo,
)
from analysis.tl.vectorise import vectorise
from analysis.views import origin

DEFAULTS: dict[str, Any] = {"stable": 0.5, "draws": 500, "permutations": 499, "seed": 0}
_EQUAL = 1e-6  # heights of merges that differ by less are the same: no group stands out


@dataclass(frozen=True, eq=False, repr=False)
class Clusters(Result):
    """Groups of articles with alike profiles.

    Attributes
    ----------
    table : DataFrame
        One row an article.

        ==========  ======  ====================================================================
        column      unit    meaning
        ==========  ======  ====================================================================
        article_id
        cluster             the stable group; 1 is the largest
        size                articles of the group
        stability   0 to 1  share of the draws that give the group; NaN for an article alone
        place               from 0, in the order of the dendrogram's leaves
        cut                 the group, however sure, at the number of groups that stands out most
        topic               the group that the words alone give at that number
        ==========  ======  ====================================================================
    profile : DataFrame
        One row an article, one column a feature ("frames: conflict"), in standard deviations from
        the mean (of the article's stratum, with `within`).
    merges : DataFrame
        The steps of the dendrogram, one row each.

        ===========  ======  ===================================================================
        column       unit    meaning
        ===========  ======  ===================================================================
        merge                its number, from the number of articles
        left, right          what it joins: an article (from 0) or an earlier merge
        height               Ward's distance of the two
        size                 articles joined
        members              their ids
        stability    0 to 1  share of the draws that give the very same group
        mainly               the block that makes most of the distance; empty if there is none
        ===========  ======  ===================================================================
    contributions : DataFrame
        merge, block, share (0 to 1) of the sum of squares that the merge adds; the shares of a
        merge sum to 1, and are NaN where it adds nothing.
    together : DataFrame
        Article by article, the share of draws in which the two are in one group.
    tests : DataFrame
        test, value, expected (the mean of the permutations), p, n; see `clusters`.
    blocks : DataFrame
        As in `Profile`.
    topic : DataFrame
        The dendrogram of the words alone, as `merges` without stability and mainly.
    """

    profile: pd.DataFrame
    merges: pd.DataFrame
    contributions: pd.DataFrame
    together: pd.DataFrame
    tests: pd.DataFrame
    blocks: pd.DataFrame
    topic: pd.DataFrame

    @property
    def finding(self) -> str:
        """How many groups are stable."""
        return self.finding_of("tree")

    def finding_of(self, kind: str) -> str:
        """What the figure of a kind shows: "tree", "merges" or "topic"."""
        findings = {"tree": self._groups, "merges": self._last_merge, "topic": self._agreement}
        check_choice("kind", kind, findings)
        return findings[kind]()

    def _groups(self) -> str:
        several = self.table.loc[self.table["size"] > 1, "cluster"].nunique()
        alone, share = int((self.table["size"] == 1).sum()), f"{self.params['stable']:.0%}"
        held = f"No group of articles holds in at least {share} of resamplings"
        if several:
            groups = f"{count(several, 'group')} of articles hold{'s' * (several == 1)}"
            held = f"{groups} in at least {share} of resamplings"
        return f"{held};\n{count(alone, 'article')} stand{'s' * (alone == 1)} alone"

    def _last_merge(self) -> str:
        last = self.contributions[self.contributions["merge"] == self.contributions["merge"].max()]
        shares = last.set_index("block")["share"].dropna().round(6)
        if shares.empty:
            return "No two groups differ"
        block = shares.idxmax().replace("_", " ")
        return f"The last two groups differ most in {block} ({shares.max():.0%})"

    def _agreement(self) -> str:
        values = self.tests.set_index("test")["value"]
        if np.isnan(values["topic: cuts"]):
            return "What is framed alike, beside what is about the same"
        agreement = round(values["topic: cuts"], 2) + 0.0  # no -0.00
        return (
            f"Cut into {int(values['groups'])} groups, framing and words agree at {agreement:.2f}"
            " (1 the same, 0 as by chance)"
        )


def clusters(
    corpus: Corpus | Features,
    *,
    blocks: Collection[str] | None = None,
    within: str | None = None,
    weights: Mapping[str, float] | None = None,
    stable: float = DEFAULTS["stable"],
    draws: int = DEFAULTS["draws"],
    permutations: int = DEFAULTS["permutations"],
    seed: int = DEFAULTS["seed"],
) -> Clusters:
    r"""Cluster articles by profiles of their framing.

    Ward's method joins the articles' profiles (see `profile`); what the merge of groups A and B
    adds to the sum of squares is a sum over features,

    .. math:: \frac{|A||B|}{|A|+|B|} \sum_f w_f^2 (\bar z_{Af} - \bar z_{Bf})^2,

    and so each block has a share in it. A group counts as a cluster if the very same group stands
    in at least `stable` of the trees that resampled sentences give, and is set apart from what it
    is joined with next. An article in no such group is a cluster of its own.

    `tests` has five rows.

    - "structure": the share of the sum of squares between groups, at the number of groups where it
      exceeds most what profiles give whose every feature is permuted over the articles (of a
      stratum, with `within`), in standard deviations of these permutations; p is that of the
      maximum, taken for the permutations too. Features that go together by their nature, as shares
      of one whole, lower it also where there are no groups.
    - "agreement of blocks": the same with whole blocks permuted, which asks whether blocks group
      the articles alike; empty for one block.
    - "groups": that number of groups.
    - "topic: cuts": adjusted Rand index of these groups with those of the words alone (0 by chance,
      1 the same).
    - "topic: distances": rank correlation of the distances between articles in profile and in
      words (1 less the cosine of tf-idf), p by permuting articles (Mantel).

    Parameters
    ----------
    corpus : Corpus or Features
        In either form; from the shared form the default options give the owner's result, if it is
        shipped, which has all blocks.
    blocks, within, weights
        See `profile`. Neither style nor content is among the blocks unless you name it.
    stable : float
        From 0 to 1.
    draws : int
        Bootstrap samples of the sentences of each article.
    permutations : int
        Of each test.
    seed : int

    Returns
    -------
    Clusters
        With a warning in `notes` where the corpus is small.

    Raises
    ------
    OptionError
        If an option is not one of those allowed.
    FeaturesError
        If there are fewer than two articles, a block that is named has no data, or none has.

    References
    ----------
    Ward, J. (1963). Hierarchical grouping to optimize an objective function. JASA 58(301).
    https://doi.org/10.1080/01621459.1963.10500845

    Hennig, C. (2007). Cluster-wise assessment of cluster stability. CSDA 52(1).
    https://doi.org/10.1016/j.csda.2006.11.025

    Clarke, K., Somerfield, P., and Gorley, R. (2008). Testing of null hypotheses in exploratory
    community analyses: similarity profiles and biota-environment linkage. J. Exp. Mar. Biol. Ecol.
    366. https://doi.org/10.1016/j.jembe.2008.07.009

    Mantel, N. (1967). The detection of disease clustering and a generalized regression approach.
    Cancer Research 27(2).

    Examples
    --------
    >>> import analysis as tw
    >>> result = tw.tl.clusters(tw.load("amnesty2024"))
    >>> result.table[["article_id", "cluster", "size", "cut"]]
       article_id  cluster  size  cut
    0   mcclatchy        1     1    1
    1      caruzo        2     1    2
    2  aggregator        3     1    2
    3        blog        4     1    1
    4   explainer        5     1    1
    >>> result.tests[["test", "p"]].round(2).dropna()
                      test     p
    0            structure  0.11
    1  agreement of blocks  0.12
    4     topic: distances  0.73
    """
    features = features_of(corpus)
    options = {"stable": stable, "draws": draws, "permutations": permutations, "seed": seed}
    check_options(**options)
    ids = features.article_ids
    if len(ids) < 2:
        raise FeaturesError(
            f"{features.corpus} has {len(ids)} article; clusters need at least two."
        )
    as_shipped = options == DEFAULTS and all(o is None for o in (blocks, within, weights))
    if as_shipped and (shipped := SHIPS.read(features)):
        return _from_tables(shipped, features)
    sample = ProfileSample.of(features, blocks=blocks, within=within, weights=weights, seed=seed)
    weighted = sample.weighted
    tree = profile_tree(weighted)
    drawn = [clades(profile_tree(one)) for chunk in sample.draws(draws) for one in chunk]
    times = Counter(clade for one in drawn for clade in one)
    stability = {clade: times[clade] / draws for clade in clades(tree)}
    groups = _stable_groups(stability, _apart(tree), stable)
    topic_far = _topic_distances(features)
    topic_tree = linkage(topic_far.round(9), method="ward")
    k, tests = best_cut(weighted, sample, permutations, seed)
    cut, topic = (undo(clades(of), k) for of in (tree, topic_tree))
    tests += beside_topic(weighted, topic_far, (cut, topic), sample.stratum, permutations, seed)
    cluster = numbered(groups, len(ids))
    table = pd.DataFrame(
        {
            "article_id": ids,
            "cluster": cluster,
            "size": np.bincount(cluster)[cluster],
            "stability": np.array([stability.get(group, np.nan) for group in groups])[cluster - 1],
            "place": np.argsort(leaves_list(tree)),
            "cut": cut,
            "topic": topic,
        }
    )
    shares = contributions(weighted, tree, sample.block_of)
    mainly = shares.fillna(0).round(6).idxmax(axis=1).where(shares.notna().any(axis=1), "")
    merges = tree_table(tree, ids).assign(stability=list(stability.values()), mainly=mainly)
    shares = shares.set_index(pd.Index(merges["merge"])).reset_index()
    shares = shares.melt("merge", var_name="block", value_name="share")
    together = sum(np.equal.outer(one, one) for one in (undo(tree, len(groups)) for tree in drawn))
    tests = pd.DataFrame(tests, columns=["test", "value", "expected", "p", "n"])
    return Clusters(
        table,
        _params(features, sample.weights, within, options),
        sample.matrix,
        merges,
        shares.sort_values(["merge", "block"], ignore_index=True),
        pd.DataFrame(together / draws, index=pd.Index(ids, name="article_id"), columns=ids),
        tests,
        sample.blocks,
        tree_table(topic_tree, ids),
        notes=(*few_articles(len(ids)), *sample.notes, *_p_values(tests)),
    )


def _params(features: Features, weights: dict, within: str | None, options: dict) -> dict:
    params = {"blocks": list(weights), "within": within, "weights": weights, **options}
    return {**params, "method": "Ward", **origin(features)}


def _topic_distances(features: Features) -> np.ndarray:
    """Distances of the articles' words, from the cosine of tf-idf, as a condensed vector."""
    cosine = vectorise(features, method="tfidf").similarity().to_numpy()
    return np.sqrt(np.maximum(2 - 2 * cosine[np.triu_indices(len(cosine), 1)], 0))


def _apart(tree: np.ndarray) -> np.ndarray:
    """Whether each merge lies lower than the one that takes it up.

    The order of merges at equal distances is arbitrary.
    """
    n = len(tree) + 1
    above = np.full(n + len(tree), np.inf)
    above[tree[:, :2].astype(int)] = tree[:, 2:3]
    return above[n:] - tree[:, 2] > _EQUAL


def _stable_groups(
    stability: dict[frozenset[int], float], apart: np.ndarray, stable: float
) -> list[frozenset[int]]:
    """The largest stable groups short of the whole, and every other article alone; by size."""
    n = len(stability) + 1
    groups: list[frozenset[int]] = []
    standing = dict(zip(stability, apart))
    for clade in by_size(list(stability)):
        holds = stability[clade] >= stable and standing[clade] and len(clade) < n
        if holds and not any(clade & group for group in groups):
            groups.append(clade)
    alone = set(range(n)).difference(*groups)
    return by_size([*groups, *(frozenset([i]) for i in alone)])


def _p_values(tests: pd.DataFrame) -> tuple[str, ...]:
    p = tests.set_index("test")["p"].dropna()
    what = {
        "structure": "groups as clear where every feature is permuted over the articles",
        "agreement of blocks": "blocks that agree as much where whole blocks are",
    }
    found = [f"{meaning}, p = {p[test]:.2g}" for test, meaning in what.items() if test in p]
    return (f"By permutation: {'; '.join(found)}.",) if found else ()


def _ship(shipment: Shipment) -> dict[str, pd.DataFrame]:
    """The default result: numbers by article and by feature of the codebook."""
    made = clusters(shipment.features)
    notes = pd.DataFrame({"test": [f"note: {note}" for note in made.notes]})
    profile = made.profile.reset_index().melt("article_id", var_name="feature", value_name="z")
    together = made.together.reset_index().melt("article_id", var_name="other", value_name="share")
    tests = pd.concat([made.tests, notes], ignore_index=True)
    parts = (made.merges, made.contributions, together, tests, made.blocks, made.topic)
    return dict(zip(SHIPS.tables, (made.table, profile, *parts)))


def _from_tables(tables: dict[str, pd.DataFrame], features: Features) -> Clusters:
    blocks, tests = tables["cluster_blocks"], tables["cluster_tests"]
    used, is_note = blocks[blocks["used"]], tests["test"].str.startswith("note: ")
    ids, weights = tables["clusters"]["article_id"], dict(zip(used["block"], used["weight"]))
    return Clusters(
        tables["clusters"],
        _params(features, weights, None, DEFAULTS) | {"measured_on": "results"},
        _wide(tables["cluster_profile"], ids),
        tables["cluster_merges"],
        tables["cluster_contributions"],
        _wide(tables["cluster_together"], ids),
        tests[~is_note].reset_index(drop=True),
        blocks,
        tables["cluster_topic"],
        notes=tuple(tests.loc[is_note, "test"].str.removeprefix("note: ")),
    )


def _wide(long: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """A table of (article_id, column, value) with one row an article, in the order it had."""
    rows, columns, values = long.columns
    wide = long.pivot(index=rows, columns=columns, values=values)
    return wide.loc[ids, long[columns].unique()].rename_axis(columns=None)


_PARTS = ("profile", "merges", "contributions", "together", "tests", "blocks", "topic")
SHIPS = Ships(("clusters", *(f"cluster_{part}" for part in _PARTS)), _ship)
