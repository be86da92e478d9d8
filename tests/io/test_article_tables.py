"""Articles from a table: good ones are read whole, bad ones are reported by row."""

import datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import CorpusError
from analysis.io.article_tables import read_articles
from analysis.scaffold import new_corpus
from tests.small import csv_of, jsonl_of, put, put_table, told


@pytest.fixture
def table(tmp_path):
    """Writes a table and returns its path."""
    return lambda content, name="table.csv": put_table(tmp_path / name, content)


def faults_of(path, **options):
    with pytest.raises(CorpusError) as caught:
        read_articles(path, **options)
    return caught.value.faults


def test_ids_that_differ_in_capitals_only_get_files_that_no_system_takes_for_one(table):
    rows = [{"id": i, "text": f"Text {n}."} for n, i in enumerate(["aB", "Ab", "ab.3", "AB"])]
    articles = read_articles(table(csv_of(rows)))
    assert [a.article_id for a in articles] == ["aB", "Ab", "ab.3", "AB"]
    assert len({a.about["file"].lower() for a in articles}) == 4


def test_a_longer_cell_is_kept_as_it_is_but_for_white_space(table):
    (article,) = read_articles(
        table(csv_of([{"id": "a", "text": "One.", "title": ' <i>Two</i>\n lines; "quoted" '}]))
    )
    assert article.about["title"] == '<i>Two</i> lines; "quoted"'


def test_values_that_are_no_strings_come_out_as_text(table):
    rows = [
        {
            "id": 7,
            "text": "One.",
            "authors": ["Ada", "Bo"],
            "score": 0.0,
            "seen": True,
            "note": None,
        },
        {"id": 8, "text": "Two.", "score": float("nan")},
    ]
    for path in (table(jsonl_of(*rows), "t.jsonl"), table(pa.Table.from_pylist(rows), "t.parquet")):
        first, second = (a.about for a in read_articles(path))
        assert (
            first["article_id"],
            first["author"],
            first["score"],
            first["seen"],
            first["note"],
        ) == ("7", "Ada, Bo", "0.0", "True", "")
        assert (second["article_id"], second["author"], second["score"]) == ("8", "", "")


def test_dates_of_a_parquet_table_are_days_or_moments(table):
    def published(values):
        ids = [f"a{i}" for i in range(len(values))]
        rows = pa.table({"id": ids, "text": [f"Text {i}." for i in ids], "date": values})
        return [a.about["published"] for a in read_articles(table(rows, "t.parquet"))]

    day = datetime.date(2024, 8, 1)
    assert published(pa.array([day, None])) == ["2024-08-01", ""]
    assert published(pa.array([datetime.datetime(2024, 8, 1)], pa.timestamp("ns"))) == [
        "2024-08-01"
    ]
    assert published(
        pa.array([datetime.datetime(2024, 8, 1, 10)], pa.timestamp("us", tz="UTC"))
    ) == ["2024-08-01 10:00:00+00:00"]


@pytest.mark.parametrize(
    "value, words",
    [
        (pa.array([datetime.date(1, 1, 1)]), ["'0001-01-01'", "plausible"]),
        (pa.array([datetime.datetime(1, 1, 1)], pa.timestamp("us")), ["'0001-01-01'", "plausible"]),
        (
            pa.array([datetime.datetime(2024, 8, 1, 10)], pa.timestamp("ns")),
            ["'2024-08-01 10:00:00'", "time zone"],
        ),
        (pa.array([1722470400]), ["'1722470400'", "not a date"]),
    ],
)
def test_a_date_of_a_parquet_table_that_is_none_is_told(table, value, words):
    path = table(pa.table({"id": ["a"], "text": ["One."], "date": value}), "t.parquet")
    assert told(faults_of(path), "t.parquet", *words, row=1)


def test_moments_beyond_what_python_knows_are_told(table):
    path = table(
        pa.table({"id": ["a"], "text": ["One."], "date": pa.array([2**60], pa.timestamp("us"))}),
        "t.parquet",
    )
    assert told(faults_of(path), "t.parquet", "not readable as parquet")


@pytest.mark.parametrize(
    "content, row, words",
    [
        ("id,text\na,One.\nb,Two.\na,Three.\n", 4, ["'a'", "doubled", "first in row 2"]),
        ("id,text\na b,One.\na/b,Two.\n", 3, ["'a/b' becomes 'a-b'", "'a b' of row 2"]),
        ("id,text\n" + "x" * 81 + ",One.\n" + "x" * 82 + ",Two.\n", 3, ["becomes", "1 to 80"]),
        ("id,text\n,One.\n", 2, ["no id"]),
        ("id,text\n..,One.\n", 2, ["'..'", "no letter"]),
        ("id,text\nстатья,One.\n", 2, ["'статья'", "no letter from A to Z"]),
        ("id,text\nÃ©-1,One.\n", 2, ["article_id", "mojibake"]),
        ("id,text\na,\n", 2, ["empty"]),
        ("id,text\na,?!\n", 2, ["empty"]),
        ("id,text\na,The cafÃ©.\n", 2, ["mojibake"]),
        ("id,text\na,One.\nb,One. \n", 3, ["same text as row 2"]),
        ("id,text,date\na,One.,yesterday\n", 2, ["published 'yesterday'", "YYYY-MM-DD"]),
        ("id,text,date\na,One.,0001-01-01\n", 2, ["plausible"]),
        ("id,text,lang\na,One.,English\n", 2, ["'English'", "such as en"]),
        ("id,text,source\na,One.,LibÃ©ration\n", 2, ["outlet", "mojibake"]),
        (
            "id,text,html\na,One.," + "x" * 100_001 + "\n",
            2,
            ["html", "100,001 characters", "Remove the column"],
        ),
        ("id,text,x\na,One.\n", 2, ["2 cells", "3 columns"]),
        ("id,text\n\na,One.\nb,Two.,x\n", 4, ["3 cells", "2 columns"]),
        ("id,text\na,One, two, three.\nb,Two.\n", 2, ["4 cells", "2 columns"]),
        ('id,text\na,"One\ntwo."\nb,"Two.\n', 3, ["not readable as CSV", "end of data"]),
        ('id,text\na,"One "two" three."\n', 2, ["not readable as CSV"]),
        ("id,text\na,One\0Two\n", 2, ["NUL"]),
        (b"id,text\na,Caf\xe9.\n", 2, ["0xe9", "UTF-8"]),
        ("id;text\na;One.\n", 1, ["semicolons", "commas"]),
        ("id,title\na,One.\n", 1, ["no column 'text'", "there are id, title"]),
        ("title,text\nx,One.\n", 1, ["no column 'article_id'", "id, doc_id"]),
        ("id,text,text\na,One.,Two.\n", 1, ["'text'", "twice"]),
        ("id,text,x, x\na,One.,1,2\n", 1, ["'x'", "twice"]),
        (",id,text\n0,a,One.\n", 1, ["column 1", "no name"]),
        ("id,text,sha256\na,One.,1\n", 1, ["'sha256'", "made by extraction"]),
        ("id,text,n_tokens\na,One.,1\n", 1, ["'n_tokens'", "made by extraction"]),
        ("id,text,file\na,One.,x.txt\n", 1, ["'file'", "another name"]),
        ("id,text\n", None, ["no row"]),
        ("", 1, ["no column 'text'"]),
    ],
)
def test_a_bad_csv_is_told_by_row_and_writes_nothing(tmp_path, table, content, row, words):
    path = table(content)
    assert told(faults_of(path), "table.csv", *words, row=row), faults_of(path)
    with pytest.raises(CorpusError, match="Nothing was written"):
        new_corpus("mine", root=tmp_path / "corpus", table=path)
    assert not (tmp_path / "corpus" / "mine").exists()


@pytest.mark.parametrize(
    "lines, row, words",
    [
        ('{"id": "a", "text": "One."}\n\n{"id": "b", "text": \n', 3, ["not JSON"]),
        ('{"id": "a", "text": "One."}\n["b", "Two."]\n', 2, ["needed is an object"]),
        ("5\n", 1, ["5 was given", "needed is an object"]),
        ('{"id": "a", "id": "b", "text": "One."}\n', 1, ["twice", "id"]),
        ("[" * 100_000 + "\n", 1, ["not JSON"]),
        ('{"id": ' + "9" * 5000 + ', "text": "One."}\n', 1, ["not JSON"]),
        ('{"id": "a", "text": "One."}\n{"id": "b"}\n', 2, ["text is missing"]),
        ('{"id": "a", "text": null}\n', 1, ["text is missing"]),
        ('{"id": "a", "text": NaN}\n', 1, ["text is missing"]),
        ('{"id": "a", "text": 5}\n', 1, ["text is 5", "string"]),
        ('{"id": "a", "text": ["One."]}\n', 1, ["text is ['One.']", "string"]),
        ('{"id": "a", "text": "One\\u0000."}\n', 1, ["NUL"]),
        ('{"id": "a", "text": "One \\ud83d."}\n', 1, ["0xed", "UTF-8"]),
        ('{"id": "a", "text": "One.", "source": "\\ud83d"}\n', 1, ["outlet", "half a character"]),
        ('{"id": "a", "text": "One.", "source": "a\\u0000"}\n', 1, ["outlet", "NUL"]),
        ('{"id": "\\ud83d", "text": "One."}\n', 1, ["article_id", "half a character"]),
        ('{"id": "a", "text": "One.", "\\ud83d": 1}\n', None, ["half a character", "another name"]),
        ('{"id": "a", "text": "One.", "": 1}\n', None, ["column 3", "no name"]),
        ('{"text": "One."}\n{"id": "b", "text": "Two."}\n', 1, ["no id"]),
        ("", None, ["no column 'text'"]),
    ],
)
def test_a_bad_jsonl_is_told_by_row(table, lines, row, words):
    path = table(lines, "table.jsonl")
    assert told(faults_of(path), "table.jsonl", *words, row=row), faults_of(path)


@pytest.mark.parametrize(
    "content, row, words",
    [
        (b"", None, ["not readable as parquet"]),
        (b"PAR1....PAR1", None, ["not readable as parquet"]),
        (pa.table({"id": ["a"], "body": [b"One."]}), 1, ["text is b'One.'", "string"]),
        (pa.table({"id": ["a", "b"], "text": ["One.", None]}), 2, ["text is missing"]),
        (pa.table({"id": pa.array([1, None]), "text": ["One.", "Two."]}), 2, ["no id"]),
        (pa.table({"id": ["a"], "title": ["One."]}), None, ["no column 'text'", "id, title"]),
        (
            pa.Table.from_arrays(
                [pa.array(["a"]), pa.array(["One."]), pa.array(["Two."])],
                names=["id", "text", "text"],
            ),
            None,
            ["text"],
        ),
    ],
)
def test_a_bad_parquet_table_is_told_by_row(table, content, row, words):
    path = table(content, "table.parquet")
    assert told(faults_of(path), "table.parquet", *words, row=row), faults_of(path)


def test_every_bad_row_is_told_at_once(table):
    assert [f.row for f in faults_of(table("id,text,date\na,One.,x\nb,,\na,Three.,y\n"))] == [
        2,
        3,
        4,
        4,
    ]


@pytest.mark.parametrize("name", ["none.csv", "folder.csv", "table.xlsx", "table"])
def test_a_path_that_is_no_table_is_told(tmp_path, name):
    (tmp_path / "folder.csv").mkdir()
    put(tmp_path / "table.xlsx", "PK")
    assert told(faults_of(tmp_path / name), name)


def test_whole_numbers_stay_whole_where_some_are_missing(table):
    rows = pa.table(
        {"id": pa.array([10**17 + 1, 2]), "text": ["One.", "Two."], "words": pa.array([5, None])}
    )
    first, second = read_articles(table(rows, "t.parquet"))
    assert (first.article_id, first.about["words"], second.about["words"]) == (
        "100000000000000001",
        "5",
        "",
    )


def test_a_text_of_a_million_characters_is_one_cell(table):
    text = "word\n" * 200_000
    assert [a.text for a in read_articles(table(csv_of([{"id": "a", "text": text}])))] == [text]


@given(st.data(), st.sampled_from([".csv", ".jsonl", ".parquet"]))
def test_no_bytes_at_all_make_reading_a_table_fail_but_by_name(tmp_path, data, suffix):
    pieces = [
        "id,text\n",
        '{"id": "a", "text": "One."}',
        "{",
        "}",
        ",",
        ":",
        '"',
        "a",
        "One.",
        "\n",
        "\r",
        "\0",
        "[",
        "null",
        "NaN",
        "é",
        "\ufeff",
    ]
    content = data.draw(
        st.binary(max_size=40)
        | st.lists(st.sampled_from(pieces), max_size=15).map(lambda p: "".join(p).encode())
    )
    path = put(tmp_path / f"t{suffix}", content)
    try:
        assert read_articles(path)
    except CorpusError as error:
        assert error.faults


def test_an_id_that_windows_reserves_gets_a_file_of_another_name(table):
    rows = [{"id": name, "text": f"About {name}."} for name in ("aux", "con.1", "console")]
    articles = read_articles(table(csv_of(rows)))
    assert [a.article_id for a in articles] == ["aux", "con.1", "console"]
    assert [a.about["file"] for a in articles] == ["_aux.txt", "_con.1.txt", "console.txt"]
