"""Word files of Nexis Uni, Nexis Advance and Lexis+."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

from analysis.io.formats import nexis_rtf
from analysis.io.formats.contents import is_web_page, kind_of_file
from analysis.io.formats.nexis import ARTICLE, BODY, URN, Paragraph, articles
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile

TITLE = "Nexis Uni, Word"

_LARGEST = 96 << 20  # bytes unpacked, of which python-docx makes trees of elements
_LOOKED_THROUGH = 32 << 20  # bytes of XML in which a file is recognised
_MARK = re.compile(rb'w:name="(?:Bookmark_\d|Body(?:_\d+)?")')
# What web pages hold that another reader may know, whatever the file is called.
_PAGES = re.compile(rb"docfull|factiva|europresse|docpublicationname|<article|article\"", re.I)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def recognise(source: Source) -> bool:
    """Whether a file is of this format, or is named as a Word file and is another.

    A page or an RTF that another reader of exports knows is left to that one.
    """
    try:
        if "word/document.xml" in source.members:
            return _holds_articles(source)
        if source.suffix != ".docx":
            return False
        if source.head.lstrip().startswith(b"{\\rtf"):
            return not nexis_rtf.recognise(source) and b"activa" not in source.head
        return is_web_page(source) and not _PAGES.search(source.head)
    except OSError:
        return False


def _holds_articles(source: Source) -> bool:
    try:
        with zipfile.ZipFile(source.path) as archive:
            relations = "word/_rels/document.xml.rels"
            if relations in source.members:
                with archive.open(relations) as file:
                    if b"urn:contentItem" in file.read(_LOOKED_THROUGH):
                        return True
            with archive.open("word/document.xml") as file:
                seen, kept = 0, b""
                while seen < _LOOKED_THROUGH and (chunk := file.read(1 << 20)):
                    if _MARK.search(kept + chunk):
                        return True
                    seen, kept = seen + len(chunk), chunk[-64:]
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, zipfile.zlib.error):
        pass
    return False


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The articles of a Word file, one after another.

    Parameters
    ----------
    source : Source
    settings : Settings
        None of them matters here.

    Yields
    ------
    Record

    Raises
    ------
    UnreadableFile
        If the file is none of Word's, damaged, encrypted, too large, or holds no article of Nexis.
    """
    if not source.head.startswith(b"PK"):
        raise UnreadableFile(
            f"{kind_of_file(source)}, not a Word file; fetch it again from Nexis as DOCX."
        )
    source.check_zip()
    paragraphs = _paragraphs(source)
    if not any(p.has(ARTICLE) or p.has(BODY) or URN.search(p.link) for p in paragraphs):
        raise UnreadableFile(
            f"{kind_of_file(source)} that holds no article of Nexis; "
            "if it is an article itself, give --format docx."
        )
    yield from articles(paragraphs)


def _paragraphs(source: Source) -> list[Paragraph]:
    document = _document(source)
    body = document.element.find(f"{_W}body")
    if body is None:
        raise UnreadableFile("a Word file without a text; fetch it again.")
    links = {
        key: relation.target_ref
        for key, relation in document.part.rels.items()
        if relation.is_external and URN.search(relation.target_ref)
    }
    for double in list(body.iter(_FALLBACK)):  # the same text once more, for older programs
        double.getparent().remove(double)
    paragraphs, waiting = [], []
    for element in body.iter(f"{_W}p", f"{_W}bookmarkStart"):
        if next(element.iterancestors(f"{_W}p"), None) is not None:
            continue  # read with the paragraph around it
        if element.tag == f"{_W}bookmarkStart":
            waiting.append(element.get(f"{_W}name", ""))
            continue
        names = [mark.get(f"{_W}name", "") for mark in element.iter(f"{_W}bookmarkStart")]
        ids = [link.get(f"{_R}id") for link in element.iter(f"{_W}hyperlink")]
        link = next((links[key] for key in ids if key in links), "")
        runs = [run for run in element.iter(f"{_W}r") if run.text]
        bold = next((_is_bold(run) for run in runs if run.text.strip()), False)
        style = (element.style or "").lower().replace(" ", "")
        paragraphs.append(
            Paragraph(
                "".join(run.text for run in runs),
                (*waiting, *names),
                link,
                bold,
                style.startswith(("heading", "title", "berschrift", "titre")),
            )
        )
        waiting = []
    return paragraphs


def _is_bold(run) -> bool:
    switch = run.find(f"{_W}rPr/{_W}b")
    return switch is not None and switch.get(f"{_W}val", "1") not in ("0", "false", "off")


def _document(source: Source):
    import docx
    from lxml import etree

    with zipfile.ZipFile(source.path) as archive:
        size = sum(info.file_size for info in archive.infolist())
        if any(info.flag_bits & 1 for info in archive.infolist()):
            raise UnreadableFile("an encrypted zip; save the Word file without a password.")
    if size > _LARGEST:
        raise UnreadableFile(
            f"unpacks to {size >> 20} MB; at most {_LARGEST >> 20} are read. "
            "Export fewer articles a file."
        )
    try:
        return docx.Document(str(source.path))
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(f"a Word file with damaged XML ({error}); fetch it again.") from None
    except Exception as error:  # of a hostile file python-docx raises whatever it stumbles over
        if isinstance(error, MemoryError):
            raise
        raise UnreadableFile(
            f"{kind_of_file(source)} that cannot be opened ({error}); fetch it again."
        ) from None
