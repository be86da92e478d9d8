"""A user's coded sheet: which frames a coder found in which sentences."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.errors import CorpusError, Fault
from analysis.features import Features
from analysis.io.text import read_utf8
from analysis.text.tokens import word_hash, words_of

NEEDED = ("article_id", "frame")
LONGEST = 120  # characters of a cell that an error shows


@dataclass(frozen=True, eq=False)
class Codes:
    """Coded sentences.

    Attributes
    ----------
    table : DataFrame
        row (of the sheet), article_id, sentence (number or empty), text (empty where there is a
        number), frame (empty for none).
    name : str
        Of the sheet, for errors.
    """

    table: pd.DataFrame
    name: str


def read_codes(source: str | Path | pd.DataFrame) -> Codes:
    """Read a coded sheet.

    Parameters
    ----------
    source : path or DataFrame
        A CSV in UTF-8, or a table, with the columns article_id; sentence (its number in the
        features, from 0) or text (its words, as the article has them; capitals, marks and spaces do
        not matter); and frame, the code. A sentence with several frames has a row for each; one
        that was read and has none has an empty frame, which teaches as much as a code. Other
        columns are ignored, but two names in `coder` are refused: give one coder's codes, or those
        that coders agreed on.

    Returns
    -------
    Codes

    Raises
    ------
    CorpusError
        With every fault of the sheet and its row.
    """
    if isinstance(source, pd.DataFrame):
        name = "the coded sheet"
        columns = [str(c) for c in source.columns]
        rows = [
            (i + 2, dict(zip(columns, map(_cell, row))))
            for i, row in enumerate(source.itertuples(index=False, name=None))
        ]
    else:
        name = Path(source).name
        columns, rows = _read(Path(source), name)
    missing = [c for c in NEEDED if c not in columns] + (
        [] if {"sentence", "text"} & set(columns) else ["sentence (or text)"]
    )
    if missing:
        raise CorpusError(
            name,
            [
                Fault(
                    name,
                    1,
                    f"has the columns {', '.join(columns) or 'none'}; needed are article_id,"
                    f" sentence (or text) and frame; {', '.join(missing)} is missing.",
                )
            ],
        )
    faults, made, seen, coders = [], [], {}, {}
    for row, cells in rows:
        article, sentence, text, frame = (
            cells.get(c, "").strip() for c in ("article_id", "sentence", "text", "frame")
        )
        if not any((article, sentence, text, frame)):
            continue
        if not article or not (sentence or text):
            faults.append(
                Fault(
                    name,
                    row,
                    "has no article_id, or neither a sentence nor a text; fill them in or remove"
                    " the row.",
                )
            )
        elif sentence and not _whole(sentence):
            faults.append(
                Fault(
                    name,
                    row,
                    f"sentence is {sentence[:LONGEST]!r}; it must be a whole number from 0. Put its"
                    " words into `text`.",
                )
            )
        else:
            key = article, int(float(sentence)) if sentence else " ".join(words_of(text)), frame
            if key in seen:
                faults.append(Fault(name, row, f"says the same as row {seen[key]}; keep one."))
            seen[key] = row
            made.append(
                (
                    row,
                    article,
                    int(float(sentence)) if sentence else None,
                    "" if sentence else text,
                    frame,
                )
            )
        coders.setdefault(cells.get("coder", "").strip(), row)
    if len(coders) > 1:
        faults.append(
            Fault(
                name,
                max(coders.values()),
                f"has the coders {', '.join(map(repr, coders))}; give one coder's codes, or those"
                " agreed on.",
            )
        )
    if not faults and not any(frame for *_, frame in made):
        faults.append(Fault(name, None, "codes no sentence with a frame."))
    if faults:
        raise CorpusError(name, faults)
    table = pd.DataFrame(made, columns=["row", "article_id", "sentence", "text", "frame"]).astype(
        {"sentence": "Int64"}
    )
    return Codes(table, name)


def place_codes(codes: Codes, features: Features) -> pd.DataFrame:
    """The sentences of the features that were coded: article_id, sentence, frame (empty for none);
    one row per sentence and frame.

    A text is found by the hashes of its words in the table `tokens`.

    Raises
    ------
    CorpusError
        If the corpus lacks an article or a sentence, or a sentence is coded with a frame and as
        having none.
    """
    known = features.table("sentences", ["article_id", "sentence"])
    numbers = known.groupby("article_id")["sentence"].apply(set).to_dict()
    by_words = _sentences_by_words(
        features, set(codes.table.loc[codes.table["text"] != "", "article_id"])
    )
    faults, placed = [], {}
    for row, article, sentence, text, frame in codes.table.itertuples(index=False, name=None):
        found = [] if pd.isna(sentence) else [int(sentence)]
        if article not in numbers:
            faults.append(
                Fault(
                    codes.name,
                    row,
                    f"article_id is {article[:LONGEST]!r}, which {features.corpus!r} does not"
                    " have.",
                )
            )
            continue
        if text:
            found = by_words[article].get(tuple(map(word_hash, words_of(text))), [])
            if not found:
                faults.append(
                    Fault(
                        codes.name,
                        row,
                        f"no sentence of {article!r} has exactly the words of {text[:LONGEST]!r};"
                        " code whole sentences, or give their numbers.",
                    )
                )
        elif found[0] not in numbers[article]:
            faults.append(
                Fault(
                    codes.name,
                    row,
                    f"sentence is {found[0]}; {article!r} has those from 0 to"
                    f" {max(numbers[article])}.",
                )
            )
            continue
        for sentence in found:
            placed.setdefault((article, sentence), {})[frame] = row
    for (article, sentence), frames in placed.items():
        if "" in frames and len(frames) > 1:
            faults.append(
                Fault(
                    codes.name,
                    frames[""],
                    f"sentence {sentence} of {article!r} is coded as having no frame and with "
                    f"{', '.join(f for f in frames if f)}; keep one.",
                )
            )
    if faults:
        raise CorpusError(codes.name, faults)
    rows = [
        (article, sentence, frame)
        for (article, sentence), frames in placed.items()
        for frame in frames
    ]
    return pd.DataFrame(rows, columns=["article_id", "sentence", "frame"])


def _sentences_by_words(
    features: Features, articles: set[str]
) -> dict[str, dict[tuple, list[int]]]:
    """Of each article the numbers of its sentences, by the hashes of their words."""
    found: dict[str, dict] = {article: defaultdict(list) for article in articles}
    if articles:
        tokens = features.table("tokens", ["article_id", "sentence", "hash"])
        tokens = tokens[tokens["article_id"].isin(articles)]
        for (article, sentence), hashes in tokens.groupby(["article_id", "sentence"], sort=False)[
            "hash"
        ]:
            found[article][tuple(hashes.tolist())].append(int(sentence))
    return found


def _read(path: Path, name: str) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    text, faults = read_utf8(path, name)
    if faults:
        raise CorpusError(name, faults)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, before = [], 0
    try:
        for cells in reader:
            rows.append((before + 1, cells))
            before = reader.line_num
    except csv.Error as error:
        raise CorpusError(
            name, [Fault(name, reader.line_num, f"not readable as CSV: {error}.")]
        ) from None
    columns = [c.strip() for c in rows[0][1]] if rows else []
    long = [
        Fault(
            name,
            row,
            f"has {len(cells)} cells, the header has {len(columns)}; put cells that hold commas"
            " into quotes.",
        )
        for row, cells in rows[1:]
        if len(cells) > len(columns)
    ]
    if long:
        raise CorpusError(name, long)
    return columns, [(row, dict(zip(columns, cells))) for row, cells in rows[1:]]


def _cell(value) -> str:
    return "" if pd.isna(value) else str(value)


def _whole(cell: str) -> bool:
    try:
        return float(cell) >= 0 and float(cell) == int(float(cell))
    except (ValueError, OverflowError):
        return False
