"""Archives: bad rows are told with their number, and the rest is read."""

import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.errors import CorpusError, Fault
from analysis.reuse.engines import Local
from analysis.reuse.stages import Options, find_passages
from benchmarks.archive import LONGEST_TEXT, Texts, read_archive, tell

SHARED = "the crane had been overdue for inspection since the spring of last year"


def table(path, **columns):
    pq.write_table(pa.table(columns), path, row_group_size=2)
    return path


def texts_of(archive, first=0, stop=None):
    return [text for _, texts, _ in archive.texts(first, stop) for text in texts.to_pylist()]


def faults_of(archive):
    return archive.faults + [fault for _, _, faults in archive.texts() for fault in faults]


def told(faults, row, *words):
    return any(f.row == row and all(w in f.problem for w in words) for f in faults)


def test_bad_rows_are_told_and_the_rest_is_kept(tmp_path):
    long = "word " * (LONGEST_TEXT // 5 + 1)
    ids = ["a", None, "c", "a", "", "f", "g", "h", " c "]
    texts = [SHARED, "x", None, "y", "z", long, "…", f"So {SHARED}.", "w"]
    dates = ["2024-08-11", "", "", "", "", "", "0001-11-30", "2999-01-01", "soon"]
    archive = read_archive(
        table(tmp_path / "in.parquet", id=ids, outlet=["o"] * 9, date=dates, text=texts)
    )
    assert archive.ids.to_pylist() == ["a", "c", "f", "g", "h"] and archive.rows.tolist() == [
        1,
        3,
        6,
        7,
        8,
    ]
    assert texts_of(archive) == [SHARED, "", "", "…", f"So {SHARED}."]
    found, faults = find_passages(Texts(archive), Options(), Local())
    faults = archive.faults + faults
    assert (
        told(faults, 2, "has no id")
        and told(faults, 5, "has no id")
        and told(faults, 4, "'a' of row 1 a second time")
        and told(faults, 9, "of row 3")
    )
    assert (
        told(faults, 3, "has no text")
        and told(faults, 6, f"{len(long):,} characters", f"{LONGEST_TEXT:,}")
        and told(faults, 7, "has no word")
    )
    assert told(faults, 7, "0001-11-30", "before 1600", "read without a date") and told(
        faults, 8, "2999-01-01", "in the future"
    )
    assert {f.row for f in faults} == {2, 3, 4, 5, 6, 7, 8, 9}
    assert found["n_matching"].tolist() == [13] and archive.ids[int(found["b"][0])].as_py() == "h"
    assert (
        np.isnan(archive.days[3:]).all()
        and archive.days[0] == (datetime.date(2024, 8, 11) - datetime.date(1970, 1, 1)).days
    )


@pytest.mark.parametrize(
    "dates, days",
    [
        (
            pa.array(
                [datetime.datetime(2024, 8, 11, 12), None, datetime.datetime(1, 11, 30)],
                pa.timestamp("us"),
            ),
            [19946.5, None, None],
        ),
        (pa.array([datetime.date(2024, 8, 11), None, datetime.date(1970, 1, 2)]), [19946, None, 1]),
        (pa.array(["2024-08-11T18:00+02:00", "", None]), [19946 + 16 / 24, None, None]),
        (
            pa.array([1723334400 * 10**9 + 1, None, -9 * 10**18], pa.timestamp("ns")),
            [19946, None, -9 * 10**9 / 86400],
        ),
        (pa.array([19946, None, -(2**31)], pa.int32()).cast(pa.date32()), [19946, None, None]),
        (
            pa.array([1723334400000, None, 9 * 10**17], pa.int64()).cast(
                pa.timestamp("ms", tz="UTC")
            ),
            [19946, None, None],
        ),
        (pa.array([None, None, None]), [None, None, None]),
    ],
)
def test_dates_of_every_kind_are_read(tmp_path, dates, days):
    archive = read_archive(
        table(tmp_path / "in.parquet", id=["a", "b", "c"], date=dates, text=["x"] * 3)
    )
    assert [None if np.isnan(d) else round(float(d), 6) for d in archive.days] == [
        None if d is None else round(d, 6) for d in days
    ]


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.binary(),
        pa.large_binary(),
        pa.dictionary(pa.int32(), pa.string()),
        pa.dictionary(pa.int32(), pa.large_string()),
    ],
)
def test_strings_of_every_kind_and_numbers_as_ids_are_read(tmp_path, kind):
    path = table(
        tmp_path / "in.parquet",
        id=[7, 8, 9],
        outlet=pa.array(["o", None, "o"]).cast(kind),
        text=pa.array(["é x", "ﬁ", "漢"]).cast(kind),
    )
    archive = read_archive(path)
    assert (
        archive.ids.to_pylist() == ["7", "8", "9"]
        and archive.outlets.to_pylist() == ["o", "", "o"]
        and texts_of(archive) == ["é x", "ﬁ", "漢"]
    )


def test_any_share_of_the_articles_can_be_read(tmp_path):
    ids = [f"a{i}" if i % 3 else None for i in range(20)]
    archive = read_archive(
        table(tmp_path / "in.parquet", id=ids, text=[f"t{i}" for i in range(20)])
    )
    whole = texts_of(archive)
    assert whole == [f"t{i}" for i in range(20) if i % 3]
    for first in range(len(whole) + 1):
        assert texts_of(archive, first, first + 4) == whole[first : first + 4]
    assert len(read_archive(tmp_path / "in.parquet", rows=5)) == 3


def test_a_text_that_is_not_utf8_or_no_string_is_told(tmp_path):
    broken = pa.Array.from_buffers(
        pa.string(),
        2,
        [None, pa.py_buffer(np.array([0, 3, 5], np.int32)), pa.py_buffer(b"ok!\xff\xfe")],
    )
    archive = read_archive(table(tmp_path / "in.parquet", id=["a", "b"], text=broken))
    assert texts_of(archive) == ["ok!", ""] and told(faults_of(archive), 2, "not UTF-8")
    numbers = read_archive(table(tmp_path / "numbers.parquet", id=["a", "b"], text=[1, 2]))
    assert told(faults_of(numbers), 1, "type int64") and texts_of(numbers) == ["", ""]


def test_ids_outlets_and_dates_that_are_not_utf8_are_told(tmp_path):
    broken = pa.array([b"ok", b"\xff\xfe", b"too"], pa.binary())
    for column, row in (("id", 2), ("outlet", 2), ("date", 2)):
        columns = {
            "id": ["a", "b", "c"],
            "outlet": ["x"] * 3,
            "date": [""] * 3,
            "text": ["one", "two", "three"],
        } | {column: broken}
        archive = read_archive(table(tmp_path / "in.parquet", **columns))
        assert told(archive.faults, row, "not UTF-8") and len(archive) == (
            2 if column == "id" else 3
        )


@pytest.mark.parametrize(
    "column, values",
    [
        ("id", [["a"]]),
        ("text", [["a"]]),
        ("text", [{"x": "a"}]),
        ("outlet", [{"x": 1}]),
        ("date", pa.array([5], pa.time32("s"))),
        ("date", pa.array([5], pa.duration("s"))),
    ],
)
def test_a_column_of_another_kind_is_told(tmp_path, column, values):
    with pytest.raises(CorpusError, match=f"the column '{column}' holds .*; needed are"):
        read_archive(
            table(tmp_path / "in.parquet", **({"id": ["a"], "text": ["x"]} | {column: values}))
        )


def test_a_table_without_its_columns_or_that_is_none_is_told(tmp_path):
    with pytest.raises(CorpusError, match="lacks text; needed are id and text.*given are id, body"):
        read_archive(table(tmp_path / "in.parquet", id=["a"], body=["x"]))
    (tmp_path / "no.parquet").write_text("id,text\n")
    with pytest.raises(CorpusError, match="not readable as Parquet"):
        read_archive(tmp_path / "no.parquet")
    with pytest.raises(CorpusError, match="not readable as Parquet"):
        read_archive(tmp_path / "nowhere.parquet")


def test_of_two_columns_of_one_name_none_is_chosen(tmp_path):
    pq.write_table(
        pa.Table.from_arrays([pa.array(["a"])] * 3, names=["id", "text", "text"]),
        tmp_path / "in.parquet",
    )
    with pytest.raises(CorpusError, match="two columns text; leave one"):
        read_archive(tmp_path / "in.parquet")


def test_articles_in_a_damaged_part_of_the_file_are_told_and_the_rest_is_read(tmp_path):
    path, rng = tmp_path / "in.parquet", np.random.default_rng(0)
    texts = ["".join(rng.choice(list("abcdefg "), 4000)) for _ in range(6)]
    pq.write_table(
        pa.table({"id": list("abcdef"), "text": texts}),
        path,
        row_group_size=2,
        use_dictionary=False,
    )
    column = pq.read_metadata(path).row_group(1).column(1)
    data = bytearray(path.read_bytes())
    data[column.data_page_offset : column.data_page_offset + column.total_compressed_size] = bytes(
        column.total_compressed_size
    )
    path.write_bytes(data)
    archive = read_archive(path)
    assert texts_of(archive) == [*texts[:2], "", "", *texts[4:]] and {
        f.row for f in faults_of(archive) if "damaged part" in f.problem
    } == {3, 4}
    _, faults = find_passages(Texts(archive), Options(), Local("250MB"))
    assert {f.row for f in faults} == {3, 4}


def test_blocks_are_read_one_after_the_other_or_in_any_order(tmp_path):
    archive = read_archive(
        table(
            tmp_path / "in.parquet",
            id=[f"a{i}" for i in range(9)],
            text=[f"t{i} so" if i != 4 else None for i in range(9)],
        )
    )
    whole, sizes, faults = Texts(archive).read(0, 9)
    assert [f.row for f in faults] == [5] and sizes.tolist() == [2] * 4 + [0] + [2] * 4
    for edges in ([0, 3, 5, 6, 9], [0, 1, 9]):
        for blocks in (list(zip(edges, edges[1:])), list(zip(edges, edges[1:]))[::-1]):
            source = Texts(archive)
            read = {block: source.read(*block) for block in blocks}
            assert np.array_equal(
                np.concatenate([read[block][0]["hash"] for block in sorted(blocks)]), whole["hash"]
            )
            assert [f.row for block in blocks for f in read[block][2]] == [5]


def test_an_archive_without_an_article_gives_no_passage(tmp_path):
    for ids in ([], [None, ""]):
        archive = read_archive(
            table(
                tmp_path / "in.parquet",
                id=pa.array(ids, pa.string()),
                text=pa.array(["x"] * len(ids), pa.string()),
            )
        )
        found, _ = find_passages(Texts(archive), Options(), Local())
        assert len(archive) == 0 and len(found["a"]) == 0


def test_very_many_bad_rows_are_told_in_few_lines():
    lines = []
    tell(
        [Fault("x.parquet", row, "has no text; left out") for row in range(1, 31)]
        + [Fault("x.parquet", 99, "has no id; left out")],
        lines.append,
    )
    assert (
        len(lines) == 22
        and lines[0] == "row 1 has no text; left out"
        and lines[-1] == "row 99 has no id; left out"
    )
    assert lines[20].startswith("10 more rows likewise (has no text; ...): 21, 22,")


def test_pandas_tables_are_read(tmp_path):
    frame = pd.DataFrame(
        {
            "id": ["a", "b"],
            "outlet": ["o", None],
            "date": pd.to_datetime(["2024-08-11", None]),
            "text": [SHARED, "b"],
        }
    )
    frame.to_parquet(tmp_path / "in.parquet")
    archive = read_archive(tmp_path / "in.parquet")
    assert (
        archive.faults == []
        and archive.outlets.to_pylist() == ["o", ""]
        and archive.days[0] == 19946
    )
