"""Web archives of crawlers (WARC, gzipped or not): each page that holds an article."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator

from analysis.io.formats.page import LARGEST_PAGE, page_record
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile
from analysis.io.formats.web_page import decode_page

TITLE = "WARC, of a crawler"
_GZIP = b"\x1f\x8b"
_PAGES = ("text/html", "application/xhtml+xml")
_CHUNK = 1 << 16
_UNPACKED, _RATIO = 64 << 20, 200  # bytes that a file may unpack to: so many, or times its own
_LONGEST_HEAD = 4 << 20  # bytes
_SHOWN = 3  # addresses that a remark names


class _LeftOut(Exception):
    """A record without an article; the message is the kind."""


class _Bounded:
    """A stream that ends with a clear error where it is cut, or holds what no crawl holds."""

    def __init__(self, stream: io.BufferedReader | gzip.GzipFile, most: int):
        self.stream, self.left = stream, most
        self.head: int | None = 0  # bytes of a record's head so far; None within its content

    def read(self, size: int = -1) -> bytes:
        try:
            # one piece at a time, or all that stands before a cut would be lost with it
            data = self.stream.read1(_CHUNK if size < 0 else size)
        except (EOFError, OSError, zlib.error) as error:
            raise UnreadableFile(_cut(error)) from None
        self.left -= len(data)
        if self.head is not None:
            self.head += len(data)
        if self.left < 0 or (self.head or 0) > _LONGEST_HEAD:
            raise UnreadableFile("unpacks to far more than a crawl holds; the rest is left out.")
        return data


def _cut(error: object) -> str:
    return f"damaged or cut short ({error}); what stands before is read. Fetch it again."


def recognise(source: Source) -> bool:
    """Whether a file is a WARC, by its first bytes, unpacked if need be."""
    head = source.head
    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(31).decompress(head, 16)
        except zlib.error:
            return False
    return head.startswith(b"WARC/")


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """Articles of the pages that a server gave; one fetched twice comes twice.

    What is left out is counted by kind. Of a file that was cut short all whole pages are read.
    """
    left_out: dict[str, list[str]] = {}
    place = 0
    fault = None
    with source.path.open("rb") as file:
        records = _records(file, source)
        while fault is None:
            try:
                record = next(records, None)
                if record is None:
                    break
                url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
                article = _article(record, url, place + 1, settings)
            except _LeftOut as reason:
                left_out.setdefault(str(reason), []).append(url)
                continue
            except UnreadableFile as error:
                fault = error
                break
            if article is not None:
                place += 1
                yield article
    for reason, urls in left_out.items():
        shown = ", ".join(urls[:_SHOWN]) + (", …" if len(urls) > _SHOWN else "")
        yield Remark(None, f"{len(urls)} × {reason} ({shown})")
    if fault is not None:
        raise fault
    if not place:
        raise UnreadableFile("holds no page with an article.")


def _records(file: io.BufferedReader, source: Source) -> Iterator:
    """Records of an archive; an error in one of them is an UnreadableFile."""
    from warcio.archiveiterator import ArchiveIterator

    class Records(ArchiveIterator):
        INC_RECORD = ""  # warcio prints it, with all that stands behind a record's stated end

    packed = source.head.startswith(_GZIP)
    stream = gzip.GzipFile(fileobj=file) if packed else file
    bounded = _Bounded(stream, max(_UNPACKED, _RATIO * source.size))
    record = None
    try:
        records = Records(bounded)
        for record in records:
            bounded.head = None
            yield record
            while record.raw_stream.read(_CHUNK):
                pass
            bounded.head = 0
    except UnreadableFile:
        raise
    except Exception as error:  # warcio raises whatever a broken head led it to
        raise UnreadableFile(_cut(error or type(error).__name__)) from None
    if record is not None and getattr(record.raw_stream, "limit", 0) > 0:
        raise UnreadableFile(_cut("its last record ends early"))
    if records.err_count:
        raise UnreadableFile(
            "holds records that are longer than they say; what stands behind is left out."
        )


def _article(record, url: str, place: int, settings: Settings) -> Record | None:
    """The article of a record; None where it is none of a page, or a request for one."""
    if record.rec_type == "conversion":
        raise _LeftOut("text without its page, as in a WET file")
    if record.rec_type not in ("response", "resource"):
        return None
    http = record.http_headers
    mime = (http.get_header("Content-Type") if http else record.content_type) or ""
    if mime and mime.split(";")[0].strip().lower() not in _PAGES:
        raise _LeftOut("no page, such as a picture or robots.txt")
    if http and http.get_statuscode() != "200":
        raise _LeftOut(f"a page answered with {http.get_statuscode()}")
    if not 0 < (record.length or 0) <= LARGEST_PAGE:
        raise _LeftOut("an empty page, or a very large one")
    data = _content(record, http)
    declared = mime.lower().partition("charset=")[2].split(";")[0]
    try:
        text, _ = decode_page(data, declared, settings)
        return page_record(text, url, place)
    except UnreadableFile as error:
        raise _LeftOut(str(error).partition(";")[0].rstrip(".")) from None


def _content(record, http) -> bytes:
    """The page as it was sent, its chunks joined and unpacked as far as is sensible."""
    from warcio.bufferedreaders import ChunkedDataReader

    stream = record.raw_stream
    if http and (http.get_header("Transfer-Encoding") or "").lower() == "chunked":
        stream = ChunkedDataReader(stream)
    data = stream.read(LARGEST_PAGE)
    while record.raw_stream.read(_CHUNK):
        pass
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise UnreadableFile(_cut("its last record ends early"))
    packing = (http.get_header("Content-Encoding") or "" if http else "").lower()
    if packing in ("", "identity") or data.lstrip()[:1] == b"<":
        return data
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise _LeftOut(f"a page packed as {packing}")
    for bits in (47, -15):  # gzip or zlib, and deflate without its head
        unpacking = zlib.decompressobj(bits)
        try:
            page = unpacking.decompress(data, LARGEST_PAGE)
        except zlib.error:
            continue
        if unpacking.unconsumed_tail:
            raise _LeftOut("an empty page, or a very large one")
        return page
    return data
