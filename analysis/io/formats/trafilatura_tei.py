"""What trafilatura writes as XML-TEI: an article a file, its text in ``div[@type="entry"]``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile

TITLE = "trafilatura, XML-TEI"
_T = "{http://www.tei-c.org/ns/1.0}"
_BLOCKS = {f"{_T}{name}" for name in "p head item ab quote fw l cell".split()}


def recognise(source: Source) -> bool:
    """Whether a file is TEI with the parts that trafilatura writes."""
    head = source.head
    return b"<TEI" in head and b"http://www.tei-c.org/ns/1.0" in head and b"<html" not in head


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The article of a file, without readers' comments; the day of the fetch is not its day."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=False
    )
    try:
        root = etree.fromstring(source.data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        why = getattr(error, "msg", None) or error
        raise UnreadableFile(f"no XML, or cut short ({why}); fetch it again.") from None
    entries = root.findall(f".//{_T}text/{_T}body/{_T}div[@type='entry']")
    texts = ["\n\n".join(_blocks(entry)) for entry in entries]
    if not any(texts):
        raise UnreadableFile("holds no text of an article (no div of type entry).")

    def first(path: str) -> str:
        found = root.find(f".//{_T}" + path.replace("/", f"/{_T}"))
        return "" if found is None else _line(found)

    sigle = root.find(f".//{_T}sourceDesc/{_T}bibl[@type='sigle']")
    full = "biblFull/publicationStmt"
    link = root.find(f".//{_T}biblFull//{_T}ptr[@type='URL']")
    publisher = first(f"{full}/publisher") or first("publicationStmt/publisher")
    authors = root.findall(f".//{_T}teiHeader/{_T}fileDesc/{_T}titleStmt/{_T}author")
    yield Record(
        text="\n\n".join(filter(None, texts)),
        title=first("titleStmt/title"),
        outlet=_outlet(publisher),
        published=first(f"{full}/date") or _day("" if sigle is None else _line(sigle)),
        author=" and ".join(dict.fromkeys(filter(None, map(_line, authors)))),
        url="" if link is None else link.get("target", ""),
        source_id=first("notesStmt/note"),
    )


def _blocks(entry) -> Iterator[str]:
    """Paragraphs, headings and items of a text, each once; what stands between them, too."""
    for element in entry.iter(*_BLOCKS):
        above = (parent.tag for parent in element.iterancestors() if parent is not entry)
        if any(tag in _BLOCKS for tag in above):
            continue
        inner = [child for child in element.iter(*_BLOCKS) if child is not element]
        lines = (
            map(_line, inner) if inner and not (element.text or "").strip() else [_line(element)]
        )
        yield from filter(None, lines)


def _line(element) -> str:
    """Text of an element, blanks collapsed; a line break is a blank."""
    for ending in element.iter(f"{_T}lb"):
        ending.tail = f" {ending.tail or ''}"
    return " ".join("".join(element.itertext()).split())


def _outlet(publisher: str) -> str:
    """The name of the site, without its address in brackets."""
    return re.sub(r"\s*\([^()\s]+\.[^()\s]+\)$", "", publisher)


def _day(sigle: str) -> str:
    found = re.search(r"\d{4}-\d\d-\d\d$", sigle)
    return found[0] if found else ""
