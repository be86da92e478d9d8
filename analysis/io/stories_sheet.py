"""`stories.csv`: the story of each article, as people name or correct it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from analysis.errors import Fault
from analysis.io.sheets import SheetError, csv_bytes, plain, read_sheet

STORIES_FILE = "stories.csv"
STORY_COLUMNS = ("article_id", "story")
MOST_WORDS, MOST_LETTERS = 5, 100  # a longer name could carry a headline into what is shared
# begins no formula, and is no path
_NAME = re.compile(r"[^\W_][\w .:,()&’'-]*")


def read_stories(path: Path, articles: Collection[str]) -> tuple[dict[str, str], list[Fault]]:
    """The story of each article that the file lists.

    Parameters
    ----------
    path : Path
        A CSV as text editors and spreadsheets save it, with the columns article_id and story;
        further ones are not read. It need not be there.
    articles : collection of str
        The ids of the corpus.

    Returns
    -------
    dict of str to str, list of Fault
        Article → story; and what is wrong.
    """
    name = path.name
    if not path.exists():
        return {}, []
    try:
        rows = read_sheet(path)
    except SheetError as error:
        return {}, [Fault(name, None, str(error))]
    if not rows:
        return {}, [Fault(name, 1, f"the file is empty; needed is {','.join(STORY_COLUMNS)}.")]
    line, header = rows[0][0], [cell.strip() for cell in rows[0][1]]
    wrong = [column for column in STORY_COLUMNS if header.count(column) != 1]
    if wrong:
        there = ", ".join(header)[:100]
        problem = f"the header needs {' and '.join(wrong)}, once each; there are {there}."
        return {}, [Fault(name, line, problem)]
    places = [header.index(column) for column in STORY_COLUMNS]
    stories: dict[str, str] = {}
    first: dict[str, int] = {}
    faults = []
    for line, cells in rows[1:]:
        cells = [*cells, *[""] * (max(places) + 1 - len(cells))]  # spreadsheets drop empty ends
        article, story = (plain(cells[place].strip()) for place in places)
        problem = _problem(article, story, articles)
        if article in first:
            at = first[article]
            problem = f"article_id {article!r} is doubled, first in row {at}; keep one row."
        elif article:
            first[article] = line
        if problem is None:
            stories[article] = story
        else:
            faults.append(Fault(name, line, problem))
    return stories, faults


def _problem(article: str, story: str, articles: Collection[str]) -> str | None:
    """What is wrong with a row, or None."""
    if not article:
        return "article_id is empty; name the article, or remove the row."
    if article not in articles:
        return f"no article {article!r:.90} is in metadata.csv; correct it, or remove the row."
    if not story:
        return f"the story of {article!r} is empty; name it, or remove the row: it is then found."
    short = len(story) <= MOST_LETTERS and len(story.split()) <= MOST_WORDS
    if not short or not _NAME.fullmatch(story):
        return (
            f"story {story!r:.90}: needed is a name of at most {MOST_WORDS} words and"
            f" {MOST_LETTERS} letters, digits, spaces, and . : , ( ) & ' - that begins with a"
            " letter or digit."
        )
    return None


def stories_csv(rows: Sequence[Sequence[str]], more: Sequence[str] = ()) -> bytes:
    """A `stories.csv`, none of whose cells a spreadsheet runs as a formula.

    Parameters
    ----------
    rows : sequence of sequences of str
        article_id, story, and a cell for each further column.
    more : sequence of str
        Names of further columns, which help to read the file.

    Returns
    -------
    bytes
    """
    return csv_bytes([[*STORY_COLUMNS, *more], *rows])
