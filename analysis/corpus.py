"""A corpus folder: datasheet, metadata, codebook and texts, with every check."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import pandas as pd

from analysis.codebook import LANGUAGE, Codebook, read_codebook, read_utf8, read_yaml
from analysis.errors import CorpusError, Fault, FeaturesError, TextsNeeded
from analysis.features import Features, load_features
from analysis.files import project_root

DATASHEET = ("name", "title", "description", "languages", "texts", "licence", "collected")
COLUMNS = ("article_id", "file", "outlet", "published", "author", "url", "language")
COUNTED = (
    "n_chars",
    "n_tokens",
    "n_sentences",
    "sha256",
)  # columns that extraction adds to the metadata's
LONGEST_CELL = 100_000  # characters; Python's csv reads no more than 131,072
_BROKEN = re.compile("[\0\ud800-\udfff]")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")


@dataclass(frozen=True)
class Article:
    """One article as stored.

    Attributes
    ----------
    article_id : str
    text : str
        The text as stored; all offsets count its characters (Unicode code points).
    language : str
    about : dict
        The metadata row, with the user's own columns.
    """

    article_id: str
    text: str = field(repr=False)
    language: str = "en"
    about: dict = field(default_factory=dict, repr=False)

    @property
    def sha256(self) -> str:
        """Digest of the text's UTF-8 bytes."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Corpus:
    """A corpus folder that passed its checks; `load` makes one."""

    folder: Path
    datasheet: dict = field(repr=False)
    metadata: pd.DataFrame = field(repr=False)
    codebook: Codebook = field(repr=False)
    opened: Features | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return self.datasheet["name"]

    @property
    def withheld(self) -> bool:
        """Whether the texts may not be shared."""
        return self.datasheet["texts"] == "withheld"

    @property
    def texts(self) -> Path | None:
        """Folder that holds the texts, or None where they are not on this machine."""
        return texts_folder(self.folder, self.name)

    @property
    def features(self) -> Features:
        """The features that are measured: the shared form where there is one, else the private one.

        Raises
        ------
        FeaturesError
            If there are none yet.
        """
        if self.opened is not None:
            return self.opened
        for place in (self.folder / "features", self.folder / "private"):
            if place.is_dir():
                return load_features(place)
        raise FeaturesError(
            f"{self.folder}: there are no features yet; run `twicetold extract {self.name}`."
        )

    def articles(self) -> Iterator[Article]:
        """Read the articles in the order of the metadata.

        Raises
        ------
        TextsNeeded
            If the texts are not on this machine.
        """
        folder = self.texts
        if folder is None:
            raise TextsNeeded(
                f"{self.name}: the texts are not here. Put them into {self.folder / 'articles'}, or"
                f" set TWICETOLD_TEXTS to a folder that holds {self.name}/articles."
            )
        for row in self.metadata.to_dict("records"):
            text = (folder / row["file"]).read_bytes().decode("utf-8")
            yield Article(row["article_id"], text, row["language"], row)


def texts_folder(folder: Path, name: str) -> Path | None:
    """The corpus folder's `articles`, else `$TWICETOLD_TEXTS/<name>/articles`, else None."""
    places = [Path(folder) / "articles"]
    if os.environ.get("TWICETOLD_TEXTS"):
        places.append(Path(os.environ["TWICETOLD_TEXTS"]) / name / "articles")
    return next(
        (p for p in places if p.is_dir() and any(not _hidden(f) for f in p.iterdir())), None
    )


def load(corpus: str | Path, *, root: str | Path | None = None) -> Corpus:
    """Load a corpus: its datasheet, metadata, codebook, and a handle on its features.

    Nothing is extracted. The features are opened when a measure asks for them.

    Parameters
    ----------
    corpus : str or path
        The name of a folder under `root`; a folder; or an archive that `twicetold share` wrote.
    root : path, optional
        The project's `corpus/` if not given.

    Returns
    -------
    Corpus

    Raises
    ------
    CorpusError
        With every fault that `check_corpus` finds.
    FeaturesError
        If an archive is damaged.

    Examples
    --------
    >>> import analysis as tw
    >>> corpus = tw.load("amnesty2024")
    >>> corpus.name, corpus.withheld, len(corpus.metadata)
    ('amnesty2024', True, 5)
    """
    if Path(corpus).is_file():
        return _archived(Path(corpus))
    folder = corpus_folder(corpus, root)
    loaded, faults = _read(folder)
    if faults:
        raise CorpusError(folder, faults)
    return loaded


def _archived(path: Path) -> Corpus:
    features = load_features(path)
    articles = features.table("articles")
    datasheet = {"name": features.corpus, "languages": features.manifest["languages"]}
    return Corpus(path, datasheet | {"texts": "withheld"}, articles, Codebook(), features)


def corpus_folder(corpus: str | Path, root: str | Path | None = None) -> Path:
    """Where a corpus named or given by its folder stands."""
    root = project_root() / "corpus" if root is None else root
    folder = (
        Path(corpus)
        if Path(corpus).is_dir() and len(Path(corpus).parts) > 1
        else Path(root) / corpus
    )
    if not folder.is_dir():
        there = (
            sorted(p.name for p in Path(root).glob("*/") if p.is_dir())
            if Path(root).is_dir()
            else []
        )
        raise CorpusError(
            folder,
            [
                Fault(
                    str(folder),
                    None,
                    f"no such folder; corpora under {root}: "
                    f"{', '.join(there) or 'none'}. `twicetold new NAME` makes one.",
                )
            ],
        )
    return folder


def check_corpus(folder: str | Path) -> list[Fault]:
    """Find every fault of a corpus folder's own files (features are checked by
    `analysis.features.check`).
    """
    return sorted(_read(Path(folder))[1], key=lambda f: (f.file, f.row or 0))


def _read(folder: Path) -> tuple[Corpus | None, list[Fault]]:
    datasheet, faults = _datasheet(folder)
    metadata, found = _metadata(folder / "metadata.csv", datasheet.get("languages") or [])
    faults += found
    codebook, found = read_codebook(folder / "codebook.yml")
    faults += found
    texts = texts_folder(folder, folder.resolve().name)
    if texts is not None:
        faults += _texts(texts, metadata) if "rows" in metadata.attrs else []
    elif datasheet.get("texts") == "shared":
        faults.append(
            Fault(
                "articles", None, "the texts are missing, though corpus.yml says `texts: shared`."
            )
        )
    return (None if faults else Corpus(folder, datasheet, metadata, codebook)), faults


def _datasheet(folder: Path) -> tuple[dict, list[Fault]]:
    said, rows, faults = read_yaml(folder / "corpus.yml")
    if faults:
        return {}, faults

    def fault(key, problem):
        faults.append(Fault("corpus.yml", rows.get((key,)), problem))

    for key in said:
        if key not in DATASHEET:
            fault(key, f"unknown key {key!r}; allowed are {', '.join(DATASHEET)}.")
    for key in DATASHEET:
        if key not in said:
            fault(key, f"the key {key!r} is missing.")
    if "name" in said and said["name"] != folder.resolve().name:
        fault(
            "name",
            f"name is {said['name']!r}, but the folder is {folder.resolve().name!r}; they must"
            " agree (a number in quotes).",
        )
    if "texts" in said and said["texts"] not in ("shared", "withheld"):
        fault("texts", f"texts is {said['texts']!r}; allowed are shared and withheld.")
    for key in ("title", "description", "licence", "collected"):
        given = said.get(key, "-")
        if (
            not isinstance(given, (str, int, float, datetime.date))
            or isinstance(given, bool)
            or not str(given).strip()
        ):
            fault(key, f"{key} is {given!r}; needed is a text.")
    languages = said.get("languages", ["en"])
    if (
        not isinstance(languages, list)
        or not languages
        or not all(isinstance(code, str) and LANGUAGE.fullmatch(code) for code in languages)
    ):
        fault(
            "languages",
            f"languages is {languages!r}; needed is a list of codes such as [en] (Norwegian in"
            " quotes: ['no']).",
        )
        said["languages"] = []
    return said, faults


def _metadata(path: Path, languages: list[str]) -> tuple[pd.DataFrame, list[Fault]]:
    empty = pd.DataFrame(columns=list(COLUMNS), dtype=str)
    name = path.name
    text, faults = read_utf8(path)
    if faults:
        return empty, faults
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines, rows, first = [], [], 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
                lines.append(first)
            first = reader.line_num + 1  # a cell may run over several lines
    except csv.Error as error:
        return empty, [Fault(name, reader.line_num, f"not readable as CSV: {error}.")]
    if not rows:
        return empty, [
            Fault(name, 1, f"the file is empty; its header must be {','.join(COLUMNS)}.")
        ]
    header = [c.strip() for c in rows[0]]
    there = (
        f"there are {', '.join(header)}" if len(header) < 100 else f"there are {len(header)} others"
    )
    missing = [c for c in COLUMNS if c not in header]
    faults = [Fault(name, 1, f"the header lacks {', '.join(missing)}; {there}.")] if missing else []
    faults += [Fault(name, 1, p) for p in header_problems(header)]
    if faults:
        return empty, faults
    if len(rows) == 1:
        faults.append(Fault(name, 1, "no article is listed."))
    good, kept, seen = [], [], {"article_id": {}, "file": {}}
    for line, row in zip(lines[1:], rows[1:]):
        if len(row) != len(header):
            faults.append(
                Fault(name, line, f"{len(row)} cells, but the header has {len(header)} columns.")
            )
            continue
        cells = {c: v.strip() for c, v in zip(header, row)}
        good.append(cells)
        kept.append(line)
        faults += [Fault(name, line, p) for p in _row_problems(cells, languages)]
        for key, before in seen.items():
            value = cells[key]
            if value and value in before:
                faults.append(
                    Fault(
                        name,
                        line,
                        f"{key} {value!r} is doubled, first in row {before[value]}; keep one.",
                    )
                )
            before.setdefault(value, line)
    table = pd.DataFrame([tuple(cells.values()) for cells in good], columns=header, dtype=str)
    table.attrs["rows"] = kept
    return table, faults


def header_problems(header: list[str]) -> Iterator[str]:
    """What is wrong with a table's column names: doubled, empty, or taken by extraction."""
    counts = Counter(c.strip() for c in header)
    yield from (f"the column {c!r} stands twice; keep one." for c in counts if c and counts[c] > 1)
    yield from (
        f"column {i} has no name; give it one, or remove it."
        for i, c in enumerate(header, start=1)
        if not c.strip()
    )
    yield from (
        f"the column {c!r} holds NUL or half a character; give it another name."
        for c in counts
        if _BROKEN.search(c)
    )
    yield from (
        f"the column {c!r} is made by extraction; give yours another name."
        for c in COUNTED
        if c in counts
    )


def cell_problem(column: str, cell: str) -> str | None:
    """What is wrong with a cell of metadata, or None."""
    if len(cell) > LONGEST_CELL:
        return (
            f"{column} has {len(cell):,} characters; allowed are {LONGEST_CELL:,}. Remove the"
            " column."
        )
    if (bad := _BROKEN.search(cell)) is not None:
        return f"{column} holds {bad.group()!r}, which is NUL or half a character; remove it."
    if find_mojibake(cell) is not None:
        return (
            f"{column} {cell!r} holds mojibake: UTF-8 was read as another encoding; fetch or"
            " convert it again."
        )
    return None


def _file_problem(file: str) -> str | None:
    path = PurePosixPath(file)
    if not file:
        return "file is empty; needed is the text's file name inside articles/."
    if "\\" in file or path.is_absolute() or ".." in path.parts:
        return f"file {file!r} leaves the corpus folder; give a name inside articles/."
    if len(file.encode()) > 255:
        return f"file {file[:20]!r}... is longer than 255 bytes; give it a shorter name."
    if path.as_posix() != file or file == ".":
        return f"file {file!r} is not written plainly; give {path.as_posix()!r}."
    return None


def _row_problems(cells: dict, languages: list[str]) -> Iterator[str]:
    if not _ID.fullmatch(cells["article_id"]):
        yield (
            f"article_id {cells['article_id']!r}: needed are 1 to 80 letters, digits, dots, dashes"
            " or underscores."
        )
    if (problem := _file_problem(cells["file"])) is not None:
        yield problem
    yield from filter(None, (cell_problem(column, cell) for column, cell in cells.items()))
    if (problem := date_problem(cells["published"])) is not None:
        yield problem
    if languages and cells["language"] not in languages:
        yield (
            f"language {cells['language']!r} is not among corpus.yml's languages"
            f" ({', '.join(languages)})."
        )


def date_problem(published: str) -> str | None:
    """What is wrong with a date, or None: allowed are empty, YYYY-MM-DD, or a date-time with its
    zone.
    """
    if not published:
        return None
    allowed = "allowed are empty, YYYY-MM-DD, or YYYY-MM-DDThh:mm with a zone such as +02:00 or Z."
    try:
        when = datetime.datetime.fromisoformat(published)
    except ValueError:
        return f"published {published!r} is no date; {allowed}"
    if not re.match(r"\d{4}-\d\d-\d\d", published) or when.year < 1600:
        return f"published {published!r} is not a plausible date; {allowed}"
    if len(published) > 10 and when.tzinfo is None:
        return f"published {published!r} lacks a time zone; {allowed}"
    return None


def _texts(folder: Path, metadata: pd.DataFrame) -> list[Fault]:
    faults: list[Fault] = []
    rows = dict(zip(metadata["file"], metadata.attrs.get("rows", [])))
    root = folder.resolve()
    there = {
        p.relative_to(folder).as_posix()
        for p in folder.rglob("*")
        if p.is_file() and not _hidden(p)
    }
    for file in sorted(there - set(rows)):
        faults.append(
            Fault(
                f"articles/{file}",
                None,
                "no row of metadata.csv lists this file; add one or remove the file.",
            )
        )
    outlets = dict(zip(metadata["file"], metadata["outlet"]))
    digests: dict[tuple[bytes, str], str] = {}
    for file, row in rows.items():
        path = folder / file
        if _file_problem(file) is not None:
            continue  # told with its row already
        if path.exists() and not path.resolve().is_relative_to(root):
            faults.append(
                Fault(
                    "metadata.csv", row, f"file {file!r} is a link that leaves the corpus folder."
                )
            )
        elif not path.is_file():
            faults.append(
                Fault("metadata.csv", row, f"no file articles/{file}; add it or remove the row.")
            )
        else:
            try:
                data = path.read_bytes()
            except OSError as error:
                faults.append(Fault(f"articles/{file}", None, f"cannot be read: {error.strerror}."))
                continue
            problem = text_problem(data)
            if problem is not None:
                faults.append(Fault(f"articles/{file}", problem[0], problem[1]))
            # two outlets may run the same agency text; one outlet has it twice by mistake
            digest = hashlib.sha256(data.strip()).digest(), outlets[file]
            if data.strip() and digest in digests:
                faults.append(
                    Fault(
                        f"articles/{file}",
                        None,
                        f"the same text as articles/{digests[digest]}, of the same outlet; keep"
                        " one.",
                    )
                )
            digests.setdefault(digest, file)
    return faults


def _hidden(path: Path) -> bool:
    return path.name.startswith(".") or path.suffix == ".key"


def text_problem(data: bytes) -> tuple[int | None, str] | None:
    """Line and fault of a text's bytes: undecodable, mojibake, or without a word; None if it is
    sound.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return (
            line,
            f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8; save the text as UTF-8.",
        )
    if "\0" in text:
        return (
            text.count("\n", 0, text.index("\0")) + 1,
            f"NUL at character {text.index(chr(0))}, as in UTF-16; save the text as UTF-8.",
        )
    if not any(c.isalnum() for c in text):
        return None, "the text is empty: it holds no letter and no digit."
    broken = find_mojibake(text)
    if broken is not None:
        line = text.count("\n", 0, broken) + 1
        return (
            line,
            (
                f"mojibake at character {broken} ({text[broken : broken + 3]!r}): UTF-8 was read as"
                " another encoding; fetch or convert the text again."
            ),
        )
    return None


_HIGH = re.compile(
    r"[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{2,}"
)


def find_mojibake(text: str) -> int | None:
    """Offset of the first characters that are UTF-8 decoded as Windows-1252, or of a replacement
    character.

    Such a run turns into valid UTF-8 when it is encoded back; real text almost never does.
    """
    first = text.find("\ufffd")
    for run in _HIGH.finditer(text):
        for start in range(run.start(), run.end() - 1):
            for end in range(start + 2, min(start + 4, run.end()) + 1):
                try:
                    back = _cp1252(text[start:end]).decode("utf-8")
                except (UnicodeEncodeError, UnicodeDecodeError):
                    continue
                # Latin-1 letters, general punctuation and emoji; other hits are capitals before a
                # guillemet
                if len(back) == 1 and (
                    back <= "\xff" or "\u2000" <= back <= "\u20bf" or back > "\uffff"
                ):
                    return start if first < 0 else min(start, first)
    return first if first >= 0 else None


def _cp1252(text: str) -> bytes:
    # the five bytes that Windows-1252 leaves undefined are read as C1 controls by most software
    return b"".join(bytes([ord(c)]) if "\x80" <= c <= "\x9f" else c.encode("cp1252") for c in text)
