"""What a file is that no format recognises, and what to do about it."""

from __future__ import annotations

from analysis.io.formats.source import Source

_BEGINNINGS = (
    (b"\xd0\xcf\x11\xe0", "an old Word, Excel or Outlook file (or one that is encrypted)",
     "save it as .docx or .xlsx without a password"),
    (b"\x1f\x8b", "a packed file (gzip)", "unpack it first"),
    (b"Rar!", "a packed file (RAR)", "unpack it first"),
    (b"7z\xbc\xaf", "a packed file (7z)", "unpack it first"),
    (b"BZh", "a packed file (bzip2)", "unpack it first"),
    (b"\x89PNG", "a picture", "its text must be recognised first (OCR)"),
    (b"\xff\xd8\xff", "a picture", "its text must be recognised first (OCR)"),
    (b"II*\0", "a picture", "its text must be recognised first (OCR)"),
    (b"MM\0*", "a picture", "its text must be recognised first (OCR)"),
    (b"SQLite format 3", "a database", "export its table as CSV"),
)  # fmt: skip


def what_it_is(source: Source) -> str:
    """A fault for the report.

    Parameters
    ----------
    source : Source

    Returns
    -------
    str
    """
    if not source.head.strip():
        return "the file is empty"
    for beginning, what, to_do in _BEGINNINGS:
        if source.head.startswith(beginning):
            return f"not recognised: {what}; {to_do}"
    if source.members:
        members = [name for name in source.members if not name.endswith("/")]
        return f"not recognised: a zip of {len(members)} files; unpack it first"
    if source.head.startswith(b"PK"):
        return "not recognised: a zip that is damaged or cut; fetch it again"
    ending = source.suffix or "without an ending"
    return f"not recognised: a file {ending} in no format of articles"
