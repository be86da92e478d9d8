"""Axes: the formula written out, planted poles, exchangeable groups, both forms, and the axes that
ship.
"""

import hashlib
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.codebook import SHIPPED, read_codebook
from analysis.errors import FeaturesError, LanguageError, OptionError
from analysis.features import SHARED, from_tables
from analysis.io.yaml import read_yaml
from analysis.pl.axes import axes as draw
from analysis.pl.figure import settle
from analysis.shared_form import shared_tables
from analysis.tl._axis_vectors import word_vectors
from analysis.tl.axes import axes
from benchmarks import axes_lexicon
from tests.memory import features_of
from tests.quick import Encoder
from tests.small import CODEBOOK, write_corpus

POLES = {"up-down": {"low": ["down"], "high": ["up"]}}
WORDS = "crew boxes gulls water trucks sheds rope crane harbour storm ledger tide".split()


class Toy:
    """Words that begin with "up" lie along one direction, "down" against it, others anywhere, as
    their letters say.
    """

    name, digest = "toy", "toy"

    def __init__(self):
        self.seen = []

    def encode(self, sentences):
        rows = []
        for sentence in sentences:
            word = sentence.removeprefix("The word ").removesuffix(".")
            self.seen.append(word)
            rng = np.random.default_rng(list(hashlib.sha256(word.encode()).digest()[:8]))
            vector = rng.normal(size=8) * 0.3
            vector[0] = (
                2.0 if word.startswith("up") else -2.0 if word.startswith("down") else vector[0]
            )
            rows.append(vector / np.linalg.norm(vector))
        return np.array(rows, np.float32)


def corpus(seed, n_articles, extra=()):
    rng = np.random.default_rng(seed)
    return {
        f"a{i}": " ".join(
            " ".join([*rng.choice(WORDS, 6), *(extra if i % 2 else ())]).capitalize() + "."
            for _ in range(6)
        )
        for i in range(n_articles)
    }


def by_outlet(texts):
    return features_of(texts, outlets={a: str(i % 2) for i, a in enumerate(texts)})


def test_bias_and_intensity_are_the_formula():
    features, toy = features_of({"a": "upward upward crane tide", "b": "downward rope"}), Toy()
    result = axes(features, axes=POLES, encoder=toy, draws=10)
    line = word_vectors(["up"], toy)[0].astype(float) - word_vectors(["down"], toy)[0]
    s = {
        w: float(word_vectors([w], toy)[0] @ line / np.linalg.norm(line))
        for w in ("upward", "crane", "tide", "downward", "rope")
    }
    a, b = [s["upward"], s["upward"], s["crane"], s["tide"]], [s["downward"], s["rope"]]
    baseline = np.mean(a + b)
    assert result.table["bias"].tolist() == pytest.approx([np.mean(a), np.mean(b)])
    assert result.table["intensity"].tolist() == pytest.approx(
        [np.mean((np.array(x) - baseline) ** 2) for x in (a, b)]
    )
    assert result.table["baseline"].tolist() == pytest.approx([baseline] * 2) and result.table[
        "n_words"
    ].tolist() == [4, 2]
    word = result.words.query("group == 'a' and pole == 'high'").iloc[0]
    assert (word["term"], word["count"]) == ("upward", 2) and word["contribution"] == pytest.approx(
        2 * (s["upward"] - baseline) / 4
    )
    assert result.words.groupby("group")["contribution"].sum().tolist() == pytest.approx(
        (result.table["bias"] - baseline).tolist()
    )


def test_a_planted_pole_is_beyond_chance_and_its_word_pulls():
    features = by_outlet(corpus(1, 24, ("upward",)))
    result = axes(features, axes=POLES, by="outlet", encoder=Toy(), draws=200)
    table = result.table.set_index("group")
    assert (table["p_adjusted"] <= 0.02).all() and table.loc["1", "low"] > table.loc["0", "high"]
    assert (
        result.words.query("group == '1' and pole == 'high'")["term"].iloc[0] == "upward"
        and result.params["unit"] == "article"
    )
    assert (table["low"] < table["bias"]).all() and (table["bias"] < table["high"]).all()


@pytest.mark.short("24-article")
@pytest.mark.parametrize(("n_articles", "unit"), [(24, "article"), (4, "sentence")])
def test_exchangeable_groups_lean_as_chance_gives(n_articles, unit):
    features = features_of(corpus(200, n_articles), parse="none")
    passed, rng = [], np.random.default_rng(7)
    for _ in range(12):
        drawn = dict(
            zip(features.article_ids, map(str, rng.permutation(np.arange(n_articles) % 2)))
        )
        result = axes(features, axes=POLES, by=drawn, encoder=Toy(), draws=49)
        assert result.params["unit"] == unit
        passed.append(result.table["p_adjusted"].min() <= 0.05)
    assert np.mean(passed) <= 0.15


def test_the_shared_form_gives_the_same_biases_and_says_how_it_drew():
    private = features_of(corpus(3, 4))
    shared = from_tables(shared_tables(private, b"k" * 32, say=lambda line: None), form=SHARED)
    own, theirs = (axes(f, axes=POLES, encoder=Toy(), draws=50) for f in (private, shared))
    same = ["group", "axis", "bias", "baseline", "intensity", "n_words", "coverage"]
    pd.testing.assert_frame_equal(own.table[same], theirs.table[same])
    pd.testing.assert_frame_equal(own.words, theirs.words)
    assert theirs.params["unit"] == "word" and any("one by one" in note for note in theirs.notes)
    assert theirs.table["low"].notna().all() and theirs.table["p"].between(0, 1).all()


def test_names_and_function_words_do_not_count_unless_asked():
    features, toy = (
        features_of(
            {
                "a": "So said Reyes of the rope. We met Reyes. Then Reyes left.",
                "b": "The rope and the crane.",
            }
        ),
        Toy(),
    )
    axes(features, axes=POLES, encoder=toy, draws=2)
    assert "reyes" not in toy.seen and "the" not in toy.seen and "rope" in toy.seen
    other = Toy()
    axes(features, axes=POLES, encoder=other, draws=2, names=True, stop_words=True)
    assert {"reyes", "the"} <= set(other.seen)


def test_the_most_frequent_words_are_embedded_and_coverage_says_which_share():
    features = features_of({"a": "rope rope rope crane", "b": "rope rope tide"})
    result = axes(features, axes=POLES, encoder=Toy(), draws=2, most=1)
    assert result.table["coverage"].tolist() == pytest.approx([0.75, 2 / 3]) and any(
        "67%" in note for note in result.notes
    )


def test_a_background_gives_the_baseline():
    features = features_of({"a": "upward rope", "b": "rope tide"})
    result = axes(
        features, axes=POLES, encoder=Toy(), draws=100, background={"downward": 9, "rope": 1}
    )
    assert (result.table["baseline"] < -0.5).all() and (
        result.table["bias"] > result.table["baseline"]
    ).all()


def test_the_codebooks_axes_are_the_default_and_words_are_embedded_once(tmp_path):
    features, toy = features_of({"a": "upward rope", "b": "rope tide"}), Toy()
    with pytest.raises(FeaturesError, match=r"use: \[axes\]"):
        axes(features, encoder=toy)
    features.manifest["codebook"] = {"axes": POLES}
    assert axes(features, encoder=toy, draws=2).table["axis"].unique().tolist() == ["up-down"]
    axes(features, encoder=toy, draws=2)
    assert toy.seen.count("rope") == 1


def test_a_group_without_words_has_no_bias():
    result = axes(
        features_of({"a": "upward rope", "b": "12 34"}), axes=POLES, encoder=Toy(), draws=20
    )
    empty = result.table.set_index("group").loc["b"]
    assert empty[["bias", "low", "p", "p_adjusted"]].isna().all() and empty["n_words"] == 0
    # there is no other group with words to compare it with
    assert result.table[["rest", "p"]].isna().iloc[0].all() and not result.table["apart"].any()


def test_another_language_is_refused():
    with pytest.raises(LanguageError, match="axes"):
        axes(
            features_of({"a": "Der Rat", "b": "Die Stadt"}, language="de"),
            axes=POLES,
            encoder=Toy(),
        )


@pytest.mark.parametrize(
    "given",
    [
        {},
        [],
        {"x": ["up"]},
        {"x": {"low": [], "high": ["up"]}},
        {"x": {"low": ["up"], "high": ["up"]}},
        {"x": {"low": "down", "high": ["up"]}},
    ],
)
def test_wrong_axes_are_refused(given):
    with pytest.raises(OptionError, match="must be a mapping|keep each"):
        axes(features_of({"a": "up", "b": "down"}), axes=given, encoder=Toy())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"draws": 0}, "draws must be a whole number of at least 1"),
        ({"draws": True}, "draws must be a whole number"),
        ({"most": 0}, "most must be a whole number of at least 1"),
        ({"most": 2.5}, "most must be a whole number"),
        ({"level": 2}, "level must be a number between 0 and 1"),
        ({"level": "a"}, "level must be a number between 0 and 1"),
        ({"seed": 1.5}, "seed must be a whole number"),
        ({"names": "no"}, "names must be True or False"),
        ({"by": "colour"}, "by must be one or more of"),
        ({"within": "colour"}, "within must be one or more of"),
        ({"within": "outlet", "background": {"up": 1}}, "within must be None"),
        ({"background": {}}, "background must have a count"),
        ({"background": 3}, "background must be a corpus"),
        ({"background": {"12": 3}}, "background must have words that count"),
        ({"encoder": "minilm"}, "encoder must be one that"),
    ],
)
def test_a_wrong_option_is_refused(options, message):
    options = {"axes": POLES, "encoder": Toy(), **options}
    with pytest.raises(OptionError, match=message):
        axes(features_of({"a": "up rope", "b": "down rope"}), **options)


def test_the_shipped_axes_can_be_used_and_order_plain_words(tmp_path):
    folder = write_corpus(tmp_path / "small", codebook=CODEBOOK + "use: [axes]\n")
    codebook, faults = read_codebook(folder / "codebook.yml")
    assert not faults and len(codebook.axes) == 9
    shipped = read_yaml(SHIPPED / "axes.yml")[0]["axes"]
    poles = {name: {"low": a["low"], "high": a["high"]} for name, a in shipped.items()}
    assert all(set(a["low"]).isdisjoint(a["high"]) for a in poles.values())
    features = features_of(
        {
            "dark": "murder torture scandal disaster liar",
            "bright": "friendship delight success generosity hope",
        }
    )
    bias = axes(
        features, axes={n: poles[n] for n in ("good-bad", "care-harm")}, draws=2
    ).table.pivot(index="group", columns="axis", values="bias")
    assert (bias.loc["bright"] > bias.loc["dark"] + 0.1).all()


@pytest.mark.parametrize(
    "texts",
    [corpus(1, 24, ("upward",)), {"a": "upward rope", "b": "12 34"}, {"a": "rope", "b": "rope"}],
)
def test_the_figure_fits_and_names_what_leans(texts):
    features = by_outlet(texts)
    result = axes(features, axes=POLES, by="outlet", encoder=Toy(), draws=100)
    figure = draw(result).canvas
    settle(figure)
    (x0, y0), (x1, y1) = figure.get_tightbbox().get_points()
    width, height = figure.get_size_inches()
    assert x0 >= -0.01 and y0 >= -0.01 and x1 <= width + 0.01 and y1 <= height + 0.01
    beyond = (result.table["p_adjusted"] <= 0.05).any()
    assert ("The words of 1 lean more to “up”" in result.finding) == beyond == (len(texts) == 24)


def test_of_many_groups_those_that_lean_most_are_drawn_and_of_axes_four():
    texts = {
        f"a{i}": "rope crane tide " * 3 + ("upward " * 9 if i == 28 else "") for i in range(30)
    }
    poles = {f"axis {i}": {"low": [f"down{i}"], "high": [f"up{i}"]} for i in range(5)}
    result = axes(features_of(texts), axes=poles, encoder=Toy(), draws=20)
    figure = draw(result)
    assert len(figure.axes) == 4 and figure.canvas.get_size_inches()[1] < 9
    labels = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    assert len(labels) == 20 and "a28" in labels and labels[-1] == "11 articles more, together"
    assert len(figure.table) == 30 * 5 and "4 of 5 axes are drawn" in figure.subtitle
    (only,) = draw(result, axes=["axis 4"]).axes
    assert only.get_title(loc="left") == "down4 – up4"


def test_joint_bounds_exclude_the_rest_where_p_adjusted_is_below_the_level():
    texts = {f"a{i}": "Rope crane tide. " * 12 + "Upward upward. " * (i == 3) * 9 for i in range(6)}
    result = axes(features_of(texts), axes=POLES, encoder=Toy(), draws=199)
    table = result.table
    outside = (table["joint_low"] > table["rest"]) | (table["joint_high"] < table["rest"])
    assert outside.tolist() == table["apart"].tolist() == (table["p_adjusted"] <= 0.05).tolist()
    assert table.loc[table["apart"], "group"].tolist() == ["a3"]
    assert result.finding == "The words of a3 lean more to “up” than the rest"


def test_few_articles_of_an_outlet_are_exchanged_whole_and_never_named():
    texts = corpus(1, 24, ("upward",))
    outlets = {a: "few" if i < 3 else "many" for i, a in enumerate(texts)}
    result = axes(features_of(texts, outlets=outlets), axes=POLES, by="outlet", encoder=Toy())
    assert result.params["unit"] == "article" and result.table["n_units"].tolist() == [3, 21]
    assert not result.table.set_index("group").loc["few", "apart"]


def test_without_rows_the_figure_says_so_and_wrong_options_are_refused():
    result = axes(features_of({"a": "upward", "b": "rope"}), axes=POLES, encoder=Toy(), draws=5)
    (ax,) = draw(replace(result, table=result.table[:0])).axes
    assert ax.texts[0].get_text() == "No words were compared along an axis."
    with pytest.raises(OptionError, match="axes must be"):
        draw(result, axes=["z"])


def test_the_benchmark_prints_what_it_promises(capsys, monkeypatch):
    monkeypatch.setattr(axes_lexicon, "load_encoder", Encoder)
    axes_lexicon.main(["--words", "800"])
    result = json.loads(capsys.readouterr().out)
    assert (
        result["words"] >= 5
        and set(result["ways"]["the word"]) == {"auc", "spearman", "poles"}
        and len(result["ways"]) == 3 * len(axes_lexicon.CARRIERS)
    )
