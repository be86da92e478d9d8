"""Disagreements: planted ones are found with their places, equal values and unlike contexts not."""

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import pl, tl
from analysis.errors import FeaturesError, OptionError
from analysis.features import SHARED, from_tables
from analysis.models import load_encoder
from analysis.pl.rows import FIGURE_ROWS
from analysis.shared_form import shared_tables
from analysis.tl._claim_contexts import claim_contexts
from analysis.tl._contexts import Values, agree
from analysis.tl._matters import ABOUT_MATTERS
from analysis.tl._story_units import units_by_story
from analysis.tl.disagreements import DISAGREEMENT_COLUMNS, disagreements
from tests.memory import features_of

TAIL = (
    " Rosa Quillon, who leads the union, told a vigil at the harbour gate that nobody had listened"
    " to the crews. The inquiry into the collapse will be led by a judge, the ports ministry"
    " announced."
)
PLANTED = [  # two texts, the kind, the two values
    (
        "The gantry crane killed seven dockers at the canteen.",
        "The gantry crane killed nine dockers at the canteen.",
        "number",
        "7",
        "9",
    ),
    (
        "Police put the toll from the collapsed crane at 40 dead.",
        "The collapsed crane left 36 dead, police said.",
        "number",
        "40",
        "36",
    ),
    (
        "The 900-tonne crane crushed the canteen.",
        "The canteen was crushed by a crane of 1,200 tons.",
        "number",
        "900 tonne",
        "1200 tonne",
    ),
    (
        "The harbour cut its maintenance budget by 15 per cent.",
        "Maintenance: the harbour’s budget was cut by 18%.",
        "number",
        "15 %",
        "18 %",
    ),
    (
        "The canteen collapsed at 6:42 a.m. during the shift.",
        "It was 6.24 a.m. when the canteen collapsed in the shift.",
        "time",
        "06:42",
        "06:24",
    ),
    (
        "The inspector’s letter was dated June 12.",
        "A letter of the inspector, dated 21 June, was found.",
        "date",
        "XXXX-06-12",
        "XXXX-06-21",
    ),
    (
        "Kestrow built the gantry crane in 1998.",
        "The gantry crane that Kestrow built in 1989 fell.",
        "date",
        "1998",
        "1989",
    ),
    (
        "She met Odile Farrant, 71, a teacher.",
        "Odile Farrant, 63, lives by the docks.",
        "number",
        "71 year-old",
        "63 year-old",
    ),
    (
        "The letter was signed by J. Harlan Prewitt.",
        "They blamed Harlan Pruitt for the letter.",
        "name",
        "Harlan Prewitt",
        "Harlan Pruitt",
    ),
    (
        "They buried Samuel Orchard.",
        "They buried Sam Orchard.",
        "name",
        "Samuel Orchard",
        "Sam Orchard",
    ),
    (
        "The crane toppled onto St. Orla Quay.",
        "The crane toppled onto Saint Orla Wharf.",
        "name",
        "Saint Orla Quay",
        "Saint Orla Wharf",
    ),
]
AGREEING = [
    (
        "The gantry crane killed seven dockers at the canteen.",
        "The gantry crane killed 7 dockers at the canteen.",
    ),
    (
        "The harbour cut its maintenance budget by 15 per cent.",
        "Maintenance: the harbour’s budget was cut by 15%.",
    ),
    (
        "The canteen collapsed at 6:42 a.m. during the shift.",
        "It was 6.42 when the canteen collapsed in the shift.",
    ),
    (
        "The dockers’ strike at the port lasts 48 hours.",
        "The dockers’ strike at the port lasts two days.",
    ),
    ("The crane cost the port 4.7 million crowns.", "The crane cost the port 4,712,300 crowns."),
    ("The letter was signed by J. Harlan Prewitt.", "The letter was signed by Prewitt."),
    (
        "The party of the Democrats met in Venezuela today.",
        "The Democratic party met as Venezuelan voters watched.",
    ),
    ("Nicolás Maduro signed the letter.", "Nicolas Maduro signed the letter."),
]


def table(texts, **options):
    return disagreements(features_of(texts), **options).table


@pytest.mark.parametrize("a, b, kind, a_value, b_value", PLANTED)
def test_planted_differences_are_found(a, b, kind, a_value, b_value):
    texts = {"a": a + TAIL, "b": b + TAIL}
    found = table(texts)
    assert list(found.columns) == [*DISAGREEMENT_COLUMNS, *ABOUT_MATTERS]
    assert found[["kind", "a", "b", "a_value", "b_value"]].values.tolist() == [
        [kind, "a", "b", a_value, b_value]
    ]
    row = found.iloc[0]
    assert (
        texts["a"][row.a_start : row.a_end] in a
        and texts["b"][row.b_start : row.b_end] in b
        and 0 < row.score <= 1
    )


@pytest.mark.parametrize("a, b", AGREEING)
def test_what_agrees_is_not_listed(a, b):
    assert table({"a": a + TAIL, "b": b + TAIL}).empty


def test_other_things_are_not_set_against_each_other():
    texts = {
        "a": "The crane weighed 900 tonnes. Shares of the builder fell 11 per cent." + TAIL,
        "b": "Nine ambulances came. Rainfall reached 70 per cent of the usual." + TAIL,
    }
    assert table(texts).empty


def test_an_article_that_knows_both_spellings_disagrees_with_none():
    texts = {
        "a": "Harlan Prewitt wrote. Some spell it Harlan Pruitt." + TAIL,
        "b": "They blamed Harlan Pruitt." + TAIL,
    }
    assert table(texts).empty


def test_the_words_beside_values_say_whether_they_are_of_one_thing():
    one = "Engineers have checked the rusty gantry crane of the harbour canteen since 2013." + TAIL
    same = "Engineers checked the gantry crane at the canteen in 2015, the harbour said." + TAIL
    other = (
        "In 2015, as its owners told a court, Kestrow went bankrupt, and engineers left the gantry"
        " crane and the canteen of the harbour behind." + TAIL
    )
    rows = {name: table({"a": one, "b": b}, min_score=0) for name, b in (("s", same), ("o", other))}
    assert rows["s"]["score"].max() > 0.18 > rows["o"]["score"].max()


def test_a_day_and_a_month_are_seldom_of_one_thing():
    said = "The inspector’s letter about the gantry crane was dated {}." + TAIL
    scores = [
        table({"a": said.format("June 12"), "b": said.format(b)}, min_score=0)["score"].max()
        for b in ("September 12", "September")
    ]
    assert scores[1] < 0.7 * scores[0]


def test_of_several_values_the_nearest_is_the_rival():
    one = "The party won 51 per cent of the votes." + TAIL
    other = "With 80 per cent of the tallies out, the party won 52 per cent of the votes." + TAIL
    found = table({"a": one, "b": other})
    assert found[["a_value", "b_value"]].values.tolist() == [["51 %", "52 %"]]


def test_a_number_behind_the_death_of_counts_the_dead():
    text = "They caused the deaths of at least 21 men and injuries to dozens."
    values = features_of({"a": text}).table("values").set_index("value")
    assert values.loc["21", "dimension"] == "dead"


def test_articles_far_apart_in_time_can_be_left_out():
    features = features_of({"a": PLANTED[0][0] + TAIL, "b": PLANTED[0][1] + TAIL})
    tables = {name: features.table(name) for name in features.manifest["tables"]}
    tables["articles"]["published"] = ["2023-09-05", "2024-09-05"]
    dated = from_tables(tables)
    assert disagreements(dated).table.empty  # a year apart
    assert len(disagreements(dated, within_days=None).table) == 1
    assert len(disagreements(dated, within_days=400).table) == 1
    for unknown in ("", "2023-02-30", "0001-01-01"):  # no date, and none that can be
        tables["articles"]["published"] = ["2023-09-05", unknown]
        assert len(disagreements(from_tables(tables)).table) == 1


def test_who_differs_from_whom_is_counted_by_group():
    one, other = PLANTED[0][:2]
    texts = {"a": one + TAIL, "b": one + TAIL, "c": other + TAIL, "d": other + TAIL}
    features = features_of(texts, outlets={"a": "Post", "b": "Post", "c": "Echo", "d": "Post"})
    result = disagreements(features)
    assert result.params["by"] == "article_id"  # one outlet alone has two articles
    assert result.between[["n_pairs", "of_pairs"]].eq(1).all(axis=None)
    found = disagreements(features, by="outlet").between.set_index(["group", "other"])
    pairs = set(zip(result.table["a"], result.table["b"]))
    assert pairs == {("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")}
    kind = PLANTED[0][2]
    assert found.loc[("Post", "Post"), ["n", "n_pairs", "of_pairs", kind]].tolist() == [2, 2, 3, 2]
    assert found.loc[("Post", "Echo"), ["n", "n_pairs", "of_pairs", kind]].tolist() == [2, 2, 3, 2]
    assert found["n"].sum() == len(result.table) and len(found) == 2
    some = disagreements(features, by={"a": "x", "c": "y"})
    assert set(zip(some.table["a"], some.table["b"])) == {("a", "c")}
    assert some.between[["group", "other", "n"]].values.tolist() == [["x", "y", 1]]
    assert len(some.articles) == 4 and pl.disagreements(some).axes


def test_the_shared_form_says_what_it_needs():
    private = features_of({"a": PLANTED[0][0] + TAIL, "b": PLANTED[0][1] + TAIL})
    tables = shared_tables(private, b"k" * 32)
    assert "values" not in tables
    with pytest.raises(FeaturesError, match="only the private form has"):
        disagreements(from_tables(tables, form=SHARED))


@pytest.mark.parametrize("option", ["min_score", "within_days"])
@pytest.mark.parametrize("given", ["much", -0.1, True, float("nan")])
def test_wrong_options_are_named(option, given):
    with pytest.raises(OptionError, match=f"{option} must be a number of at least 0"):
        table({"a": "It rained."}, **{option: given})


def dated(texts, outlets, published):
    features = features_of(texts, outlets=outlets)
    tables = {name: features.table(name) for name in features.manifest["tables"]}
    tables["articles"]["published"] = [published[a] for a in texts]
    return from_tables(tables)


def test_one_value_differs_from_several_and_who_changed_is_said():
    said = "The gantry crane killed {} dockers at the canteen."
    tolls = {"a": "seven", "b": "eight", "c": "nine", "d": "seven"}
    texts = {a: said.format(n) + TAIL for a, n in tolls.items()}
    texts["d"] = "Seven men lie dead at the gate. " + texts["d"]
    outlets = {"a": "Post", "b": "Echo", "c": "Post", "d": "Sun"}
    days = {"a": "2023-09-05", "b": "2023-09-06", "c": "2023-09-07", "d": ""}
    result = disagreements(dated(texts, outlets, days))
    pairs = {(r.a, r.b): (r.a_value, r.b_value) for r in result.table.itertuples()}
    assert pairs == {
        ("a", "b"): ("7", "8"),
        ("a", "c"): ("7", "9"),
        ("b", "c"): ("8", "9"),
        ("b", "d"): ("8", "7"),
        ("c", "d"): ("9", "7"),
    }
    assert result.matters["matter"].eq(1).all() and result.table["what"].eq("toll").all()
    given = result.matters.drop_duplicates(["article_id", "value"]).set_index("article_id")
    assert list(given.index) == ["a", "b", "c", "d"]  # by time, those without a date last
    assert given["value"].tolist() == ["7", "8", "9", "7"]
    assert given["before"].tolist() == ["", "", "7", ""]
    rows = result.table.set_index(["a", "b"])
    assert rows.loc[("a", "b"), ["a_outlet", "b_outlet", "a_published"]].tolist() == [
        "Post",
        "Echo",
        "2023-09-05",
    ]
    assert rows.loc[("a", "b"), ["a_since", "b_since"]].tolist() == ["9", ""]
    assert result.finding == "5 pairs of articles may differ on 1 number"


def test_sentences_of_one_meaning_are_contexts_too():
    texts = {
        "a": "The harbour crane killed seven workers." + TAIL,
        "b": "Nine people lost their lives under the falling machine at the harbour." + TAIL,
    }

    class Alike:
        """Sentences with a number mean one thing, every other its own."""

        name = digest = "alike"

        def encode(self, sentences):
            rows = np.eye(64, dtype=np.float32)[: len(sentences)].copy()
            for k, one in enumerate(sentences):
                if "seven" in one or "Nine" in one:
                    rows[k] = np.eye(64, dtype=np.float32)[63]
            return rows

    without = disagreements(features_of(texts), min_score=0).table["score"]
    with_meaning = disagreements(features_of(texts, encoder=Alike()), min_score=0).table["score"]
    assert len(with_meaning) == 1 and with_meaning.iloc[0] > without.max() + 0.1


CLAIM = {
    "a": "The harbour crane killed seven workers at the quay. It rained on Monday." + TAIL,
    "b": "Nine workers were killed by the crane at the harbour quay. Nobody slept." + TAIL,
    "c": "The crane at the quay of the harbour killed workers. Shops stayed shut." + TAIL,
}


@functools.cache
def told_features():
    return features_of(CLAIM, encoder=load_encoder())


def test_a_matter_leads_to_its_claim():
    found = disagreements(told_features())
    assert found.params["contexts"] == "claims" and found.table["what"].tolist() == ["toll"]
    sentences = tl.claims(told_features()).sentences
    (claim,) = set(sentences.loc[sentences["sentence"] == 0, "claim"])
    assert found.matters["claim"].tolist() == [claim, claim]
    without = disagreements(features_of(CLAIM))
    assert without.params["contexts"] == "sentences" and without.matters["claim"].eq("").all()


def test_values_of_one_claim_are_surer(monkeypatch):
    (surer,) = disagreements(told_features()).table["score"]
    monkeypatch.setattr(Values, "told_alike", lambda self, rows, others: np.full(len(rows), np.nan))
    (score,) = disagreements(told_features()).table["score"]
    assert score + 0.03 < surer <= 1


def test_the_context_is_the_claim_that_the_other_sentence_tells():
    (units,) = units_by_story(told_features(), {"": list(CLAIM)}).values()
    contexts = claim_contexts(told_features())
    pairs = np.argwhere(~np.eye(len(units), dtype=bool))
    found = contexts.alike(*pairs.T)
    same = units.same(np.arange(len(units)))
    name = contexts.names(units.table)
    claims = [set(np.flatnonzero(name == n)) if n else {i} for i, n in enumerate(name)]
    assert max(map(len, claims)) == 3
    for (i, j), alike in zip(pairs, found):
        each = [np.mean([same[p, q] for q in claims[of] - {p}]) for p, of in ((i, j), (j, i))]
        assert alike == pytest.approx(np.mean(each), rel=1e-5)
    assert np.isnan(contexts.alike(np.array([0, -1]), np.array([-1, -1]))).all()


def test_a_third_article_links_two_that_word_it_differently():
    texts = {
        "a": "Divers recovered the wreck of a trawler at 40 metres." + TAIL,
        "b": "Divers recovered the wreck of a trawler at 60 metres, where the sunken boat lay."
        + TAIL,
        "c": "The sunken boat lay at 90 metres." + TAIL,
    }
    found = table(texts)
    alone = table({name: texts[name] for name in "ac"})
    assert alone.empty
    assert {frozenset(pair) for pair in zip(found["a_value"], found["b_value"])} == {
        frozenset(pair) for pair in (("40 m", "60 m"), ("60 m", "90 m"), ("40 m", "90 m"))
    }


def test_its_figure_has_each_value_with_its_articles():
    texts = {f"a{i}": f"{a} {TAIL}" for i, (a, *_) in enumerate(PLANTED)}
    texts |= {f"b{i}": f"{b} {TAIL}" for i, (_, b, *_) in enumerate(PLANTED)}
    result = disagreements(features_of(texts))
    figure = pl.disagreements(result)
    (ax,) = figure.axes
    lengths = sorted(bar.get_width() for bar in ax.patches)
    counts = result.matters.groupby(["matter", "value"])["article_id"].nunique()
    assert len(lengths) == len(figure.table) <= FIGURE_ROWS
    drawn = [counts[row.matter, row.value] for row in figure.table.itertuples()]
    assert lengths == sorted(drawn) and drawn == figure.table["n_articles"].tolist()
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert "7 dead: a0" in labels and "9 dead: b0" in labels


def test_its_figure_says_where_all_agree():
    result = disagreements(features_of({"a": "It rained.", "b": "It rained."}))
    assert pl.disagreements(result).axes[0].texts and result.finding.startswith("No two articles")


@pytest.mark.short("texts0", "texts7", "texts8")
@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"a": ""},
        {"a": "", "b": ""},
        {"a": "Seven."},
        {"a": "Seven.", "b": "Nine."},
        {"a": "7", "b": "9"},
        {"a": "It rained.", "b": "It rained."},
        {"a": "Seven died. " * 50, "b": "Nine died. " * 50},
        {"a": "二〇二三年、七人が死亡した。" * 9, "b": "Семь человек погибли 12 июня."},
    ],
)
def test_hostile_input(texts):
    table(texts)


def test_copies_disagree_with_none():
    text = " ".join(a for a, *_ in PLANTED) + TAIL
    assert table({f"copy{i}": text for i in range(30)}).empty


@functools.cache
def found_in_order(*order):
    texts = [pair[side] + TAIL for pair in PLANTED[:3] for side in (0, 1)]
    found = table({f"a{i}": texts[i] for i in order})
    return frozenset(
        frozenset([(r.a, r.a_start, r.a_value), (r.b, r.b_start, r.b_value)])
        for r in found.itertuples()
    )


@settings(max_examples=settings.default.max_examples // 3)  # each is measured anew
@given(st.permutations(range(6)))
def test_the_order_of_articles_does_not_matter(order):
    assert found_in_order(*order) == found_in_order(*range(6)) != frozenset()


@pytest.mark.parametrize(
    "kind, a, b, expected",
    [
        ("number", "7", "7", True),
        ("number", "7", "9", False),
        ("number", "40", "36", False),
        ("number", "48 hour", "2 day", True),
        ("number", "1000", "1043", True),
        ("number", "1000", "1200", False),
        ("number", "4 No.", "4", None),
        ("time", "06:42", "06:42?", True),
        ("time", "18:42", "06:42?", True),
        ("time", "18:00 ET", "22:00 GMT", None),
        ("date", "XXXX-06-12", "2023-06-12", True),
        ("date", "XXXX-06-12", "2023-06", None),
        ("date", "XXXX-06", "XXXX-06-12", None),
        ("date", "XXXX-06", "XXXX-06", True),
        ("date", "2023-06", "2023", True),
        ("date", "XXXX-09-04 Mon", "Mon", True),
        ("date", "XXXX-01", "XXXX-12", False),
        ("date", "XXXX-06-12", "1998", None),
        ("date", "XXXX-09-03 Sun", "Mon", False),
    ],
)
def test_agreement(kind, a, b, expected):
    assert agree(kind, a, b) is expected and agree(kind, b, a) is expected
