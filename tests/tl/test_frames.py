"""Frames: planted truths, hostile sheets, the shared form, figures."""

import json
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text

from analysis import pl
from analysis.codebook import Codebook, Entry
from analysis.errors import CorpusError, FeaturesError, LanguageError, OptionError
from analysis.extract.memory import extract_articles
from analysis.features import SHARED, Features, from_tables, load_features, save
from analysis.io import read_frame_codes
from analysis.io.article import Article
from analysis.shared_form import shared_tables
from analysis.store import Shipment
from analysis.tl import frames
from analysis.tl._frames_coded import MEAN, learn
from analysis.tl._frames_prototypes import RESULT, coarse_scores, prototype_scores
from analysis.tl.frames import SHIPS
from benchmarks import gvfc
from tests.memory import features_of as in_memory
from tests.small import quiet

SEA = [
    "The boats sailed at dawn.",
    "A ship left the harbour.",
    "Sailors mended the sails.",
    "The tide carried the boat.",
    "Waves broke over the ship.",
]
LAND = [
    "The farmer ploughed a field.",
    "Cows grazed on the hill.",
    "Corn grew in the fields.",
    "A tractor stood by the barn.",
    "Sheep slept on the meadow.",
]
SKY = [
    "Nothing was said of it.",
    "It was so.",
    "They met again.",
    "That is all there was.",
    "He had no more to say.",
]
WORLDS = {
    "sea": ["boat", "ship", "sail", "tide", "wave", "harbour"],
    "land": ["farm", "field", "cow", "corn", "hill", "barn", "tractor", "sheep", "meadow"],
}
FRAMES = {
    "sea": {
        "description": "Boats and ships at sea",
        "words": ["sailor*"],
        "examples": ["A boat on the waves.", "Ships sail with the tide.", "The sail tore."],
    },
    "land": {
        "description": "Farms and fields on land",
        "words": ["cows"],
        "examples": ["A cow in a field.", "The farm sold its corn.", "A barn on a hill."],
    },
}


class Worlds:
    """An encoder that sees which world a sentence is of, and a little of its letters."""

    name, digest = "worlds", "1"

    def encode(self, sentences):
        rows = [
            [0.2 + sum(s.lower().count(w) for w in words) for words in WORLDS.values()]
            + [0.5 + 0.05 * Counter(s)[c] for c in "aeiou"]
            for s in sentences
        ]
        rows = np.array(rows, np.float32).reshape(len(sentences), -1)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


ENCODER = Worlds()


def features_of(texts, said=FRAMES, *, language="en", encoder=ENCODER):
    entries = tuple(
        Entry("frame", name, dict.fromkeys(about["words"], 1.0)) for name, about in said.items()
    )
    return extract_articles(
        [Article(a, text, language, {}) for a, text in texts.items()],
        codebook=Codebook(frames=said, entries=entries),
        encoder=encoder,
    )


TEXTS = {
    "ports": " ".join(SEA + SKY[:1]),
    "farms": " ".join(LAND + SKY[1:2]),
    "both": " ".join(SEA[:2] + LAND[:2] + SKY[2:]),
    "none": " ".join(SKY),
}


@pytest.fixture(scope="module")
def features():
    return features_of(TEXTS)


@pytest.fixture(scope="module")
def result(features):
    return frames(features, method="prototypes", encoder=Worlds(), draws=200)


def coded_rows(texts=TEXTS, articles=None):
    rows = []
    for article in articles or texts:
        for number, sentence in enumerate(s + "." for s in texts[article].split(".")[:-1]):
            frame = "sea" if sentence.strip() in SEA else "land" if sentence.strip() in LAND else ""
            rows.append({"article_id": article, "sentence": number, "frame": frame})
    return pd.DataFrame(rows)


def shares(result):
    return result.table.pivot(index="group", columns="frame", values="share")


def test_prototypes_find_the_planted_frame(result):
    table = shares(result)
    assert table["sea"].idxmax() == "ports" and table["land"].idxmax() == "farms"
    assert table.loc["none"].max() < table.loc["both"].min()
    row = result.table.iloc[0]
    assert (row["group"], row["frame"], row["n_sentences"], row["n_carrying"]) == (
        "ports",
        "sea",
        6,
        5,
    ) and row["low"] <= row["share"] <= row["high"]


def test_every_score_names_the_sentences_and_words_behind_it(result):
    found = result.sentences[result.sentences["frame"] == "sea"]
    assert {
        TEXTS[a][s:e] for a, s, e in found[["article_id", "start", "end"]].itertuples(index=False)
    } == set(SEA)
    assert (found["probability"] >= 0.5).all() and found["position"].iloc[0] == 0
    assert result.words.values.tolist() == [
        ["both", "land", "cows", 1, 0],
        ["farms", "land", "cows", 1, 0],
        ["ports", "sea", "sailor*", 1, 0],
    ]
    counts = result.scores[result.scores["carries"]].groupby(["article_id", "frame"]).size()
    table = result.table.set_index(["group", "frame"])["n_carrying"]
    assert all(counts.get(key, 0) == n for key, n in table.items())


def test_prototype_scores_are_the_formula(features, result):
    encoder = Worlds()

    def unit(vector):
        return vector / np.linalg.norm(vector)

    vectors = encoder.encode([s + "." for text in TEXTS.values() for s in text.split(".")[:-1]])
    vectors = np.array([unit(v.astype(np.float16).astype(np.float32)) for v in vectors])
    about = FRAMES["sea"]
    prototype = unit(
        encoder.encode([about["description"]])[0]
        + unit(encoder.encode(about["examples"]).mean(axis=0))
    )
    expected = (vectors - vectors.mean(axis=0)) @ prototype + 0.15 * np.array(
        ["Sailor" in s for text in TEXTS.values() for s in text.split(".")[:-1]]
    )
    assert np.allclose(
        result.scores.loc[result.scores["frame"] == "sea", "score"], expected, atol=2e-3
    )


def test_a_frame_without_examples_and_one_without_a_description_have_prototypes_too():
    said = {
        "sea": {"words": ["ship*", "boat*"]},
        "land": {"description": "Farms and fields", "words": ["cows"]},
    }
    result = frames(features_of(TEXTS, said), method="prototypes", encoder=Worlds(), draws=10)
    assert result.params["prototypes"] == {"sea": "words", "land": "description"}
    assert shares(result)["sea"].idxmax() == "ports" and any(
        "fewer than 6 examples" in note for note in result.notes
    )


@pytest.mark.parametrize(
    "texts",
    [
        {"a": "The boats sailed at dawn. It was so."},
        {"a": "Ships!"},
        {"a": "Ships sail.", "b": "Ships sail."},
    ],
)
def test_one_article_one_sentence_and_identical_articles_are_measured(texts):
    result = frames(features_of(texts), method="prototypes", encoder=Worlds(), draws=10)
    assert result.table["share"].between(0, 1).all() and not result.table["apart"].any()
    assert any("article" in note for note in result.notes)


def test_another_language_and_missing_vectors_are_refused():
    german = features_of({"a": "Ein Schiff."}, language="de")
    for options in ({"method": "prototypes"}, {"method": "coded", "coded": coded_rows()}):
        with pytest.raises(LanguageError, match="made for 'en'.*Use method=\"words\""):
            frames(german, encoder=Worlds(), **options)
    plain = features_of(TEXTS, encoder=None)
    with pytest.raises(FeaturesError, match="vectors"):
        frames(plain, method="prototypes", encoder=Worlds())
    with pytest.raises(FeaturesError, match="with embeddings"):
        frames(plain, method="coded", coded=coded_rows(), encoder=Worlds())


def test_vectors_of_another_encoder_are_told(features):
    class Other(Worlds):
        name = "other"

        def encode(self, sentences):
            return super().encode(sentences)[:, :3]

    with pytest.raises(FeaturesError, match="7 dimensions.*'other'"):
        frames(features, method="prototypes", encoder=Other())


@pytest.mark.parametrize(
    "options, words",
    [
        ({"method": "guess"}, "method must be one of 'words', 'prototypes', 'coded'"),
        ({"method": "coded"}, "got no sheet"),
        ({"method": "coded", "coded": 5}, "a coded sheet must be a path or a table"),
        ({"draws": 0}, "draws must be a whole number of at least 1"),
        ({"draws": 2.5}, "draws must be a whole number of at least 1"),
        ({"level": 1}, "level must be a number between 0 and 1"),
        ({"seed": None}, "seed must be a whole number of at least 0"),
    ],
)
def test_options_are_checked(features, options, words):
    with pytest.raises(OptionError, match=words):
        frames(features, **options)


def test_scores_ship_where_every_article_has_vectors(features, monkeypatch):
    monkeypatch.setattr("analysis.tl._frames_prototypes.load_encoder", Worlds)

    def shipment(private):
        return Shipment(SimpleNamespace(features=private), None, None)

    (name,) = SHIPS.tables
    shipped = SHIPS.make(shipment(features))[name]
    scores = prototype_scores(features, ["sea", "land"], Worlds())[0]
    assert list(shipped) == ["article_id", "frame", "probability"]
    for (article, frame), rows in scores.groupby(["article_id", "frame"]):
        here = shipped[(shipped["article_id"] == article) & (shipped["frame"] == frame)]
        there = sorted(rows["probability"], reverse=True)
        assert here["probability"].is_monotonic_decreasing  # in no order of the text
        np.testing.assert_allclose(here["probability"], there, atol=0.1)
        assert (here["probability"] >= 0.5).sum() == (rows["probability"] >= 0.5).sum()
    assert SHIPS.make(shipment(features_of(TEXTS, encoder=None))) == {}
    assert SHIPS.make(shipment(features_of(TEXTS, {}))) == {}


def test_the_shared_form_reads_back_what_the_private_form_shipped(features, result, tmp_path):
    scores = prototype_scores(features, ["sea", "land"], Worlds())[0]
    save(
        tmp_path / "features",
        shared_tables(features, b"k" * 32, say=quiet),
        form=SHARED,
        corpus="x",
        digest="",
        languages=["en"],
        entries=features.manifest["entries"],
        codebook=features.manifest["codebook"],
        results={RESULT: coarse_scores(scores)},
    )
    shipped = frames(load_features(tmp_path / "features"), method="prototypes", draws=200)
    counts = ["group", "frame", "n_carrying", "n_sentences", "n_articles"]
    pd.testing.assert_frame_equal(shipped.table[counts], result.table[counts])
    np.testing.assert_allclose(shipped.table["share"], result.table["share"], atol=0.05)
    assert shipped.params["measured_on"] == "results" and shipped.sentences.empty
    assert any("without saying of which sentence" in note for note in shipped.notes)
    with pytest.raises(FeaturesError, match="which sentence carries a frame is not shared"):
        frames(load_features(tmp_path / "features"), method="prototypes", coded=coded_rows())
    with pytest.raises(FeaturesError, match="only the private form"):
        frames(
            load_features(tmp_path / "features"),
            method="coded",
            coded=coded_rows(),
            encoder=Worlds(),
        )


def test_a_coded_sheet_teaches_frames_that_other_articles_show():
    texts = {f"a{i}": f"{SEA[i % 5]} {LAND[(i + 1) % 5]} {SKY[i % 5]}" for i in range(12)}
    sheet = coded_rows(texts, [f"a{i}" for i in range(9)])
    result = frames(features_of(texts), method="coded", coded=sheet, encoder=Worlds(), draws=100)
    found = result.scores[
        result.scores["carries"] & result.scores["article_id"].isin(["a9", "a10", "a11"])
    ]
    assert (
        found[["sentence", "frame"]].drop_duplicates().values.tolist() == [[0, "sea"], [1, "land"]]
        and len(found) == 6
    )
    assert result.table["share"].between(0.1, 0.6).all()
    quality = result.quality.set_index("frame")
    assert (
        quality.loc["sea", ["n_coded", "n_articles", "f1"]].tolist() == [9, 9, 1.0]
        and quality.loc[MEAN, "n_coded"] == 27
    )
    assert any("Fewer than 10 coded sentences: sea (9), land (9)" in note for note in result.notes)
    assert (
        set(result.words.columns) == {"article_id", "frame", "pattern", "count", "pull"}
        and (result.words["pull"] > 0).all()
    )


def test_the_codebook_needs_no_frames_where_a_sheet_names_them():
    texts = {f"a{i}": f"{SEA[i % 5]} {LAND[(i + 1) % 5]}" for i in range(8)}
    result = frames(
        features_of(texts, {}), method="coded", coded=coded_rows(texts), encoder=Worlds(), draws=10
    )
    assert result.quality.set_index("frame").loc[MEAN, "f1"] == 1 and any(
        "having no frame" in note for note in result.notes
    )


def test_one_example_of_a_frame_is_enough_to_begin_with(features):
    sheet = pd.DataFrame(
        {"article_id": ["ports", "farms"], "sentence": [0, 0], "frame": ["sea", "land"]}
    )
    result = frames(features, method="coded", coded=sheet, encoder=Worlds(), draws=10)
    assert shares(result)["sea"].idxmax() == "ports" and shares(result)["land"].idxmax() == "farms"
    assert result.quality["n_coded"].tolist() == [1, 1, 2] and result.quality["f1"].isna().all()


def test_coded_sentences_of_one_article_only_are_said_to_be_so(features):
    result = frames(
        features, method="coded", coded=coded_rows(articles=["both"]), encoder=Worlds(), draws=10
    )
    assert result.params["folds"] == "by sentence" and any(
        "of one article" in note for note in result.notes
    )


def test_a_sentence_may_have_several_frames(features):
    sheet = pd.concat(
        [
            coded_rows(),
            pd.DataFrame({"article_id": "ports", "sentence": range(5), "frame": "outdoors"}),
            pd.DataFrame({"article_id": "farms", "sentence": range(5), "frame": "outdoors"}),
        ]
    )
    result = frames(features, method="coded", coded=sheet, encoder=Worlds(), draws=10)
    first = result.scores.query("article_id == 'ports' and sentence == 0 and carries")[
        "frame"
    ].tolist()
    assert first == ["sea", "outdoors"] and not result.params["one"]


def test_probabilities_learned_from_half_of_random_codes_say_how_often_a_frame_is_there():
    rng = np.random.default_rng(0)
    texts = {
        f"a{i:03d}": rng.choice(
            [rng.choice(SEA), rng.choice(LAND), rng.choice(SKY)], p=[0.2, 0.3, 0.5]
        )
        for i in range(200)
    }
    sheet = coded_rows(texts, [f"a{i:03d}" for i in range(100)])
    noisy = sheet.assign(frame=[f if rng.random() > 0.2 else "" for f in sheet["frame"]])
    result = frames(features_of(texts), method="coded", coded=noisy, encoder=Worlds(), draws=10)
    mean = result.table.groupby("frame")["share"].mean()
    assert np.isclose(mean["sea"], (noisy["frame"] == "sea").mean(), atol=0.05) and np.isclose(
        mean["land"], (noisy["frame"] == "land").mean(), atol=0.05
    )


def test_the_same_sheet_gives_the_same_numbers_in_any_order_of_rows(features):
    one, other = (
        frames(features, method="coded", coded=sheet, encoder=Worlds(), draws=10)
        for sheet in (coded_rows(), coded_rows()[::-1])
    )
    pd.testing.assert_frame_equal(one.scores, other.scores)
    pd.testing.assert_frame_equal(one.quality, other.quality)


def test_sentences_are_found_by_their_words(features):
    by_text = pd.DataFrame(
        {
            "article_id": ["ports", "farms"],
            "text": ["the BOATS sailed, at dawn", LAND[1]],
            "frame": ["sea", "land"],
        }
    )
    by_number = pd.DataFrame(
        {"article_id": ["ports", "farms"], "sentence": [0, 1], "frame": ["sea", "land"]}
    )
    one, other = (
        learn(features, read_frame_codes(sheet), encoder=Worlds(), draws=10)
        for sheet in (by_text, by_number)
    )
    pd.testing.assert_frame_equal(one.scores, other.scores)


@pytest.mark.parametrize(
    "rows, words",
    [
        ([("sky", 0, "sea")], "'sky', which"),
        ([("ports", 99, "sea")], "from 0 to 5"),
        ([("ports", 0, "sea"), ("ports", 0, "")], "keep one"),
    ],
)
def test_codes_that_the_corpus_does_not_have_are_told(features, rows, words):
    with pytest.raises(CorpusError, match=words):
        frames(
            features,
            method="coded",
            coded=pd.DataFrame(rows, columns=["article_id", "sentence", "frame"]),
            encoder=Worlds(),
        )


def test_a_text_that_no_sentence_has_and_a_frame_that_all_have_are_told(features):
    with pytest.raises(CorpusError, match="row 2.*exactly the words"):
        frames(
            features,
            method="coded",
            coded=pd.DataFrame({"article_id": ["ports"], "text": ["The boats"], "frame": ["sea"]}),
            encoder=Worlds(),
        )
    with pytest.raises(FeaturesError, match="every sentence is coded with 'sea'"):
        frames(
            features,
            method="coded",
            coded=pd.DataFrame(
                {"article_id": ["ports"] * 2, "sentence": [0, 1], "frame": ["sea"] * 2}
            ),
            encoder=Worlds(),
        )


@settings(max_examples=settings.default.max_examples // 3)  # each learns what it is taught
@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(TEXTS)), st.integers(0, 4), st.sampled_from(["sea", "land", "x"])
        ),
        min_size=2,
        max_size=12,
        unique=True,
    )
)
def test_any_sheet_gives_shares_from_0_to_1_or_says_why_not(features, rows):
    sheet = pd.DataFrame(rows, columns=["article_id", "sentence", "frame"])
    before = sheet.copy()
    try:
        result = frames(features, method="coded", coded=sheet, encoder=Worlds(), draws=5)
    except FeaturesError as error:
        assert "every sentence is coded with" in str(error)
        return
    assert (
        result.table["share"].between(0, 1).all()
        and len(result.table) == 4 * sheet["frame"].nunique()
    )
    assert sheet.equals(before)


def test_figures_of_every_method_say_what_they_draw(result, features):
    learned = frames(features, method="coded", coded=coded_rows(), encoder=Worlds(), draws=10)
    words = frames(features, draws=10)
    for found, label in (
        (result, "like the frame’s examples"),
        (learned, "learned from codes"),
        (words, "share of all words"),
    ):
        figure = pl.frames(found)
        said = [t.get_text() for legend in figure.canvas.legends for t in legend.findobj(Text)]
        assert figure.name == "frames" and figure.table is found.table
        assert any(label in text for text in said)
        assert figure.title == found.finding and "4 articles, 24 sentences" in figure.subtitle
        assert [ax.get_title(loc="left") for ax in figure.axes] == found.shown
    assert "1 frame word" not in pl.frames(words).subtitle
    dots = [x for line in pl.frames(words).axes[0].lines if line.get_marker() in "ox"
            for x in line.get_xdata()]  # fmt: skip
    of_first = words.table[words.table["frame"] == words.shown[0]]["share"]
    assert sorted(dots) == pytest.approx(sorted(of_first))


def outlets_of(rates, n_articles=12, *, seed=0):
    """Articles of each outlet, with its words of "sea" in a thousand."""
    rng, texts = np.random.default_rng(seed), {}
    for outlet, rate in rates.items():
        for i in range(n_articles):
            words = np.where(rng.random((12, 15)) < rate / 1000, "boat", "thing")
            texts[f"{outlet}{i}"] = " ".join(" ".join(row).capitalize() + "." for row in words)
    groups = {article: article.rstrip("0123456789") for article in texts}
    return in_memory(texts, frames={"sea": ["boat"], "land": ["cow"]}, outlets=groups)


def test_an_outlet_with_more_words_of_a_frame_is_named_and_equal_ones_are_not():
    found = frames(outlets_of({"Echo": 120, "Post": 20, "Sun": 20, "Mail": 20}), draws=300)
    assert found.params["by"] == "outlet" and found.groups["group"].tolist() == found.group_names
    table = found.table[found.table["frame"] == "sea"].set_index("group")
    assert table.loc["Echo", "apart"] and table.loc["Echo", "joint_low"] > table.loc["Echo", "rest"]
    assert found.differences[0] == ("sea", True, ["Echo"]) or len(found.differences[0][2]) > 1
    assert "Echo uses more words of sea" in found.finding
    equal = frames(
        outlets_of(dict.fromkeys(["Echo", "Post", "Sun", "Mail"], 20), seed=1), draws=300
    )
    assert equal.finding == "No outlet differs from the rest in its frame words beyond chance"
    two = frames(outlets_of({"Echo": 90, "Post": 90, "Sun": 9, "Mail": 9, "Star": 9}), draws=300)
    assert two.finding.startswith("Three outlets use fewer words of sea than the rest: ")
    assert two.finding.endswith("; two outlets use more words of sea: Echo and Post") or (
        "two outlets use more words of sea: Post and Echo" in two.finding
    )


def test_few_articles_are_not_told_apart_and_the_finding_says_so():
    found = frames(outlets_of({"Echo": 200, "Post": 10}, 2), by="outlet", draws=50)
    assert found.finding.startswith("Too few articles to say which outlet differs")
    one = frames(outlets_of({"Echo": 50}), by="outlet", draws=50)
    assert one.finding.startswith("Of ") and "most are of sea (" in one.finding
    assert pl.frames(one).axes[0].get_title(loc="left") == "sea"


def test_articles_without_a_group_do_not_count():
    features = outlets_of({"Echo": 90, "Post": 9})
    some = {a: a[:4] for a in features.article_ids[:14]}
    found = frames(features, by=some, draws=20)
    assert found.groups["n_articles"].sum() == 14 and set(found.words["article_id"]) <= set(some)
    assert set(found.sentences["article_id"]) <= set(some)
    assert found.vocabulary["count"].sum() == found.table["n_hits"].sum()


def test_negated_words_are_counted_and_so_are_words_of_two_frames():
    text = "It was not safe. It was safe. No one said so: safe it is. They don't attack. Attacks."
    said = {"safety": ["safe"], "conflict": ["attack*"], "violence": ["attacks"]}
    features = in_memory({"a": text, "b": "He attacks."}, frames=said)
    result = frames(features, draws=5)
    found = result.vocabulary.set_index(["frame", "pattern"])
    assert found["count"].tolist() == [3, 3, 2] and found["n_articles"].tolist() == [1, 2, 2]
    assert found["n_negated"].tolist() == [1, 1, 0]
    assert found["n_twice"].tolist() == [0, 2, 2]
    assert found["also_in"].tolist() == ["", "violence", "conflict"]
    assert any("2 (25%) follow a negation" in note and "4 (50%)" in note for note in result.notes)
    shared = from_tables(
        shared_tables(features, b"k" * 32, say=quiet), form=SHARED,
        entries=features.manifest["entries"],
    )  # fmt: skip
    public = frames(shared, draws=5)
    theirs = public.vocabulary
    assert theirs["n_negated"].tolist() == [1, 1, 0] and theirs["n_twice"].isna().all()
    assert theirs["also_in"].tolist() == list(found["also_in"])
    assert theirs["count"].tolist() == [3, 3, 2]
    said = (
        "Of 8 frame words, 2 (25%) follow a negation within 3 words and count all the same; 2 words"
    )
    assert any(note.startswith(said) for note in public.notes)
    pd.testing.assert_frame_equal(public.words, result.words, check_dtype=False)


def test_negation_is_not_looked_for_in_another_language():
    features = in_memory({"a": "Es ist not safe."}, frames={"s": ["safe"]}, language="de")
    assert frames(features, draws=5).vocabulary["n_negated"].isna().all()


def test_a_coded_sheet_says_how_precise_a_frames_words_are():
    features = in_memory(
        {"a": "A boat. A boat. A ship. Nothing. A boat."}, frames={"sea": ["boat", "ship"]}
    )
    sheet = pd.DataFrame(
        {"article_id": "a", "sentence": [0, 1, 2, 3], "frame": ["sea", "", "sea", "sea"]}
    )
    result = frames(features, coded=sheet, draws=20)
    row = result.quality.iloc[0]
    assert row[["n_coded", "n_found"]].tolist() == [3, 3]
    assert row["precision"] == row["recall"] == pytest.approx(2 / 3)
    assert row["precision_low"] < 2 / 3 < row["precision_high"]
    words = result.vocabulary.set_index("pattern")
    assert words.loc["boat", ["n_coded", "precision"]].tolist() == [2, 0.5]
    assert words.loc["ship", ["n_coded", "precision"]].tolist() == [1, 1]
    assert "In 4 coded sentences, 67% of those in which a frame is found" in pl.frames(result).alt
    with pytest.raises(OptionError, match="must have a frame of the codebook"):
        frames(features, coded=sheet.assign(frame="x"), draws=5)


@pytest.mark.long
def test_of_many_frames_six_are_drawn_and_of_many_articles_twenty():
    said = {f"frame {i}": {"words": [word]} for i, word in enumerate("a b c d e f g h".split())}
    texts = {f"t{i:02d}": "x y z." for i in range(60)}
    texts |= {f"t{i:02d}": "Of c and c and h and h, d e f g, and b of it." for i in range(20, 60)}
    result = frames(features_of(texts, said, encoder=None), draws=10)
    assert sorted(result.shown) == [f"frame {i}" for i in (1, 2, 3, 4, 5, 7)]
    figure = pl.frames(result)
    assert len(figure.axes) == 4 and "4 of 8 frames are drawn" in figure.subtitle
    assert len(figure.axes[0].get_yticks()) == 20 and figure.canvas.get_figheight() <= 9


def test_a_figure_without_rows_or_words_says_so(features):
    result = frames(features, draws=10)
    (ax,) = pl.frames(replace(result, table=result.table[:0])).axes
    assert ax.texts[0].get_text().startswith("No word of a frame")
    none = frames(features_of({"a": "It was so.", "b": "So it was."}), draws=10)
    assert none.finding == "No word of a frame stands in these articles"
    assert len(pl.frames(none).axes[0].texts) == 1


def test_a_course_over_weeks_has_a_panel_for_each_outlet():
    features = outlets_of({"Echo": 90, "Post": 9}, 20)
    articles = features.table("articles")
    weeks = pd.date_range("2024-01-01", periods=10, freq="W-MON").strftime("%Y-%m-%d")
    articles["published"] = [weeks[i % 10] for i in range(len(articles))]
    tables = {name: features.table(name) for name in features.manifest["tables"]}
    dated = from_tables(
        tables | {"articles": articles}, entries=features.manifest["entries"],
        codebook=features.manifest["codebook"],
    )  # fmt: skip
    result = frames(dated, by=["outlet", "week"], draws=20)
    assert len(result.table) == 2 * 10 * 2
    figure = pl.frames(result)
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["Echo", "Post"]


def test_words_are_counted(features):
    result = frames(features, draws=10)
    assert isinstance(features, Features) and list(result.table.columns) == [
        "group",
        "frame",
        "n_hits",
        "n_words",
        "n_sentences",
        "n_articles",
        "share",
        "low",
        "high",
        "shrunk",
        "rest",
        "joint_low",
        "joint_high",
        "apart",
        "weight",
    ]
    assert "method" not in result.params and result.table["n_hits"].sum() == 3


@pytest.mark.long
def test_the_benchmark_of_headlines_prints_what_it_promises(tmp_path, capsys, monkeypatch):
    said = gvfc.read_yaml(gvfc.FRAMES)[0]["frames"]
    rows = [
        (example, "1", theme)
        for theme, about in zip(gvfc.THEMES, said.values())
        for example in about["examples"]
    ]
    pd.DataFrame(
        rows + [("Off topic", "0", "99")], columns=["news_title", "Q1 Relevant", "Q3 Theme1"]
    ).to_parquet(tmp_path / "headlines.parquet")
    monkeypatch.setattr(gvfc, "PER_CLASS", 2)
    monkeypatch.setattr(gvfc, "FOLDS", 2)
    monkeypatch.setattr(gvfc, "RESAMPLED", 20)
    gvfc.main(["--data", str(tmp_path / "headlines.parquet"), "--draws", "2"])
    result = json.loads(capsys.readouterr().out)
    assert (
        result["headlines"] == 54
        and result["coded_16"]["n_tested"] == 36
        and result["prototypes"]["macro_f1"] > 0.9
    )
    for name in ("prototypes", "coded_16", "supervised", "supervised_without_codebook"):
        low, high = result[name]["interval"]
        assert low <= result[name]["macro_f1"] <= high


def test_frame_words_are_counted_by_article_and_sentence_and_traced():
    text = "They accused him. The clashes and sharp words went on. Nothing else."
    result = frames(
        in_memory(
            {"a": text, "b": "Nothing at all."},
            frames={"conflict": ["accus*", "clash*", "sharp words"], "other": ["zebra"]},
        )
    )
    row = result.table.query("group == 'a' and frame == 'conflict'").iloc[0]
    assert (row["n_hits"], row["n_words"], row["n_sentences"]) == (3, 12, 3) and row[
        "share"
    ] == 3 / 12
    assert row["low"] <= row["share"] <= row["high"]
    assert result.sentences[["sentence", "n_hits"]].values.tolist() == [[0, 1], [1, 2]]
    assert [text[s:e] for s, e in result.sentences[["start", "end"]].values] == [
        "They accused him.",
        "The clashes and sharp words went on.",
    ]
    assert dict(zip(result.words["pattern"], result.words["count"])) == {
        "accus*": 1,
        "clash*": 1,
        "sharp words": 1,
    }


def test_a_phrase_does_not_run_over_a_sentence_end():
    result = frames(
        in_memory({"a": "It was sharp. Words followed."}, frames={"conflict": ["sharp words"]})
    )
    assert result.table["n_hits"].sum() == 0


def test_without_frames_the_codebook_is_named():
    with pytest.raises(FeaturesError, match="codebook names no frames"):
        frames(in_memory({"a": "the crew loaded boxes"}))


def test_no_articles_are_a_corpus_too():
    result = frames(in_memory({}, frames={"sea": ["boat"]}))
    assert result.table.empty and result.sentences.empty
    assert pl.frames(result).table.empty
