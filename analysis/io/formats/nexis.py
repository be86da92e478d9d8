"""Articles of Nexis Uni, Nexis Advance and Lexis+ from the paragraphs of a Word or RTF file.

What parts them does not depend on the interface's language: a bookmark ``Bookmark_N`` begins an
article, ``Body`` or ``Body_k`` its text, ``Classification`` and the like what follows the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.io.formats.lexis_labels import (
    AFTER_TEXT,
    author_of,
    is_copyright,
    is_date,
    kind_of,
    language_of,
    one_line,
    page_of,
)
from analysis.io.formats.source import Record

URN = re.compile(r"urn:contentItem:[0-9A-Za-z-]+", re.IGNORECASE)
ARTICLE = re.compile(r"Bookmark_\d+$")
BODY = re.compile(r"Body(?:_\d+)?$")
_AFTER = re.compile(r"(?:Classification|Correction|Notes|Graphic|Index|Subject)\w*$")
_LABEL = re.compile(r"\s*([^:\n]{1,40}):([\xa0\s]?)(.*)", re.DOTALL)
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_LONGEST_LABEL = 60  # characters of the paragraph that names the text's beginning


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the file.

    Attributes
    ----------
    text : str
        With a line break where the file has one.
    marks : tuple of str
        Names of the bookmarks that begin in it or just before it.
    link : str
        The address of its first link to a document of Nexis; empty if there is none.
    bold : bool
        Whether its text begins bold.
    heading : bool
        Whether it is styled as a heading.
    """

    text: str
    marks: tuple[str, ...] = ()
    link: str = ""
    bold: bool = False
    heading: bool = False

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Whether a bookmark of this name begins here."""
        return any(pattern.match(mark) for mark in self.marks)

    @property
    def field(self) -> tuple[str, str] | None:
        """Label and value, if the paragraph is a labelled one."""
        found = _LABEL.match(self.text)
        if not found:
            return None
        signs = self.bold + (found[2] == "\xa0") + bool(kind_of(found[1]))
        return (one_line(found[1]), one_line(found[3])) if signs >= 2 else None

    @property
    def is_graphic(self) -> bool:
        """Whether captions of pictures follow, which stand between the text and its fields."""
        return self.bold and self.text.startswith("\n") and kind_of(self.text) == "graphic"

    @property
    def is_end(self) -> bool:
        """Whether it is the line that closes each article, in a language that is known."""
        return (self.bold or self.text.startswith("\n")) and kind_of(self.text) == "end"


def articles(paragraphs: list[Paragraph]) -> Iterator[Record]:
    """The articles of a file in their order.

    Parameters
    ----------
    paragraphs : list of Paragraph
        All of the file, or of a part that begins with an article's bookmark.

    Yields
    ------
    Record
        With `place` counted from 1.
    """
    starts = _starts(paragraphs)
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(paragraphs)]), start=1):
        record = _article(paragraphs[start:end])
        record.place = number
        yield record


def _starts(paragraphs: list[Paragraph]) -> list[int]:
    bodies = _bodies(paragraphs)
    starts = [i for i, paragraph in enumerate(paragraphs) if paragraph.has(ARTICLE)]
    # a text without a bookmark of its own before it must not run into the article before
    for before, body in zip([-1, *bodies], bodies):
        if any(before < start <= body for start in starts):
            continue
        between = range(before + 1, body + 1)
        titles = [i for i in between if URN.search(paragraphs[i].link) or paragraphs[i].heading]
        ends = [i + 1 for i in between if paragraphs[i].is_end]
        starts.append(titles[-1] if titles else ends[-1] if ends else before + 1)
    return sorted(set(starts))


def _bodies(paragraphs: list[Paragraph]) -> list[int]:
    marked = [i for i, paragraph in enumerate(paragraphs) if paragraph.has(BODY)]
    return marked or [
        i for i, line in enumerate(paragraphs) if line.bold and kind_of(line.text) == "body"
    ]


def _article(paragraphs: list[Paragraph]) -> Record:
    record = Record("")
    body = next(iter(_bodies(paragraphs)), None)
    if body is None:  # a headline and fields alone
        ends = (i for i, paragraph in enumerate(paragraphs) if paragraph.is_end)
        _read_head(record, paragraphs[: next(ends, None)])
        return record
    _read_head(record, paragraphs[:body])
    first = body + 1
    if len(paragraphs[body].text) > _LONGEST_LABEL:
        first = body  # the bookmark stands in the text itself
    elif not paragraphs[body].text.strip():  # before the label
        rest = (i for i in range(first, len(paragraphs)) if paragraphs[i].text.strip())
        label = next(rest, None)
        first = label + 1 if label and kind_of(paragraphs[label].text) == "body" else first
    end = _text_end(paragraphs, first)
    _read_tail(record, paragraphs[end:])
    text = [paragraph.text.strip() for paragraph in paragraphs[first:end]]
    record.text = "\n\n".join(paragraph for paragraph in text if paragraph)
    return record


def _text_end(paragraphs: list[Paragraph], first: int) -> int:
    """Where the text is over: at a bookmark, else at the fields and the closing line."""
    places = range(first, len(paragraphs))
    end = next((i for i in places if paragraphs[i].has(_AFTER)), len(paragraphs))
    ends = [i for i in range(first, end) if paragraphs[i].is_end]
    end = ends[-1] if ends else end
    closed = end < len(paragraphs)
    for i in range(end - 1, first - 1, -1):
        paragraph = paragraphs[i]
        if not paragraph.text.strip():
            continue
        if not closed and _may_close(paragraph):
            end = i
        elif paragraph.field and (paragraph.text.startswith("\n") or _known(paragraph)):
            end = i
        else:
            break
        closed = True
    graphics = [i for i in range(first, end) if paragraphs[i].is_graphic]
    return graphics[-1] if graphics else end


def _known(paragraph: Paragraph) -> bool:
    label, value = paragraph.field or ("", "")
    kind = kind_of(label)
    if kind == "load":
        return any(map(str.isdigit, value))
    return (
        kind == "language"
        and language_of(value) != ""
        or kind in AFTER_TEXT
        and ":\xa0" in paragraph.text
    )


def _may_close(paragraph: Paragraph) -> bool:
    """Whether an article's last line may be "End of Document" in a language that is not known."""
    words = paragraph.text.split()
    begins = paragraph.bold and paragraph.text.startswith("\n")
    return begins and len(words) <= 5 and ":" not in paragraph.text and words[-1][-1].isalpha()


def _read_head(record: Record, paragraphs: list[Paragraph]) -> None:
    lines = [paragraph for paragraph in paragraphs if paragraph.text.strip()]
    title = next((i for i, line in enumerate(lines) if URN.search(line.link)), None)
    if title is None:
        title = next((i for i, line in enumerate(lines) if line.heading), None)
    if title is None:
        plain = next((i for i, line in enumerate(lines) if _dates(line)), len(lines))
        title = 0 if plain >= 2 else None  # else the outlet stands alone before the date
    if title is not None:
        line = lines.pop(title)
        record.title = one_line(line.text)
        record.url = line.link
        urn = URN.search(line.link)
        record.source_id = urn[0] if urn else ""
    fields = next((i for i, line in enumerate(lines) if line.field), len(lines))
    _read_top(record, [one_line(line.text) for line in lines[:fields]])
    last = ""
    for line in lines[fields:]:
        if line.field:
            last = line.field[0]
            place_field(record, *line.field)
        elif kind_of(last) == "highlight":
            record.more[last] += "\n" + one_line(line.text)
        else:
            keep(record, "Head", one_line(line.text))


def _dates(line: Paragraph) -> bool:
    return bool(is_date(line.text) or is_copyright(line.text) or line.field)


def _read_top(record: Record, lines: list[str]) -> None:
    """Outlet, date and the lines about them, which have no labels."""
    rights = next((i for i, line in enumerate(lines) if is_copyright(line)), len(lines))
    above = lines[:rights]
    date = next((i for i, line in enumerate(above) if is_date(line)), None)
    if date is None:  # a language whose months are not known; the first line is the outlet's
        dated = (i for i in range(1, len(above)) if _YEAR.search(above[i]))
        date = next((i for i in dated if not above[i].startswith("(")), None)
    if date is not None:
        record.published = above.pop(date)
    if above:
        record.outlet = above.pop(0)
    for line in above:
        keep(record, "Head", line)
    for line in lines[rights:]:
        keep(record, "Copyright", line)


def _read_tail(record: Record, paragraphs: list[Paragraph]) -> None:
    lines = [line for line in paragraphs if line.text.strip() and not line.is_end]
    if lines and lines[-1] is paragraphs[-1] and _may_close(lines[-1]):
        lines.pop()
    label = ""
    for line in lines:
        text = one_line(line.text)
        if line.field:
            label = line.field[0]
            place_field(record, *line.field)
        elif len(text) <= _LONGEST_LABEL and (line.has(_AFTER) or line.is_graphic):
            label = text
        else:
            keep(record, label or "Tail", text)


def place_field(record: Record, label: str, value: str) -> None:
    """Put a labelled value where it belongs, the rest under its own name.

    Parameters
    ----------
    record : Record
        Is changed.
    label, value : str
        As the export writes them.
    """
    kind = kind_of(label)
    if kind == "title" and not record.title:
        record.title = value
    elif kind == "author" and not record.author:
        record.author = author_of(value)
    elif kind == "section" and not record.section:
        record.section, record.page = value, page_of(value)
    elif kind == "language" and language_of(value) and not record.language:
        record.language = language_of(value)
    elif kind == "load":
        record.more[label] = value  # the last counts
    else:
        keep(record, label, value)


def keep(record: Record, label: str, value: str) -> None:
    """Keep what has no place of its own; what has the same name stands below it."""
    known = record.more.get(label)
    record.more[label] = f"{known}\n{value}" if known else value
