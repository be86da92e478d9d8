"""Share: write the form of the features that holds no running words, and an archive of it."""

from __future__ import annotations

import functools
import importlib
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from pandas.api.types import is_numeric_dtype

from analysis import tl
from analysis.corpus import Corpus
from analysis.errors import CorpusError, Fault
from analysis.extract.extraction import extract
from analysis.extract.failures import refuse_unread
from analysis.features import SHARED, Features, corpus_digest, save
from analysis.files import locking, write_bytes
from analysis.io.article import EXTRACTED
from analysis.io.sheets import safe
from analysis.options import check_choice
from analysis.results import count
from analysis.shared_form import (
    LONGEST_STRING,
    NGRAMS,
    RUN,
    RunningWords,
    corpus_key,
    credited_ngrams,
    shared_tables,
)
from analysis.store import Shipment, shipped_tables
from analysis.text.tokens import words_of

_SHORT = 50  # words


@locking
def share(
    corpus: Corpus,
    *,
    out: str | Path | None = None,
    ngrams: str = "none",
    vectors: bool = False,
    random_key: bool = False,
    dry_run: bool = False,
    say: Callable[[str], None] = print,
) -> Path:
    """Write the shared features into the corpus folder and, with its descriptions, one archive.

    Every string in them is compared with the texts and headlines first. The codebook of the
    archive is written anew from what measures need: no comments, no descriptions and examples of
    frames, of a dictionary's file name and digest alone.

    Parameters
    ----------
    corpus : Corpus
        With its texts.
    out : path, optional
        The archive; `<name>.zip` in the current folder if not given.
    ngrams : {"none", "credited", "all"}
        Which runs of five words are shared, as keyed hashes: none, those of passages that are
        credited, or all. Who has one of two articles reads by them in the other what both have in
        common. Without them passages are there as you measured them, with the default options.
    vectors : bool
        Whether sentence embeddings are shipped, too. Sentences can be partly rebuilt from them.
    random_key : bool
        Key the n-grams with random bytes kept in a file beside the texts, instead of with the texts
        themselves: the hashes then stay comparable while the corpus grows.
    dry_run : bool
        Say every file and column that would leave, and write none.
    say : callable
        Takes each line of progress.

    Returns
    -------
    Path
        Of the archive.

    Raises
    ------
    CorpusError
        If a name, a pattern of the codebook, a cell or a description holds six running words of a
        text, or could hold a sentence; nothing is written.
    TextsNeeded
        If the texts are not on this machine.
    """
    check_choice("ngrams", ngrams, NGRAMS)
    out = Path(out or f"{corpus.name}.zip")
    _refuse_long_names(corpus)
    private = extract(corpus, say=say)
    refuse_unread(private)
    running = RunningWords(private)
    key = corpus_key(corpus, random_key and not dry_run)
    runs = "all" if ngrams == "all" else "none"
    options: dict[str, Any] = {"ngrams": runs, "vectors": vectors, "running": running, "say": say}
    tables = shared_tables(private, key, **options)
    results = result_tables(corpus, private, tables["articles"])
    if ngrams == "credited" and "passages" in results:
        tables["ngrams"] = credited_ngrams(private, key, results["passages"])
    about = {"languages": private.manifest["languages"], "entries": private.manifest["entries"]}
    about["codebook"] = corpus.codebook.shipped_about
    members = _descriptions(corpus, tables["articles"])
    _refuse_running_words(corpus, running, members, about["codebook"], tables, results)
    articles = private.table("articles", ["article_id", "n_tokens"])
    short = articles["article_id"][articles["n_tokens"] < _SHORT].tolist()
    if short:
        some = f"{len(short)} articles have fewer than {_SHORT} words ({', '.join(short[:5])})"
        say(f"careful: {some}; the list of a short text's words says nearly all of it")
    if dry_run:
        for line in _leaving(corpus, members, tables, results):
            say(line)
        return out
    save(
        corpus.folder / "features",
        tables,
        form=SHARED,
        corpus=corpus.name,
        digest=corpus_digest(tables["articles"], about["entries"], about["codebook"]),
        results=results,
        **about,
    )
    write_bytes(out, _archive(corpus, members))
    say(
        f"{corpus.folder / 'features'} and {out}: {', '.join(tables)}; no text, and no string with"
        f" {RUN} running words of one"
    )
    return out


def result_tables(
    corpus: Corpus, private: Features, articles: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Make the tables that the measures ship, as each declares them (`SHIPS` in its module).

    Parameters
    ----------
    corpus : Corpus
    private : Features
    articles : DataFrame
        `articles` of the shared form.

    Returns
    -------
    dict of DataFrame
        By name.
    """
    owned = replace(corpus, opened=private)
    measure = functools.cache(lambda verb: getattr(tl, verb)(owned))
    modules = [importlib.import_module(f"analysis.tl.{verb}") for verb in tl.__all__]
    declared = [module.SHIPS for module in modules if hasattr(module, "SHIPS")]
    return shipped_tables(declared, Shipment(owned, articles, measure))


def _refuse_long_names(corpus: Corpus) -> None:
    """Refuse long ids and codebook words, which every table holds and cannot leave out."""
    rows = zip(corpus.metadata["article_id"], corpus.metadata.attrs.get("rows", []))
    names = [("metadata.csv", row, "article_id", article) for article, row in rows]
    said = [(f"{e.kind} {e.name!r}", words) for e in corpus.codebook.entries for words in e.weights]
    said += [
        (f"{section}/{name}", words)
        for section in ("labels", "axes")
        for name, about in corpus.codebook.about[section].items()
        for listed in about.values()
        for words in listed
    ]
    names += [("codebook.yml", None, what, words) for what, words in said]
    problem = f"has more than {LONGEST_STRING} words and could carry a piece of a text; shorten it."
    faults = [
        Fault(file, row, f"{what} {words!r} {problem}")
        for file, row, what, words in names
        if len(words_of(words)) > LONGEST_STRING
    ]
    if faults:
        raise CorpusError(corpus.folder, faults)


def _refuse_running_words(
    corpus: Corpus,
    running: RunningWords,
    members: dict[str, bytes],
    codebook: dict,
    tables: dict[str, pd.DataFrame],
    results: dict[str, pd.DataFrame],
) -> None:
    """Refuse what would leave with running words of a text: say where, and which."""
    said = {name: members[name].decode().splitlines() for name in ("corpus.yml", "codebook.yml")}
    said["features.json"] = [*_strings(codebook)]
    for folder, several in (("features", tables), ("features/results", results)):
        for name, table in several.items():
            said[f"{folder}/{name}, a name of a column"] = [*table.columns]
            for column in table.columns[[not is_numeric_dtype(table[c]) for c in table.columns]]:
                cells = {cell for cell in table[column] if isinstance(cell, str)}
                said[f"{folder}/{name}, {column}"] = sorted(cells)
    for name in ("corpus.yml", "codebook.yml"):  # a text that YAML breaks into lines
        said[name] += _strings(yaml.safe_load(members[name]))
    faults = [
        Fault(place, None, f"{words!r} stands in a text in this order; reword or remove it.")
        for place, strings in said.items()
        for words in dict.fromkeys(map(running.found_in, map(str, strings)))
        if words
    ]
    if faults:
        raise CorpusError(corpus.folder, faults)


def _strings(content) -> Iterator[str]:
    """Every string of a mapping or list, keys too."""
    if isinstance(content, dict):
        content = [*content, *content.values()]
    if isinstance(content, list):
        for part in content:
            yield from _strings(part)
    elif isinstance(content, str):
        yield content


def _leaving(corpus: Corpus, members: dict, tables: dict, results: dict) -> Iterator[str]:
    """Every file and column that an archive would hold."""
    yield f"{corpus.name}: would leave, and nothing else (nothing was written):"
    for name in sorted(members):
        columns = members[name].decode().partition("\n")[0].split(",")
        yield f"  {name}" + (f": {', '.join(columns)}" if name.endswith(".csv") else "")
    yield "  features/features.json: names, digests, the codebook's words"
    for folder, several in (("features", tables), ("features/results", results)):
        for name, table in several.items():
            rows = count(len(table), "row")
            yield f"  {folder}/{name}.parquet, {rows}: {', '.join(table.columns)}"


def _descriptions(corpus: Corpus, articles: pd.DataFrame) -> dict[str, bytes]:
    """Metadata, datasheet and codebook as an archive holds them, by file."""
    rows = articles.drop(columns=list(EXTRACTED))
    rows.insert(1, "file", [f"{a}.txt" for a in rows["article_id"]])
    datasheet = corpus.datasheet | {"texts": "withheld"}  # as they are, from the archive
    plain = {"allow_unicode": True, "sort_keys": False, "width": 100}
    return {
        "metadata.csv": rows.map(safe).to_csv(index=False, lineterminator="\n").encode(),
        "corpus.yml": yaml.safe_dump(datasheet, **plain).encode(),
        "codebook.yml": yaml.safe_dump(corpus.codebook.shipped, **plain).encode(),
    }


def _archive(corpus: Corpus, members: dict[str, bytes]) -> bytes:
    """A zip that holds the corpus folder without texts; the same bytes from the same content."""
    files = sorted((corpus.folder / "features").rglob("*"))
    members = members | {
        f.relative_to(corpus.folder).as_posix(): f.read_bytes() for f in files if f.is_file()
    }
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            member = zipfile.ZipInfo(f"{corpus.name}/{name}", (1980, 1, 1, 0, 0, 0))
            archive.writestr(member, members[name], zipfile.ZIP_DEFLATED)
    return sink.getvalue()
