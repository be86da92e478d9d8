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
from dataclasses import dataclass, field

from analysis.io.formats.contents import kind_of_file
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

_LARGEST_PIECE = 4 << 20  # bytes of RTF between two bookmarks, pictures not counted
_LARGEST_WHOLE = 16 << 20  # bytes of a file without bookmarks
_DEEPEST = 1000  # groups within groups
_LOOKED_THROUGH = 8 << 20  # bytes in which a file is recognised
_NEXIS = re.compile(rb"bkmkstart\s+Bookmark_\d|urn:contentItem|\\b\s?\{?Load-Date:", re.I)
# What the search for the articles' beginnings stops at: braces, what only looks like one, bytes
# that are no text, pictures, and the bookmarks.
_TOKEN = re.compile(
    rb"\\bin(\d{1,9}) ?|\\[^a-zA-Z]|\{\\\*\s?\\bkmkstart\s+(Bookmark_\d{1,9})\s*\}"
    rb"|\{(?:\\\*)?\\(pict|shppict|nonshppict|objdata|themedata|datastore)\b|[{}]"
)
_HEADER = re.compile(rb"\\(?:ansi|mac|pc|pca)\b|\\(?:ansicpg|deff|uc)\d{1,5}")
_FONT = re.compile(rb"\\f(\d{1,5})[^;]{0,200}?\\fcharset(\d{1,3})")
_LONGEST_HEADER = 1 << 18
_MOST_FONTS = 500
_MARK, _END, _LINK, _BOLD, _BREAK = "\ue000\ue001\ue002\ue003\u2028"
_SIGNS = re.compile(
    r"(?P<escaped>\\[\\{}])"
    r"|\{\\\*\s?\\bkmkstart\s{1,9}(?P<mark>[^{}\\]{1,80})\}"
    r"|\{\\\*\s?\\fldinst(?P<before>[^\"]{0,300}?HYPERLINK[^\"]{0,100})\"(?P<link>[^\"]{0,4000})\""
    r"|(?P<field>\\fldinst)(?![A-Za-z0-9])"
    r"|(?P<line>\\line)(?![A-Za-z]) ?"
    r"|(?P<cell>\\(?:nest)?cell)(?![A-Za-z])"
    r"|(?P<bold>\\b1?)(?![A-Za-z0-9]) ?"
    r"|\\u(?P<code>-?\d{5,10}) ?"
    r"|(?P<count>\\uc)(?![A-Za-z0-9-]) ?"
    r"|(?P<high>[\x80-\xff])"
)
_SIGN = re.compile(f"{_MARK}(.*?){_END}|{_LINK}(.*?){_END}", re.DOTALL)
_ADDRESSED = re.compile(f"[{_MARK}{_LINK}].*?{_END}|{_MARK}|{_LINK}|{_END}", re.DOTALL)
_BODY_MARK = re.compile(rb"bkmkstart\s+Body")


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
        raise UnreadableFile(
            f"{kind_of_file(source)}, not an RTF; fetch it again from Nexis as RTF."
        )
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
        if first is None or any(_BODY_MARK.search(data, *span) for span in cover.spans):
            pieces = itertools.chain([cover], [first] if first else [], pieces)
        else:
            pieces = itertools.chain([first], pieces)
        largest = _LARGEST_PIECE if first else _LARGEST_WHOLE
        for piece in pieces:
            try:
                paragraphs = _paragraphs(header, data, piece, largest)
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


@dataclass
class _Piece:
    """Stretches of the file from one bookmark to the next, pictures left out."""

    depth: int  # groups that are open where it begins
    deepest: int
    spans: list[tuple[int, int]] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(end - start for start, end in self.spans)


def _pieces(data: mmap.mmap) -> Iterator[_Piece]:
    """The cover, then the articles."""
    depth, position, start, last = 0, 0, 0, data.rfind(b"Bookmark_")
    piece, picture = _Piece(1, 1), None  # the latter: how deep the picture lies that is skipped
    while token := _TOKEN.search(data, position):
        position = token.end()
        if token[1]:
            position += int(token[1])
        elif token[2]:
            if picture is None:
                piece.spans.append((start, token.start()))
            else:
                depth, picture = picture, None  # one that is not closed
            yield piece
            piece, start = _Piece(depth, depth), token.start()
        elif token[0][:1] == b"{":
            if token[3] and picture is None:
                piece.spans.append((start, token.start()))
                picture = depth
            depth += 1
            piece.deepest = max(piece.deepest, depth)
        elif token[0] == b"}":
            depth -= 1
            if picture == depth:
                picture, start = None, position
            elif depth <= 0:
                if picture is None:
                    piece.spans.append((start, token.start()))
                picture, depth, start = None, 1, position
                if position > last:  # the document is over
                    yield piece
                    return
    if picture is None:
        piece.spans.append((start, len(data)))
    yield piece


def _paragraphs(header: str, data: mmap.mmap, piece: _Piece, largest: int) -> list[Paragraph]:
    from striprtf.striprtf import rtf_to_text

    if piece.size > largest:
        raise _Damaged(f"{piece.size >> 20} MB of RTF without the beginning of an article")
    if piece.deepest > _DEEPEST:
        raise _Damaged("damaged RTF (groups within groups without end)")
    rtf = b"".join(data[start:end] for start, end in piece.spans).decode("latin-1")
    rtf = f"{header}{'{' * (piece.depth - 1)} {_SIGNS.sub(_sign, rtf)}\\par}}"
    try:
        text = rtf_to_text(rtf, errors="replace")
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
    if found["code"]:
        return found[0] if -0x8000 <= int(found["code"]) <= 0xFFFF else "\\u65533 "
    if found["count"]:
        return "\\uc1 "
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
