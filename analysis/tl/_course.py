"""The course of a passage: where the same words stood first, and how far they went."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.groups import ranked_outlets
from analysis.reuse.evidence import publication_intervals
from analysis.reuse.passages import linked, ranges
from analysis.tl._between import parties

# two stretches of one article are one if so much of the longer is in both
SAME = 0.5
COURSE_COLUMNS = [
    "course",
    "words",
    "n_articles",
    "n_outlets",
    "n_unknown",
    "first",
    "n_first",
    "first_outlet",
]
COURSE_COLUMNS += ["first_seen", "last_seen", "days", "n_undated", "n_credited", "quoted"]
COPY_COLUMNS = ["course", "article_id", "outlet", "colour", "published", "days"]
COPY_COLUMNS += ["position", "words", "mark"]


def courses(sides: pd.DataFrame, articles: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Families of matching passages that stand in articles of two outlets or more.

    Parameters
    ----------
    sides : DataFrame
        As `analysis.tl._between.sides_of` gives them.
    articles : DataFrame

    Returns
    -------
    course, copies : DataFrame
        See `analysis.tl.reuse.Reuse`.
    """
    sides = sides[sides["verbatim"].to_numpy(bool)]
    columns = ["article", "first", "words"]
    places = sides[columns].drop_duplicates().sort_values(columns, ignore_index=True)
    numbers = pd.MultiIndex.from_frame(places)
    node = numbers.get_indexer(pd.MultiIndex.from_frame(sides[columns]))
    a, b = node[: len(node) // 2], node[len(node) // 2 :]  # the two sides of each passage
    near = _overlapping(*(places[c].to_numpy(np.int64) for c in columns))
    places["course"] = linked(np.r_[a, near[0]], np.r_[b, near[1]], len(places))
    mark = pd.Series(sides["mark"].to_numpy(object)).groupby(node).first()
    places["mark"] = mark.reindex(range(len(places))).to_numpy(object)
    # an article that has the words twice has them where most of them stand
    copies = places.sort_values(["course", "article", "words"], ascending=[True, True, False])
    copies = copies.drop_duplicates(["course", "article"])
    party = parties(articles)[copies["article"]]
    n_parties = pd.Series(party).groupby(copies["course"].to_numpy()).nunique()
    copies = copies[copies["course"].map(n_parties).to_numpy() > 1]
    return _told(copies, n_parties, articles)


def _overlapping(
    article: np.ndarray, first: np.ndarray, words: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of stretches of one article with half of the longer in both; in order of place."""
    span = int((first + words).max(initial=0)) + 1
    begin = article * span + first
    # the later begins in the first half of the earlier, or they have less than half in common
    row, other = ranges(
        np.arange(len(begin)) + 1, np.searchsorted(begin, begin + (1 - SAME) * words, side="right")
    )
    common = np.minimum(first[row] + words[row], first[other] + words[other]) - first[other]
    same = (common >= SAME * np.maximum(words[row], words[other])) & (
        article[row] == article[other]
    )
    return row[same], other[same]


def _told(
    copies: pd.DataFrame, n_parties: pd.Series, articles: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    earliest, latest = publication_intervals(articles)
    code = copies["article"].to_numpy()
    rank = {name: i for i, name in enumerate(ranked_outlets(articles))}
    about = articles.iloc[code]
    rows = copies.assign(
        article_id=about["article_id"].to_numpy(object),
        outlet=about["outlet"].fillna("").to_numpy(object),
        colour=about["outlet"].fillna("").map(rank).fillna(-1).to_numpy(np.int64),
        published=about["published"].fillna("").to_numpy(object),
        begin=earliest[code],
        end=latest[code],
        position=copies["first"],
        credited=copies["mark"].isin(["credited"]),
        quoted=copies["mark"] == "quoted",
    )
    of = rows.groupby("course")
    start = of["begin"].transform("min")
    rows["days"] = rows["begin"] - start
    # who may have been first: those that no other was surely before
    rows["may_be_first"] = rows["begin"].isna() | (rows["begin"] < of["end"].transform("min"))
    rows["may_be_first"] |= rows["begin"] == start
    rows["undated"] = rows["begin"].isna()
    rows["known"] = rows["outlet"].replace("", None)
    rows["unknown"] = rows["outlet"] == ""
    rows = rows.sort_values(["course", "begin", "article"], na_position="last", kind="stable")
    of = rows.groupby("course")
    table = pd.DataFrame(
        {
            "words": of["words"].median().astype(np.int64),
            "n_articles": of.size(),
            "n_parties": n_parties.reindex(list(of.groups)),
            "n_outlets": of["known"].nunique(),
            "n_unknown": of["unknown"].sum().astype(np.int64),
            "first": of["article_id"].first(),
            "n_first": of["may_be_first"].sum().astype(np.int64),
            "first_outlet": of["outlet"].first(),
            "first_seen": of["published"].first(),
            "last_seen": rows[rows["begin"].notna()].groupby("course")["published"].last(),
            "days": of["days"].max(),
            "n_undated": of["undated"].sum().astype(np.int64),
            "n_credited": of["credited"].sum().astype(np.int64),
            "quoted": of["quoted"].mean(),
        }
    )
    table["last_seen"] = table["last_seen"].fillna("")
    order = table.sort_values(
        ["n_parties", "n_articles", "days", "words"], ascending=False, kind="stable"
    ).index
    number = pd.Series(np.arange(1, len(order) + 1), order)
    table = table.loc[order].assign(course=number)
    rows = rows.assign(course=rows["course"].map(number)).sort_values("course", kind="stable")
    return (table[COURSE_COLUMNS].reset_index(drop=True), rows[COPY_COLUMNS].reset_index(drop=True))
