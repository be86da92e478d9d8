"""Passages kept beside private features, and brought up to date when articles were added.

Kept are the verbatim passages, the marks of the shingles that recur, the rewritten passages, and
what all of it was found in: of each article a key of its words, its outlet and its date. Where
articles were only added, they are compared with all others; of the others those pairs again in
which a shingle starts fewer runs than before, as more than `max_articles` have it now. Everything
else that changed (an article, its cleaning, its outlet or date, the order, one removed) means that
all is found anew; so does any change of this room's code. Rewritten passages are kept for the same
articles only: each score rests on how frequent words are in the whole corpus.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from analysis.errors import EngineError, FeaturesError
from analysis.features import EXTRACTOR_VERSION, PRIVATE, Features
from analysis.files import new_folder, recover
from analysis.reuse.align import PASSAGE_COLUMNS, flags_of
from analysis.reuse.engines import CODE
from analysis.reuse.passages import pair_keys
from analysis.reuse.rewrite_stages import PASSAGE, no_rows
from analysis.reuse.rewrites import PASSAGE_KINDS, SENTENCE_PAIR
from analysis.reuse.shingles import FEWER, slices
from analysis.reuse.spill import Again, Arrays, Folder, join, take
from analysis.reuse.stages import (
    ALL,
    CHARACTERS,
    Job,
    Options,
    WordSource,
    in_order,
    read_all_words,
    search,
)

FOLDER = ".private.reuse"  # of a corpus; git ignores it, and extraction leaves it alone
STATE_FILE = "kept.json"
_TABLES = {
    "passages": dict.fromkeys((*PASSAGE_COLUMNS, *CHARACTERS), np.int32),
    "marks": {"place": np.uint64, "bits": np.uint8},
}
_READ = ("words", "spans", "sizes")


class _PairsWith:
    """The words of a corpus, for pairs with some of its articles only.

    Parameters
    ----------
    source : WordSource
    fresh : bool array of shape (n_articles,)
    """

    def __init__(self, source: WordSource, fresh: np.ndarray):
        self._source, self.fresh = source, fresh
        self.sizes, self.measured, self.anywhere = source.sizes, source.measured, source.anywhere
        self.outlets, self.days = source.outlets, source.days
        self.read = source.read

    def digest(self) -> str:
        """Another one than of the corpus itself: its parts hold less."""
        return f"{self._source.digest()} {hashlib.sha256(self.fresh.tobytes()).hexdigest()}"


class Kept:
    """What is kept of one corpus with some options.

    Parameters
    ----------
    features : Features
        Private, of a folder.
    options : Options
    kinds : tuple of str

    Attributes
    ----------
    note : str
        Why what was kept could not be used; empty where it could, or nothing was there.

    Raises
    ------
    FeaturesError
        If the features are no private ones in a folder.
    """

    def __init__(self, features: Features, options: Options, kinds: tuple[str, ...]):
        place = Path(features.where)
        if features.form != PRIVATE or not place.is_dir():
            raise FeaturesError(
                f"{features.where}: passages are kept beside the private features of a corpus"
                " folder, as `twicetold extract` makes them; leave out update=True here."
            )
        self._of_engine = options
        self._options = {**asdict(options), "kinds": list(kinds)}
        said = hashlib.sha256(json.dumps(self._options, sort_keys=True).encode()).hexdigest()
        self.folder = place.parent / FOLDER / said[:12]
        self._articles = _keys(features)
        self.note = ""
        self._known, self._tables = self._read()
        self._verbatim: tuple[Arrays, Arrays] = {}, {}

    def verbatim(self, source: WordSource, engine) -> Arrays:
        """Verbatim passages of all articles, of which only what is not known is looked for.

        Parameters
        ----------
        source : WordSource
        engine : Local or Dask

        Returns
        -------
        dict of int32 arrays
            As `find_passages` gives them.
        """
        place = _places(self._known, self._articles)
        if place is None:
            if self._known:
                self._say("articles were removed, changed or put in another order")
            self._known = []
        if self._known and len(self._known) == len(self._articles):
            self._verbatim = self._tables["passages"], self._tables["marks"]
            return self._verbatim[0]
        if self._known:
            fresh = np.ones(len(self._articles), bool)
            fresh[place] = False
            source = _PairsWith(source, fresh)
        with engine.open(source, self._of_engine) as job:
            job, _ = read_all_words(job, engine)
            if not self._known:
                job = search(job, engine)
                self._verbatim = _passages(job), _marks(job)
            else:
                self._verbatim = self._added(job, engine, place)
        return self._verbatim[0]

    def _added(self, job: Job, engine, place: np.ndarray) -> tuple[Arrays, Arrays]:
        """Passages and marks after articles were added; known ones stand at these places now."""
        known, marks = (dict(self._tables[name]) for name in ("passages", "marks"))
        for side in "ab":
            known[side] = place[known[side]].astype(np.int32)
        article = place[(marks["place"] >> np.uint64(32)).astype(np.int64)].astype(np.uint64)
        marks["place"] = article << np.uint64(32) | marks["place"] & np.uint64(0xFFFFFFFF)
        first = search(job, engine)
        marks = _marks(first, marks)
        found = [known, _passages(first)]
        lost = [piece for r in range(job.ranges) if (piece := first.get("lost", str(r)))]
        again = np.intersect1d(
            pair_keys(known), np.concatenate([*map(pair_keys, lost), np.empty(0, np.int64)])
        )
        if len(again):
            # all passages of as few articles as have such a pair are looked for
            side = min((again >> 32, again & 0xFFFFFFFF), key=lambda one: len(np.unique(one)))
            fresh = np.isin(np.arange(len(self._articles)), side)
            second = search(replace(_only(job, fresh), store=Again(job.store, _READ)), engine)
            anew = _passages(second)
            found[0] = take(known, ~np.isin(pair_keys(known), again))
            found.append(take(anew, np.isin(pair_keys(anew), again)))
        passages = join(found)
        sizes = np.concatenate([job.get("sizes", block)["n"] for block in job.blocks])
        bounds = np.r_[0, np.cumsum(sizes)]
        bits = np.zeros(bounds[-1], np.uint8)
        where = (marks["place"] >> np.uint64(32)).astype(np.int64)
        bits[bounds[where] + (marks["place"] & np.uint64(0xFFFFFFFF)).astype(np.int64)] = marks[
            "bits"
        ]
        sides = [
            (bounds[passages[side]] + passages[f"{side}_position"], passages[f"{side}_words"])
            for side in "ab"
        ]
        flags = [flags_of(bits, first, first + words, job.options.n) for first, words in sides]
        return in_order(passages | {"flags": flags[0] | flags[1]}), marks

    def rewritten(self, find: Callable[[], tuple[Arrays, Arrays]]) -> tuple[Arrays, Arrays]:
        """Rewritten passages and their sentences: those kept, if they are of the same articles.

        Parameters
        ----------
        find : callable
            Finds them.
        """
        if self._known == self._articles and "rewritten" in self._tables:
            return self._tables["rewritten"], self._tables["sentences"]
        return find()

    def save(self, rewritten: tuple[Arrays, Arrays] | None) -> None:
        """Keep what was found, in the place of what was kept: all of it or nothing."""
        if self._known == self._articles and (rewritten is None or "rewritten" in self._tables):
            return
        tables = dict(zip(_TABLES, self._verbatim))
        if rewritten is not None:
            tables |= dict(zip(("rewritten", "sentences"), rewritten))
        with new_folder(self.folder) as fresh:
            sums = {
                name: Folder(fresh).put(name, "0", [(ALL, table)]) for name, table in tables.items()
            }
            said = self._made_with() | {"articles": self._articles, "tables": sums}
            text = json.dumps(said | {"sha256": _digest(said)}, ensure_ascii=False)
            (fresh / STATE_FILE).write_text(text, encoding="utf-8", newline="\n")

    def _made_with(self) -> dict:
        return {"code": CODE, "extractor": EXTRACTOR_VERSION, "options": self._options}

    def _read(self) -> tuple[list[list[str]], dict[str, Arrays]]:
        """The articles that are known, and the tables; nothing where they cannot be used."""
        recover(self.folder)
        path = self.folder / STATE_FILE
        if not path.exists():
            return [], {}
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            if said.pop("sha256") != _digest(said):
                raise ValueError(f"{STATE_FILE} was changed")
            if any(said[name] != value for name, value in self._made_with().items()):
                self._say("what was kept is of another version")
                return [], {}
            tables = {}
            for name, sums in said["tables"].items():
                there = Folder(self.folder).get(name, "0", ALL, tuple(sums[ALL])) if sums else None
                tables[name] = there or _nothing(name)
            return said["articles"], tables
        except (EngineError, OSError, ValueError, KeyError, TypeError, AttributeError):
            self._say("what was kept is damaged")
            return [], {}

    def _say(self, why: str) -> None:
        self.note = f"All passages were found anew, as {why}."


def options_kept(features: Features) -> list[dict]:
    """With which options of `tl.reuse` passages are kept; those that differ from the defaults."""
    found, usual = [], {**asdict(Options()), "kinds": list(PASSAGE_KINDS)}
    for path in sorted((Path(features.where).parent / FOLDER).glob(f"[!.]*/{STATE_FILE}")):
        try:
            options = json.loads(path.read_text(encoding="utf-8"))["options"]
            found.append({name: options[name] for name in usual if options[name] != usual[name]})
        except (OSError, ValueError, KeyError, TypeError):
            continue  # of another version, or damaged: it is found anew when it is asked for
    return found


def _keys(features: Features) -> list[list[str]]:
    """Of each article its id and a digest of what its passages rest on."""
    keys = features.table("keys", ["article_id", "component", "key"])
    keys = keys[keys["component"].isin(["units", "vectors"])]
    made_of = keys.groupby("article_id", sort=False)["key"].agg(" ".join)
    articles = features.table("articles", ["article_id", "outlet", "published"])
    said = zip(
        articles["article_id"].map(made_of).fillna(""), articles["outlet"], articles["published"]
    )
    digests = [hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:24] for cells in said]
    return [list(pair) for pair in zip(articles["article_id"], digests)]


def _places(known: list[list[str]], articles: list[list[str]]) -> np.ndarray | None:
    """Where known articles stand now; None if one is gone or changed, or they changed places."""
    number = {tuple(pair): i for i, pair in enumerate(articles)}
    places = [number.get(tuple(pair), -1) for pair in known]
    there = np.array(places, np.int64)
    return None if (np.diff(there, prepend=-1) < 1).any() else there


def _only(job: Job, fresh: np.ndarray) -> Job:
    """The job for pairs with some articles, of whose shingles alone counters are needed."""
    sizes = np.concatenate([job.get("sizes", block)["n"] for block in job.blocks])
    n_slices, bits = slices(FEWER * int(sizes[fresh].sum()), job.bits)
    return replace(job, fresh=fresh, n_slices=n_slices, bits=bits)


def _passages(job: Job) -> Arrays:
    nothing = _nothing("passages")
    return join([nothing, *(in_order(p) for b in job.blocks if (p := job.get("passages", b)))])


def _marks(job: Job, others: Arrays | None = None) -> Arrays:
    """The marks that a run found, and others: each place once."""
    found = [_nothing("marks") if others is None else others]
    for part in map(str, range(job.ranges)):
        pieces = (job.get("marks", part, block) for block in job.blocks)
        found += [piece for piece in pieces if piece is not None]
    marks = join(found)
    place, row = np.unique(marks["place"], return_inverse=True)
    bits = np.zeros(len(place), np.uint8)
    np.bitwise_or.at(bits, row, marks["bits"])
    return {"place": place, "bits": bits}


def _nothing(table: str) -> Arrays:
    if table in _TABLES:
        return {name: np.empty(0, kind) for name, kind in _TABLES[table].items()}
    return no_rows(PASSAGE if table == "rewritten" else SENTENCE_PAIR)


def _digest(said: dict) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
