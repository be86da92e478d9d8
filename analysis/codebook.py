"""The codebook: who the actors are, which words make a frame, which dictionaries score sentences."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from .errors import Fault
from .io.dictionaries import is_pattern, load_dictionary
from .io.yaml import read_yaml

KEYS = {
    "actors": {"name", "aliases", "side", "kind"},
    "frames": {"description", "words", "examples"},
    "labels": {"description", "words"},
    "axes": {"description", "low", "high"},
    "dictionaries": {"package", "file", "language", "format", "weights", "negate"},
}
SHIPPED = Path(__file__).parent / "data" / "codebooks"
SHIPPABLE = ("frames", "labels", "axes")  # what a shipped codebook may hold
ACTOR_KINDS = ("person", "group")


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
        ending, or several of these with single spaces (a ``*`` alone stands for any word). A
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
    """

    kind: str
    name: str
    weights: dict[str, float] = field(repr=False)
    language: str | None = None
    negate: bool = True
    categories: dict[str, str] = field(default_factory=dict, repr=False)
    notes: tuple[Fault, ...] = field(default=(), repr=False)

    @property
    def digest(self) -> str:
        """sha256 of all that extraction takes from the entry."""
        said = [
            self.kind,
            self.name,
            sorted(self.weights.items()),
            self.language,
            *([] if self.negate else ["no negation"]),
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Codebook:
    """Actors, frames, families of labels, axes and dictionaries of one corpus (see
    `docs/corpora.md` for the file).
    """

    actors: dict[str, dict] = field(default_factory=dict)
    frames: dict[str, dict] = field(default_factory=dict)
    labels: dict[str, dict] = field(default_factory=dict)
    axes: dict[str, dict] = field(default_factory=dict)
    dictionaries: dict[str, dict] = field(default_factory=dict)
    tone: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()

    @property
    def actors_digest(self) -> str:
        """sha256 of all that extraction takes from the actors."""
        return hashlib.sha256(
            json.dumps(self.actors, ensure_ascii=False, sort_keys=True).encode()
        ).hexdigest()

    @property
    def about(self) -> dict[str, dict]:
        """What measures need of the codebook and features carry: actors, frames' descriptions and
        examples, families of labels, axes.
        """
        return {
            "actors": {
                key: {"name": a["name"], "aliases": a.get("aliases", []), "side": a.get("side", "")}
                for key, a in self.actors.items()
            },
            "frames": {
                name: {"description": f.get("description", ""), "examples": f.get("examples", [])}
                for name, f in self.frames.items()
            },
            "labels": {name: {"words": f["words"]} for name, f in self.labels.items()},
            "axes": {name: {"low": a["low"], "high": a["high"]} for name, a in self.axes.items()},
            "tone": list(self.tone),
        }


def read_codebook(path: str | Path) -> tuple[Codebook, list[Fault]]:
    """Read `codebook.yml`; whatever is wrong comes back as faults with their rows."""
    path = Path(path)
    said, rows, faults = read_yaml(path)
    if faults:
        return Codebook(), faults
    at = path.name

    def fault(problem, *keys):
        faults.append(Fault(at, rows.get(keys), problem))

    allowed = [*KEYS, "tone", "use"]
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
                fault(
                    f"{section}/{name} is {entry!r}; a name must stand there, and map to {needed}.",
                    section,
                    name,
                )
                continue
            sections[section][name] = entry
            for key in sorted(set(entry) - fields):
                fault(
                    f"{section}/{name} has an unknown key {key!r}; allowed are"
                    f" {', '.join(sorted(fields))}.",
                    section,
                    name,
                    key,
                )
            for key in ("description", "side"):
                if key in entry and not isinstance(entry[key], str):
                    fault(
                        f"{section}/{name}: {key} is {entry[key]!r}; write a text, or leave it"
                        " out.",
                        section,
                        name,
                        key,
                    )

    for shipped in _used(said.get("use"), fault):
        for section in SHIPPABLE:
            for name, entry in (shipped.get(section) or {}).items():
                if name in sections[section]:
                    fault(
                        f"{section}/{name} stands here and in a codebook named under `use`; rename"
                        " or remove one.",
                        section,
                        name,
                    )
                else:
                    sections[section][name] = entry
    for section, fields in (
        ("labels", ("words",)),
        ("axes", ("low", "high")),
        ("frames", ("examples",)),
    ):
        for name, entry in sections[section].items():
            for key in fields:
                given = entry.get(key, [] if section == "frames" else None)
                if (
                    not isinstance(given, list)
                    or section != "frames"
                    and not given
                    or not all(isinstance(w, str) and any(map(str.isalnum, w)) for w in given)
                ):
                    fault(
                        f"{section}/{name} needs `{key}`, a list of"
                        f" {'sentences' if key == 'examples' else 'words'}; given is"
                        f" {given!r:.80}.",
                        section,
                        name,
                    )
    entries = []
    for name, entry in sections["frames"].items():
        words = entry.get("words")
        wrong = [w for w in words if not is_pattern(w)] if isinstance(words, list) else [words]
        if wrong or not words:
            fault(
                f"frame {name!r} needs `words`, a list of words or phrases, each with at most a"
                " trailing *"
                + (f"; given is {', '.join(map(repr, wrong[:5]))}." if wrong else "."),
                "frames",
                name,
            )
        else:
            entries.append(Entry("frame", name, {" ".join(w.lower().split()): 1.0 for w in words}))
    for name, entry in sections["dictionaries"].items():
        try:
            made, found = load_dictionary(name, entry, path.parent)
        except ValueError as error:
            fault(str(error), "dictionaries", name)
        else:
            faults += found
            if made is not None:
                entries.append(
                    Entry(
                        "dictionary",
                        name,
                        made.weights,
                        made.language,
                        made.negate,
                        made.categories,
                        made.notes,
                    )
                )
    for name, entry in sections["actors"].items():
        said_name, aliases = entry.get("name"), entry.get("aliases", [])
        if (
            not isinstance(said_name, str)
            or not said_name.strip()
            or not isinstance(aliases, list)
            or not all(isinstance(a, str) and a.strip() for a in aliases)
        ):
            fault(
                f"actor {name!r} needs a `name` and may have `aliases`, a list of names.",
                "actors",
                name,
            )
        if entry.get("kind", ACTOR_KINDS[0]) not in ACTOR_KINDS:
            fault(
                f"actor {name!r}: kind is {entry['kind']!r}; allowed are {', '.join(ACTOR_KINDS)}.",
                "actors",
                name,
            )
    tone = said.get("tone")
    if tone is not None and not isinstance(tone, list):
        fault(f"tone is {tone!r}; it must be a list of actors.", "tone")
    tone = tone if isinstance(tone, list) else []
    for place, actor in enumerate(tone):
        if not isinstance(actor, str) or actor not in sections["actors"]:
            fault(
                f"tone names {actor!r}, who is not among the actors"
                f" ({', '.join(sections['actors'])}).",
                "tone",
            )
        elif actor in tone[:place]:
            fault(f"tone names {actor!r} twice; keep one.", "tone")
    return Codebook(**sections, tone=tuple(map(str, tone)), entries=tuple(entries)), faults


def _used(names, fault) -> list[dict]:
    """The shipped codebooks that `use` names."""
    if names is None:
        return []
    shipped = sorted(path.stem for path in SHIPPED.glob("*.yml"))
    wrong = (
        [names] if not isinstance(names, list) else [name for name in names if name not in shipped]
    )
    if wrong:
        fault(
            f"use names {', '.join(map(repr, wrong))}; it must be a list of {', '.join(shipped)}.",
            "use",
        )
        return []
    return [read_yaml(SHIPPED / f"{name}.yml")[0] for name in dict.fromkeys(names)]
