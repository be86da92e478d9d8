"""Voices: words go to who says them; names, verbs, scare quotes and the shared form."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import pl, tl
from analysis.codebook import Codebook
from analysis.errors import FeaturesError, OptionError
from analysis.extract.memory import extract_articles
from analysis.features import SCHEMAS, SHARED, from_tables
from analysis.inference import holm
from analysis.io.article import Article
from analysis.shared_form import shared_tables
from analysis.store import Shipment, first_words
from analysis.text.persons import strip_titles
from analysis.tl._persons import Persons
from analysis.tl._voiced import SUMS
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
    penn = rows.loc["Rolf Penn", ["n_direct", "n_reported", "direct_words", "reported_words"]]
    assert penn.tolist() == [1, 1, 1, 3]
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


@pytest.mark.parametrize(
    "forms, fullest",
    [
        (["Ursula von der Brandt", "Ms. von der Brandt", "VON DER BRANDT", "Brandt"], 0),
        (["Basil al-Storr", "Al-Storr", "President Storr"], 0),
        (["Juan de la Cruz", "De la Cruz"], 0),
        (["Vincent D’Angelo", "D'Angelo", "Mr D`Angelo"], 0),
        (["Kim Jong-un", "Kim Jong Un", "Kim"], 0),
        (["François Orr", "Francois Orr"], 0),
        (["Minister for Health Ola Holt", "Ola Holt", "Holt"], 1),
        (["The UN High Commissioner for Refugees Antal Guter", "Guter"], 0),
        (["Pavel Orr Jr.", "Orr"], 0),
        (["Joseph “Joe” Orr", "Joseph Orr", "Orr"], 1),
        (["漢字x", "漢字x"], 0),
    ],
)
def test_forms_of_one_name_are_one_person(forms, fullest):
    persons = Persons(forms, {})
    (shown,) = {persons.fullest(form) for form in forms}
    assert shown == strip_titles(forms[fullest])


def test_a_son_is_another_person_and_the_last_name_the_fathers():
    names = ["Tom Orr", "Tom Orr Jr.", "Orr", "Orr Jr."]
    persons = Persons(names, {"orr": {"name": "Tom Orr"}})
    assert [persons.fullest(n) for n in names] == ["Tom Orr", "Tom Orr Jr."] * 2
    assert [persons.actor(n) for n in names] == ["orr", "", "orr", ""]


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
    assert doubting["count"] == 8 and doubting["verbs"] == "claim (8)" and doubting["share"] == 1
    assert result.verb_counts.query("group == 'a1'")[
        ["speaker", "verb", "verb_class", "n_reported"]
    ].values.tolist() == [["Ada Orr", "say", "neutral", 8]]
    texts = [doubt if i % 2 else doubt.replace("claimed", "said", 7) for i in range(12)]
    texts += [plain if i % 2 else plain.replace("said", "claimed", 1) for i in range(12)]
    articles = [
        Article(f"a{i}", text, "en", {"outlet": "Quay" if i < 12 else "Bell"})
        for i, text in enumerate(texts)
    ]
    several = tl.voices(extract_articles(articles), draws=200)
    doubting = several.verbs.set_index(["group", "verb_class"]).loc[("Quay", "doubting")]
    assert doubting["apart"] and doubting["share"] == pytest.approx(54 / 96)
    assert "doubting verbs in Quay" in several.finding_of("verbs")
    assert several.finding_of("verbs").startswith("More than in the rest: ")


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


def shared_of(features, result=None, n_tables=4):
    tables = shared_tables(features, b"k" * 32, say=lambda _: None)
    shared = from_tables(
        {name: tables[name] for name in SCHEMAS[SHARED] if name in tables}, form=SHARED
    )
    if result is not None:
        counts = result.verb_counts.drop(columns="article_id")
        made = (result.table, counts, result.unnamed, result.heard)
        shipped = dict(list(zip(SHIPS.tables, made))[:n_tables])
        shared.manifest["results"] = {name: {"rows": len(table)} for name, table in shipped.items()}
        shared.result = shipped.__getitem__
    return shared


def test_the_shared_form_has_the_owners_result():
    features = features_of(ONE, TWO)
    own = tl.voices(features, by="article_id", draws=20)
    result = tl.voices(shared_of(features, own), draws=20)
    pd.testing.assert_frame_equal(result.table, own.table, check_dtype=False)
    pd.testing.assert_frame_equal(result.verbs, own.verbs)
    pd.testing.assert_frame_equal(result.heard, own.heard)
    assert (
        result.scare[["article_id", "sentence", "n_words"]].values.tolist()
        == own.scare[["article_id", "sentence", "n_words"]].values.tolist()
    )
    assert result.scare["start"].isna().all() and result.params["measured_on"] == "results"
    with pytest.raises(FeaturesError, match="has not shipped"):
        tl.voices(shared_of(features))


def test_the_shared_form_is_summed_by_any_groups():
    texts = [ONE, TWO, ONE, TWO, TWO, ONE]
    features = features_of(*texts)
    own = tl.voices(features, by="article_id", draws=20)
    for by in ("outlet", {"a0": "x", "a1": "x", "a2": "y", "a3": "y"}):
        there, here = (tl.voices(f, by=by, draws=20) for f in (shared_of(features, own), features))
        columns = ["group", "voice", "speaker", *SUMS, "n_credits", "share", "n_articles"]
        order = ["group", "voice", "speaker"]
        pd.testing.assert_frame_equal(
            *(r.table[columns].sort_values(order, ignore_index=True) for r in (there, here)),
            check_dtype=False,
        )
        assert there.heard["words"].tolist() == here.heard["words"].tolist()
    assert there.groups["group"].tolist() == ["x", "y"]


def test_what_was_shipped_before_is_read_still():
    features = features_of(ONE, TWO)
    own = tl.voices(features, by="article_id", draws=20)
    before = own.table.drop(columns=["n_credits", "n_articles"])
    shared = shared_of(features, own, n_tables=3)
    read = shared.result
    shared.result = lambda name: before if name == "voices" else read(name)
    result = tl.voices(shared)
    bounds = ["share", "low", "high", "voice_low", "voice_high"]
    pd.testing.assert_frame_equal(result.table[bounds], own.table[bounds])
    assert result.heard["share"].tolist() == pytest.approx(own.heard["share"].tolist())
    assert pl.voices(result).axes


def test_what_ships_cuts_descriptions_short():
    features = features_of(ONE + " Three old fitters of the old yard said that it was closed.")
    result = tl.voices(features)
    corpus = SimpleNamespace(features=features)
    tables = SHIPS.make(Shipment(corpus, features.table("articles"), None))
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


@pytest.mark.short("1", "5", "6", "7")
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
        assert pl.voices(result, kind=kind).axes
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
    assert figure.name == "voices" and figure.table is result.heard
    assert figure.title == result.finding and figure.alt.startswith(result.finding)
    heads = [ax.get_title(loc="left") for ax in figure.axes]
    heard = list(dict.fromkeys(result.heard["heard"]))
    assert heads == heard and heard[0] == "Ada Orr" and heard[-1] == "the outlet itself"
    assert "Ada Orr most; no article gives any of them more room" in result.finding
    n = result.table["n_direct"].sum()
    said = f"Share of all words that are each voice's, in {n} quotations and "
    assert figure.subtitle.startswith(said) and n == 4
    verbs = pl.voices(result, kind="verbs")
    assert verbs.name == "voices_verbs" and set(verbs.table["verb_class"]) == {"doubting"}
    assert verbs.axes[0].get_title(loc="left") == "doubting: claim, boast"
    assert result.finding_of("verbs").startswith("3 of 8 verbs")
    with pytest.raises(OptionError, match="kind must be one of 'speakers', 'verbs'"):
        pl.voices(result, kind="pie")


def test_empty_figures_say_why():
    result = tl.voices(features_of("It rained."), draws=2)
    for kind, said in (("verbs", "No verb introduces a"), ("speakers", "nobody is quoted")):
        (ax,) = pl.voices(result, kind=kind).axes
        assert said in " ".join(ax.texts[0].get_text().split())


def corpus_of(texts_of, book=None, day=lambda i: ""):
    """Articles of outlets: texts by outlet."""
    return extract_articles(
        [
            Article(f"{outlet}{i}", text, "en", {"outlet": outlet, "published": day(i)})
            for outlet, texts in texts_of.items()
            for i, text in enumerate(texts)
        ],
        codebook=book,
    )


BOOK = Codebook(
    actors={
        "orr": {"name": "Ada Orr", "aliases": ["Orr", "the Mayor"]},
        "penn": {"name": "Rolf Penn", "aliases": ["Penn"]},
    }
)
RAIN = "It rained over the town and the river was brown for days. " * 3
ORR = f"{RAIN} Ada Orr was there. “We have closed the old bridge for ever,” Orr said."
PENN = f"{RAIN} Rolf Penn was there. “We were never asked about the old bridge,” Penn said."


def test_who_speaks_where_is_named_beyond_chance_only():
    result = tl.voices(
        corpus_of(
            {"Red": [ORR, ORR + " It was late."] * 5, "Blue": [PENN, PENN + " So."] * 5}, BOOK
        )
    )
    assert result.params["by"] == "outlet" and len(result.groups) == 2
    assert result.finding.startswith("Heard more than in the rest: ")
    assert "Ada Orr only in Red" in result.finding and "Rolf Penn only in Blue" in result.finding
    rows = result.heard.set_index(["heard", "group"])
    words = result.table.set_index(["speaker", "group"])["words"]
    for who, where in (("Ada Orr", "Red"), ("Rolf Penn", "Blue")):
        row = rows.loc[(who, where)]
        assert row["apart"] and row["words"] == words[(who, where)] and row["rest"] == 0
    more = result.heard.query("apart and share > rest").set_index("heard")
    farthest = (more["shrunk"] - more["rest"]).groupby(level=0).max().sort_values(ascending=False)
    names = [name for name in farthest.index if name in result.finding]
    assert len(names) > 1 and names == sorted(names, key=result.finding.index)
    alike = tl.voices(corpus_of({o: [ORR, PENN, RAIN] * 4 for o in ("Red", "Blue")}, BOOK))
    assert "no outlet gives any of them more room than the rest beyond chance" in alike.finding


def test_an_actor_is_one_voice_however_it_is_spelt():
    texts = [
        ORR,
        "“Never again,” said Orr, who was late.",
        "Senator Ada B. Orr was there. “Never again,” said Senator Ada B. Orr.",
        "“Never again,” the Mayor said.",
    ]
    result = tl.voices(corpus_of({"Red": texts, "Blue": texts}, BOOK), draws=5)
    orr = result.table[result.table["actor"] == "orr"]
    assert orr["speaker"].tolist() == ["Ada Orr"] * 2 and orr["n_direct"].tolist() == [4, 4]
    assert orr["n_articles"].tolist() == [4, 4] and not orr["unnamed"].any()


def test_media_that_are_credited_are_counted_with_the_speakers():
    told = " The mayor told the New York Times that she was ill. Reuters reported that it rained."
    result = tl.voices(corpus_of({"Red": [ORR + told] * 2, "New York Times": [ORR + told] * 2}))
    media = result.table[result.table["voice"] == "media"].set_index(["group", "speaker"])
    assert media.loc[("Red", "Reuters"), "words"] > 0
    assert media.loc[("Red", "New York Times"), "n_credits"] == 2
    assert ("New York Times", "New York Times") not in media.index, "itself is no source of it"


def test_voices_over_weeks():
    features = corpus_of(
        {"Red": [ORR] * 6, "Blue": [PENN] * 6}, BOOK, day=lambda i: f"2024-05-{1 + 4 * i:02}"
    )
    result = tl.voices(features, by=["outlet", "week"], draws=20)
    figure = pl.voices(result)
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["Red", "Blue"]
    assert pl.voices(result, kind="verbs").title == "0 of 12 verbs that introduce speakers say" + (
        " more than “said”; no outlet in any week uses any kind of them more than the rest beyond"
        " chance"
    )


@pytest.mark.long
def test_a_page_holds_300_outlets():
    result = tl.voices(corpus_of({f"o{i}": [ORR, RAIN] for i in range(300)}, BOOK), draws=5)
    figure = pl.voices(result)
    assert figure.canvas.get_figheight() <= 9
    rows = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    assert len(rows) == 20 and rows[-1] == "281 outlets more, together"


@pytest.mark.short("outlets2")
@pytest.mark.parametrize("outlets", [["Red"], ["Red", "Blue"], [""]])
def test_few_outlets_or_none_are_measured_and_drawn(outlets):
    result = tl.voices(corpus_of({outlet: [ORR, RAIN][: 3 - len(outlets)] for outlet in outlets}))
    assert result.finding.startswith("Voices have") and pl.voices(result).axes
    one = tl.voices(corpus_of({"Red": [ORR, PENN]}), by="outlet", draws=5)
    assert "there is no other outlet to compare with" in one.finding and pl.voices(one).axes


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
