"""Overview: what a corpus holds, before anything is measured in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.comparison import FEWEST_ARTICLES, SHARE_LIMITS, Comparison, compare_groups
from analysis.corpus import Corpus
from analysis.features import Features, features_of
from analysis.groups import By, Grouping, group_articles
from analysis.inference import few_articles, wilson
from analysis.options import check_options
from analysis.results import Result, count
from analysis.reuse.sources import Sources
from analysis.tl._calendar import PERIOD_DAYS, Calendar, calendar_of
from analysis.views import masked_words, origin, publication_days, quoted_mask, word_sums
from analysis.wording import number

LARGE_SHARE = 0.02  # of an outlet's words: so much masked is said
NAMED_SHARE = 0.2  # of the articles: an outlet with so many is named in the finding
OVERVIEW_SHARES = ("quoted", "masked", "crediting")


@dataclass(frozen=True, eq=False, repr=False)
class Overview(Result):
    """What groups of articles hold: how many, how long, when, and whose words.

    Attributes
    ----------
    table : DataFrame
        One row a group, in the order of their first articles.

        ===============  =========  =====================================================
        column           unit       meaning
        ===============  =========  =====================================================
        group
        n_articles       articles
        n_undated        articles   of these, without a date
        n_sentences      sentences
        n_words          words
        quoted_words     words      inside quotation marks; scare quotes are not counted
        masked_words     words      captions, boxes and the like, in none of the others
        crediting        articles   that credit a news agency other than their own outlet
        quoted_share     0 to 1     quoted_words of n_words
        masked_share     0 to 1     masked_words of both
        crediting_share  0 to 1     crediting of n_articles
        ===============  =========  =====================================================
    shares : DataFrame
        One row for each of the three shares ("quoted", "masked", "crediting") and group: what,
        group, share, n_articles, unit (what was resampled), and the columns of
        `analysis.comparison.Comparison.columns`, whose joint bounds hold for all shares together
        that are not 0 everywhere.
    weeks : DataFrame
        One row for each group without its period, and each day, week, month, quarter or year
        (`params["period"]`) from the first article to the last: series, period (its first day),
        n_articles and n_words, which are 0 where nothing was published.
    articles : DataFrame
        One row an article, in the order of the metadata.

        ==============  =========  ======================================================
        column          unit       meaning
        ==============  =========  ======================================================
        article_id
        outlet                     empty where it is not known
        published       date       empty where it is not known
        language        code
        n_words         words
        n_sentences     sentences
        n_quotations               direct quotations; scare quotes are not counted
        quoted_words    words      those inside quotation marks
        quoted_share    0 to 1     of the article's words; NaN where it has none
        masked_words    words      captions, boxes and the like, in none of the other columns
        credits_agency  boolean    whether it credits an agency other than its own outlet
        ==============  =========  ======================================================
    masked : DataFrame
        One row for each outlet and reason for which something was cleaned in its articles
        (`analysis.clean.clean` lists the reasons).

        ==========  ======  ============================================================
        column      unit    meaning
        ==========  ======  ============================================================
        outlet              empty where it is not known
        reason              such as "caption"
        n_articles          in which something was
        count               stretches
        n_words     words   masked; 0 where characters were mended and no word was masked
        share       0 to 1  n_words of all words of the outlet's articles, as stored
        ==========  ======  ============================================================
    """

    shares: pd.DataFrame
    weeks: pd.DataFrame
    articles: pd.DataFrame
    masked: pd.DataFrame

    @property
    def finding(self) -> str:
        """How many articles, of whom, over what time, and how much of them is quoted."""
        table, outlets = self.articles, self.articles["outlet"].replace("", None)
        n, sizes = len(table), outlets.value_counts()
        said = count(n, "article")
        unknown = n - int(sizes.sum())
        if len(sizes) == 1 and not unknown:
            said += f" of {sizes.index[0]}"
        elif len(sizes) > 1:
            said += f" of {number(len(sizes))} outlets"
        if unknown:
            said += f" ({number(unknown)} of no known outlet)"
        said += _span(table)
        seen = {"outlet", "article_id"} & set(str(self.params["by"]).split(" · "))  # have rows
        if seen and len(sizes) > 1 and sizes.iloc[0] >= max(NAMED_SHARE * n, 2):
            most = sizes.index[sizes == sizes.iloc[0]]
            each = " each" if len(most) > 1 else ""
            if len(most) < 3:
                said += f", {sizes.iloc[0] / n:.0%} of them from {' and '.join(most)}{each}"
        share = table["quoted_words"].sum() / max(table["n_words"].sum(), 1)
        return f"{said}; {share:.0%} of the words are somebody else's, in quotation marks"


def overview(
    corpus: Corpus | Features,
    *,
    by: By | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Overview:
    """Count articles, words, quotations, what was masked and who credits an agency, by group.

    Words that were masked (captions, boxes, notices) are counted as `masked` alone. An article
    credits an agency in its dateline, byline or notice of rights, or in a sentence; a photograph's
    credit says nothing of the text. How many of its words are an agency's is another question: a
    credit may stand for one of them or for all, and copy may have none. `tl.reuse` counts those
    words, which takes a comparison of all articles.

    Parameters
    ----------
    corpus : Corpus or Features
        Reads `articles`, `sentences`, `quotes`, `masks` and `credits`. Agencies are those of the
        package's list; of a corpus also those that its `outlets` call agencies.
    by : str, sequence of str, mapping or Series, optional
        Groups, as `analysis.groups.group_articles` takes them: outlets, where at least two have two
        articles each, else articles.
    draws : int
        Bootstrap samples of each group's articles (sentences of a single article).
    level : float
        Of the intervals, between 0 and 1.
    seed : int

    Returns
    -------
    Overview

    Raises
    ------
    OptionError
        If an option has a value that is not allowed.

    Examples
    --------
    >>> import analysis as tw
    >>> result = tw.tl.overview(tw.load("amnesty2024"))
    >>> result.table[["group", "n_words", "quoted_words", "crediting"]]
            group  n_words  quoted_words  crediting
    0   mcclatchy      573           106          0
    1      caruzo     1025           132          0
    2  aggregator      555            19          0
    3        blog      601            79          0
    4   explainer      605             4          0
    """
    check_options(draws=draws, level=level, seed=seed)
    features = features_of(corpus)
    groups = group_articles(features, by)
    bounds, quoted = _quoted(features)
    articles = _articles(corpus, features, bounds, quoted)
    shares = _shares(features, articles, groups, bounds, quoted, draws, level, seed)
    table = _summed(articles, groups, shares)
    masks = masked_words(features)
    masked = _masked(masks, articles)
    days = publication_days(articles)
    given = next((p for p in PERIOD_DAYS if p in groups.by.split(" · ")), None)
    calendar = calendar_of(days[groups.codes >= 0], given if groups.over_time else None)
    weeks = _weeks(articles, groups, days, calendar)
    params = {"by": groups.by, "period": calendar.period, "draws": draws, "level": level}
    params |= {"seed": seed, **origin(features)}
    notes = [*_said(masked, int(articles["n_words"].sum()))]
    undated = int(np.isnan(days).sum())
    if undated:
        notes.append(
            f"{count(undated, 'article')} without a date {'are' if undated > 1 else 'is'} in no"
            f" {calendar.period or 'week'}."
        )
    notes += [*_alike(articles["outlet"]), *few_articles(len(articles))]
    return Overview(
        table, params, shares, weeks, articles, masked, notes=tuple(notes), groups=groups.table
    )


def _quoted(features: Features) -> tuple[np.ndarray, np.ndarray]:
    """Where each article's words begin, and whether each word of the corpus is quoted."""
    sizes = features.table("articles", ["n_tokens"])["n_tokens"].to_numpy(np.int64)
    bounds = np.r_[0, np.cumsum(sizes)]
    return bounds, quoted_mask(features, bounds)


def _articles(
    corpus: Corpus | Features, features: Features, bounds: np.ndarray, quoted: np.ndarray
) -> pd.DataFrame:
    """One row an article."""
    table = features.table(
        "articles", ["article_id", "outlet", "published", "language", "n_tokens", "n_sentences"]
    )
    table = table.rename(columns={"n_tokens": "n_words"})
    table["outlet"] = table["outlet"].fillna("")
    quotes = features.table("quotes", ["article_id", "direct", "scare"])
    counts = quotes[quotes["direct"] & ~quotes["scare"]].groupby("article_id").size()
    table["n_quotations"] = table["article_id"].map(counts).fillna(0).astype(int)
    table["quoted_words"] = word_sums(quoted, bounds)
    table["quoted_share"] = table["quoted_words"] / table["n_words"].where(table["n_words"] > 0)
    words = masked_words(features).groupby("article_id")["n_words"].sum()
    table["masked_words"] = table["article_id"].map(words).fillna(0).astype(int)
    known: Mapping[str, dict] = corpus.outlets if isinstance(corpus, Corpus) else {}
    # who is credited is read as `tl.reuse` reads it
    sources = Sources(features.table("articles", ["outlet", "author"]), known)
    credits = sources.statements(features, bounds)
    table["credits_agency"] = np.isin(np.arange(len(table)), credits["article"][credits["agency"]])
    return table


def _shares(
    features: Features,
    articles: pd.DataFrame,
    groups: Grouping,
    bounds: np.ndarray,
    quoted: np.ndarray,
    draws: int,
    level: float,
    seed: int,
) -> pd.DataFrame:
    """The three shares of each group beside all others."""
    sentences = features.table("sentences", ["article_id", "n_tokens"])
    words = sentences["n_tokens"].to_numpy(np.int64)
    owner = pd.Index(features.article_ids).get_indexer(sentences["article_id"])
    edges = np.r_[0, np.cumsum(words)]
    each = np.arange(len(articles))
    above = articles[["masked_words", "credits_agency"]].to_numpy(float)
    below = np.c_[articles["n_words"] + articles["masked_words"], np.ones(len(articles))]
    units = {
        "quoted": (word_sums(quoted, edges), words, owner),
        "masked": (above[:, 0], below[:, 0], each),
        "crediting": (above[:, 1], below[:, 1], each),
    }
    # one figure shows all that are there, and so they have one correction
    beside = max(sum(bool(over.any()) for over, _, _ in units.values()), 1)
    made = []
    for what in OVERVIEW_SHARES:
        over, of, article = units[what]
        compared = compare_groups(
            over,
            of,
            groups.codes[article],
            article,
            groups.names,
            what=f"overview {what}",
            draws=draws,
            level=level,
            seed=seed,
            beside=beside,
        )
        if what == "crediting":
            compared = _counted(compared, groups.sizes, level, beside)
        columns = {"what": what, "group": groups.names} | compared.columns(
            "share", limits=SHARE_LIMITS
        )
        columns |= {"unit": compared.unit, "n_articles": groups.sizes}
        made.append(pd.DataFrame(columns))
    return pd.concat(made, ignore_index=True)


def _counted(compared: Comparison, n: np.ndarray, level: float, beside: int) -> Comparison:
    """Bounds of shares of articles without resampling: where none or all have it, draws are alike.

    A group and the rest have Wilson's bounds at a level for all groups, and `beside` comparisons,
    together; their difference has Newcombe's.

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions.
    Statistics in Medicine 17(8).
    """
    share, rest, others = compared.estimate[:, 0], compared.rest[:, 0], n.sum() - n
    counts = np.rint(share * n)
    low, high = wilson(counts, n, level)
    strict = 1 - (1 - level) / (len(n) * beside)
    own_low, own_high = wilson(counts, n, strict)
    rest_low, rest_high = wilson(counts.sum() - counts, others, strict)
    joint_low = share - np.hypot(share - own_low, rest_high - rest)
    joint_high = share + np.hypot(own_high - share, rest - rest_low)
    apart = ((joint_low > rest) | (joint_high < rest)) & (n >= FEWEST_ARTICLES)
    low, high, joint_low, joint_high = np.where(n > 1, [low, high, joint_low, joint_high], np.nan)
    made = {"low": low, "high": high, "joint_low": joint_low, "joint_high": joint_high}
    return replace(compared, **{k: v[:, None] for k, v in (made | {"apart": apart}).items()})


def _summed(articles: pd.DataFrame, groups: Grouping, shares: pd.DataFrame) -> pd.DataFrame:
    """One row a group."""
    mine = articles[groups.codes >= 0]
    columns = ["n_sentences", "n_words", "quoted_words", "masked_words", "crediting"]
    mine = mine.rename(columns={"credits_agency": "crediting"})
    sums = mine[columns].assign(n_undated=np.isnan(publication_days(mine)))
    sums = sums.groupby(groups.codes[groups.codes >= 0]).sum().astype(int)
    table = pd.DataFrame({"group": groups.names, "n_articles": groups.sizes})
    table = table.join(sums[["n_undated", *columns]])
    for what in OVERVIEW_SHARES:
        share = shares.loc[shares["what"] == what, "share"]
        table[f"{what}_share"] = share.to_numpy()
    return table


def _weeks(
    articles: pd.DataFrame, groups: Grouping, days: np.ndarray, calendar: Calendar
) -> pd.DataFrame:
    """Articles and words of each series and period."""
    names = groups.table["series"]
    series = list(dict.fromkeys(names))
    place = pd.Index(series).get_indexer(names)
    there = (groups.codes >= 0) & ~np.isnan(days)
    at = np.zeros((len(series), len(calendar.starts)), np.int64)
    words = np.zeros_like(at)
    where = place[groups.codes[there]], calendar.places(days[there])
    np.add.at(at, where, 1)
    np.add.at(words, where, articles["n_words"].to_numpy()[there])
    return pd.DataFrame(
        {
            "series": np.repeat(np.array(series, object), at.shape[1]),
            "period": np.tile(calendar.starts, len(series)),
            "n_articles": at.ravel(),
            "n_words": words.ravel(),
        }
    )


def _span(articles: pd.DataFrame) -> str:
    """The time that articles cover, for people: " over six weeks"."""
    days = publication_days(articles)
    if np.isnan(days).all():
        return ", none with a date" if len(days) > 1 else ""
    first, last = (
        pd.Timestamp(0) + pd.Timedelta(days=int(np.floor(d)))
        for d in (np.nanmin(days), np.nanmax(days))
    )
    n_days = (last - first).days + 1
    if n_days == 1:
        return f" of {first.day} {first:%B %Y}"
    for unit, size, most in (("day", 1, 14), ("week", 7, 70), ("month", 30.44, 730)):
        if n_days < most:
            n = round(n_days / size)
            return f" over {number(n)} {unit}{'s' * (n > 1)}"
    return f" from {first.year} to {last.year}"


def _alike(outlets: pd.Series) -> tuple[str, ...]:
    """A note about outlets whose names differ in case alone: they are counted apart."""
    names = pd.Series(outlets[outlets != ""].unique())
    doubled = names[names.str.casefold().duplicated(keep=False)]
    if doubled.empty:
        return ()
    return (
        f"Outlets that differ in case alone are counted apart: {', '.join(sorted(doubled)[:6])};"
        " if they are one, give `aliases` in corpus.yml.",
    )


def _masked(masks: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """What was cleaned by outlet and reason."""
    masks = masks.merge(articles[["article_id", "outlet"]], on="article_id")
    words = (
        articles.groupby("outlet")["n_words"]
        .sum()
        .add(masks.groupby("outlet")["n_words"].sum(), fill_value=0)
    )
    groups = masks.groupby(["outlet", "reason"], sort=True)
    found = groups.agg(
        n_articles=("article_id", "nunique"), count=("count", "sum"), n_words=("n_words", "sum")
    ).reset_index()
    return found.assign(share=found["n_words"] / found["outlet"].map(words).astype(float))


def _said(masked: pd.DataFrame, n_words: int) -> tuple[str, ...]:
    """A note that says how much was masked, and of which outlet most."""
    total = int(masked["n_words"].sum())
    if not total:
        return ()
    reasons = masked.groupby("reason")["n_words"].sum().sort_values(ascending=False, kind="stable")
    why = ", ".join(f"{reason} {n:,}" for reason, n in reasons.items() if n)
    note = f"{total:,} of {total + n_words:,} words are masked ({why}); `masked` says where."
    shares = masked.groupby("outlet")["share"].sum().sort_values(ascending=False, kind="stable")
    if len(shares) > 1 and shares.iloc[0] >= LARGE_SHARE:
        name = shares.index[0] or "articles without an outlet"
        note += f" Most in {name}: {shares.iloc[0]:.0%}."
    return (note,)
