"""Share: write the form of the features that holds no running words, and an archive of it."""

from __future__ import annotations

import functools
import importlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis import tl
from analysis.corpus import Corpus
from analysis.errors import CorpusError, Fault
from analysis.extract.extraction import extract
from analysis.features import SHARED, Features, corpus_digest, save
from analysis.files import locking, write_bytes
from analysis.io.article import EXTRACTED
from analysis.shared_form import LONGEST_STRING, corpus_key, shared_tables
from analysis.store import Shipment, shipped_tables
from analysis.text.tokens import words_of

_SHORT = 50  # words


@locking
def share(
    corpus: Corpus,
    *,
    out: str | Path | None = None,
    vectors: bool = False,
    random_key: bool = False,
    say: Callable[[str], None] = print,
) -> Path:
    """Write the shared features into the corpus folder and, with its descriptions, one archive.

    Parameters
    ----------
    corpus : Corpus
        With its texts.
    out : path, optional
        The archive; `<name>.zip` in the current folder if not given.
    vectors : bool
        Whether sentence embeddings are shipped, too. Sentences can be partly rebuilt from them.
    random_key : bool
        Key the n-grams with random bytes kept in a file beside the texts, instead of with the texts
        themselves: the hashes then stay comparable while the corpus grows.
    say : callable
        Takes each line of progress.

    Returns
    -------
    Path
        Of the archive.

    Raises
    ------
    CorpusError
        If a name or an example of the codebook could carry a piece of a text; nothing is written.
    TextsNeeded
        If the texts are not on this machine.
    """
    _refuse_long_names(corpus)
    private = extract(corpus, say=say)
    tables = shared_tables(private, corpus_key(corpus, random_key), vectors=vectors, say=say)
    articles = private.table("articles", ["article_id", "n_tokens"])
    short = articles["article_id"][articles["n_tokens"] < _SHORT].tolist()
    if short:
        some = f"{len(short)} articles have fewer than {_SHORT} words ({', '.join(short[:5])})"
        say(f"careful: {some}; the list of a short text's words says nearly all of it")
    about = {key: private.manifest[key] for key in ("languages", "entries", "codebook")}
    save(
        corpus.folder / "features",
        tables,
        form=SHARED,
        corpus=corpus.name,
        digest=corpus_digest(tables["articles"], about["entries"], about["codebook"]),
        results=result_tables(corpus, private, tables["articles"]),
        **about,
    )
    out = Path(out or f"{corpus.name}.zip")
    write_bytes(out, _archive(corpus, tables["articles"]))
    say(f"{corpus.folder / 'features'} and {out}: {', '.join(tables)}; no text, no running words")
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
    faults += _copied_examples(corpus)
    if faults:
        raise CorpusError(corpus.folder, faults)


def _copied_examples(corpus: Corpus) -> list[Fault]:
    """Examples of frames that share more words with a text than a cell may hold."""
    examples = {
        example: name
        for name, about in corpus.codebook.about["frames"].items()
        for example in about["examples"]
    }
    runs = {}
    for example, name in examples.items():
        words = words_of(example)
        for i in range(len(words) - LONGEST_STRING):
            runs[tuple(words[i : i + LONGEST_STRING + 1])] = name, example
    found = {}
    for article in corpus.articles() if runs else ():
        words = words_of(article.text)
        for run in zip(*(words[i:] for i in range(LONGEST_STRING + 1))):
            if run in runs:
                found.setdefault(runs[run], article.article_id)
    problem = f"shares more than {LONGEST_STRING} running words with"
    return [
        Fault(
            "codebook.yml", None, f"frames/{name}: the example {e!r:.40} {problem} {a}; reword it."
        )
        for (name, e), a in found.items()
    ]


def _archive(corpus: Corpus, articles: pd.DataFrame) -> bytes:
    """A zip that holds the corpus folder without texts; the same bytes from the same content."""
    rows = articles.drop(columns=list(EXTRACTED))
    rows.insert(1, "file", [f"{a}.txt" for a in rows["article_id"]])
    members = {"metadata.csv": rows.to_csv(index=False, lineterminator="\n").encode()}
    named = [entry["file"] for entry in corpus.codebook.dictionaries.values() if "file" in entry]
    files = [corpus.folder / name for name in ("corpus.yml", "codebook.yml", *named)]
    files += sorted((corpus.folder / "features").rglob("*"))
    members |= {
        f.relative_to(corpus.folder).as_posix(): f.read_bytes() for f in files if f.is_file()
    }
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            member = zipfile.ZipInfo(f"{corpus.name}/{name}", (1980, 1, 1, 0, 0, 0))
            archive.writestr(member, members[name], zipfile.ZIP_DEFLATED)
    return sink.getvalue()
