"""Tables that extraction could not have written are refused, though their checksums are right."""

import hashlib
import json
import re
import shutil
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.errors import FeaturesError
from analysis.features import check_features, load_features
from tests.quick import Encoder
from tests.small import CODEBOOK, extract_small, put, ship, told, write_corpus

TEXTS = {
    "a1": "Ada Mayor accused the council. “It was a bad day,” she said, and a bad night.\n",
    "b1": "By Ann Poe\n\nNobody clashed here. Mayor clashed. The day was good, as ever.\n",
    "c1": "Ada Mayor left the good town at 5 pm.\n",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with both forms of the features of three articles."""
    folder = write_corpus(tmp_path_factory.mktemp("made") / "small", TEXTS, codebook=CODEBOOK)
    ship(folder, ngrams="all")
    extract_small(folder, Encoder())
    return folder


@pytest.fixture
def forms(made, tmp_path):
    return {
        "private": shutil.copytree(made / "private", tmp_path / "private"),
        "shared": shutil.copytree(made / "features", tmp_path / "features"),
    }


def seal(folder, name, table):
    """Put a table in the place of another and write its checksum into the manifest."""
    path = folder / f"{name}.parquet"
    pq.write_table(table, path)
    manifest = json.loads((folder / "features.json").read_text())
    manifest.pop("sha256", None)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest["tables"][name] = {"rows": table.num_rows, "sha256": sha256}
    put(folder / "features.json", json.dumps(manifest))


def cell(column, row, value):
    """A change: one cell of a table."""

    def change(table):
        cells = table[column].to_pylist()
        cells[row] = value
        at = table.column_names.index(column)
        return table.set_column(at, table.field(at), pa.array(cells, table.field(at).type))

    return change


def twice(row):
    """A change: one row stands there a second time."""
    return lambda table: pa.concat_tables([table.slice(0, row + 1), table.slice(row)])


def turned(table):
    return table.take(np.arange(len(table))[::-1])


def shorter(table):
    return table.slice(0, len(table) - 1)


def none(table):
    return table.slice(0, 0)


PRIVATE = [
    ("articles", cell("article_id", 1, "a1"), "'article_id', row 2", "an earlier row"),
    ("articles", cell("article_id", 1, ""), "'article_id', row 2", "empty"),
    ("articles", cell("n_tokens", 2, -1), "'n_tokens', row 3", "-1"),
    ("articles", cell("n_chars", 0, 2**31 - 1), "'n_chars', row 1", "not the size of a text"),
    ("articles", cell("n_sentences", 1, None), "'n_sentences', row 2", "empty"),
    ("articles", none, "'article_id', row 1", "no article"),
    ("sentences", cell("article_id", 0, "z9"), "'article_id', row 1", "'z9' is no article"),
    ("sentences", cell("sentence", 1, 0), "'sentence', row 2", "0"),
    ("sentences", cell("n_tokens", 1, -5), "'n_tokens', row 2", "-5"),
    ("sentences", cell("end", 0, 10**6), "'end', row 1", "chars"),
    ("sentences", cell("quoted_share", 0, 1.5), "'quoted_share', row 1", "from 0 to 1"),
    ("sentences", cell("quoted_share", 1, float("nan")), "'quoted_share', row 2", "no number"),
    ("sentences", shorter, "'article_id'", "`articles` says"),
    ("sentences", none, "'article_id'", "'a1' has 0 rows"),
    ("sentences", turned, "row ", ""),
    ("tokens", cell("position", 4, 9), "'position', row 5", "9"),
    ("tokens", cell("sentence", 2, 7), "'sentence', row 3", "sentences"),
    ("tokens", cell("start", 3, 90), "row 4", "90"),
    ("tokens", twice(3), "'position', row 5", "3"),
    ("tokens", shorter, "'article_id'", "`articles` says"),
    ("terms", cell("count", 0, -1), "'count', row 1", "-1"),
    ("terms", turned, "'article_id'", "out of order"),
    ("hits", cell("entry", 0, "peace"), "'entry', row 1", "'peace' is not in the codebook"),
    ("hits", cell("end", 0, 0), "'end', row 1", "before its start"),
    ("scores", cell("score", 0, float("inf")), "'score', row 1", "inf"),
    ("scores", cell("dictionary", 0, "liwc"), "'dictionary', row 1", "'liwc'"),
    ("mentions", cell("actor", 1, "king"), "'actor', row 2", "'king'"),
    ("mentions", cell("negative", 0, -0.1), "'negative', row 1", "from 0 to 1"),
    ("quotes", cell("n_words", 0, 10**7), "'n_words', row 1", "10000000"),
    ("style", twice(1), "'sentence', row 3", "comes after"),
    ("vectors", cell("embedding", 1, [1.0]), "'embedding', row 2", "too few"),
    ("vectors", cell("embedding", 0, [float("nan")] * 16), "'embedding', row 1", "no number"),
]
SHARED = [
    ("ngrams", cell("position", 3, 3000), "'position', row 4", "tokens"),
    ("ngrams", turned, "row ", ""),
    ("terms", twice(2), "'term', row 4", "an earlier row"),
    ("terms", cell("article_id", 5, "c1"), "'article_id'", "out of order"),
    ("patterns", cell("n_negated", 0, -1), "'n_negated', row 1", "-1"),
    ("hits", twice(0), "'kind', row 2", "an earlier row"),
    ("style", twice(0), "'article_id', row 2", "an earlier row"),
    ("quotes", cell("position", 0, 10**6), "'position', row 1", "tokens"),
]


@pytest.mark.parametrize(
    "form, changes", [("private", PRIVATE), ("shared", SHARED)], ids=["private", "shared"]
)
def test_what_extraction_does_not_write_is_refused_with_file_column_and_row(form, changes, forms):
    folder = forms[form]
    sound, checked = {path.name: path.read_bytes() for path in folder.glob("*.*")}, set()
    for name, change, place, why in changes:
        seal(folder, name, change(pq.read_table(folder / f"{name}.parquet")))
        pattern = rf"{name}.parquet .*column {re.escape(place)}" if place[0] == "'" else place
        column = re.match(r"'(\w+)'", place)
        alone = column and "start" not in why  # which another column tells
        for columns in (None, [column[1]] if alone else None):
            with pytest.raises(FeaturesError, match=f"(?s){pattern}.*{re.escape(why)}"):
                load_features(folder).table(name, columns)
        with pytest.raises(FeaturesError, match=f"{name}.parquet"):
            features = load_features(folder)
            features.rows(name, features.table(name).columns.tolist(), 0, 10**6)
        if name not in checked:
            assert told(check_features(folder), f"{folder.name}/{name}.parquet", why), name
        checked.add(name)
        for file, data in sound.items():
            put(folder / file, data)
    assert check_features(folder) == []
    for name in load_features(folder).manifest["tables"]:
        load_features(folder).table(name)


def test_a_table_of_more_rows_than_its_articles_have_characters_is_refused_unread(forms):
    folder = forms["shared"]
    table = pq.read_table(folder / "hits.parquet")
    many = table.take(np.zeros(5_000, int))
    seal(folder, "hits", many)
    with pytest.raises(FeaturesError, match="hits.parquet .*5,000 rows are more than"):
        load_features(folder).table("hits")


def test_what_few_words_are_read_of_a_table_is_compared_too(forms):
    """A part of a table, as text reuse reads it."""
    folder = forms["private"]
    table = pq.read_table(folder / "tokens.parquet")
    row = len(table) - 3
    changed = cell("end", row, 10**6)(table)
    sink = folder / "tokens.parquet"
    pq.write_table(changed, sink, row_group_size=len(table) - 9)
    data = sink.read_bytes()
    seal(folder, "tokens", changed)
    put(sink, data)
    manifest = json.loads((folder / "features.json").read_text())
    manifest.pop("sha256", None)
    manifest["tables"]["tokens"]["sha256"] = hashlib.sha256(data).hexdigest()
    put(folder / "features.json", json.dumps(manifest))
    assert load_features(folder).rows("tokens", ["article_id", "end"], 0, 3).num_rows == 3
    with pytest.raises(FeaturesError, match=f"column 'end', row {row + 1}"):
        load_features(folder).rows("tokens", ["article_id", "end"], row - 2, row + 1)


@pytest.fixture
def members(made):
    """The files of an archive by name."""
    paths = [made / name for name in ("metadata.csv", "corpus.yml", "codebook.yml")]
    paths += sorted((made / "features").glob("*.*"))
    return {f"small/{p.relative_to(made).as_posix()}": p.read_bytes() for p in paths}


def zipped(path, members, more=()):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [*members.items(), *more]:
            archive.writestr(name, data)
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "more, words",
    [
        ("small/features/extra.parquet", "does not list: small/features/extra.parquet"),
        ("small/articles/a1.txt", "does not list: small/articles/a1.txt"),
        ("../../evil", "does not list: ../../evil"),
        ("small/features/results/passages.parquet", "does not list"),
        ("small/features/terms.parquet", "holds twice: small/features/terms.parquet"),
    ],
)
def test_an_archive_with_more_than_its_manifest_lists_is_refused(tmp_path, members, more, words):
    assert load_features(zipped(tmp_path / "good.zip", members)).form == "shared"
    with pytest.raises(FeaturesError, match=re.escape(words)):
        load_features(zipped(tmp_path / "bad.zip", members, [(more, b"x")]))


def test_an_archive_that_lacks_a_table_is_refused(tmp_path, members):
    del members["small/features/terms.parquet"]
    with pytest.raises(FeaturesError, match="lacks small/features/terms.parquet"):
        load_features(zipped(tmp_path / "bad.zip", members))


def test_an_archive_whose_members_grow_together_is_refused(tmp_path, members, monkeypatch):
    monkeypatch.setattr("analysis.archives._LARGE", 1 << 20)
    more = [(f"small/{i}", bytes(1_000_000)) for i in range(5)]
    with pytest.raises(FeaturesError, match=r"would unpack [\d,]+ bytes to 5,\d+,\d+"):
        load_features(zipped(tmp_path / "bomb.zip", members, more))


@pytest.mark.parametrize("seed", range(3))
def test_any_table_that_is_stirred_is_refused_or_read(seed, forms):
    """Nothing but a refusal comes of random cells, in columns of any type."""
    rng = np.random.default_rng(seed)
    odd = {"i": [-1, 0, 7, 2**31 - 1], "f": [-1.0, np.nan, np.inf, 0.5], "b": [True, False]}
    refused = 0
    for folder in forms.values():
        for path in sorted(folder.glob("*.parquet")):
            table = pq.read_table(path).to_pandas()
            if table.empty:
                continue
            column = rng.choice([c for c in table.columns if table[c].dtype.kind in "ifb"] or [""])
            if not column:
                continue
            row = int(rng.integers(len(table)))
            value = rng.choice(odd[table[column].dtype.kind])
            seal(folder, path.stem, cell(column, row, value.item())(pq.read_table(path)))
            try:
                load_features(folder).table(path.stem)
            except FeaturesError as error:
                assert re.search(rf"{path.name} .*column '\w+', row [\d,]+", str(error))
                refused += 1
    assert refused > 3


def test_features_are_compared_at_little_cost(forms):
    """What stands in memory is not read again for it, and what was sound once is so."""
    features = load_features(forms["private"])
    first = features.table("tokens")
    sound = features._sound["tokens.parquet"][1]
    assert {"article_id", "position", "hash"} <= sound
    pd.testing.assert_frame_equal(first, features.table("tokens"))
