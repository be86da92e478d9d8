"""Labels: what each outlet calls the actors, in its own words and in those that it quotes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from analysis.codebook import Entry
from analysis.corpus import Corpus
from analysis.errors import FeaturesError, OptionError
from analysis.features import Features, features_of
from analysis.groups import By, Grouping, group_articles
from analysis.inference import (
    FEW_ARTICLES,
    few_articles,
    generator,
    holm,
    one_hot,
    permuted_sums,
    wilson,
)
from analysis.matching import Matcher
from analysis.options import check_choice, check_options
from analysis.results import Result, count
from analysis.text.tokens import words_of
from analysis.views import OFFSETS, origin, with_missing

QUOTED = ("all", "own", "quoted")
TESTED = 2  # times that a label stands in the corpus, from which it is tested
_NAMED = 3  # labels that the finding names
LEADING = frozenset("the a an his her its their our my your this that these those".split())
USES = ["article_id", "group", "actor", "label", "construction", "quoted", "confidence", "count"]


@dataclass(frozen=True, eq=False, repr=False)
class Labels(Result):
    """What the actors are called.

    Attributes
    ----------
    table : DataFrame
        One row for each actor, label and group that calls the actor anything; of a label that
        stands in the corpus once, only the group that uses it.

        ==========  ========  ==============================================================
        column      unit      meaning
        ==========  ========  ==============================================================
        actor                 key of the codebook
        label                 in small letters, without article or "his"
        group
        count       uses      of the label in the group
        n           uses      of all labels of the actor in the group
        share       0 to 1    count / n
        n_articles  articles  of the group that use the label
        p           0 to 1    of the group against all others; NaN where nothing is tested
        p_holm      0 to 1    corrected for all labels and groups tested
        ==========  ========  ==============================================================
    families : DataFrame
        The same for families of labels, with column family instead of label, without n_articles,
        and with the bounds of the share's interval (low, high; 0 to 1).
    uses : DataFrame
        One row a label; in the shared form one row for equal labels of an article.

        ============  ==========  ==========================================================
        column        unit        meaning
        ============  ==========  ==========================================================
        article_id
        group
        actor
        label
        construction              how the text gives it, such as "title" or "noun"
        quoted                    whether it stands in quotation marks
        confidence    0 to 1      that the actor bears it
        count         uses
        sentence                  from 0; empty in the shared form, as are start and end
        start, end    characters  of the label in the article
        ============  ==========  ==========================================================
    """

    families: pd.DataFrame
    uses: pd.DataFrame

    @property
    def finding(self) -> str:
        """Which actor has the most names, and which are used most."""
        return self.finding_of()

    def finding_of(self, actor: str | None = None) -> str:
        """The finding of one actor, or of all."""
        uses = self.uses if actor is None else self.uses[self.uses["actor"] == actor]
        if uses.empty:
            return "No actor is called anything"
        names = uses.groupby("actor", sort=False)["label"].nunique()
        who, n_uses = names.idxmax(), int(uses["count"].sum())
        most = ranked_labels(uses[uses["actor"] == who])["label"].head(_NAMED)
        more = " …" if names[who] > _NAMED else ""
        called = f"{', '.join(f'“{label}”' for label in most)}{more}"
        name = who.replace("_", " ")
        if len(names) > 1:
            given = f"{count(n_uses, 'label')} for {count(len(names), 'actor')}"
            return f"{given}; {name} has the most names: {called}"
        return f"{name} is called {count(names[who], 'name')} in {count(n_uses, 'place')}: {called}"


def labels(
    corpus: Corpus | Features,
    *,
    by: By = "outlet",
    part: str = "body",
    families: Mapping[str, Collection[str]] | None = None,
    quoted: str = "all",
    min_confidence: float = 0.5,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Labels:
    r"""Count what each group calls each actor, and test every label against the other groups.

    For a label that a group uses a times among the n that it gives the actor, and the other groups
    c times among m, Fisher's exact test asks how probable a table at least as uneven is, if groups
    did not differ:

    .. math:: P(a) = \binom{n}{a} \binom{m}{c} \Big/ \binom{n+m}{a+c}

    It takes the uses of a label for independent choices. Where each group has several articles and
    the corpus 20 or more, articles are permuted between the groups instead, and p is the share of
    permutations in which ``|a/n - c/m|`` is at least as large, the observed one among them.
    `p_holm` corrects for all labels and groups tested; labels that stand in the corpus only once
    are counted and not tested.

    Parameters
    ----------
    corpus : Corpus or Features
        Its codebook names actors; reads `labels`.
    by : str, sequence of str, mapping or Series
        The groups: columns of `articles` such as "outlet" or "article_id", "week" or "month" of
        publication, or a group for each article_id. An empty cell is the group "(unknown)".
    part : {"body", "title"}
        What is measured: the articles' texts, or their headlines.
    families : mapping of str to words, optional
        Words of each family, with ``*`` for any ending; the codebook's `labels` if not given. A
        label belongs to every family one of whose words it holds.
    quoted : {"all", "own", "quoted"}
        Whose words: all, those outside quotation marks, those inside (of quotations and scare
        quotes).
    min_confidence : float
        From 0 to 1: how sure it must be that the actor bears the label (see
        `analysis.text.actors.Actors.find`).
    draws : int
        Permutations of the articles, at least 1.
    level : float
        Of the intervals of families' shares, between 0 and 1.
    seed : int
        At least 0.

    Returns
    -------
    Labels

    Raises
    ------
    FeaturesError
        If the codebook names no actors.
    OptionError
        If an option has a value that is not allowed.

    References
    ----------
    Fisher, R. A. (1935). The logic of inductive inference. Journal of the Royal Statistical Society
    98(1). https://doi.org/10.2307/2342435

    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal
    of Statistics 6(2), 65-70. https://www.jstor.org/stable/4615733

    Wilson, E. B. (1927). Probable inference. Journal of the American Statistical Association
    22(158). https://doi.org/10.1080/01621459.1927.10502953

    Examples
    --------
    >>> import analysis as tw
    >>> result = tw.tl.labels(tw.load("amnesty2024"), by="article_id")
    >>> result.table[["actor", "label", "group", "count", "n"]].head(3)
        actor   label       group  count   n
    0  maduro  regime   mcclatchy      1   4
    1  maduro  regime      caruzo      6  19
    2  maduro  regime  aggregator      0   4
    """
    features = features_of(corpus, part)
    check_options(draws=draws, level=level, seed=seed, min_confidence=min_confidence)
    check_choice("quoted", quoted, QUOTED)
    matchers = _matchers(features, families)
    if not features.codebook("actors"):
        raise FeaturesError(
            f"{features.corpus}: the codebook names no actors; add some to codebook.yml and extract"
            " again."
        )
    groups = group_articles(features, by)
    uses = _uses(features, groups, quoted, min_confidence)
    permuted = _permutable(groups)
    comparison = _Comparison(features, groups, uses, draws if permuted else 0, seed)
    table, least_p = comparison.tested(uses, "label")
    member = {
        label: [name for name, matcher in matchers.items() if matcher.find(label.split())]
        for label in set(uses["label"])
    }
    in_families = uses.assign(family=uses["label"].map(member)).explode("family")
    kinds, _ = comparison.tested(in_families.dropna(subset="family"), "family", list(matchers))
    low, high = wilson(kinds["count"], kinds["n"], level)
    kinds = kinds.drop(columns="n_articles")
    kinds.insert(kinds.columns.get_loc("p"), "low", low)
    kinds.insert(kinds.columns.get_loc("p"), "high", high)
    params = {"by": groups.by, "quoted": quoted, "min_confidence": min_confidence}
    params |= {"test": "articles permuted" if permuted else "exact", "draws": draws}
    params |= {"level": level, "seed": seed, **origin(features)}
    notes = _notes(groups, table, least_p, permuted)
    return Labels(table, params, kinds, uses, notes=notes + few_articles(len(features.article_ids)))


def plain_label(label: str) -> str:
    """A label in small letters: "The minister's" is "minister".

    It loses articles, "his" and the like, and the ending of a possessive.
    """
    words = words_of(label)
    while len(words) > 1 and words[0] in LEADING:
        words = words[1:]
    if words and words[-1].endswith("'s"):
        words[-1] = words[-1][:-2]
    return " ".join(words)


def ranked_labels(uses: pd.DataFrame) -> pd.DataFrame:
    """Labels by actor, the most used first: actor, label, n (uses), groups (that use it)."""
    keys = uses.groupby(["actor", "label"], sort=False)
    ranked = keys.agg(n=("count", "sum"), groups=("group", "nunique")).reset_index()
    return ranked.sort_values(["n", "groups"], ascending=False, kind="stable")


def _uses(features: Features, groups: Grouping, quoted: str, least: float) -> pd.DataFrame:
    table = with_missing(features.table("labels"), ["sentence", *OFFSETS])
    if "count" not in table:
        table["count"] = 1
    names = np.array([*groups.names, None], object)[groups.codes]
    table["group"] = table["article_id"].map(dict(zip(features.article_ids, names)))
    table["label"] = table["label"].map(plain_label)
    kept = table["group"].notna() & (table["label"] != "")
    kept &= table["confidence"] >= np.float32(least)
    if quoted != "all":
        kept &= table["quoted"] == (quoted == "quoted")
    return table.loc[kept, [*USES, "sentence", *OFFSETS]].reset_index(drop=True)


def _matchers(features: Features, families) -> dict[str, Matcher]:
    if families is None:
        families = {name: about["words"] for name, about in features.codebook("labels").items()}
    if not isinstance(families, Mapping) or not all(map(_are_words, families.values())):
        raise OptionError(
            f"families must be a mapping from names to lists of words (got {families!r:.80})"
        )
    return {
        name: Matcher(Entry("labels", name, dict.fromkeys(map(str.casefold, words), 1.0)))
        for name, words in families.items()
    }


def _are_words(given) -> bool:
    listed = isinstance(given, Collection) and not isinstance(given, str | Mapping)
    return listed and all(isinstance(word, str) for word in given)


def _permutable(groups: Grouping) -> bool:
    """Whether whole articles can be permuted: a corpus large enough, no group of one article."""
    sizes = groups.sizes
    return len(sizes) > 1 and sizes.sum() >= FEW_ARTICLES and sizes.min() > 1


class _Comparison:
    """Compares groups by what they call actors; with `draws`, by permuting articles."""

    def __init__(
        self, features: Features, groups: Grouping, uses: pd.DataFrame, draws: int, seed: int
    ):
        kept = groups.codes >= 0
        self.actors = list(features.codebook("actors"))
        self.articles, self.codes = np.array(features.article_ids)[kept], groups.codes[kept]
        self.groups, self.uses, self.draws, self.seed = groups.names, uses, draws, seed

    def tested(
        self, uses: pd.DataFrame, what: str, listed: list[str] | None = None
    ) -> tuple[pd.DataFrame, float]:
        """Counts by actor, `what` and group with their tests, and the least p_holm they allow."""
        parts = [
            self._tested(actor, uses[uses["actor"] == actor], what, listed) for actor in self.actors
        ]
        table = pd.concat(parts, ignore_index=True)
        # of two groups both rows hold the same test
        mirrored = len(self.groups) == 2
        first = table["group"] == self.groups[0] if mirrored else np.ones(len(table), bool)
        table["p_holm"] = holm(table["p"].where(first).to_numpy(float))
        if mirrored:
            table["p_holm"] = table.groupby(["actor", what], sort=False)["p_holm"].transform("max")
        least = table.pop("least").where(first).dropna()
        return table, min(1, least.min() * len(least)) if len(least) else np.nan

    def _tested(
        self, actor: str, uses: pd.DataFrame, what: str, listed: list[str] | None
    ) -> pd.DataFrame:
        every = self.uses[self.uses["actor"] == actor]
        sums = uses.groupby(what)["count"].sum()
        names = listed or sorted(sums.index, key=lambda name: (-sums[name], name))
        k = _crossed(uses, what, names, "group", self.groups)
        n = _crossed(every, "actor", [actor], "group", self.groups)[0]
        users = uses.drop_duplicates([what, "article_id"]).assign(count=1)
        total, m = k.sum(axis=1)[:, None], n.sum() - n
        testable = (total >= TESTED) & (n > 0) & (m > 0)
        p, least = np.full((2, *k.shape), np.nan)
        if self.draws:
            p[testable] = self._permuted(actor, uses, every, what, names)[testable]
            least[testable] = 1 / (self.draws + 1)
        else:
            for i, g in zip(*np.nonzero(testable)):
                p[i, g] = _fisher(k[i, g], n[g], total[i, 0] - k[i, g], m[g])
                least[i, g] = _least(total[i, 0], n[g], m[g])
        shown = (n > 0) & ((total >= TESTED) | (k > 0) | (listed is not None))
        rows, columns = np.nonzero(shown)
        return pd.DataFrame(
            {
                "actor": actor,
                what: pd.Index(names, dtype=str)[rows],
                "group": pd.Index(self.groups, dtype=str)[columns],
                "count": k[shown],
                "n": n[columns],
                "share": k[shown] / n[columns],
                "n_articles": _crossed(users, what, names, "group", self.groups)[shown],
                "p": p[shown],
                "least": least[shown],
            }
        )

    def _permuted(
        self, actor: str, uses: pd.DataFrame, every: pd.DataFrame, what: str, names: list[str]
    ) -> np.ndarray:
        """P of each label and group, of shape (n_labels, n_groups)."""
        labelled = _crossed(uses, "article_id", self.articles, what, names)
        units = np.hstack(
            [labelled, _crossed(every, "article_id", self.articles, "actor", [actor])]
        )
        total = units.sum(axis=0)

        def gap(sums: np.ndarray) -> np.ndarray:
            a, n = sums[:, :-1], sums[:, -1:]
            with np.errstate(invalid="ignore", divide="ignore"):
                gaps = np.abs(a / n - (total[:-1] - a) / (total[-1] - n))
            return np.nan_to_num(gaps).T.round(9)

        n_groups, stratum = len(self.groups), np.zeros_like(self.codes)
        observed = gap(one_hot(self.codes, n_groups) @ units)
        rng = generator(self.seed, "labels", actor)
        permuted = permuted_sums(units, self.codes, stratum, n_groups, self.draws, rng)
        reached = np.zeros(observed.shape, np.int64)
        for sums in permuted:
            reached += gap(sums) >= observed
        return (1 + reached) / (self.draws + 1)


def _crossed(
    uses: pd.DataFrame, rows: str, row_names: Collection, columns: str, column_names: Collection
) -> np.ndarray:
    """Uses by the names in two columns."""
    table = np.zeros((len(row_names), len(column_names)), np.int64)
    row = pd.Index(row_names, dtype=object).get_indexer(uses[rows])
    column = pd.Index(column_names, dtype=object).get_indexer(uses[columns])
    np.add.at(table, (row, column), uses["count"].to_numpy())
    return table


@lru_cache(1 << 16)
def _fisher(a: int, n: int, c: int, m: int) -> float:
    return float(fisher_exact([[a, n - a], [c, m - c]])[1])


def _least(k: int, n: int, m: int) -> float:
    """The smallest p of a table with these margins: all k uses on one side as far as they fit."""
    return min(_fisher(a, n, k - a, m) for a in (min(k, n), max(k - m, 0)))


def _notes(
    groups: Grouping, table: pd.DataFrame, least_p: float, permuted: bool
) -> tuple[str, ...]:
    if table.empty:
        return (
            "No actor of the codebook is called anything in these articles, with these options.",
        )
    if len(groups.names) < 2:
        return (
            f"There is one group only ({groups.names[0]}): its labels are counted, and there is"
            " nothing to compare them with.",
        )
    if not least_p <= 0.05:
        return (
            "No label occurs often enough for any difference to pass the corrected test: read the"
            " counts as a description.",
        )
    if permuted:
        return ()
    return (
        "The exact test takes each use of a label for a choice of its own; an article that repeats"
        " one counts again.",
    )
