"""Scaffold: a corpus folder to start from."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

from analysis.errors import CorpusError, Fault, OptionError
from analysis.files import new_folder
from analysis.io.article import COLUMNS, is_portable
from analysis.io.article_tables import read_articles
from analysis.io.text import LANGUAGE

SCAFFOLD = Path(__file__).parent / "data" / "scaffold"


def new_corpus(
    name: str, *, root: str | Path = "corpus", table: str | Path | None = None, language: str = "en"
) -> Path:
    """Write `corpus/<name>` with a datasheet, a codebook and, from a table, metadata and texts.

    Parameters
    ----------
    name : str
        1 to 60 letters, digits, dashes or underscores.
    root : path
        The folder of all corpora.
    table : path, optional
        A table of articles that `read_articles` reads.
    language : str
        Of articles whose row does not say.

    Returns
    -------
    Path
        The new folder.

    Raises
    ------
    CorpusError
        If the folder is there already, or the table has faults; nothing is written then.
    OptionError
        If the language is no code.
    """
    folder = Path(root) / name
    problem = None
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}", name) or not is_portable(name):
        needed = "1 to 60 letters, digits, dashes or underscores"
        problem = f"a name has {needed}, and is none that Windows reserves, such as con."
    elif folder.exists():
        problem = "is there already; choose another name or remove it yourself."
    if problem is not None:
        raise CorpusError(folder, [Fault(str(folder), None, problem)])
    if not LANGUAGE.fullmatch(language):
        raise OptionError(f"language must be a code such as en, de or pt-BR (got {language!r})")
    articles = read_articles(table, language=language) if table is not None else []
    own = [c for c in (articles[0].about if articles else {}) if c not in COLUMNS]
    sink = io.StringIO()
    writer = csv.DictWriter(sink, [*COLUMNS, *own], lineterminator="\n")
    writer.writeheader()
    with new_folder(folder) as fresh:
        (fresh / "articles").mkdir()
        for article in articles:
            writer.writerow(article.about)
            (fresh / "articles" / article.about["file"]).write_bytes(article.text.encode("utf-8"))
        # in quotes, because YAML reads a name of digits as a number, and Norwegian's code as false
        languages = ", ".join(map(json.dumps, sorted({a.language for a in articles}) or [language]))
        files = {
            "corpus.yml": _template("corpus.yml").format(
                name=json.dumps(name), languages=languages
            ),
            "codebook.yml": _template("codebook.yml"),
            ".gitignore": _template("gitignore"),
            "metadata.csv": sink.getvalue(),
        }
        for file, text in files.items():
            (fresh / file).write_text(text, encoding="utf-8", newline="\n")
    return folder


def _template(name: str) -> str:
    return (SCAFFOLD / name).read_text(encoding="utf-8")
