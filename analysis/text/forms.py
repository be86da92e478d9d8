"""How numbers, dates, times of day and names are written (English, and digits in any language)."""

from __future__ import annotations

import re

import regex

from analysis.text.lists import either, english_words

ONES = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
        " sixteen seventeen eighteen nineteen".split(),
        range(1, 20),
    )
) | {"zero": 0, "dozen": 12}
TENS = dict(
    zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10))
)
SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
SHORT_SCALES = {"m": 10**6, "mn": 10**6, "bn": 10**9, "k": 10**3, "tn": 10**12}
UNITS = {  # normal form: forms in texts
    "%": "% percent per[ ]cent per[ ]centum",
    "percentage point": "percentage[ ]points? points?[ ]of[ ]a[ ]per[ ]cent",
    "tonne": "tonnes? tons?",
    "kg": "kg kilos? kilograms? kilogrammes?",
    "km/h": "km/h kph kmh kilomet(?:re|er)s[ ](?:an|per)[ ]hour",
    "mph": "mph miles[ ](?:an|per)[ ]hour",
    "square km": "square[ ]kilomet(?:re|er)s? sq[ ]km",
    "square mile": "square[ ]miles?",
    "square foot": "square[ ](?:feet|foot) sq[ ]ft",
    "km": "km kilomet(?:re|er)s?",
    "m": "met(?:re|er)s?",
    "cm": "cm centimet(?:re|er)s?",
    "mile": "miles?",
    "foot": "feet foot ft",
    "inch": "inch(?:es)?",
    "yard": "yards?",
    "acre": "acres?",
    "hectare": "hectares?",
    "litre": "lit(?:re|er)s?",
    "barrel": "barrels?",
    "year-old": "years?-olds? years?[ ]old years?[ ]of[ ]age",
    "minute": "minutes?",
    "second": "seconds",
    "hour": "hours? hrs?",
    "day": "days?",
    "week": "weeks?",
    "month": "months?",
    "year": "years?",
    "degree": "degrees? °C? °F",
    "dollar": "dollars?",
    "euro": "euros?",
    "pound": "pounds?",
    "yen": "yen",
    "crown": "crowns?",
    "krone": "kron(?:er|or|a|e)",
    "franc": "francs?",
    "peso": "pesos?",
    "rupee": "rupees?",
    "yuan": "yuan",
    "rouble": "rou?bles?",
    "shekel": "shekels?",
    "rand": "rand",
    "real": "reais",
}
SIGNS = {
    "$": "dollar",
    "£": "pound",
    "€": "euro",
    "¥": "yen",
    "₹": "rupee",
    "₽": "rouble",
    "₪": "shekel",
}
MONTHS = {
    name[:3]: f"{i:02d}"
    for i, name in enumerate(
        "January February March April May June July August September October November"
        " December".split(),
        1,
    )
}
PEOPLE = either(english_words("counted"))

SCALE = rf"(?:[ -](?:{'|'.join(SCALES)})(?![\w])|[ ]?(?:{'|'.join(SHORT_SCALES)})\b)"
UNIT = "|".join(
    f"(?:{form.replace(' ', '|')})"
    for form in (forms.replace("[ ]", "\0") for forms in UNITS.values())
).replace("\0", "[ ]")
AFTER = rf"(?:(?:[ -]|(?<=\d))(?P<unit{{0}}>(?i:{UNIT})(?!\w)))?"
MONTH = (
    r"(?P<month{0}>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June|July"
    r"|Jun\.?|Jul\.?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|"
    r"Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)(?![\w-])"
)
YEAR = r"(?P<year{0}>1[1-9]\d\d|20\d\d)(?![\w]|[.,:/-]\d)"
TH = r"(?:st|nd|rd|th)?"
ZONE = r"(?:[ ](?P<zone{0}>(?:[ECMP][SD]?T|GMT|BST|UTC|CES?T|[Ee]astern|[Cc]entral|[Pp]acific)\b))?"

# languages whose decimal sign is a point, and parts of languages where it is
POINT = frozenset(
    "en zh ja ko th he hi bn ta te mr ml kn gu pa ne si ur fa ar ms fil tl sw am km my lo ga cy mt"
    " es-mx es-us es-pr es-do es-gt es-hn es-ni es-sv es-pa".split()
)
COMMA = frozenset("ar-ma ar-dz ar-tn en-za".split())  # parts of those languages where it is not
# what separates thousands: blanks that do not break, apostrophes (both everywhere), Indian commas
NARROW = "\u00a0\u202f\u2009\u2007\u2008"
_GROUPED = (
    rf"\d{{1,3}}(?:[{NARROW}]\d{{3}})+(?!\d)|\d{{1,3}}(?:['’]\d{{3}})+(?!\d)"
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)|\d{1,3}(?:٬\d{3})+(?!\d)"
)
_COMMAS, _POINTS = r"\d{1,3}(?:,\d{3})+(?!\d)", r"\d{1,3}(?:\.\d{3})+(?!\d)"
_MANY_POINTS = r"\d{1,3}(?:\.\d{3}){2,}(?!\d)"  # no decimal number has two points
_MANY_COMMAS = r"\d{1,3}(?:,\d{3}){2,}(?!\d)"
_WITH_POINT = rf"(?:{_MANY_POINTS})(?:,\d+)?|(?:{_GROUPED}|{_COMMAS})(?:[.٫]\d+)?|\d+(?:[.٫]\d+)?"
_WITH_COMMA = (
    rf"(?:{_MANY_COMMAS})(?:\.\d+)?|(?:{_GROUPED}|{_POINTS})(?:[.,٫]\d+)?|\d+(?:[.,٫]\d+)?"
)
# a plain blank between thousands; in English it stands there only before a small word, and behind
# no name ("May 3 200 people came") and no "room"
BLANKS = regex.compile(r"(?<![\d.,'’])(?<!\d )[1-9]\d{0,2}(?: \d{3})+(?![ ]?\d|[.,]\d{3})")
BLANKS_AHEAD = regex.compile(r"[.,]?\d*[ -](?:\p{Ll}|%)")
NO_BLANKS = regex.compile(
    r"(?r)(?:\b(?!(?:Rs|\p{Lu}{3}|Some|About|Over|Nearly|Almost|Around|Only|The|Than|Roughly"
    r"|Another|All|From|Between|Of|To|And|At|Up|Least|More|Its?|Their)\b)\p{Lu}[\w.’'-]*"
    r"|\b(?i:page|aged?|number|nos?|nr|n[°º]|room|day|week|chapter|lot|gate|line|level|grade|times?"
    r"|by|beat|won|lost|scored?)\.?)[ ]"
)
# what begins with a digit or the sign of a currency
DIGITS = re.compile(
    rf"(?P<iso>(?<![\d/-])\d{{4}}-\d\d-\d\d)(?![\d-])"
    r"|(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?["
    rf" ]?(?:(?P<half>[aApP])(?:\.[mM]\.|[mM]\b)|o[’']clock){ZONE.format(1)}"
    rf"|(?P<hour24>[01]?\d|2[0-3]):(?P<minute24>[0-5]\d)(?![\d:]){ZONE.format(2)}"
    rf"|(?P<day>[0-3]?\d){TH}(?:[ ]of)?[ ]{MONTH.format(1)}(?:,?[ ]{YEAR.format(1)})?"
    rf"|{YEAR.format(2)}(?P<counted>[ -](?:{UNIT}|{PEOPLE})(?!\w))?(?<!\d{{4}}-)"
    rf"|(?P<sign>[$£€¥₹₽₪])?[ ]?(?P<number>{_WITH_POINT})"
    rf"(?P<scale>{SCALE})?{AFTER.format(1)}(?![\d/]|[\w]|-\d|[.,:]\d)"
)
LOCAL_DIGITS = {
    point: re.compile(
        rf"(?P<number>{number})(?:[ \u00a0]?(?P<unit1>%))?(?![\d/]|[^\W\d_]|-\d|[.,:٫٬]\d)"
    )
    for point, number in ((True, _WITH_POINT), (False, _WITH_COMMA))
}
DIGIT_START = re.compile(
    r"(?<![\w/@#&=.,:+-])(?<![\w.]-)[$£€¥₹₽₪\d]|(?<=[A-Z])\$(?=\d)|(?<=[a-z]–|.—)\d"
)
NUMBER_WORD = rf"(?:{'|'.join([*ONES, *TENS])})"
WORDS = re.compile(
    rf"\b(?:(?<!-)(?P<words>(?i:(?:an?[ ](?=dozen))?{NUMBER_WORD}"
    r"(?:(?:[ -]and[ -]|["
    rf" -])(?:{'|'.join([*ONES, *TENS, *SCALES])})\b)*))\b(?!-?time){AFTER.format(1)}"
    rf"|(?P<fortnight>[Aa][ ]fortnight)\b|(?P<noon>[Nn]oon|[Mm]idnight)\b"
    rf"|(?P<weekday>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b(?![’'-]?s?[ ][A-Z][a-z]+["
    rf" ](?!\d))(?P<dated>,?[ ](?:the[ ])?(?=[\dA-Z]))?"
    rf"|{MONTH.format(1)}(?:[ ](?P<day>[0-3]?\d){TH}(?![\w%]|[.,:/]\d|[ ](?:per|million|billion)\b)"
    rf"(?:,?[ ]{YEAR.format(1)})?|(?:[ ]of)?,?[ ]{YEAR.format(2)})?)"
)
_OPENINGS = sorted({form for w in [*ONES, *TENS] for form in (w[:2], w[:2].title(), w[:2].upper())})
BEGINS = re.compile(
    rf"\b(?:{'|'.join(_OPENINGS)}|"
    rf"[Aa][ ][df]|[Nn]oon|[Mm]idn|{'|'.join(MONTHS)}|Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
)
ONE_COUNTS = re.compile(rf"[ ](?:{PEOPLE})\b")
AGE = re.compile(
    r"(?<=[a-zà-ÿ’'.]), (?P<age>\d{1,3})(?=[,.;:)]|[ ](?:who|and)\b)(?![.,]\d)|\b[Aa]ged?["
    r" ](?P<aged>\d{1,3})\b(?![-–.]\d)"
)
# without "p.m." or a zone, digits are a time of day only behind such a word: else they may be the
# length of a film or a score
TIME_LEADS = re.compile(
    r"(?:\b(?i:at|by|until|till|from|around|about|before|after|since|between|and|to|was|is)"
    r"|[–-]|\d:\d\d,)[ ]?$"
)
LABEL = re.compile(r"(?<![\w.])(?:No\.|Nos\.|no\.|[Nn]umber|#)[ ]?$")
MONTH_LEADS = re.compile(
    r"(?:\b(?:[Ii]n|[Ss]ince|[Ll]ast|[Tt]his|[Nn]ext|[Uu]ntil|[Bb]y|[Ee]arly|[Ll]ate|[Mm]id"
    r"|[Dd]uring|[Bb]etween|"
    r"[Ff]rom|and|of|through|to|for)[ -])$"
)
SENDING = re.compile(
    r"\b(?i:updated?|published|posted|modified|changed?|revised|printed)\b[^\n]{0,20}$"
)  # "Last change: 7 September"
PLACE = re.compile(r"\W*[A-Z][^\n.:;“”\"]{0,50}[ ]$")
DATELINE = re.compile(r",?[ ]?(?:\(.{2,30}?\)[ ]?)?(?:[—–]|--?[ ])")
UNIT_FORMS = [
    (
        re.compile(
            "|".join(f"(?:{form})" for form in forms.replace("[ ]", "\0").split()).replace(
                "\0", "[ ]"
            ),
            re.IGNORECASE,
        ),
        unit,
    )
    for unit, forms in UNITS.items()
]
