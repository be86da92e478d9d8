"""Articles as TEI P5 with stand-off annotations: the text as it is stored, and pointers into it."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import pandas as pd

from analysis.corpus import Corpus
from analysis.files import write_bytes
from analysis.io.article import Article
from analysis.outputs.annotations import ANNOTATED, annotations_of
from analysis.outputs.whole_texts import STORED, check_leave, file_name, leaving

TEI = "http://www.tei-c.org/ns/1.0"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_TEXT = "text"  # the id that pointers start from
# what XML cannot hold is replaced one for one, so that places stay
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACED = "\ufffd"
_DAY = re.compile(r"\d{4}(-\d\d){0,2}")
_ABOUT = (
    "The text stands in one ab as it was stored, each line end included. A target"
    " #string-range(text,start,length) counts its characters (Unicode code points) from 0."
    " Annotations were found by a program."
)


def to_tei(
    corpus: Corpus,
    path: str | Path,
    *,
    reuse=None,
    withheld: bool = False,
    say: Callable[[str], None] = print,
) -> Path:
    """Write a folder of TEI P5: a file an article, with the text and stand-off annotations.

    Quotations, mentions of actors, labels, words of frames and, with `reuse`, shared passages are
    `span` elements in `standOff`, grouped by kind; each points to its stretch of the text and to
    its code in the header. The text is as it is stored, so that places are those of all tables.

    Parameters
    ----------
    corpus : Corpus
        With its texts and private features.
    path : path
        Of the new folder.
    reuse : Reuse, optional
        A result of `tl.reuse`, whose passages are written too.
    withheld, say
        As for `to_quanteda`.

    Returns
    -------
    Path
        Of the folder.

    Raises
    ------
    OptionError, TextsNeeded
        As for `to_quanteda`.
    FeaturesError
        If the private features are not here.

    References
    ----------
    TEI Consortium. TEI P5: Guidelines for Electronic Text Encoding and Interchange, chapter 17
    (Linking, Segmentation, and Alignment). https://tei-c.org/guidelines/p5/
    """
    check_leave(corpus, withheld)
    found = dict(iter(annotations_of(corpus, reuse).groupby("article_id", sort=False)))
    codes = _codes(pd.concat(found.values())) if found else {}
    taken: set[str] = set()
    with leaving(corpus, path, STORED, withheld=withheld, say=say) as fresh:
        for article in corpus.articles():
            name = f"{file_name(article.article_id, taken)}.xml"
            rows = found.get(article.article_id)
            write_bytes(fresh / name, _document(article, corpus, rows, codes))
    return Path(path)


def _codes(found: pd.DataFrame) -> dict[tuple[str, str], str]:
    """An id for each kind and code."""
    pairs = found[["kind", "code"]].drop_duplicates().sort_values(["kind", "code"])
    return {
        (kind, code): f"{kind}.{number}"
        for number, (kind, code) in enumerate(pairs.itertuples(index=False), start=1)
    }


def _document(
    article: Article, corpus: Corpus, found: pd.DataFrame | None, codes: dict[tuple[str, str], str]
) -> bytes:
    root = Element("TEI", {"xmlns": TEI})
    mine = {} if found is None else dict.fromkeys(zip(found["kind"], found["code"]))
    _header(root, article, corpus, {pair: codes[pair] for pair in mine})
    if found is not None:
        stand_off = SubElement(root, "standOff")
        for kind in ANNOTATED:
            rows = found[found["kind"] == kind]
            group = SubElement(stand_off, "spanGrp", {"type": kind}) if len(rows) else None
            for row in rows.itertuples():
                target = f"#string-range({_TEXT},{row.start},{row.end - row.start})"
                pointers = {"target": target, "ana": f"#{codes[kind, row.code]}"}
                SubElement(group, "span", pointers).text = _plain(row.about)
    text = SubElement(root, "text", {f"{_XML}lang": article.language})
    where = {f"{_XML}id": _TEXT, f"{_XML}space": "preserve"}
    SubElement(SubElement(text, "body"), "ab", where).text = _plain(article.text)
    written = ElementTree.tostring(root, encoding="unicode")
    # a return that is written as it is would be read as a line feed, or as none
    written = written.replace("\r", "&#13;")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'.encode()


def _header(root: Element, article: Article, corpus: Corpus, codes: dict) -> None:
    about = article.about
    header = SubElement(root, "teiHeader")
    file = SubElement(header, "fileDesc")
    title = about.get("title") or article.article_id
    SubElement(SubElement(file, "titleStmt"), "title").text = _plain(title)
    publication = SubElement(SubElement(file, "publicationStmt"), "p")
    licence = " ".join(str(corpus.datasheet.get("licence", "")).split())
    publication.text = _plain(f"Corpus {corpus.name}, article {article.article_id}. {licence}")
    source = SubElement(SubElement(file, "sourceDesc"), "bibl")
    for tag, column in (("title", "title"), ("author", "author"), ("publisher", "outlet")):
        if about.get(column):
            SubElement(source, tag).text = _plain(about[column])
    if day := about.get("published", ""):
        when = {"when": day[:10]} if _DAY.fullmatch(day[:10]) else {}
        SubElement(source, "date", when).text = _plain(day)
    if about.get("url"):
        SubElement(source, "ref", {"target": "".join(_plain(about["url"]).split())})
    if "title" not in about and len(source) == 0:
        source.text = _plain(article.article_id)
    encoding = SubElement(header, "encodingDesc")
    version = importlib.metadata.version("twicetold")
    SubElement(SubElement(encoding, "projectDesc"), "p").text = f"Twicetold {version}. {_ABOUT}"
    declared = SubElement(encoding, "classDecl") if codes else None
    for kind in dict.fromkeys(kind for kind, _ in codes):
        taxonomy = SubElement(declared, "taxonomy", {f"{_XML}id": kind})
        for (of, code), identity in codes.items():
            if of == kind:
                category = SubElement(taxonomy, "category", {f"{_XML}id": identity})
                SubElement(category, "catDesc").text = _plain(code)


def _plain(text: str) -> str:
    return _NO_XML.sub(_REPLACED, str(text))
