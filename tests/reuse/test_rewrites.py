"""Rewritten and summarised passages: planted ones are found where they are, and nothing where
nothing is.
"""

import contextlib
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from analysis import tl
from analysis.errors import OptionError
from analysis.reuse import growing
from analysis.reuse.engines import Local, scratch_folder, split_run
from analysis.reuse.growing import grow_pair
from analysis.reuse.spill import Folder
from analysis.reuse.stems import (
    Stems,
    count_stems,
    index_block,
    index_stems,
    join_stems,
    read_index,
    similar_pairs,
)
from analysis.text.tokens import word_hash
from analysis.tl._between import SOURCES
from tests.memory import unparsed as features_of

RNG = np.random.default_rng(1)
VOCABULARY = [
    "".join(RNG.choice(list("abcdefghijklmnopqrstuvwxyz"), RNG.integers(4, 10)))
    for _ in range(3000)
]
COMMON = "the of and to in a that is was for on with as it at by".split()


def prose(n_sentences, seed):
    """Sentences of words drawn as in a language: few frequent ones, many rare ones."""
    rng = np.random.default_rng(seed)
    return [
        [
            (
                COMMON[rng.integers(len(COMMON))]
                if rng.random() < 0.45
                else VOCABULARY[int(3000 * rng.random() ** 2)]
            )
            for _ in range(rng.integers(12, 24))
        ]
        for _ in range(n_sentences)
    ]


def text(sentences):
    return " ".join(" ".join(words).capitalize() + "." for words in sentences)


def reworded(sentences, share, seed):
    """Every sentence with a share of its words replaced and the rest in another order."""
    rng = np.random.default_rng(seed)
    out = []
    for words in sentences:
        words = [VOCABULARY[rng.integers(3000)] if rng.random() < share else w for w in words]
        for k in range(0, len(words) - 4, 4):
            words[k : k + 4] = [words[k + i] for i in rng.permutation(4)]
        out.append(words)
    return out


def articles(*texts):
    return {f"a{i}": t for i, t in enumerate(texts)}


def test_a_reworded_stretch_is_found_where_it_stands():
    source, other = prose(40, 2), prose(30, 3)
    copied = reworded(source[10:16], 0.3, 4)
    spun = other[:12] + copied + other[12:]
    found = tl.reuse(features_of(articles(text(source), text(spun), text(prose(40, 5)))))
    rows = found.table[found.table["kind"] == "rewritten"]
    assert set(zip(rows["a"], rows["b"])) == {("a0", "a1")}
    begin, n = sum(map(len, source[:10])), sum(map(len, source[10:16]))
    inside = sum(
        max(0, min(r.a_position + r.a_words, begin + n) - max(r.a_position, begin))
        for r in rows.itertuples()
    )
    assert inside / n > 0.85 and inside / rows["a_words"].sum() > 0.85
    row = rows.iloc[0]
    assert (
        text(source)[row["a_start"] : row["a_end"]].split()[0].casefold()
        == [w for s in source for w in s][row["a_position"]]
    )
    assert row["score"] > 32 and 0.4 < row["similarity"] < 1 and row["n_matching"] < row["a_words"]
    sentences = found.sentences[found.sentences["passage"] == row["passage"]]
    assert set(sentences["a_sentence"]) <= set(range(9, 17)) and len(sentences) >= 3
    assert (
        found.articles["rewritten"].tolist()[2] == 0
        and found.articles["rewritten"].tolist()[0] >= inside * 0.8
    )
    assert (found.articles[[*SOURCES]].sum(axis=1) == found.articles["n_words"]).all()


def test_a_summary_is_found_with_the_stretch_that_it_sums_up():
    source = prose(60, 6)
    told = [[w for w in words if w not in COMMON][:4] for words in source[::2]]
    summary = [sum(told[k : k + 4], []) for k in range(0, len(told), 4)]
    found = tl.reuse(
        features_of(
            articles(
                text(source),
                text(prose(12, 7) + summary + prose(12, 8)),
                *(text(prose(60, seed)) for seed in range(70, 90)),
            )
        )
    )
    rows = found.table[found.table["kind"] == "summarised"]
    assert len(rows) == 1 and (rows["a"].iloc[0], rows["b"].iloc[0]) == ("a0", "a1")
    assert (
        rows["a_words"].iloc[0] > 3 * rows["b_words"].iloc[0] and rows["similarity"].iloc[0] > 0.6
    )


def test_independent_articles_share_nothing():
    found = tl.reuse(features_of(articles(*(text(prose(40, seed)) for seed in range(20, 28)))))
    assert found.table.empty and found.sentences.empty


@pytest.mark.short("texts2", "texts4", "texts6")
@pytest.mark.parametrize(
    "texts",
    [
        ["", "", ""],
        ["word", "word"],
        ["One sentence alone stands here.", text(prose(20, 30))],
        [text(prose(6, 31)) * 4, text(prose(6, 31))],
        [text(prose(10, 32))] * 3,
        [text(prose(10, 33)), text(prose(10, 33) + prose(30, 34))],
        ["漢字 " * 40, "слово за словом " * 40, "漢字 " * 40],
    ],
)
def test_odd_articles_are_taken(texts):
    table = tl.reuse(features_of(articles(*texts))).table
    for row in table.itertuples():
        assert 0 <= row.a_start < row.a_end <= len(
            texts[int(row.a[1:])]
        ) and 0 <= row.b_start < row.b_end <= len(texts[int(row.b[1:])])


def test_the_kinds_wanted_are_given():
    source = prose(40, 2)
    features = features_of(
        articles(
            text(source),
            text(prose(10, 3) + reworded(source[10:16], 0.3, 4)),
            text(source[:3] + prose(9, 40)),
        )
    )
    every = tl.reuse(features).table
    assert set(every["kind"]) == {"verbatim", "rewritten"}
    for kind in ("verbatim", "rewritten"):
        alone = tl.reuse(features, kinds=(kind,)).table
        assert tl.reuse(features, kinds={kind}).table.equals(alone)
        assert set(alone["kind"]) == {kind} and len(alone) == (every["kind"] == kind).sum()
    with pytest.raises(
        OptionError, match=r"kinds must be one or more of 'verbatim', .* \(got \('spun',\)\)"
    ):
        tl.reuse(features, kinds=("spun",))


def test_passages_do_not_depend_on_the_order_of_two_articles():
    source = prose(40, 2)
    spun = prose(10, 3) + reworded(source[10:16], 0.3, 4)
    one, other = (
        tl.reuse(features_of(articles(*texts)), kinds=("rewritten",)).table
        for texts in ((text(source), text(spun)), (text(spun), text(source)))
    )
    assert len(one) == len(other) >= 1
    overlap = min(
        one["a_position"].iloc[0] + one["a_words"].iloc[0],
        other["b_position"].iloc[0] + other["b_words"].iloc[0],
    ) - max(one["a_position"].iloc[0], other["b_position"].iloc[0])
    assert overlap > 0.8 * one["a_words"].iloc[0]


def test_candidates_are_pairs_that_share_rare_words_in_two_sentences_or_many_in_one():
    source = prose(30, 50)
    rare = [word for word in source[0] if word not in COMMON]
    texts = [
        source,
        prose(10, 51) + source[4:7],
        prose(30, 52),
        [rare[:3] + prose(1, 55)[0]] + prose(20, 53),  # a few in one are none
        source[:1] + prose(20, 54),
    ]
    stems = np.concatenate([[word_hash(w) for s in t for w in s] for t in texts]).astype(np.uint64)
    sentences = np.concatenate([[i for i, s in enumerate(t) for _ in s] for t in texts]).astype(
        np.int32
    )
    index = index_stems(stems, sentences, np.r_[0, np.cumsum([sum(map(len, t)) for t in texts])])
    assert similar_pairs(index, comparable=lambda a, b: np.ones(len(a), bool)).tolist() == [
        [0, 1],
        [0, 4],
    ]
    assert not len(similar_pairs(index, comparable=lambda a, b: np.zeros(len(a), bool)))
    rows, seeds = grow_pair(index, 0, 1, 32.0, 65.0)
    assert (
        len(rows) == 1
        and abs(rows[0, 1] - sum(map(len, source[4:7]))) <= 3
        and set(seeds[:, 1]) == {4, 5, 6}
    )


def test_sentences_that_mean_the_same_are_found_without_their_words():
    texts = [prose(8, 60), prose(8, 61)]
    stems = np.concatenate([[word_hash(w) for s in t for w in s] for t in texts]).astype(np.uint64)
    sentences = np.concatenate([[i for i, s in enumerate(t) for _ in s] for t in texts]).astype(
        np.int32
    )
    vectors = np.random.default_rng(0).normal(size=(16, 64))
    vectors[8 + 5] = vectors[2] + 0.2 * vectors[0]
    bounds = np.r_[0, np.cumsum([sum(map(len, t)) for t in texts])]
    rows, seeds = grow_pair(
        index_stems(stems, sentences, bounds, vectors, np.array([0, 8])), 0, 1, 32.0, 65.0
    )
    assert seeds[:, 1:3].tolist() == [[2, 5]] and rows[0, 7] > 0.9
    assert rows[0, :4].tolist() == [
        sum(map(len, texts[0][:2])),
        len(texts[0][2]),
        sum(map(len, texts[1][:5])),
        len(texts[1][5]),
    ]
    assert not len(grow_pair(index_stems(stems, sentences, bounds), 0, 1, 32.0, 65.0)[0])


def indexed(texts, vectors=None):
    stems = np.concatenate([[word_hash(w) for s in t for w in s] for t in texts]).astype(np.uint64)
    sentences = np.concatenate([[i for i, s in enumerate(t) for _ in s] for t in texts]).astype(
        np.int32
    )
    bounds = np.r_[0, np.cumsum([sum(map(len, t)) for t in texts])]
    firsts = np.cumsum([0, *map(len, texts[:-1])])
    return index_stems(stems, sentences, bounds, vectors, firsts)


@pytest.fixture(scope="module")
def spun():
    """Articles in four blocks that take sentences of those before them, and word some anew."""
    texts = [prose(14, 100)]
    for i in range(1, 24):
        taken = texts[max(i - 1 - i % 5, 0)][3:8]
        texts.append(prose(4, 100 + i) + reworded(taken, 0.3 * (i % 3 > 0), i) + prose(5, 200 + i))
    return features_of({f"s{i}": text(sentences) for i, sentences in enumerate(texts)})


def test_rewritten_passages_are_the_same_however_a_run_is_split(spun, tmp_path):
    whole = tl.reuse(spun)
    assert (whole.table["kind"] == "rewritten").sum() > 8 and len(whole.sentences) > 20

    class Split(Local):
        @contextlib.contextmanager
        def open(self, source, options):
            job = split_run(source, options, least=4)
            assert len(job.blocks) >= 4
            with scratch_folder(tmp_path, job) as folder:
                yield replace(job, store=Folder(folder))

    class Stopped(Split):
        def map(self, function, job, parts, step, here=True):
            if step == "rewrites":
                raise KeyboardInterrupt
            return super().map(function, job, parts, step, here)

    with pytest.raises(KeyboardInterrupt):
        tl.reuse(spun, engine=Stopped())
    assert list(tmp_path.glob("*/candidates-*")), "what is finished stays"
    other = tl.reuse(spun, engine=Split())
    for name in ("table", "sentences", "pairs"):
        pd.testing.assert_frame_equal(getattr(whole, name), getattr(other, name))
    assert list(tmp_path.iterdir()) == []


def test_an_index_of_some_articles_is_that_of_the_corpus():
    texts = [prose(6, seed) for seed in range(5)]
    stems = [np.array([word_hash(w) for s in t for w in s], np.uint64) for t in texts]
    sentences = [np.array([i for i, s in enumerate(t) for _ in s], np.int32) for t in texts]
    vectors = [np.random.default_rng(i).normal(size=(6, 8)) for i in range(5)]

    def block(numbers):
        these = [[column[i] for i in numbers] for column in (stems, sentences, vectors)]
        bounds = np.r_[0, np.cumsum([len(s) for s in these[0]])]
        return index_block(
            *map(np.concatenate, these[:2]),
            bounds,
            np.concatenate(these[2]),
            6 * np.arange(len(numbers)),
        )

    whole = index_stems(
        *map(np.concatenate, (stems, sentences)),
        np.r_[0, np.cumsum([len(s) for s in stems])],
        np.concatenate(vectors),
        6 * np.arange(5),
    )
    blocks = [block([0, 1]), block([2, 3, 4])]
    counts = count_stems(blocks)
    both = join_stems(read_index(blocks[0], counts), read_index(blocks[1], counts))
    for field in fields(Stems):
        assert np.array_equal(getattr(both, field.name), getattr(whole, field.name)), field.name
    some = read_index(blocks[1], counts, np.array([0, 2]))
    for name in ("code", "order"):
        words = np.r_[whole.bounds[2] : whole.bounds[3], whole.bounds[4] : whole.bounds[5]]
        assert np.array_equal(getattr(some, name), getattr(whole, name)[words])
    groups = np.r_[
        whole.group_bounds[2] : whole.group_bounds[3], whole.group_bounds[4] : whole.group_bounds[5]
    ]
    assert np.array_equal(some.meaning, whole.meaning[groups])
    assert len(grow_pair(some, 0, 1, 28.0, 65.0)[0]) == len(grow_pair(whole, 2, 4, 28.0, 65.0)[0])


def test_half_the_evidence_is_enough_beside_a_passage_and_nowhere_else():
    source, other = prose(60, 80), prose(40, 81)
    strong, weak = source[10:16], source[40:42]
    beside = [other[:10] + strong + weak + other[10:], source]
    apart = [other[:10] + strong + other[10:30] + weak + other[30:], source]
    least = 0.0
    for texts, n in ((beside, 2), (apart, 1)):
        index = indexed(texts)
        alone, _ = grow_pair(index, 0, 1, 10.0, 1e9, 0)
        least = sorted(alone[:, 5])[0] * 1.5  # more than the weak piece has, less than twice
        rows, _ = grow_pair(index, 0, 1, least, 1e9, 0)
        assert len(alone) == 2 and len(rows) == n
    rows, _ = grow_pair(indexed(beside), 0, 1, least, 1e9, 1)  # the source is later
    assert len(rows) == 1


def test_a_word_said_twice_has_half_its_like_in_one_said_once():
    index = indexed([["crane fell crane harbour".split()], ["crane fell dock harbour".split()]])
    sides = growing._side(index, 0, 1), growing._side(index, 1, 0)
    score, hit = np.empty((2, 4)), np.empty((2, 4))
    for k, (one, other) in enumerate(zip(sides, sides[::-1])):
        growing._score(one, other.order, 0, 4, 0, 4, 0, 4, 0.6, 50, score[k], hit[k])
    assert hit.tolist() == [[0.5, 1, 0.5, 1], [1, 1, 0, 1]]
    assert score[1, 2] < score[0, 0] < score[1, 0]


def test_only_sentences_that_are_each_others_most_alike_mean_the_same():
    texts = [prose(8, 60), prose(8, 61)]
    vectors = np.random.default_rng(0).normal(size=(16, 64))
    vectors[8 + 5] = vectors[2] + 0.2 * vectors[0]
    vectors[8 + 7] = vectors[2] + 0.6 * vectors[1]  # alike too, but less
    rows, seeds = grow_pair(indexed(texts, vectors), 0, 1, 32.0, 65.0)
    assert seeds[:, 1:3].tolist() == [[2, 5]] and len(rows) == 1
    texts[1][5] = texts[1][5][:7]  # too short to say anything, though the most alike
    assert not len(grow_pair(indexed(texts, vectors), 0, 1, 32.0, 65.0)[0])


def test_sentences_of_one_subject_mean_the_same_only_if_they_stand_out():
    texts = [prose(8, 60), prose(8, 61)]
    vectors = np.random.default_rng(0).normal(size=(16, 64))
    vectors[8 + 5] = vectors[2] + 0.2 * vectors[0]
    assert len(grow_pair(indexed(texts, vectors), 0, 1, 32.0, 65.0)[0]) == 1
    vectors[8 + 7] = vectors[2] + 0.3 * vectors[1]  # nearly as alike
    assert not len(grow_pair(indexed(texts, vectors), 0, 1, 32.0, 65.0)[0])


def test_passages_end_where_sentences_do():
    source, other = prose(40, 2), prose(30, 3)
    spun = other[:12] + reworded(source[10:16], 0.3, 4) + other[12:]
    found = tl.reuse(features_of(articles(text(source), text(spun)))).rewrites
    for side, sentences in (("a", source), ("b", spun)):
        edges = np.r_[0, np.cumsum([len(s) for s in sentences])]
        first = found[f"{side}_position"].to_numpy()
        end = first + found[f"{side}_words"].to_numpy()
        for place in (*first, *end):
            near = np.abs(edges - place).min()
            assert near == 0 or near > 5
    assert found["whole"].tolist() == found["passage"].tolist()
