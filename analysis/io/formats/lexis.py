"""Articles of the old LexisNexis from the blocks of a text or HTML file.

Outlet and date are centred, labels are in capitals, and what stands between the first labels and
the last ones is the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.io.formats.lexis_labels import (
    AFTER_TEXT,
    BEFORE_TEXT,
    is_copyright,
    is_date,
    kind_of,
    one_line,
)
from analysis.io.formats.nexis import keep, place_field
from analysis.io.formats.source import Record, Remark

NUMBER = re.compile(
    r"(?:\d{1,6} (?:of|von|de|van|di) \d{1,6} DO[CK]UMENT(?:S|E|EN|OS|I)?"
    r"|(?:Do[ck]umento?|DO[CK]UMENTO?) \d{1,6} (?:of|von|de|van|di) \d{1,6})$"
)
_DATED = re.compile(r"\d{4}|\d[./-]\d")
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d")
_TIME = re.compile(r"\d{1,2}[:.]\d\d\b")
_LONGEST_TITLE = 60  # words
_NEAR = 3  # blocks in which the first label must follow a second line about the headline
_CAPTIONS = 4  # blocks that a list of pictures has at most


@dataclass(frozen=True)
class Block:
    """Lines that stand together.

    Attributes
    ----------
    lines : tuple of str
        White space at their ends taken off.
    centred : bool
    label, value : str
        Of a field, such as LENGTH and 452 words; empty of other blocks.
    gap : int
        Empty lines before it.
    """

    lines: tuple[str, ...]
    centred: bool = False
    label: str = ""
    value: str = ""
    gap: int = 1

    @property
    def text(self) -> str:
        """Its lines as one."""
        return one_line(" ".join(self.lines))

    @property
    def is_number(self) -> bool:
        """Whether it is the line between articles, such as "1 of 10 DOCUMENTS"."""
        return NUMBER.match(self.text) is not None

    @property
    def has_date(self) -> bool:
        """Whether one of its lines is a date."""
        return any(map(is_date, self.lines))

    @property
    def is_rights(self) -> bool:
        """Whether it is a copyright line."""
        return is_copyright(self.text) and (self.centred or bool(_YEAR.search(self.text)))


def article(blocks: list[Block], number: int) -> Record | Remark:
    """One article of its blocks.

    Parameters
    ----------
    blocks : list of Block
    number : int
        Its place in the file.

    Returns
    -------
    Record or Remark
        A remark if there is neither a text nor a date nor any label.
    """
    record = Record("", number)
    blocks = [block for block in blocks if not block.is_number]
    first, labels = _read_head(record, blocks)
    end = _text_end(blocks, first)
    _read_tail(record, blocks[end:])
    record.text = "\n\n".join("\n".join(block.lines) for block in blocks[first:end])
    if record.text or labels or record.published:
        return record
    said = " ".join(block.text for block in blocks)[:80]
    return Remark(number, f'holds no article ("{said}")' if said else "holds no article")


def _read_head(record: Record, blocks: list[Block]) -> tuple[int, set[str]]:
    """Where the text begins, and which labels stood before it."""
    labels: set[str] = set()
    plain = not any(block.centred for block in blocks[: 2 * _NEAR])  # as when blanks were lost
    for i, block in enumerate(blocks):
        kind = kind_of(block.label) if block.label else ""
        if kind in BEFORE_TEXT:
            once = block.label if kind == "series" else kind
            if once in labels or (kind == "title" and record.title):
                return i, labels
            labels.add(once)
            place_field(record, block.label, block.value)
        elif block.is_rights and not labels:
            keep(record, "Copyright", block.text)
        elif block.centred and not labels:
            _read_centred(record, block.lines)
        elif plain and not labels and block.has_date and not record.published:
            record.published = block.text
        elif plain and not labels and not record.outlet and not block.label:
            record.outlet = block.text
        elif labels or len(block.text.split()) > _LONGEST_TITLE:
            return i, labels
        elif not record.title and not block.label:
            record.title = block.text
        elif any(kind_of(near.label) in BEFORE_TEXT for near in blocks[i + 1 : i + 1 + _NEAR]):
            keep(record, "Head", block.text)
        else:
            return i, labels
    return len(blocks), labels


def _read_centred(record: Record, lines: tuple[str, ...]) -> None:
    date = next((i for i, line in enumerate(lines) if is_date(line)), len(lines))
    above, below = one_line(" ".join(lines[:date])), lines[date:]
    if above:
        if record.outlet:
            keep(record, "Head", above)
        else:
            record.outlet = above
    if below and not record.published:
        times = len(below) > 1 and _TIME.match(below[1])
        record.published = one_line(" ".join(below[: 2 if times else 1]))
        below = below[2 if times else 1 :]
    for line in below:
        keep(record, "Head" if is_date(line) else "Edition", one_line(line))


def _text_end(blocks: list[Block], first: int) -> int:
    """Where the labels behind a text begin, seen from the end."""
    end = len(blocks)
    for i in range(len(blocks) - 1, first - 1, -1):
        block = blocks[i]
        if _closes(block):
            end = i
        elif not block.label and not block.centred:
            break
    for i in range(max(end - _CAPTIONS, first), end):
        if kind_of(blocks[i].label) == "graphic":
            return i
    return end


def _closes(block: Block) -> bool:
    """Whether a block is surely none of a text's; other labels below such a one are none either."""
    kind = kind_of(block.label) if block.label else ""
    if kind == "load":
        return _DATED.search(block.value) is not None
    if kind == "index":  # index terms have shares; a transcript's "SUBJECT:" has none
        return "%)" in block.value
    return kind in AFTER_TEXT or block.is_rights


def _read_tail(record: Record, blocks: list[Block]) -> None:
    label = ""
    for block in blocks:
        if block.is_rights or block.centred:
            keep(record, "Copyright", block.text)
        elif block.label:
            label = block.label
            place_field(record, label, block.value)
        else:
            keep(record, label or "Tail", block.text)
