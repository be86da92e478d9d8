"""Sheets of frame codes: which frames a coder found in which sentences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.errors import CorpusError, Fault, OptionError
from analysis.io.text import csv_rows, read_utf8
from analysis.text.tokens import words_of

_NEEDED = ("article_id", "frame")
_COLUMNS = ("article_id", "sentence", "text", "frame")
LONGEST = 120  # characters of a cell that an error shows


@dataclass(frozen=True, eq=False)
class FrameCodes:
    """Sentences coded with frames.

    Attributes
    ----------
    table : DataFrame
        One row for each row of the sheet.

        ==========  ==============================================
        column      meaning
        ==========  ==============================================
        row         of the sheet, whose header is row 1
        article_id
        sentence    its number in the article, from 0, or missing
        text        empty where there is a number
        frame       empty where the sentence has none
        ==========  ==============================================
    name : str
        Of the sheet, for errors.
    """

    table: pd.DataFrame
    name: str


def read_frame_codes(source: str | Path | pd.DataFrame) -> FrameCodes:
    """Read a sheet of sentences that a person coded with frames.

    A sentence with several frames has a row for each. One that was read and has none has an empty
    frame, from which `tl.frames` learns as much as from a code. Further columns are ignored, but a
    column `coder` must not hold two names: give one coder's codes, or those that coders agreed on.

    Parameters
    ----------
    source : path or DataFrame
        A CSV in UTF-8, or a table, with the columns article_id; sentence (its number in the
        features, from 0) or text (its words, as the article has them; capitals, marks and spaces do
        not matter); and frame, the code.

    Returns
    -------
    FrameCodes

    Raises
    ------
    CorpusError
        With every fault of the sheet and its row.
    OptionError
        If `source` is neither a path nor a table.

    Examples
    --------
    >>> import analysis as tw
    >>> import pandas as pd
    >>> sheet = pd.DataFrame({"article_id": ["a", "a"], "sentence": [0, 1], "frame": ["deal", ""]})
    >>> tw.io.read_frame_codes(sheet).table
       row article_id  sentence text frame
    0    2          a         0       deal
    1    3          a         1
    """
    name, columns, rows = _sheet(source)
    missing = [c for c in _NEEDED if c not in columns]
    missing += [] if {"sentence", "text"} & set(columns) else ["sentence (or text)"]
    if missing:
        problem = (
            f"has the columns {', '.join(columns) or 'none'}; needed are article_id, sentence (or"
            f" text) and frame; {', '.join(missing)} is missing."
        )
        raise CorpusError(name, [Fault(name, 1, problem)])
    faults, made, seen, coders = [], [], {}, {}
    for row, cells in rows:
        article, sentence, text, frame = (cells.get(c, "").strip() for c in _COLUMNS)
        if not any((article, sentence, text, frame)):
            continue
        coders.setdefault(cells.get("coder", "").strip(), row)
        number = _number(sentence)
        if not article or not (sentence or text):
            problem = (
                "has no article_id, or neither a sentence nor a text; fill them in or remove the"
                " row."
            )
        elif sentence and number is None:
            problem = (
                f"sentence is {sentence[:LONGEST]!r}; it must be a whole number from 0. Put its"
                " words into `text`."
            )
        else:
            key = article, " ".join(words_of(text)) if number is None else number, frame
            first = seen.setdefault(key, row)
            problem = f"says the same as row {first}; keep one." if first != row else None
        if problem is not None:
            faults.append(Fault(name, row, problem))
        made.append((row, article, number, "" if sentence else text, frame))
    if len(coders) > 1:
        problem = (
            f"has the coders {', '.join(map(repr, coders))}; give one coder's codes, or those"
            " agreed on."
        )
        faults.append(Fault(name, max(coders.values()), problem))
    if not faults and not any(frame for *_, frame in made):
        faults.append(Fault(name, None, "codes no sentence with a frame."))
    if faults:
        raise CorpusError(name, faults)
    return FrameCodes(
        pd.DataFrame(made, columns=["row", *_COLUMNS]).astype({"sentence": "Int64"}), name
    )


def _sheet(source) -> tuple[str, list[str], list[tuple[int, dict[str, str]]]]:
    """The sheet's name and columns, and the cells of each row with its number."""
    if isinstance(source, pd.DataFrame):
        columns = [str(c) for c in source.columns]
        filled = source.astype(object).where(source.notna(), "").itertuples(index=False, name=None)
        rows = [(row, list(map(str, cells))) for row, cells in enumerate(filled, start=2)]
        return "the coded sheet", columns, [(row, dict(zip(columns, cells))) for row, cells in rows]
    if not isinstance(source, str | Path):
        raise OptionError(f"a coded sheet must be a path or a table (got {source!r:.80})")
    name = Path(source).name
    text, faults = read_utf8(source, name)
    if not faults:
        rows, faults = csv_rows(text, name)
    if faults:
        raise CorpusError(name, faults)
    columns = [c.strip() for c in rows.pop(0)[1]] if rows else []
    for row, cells in rows:
        if len(cells) > len(columns):
            problem = (
                f"has {len(cells)} cells, the header has {len(columns)}; put cells that hold commas"
                " into quotes."
            )
            faults.append(Fault(name, row, problem))
    if faults:
        raise CorpusError(name, faults)
    return name, columns, [(row, dict(zip(columns, cells))) for row, cells in rows]


def _number(cell: str) -> int | None:
    """The whole number from 0 that a cell holds (a table of floats says "3.0"), if it does."""
    try:
        number = float(cell)
        return int(number) if number >= 0 and number == int(number) else None
    except (ValueError, OverflowError):
        return None
