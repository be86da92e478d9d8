"""Articles from one table: CSV, JSONL or Parquet."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import CorpusError, Fault
from analysis.io.article import (
    Article,
    cell_problem,
    date_problem,
    header_problems,
    is_portable,
    text_problem,
)
from analysis.io.text import LANGUAGE, read_utf8

KNOWN_AS = {
    "article_id": ("article_id", "id", "doc_id"),
    "text": ("text", "content", "body"),
    "outlet": ("outlet", "source", "publisher", "publication"),
    "published": ("published", "date", "published_at"),
    "author": ("author", "authors", "byline"),
    "url": ("url", "link"),
    "language": ("language", "lang"),
}
SUFFIXES = (".csv", ".jsonl", ".parquet")
ID_GIVEN = "id_given"


def read_articles(path: str | Path, *, language: str = "en") -> list[Article]:
    """Read articles from a table with one row each.

    Parameters
    ----------
    path : path
        `.csv`, `.jsonl` or `.parquet`. Columns: article_id (or id) and text; if there are, outlet
        (source), published (date), author, url, language; any others are kept as they are. An id is
        cleaned of all but letters, digits, dots, dashes and underscores; `id_given` then holds what
        it was.
    language : str
        Of articles whose row does not say.

    Returns
    -------
    list of Article

    Raises
    ------
    CorpusError
        With every faulty row; rows count from 1, the header of a CSV being row 1.
    """
    path = Path(path)
    columns, rows = _load(path)
    first = {c.lower(): c for c in reversed(columns)}
    names = {
        field: next((first[name] for name in known if name in first), None)
        for field, known in KNOWN_AS.items()
    }
    problems = list(header_problems(columns))
    for field in ("article_id", "text"):
        if names[field] is None:
            others, there = ", ".join(KNOWN_AS[field][1:]), ", ".join(map(str, columns[:50]))
            problems.append(f"no column {field!r} (or {others}); there are {there}.")
    if "file" in columns:
        problems.append("the column 'file' is made here; give yours another name.")
    head = 1 if path.suffix.lower() == ".csv" else None
    faults = [Fault(path.name, head, problem) for problem in problems]
    if not rows:
        faults.append(Fault(path.name, None, "the table holds no row."))
    if faults:
        raise CorpusError(path, faults)
    own = [c for c in columns if c not in names.values()]
    articles, files = [], set()
    ids: dict[str, tuple[int, str]] = {}
    texts: dict[tuple[bytes, str], int] = {}
    for row, cells in rows:
        about = {f: _cell(cells.get(c)) for f, c in names.items() if f != "text"}
        about["published"] = re.sub(r"[ T]00:00:00(\.0+)?$", "", about["published"])
        about["language"] = about["language"] or language
        given, text = about["article_id"], cells.get(names["text"])
        identity = re.sub(r"[^A-Za-z0-9_.-]+", "-", given).lstrip("-._").rstrip("-.")[:80]
        about["article_id"] = identity
        # some file systems take capitals and small letters for the same
        name = identity if identity.lower() not in files else f"{identity[:60]}.{row}"
        if not is_portable(name):
            name = f"_{name}"
        files.add(name.lower())
        about["file"] = f"{name}.txt"
        about |= {c: _cell(cells.get(c)) for c in own}
        checked = about | {"article_id": given}
        problems = [
            _id_problem(given, identity, ids.get(identity)),
            date_problem(about["published"]),
            *(cell_problem(column, cell) for column, cell in checked.items()),
            _text_problem(text, about["outlet"], row, texts),
        ]
        if not LANGUAGE.fullmatch(spoken := about["language"]):
            problems.append(f"language {spoken!r} is not a code; allowed are such as en, pt-BR.")
        ids.setdefault(identity, (row, given))
        faults += [Fault(path.name, row, p) for p in problems if p is not None]
        articles.append((given, Article(identity, text, about["language"], about)))
    if faults:
        raise CorpusError(path, faults)
    if ID_GIVEN not in own and any(article.article_id != given for given, article in articles):
        for given, article in articles:
            article.about[ID_GIVEN] = given
    return [article for _, article in articles]


def _text_problem(text, outlet: str, row: int, texts: dict[tuple[bytes, str], int]) -> str | None:
    """What is wrong with a cell's text, or None; `texts` holds the first row of each text."""
    if not isinstance(text, str):
        given = _cell(text) and f"{text!r:.60}; needed is a string"
        return f"the text is {given or 'missing'}."
    if problem := text_problem(text.encode("utf-8", "surrogatepass")):
        return problem[1]
    digest = hashlib.sha256(text.strip().encode()).digest()
    if (first := texts.setdefault((digest, outlet), row)) != row:
        return f"the same text as row {first}, of the same outlet; keep one."
    return None


def _id_problem(given: str, identity: str, before: tuple[int, str] | None) -> str | None:
    if not given:
        return "the article has no id."
    if not identity:
        return f"the id {given!r} has no letter from A to Z and no digit; give it one."
    if before is None:
        return None
    if before[1] == given:
        return f"the id {given!r} is doubled, first in row {before[0]}; keep one."
    both = (
        f"the id {given!r:.100} becomes {identity!r}, as {before[1]!r:.100} of row {before[0]} does"
    )
    return f"{both}: an id has 1 to 80 letters, digits, dots, dashes or underscores. Change one."


def _load(path: Path) -> tuple[list[str], list[tuple[int, dict]]]:
    """Names of the columns, and each row with its number."""
    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        raise _faulty(path, None, f"a table must be one of {', '.join(SUFFIXES)}.")
    if not path.is_file():
        raise _faulty(path, None, "is not a file." if path.exists() else "no such file.")
    try:
        if kind == ".parquet":
            table = pq.read_table(path)
            rows = zip(*(column.to_pylist() for column in table.columns))
            cells = (dict(zip(table.column_names, row)) for row in rows)
            return table.column_names, list(enumerate(cells, start=1))
        text, faults = read_utf8(path)
        if faults:
            raise CorpusError(path, faults)
        return (_csv if kind == ".csv" else _jsonl)(text, path)
    except (ValueError, OverflowError, OSError, pa.ArrowException) as error:
        why = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise _faulty(path, None, f"not readable as {kind[1:]}: {why}") from None


def _faulty(path: Path, row: int | None, problem: str) -> CorpusError:
    return CorpusError(path, [Fault(path.name, row, problem)])


def _csv(text: str, path: Path) -> tuple[list[str], list[tuple[int, dict]]]:
    usual = csv.field_size_limit(max(len(text), csv.field_size_limit()))  # a cell is a whole text
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise _faulty(path, len(rows) + 1, f"not readable as CSV: {error}.") from None
    finally:
        csv.field_size_limit(usual)
    header = [c.strip() for c in rows[0]] if rows else []
    if len(header) == 1 and ";" in header[0]:
        raise _faulty(path, 1, "semicolons separate the cells; save it as CSV with commas.")
    filled = [(row, cells) for row, cells in enumerate(rows[1:], start=2) if cells]
    n = len(header)
    wrong = [(row, len(cells)) for row, cells in filled if len(cells) != n]
    if wrong:
        problem = "{} cells, but the header has {} columns."
        faults = [Fault(path.name, row, problem.format(found, n)) for row, found in wrong]
        raise CorpusError(path, faults)
    return header, [(row, dict(zip(header, cells))) for row, cells in filled]


def _jsonl(text: str, path: Path) -> tuple[list[str], list[tuple[int, dict]]]:
    rows, faults = [], []
    for row, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            rows.append((row, _object(line)))
        except ValueError as error:
            faults.append(Fault(path.name, row, f"{error}."))
    if faults:
        raise CorpusError(path, faults)
    return list(dict.fromkeys(c for _, cells in rows for c in cells)), rows


def _object(line: str) -> dict:
    def checked(pairs: list[tuple]) -> dict:
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError(f"a key is given twice among {', '.join(key for key, _ in pairs)}")
        return dict(pairs)

    try:
        cells = json.loads(line, object_pairs_hook=checked)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(cells, dict):
        needed = 'needed is an object such as {"id": ..., "text": ...}'
        raise ValueError(f"{line.strip():.60} was given; {needed}")
    return cells


def _cell(value) -> str:
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    return " ".join(str(value).split())
