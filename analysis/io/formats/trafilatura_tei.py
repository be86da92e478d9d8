"""What trafilatura writes as XML-TEI: an article a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile

TITLE = "trafilatura, XML-TEI"
_NAMES = {"t": "http://www.tei-c.org/ns/1.0"}
_HOST = re.compile(r"\s*\(\S+\.\S+\)$")


def recognise(source: Source) -> bool:
    """Whether the file begins as TEI does."""
    return b"<TEI" in source.head[:2048] and b"tei-c.org" in source.head[:2048]


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The article, without the comments of its readers."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        tree = etree.fromstring(source.data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(f"not readable as XML ({error}); write it again.") from None

    def said(path: str) -> str:
        found = tree.xpath(f"string(({path})[1])", namespaces=_NAMES)
        return " ".join(found.split())

    header = "//t:teiHeader//t:biblFull"
    entry = tree.xpath("//t:text//t:div[@type='entry']", namespaces=_NAMES)
    blocks = [_words(block) for block in (entry[0].iterchildren() if len(entry) else ())]
    yield Record(
        "\n\n".join(filter(None, blocks)),
        title=said(f"{header}//t:title | //t:titleStmt/t:title"),
        outlet=_HOST.sub("", said(f"{header}//t:publisher | //t:publisher")),
        published=said(f"{header}//t:date"),
        author=" and ".join(
            dict.fromkeys(
                " ".join(a.xpath("string(.)").split())
                for a in tree.xpath("//t:titleStmt/t:author", namespaces=_NAMES)
            )
        ),
        language=said("//t:language/@ident"),
        url=said(f"{header}//t:ptr[@type='URL']/@target"),
    )


def _words(block) -> str:
    return " ".join(block.xpath("string(.)").split()) if isinstance(block.tag, str) else ""
