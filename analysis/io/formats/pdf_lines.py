"""Lines of a PDF in reading order, and paragraphs of lines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analysis.text.lists import ANY
from analysis.text.lists import words as listed

_VOCABULARY = Path(__file__).parents[2] / "data" / "vocab.txt"
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"}
)
_WIDTH = 0.5  # of a letter, of its height: text is as wide as that, more or less
_GUTTER = 30  # points: two pieces of one height further apart are of two columns
_HYPHENS = "-\u2010\u00ad"
# First parts of compounds that keep their hyphen where a line ends in it.
_PREFIXES = set("self ex non well half all vice so long short high low anti mid two three".split())
_AND = listed(ANY, "conjunctions") | {"i"}
_FRENCH = set("il elle ils elles nous vous tu ci là même mêmes être".split())  # "dit-il"


@dataclass
class PageLine:
    """A line of a page: where it begins (points, from below), its letters' height, its text."""

    page: int
    x: float
    y: float
    size: float
    bold: bool
    text: str
    width: float = 0.0

    @property
    def end(self) -> float:
        """Where it ends, more or less."""
        return self.x + self.width


def page_lines(page, number: int) -> list[PageLine]:
    """Lines of a page as they are read: by columns where they stand in columns.

    Parameters
    ----------
    page : pypdf page
    number : int
        Of the page, from 0.

    Returns
    -------
    list of PageLine
    """
    pieces: list[PageLine] = []

    def visit(text, matrix, text_matrix, font, size) -> None:
        a, b, c, d, e, f = matrix
        x, y = (
            text_matrix[4] * a + text_matrix[5] * c + e,
            text_matrix[4] * b + text_matrix[5] * d + f,
        )
        upright = abs(text_matrix[0] * a + text_matrix[1] * c) >= abs(
            text_matrix[0] * b + text_matrix[1] * d
        )
        height = abs(text_matrix[2] * b + text_matrix[3] * d) * abs(size)
        name = str((font or {}).get("/BaseFont", "")).lower()
        if text.strip() and upright:
            text = text.translate(_LIGATURES).replace("\0", "")
            for line in text.strip("\n").split("\n"):
                pieces.append(
                    PageLine(
                        number, x, y, height, "bold" in name, line, len(line) * height * _WIDTH
                    )
                )

    page.extract_text(visitor_text=visit)
    lines = _joined(pieces)
    return _by_columns(lines) if _disordered(lines) else _head_first(lines)


def _joined(pieces: list[PageLine]) -> list[PageLine]:
    """Pieces of one line put together, such as a word in bold within it."""
    lines: list[PageLine] = []
    starts = _column_starts(pieces)
    for piece in pieces:
        last = lines[-1] if lines else None
        begins = any(abs(piece.x - start) <= 2 for start in starts)
        level = last and abs(piece.y - last.y) < 0.3 * max(piece.size, last.size)
        if (
            last
            and level
            and not begins
            and -_GUTTER < piece.x - last.end < _GUTTER
            and piece.x > last.x
        ):
            last.text += piece.text
            last.width = piece.end - last.x
            last.bold = last.bold and piece.bold
        else:
            lines.append(piece)
    return [line for line in lines if line.text.strip()]


def _disordered(lines: list[PageLine]) -> bool:
    """Whether a file draws its lines across columns, or in no order at all."""
    jumps = 0
    for above, below in zip(lines, lines[1:]):
        level = abs(above.y - below.y) < 0.5 * above.size
        upwards = below.y > above.y + above.size and abs(below.x - above.x) < _GUTTER
        jumps += (level and below.x > above.x + _GUTTER) or upwards
    return jumps >= 3 and 5 * jumps > len(lines)


def _head_first(lines: list[PageLine]) -> list[PageLine]:
    """Lines in other letters that stand above all text first, though they are drawn after it."""
    if not lines:
        return lines
    usual = usual_size(lines)
    text = [line.y for line in lines if abs(line.size - usual) < 0.5]
    above = [line for line in lines if line.y > max(text) and abs(line.size - usual) >= 0.5]
    ids = {id(line) for line in above}
    above.sort(key=lambda line: (-round(line.y), line.x))
    return [*above, *(line for line in lines if id(line) not in ids)]


def usual_size(lines: list[PageLine]) -> float:
    """The size of most letters."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _by_columns(lines: list[PageLine]) -> list[PageLine]:
    """Lines from top to bottom; between lines of full width column by column."""
    starts = _column_starts(lines)
    ordered: list[PageLine] = []
    block: list[PageLine] = []

    def column(line: PageLine) -> int:
        return max((at for at, start in enumerate(starts) if line.x >= start - 2), default=0)

    for line in sorted(lines, key=lambda line: (-line.y, line.x)):
        following = [start for start in starts if start > line.x + _GUTTER]
        if following and line.end > following[0] + _GUTTER:  # it spans columns
            ordered += sorted(block, key=lambda line: (column(line), -line.y, line.x))
            ordered.append(line)
            block = []
        else:
            block.append(line)
    return ordered + sorted(block, key=lambda line: (column(line), -line.y, line.x))


def _column_starts(lines: list[PageLine]) -> list[float]:
    """Left edges that lines share, further apart than an indent."""
    shared = Counter(round(line.x) for line in lines)
    starts: list[float] = []
    for x in sorted(shared):
        near = sum(n for other, n in shared.items() if abs(other - x) <= 2)
        if near > 1 and (not starts or x - starts[-1] > 2 * _GUTTER):
            starts.append(x)
    return starts


def paragraphs(lines: list[PageLine]) -> list[str]:
    """Paragraphs of lines: by indents, by gaps, or where a line ends early and a sentence with it.

    Parameters
    ----------
    lines : list of PageLine
        Of one text, in reading order.

    Returns
    -------
    list of str
        Words that a line's end broke are whole again.
    """
    words = _Words(lines)
    leading = _leading(lines)
    indented = sum(line.text.startswith("  ") for line in lines) >= 2
    widest = _widths(lines)
    groups: list[list[PageLine]] = []
    for at, line in enumerate(lines):
        above = lines[at - 1] if at else None
        if above is None or _begins(above, line, leading, indented, widest):
            groups.append([])
        groups[-1].append(line)
    return [words.whole([line.text.strip() for line in group]) for group in groups]


def _begins(above: PageLine, line: PageLine, leading: float, indented: bool, widest: dict) -> bool:
    """Whether a line begins a paragraph."""
    if abs(line.size - above.size) > 0.1 * above.size:
        return True
    fall = above.y - line.y
    same = line.page == above.page and 0 < fall
    if same and fall > 1.45 * leading:
        return True
    if indented:
        return line.text.startswith("  ")
    if same and 4 < line.x - above.x < _GUTTER and above.x <= widest[_column(line)][0] + 2:
        return True
    left, width = widest[_column(above)]
    ended = above.text.rstrip().endswith((".", "!", "?", "”", "’", '"', "»", "“"))
    return ended and above.x - left + above.width < 0.75 * width and not line.text[:1].islower()


def _column(line: PageLine) -> tuple[int, int]:
    return line.page, round(line.x / (2 * _GUTTER))


def _widths(lines: list[PageLine]) -> dict[tuple[int, int], tuple[float, float]]:
    """Left edge and width of each column."""
    found: dict[tuple[int, int], tuple[float, float]] = {}
    for line in lines:
        left, width = found.get(_column(line), (line.x, 0.0))
        found[_column(line)] = min(left, line.x), max(width, line.width)
    return found


def _leading(lines: list[PageLine]) -> float:
    """The usual distance of lines."""
    falls = [
        round(above.y - below.y, 1)
        for above, below in zip(lines, lines[1:])
        if above.page == below.page
    ]
    falls = [fall for fall in falls if fall > 0]
    return Counter(falls).most_common(1)[0][0] if falls else 12.0


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    return frozenset(_VOCABULARY.read_text(encoding="utf-8").split("\n"))


class _Words:
    """Words of a text, to tell a hyphen of the line's end from a word's own."""

    def __init__(self, lines: list[PageLine]):
        self.seen: set[str] = set()
        broken = False
        for line in lines:
            text = line.text.strip()
            words = re.findall(r"[\w’'-]+", text.casefold())
            part = broken  # the first word is one's second half
            broken = text[-1:] in _HYPHENS
            self.seen.update(words[part : len(words) - broken])

    def whole(self, lines: list[str]) -> str:
        text = lines[0]
        for line in lines[1:]:
            text = self._join(text, line)
        return " ".join(text.replace("\u00ad", "").split())

    def _join(self, text: str, line: str) -> str:
        first = re.search(rf"([^\W\d_]+)[{_HYPHENS}]$", text)
        second = re.match(r"[^\W\d_]+", line)
        if text[-1:] not in _HYPHENS or not (first and second):
            # "1990-" and "91", or a dash between blanks
            return (
                text
                + ("" if re.search(rf"\d[{_HYPHENS}]$", text) and line[:1].isdigit() else " ")
                + line
            )
        if second[0] in _AND:
            return f"{text} {line}"  # "Hafen- und Werftarbeiter"
        return (
            text if self._keeps(first[1], second[0]) and text[-1] != "\u00ad" else text[:-1]
        ) + line

    def _keeps(self, first: str, second: str) -> bool:
        """Whether a hyphen is the word's own."""
        if second[0].isupper() and not first.isupper():
            return True
        first, second = first.casefold(), second.casefold()
        if first + second in self.seen or first + second in _english():
            return False
        if f"{first}-{second}" in self.seen or first in _PREFIXES or second in _FRENCH:
            return True
        words = self.seen | _english()
        return len(first) > 2 and len(second) > 2 and first in words and second in words
