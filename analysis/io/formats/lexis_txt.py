"""Text files of the old LexisNexis: wrapped lines, outlet and date centred, labels in capitals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from analysis.io.encodings import codec_of, decoded, find_encoding
from analysis.io.formats.contents import is_web_page, kind_of_file
from analysis.io.formats.decoding import encoding_remarks
from analysis.io.formats.lexis import NUMBER, Block, article
from analysis.io.formats.lexis_labels import AFTER_TEXT, BEFORE_TEXT, kind_of, one_line
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile

TITLE = "LexisNexis, text"

_WIDTH = 80  # of the lines that the export centres in
_OFF_CENTRE = 4
_LABEL = re.compile(r"([A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ -]{1,30}):(?:\s+(.*)|$)", re.DOTALL)
_LENGTH = re.compile(r"^([^\W\d_]{4,12}): {0,2}\d[\d.,]* [^\W\d_]+\s*$", re.MULTILINE)
_LARGEST_ARTICLE = 8 << 20  # characters
_LONGEST_LINE = 1 << 20
_GAP = 2  # empty lines that part articles without numbers


def recognise(source: Source) -> bool:
    """Whether a file is of this format."""
    if is_web_page(source) or source.head.startswith((b"PK", b"{\\rtf", b"%PDF")):
        return False
    text = decoded(source.head)[0].replace("\r\n", "\n")
    lengths = [found for found in _LENGTH.finditer(text) if _is_length(found[1])]
    lines = text.splitlines()
    numbers = [line for line in lines if line[:1] == " " and NUMBER.match(line.strip())]
    if lengths:
        return (
            bool(numbers) or any(_labels(line) in AFTER_TEXT for line in lines) or len(lengths) > 1
        )
    return len(numbers) > 1 or bool(numbers and any(_labels(line) in BEFORE_TEXT for line in lines))


def _is_length(label: str) -> bool:
    return label.isupper() and kind_of(label) == "length"


def _labels(line: str) -> str:
    found = _LABEL.match(line)
    return kind_of(found[1]) if found else ""


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The articles of a text file, one after another.

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
        If the file is too large, no text, or holds no article of LexisNexis.
    """
    encoding = settings.encoding or find_encoding(source.data)
    yield from encoding_remarks(encoding, settings.encoding)
    found = 0
    for number, blocks in enumerate(_articles(source, encoding), start=1):
        if blocks is None:
            yield Remark(number, f"more than {_LARGEST_ARTICLE >> 20} million characters")
            continue
        result = article(blocks, number)
        found += isinstance(result, Record)
        yield result
    if not found:
        raise UnreadableFile(
            f"{kind_of_file(source)} that holds no article of LexisNexis; "
            "if it is an article itself, give --format txt."
        )


def _articles(source: Source, encoding: str) -> Iterator[list[Block] | None]:
    """The blocks of each article; None for one that is too long to be one."""
    for lines in _parts(_lines(source, encoding)):
        if lines is None:
            yield None
        elif _is_number(lines[0]):
            yield list(_blocks(lines))
        else:
            yield from _unnumbered(list(_blocks(lines)))


def _lines(source: Source, encoding: str) -> Iterator[str]:
    codec, errors = codec_of(encoding)
    with source.path.open(encoding=codec, errors=errors) as file:
        while line := file.readline(_LONGEST_LINE):
            yield line.rstrip().lstrip("\ufeff").expandtabs()


def _is_number(line: str) -> bool:
    return NUMBER.match(line.strip()) is not None


def _parts(lines: Iterable[str]) -> Iterator[list[str] | None]:
    """Lines up to the first number such as "1 of 10 DOCUMENTS", then those of each article."""
    part: list[str] = []
    size = empty = 0
    for line in lines:
        if _is_number(line) and (empty > 1 or (empty and line.startswith(" " * 8))):
            if part:
                yield part if size <= _LARGEST_ARTICLE else None
            part, size = [], 0
        empty = 0 if line else empty + 1
        size += len(line) + 1
        if size <= _LARGEST_ARTICLE:
            part.append(line)
    if part:
        yield part if size <= _LARGEST_ARTICLE else None


def _blocks(lines: list[str]) -> Iterator[Block]:
    together: list[str] = []
    gap = 0
    for line in [*lines, ""]:
        if line.strip():
            together.append(line)
        elif together:
            yield _block(together, gap)
            together, gap = [], 1
        else:
            gap += 1


def _block(lines: list[str], gap: int) -> Block:
    if all(map(_is_centred, lines)):
        return Block(tuple(line.strip() for line in lines), True, gap=gap)
    text = one_line(" ".join(lines))
    label = _LABEL.match(text)
    if label:
        return Block((text,), False, label[1], label[2] or "", gap)
    return Block((text,), gap=gap)


def _is_centred(line: str) -> bool:
    width = len(line.strip())
    indent = len(line) - len(line.lstrip())
    aside = abs(indent - (_WIDTH - width) / 2)
    return indent > 0 and (aside <= _OFF_CENTRE or indent > _WIDTH // 6)


def _unnumbered(blocks: list[Block]) -> list[list[Block]]:
    """Articles that no numbers part: each begins with centred lines that hold a date."""
    if not any(_is_length(block.label) for block in blocks):
        return []  # a cover
    starts: list[int] = []
    for i, block in enumerate(blocks):
        if not (block.centred and block.has_date):
            continue
        first = i
        while first and blocks[first - 1].centred:
            first -= 1
        if starts and not blocks[first].is_rights and not blocks[first - 1].label:
            continue  # a date in the text
        while first < i and blocks[first].is_rights and blocks[first + 1].gap >= _GAP:
            first += 1  # the copyright line of the article before
        if first not in starts:
            starts.append(first)
    starts = starts or [0]
    return [blocks[start:end] for start, end in zip(starts, [*starts[1:], len(blocks)])]
