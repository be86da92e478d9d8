"""An archive that grows gives what a fresh run gives; texts from outside find their passages."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis import tl
from analysis.errors import FeaturesError, OptionError
from analysis.reuse import kept
from tests.archives import BOX, archive_features, texts_that_share, write_features
from tests.engines import Spilled, Stopped
from tests.memory import unparsed as features_of

N = 72
TABLES = ("table", "pairs", "articles", "families", "sentences", "course")
# what many have: it crosses the limits of frequent shingles and of marks as articles are added
PHRASE = "officials declined to comment on the report that was made public late on friday evening"
LETTER = "The minister had been told of the cracks in a letter two months before the fall."


@pytest.fixture(scope="module")
def archive():
    """Features of articles that share stretches, a phrase that every second has, and a box."""
    texts = [
        f"{text} {PHRASE if i % 2 else PHRASE[:40]}. {LETTER * (i % 6 == 0)}"
        for i, text in enumerate(texts_that_share(N))
    ]
    return texts, archive_features(texts)


def put(folder, archive, chosen, changed=()):
    """Some articles of the archive as private features in a folder."""
    return write_features(folder, archive[1], chosen, changed)


def same(one, other):
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


def searched(monkeypatch):
    """The articles whose pairs each search looked for: all of them are None."""
    seen = []
    whole = kept.search

    def search(job, engine):
        seen.append(None if job.fresh is None else int(job.fresh.sum()))
        return whole(job, engine)

    monkeypatch.setattr(kept, "search", search)
    return seen


RNG = np.random.default_rng(4)
GROWN = {
    "behind": range(48),
    "in between": sorted(RNG.choice(N, 50, replace=False).tolist()),
    "in front": range(30, N),
    "one by one": [i for i in range(N) if i % 2 == 0 or i < 12],
    "of nothing": [],
}
OPTIONS = [
    {"kinds": ("verbatim",), "max_articles": 20},
    {"kinds": ("verbatim",), "max_articles": None},
    {"kinds": ("verbatim",), "max_articles": 6, "across_outlets": True, "within_days": 9},
    {"max_articles": 30, "n": 6, "min_words": 6},
]


# the others in `make test-long`
NOW = [("in front", 0), ("in between", 3), ("of nothing", 0)]


@pytest.mark.parametrize(
    "before, options",
    [
        pytest.param(
            before,
            options,
            marks=() if (before, OPTIONS.index(options)) in NOW else pytest.mark.long,
        )
        for before in GROWN
        for options in OPTIONS
    ],
)
def test_a_grown_archive_gives_what_a_fresh_run_gives(
    archive, tmp_path, monkeypatch, before, options
):
    options = {"draws": 1, **options}
    known = put(tmp_path, archive, GROWN[before])
    if len(GROWN[before]):
        same(tl.reuse(known, update=True, **options), tl.reuse(known, **options))
        half = sorted([*GROWN[before], *[i for i in range(0, N, 5) if i not in GROWN[before]]])
        same(
            tl.reuse(put(tmp_path, archive, half), update=True, **options),
            tl.reuse(put(tmp_path, archive, half), **options),
        )
    grown = put(tmp_path, archive, range(N))
    fresh = tl.reuse(grown, **options)
    seen = searched(monkeypatch)
    updated = tl.reuse(grown, update=True, **options)
    same(updated, fresh)
    assert updated.notes == fresh.notes
    if len(GROWN[before]):
        assert seen[0] == N - len(half) and None not in seen
    again = len(seen)
    same(tl.reuse(grown, update=True, **options), fresh)
    assert len(seen) == again, "what is known is not looked for"


def test_pairs_that_lose_a_start_by_new_articles_are_compared_again(archive, tmp_path, monkeypatch):
    options = {"kinds": ("verbatim",), "max_articles": 20, "draws": 1}
    known = put(tmp_path, archive, GROWN["in between"])
    before = tl.reuse(known, update=True, **options)
    grown = put(tmp_path, archive, range(N))
    seen = searched(monkeypatch)
    updated = tl.reuse(grown, update=True, **options)
    assert len(seen) == 2 and 0 < seen[1] < N, "those that have the phrase are looked at again"
    same(updated, tl.reuse(grown, **options))
    still = updated.table.merge(before.table[["a", "b", "a_start", "b_start"]])
    assert len(still) < len(before.table), "some passages of before are listed no more"
    flags = still.merge(before.table, on=["a", "b", "a_start", "b_start"])
    assert (flags["many_x"] & ~flags["many_y"]).any(), "some are what many have by now"


@pytest.mark.short("after0-changed0", "after2-changed2")
@pytest.mark.parametrize(
    "after, changed",
    [
        (range(1, N), ()),
        ([*range(40), *range(41, N)], (5,)),
        (range(N), (7, 30)),
        ([*range(10, N), *range(10)], ()),
    ],
)
def test_what_was_removed_changed_or_put_elsewhere_is_found_anew_and_said(
    archive, tmp_path, after, changed
):
    tl.reuse(put(tmp_path, archive, range(N)), update=True, draws=1)
    other = put(tmp_path, archive, list(after), changed)
    updated = tl.reuse(other, update=True, draws=1)
    same(updated, tl.reuse(other, draws=1))
    assert any("found anew, as articles were removed, changed" in note for note in updated.notes)
    assert tl.reuse(other, update=True, draws=1).notes == tl.reuse(other, draws=1).notes


def one_folder(place):
    [folder] = (place / kept.FOLDER).iterdir()
    return folder


@pytest.mark.short("row", "code")
@pytest.mark.parametrize("harm", ["row", "file", "about", "json", "version", "code"])
def test_what_is_kept_and_damaged_or_of_another_version_is_found_anew(
    archive, tmp_path, harm, monkeypatch
):
    features = put(tmp_path, archive, range(40))
    fresh = tl.reuse(features, update=True, draws=1)
    folder = one_folder(tmp_path)
    table = folder / "passages-0.parquet"
    if harm == "row":
        data = bytearray(table.read_bytes())
        data[40] ^= 1
        table.write_bytes(data)
    elif harm == "file":
        table.unlink()
    elif harm == "about":
        text = (folder / kept.STATE_FILE).read_text()
        (folder / kept.STATE_FILE).write_text(text.replace('"a7"', '"a8"', 1))
    elif harm == "json":
        (folder / kept.STATE_FILE).write_text("{")
    elif harm == "version":
        monkeypatch.setattr(kept, "EXTRACTOR_VERSION", 99)
    else:
        monkeypatch.setattr(kept, "CODE", "another loop")
    again = tl.reuse(features, update=True, draws=1)
    same(again, fresh)
    why = "of another version" if harm in ("version", "code") else "damaged"
    assert any(f"found anew, as what was kept is {why}" in note for note in again.notes)
    assert tl.reuse(features, update=True, draws=1).notes == fresh.notes, "and is kept again"


def test_an_update_and_a_whole_run_share_no_parts_in_a_scratch_folder(archive, tmp_path):
    options = {"kinds": ("verbatim",), "draws": 1}
    scratch = tmp_path / "scratch"
    tl.reuse(put(tmp_path, archive, range(40)), update=True, **options)
    grown = put(tmp_path, archive, range(N))
    fresh = tl.reuse(grown, **options)
    for first, then in ((True, False), (False, True)):
        with pytest.raises(KeyboardInterrupt):
            tl.reuse(grown, update=first, engine=Stopped("shingles", scratch), **options)
        assert list(scratch.glob("*/rows-*")), "some parts are there"
        same(tl.reuse(grown, update=then, engine=Spilled(scratch=scratch), **options), fresh)


def test_an_update_that_is_killed_leaves_what_was_kept(archive, tmp_path, monkeypatch):
    tl.reuse(put(tmp_path, archive, range(40)), update=True, draws=1)
    before = {path.name: path.read_bytes() for path in one_folder(tmp_path).iterdir()}
    grown = put(tmp_path, archive, range(N))

    class Killed(BaseException):
        pass

    def killed(*_, **__):
        raise Killed

    with monkeypatch.context() as patched:  # when all is written but what says so
        patched.setattr(kept.Path, "write_text", killed)
        with pytest.raises(Killed):
            tl.reuse(grown, update=True, draws=1)
    folder = one_folder(tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    folder.rename(folder.with_name(f".{folder.name}.old"))  # between the two renames
    seen = searched(monkeypatch)
    updated = tl.reuse(grown, update=True, draws=1)
    same(updated, tl.reuse(grown, draws=1))
    assert seen[0] == N - 40 and not any("anew" in note for note in updated.notes)


def test_options_are_kept_apart_and_articles_and_words_are_what_is_kept(archive, tmp_path):
    features = put(tmp_path, archive, range(30))
    for options in ({}, {"n": 6}, {"kinds": "verbatim"}, {"by": "outlet", "family_share": 0.9}):
        same(
            tl.reuse(features, update=True, draws=1, **options),
            tl.reuse(features, draws=1, **options),
        )
    assert len(list((tmp_path / kept.FOLDER).iterdir())) == 3
    about = json.loads((next((tmp_path / kept.FOLDER).iterdir()) / kept.STATE_FILE).read_text())
    assert about["extractor"] and [article for article, _ in about["articles"]][:2] == ["a0", "a1"]
    with pytest.raises(FeaturesError, match="kept beside the private features of a corpus folder"):
        tl.reuse(archive[1], update=True)
    with pytest.raises(OptionError, match="update must be True or False"):
        tl.reuse(features, update="yes")


@pytest.mark.short("options0", "options1")
@pytest.mark.parametrize(
    "options", [{}, {"max_articles": 5}, {"max_articles": None}, {"memory_limit": "250MB"}]
)
def test_the_passages_of_a_query_are_those_of_the_text_behind_the_archive(archive, options):
    texts, features = archive
    queries = [
        f"Nobody knew. {' '.join(texts[5].split()[20:70])} and so it ended.",
        f"{PHRASE}. Quite so. {BOX}",
        "Nothing of this stands anywhere else at all, not a line of it, nor half a line.",
    ]
    found = tl.reuse(features, query=queries, kinds=("verbatim",), **options)
    columns = [
        "a",
        "a_position",
        "a_words",
        "b_position",
        "b_words",
        "n_matching",
        "a_start",
        "a_end",
        "b_start",
        "b_end",
    ]
    for i, query in enumerate(queries):
        whole = archive_features_with(texts, query)
        ordinary = tl.reuse(whole, kinds=("verbatim",), draws=1, **options).table
        ordinary = ordinary[ordinary["b"] == "query"].reset_index(drop=True)
        here = found.table[found.table["b"] == str(i)].reset_index(drop=True)
        pd.testing.assert_frame_equal(here[columns], ordinary[columns])
    row = found.table[(found.table["b"] == "0") & (found.table["a"] == "a5")].iloc[0]
    assert texts[5][row["a_start"] : row["a_end"]] == queries[0][row["b_start"] : row["b_end"]]
    assert found.texts["n_articles"].tolist()[2] == 0 and found.texts["share"].tolist()[0] > 0.7
    assert found.table[found.table["b"] == "1"]["many"].any()
    assert found.finding == "1 of 3 texts shares passages with 2 articles."  # else boilerplate


def archive_features_with(texts, query):
    from analysis.extract.memory import extract_articles
    from analysis.io.article import Article
    from tests.archives import outlet

    articles = [
        Article(
            f"a{i}", text, "en", {"outlet": outlet(i), "published": f"2024-08-{1 + i % 28:02d}"}
        )
        for i, text in enumerate(texts)
    ]
    return extract_articles([*articles, Article("query", query)], parse="none")


def test_texts_come_as_one_several_a_series_or_a_table(archive):
    texts, features = archive
    text = " ".join(texts[5].split()[20:70])
    one = tl.reuse(features, query=text)
    assert (one.table["a"] == "a5").any() and set(one.table["b"]) == {"0"}
    for query, name in (
        ([text], "0"),
        (pd.Series([text], index=["mine"]), "mine"),
        (pd.DataFrame({"text": [text], "id": ["x1"]}), "x1"),
        (pd.DataFrame({"text": [text], "article_id": ["x2"], "id": ["no"]}), "x2"),
        (pd.DataFrame({"text": [text]}, index=[7]), "7"),
    ):
        other = tl.reuse(features, query=query).table
        pd.testing.assert_frame_equal(other, one.table.assign(b=name))


def test_a_query_finds_what_was_reworded():
    from tests.reuse.test_rewrites import prose, reworded, text

    source = prose(40, 2)
    features = features_of(
        {f"a{i}": text(prose(40, 5 + i)) for i in range(4)} | {"s": text(source)}
    )
    spun = text(prose(12, 3) + reworded(source[10:16], 0.3, 4) + prose(12, 4))
    found = tl.reuse(features, query=[spun, text(prose(20, 90))])
    rows = found.table[found.table["kind"] == "rewritten"]
    assert set(zip(rows["a"], rows["b"])) == {("s", "0")} and (rows["score"] > 28).all()
    assert set(found.sentences["passage"]) <= set(found.table["passage"])
    limited = tl.reuse(features, query=[spun, text(prose(20, 90))], memory_limit="250MB")
    pd.testing.assert_frame_equal(limited.table, found.table)


def test_odd_queries_get_the_right_answer_or_say_what_to_do(archive):
    texts, features = archive
    for query, problem in (
        ("", "query holds no word"),
        ([], "query holds no text"),
        (["", "  "], "query holds no word"),
        ([3], "must hold texts"),
        (7, "must be a text, texts, or a table"),
        (pd.DataFrame({"body": ["x"]}), "without the column text .it has body"),
        (pd.DataFrame({"text": ["x", "y"], "id": ["1", "1"]}), "names two texts the same"),
        ("word " * 1_000_001, "5,000,005 characters, at most 5,000,000"),
    ):
        with pytest.raises(OptionError, match=problem):
            tl.reuse(features, query=query)
    with pytest.raises(OptionError, match="update and query"):
        tl.reuse(features, query="a text", update=True)
    word = tl.reuse(features, query="word")
    assert word.table.empty and "fewer than 8 words" in word.notes[0]
    assert word.finding == "None of the texts shares a passage with an article."
    assert "query = 1" in word.methods() and "bootstrap" not in word.methods()
    other = tl.reuse(
        features, query="Кран давно должен был пройти проверку, сказала она вчера вечером."
    )
    assert other.table.empty and not other.notes
    assert list(word.table.columns) == list(tl.reuse(features, query=texts[5]).table.columns)
