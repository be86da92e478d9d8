"""What stands on news sites beside an article's words: captions, boxes, notices, lists of links."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import regex

from analysis.clean.edits import Edit
from analysis.text.lists import either
from analysis.text.verbs import finite_forms

PATTERNS = Path(__file__).parents[1] / "data" / "furniture.tsv"
LONGEST_LINE = 700  # characters of a line that may be none of the article's
LONGEST_LINK, LINKS = 130, 9  # characters of a link, links of a list
LINE = regex.compile(r"[^\r\n\u2028\u2029]+")
# Words in quotation marks that somebody may have said, in a line that is not sure to be a caption
_QUOTED = regex.compile(r"[“„«\"‘](?:[^\s“”„«»\"]+[ ,]+){4,}[^“”„«»\"]*[”“»\"]")
_ENDS = regex.compile(r"[.!:;][\"”’»)]*$")
_SAYS = regex.compile(
    rf"[\"”][,.]? (?:he|she|they|\p{{Lu}}[\p{{L}}.-]+) (?:{either(finite_forms())})\b"
)
_SURE = frozenset(("caption", "video", "copyright"))


def boxes(text: str, reasons: frozenset[str]) -> list[Edit]:
    """Stretches that a pattern of `furniture.tsv` fits.

    Parameters
    ----------
    text : str
    reasons : frozenset of str
        Those to look for.

    Returns
    -------
    list of Edit
        In order, not overlapping.
    """
    folded = text.lower()
    plain, lists, particular = _patterns()
    found: list[Edit] = []
    lines = [(plain, "")]
    for pattern, reason, where, needed in particular:
        if reason in reasons and any(word in folded for word in needed):
            if where == "line":
                lines.append((pattern, reason))
            else:
                found += (Edit(*m.span(), "", reason) for m in pattern.finditer(text) if m.group())
    opened = 0  # lines that may be links behind a line that opens a list of them
    for line in LINE.finditer(text):
        start, end = stripped(text, *line.span())
        if start == end:
            continue
        reason = _reason(text, start, end, lines) if end - start <= LONGEST_LINE else None
        if "box" in reasons and lists.fullmatch(text, start, end):
            opened, reason = LINKS, "box"
        elif opened and reason is None:
            opened = opened - 1 if _is_link(text[start:end]) else 0
            reason = "box" if opened else None
        if reason is not None and reason in reasons:
            found.append(Edit(start, end, "", reason))
    return joined(found)


def joined(edits: list[Edit]) -> list[Edit]:
    """Masks in order, those that overlap made one.

    Parameters
    ----------
    edits : list of Edit
        That take something out.

    Returns
    -------
    list of Edit
    """
    made: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if made and edit.start < made[-1].end:
            if edit.end > made[-1].end:
                made[-1] = made[-1]._replace(end=edit.end)
        else:
            made.append(edit)
    return made


def stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the white space at its edges.

    Parameters
    ----------
    text : str
    start, end : int

    Returns
    -------
    start, end : int
    """
    piece = text[start:end]
    bare = piece.strip()
    start += len(piece) - len(piece.lstrip()) if bare else 0
    return start, start + len(bare)


def _reason(text: str, start: int, end: int, lines: list[tuple[regex.Pattern, str]]) -> str | None:
    """Why a line is none of the article's own, or None."""
    for pattern, reason in lines:
        if (found := pattern.fullmatch(text, start, end)) is not None:
            reason = reason or found.lastgroup.rstrip("0123456789")
            line = found.group()
            if _SAYS.search(line) or reason not in _SURE and _QUOTED.search(line):
                return None
            return reason
    return None


def _is_link(line: str) -> bool:
    """Whether a line is like the headline of another article, and none of this one's sentences."""
    if len(line) > LONGEST_LINK or line[0] in '"“„«' or _ENDS.search(line):
        return False
    return not _QUOTED.search(line)


@cache
def _patterns() -> tuple[
    regex.Pattern, regex.Pattern, list[tuple[regex.Pattern, str, str, list[str]]]
]:
    """Patterns of lines as one, those that open lists as one, and those that need some word."""
    rows = [
        row.split("\t")
        for row in PATTERNS.read_text(encoding="utf-8").splitlines()
        if row and not row.startswith("#")
    ]
    flags = regex.IGNORECASE | regex.MULTILINE
    lines = "|".join(
        f"(?P<{row[0]}{number}>{row[2]})"
        for number, row in enumerate(rows)
        if row[1] == "line" and len(row) == 3
    )
    lists = "|".join(row[2] for row in rows if row[1] == "list")
    particular = [
        (regex.compile(row[2], flags), row[0], row[1], row[3].split("||"))
        for row in rows
        if len(row) == 4
    ]
    return regex.compile(lines, flags), regex.compile(lists, flags), particular
