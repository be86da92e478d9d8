"""Europresse's pages of articles, of both generations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.io.formats.europresse import (
    A_NOTE,
    ARTICLE_NUMBER,
    LONGEST_BYLINE,
    RIGHTS,
    europresse_record,
    first_generation,
    has_date,
)
from analysis.io.formats.markup import lines, text_segments, tree_of_text, trees_of, words
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile

TITLE = "Europresse, HTML"
_SIGNS = re.compile(rb"DocPublicationName|TitreArticleVisu|docOcurrContainer", re.IGNORECASE)
_BEGINS = (
    re.compile(r"<article\b", re.IGNORECASE),
    re.compile(r"<span[^<>]{0,100}class\s*=\s*[\"'][^\"'<>]{0,100}DocPublicationName"),
)
_CLASSES = {
    "docpublicationname": "outlet",
    "docheader": "header",
    "titrearticlevisu": "title",
    "rdp__articletitle": "title",
    "rdp__subtitle": "subtitle",
    "docauthors": "author",
    "dococurrcontainer": "body",
}
_ESCAPED = re.compile(r"\s*<(p|div|br|mark|span|b|i|em|strong|h\d)\b[^<>]*>.*", re.I | re.DOTALL)
_MOST_ESCAPED = 3  # times


def recognise(source: Source) -> bool:
    """Whether a page has elements of Europresse's classes."""
    return b"<" in source.head[:1000] and _SIGNS.search(source.head) is not None


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The articles of a page in their order."""
    newer = b"<article" in source.head.lower()
    trees, remarks = trees_of(source, settings, _BEGINS[0 if newer else 1])
    yield from remarks
    place = 0
    for tree in trees:
        newer = next(tree.iter("article"), None) is not None
        for record in _second_generation(tree) if newer else first_generation(tree):
            place += 1
            record.place = place
            yield record
    if not place:
        raise UnreadableFile(
            "a page of Europresse without an article; save the documents, not the list of results."
        )


def _second_generation(tree) -> Iterator[Record]:
    """The articles of a newer page: an element for each, and for each of its parts."""
    for article in tree.iter("article"):
        parts = _parts(article)
        if parts.keys() & {"title", "outlet", "header", "body"}:
            yield _record(parts)


def _record(parts: dict[str, list]) -> Record:
    footer = [line for node in parts.get("footer", ()) for line in lines(node, _certificate)]
    certificates = [words(node) for node in parts.get("footer", ())]
    # the certificate's number has another day, and is better than none
    numbers = [
        match[0] for line in [*footer, *certificates] if (match := ARTICLE_NUMBER.search(line))
    ]
    header, kicker = _said(parts, "header"), _said(parts, "kicker")
    if not has_date(header) and has_date(kicker):
        header, kicker = kicker, header
    more = {
        "kicker": "" if header.casefold().startswith(kicker.casefold()) else kicker,
        "subtitle": _said(parts, "subtitle"),
        "copyright": next((line for line in footer if RIGHTS.match(line)), ""),
        **_beside(parts.get("aside", ())),
    }
    return europresse_record(
        _said(parts, "outlet"), header, more,
        text="\n\n".join(_body(parts.get("body", ()))), title=_said(parts, "title"),
        author=_said(parts, "author"), source_id=next(iter(numbers), ""),
    )  # fmt: skip


def _kind_of(node) -> str:
    if node.tag in ("article", "aside", "footer"):
        return node.tag
    names = (node.get("class") or "").lower().split()
    if "doctext" in names:  # around the body, or in its place
        inner = (name for below in node.iter() for name in (below.get("class") or "").split())
        return "" if any(name.lower() == "dococurrcontainer" for name in inner) else "body"
    return next((_CLASSES[name] for name in names if name in _CLASSES), "")


def _parts(article) -> dict[str, list]:
    """The parts of an article; lines of its head have their meaning from their place."""
    parts: dict[str, list] = {}
    for kind, found in text_segments(article, _kind_of):
        if kind:
            parts.setdefault(kind, []).append(found)
        elif "body" in parts:
            parts.setdefault("aside", []).append(found)
        elif "title" not in parts:
            parts.setdefault("kicker", []).append(found)
        elif "author" not in parts and len(found.split()) <= LONGEST_BYLINE:
            parts["author"] = [found]
        else:
            parts.setdefault("subtitle", []).append(found)
    return parts


def _said(parts: dict[str, list], name: str) -> str:
    said = (part if isinstance(part, str) else words(part) for part in parts.get(name, ()))
    return " ".join(filter(None, said))


def _body(nodes: list) -> list[str]:
    found: list[str] = []
    for node in nodes:
        given = list(lines(node))
        for _ in range(_MOST_ESCAPED):  # a body escaped twice is text that looks like tags
            text = "\n".join(given)
            if not _ESCAPED.fullmatch(text):
                break
            tree, _ = tree_of_text(text)
            given = list(lines(tree)) if tree is not None else []
        found += given
    return found


def _certificate(node) -> bool:
    return (node.get("id") or "").startswith(("divPubliC", "PubliC_"))


def _beside(asides: list) -> dict[str, str]:
    """Captions and notes beside a text, by what stands before their colon."""
    name = "beside the text"
    said: dict[str, list[str]] = {}
    for aside in asides:
        for line in [aside] if isinstance(aside, str) else lines(aside):
            if match := A_NOTE.match(f"{line} "):
                name, line = match[1].strip(), match[2].strip()
            if line:
                said.setdefault(name, []).append(line)
    return {name: " ".join(given) for name, given in said.items()}
