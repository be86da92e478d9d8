"""What Factiva's exports have in common: codes of fields, and articles made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from analysis.io.formats.source import Record
from analysis.io.languages import language_code

_BODY = ("LP", "TD")  # lead paragraph, text
_FIELDS = {
    "HD": "title",
    "SN": "outlet",
    "PD": "published",
    "BY": "author",
    "SE": "section",
    "PG": "page",
}
FIELD_CODES = {
    "SE": "section", "HD": "headline", "BY": "author", "CR": "credit", "WC": "words",
    "PD": "date", "ET": "time", "SN": "source", "SC": "source code", "ED": "edition",
    "PG": "page", "VOL": "volume", "LA": "language", "CY": "copyright", "LP": "lead paragraph",
    "TD": "text", "CT": "contact", "CX": "correction", "CLM": "column", "DLN": "dateline",
    "ART": "captions", "RF": "reference", "CO": "companies", "IN": "industries",
    "NS": "subjects", "RE": "regions", "IPC": "information provider's codes",
    "IPD": "information provider's descriptors", "RST": "source restrictor", "PUB": "publisher",
    "AN": "accession number", "HL": "highlight", "HH": "hits", "DE": "descriptors",
    "NM": "names", "GC": "government codes", "LN": "language name", "PUBN": "publication",
}  # fmt: skip
# the code of the source, filled up with zeros, the day, and a running number
_DAY = r"(?:19|20)\d\d[01]\d[0-3]\d"
_ACCESSION = re.compile(rf"(?:^|\s)([A-Z][A-Z0-9_]{{2,11}}{_DAY}[A-Za-z0-9]{{6,14}})$")


def accession(line: str) -> str:
    """The accession number that a line ends with; empty if there is none.

    Parameters
    ----------
    line : str

    Returns
    -------
    str

    Examples
    --------
    >>> accession("Dokument HALAN000020230908ej97000o14")
    'HALAN000020230908ej97000o14'
    """
    match = _ACCESSION.search(line.strip())
    return match[1] if match else ""


def is_source_code(line: str, number: str) -> bool:
    """Whether a line is the code of the source that an accession number begins with.

    Parameters
    ----------
    line, number : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_source_code("LEMOND", "LEMOND0020130101e911000h1"), is_source_code("LE", "LEMOND00")
    (True, False)
    """
    behind = number.removeprefix(line) if line and number.startswith(line) else ""
    return re.match(f"0*{_DAY}", behind) is not None


def record_of(
    fields: Mapping[str, Sequence[str]], place: int, language: str = "", number: str = ""
) -> Record:
    """An article of its fields by code.

    Parameters
    ----------
    fields : mapping of str to sequence of str
        The lines of each code; those of LP and TD are the text.
    place : int
    language : str
        A code, if the export says the article's language otherwise than by its name.
    number : str
        The accession number, if the export says it otherwise.

    Returns
    -------
    Record
        All other fields are in `more`, by the meaning of their codes.
    """
    about = {name: " ".join(fields[code]) for code, name in _FIELDS.items() if code in fields}
    told = " ".join(fields.get("LA", ()))
    said = " ".join(fields.get("AN", ()))
    more = {
        FIELD_CODES.get(code, code): " ".join(lines)
        for code, lines in fields.items()
        if code not in (*_BODY, *_FIELDS, "LA", "AN") and any(lines)
    }
    if told and not language and not (language := language_code(told)):
        more["language name"] = told
    return Record(
        "\n\n".join(line for code in _BODY for line in fields.get(code, ())),
        place,
        language=language,
        source_id=number or accession(said) or said.rpartition(" ")[2],
        more=more,
        **about,
    )
