"""Word files, an article a file."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.io.formats.dated import dated_line, is_byline
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile
from analysis.io.formats.web import FEWEST_WORDS

TITLE = "Word, an article a file"
_LOOKED_AT = 5  # paragraphs among which the title, the outlet with the date, and the byline stand


def recognise(source: Source) -> bool:
    """Whether the file is a Word file."""
    return "word/document.xml" in source.members


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The article: a heading or bold line, a line with outlet and date, a byline, paragraphs."""
    import docx

    source.check_zip()
    try:
        paragraphs = [p for p in docx.Document(str(source.path)).paragraphs if p.text.strip()]
    except Exception as error:  # python-docx raises what its parts raise
        raise UnreadableFile(f"a damaged Word file ({error}); save it again.") from None
    title = outlet = published = author = ""
    first = 0
    for place, paragraph in enumerate(paragraphs[:_LOOKED_AT]):
        text = " ".join(paragraph.text.split())
        if not title and place == 0 and _is_heading(paragraph):
            title, first = text, 1
        elif place == first and not published and (found := dated_line(text)):
            outlet, published = found
            first = place + 1
        elif place == first and place and not author and is_byline(text):
            author, first = text, place + 1
        else:
            break
    body = [" ".join(p.text.split()) for p in paragraphs[first:]]
    if sum(len(text.split()) for text in body) < FEWEST_WORDS:
        raise UnreadableFile("a Word file that holds no article, only some words.")
    yield Record("\n\n".join(body), title=title, outlet=outlet, published=published, author=author)


def _is_heading(paragraph) -> bool:
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    runs = [run for run in paragraph.runs if run.text.strip()]
    bold = bool(runs) and all(run.bold for run in runs)
    return style.startswith(("Heading", "Title", "Überschrift", "Titre", "Kop")) or bold
