"""A corpus folder: datasheet, metadata, codebook and texts, with every check."""

from __future__ import annotations

import datetime
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, TypeGuard

import pandas as pd

from analysis.clean import REASONS, reasons_of
from analysis.codebook import Codebook, read_codebook
from analysis.errors import CorpusError, Fault, FeaturesError, TextsNeeded
from analysis.features import MANIFEST, Features, load_features
from analysis.files import project_root, recover
from analysis.io.article import (
    COLUMNS,
    Article,
    file_problem,
    header_problems,
    row_problems,
    text_problem,
)
from analysis.io.sheets import plain
from analysis.io.stories_sheet import STORIES_FILE, read_stories
from analysis.io.text import LANGUAGE, csv_rows, read_utf8, stored_text
from analysis.io.yaml import Keys, check_keys, needed, read_yaml
from analysis.text.lists import FOLDERS

PACKAGE = re.compile(r"[A-Za-z]\w*([-.]\w+)*")


def _is_text(given) -> bool:
    plain = isinstance(given, (str, int, float, datetime.date)) and not isinstance(given, bool)
    return plain and bool(str(given).strip())


def _are_languages(given) -> TypeGuard[list[str]]:
    codes = given if isinstance(given, list) else []
    return bool(codes) and all(isinstance(c, str) and LANGUAGE.fullmatch(c) for c in codes)


Text = Annotated[object, needed(_is_text, "a text")]
Languages = Annotated[
    list, needed(_are_languages, "a list of codes such as [en] (Norwegian in quotes: ['no'])")
]


class _Outlet(Keys):
    aliases: list[str] = []
    owner: str = ""
    kind: str = ""
    region: str = ""
    lean: str = ""


def _is_cleaning(given) -> bool:
    return isinstance(given, bool) or isinstance(given, list) and set(map(str, given)) <= {*REASONS}


Cleaning = Annotated[
    object, needed(_is_cleaning, f"yes, no, or a list of what to clean ({', '.join(REASONS)})")
]


def _are_pipelines(given) -> bool:
    named = given.items() if isinstance(given, dict) else [("", "")]
    return all(
        language in FOLDERS and isinstance(name, str) and PACKAGE.fullmatch(name)
        for language, name in named
    )


Pipelines = Annotated[
    dict,
    needed(
        _are_pipelines,
        "the name of an installed pipeline of spaCy by language, such as {fr: fr_core_news_md}"
        f" (languages: {', '.join(FOLDERS)})",
    ),
]


class _Datasheet(Keys):
    name: object
    title: Text
    description: Text
    languages: Languages
    texts: Literal["shared", "withheld"]
    licence: Text
    collected: Text
    outlets: dict[str, _Outlet] = {}
    clean: Cleaning = True
    syntax: Pipelines = {}
    parse: Literal["all", "voices", "none"] = "all"


@dataclass(frozen=True)
class Corpus:
    """A corpus folder that passed its checks; `load` makes one."""

    folder: Path
    datasheet: dict = field(repr=False)
    metadata: pd.DataFrame = field(repr=False)
    codebook: Codebook = field(repr=False)
    opened: Features | None = field(default=None, repr=False)
    stories: dict[str, str] = field(default_factory=dict, repr=False)  # as `stories.csv` says
    _held: dict[Path, tuple] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def name(self) -> str:
        """Name of the corpus, which is that of its folder."""
        return self.datasheet["name"]

    @property
    def withheld(self) -> bool:
        """Whether the texts may not be shared."""
        return self.datasheet["texts"] == "withheld"

    @property
    def outlets(self) -> dict[str, dict]:
        """What corpus.yml says of outlets: name → aliases, owner, kind, region, lean if given."""
        return self.datasheet.get("outlets") or {}

    @property
    def pipelines(self) -> dict[str, str]:
        """The pipelines of spaCy that corpus.yml names: language → installed package."""
        return self.datasheet.get("syntax") or {}

    @property
    def parse(self) -> str:
        """Which sentences extraction parses: "all", "voices" or "none"."""
        return self.datasheet.get("parse") or "all"

    @property
    def clean(self) -> frozenset[str]:
        """What extraction cleans in the texts; see `analysis.clean.clean`."""
        return reasons_of(self.datasheet.get("clean"))

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
            recover(place)  # else a writer that was killed would leave the other form
            if place.is_dir():
                return self._loaded(place)
        raise FeaturesError(
            f"{self.folder}: there are no features yet; run `twicetold extract {self.name}`."
        )

    def __getstate__(self) -> dict:
        return self.__dict__ | {"_held": {}}  # files that are open here are opened again elsewhere

    def _loaded(self, place: Path) -> Features:
        """Features of a folder, which check each table once: the same until others lie there."""
        try:
            written = (place / MANIFEST).stat()
        except OSError:
            return load_features(place)  # which says what is wrong
        state = (written.st_ino, written.st_mtime_ns, written.st_size)
        if self._held.get(place, (None,))[0] != state:
            self._held[place] = state, load_features(place).with_stories(self.stories)
        return self._held[place][1]

    def articles(self) -> Iterator[Article]:
        """Read the articles in the order of the metadata.

        Yields
        ------
        Article

        Raises
        ------
        TextsNeeded
            If the texts are not on this machine.
        CorpusError
            If a text cannot be read any more.
        """
        folder = self.texts
        if folder is None:
            raise TextsNeeded(
                f"{self.name}: the texts are not here. Put them into {self.folder / 'articles'}, or"
                f" set TWICETOLD_TEXTS to a folder that holds {self.name}/articles."
            )
        for row in self.metadata.to_dict("records"):
            text, problem = stored_text(folder / row["file"])
            if problem:  # it was when the corpus was loaded
                raise CorpusError(self.folder, [Fault(f"articles/{row['file']}", None, problem)])
            yield Article(row["article_id"], text, row["language"], row)


def texts_folder(folder: Path, name: str) -> Path | None:
    """The corpus folder's `articles`, else `$TWICETOLD_TEXTS/<name>/articles`, else None.

    Parameters
    ----------
    folder : Path
    name : str
        Of the corpus.

    Returns
    -------
    Path or None
    """
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
        `$TWICETOLD_CORPORA`, or the project's `corpus/`, if not given.

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
    if loaded is None:
        raise CorpusError(folder, faults)
    return loaded


def _archived(path: Path) -> Corpus:
    features = load_features(path)
    articles = features.table("articles")
    datasheet = {"name": features.corpus, "languages": features.manifest["languages"]}
    return Corpus(path, datasheet | {"texts": "withheld"}, articles, Codebook(), features)


def corpus_folder(corpus: str | Path, root: str | Path | None = None) -> Path:
    """Find the folder of a corpus.

    Parameters
    ----------
    corpus : str or path
        Its name, or the folder itself.
    root : path, optional
        `$TWICETOLD_CORPORA`, or the project's `corpus/`, if not given.

    Returns
    -------
    Path

    Raises
    ------
    CorpusError
        If there is no such folder.
    """
    if root is None:
        root = Path(os.environ.get("TWICETOLD_CORPORA") or project_root() / "corpus")
    folder = Path(corpus)
    if len(folder.parts) < 2 or not folder.is_dir():
        folder = Path(root) / corpus
    if not folder.is_dir():
        there = ", ".join(sorted(p.name for p in Path(root).glob("*/") if p.is_dir())) or "none"
        problem = f"no such folder; corpora under {root}: {there}. `twicetold new NAME` makes one."
        raise CorpusError(folder, [Fault(str(folder), None, problem)])
    return folder


def check_corpus(folder: str | Path) -> list[Fault]:
    """Find every fault of a corpus folder's own files.

    Parameters
    ----------
    folder : str or path

    Returns
    -------
    list of Fault
        By file and row; features are checked by `features.check_features`.
    """
    return sorted(_read(Path(folder))[1], key=lambda f: (f.file, f.row or 0))


def _read(folder: Path) -> tuple[Corpus | None, list[Fault]]:
    datasheet, faults = _datasheet(folder / "corpus.yml")
    languages = datasheet.get("languages")
    languages = languages if _are_languages(languages) else []
    metadata, found = _metadata(folder / "metadata.csv", languages)
    faults += found
    codebook, found = read_codebook(folder / "codebook.yml")
    faults += found
    stories, found = read_stories(folder / STORIES_FILE, set(metadata["article_id"]))
    faults += found
    texts = texts_folder(folder, folder.resolve().name)
    if texts is not None:
        faults += _texts(texts, metadata) if "rows" in metadata.attrs else []
    elif datasheet.get("texts") == "shared":
        problem = "the texts are missing, though corpus.yml says `texts: shared`."
        faults.append(Fault("articles", None, problem))
    if not faults and datasheet.get("outlets"):
        # after the texts were checked: joining names makes no two texts a fault
        names = _names_of_outlets(datasheet["outlets"])
        metadata["outlet"] = [names.get(name, name) for name in metadata["outlet"]]
    if faults:
        return None, faults
    return Corpus(folder, datasheet, metadata, codebook, stories=stories), []


def _names_of_outlets(outlets: dict[str, dict]) -> dict[str, str]:
    """Each alias → the outlet's name."""
    return {alias: name for name, about in outlets.items() for alias in about.get("aliases") or ()}


def _datasheet(path: Path) -> tuple[dict, list[Fault]]:
    content, rows, faults = read_yaml(path)
    if faults:
        return {}, faults
    faults = check_keys(_Datasheet, content, rows, path.name)
    name, folder = content.get("name"), path.resolve().parent.name
    if "name" in content and name != folder:
        problem = (
            f"name is {name!r}, but the folder is {folder!r}; they must agree (a number in quotes)."
        )
        faults.append(Fault(path.name, rows["name",], problem))
    if not faults and "outlets" in content:
        faults += _doubled_names(content["outlets"], rows, path.name)
    return content, faults


def _doubled_names(outlets: dict[str, dict], rows: dict, file: str) -> Iterator[Fault]:
    owners = {name: name for name in outlets}
    for name, about in outlets.items():
        for alias in about.get("aliases") or ():
            row = rows.get(("outlets", name, "aliases"))
            if not alias.strip():
                yield Fault(file, row, f"outlets/{name}/aliases holds an empty name; remove it.")
            elif (owner := owners.setdefault(alias, name)) != name:
                problem = (
                    f"{alias!r} is an alias of {name!r}, but stands for {owner!r} too; keep one."
                )
                yield Fault(file, row, problem)


def _metadata(path: Path, languages: list[str]) -> tuple[pd.DataFrame, list[Fault]]:
    empty = pd.DataFrame(columns=list(COLUMNS), dtype=str)
    name = path.name
    text, faults = read_utf8(path)
    if not faults:
        rows, faults = csv_rows(text, name)
    if faults:
        return empty, faults
    rows = [(line, cells) for line, cells in rows if any(cell.strip() for cell in cells)]
    if not rows:
        return empty, [Fault(name, 1, f"the file is empty; needed is {','.join(COLUMNS)}.")]
    header = [c.strip() for c in rows.pop(0)[1]]
    problems = [*header_problems(header)]
    if missing := [c for c in COLUMNS if c not in header]:
        there = ", ".join(header) if len(header) < 100 else f"{len(header)} others"
        problems.insert(0, f"the header lacks {', '.join(missing)}; there are {there}.")
    if problems:
        return empty, [Fault(name, 1, problem) for problem in problems]
    if not rows:
        faults.append(Fault(name, 1, "no article is listed."))
    good: dict[int, dict[str, str]] = {}
    for line, row in rows:
        if len(row) == len(header):
            good[line] = dict(zip(header, (plain(cell.strip()) for cell in row)))
        else:
            problem = f"{len(row)} cells, but the header has {len(header)} columns."
            faults.append(Fault(name, line, problem))
    seen: dict[tuple[str, str], int] = {}
    for line, cells in good.items():
        faults += [Fault(name, line, problem) for problem in row_problems(cells, languages)]
        for key in ("article_id", "file"):
            first = seen.setdefault((key, cells[key]), line)
            if first != line and cells[key]:
                problem = f"{key} {cells[key]!r} is doubled, first in row {first}; keep one."
                faults.append(Fault(name, line, problem))
    table = pd.DataFrame([tuple(row.values()) for row in good.values()], columns=header, dtype=str)
    table.attrs["rows"] = list(good)
    return table, faults


def _texts(folder: Path, metadata: pd.DataFrame) -> Iterator[Fault]:
    there = (p for p in folder.rglob("*") if p.is_file() and not _hidden(p))
    unlisted = {p.relative_to(folder).as_posix() for p in there} - set(metadata["file"])
    for file in sorted(unlisted):
        problem = "no row of metadata.csv lists this file; add one or remove the file."
        yield Fault(f"articles/{file}", None, problem)
    firsts: dict[tuple[bytes, str], str] = {}
    for file, outlet, row in zip(metadata["file"], metadata["outlet"], metadata.attrs["rows"]):
        path, name = folder / file, f"articles/{file}"
        if file_problem(file) is not None:
            continue  # a fault of its row already
        if path.exists() and not path.resolve().is_relative_to(folder.resolve()):
            problem = f"file {file!r} is a link that leaves the corpus folder."
            yield Fault("metadata.csv", row, problem)
            continue
        if not path.is_file():
            yield Fault("metadata.csv", row, f"no file {name}; add it or remove the row.")
            continue
        try:
            data = path.read_bytes()
        except OSError as error:
            yield Fault(name, None, f"cannot be read: {error.strerror}.")
            continue
        if (found := text_problem(data)) is not None:
            yield Fault(name, *found)
        # two outlets may run the same agency text; one outlet has it twice by mistake
        first = firsts.setdefault((hashlib.sha256(data.strip()).digest(), outlet), file)
        if data.strip() and first != file:
            problem = f"the same text as articles/{first}, of the same outlet; keep one."
            yield Fault(name, None, problem)


def _hidden(path: Path) -> bool:
    return path.name.startswith(".") or path.suffix == ".key"
