"""The tables: saved and loaded whole, damage told by file, nothing outside the folder read, HTML
shown as text.
"""

import hashlib
import json
import pickle
import shutil
import tracemalloc
import zipfile

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.checks import check
from analysis.corpus import load
from analysis.errors import FeaturesError
from analysis.features import (
    EXTRACTOR_VERSION,
    PRIVATE,
    SCHEMAS,
    SHARED,
    check_features,
    from_tables,
    load_features,
    save,
    saving,
)
from analysis.results import Result
from analysis.shared_form import shared_tables
from analysis.store import Ships
from analysis.tl import overview
from analysis.tl.keyness import keyness
from tests.small import extract_small, put, quiet, ship, told, write_corpus


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return extract_small(write_corpus(tmp_path_factory.mktemp("made") / "small"))


@pytest.fixture
def folder(tmp_path, made):
    """Private features of its own for each test."""
    return shutil.copytree(made.where, tmp_path / "private")


def change(folder, **keys):
    """Other values in the manifest, which then has no sha256 of its own."""
    path = folder / "features.json"
    manifest = json.loads(path.read_text()) | keys
    put(path, json.dumps({key: manifest[key] for key in manifest if key != "sha256"}))


@pytest.mark.parametrize("more", [1, -1])
def test_a_table_of_more_or_fewer_rows_than_the_manifest_says_is_refused(folder, more):
    tables = json.loads((folder / "features.json").read_text())["tables"]
    tables["terms"]["rows"] += more
    change(folder, tables=tables)
    with pytest.raises(FeaturesError, match="rows, its manifest says"):
        load_features(folder).table("terms")


def test_a_corpus_opens_its_features_once_until_others_are_written(tmp_path):
    folder = write_corpus(tmp_path / "small")
    extract_small(folder)
    corpus = load(folder)
    before = corpus.features
    assert corpus.features is before
    assert pickle.loads(pickle.dumps(corpus)).features.digest == before.digest
    put(folder / "articles" / "b1.txt", "Sharp words were heard all day.\n")
    made = extract_small(folder)
    assert corpus.features.digest == made.digest != before.digest


def test_what_is_saved_is_loaded(tmp_path, made):
    tables = {name: made.table(name) for name in made.manifest["tables"]}
    folder = save(
        tmp_path / "saved",
        tables,
        form=PRIVATE,
        corpus="small",
        digest=made.digest,
        languages=["en"],
        entries=made.manifest["entries"],
        codebook=made.manifest["codebook"],
        made_from=made.manifest["made_from"],
    )
    loaded = load_features(folder)
    assert loaded.manifest == made.manifest and check_features(folder) == []
    for name in made.manifest["tables"]:
        pd.testing.assert_frame_equal(loaded.table(name), made.table(name))
        assert loaded.table(name).columns.tolist() == [c for c, _ in SCHEMAS[PRIVATE][name]]


def test_features_in_memory_are_the_same(made):
    held = from_tables({name: made.table(name) for name in made.manifest["tables"]})
    pd.testing.assert_frame_equal(held.table("tokens"), made.table("tokens"))


def test_a_table_that_is_not_there_is_told_with_those_that_are(made):
    with pytest.raises(
        FeaturesError, match="no table 'vectors'; there are .*tokens.*twicetold extract"
    ):
        made.table("vectors")
    with pytest.raises(FeaturesError, match="no result 'passages'.*there are none"):
        made.result("passages")


def test_a_column_that_is_not_there_is_told(made):
    with pytest.raises(FeaturesError, match="tokens.parquet is missing or damaged .*tone"):
        made.table("tokens", ["article_id", "tone"])


def test_features_that_are_not_there_are_asked_for(tmp_path):
    with pytest.raises(FeaturesError, match="features.json is missing.*run `twicetold extract`"):
        load_features(tmp_path)


@pytest.mark.parametrize("version", [0, EXTRACTOR_VERSION + 1, str(EXTRACTOR_VERSION), None])
def test_features_of_another_version_are_refused(folder, version):
    change(folder, extractor=version)
    with pytest.raises(
        FeaturesError,
        match=f"version {version}, this is version {EXTRACTOR_VERSION}; run `twicetold extract`",
    ):
        load_features(folder)
    assert told(check_features(folder), "private/features.json", "version", "twicetold extract")


def test_a_parquet_file_that_is_cut_short_is_told_by_its_name(folder):
    path = folder / "tokens.parquet"
    put(path, path.read_bytes()[:-10])
    assert told(check_features(folder), "private/tokens.parquet", "damaged", "sha256")
    with pytest.raises(FeaturesError, match="tokens.parquet is missing or damaged"):
        load_features(folder).table("tokens")


def test_a_table_with_other_columns_than_the_contract_is_refused_whatever_its_sha256(folder):
    path, tables = folder / "terms.parquet", json.loads((folder / "features.json").read_text())
    table = pq.read_table(path)
    column = table.column_names.index("count")
    wrong = {
        "int64, needed is int32": table.set_column(column, "count", table["count"].cast("int64")),
        "missing, needed is int32": table.drop_columns("count"),
    }
    for problem, other in wrong.items():
        pq.write_table(other, path)
        tables["tables"]["terms"]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        change(folder, **tables)
        with pytest.raises(FeaturesError, match=f"terms.parquet .*column 'count' is {problem}"):
            load_features(folder).table("terms")


def test_a_kill_between_two_renames_gives_no_other_form_than_before(tmp_path):
    folder = write_corpus(tmp_path / "small")
    ship(folder)
    before = load(folder).features
    assert before.form == SHARED and (folder / PRIVATE).is_dir()
    (folder / "features").rename(folder / ".features.old")
    again = load(folder).features
    assert again.form == SHARED and again.digest == before.digest


def test_a_missing_parquet_file_is_told_by_its_name(folder):
    (folder / "quotes.parquet").unlink()
    assert told(check_features(folder), "private/quotes.parquet", "missing")
    with pytest.raises(FeaturesError, match="quotes.parquet is missing"):
        load_features(folder).table("quotes")


def test_a_parquet_file_of_other_features_is_told(folder):
    put(folder / "terms.parquet", (folder / "hits.parquet").read_bytes())
    assert told(check_features(folder), "private/terms.parquet", "sha256")
    with pytest.raises(FeaturesError, match="terms.parquet"):
        load_features(folder).table("terms", ["term"])


@pytest.mark.parametrize(
    "keys",
    [
        {"form": "public"},
        {"form": ["shared"]},
        {"corpus": 5},
        {"digest": None},
        {"languages": "en"},
        {"languages": [1]},
        {"entries": []},
        {"entries": {"frame/x": 5}},
        {"entries": {"x": {"digest": "", "language": None}}},
        {"tables": []},
        {"tables": {"articles": 5}},
        {"tables": {"articles": {"rows": "2", "sha256": ""}}},
        {"results": None},
        {"tables": {"../../secret": {"rows": 1, "sha256": ""}}},
        {"tables": {"/etc/passwd": {"rows": 1, "sha256": ""}}},
        {"results": {"../articles": {"rows": 1, "sha256": ""}}},
    ],
)
def test_a_manifest_with_something_else_in_it_is_refused(folder, keys):
    change(folder, **keys)
    (key,) = keys
    with pytest.raises(FeaturesError, match=f"not what extraction writes, in .*{key}"):
        load_features(folder)
    assert told(check_features(folder), "private/features.json", key)


@pytest.mark.parametrize("content", ["", "[", "5", "null", "{}", "[" * 100_000, b"\xff"])
def test_a_damaged_manifest_is_refused(folder, content):
    put(folder / "features.json", content)
    with pytest.raises(FeaturesError, match="features.json"):
        load_features(folder)
    assert told(check_features(folder), "private/features.json", "features")


def test_a_folder_in_the_place_of_the_manifest_is_refused(folder):
    (folder / "features.json").unlink()
    (folder / "features.json").mkdir()
    assert told(check_features(folder), "private/features.json", "damaged")


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.text(max_size=4) | st.sampled_from(["rows", "sha256"]), inner, max_size=2
        )
    ),
)


@given(st.data())
def test_no_bytes_at_all_in_the_manifest_make_a_check_fail(folder, data):
    sound = (folder / "features.json").read_bytes()
    manifest = json.loads(sound)
    key = data.draw(st.sampled_from(sorted(manifest)))
    if isinstance(manifest[key], dict) and manifest[key] and data.draw(st.booleans()):
        manifest[key][data.draw(st.sampled_from(sorted(manifest[key])))] = data.draw(TREES)
    else:
        manifest[key] = data.draw(TREES)
    put(
        folder / "features.json",
        data.draw(st.just(json.dumps(manifest).encode()) | st.binary(max_size=30)),
    )
    check_features(folder)
    try:
        loaded = load_features(folder)
        for name in loaded.manifest["tables"]:
            loaded.table(name)
    except FeaturesError:
        pass
    put(folder / "features.json", sound)


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda path: put(path, "no archive"), "not an archive of `twicetold share`"),
        (lambda path: zipfile.ZipFile(path, "w").close(), "not an archive of `twicetold share`"),
        (lambda path: zip_of(path, {"small/features/features.json": "{"}), "damaged"),
        (
            lambda path: zip_of(path, {"small/features/features.json": "{}"}),
            "not what extraction writes, in form",
        ),
        (
            lambda path: zip_of(
                path, {"a/features/features.json": "{}", "b/features/features.json": "{}"}
            ),
            "not an archive",
        ),
    ],
)
def test_a_file_that_is_no_archive_is_refused(tmp_path, make, words):
    make(tmp_path / "small.zip")
    with pytest.raises(FeaturesError, match=words):
        load_features(tmp_path / "small.zip")


def zip_of(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


@pytest.mark.short("terms.parquet")
@pytest.mark.parametrize("name", ["terms.parquet", "features.json"])
def test_a_member_that_would_unpack_to_much_more_is_refused_before_it_is_unpacked(
    name, tmp_path, folder
):
    path = tmp_path / "small.zip"
    files = {p.name: p.read_bytes() for p in folder.glob("*.*")} | {name: b" " * (1 << 27)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in files.items():
            archive.writestr(f"small/features/{member}", content)
    tracemalloc.start()
    with pytest.raises(FeaturesError, match=r"would unpack 13\d,\d+ bytes to 134,217,728"):
        load_features(path).table("terms")
    assert tracemalloc.get_traced_memory()[1] < 1 << 24
    tracemalloc.stop()


def test_an_archive_with_a_damaged_member_is_told(tmp_path, folder):
    members = {f"small/features/{p.name}": p.read_bytes() for p in folder.iterdir()}
    path = tmp_path / "small.zip"
    zip_of(path, members)
    data = bytearray(path.read_bytes())
    data[data.index(members["small/features/terms.parquet"]) + 50] ^= 1
    put(path, bytes(data))
    loaded = load_features(path)
    pd.testing.assert_frame_equal(loaded.table("tokens"), load_features(folder).table("tokens"))
    with pytest.raises(FeaturesError, match="terms.parquet is missing or damaged"):
        loaded.table("terms")


def test_an_interrupted_save_leaves_the_old_features_whole(folder, made, monkeypatch):
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    monkeypatch.setattr(
        saving, "MANIFEST", "no/such/folder"
    )  # the tables are written, the manifest cannot be
    with pytest.raises(FileNotFoundError):
        save(
            folder,
            {"tokens": made.table("tokens")},
            form=PRIVATE,
            corpus="other",
            digest="",
            languages=["en"],
            entries={},
        )
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


def test_check_finds_damage_in_shipped_features(tmp_path):
    folder = write_corpus(tmp_path / "small", author={"a1": "Ada and Bo and Cy, with help from Di"})
    ship(folder)
    assert check(folder) == [], "a cell that is too long to be shared is no fault"
    put(folder / "features" / "terms.parquet", b"PAR1")
    assert told(check(folder), "features/terms.parquet", "damaged")


def test_check_refuses_private_features_in_the_place_of_shared_ones(tmp_path):
    folder = write_corpus(tmp_path / "small")
    extract_small(folder)
    (folder / "private").rename(folder / "features")
    assert told(check(folder), "features/features.json", "private form", "only the shared form")


@pytest.mark.parametrize(
    "change, file, words",
    [
        (
            lambda folder: put(folder / "articles" / "a1.txt", "Other words."),
            "features",
            ["other texts of", "twicetold share small"],
        ),
        (
            lambda folder: put(folder / "mine.csv", "word,score\ngood,1\n"),
            "codebook.yml",
            ["dictionary/mine", "twicetold share small"],
        ),
        (
            lambda folder: put(
                folder / "metadata.csv",
                (folder / "metadata.csv").read_text().replace("Outlet b1", "The Times"),
            ),
            "metadata.csv",
            ["outlet of b1"],
        ),
        (
            lambda folder: put(
                folder / "metadata.csv",
                "".join(
                    (folder / "metadata.csv").read_text().splitlines(True)[i] for i in (0, 2, 1)
                ),
            ),
            "metadata.csv",
            ["other articles"],
        ),
    ],
)
def test_check_tells_where_shipped_features_are_outdated(tmp_path, change, file, words):
    folder = write_corpus(tmp_path / "small")
    ship(folder)
    change(folder)
    assert told(check(folder), file, *words), check(folder)


def other_text(folder, article="a1"):
    ship(folder)
    put(folder / "articles" / f"{article}.txt", "Other words, of which there are some.")
    return check(folder)


def test_a_changed_text_is_named_where_it_can_be(tmp_path):
    alone = write_corpus(tmp_path / "alone", {"a1": "A day of many words. Nobody came.\n"})
    assert told(other_text(alone), "features", "other texts of a1;")
    # the key is made of all texts, so that each digest of the other differs as well
    assert told(other_text(write_corpus(tmp_path / "two")), "features", "one article or more")


def test_an_address_may_change_after_features_were_shipped(tmp_path):
    folder = write_corpus(tmp_path / "small", url={"a1": "https://old.example/1"})
    ship(folder)
    table = (folder / "metadata.csv").read_text()
    put(folder / "metadata.csv", table.replace("old.example", "new.example"))
    assert check(folder) == []


@pytest.mark.parametrize(
    "names, read", [(["first", "second"], True), (["first"], False), ([], False)]
)
def test_results_that_ship_are_read_all_or_none(tmp_path, made, names, read):
    ships = Ships(("first", "second"), lambda shipment: {})
    about = {key: made.manifest[key] for key in ("languages", "entries", "codebook")}
    save(
        tmp_path / "features",
        shared_tables(made, b"k" * 32, say=quiet),
        form=SHARED,
        corpus="small",
        digest=made.digest,
        results=dict.fromkeys(names, pd.DataFrame({"n": [1]})),
        **about,
    )
    found = ships.read(load_features(tmp_path / "features"))
    assert list(found) == names if read else found is None
    assert ships.read(made) is None, "the private form measures for itself"


def test_without_texts_a_check_reads_the_private_features(tmp_path):
    folder = write_corpus(tmp_path / "small")
    extract_small(folder)
    put(
        folder / "corpus.yml",
        (folder / "corpus.yml").read_text().replace("texts: shared", "texts: withheld"),
    )
    (folder / "articles").rename(tmp_path / "elsewhere")
    assert check(folder) == []
    put(folder / "private" / "terms.parquet", b"PAR1")
    assert told(check(folder), "private/terms.parquet", "damaged")


def test_results_show_html_in_metadata_as_text(tmp_path):
    folder = write_corpus(
        tmp_path / "small", outlet={"a1": "<script>alert(1)</script>", "b1": "A & B"}
    )
    features = extract_small(folder)
    for measure, options in ((overview, {}), (keyness, {"min_count": 1})):
        result = measure(features, by="outlet", **options)
        shown = result._repr_html_()
        assert "&lt;script&gt;" in shown and "<script" not in shown and "A &amp; B" in shown


def test_results_show_html_in_columns_and_notes_as_text():
    shown = Result(
        pd.DataFrame({"<b>x</b>": ["<img src=x>"]}), {}, notes=("<i>note</i>",)
    )._repr_html_()
    assert not any(tag in shown for tag in ("<b>", "<img", "<i>"))
    assert all(text in shown for text in ("&lt;b&gt;", "&lt;img", "&lt;i&gt;note"))
