"""Pages of the old LexisNexis, whose articles stand between comments with ``<DOCFULL>``."""

from __future__ import annotations

import codecs
import mmap
import re
from collections.abc import Iterator

from analysis.io.encodings import decoded
from analysis.io.formats.contents import is_web_page, kind_of_file
from analysis.io.formats.decoding import encoding_remarks
from analysis.io.formats.lexis import Block, article
from analysis.io.formats.lexis_labels import one_line
from analysis.io.formats.source import (
    LARGEST_FILE,
    Record,
    Remark,
    Settings,
    Source,
    UnreadableFile,
)

TITLE = "LexisNexis, HTML"

_BEGINS = re.compile(rb"<DOCFULL>\s*-->", re.I)
_ENDS = re.compile(rb"</DOCFULL>", re.I)
_CENTRED = re.compile(rb"\.([\w-]+)\s*\{[^}]{0,500}?text-align\s*:\s*center", re.I)
_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?([\w-]+)", re.I)
_LABEL = re.compile(r"([^\W\d_][\w -]{1,30}):\s*$")
_LARGEST_ARTICLE = 8 << 20  # bytes
_BLOCKS = frozenset("p div td th li pre blockquote h1 h2 h3 h4 h5 h6 table tr ul ol".split())
_NO_TEXT = frozenset("script style title noscript".split())
_LINE = "\ue000"
_NESTED = "elements within elements without end"


def recognise(source: Source) -> bool:
    """Whether a file is of this format."""
    return is_web_page(source) and _BEGINS.search(source.head) is not None


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The articles of a page, one after another.

    Parameters
    ----------
    source : Source
    settings : Settings
        `encoding` counts.

    Yields
    ------
    Record or Remark

    Raises
    ------
    UnreadableFile
        If the file is too large or holds no article of LexisNexis.
    """
    if source.size > LARGEST_FILE:
        raise UnreadableFile(
            f"{source.size >> 20} MB; at most {LARGEST_FILE >> 20} are read. Export it in parts."
        )
    found = number = 0
    if source.size:
        with (
            source.path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
        ):
            centred = frozenset(
                name.decode("ascii", "replace") for name in _CENTRED.findall(source.head)
            )
            said = _encoding(source, settings)
            begins = [match.end() for match in _BEGINS.finditer(data)]
            for number, (start, limit) in enumerate(zip(begins, [*begins[1:], len(data)]), 1):
                closed = _ENDS.search(data, start, limit)
                end = data.rfind(b"<!--", start, closed.start()) if closed else limit
                end = closed.start() if closed and end < 0 else end
                if end - start > _LARGEST_ARTICLE:
                    yield Remark(number, f"{end - start >> 20} MB without an article's end")
                    continue
                text, encoding = decoded(data[start:end], said)
                yield from encoding_remarks(encoding, said, number)
                if not closed:
                    yield Remark(number, "the page breaks off here", "read as far as it goes")
                blocks = _blocks(text, centred)
                result = Remark(number, _NESTED) if blocks is None else article(blocks, number)
                found += isinstance(result, Record)
                yield result
    if not found:
        raise UnreadableFile(
            f"{kind_of_file(source)} that holds no article of LexisNexis; "
            "if it is an article itself, give --format web-page."
        )


def _encoding(source: Source, settings: Settings) -> str | None:
    """What the user or the page says, if Python knows it; None: each article is looked at."""
    if settings.encoding:
        return settings.encoding
    said = _CHARSET.search(source.head)
    try:
        name = codecs.lookup(said[1].decode("ascii", "replace")).name if said else "ascii"
    except LookupError:
        return None
    # on the web, what says Latin-1 is Windows-1252; what says UTF-8 may be wrong
    return {"ascii": None, "utf-8": None, "iso8859-1": "cp1252"}.get(name, name)


def _blocks(text: str, centred: frozenset[str]) -> list[Block] | None:
    """The paragraphs of a part of a page; None if the parser gave up."""
    from lxml import etree

    parser = etree.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    text = text.replace("\0", "").replace(_LINE, "")
    root = etree.fromstring(f"<html><body>{text}</body></html>".encode("utf-8", "replace"), parser)
    if any(error.level == etree.ErrorLevels.FATAL for error in parser.error_log):
        return None
    blocks: list[Block] = []
    if root is None:
        return blocks
    pieces: list[tuple[str, object]] = []  # texts, each with the element that it stands in
    context: list[bool] = [False]  # whether each open block is centred
    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        begins = event == "start"
        if tag in _NO_TEXT:
            silent += 1 if begins else -1
        if tag in _BLOCKS:
            _close(blocks, pieces, context[-1])
            if begins:
                context.append(context[-1] or _is_centred(element, centred))
            else:
                context.pop()
        if begins and tag == "br":
            pieces.append((_LINE, None))
        added = element.text if begins else element.tail
        if added and not silent:
            pieces.append((added, element if begins else element.getparent()))
    _close(blocks, pieces, False)
    return blocks


def _is_centred(element, centred: frozenset[str]) -> bool:
    classes = (element.get("class") or "").split()
    return (element.get("align") or "").lower() == "center" or any(c in centred for c in classes)


def _close(blocks: list[Block], pieces: list[tuple[str, object]], centred: bool) -> None:
    """Make a block of the texts so far."""
    whole = "".join(text for text, _ in pieces)
    lines = tuple(line for line in map(one_line, whole.split(_LINE)) if line)
    if lines:
        label = value = ""
        filled = [i for i, (text, _) in enumerate(pieces) if text.strip(f"{_LINE} \n\r\t\xa0")]
        first = pieces[filled[0]]
        found = _LABEL.match(one_line(first[0]))
        # a field's label has an element of its own, a text's "CREDIT:" has not
        if found and found[1].isupper() and all(pieces[i][1] is not first[1] for i in filled[1:]):
            label = found[1]
            value = one_line(
                "".join(text for text, _ in pieces[filled[0] + 1 :]).replace(_LINE, " ")
            )
        blocks.append(Block(lines, centred, label, value))
    pieces.clear()
