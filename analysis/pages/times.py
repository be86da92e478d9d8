"""Dates as articles give them: in their own time, not in another's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

_DAY = 10  # letters of a date without a time
_EPOCH = datetime(1970, 1, 1)


def dated(published: str, *, offset: bool = False) -> str:
    """A date as people write it; anything else as it is.

    Parameters
    ----------
    published : str
    offset : bool
        Whether to say from which time of the world it is counted, where that is known.

    Examples
    --------
    >>> dated("2023-09-05T22:15:00+01:00")
    '5 Sep 2023, 22:15'
    >>> dated("2023-09-05T22:15:00+01:00", offset=True)
    '5 Sep 2023, 22:15 (UTC+01:00)'
    >>> dated("2023-09-05"), dated(""), dated("2023")
    ('5 Sep 2023', 'no date', '2023')
    """
    try:
        when = datetime.fromisoformat(published)
    except ValueError:
        return published or "no date"
    day = f"{when.day} {when:%b %Y}"
    if len(published) <= _DAY:
        return day
    zone = f" ({when.tzname()})" if offset and when.tzinfo is not None else ""
    return f"{day}, {when:%H:%M}{zone}"


def has_hour(published: str) -> bool:
    """Whether a date says more than its day.

    Examples
    --------
    >>> has_hour("2023-09-05T22:15:00+01:00"), has_hour("2023-09-05"), has_hour("")
    (True, False, False)
    """
    return local_day(published) is not None and len(published) > _DAY


def local_day(published: str) -> float | None:
    """Days since 1970 where the article was published; None without a date.

    Examples
    --------
    >>> local_day("1970-01-02T18:00:00-05:00"), local_day("1970-01-02T18:00:00+09:00")
    (1.75, 1.75)
    >>> local_day("") is None
    True
    """
    try:
        when = datetime.fromisoformat(published).replace(tzinfo=None)
    except ValueError:
        return None
    return (when - _EPOCH).total_seconds() / 86400


def several_offsets(published: Iterable[str]) -> bool:
    """Whether some dates are counted from different times of the world.

    Examples
    --------
    >>> several_offsets(["2023-09-05T22:15:00+01:00", "2023-09-05", "2023-09-05T22:15:00+02:00"])
    True
    """
    found = set()
    for said in published:
        try:
            when = datetime.fromisoformat(said)
        except ValueError:
            continue
        if len(said) > _DAY:
            found.add(when.utcoffset())
    return len(found) > 1
