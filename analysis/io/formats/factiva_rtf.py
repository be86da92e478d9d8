"""Factiva's RTF files with codes before each field ("Full Article/Report plus Indexing")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.io.formats.factiva import FIELD_CODES, record_of
from analysis.io.formats.markup import squeezed
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile

TITLE = "Factiva, RTF"
LARGEST_RTF = 64 << 20  # bytes without pictures
_LOOKED_THROUGH = 4 << 20
_A_CODE = re.compile(rb"(?<![A-Za-z\d])(?<!\\)(HD|WC|PD|SN|SC|LA|LP|TD|AN)(?=[\s}\\])")
_FEWEST_CODES = 5
_NUMBER = re.compile(rb"(?<!\w)[A-Z][A-Z\d]{2,11}(?:19|20)\d{6}[a-z][a-z\d]{6,12}(?=[\\\s}])")
_PICTURES = re.compile(rb"[0-9a-fA-F\r\n]{512,}")
_BOLD = "\ue003"
_TOKENS = re.compile(
    r"\\[\\{}']"
    r"|(?P<brace>[{}])"
    r"|(?P<bold>\\b1?)(?![A-Za-z0-9]) ?"
    r"|(?P<cell>\\(?:nest)?cell)(?![A-Za-z]) ?"
    r"|\\u(?P<number>-?\d+)"
    r"|(?P<high>[\x80-\xff])"
)
_LINE = re.compile(rf"({_BOLD}?)[\s{_BOLD}]*([A-Z]{{2,4}}){_BOLD}*(?:\s*$|(?:\t|\s{{2,}})(.*)$)")


def recognise(source: Source) -> bool:
    """Whether an RTF has Factiva's codes, or numbers that only Factiva gives."""
    if not source.head.lstrip().startswith(b"{\\rtf"):
        return False
    try:
        with source.path.open("rb") as file:
            data = file.read(_LOOKED_THROUGH)
    except OSError:
        return False
    return len(set(_A_CODE.findall(data))) >= _FEWEST_CODES or _NUMBER.search(data) is not None


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The articles of a file in their order; an RTF says its encoding itself."""
    data = source.data
    cut = not data.rstrip(b"\0 \r\n\t").endswith(b"}")
    place = 0
    for place, fields in enumerate(_articles(_text(data)), start=1):
        yield record_of(fields, place)
    if not place:
        raise UnreadableFile(
            "an RTF without Factiva's codes, so that headline, source and text cannot be told"
            " apart; export it again as 'Full Article/Report plus Indexing', or as HTML."
        )
    if cut:
        yield Remark(place, "the file ends within an article", "read as far as it goes")


def _text(data: bytes) -> list[str]:
    """The lines of an RTF, with a sign where bold begins."""
    from striprtf.striprtf import rtf_to_text

    text = _PICTURES.sub(b"", data).decode("latin-1")
    if len(text) > LARGEST_RTF:
        raise UnreadableFile(
            f"{len(text) >> 20} MB of text; at most {LARGEST_RTF >> 20} are read."
            " Export it in parts."
        )
    try:
        plain = rtf_to_text(_Repair().of(text), errors="replace")
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        raise UnreadableFile(f"a damaged RTF ({error}); export it again.") from None
    plain = plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return re.split(r"[\n\f\r]", plain)


class _Repair:
    """An RTF as striprtf reads all of it: it would stop where a brace too many closes the file."""

    def __init__(self):
        self.depth = 0

    def of(self, text: str) -> str:
        return f"{_TOKENS.sub(self._token, text)}\\par}}"

    def _token(self, found: re.Match[str]) -> str:
        if found["brace"] == "{":
            self.depth += 1
        elif found["brace"]:
            if self.depth <= 1:
                return ""
            self.depth -= 1
        elif found["bold"]:
            return f"\\b {{{_BOLD}}}"
        elif found["cell"]:
            return "\\tab "
        elif found["number"]:
            return found[0] if -0x10000 <= int(found["number"][:9]) < 0x110000 else ""
        elif found["high"]:
            return f"\\'{ord(found['high']):02x}"
        return found[0]


def _articles(lines: list[str]) -> Iterator[dict[str, list[str]]]:
    """The fields of each article by their codes."""
    matches = [_LINE.match(line.strip()) for line in lines]
    known = [match if match and match[2] in FIELD_CODES else None for match in matches]
    if any(match and match[1] and match[2] == "HD" for match in known):  # then all codes are bold
        known = [match if match and match[1] else None for match in known]
    fields: dict[str, list[str]] = {}
    code = ""
    for line, match in zip(lines, known):
        if match:
            code = match[2]
            if "AN" in fields or ("HD" in fields and code in ("HD", "SE")):
                yield fields
                fields = {}
            fields.setdefault(code, [])
            line = match[3] or ""
        line = squeezed(line.replace(_BOLD, ""))
        if code and line:
            fields[code].append(line)
            if code == "AN":
                code = ""  # what follows is of no article: the search, or nothing
    if "HD" in fields or "TD" in fields or "LP" in fields:
        yield fields
