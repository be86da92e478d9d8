"""Web archives (WARC), packed or not: the article of every page that was fetched."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile
from analysis.io.formats.web import LARGEST_PAGE, page_record

TITLE = "a web archive, WARC"
_PAGES = ("text/html", "application/xhtml+xml")


def recognise(source: Source) -> bool:
    """Whether the file begins as a WARC does, or is packed and named as one."""
    packed = source.head.startswith(b"\x1f\x8b") and source.name.lower().endswith(".warc.gz")
    return packed or source.head.startswith(b"WARC/")


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """Articles of the pages that were answered with 200; others are said."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    place = 0
    with source.path.open("rb") as file:
        records = iter(ArchiveIterator(file))
        while True:
            try:
                record = next(records, None)
                if record is None:
                    return
                if record.rec_type != "response" or record.http_headers is None:
                    continue
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                status = record.http_headers.get_statuscode()
                kind = (record.http_headers.get_header("Content-Type") or "").lower()
                if not kind.startswith(_PAGES):
                    continue
                place += 1
                data = record.content_stream().read(LARGEST_PAGE + 1)
                if len(data) <= LARGEST_PAGE and getattr(record.raw_stream, "limit", 0) > 0:
                    raise EOFError
            except (ArchiveLoadFailed, EOFError, OSError, ValueError) as error:
                raise UnreadableFile(
                    f"damaged or cut short after page {place} ({type(error).__name__}); what stands"
                    " before was read. Fetch it again."
                ) from None
            if status != "200":
                yield Remark(place, f"{url} was answered with {status}")
                continue
            try:
                yield page_record(data, place, url)
            except UnreadableFile as error:
                yield Remark(place, f"{url}: {error}")
