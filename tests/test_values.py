"""Values: planted numbers, dates, times and names are read in one normal form; offsets are sound;
nothing breaks the reader.
"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.extract.units import extract_units, sentence_values
from analysis.io.article import Article
from analysis.text.values import KINDS, Value, find_values

PLANTED = [  # text, kind, what is expected as (value, words of the text)
    ("Seven died and twenty-three were hurt.", "number", [("7", "Seven"), ("23", "twenty-three")]),
    (
        "Two hundred and fifty men, a dozen boats, three dozen eggs.",
        "number",
        [("250", "Two hundred and fifty"), ("12", "a dozen"), ("36", "three dozen")],
    ),
    (
        "It fell 15 per cent, or 15%, or fifteen percent.",
        "number",
        [("15 %", "15 per cent"), ("15 %", "15%"), ("15 %", "fifteen percent")],
    ),
    (
        "A 900-tonne crane, a 1,200-ton monster.",
        "number",
        [("900 tonne", "900-tonne"), ("1200 tonne", "1,200-ton")],
    ),
    (
        "It cost 4.7 million crowns, $4.7m and US$2bn.",
        "number",
        [
            ("4700000 crown", "4.7 million crowns"),
            ("4700000 dollar", "$4.7m"),
            ("2000000000 dollar", "$2bn"),
        ],
    ),
    (
        "Odile, 71, the 63-year-old, a girl aged 9.",
        "number",
        [("71 year-old", "71"), ("63 year-old", "63-year-old"), ("9 year-old", "9")],
    ),
    (
        "Crane No. 4 stood within 14 days of the THREE days.",
        "number",
        [("4 No.", "4"), ("14 day", "14 days"), ("3 day", "THREE days")],
    ),
    ("One of them, no one, one person died.", "number", [("1", "one")]),
    ("Nothing: 9/11, 3-1, F-16, 555-1234, 1.2.3, the 1990s, x7K.", "number", []),
    (
        "On 12 June, June 12, Sept. 3 and the 4th of July.",
        "date",
        [
            ("XXXX-06-12", "12 June"),
            ("XXXX-06-12", "June 12"),
            ("XXXX-09-03", "Sept. 3"),
            ("XXXX-07-04", "4th of July"),
        ],
    ),
    (
        "Sunday, Sept. 3, and Friday.",
        "date",
        [("XXXX-09-03 Sun", "Sunday, Sept. 3"), ("Fri", "Friday")],
    ),
    (
        "In 1998, in March 2022, on May 3, 2024, on 2024-05-03.",
        "date",
        [
            ("1998", "1998"),
            ("2022-03", "March 2022"),
            ("2024-05-03", "May 3, 2024"),
            ("2024-05-03", "2024-05-03"),
        ],
    ),
    (
        "In May they may march; last March they did.",
        "date",
        [("XXXX-05", "May"), ("XXXX-03", "March")],
    ),
    ("2000 people came in 2000.", "date", [("2000", "2000")]),
    ("OSLO, Aug. 12 — It fell.\nUpdated: 7 September, 11.40 p.m.", "date", []),
    (
        "At 6:42 a.m., 6.20 a.m., 10pm ET, at 18:30 or by 6:42, at noon, not in a film of 02:17.",
        "time",
        [
            ("06:42", "6:42 a.m."),
            ("06:20", "6.20 a.m."),
            ("22:00 ET", "10pm ET"),
            ("18:30", "18:30"),
            ("06:42?", "6:42"),
            ("12:00", "noon"),
        ],
    ),
    (
        "A letter by J. Harlan Prewitt of St. Orla Quay. Then Mr. Prewitt left.",
        "name",
        [
            ("Harlan Prewitt", "J. Harlan Prewitt"),
            ("Saint Orla Quay", "St. Orla Quay"),
            ("Harlan Prewitt", "Prewitt"),
        ],
    ),
    (
        "Yesterday President Ada Orr’s aide met Secretary of State Bo Lind.",
        "name",
        [("Ada Orr", "Ada Orr"), ("Bo Lind", "Bo Lind")],
    ),
    (
        "Ursula von der Brandt met Basil al-Storr. Ms von der Brandt saw Juan de la Cruz.",
        "name",
        [
            ("Ursula von der Brandt", "Ursula von der Brandt"),
            ("Basil al-Storr", "Basil al-Storr"),
            ("Ursula von der Brandt", "von der Brandt"),
            ("Juan de la Cruz", "Juan de la Cruz"),
        ],
    ),
    ("Crane Falls On Quay In Oslo", "name", []),
]


def values_of(text, language="en"):
    article = Article("a", text, language, {})
    columns = sentence_values(article, extract_units(article))
    return [Value(*row) for row in zip(*(columns[n] for n in ("start", "end", "kind", "value")))]


@pytest.mark.parametrize("text, kind, expected", PLANTED)
def test_planted(text, kind, expected):
    assert [(v.value, text[v.start : v.end]) for v in values_of(text) if v.kind == kind] == expected


def test_other_languages_have_digits_only():
    text = "Am 12. Juni kamen 1.200 Menschen, 4,7 Prozent, 15 %; sieben starben."
    assert [v.value for v in values_of(text, language="de")] == ["12", "1200", "4.7", "15 %"]


ODD = st.text(
    st.sampled_from("AaJune 12,.:;%$£’'“”-–—\n\t0123456789ßİſǅ一٣²½\u00a0\u0301\ud800")
    | st.characters(),
    max_size=80,
)
WORDS = st.lists(
    st.sampled_from(
        "Seven twenty three hundred million and a dozen per cent $ 15 % 4.7 1,200 -ton June May"
        " Monday , . No. 4 a.m. 6:42 noon St. J. Mr. Ada Orr of the \n “ ” ( ) — 2024 1998"
        " 9999999999999999999999 63-year-old , 71, 31".split(" ")
    ),
    max_size=25,
).map(" ".join)


@given(text=ODD | WORDS, english=st.booleans())
def test_offsets_point_at_what_they_name(text, english):
    found = values_of(text, "en" if english else "und")
    assert found == sorted(found)
    for value in found:
        said = text[value.start : value.end]
        assert (
            0 <= value.start < value.end <= len(text)
            and said == said.strip()
            and value.kind in KINDS
            and value.value
        )
        assert value.kind == "name" or any(c.isalnum() for c in said)
        if value.kind == "number":
            float(value.value.split(" ")[0])
    assert all(a.end <= b.start for a, b in zip(found, found[1:]))


@pytest.mark.parametrize(
    "part",
    ["1", "1,", "one ", "A. ", "Ada ", "of ", "$", "June ", "12:", "twenty-", "a ", "Ada’s "],
)
def test_time_grows_with_length(part):
    text = part * (200_000 // len(part))
    began = time.perf_counter()
    find_values(text)
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("part", ["Ada Orr met Bo Lind. ", "ORR ", "Ms. Orr of Oslo, 71, "])
def test_a_text_that_repeats_names_takes_time_by_its_length_alone(part):
    def taken(n):
        text = part * (n // len(part))
        units = extract_units(Article("a", text, "en", {}), parse="none")
        began = time.process_time()
        sentence_values(Article("a", text, "en", {}), units)
        return time.process_time() - began

    taken(1000)
    assert min(taken(16_000), taken(16_000)) < 3 * min(taken(8_000), taken(8_000)) + 0.05
