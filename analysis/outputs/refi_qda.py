"""A project for coders' programs (REFI-QDA, .qdpx): articles, codes and what was found in them."""

from __future__ import annotations

import bisect
import importlib.metadata
import io
import re
import uuid
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import OptionError
from analysis.files import write_bytes
from analysis.outputs.annotations import ANNOTATED, annotations_of
from analysis.outputs.whole_texts import STORED, check_leave, sentence_of

QDA = "urn:QDA-XML:project:1.0"
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, QDA)
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TITLES = {
    "quotation": ("Quotations", "#0072B2"),
    "mention": ("Actors", "#D55E00"),
    "label": ("Labels", "#9E4F8A"),
    "frame": ("Frames", "#66B89C"),
    "passage": ("Shared passages", "#F0C04A"),
}
_VARIABLES = ("outlet", "published", "author", "url", "language", "title")


def to_refi_qda(
    corpus: Corpus,
    path: str | Path,
    *,
    kinds: Iterable[str] | None = None,
    reuse=None,
    withheld: bool = False,
    say: Callable[[str], None] = print,
) -> Path:
    """Write a project (.qdpx) that MAXQDA, NVivo, ATLAS.ti, QualCoder and others open.

    Each article is a source with its outlet, date and author as variables. Codes are those of the
    codebook, actors and frames, and what was found: quotations, labels and, with `reuse`, shared
    passages. Each place that was found is a coded selection, whose description says what a program
    found there.

    Parameters
    ----------
    corpus : Corpus
        With its texts and private features.
    path : path
        Of the file, which ends with .qdpx.
    kinds : iterable of str, optional
        Of selections: "quotation", "mention", "label", "frame", "passage"; none for coders who are
        to see no code of a program. All if not given.
    reuse, withheld, say
        As for `to_tei`.

    Returns
    -------
    Path
        Of the file.

    Raises
    ------
    OptionError, TextsNeeded, FeaturesError
        As for `to_tei`; or if there is such a file.

    References
    ----------
    REFI-QDA Standard, version 1.5 (2019). https://www.qdasoftware.org
    """
    check_leave(corpus, withheld)
    path, kinds = Path(path), ANNOTATED if kinds is None else tuple(kinds)
    if strange := [kind for kind in kinds if kind not in ANNOTATED]:
        raise OptionError(f"kinds must be of {', '.join(ANNOTATED)} (got {strange[0]!r:.40})")
    if path.suffix.lower() != ".qdpx":
        raise OptionError(f"path must end with .qdpx (got {path.name!r})")
    if path.exists():
        raise OptionError(f"{path} is there; give another name, or move it away")
    found = annotations_of(corpus, reuse)
    found = found[found["kind"].isin(kinds)]
    root, texts = _project(corpus, found)
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "project.qde", _xml(root))
        for guid, text in texts.items():
            _put(archive, f"Sources/{guid}.txt", text.encode("utf-8", "replace"))
    write_bytes(path, sink.getvalue())
    say(sentence_of(corpus, path, STORED))
    return path


def _project(corpus: Corpus, found: pd.DataFrame) -> tuple[Element, dict[str, str]]:
    """The project, and the texts of its sources by id."""
    version = importlib.metadata.version("twicetold")
    user = _guid(corpus, "user")
    about = {"xmlns": QDA, "name": corpus.name, "origin": f"Twicetold {version}"}
    root = Element("Project", about | {"creatingUserGUID": user})
    users = SubElement(root, "Users")
    SubElement(users, "User", {"guid": user, "name": f"Twicetold {version}", "id": "twicetold"})
    codes = _code_book(root, corpus, found)
    columns = [c for c in _VARIABLES if c in corpus.metadata and corpus.metadata[c].any()]
    if columns:
        variables = SubElement(root, "Variables")
        for column in columns:
            about = {"guid": _guid(corpus, "variable", column), "name": column}
            SubElement(variables, "Variable", about | {"typeOfVariable": "Text"})
    sources, texts = SubElement(root, "Sources"), {}
    places = dict(iter(found.groupby("article_id", sort=False)))
    for article in corpus.articles():
        guid = _guid(corpus, "source", article.article_id)
        texts[guid], moved = without_returns(article.text)
        about = {"guid": guid, "name": _plain(article.about.get("title") or article.article_id)}
        about |= {"plainTextPath": f"internal://{guid}.txt", "creatingUser": user}
        source = SubElement(sources, "TextSource", about)
        SubElement(source, "Description").text = f"article {article.article_id}"
        rows = places.get(article.article_id)
        for row in () if rows is None else rows.itertuples():
            who = article.article_id, row.kind, row.code, row.start, row.end, row.about
            start, end = moved(row.start), moved(row.end)
            about = {"guid": _guid(corpus, "selection", *who), "name": _plain(row.code)}
            about |= {"startPosition": str(start), "endPosition": str(end), "creatingUser": user}
            selection = SubElement(source, "PlainTextSelection", about)
            SubElement(selection, "Description").text = _plain(row.about)
            about = {"guid": _guid(corpus, "coding", *who), "creatingUser": user}
            coding = SubElement(selection, "Coding", about)
            SubElement(coding, "CodeRef", {"targetGUID": codes[row.kind, row.code]})
        for column in columns:
            if cell := str(article.about.get(column, "")):
                value = SubElement(source, "VariableValue")
                reference = {"targetGUID": _guid(corpus, "variable", column)}
                SubElement(value, "VariableRef", reference)
                SubElement(value, "TextValue").text = _plain(cell)
    return root, texts


def _code_book(root: Element, corpus: Corpus, found: pd.DataFrame) -> dict[tuple[str, str], str]:
    """The codes, those of the codebook whether found or not; the id of each kind and code."""
    wanted: dict[tuple[str, str], str] = {}
    for about in corpus.codebook.actors.values():
        wanted["mention", about["name"]] = ", ".join(about.get("aliases") or ())
    for name, about in corpus.codebook.frames.items():
        wanted["frame", name] = about.get("description") or ", ".join(about["words"])
    for pair in found[["kind", "code"]].drop_duplicates().sort_values(["kind", "code"]).to_numpy():
        wanted.setdefault(tuple(pair), "")
    if not wanted:
        return {}
    tops = SubElement(SubElement(root, "CodeBook"), "Codes")
    above: dict[str, Element] = {}
    codes = {}
    for kind in ANNOTATED:
        for (of, code), words in wanted.items():
            if of != kind:
                continue
            title, colour = _TITLES[kind]
            if kind not in above:
                about = {"guid": _guid(corpus, "code", kind), "name": title, "isCodable": "false"}
                above[kind] = SubElement(tops, "Code", about | {"color": colour})
            codes[kind, code] = _guid(corpus, "code", kind, code)
            about = {"guid": codes[kind, code], "name": _plain(code), "isCodable": "true"}
            element = SubElement(above[kind], "Code", about | {"color": colour})
            if words:
                SubElement(element, "Description").text = _plain(words)
    return codes


def without_returns(text: str) -> tuple[str, Callable[[int], int]]:
    r"""A text with line feeds alone, and where a place of the text as stored is in it.

    Examples
    --------
    >>> text, moved = without_returns("a\r\nb\rc")
    >>> text, moved(3), moved(5)
    ('a\nb\nc', 2, 4)
    """
    pairs = [match.start() for match in re.finditer("\r\n", text)]
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return plain, lambda place: place - bisect.bisect_left(pairs, place)


def _guid(corpus: Corpus, *who) -> str:
    """The same id for the same thing of a corpus each time."""
    return str(uuid.uuid5(_SPACE, "\x1f".join(map(str, (corpus.name, *who)))))


def _plain(text: str) -> str:
    return _NO_XML.sub("\ufffd", " ".join(str(text).split()))


def _xml(root: Element) -> bytes:
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    about = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    about.create_system = 0
    archive.writestr(about, data, zipfile.ZIP_DEFLATED)
