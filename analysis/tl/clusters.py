"""Clusters: which groups or articles are framed alike, what sets them apart, and how surely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import pdist

from analysis.corpus import Corpus
from analysis.errors import FeaturesError
from analysis.features import Features, features_of
from analysis.groups import By, Grouping, unit_labels
from analysis.inference import few_articles
from analysis.options import check_choice, check_options
from analysis.results import Result, count
from analysis.store import Shipment, Ships
from analysis.tl._apart import differences
from analysis.tl._feature_words import feature_table, in_words
from analysis.tl._group_sample import GroupSample, groups_of, sample_of
from analysis.tl._profile_sample import ProfileSample
from analysis.tl._together import (
    counted,
    nearest_table,
    p_by_chance,
    set_apart,
    surest_by_chance,
    topic_trees,
)
from analysis.tl._topic import topic_vectors
from analysis.tl._trees import (
    MEMBERS,
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
from analysis.wording import listed, number

DEFAULTS: dict[str, Any] = {"stable": 0.5, "draws": 500, "permutations": 499, "seed": 0}
_CHANCE = 0.05  # how often chance may give groups as sure as those that count
_KEPT = 1 << 24  # cells of drawn profiles that are held in memory; more are drawn twice
_SAID = 2  # things that a title says of a cluster


@dataclass(frozen=True, eq=False, repr=False)
class Clusters(Result):
    """Groups of articles, or single ones, with alike profiles.

    Attributes
    ----------
    table : DataFrame
        One row a group of `by`, which may be a single article.

        ==========  ======  ====================================================================
        column      unit    meaning
        ==========  ======  ====================================================================
        group
        cluster             the stable cluster; 1 is the largest
        size                groups of the cluster
        stability   0 to 1  share of the draws that give the cluster; NaN for a group alone
        place               from 0, in the order of the dendrogram's leaves
        cut                 the cluster, however sure, at the number that stands out most
        topic               the cluster that the words alone give at that number
        ==========  ======  ====================================================================
    profile : DataFrame
        One row a group, one column a feature ("frames: conflict"): `matrix` of `Profile`.
    merges : DataFrame
        The steps of the dendrogram, one row each.

        ===========  ======  ===================================================================
        column       unit    meaning
        ===========  ======  ===================================================================
        merge                its number, from the number of groups
        left, right          what it joins: a group (from 0) or an earlier merge
        height               Ward's distance of the two
        size                 groups joined
        members              their names, with " | " between them
        stability    0 to 1  share of the draws that give the very same cluster
        topic        0 to 1  share of the draws in which words alone give it
        p                    share of exchanges of articles between groups whose surest cluster is
                             as stable; NaN where groups are articles
        mainly               the block that makes most of the distance; empty if there is none
        ===========  ======  ===================================================================
    nearest : DataFrame
        group, nearest, together (share of the draws in which the two are joined before any other is
        joined to either), topic (the same by words alone), p (as in `merges`).
    apart : DataFrame
        What sets a group, or a stable cluster, apart from all others: features whose interval
        excludes 0, the surest first.

        ===========  ===========  ==============================================================
        column       unit         meaning
        ===========  ===========  ==============================================================
        group                     the group; empty for a cluster
        cluster                   the number of the cluster of several groups; 0 for a group
        block, feature
        difference   of `profile` mean of the cluster less the mean of all other groups
        low, high    of `profile` interval, jointly for all groups, clusters and features
        says                      in words: "quotes much"
        ===========  ===========  ==============================================================
    features : DataFrame
        block, feature, example (a label that stands for it), weight, and name, more, less: what
        the feature and a difference in it are called.
    contributions : DataFrame
        merge, block, share (0 to 1) of the sum of squares that the merge adds; the shares of a
        merge sum to 1, and are NaN where it adds nothing.
    together : DataFrame
        Group by group, the share of draws in which the two are in one cluster.
    tests : DataFrame
        test, value, expected (the mean of the permutations), p, n; see `clusters`.
    blocks : DataFrame
        As in `Profile`.
    topic : DataFrame
        The dendrogram of the words alone, as `merges` without stability, topic, p and mainly.
    """

    profile: pd.DataFrame
    merges: pd.DataFrame
    nearest: pd.DataFrame
    apart: pd.DataFrame
    features: pd.DataFrame
    contributions: pd.DataFrame
    together: pd.DataFrame
    tests: pd.DataFrame
    blocks: pd.DataFrame
    topic: pd.DataFrame

    @property
    def labels(self) -> pd.Series:
        """What people call each group."""
        return unit_labels(self.groups)

    @property
    def noun(self) -> str:
        """What a group is called."""
        return {"article_id": "article", "outlet": "outlet"}.get(self.params["by"], "group")

    @property
    def finding(self) -> str:
        """Who frames alike and how surely, or who comes nearest."""
        return self.finding_of("tree")

    def finding_of(self, kind: str) -> str:
        """What the figure of a kind shows: "tree", "merges" or "topic"."""
        findings = {"tree": self._alike, "merges": self._last_merge, "topic": self._agreement}
        check_choice("kind", kind, findings)
        return findings[kind]()

    @property
    def sureness(self) -> pd.Series:
        """How surely each group comes together with its nearest, in the order of the table.

        0 for a group of one article beside groups of several, whose sentences alone are resampled:
        it would look too sure.
        """
        together = self.nearest.set_index("group")["together"]
        assert self.groups is not None, "made by `clusters`"
        several = self.groups.set_index("group")["n_articles"] > 1
        if several.any():
            nearest = self.nearest.set_index("group")["nearest"]
            together = together.where(several & nearest.map(several).eq(True), 0.0)
        return together.reindex(self.table["group"])

    @property
    def surest_pair(self) -> pd.Series | None:
        """The row of `merges` whose two groups come together most surely of those the tree joins.

        Two that are each other's nearest in more draws may stand far apart in the tree. None where
        groups of one article stand beside groups of several in every pair, as in `sureness`.
        """
        assert self.groups is not None, "made by `clusters`"
        several = self.groups.set_index("group")["n_articles"] > 1
        pairs = self.merges[self.merges["size"] == 2]
        if several.any():
            members = pairs["members"].str.split(MEMBERS, regex=False)
            pairs = pairs[[bool(several[names].all()) for names in members]]
        return None if pairs.empty else pairs.loc[pairs["stability"].idxmax()]

    def says(self, *, group: str = "", cluster: int = 0) -> list[str]:
        """What sets a group or a cluster apart, in words, the surest first."""
        rows = self.apart[(self.apart["group"] == group) & (self.apart["cluster"] == cluster)]
        return list(dict.fromkeys(rows["says"]))

    def _alike(self) -> str:
        if not (self.profile.abs().max() * self.features["weight"].to_numpy()).max() > 0:
            return f"No {self.noun} is framed otherwise than the others, as far as can be told"
        if len(self.table) == 2:
            return self._two()
        several = self.table[self.table["size"] > 1].drop_duplicates("cluster")
        if several.empty:
            return self._none_alike()
        held = [self._held(int(row.cluster), row.stability) for row in several.itertuples()]
        if len(held) > 1:
            more = f"; {number(len(held) - 2)} more" if len(held) > 2 else ""
            head = f"{number(len(held)).capitalize()} clusters of {self.noun}s are framed alike"
            return f"{head}: {'; '.join(held[:2])}{more}"
        says = listed(self.says(cluster=int(several["cluster"].iloc[0]))[:_SAID])
        return f"Framed alike are {held[0]}{'; what sets them apart: ' + says if says else ''}"

    def _held(self, cluster: int, stability: float) -> str:
        """The members of a cluster, how surely they come together, and by words alone."""
        names = self.table.loc[self.table["cluster"] == cluster, "group"]
        merge = self.merges[self.merges["members"] == MEMBERS.join(names)]
        topic = _by_words(merge["topic"].iloc[0], self.noun)
        times = round(100 * stability)
        return f"{listed(self.labels[names].tolist())}, in {times} of 100 resamples ({topic})"

    def _none_alike(self) -> str:
        best = self.surest_pair
        if best is None:
            return f"No {self.noun}s are framed alike so surely that it would last"
        a, b = self.labels[best["members"].split(MEMBERS)]
        times = round(100 * best["stability"])
        return (
            f"No {self.noun}s are framed reliably alike: {a} and {b} come nearest, together in"
            f" {times} of 100 resamples ({_by_words(best['topic'], self.noun)})"
        )

    def _two(self) -> str:
        a, b = self.table["group"]
        says = self.says(group=a)
        if not says:
            return f"Nothing sets {self.labels[a]} and {self.labels[b]} reliably apart"
        return f"{self.labels[a]}, beside {self.labels[b]}: {listed(says)}"

    def _last_merge(self) -> str:
        last = self.contributions[self.contributions["merge"] == self.contributions["merge"].max()]
        shares = last.set_index("block")["share"].dropna().round(6)
        if shares.empty:
            return f"No two {self.noun}s differ"
        block = shares.idxmax().replace("_", " ")
        return f"The last two sides to be joined differ most in {block} ({shares.max():.0%})"

    def _agreement(self) -> str:
        values = self.tests.set_index("test")["value"]
        if np.isnan(values["topic: cuts"]):
            return "What is framed alike, beside what is about the same"
        agreement = round(values["topic: cuts"], 2) + 0.0  # no -0.00
        return (
            f"Cut into {int(values['groups'])} clusters, framing and words agree at {agreement:.2f}"
            " (1 the same, 0 as by chance)"
        )


def _by_words(share: float, noun: str) -> str:
    if noun == "article":
        return "by their words alone too" if share > 0 else "by their words alone not at all"
    return f"by their words alone in {round(100 * share)}"


def clusters(
    corpus: Corpus | Features,
    *,
    by: By | None = None,
    blocks: Collection[str] | None = None,
    within: str | None = None,
    weights: Mapping[str, float] | None = None,
    stable: float = DEFAULTS["stable"],
    draws: int = DEFAULTS["draws"],
    permutations: int = DEFAULTS["permutations"],
    seed: int = DEFAULTS["seed"],
) -> Clusters:
    r"""Cluster groups of articles, or single ones, by profiles of their framing.

    Ward's method joins the profiles (see `profile`, also for how stories and topics are taken out
    of them); what the merge of clusters A and B adds to the sum of squares is a sum over features,

    .. math:: \frac{|A||B|}{|A|+|B|} \sum_f w_f^2 (\bar z_{Af} - \bar z_{Bf})^2,

    and so each block has a share in it. What counts as a cluster stands in at least `stable` of the
    trees that resamples give (of the articles of each group; of the sentences of an article), and
    is set apart from what it is joined with next. Where groups have several articles, it must also
    be surer than the surest that chance gives in 95 of 100 exchanges of articles between groups
    (of one story, with `within`). A group in no such cluster is a cluster of its own.

    `tests` has five rows.

    - "structure": the share of the sum of squares between clusters, at the number of clusters where
      it exceeds most what profiles give whose every feature is permuted over the groups (articles:
      of a stratum, with `within`), in standard deviations of these permutations; p is that of the
      maximum, taken for the permutations too. Features that go together by their nature, as shares
      of one whole, lower it also where there are no clusters.
    - "agreement of blocks": the same with whole blocks permuted, which asks whether blocks group
      alike; empty for one block.
    - "groups": that number of clusters.
    - "topic: cuts": adjusted Rand index of these clusters with those of the words alone (0 by
      chance, 1 the same).
    - "topic: distances": rank correlation of the distances in profile and in words (1 less the
      cosine of tf-idf), p by permuting (Mantel).

    Parameters
    ----------
    corpus : Corpus or Features
        In either form; from the shared form the default options give the owner's result, if it is
        shipped, which has all blocks.
    by : str, sequence of str, mapping or Series, optional
        What is clustered: a column such as "outlet", "week" or "month", several of these, or a
        group for each article_id. If not given: "article_id" up to 40 articles, else the outlet,
        where at least two have two articles each.
    blocks, within, weights
        See `profile`. Neither style nor content is among the blocks unless you name it.
    stable : float
        From 0 to 1.
    draws : int
        Bootstrap samples.
    permutations : int
        Of each test; of exchanges between groups at most 100.
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
        If there are fewer than two groups, a block that is named has no data, or none has.

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
    >>> result.table[["group", "cluster", "size", "cut"]]
            group  cluster  size  cut
    0   mcclatchy        1     1    1
    1      caruzo        2     1    2
    2  aggregator        3     1    2
    3        blog        4     1    1
    4   explainer        5     1    1
    >>> result.tests[["test", "p"]].round(2).dropna()
                      test     p
    0            structure  0.16
    1  agreement of blocks  0.15
    4     topic: distances  0.42
    """
    features = features_of(corpus)
    options = {"stable": stable, "draws": draws, "permutations": permutations, "seed": seed}
    check_options(**options)
    grouping = groups_of(features, by)
    names = grouping.names
    if len(names) < 2:
        raise FeaturesError(
            f"{features.corpus} has {count(len(names), 'group')} by {grouping.by}; clusters need"
            " at least two."
        )
    as_shipped = options == DEFAULTS and all(o is None for o in (by, blocks, within, weights))
    if as_shipped and (shipped := SHIPS.read(features)):
        return _from_tables(shipped, features, grouping)
    sample = sample_of(features, grouping, blocks=blocks, within=within, weights=weights, seed=seed)
    weighted, block_of = sample.weighted, sample.block_of
    tree = profile_tree(weighted)
    few = draws * weighted.size <= _KEPT
    kept = list(sample.draws(draws)) if few else None
    drawn = [profile_tree(one) for chunk in kept or sample.draws(draws) for one in chunk]
    times = counted(drawn)
    stability = {clade: times[clade] / draws for clade in clades(tree)}
    topic_far, topic_times, topic_draws = _by_topic(features, sample, draws)
    topic_tree = linkage(topic_far.round(9), method="ward")
    chance = np.zeros(0)
    if isinstance(sample, GroupSample):
        chance = surest_by_chance(sample, permutations, seed)
    p = {clade: p_by_chance(share, chance) for clade, share in stability.items()}
    sure = {c: share * (not p[c] > _CHANCE) for c, share in stability.items()}
    found = _stable_clusters(sure, set_apart(tree), stable)
    k, tests = best_cut(weighted, sample, permutations, seed)
    cut, topic = (undo(clades(of), k) for of in (tree, topic_tree))
    tests += beside_topic(weighted, topic_far, (cut, topic), sample.stratum, permutations, seed)
    cluster = numbered(found, len(names))
    table = pd.DataFrame(
        {
            "group": names,
            "cluster": cluster,
            "size": np.bincount(cluster)[cluster],
            "stability": np.array([stability.get(one, np.nan) for one in found])[cluster - 1],
            "place": np.argsort(leaves_list(tree)),
            "cut": cut,
            "topic": topic,
        }
    )
    shares = contributions(weighted, tree, block_of)
    mainly = shares.fillna(0).round(6).idxmax(axis=1).where(shares.notna().any(axis=1), "")
    merges = tree_table(tree, names).assign(
        stability=list(stability.values()),
        topic=[topic_times[clade] / topic_draws for clade in stability],
        p=list(p.values()),
        mainly=mainly,
    )
    shares = shares.set_index(pd.Index(merges["merge"])).reset_index()
    shares = shares.melt("merge", var_name="block", value_name="share")
    together = sum(np.equal.outer(one, one) for one in (undo(clades(t), len(found)) for t in drawn))
    tests = pd.DataFrame(tests, columns=["test", "value", "expected", "p", "n"])
    words = feature_table(sample, features)
    return Clusters(
        table,
        _params(features, grouping.by, sample.weights, within, options),
        sample.matrix,
        merges,
        nearest_table(names, times, topic_times, (draws, topic_draws), chance),
        _what_sets_apart(sample, found, words, kept or sample.draws(draws)),
        words,
        shares.sort_values(["merge", "block"], ignore_index=True),
        pd.DataFrame(together / draws, index=pd.Index(names, name="group"), columns=names),
        tests,
        sample.blocks,
        tree_table(topic_tree, names),
        notes=(*few_articles(int(grouping.sizes.sum())), *sample.notes, *_p_values(tests)),
        groups=grouping.table,
    )


def _params(features: Features, by: str, weights: dict, within: str | None, options: dict) -> dict:
    params = {"by": by, "blocks": list(weights), "within": within, "weights": weights, **options}
    return {**params, "method": "Ward", **origin(features)}


def _by_topic(
    features: Features, sample: ProfileSample | GroupSample, draws: int
) -> tuple[np.ndarray, Counter, int]:
    """Distances of the words alone, what they join, and in how many draws."""
    if isinstance(sample, GroupSample):
        vectors = topic_vectors(features) if sample.topic is None else sample.topic
        drawn = [one for chunk in sample.topic_draws(vectors, draws) for one in chunk]
        means = sample.mean_vectors(vectors)
        length = np.linalg.norm(means, axis=1, keepdims=True)
        far = pdist(means / np.where(length > 0, length, 1))
        return far, counted(topic_trees(one) for one in drawn), draws
    far = _topic_distances(features)
    return far, counted([linkage(far.round(9), method="ward")]), 1


def _topic_distances(features: Features) -> np.ndarray:
    """Distances of the articles' words, from the cosine of tf-idf, as a condensed vector."""
    cosine = vectorise(features, method="tfidf").similarity().to_numpy()
    return np.sqrt(np.maximum(2 - 2 * cosine[np.triu_indices(len(cosine), 1)], 0))


def _what_sets_apart(
    sample: ProfileSample | GroupSample,
    found: list[frozenset[int]],
    words: pd.DataFrame,
    weighted: Iterable[np.ndarray],
) -> pd.DataFrame:
    """`apart` of `Clusters`, of features that count for the distances."""
    several = [one for one in found if len(one) > 1]
    sets = [*(frozenset([i]) for i in range(len(sample.ids))), *several]
    counts = np.where(sample.scale > 0, sample.scale, np.inf)
    drawn = (chunk / counts for chunk in weighted)
    z = sample.z * (sample.scale > 0)
    table = differences(z, sample.errors, drawn, sets)
    names = [*sample.ids, *[""] * len(several)]
    numbers = [*[0] * len(sample.ids), *range(1, len(several) + 1)]
    place = table["set"].to_numpy()
    said = words.iloc[table["column"]].reset_index(drop=True)
    return pd.DataFrame(
        {
            "group": np.array(names, object)[place],
            "cluster": np.array(numbers)[place],
            "block": said["block"],
            "feature": said["feature"],
            **table[["difference", "low", "high"]],
            "says": said["more"].where(table["difference"] > 0, said["less"]),
        }
    )


def _stable_clusters(
    stability: dict[frozenset[int], float], apart: np.ndarray, stable: float
) -> list[frozenset[int]]:
    """The largest stable clusters short of the whole, and every other group alone; by size."""
    n = len(stability) + 1
    found: list[frozenset[int]] = []
    standing = dict(zip(stability, apart))
    for clade in by_size(list(stability)):
        holds = stability[clade] >= stable and standing[clade] and len(clade) < n
        if holds and not any(clade & one for one in found):
            found.append(clade)
    alone = set(range(n)).difference(*found)
    return by_size([*found, *(frozenset([i]) for i in alone)])


def _p_values(tests: pd.DataFrame) -> tuple[str, ...]:
    p = tests.set_index("test")["p"].dropna()
    what = {
        "structure": "clusters as clear where every feature is permuted",
        "agreement of blocks": "blocks that agree as much where whole blocks are",
    }
    found = [f"{meaning}, p = {p[test]:.2g}" for test, meaning in what.items() if test in p]
    return (f"By permutation: {'; '.join(found)}.",) if found else ()


def _ship(shipment: Shipment) -> dict[str, pd.DataFrame]:
    """The default result: numbers by group and by feature of the codebook."""
    made = clusters(shipment.features)
    notes = pd.DataFrame({"test": [f"note: {note}" for note in made.notes]})
    profile = made.profile.reset_index().melt("group", var_name="feature", value_name="z")
    together = made.together.reset_index().melt("group", var_name="other", value_name="share")
    tests = pd.concat([made.tests, notes], ignore_index=True)
    words = made.features.drop(columns=["name", "more", "less"])
    parts = (
        profile,
        made.merges,
        made.nearest,
        made.apart.drop(columns="says"),
        words,
        made.contributions,
        together,
        tests,
        made.blocks,
        made.topic,
    )
    return dict(zip(SHIPS.tables, (made.table, *parts)))


def _from_tables(
    tables: dict[str, pd.DataFrame], features: Features, grouping: Grouping
) -> Clusters:
    blocks, tests = tables["cluster_blocks"], tables["cluster_tests"]
    used, is_note = blocks[blocks["used"]], tests["test"].str.startswith("note: ")
    names, weights = tables["clusters"]["group"], dict(zip(used["block"], used["weight"]))
    words = in_words(tables["cluster_features"], features)
    return Clusters(
        tables["clusters"],
        _params(features, grouping.by, weights, None, DEFAULTS) | {"measured_on": "results"},
        _wide(tables["cluster_profile"], names),
        tables["cluster_merges"],
        tables["cluster_nearest"],
        _said(tables["cluster_apart"], words),
        words,
        tables["cluster_contributions"],
        _wide(tables["cluster_together"], names),
        tests[~is_note].reset_index(drop=True),
        blocks,
        tables["cluster_topic"],
        notes=tuple(tests.loc[is_note, "test"].str.removeprefix("note: ")),
        groups=grouping.table,
    )


def _said(apart: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    """What sets apart, in words."""
    keys = ["block", "feature"]
    said = apart[keys].merge(words, on=keys, how="left")
    return apart.assign(says=said["more"].where(apart["difference"] > 0, said["less"]))


def _wide(long: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """A table of (group, column, value) with one row a group, in the order it had."""
    rows, columns, values = long.columns
    wide = long.pivot(index=rows, columns=columns, values=values)
    return wide.loc[names, long[columns].unique()].rename_axis(columns=None)


_PARTS = (
    "profile",
    "merges",
    "nearest",
    "apart",
    "features",
    "contributions",
    "together",
    "tests",
    "blocks",
    "topic",
)
SHIPS = Ships(("clusters", *(f"cluster_{part}" for part in _PARTS)), _ship)
