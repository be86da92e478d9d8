"""Where the articles of a PDF begin and end, and which lines are no article's."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from analysis.io.formats.heads import dateline
from analysis.io.formats.pdf_lines import PageLine, usual_size

_EDGE = 3  # lines at the head and the foot of a page that may run through the file
_NUMBER = re.compile(
    r"[-–—•|\s]*(?:page|seite|página|pagina|blz\.?|p\.|s\.)?\s*\d{1,4}"
    r"(?:\s*(?:/|of|von|sur|de|van|di)\s*\d{1,4})?[-–—•|\s]*",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"\s*(.{3,}?)\s*(?:(?:[.…·_]\s?){4,}|\s{3,}|\t)\s*\d{1,4}\s*")
_LEADERS = re.compile(r"(?:[.…·_]\s?){4,}\s*\d{1,4}\s*$")
_LONGEST_TITLE = 5  # lines
_SHORTEST_START = 12  # letters of a headline that the contents cut short
_LONGEST_ENTRY = 300  # letters of a line of the contents
_MOST_ABOVE = 3  # lines
_LARGER = 1.15  # than the text's letters: a headline's


@dataclass
class Clipping:
    """Lines of an article, its headline, and what stands above that."""

    title: str
    above: list[str]
    lines: list[PageLine]


def clippings(lines: list[PageLine]) -> tuple[list[Clipping], list[str], list[PageLine]]:
    """Articles of a PDF, headlines of its contents that stand nowhere, and lines of no article.

    Parameters
    ----------
    lines : list of PageLine
        Of all pages, in reading order.

    Returns
    -------
    list of Clipping, list of str, list of PageLine
    """
    running = _running(lines)
    heads: dict[int, list[str]] = defaultdict(list)  # what runs over a page, which may name its day
    for at in sorted(running):
        if not _NUMBER.fullmatch(lines[at].text):
            heads[lines[at].page].append(lines[at].text.strip())
    kept = [line for at, line in enumerate(lines) if at not in running]
    titles, after = _contents(kept)
    found, missing = _located(kept, titles, after)
    if not found:
        found = _by_size(kept, heads)
    if not found:
        size = _dated_lines(kept)
        above = [line.text for line in kept[:size]]
        first = kept[0].page if kept else 0
        return [Clipping("", [*heads[first], *above], kept[size:])], missing, []
    result = []
    floor = after if titles else 0
    outside = kept[floor : _top(kept, found[0][0], floor)]
    for (start, end), following in zip(found, [*found[1:], None]):
        top = _top(kept, start, floor)
        until = len(kept) if following is None else _top(kept, following[0], end)
        title = " ".join(line.text.strip() for line in kept[start:end])
        above = [line.text.strip() for line in kept[top:start]]
        title = " ".join(title.split())
        result.append(Clipping(title, [*heads[kept[start].page], *above], kept[end:until]))
        floor = until
    return result, missing, outside


def _running(lines: list[PageLine]) -> set[int]:
    """Running heads and feet, and numbers of pages: at a page's edge, apart, and coming again."""
    pages: dict[int, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        pages[line.page].append(at)
    alike: dict[tuple[str, int], set[int]] = defaultdict(set)
    edges = []
    for page, places in pages.items():
        downwards = sorted(places, key=lambda at: -lines[at].y)
        edges += [downwards, downwards[::-1]]
        for at in {*downwards[:_EDGE], *downwards[-_EDGE:]}:
            alike[_key(lines[at])].add(page)
    running = set()
    for inwards in edges:
        n = 0
        while n < min(_EDGE, len(inwards) - 1) and _runs(lines[inwards[n]], alike, len(pages)):
            n += 1
        while n and not _apart(lines[inwards[n - 1]], lines[inwards[n]]):
            n -= 1
        running.update(inwards[:n])
    return running


def _runs(line: PageLine, alike: dict[tuple[str, int], set[int]], n_pages: int) -> bool:
    if len(line.text) < 40 and _NUMBER.fullmatch(line.text):
        return True
    return len(line.text) < 160 and len(alike[_key(line)]) >= max(2, n_pages / 4)


def _key(line: PageLine) -> tuple[str, int]:
    """A line without its numbers, and its height on the page."""
    text = re.sub(r"\d+", "#", line.text.casefold())
    return re.sub(r"\s+", " ", text).strip(), round(line.y / 4)


def _apart(line: PageLine, other: PageLine) -> bool:
    level = abs(line.y - other.y) < 0.5 * line.size  # of the same head
    return level or abs(line.y - other.y) > 1.5 * line.size


def _contents(lines: list[PageLine]) -> tuple[list[str], int]:
    """Headlines that a table of contents on the first pages names, and where it ends."""
    titles: list[str] = []
    after = 0
    short = {at for at, line in enumerate(lines) if len(line.text) <= _LONGEST_ENTRY}
    led = [at for at in sorted(short) if lines[at].page < 5 and _LEADERS.search(lines[at].text)]
    if led:
        page = lines[led[0]].page
        for at, line in enumerate(lines):
            entry = _ENTRY.fullmatch(line.text) if at in short else None
            if entry and (at in led or line.page == page):
                titles.append(entry[1].strip(" .…·_"))
                after = at + 1
    return titles, after


def _located(
    lines: list[PageLine], titles: list[str], after: int
) -> tuple[list[tuple[int, int]], list[str]]:
    """First and last line of each headline that the contents name, and those that are missing."""
    found, missing = [], []
    letters = [_letters(line.text) for line in lines]
    for title in titles:
        place = _find(lines, letters, title, after, {start for start, _ in found})
        if place is None:
            missing.append(title)
        else:
            found.append(place)
    return sorted(found), missing


def _find(
    lines: list[PageLine], letters: list[str], title: str, after: int, taken: set[int]
) -> tuple[int, int] | None:
    """Where a headline stands: whole, or begun by what the contents give of it, or ended."""
    wanted = _letters(title)
    best: tuple[int, float, tuple[int, int]] | None = None
    for start in range(after, len(lines)):
        if start in taken or letters[start][:6] not in wanted:
            continue
        text = ""
        for end in range(start + 1, min(start + _LONGEST_TITLE, len(lines)) + 1):
            line = lines[end - 1]
            if abs(line.size - lines[start].size) > 0.5 or line.page != lines[start].page:
                break
            text += letters[end - 1]
            whole = text == wanted
            goes_on = (
                end < len(lines)
                and abs(lines[end].size - line.size) <= 0.5
                and lines[end].page == line.page
            )
            cut = len(wanted) >= _SHORTEST_START and text.startswith(wanted) and not whole
            named = len(text) >= _SHORTEST_START and wanted.endswith(text) and not goes_on
            if whole or cut or named:
                grade = (3 if whole else 1, lines[start].size)
                if best is None or grade > best[:2]:
                    best = (*grade, (start, _title_end(lines, start, end) if cut else end))
                break
            if len(text) > len(wanted) + 200:
                break
    return best[2] if best else None


def _title_end(lines: list[PageLine], start: int, end: int) -> int:
    """A headline in larger letters ends where these end."""
    usual = usual_size(lines)
    while (
        end < len(lines)
        and lines[start].size > _LARGER * usual
        and abs(lines[end].size - lines[start].size) <= 0.5
        and lines[end].page == lines[start].page
        and end - start < _LONGEST_TITLE
    ):
        end += 1
    return end


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _by_size(lines: list[PageLine], heads: dict[int, list[str]]) -> list[tuple[int, int]]:
    """Headlines by their larger or bold letters: several only if each has a day of its own."""
    usual = usual_size(lines)
    blocks: list[tuple[int, int]] = []
    for at, line in enumerate(lines):
        large = line.size > _LARGER * usual
        if not large or not re.search(r"[^\W\d_]{2}", line.text):
            continue
        last = blocks[-1] if blocks else None
        if last and last[1] == at and abs(lines[at - 1].size - line.size) <= 0.5:
            blocks[-1] = (last[0], at + 1)
        else:
            blocks.append((at, at + 1))
    if not blocks:
        bold = [at for at, line in enumerate(lines[:10]) if line.bold and not dateline(line.text)]
        if not bold or all(line.bold for line in lines):
            return []
        end = bold[0] + 1
        while end in bold and end - bold[0] < _LONGEST_TITLE:
            end += 1
        return [(bold[0], end)]
    largest = max(lines[start].size for start, _ in blocks)
    top = [block for block in blocks if lines[block[0]].size >= largest - 0.5]
    dated = [block for block in top if _has_day(lines, block, heads)]
    if len(dated) > 1 and len(dated) == len(top):
        return top
    text = next(
        (at for at in range(len(lines) - 2) if _is_text(lines[at : at + 3], usual)), len(lines)
    )
    first = [block for block in blocks if block[0] < text]
    return [max(first, key=lambda block: (lines[block[0]].size, -block[0]))] if first else []


def _is_text(lines: list[PageLine], usual: float) -> bool:
    """Whether lines are of a text: what stands in large letters below is no headline of it."""
    return all(abs(line.size - usual) < 0.5 and len(line.text) > 25 for line in lines)


def _has_day(lines: list[PageLine], block: tuple[int, int], heads: dict[int, list[str]]) -> bool:
    start, end = block
    top = max(0, start - 3)
    near = [line.text for line in [*lines[top:start], *lines[end : end + 3]]]
    return any("outlet" in dateline(text) for text in near)


def _top(lines: list[PageLine], start: int, floor: int) -> int:
    """The first line above a headline that is of its head, not of the article before."""
    on_page = start
    while on_page > floor and lines[on_page - 1].page == lines[start].page:
        on_page -= 1
    if floor == 0 or (start - on_page <= _MOST_ABOVE and all(map(_short, lines[on_page:start]))):
        return on_page
    near = range(max(on_page, start - _MOST_ABOVE), start)
    return next((at for at in near if dateline(lines[at].text)), start)


def _short(line: PageLine) -> bool:
    """Whether a line may be of a head: no line of a text, but for a day."""
    bare = line.text.strip()
    return bool(dateline(bare)) or (len(bare) < 60 and not bare.endswith((".", ",", "-", "”")))


def _dated_lines(lines: list[PageLine]) -> int:
    """How many first lines name the day, where there is no headline."""
    size = 0
    while size < min(3, len(lines)) and dateline(lines[size].text):
        size += 1
    return size
