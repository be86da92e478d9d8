"""Profiles: ratios of sums, strata taken out, blocks of equal weight, missing cells at the mean."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from analysis import pl
from analysis.errors import FeaturesError, OptionError
from analysis.features import PRIVATE, SHARED, from_tables
from analysis.shared_form import shared_tables
from analysis.tl._blocks import BLOCKS, FRAMING, BlockCounts
from analysis.tl._profile_sample import ProfileSample
from analysis.tl.profile import profile
from tests.memory import features_of, with_column

FRAMES = {"money": ["money", "bank*"], "fear": ["fear"]}
TEXTS = {
    "a": 'Money is all. He said "fear is a poor guide", and money talks. Banks fear it.',
    "b": "Nobody spoke! The night was long and, they say, cold.",
    "c": "They fear money. We feared banks; banks fear us. It is cold.",
}


def shared(features):
    return from_tables(
        shared_tables(features, b"k" * 32, say=lambda *_: None),
        form=SHARED,
        entries=features.manifest["entries"],
        codebook=features.manifest["codebook"],
    )


def test_values_are_ratios_of_sums_over_sentences():
    features = features_of(TEXTS, frames=FRAMES)
    table = profile(features, blocks=("frames",)).table.set_index(["group", "feature"])
    assert (
        table.loc[("a", "money"), "value"] == pytest.approx(3 / 16)
        and table.loc[("a", "money"), "n"] == 16
    )
    assert table.loc[("b", "fear"), "value"] == 0
    assert (table["low"] <= table["value"] + 1e-12).all() and (
        table["value"] <= table["high"] + 1e-12
    ).all()


def test_columns_are_standardised_over_articles_and_blocks_weigh_the_same():
    made = profile(features_of(TEXTS, frames=FRAMES), blocks=("frames", "style", "voices"))
    differ = made.matrix.loc[:, made.matrix.abs().max() > 0]
    np.testing.assert_allclose(differ.mean(), 0, atol=1e-12)
    np.testing.assert_allclose(differ.std(ddof=0), 1)
    assert largest(made) == pytest.approx({"frames": 1, "style": 1, "voices": 1})
    heavy = profile(
        features_of(TEXTS, frames=FRAMES), blocks=("frames", "style"), weights={"style": 2}
    )
    assert largest(heavy) == pytest.approx({"frames": 1, "style": 2})


def largest(made):
    """The standard deviation of each block along the line on which it varies most, by a plain
    decomposition.
    """
    weighted, of = (
        (made.matrix * made.weights).to_numpy(),
        np.array([c.split(": ")[0] for c in made.matrix.columns]),
    )
    return {
        name: np.sqrt(
            np.linalg.eigvalsh(weighted[:, of == name].T @ weighted[:, of == name]).max()
            / len(weighted)
        )
        for name in dict.fromkeys(of)
    }


def test_default_blocks_hold_neither_style_nor_content():
    assert not set(FRAMING) & {"style", "function_words", "content"}
    made = profile(features_of(TEXTS, frames=FRAMES), draws=10)
    assert set(made.params["blocks"]) <= set(FRAMING) and any(
        "Left out" in said for said in made.notes
    )
    assert any(
        "how an outlet writes" in said
        for said in profile(features_of(TEXTS), blocks=("style",), draws=10).notes
    )


def test_a_storys_mean_is_taken_out():
    features = with_column(
        features_of(
            {
                **TEXTS,
                "d": TEXTS["a"] + " Money! Money! Money!",
                "e": "They spoke of money and money.",
            },
            frames=FRAMES,
        ),
        "event",
        ["one", "one", "two", "two", "alone"],
    )
    made = profile(features, blocks=("frames", "style"), within="event", draws=10)
    stories = np.array(["one", "one", "two", "two", "alone"])
    for story in set(stories):
        np.testing.assert_allclose(made.matrix[stories == story].mean(), 0, atol=1e-12)
    assert (made.matrix.loc["e"] == 0).all() and any(
        "one article only" in said for said in made.notes
    )


def test_what_cannot_be_counted_stands_at_the_mean_and_is_marked(monkeypatch):
    def half(features):
        return BlockCounts(["x"], np.array([[4.0], [0.0], [8.0]]), np.array([[4.0], [0.0], [4.0]]))

    monkeypatch.setitem(BLOCKS, "frames", half)
    features = features_of(dict.fromkeys("abc", "One sentence only"))
    made = profile(features, blocks=("frames",), draws=10)
    assert made.table["imputed"].tolist() == [False, True, False] and np.isnan(
        made.table["value"].iloc[1]
    )
    np.testing.assert_allclose(made.matrix["frames: x"], np.array([-1, 0, 1]) / np.sqrt(2 / 3))
    assert made.blocks["n_imputed"].tolist() == [1]


def test_constant_features_and_identical_articles_say_nothing():
    made = profile(
        features_of(dict.fromkeys("abcd", TEXTS["a"]), frames=FRAMES),
        blocks=("frames", "style"),
        draws=10,
    )
    assert (made.matrix == 0).all().all() and made.blocks["n_features"].tolist() == [0, 0]


def test_the_same_sentences_are_drawn_in_every_block_and_whatever_else_is_asked():
    features = features_of(TEXTS, frames=FRAMES)
    one, two = (
        ProfileSample.of(features, blocks=blocks, within=None, weights=None, seed=3)
        for blocks in (("frames",), ("style", "frames"))
    )
    alone, beside = (next(iter(sample.resample(0, 20))) for sample in (one, two))
    np.testing.assert_allclose(alone, beside[:, -2:])


def test_draws_are_profiles_of_resampled_sentences():
    sample = ProfileSample.of(
        features_of(TEXTS, frames=FRAMES), blocks=("frames",), within=None, weights=None, seed=0
    )
    drawn = np.concatenate(list(sample.draws(300)))
    assert drawn.shape == (300, 3, 2) and np.abs(drawn.mean(axis=1)).max() < 1e-9
    assert len(np.unique(drawn.round(9), axis=0)) > 20


def test_the_shared_form_gives_what_it_can():
    private = features_of(TEXTS, frames=FRAMES, dictionaries={"mine": {"poor": -1.0, "cold": -0.5}})
    there = shared(private)
    for block in ("frames", "polarity"):
        pd.testing.assert_frame_equal(
            profile(private, blocks=(block,)).table, profile(there, blocks=(block,)).table
        )
    voices = profile(there, blocks=("voices",), draws=10)
    whole = profile(private, blocks=("voices",), draws=10).matrix
    pd.testing.assert_frame_equal(voices.matrix, whole[voices.matrix.columns])
    assert any("private form" in said for said in voices.notes)
    with pytest.raises(FeaturesError, match="shared form does not have style by sentence"):
        profile(there, blocks=("style",))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"blocks": ("mood",)}, "blocks must be one or more of 'labels', 'voices'"),
        ({"blocks": (["frames"],)}, "blocks must be one or more of"),
        ({"within": 5}, "within must be one or more of"),
        ({"blocks": ()}, "blocks must be one or more of"),
        ({"blocks": 5}, r"blocks must be one or more of .* \(got 5\)"),
        ({"weights": {"mood": 1}}, "weights must be one or more of 'labels', 'voices'"),
        ({"weights": {"frames": -1}}, r"weights\['frames'\] must be a number of at least 0"),
        ({"weights": {"frames": True}}, r"weights\['frames'\] must be a number"),
        ({"weights": ("frames",)}, "weights must be a mapping from block to number"),
        ({"within": "event"}, "within must be one or more of 'article_id'"),
        ({"draws": "a"}, "draws must be a whole number of at least 1"),
        ({"draws": 10.5}, r"draws must be a whole number of at least 1 \(got 10.5\)"),
        ({"draws": True}, "draws must be a whole number"),
        ({"level": -1}, "level must be a number between 0 and 1"),
        ({"level": 1}, "level must be a number between 0 and 1"),
        ({"seed": -1}, "seed must be a whole number"),
    ],
)
def test_wrong_options_are_refused(options, message):
    with pytest.raises(OptionError, match=message):
        profile(features_of(TEXTS, frames=FRAMES), **options)


def test_blocks_without_data_are_refused():
    features = features_of(TEXTS, frames=FRAMES)
    with pytest.raises(FeaturesError, match="the codebook names no dictionaries"):
        profile(features, blocks=("polarity",))
    with pytest.raises(FeaturesError, match="no article with a sentence"):
        profile(features_of({"a": ""}))
    with pytest.raises(OptionError, match="a measure takes a corpus"):
        profile("harbour")


def test_one_article_has_a_profile_at_the_mean():
    made = profile(features_of({"a": TEXTS["a"]}, frames=FRAMES), blocks=("frames",), draws=20)
    assert (made.matrix == 0).all().all() and made.table["value"].tolist() == pytest.approx(
        [3 / 16, 2 / 16]
    )


def test_texts_of_other_kinds_do_not_break_it():
    features = features_of(
        {"a": "WORDS WITHOUT AN END AND WITHOUT A STOP", "b": "", "c": "Und auf Deutsch?"},
        frames=FRAMES,
        language="de",
    )
    made = profile(features, blocks=("frames", "style", "voices"), draws=10)
    assert np.isfinite(made.matrix.to_numpy()).all()
    with pytest.raises(FeaturesError, match="English only"):
        profile(features, blocks=("function_words",))
    assert features.form == PRIVATE


def test_the_figure_draws_the_matrix_and_says_what_is_furthest():
    made = profile(features_of(TEXTS, frames=FRAMES), blocks=("frames", "style"), draws=5)
    figure = pl.profile(made)
    ax = figure.axes[0]
    differ = made.matrix.loc[:, made.matrix.abs().max() > 0]
    np.testing.assert_array_equal(ax.images[0].get_array(), differ)
    assert [text.get_text() for text in ax.get_yticklabels()] == ["a", "b", "c"]
    article, feature = made.matrix.abs().stack().idxmax()
    words = made.features.set_index(made.matrix.columns).loc[feature]
    said = words["more"] if made.matrix.loc[article, feature] > 0 else words["less"]
    assert figure.title == made.finding and f"{article}: {said}" in made.finding
    assert figure.name == "profile" and figure.table is made.table


def framed(figure):
    """The rows and columns that have a frame."""
    ax = figure.axes[0]
    rows, columns = (
        [tick.get_text() for tick in ticks]
        for ticks in (ax.get_yticklabels(), ax.get_xticklabels())
    )
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    return {(rows[round(b.get_y() + 0.5)], columns[round(b.get_x() + 0.5)]) for b in boxes}


@pytest.mark.parametrize("tied", [1, 2, 5])
def test_all_that_are_as_far_as_the_furthest_are_said_and_framed(tied):
    """What one article alone has is as far from the mean as anything can be."""
    made = profile(features_of(TEXTS, frames=FRAMES), blocks=("frames",), draws=5)
    names = [f"a{i:02}" for i in range(30)]
    rng = np.random.default_rng(0)
    matrix = pd.DataFrame(rng.normal(0, 1.5, (30, 2)).clip(-2, 2), names, made.matrix.columns)
    for i in range(tied):  # rows that are at the mean in all else
        matrix.iloc[-1 - i] = [(-1) ** i * 5.4, 0]
    groups = pd.DataFrame({"group": names, "label": names, "period": pd.NaT, "n_articles": 1})
    result = replace(made, matrix=matrix, groups=groups)
    assert [group for group, _ in result.furthest] == names[30 - tied :]
    words = made.features.iloc[0]
    order = list(range(tied))[::-1][:3]
    said = [f"{names[-1 - i]}: {words[('more', 'less')[i % 2]]}" for i in order]
    are = "is" if tied == 1 else "are, alike,"
    more = "; two more as far" * (tied == 5)
    assert result.finding == (
        f"Furthest from the mean {are} {'; '.join(said)}{more} (5.4 standard deviations)"
    )
    assert framed(pl.profile(result)) == {(names[-1 - i], words["name"]) for i in range(tied)}


def test_the_figure_draws_the_furthest_of_many():
    rng = np.random.default_rng(0)
    texts = {f"a{i}": "They fear money. " * int(rng.integers(1, 9)) for i in range(60)}
    made = profile(features_of(texts, frames=FRAMES), blocks=("style",), draws=1)
    figure = pl.profile(made)
    distance = (made.matrix**2).sum(axis=1)
    shown = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert len(shown) == 20 and distance[shown].min() >= distance.drop(shown).max()
    assert "20 of 60 articles" in figure.subtitle


def test_a_groups_value_is_the_ratio_of_sums_over_its_articles():
    features = features_of(TEXTS, frames=FRAMES, outlets={"a": "x", "b": "x", "c": "y"})
    made = profile(features, by="outlet", blocks=("frames",), draws=20)
    table = made.table.set_index(["group", "feature"])
    assert table.loc[("x", "money"), "value"] == pytest.approx(3 / 26)
    assert table.loc[("x", "money"), "n"] == 26 and made.matrix.index.tolist() == ["x", "y"]
    assert made.groups["n_articles"].tolist() == [2, 1] and made.params["by"] == "outlet"
    assert (table["low"] <= table["value"]).all() and (table["value"] <= table["high"]).all()


def test_a_group_departs_by_the_mean_of_its_articles_in_standard_errors(monkeypatch):
    rng, outlet = np.random.default_rng(0), np.repeat([0, 1], 40)
    values = np.column_stack([outlet * 2.0, np.zeros(80)]) + rng.normal(size=(80, 2))
    story = np.tile(np.arange(40), 2)
    values += 5 * rng.normal(size=(40, 2))[story]
    monkeypatch.setitem(
        BLOCKS, "frames", lambda _: BlockCounts(["x", "y"], values, np.ones((80, 1)))
    )
    features = features_of({f"a{i}": "One sentence only" for i in range(80)})
    features = with_column(features, "event", [f"e{s}" for s in story])
    features = with_column(features, "outlet", [f"o{o}" for o in outlet])
    made = profile(features, blocks=("frames",), within="event", draws=10)
    gap = values[outlet == 1, 0].mean() - values[outlet == 0, 0].mean()
    half = (values[outlet == 1, 0] - values[outlet == 0, 0]).var(ddof=1) / 4  # within stories
    error = np.sqrt(half / 40)
    assert made.matrix.loc["o1", "frames: x"] == pytest.approx(gap / 2 / error)
    assert made.weights["frames: x"] > 0.95 > made.weights["frames: y"]
    np.testing.assert_allclose(made.matrix.sum(), 0, atol=1e-9)


def test_the_figure_of_equal_articles_says_so():
    made = profile(features_of(dict.fromkeys("ab", TEXTS["a"])), blocks=("style",), draws=1)
    (ax,) = pl.profile(made).axes
    assert not ax.images and "No feature differs" in ax.texts[0].get_text()
