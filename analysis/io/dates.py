"""ISO dates from what exports write; days and months that could change places by whole columns."""

from __future__ import annotations

import datetime
import functools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

EARLIEST = 1600
_MONTHS = [  # en, de, fr, nl, es, it, pt; three letters and more of a name are enough (see _month)
    "january januar jänner janvier januari enero gennaio janeiro",
    "february februar feber février fevrier februari febrero febbraio fevereiro",
    "march märz maerz mrz mars maart mrt marzo março marco",
    "april avril abril aprile apr avr abr",
    "may mai mei mayo maggio maio",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august août aout augustus agosto",
    "september septembre septiembre settembre setembro sept",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember décembre decembre diciembre dicembre dezembro",
]
# only abbreviations that mean one zone in newspapers; CST, IST and the like mean several
_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 1, "west": 1, "cet": 1, "mez": 1, "cest": 2,
    "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "est": -5, "edt": -4, "cdt": -5, "mdt": -6,
    "pst": -8, "pdt": -7, "akst": -9, "hst": -10, "jst": 9, "kst": 9, "hkt": 8, "sgt": 8,
    "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip
_YEAR_FIRST = re.compile(
    r"(?<![\d./-])(?P<y>\d{4})\s*(?P<s>[-/.年년])\s*(?P<m>\d{1,2})\s*(?:(?P=s)|[月월])\s*(?P<d>\d{1,2})"
    r"(?![\d-])"
)
_SOLID = re.compile(r"(?<!\d)(?P<y>(?:1[6-9]|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?=\D|$|T\d)")
_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?![\d/-])")
_WORD = r"(?P<word>[^\W\d_]{3,15})"
_DAY = r"(?<![\d.,:])(?P<d>\d{1,2})(?:st|nd|rd|th|er|e|º|ª|°)?"
_YEAR = r"(?P<y>\d{4})(?!\d)"
_OF = r"(?:\s*(?:de|of|del|d['’]|den)\s*)?"
_WRITTEN = [
    re.compile(rf"{_DAY}[\s.,/-]*{_OF}{_WORD}[\s.,/-]*{_OF}{_YEAR}", re.IGNORECASE),
    re.compile(rf"(?<!\w){_WORD}[\s./-]*{_DAY}[\s.,/-]+{_YEAR}", re.IGNORECASE),
    re.compile(rf"^{_DAY}[\s-]{_WORD}[\s-]['’]?(?P<y>\d\d)(?!\d)", re.IGNORECASE),
    re.compile(rf"{_WORD}\s+{_DAY}\s+\d\d:\d\d:\d\d\s+(?:\S+\s+)?{_YEAR}", re.IGNORECASE),
    re.compile(rf"(?<!\d){_YEAR}[\s.,/-]+{_WORD}[\s./-]+{_DAY}(?![\d:])", re.IGNORECASE),
]
_TIME = re.compile(
    r"(?<![\d:.])T?(?P<h>\d{1,2})[:.h](?P<min>\d\d)(?:[:.](?P<sec>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?\s?m\b\.?)?"
    r"\s*\(?(?P<zone>(?:(?:UTC|GMT)\s*)?[+-]\d{1,2}(?::?\d\d)?(?!\d)|[A-Za-z]{1,4}\b)?",
    re.IGNORECASE,
)
_SECONDS = re.compile(r"(\d{10})(\d{3})?(\.0+)?")
_NULL = re.compile(r"[0:\s./TZ-]*|nan|nat|none|null|n/?a|-+|unknown|undated", re.IGNORECASE)
_TRIES = 3  # of dateparser, which is slow, for texts that differ in their numbers only
_MIDNIGHT = datetime.time()  # of a day that a program wrote as a moment
_A_DAY = datetime.timedelta(days=1)
AMBIGUOUS = "the date {!r} has two meanings, and no row of the column decides"


@dataclass(frozen=True)
class Date:
    """A date that was read.

    Attributes
    ----------
    iso : str
        ISO 8601: a day, or a moment with its zone; empty where there is none.
    problem : str
        Why it is empty; empty if nothing is wrong.
    """

    iso: str
    problem: str = ""


def read_dates(
    given: Sequence[str],
    *,
    day_first: bool | None = None,
    timezone: str | None = None,
    today: datetime.date | None = None,
    also: Sequence[str] = (),
) -> list[Date]:
    """Read a column of dates in any language.

    A time counts only with its zone; without one the day is kept. A date such as 9/5/2023 is read
    as a row of the same column demands (9/15/2023: the month comes first); if none does, it stays
    empty. Between dots the day comes first unless a row denies it.

    Parameters
    ----------
    given : sequence of str
        The column, as an export writes it.
    day_first : bool, optional
        Whether 9/5/2023 is in May; decided by the column if None.
    timezone : str, optional
        Of times without a zone, such as Europe/Berlin.
    today : date, optional
        Dates later than tomorrow are none; the computer's if not given.
    also : sequence of str
        Columns of the same kind of export, which decide what this one does not.

    Returns
    -------
    list of Date
        One for each that was given.

    Examples
    --------
    >>> [date.iso for date in read_dates(["9/5/2023", "9/15/2023", "le 7 septembre 2023"])]
    ['2023-09-05', '2023-09-15', '2023-09-07']
    >>> read_dates(["9/5/2023"])[0].iso, read_dates(["9/5/2023"], day_first=True)[0].iso
    ('', '2023-05-09')
    """
    orders = decide(also) | decide(given) if day_first is None else {"/": day_first, "-": day_first}
    if day_first is not None:
        orders["."] = day_first
    zone = ZoneInfo(timezone) if timezone else None
    last = (today or datetime.date.today()) + _A_DAY
    known: dict[str, Date] = {}
    failed: Counter[str] = Counter()
    for raw in given:
        if raw not in known:
            known[raw] = _date(raw, orders, zone, last, failed)
    return [known[raw] for raw in given]


def decide(given: Sequence[str]) -> dict[str, bool]:
    """Whether the day comes first in a column's dates of numbers, by what separates them.

    Parameters
    ----------
    given : sequence of str

    Returns
    -------
    dict of str to bool
        Of "/", "-" and "." those that rows decide and no row denies.
    """
    found: dict[str, set[bool]] = {"/": set(), "-": set(), ".": set()}
    for raw in set(given):
        for first, separator, second, _ in _numbers(raw):
            if (first > 12) != (second > 12):
                found[separator].add(first > 12)
    if not found["."]:
        found["."] = {True}  # so written wherever dots are in use
    orders = {separator: said.copy().pop() for separator, said in found.items() if len(said) == 1}
    if not found["-"] and "/" in orders:
        orders["-"] = orders["/"]
    if not found["/"] and found["-"] and "-" in orders:
        orders["/"] = orders["-"]
    return orders


def _numbers(raw: str) -> Iterator[tuple[int, str, int, int]]:
    for match in _NUMBERS.finditer(raw[:200]):
        first, separator, second, year = match.groups()
        yield int(first), separator, int(second), int(year)


def _date(
    raw: str, orders: dict, zone: ZoneInfo | None, last: datetime.date, failed: Counter
) -> Date:
    raw = " ".join(raw.split())
    if _NULL.fullmatch(raw):
        return Date("")
    text, shown = raw[:200], f"{raw!r:.60}"
    if seconds := _SECONDS.fullmatch(text):
        moment = datetime.datetime.fromtimestamp(int(seconds[1]), datetime.UTC)
        return _plausible(moment.strftime("%Y-%m-%dT%H:%M:%SZ"), moment.date(), last, shown)
    days, rest, ambiguous = _days(text, orders, failed)
    if len(set(days)) > 1:
        return Date("", f"the date {shown} names several days")
    if not days:
        if ambiguous:
            return Date("", AMBIGUOUS.format(raw))
        return Date("", f"the date {shown} {_why(text)}")
    return _plausible(_moment(days[0], rest, zone), days[0], last, shown)


def _plausible(iso: str, day: datetime.date, last: datetime.date, shown: str) -> Date:
    if day > last:
        return Date("", f"the date {shown} lies in the future")
    if day.year < EARLIEST:
        return Date("", f"the date {shown} lies before {EARLIEST}")
    return Date(iso)


def _why(text: str) -> str:
    if re.fullmatch(r"\D*\d{4}\D*|\d{4}[-/.]\d{1,2}|\d{1,2}[-/.]\d{4}", text):
        return "has no day"
    return "cannot be read"


def _days(text: str, orders: dict, failed: Counter) -> tuple[list[datetime.date], str, bool]:
    """The days that a text names, what stands beside them, and whether one has two meanings."""
    found, rest, ambiguous = [], text, False

    def add(day: datetime.date | None, match: re.Match) -> None:
        nonlocal rest
        found.append(day)
        rest = rest[: match.start()] + " " * len(match.group()) + rest[match.end() :]

    for pattern in (_YEAR_FIRST, _SOLID):
        for match in pattern.finditer(text):
            add(_day(match["y"], match["m"], match["d"]), match)
    for match in _NUMBERS.finditer(text):
        first, separator, second, year = match.groups()
        day, unsure = _ordered(int(first), int(second), year, orders.get(separator))
        ambiguous |= unsure
        add(day, match)
    for pattern in _WRITTEN:
        for match in pattern.finditer(text):
            if (month := _month(match["word"].lower())) is not None:
                year = match["y"] if len(match["y"]) == 4 else _century(match["y"])
                add(_day(year, month, match["d"]), match)
    days = [day for day in found if day is not None]
    kind = re.sub(r"\d+", "0", text)
    worth_it = not found and kind.count("0") > 1 and failed[kind] < _TRIES
    if worth_it and re.search(r"[^\W\d_]", text):
        if (day := _parsed(text)) is not None:
            return [day], "", ambiguous
        failed[kind] += 1
    return days, rest, ambiguous


def _century(year: str) -> str:
    return f"{'19' if year >= '69' else '20'}{year}"


def _ordered(first: int, second: int, year: str, day_first: bool | None):
    """The day of two numbers and a year; and whether it has two meanings."""
    if len(year) == 2:
        year = _century(year)
    readings = [_day(year, second, first), _day(year, first, second)]  # day first, month first
    if day_first is not None:
        return readings[not day_first], False
    days = {day for day in readings if day is not None}
    return (days.pop(), False) if len(days) == 1 else (None, bool(days))


def _day(year, month, day) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


@functools.cache
def _month(word: str) -> int | None:
    """Number of a month by its name or an abbreviation of it, in any language."""
    found = {
        number
        for number, names in enumerate(_MONTHS, start=1)
        for name in names.split()
        if name == word or len(word) >= 3 and name.startswith(word)
    }
    if len(found) == 1:
        return found.pop()
    parsed = _parsed(f"1 {word} 2000")
    return parsed.month if parsed is not None else None


@functools.lru_cache(maxsize=4096)
def _parsed(text: str) -> datetime.date | None:
    """A day by dateparser, whose year and day must stand in the text."""
    if len(text) > 60:
        return None
    try:
        import dateparser
    except ImportError:  # the extra `exports` is not installed
        return None
    settings = {
        "STRICT_PARSING": True,
        "REQUIRE_PARTS": ["day", "month", "year"],
        "PARSERS": ["absolute-time"],
    }
    try:
        found = dateparser.parse(text, settings=settings)
    except Exception:  # dateparser's own, of digits that are no numbers and the like
        return None
    if found is None:
        return None
    numbers = {int(n) for n in re.findall(r"\d+", text)}
    return found.date() if {found.year, found.day} <= numbers else None


def _moment(day: datetime.date, beside: str, zone: ZoneInfo | None) -> str:
    """The day with the time beside it where that has a zone, else the day."""
    for match in _TIME.finditer(beside):
        offset = _offset(match["zone"])
        hour = int(match["h"])
        if half := match["half"]:
            hour = hour % 12 + 12 * (half[0] in "pP")
        try:
            time = datetime.time(hour, int(match["min"]), int(match["sec"] or 0))
        except ValueError:
            continue
        if offset is not None:
            moment = datetime.datetime.combine(day, time, offset)
        elif zone is not None and time != _MIDNIGHT and not _is_a_zone(match["zone"]):
            moment = datetime.datetime.combine(day, time, zone)
        else:
            continue
        return moment.isoformat().replace("+00:00", "Z")
    return day.isoformat()


def _offset(name: str | None) -> datetime.timezone | None:
    if not name:
        return None
    plain = name.lower().replace(" ", "")
    if plain in _ZONES:
        return datetime.timezone(datetime.timedelta(hours=_ZONES[plain]))
    match = re.fullmatch(r"(?:utc|gmt)?([+-])(\d{1,2}):?(\d\d)?", plain)
    if match is None or int(match[2]) > 14 or int(match[3] or 0) > 59:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    return datetime.timezone(datetime.timedelta(minutes=minutes if match[1] == "+" else -minutes))


def _is_a_zone(name: str | None) -> bool:
    """Whether letters behind a time look like a zone that we do not know."""
    return bool(name and len(name) > 2 and name.isalpha() and name.isupper())
