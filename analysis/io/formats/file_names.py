"""Fields of an article from the name of its file, such as ``{outlet}_{date}_{title}``."""

from __future__ import annotations

import re
from functools import lru_cache

from analysis.errors import OptionError
from analysis.io.formats.heads import DATE, is_whole_date, plain_date
from analysis.io.formats.source import Record, Remark, Settings, Source

PLACEHOLDERS = {
    "title": "title",
    "outlet": "outlet",
    "date": "published",
    "author": "author",
    "section": "section",
    "page": "page",
    "language": "language",
    "id": "source_id",
    "any": "",
}
_SHAPES = {"date": DATE, "language": "[a-z]{2}", "page": r"[A-Z]?\d+[A-Z]?"}
# Tried where a user gives none: each has a date, which no name has by chance.
USUAL = (
    "{outlet}_{date}_{title}",
    "{date}_{outlet}_{title}",
    "{outlet} - {date} - {title}",
    "{date} - {outlet} - {title}",
    "{outlet}_{date}",
    "{date}_{outlet}",
)


@lru_cache(maxsize=64)
def name_shape(pattern: str) -> re.Pattern[str]:
    """A pattern of names as a regular expression with a group a field.

    Parameters
    ----------
    pattern : str
        Fields in braces, with whatever stands between them.

    Raises
    ------
    OptionError
        If it has no field, one twice, or one that there is not.

    Examples
    --------
    >>> name_shape("{date}_{id}").fullmatch("2023-09-07_A12").groupdict()
    {'date': '2023-09-07', 'id': 'A12'}
    """
    parts = re.split(r"\{([^{}]*)\}", pattern)
    names = [name for name in parts[1::2] if name != "any"]
    if not names or set(names) - set(PLACEHOLDERS) or len(set(names)) < len(names):
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise OptionError(f"name_pattern must name each of {known} once at most (got {pattern!r})")
    shape = ""
    for at, part in enumerate(parts):
        if at % 2 == 0:
            shape += re.escape(part)
        elif part == "any":
            shape += ".*?"
        else:
            shape += f"(?P<{part}>{_SHAPES.get(part, '.+?')})"
    return re.compile(shape, re.IGNORECASE)


def fields_of_name(source: Source, settings: Settings) -> dict[str, str] | None:
    """Fields that a file's name tells, by the user's pattern or by one of the usual ones.

    Parameters
    ----------
    source : Source
    settings : Settings

    Returns
    -------
    dict of str to str or None
        None if the name does not fit.

    Examples
    --------
    >>> fields_of_name(Source("The Blast_20230906_Fury.txt"), Settings())
    {'outlet': 'The Blast', 'published': '2023-09-06', 'title': 'Fury'}
    """
    given = settings.name_pattern
    for pattern in [given] if given else USUAL:
        found = name_shape(pattern).fullmatch(source.path.stem)
        if found is None:
            continue
        fields = {}
        for name, value in found.groupdict().items():
            value = value if " " in value else value.replace("_", " ")
            if name == "date":
                value = plain_date(value, settings.day_first)
            fields[PLACEHOLDERS[name]] = value.strip()
        if given or (_worded(fields) and is_whole_date(fields["published"])):
            return fields
    return None


def _worded(fields: dict[str, str]) -> bool:
    """Whether what should be names has letters, and an outlet few words."""
    words = [fields[name] for name in ("outlet", "title") if name in fields]
    return all(re.search(r"[^\W\d_]{2}", value) for value in words) and len(words[0].split()) < 9


def name_record(record: Record, source: Source, settings: Settings) -> list[Remark]:
    """Fill what an article's file leaves empty from the file's name.

    Parameters
    ----------
    record : Record
        The only one of its file; changed.
    source : Source
    settings : Settings

    Returns
    -------
    list of Remark
        One if the name does not fit the user's pattern.
    """
    fields = fields_of_name(source, settings)
    for name, value in (fields or {}).items():
        if not getattr(record, name, "x"):
            setattr(record, name, value)
    record.source_id = record.source_id or source.path.stem
    if fields is None and settings.name_pattern:
        problem = f"the name does not fit {settings.name_pattern}"
        return [Remark(record.place, problem, "its fields left empty")]
    return []
