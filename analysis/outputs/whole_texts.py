"""Texts that leave a corpus on its owner's word: read, cleaned as they were measured, written."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from analysis.corpus import Corpus
from analysis.errors import FeaturesError, OptionError
from analysis.features import PRIVATE, Features, load_features
from analysis.files import new_folder
from analysis.io.article import Article
from analysis.io.sheets import safe
from analysis.results import count

_LEAVE = (
    "{n} of {name} {were} written to {path}, {how} (licence: {licence}). Whole texts leave the"
    " corpus with it: pass them on only where the rights allow it."
)
_WITHHELD = (
    "corpus.yml says that the texts of {name} are withheld; give withheld=True to write them for"
    " your own use"
)
CLEANED = "without what cleaning masked"
STORED = "as they are stored"
_NO_NAME = re.compile(r"[^\w.,()&+ -]+")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_LONGEST = 80  # characters of a file's name


def check_leave(corpus: Corpus, withheld: bool) -> None:
    """Raise where the texts may not be written.

    Raises
    ------
    OptionError
        If it is no corpus, or its texts are withheld and the owner did not say to write them.
    TextsNeeded
        If they are not on this machine.
    """
    if not isinstance(corpus, Corpus):
        raise OptionError(f'texts are written of a corpus, tw.load("name") (got {corpus!r:.60})')
    if corpus.withheld and not withheld:
        raise OptionError(_WITHHELD.format(name=corpus.name))
    if corpus.texts is None:
        next(corpus.articles())  # raises


def sentence_of(corpus: Corpus, path: Path, how: str) -> str:
    """What is said when texts leave."""
    n = len(corpus.metadata)
    about = {"n": count(n, "text"), "were": "was" if n == 1 else "were"}
    licence = " ".join(str(corpus.datasheet.get("licence", "not said")).split()).rstrip(".")
    return _LEAVE.format(name=corpus.name, path=path, how=how, licence=licence, **about)


@contextlib.contextmanager
def leaving(
    corpus: Corpus, path: str | Path, how: str, *, withheld: bool, say: Callable[[str], None]
) -> Iterator[Path]:
    """A fresh folder for whole texts, which becomes `path` if all could be written.

    Raises
    ------
    OptionError
        If the texts may not be written, or there is a folder with something in it.
    """
    check_leave(corpus, withheld)
    path = Path(path)
    if path.is_file() or path.is_dir() and any(path.iterdir()):
        raise OptionError(f"{path} is there and not empty; give a new folder, or move it away")
    with new_folder(path) as fresh:
        yield fresh
    say(sentence_of(corpus, path, how))


def private_features(corpus: Corpus) -> Features | None:
    """The private features of a corpus, also where the shared form is there too."""
    folder = corpus.folder / "private"
    if corpus.opened is None and not folder.is_dir():
        return None
    try:
        features = corpus.opened or load_features(folder)
    except FeaturesError:
        return None
    return features if features.form == PRIVATE else None


def measured_texts(corpus: Corpus) -> tuple[Iterator[tuple[Article, str]], str]:
    """Each article with its text as it was measured, and how that is called.

    Without private features the texts are those that are stored.
    """
    features = private_features(corpus)
    if features is None:
        return ((article, article.text) for article in corpus.articles()), STORED
    masks = features.table("masks", ["article_id", "start", "end", "replacement"])
    by_article = dict(iter(masks.groupby("article_id", sort=False)))

    def cleaned() -> Iterator[tuple[Article, str]]:
        for article in corpus.articles():
            edits = by_article.get(article.article_id)
            rows = [] if edits is None else edits.itertuples(index=False)
            yield article, _edited(article.text, rows)

    return cleaned(), CLEANED


def _edited(text: str, rows) -> str:
    parts, place = [], 0
    for _, start, end, replacement in rows:
        if start >= place:
            parts += [text[place:start], replacement]
            place = end
    return "".join([*parts, text[place:]])


def table_bytes(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows as a CSV in UTF-8 that no spreadsheet runs as formulas."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerows([[safe(str(cell)) for cell in row] for row in rows])
    return sink.getvalue().encode("utf-8", "replace")


def article_rows(corpus: Corpus) -> tuple[list[list[str]], str]:
    """A header and a row for each article: doc_id, text, then the columns of its metadata."""
    columns = [c for c in corpus.metadata if c not in ("article_id", "file", "text", "doc_id")]
    texts, how = measured_texts(corpus)
    rows = [["doc_id", "text", *columns]]
    for article, text in texts:
        rows.append([article.article_id, text, *(str(article.about[c]) for c in columns)])
    return rows, how


def file_name(text: str, taken: set[str]) -> str:
    """A name that every system takes for a file, another for each text; added to `taken`.

    Examples
    --------
    >>> taken = set()
    >>> [file_name(name, taken) for name in ("a/b: c?", "A_b_ c_", "con", "")]
    ['a_b_ c_', 'A_b_ c_ 2', 'con_', 'unnamed']
    """
    wanted = _NO_NAME.sub("_", text).strip(" .")[:_LONGEST].strip(" .") or "unnamed"
    wanted += "_" * bool(_RESERVED.fullmatch(wanted))
    name, number = wanted, 1
    while name.casefold() in taken:
        number += 1
        name = f"{wanted} {number}"
    taken.add(name.casefold())
    return name
