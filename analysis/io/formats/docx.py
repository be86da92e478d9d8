"""Word files, an article a file: a headline, a line with outlet and date, a byline, the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.io.formats.contents import kind_of_file
from analysis.io.formats.file_names import name_record
from analysis.io.formats.heads import dateline, read_head
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile

TITLE = "Word, one article a file"
_SUFFIXES = (".docx", ".docm", ".dotx")
_LONGEST_HEADLINE = 300
_FEWEST_WORDS = 15  # of a file that names neither an outlet nor a day
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BLANKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


@dataclass
class _Paragraph:
    text: str
    style: str
    bold: bool

    @property
    def heading(self) -> bool:
        return self.style in ("title", "heading 1")


def recognise(source: Source) -> bool:
    """Whether a file is a Word file, by its members; or says so by its name."""
    return source.suffix in _SUFFIXES or "word/document.xml" in source.members


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The article of a Word file, or the articles, where each has a headline and an outlet's line.

    The date of the file's properties is not the article's, so none is taken from there.
    """
    paragraphs = _paragraphs(source)
    if not paragraphs:
        raise UnreadableFile("holds no text; if it shows pictures of pages, run OCR over them.")
    starts = _starts(paragraphs, settings)
    for place, (start, end) in enumerate(zip(starts, [*starts[1:], None]), start=1):
        record = _record(paragraphs[start:end], place, settings)
        remarks = [] if len(starts) > 1 else name_record(record, source, settings)
        dated = record.published or record.outlet
        if len(starts) == 1 and not dated and len(record.text.split()) < _FEWEST_WORDS:
            raise UnreadableFile("holds no article, only some words; leave it out.")
        if record.text:
            yield record
        else:
            yield Remark(place, f"“{record.title}” has no text")
        yield from remarks


def _paragraphs(source: Source) -> list[_Paragraph]:
    """Paragraphs with text, those in tables, boxes and content controls among them."""
    import docx
    from docx.text.paragraph import Paragraph

    if not source.head.startswith(b"PK"):
        raise UnreadableFile(f"no Word file but {kind_of_file(source)}; fetch it or save it again.")
    source.check_zip()
    try:
        document = docx.Document(str(source.path))
        found = []
        for element in document.element.body.iter(f"{_W}p"):
            if any(above.tag == _FALLBACK for above in element.iterancestors()):
                continue  # said twice, for older programs
            text = "".join(_pieces(element)).strip()
            if text:
                style = Paragraph(element, document._body).style
                name = (style.name or "").lower() if style is not None else ""
                found.append(_Paragraph(text, name, _is_bold(element)))
        return found
    except Exception as error:  # python-docx raises whatever a broken part led it to
        kind = type(error).__name__
        raise UnreadableFile(f"damaged ({kind}); open it in Word and save it again.") from None


def _pieces(paragraph) -> Iterator[str]:
    """Text of a paragraph: links and insertions too, what is struck out or in a box not."""
    for element in paragraph.iter(f"{_W}t", *_BLANKS):
        above = next(element.iterancestors(f"{_W}p"), None)
        if above is paragraph and next(element.iterancestors(f"{_W}del", _FALLBACK), None) is None:
            yield element.text or "" if element.tag == f"{_W}t" else _BLANKS[element.tag]


def _is_bold(paragraph) -> bool:
    runs = [run for run in paragraph.iter(f"{_W}r") if "".join(run.itertext(f"{_W}t")).strip()]
    marks = [run.find(f"{_W}rPr/{_W}b") for run in runs]
    off = ("0", "false")
    return bool(runs) and all(
        mark is not None and mark.get(f"{_W}val") not in off for mark in marks
    )


def _starts(paragraphs: list[_Paragraph], settings: Settings) -> list[int]:
    """Where articles begin: at several headlines only if each has an outlet's line below it."""
    starts = [
        at
        for at, paragraph in enumerate(paragraphs)
        if paragraph.heading
        and any(
            "outlet" in dateline(below.text, settings.day_first)
            for below in paragraphs[at + 1 : at + 4]
        )
    ]
    return [0, *starts[1:]] if len(starts) > 1 else [0]


def _record(paragraphs: list[_Paragraph], place: int, settings: Settings) -> Record:
    """An article of its paragraphs; a head may stand above the headline, too."""
    record = Record("", place)
    texts = [paragraph.text for paragraph in paragraphs]
    above = read_head(texts, settings.day_first, most=3)
    at = above.size if above.size and _is_headline(paragraphs, above.size) else 0
    fields = dict(above.fields) if at else {}
    if _is_headline(paragraphs, at) or (not at and _above_a_head(texts, settings)):
        fields["title"] = " ".join(texts[at].split())
        at += 1
        if at < len(texts) and paragraphs[at].style == "subtitle":
            record.more["subtitle"] = texts[at]
            at += 1
    head = read_head(texts[at:], settings.day_first, sure=bool(fields.get("outlet")))
    for name, value in {**head.fields, **fields}.items():
        setattr(record, name, value)
    record.text = "\n\n".join(texts[at + head.size :])
    return record


def _is_headline(paragraphs: list[_Paragraph], at: int) -> bool:
    if at >= len(paragraphs) - 1 or len(paragraphs[at].text) > _LONGEST_HEADLINE:
        return False
    bold = paragraphs[at].bold and not paragraphs[at + 1].bold
    return paragraphs[at].heading or paragraphs[at].style.startswith("heading") or bold


def _above_a_head(texts: list[str], settings: Settings) -> bool:
    """Whether the first paragraph is a headline, by the outlet's or the day's line that follows."""
    if len(texts) < 3 or len(texts[0]) > _LONGEST_HEADLINE or texts[0].endswith("."):
        return False
    own = read_head(texts[:1], settings.day_first).size
    return not own and "published" in read_head(texts[1:], settings.day_first).fields
