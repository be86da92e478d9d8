"""Overview: articles, words, quotations, masks and agencies are counted as they stand in texts."""

import functools
import re

import numpy as np
import pandas as pd
import pytest

from analysis import pl, tl
from analysis.comparison import compare_groups
from analysis.extract.memory import extract_articles
from analysis.groups import group_articles
from analysis.inference import wilson
from analysis.io.article import Article
from analysis.pl.figure import settle
from analysis.tl._calendar import MOST_COLUMNS, calendar_of
from analysis.views import publication_days, quoted_mask, word_sums
from tests.memory import unparsed as features_of

QUOTED = "“It is all fine by me,” said Ada Orr. It was a day."


def dated(rows):
    """Features of (outlet, day, text)."""
    articles = [
        Article(f"a{i}", text, "en", {"outlet": outlet, "published": day})
        for i, (outlet, day, text) in enumerate(rows)
    ]
    return extract_articles(articles, parse="none")


def test_words_and_quotations_are_counted():
    result = tl.overview(features_of({"a": QUOTED, "b": "Nobody spoke."}))
    assert result.articles["n_words"].tolist() == [13, 2]
    assert result.articles["n_quotations"].tolist() == [1, 0]
    assert result.articles["quoted_words"].tolist() == [6, 0]
    assert result.articles["quoted_share"].tolist() == [6 / 13, 0]
    assert result.table["group"].tolist() == ["a", "b"]
    assert result.table["quoted_share"].tolist() == [6 / 13, 0]


def test_outlets_are_the_groups_and_their_sums_are_those_of_their_articles():
    days = ["2024-05-06", "2024-05-13", "2024-05-27", "2024-05-06", ""]
    outlets = ["Lantern", "Lantern", "Lantern", "Herald", "Herald"]
    texts = [QUOTED, "Nobody spoke.", "It is a day.", QUOTED, QUOTED]
    result = tl.overview(dated(zip(outlets, days, texts)), draws=50)
    table = result.table.set_index("group")
    assert table.loc["Lantern", ["n_articles", "n_words", "quoted_words"]].tolist() == [3, 19, 6]
    assert table.loc["Herald", ["n_articles", "n_undated", "n_words"]].tolist() == [2, 1, 26]
    assert result.groups["group"].tolist() == ["Lantern", "Herald"]
    shares = result.shares[result.shares["what"] == "quoted"].set_index("group")
    assert shares["share"].to_dict() == {"Lantern": 6 / 19, "Herald": 12 / 26}
    assert shares["rest"].to_dict() == {"Lantern": 12 / 26, "Herald": 6 / 19}
    weeks = result.weeks.pivot(index="series", columns="period", values="n_articles")
    assert result.params["period"] == "day" and weeks.shape == (2, 22)
    assert weeks.loc["Lantern"].to_numpy().nonzero()[0].tolist() == [0, 7, 21], "gaps are zeros"
    assert weeks.loc["Herald"].sum() == 1 and "1 article without a date" in result.notes[0]


def test_the_finding_has_the_numbers_of_the_tables():
    rows = [("Lantern", f"2024-05-{d:02}", QUOTED) for d in (6, 9, 20, 28)]
    rows += [(f"Outlet {i}", "2024-06-08", "Nobody spoke then.") for i in range(5)]
    result = tl.overview(dated([*rows, ("", "2024-05-30", "It is a day.")]), draws=20)
    table = result.articles
    share = table["quoted_words"].sum() / table["n_words"].sum()
    assert result.finding == (
        "10 articles of six outlets (one of no known outlet) over five weeks, 40% of them from"
        f" Lantern; {share:.0%} of the words are somebody else's, in quotation marks"
    )
    by_month = tl.overview(dated([*rows, ("", "2024-05-30", "It is a day.")]), by="month", draws=20)
    assert "Lantern" not in by_month.finding, "no row or panel is an outlet's"
    figure = pl.overview(result)
    words = int(result.table["n_words"].sum())
    assert f"{words} words in 10 articles" in figure.subtitle and figure.alt.startswith("10 art")


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("2024-05-06", "of 6 May 2024"),
        ("2024-05-12", "over seven days"),
        ("2024-06-16", "over six weeks"),
        ("2025-05-05", "over 12 months"),
        ("2044-05-05", "from 2024 to 2044"),
    ],
)
def test_the_time_is_said_in_the_unit_that_suits_it(last, said):
    result = tl.overview(dated([("A", "2024-05-06", "It is."), ("A", last, "It was.")]), draws=5)
    assert result.finding.startswith(f"2 articles of A {said};")


def test_who_credits_an_agency_is_counted_but_not_a_photographer_nor_an_agency_itself():
    rows = [
        ("Lantern", "", "The crane fell, according to Reuters. It was a day."),
        ("Lantern", "", "The crane fell.\n\nPhoto: Ada Orr/Reuters"),
        ("Herald", "", "The crane fell, the Associated Press reported. It was a day."),
        ("Herald", "", "The crane fell at dawn."),
        ("Reuters", "", "The crane fell, officials told Reuters. It was a day."),
    ]
    result = tl.overview(dated(rows), draws=20)
    assert result.articles["credits_agency"].tolist() == [True, False, True, False, False]
    assert result.table["crediting"].tolist() == [1, 1, 0]
    assert result.table["crediting_share"].tolist() == [0.5, 0.5, 0.0]
    drawn = [ax.get_title(loc="left") or ax.get_title() for ax in pl.overview(result).axes]
    assert "articles with\nagency credit" in drawn


def test_an_outlet_that_signs_its_articles_credits_no_agency():
    """Of exports that name it "CNN (Web News)", bylines with CNN were taken for an agency's."""
    text = "By Ada Orr, CNN\n\nThe crane fell at dawn, an official said. It was a day."
    rows = [("CNN (Web News)", "", text), ("Herald", "", "It was a day, Reuters reported.")]
    assert tl.overview(dated(rows), draws=5).articles["credits_agency"].tolist() == [False, True]


def test_none_of_ten_is_not_apart_from_one_of_ten():
    """A bootstrap of ten articles without a credit would show no doubt at all."""
    credited = "The crane fell, according to Reuters. It was a day."
    rows = [("Lantern", "", credited if i < 6 else "It is a day.") for i in range(60)]
    rows += [("Herald", "", "It was a day.")] * 10 + [("Echo", "", credited)] * 20
    result = tl.overview(dated(rows), draws=100)
    shares = result.shares[result.shares["what"] == "crediting"].set_index("group")
    assert shares["share"].to_dict() == {"Lantern": 0.1, "Herald": 0, "Echo": 1}
    assert shares["apart"].to_dict() == {"Lantern": True, "Herald": False, "Echo": True}
    assert shares.loc["Herald", "joint_high"] > 0.2


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_all_shares_of_the_figure_have_one_correction(level):
    """Each of the two shares that are there has half of the error; what is nowhere has none."""
    said = "The crane fell, according to Reuters. It was a day."
    texts = [QUOTED, "Nobody spoke. It was so.", said, f"{QUOTED} {said}", "It is a day."]
    rows = [(f"Outlet {i % 3}", "", texts[i * i % 5 if i % 4 else i % 5]) for i in range(36)]
    features = dated(rows)
    shares = tl.overview(features, draws=300, level=level).shares.set_index("what")
    assert not shares.loc["masked", "share"].any()
    groups, half = group_articles(features), 1 - (1 - level) / 2
    table = features.table("articles")
    sentences = features.table("sentences")
    owner = pd.Index(table["article_id"]).get_indexer(sentences["article_id"])
    quoted = quoted_mask(features, np.r_[0, np.cumsum(table["n_tokens"])])
    edges = np.r_[0, np.cumsum(sentences["n_tokens"])]
    alone, strict = (
        compare_groups(
            word_sums(quoted, edges), sentences["n_tokens"], groups.codes[owner], owner,
            groups.names, what="overview quoted", draws=300, level=at, seed=0,
        )
        for at in (level, half)
    )  # fmt: skip
    assert (shares.loc["quoted", "joint_high"] == strict.joint_high[:, 0]).all()
    assert (shares.loc["quoted", "joint_high"] > alone.joint_high[:, 0]).all()
    assert (shares.loc["quoted", "high"] == alone.high[:, 0]).all(), "each alone is as it was"
    agency = shares.loc["crediting"].set_index("group").loc["Outlet 0"]
    n, has = 12, round(12 * agency["share"])
    _, own = wilson(np.array([has]), np.array([n]), 1 - (1 - half) / 3)
    low, _ = wilson(np.array([agency["rest"] * 24]), np.array([24]), 1 - (1 - half) / 3)
    far = np.hypot(own[0] - agency["share"], agency["rest"] - low[0])
    assert agency["joint_high"] == pytest.approx(agency["share"] + far)


def test_what_was_masked_is_counted_by_outlet_and_reason_and_said():
    texts = {
        "a": "It is a day.\n\nAdvertisement\n\nFoto: Ada Orr",
        "b": "It was a day.<br>Nobody came.",
        "c": "It is day.",
    }
    result = tl.overview(
        features_of(texts, outlets={"a": "Lantern", "b": "Herald", "c": "Lantern"})
    )
    assert result.articles["n_words"].tolist() == [4, 6, 3]
    masked = result.masked.set_index(["outlet", "reason"])
    assert masked["n_words"].to_dict() == {
        ("Herald", "html"): 0,
        ("Lantern", "box"): 1,
        ("Lantern", "caption"): 3,
    }
    assert masked.loc[("Lantern", "caption"), "share"] == 3 / 11
    assert masked["n_articles"].tolist() == [1, 1, 1]
    assert result.articles["masked_words"].tolist() == [4, 0, 0]
    assert result.table["masked_share"].tolist() == [0.5, 0, 0]
    note = result.notes[0]
    assert note.startswith("4 of 17 words are masked (caption 3, box 1)")
    assert "Most in Lantern: 36%." in note


def test_where_nothing_was_masked_the_figure_says_so_and_has_no_column_for_it():
    result = tl.overview(features_of({"a": "It is a day."}))
    assert result.masked.empty and "masked" not in " ".join(result.notes)
    figure = pl.overview(result)
    assert "nothing is masked" in figure.subtitle and len(figure.axes) == 1


@pytest.mark.parametrize(
    ("first", "last", "period", "columns"),
    [
        ("2024-05-06", "2024-05-06", "day", 1),
        ("2024-05-06", "2024-05-31", "day", 26),
        ("2024-05-06", "2024-06-01", "week", 4),
        ("2023-01-01", "2024-12-31", "month", 24),
        ("2001-01-01", "2005-12-31", "quarter", 20),
        ("1998-03-01", "2017-06-30", "year", 20),
        ("1901-03-01", "2017-06-30", "5 years", 24),
        ("0001-11-30", "2017-06-30", "100 years", 21),
    ],
)
def test_time_is_divided_into_few_columns(first, last, period, columns):
    days = np.array([first, last], "datetime64[D]").astype(float)
    calendar = calendar_of(np.r_[days, np.nan])
    assert (calendar.period, len(calendar.starts)) == (period, columns)
    assert columns <= MOST_COLUMNS
    assert calendar.places(days).tolist() == [0, columns - 1]
    assert calendar.starts[0] <= np.datetime64(first) and calendar.starts[-1] <= np.datetime64(last)


LONG = "The Honourable Society of Harbour Masters and Keepers of Lights on the Western Coast " * 2
ODD = {
    "one outlet": [("Lantern", f"2024-05-{i + 1:02}", QUOTED) for i in range(8)],
    "300 outlets": [(f"Outlet {i}", "2024-05-06", "It is a day.") for i in range(300)] * 2,
    "outlets of one article": [(f"Outlet {i}", "2024-05-06", QUOTED) for i in range(30)],
    "no outlet": [("", f"2024-05-{i + 1:02}", QUOTED) for i in range(8)],
    "no dates": [(f"Outlet {i % 2}", "", QUOTED) for i in range(8)],
    "one day": [(f"Outlet {i % 2}", "2024-05-06T10:00:00Z", QUOTED) for i in range(8)],
    "twenty years": [(f"Outlet {i % 2}", f"{1998 + i}-05-06", QUOTED) for i in range(20)],
    "year 1": [(f"Outlet {i % 2}", f"{[1, 2017][i % 2]:04}-05-06", QUOTED) for i in range(8)],
    "case": [(("The Sun", "THE SUN")[i % 2], "2024-05-06", QUOTED) for i in range(8)],
    "long names": [(LONG[: 120 + i % 2], "2024-05-06", QUOTED) for i in range(8)],
    "no words": [("Lantern", "2024-05-06", ""), ("Herald", "2024-05-06", "")] * 2,
}


@functools.cache
def odd(name):
    return dated(ODD[name])


MONTHS = ("twenty years",)  # the others by month in `make test-long`
QUICK = ("no dates", "no words", "case", "year 1")  # and the others as they are


@pytest.mark.parametrize(
    ("name", "by"),
    [
        *(pytest.param(n, None, marks=() if n in QUICK else pytest.mark.long) for n in ODD),
        *(
            pytest.param(n, ["outlet", "month"], marks=() if n in MONTHS else pytest.mark.long)
            for n in ODD
        ),
    ],
)
def test_odd_corpora_have_a_figure_of_one_page_that_says_so(name, by):
    result = tl.overview(odd(name), by=by, draws=10)
    figure = pl.overview(result)
    canvas = figure.canvas.figure
    settle(canvas)
    assert canvas.get_size_inches()[1] <= 9 and figure.axes
    assert re.search(r"\d articles", result.finding) and "nan" not in result.finding
    said = " ".join([*result.notes, figure.subtitle, result.finding])
    for axis in figure.axes:
        assert axis.patches or axis.lines or axis.texts, "no empty axes"
    if name == "no dates":
        assert "none with a date" in said
    if name == "case":
        assert "differ in case alone" in said
    if name == "300 outlets" and by is None:
        labels = [t.get_text() for t in figure.axes[0].get_yticklabels()]
        assert len(labels) == 20 and labels[-1] == "281 outlets more, together"


def test_small_multiples_over_weeks_leave_gaps_and_sum_the_words():
    rows = [("Lantern", "2024-05-06", QUOTED), ("Lantern", "2024-05-20", QUOTED)] * 2
    rows += [("Herald", "2024-05-06", "It is a day.")] * 2
    result = tl.overview(dated(rows), by=["outlet", "week"], draws=10)
    assert result.params["period"] == "week"
    assert result.weeks["period"].nunique() == 3
    lantern, herald = pl.overview(result).axes
    assert lantern.get_title("left") == "Lantern (4)"
    assert sum(bar.get_height() for bar in lantern.patches) == 4 * 13
    assert len({bar.get_x() for bar in lantern.patches}) == 2, "nothing in the week between"
    assert lantern.get_ylim() == herald.get_ylim()


def test_days_of_the_table_are_those_of_the_articles():
    days = publication_days(odd("twenty years").table("articles"))
    calendar = calendar_of(days)
    assert calendar.period == "year" and calendar.places(days).tolist() == list(range(20))
