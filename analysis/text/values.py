"""Values: the numbers, dates, times of day and names of a text, in a normal form in which equal
ones are equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from analysis.text import forms

KINDS = ("number", "date", "time", "name")
# stands for a date or time that tells of the article; it keeps its digits from being read as a
# number
_SENT = "sent"


@dataclass(frozen=True, order=True)
class Value:
    """A number, date, time of day or name.

    Attributes
    ----------
    start, end : int
        Characters of the text, end exclusive; with the unit, without titles.
    kind : str
        One of `KINDS`.
    value : str
        Numbers: decimal digits and the unit, if it is a known one ("900 tonne", "15 %", "4700000
        crown", "71 year-old", "4 No."). Dates: ISO 8601-2 with X for what is not said, then the
        weekday ("XXXX-06-12", "1998", "XXXX-09-03 Sun", "Fri"). Times: "06:42", with the zone if
        there is one, and with "?" where nothing says which half of the day. Names: without titles
        and initials, as fully as the article has them anywhere ("Marguerite Tolland" for "Ms.
        Tolland").
    """

    start: int
    end: int
    kind: str
    value: str


def find_values(text: str, *, language: str = "en", names: Sequence[Value] = ()) -> list[Value]:
    """Find the values of a text.

    The date of a dateline and the times at which an article was sent or changed are left out: they
    tell of the article, not of its story.

    Parameters
    ----------
    text : str
    language : str
        Code of the language, such as "en" or "de-AT". Numbers in digits are read in each, with what
        it puts between thousands and before decimals; number words, dates and times in English
        only.
    names : sequence of Value
        Names that were found in the text (`name_value`); those that meet another value are left
        out.

    Returns
    -------
    list of Value
        In order; no two of them overlap.

    Examples
    --------
    >>> text = "At 6.20 a.m. on June 12 the 1,200-ton crane hit Ada Orr, 71."
    >>> [(v.kind, v.value) for v in find_values(text, names=[Value(48, 55, "name", "Ada Orr")])]
    [('time', '06:20'), ('date', 'XXXX-06-12'), ('number', '1200 tonne'), ('name', 'Ada Orr'),
    ('number', '71 year-old')]
    """
    code = language.casefold()
    english = code.split("-")[0] == "en"
    text = _with_narrow_blanks(text, english)
    if not english:
        point = code not in forms.COMMA and not {code, code.split("-")[0]}.isdisjoint(forms.POINT)
        return [
            Value(
                m.start(), m.end(), "number", _number(_plain(m["number"], point), m["unit1"] or "")
            )
            for m in _matches(text, forms.DIGIT_START, forms.LOCAL_DIGITS[point])
        ]
    ages = {m.start("age") if m["age"] else m.start("aged"): m for m in forms.AGE.finditer(text)}
    found: list[Value] = []
    for match in _matches(text, forms.DIGIT_START, forms.DIGITS):
        if (value := _from_digits(text, match, ages)) is not None:
            found.append(value)
    for match in _matches(text, forms.BEGINS, forms.WORDS):
        if (value := _from_words(text, match)) is not None:
            found.append(value)
    found = _joined(text, sorted(found))
    taken = {place for value in found for place in (value.start, value.end - 1)}
    names = [name for name in names if taken.isdisjoint(range(name.start, name.end))]
    return sorted([value for value in found if value.kind != _SENT] + names)


def name_value(name: str) -> str:
    """The normal form of a name: without initials and points.

    Examples
    --------
    >>> name_value("J. Harlan Prewitt"), name_value("St. Orla Quay")
    ('Harlan Prewitt', 'Saint Orla Quay')
    """
    said = ["Saint" if w == "St." else w.rstrip(".") if len(w) > 2 else w for w in name.split()]
    kept = [w for w in said if not (w.endswith(".") or len(w) == 1 and w.isupper())]
    return " ".join(kept or said)


def _matches(text: str, begins: re.Pattern, pattern: re.Pattern) -> Iterator[re.Match]:
    """Matches where one may begin: looking only there costs a tenth of trying every character."""
    end = 0
    for begin in begins.finditer(text):
        if begin.start() >= end and (match := pattern.match(text, begin.start())):
            end = match.end()
            yield match


# --- numbers, dates, times ---


def _from_digits(text: str, m: re.Match, ages: dict[int, re.Match]) -> Value | None:
    start, end = m.span()
    if m["iso"]:
        return Value(start, end, "date", m["iso"])
    if m["hour"] or m["hour24"]:
        hour, minute = int(m["hour"] or m["hour24"]), m["minute"] or m["minute24"] or "00"
        bare = m["hour24"] and not m["zone2"]
        if (
            hour > (12 if m["half"] else 24)
            or bare
            and not forms.TIME_LEADS.search(text, max(0, start - 9), start)
        ):
            return None
        hour = hour % 12 + 12 * (m["half"] in "pP") if m["half"] else hour
        sure = m["half"] or hour > 12 or (m["hour24"] or "").startswith("0")
        zone = m["zone1"] or m["zone2"]
        kind = _SENT if _about_sending(text, start, end) else "time"
        return Value(
            start,
            end,
            kind,
            f"{hour:02d}:{minute}" + ("" if sure else "?") + (f" {zone}" if zone else ""),
        )
    if m["month1"]:
        return _date(text, start, end, m["year1"], m["month1"], m["day"])
    if m["year2"]:
        if m["counted"] or forms.LABEL.search(text, max(0, start - 8), start):
            return Value(start, m.end("year2"), "number", m["year2"])
        return Value(start, end, "date", m["year2"])
    number, unit = _plain(m["number"]), m["unit1"]
    if len(m["number"]) > 18:
        return None
    if m["scale"]:
        scale = m["scale"].strip(" -")
        number *= forms.SCALES.get(scale) or forms.SHORT_SCALES[scale]
    unit = forms.SIGNS[m["sign"]] if m["sign"] else _unit(unit)
    if not unit and not m["scale"]:
        if start in ages and number < 120:
            return Value(start, end, "number", _number(number, "year-old"))
        if forms.LABEL.search(text, max(0, start - 8), start):
            unit = "No."
    return Value(start + (text[start] == " "), end, "number", _number(number, unit))


def _from_words(text: str, m: re.Match) -> Value | None:
    start, end = m.span()
    if m["words"]:
        number, unit = _spelled(m["words"].casefold()), _unit(m["unit1"])
        if (
            number is None or number == 1 and not unit and not forms.ONE_COUNTS.match(text, end)
        ):  # "one" is mostly a pronoun
            return None
        return Value(start, end, "number", _number(number, unit))
    if m["fortnight"]:
        return Value(start, end, "number", "14 day")
    if m["noon"]:
        return Value(start, end, "time", "12:00" if m["noon"].casefold() == "noon" else "00:00")
    if m["weekday"]:
        return Value(start, m.end() - len(m["dated"] or ""), "date", m["weekday"][:3])
    name = m["month1"]
    year, day = m["year1"] or m["year2"], m["day"]
    if not year and not day:
        ambiguous = name in (
            "May",
            "March",
            "August",
            "April",
            "June",
            "July",
        )  # also verbs and given names
        if len(name.rstrip(".")) <= 4 and name not in ("May", "June", "July"):
            return None
        if (
            ambiguous
            and not forms.MONTH_LEADS.search(text, max(0, start - 9), start)
            or text[end : end + 2].strip().isupper()
        ):
            return None
    return _date(text, start, end, year, name, day)


def _date(
    text: str, start: int, end: int, year: str | None, month: str, day: str | None
) -> Value | None:
    if day and not 1 <= int(day) <= 31:
        return None
    said = f"{year or 'XXXX'}-{forms.MONTHS[month[:3]]}" + (f"-{int(day):02d}" if day else "")
    return Value(start, end, _SENT if _about_sending(text, start, end) else "date", said)


def _about_sending(text: str, start: int, end: int) -> bool:
    """Whether a date or time stands in a dateline, or in a line that says when the article was sent
    or changed.
    """
    begin = text.rfind("\n", max(0, start - 60), start) + 1 or max(0, start - 60)
    if forms.SENDING.search(text, max(begin, start - 40), start):
        return True
    return (
        forms.DATELINE.match(text, end) is not None
        and forms.PLACE.fullmatch(text, begin, start) is not None
    )


def _joined(text: str, found: list[Value]) -> list[Value]:
    """A weekday and the date behind it are one value; what lies inside another is dropped."""
    kept: list[Value] = []
    for value in found:
        last = kept[-1] if kept else None
        if last is not None and value.start < last.end:
            continue
        if (
            last is not None
            and value.kind == last.kind == "date"
            and len(last.value) == 3
            and len(value.value) == 10
            and (text[last.end : value.start] in (", ", " ", ", the ", " the "))
        ):
            kept[-1] = Value(last.start, value.end, "date", f"{value.value} {last.value}")
        else:
            kept.append(value)
    return kept


def _spelled(words: str) -> int | None:
    """The number that words say; None if they say none."""
    total, group, last = 0, 0, 0
    for word in re.split(r"[ -]+", words):
        if word in ("a", "an", "and"):
            continue
        if word in forms.SCALES or word == "dozen" and group:
            scale = forms.SCALES.get(word, 12)
            if scale >= 1000:
                total, group = total + (group or 1) * scale, 0
            else:
                group = (group or 1) * scale
        else:
            value = forms.ONES.get(word, forms.TENS.get(word))
            if last and not (last in forms.TENS.values() and value < 10):
                return None  # "nineteen eighty-four" is a year, "one two" none
            group += value
        last = forms.ONES.get(word, forms.TENS.get(word, 0)) if word not in forms.SCALES else 0
    return total + group


def _with_narrow_blanks(text: str, english: bool) -> str:
    """The text with blanks that do not break in place of those between thousands."""

    def narrow(match) -> str:
        start, end = match.span()
        many = match.group().count(" ") > 1
        if english and not many and not forms.BLANKS_AHEAD.match(text, end):
            return match.group()
        if not many and forms.NO_BLANKS.match(text, max(0, start - 20), start) and english:
            return match.group()
        return match.group().replace(" ", "\u00a0")

    return forms.BLANKS.sub(narrow, text)


def _plain(number: str, point: bool = True) -> Decimal:
    """Digits as written where a point is the decimal sign, or a comma."""
    number = re.sub(rf"['’٬{forms.NARROW}]", "", number).replace("٫", "." if point else ",")
    if not point and re.fullmatch(r"\d+[.]\d{1,2}", number):  # a decimal point, as in English
        return Decimal(number)
    thousands, decimal = (",", ".") if point else (".", ",")
    if number.count(decimal) > 1:
        thousands, decimal = decimal, thousands
    return Decimal(number.replace(thousands, "").replace(decimal, "."))


def _number(number: Decimal | int, unit: str) -> str:
    digits = f"{Decimal(number):f}"
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return (
        f"{digits.lstrip('0') or '0'} {unit}".strip()
        if not digits.startswith("0.")
        else f"{digits} {unit}".strip()
    )


def _unit(form: str | None) -> str:
    return (
        next((unit for pattern, unit in forms.UNIT_FORMS if pattern.fullmatch(form)), "")
        if form
        else ""
    )
