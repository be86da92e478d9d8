"""Tiny corpora, written into a test's own folder."""

import csv
import importlib
import io
import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis import extract, load, tl
from analysis.features import SHARED, save
from analysis.io.article import COLUMNS
from analysis.shared_form import corpus_key, shared_tables

CODEBOOK = """\
actors:
  mayor: {name: Ada Mayor, aliases: [Mayor], side: town}
frames:
  conflict: {description: Disagreement, words: [clash*, accus*, sharp words]}
dictionaries:
  mine: {file: mine.csv, language: en}
tone: [mayor]
"""
DICTIONARY = "word,score\ngood,1\nbad,-2\nawful*,-1\n"
TEXTS = {
    "a1": "The mayor accused the council. It was a bad day.\n",
    "b1": "Nobody clashed here. The day was good, the night was good.\n",
}

ARTICLES = [
    {
        "id": "a1",
        "text": "“No,” she said.\r\nNothing <b>more</b>.",
        "source": "The Times",
        "date": "2024-08-01",
        "desk": "city",
    },
    {"id": "b1", "text": "Nobody came.", "source": "Le Café, Paris", "date": "", "desk": ""},
]


def csv_of(rows=ARTICLES, **options):
    return pd.DataFrame(rows).to_csv(index=False, **options)


def jsonl_of(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def put_table(path, content):
    """Writes a table of articles, of text, bytes or Arrow, and returns its path."""
    if isinstance(content, pa.Table):
        pq.write_table(content, path)
        return path
    return put(path, content)


def write_corpus(
    folder, texts=None, *, language="en", codebook=CODEBOOK, dictionary=DICTIONARY, **columns
):
    """A corpus folder named as its last part; `texts` maps ids to texts or bytes, `columns` ids to
    cells.
    """
    texts = TEXTS if texts is None else texts
    (folder / "articles").mkdir(parents=True)
    for article, text in texts.items():
        (folder / "articles" / f"{article}.txt").write_bytes(
            text if isinstance(text, bytes) else text.encode("utf-8")
        )
    rows = [
        {
            "article_id": a,
            "file": f"{a}.txt",
            "outlet": f"Outlet {a}",
            "published": "2024-08-01",
            "language": language,
        }
        | {name: cells[a] for name, cells in columns.items() if a in cells}
        for a in texts
    ]
    sink = io.StringIO()
    writer = csv.DictWriter(
        sink, [*COLUMNS, *(c for c in columns if c not in COLUMNS)], restval="", lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    put(folder / "metadata.csv", sink.getvalue())
    put(
        folder / "corpus.yml",
        f"name: {folder.name}\ntitle: Small\ndescription: For tests\nlanguages: [{language}]\n"
        "texts: shared\nlicence: CC0-1.0\ncollected: Written for tests\n",
    )
    put(folder / "codebook.yml", codebook)
    put(folder / "mine.csv", dictionary)
    return folder


def put(path, content):
    """Write a file as it is given, text without any change of line ends."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def told(faults, file, *words, row=...):
    """Whether a fault names this file (and row) and all these words."""
    return any(
        f.file == file and (row is ... or f.row == row) and all(w in f.problem for w in words)
        for f in faults
    )


def quiet(*_):
    """Takes a line of progress and says nothing."""


def extract_small(folder, encoder=None):
    """Private features of a corpus folder, without embeddings unless an encoder is given."""
    return extract(load(folder), encoder=encoder, say=quiet)


def ship(folder, ngrams="none"):
    """Shared features in a corpus folder, as `share` leaves them, without vectors and results."""
    private = extract_small(folder)
    key = corpus_key(load(folder))
    save(
        folder / "features",
        shared_tables(private, key, ngrams=ngrams, say=quiet),
        form=SHARED,
        corpus=folder.name,
        digest=private.digest,
        languages=private.manifest["languages"],
        entries=private.manifest["entries"],
        codebook=load(folder).codebook.shipped_about,
    )
    return folder / "features"


def shipped_names():
    """The result tables that measures declare to be shipped."""
    modules = [importlib.import_module(f"analysis.tl.{verb}") for verb in tl.__all__]
    declared = [module.SHIPS for module in modules if hasattr(module, "SHIPS")]
    return {name for ships in declared for name in (*ships.tables, *ships.later)}
