"""Numbers with every separator of thousands, by language."""

import pytest

from analysis.text.values import find_values


def numbers(text, language="en"):
    found = find_values(text, language=language)
    return [v.value for v in found if v.kind == "number"]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("It cost Rs 1,00,000 and 12,34,567 rupees.", ["100000", "1234567 rupee"]),
        ("Some 1\u00a0200 rowers and 2\u202f300\u202f000 fans.", ["1200", "2300000"]),
        ("Some 1\u2009200 rowers came with 45\u2009000 fans.", ["1200", "45000"]),
        ("They paid $1 200 to some 3 400 rowers.", ["1200 dollar", "3400"]),
        ("About 1 200 000 people came.", ["1200000"]),
        ("The bank paid 1'200'000 francs and 1’500.50 more.", ["1200000 franc", "1500.5"]),
        ("It cost 1.200.000 crowns.", ["1200000 crown"]),
        ("It cost 1,200.50 crowns and 1.200 tonnes.", ["1200.5 crown", "1.2 tonne"]),
        ("On May 3 200 people came.", ["200"]),
        ("In room 3 200 people met.", ["3", "200"]),
        ("In 2019 300 people came.", ["300"]),
        ("Call 0800 123 456 today.", ["800", "123", "456"]),
        ("Lots 1, 200 and 3, 400 sold.", ["1", "200", "3", "400"]),
        ("It scored 1 20000 times.", ["1", "20000"]),
    ],
)
def test_numbers_in_english(text, expected):
    assert numbers(text) == expected


@pytest.mark.parametrize(
    "text, language, expected",
    [
        ("Es kostet 1.200 Euro und 1.200.000,50 Kronen.", "de", ["1200", "1200000.5"]),
        ("Es kostet 1’200.50 Franken und 1'200 mehr.", "de-CH", ["1200.5", "1200"]),
        ("Es kostet 3,5 Euro.", "de", ["3.5"]),
        ("Environ 1 200 personnes et 12 000 euros.", "fr", ["1200", "12000"]),
        ("Environ 1\u202f200,5 tonnes.", "fr", ["1200.5"]),
        ("Det kostar 1 200 000 kronor.", "sv", ["1200000"]),
        ("Kosztuje 12 500,75 zł.", "pl", ["12500.75"]),
        ("Costó 1.200 pesos.", "es", ["1200"]),
        ("Costó 1,200.50 pesos.", "es-MX", ["1200.5"]),
        ("费用 1,200 元 和 3.5 元。", "zh", ["1200", "3.5"]),
        ("कीमत 1,00,000 रुपये है।", "hi", ["100000"]),
        ("السعر ١٬٢٠٠ و ٣٫٥ دينار.", "ar", ["1200", "3.5"]),
        ("Le 06 12 34 et 12 000 euros.", "fr", ["6", "12", "34", "12000"]),
        ("Das war 1998, mit 200 Leuten.", "de", ["1998", "200"]),
    ],
)
def test_numbers_by_language(text, language, expected):
    assert numbers(text, language) == expected


def test_separators_that_do_not_fit_join_nothing():
    assert numbers("Es waren 1,200,3 und 12.34.56.", "de") == []
