"""Actor labels: what each outlet calls the actors of the codebook, in its own words and in others'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from analysis.matching import Matcher
from analysis.codebook import Entry
from analysis.errors import FeaturesError, OptionError, choose
from analysis.features import PRIVATE, Features
from analysis.groups import Grouping, group_articles
from analysis.inference import few_articles, generator, holm, wilson
from analysis.results import Result, at_least
from analysis.text.tokens import words_of
from analysis.tl._words import ENOUGH_ARTICLES
from analysis.views import origin

QUOTED = ("all", "own", "quoted")
TESTED = 2  # times that a label stands in the corpus, from which it is tested
LEADING = frozenset("the a an his her its their our my your this that these those".split())


@dataclass(frozen=True, eq=False, repr=False)
class Labels(Result):
    """What the actors are called.

    Attributes
    ----------
    table : DataFrame
        actor, label (in small letters, without article or "his"), group, count, n (labels of that
        actor in the group), share, n_articles (of the group that use it), p, p_holm. Only groups
        that call the actor anything have rows; a label that stands in the corpus once has the one
        row.
    families : DataFrame
        actor, family, group, count, n, share, low, high, p, p_holm.
    uses : DataFrame
        Every label: article_id, group, actor, label, construction, quoted, confidence, count,
        sentence, start, end (characters; the last three are empty in the shared form, which counts
        equal labels of an article).
    """

    families: pd.DataFrame
    uses: pd.DataFrame


def labels(
    features: Features,
    *,
    by: str | Mapping[str, str] | pd.Series = "outlet",
    families: Mapping[str, Iterable[str]] | None = None,
    quoted: str = "all",
    min_confidence: float = 0.5,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Labels:
    r"""Count what each group of articles calls each actor, and test every label against the other
    groups.

    For a label that a group uses a times among the n that it gives the actor, and the other groups
    c times among m, Fisher's exact test asks how probable a table at least as uneven is, if outlets
    did not differ:

    .. math:: P(a) = \binom{n}{a} \binom{m}{c} \Big/ \binom{n+m}{a+c}

    It takes every label for a choice of its own. Where each group has several articles and the
    corpus 20 or more, whole articles are dealt anew to the groups instead, and p is the share of
    draws in which ``|a/n - c/m|`` is at least as large, the observed one among them. `p_holm`
    corrects for all labels and groups tested (Holm 1979); labels that stand in the corpus only once
    are counted and not tested.

    Parameters
    ----------
    features : Features
        Either form, of a corpus whose codebook names actors; reads `labels`.
    by : str, mapping or Series
        Column of `articles` that names the groups, such as "outlet" or "article_id", or groups by
        article_id. An empty cell is the group "(unknown)".
    families : mapping of str to words, optional
        Words of each family, with ``*`` for any ending; the codebook's `labels` if not given. A
        label belongs to every family one of whose words it holds.
    quoted : {"all", "own", "quoted"}
        Whose words: all, those outside quotation marks, those inside (of quotations and scare
        quotes).
    min_confidence : float
        From 0 to 1: how sure the bearer of a label must be (see
        `analysis.text.actors.Actors.find`).
    draws, level, seed
        Draws and seed of the test over articles; level of the intervals of families' shares, which
        are Wilson's (1927).

    Returns
    -------
    Labels

    Raises
    ------
    FeaturesError
        If the features were made without actors.
    OptionError
        If an option has a value that is not allowed.

    References
    ----------
    Fisher, R. A. (1935). The logic of inductive inference. Journal of the Royal Statistical Society
    98(1). https://doi.org/10.2307/2342435

    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal
    of Statistics 6(2), 65-70.

    Wilson, E. B. (1927). Probable inference. Journal of the American Statistical Association
    22(158). https://doi.org/10.1080/01621459.1927.10502953

    Examples
    --------
    >>> from analysis import open_features
    >>> result = labels(load("harbour").features, quoted="own")  # doctest: +SKIP
    """
    choose("quoted", quoted, QUOTED)
    at_least("draws", draws, 1)
    for name, given in (("min_confidence", min_confidence), ("level", level)):
        at_least(name, given, 0)
        if given > 1:
            raise OptionError(f"{name}={given!r} was given; allowed are numbers from 0 to 1.")
    actors = list(features.codebook("actors"))
    if not actors:
        raise FeaturesError(
            f"{features.corpus}: the codebook names no actors; add some to codebook.yml and extract"
            " again."
        )
    groups = group_articles(features, by)
    uses = _uses(features, groups, quoted, min_confidence)
    matchers = {
        name: Matcher(Entry("labels", name, dict.fromkeys((w.casefold() for w in words), 1.0)))
        for name, words in _families(features, families).items()
    }
    member = {
        label: [
            name
            for name, matcher in matchers.items()
            if matcher.find(said := label.split(), [0] * len(said))
        ]
        for label in dict.fromkeys(uses["label"])
    }
    in_families = (
        uses.assign(family=uses["label"].map(member)).explode("family").dropna(subset="family")
    )
    by_article = _dealing(groups, features.article_ids)
    options = {
        "draws": draws,
        "seed": seed,
        "names": groups.names,
        "totals": _totals(uses),
        "codes": by_article,
    }
    table, possible = _tested(uses, "label", actors, **options)
    kinds, _ = _tested(in_families, "family", actors, order=list(matchers), **options)
    kinds["low"], kinds["high"] = wilson(
        kinds["count"].to_numpy(float), kinds["n"].to_numpy(float), level
    )
    kinds = kinds[["actor", "family", "group", "count", "n", "share", "low", "high", "p", "p_holm"]]
    params = {
        "by": groups.by,
        "quoted": quoted,
        "min_confidence": min_confidence,
        "test": "exact" if by_article is None else "articles dealt anew",
        "draws": draws,
        "level": level,
        "seed": seed,
        **origin(features),
    }
    return Labels(
        table,
        params,
        kinds,
        uses,
        notes=_notes(groups, table, possible, len(features.article_ids), by_article is None),
    )


def plain_label(label: str) -> str:
    """A label in small letters, without article or "his" and the ending of a possessive: "The
    minister's" is "minister".
    """
    words = words_of(label)
    while len(words) > 1 and words[0] in LEADING:
        words = words[1:]
    if words and words[-1].endswith("'s"):
        words[-1] = words[-1][:-2]
    return " ".join(words)


def _uses(features: Features, groups: Grouping, quoted: str, least: float) -> pd.DataFrame:
    table = features.table("labels")
    if features.form == PRIVATE:
        table = table.assign(count=1)
    else:
        table = table.assign(
            **{
                column: pd.array([pd.NA] * len(table), "Int64")
                for column in ("sentence", "start", "end")
            }
        )
    code = (
        table["article_id"]
        .map(dict(zip(features.article_ids, groups.codes)))
        .fillna(-1)
        .astype(int)
    )
    kept = (code >= 0) & (table["confidence"] >= np.float32(least))
    if quoted != "all":
        kept &= table["quoted"] == (quoted == "quoted")
    table = table.assign(
        group=[groups.names[c] if c >= 0 else "" for c in code],
        label=table["label"].map(plain_label),
    )
    columns = [
        "article_id",
        "group",
        "actor",
        "label",
        "construction",
        "quoted",
        "confidence",
        "count",
        "sentence",
        "start",
        "end",
    ]
    return table.loc[kept & (table["label"] != ""), columns].reset_index(drop=True)


def _families(features: Features, given) -> dict[str, list[str]]:
    if given is None:
        return {name: about["words"] for name, about in features.codebook("labels").items()}
    if not isinstance(given, Mapping) or not all(
        not isinstance(words, str) and all(isinstance(w, str) for w in words)
        for words in given.values()
    ):
        raise OptionError(
            f"families={given!r:.80} was given; allowed is a mapping from names to lists of words."
        )
    return {name: list(words) for name, words in given.items()}


def _dealing(groups: Grouping, ids: list[str]) -> pd.Series | None:
    """The group of each article, where whole articles can be dealt anew: a corpus large enough, no
    group of a single article.
    """
    kept = groups.codes >= 0
    if len(groups.names) < 2 or kept.sum() < ENOUGH_ARTICLES or groups.sizes.min() < 2:
        return None
    return pd.Series(groups.codes[kept], pd.Index(ids)[kept])


def _totals(uses: pd.DataFrame) -> pd.DataFrame:
    """Labels of each actor in each article."""
    return uses.groupby(["actor", "article_id", "group"], sort=False)["count"].sum().reset_index()


def _tested(
    uses: pd.DataFrame,
    what: str,
    actors: list[str],
    *,
    names: list[str],
    totals: pd.DataFrame,
    codes: pd.Series | None,
    draws: int,
    seed: int,
    order: list[str] | None = None,
) -> tuple[pd.DataFrame, float]:
    """Counts by actor, `what` and group with their tests, and the smallest corrected p that the
    counts allow.
    """
    rows, tests, once = [], [], []
    for actor in actors:
        part, whole = uses[uses["actor"] == actor], totals[totals["actor"] == actor]
        n = whole.groupby("group")["count"].sum().reindex(names, fill_value=0).to_numpy(np.int64)
        if part.empty and order is None or not n.sum():
            continue
        counts = part.pivot_table(
            index=what, columns="group", values="count", aggfunc="sum", fill_value=0
        ).reindex(columns=names, fill_value=0)
        articles = part.groupby([what, "group"])["article_id"].nunique()
        counts = (
            counts.reindex(order, fill_value=0)
            if order is not None
            else counts.loc[
                sorted(counts.index, key=lambda label: (-int(counts.loc[label].sum()), label))
            ]
        )
        dealt = (
            _dealt(
                part,
                whole,
                what,
                counts.index,
                codes,
                len(names),
                draws,
                generator(seed, "labels", actor),
            )
            if codes is not None
            else None
        )
        for i, (label, row) in enumerate(zip(counts.index, counts.to_numpy(np.int64))):
            for g, name in enumerate(names):
                if not n[g] or order is None and row.sum() < TESTED and not row[g]:
                    continue
                rest, m = row.sum() - row[g], n.sum() - n[g]
                testable = row.sum() >= TESTED and m > 0
                p = (
                    np.nan
                    if not testable
                    else dealt[i, g]
                    if dealt is not None
                    else _fisher(row[g], n[g], rest, m)
                )
                least = (
                    np.nan
                    if not testable
                    else 1 / (draws + 1)
                    if dealt is not None
                    else _least(row.sum(), n[g], m)
                )
                tests.append(least)
                once.append(g == 0 or len(names) != 2)  # of two groups both rows hold the same test
                rows.append(
                    (
                        actor,
                        label,
                        name,
                        row[g],
                        n[g],
                        row[g] / n[g],
                        articles.get((label, name), 0),
                        p,
                    )
                )
    table = pd.DataFrame(
        rows, columns=["actor", what, "group", "count", "n", "share", "n_articles", "p"]
    )
    first = np.array(once, bool)
    table["p_holm"] = holm(np.where(first, table["p"].to_numpy(float), np.nan))
    if len(names) == 2:
        table["p_holm"] = table.groupby(["actor", what], sort=False)["p_holm"].transform("max")
    n_tests = int((first & ~np.isnan(np.array(tests, float))).sum())
    return table, min(1.0, float(np.nanmin(tests)) * n_tests) if n_tests else np.nan


def _dealt(
    part: pd.DataFrame,
    whole: pd.DataFrame,
    what: str,
    index: pd.Index,
    codes: pd.Series,
    n_groups: int,
    draws: int,
    rng,
) -> np.ndarray:
    """P of each label and group when articles are dealt anew, of shape (n_labels, n_groups)."""
    place, row = (
        {a: i for i, a in enumerate(codes.index)},
        {label: i for i, label in enumerate(index)},
    )
    uses = np.zeros((len(codes), len(index)))
    np.add.at(
        uses,
        (part["article_id"].map(place).to_numpy(), part[what].map(row).to_numpy()),
        part["count"].to_numpy(),
    )
    sizes = np.zeros(len(codes))
    np.add.at(sizes, whole["article_id"].map(place).to_numpy(), whole["count"].to_numpy())

    def gap(given: np.ndarray) -> np.ndarray:
        member = np.zeros((n_groups, len(given)))
        member[given, np.arange(len(given))] = 1
        a, n = member @ uses, (member @ sizes)[:, None]
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.nan_to_num(
                np.abs(a / n - (uses.sum(axis=0) - a) / (sizes.sum() - n))
            ).T.round(9)

    given = codes.to_numpy()
    observed, reached = gap(given), np.ones((len(index), n_groups))
    for _ in range(draws):
        reached += gap(rng.permutation(given)) >= observed
    return reached / (draws + 1)


@lru_cache(1 << 16)
def _fisher(a: int, n: int, c: int, m: int) -> float:
    return float(fisher_exact([[int(a), int(n - a)], [int(c), int(m - c)]])[1])


def _least(k: int, n: int, m: int) -> float:
    """The smallest p of a table with these margins: all k uses on one side as far as they fit."""
    return min(_fisher(a, n, k - a, m) for a in (min(k, n), max(k - m, 0)))


def _notes(
    groups: Grouping, table: pd.DataFrame, possible: float, n_articles: int, exact: bool
) -> tuple[str, ...]:
    notes = []
    if table.empty:
        notes.append(
            "No actor of the codebook is called anything in these articles, with these options."
        )
    elif len(groups.names) < 2:
        notes.append(
            f"There is one group only ({groups.names[0]}): its labels are counted, and there is"
            " nothing to compare them with."
        )
    elif not possible <= 0.05:
        notes.append(
            "No label occurs often enough for any difference to pass the corrected test: read the"
            " counts as a description."
        )
    elif exact:
        notes.append(
            "The exact test takes each use of a label for a choice of its own; an article that"
            " repeats one counts again."
        )
    return (*notes, *few_articles(n_articles))
