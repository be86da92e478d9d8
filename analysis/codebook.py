"""The codebook: who the actors are, which words make a frame, which dictionaries score sentences."""

from __future__ import annotations

import csv
import functools
import hashlib
import importlib.resources
import io
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError

from .errors import Fault

KEYS = {
    "actors": {"name", "aliases", "side"},
    "frames": {"description", "words"},
    "dictionaries": {"package", "file", "language"},
}
PACKAGED = {"vader": ("vaderSentiment", "vader_lexicon.txt", "en")}
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True)
class Entry:
    """One entry of the codebook that extraction applies to every article.

    Attributes
    ----------
    kind : {"frame", "dictionary"}
    name : str
        Unique within its kind.
    weights : dict of str to float
        Word pattern → weight. A pattern is a word, a word with a trailing ``*`` that stands for any
        ending, or several words with single spaces. A frame's weights are all 1.
    language : str or None
        Language that the entry was made for; None for a frame, which is the corpus owner's own.
    """

    kind: str
    name: str
    weights: dict[str, float] = field(repr=False)
    language: str | None = None

    @property
    def digest(self) -> str:
        """sha256 of all that extraction takes from the entry."""
        said = [self.kind, self.name, sorted(self.weights.items()), self.language]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Codebook:
    """Actors, frames and dictionaries of one corpus (see `docs/corpora.md` for the file)."""

    actors: dict[str, dict] = field(default_factory=dict)
    frames: dict[str, dict] = field(default_factory=dict)
    dictionaries: dict[str, dict] = field(default_factory=dict)
    tone: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()


def read_codebook(path: str | Path) -> tuple[Codebook, list[Fault]]:
    """Read `codebook.yml`; whatever is wrong comes back as faults with their rows."""
    path = Path(path)
    said, rows, faults = read_yaml(path)
    if faults:
        return Codebook(), faults
    at = path.name

    def fault(problem, *keys):
        faults.append(Fault(at, rows.get(keys), problem))

    allowed = [*KEYS, "tone"]
    for key in said:
        if key not in allowed:
            fault(f"unknown key {key!r}; allowed are {', '.join(allowed)}.", key)
    sections = {}
    for section, fields in KEYS.items():
        content, needed = said.get(section), f"the fields {', '.join(sorted(fields))}"
        if content is not None and not isinstance(content, dict):
            fault(f"{section} is {content!r}; it must map each name to {needed}.", section)
        sections[section] = {}
        for name, entry in content.items() if isinstance(content, dict) else ():
            if not isinstance(entry, dict) or not name.strip():
                fault(f"{section}/{name} is {entry!r}; a name must stand there, and map to {needed}.", section, name)
                continue
            sections[section][name] = entry
            for key in sorted(set(entry) - fields):
                fault(f"{section}/{name} has an unknown key {key!r}; allowed are {', '.join(sorted(fields))}.",
                      section, name, key)
            for key in ("description", "side"):
                if key in entry and not isinstance(entry[key], str):
                    fault(f"{section}/{name}: {key} is {entry[key]!r}; write a text, or leave it out.", section, name, key)

    entries = []
    for name, entry in sections["frames"].items():
        words = entry.get("words")
        wrong = [w for w in words if not _is_word(w)] if isinstance(words, list) else [words]
        if wrong or not words:
            fault(f"frame {name!r} needs `words`, a list of words or phrases, each with at most a trailing *"
                  + (f"; given is {', '.join(map(repr, wrong[:5]))}." if wrong else "."), "frames", name)
        else:
            entries.append(Entry("frame", name, {" ".join(w.lower().split()): 1.0 for w in words}))
    for name, entry in sections["dictionaries"].items():
        try:
            made, found = _dictionary(name, entry, path.parent)
        except ValueError as error:
            fault(str(error), "dictionaries", name)
        else:
            faults += found
            entries += made
    for name, entry in sections["actors"].items():
        said_name, aliases = entry.get("name"), entry.get("aliases", [])
        if not isinstance(said_name, str) or not said_name.strip() or not isinstance(aliases, list) \
                or not all(isinstance(a, str) and a.strip() for a in aliases):
            fault(f"actor {name!r} needs a `name` and may have `aliases`, a list of names.", "actors", name)
    tone = said.get("tone")
    if tone is not None and not isinstance(tone, list):
        fault(f"tone is {tone!r}; it must be a list of actors.", "tone")
    tone = tone if isinstance(tone, list) else []
    for place, actor in enumerate(tone):
        if not isinstance(actor, str) or actor not in sections["actors"]:
            fault(f"tone names {actor!r}, who is not among the actors ({', '.join(sections['actors'])}).", "tone")
        elif actor in tone[:place]:
            fault(f"tone names {actor!r} twice; keep one.", "tone")
    return Codebook(**sections, tone=tuple(map(str, tone)), entries=tuple(entries)), faults


def _is_word(word) -> bool:
    # without a letter or digit it could match no word of a text
    return isinstance(word, str) and any(c.isalnum() for c in word) and "*" not in word[:-1]


def _dictionary(name: str, entry: dict, folder: Path) -> tuple[list[Entry], list[Fault]]:
    """Load the weights of a dictionary, scaled so that the heaviest word weighs 1."""
    if ("package" in entry) == ("file" in entry):
        raise ValueError(f"dictionary {name!r} needs either `package` ({', '.join(PACKAGED)}) or `file`, "
                         "a CSV with the columns word and score.")
    if "package" in entry:
        if entry["package"] not in list(PACKAGED):
            raise ValueError(f"dictionary {name!r} names the package {entry['package']!r}; "
                             f"allowed are {', '.join(PACKAGED)}.")
        _, file, language = PACKAGED[entry["package"]]
        if entry.get("language", language) != language:
            raise ValueError(f"dictionary {name!r} says language {entry['language']!r}, but the package "
                             f"{entry['package']} is for {language!r}: scores do not cross languages.")
        lines = _packaged(entry["package"])
    else:
        file, language = entry["file"], entry.get("language")
        if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
            raise ValueError(f"dictionary {name!r} needs `language`, a code such as en: scores do not cross languages.")
        if not isinstance(file, str) or not _inside(folder / file, folder):
            raise ValueError(f"dictionary {name!r}: no file {file!r} inside the corpus folder.")
        lines, faults = _rows(folder / file, file)
        if faults:
            return [], faults
    weights: dict[str, float] = {}
    faults = []
    for number, row in lines:
        try:
            word, score = " ".join(row[0].lower().split()), float(row[1])
        except (IndexError, ValueError):
            faults.append(Fault(file, number, f"{row!r} was given; needed are a word and a number."))
            continue
        if not _is_word(word) or not abs(score) < float("inf"):
            faults.append(Fault(file, number, f"{row!r} was given; a word has a letter or digit and may end in one *, "
                                              "and its score must be finite."))
        elif weights.setdefault(word, score) != score and "file" in entry:
            faults.append(Fault(file, number, f"scores {word!r} a second time, differently; keep one."))
    heaviest = max(map(abs, weights.values()), default=0.0)
    if not heaviest and not faults:
        faults.append(Fault(file, None, "holds no word with a score other than 0."))
    return ([] if faults else [Entry("dictionary", name, {w: s / heaviest for w, s in weights.items()}, language)]), faults


@functools.cache
def _packaged(name: str) -> list[tuple[int, list[str]]]:
    """Rows of a dictionary that comes in a package, with their lines; emoticons are no words."""
    package, file, _ = PACKAGED[name]
    text = importlib.resources.files(package).joinpath(file).read_text(encoding="utf-8")
    lines = [(number, line.split("\t")[:2]) for number, line in enumerate(text.splitlines(), start=1) if "\t" in line]
    return [(number, row) for number, row in lines if any(c.isalpha() for c in row[0])]


def _inside(path: Path, folder: Path) -> bool:
    try:
        return path.is_file() and path.resolve().is_relative_to(folder.resolve())
    except OSError:  # a name too long for the system
        return False


def _rows(path: Path, name: str) -> tuple[list[tuple[int, list[str]]], list[Fault]]:
    """Rows of a dictionary with their lines."""
    text, faults = read_utf8(path, name)
    if faults:
        return [], faults
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        return [], [Fault(name, reader.line_num, f"not readable as CSV: {error}.")]
    if not rows or [c.strip() for c in rows[0][1][:2]] != ["word", "score"]:
        return [], [Fault(name, 1, "must begin with the header word,score.")]
    return rows[1:], []


def read_utf8(path: Path, name: str | None = None) -> tuple[str, list[Fault]]:
    """The text of a file without its byte order mark; what is wrong with it comes back as a fault."""
    path = Path(path)
    name = name or path.name
    try:
        if path.exists() and not path.is_file():
            return "", [Fault(name, None, "is no file; remove it and put a file there.")]
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return "", [Fault(name, None, "the file is missing; `twicetold new` writes one to start from.")]
    except UnicodeDecodeError as error:
        row = error.object[:error.start].count(b"\n") + 1
        return "", [Fault(name, row, f"the byte 0x{error.object[error.start]:02x} is not UTF-8; save the file as UTF-8.")]
    except OSError as error:
        return "", [Fault(name, None, f"cannot be read: {error.strerror}.")]
    if "\0" in text:
        return "", [Fault(name, text.count("\n", 0, text.index("\0")) + 1, "holds a NUL character, as UTF-16 does; save the file as UTF-8.")]
    return text, []


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader without aliases, of which a few lines can stand for gigabytes, and with characters that can be written."""

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            raise ComposerError(None, None, "an alias (*name) is not allowed; write its content out", self.peek_event().start_mark)
        return super().compose_node(parent, index)

    def construct_object(self, node, deep=False):
        try:
            return super().construct_object(node, deep)
        except (ValueError, LookupError, AttributeError, OverflowError):  # PyYAML's, of a date, number or tag that is none
            raise ConstructorError(None, None, f"{node.value!r:.60} is not what it looks like; put it in quotes", node.start_mark) from None

    def construct_scalar(self, node):
        value = super().construct_scalar(node)
        if isinstance(value, str) and re.search("[\0\ud800-\udfff]", value):
            raise ConstructorError(None, None, f"{value!r} holds NUL or half a character", node.start_mark)
        return value


def read_yaml(path: Path) -> tuple[dict, dict[tuple, int], list[Fault]]:
    """Load a YAML mapping safely, with the row of every key; doubled keys are faults."""
    name = Path(path).name
    text, faults = read_utf8(path)
    if faults:
        return {}, {}, faults
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        said = None if node is None else loader.construct_document(node)
    except yaml.YAMLError as error:
        mark, position = getattr(error, "problem_mark", None), getattr(error, "position", None)
        row = mark.line + 1 if mark else None if position is None else text.count("\n", 0, position) + 1
        return {}, {}, [Fault(name, row, f"not valid YAML: {getattr(error, 'problem', None) or str(error).splitlines()[0]}.")]
    except RecursionError:
        return {}, {}, [Fault(name, None, "not valid YAML: nested too deeply.")]
    if said is None:
        said = {}
    if not isinstance(said, dict):
        return {}, {}, [Fault(name, 1, "must be a mapping of keys to values.")]
    rows: dict[tuple, int] = {}
    faults: list[Fault] = []
    _walk(node, (), rows, faults, name)
    return said, rows, faults


def _walk(node, keys, rows, faults, name) -> None:
    if not isinstance(node, yaml.MappingNode) or len(keys) > 4:
        return
    for key, value in node.value:
        row = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
            faults.append(Fault(name, row, f"the name {key.value!r} is not read as text; put it in quotes."))
            continue
        at = (*keys, key.value)
        if at in rows:
            faults.append(Fault(name, row, f"{'/'.join(map(str, at))} stands twice, first in row {rows[at]}; keep one."))
        else:
            rows[at] = row
            _walk(value, at, rows, faults, name)
