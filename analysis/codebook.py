"""The codebook: who the actors are, which words make a frame, which dictionaries score sentences."""

from __future__ import annotations

import csv
import hashlib
import importlib.resources
import io
import json
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from .errors import Fault

KEYS = {
    "actors": {"name", "aliases", "side"},
    "frames": {"description", "words"},
    "dictionaries": {"package", "file", "language"},
}
PACKAGED = {"vader": ("vaderSentiment", "vader_lexicon.txt", "en")}


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
        content = said.get(section) or {}
        if not isinstance(content, dict) or not all(isinstance(e, dict) for e in content.values()):
            fault(f"{section} must map each name to its fields ({', '.join(sorted(fields))}).", section)
            content = {}
        for name, entry in content.items():
            for key in set(entry) - fields:
                fault(f"{section}/{name} has an unknown key {key!r}; allowed are {', '.join(sorted(fields))}.",
                      section, name, key)
        sections[section] = {str(name): entry for name, entry in content.items()}

    entries = []
    for name, entry in sections["frames"].items():
        words = entry.get("words")
        if not _is_words(words):
            fault(f"frame {name!r} needs `words`, a list of words or phrases, each with at most a trailing *.",
                  "frames", name)
        else:
            entries.append(Entry("frame", name, {" ".join(w.lower().split()): 1.0 for w in words}))
    for name, entry in sections["dictionaries"].items():
        try:
            entries.append(_dictionary(name, entry, path.parent))
        except ValueError as error:
            fault(str(error), "dictionaries", name)
    for name, entry in sections["actors"].items():
        aliases = entry.get("aliases", [])
        if not isinstance(entry.get("name"), str) or not isinstance(aliases, list) \
                or not all(isinstance(a, str) and a.strip() for a in aliases):
            fault(f"actor {name!r} needs a `name` and may have `aliases`, a list of names.", "actors", name)
    tone = said.get("tone") or []
    if not isinstance(tone, list):
        fault("tone must be a list of actors.", "tone")
        tone = []
    for actor in tone:
        if actor not in sections["actors"]:
            fault(f"tone names {actor!r}, who is not among the actors ({', '.join(sections['actors'])}).", "tone")
    return Codebook(**sections, tone=tuple(map(str, tone)), entries=tuple(entries)), faults


def _is_words(words) -> bool:
    return isinstance(words, list) and bool(words) and all(
        isinstance(w, str) and w.strip(" *") and "*" not in w[:-1] for w in words)


def _dictionary(name: str, entry: dict, folder: Path) -> Entry:
    """Load the weights of a dictionary, scaled so that the heaviest word weighs 1."""
    if ("package" in entry) == ("file" in entry):
        raise ValueError(f"dictionary {name!r} needs either `package` ({', '.join(PACKAGED)}) or `file`, "
                         "a CSV with the columns word and score.")
    if "package" in entry:
        if entry["package"] not in PACKAGED:
            raise ValueError(f"dictionary {name!r} names the package {entry['package']!r}; "
                             f"allowed are {', '.join(PACKAGED)}.")
        package, file, language = PACKAGED[entry["package"]]
        text = importlib.resources.files(package).joinpath(file).read_text(encoding="utf-8")
        rows = [line.split("\t")[:2] for line in text.splitlines() if "\t" in line]
        rows = [row for row in rows if any(c.isalpha() for c in row[0])]  # emoticons are no words
    else:
        language = entry.get("language")
        if not isinstance(language, str):
            raise ValueError(f"dictionary {name!r} needs `language`, such as en: scores do not cross languages.")
        path = folder / str(entry["file"])
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            raise ValueError(f"dictionary {name!r}: no file {entry['file']!r} inside the corpus folder.")
        try:
            table = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        except UnicodeDecodeError as error:
            raise ValueError(f"dictionary {name!r}: {entry['file']} is not UTF-8 ({error}).") from None
        if not table or [c.strip() for c in table[0][:2]] != ["word", "score"]:
            raise ValueError(f"dictionary {name!r}: {entry['file']} must begin with the header word,score.")
        rows = [row for row in table[1:] if row]
    weights: dict[str, float] = {}
    for number, row in enumerate(rows, start=2):
        try:
            word, score = " ".join(row[0].lower().split()), float(row[1])
        except (IndexError, ValueError):
            raise ValueError(f"dictionary {name!r}: line {number} is {row!r}; needed are a word and a number.") from None
        if not word.strip(" *") or "*" in word[:-1] or not abs(score) < float("inf"):
            raise ValueError(f"dictionary {name!r}: line {number} has {row!r}; "
                             "a word may end in one *, and its score must be finite.")
        if word in weights and weights[word] != score and "file" in entry:
            raise ValueError(f"dictionary {name!r}: line {number} scores {word!r} a second time, differently.")
        weights.setdefault(word, score)
    heaviest = max(map(abs, weights.values()), default=0.0)
    if not heaviest:
        raise ValueError(f"dictionary {name!r} has no word with a score other than 0.")
    return Entry("dictionary", name, {w: s / heaviest for w, s in weights.items()}, language)


def read_yaml(path: Path) -> tuple[dict, dict[tuple, int], list[Fault]]:
    """Load a YAML mapping safely, with the row of every key; doubled keys are faults."""
    name = Path(path).name
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        said = yaml.safe_load(text)
    except FileNotFoundError:
        return {}, {}, [Fault(name, None, "the file is missing; `twicetold new` writes one to start from.")]
    except UnicodeDecodeError as error:
        return {}, {}, [Fault(name, None, f"not UTF-8 ({error}); save it as UTF-8.")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return {}, {}, [Fault(name, mark.line + 1 if mark else None,
                              f"not valid YAML: {getattr(error, 'problem', None) or error}.")]
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
        at = (*keys, key.value)
        row = key.start_mark.line + 1
        if at in rows:
            faults.append(Fault(name, row, f"{'/'.join(map(str, at))} stands twice, first in row {rows[at]}; keep one."))
        else:
            rows[at] = row
            _walk(value, at, rows, faults, name)
