"""Scaffold: a corpus folder to start from."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from analysis.clean.duplicates import near_duplicates
from analysis.errors import CorpusError, Fault, OptionError
from analysis.files import new_folder
from analysis.io.article import is_portable
from analysis.io.articles import Reading
from analysis.io.import_report import Line, report_csv
from analysis.io.outlet_names import as_yaml, same_houses
from analysis.io.reading import read_articles
from analysis.io.sheets import safe
from analysis.io.text import LANGUAGE
from analysis.suggest import spacing, suggest_actors

SCAFFOLD = Path(__file__).parent / "data" / "scaffold"
REPORT = "import.csv"


def new_corpus(
    name: str,
    *,
    root: str | Path = "corpus",
    paths: str | Path | Iterable[str | Path] = (),
    language: str | None = None,
    drop_duplicates: str | None = None,
    say: Callable[[str], object] | None = None,
    **options,
) -> Path:
    """Write `corpus/<name>` with a datasheet, a codebook, and articles from files of any format.

    Parameters
    ----------
    name : str
        1 to 60 letters, digits, dashes or underscores.
    root : path
        The folder of all corpora.
    paths : path or several
        Files and folders that `read_articles` reads.
    language : str, optional
        Of articles whose export does not say; en if None.
    drop_duplicates : {"longest", "first", "last"}, optional
        Which of the articles of one outlet that are nearly the same to keep; all if None.
    say : callable, optional
        Takes each line of what was recognised, left out and could be joined.
    **options
        As for `read_articles`.

    Returns
    -------
    Path
        The new folder; `import.csv` in it says what was left out, left empty or guessed.

    Raises
    ------
    CorpusError
        If the folder is there already, no article is left, or `strict` and anything is to report;
        nothing is written then.
    OptionError
        If an option is none that is allowed.
    """
    folder = Path(root) / name
    _check_name(name, folder)
    if language is not None and not LANGUAGE.fullmatch(language):
        raise OptionError(f"language must be a code such as en, de or pt-BR (got {language!r})")
    paths = [paths] if isinstance(paths, (str, Path)) else list(paths)
    reading = read_articles(paths, language=language, **options) if paths else Reading()
    _near_duplicates(reading, drop_duplicates)
    houses = same_houses(row["outlet"] for row in reading.rows)
    with new_folder(folder) as fresh:
        write_articles(reading, fresh)
        # in quotes, because YAML reads a name of digits as a number, and Norwegian's code as false
        codes = sorted({row["language"] for row in reading.rows}) or [language or "en"]
        languages = ", ".join(map(json.dumps, codes))
        datasheet = _template("corpus.yml").format(name=json.dumps(name), languages=languages)
        files = {
            "corpus.yml": datasheet + as_yaml(houses),
            "codebook.yml": _suggested(reading) + _template("codebook.yml"),
            ".gitignore": _template("gitignore"),
        }
        for file, text in files.items():
            (fresh / file).write_text(text, encoding="utf-8", newline="\n")
    if say is not None and paths:
        _say(say, reading, houses, folder)
    return folder


def _near_duplicates(reading: Reading, keep: str | None) -> None:
    """Leave out, or only report, what is nearly the same as another article of its outlet."""
    texts = zip(reading.rows, (article.text for article in reading))
    named = (
        (row["article_id"], row["outlet"], row["published"], text)
        for row, text in texts
        if row["outlet"]
    )
    found = near_duplicates(named, keep=keep or "longest")
    place = {row["article_id"]: at for at, row in enumerate(reading.rows)}
    faults = {}
    for row in found.itertuples():
        origin = reading.origins[place[row.kept]]
        other = ", row ".join(str(part) for part in origin if part is not None)
        problem = f"nearly the same text as {other}, of the same outlet ({row.share:.0%} shared)"
        faults[place[row.article_id]] = problem
    if keep is not None:
        reading.leave_out(faults)
        return
    for at, problem in sorted(faults.items()):
        line = Line(*reading.origins[at], problem, "kept; --drop-duplicates leaves it out")
        reading.report.append(line)


def _suggested(reading: Reading) -> str:
    """Actors for the codebook: whom the articles name most, or an example where there are none."""
    if not len(reading):
        return _template("actors.yml")
    step = spacing(len(reading))
    read = [article for place, article in enumerate(reading) if place % step == 0]
    return suggest_actors(read, of=len(reading))


def _check_name(name: str, folder: Path) -> None:
    problem = None
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}", name) or not is_portable(name):
        needed = "1 to 60 letters, digits, dashes or underscores"
        problem = f"a name has {needed}, and is none that Windows reserves, such as con."
    elif folder.exists():
        problem = "is there already; choose another name or remove it yourself."
    if problem is not None:
        raise CorpusError(folder, [Fault(str(folder), None, problem)])


def write_articles(reading: Reading, folder: Path) -> None:
    """Write texts, metadata and the report of a reading into a corpus folder.

    Parameters
    ----------
    reading : Reading
    folder : path
    """
    (folder / "articles").mkdir()
    sink = io.StringIO()
    writer = csv.DictWriter(sink, reading.columns, lineterminator="\n")
    writer.writeheader()
    for article in reading:
        writer.writerow({column: safe(cell) for column, cell in article.about.items()})
        (folder / "articles" / article.about["file"]).write_bytes(article.text.encode("utf-8"))
    (folder / "metadata.csv").write_text(sink.getvalue(), encoding="utf-8", newline="\n")
    if reading.formats:
        (folder / REPORT).write_bytes(report_csv(reading.report))


def _say(say: Callable, reading: Reading, houses: dict[str, list[str]], folder: Path) -> None:
    say(f"{reading.recognised()}.")
    say(f"{len(reading):,} article{'s' * (len(reading) != 1)} read.")
    for line in reading.summary():
        say(f"  - {line}")
    if reading.report:
        say(f"{folder / REPORT} lists each of them.")
    for name, others in houses.items():
        say(f"{name} and {', '.join(others)} may be one outlet:")
    if houses:
        say(f"  see `outlets` in {folder / 'corpus.yml'}, which joins them.")


def _template(name: str) -> str:
    return (SCAFFOLD / name).read_text(encoding="utf-8")
