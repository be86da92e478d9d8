"""Stories: which articles tell of one event, and which events make one affair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from analysis.corpus import Corpus
from analysis.event_names import central_titles, foremost_words, story_sums
from analysis.events import SHIPPED_STORIES, STORY, FirstWords, Linking, named_stories, ships
from analysis.features import Features, features_of
from analysis.groups import group_articles
from analysis.options import check_options
from analysis.results import Result, count
from analysis.store import Shipment, Ships
from analysis.views import origin
from analysis.wording import listed, number

TOLD_BY = 2  # outlets that make a story worth comparing
_WORDS = 5  # that say what a story is about
_READ = 2_000_000  # rows that are read at once
_BLOCK = 512  # stories that are compared at once


@dataclass(frozen=True, eq=False, repr=False)
class Stories(Result):
    """Articles by event.

    Attributes
    ----------
    table : DataFrame
        One row an article, in the order of the metadata.

        ==========  ====  ========================================================================
        column      unit  meaning
        ==========  ====  ========================================================================
        article_id
        story             its name: the day and id of its first article, or as people named it
        affair            the first story of the affair that the story belongs to
        published         as the metadata says
        outlet
        named             whether people named the story, in a column of the metadata or in
                          `stories.csv`
        ==========  ====  ========================================================================
    stories : DataFrame
        One row a story, those of most outlets first, then of most articles.

        ==========  ========  ====================================================================
        column      unit      meaning
        ==========  ========  ====================================================================
        story
        affair
        title                 headline of its most central article; empty without headlines
        words                 what sets it apart from other stories, the foremost first
        first,      date      days of its first and last article; NaT without a date
        last
        n_articles  articles
        n_outlets   outlets   that are known
        outlets               their names, with " | " between them, most articles first
        ==========  ========  ====================================================================
    affairs : DataFrame
        One row an affair, those of most stories first: affair, title and words (of its largest
        story), first, last, n_stories, n_articles, n_outlets.
    """

    stories: pd.DataFrame
    affairs: pd.DataFrame

    @property
    def finding(self) -> str:
        """How many stories several outlets tell, and which most do."""
        n_articles, n_stories = len(self.table), len(self.stories)
        told = self.stories[self.stories["n_outlets"] >= TOLD_BY]
        top, several = self.stories.iloc[0], int((self.stories["n_articles"] > 1).sum())
        articles = count(int(top["n_articles"]), "article")
        outlets = count(int(top["n_outlets"]), "outlet")
        if n_articles == 1:
            return f"The one article tells of one event: {named_story(top)}"
        if not several:
            return f"No two of {n_articles:,} articles tell of one event"
        if n_stories == 1:
            whose = f" of {outlets}" if len(told) else ""
            return f"All {articles}{whose} tell of one event: {named_story(top)}"
        if not len(told):
            largest = self.stories.loc[self.stories["n_articles"].idxmax()]
            head = (
                f"{number(several).capitalize()} of {n_stories:,} events {_have(several)} several"
            )
            return (
                f"{head} articles, most of them {named_story(largest)} ({largest['n_articles']:,})"
            )
        head = (
            f"{number(len(told)).capitalize()} of {n_stories:,} stories {_are(len(told))} told by"
        )
        return f"{head} two outlets or more; most by {outlets}: {named_story(top)} ({articles})"


def _are(n: int) -> str:
    return "is" if n == 1 else "are"


def _have(n: int) -> str:
    return "has" if n == 1 else "have"


def named_story(story: pd.Series) -> str:
    """What people call a story: its headline in quotation marks, else its words."""
    return f"“{story['title']}”" if story["title"] else story["words"] or story["story"]


def stories(
    corpus: Corpus | Features,
    *,
    days: float = 4,
    span: float = 7,
    threshold: float = 0.13,
    words: int = 200,
    common: float = 0.2,
    affair_days: float = 14,
    affair_threshold: float = 0.25,
) -> Stories:
    r"""Find which articles tell of one event.

    Two articles are alike by the cosine of their words: the title, counted twice, and the first
    `words` words, where an event is told, weighed by

    .. math:: (1 + \ln \mathrm{tf}) \, (1 + \ln \tfrac{1 + n}{1 + \mathrm{df}})

    with n and df counted over the articles and, as if there were 300 more, over news in general
    (of English: `data/english/news_words.csv`), so that few articles, of one event or of many, are
    weighed as many would be. Words that one article alone has only make it less like others.

    Average link joins the two stories whose articles have the highest mean cosine, as long as it is
    at least `threshold` and both together span at most `span` days. Articles more than `days` apart
    count as having nothing in common. The work grows with the pairs of articles that are near in
    time, not with all pairs.

    A thread of many days is no event but an affair: each story is linked to the earlier one that is
    most like it, if that ended at most `affair_days` before and the cosine of the sums of their
    articles is at least `affair_threshold`. What is linked is one affair.

    What people named goes before: a column `story` of the metadata, else `stories.csv` of the
    corpus folder, which may list some articles only. `within="story"` and `by="story"` mean these
    stories in every measure.

    Parameters
    ----------
    corpus : Corpus or Features
    days : float
        Articles farther apart are not compared.
    span : float
        Days from the first to the last article of a story, at most.
    threshold : float, 0 to 1
        Mean cosine from which stories are joined.
    words : int
        Of each article's beginning.
    common : float, 0 to 1
        Words in more than this share of the articles, with news in general, do not count.
    affair_days : float
        From the end of a story to the beginning of a later one of the same affair, at most.
    affair_threshold : float, 0 to 1
        Cosine of two stories from which they are of one affair.

    Returns
    -------
    Stories
        Articles without a date stand alone; where none has one, words alone decide. From shared
        features comes what was found with the default options where the texts are.

    Raises
    ------
    FeaturesError
        If there are more than 2,000 articles, and none has a date.
    OptionError
        If an option has a value that is not allowed.

    References
    ----------
    Allan, J. (ed., 2002). Topic Detection and Tracking: Event-based Information Organization.
    Kluwer. https://doi.org/10.1007/978-1-4615-0933-2

    Examples
    --------
    >>> import analysis as tw
    >>> found = tw.tl.stories(tw.load("amnesty2024"))
    >>> len(found.table), len(found.stories)
    (5, 1)
    """
    features = features_of(corpus).whole
    linking = Linking(days, span, threshold, words, common, affair_days, affair_threshold)
    check_options(**asdict(linking))
    read = FirstWords.of(features, linking)
    named = named_stories(features)
    shipped = features.result(SHIPPED_STORIES) if linking == Linking() and ships(features) else None
    if shipped is not None:
        found = shipped.set_index("article_id")[STORY].reindex(named.index)
    else:
        found = read.stories() if (named == "").any() else named
    story = named.where(named != "", found)
    table = _table(features, story, named != "")
    each = _each_story(table, read)
    parts = _affairs(each, table, read)
    if shipped is not None and not features.stories:
        by_article = shipped.set_index("article_id")["affair"].reindex(named.index).to_numpy()
        parts = pd.Series(by_article, story.to_numpy()).groupby(level=0).first()
    table.insert(2, "affair", table["story"].map(parts))
    each.insert(1, "affair", each["story"].map(parts))
    params = {**asdict(linking), **origin(features)}
    notes = tuple(_notes(features, read, table, shipped is not None))
    groups = group_articles(features, "outlet").table
    return Stories(table, params, each, _each_affair(each, table), notes=notes, groups=groups)


def _table(features: Features, story: pd.Series, named: pd.Series) -> pd.DataFrame:
    articles = features.table("articles")
    columns = {
        "article_id": articles["article_id"],
        "story": story.to_numpy(),
        "published": articles["published"].fillna(""),
        "outlet": articles["outlet"].fillna(""),
        "named": named.to_numpy(bool),
    }
    return pd.DataFrame(columns)


def _each_story(table: pd.DataFrame, read: FirstWords) -> pd.DataFrame:
    """The table of stories, without affairs."""
    names, code = np.unique(table["story"].to_numpy(str), return_inverse=True)
    outlets = [_by_frequency(mine) for _, mine in table["outlet"].groupby(code)]
    day = pd.Series(read.day)
    each = pd.DataFrame(
        {
            "story": names.astype(object),
            "title": central_titles(read, code),
            "words": foremost_words(read, code),
            "first": _dates(day.groupby(code).min()),
            "last": _dates(day.groupby(code).max()),
            "n_articles": np.bincount(code),
            "n_outlets": [len(known) for known in outlets],
            "outlets": [" | ".join(known) for known in outlets],
        }
    )
    return each.sort_values(
        ["n_outlets", "n_articles", "first", "story"],
        ascending=[False, False, True, True],
        ignore_index=True,
    )


def _by_frequency(outlets: pd.Series) -> list[str]:
    """The outlets that are known, those of most articles first."""
    sizes = Counter(filter(None, outlets))
    return sorted(sizes, key=lambda name: (-sizes[name], name))


def _dates(days: pd.Series) -> np.ndarray:
    return pd.to_datetime(days, unit="D", origin="unix").to_numpy()


def _affairs(each: pd.DataFrame, table: pd.DataFrame, read: FirstWords) -> pd.Series:
    """The first story of each story's affair."""
    linking = read.linking
    dated = each[each["first"].notna()].sort_values(["first", "last", "story"])
    place = pd.Series(np.arange(len(dated)), dated["story"])
    code = table["story"].map(place).fillna(-1).to_numpy(np.int64)
    affair = pd.Series(each["story"].to_numpy(), each["story"])
    if dated.empty:
        return affair
    sums = story_sums(read.weights[code >= 0], code[code >= 0])
    first, last = (
        ((dated[end] - pd.Timestamp(0)) / pd.Timedelta(days=1)).to_numpy()
        for end in ("first", "last")
    )
    later, earlier = _best_earlier(sums, first, last, linking)
    n = len(dated)
    links = sparse.coo_array((np.ones(len(later)), (later, earlier)), shape=(n, n))
    part = connected_components(links, directed=False)[1]
    names = dated["story"].to_numpy()
    opening = pd.Series(names).groupby(part).first()
    affair[names] = opening[part].to_numpy()
    return affair


def _best_earlier(
    sums: sparse.csr_array, first: np.ndarray, last: np.ndarray, linking: Linking
) -> tuple[np.ndarray, np.ndarray]:
    """Each story that has one, and the earlier story that is most like it."""
    # of a story that began earlier the end is not known to be: look back by the longest, too
    longest = float((last - first).max())
    found = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
    for start in range(0, len(first), _BLOCK):
        stop = min(start + _BLOCK, len(first))
        begin = np.searchsorted(first, first[start] - linking.affair_days - longest)
        cosines = sparse.coo_array(sums[start:stop] @ sums[begin:stop].T)
        later, earlier = cosines.coords[0] + start, cosines.coords[1] + begin
        near = (earlier < later) & (first[later] - last[earlier] <= linking.affair_days)
        near &= (cosines.data >= linking.affair_threshold) & (cosines.data > 0)
        found.append((later[near], earlier[near], cosines.data[near]))
    later, earlier, cosine = (np.concatenate(each) for each in zip(*found))
    order = np.lexsort((-earlier, -cosine.round(9), later))  # of equal ones the latest
    later, earlier = later[order], earlier[order]
    best = np.r_[True, np.diff(later) > 0][: len(later)]
    return later[best], earlier[best]


def _each_affair(each: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """The table of affairs."""
    by_affair = each.groupby("affair", sort=False)
    foremost = by_affair[["title", "words"]].first()
    known = table[table["outlet"] != ""]
    affairs = foremost.assign(
        first=by_affair["first"].min(),
        last=by_affair["last"].max(),
        n_stories=by_affair.size(),
        n_articles=by_affair["n_articles"].sum(),
        n_outlets=known.groupby("affair")["outlet"].nunique(),
    ).reset_index()
    affairs["n_outlets"] = affairs["n_outlets"].fillna(0).astype(int)
    order = ["n_stories", "n_articles", "first", "affair"]
    return affairs.sort_values(order, ascending=[False, False, True, True], ignore_index=True)


def _notes(
    features: Features, read: FirstWords, table: pd.DataFrame, shipped: bool
) -> Iterator[str]:
    """What a reader must know of how stories were found."""
    if (n := int(table["named"].sum())) and n < len(table):
        yield f"People named the story of {n} of {len(table):,} articles; the others were found."
    if n == len(table):
        return
    alone = np.isnan(read.day) & ~table["named"].to_numpy()
    remedy = f"give metadata.csv dates, or name the stories in {SHIPPED_STORIES}.csv"
    if np.isnan(read.day).all() and len(table) > 1:
        yield f"No article has a date, so stories are told apart by words alone; {remedy}."
    elif alone.any():
        some = listed(table.loc[alone, "article_id"].tolist())
        yield (
            f"Without a date, an article stands alone ({int(alone.sum())} of {len(table)}:"
            f" {some}); {remedy}."
        )
    if not shipped and not features.has("tokens"):
        yield (
            "Found by all words of each article and without headlines, as these features have no"
            " order of words; `twicetold share` ships what the first words and headlines tell."
        )
    languages = features.table("articles", ["language"])["language"].str.split("-").str[0]
    if languages.nunique() > 1:
        yield (
            f"The articles are in {number(languages.nunique())} languages; of one event they are"
            f" rarely joined across languages: name such stories in {SHIPPED_STORIES}.csv."
        )


def _ship(shipment: Shipment) -> dict[str, pd.DataFrame]:
    """Articles with their stories and affairs: names made of days and ids, or short given ones."""
    table = shipment.measure("stories").table
    return {SHIPPED_STORIES: table[["article_id", "story", "affair"]]}


SHIPS = Ships((SHIPPED_STORIES,), _ship)
