"""What is given the hostile inputs: every public function of a text, and every reader of files."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType

import analysis.clean
import analysis.io
import analysis.languages
import analysis.text
from analysis.codebook import Codebook, read_codebook
from analysis.corpus import check_corpus
from analysis.extract.memory import extract_articles
from analysis.io.article import Article
from analysis.io.dates import read_dates
from analysis.io.dictionaries import load_dictionary
from analysis.io.frame_codes import read_frame_codes
from analysis.io.reading import read_articles
from analysis.io.sheets import read_sheet
from analysis.io.stories_sheet import read_stories
from analysis.va import read_key, read_sheets

_ROOMS = (analysis.text, analysis.clean, analysis.languages, analysis.io)
WHOLE = ("text", "block")  # parameters that are a whole text or paragraph, and no name or cell
_NO_TEXT = ("language", "language_code", "code")  # parameters that are no words of an article


def modules() -> Iterator[ModuleType]:
    """All modules of the rooms that read texts."""
    for room in _ROOMS:
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            yield importlib.import_module(found.name)


def text_functions(*, whole: bool = False) -> dict[str, Callable[[str], object]]:
    """Every public function that a text alone can be given, by room, module and name.

    Those that need more, such as words or a parse, are given it by `whole_articles`. With `whole`
    those that a whole text is given, and no name or cell of a table.
    """
    found = {}
    for module in modules():
        for name, function in vars(module).items():
            ours = isinstance(function, FunctionType) and function.__module__ == module.__name__
            if ours and not name.startswith("_") and _takes_a_text(function, whole):
                found[f"{module.__name__.removeprefix('analysis.')}.{name}"] = _all_of(function)
    if not whole:
        found["io.dates.read_dates"] = lambda text: read_dates(text.splitlines()[:50])
    return found


def _takes_a_text(function: Callable, whole: bool) -> bool:
    first, *others = inspect.signature(function).parameters.values() or [None]
    if first is None or first.annotation not in ("str", str) or first.name in _NO_TEXT:
        return False
    if whole and first.name not in WHOLE:
        return False
    required = [p for p in others if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    return first.kind is not first.VAR_POSITIONAL and not required


def _all_of(function: Callable) -> Callable[[str], object]:
    def called(text: str):
        given = function(text)
        return [*given] if isinstance(given, Iterator) else given

    return called


def whole_articles(texts: list[str], *, parse: str = "none", language: str = "en") -> None:
    """Extract the articles with these texts.

    Raises
    ------
    UserWarning
        Of what could not be found in an article: extraction itself goes on.
    AssertionError
        If anything is said to stand outside the text.
    """
    actors = {"mayor": {"name": "Ola Brandt", "aliases": ["Brandt", "the mayor"]}}
    about = {"outlet": "Lantern", "published": "2024-08-01"}
    articles = [Article(f"a{i}", text, language, about) for i, text in enumerate(texts)]
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        features = extract_articles(articles, codebook=Codebook(actors=actors), parse=parse)
    lengths = {article.article_id: len(article.text) for article in articles}
    for table in features.manifest["tables"]:
        frame = features.table(table)
        if len(frame) and {"start", "end"} <= set(frame):
            inside = frame["start"].between(0, frame["end"])
            inside &= frame["end"] <= frame["article_id"].map(lengths)
            assert inside.all(), f"{table}: offsets outside the text"


# What the readers besides `read_articles` read: a right file of each, which is then spoiled.
SMALL_FILES = {
    "sheet.csv": "unit;text;code (-1, 0, 1)\nmwkbvg;“No,” she said.;-1\nqqqqqq;Good.;1\n",
    "key.csv": 'unit,coders,stratum,weight,article_id,codes\nmwkbvg,a; b,x,1,a1,"[-1, 0, 1]"\n',
    "frames.csv": "article_id,sentence,frame,coder\na1,0,conflict,ada\na1,1,,ada\nb1,0,cost,ada\n",
    "stories.csv": "article_id,story,title\na1,crane,The crane\nb1,crane,A fall\n",
    "words.csv": "word,score\ngood,1\nbad,-2\nawful*,-1\nvery good,2\n",
    "words.dic": "%\n1\tposemo\n2\tnegemo\n%\ngood\t1\nbad*\t2\nkind of\t1 2\n",
    "words.lc3": "+\n good *\n-\n bad\n",
    "words.yml": "positive:\n  - good\n  - great*\nnegative: [bad, awful*]\n",
    "words.txt": "good\t1\nbad\t-2\nawful\t-3\n",
    "words.json": '{"good": 1, "bad": -2}',
    "codebook.yml": (
        "actors:\n  mayor: {name: Ada Mayor, aliases: [Mayor], side: town}\nframes:\n  conflict:"
        " {words: [clash*, accus*, sharp words]}\ndictionaries:\n  mine: {file: words.csv,"
        " language: en}\ntone: [mayor]\n"
    ),
    "corpus.yml": (
        "name: small\ntitle: Small\ndescription: For tests\nlanguages: [en]\ntexts: shared\n"
        "licence: CC0-1.0\ncollected: Written for tests\n"
    ),
    "metadata.csv": (
        "article_id,file,outlet,published,author,url,language\n"
        "a1,a1.txt,The Times,2024-08-01,,,en\nb1,b1.txt,Echo,,,,en\n"
    ),
}


def small_reader(name: str) -> Callable[[Path], object]:
    """Read a spoiled file as the reader of such files does."""
    if name == "sheet.csv":
        return _read_sheets
    if name == "key.csv":
        return read_key
    if name == "frames.csv":
        return read_frame_codes
    if name == "stories.csv":
        return lambda path: read_stories(path, ["a1", "b1"])
    if name.startswith("words."):
        return lambda path: load_dictionary(
            "mine", {"file": path.name, "language": "en"}, path.parent
        )
    if name == "codebook.yml":
        return _read_codebook
    return _check


def _read_codebook(path: Path):
    (path.parent / "words.csv").write_text(SMALL_FILES["words.csv"], encoding="utf-8")
    return read_codebook(path)


def _read_sheets(path: Path):
    read_sheet(path)
    key = path.with_name("key.csv")
    key.write_text(SMALL_FILES["key.csv"], encoding="utf-8")
    return read_sheets([path], key)


def _check(path: Path):
    """All faults of a corpus folder with one spoiled file."""
    folder = path.parent / "small"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "articles").mkdir(parents=True)
    for name in ("a1", "b1"):
        (folder / "articles" / f"{name}.txt").write_text("Nobody came.\n", encoding="utf-8")
    for name in ("corpus.yml", "metadata.csv", "codebook.yml", "words.csv"):
        (folder / name).write_text(SMALL_FILES[name], encoding="utf-8")
    shutil.copyfile(path, folder / path.name)
    return check_corpus(folder)


def read_export(path: Path, format: str | None = None):
    """Read a spoiled export as `twicetold new --from` does, and every text of it."""
    reading = read_articles(path, format=format)
    return [article.text for article in reading]
