"""Voices: words go to who says them; names, verbs, scare quotes and the shared form."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import pl, tl
from analysis.errors import FeaturesError, OptionError
from analysis.extract.memory import extract_articles
from analysis.features import SCHEMAS, SHARED, from_tables
from analysis.inference import holm
from analysis.io.article import Article
from analysis.shared_form import shared_tables
from analysis.store import Shipment, first_words
from analysis.tl._persons import Persons
from analysis.tl.voices import SHIPS

ONE = (
    "Mayor Ada Orr was there. Orr said the bridge was safe. “It will stand for ever,” she boasted."
    " Rolf Penn, a fitter, claimed that it was “old”. A man who lives nearby said it was closed."
    " Reuters reported that it was open. The river was brown."
)
TWO = (
    "It rained. “Never,” Orr said. “We have never closed it,” she said. Nobody came to the “grand”"
    " opening."
)


def features_of(*texts, language="en", codebook=None):
    features = extract_articles(
        [
            Article(f"a{i}", text, language, {"outlet": "Bell" if i else "Quay"})
            for i, text in enumerate(texts)
        ]
    )
    if codebook is None:
        return features
    return from_tables(
        {name: features.table(name) for name in features.manifest["tables"]}, codebook=codebook
    )


def by_speaker(result, group="a0"):
    return result.table[result.table["group"] == group].set_index("speaker")


def test_words_go_to_who_says_them_and_the_rest_to_the_outlet():
    result = tl.voices(features_of(ONE, TWO), draws=50)
    rows = by_speaker(result)
    assert rows.loc[
        "Ada Orr", ["n_direct", "n_reported", "direct_words", "reported_words", "words"]
    ].tolist() == [1, 1, 5, 4, 9]
    assert (
        rows.loc["Rolf Penn", ["n_direct", "n_reported", "reported_words"]].tolist() == [0, 1, 3]
        or rows.loc["Rolf Penn", "words"] == 3
    )
    assert rows.loc["Reuters", "voice"] == "media"
    unnamed = rows[rows["voice"] == "unnamed"]
    assert (
        unnamed.index.tolist() == ["a man who lives nearby"]
        and unnamed["unnamed"].all()
        and unnamed["description"].tolist() == ["a man who lives nearby"]
    )
    for _, part in result.table.groupby("group"):
        assert part["words"].sum() == part["n_words"].iloc[0]
        assert part["share"].sum() == pytest.approx(1) and part[
            "voice_share"
        ].sum() == pytest.approx(1)
        assert part.iloc[0]["voice"] == "outlet" and np.isnan(part.iloc[0]["voice_share"])
    assert (result.table["low"] <= result.table["share"] + 1e-9).all() and (
        result.table["high"] >= result.table["share"] - 1e-9
    ).all()


def test_a_quotation_within_a_statement_counts_once():
    rows = by_speaker(
        tl.voices(
            features_of(
                "Ada Orr was there. Orr said the bridge was “as safe as a house” on Monday."
            ),
            draws=2,
        )
    )
    assert rows.loc["Ada Orr", ["direct_words", "reported_words", "words"]].tolist() == [5, 5, 10]


def test_one_person_in_several_articles_has_the_fullest_name():
    result = tl.voices(features_of(ONE, TWO), draws=2)
    assert "Ada Orr" in set(by_speaker(result, "a1").index) and "Orr" not in set(
        result.table["speaker"]
    )
    outlets = tl.voices(features_of(ONE, TWO), by="outlet", draws=2)
    assert list(dict.fromkeys(outlets.table["group"])) == ["Quay", "Bell"]


def test_forms_of_names():
    persons = Persons(
        [
            "Ada Orr",
            "Orr",
            "A. Orr",
            "Kestrow",
            "Kestrow Lifting Inc.",
            "the Kestrow",
            "Penn",
            "Rolf Penn",
            "Bo Penn",
            "Lind",
        ],
        {"orr": {"name": "Ada Orr"}, "penn": {"name": "Rolf Penn"}, "other": {"name": "Bo Penn"}},
    )
    assert [
        persons.fullest(n) for n in ("Orr", "A. Orr", "Kestrow", "the Kestrow", "Penn", "Lind")
    ] == ["Ada Orr", "Ada Orr", "Kestrow Lifting Inc.", "Kestrow Lifting Inc.", "Penn", "Lind"]
    assert [persons.actor(n) for n in ("Ada Orr", "Orr", "Rolf Penn", "Penn", "Nobody")] == [
        "orr",
        "orr",
        "penn",
        "",
        "",
    ]


def test_actors_of_the_codebook_are_named():
    result = tl.voices(
        features_of(ONE, TWO, codebook={"actors": {"mayor": {"name": "Ada Orr", "side": ""}}}),
        draws=2,
    )
    assert (
        set(result.table.loc[result.table["speaker"] == "Ada Orr", "actor"]) == {"mayor"}
        and (result.table["actor"] != "").sum() == 2
    )


def test_classes_of_verbs_are_counted_and_tested():
    doubt = "Ada Orr was there. " + " ".join(
        f"Orr claimed that the bridge number {i} was safe." for i in range(8)
    )
    plain = "Ada Orr was there. " + " ".join(
        f"Orr said that the bridge number {i} was safe." for i in range(8)
    )
    result = tl.voices(features_of(doubt, plain), draws=2)
    doubting = result.verbs.set_index(["group", "verb_class"]).loc[("a0", "doubting")]
    assert (
        doubting["count"] == 8
        and doubting["verbs"] == "claim (8)"
        and doubting["p"] == pytest.approx(2 / 12870)
        and doubting["p_adjusted"] < 0.05
    )
    assert result.verb_counts.query("group == 'a1'")[
        ["speaker", "verb", "verb_class", "n_reported"]
    ].values.tolist() == [["Ada Orr", "say", "neutral", 8]]
    assert tl.voices(features_of(doubt), draws=2).verbs["p"].isna().all()


def test_holm_as_published():
    # the example of Holm's procedure in Wright (1992), doi.org/10.2307/2532694, in kind: sorted p
    # times what is left, made monotone
    assert holm(np.array([0.01, 0.04, 0.03, np.nan, 0.005])) == pytest.approx(
        [0.03, 0.06, 0.06, np.nan, 0.02], nan_ok=True
    )


def test_scare_quotes_have_places_and_no_words():
    features = features_of(ONE, TWO)
    scare = tl.voices(features, draws=2).scare
    assert (
        scare["article_id"].tolist() == ["a1"]
        and scare["n_words"].tolist() == [1]
        and scare["sentence"].tolist() == [3]
    )
    assert TWO[scare["start"][0] : scare["end"][0]] == "“grand”"


def shared_of(features, result=None):
    tables = shared_tables(features, b"k" * 32, say=lambda _: None)
    shared = from_tables(
        {name: tables[name] for name in SCHEMAS[SHARED] if name in tables}, form=SHARED
    )
    if result is not None:
        shipped = dict(zip(SHIPS.tables, (result.table, result.verb_counts, result.unnamed)))
        shared.manifest["results"] = {name: {"rows": len(table)} for name, table in shipped.items()}
        shared.result = shipped.__getitem__
    return shared


def test_the_shared_form_has_the_owners_result():
    features = features_of(ONE, TWO)
    own = tl.voices(features, draws=20)
    result = tl.voices(shared_of(features, own), draws=20)
    pd.testing.assert_frame_equal(result.table, own.table)
    pd.testing.assert_frame_equal(result.verbs, own.verbs)
    assert (
        result.scare[["article_id", "sentence", "n_words"]].values.tolist()
        == own.scare[["article_id", "sentence", "n_words"]].values.tolist()
    )
    assert result.scare["start"].isna().all() and result.params["measured_on"] == "results"
    with pytest.raises(FeaturesError, match="has not shipped"):
        tl.voices(shared_of(features))
    with pytest.raises(OptionError, match="by must be 'article_id'"):
        tl.voices(shared_of(features, own), by="outlet")


def test_what_ships_cuts_descriptions_short():
    features = features_of(ONE + " Three old fitters of the old yard said that it was closed.")
    result = tl.voices(features, draws=5)
    tables = SHIPS.make(Shipment(None, features.table("articles"), lambda verb: result))
    assert tuple(tables) == SHIPS.tables
    cut = result.table["speaker"].map(first_words)
    assert tables["voices"]["speaker"].tolist() == cut.tolist()
    assert (cut != result.table["speaker"]).any()
    assert tables["voice_unnamed"]["description"].map(lambda d: len(d.split())).max() == 5
    drop = {"columns": ["speaker", "description"]}
    pd.testing.assert_frame_equal(tables["voices"].drop(**drop), result.table.drop(**drop))


@pytest.mark.parametrize(
    "options, needed",
    [
        ({"draws": 0}, "draws must be a whole number of at least 1"),
        ({"draws": "a"}, "draws must be a whole number of at least 1"),
        ({"draws": True}, "draws must be a whole number of at least 1"),
        ({"level": 0}, "level must be a number between 0 and 1"),
        ({"level": 1.5}, "level must be a number between 0 and 1"),
        ({"seed": -1}, "seed must be a whole number of at least 0"),
        ({"by": "nothing"}, "by must be one or more of"),
        ({"by": {}}, "by must be a mapping"),
    ],
)
def test_options_are_checked(options, needed):
    with pytest.raises(OptionError, match=needed):
        tl.voices(features_of(ONE), **options)


@pytest.mark.parametrize(
    "texts",
    [
        ("It rained.",),
        ("no punctuation at all and nobody says a thing",),
        ("THE MAYOR SAID THE BRIDGE WAS SAFE",),
        (ONE, ONE, ONE),
        (ONE.replace("“", '"').replace("”", '"'),),
        ("““””",),
        ("said", "x"),
        ("“A long quotation of nobody at all.”", "It rained."),
    ],
    ids=range(8),
)
def test_odd_corpora_are_measured_and_drawn(texts):
    result = tl.voices(features_of(*texts), draws=10)
    assert (
        result.table.groupby("group")["words"].sum()
        == result.table.groupby("group")["n_words"].first()
    ).all()
    for kind in ("speakers", "verbs"):
        assert len(pl.voices(result, kind=kind).axes) == 1
    assert repr(result) and result._repr_html_()


def test_identical_articles_have_identical_voices():
    table = tl.voices(features_of(ONE, ONE), draws=10).table
    first, second = (
        table[table["group"] == group]
        .drop(columns=["group", "low", "high", "voice_low", "voice_high"])
        .reset_index(drop=True)
        for group in ("a0", "a1")
    )
    pd.testing.assert_frame_equal(first, second)


def test_straight_and_curly_marks_give_the_same():
    curly, straight = (
        tl.voices(features_of(t), draws=2).table["words"].tolist()
        for t in (ONE, ONE.replace("“", '"').replace("”", '"'))
    )
    assert curly == straight


def test_figures_say_what_they_draw():
    result = tl.voices(features_of(ONE, TWO), draws=2)
    figure = pl.voices(result)
    (ax,) = figure.axes
    widths = pd.Series([bar.get_width() for bar in ax.patches])
    assert figure.name == "voices" and figure.table is result.table
    assert widths.sum() == pytest.approx(200)
    assert ax.get_title(loc="left").replace("\n", " ") == result.finding
    assert "Ada Orr has most (15 words)" in result.finding
    verbs = pl.voices(result, kind="verbs")
    assert verbs.name == "voices_verbs" and verbs.table["verb_class"].tolist() == ["doubting"]
    said = {text.get_text() for text in verbs.axes[0].texts}
    assert said == {"claim (2), boast"}
    assert result.finding_of("verbs").startswith("3 of 8 verbs")
    with pytest.raises(OptionError, match="kind must be one of 'speakers', 'verbs'"):
        pl.voices(result, kind="pie")


def test_empty_figures_say_why():
    result = tl.voices(features_of("It rained."), draws=2)
    (ax,) = pl.voices(result, kind="verbs").axes
    assert [t.get_text() for t in ax.texts] == ["No verb introduces a speaker"]
    assert "nobody is quoted" in pl.voices(result).axes[0].get_title(loc="left")


def test_a_page_holds_the_groups_that_give_voices_most_words():
    texts = ["It rained."] * 20 + [TWO] * 30
    result = tl.voices(features_of(*texts), draws=2)
    figure = pl.voices(result)
    (ax,) = figure.axes
    shown = [tick.get_text() for tick in ax.get_yticklabels()]
    assert len(shown) == 32 and {f"a{i}" for i in range(20, 50)} <= set(shown)
    assert figure.canvas.get_figheight() <= 9 and "the 32 of 50 groups whose" in ax.get_xlabel()


def test_other_languages_have_quotations_without_speakers():
    result = tl.voices(
        features_of(
            "Der Minister sagte: „Die alte Brücke ist sehr sicher.“ Er nannte sie „alt“.",
            language="de",
        ),
        draws=2,
    )
    assert result.table["voice"].tolist() == ["outlet", "unattributed"] and result.table[
        "n_direct"
    ].tolist() == [0, 1]
    assert len(result.scare) == 1 and any("English only" in note for note in result.notes)


def test_the_input_is_left_as_it_was_and_the_seed_decides():
    features = features_of(ONE, TWO)
    before = features.table("quotes")
    one, two = tl.voices(features, draws=50, seed=1), tl.voices(features, draws=50, seed=1)
    pd.testing.assert_frame_equal(one.table, two.table)
    pd.testing.assert_frame_equal(before, features.table("quotes"))


@given(
    st.lists(
        st.sampled_from(
            [
                "Orr",
                "Ada Orr",
                "A. Orr",
                "Bo Orr",
                "the Orr",
                "Orr Inc",
                "Kestrow",
                "Kestrow Orr",
                "x",
                "Ada",
            ]
        ),
        min_size=1,
        max_size=12,
    )
)
def test_the_fullest_name_is_a_given_one_and_final(names):
    persons = Persons(names, {})
    for name in names:
        assert persons.fullest(name) in names and persons.fullest(persons.fullest(name)) in names


def test_no_articles_are_a_corpus_too():
    result = tl.voices(features_of())
    assert result.table.empty and result.verbs.empty and result.unnamed.empty
    (ax,) = pl.voices(result).axes
    assert ax.texts[0].get_text().startswith("All words are the outlets' own")
