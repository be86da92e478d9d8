"""Exports of every format against what right reading gives: one JSON line.

    python -m benchmarks.exports --data DIR [--format FOLDER]... [--wrong]

DIR holds one folder a format, each with its files and expected.csv (file, order, title, outlet,
published, author, section, language, n_words, sha256, duplicate_of); sha256 is that of the body in
NFC with each run of white space as one blank. A file that expected.csv does not list must be
refused. Each file is read as `twicetold new --from FILE` reads it. A duplicate counts as found if
the report says that it was left out; an article without a text in its export if it is listed as
such. Of authors, capitals and a leading By, Von or Par do not count; of an outlet, what stands
behind "(" or ";". A language counts where the export names it. `--wrong` prints each wrong field.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from analysis.errors import CorpusError
from analysis.io.articles import Reading
from analysis.io.paths import files_below
from analysis.io.reading import NoArticles, read_articles

FIELDS = ("title", "outlet", "published", "author", "section", "language", "body")
EXPECTED = "expected.csv"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.exports", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of folders of exports")
    parser.add_argument("--format", action="append", default=[], metavar="FOLDER")
    parser.add_argument("--wrong", action="store_true", help="print what is wrong")
    options = parser.parse_args(arguments)
    folders = [path.parent for path in sorted(options.data.glob(f"*/{EXPECTED}"))]
    folders = [f for f in folders if not options.format or f.name in options.format]
    if not folders:
        parser.error(f"--data {options.data} was given: no folder there holds {EXPECTED}")
    began = time.process_time()
    scores = {folder.name: score_folder(folder) for folder in folders}
    if options.wrong:
        for score in scores.values():
            print(*score.wrong, sep="\n", end="\n" * bool(score.wrong), file=sys.stderr)
    said = {name: score.as_dict() for name, score in scores.items()}
    whole = Score()
    for score in scores.values():
        whole.add(score)
    seconds = round(time.process_time() - began, 1)
    print(json.dumps({"formats": said, "all": whole.as_dict(), "cpu_seconds": seconds}))
    return 0


@dataclass
class Score:
    """What was expected and what was right."""

    expected: int = 0
    found: int = 0
    extra: int = 0
    refused: int = 0
    not_refused: int = 0
    asked: Counter = field(default_factory=Counter)
    right: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        for name in ("expected", "found", "extra", "refused", "not_refused"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.asked += other.asked
        self.right += other.right
        self.wrong += other.wrong

    def as_dict(self) -> dict:
        fields = {f: f"{self.right[f]}/{self.asked[f]}" for f in FIELDS if self.asked[f]}
        share = round(self.right.total() / self.asked.total(), 4) if self.asked else None
        return {
            "articles": f"{self.found}/{self.expected}",
            "extra": self.extra,
            "refused": f"{self.refused}/{self.refused + self.not_refused}",
            **fields,
            "fields": share,
        }


@dataclass
class Got:
    """An article as it was read."""

    place: int
    row: dict[str, str]
    digest: str
    duplicate: bool = False


def score_folder(folder: Path) -> Score:
    """Read each file of a folder on its own and compare it with what is expected."""
    with (folder / EXPECTED).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    by_file: dict[str, list[dict]] = {}
    for row in rows:
        by_file.setdefault(row["file"], []).append(row)
    score = Score()
    there = {s.name: s.path for s in files_below([folder]) if s.name != EXPECTED}
    for name in [*by_file, *(name for name in there if name not in by_file)]:
        expected = by_file.get(name, [])
        got = list(_read(there[name])) if name in there else []
        if expected:
            _compare(score, f"{folder.name}/{name}", expected, got)
        elif got:
            score.not_refused += 1
            score.wrong.append(f"{folder.name}/{name}: {len(got)} articles, but none expected")
        else:
            score.refused += 1
    return score


def _read(path: Path) -> Iterator[Got]:
    try:
        reading = read_articles(path)
    except NoArticles as error:
        reading = error.reading
    except CorpusError:
        reading = Reading()
    read = [
        Got(place, article.about, digest(article.text))
        for article, (_, place) in zip(reading, reading.origins)
    ]
    read += [Got(0, row, "") for row in reading.without_text]
    read += [
        Got(line.row, {}, "", duplicate=True)
        for line in reading.report
        if line.fault.startswith("the same text as") and line.row is not None
    ]
    yield from sorted(read, key=lambda got: got.place)


def digest(text: str) -> str:
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(plain.encode()).hexdigest() if plain else ""


def _compare(score: Score, name: str, expected: list[dict], got: list[Got]) -> None:
    score.expected += len(expected)
    open_rows = list(expected)
    left = list(got)
    pairs: list[tuple[dict, Got]] = []

    def pair(agree) -> None:
        for row in list(open_rows):
            if (match := next((g for g in left if agree(row, g)), None)) is not None:
                pairs.append((row, match))
                open_rows.remove(row)
                left.remove(match)

    def same_title(row, g):
        return _plain(row["title"]) == _plain(g.row.get("title", ""))

    pair(lambda row, g: g.duplicate and row["duplicate_of"])
    for agree in (
        lambda row, g: row["sha256"] and row["sha256"] == g.digest and same_title(row, g),
        lambda row, g: row["sha256"] and row["sha256"] == g.digest,
        lambda row, g: not g.duplicate and row["title"] and same_title(row, g),
        lambda row, g: not g.duplicate,
    ):
        pair(agree)
    score.found += len(pairs)
    score.extra += len(left)
    score.wrong += [f"{name}: not found: {row['title'] or row['order']}" for row in open_rows]
    score.wrong += [f"{name}, {g.place}: too many: {g.row.get('title', '?')}" for g in left]
    for row, match in pairs:
        if match.duplicate:
            continue
        for which, right in _fields(row, match):
            score.asked[which] += 1
            score.right[which] += right
            if not right:
                wanted = row["sha256"][:9] if which == "body" else row[which]
                given = match.digest[:9] if which == "body" else match.row.get(which, "")
                said = f"{which} {given!r}, expected {wanted!r}"
                score.wrong.append(f"{name}, {row['order']}: {said}")


def _fields(row: dict, got: Got) -> Iterator[tuple[str, bool]]:
    about = got.row
    yield "title", _plain(row["title"]) == _plain(about.get("title", ""))
    short = re.split(r"\s*[(;]", row["outlet"])[0]
    yield "outlet", _plain(about.get("outlet", "")) in (_plain(row["outlet"]), _plain(short))
    yield "published", _moment(row["published"]) == _moment(about.get("published", ""))
    yield "author", _name(row["author"]) == _name(about.get("author", ""))
    yield "section", _plain(row["section"]) == _plain(about.get("section", ""))
    if row["language"]:
        yield "language", row["language"] == about.get("language", "")
    yield "body", row["sha256"] == got.digest


def _plain(text: str) -> str:
    return " ".join(text.split())


def _name(text: str) -> str:
    return re.sub(r"^(by|von|par)\s+", "", _plain(text).casefold())


def _moment(published: str) -> str:
    return published.replace("Z", "+00:00")


if __name__ == "__main__":
    sys.exit(main())
