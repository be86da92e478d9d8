"""Europresse's pages, of the first generation (tables) and the second (articles)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.io.formats.dated import DATE
from analysis.io.formats.markup import lines, tree_of_text, trees_of
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile

TITLE = "Europresse, HTML"
_BEGINS = re.compile(r"<article\b|<table[^>]*table-layout", re.IGNORECASE)
_ISSUE = re.compile(r",\s*(?:no|n°|nº|vol)\.?\s*[\w-]+.*$", re.IGNORECASE)
_PAGE = re.compile(r",\s*p\.\s*(\S+)\s*$")
_DAY = re.compile(r"[^\W\d_]+\s+$")
_NUMBER = re.compile(r"\w+[·\u00b7]\d{8}[·\u00b7]\w+[·\u00b7]\w+")
_TIME = re.compile(r"\d{1,2}[:h]\d{2}")
_RIGHTS = re.compile(r"(?:©|\(c\)|copyright)", re.IGNORECASE)


def recognise(source: Source) -> bool:
    """Whether the page has Europresse's classes."""
    head = source.head
    return b"DocPublicationName" in head and b"DocHeader" in head


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The articles, without illustrations, notices and certificates."""
    trees, remarks = trees_of(source, settings, _BEGINS)
    yield from remarks
    names = [span for tree in trees for span in tree.xpath("//span[@class='DocPublicationName']")]
    if not names:
        raise UnreadableFile("a page of Europresse without an article; export it again.")
    for place, name in enumerate(names, start=1):
        articles = name.xpath("ancestor::article[1]")
        root = articles[0] if articles else name.xpath("ancestor::td[1]")
        root = root if articles else (root[0] if root else name.getparent())
        yield (_second if articles else _first)(root, name, place)


def _words(element) -> str:
    return " ".join(element.xpath("string(.)").split())


def _fields(root, name, place: int) -> Record:
    header = "".join(e.xpath("string(.)") for e in root.xpath(".//span[@class='DocHeader']"))
    header = " ".join(header.split())
    page = _PAGE.search(header)
    header = _PAGE.sub("", header)
    date = next(iter(DATE.finditer(header)), None)
    section = _DAY.sub("", header[: date.start()]).strip(" ,") if date else ""
    number = _NUMBER.search(_words(root))
    return Record(
        "",
        place,
        outlet=_ISSUE.sub("", _words(name)).strip(),
        published=date.group() if date else "",
        section="" if _TIME.search(section) else section,
        page=page[1] if page else "",
        source_id=number.group() if number else "",
    )


def _second(root, name, place: int) -> Record:
    """Second generation: elements say what is what."""
    record = _fields(root, name, place)
    titles = root.xpath(".//*[contains(@class, 'itreArticleVisu')]")
    record.title = _words(titles[0]) if titles else ""
    box = root.xpath(".//header/div[contains(@class, 'titreArticle')]/following-sibling::div")
    record.author = _words(box[0]) if box else ""
    bodies = root.xpath(".//*[contains(@class, 'docOcurrContainer')]")
    bodies = bodies or root.xpath(".//*[contains(@class, 'DocText')]")
    paragraphs = [line for body in bodies for line in lines(body)]
    if any(re.search(r"</?p>", line) for line in paragraphs):  # escaped twice
        tree, _ = tree_of_text("\n".join(paragraphs))
        paragraphs = [] if tree is None else list(lines(tree))
    record.text = "\n\n".join(paragraphs)
    return record


def _first(root, name, place: int) -> Record:
    """First generation: after the title a line of authors, then paragraphs up to the notice."""
    record = _fields(root, name, place)
    titles = root.xpath(".//*[@class='TitreArticleVisu']")
    record.title = _words(titles[0]) if titles else ""
    skipped = {name, *root.xpath(".//span[@class='DocHeader']"), *titles[:1]}
    ends = root.xpath(".//table")
    kept: list[str] = []
    first_gap = len(titles) and titles[0].xpath("following-sibling::p[1]")
    for line in lines(root, lambda node: node in skipped or node in ends):
        if _RIGHTS.match(line) or _NUMBER.search(line):
            break
        kept.append(line)
    if first_gap:
        before = first_gap[0].xpath("preceding-sibling::text()")
        author = " ".join(" ".join(before).split())
        if author and kept and kept[0] == author:
            record.author = kept.pop(0)
    record.text = "\n\n".join(kept)
    return record
