"""Notes of reference managers, in which texts of articles are kept as HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis.io.formats.markup import lines, tree_of_text
from analysis.io.formats.source import Remark

_MARKUP = re.compile(r"<(?:p|div|br|h[1-6]|ul|ol|span|blockquote)\b[^<>]{0,500}>", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?(?:/[^/]*){0,3}")


def note_text(note: str) -> str:
    r"""The text of a note, paragraphs parted by blank lines.

    Parameters
    ----------
    note : str
        HTML or plain text.

    Returns
    -------
    str

    Examples
    --------
    >>> note_text("<div><p>The crane fell.</p><p>Pell &amp; Strand knew.</p></div>")
    'The crane fell.\n\nPell & Strand knew.'
    """
    if _MARKUP.search(note):
        tree, _ = tree_of_text(note)
        found = lines(tree) if tree is not None else ()
    else:
        found = (" ".join(line.split()) for line in note.splitlines())
    return "\n\n".join(filter(None, found))


def longest_first(notes: Sequence[str]) -> list[str]:
    """The texts of notes that hold one, the longest first."""
    return sorted(filter(None, map(note_text, notes)), key=len, reverse=True)


def iso_date(given: str) -> str:
    """A date such as 2023/09/05/ as ISO has it; any other as it stands.

    Parameters
    ----------
    given : str

    Returns
    -------
    str

    Examples
    --------
    >>> iso_date("2023/09/05/"), iso_date("2023/09//"), iso_date("2023 Sep 05")
    ('2023-09-05', '2023-09', '2023 Sep 05')
    """
    match = _DATE.fullmatch(given.strip())
    return "-".join(f"{int(part):02}" for part in match.groups() if part) if match else given


def attached_name(path: str) -> str:
    r"""The name of an attached file without the folders of somebody's machine.

    Parameters
    ----------
    path : str

    Returns
    -------
    str

    Examples
    --------
    >>> attached_name(r"C:\Users\ada\Zotero\page.html"), attached_name("https://example.org/a/b")
    ('page.html', 'https://example.org/a/b')
    """
    return path if "://" in path else re.split(r"[/\\]", path.rstrip("/\\"))[-1]


def items_without_text(items: int, without: int, attached: int) -> Remark:
    """What is said of items that hold no text.

    Parameters
    ----------
    items, without, attached : int
        All of them, those without a text, and those of them that name an attached file.

    Returns
    -------
    Remark
    """
    files = f"; {attached} of them name an attached file" if attached else ""
    problem = f"{without} of {items} items hold no text to study (an abstract is none){files}"
    return Remark(None, problem, "kept as a list; put texts into notes, or read the files")
