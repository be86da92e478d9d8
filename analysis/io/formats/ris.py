"""RIS, as ProQuest, Zotero and other reference managers write it: texts stand in the notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.io.encodings import decoded
from analysis.io.formats.markup import lines, tree_of_text
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile
from analysis.io.languages import language_code

TITLE = "RIS"
NO_TEXT = "the export gives no text to study, only an abstract"
_BEGINS = re.compile(rb"(?:^|\n)\s*TY  ?- ?\w+")
_OUTLETS = ("secondary_title", "alternate_title3", "journal_name", "alternate_title2", "publisher")
_PLACED = {
    "type_of_reference", "title", "primary_title", "authors", "first_authors", "date", "year",
    "section", "start_page", "language", "urls", "url", "accession_number", "id", "notes",
    "notes_abstract", "file_attachments1", "file_attachments2", *_OUTLETS,
}  # fmt: skip


def recognise(source: Source) -> bool:
    """Whether the file begins as RIS does."""
    return _BEGINS.match(source.head.removeprefix(b"\xef\xbb\xbf")[:200]) is not None


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The items; those without a text are said."""
    import rispy

    text = decoded(source.data, settings.encoding)[0]
    try:
        items = rispy.loads(text)
    except Exception as error:  # rispy raises what a broken line leads it to
        raise UnreadableFile(f"not readable as RIS ({error}); export it again.") from None
    for place, item in enumerate(items, start=1):
        body = note_text(_said(item.get("notes") or item.get("notes_abstract"), "\n"))
        if not body:
            yield Remark(place, NO_TEXT, "listed without a text")
        urls = item.get("urls") or [item.get("url", "")]
        yield Record(
            body,
            place,
            title=_said(item.get("title") or item.get("primary_title")),
            outlet=next((_said(item[key]) for key in _OUTLETS if item.get(key)), ""),
            published=_date(_said(item.get("date"))),
            author=_said(item.get("authors") or item.get("first_authors"), "; "),
            section=_said(item.get("section")),
            page=_said(item.get("start_page")),
            language=language_code(_said(item.get("language"))) or "",
            url=_said(urls[0]) if urls else "",
            source_id=_said(item.get("accession_number") or item.get("id")),
            more={k: _said(v, "; ") for k, v in item.items() if k not in _PLACED and _said(v)},
        )


def note_text(note: str) -> str:
    """The paragraphs of a note, which is HTML or plain.

    Parameters
    ----------
    note : str

    Returns
    -------
    str
    """
    if "<" not in note:
        return "\n\n".join(line.strip() for line in note.split("\n") if line.strip())
    tree, _ = tree_of_text(note)
    return "" if tree is None else "\n\n".join(lines(tree))


def _said(value, between: str = " ") -> str:
    if isinstance(value, list):
        return between.join(filter(None, map(_said, value)))
    return str(value).strip() if value else ""


def _date(given: str) -> str:
    """RIS has 2023/09/05/ and 2023/09/05/morning edition; other forms stay."""
    match = re.match(r"(\d{4})/(\d{1,2})/(\d{1,2})(?:/|$)", given)
    return given.strip("/") if match is None else f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}"
