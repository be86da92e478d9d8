"""Speakers, statements, names and labels in French, German and Spanish: one JSON line.

    python -m benchmarks.languages [--errors]

Twenty invented sentences a language stand in `benchmarks/other_languages/` with what a reader
should find; the reader was corrected at its errors on them. Twenty more of French
(`french_later`) were written after that and scored once. French is parsed by the pipeline that is
installed, or left out, and said to be. German and Spanish sentences have parses written by hand
beside them (CoNLL-U, Universal Dependencies), which tells how well a right parse is read, not how
well a pipeline parses; an installed pipeline of theirs is scored besides. Of each kind: `found`
of `gold`, and `false` that are not in the gold. A statement is found if it is of the same kind
(direct or not) and shares half of both contents; `speakers` and `negated` are right among those
found. Names are persons' whole names; labels must agree word for word but for articles, and
adjectives by themselves do not count.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from analysis.languages.attributions import attributions
from analysis.languages.called import find_labels
from analysis.languages.dependencies import english_shape
from analysis.languages.mentions import Actors
from analysis.languages.names import find_names
from analysis.languages.people import People
from analysis.languages.syntax import Parse, load_syntax
from analysis.text.labels import MODIFIER
from analysis.text.lists import FOLDERS, words
from analysis.text.marks import plain_marks
from analysis.text.quotes import find_quotes
from analysis.text.sentences import find_blocks, find_sentences

FOLDER = Path(__file__).parent / "other_languages"
_LETTERS = re.compile(r"\w+")


@dataclass
class Gold:
    """A sentence with what should be found: statements, and labels by person."""

    text: str
    said: list[tuple[bool, bool, str, str]] = field(default_factory=list)
    people: dict[str, list[str]] = field(default_factory=dict)


class StoredSyntax:
    """Parses that are stored as CoNLL-U, in place of a pipeline.

    Parameters
    ----------
    language : str
    path : Path
    """

    def __init__(self, language: str, path: Path):
        import spacy

        self.language, self.name = language, f"{path.name}, by hand"
        self._blank = spacy.blank(language)
        self._rows: dict[str, list[list[str]]] = {}
        for block in path.read_text("utf-8").strip().split("\n\n"):
            lines = block.splitlines()
            text = next(x for x in lines if x.startswith("# text = ")).removeprefix("# text = ")
            rows = [x.split("\t") for x in lines if x[:1].isdigit()]
            self._rows["".join(_LETTERS.findall(text))] = rows

    def words(self, text: str):
        """A sentence in words, not parsed."""
        return self._blank.make_doc(text)

    def parse(self, texts, *, names: bool = False):
        """The stored parses of sentences, in the shape of English ones."""
        return [english_shape(self.stored(text)) for text in texts]

    def stored(self, text: str):
        """The stored parse of a sentence as it is."""
        from spacy.tokens import Doc

        rows, at, forms, spaces = self._rows["".join(_LETTERS.findall(text))], 0, [], []
        for row in rows:
            forms.append(text[at : at + len(row[1])])
            at += len(row[1])
            spaces.append(text[at : at + 1] == " ")
            at += spaces[-1]
        return Doc(
            self._blank.vocab,
            words=forms,
            spaces=spaces,
            lemmas=[row[2] for row in rows],
            pos=[row[3] for row in rows],
            tags=[row[4].replace("_", "") for row in rows],
            morphs=[row[5].replace("_", "") for row in rows],
            heads=[int(row[6]) - 1 if row[6] != "0" else i for i, row in enumerate(rows)],
            deps=["ROOT" if row[6] == "0" else row[7] for row in rows],
        )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.languages", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--errors", action="store_true", help="list every error on standard error")
    options = parser.parse_args(arguments)
    result: dict[str, object] = {}
    for language, folder in FOLDERS.items():
        if not (FOLDER / f"{folder}.txt").exists():
            continue
        gold = read(FOLDER / f"{folder}.txt")
        stored = FOLDER / f"{folder}.conllu"
        syntax = load_syntax(language)
        if stored.exists():
            result[f"{folder}, parsed by hand"] = scores(
                gold, StoredSyntax(language, stored), show=options.errors
            )
        if syntax is not None:
            result[f"{folder}, {syntax.name}"] = scores(gold, syntax, show=options.errors)
            if (later := FOLDER / f"{folder}_later.txt").exists():
                result[f"{later.stem}, {syntax.name}"] = scores(
                    read(later), syntax, show=options.errors
                )
        elif not stored.exists():
            result[folder] = "not scored: no pipeline is installed"
    print(json.dumps(result))


def read(path: Path) -> list[Gold]:
    """The sentences of one language.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of Gold
    """
    found = []
    for block in path.read_text("utf-8").strip().split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if not lines:
            continue
        gold = Gold(lines[0])
        for line in lines[1:]:
            cells = [cell.strip() for cell in line[1:].split("|")]
            if line[0] == ">":
                gold.said.append(
                    (cells[0].endswith("direct"), cells[0].startswith("not"), cells[1], cells[2])
                )
            else:
                gold.people[cells[0]] = cells[1:]
        found.append(gold)
    return found


def scores(gold: list[Gold], syntax, *, show: bool = False) -> dict[str, dict[str, int]]:
    """How much of the gold is found.

    Parameters
    ----------
    gold : list of Gold
    syntax : Syntax or StoredSyntax
    show : bool
        Whether to list errors on standard error.

    Returns
    -------
    dict of str to dict
    """
    counts = {
        kind: {"gold": 0, "found": 0, "false": 0} for kind in ("statements", "names", "labels")
    }
    right = {"speakers": 0, "negated": 0}
    for one in gold:
        said, names, called = found_in(one, syntax)
        pairs = [(g, s) for g in one.said for s in said if g[0] == s[0] and _half(g[3], s[3])]
        missed = [g for g in one.said if g not in [pair[0] for pair in pairs]]
        extra = [s for s in said if s not in [pair[1] for pair in pairs]]
        _count(counts["statements"], len(one.said), len(one.said) - len(missed), len(extra))
        wrong = [(g, s) for g, s in pairs if _plain(g[2]) != _plain(s[2])]
        right["speakers"] += len(pairs) - len(wrong)
        right["negated"] += sum(g[1] == s[1] for g, s in pairs)
        _count_sets(counts["names"], set(one.people), names)
        wanted = {(who, _plain(label)) for who, its in one.people.items() for label in its}
        _count_sets(counts["labels"], wanted, called)
        if show:
            bad = {"missed": missed, "extra": extra, "speaker": wrong}
            bad |= {"names": sorted(set(one.people) ^ names), "labels": sorted(wanted ^ called)}
            bad = {kind: its for kind, its in bad.items() if its}
            print(one.text, bad, file=sys.stderr) if bad else None
    return counts | {"right": right}


def found_in(one: Gold, syntax) -> tuple[list, set[str], set[tuple[str, str]]]:
    """Statements, names of persons and labels of them that the readers find in a sentence.

    Parameters
    ----------
    one : Gold
    syntax : Syntax or StoredSyntax

    Returns
    -------
    list of (direct, negated, speaker, content)
    set of str
    set of (person, label)
    """
    plain = plain_marks(one.text)
    quotes = find_quotes(plain)
    spans = [(quote.start, quote.end) for quote in quotes]
    parse = Parse(syntax, plain, find_sentences(plain, quotes, find_blocks(plain)))
    doc = parse.doc()
    said = [
        (a.direct, a.negated, a.speaker, one.text[a.start : a.end])
        for a in attributions(doc, spans, People(doc, spans))
        if not a.scare
    ]
    names = find_names(doc)
    people = {name.text for name in names if name.kind == "person"}
    actors = Actors({name: {"name": name, "kind": "person"} for name in one.people})
    _, called = find_labels(doc, actors.find(doc, names), names, spans, actors)
    dropped = words(syntax.language, "definite") | words(syntax.language, "indefinite")
    told = set()
    for label in called:
        if label.construction != MODIFIER:
            its = _plain(one.text[label.start : label.end]).split()
            told.add((label.actor, " ".join(its[len(its) > 1 and its[0] in dropped :])))
    return said, people, told


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split())


def _half(one: str, other: str) -> bool:
    """Whether of two contents of a sentence one holds the other, and at least half of both."""
    shorter, longer = sorted((_plain(one), _plain(other)), key=len)
    return shorter in longer and 2 * len(shorter) >= len(longer)


def _count(count: dict[str, int], gold: int, found: int, false: int) -> None:
    count["gold"] += gold
    count["found"] += found
    count["false"] += false


def _count_sets(count: dict[str, int], gold: set, found: set) -> None:
    _count(count, len(gold), len(gold & found), len(found - gold))


if __name__ == "__main__":
    main()
