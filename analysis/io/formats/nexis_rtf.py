"""RTF files of Nexis Uni and Nexis Advance.

A file is cut at the bookmarks of its articles and each piece is read by striprtf on its own, so
that memory and time are those of one article. What striprtf leaves out (bookmarks, where bold
begins, where a line ends within a paragraph) is put into the text as signs of a private use area.
"""

from __future__ import annotations

import itertools
import mmap
import re
from collections.abc import Iterator

from analysis.io.formats.contents import what_it_is
from analysis.io.formats.nexis import URN, Paragraph, articles
from analysis.io.formats.source import (
    LARGEST_FILE,
    Record,
    Remark,
    Settings,
    Source,
    UnreadableFile,
)

TITLE = "Nexis Uni, RTF"

_LARGEST_PIECE = 16 << 20  # bytes of RTF between two bookmarks, pictures not counted
_DEEPEST = 1000  # groups within groups
_LOOKED_THROUGH = 8 << 20  # bytes in which a file is recognised
_NEXIS = re.compile(rb"bkmkstart\s+Bookmark_\d|urn:contentItem|Load-Date\s*:", re.I)
# What the search for the articles' beginnings stops at: braces, what only looks like one, bytes
# that are no text, pictures, and the bookmarks.
_TOKEN = re.compile(
    rb"\\bin(\d{1,9}) ?|\\[^a-zA-Z]|\{\\\*\s?\\bkmkstart\s+(Bookmark_\d{1,9})\s*\}"
    rb"|\{(?:\\\*)?\\(pict|shppict|nonshppict|objdata|themedata|datastore)\b|[{}]"
)
_HEADER = re.compile(rb"\\(?:ansi|mac|pc|pca)\b|\\(?:ansicpg|deff|uc)\d{1,5}")
_FONT = re.compile(rb"\\f(\d{1,5})[^;\d]{0,200}?\\fcharset(\d{1,3})")
_LONGEST_HEADER = 1 << 18
_MOST_FONTS = 500
_MARK, _END, _LINK, _BOLD, _BREAK = "\ue000\ue001\ue002\ue003\u2028"
_SIGNS = re.compile(
    r"(?P<escaped>\\[\\{}])"
    r"|\{\\\*\s?\\bkmkstart\s+(?P<mark>[^{}\\]{1,80})\}"
    r"|\{\\\*\s?\\fldinst(?P<before>[^\"]{0,300}?HYPERLINK[^\"]{0,100})\"(?P<link>[^\"]{0,4000})\""
    r"|(?P<field>\\fldinst)(?![A-Za-z0-9])"
    r"|(?P<line>\\line)(?![A-Za-z]) ?"
    r"|(?P<cell>\\(?:nest)?cell)(?![A-Za-z])"
    r"|(?P<bold>\\b1?)(?![A-Za-z0-9]) ?"
    r"|(?P<high>[\x80-\xff])"
)
_SIGN = re.compile(f"{_MARK}(.*?){_END}|{_LINK}(.*?){_END}", re.DOTALL)
_ADDRESSED = re.compile(f"[{_MARK}{_LINK}].*?{_END}|{_MARK}|{_LINK}|{_END}", re.DOTALL)
_BODY_MARK = re.compile(rb"bkmkstart\s+Body")
_MORE = re.compile(rb"bkmkstart\s+Bookmark_\d")


def recognise(source: Source) -> bool:
    """Whether a file is of this format."""
    if not source.head.lstrip().startswith(b"{\\rtf"):
        return False
    try:
        with source.path.open("rb") as file:
            return _NEXIS.search(file.read(_LOOKED_THROUGH)) is not None
    except OSError:
        return False


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The articles of an RTF file, one after another.

    Parameters
    ----------
    source : Source
    settings : Settings
        None of them matters here: an RTF says its encoding.

    Yields
    ------
    Record or Remark

    Raises
    ------
    UnreadableFile
        If the file is no RTF, too large, damaged, or holds no article of Nexis.
    """
    if not source.head.lstrip().startswith(b"{\\rtf"):
        raise UnreadableFile(f"{what_it_is(source)}, not an RTF; fetch it again from Nexis as RTF.")
    if source.size > LARGEST_FILE:
        raise UnreadableFile(
            f"{source.size >> 20} MB; at most {LARGEST_FILE >> 20} are read. Export it in parts."
        )
    place = 0
    with (
        source.path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        header, pieces = _header(data[:_LONGEST_HEADER]), _pieces(data)
        cover, first = next(pieces), next(pieces, None)
        if first is None or any(_BODY_MARK.search(data, *span) for span in cover[1]):
            pieces = itertools.chain([cover], [first] if first else [], pieces)
        else:
            pieces = itertools.chain([first], pieces)
        for depth, spans in pieces:
            try:
                paragraphs = _paragraphs(header + "{" * (depth - 1), data, spans)
            except _Damaged as error:
                place += 1
                yield Remark(place, str(error))
                continue
            for record in articles(paragraphs):
                place += 1
                record.place = place
                yield record
    if not place:
        raise UnreadableFile("an RTF document that holds no article of Nexis.")


class _Damaged(Exception):
    pass


def _header(head: bytes) -> str:
    """What striprtf needs of a header to read a piece: code page and fonts' character sets."""
    settings = b"".join(dict.fromkeys(_HEADER.findall(head)))
    fonts = _FONT.findall(head[head.find(b"\\fonttbl") :]) if b"\\fonttbl" in head else []
    table = b"".join(b"{\\f%b\\fcharset%b x;}" % font for font in fonts[:_MOST_FONTS])
    return (b"{\\rtf1%b{\\fonttbl%b}" % (settings, table)).decode("ascii")


def _pieces(data: mmap.mmap) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Depth at its beginning and stretches of each piece: first the cover, then the articles."""
    depth, position, start = 0, 0, 0
    first_depth, spans = 1, []
    pictures = None  # the depth around what is skipped
    while token := _TOKEN.search(data, position):
        position = token.end()
        if token[1]:
            position += int(token[1])
        elif token[0] == b"}":
            depth -= 1
            if pictures == depth:
                pictures, start = None, position
            elif depth <= 0:
                if pictures is None:
                    spans.append((start, token.start()))
                pictures, depth, start = None, 1, position
                if not _MORE.search(data, position):  # the document is over
                    start = None
                    break
        elif token[0][:1] == b"{":
            if token[2]:
                if pictures is None:
                    yield first_depth, [*spans, (start, token.start())]
                    spans, start, first_depth = [], token.start(), depth
                continue
            if token[3] and pictures is None:
                spans.append((start, token.start()))
                pictures = depth
            depth += 1
    if start is not None and pictures is None:
        spans.append((start, len(data)))
    yield first_depth, spans


def _paragraphs(header: str, data: mmap.mmap, spans: list[tuple[int, int]]) -> list[Paragraph]:
    from striprtf.striprtf import rtf_to_text

    size = sum(end - start for start, end in spans)
    if size > _LARGEST_PIECE:
        raise _Damaged(f"{size >> 20} MB without an article's end")
    if len(header) - header.rfind("}") > _DEEPEST:
        raise _Damaged("groups within groups without end")
    piece = b"".join(data[start:end] for start, end in spans).decode("latin-1")
    try:
        text = rtf_to_text(f"{header} {_SIGNS.sub(_sign, piece)}\\par}}", errors="replace")
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        raise _Damaged(f"damaged RTF ({error})") from None
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return [_paragraph(line) for line in text.split("\n")]


def _sign(found: re.Match[str]) -> str:
    if found["mark"]:
        return f"{{{_MARK}{found['mark'].strip()}{_END}}}"
    if found["link"] is not None:
        opened = max(found["before"].count("{") - found["before"].count("}"), 0)
        return f"{{{_LINK}{found['link']}{_END}}}{{\\*\\fldinst0 {'{' * opened}"
    if found["field"]:
        return "\\fldinst0 "  # else striprtf writes the link's address behind its text
    if found["line"]:
        return f"{{{_BREAK}}}"
    if found["cell"]:
        return "\\par "
    if found["bold"]:
        return f"\\b {{{_BOLD}}}"
    if found["high"]:
        return f"\\'{ord(found['high']):02x}"
    return found[0]


def _paragraph(line: str) -> Paragraph:
    signs = _SIGN.findall(line)
    link = next((link for _, link in signs if URN.search(link)), "")
    marks = tuple(mark for mark, _ in signs if mark)
    bare = _ADDRESSED.sub("", line)
    return Paragraph(
        bare.replace(_BOLD, "").replace(_BREAK, "\n"), marks, link, bare.lstrip().startswith(_BOLD)
    )
