"""Articles from one table: CSV, JSONL or Parquet."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd

from ..corpus import COLUMNS, Article, date_problem, text_problem
from ..errors import CorpusError, Fault

KNOWN_AS = {"article_id": ("article_id", "id", "doc_id"), "text": ("text", "content", "body"),
            "outlet": ("outlet", "source", "publisher", "publication"), "published": ("published", "date", "published_at"),
            "author": ("author", "authors", "byline"), "url": ("url", "link"), "language": ("language", "lang")}
SUFFIXES = (".csv", ".jsonl", ".parquet")


def read_table(path: str | Path, *, language: str = "en") -> list[Article]:
    """Read articles from a table with one row each.

    Parameters
    ----------
    path : path
        `.csv`, `.jsonl` or `.parquet`. Columns: article_id (or id) and text; if there are, outlet (source), published
        (date), author, url, language; any others are kept as they are.
    language : str
        Of articles whose row does not say.

    Raises
    ------
    CorpusError
        With every faulty row; rows count from 1, the header of a CSV being row 1.
    """
    path = Path(path)
    table = _load(path)
    names = {field: next((c for c in known if c in table.columns), None) for field, known in KNOWN_AS.items()}
    missing = [f for f in ("article_id", "text") if names[f] is None]
    if missing:
        raise CorpusError(path, [Fault(path.name, 1, f"no column {f!r} (or {', '.join(KNOWN_AS[f][1:])}); there are "
                                       f"{', '.join(map(str, table.columns))}.") for f in missing])
    own = [c for c in table.columns if c not in names.values() and c not in COLUMNS]
    faults, articles, seen = [], [], {}
    first_row = 2 if path.suffix == ".csv" else 1
    for row, cells in enumerate(table.to_dict("records"), start=first_row):
        about = {f: _cell(cells[c]) if c is not None else "" for f, c in names.items()}
        text = about.pop("text") if isinstance(cells[names["text"]], str) else ""
        text = cells[names["text"]] if text else ""
        identity = about["article_id"] = re.sub(r"[^A-Za-z0-9_.-]+", "-", about["article_id"]).strip("-.")[:80]
        about["published"] = re.sub(r"[ T]00:00:00(\.0+)?$", "", about["published"])
        about["language"] = about["language"] or language
        problems = []
        if not identity:
            problems.append("the article has no id.")
        elif identity in seen:
            problems.append(f"the id {identity!r} is doubled, first in row {seen[identity]}; keep one.")
        seen.setdefault(identity, row)
        if problem := date_problem(about["published"]):
            problems.append(problem)
        if problem := text_problem(text.encode("utf-8", "surrogatepass")):
            problems.append(problem[1])
        faults += [Fault(path.name, row, p) for p in problems]
        about |= {"file": f"{identity}.txt"} | {c: _cell(cells[c]) for c in own}
        articles.append(Article(identity, text, about["language"], about))
    if not articles:
        faults.append(Fault(path.name, None, "the table holds no row."))
    if faults:
        raise CorpusError(path, faults)
    return articles


def _load(path: Path) -> pd.DataFrame:
    if path.suffix not in SUFFIXES:
        raise CorpusError(path, [Fault(path.name, None, f"a table must be one of {', '.join(SUFFIXES)}.")])
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        text = path.read_bytes().decode("utf-8-sig")
        if path.suffix == ".csv":
            return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
        return pd.read_json(io.StringIO(text), lines=True, dtype=False, convert_dates=False)
    except FileNotFoundError:
        raise CorpusError(path, [Fault(path.name, None, "no such file.")]) from None
    except UnicodeDecodeError as error:
        raise CorpusError(path, [Fault(path.name, None, f"byte {error.start} is not UTF-8; save the table as UTF-8.")]) from None
    except (ValueError, OSError) as error:  # pandas' and pyarrow's parsing errors are ValueErrors
        raise CorpusError(path, [Fault(path.name, None, f"not readable as {path.suffix[1:]}: {str(error).splitlines()[0]}")]) from None


def _cell(value) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    return " ".join(str(value).split())
