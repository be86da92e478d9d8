"""Dictionaries as tables: words with scores, with categories, or with flags for categories.

The header is word,score or word,category, with commas, semicolons or tabs. A third column of 0 and
1 says whether the word belongs to the category, as in the NRC word-emotion association lexicon
(Mohammad and Turney 2013, doi.org/10.1111/j.1467-8640.2012.00460.x), which may also lack the
header; or each category has a column of 0 and 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analysis.io.dictionary_rows import FORMATS, Note, Row, Unreadable, cells_of

_WORD = ("word", "term", "token", "english word")  # names of columns in tables of other people
CATEGORY = ("category", "emotion", "affectdimension", "affect dimension", "dimension", "label")
_FLAGS = {"1": True, "1.0": True, "true": True, "yes": True, "x": True} | dict.fromkeys(
    ("0", "0.0", "false", "no", ""), False
)


def csv_table(text: str) -> Iterator[Row | Note]:
    r"""Rows of a dictionary that is a table.

    Parameters
    ----------
    text : str

    Yields
    ------
    Row or Note

    Raises
    ------
    Unreadable
        If the header is none that is known, or a cell is not what its column holds.

    Examples
    --------
    >>> text = "word,category,flag\nsunny,joy,1\nsunny,fear,0\n"
    >>> [(row.pattern, row.category) for row in csv_table(text)]
    [('sunny', ('joy',))]
    """
    rows = cells_of(text, _delimiter(text))
    (first, names), *lines = rows or [(1, [])]
    header = [cell.strip().casefold() for cell in names]
    if len(header) == 3 and header[0] not in _WORD and _flags(row[2:] for _, row in rows):
        lines, header = rows, ["word", "category", "flag"]  # the NRC lexicon has no header
    if header[:1] and header[0] in _WORD and header[1:2] == ["score"]:
        if header[2:3] and header[2] in CATEGORY:
            problem = (
                f"the third column, {names[2]!r}, holds categories beside scores; write a file"
            )
            raise Unreadable(1, f"{problem} word,score for each category.")
        yield from (Row(number, word, score=",".join(more[:1])) for number, (word, *more) in lines)
    elif header[:1] and header[0] in _WORD and header[1:2] and header[1] in CATEGORY:
        yield from _memberships(names, lines)
    elif len(header) > 2 and header[0] in _WORD and _flags(row[1:] for _, row in lines):
        for number, (word, *cells) in lines:
            yield from (
                Row(number, word, (category.strip(),))
                for category, cell in zip(names[1:], cells)
                if _FLAGS[cell.strip().casefold()]
            )
    else:
        kinds = ", ".join(sorted(set(FORMATS.values())))
        problem = f"needed is the header word,score or word,category, or `format` ({kinds})."
        raise Unreadable(first, problem)


def _memberships(names: list[str], lines: list[tuple[int, list[str]]]) -> Iterator[Row | Note]:
    """Words with their categories; a third column may say which of them hold."""
    third = [row[2].strip() if len(row) > 2 else "" for _, row in lines]
    flagged = len(names) > 2 and any(
        cell and (cell.casefold() in _FLAGS or _is_number(cell)) for cell in third
    )
    if len(names) > 2 and not flagged:
        yield Note(1, f"the third column, {names[2]!r}, is not used.")
    for (number, (word, *more)), cell in zip(lines, third):
        if not more or not more[0].strip():
            problem = f"{[word, *more]!r} was given; needed are a word and a category."
            raise Unreadable(number, problem)
        if flagged and cell.casefold() not in _FLAGS:
            problem = (
                f"the third column, {names[2]!r}, holds {cell!r:.40}; allowed are 0 and 1, which"
            )
            rest = "say whether the word belongs to the category. For scores, write word,score."
            raise Unreadable(number, f"{problem} {rest}")
        if not flagged or _FLAGS[cell.casefold()]:
            yield Row(number, word, (more[0].strip(),))


def _flags(rows: Iterable[list[str]]) -> bool:
    """Whether all cells say yes or no, and some of them something."""
    cells = [cell.strip().casefold() for row in rows for cell in row]
    return any(cells) and all(cell in _FLAGS for cell in cells)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _delimiter(text: str) -> str:
    """What separates the cells of the first line."""
    line = text.lstrip("\n").split("\n", 1)[0]
    return next((mark for mark in "\t;" if mark in line and "," not in line), ",")
