"""Marks of passages: every mark on either side, whom a credit names, and hostile input."""

import time

import numpy as np
import pandas as pd
import pytest

from analysis import tl
from analysis.extract.memory import extract_articles
from analysis.features import load_features
from analysis.io.article import Article
from analysis.reuse.marks import mark
from analysis.reuse.naming import Known, name_key
from benchmarks import harbour_marks
from tests.places import ROOT
from tests.small import extract_small, ship, write_corpus

SHARED = "the old ferry was sold to a yard in the north for less than the price of its bell"


def features_of(**articles):
    """Features of articles given as text, or as (text, outlet) or (text, outlet, author)."""
    rows = {
        name: (given, "", "") if isinstance(given, str) else (*given, "")[:3]
        for name, given in articles.items()
    }
    return extract_articles(
        [
            Article(name, text, "en", {"outlet": outlet, "author": author})
            for name, (text, outlet, author) in rows.items()
        ],
        clean=False,
    )


def words_at(features, article, text, words):
    """First word and length of a stretch of an article's text."""
    tokens = features.table("tokens")
    tokens = tokens[tokens["article_id"] == article]
    start = text.index(words)
    inside = (tokens["start"] >= start) & (tokens["end"] <= start + len(words))
    return int(tokens["position"][inside].min()), int(inside.sum())


def marked(a, b, words=SHARED, b_words=None, **others):
    """The mark of one passage between two articles."""
    features = features_of(a=a, b=b, **others)
    sides = {
        "a": (a if isinstance(a, str) else a[0], words),
        "b": (b if isinstance(b, str) else b[0], b_words or words),
    }
    row = {"a": "a", "b": "b"}
    for side, (text, stretch) in sides.items():
        row[f"{side}_position"], row[f"{side}_words"] = words_at(features, side, text, stretch)
    return mark(features, pd.DataFrame([row])).iloc[0]


PLAIN = f"It rained in the harbour. Nobody minded that {SHARED}. Then it was late."
CASES = {  # text, its outlet, mark, credit, sentence of it
    "own words": (PLAIN, "uncredited", None, None),
    "quoted": (f"It rained. “We heard that {SHARED},” said Ada Orr.", "quoted", None, None),
    "scare quotes": (
        f"It rained on the “old” quay. We know that {SHARED}.",
        "uncredited",
        None,
        None,
    ),
    "said": (f"It rained. Ada Orr said that {SHARED}.", "reported", None, None),
    "according to a person": (
        f"It rained. According to Ada Orr, {SHARED}.",
        "reported",
        None,
        None,
    ),
    "said in another sentence": (
        f"Ada Orr said that it rained. Still, {SHARED}.",
        "uncredited",
        None,
        None,
    ),
    "as an outlet reported": (
        f"It rained. As the Tesmere Herald first reported, {SHARED}.",
        "credited",
        "Tesmere Herald",
        1,
    ),
    "an agency reported": (f"It rained. Reuters reported that {SHARED}.", "credited", "Reuters", 1),
    "the sentence before": (
        f"It rained. The Tesmere Herald had a report. It seems that {SHARED}.",
        "uncredited",
        None,
        None,
    ),
    "a credit before": (
        f"It rained. The Tesmere Herald reported a sale. It seems that {SHARED}.",
        "credited",
        "Tesmere Herald",
        1,
    ),
    "a credit after": (
        f"It rained. It seems that {SHARED}. The Tesmere Herald reported another sale.",
        "uncredited",
        None,
        None,
    ),
    "far behind a credit": (
        (
            "The Tesmere Herald reported a sale. It rained. It was cold. Night fell. It seems that"
            f" {SHARED}."
        ),
        "uncredited",
        None,
        None,
    ),
    "another paragraph": (
        f"The Tesmere Herald reported a sale.\n\nIt seems that {SHARED}.",
        "uncredited",
        None,
        None,
    ),
    "behind a quotation": (
        (
            "The Tesmere Herald reported a sale. “It is so very sad,” said Ada Orr. We know that"
            f" {SHARED}."
        ),
        "uncredited",
        None,
        None,
    ),
    "behind another credit": (
        f"Reuters reported it. The Quay Gazette reported more. It seems that {SHARED}.",
        "uncredited",
        None,
        None,
    ),
    "told an outlet": (
        f"It rained. The yard told Reuters that {SHARED}.",
        "credited",
        "Reuters",
        1,
    ),
    "behind what was told": (
        f"The yard told Reuters that it rained. We know that {SHARED}.",
        "uncredited",
        None,
        None,
    ),
    "dateline": (
        f"OSLO (AP) — It rained.\n\nWe know that {SHARED}.",
        "credited",
        "Associated Press",
        0,
    ),
    "dateline of an unknown agency": (
        f"VARN, Sept. 5 (Orla Wire) — It rained.\n\nWe know that {SHARED}.",
        "credited",
        "Orla Wire",
        0,
    ),
    "last line": (
        f"It rained.\n\nWe know that {SHARED}.\n\nWith reporting by Orla Wire",
        "credited",
        "Orla Wire",
        2,
    ),
    "additional reporting": (
        f"It rained.\n\nWe know that {SHARED}.\n\nAdditional reporting: Orla Wire.",
        "credited",
        "Orla Wire",
        2,
    ),
    "name in brackets": (
        f"It rained.\n\nWe know that {SHARED}.\n(Orla Wire)",
        "credited",
        "Orla Wire",
        2,
    ),
    "helper": (
        f"It rained.\n\nWe know that {SHARED}.\n\nAda Orr contributed to this report.",
        "uncredited",
        None,
        None,
    ),
    "photograph": (
        f"It rained.\n\nWe know that {SHARED}.\n\nPhoto by Ada Orr",
        "uncredited",
        None,
        None,
    ),
    "a service without a name": (
        f"It rained. You know what the wire service dug up. It seems that {SHARED}.",
        "credited",
        "",
        1,
    ),
    "the agency": (
        f"Orla Wire, the news agency, reported a sale.\n\nThe agency found that {SHARED}.",
        "credited",
        "Orla Wire",
        1,
    ),
    "an authority": (
        f"Reuters reported a sale.\n\nThe agency found that {SHARED}.",
        "uncredited",
        None,
        None,
    ),
    "own outlet": (
        f"It rained. The Quay Gazette reported that {SHARED}.",
        "uncredited",
        None,
        None,
    ),
    "own outlet, short": (
        f"It rained. The Gazette first reported it. {SHARED.capitalize()}.",
        "uncredited",
        None,
        None,
    ),
}


@pytest.mark.short(*(f"{name}-{'ab'[n % 2]}" for n, name in enumerate(CASES)))
@pytest.mark.parametrize("side", "ab")
@pytest.mark.parametrize("name", CASES)
def test_every_mark_on_either_side(name, side):
    text, expected, credit, sentence = CASES[name]
    words = SHARED.capitalize() if SHARED not in text else SHARED
    given, plain = (text, "Quay Gazette"), (PLAIN, "Bellman")
    row = (
        marked(given, plain, words, SHARED) if side == "a" else marked(plain, given, SHARED, words)
    )
    other = "b" if side == "a" else "a"
    assert row[f"{side}_mark"] == expected
    assert (
        row[f"{other}_mark"] == "uncredited"
        and pd.isna(row[f"{other}_credit"])
        and not row[f"{other}_credits_{side}"]
    )
    assert pd.isna(row[f"{side}_credit"]) if credit is None else row[f"{side}_credit"] == credit
    assert (
        pd.isna(row[f"{side}_credit_sentence"])
        if sentence is None
        else row[f"{side}_credit_sentence"] == sentence
    )
    assert not row["speech"]


@pytest.mark.parametrize(
    "line, words",
    [
        ("By Ada Orr, Associated Press\n", "By Ada Orr, Associated Press"),
        ("© 2016 Thomson Reuters\n", "2016 Thomson Reuters"),
        ("(Reporting by Ada Orr; editing by Bo Lind)\n", "Reporting by Ada Orr"),
        ("Additional reporting: Orla Wire.\n", "Additional reporting: Orla Wire"),
    ],
)
def test_a_credit_line_is_told_from_what_it_credits(line, words):
    text = f"{line}\nIt rained in the harbour all day.\n"
    row = marked((text, "Orla Wire"), (text, "Bellman"), words)
    assert row["a_mark"] == row["b_mark"] == "credit line"


def test_whom_a_credit_names():
    credit = f"It rained. As the Tesmere Herald first reported, {SHARED}."
    assert marked((credit, "Bellman"), (PLAIN, "Tesmere Herald"))["a_credits_b"]
    assert marked((credit, "Bellman"), (PLAIN, "The Tesmere Herald (Web)"))["a_credits_b"]
    assert marked((PLAIN, "Tesmere Herald"), (credit, "Bellman"))["b_credits_a"]
    assert not marked((credit, "Bellman"), (PLAIN, "Quay Gazette"))["a_credits_b"]
    own = marked((credit, "Tesmere Herald"), (PLAIN, "Tesmere Herald"))
    assert pd.isna(own["a_credit"]) and not own["a_credits_b"] and not own["b_credits_a"]
    of_two = f"It rained. Reuters and the Tesmere Herald reported that {SHARED}."
    assert marked((of_two, "Bellman"), (PLAIN, "Tesmere Herald"))["a_credit"] == "Tesmere Herald"


@pytest.mark.short(
    "sentence0-The Bollard-True",
    "sentence3-The Bollard-True",
    "sentence5-The Bollard-False",
    "sentence7-Ledger & Tide-False",
)
@pytest.mark.parametrize(
    "sentence, outlet, credited",
    [
        (f"The Bollard has printed a memo: {SHARED}.", "The Bollard", True),
        (f"the Bollard printed that {SHARED}.", "The Bollard", True),
        (f"As first reported in the Bollard, {SHARED}.", "The Bollard", True),
        (f"The Bollard's report says {SHARED}.", "The Bollard", True),
        (f"Beside the bollard, {SHARED}.", "The Bollard", False),
        (f"A bollard reported for duty; {SHARED}.", "The Bollard", False),
        (f"Ledger & Tide said {SHARED}.", "Ledger & Tide", True),
        (f"He bought Ledger & Tide, said Ada Orr, and {SHARED}.", "Ledger & Tide", False),
    ],
)
def test_an_outlet_that_only_the_metadata_know_is_credited_by_name(sentence, outlet, credited):
    row = marked((f"It rained. {sentence}", "Quay Gazette"), (PLAIN, outlet))
    assert row["a_credits_b"] == credited and (row["a_mark"] == "credited") == credited
    third = marked(
        (f"It rained. {sentence}", "Quay Gazette"), (PLAIN, "Bellman"), c=("It rained.", outlet)
    )
    assert not third["a_credits_b"] and (third["a_mark"] == "credited") == credited


def test_an_author_is_credited_only_where_the_other_article_is_by_that_author():
    text = f"It rained. Barnaby Thrale holds that {SHARED}."
    assert marked((text, "Bellman"), (PLAIN, "Quay Gazette", "By Barnaby Thrale and Ada Orr"))[
        "a_credits_b"
    ]
    elsewhere = marked(
        (text, "Bellman"),
        (PLAIN, "Quay Gazette", "Bo Lind"),
        c=("It rained.", "Herald", "Barnaby Thrale"),
    )
    assert elsewhere["a_mark"] == "uncredited"
    assert marked((text, "Bellman"), (PLAIN, "Bellman", "Barnaby Thrale"))["a_mark"] == "uncredited"
    quoted = marked(
        (f"And Barnaby Thrale said, from his chair:\n\n“Why, {SHARED}.”", "Bellman"),
        (PLAIN, "Quay Gazette", "Barnaby Thrale"),
    )
    assert (
        quoted["a_mark"] == "quoted"
        and quoted["a_credits_b"]
        and quoted["a_credit"] == quoted["a_speaker"] == "Barnaby Thrale"
    )
    assert quoted["a_credit_sentence"] == 1


def test_the_same_speech_on_both_sides_is_speech():
    both = marked(
        f"“We heard that {SHARED},” said Ada Orr.", f"Ada Orr told us: “Listen, {SHARED}.”"
    )
    assert (
        both["speech"]
        and both["a_mark"] == both["b_mark"] == "quoted"
        and both["a_speaker"] == both["b_speaker"] == "Ada Orr"
    )
    one = marked(f"“We heard that {SHARED},” said Ada Orr.", PLAIN)
    assert not one["speech"] and one["b_speaker"] == ""


def test_a_quotation_that_is_credited_too_is_quoted_and_names_the_credit():
    row = marked(
        (f"“We heard that {SHARED},” Ada Orr told Reuters.", "Bellman"), (PLAIN, "Reuters")
    )
    assert row["a_mark"] == "quoted" and row["a_credit"] == "Reuters" and row["a_credits_b"]


def test_a_passage_over_several_sentences_goes_by_most_of_its_words():
    long = (
        f"{SHARED.capitalize()}. The bell went to the church of the parish in which she had been"
        " built"
    )
    short = "Fog fell. Reuters reported it"
    for a, expected in (
        (f"Reuters reported it. {long}.", "credited"),
        (f"{long}. {short}.", "uncredited"),
    ):
        assert marked(a, f"{long}. {short}.", long)["a_mark"] == expected
    assert (
        marked(f"It rained. {long}. {short}.", f"{long}. {short}.", f"{long}. {short}")["a_mark"]
        == "uncredited"
    )


def test_an_article_that_is_one_quotation_and_an_empty_one():
    features = features_of(a=f"“{SHARED.capitalize()}.”", b="", c=PLAIN, d="1")
    n = features.table("articles")["n_tokens"].tolist()
    assert n[1] == 0
    table = pd.DataFrame(
        {
            "a": ["a", "a"],
            "b": ["c", "b"],
            "a_position": [0, 0],
            "a_words": [n[0], n[0]],
            "b_position": [7, 0],
            "b_words": [n[0], 0],
        }
    )
    found = mark(features, table.set_index(pd.Index([7, 3])))
    assert (
        found.index.tolist() == [7, 3]
        and found["a_mark"].tolist() == ["quoted", "quoted"]
        and found["b_mark"][7] == "uncredited"
    )
    nothing = mark(features, table[:0])
    assert (
        len(nothing) == 0
        and nothing.columns.tolist() == found.columns.tolist()
        and nothing.dtypes.equals(found.dtypes)
    )
    assert len(mark(features_of(a=""), table[:0])) == 0


def test_another_language_is_marked_without_english_verbs():
    french = (
        f"PARIS (AFP) - Le ministre a parlé. « {SHARED} », a dit le ministre.\n\nIl pleut encore."
    )
    features = extract_articles([Article("a", french, "fr", {}), Article("b", PLAIN, "en", {})])
    positions = {
        side: words_at(features, side, text, SHARED) for side, text in (("a", french), ("b", PLAIN))
    }
    places = {
        f"{side}_{name}": value
        for side, place in positions.items()
        for name, value in zip(("position", "words"), place)
    }
    row = mark(features, pd.DataFrame([{"a": "a", "b": "b", **places}]))
    assert row["a_mark"][0] == "quoted" and row["a_credit"][0] == "Agence France-Presse"


def test_the_shared_form_tells_quotations_and_credits_of_whole_articles(tmp_path):
    texts = {
        "a1": f"OSLO (AP) - It rained.\n\nWe know that {SHARED}.\n",
        "a2": f"“Why, {SHARED},” said Ada Orr.\n",
        "a3": f"Reuters reported that {SHARED}.\n",
    }
    folder = write_corpus(tmp_path / "small", texts)
    private, shared = extract_small(folder), load_features(ship(folder))
    table = tl.reuse(private).table
    known, told = mark(private, table), mark(shared, table)
    sides = {
        (article, side): (known[f"{side}_mark"][i], told[f"{side}_mark"][i])
        for side in "ab"
        for i, article in table[side].items()
    }
    assert {article: marks for (article, _), marks in sides.items()}.items() >= {
        "a1": ("credited", "credited"),
        "a2": ("quoted", "quoted"),
    }.items()
    a3 = next(marks for (article, _), marks in sides.items() if article == "a3")
    assert a3[0] == "credited" and pd.isna(a3[1])
    assert told.dtypes.equals(known.dtypes)


def test_marks_do_not_change_the_table_and_take_the_columns_of_passages():
    features = features_of(a=PLAIN, b=f"As Reuters reported, {SHARED}.")
    table = tl.reuse(features).table
    before = table.copy()
    found = mark(features, table)
    pd.testing.assert_frame_equal(table, before)
    assert found["b_mark"].tolist() == ["credited"] and found["a_mark"].tolist() == ["uncredited"]


@pytest.mark.parametrize("many", [40_000, pytest.param(200_000, marks=pytest.mark.long)])
def test_two_hundred_thousand_passages_take_seconds(many):
    text = " ".join(
        f"Reuters reported item {i} of the day to nobody. “It was late and cold out there,” said"
        " Ada Orr."
        for i in range(200)
    )
    features = features_of(a=(text, "Bellman"), b=(text, "Herald"))
    n = features.table("articles")["n_tokens"][0]
    rng = np.random.default_rng(0)
    position, words = rng.integers(0, n - 300, many), rng.integers(8, 300, many)
    table = pd.DataFrame(
        {
            "a": "a",
            "b": "b",
            "a_position": position,
            "a_words": words,
            "b_position": position,
            "b_words": words,
        }
    )
    mark(features, table[:10])
    started = time.process_time()
    mark(features, table)
    assert time.process_time() - started < 30 * many / 200_000


@pytest.mark.parametrize(
    "name, key", [("The Hill", "hill"), ("the", "the"), ("Ledger & Tide", "ledger tide"), ("", "")]
)
def test_keys_of_names(name, key):
    assert name_key(name) == key


def test_sections_of_an_outlet_are_that_outlet():
    articles = pd.DataFrame(
        {
            "outlet": [
                "New York Times - News",
                "CNN (Web News)",
                "NPR Online News",
                "Fox Online News",
                "Newsmax",
            ],
            "author": "",
        }
    )
    known = Known(articles)
    names = known.keys(["New York Times", "CNN", "NPR", "Fox News", "Newsmax TV"])
    assert (
        known.belongs(np.arange(5), names).all()
        and not known.belongs(np.arange(5), np.roll(names, 1)).any()
    )


def test_harbour_is_marked_as_its_gold_says():
    result = harbour_marks.evaluate(ROOT / "corpus" / "harbour")
    assert result["credit"]["accuracy"] >= 0.9 and result["quoted"]["accuracy"] >= 0.95
    assert all(
        result[f"credit_{kind}"]["accuracy"] >= 0.9
        for kind in ("verbatim_from", "rewritten_from", "quoted_from")
    )
