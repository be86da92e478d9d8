"""Clusters: planted groups are found and stable, noise is not; claims beside chance and topic."""

import functools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from analysis import pl, tl
from analysis.errors import FeaturesError, OptionError
from analysis.features import SHARED, load_features, save
from analysis.inference import permute_within
from analysis.pl.clusters import CLUSTER_FIGURES
from analysis.shared_form import shared_tables
from analysis.store import Shipment
from analysis.tl._blocks import BLOCKS, BlockCounts
from analysis.tl.clusters import SHIPS, Clusters
from tests.memory import features_of, with_column

WORDS = {"money": ["money"], "blame": ["blame"], "fear": ["fear"]}


def corpus(*kinds, frames=WORDS):
    rng = np.random.default_rng(1)
    texts = {}
    for number, kind in enumerate(kinds):
        sentences = [
            (
                f"There was {kind} and more {kind} again."
                if rng.random() < 0.8
                else "There was only weather."
            )
            for _ in range(40)
        ]
        texts[f"a{number}"] = " ".join(sentences)
    return features_of(texts, frames=frames)


def block_of(values, noise=0.1):
    """A block whose features have given means, one row per article, ten sentences each."""
    values = np.asarray(values, float)
    rng = np.random.default_rng(0)
    rows = np.repeat(values, 10, axis=0) + noise * rng.normal(
        size=(10 * len(values), values.shape[1])
    )
    return lambda features: BlockCounts(
        [f"x{i}" for i in range(values.shape[1])], rows, np.ones((len(rows), 1))
    )


@functools.cache
def ten_sentences(n):
    return features_of({f"a{i}": "They spoke of it. " * 10 for i in range(n)})


def test_planted_groups_are_found_and_hold():
    result = tl.clusters(
        corpus("money", "money", "money", "blame", "blame"), blocks=("frames",), draws=100
    )
    assert result.table["cluster"].tolist() == [1, 1, 1, 2, 2] == result.table["cut"].tolist()
    assert (result.table["stability"] > 0.9).all()
    assert result.together.loc["a0", "a1"] > 0.9 > 0.1 > result.together.loc["a0", "a4"]


def test_noise_gives_no_groups_and_a_small_corpus_is_told():
    result = tl.clusters(
        corpus("money", "money", "money", "money", "money"), blocks=("frames",), stable=0.95
    )
    assert result.table["size"].max() < 5
    assert any("Only 5 articles" in note for note in result.notes)


@pytest.mark.short("6")
@pytest.mark.parametrize("n", [6, 26])
def test_the_pair_in_the_title_is_joined_in_the_drawn_tree_and_marked(n, monkeypatch):
    values = np.random.default_rng(4).normal(size=(n, 6))
    monkeypatch.setitem(BLOCKS, "frames", block_of(values, noise=4))
    made = tl.clusters(ten_sentences(n), blocks=("frames",), draws=60, permutations=9, stable=1.0)
    assert made.table["size"].max() == 1
    # two that stand far apart in the tree are each other's nearest in most of the draws
    far = made.table.sort_values("place")["group"].iloc[[0, -1]].tolist()
    nearest = made.nearest.set_index("group")
    nearest.loc[far, "nearest"], nearest.loc[far, "together"] = far[::-1], 0.9
    result = replace(made, nearest=nearest.reset_index())
    pairs = result.merges[result.merges["size"] == 2]
    best = pairs.loc[pairs["stability"].idxmax()]
    a, b = best["members"].split(" | ")
    times = f"{100 * best['stability']:.0f}"
    assert result.finding.startswith(
        f"No articles are framed reliably alike: {a} and {b} come nearest, together in {times} of"
    )
    figure = pl.clusters(result)
    (axis,) = figure.axes
    bold = [text.get_text() for text in axis.texts if text.get_fontweight() == "bold"]
    assert bold == [times] and "black: the surest pair" in figure.subtitle
    height = {text.get_text(): text.get_position()[1] for text in axis.texts}
    thick = {y for line in axis.lines if line.get_linewidth() == 1.5 for y in line.get_ydata()}
    assert thick == {height[a], height[b]}


def test_the_tree_lists_its_members_and_all_join_at_last():
    result = tl.clusters(corpus("money", "blame", "fear"), blocks=("frames",), draws=20)
    assert (
        result.merges["size"].iloc[-1] == 3 and result.merges["members"].iloc[-1] == "a0 | a1 | a2"
    )
    assert result.merges["stability"].iloc[-1] == 1
    assert sorted(result.table["place"]) == [0, 1, 2]


def test_the_same_seed_gives_the_same_result():
    a, b = (
        tl.clusters(corpus("money", "blame", "fear"), draws=30, permutations=50) for _ in range(2)
    )
    assert all(
        getattr(a, name).equals(getattr(b, name))
        for name in ("table", "merges", "contributions", "together", "tests", "profile")
    )


def test_each_merges_shares_sum_to_one_and_name_the_block_that_differs(monkeypatch):
    monkeypatch.setitem(BLOCKS, "frames", block_of([[0, 0], [0, 0], [4, 4], [4, 4]]))
    monkeypatch.setitem(BLOCKS, "voices", block_of([[0], [9], [0], [9]], noise=0.01))
    result = tl.clusters(
        ten_sentences(4),
        blocks=("frames", "voices"),
        weights={"voices": 0.5},
        draws=20,
        permutations=20,
    )
    shares = result.contributions.pivot(index="merge", columns="block", values="share")
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert result.merges["mainly"].tolist() == ["voices", "voices", "frames"]
    assert shares.loc[6, "frames"] > 0.99 and shares.loc[4, "voices"] > 0.9


def test_wards_heights_are_the_sums_of_the_contributions(monkeypatch):
    rng = np.random.default_rng(5)
    monkeypatch.setitem(BLOCKS, "frames", block_of(rng.normal(size=(8, 3))))
    result = tl.clusters(ten_sentences(8), blocks=("frames",), draws=5, permutations=5)
    weighted = result.profile.to_numpy() * result.blocks["scale"].iloc[0]
    np.testing.assert_allclose(
        (result.merges["height"] ** 2).sum() / 2, (weighted**2).sum(), rtol=1e-6
    )


def test_outlets_show_where_the_story_is_taken_out_and_stories_where_it_is_not(monkeypatch):
    event, outlet = np.repeat(np.arange(6), 2), np.tile([0, 1], 6)
    rng = np.random.default_rng(2)
    topic = rng.normal(size=(6, 4))[event] * 5
    monkeypatch.setitem(BLOCKS, "frames", block_of(topic + 0.8 * outlet[:, None], noise=0.2))
    features = with_column(ten_sentences(12), "event", [f"e{e}" for e in event])
    inside = tl.clusters(features, blocks=("frames",), within="event", draws=30, permutations=99)
    across = tl.clusters(features, blocks=("frames",), draws=30, permutations=99)
    assert (
        adjusted_rand_score(outlet, inside.table["cut"]) == 1
        and inside.table["cluster"].nunique() == 2
    )
    assert (
        adjusted_rand_score(outlet, across.table["cut"]) < 0.1
        and adjusted_rand_score(event, across.table["cut"]) > 0.4
    )
    assert inside.tests.set_index("test").at["structure", "p"] == pytest.approx(0.01)


@pytest.mark.parametrize("within", [None, "event"])
@pytest.mark.long
def test_without_structure_p_is_spread_evenly(monkeypatch, within):
    values = []
    features = with_column(ten_sentences(12), "event", [f"e{i // 3}" for i in range(12)])
    for trial in range(40):
        rng = np.random.default_rng(trial)
        monkeypatch.setitem(BLOCKS, "frames", block_of(rng.normal(size=(12, 2)), noise=0))
        monkeypatch.setitem(BLOCKS, "voices", block_of(rng.normal(size=(12, 3)), noise=0))
        tests = tl.clusters(
            features,
            blocks=("frames", "voices"),
            within=within,
            draws=1,
            permutations=39,
            seed=trial,
        ).tests.set_index("test")
        values.append(tests["p"].reindex(["structure", "agreement of blocks", "topic: distances"]))
    p = pd.DataFrame(values).drop(columns="topic: distances").to_numpy()
    assert ((p <= 0.1).mean(axis=0) <= 0.25).all() and (np.abs(p.mean(axis=0) - 0.5) < 0.17).all()


def test_blocks_that_agree_are_told_from_blocks_that_do_not(monkeypatch):
    groups = np.repeat([0, 1], 8)
    rng = np.random.default_rng(4)
    monkeypatch.setitem(
        BLOCKS, "frames", block_of(groups[:, None] + 0.1 * rng.normal(size=(16, 3)))
    )
    for other, below in ((groups, True), (rng.permutation(groups), False)):
        monkeypatch.setitem(
            BLOCKS, "voices", block_of(other[:, None] + 0.1 * rng.normal(size=(16, 3)))
        )
        tests = tl.clusters(
            ten_sentences(16), blocks=("frames", "voices"), draws=2, permutations=99
        ).tests.set_index("test")
        assert (
            tests.at["structure", "p"] <= 0.02
            and (tests.at["agreement of blocks", "p"] <= 0.02) == below
        )


def test_what_the_words_alone_would_say_stands_beside():
    same = tl.clusters(
        corpus("money", "money", "money", "blame", "blame", "blame"),
        blocks=("frames",),
        draws=10,
        permutations=99,
    )
    tests = same.tests.set_index("test")
    assert (
        tests.at["topic: cuts", "value"] == pytest.approx(1)
        and tests.at["topic: distances", "value"] > 0.5
    )
    assert same.table["topic"].tolist() == [1, 1, 1, 2, 2, 2]
    topics = {
        f"a{i}": " ".join(
            f"The {noun} of {noun} and the {noun} have {frame} and {frame}." for _ in range(20)
        )
        for i, (noun, frame) in enumerate(
            (n, f) for n in ("fishermen", "schools") for f in ("money", "blame")
        )
    }
    other = tl.clusters(
        features_of(topics, frames=WORDS), blocks=("frames",), draws=10, permutations=20
    )
    assert (
        other.table["topic"].tolist() == [1, 1, 2, 2]
        and other.tests.set_index("test").at["topic: cuts", "value"] < 0.1
    )


def test_identical_articles_do_not_break_it_and_are_no_group():
    features = features_of(dict.fromkeys("abcd", "They blame money. They fear it."), frames=WORDS)
    result = tl.clusters(features, blocks=("frames", "style"), draws=10)
    assert (
        len(result.table) == 4
        and result.table["size"].max() == 1
        and result.tests["p"].isna().all()
    )
    assert result.finding_of("merges") == "No two articles differ"
    for kind in CLUSTER_FIGURES:
        assert pl.clusters(result, kind=kind).axes
    (ax,) = pl.clusters(result, kind="merges").axes
    assert not ax.patches and "the same profile" in ax.texts[0].get_text()


def test_two_articles_have_one_merge_and_no_test():
    result = tl.clusters(corpus("money", "fear"), blocks=("frames",), draws=10)
    assert (
        len(result.merges) == 1
        and result.table["size"].tolist() == [1, 1]
        and result.tests["p"].isna().all()
    )


def test_articles_without_a_word_do_not_break_it():
    features = features_of(
        {"a": "They blame money.", "b": "", "c": "They fear it. All of it!"}, frames=WORDS
    )
    assert len(tl.clusters(features, blocks=("frames", "style", "voices"), draws=10).table) == 3


def test_one_article_and_blocks_without_data_are_refused():
    with pytest.raises(FeaturesError, match="at least two"):
        tl.clusters(corpus("money"), blocks=("frames",))
    with pytest.raises(FeaturesError, match="cannot count the blocks 'tone'"):
        tl.clusters(corpus("money", "fear"), blocks=("tone",))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"blocks": ("sentiment",)}, "blocks must be one or more of 'labels', 'voices', 'frames'"),
        ({"blocks": ()}, "blocks must be one or more of"),
        ({"stable": 2}, r"stable must be a number from 0 to 1 \(got 2\)"),
        ({"stable": True}, "stable must be a number from 0 to 1"),
        ({"permutations": 0}, "permutations must be a whole number of at least 1"),
        ({"draws": 2.5}, "draws must be a whole number of at least 1"),
        ({"within": "event"}, "within must be one or more of 'article_id'"),
        ({"weights": {"frames": "a"}}, "must be a number of at least 0"),
        ({"seed": "a"}, "seed must be a whole number"),
    ],
)
def test_wrong_options_are_refused(options, message):
    with pytest.raises(OptionError, match=message):
        tl.clusters(corpus("money", "fear"), **options)


def test_the_shipped_result_is_the_owners(tmp_path):
    private = corpus("money", "money", "money", "blame", "blame")
    made, about = tl.clusters(private), private.manifest
    save(
        tmp_path / "features",
        shared_tables(private, b"k" * 32, say=lambda *_: None),
        form=SHARED,
        corpus="small",
        digest="d",
        languages=["en"],
        entries=about["entries"],
        codebook=about["codebook"],
        results=SHIPS.make(Shipment(SimpleNamespace(features=private), None, None)),
    )
    there = load_features(tmp_path / "features")
    read = tl.clusters(there)
    assert (
        isinstance(read, Clusters)
        and read.params["measured_on"] == "results"
        and read.notes == made.notes
    )
    for name in (
        "table",
        "profile",
        "merges",
        "contributions",
        "together",
        "tests",
        "blocks",
        "topic",
    ):
        pd.testing.assert_frame_equal(getattr(read, name), getattr(made, name), check_dtype=False)
    assert {key: read.params[key] for key in ("blocks", "draws", "weights")} == {
        key: made.params[key] for key in ("blocks", "draws", "weights")
    }
    assert set(SHIPS.tables) == set(there.manifest["results"])
    anew = tl.clusters(there, blocks=("frames",), draws=50)
    assert anew.params["measured_on"] == "shared features" and anew.table["cluster"].tolist() == [
        1,
        1,
        1,
        2,
        2,
    ]


def test_the_figures_say_the_finding():
    result = tl.clusters(corpus("money", "money", "money", "blame", "blame"), draws=50)
    assert result.finding.startswith(
        "Two clusters of articles are framed alike: a0, a1 and a2, in 100 of 100 resamples"
    )
    assert "frames" in result.finding_of("merges")
    assert "words agree at 1.00" in result.finding_of("topic")
    names = ["clusters", "clusters_merges", "clusters_topic"]
    for kind, name in zip(CLUSTER_FIGURES, names):
        figure = pl.clusters(result, kind=kind)
        assert figure.title == result.finding_of(kind) and figure.name == name
        assert " ".join(figure.canvas.get_suptitle().split()) == figure.title
    for of in (result.finding_of, lambda kind: pl.clusters(result, kind=kind)):
        with pytest.raises(OptionError, match="kind must be one of 'tree', 'merges', 'topic'"):
            of("stemma")


def test_the_figures_draw_the_numbers_of_the_result():
    result = tl.clusters(corpus("money", "money", "blame"), blocks=("frames", "style"), draws=20)
    (ax,) = pl.clusters(result).axes
    written = [text.get_text() for text in ax.texts]
    assert [name for name in written if name in ("a0", "a1", "a2")] == [
        *result.table.sort_values("place")["group"]
    ]
    alike = result.table.loc[result.table["size"] > 1, "stability"].iloc[0]
    assert f"{100 * alike:.0f}" in written
    (ax,) = pl.clusters(result, kind="merges").axes
    shares = result.contributions.pivot(index="merge", columns="block", values="share")
    drawn = np.reshape([bar.get_width() for bar in ax.patches], (2, 2)).T
    np.testing.assert_allclose(drawn, shares.loc[[4, 3], ["frames", "style"]])


@pytest.mark.long
def test_a_figure_of_many_articles_fits_a_page_and_says_how_many_it_draws(monkeypatch):
    monkeypatch.setitem(BLOCKS, "frames", block_of(np.eye(70)[:, :3]))
    result = tl.clusters(
        ten_sentences(70), by="article_id", blocks=("frames",), draws=2, permutations=2
    )
    for kind in CLUSTER_FIGURES:
        assert pl.clusters(result, kind=kind).canvas.get_size_inches()[1] <= 9
    figure = pl.clusters(result)
    names = [text.get_text() for text in figure.axes[0].texts]
    assert sum(name in set(result.table["group"]) for name in names) == 20
    assert "the 20 that come together most surely" in figure.subtitle


# --- groups of articles ---


def outlets(monkeypatch, n_articles, means, noise=1.0, seed=0):
    """Articles of as many outlets as there are rows of means, in turn."""
    rng, of = np.random.default_rng(seed), np.arange(n_articles) % len(means)
    values = np.asarray(means, float)[of] + noise * rng.normal(size=(n_articles, len(means[0])))
    monkeypatch.setitem(BLOCKS, "frames", block_of(values))
    return with_column(ten_sentences(n_articles), "outlet", [f"o{i}" for i in of])


ALIKE = [[2, 0, 0, 0], [2, 0, 0, 0], [0, 2, 0, 0], [0, 2, 0, 0], [0, 0, 3, 0], [0, 0, 0, 3]]
FAST = {"blocks": ("frames",), "draws": 100, "permutations": 39}


@pytest.mark.short("60")
@pytest.mark.parametrize("n", [60, 600])
def test_planted_outlets_that_frame_alike_come_together(monkeypatch, n):
    features = outlets(monkeypatch, n, ALIKE)
    result = tl.clusters(features, **FAST)
    assert result.params["by"] == "outlet" and result.groups["n_articles"].tolist() == [n // 6] * 6
    pairs = result.table[result.table["size"] > 1].groupby("cluster")["group"].agg(" ".join)
    assert {"o0 o1", "o2 o3"} <= set(pairs)
    assert result.merges["p"].min() == pytest.approx(1 / 40)
    assert "o0 and o1, in" in result.finding and "o2 and o3, in" in result.finding
    others = result.apart[result.apart["group"] == "o4"]
    assert others["feature"].iloc[0] == "x2" and result.says(group="o4")[0] == "much of x2"
    cluster = int(result.table["cluster"].iloc[0])
    assert result.says(cluster=cluster)[0] == ("much of x0")
    for kind in CLUSTER_FIGURES:
        assert pl.clusters(result, kind=kind).title


def test_articles_dealt_out_to_outlets_at_random_do_not_come_together(monkeypatch):
    found = []
    for trial in range(5):
        features = outlets(monkeypatch, 60, np.zeros((6, 4)), seed=trial)
        result = tl.clusters(features, **FAST)
        found.append((result.table["size"].max() > 1, len(result.apart) > 0))
    several, apart = np.mean(found, axis=0)
    assert several <= 0.2 and apart <= 0.2
    assert result.finding.startswith(("No outlets are framed reliably alike", "No outlet is"))


def test_with_five_articles_they_are_compared_one_by_one_and_outlets_if_asked(monkeypatch):
    features = outlets(monkeypatch, 5, [[2.0, 0], [0, 2.0]])
    assert tl.clusters(features, **FAST).params["by"] == "article_id"
    result = tl.clusters(features, by="outlet", **FAST)
    assert result.groups["n_articles"].tolist() == [3, 2] and result.table["size"].max() == 1
    assert "o0" in result.finding and "o1" in result.finding
    assert any("Only 5 articles" in said for said in result.notes)


def test_the_story_is_taken_out_of_outlets(monkeypatch):
    rng = np.random.default_rng(3)
    story, outlet = np.repeat(np.arange(20), 4), np.tile(np.arange(4), 20)
    topic = rng.normal(size=(20, 3))[story] * 6
    means = np.array([[1, 0, 0], [1, 0, 0], [0, 0, 1], [-1, 0, 0]])[outlet]
    values = topic + means + 0.3 * rng.normal(size=(80, 3))
    # what is not told by all: the fourth outlet tells half of the stories only
    kept = (outlet < 3) | (story % 2 == 0)
    monkeypatch.setitem(BLOCKS, "frames", block_of(values[kept]))
    features = with_column(ten_sentences(int(kept.sum())), "event", [f"e{s}" for s in story[kept]])
    features = with_column(features, "outlet", [f"o{o}" for o in outlet[kept]])
    result = tl.clusters(features, within="event", by="outlet", **FAST)
    assert result.table["cluster"].tolist()[:2] == [1, 1] and result.table["size"].iloc[0] == 2
    assert result.nearest.set_index("group").at["o0", "nearest"] == "o1"


def test_what_outlets_frame_is_said_in_words_and_is_no_topic():
    rng, texts, of = np.random.default_rng(6), {}, {}
    for i in range(80):
        outlet, topic = ("North", "South", "East", "West")[i % 4], ("school", "boat", "farm")[i % 3]
        frame = "money" if outlet in ("North", "South") else "fear"
        said = [
            f"They spoke of {frame} at the {topic}."
            if rng.random() < 0.6
            else f"The {topic} stood."
            for _ in range(15)
        ]
        texts[f"a{i}"], of[f"a{i}"] = " ".join(said), outlet
    features = features_of(texts, frames=WORDS, outlets=of)
    result = tl.clusters(features, **FAST)
    assert result.table["cluster"].tolist() == [1, 1, 2, 2]
    assert result.says(cluster=1) == ["much of money", "little of fear"] or result.says(
        cluster=1
    ) == ["little of fear", "much of money"]
    assert "Two clusters of outlets are framed alike" in result.finding
    names = [text.get_text() for text in pl.clusters(result).axes[0].texts]
    assert "North (20)" in names and any("money" in name for name in names)


def test_outlets_by_month_have_their_months_in_their_names(monkeypatch):
    features = outlets(monkeypatch, 48, [[2.0, 0], [0, 2.0]])
    days = [f"2024-0{1 + i // 12}-05" for i in range(48)]
    features = with_column(features, "published", days)
    result = tl.clusters(features, by=["outlet", "month"], **FAST)
    assert len(result.table) == 8 and "o0, Jan 2024" in set(result.labels)
    assert pl.clusters(result).alt


def test_permutations_exchange_articles_of_one_stratum_only():
    stratum = np.array([0, 1, 0, 1, 1, 0, 2])
    orders = np.array([permute_within(stratum, np.random.default_rng(i)) for i in range(300)])
    assert (np.sort(orders, axis=1) == np.arange(7)).all()
    assert (stratum[orders] == stratum).all()
    shares = [(orders[:, 0] == unit).mean() for unit in (0, 2, 5)]
    np.testing.assert_allclose(shares, 1 / 3, atol=0.1)
