"""PDF clippings: an article a file, or a press review whose contents page names its articles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.io.formats.dated import DATE, dated_line, is_byline
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile

TITLE = "PDF"
MOST_PAGES = 2_000
_CONTENTS = re.compile(r"(\S.*?)\s*(?:\.\s?){4,}\s*\d+\s*$")
_NUMBER = re.compile(
    r"(?:(?:page|seite|pagina|página|p\.|s\.)\s*)?[-–]?\s*\d{1,4}\s*[-–]?"
    r"(?:\s*(?:/|of|von|de|van|sur)\s*\d{1,4})?",
    re.IGNORECASE,
)
_BROKEN = re.compile(r"(\w+)-\n(\w+)")
_HEADS = 3  # lines at a page's top or bottom that may be its head


def recognise(source: Source) -> bool:
    """Whether the file begins as a PDF does."""
    return b"%PDF-" in source.head[:1024]


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The articles, in the order of their pages."""
    pages = _pages(source)
    if not any(any(line.strip() for line in page) for page in pages):
        raise UnreadableFile(
            "a scan: its pages are pictures without text. Recognise the text first (OCR), and save"
            " it as PDF with text or as .txt."
        )
    titles = [m[1].strip() for page in pages[:3] for m in map(_CONTENTS.match, page) if m]
    heads = _heads(pages)
    parts: list[tuple[list[str], list[str]]] = []
    for page in pages:
        if sum(_CONTENTS.match(line) is not None for line in page) >= 2:
            continue
        head, lines = _without_head(page, heads)
        opens = titles and any(_begins(lines, title) for title in titles)
        if not parts or opens:
            parts.append(([], []))
        parts[-1][0].extend(head)
        parts[-1][1].extend(lines)
    for place, (head, lines) in enumerate(parts, start=1):
        yield _record(head, lines, titles, place)


def _pages(source: Source) -> list[list[str]]:
    import pypdf

    try:
        reader = pypdf.PdfReader(source.path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFile("a PDF with a password; save it without one.")
        if len(reader.pages) > MOST_PAGES:
            raise UnreadableFile(f"{len(reader.pages):,} pages; at most {MOST_PAGES:,} are read.")
        return [(page.extract_text() or "").split("\n") for page in reader.pages]
    except UnreadableFile:
        raise
    except Exception as error:  # pypdf raises what a damaged file leads it to
        raise UnreadableFile(
            f"a damaged PDF ({type(error).__name__}: {error}); save it again."
        ) from None


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split())).casefold()


def _heads(pages: list[list[str]]) -> set[str]:
    """Shapes of lines that stand at the top or bottom of several pages."""
    seen: dict[str, int] = {}
    for page in pages:
        lines = [line for line in page if line.strip()]
        for shape in {_shape(line) for line in (*lines[:_HEADS], *lines[-_HEADS:])}:
            seen[shape] = seen.get(shape, 0) + 1
    return {shape for shape, n in seen.items() if n > 1 and len(pages) > 1}


def _without_head(page: list[str], heads: set[str]) -> tuple[list[str], list[str]]:
    """Head and foot of a page, and its other lines."""
    lines = [line.rstrip() for line in page if line.strip()]
    head: list[str] = []

    def is_head(line: str) -> bool:
        bare = line.strip()
        return bool(
            _shape(line) in heads
            or _NUMBER.fullmatch(bare)
            or len(bare) < 120
            and DATE.search(bare)
            and dated_line(bare)
        )

    while lines and len(head) < _HEADS and is_head(lines[0]):
        head.append(lines.pop(0).strip())
    while lines and (_shape(lines[-1]) in heads or _NUMBER.fullmatch(lines[-1].strip())):
        head.append(lines.pop().strip())
    return head, lines


def _begins(lines: list[str], title: str) -> bool:
    text = " ".join(" ".join(lines[:4]).split())
    return text.startswith(" ".join(title.split()))


def _record(head: list[str], lines: list[str], titles: list[str], place: int) -> Record:
    outlet, published = next(filter(None, map(dated_line, head)), ("", ""))
    title = next((title for title in titles if _begins(lines, title)), "")
    if title:
        taken = ""
        while lines and len(taken) < len(title):
            taken = f"{taken} {lines.pop(0).strip()}".strip()
    elif len(lines) > 1 and not lines[0].startswith("  ") and len(lines[0]) < 120:
        title = lines.pop(0).strip()
    if lines and not published and (found := dated_line(lines[0].strip())):
        outlet, published = found
        lines = lines[1:]
    author = ""
    if lines and not lines[0].startswith("  ") and is_byline(lines[0].strip()):
        author, lines = lines[0].strip(), lines[1:]
    return Record(
        "\n\n".join(_paragraphs(lines)),
        place,
        title=title,
        outlet=outlet,
        published=published,
        author=author,
    )


def _paragraphs(lines: list[str]) -> list[str]:
    """Lines joined to paragraphs, which are indented; else where a line is short."""
    indented = any(line.startswith("  ") for line in lines)
    longest = max(map(len, lines), default=0)
    parts: list[list[str]] = []
    for line, before in zip(lines, ["", *lines]):
        ended = len(before) < 0.7 * longest and before.rstrip().endswith((".", "!", "?", "”", '"'))
        if not parts or (line.startswith("  ") if indented else ended):
            parts.append([])
        parts[-1].append(line.strip())
    whole = "\n".join("\n".join(part) for part in parts)
    known = set(re.findall(r"\w+(?:-\w+)*", _BROKEN.sub(" ", whole)))

    def joined(match: re.Match[str]) -> str:
        first, second = match.groups()
        keep = f"{first}-{second}" in known or not second[0].islower()
        return f"{first}-{second}" if keep else first + second

    return [" ".join(_BROKEN.sub(joined, "\n".join(part)).split()) for part in parts]
