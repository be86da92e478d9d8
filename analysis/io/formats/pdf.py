"""PDF clippings: an article a file, or a press review whose contents name its articles."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator

from analysis.io.formats.file_names import name_record
from analysis.io.formats.heads import dateline, read_head
from analysis.io.formats.pdf_articles import Clipping, clippings
from analysis.io.formats.pdf_lines import PageLine, page_lines, paragraphs, usual_size
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile

TITLE = "PDF clippings"
_FEWEST_LETTERS = 20  # of a file; a scan may bear a stamp
_MOST_PAGES = 5_000


def recognise(source: Source) -> bool:
    """Whether a file is a PDF, by its first bytes."""
    return b"%PDF-" in source.head[:1024]


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """Articles of a PDF; the date of its making is not theirs."""
    lines, remarks = _lines(source)
    yield from remarks
    found, missing, outside = clippings(lines)
    if outside:
        begun = outside[0].text.strip()[:60]
        yield Remark(None, f"{len(outside)} lines before the first article (“{begun}” …)")
    for place, article in enumerate(found, start=1):
        record = _record(article, place, settings)
        told = name_record(record, source, settings) if len(found) == 1 else []
        if record.text:
            yield record
        else:
            yield Remark(place, f"“{record.title}” has no text")
        yield from told
    for title in missing:
        problem = f"the contents name “{title}”, but no such headline was found"
        yield Remark(None, problem, "its text, if it is there, stands in the article before it")


def _lines(source: Source) -> tuple[list[PageLine], list[Remark]]:
    """Lines of all pages, and remarks on pages without any."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong is said by remarks
    try:
        reader = pypdf.PdfReader(io.BytesIO(source.data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFile("protected by a password; save it without one.")
        n_pages = len(reader.pages)
    except UnreadableFile:
        raise
    except pypdf.errors.DependencyError:
        raise UnreadableFile("encrypted; print it into a new PDF, and give that.") from None
    except Exception as error:  # pypdf raises whatever a broken part led it to
        kind = f"{type(error).__name__}: {error}"[:100]
        raise UnreadableFile(f"a damaged or cut PDF ({kind}); fetch it again.") from None
    if n_pages > _MOST_PAGES:
        raise UnreadableFile(f"{n_pages} pages; at most {_MOST_PAGES} are read. Split it.")
    lines: list[PageLine] = []
    blank, broken = [], []
    for number in range(n_pages):
        try:
            on_page = page_lines(reader.pages[number], number)
        except Exception:  # as above; the other pages may be whole
            broken.append(number + 1)
            continue
        lines += on_page
        if not on_page:
            blank.append(number + 1)
    _check_letters(lines, n_pages, broken)
    remarks = []
    for pages, problem in ((blank, "no text (a picture?)"), (broken, "damaged")):
        if pages:
            shown = ", ".join(map(str, pages[:10])) + (", …" if len(pages) > 10 else "")
            remarks.append(Remark(None, f"page {shown}: {problem}"))
    return lines, remarks


def _check_letters(lines: list[PageLine], n_pages: int, broken: list[int]) -> None:
    text = "".join(line.text for line in lines)
    letters = sum(letter.isalpha() for letter in text)
    if letters < _FEWEST_LETTERS and len(broken) == n_pages:
        raise UnreadableFile("damaged: none of its pages can be read; fetch it again.")
    solid = len(re.sub(r"\s", "", text))
    if letters < _FEWEST_LETTERS and solid < 2 * _FEWEST_LETTERS:
        raise UnreadableFile(
            f"a scan: {n_pages} page{'s' * (n_pages != 1)} of pictures without text; run OCR over "
            "it (such as OCRmyPDF), and give what that writes."
        )
    if 2 * letters < solid or "(cid:" in text[:2000]:
        raise UnreadableFile(
            "its fonts do not say which letters they show; run OCR over it, and give the result."
        )


def _record(article: Clipping, place: int, settings: Settings) -> Record:
    """An article's record: fields of the lines above its headline and below it."""
    record = Record("", place, title=article.title)
    fields: dict[str, str] = {}
    for line in article.above:
        given = dateline(line, settings.day_first)
        if "outlet" in given or not fields:
            fields |= given
        if not given:
            record.more["head"] = f"{record.more.get('head', '')} {line}".strip()
    lines = article.lines
    subtitle = _subtitle(lines) if article.title else []
    head = read_head([line.text.strip() for line in lines], settings.day_first, bool(fields))
    if subtitle and not head.size:
        lines = lines[len(subtitle) :]
        record.more["subtitle"] = " ".join(line.text.strip() for line in subtitle)
        head = read_head([line.text.strip() for line in lines], settings.day_first, bool(fields))
    lines = lines[head.size :]
    for name, value in {**fields, **head.fields}.items():
        if value and not (name == "title" and record.title):
            setattr(record, name, value)
    record.text = "\n\n".join(paragraphs(lines)) if lines else ""
    return record


def _subtitle(lines: list[PageLine]) -> list[PageLine]:
    """First lines in larger letters than the text's, or none."""
    usual = usual_size(lines)
    n = next((at for at, line in enumerate(lines) if line.size <= 1.1 * usual), 0)
    return lines[:n] if n <= 4 else []
