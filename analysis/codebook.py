"""The codebook: the actors, the words of frames, the dictionaries that score sentences."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from analysis.errors import CorpusError, Fault
from analysis.io.dictionaries import is_pattern, load_dictionary
from analysis.io.yaml import Keys, check_keys, needed, read_yaml

SHIPPED = Path(__file__).parent / "data" / "codebooks"
SHIPPABLE = ("frames", "labels", "axes")  # what a shipped codebook may hold


def _is_name(given) -> bool:
    return isinstance(given, str) and bool(given.strip())


def _has_word(given) -> bool:
    return isinstance(given, str) and any(map(str.isalnum, given))


_Name = Annotated[str, needed(_is_name, "a name")]
Word = Annotated[str, needed(_has_word, "a text with a letter or digit")]
_PATTERN = "a word or a phrase of words, each with at most a trailing *"
Pattern = Annotated[str, needed(is_pattern, _PATTERN)]
Words = Annotated[list[Word], Field(min_length=1, description="a list of words")]
_Shipped = Literal[*sorted(p.stem for p in SHIPPED.glob("*.yml"))]  # type: ignore[valid-type]


class _Actor(Keys):
    aliases: list[_Name] = Field([], description="a list of names")
    kind: Literal["person", "group"] = "person"
    name: _Name = Field(description="a name")
    side: str = ""


class _Frame(Keys):
    description: str = ""
    examples: list[Word] = Field([], description="a list of sentences")
    words: list[Pattern] = Field(min_length=1, description="a list of words or phrases")


class _Labels(Keys):
    description: str = ""
    words: Words


class _Axis(Keys):
    description: str = ""
    high: Words
    low: Words


def _is_sentence(given) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and given >= 0


class _Claim(Keys):
    id: _Name = Field(description="a name")
    told: dict[_Name, Annotated[int, needed(_is_sentence, "the number of a sentence, from 0")]] = (
        Field({}, description="a mapping from article_id to the number of a sentence, from 0")
    )
    wording: Words = Field(description="a list of one wording or more")


class _Dictionary(Keys):  # its values are checked where it is loaded
    digest: Any = None
    file: Any = None
    format: Any = None
    language: Any = None
    negate: Any = None
    package: Any = None
    weights: Any = None


class _Codebook(Keys):
    actors: dict[_Name, _Actor] = {}
    frames: dict[_Name, _Frame] = {}
    labels: dict[_Name, _Labels] = {}
    axes: dict[_Name, _Axis] = {}
    claims: list[_Claim] = Field([], description="a list of claims with the keys id and wording")
    dictionaries: dict[_Name, _Dictionary] = {}
    tone: list = Field([], description="a list of actors")
    use: list[_Shipped] = []  # type: ignore[valid-type]


SECTIONS = ("actors", "frames", "labels", "axes", "dictionaries")


def _digest(content, **options) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, **options).encode()).hexdigest()


@dataclass(frozen=True)
class Entry:
    """One entry of the codebook that extraction applies to every article.

    Attributes
    ----------
    kind : {"frame", "dictionary"}
    name : str
        Unique within its kind.
    weights : dict of str to float
        Word pattern → weight. A pattern is a word, a word with a trailing ``*`` that matches any
        ending, or several of these with single spaces (a ``*`` alone matches any word). A
        frame's weights are all 1.
    language : str or None
        Language that the entry was made for; None for a frame, which is the corpus owner's own.
    negate : bool
        Whether a negation before a word turns its sign; False for a dictionary with negated phrases
        of its own.
    categories : dict of str to str
        Pattern → its categories in the dictionary's file; empty where it has none. Extraction takes
        nothing from them.
    notes : tuple of Fault
        What of the dictionary's file could not be used.
    known_digest : str
        Of a dictionary that came with a shared archive, which holds none of its words.
    """

    kind: str
    name: str
    weights: dict[str, float] = field(repr=False)
    language: str | None = None
    negate: bool = True
    categories: dict[str, str] = field(default_factory=dict, repr=False)
    notes: tuple[Fault, ...] = field(default=(), repr=False)
    known_digest: str = ""

    @property
    def digest(self) -> str:
        """sha256 of all that extraction takes from the entry."""
        if self.known_digest:
            return self.known_digest
        negation = [] if self.negate else ["no negation"]
        return _digest(
            [self.kind, self.name, sorted(self.weights.items()), self.language, *negation]
        )


@dataclass(frozen=True)
class Codebook:
    """Actors, frames, families of labels, axes, claims and dictionaries of one corpus.

    `docs/corpora.md` describes the file.
    """

    actors: dict[str, dict] = field(default_factory=dict)
    frames: dict[str, dict] = field(default_factory=dict)
    labels: dict[str, dict] = field(default_factory=dict)
    axes: dict[str, dict] = field(default_factory=dict)
    dictionaries: dict[str, dict] = field(default_factory=dict)
    claims: tuple[dict, ...] = ()
    tone: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()

    @property
    def actors_digest(self) -> str:
        """sha256 of all that extraction takes from the actors."""
        return _digest(self.actors, sort_keys=True)

    @property
    def shipped(self) -> dict[str, Any]:
        """The codebook as a shared archive holds it: what measures and checks need of it.

        No comments, no descriptions and examples of frames; of a dictionary that has a file its
        name, language and digest.
        """
        keys = {
            "actors": ("name", "aliases", "kind", "side"),
            "frames": ("words",),
            "labels": ("words",),
            "axes": ("low", "high"),
        }
        shipped: dict[str, Any] = {
            section: {
                name: {key: entry[key] for key in kept if key in entry}
                for name, entry in getattr(self, section).items()
            }
            for section, kept in keys.items()
        }
        shipped["dictionaries"] = {
            entry.name: about
            if "package" in (about := self.dictionaries[entry.name])
            else {"digest": entry.digest, "language": entry.language}
            for entry in self.entries
            if entry.kind == "dictionary"
        }
        return {key: value for key, value in shipped.items() if value} | {"tone": [*self.tone]}

    @property
    def about(self) -> dict[str, Any]:
        """What measures need of the codebook, and features carry.

        Actors, frames' descriptions and examples, families of labels, axes, claims.
        """
        taken: dict[str, dict[str, Any]] = {
            "actors": {"name": "", "aliases": [], "side": ""},
            "frames": {"description": "", "examples": []},
            "labels": {"words": []},
            "axes": {"low": [], "high": []},
        }
        about: dict[str, Any] = {
            section: {
                name: {key: entry.get(key, default) for key, default in keys.items()}
                for name, entry in getattr(self, section).items()
            }
            for section, keys in taken.items()
        }
        if self.claims:  # the digest of a corpus without any stays as it was
            about["claims"] = [{"told": {}} | claim for claim in self.claims]
        return about | {"tone": list(self.tone)}

    @property
    def shipped_about(self) -> dict[str, Any]:
        """`about` as shared features carry it: without descriptions and examples of frames."""
        frames = {name: {"description": "", "examples": []} for name in self.frames}
        return self.about | {"frames": frames}


def read_codebook(path: str | Path) -> tuple[Codebook, list[Fault]]:
    """Read `codebook.yml`.

    Parameters
    ----------
    path : path

    Returns
    -------
    Codebook, list of Fault
        The codebook is empty where there are faults.
    """
    path = Path(path)
    content, rows, faults = read_yaml(path)
    if faults:
        return Codebook(), faults
    content = {key: value for key, value in content.items() if value is not None}
    faults = check_keys(_Codebook, content, rows, path.name)

    def fault(problem, *keys):
        faults.append(Fault(path.name, rows.get(keys), problem))

    sections = {section: dict(_entries(content, section)) for section in SECTIONS}
    for shipped in _used(content):
        for section in SHIPPABLE:
            for name, entry in _entries(shipped, section):
                if sections[section].setdefault(name, entry) is not entry:
                    where = "is here and in a codebook named under `use`"
                    fault(f"{section}/{name} {where}; rename or remove one.", section, name)
    tone = _listed(content, "tone")
    for place, actor in enumerate(tone):
        if not isinstance(actor, str) or actor not in sections["actors"]:
            there = ", ".join(sections["actors"])
            fault(f"tone names {actor!r}, who is not among the actors ({there}).", "tone")
        elif actor in tone[:place]:
            fault(f"tone names {actor!r} twice; keep one.", "tone")
    claims = _listed(content, "claims")
    names = [claim.get("id") if isinstance(claim, dict) else None for claim in claims]
    for place, claim in enumerate(names):
        if isinstance(claim, str) and claim in names[:place]:
            first = rows.get(("claims", names.index(claim)))
            where = f", first in row {first}" if first else ""
            fault(f"claims has {claim!r} twice{where}; rename or remove one.", "claims", place)
    dictionaries = []
    for name, entry in sections["dictionaries"].items():
        try:
            dictionaries.append((name, load_dictionary(name, entry, path.parent)))
        except ValueError as error:
            fault(str(error), "dictionaries", name)
        except CorpusError as error:
            faults += error.faults
    if faults:
        return Codebook(), faults
    entries = [
        Entry("frame", name, {" ".join(w.lower().split()): 1.0 for w in entry["words"]})
        for name, entry in sections["frames"].items()
    ] + [Entry("dictionary", name, **vars(made)) for name, made in dictionaries]
    return Codebook(**sections, claims=tuple(claims), tone=tuple(tone), entries=tuple(entries)), []


def _entries(content: dict, section: str) -> list[tuple[str, dict]]:
    """Entries of a section that are mappings, as all are in a codebook without fault."""
    named = content.get(section)
    if not isinstance(named, dict):
        return []
    return [(name, entry) for name, entry in named.items() if isinstance(entry, dict)]


def _listed(content: dict, key: str) -> list:
    """A list of a codebook; an empty one where there is something else."""
    given = content.get(key)
    return given if isinstance(given, list) else []


def _used(content: dict) -> list[dict]:
    """The shipped codebooks that `use` names."""
    paths = [SHIPPED / f"{name}.yml" for name in _listed(content, "use") if isinstance(name, str)]
    return [read_yaml(path)[0] for path in dict.fromkeys(paths) if path.is_file()]
