"""Words that findings share: names of groups, and numbers that stand where they are said to."""

import csv
import re

import pandas as pd
import pytest

from analysis.groups import group_articles
from analysis.wording import AGREEMENT, agreement, names_of, no_difference
from tests.places import ROOT
from tests.tl.test_tone import made

ROWS = list(csv.DictReader(AGREEMENT.open(encoding="utf-8", newline="")))


def numbers(text: str) -> list[str]:
    return re.findall(r"[−-]?(?:\d[\d,]*)?\.?\d+", text)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["measure"])
def test_what_is_said_of_a_measure_stands_in_its_benchmark(row):
    found = numbers(" ".join((ROOT / page).read_text("utf-8") for page in row["source"].split()))
    values = [float(n.replace(",", "").replace("−", "-")) for n in found]
    for said in numbers(row["says"]):
        digits = len(said.partition(".")[2])
        value = float(said.replace(",", "").replace("−", "-"))
        # a share may be said as so many of 100
        assert any(value in (round(v, digits), round(100 * v, digits)) for v in values), said
    assert agreement(row["measure"]) == row["says"]


@pytest.mark.parametrize(
    "by, name",
    [
        ("outlet", "Post (one article)"),
        ("article_id", "Post of 7 Aug 2024"),
        ("week", "the week of 5 August 2024"),
        ("month", "August 2024"),
        ("day", "7 August 2024"),
        (["outlet", "day"], "Post on 7 August 2024 (one article)"),
        (["outlet", "month"], "Post in August 2024 (one article)"),
    ],
)
def test_groups_have_names_that_fit_a_sentence(by, name):
    grouping = group_articles(made([], outlets=["Post", "Echo"], days=["2024-08-07"] * 2), by)
    names = names_of(grouping.table, grouping.by)
    assert isinstance(names, pd.Series) and names.iloc[0] == name


def test_only_a_group_of_one_article_is_said_to_be_one():
    articles = {"articles": ("a1", "b1", "b2"), "outlets": ["Post", "Echo", "Echo"]}
    grouping = group_articles(made([], days=["2024-08-07"] * 3, **articles), "outlet")
    assert names_of(grouping.table, "outlet").tolist() == ["Post (one article)", "Echo"]


def test_groups_too_small_to_be_compared_are_not_said_to_be_alike():
    table = pd.DataFrame({"joint_low": [float("nan"), float("nan")]})
    said = no_difference(table, "outlet", "differs")
    assert said == "Too few articles to say which outlet differs"
    assert (
        no_difference(table.fillna(0.1), "outlet", "differs") == "No outlet differs beyond chance"
    )
