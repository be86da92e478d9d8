"""Labels: what each outlet calls the actors, in its own words and in those that it quotes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from analysis.codebook import Entry
from analysis.comparison import SHARE_LIMITS, compare_groups
from analysis.corpus import Corpus
from analysis.errors import FeaturesError, OptionError
from analysis.features import Features, features_of
from analysis.groups import By, Grouping, group_articles, has_periods
from analysis.inference import few_articles, holm
from analysis.matching import Matcher
from analysis.options import check_choice, check_options
from analysis.results import Result, count
from analysis.text.lists import english_words
from analysis.text.plain import says_nothing
from analysis.text.tokens import words_of
from analysis.tl._names import actor_names, named
from analysis.views import OFFSETS, origin, with_missing
from analysis.wording import listed, names_of, none_of, noun, number

QUOTED = ("all", "own", "quoted")
FEWEST_OF_FAMILY = 5  # uses of a family of labels that is drawn
TESTED = 2  # times that a label is counted in the corpus, from which it is tested
MOST_LABELS = 20  # that a figure draws, and so those that its title may name
NAMED_USES = 3  # of a label by a group (articles, where groups have several), to be named
_NAMED = 3  # labels, and pairs of a group and an actor, that the finding names
_MOST_USED = 2  # uses of a label that is called most used, at least
LEADING = english_words("definite") | {"a", "an"}
USES = ["article_id", "group", "actor", "label", "telling", "construction", "quoted"]
USES += ["confidence", "count"]


@dataclass(frozen=True, eq=False, repr=False)
class Labels(Result):
    """What the actors are called.

    Attributes
    ----------
    table : DataFrame
        One row for each actor, label and group that calls the actor anything; of a label that
        stands in the corpus once, or where groups are of days, weeks or months, only those that
        use it.

        ==========  ========  ==============================================================
        column      unit      meaning
        ==========  ========  ==============================================================
        actor                 key of the codebook
        label                 in small letters, without article or "his"
        telling               whether it says anything of the actor: not "recent", "third",
                              "letting" (`analysis/data/plain_labels.csv`)
        group
        count       uses      of the label in the group
        n           uses      of all telling labels of the actor in the group
        share       0 to 1    count / n; missing where the label is not telling
        n_articles  articles  of the group that use the label
        more                  whether the group uses it more often than all others together
        alone                 whether no other group uses it
        p           0 to 1    of the group against all others; NaN where nothing is tested
        p_holm      0 to 1    corrected for all labels and groups tested
        ==========  ========  ==============================================================
    families : DataFrame
        One row for each actor, family and group: actor, family, group, count (uses of labels of the
        family), n (of all telling labels), and share with the columns of
        `analysis.comparison.Comparison.columns`, which hold for all rows together.
    uses : DataFrame
        One row a label; in the shared form one row for equal labels of an article.

        ============  ==========  ==========================================================
        column        unit        meaning
        ============  ==========  ==========================================================
        article_id
        group
        actor
        label
        telling                   as in `table`
        construction              how the text gives it, such as "title" or "noun"
        quoted                    whether it stands in quotation marks
        confidence    0 to 1      that the actor bears it
        count         uses
        sentence                  from 0; empty in the shared form, as are start and end
        start, end    characters  of the label in the article
        ============  ==========  ==========================================================
    names : mapping of str to str
        The actors' names, by key.
    """

    families: pd.DataFrame
    uses: pd.DataFrame
    names: Mapping[str, str]

    @property
    def finding(self) -> str:
        """Who alone calls whom what, of what is beyond chance; else what is used most."""
        return self.finding_of()

    def finding_of(self, actor: str | None = None, top: int = MOST_LABELS) -> str:
        """The finding about one actor, or about all; of the `top` labels that a figure draws."""
        assert self.groups is not None, "labels have groups"
        uses = told(self.uses, actor)
        if uses.empty:
            if actor is None:
                return "No actor is called anything"
            return f"{named(actor, self.names)} is not called anything"
        if has_periods(self.groups):
            return self.of_families(actor)
        drawn = self.foremost(actor).head(top)
        beyond = self.beyond(actor)
        there = set(_pairs(drawn))
        beyond = beyond[np.array([pair in there for pair in _pairs(beyond)], bool)]
        counted = "count" if self.groups["n_articles"].max() < 2 else "n_articles"
        often = beyond[beyond[counted] >= NAMED_USES]
        if often.empty:
            return f"{self._most_used(drawn)}; {self._why_none(len(beyond))}"
        label = names_of(self.groups, self.params["by"])
        keys = ["group", "actor", "alone"]
        said = [
            f"{label[group]} alone calls {named(who, self.names)} {self._counted(group, part)}"
            if alone
            else f"{label[group]} calls {named(who, self.names)} {self._counted(group, part)}"
            " more often than the rest"
            for (group, who, alone), part in often.groupby(keys, sort=False)
        ]
        left = len(said) - _NAMED
        more = f"; {number(left)} more such differences" if left > 1 else ""
        return "; ".join(said[: _NAMED + (left == 1)]) + more

    def beyond(self, actor: str | None = None) -> pd.DataFrame:
        """The rows of `table` of what a group uses more than the rest, the surest first."""
        table = self.table if actor is None else self.table[self.table["actor"] == actor]
        beyond = table[table["more"] & (table["p_holm"] <= 1 - self.params["level"])]
        return beyond.sort_values("p", kind="stable")

    def foremost(self, actor: str | None = None) -> pd.DataFrame:
        """Labels that say something in the order in which figures take them up.

        First those that a group uses beyond chance, the surest first, then the most used.

        Returns
        -------
        DataFrame
            actor, label, n (uses), groups (that use it), sure (whether it is beyond chance).
        """
        ranked = ranked_labels(told(self.uses, actor))
        place = {pair: i for i, pair in enumerate(dict.fromkeys(_pairs(self.beyond(actor))))}
        order = pd.Series([place.get(pair, len(place)) for pair in _pairs(ranked)], ranked.index)
        ranked = ranked.assign(sure=order < len(place))
        return ranked.loc[order.sort_values(kind="stable").index].reset_index(drop=True)

    def _counted(self, group: str, rows: pd.DataFrame) -> str:
        """A group's labels of one actor, each with its uses and how many of them are quoted."""
        said = []
        for row in rows.head(_NAMED).itertuples():
            mine = self.uses[(self.uses["group"] == group) & (self.uses["actor"] == row.actor)]
            mine = mine[mine["label"] == row.label]
            quoted = int(mine.loc[mine["quoted"].astype(bool), "count"].sum())
            of = f", {'all' if quoted == row.count else quoted} quoted" if quoted else ""
            said.append(f"“{row.label}” ({count(row.count, 'use')}{of})")
        return listed(said, _NAMED)

    def _most_used(self, drawn: pd.DataFrame) -> str:
        """The commonest of the labels that are drawn, of the actors who are called most."""
        often = drawn[drawn["n"] >= _MOST_USED].sort_values("n", ascending=False, kind="stable")
        if often.empty:
            return "No label is used twice"
        most = often.groupby("actor", sort=False)["n"].sum().nlargest(_NAMED).index
        each = 2 if len(most) > 1 else _NAMED
        said = [
            f"{_quoted(often.loc[often['actor'] == who, 'label'].head(each))} for"
            f" {named(who, self.names)}"
            for who in most
        ]
        return f"Most used {'is' if len(often) == 1 else 'are'} {', '.join(said)}"

    def _why_none(self, n_beyond: int) -> str:
        if self.groups is None or len(self.groups) < 2:
            return f"there is no other {noun(self.params['by'])[0]} to compare with"
        who = none_of(self.params["by"])
        often = ""
        if n_beyond:
            single = self.groups["n_articles"].max() < 2
            often = f"{number(NAMED_USES)} {'times' if single else 'articles'} and"
            often = f" {'at' if single else 'in at'} least {often}"
        return f"{who[0].lower()}{who[1:]} uses a label{often} more than the rest beyond chance"

    @property
    def actor_of_families(self) -> str:
        """The actor whose families a figure shows: whom a group calls otherwise, or called most."""
        far = (self.families["shrunk"] - self.families["rest"]).astype(float)
        far = far[self.families["apart"].astype(bool)]
        if (far > 0).any():
            return str(self.families.loc[far.idxmax(), "actor"])
        return str(told(self.uses).groupby("actor", sort=False)["count"].sum().idxmax())

    def of_families(self, actor: str | None = None) -> str:
        """Who calls an actor more by words of a family than the others."""
        assert self.groups is not None, "labels have groups"
        actor = self.actor_of_families if actor is None else actor
        called, rows = named(actor, self.names), self.families[self.families["actor"] == actor]
        if rows.groupby("family")["count"].sum().max() >= FEWEST_OF_FAMILY:
            beyond = rows[rows["apart"].astype(bool) & (rows["share"] > rows["rest"])]
            label = names_of(self.groups, self.params["by"])
            far = (beyond["shrunk"] - beyond["rest"]).sort_values(ascending=False, kind="stable")
            said = [
                f"{label[row.group]} calls {called} by more labels of"
                f" “{row.family.replace('_', ' ')}”"
                for row in beyond.loc[far.index].head(_NAMED).itertuples()
            ]
            if said:
                return f"{'; '.join(said)} than the rest"
            sums = rows.groupby("family", sort=False)["count"].sum()
            share = sums.max() / max(told(self.uses, actor)["count"].sum(), 1)
            who = none_of(self.params["by"])
            return (
                f"{share:.0%} of what {called} is called is of “{sums.idxmax().replace('_', ' ')}”;"
                f" {who[0].lower()}{who[1:]} prefers a family of labels beyond chance"
            )
        n, total = (int(told(self.uses, one)["count"].sum()) for one in (actor, None))
        of = f", {n:,} of {total:,} uses" if n < total else f", {n:,} times"
        return f"{called} is called most{of}; labels of no family are common enough to be compared"

    @property
    def told(self) -> str:
        """How much there is: uses, different labels and articles."""
        return said_of(told(self.uses))


def _pairs(table: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(table["actor"], table["label"]))


def told(uses: pd.DataFrame, actor: str | None = None) -> pd.DataFrame:
    """The uses of labels that say something, of one actor or of all."""
    uses = uses[uses["telling"].astype(bool)]
    return uses if actor is None else uses[uses["actor"] == actor]


def said_of(uses: pd.DataFrame) -> str:
    """Say how many uses of how many different labels: a label of two actors counts for each."""
    kinds = len(uses[["actor", "label"]].drop_duplicates())
    articles = count(uses["article_id"].nunique(), "article")
    return (
        f"{count(kinds, 'different label')}, used {int(uses['count'].sum()):,} times in {articles}"
    )


def _quoted(names: pd.Series) -> str:
    return listed([f"“{name}”" for name in names], 3)


def labels(
    corpus: Corpus | Features,
    *,
    by: By | None = None,
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

    A label counts once an article, as one that an article repeats is no habit of an outlet; where
    each group is a single article, its uses count. The test takes what is counted for independent
    choices. `p_holm` corrects for all labels and groups that are tested: those that stand in the
    corpus often enough for any difference to pass (Tarone), and that say something of the actor.
    Where groups are of days, weeks or months no label is tested: see `families`.

    Parameters
    ----------
    corpus : Corpus or Features
        Its codebook names actors; reads `labels`.
    by : str, sequence of str, mapping, Series or None
        The groups, as in `analysis.groups.group_articles`: outlets if not given, or articles where
        there are too few.
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
        `analysis.languages.called`).
    draws : int
        Bootstrap samples of the articles for families' shares, at least 1.
    level : float
        Of the intervals of families' shares and of the tests, between 0 and 1.
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

    Tarone, R. E. (1990). A modified Bonferroni method for discrete data. Biometrics 46(2).
    https://doi.org/10.2307/2531456

    Examples
    --------
    >>> import analysis as tw
    >>> result = tw.tl.labels(tw.load("amnesty2024"), by="article_id")
    >>> result.table[["actor", "label", "group", "count", "n"]].head(3)
        actor                 label       group  count  n
    0  maduro  venezuelan president      caruzo      0  6
    1  maduro  venezuelan president  aggregator      2  5
    2  maduro  venezuelan president        blog      2  3
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
    names = actor_names(features)
    options = {"draws": draws, "level": level, "seed": seed}
    table = _tested(uses, groups, list(names), level)
    kinds = _families(uses, features, groups, matchers, list(names), **options)
    params = {"by": groups.by, "quoted": quoted, "min_confidence": min_confidence}
    params |= options | origin(features)
    notes = _notes(groups, table) + few_articles(len(features.article_ids))
    return Labels(table, params, kinds, uses, names, notes=notes, groups=groups.table)


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
    return ranked.sort_values(["n", "groups"], ascending=False, kind="stable", ignore_index=True)


def _uses(features: Features, groups: Grouping, quoted: str, least: float) -> pd.DataFrame:
    table = with_missing(features.table("labels"), ["sentence", *OFFSETS])
    if "count" not in table:
        table["count"] = 1
    names = np.array([*groups.names, None], object)[groups.codes]
    table["group"] = table["article_id"].map(dict(zip(features.article_ids, names)))
    table["label"] = table["label"].map(plain_label)
    table["telling"] = ~table["label"].map(says_nothing).astype(bool)
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


def _families(
    uses: pd.DataFrame,
    features: Features,
    groups: Grouping,
    matchers: Mapping[str, Matcher],
    actors: list[str],
    **options,
) -> pd.DataFrame:
    """Shares of families of labels by actor and group, all compared together."""
    uses = uses[uses["telling"].astype(bool)]
    uses = uses.loc[np.repeat(uses.index, uses["count"])]  # a row a use
    heard = [actor for actor in actors if actor in set(uses["actor"])]
    if not heard or not matchers:
        return pd.DataFrame(columns=["actor", "family", "group", "count", "n", *_COMPARED])
    place = {label: i for i, label in enumerate(dict.fromkeys(uses["label"]))}
    member = np.array(
        [[bool(m.find(label.split())) for m in matchers.values()] for label in place], bool
    ).reshape(len(place), len(matchers))[uses["label"].map(place).to_numpy(np.int64)]
    of = (uses["actor"].to_numpy(str)[:, None] == np.array(heard, str)).astype(float)
    above = (of[:, :, None] * member[:, None, :]).reshape(len(uses), -1)
    below = np.repeat(of, len(matchers), axis=1)
    group = pd.Index(groups.names).get_indexer(uses["group"])
    article = pd.Index(features.article_ids).get_indexer(uses["article_id"])
    compared = compare_groups(above, below, group, article, groups.names, what="labels", **options)
    columns = [(actor, family) for actor in heard for family in matchers]
    parts = [
        pd.DataFrame(
            {
                "actor": actor,
                "family": family,
                "group": groups.names,
                "count": np.bincount(group, above[:, j], len(groups.names)).astype(int),
                "n": compared.weight[:, j].astype(int),
                **compared.columns("share", j, SHARE_LIMITS),
            }
        )
        for j, (actor, family) in enumerate(columns)
    ]
    return pd.concat(parts).query("n > 0").reset_index(drop=True)


_COMPARED = "share low high shrunk rest joint_low joint_high apart weight".split()


def _tested(uses: pd.DataFrame, groups: Grouping, actors: list[str], level: float) -> pd.DataFrame:
    """Counts by actor, label and group, with tests."""
    parts = [_counted(actor, uses[uses["actor"] == actor], groups) for actor in actors]
    table = pd.concat(parts, ignore_index=True)
    # of two groups both rows hold the same test
    mirrored = len(groups.names) == 2
    first = (table["group"] == groups.names[0]) if mirrored else np.ones(len(table), bool)
    least = table.pop("least")
    possible = first & (least <= _tarone(least[first], 1 - level))
    table["p_holm"] = holm(table["p"].where(possible).to_numpy(float))
    if mirrored:
        table["p_holm"] = table.groupby(["actor", "label"], sort=False)["p_holm"].transform("max")
    # what could not pass whatever the counts has not passed
    table["p_holm"] = table["p_holm"].where(table["p_holm"].notna() | table["p"].isna(), 1.0)
    return table


def _tarone(least: pd.Series, alpha: float) -> float:
    """The bound on the least p that a test can have, for it to be among those that count."""
    known = np.sort(least.dropna().to_numpy(float))
    for k in range(1, len(known) + 1):
        if np.searchsorted(known, alpha / k, side="right") <= k:
            return alpha / k
    return 0.0


def _counted(actor: str, uses: pd.DataFrame, groups: Grouping) -> pd.DataFrame:
    """Counts and tests of one actor's labels."""
    every, names = uses, groups.names
    sums = uses.groupby("label")["count"].sum()
    labels = sorted(sums.index, key=lambda name: (-sums[name], name))
    telling = uses.drop_duplicates("label").set_index("label")["telling"].reindex(labels)
    telling = telling.to_numpy(bool)
    articles = every.drop_duplicates(["label", "article_id"]).assign(count=1)
    k, users = (_crossed(rows, "label", labels, "group", names) for rows in (uses, articles))
    n = (k * telling[:, None]).sum(axis=0)
    counted = k if groups.sizes.max(initial=0) < 2 else users  # what the test takes
    below = (counted * telling[:, None]).sum(axis=0)
    total, others = counted.sum(axis=1)[:, None], below.sum() - below
    p, least = np.full((2, *k.shape), np.nan)
    testable = (total >= TESTED) & telling[:, None] & (below > 0) & (others > 0)
    testable &= not groups.over_time
    for i, g in zip(*np.nonzero(testable)):
        p[i, g] = _fisher(counted[i, g], below[g], total[i, 0] - counted[i, g], others[g])
        least[i, g] = _least(total[i, 0], below[g], others[g])
    shown = (k > 0) | ((n > 0) & (total >= TESTED) & (not groups.over_time))
    rows, columns = np.nonzero(shown)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(telling[:, None], k / n, np.nan)
        more = counted * others > (total - counted) * below
    return pd.DataFrame(
        {
            "actor": actor,
            "label": pd.Index(labels, dtype=str)[rows],
            "telling": telling[rows],
            "group": pd.Index(names, dtype=str)[columns],
            "count": k[shown],
            "n": n[columns],
            "share": share[shown],
            "n_articles": users[shown],
            "more": more[shown],
            "alone": (k == k.sum(axis=1)[:, None])[shown],
            "p": p[shown],
            "least": least[shown],
        }
    )


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


def _notes(groups: Grouping, table: pd.DataFrame) -> tuple[str, ...]:
    if table.empty:
        return (
            "No actor of the codebook is called anything in these articles, with these options.",
        )
    if len(groups.names) < 2:
        return (
            f"There is one group only ({groups.names[0]}): its labels are counted, and there is"
            " nothing to compare them with.",
        )
    if groups.over_time:
        return ("Single labels are not tested over time; families of labels are compared.",)
    if not (table["p_holm"] < 1).any():
        return (
            "No label occurs often enough for any difference to pass the corrected test: read the"
            " counts as a description.",
        )
    if groups.sizes.max() < 2:
        return (
            "The exact test takes each use of a label for a choice of its own; an article that"
            " repeats one counts again.",
        )
    return ()
