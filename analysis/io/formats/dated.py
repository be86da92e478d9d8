"""Lines above an article that people write: the outlet with the date, and the byline."""

from __future__ import annotations

import re

_MONTH = r"[^\W\d_]{3,10}\.?"
DATE = re.compile(
    r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4}"
    rf"|\d{{1,2}}\.? (?:de )?{_MONTH}(?: de)?,? \d{{4}}|{_MONTH} \d{{1,2}},? \d{{4}}"
)
_PARTED = re.compile(r"\s+[·|–—-]\s+|\s{2,}|,\s")
_BY = re.compile(r"(?:by|von|par|door|por|da|di)\s", re.IGNORECASE)
_LONGEST = 12  # words of a byline
_SENTENCE = re.compile(r"[.!?:;…][\"”’»]?$")


def dated_line(line: str) -> tuple[str, str] | None:
    """Outlet and date of a line that holds little else, or None.

    Parameters
    ----------
    line : str

    Returns
    -------
    (str, str) or None

    Examples
    --------
    >>> dated_line("The Courier, 7 September 2023")
    ('The Courier', '7 September 2023')
    >>> dated_line("On 7 September 2023 the crane fell, and nobody knew.")
    """
    found = list(DATE.finditer(line))
    if not found or len(line) > 120:
        return None
    last = found[-1]
    before = [part.strip() for part in _PARTED.split(line[: last.start()]) if part.strip()]
    after = line[last.end() :].strip(" ,·|–—-")
    if not before or len(after.split()) > 3 or len(before[-1].split()) > 6:
        return None
    outlet = before[-1]
    if not outlet[0].isalnum() or _SENTENCE.search(line) or DATE.search(outlet):
        return None
    return outlet, last.group()


def is_byline(line: str) -> bool:
    """Whether a line names an author: "By Ada Orr", or a few capitalised words.

    Parameters
    ----------
    line : str

    Returns
    -------
    bool

    Examples
    --------
    >>> [is_byline(s) for s in ("By Ada Orr", "Ada Orr, chief reporter", "UPDATED at 11 p.m.")]
    [True, True, False]
    """
    words = line.split()
    if not 2 <= len(words) <= _LONGEST or any(c.isdigit() for c in line):
        return False
    if _BY.match(line):
        return not _SENTENCE.search(line)
    names = line.split(",")[0].split()
    capital = sum(word[0].isupper() for word in names)
    return 2 <= len(names) <= 6 and capital >= 2 and not _SENTENCE.search(line)
