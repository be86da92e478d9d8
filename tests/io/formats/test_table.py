"""Articles from tables: good rows are read, bad ones are left out and said by row."""

import csv
import datetime
import io
import json

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import CorpusError
from analysis.io.reading import NoArticles, read_articles
from analysis.scaffold import new_corpus
from tests.small import csv_of, jsonl_of, put, put_table, told


@pytest.fixture
def table(tmp_path):
    """Writes a table and returns its path."""
    return lambda content, name="table.csv": put_table(tmp_path / name, content)


def reading_of(path, **options):
    try:
        return read_articles(path, **options)
    except NoArticles as error:
        return error.reading


def check_said(reading, row, words):
    said = [(line.row, f"{line.fault}: {line.done}") for line in reading.report]
    assert any(r == row and all(word in what for word in words) for r, what in said), said


def titles(reading):
    return [(row["title"], row["outlet"], row["published"]) for row in reading.rows]


def test_ids_that_differ_in_capitals_only_get_files_that_no_system_takes_for_one(table):
    rows = [{"id": i, "text": f"Text {n}."} for n, i in enumerate(["aB", "Ab", "ab.3", "AB"])]
    articles = list(read_articles(table(csv_of(rows))))
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
            "authors": ["Ada", {"name": "Bo"}],
            "score": 0.0,
            "seen": True,
            "note": None,
        },
        {"id": 8, "text": "Two.", "score": float("nan"), "note": "x"},
    ]
    (article, second) = read_articles(table(jsonl_of(*rows), "t.jsonl"))
    first = article.about
    assert (first["article_id"], first["author"], first["score"], first["seen"], first["note"]) == (
        ("7", "Ada, Bo", "0.0", "True", "")
    )
    assert (second.article_id, second.about["author"], second.about["score"]) == ("8", "", "")
    rows[0]["authors"] = ["Ada", "Bo"]
    again = read_articles(table(pa.Table.from_pylist(rows), "t.parquet"))
    assert [a.about for a in again] == [first, second.about]


def test_dates_of_a_parquet_table_are_days_or_moments(table):
    def published(values):
        ids = [f"a{i}" for i in range(len(values))]
        rows = pa.table({"id": ids, "text": [f"Text {i}." for i in ids], "date": values})
        return [row["published"] for row in read_articles(table(rows, "t.parquet")).rows]

    day = datetime.date(2024, 8, 1)
    assert published(pa.array([day, None])) == ["2024-08-01", ""]
    midnight = datetime.datetime(2024, 8, 1)
    assert published(pa.array([midnight], pa.timestamp("ns"))) == ["2024-08-01"]
    ten = datetime.datetime(2024, 8, 1, 10)
    assert published(pa.array([ten], pa.timestamp("us", tz="UTC"))) == ["2024-08-01T10:00:00Z"]
    assert published(pa.array([ten], pa.timestamp("ns"))) == ["2024-08-01"], "without a zone"
    assert published(pa.array([1722470400])) == ["2024-08-01T00:00:00Z"], "seconds since 1970"


@pytest.mark.parametrize(
    "value",
    [
        pa.array([datetime.date(1, 1, 1)]),
        pa.array([datetime.datetime(1, 1, 1)], pa.timestamp("us")),
        pa.array([datetime.date(2999, 1, 1)]),
        pa.array([45000]),
        pa.array([True]),
    ],
)
def test_a_date_of_a_parquet_table_that_is_none_is_left_empty_and_said(table, value):
    path = table(pa.table({"id": ["a"], "text": ["One."], "date": value}), "t.parquet")
    reading = reading_of(path)
    assert [row["published"] for row in reading.rows] == [""]
    check_said(reading, 1, ["the date", "left empty"])


def test_moments_beyond_what_python_knows_are_said(table):
    moments = pa.array([2**60], pa.timestamp("us"))
    path = table(pa.table({"id": ["a"], "text": ["One."], "date": moments}), "t.parquet")
    check_said(reading_of(path), None, ["not readable as Parquet"])


NEXT = "z,Last."
FAULTS_OF_CSV = [
    ("id,text\na,One.\nb,Two.\na,Three.\n", 4, ["'a'", "doubled", "row 2", "called a-2"], 3),
    ("id,text\na b,One.\na/b,Two.\n", 3, ["'a/b' becomes 'a-b'", "'a b' of table.csv, row 2"], 2),
    ("id,text\n" + "x" * 81 + ",One.\n" + "x" * 82 + ",Two.\n", 3, ["becomes", "called x"], 2),
    ("id,text\n!?,One.\n", 2, ["'!?'", "no letter"], 1),
    ("id,text\nстатья,One.\n", 2, ["'статья'", "no letter from A to Z"], 1),
    ("id,text\nÃ©-1,One.\n", 2, ["source_id", "mojibake", "repaired"], 1),
    ("id,text\na,\n", 2, ["no text", "left out"], 0),
    ("id,text\na,?!\n", 2, ["no letter", "left out"], 0),
    ("id,text\na,nan\n", 2, ["only 'nan'", "left out"], 0),
    ("id,text\na,The cafÃ©.\n", 2, ["mojibake", "repaired"], 1),
    ("id,text\na,One.\nb,One. \n", 3, ["same text as row 2", "left out"], 1),
    ("id,text,date\na,One.,yesterday\n", 2, ["'yesterday'", "left empty"], 1),
    ("id,text,date\na,One.,0001-01-01\n", 2, ["before 1600", "left empty"], 1),
    ("id,text,lang\na,One.,Klingon speech\n", 2, ["'Klingon speech'", "en taken"], 1),
    ("id,text,source\na,One.,LibÃ©ration\n", 2, ["outlet", "mojibake", "repaired"], 1),
    ("id,text,html\na,One.," + "x" * 100_001 + "\n", 2, ["html", "100,001", "left empty"], 1),
    ("id,text,x\na,One.\n", 2, ["2 cells", "3 columns", "left out"], 0),
    ("id,text\n\na,One.\nb,Two.,x\n", 4, ["3 cells", "2 columns", "left out"], 1),
    ("id,text\na,One, two, three.\nb,Two.\n", 2, ["4 cells", "2 columns"], 1),
    ('id,text\na,"One\ntwo."\nb,"Two.\n', 3, ["not readable as CSV", "end of data"], 1),
    ('id,text\na,"One "two" three."\n', 2, ["not readable as CSV", "line 2 "], 0),
    ("id,text\na,One\0Two\n", 2, ["NUL", "repaired"], 1),
    (b"id,text\na,Caf\xe9.\n", None, ["not UTF-8", "Windows-1252"], 1),
    ("id,title\na,One.\n", None, ["no column of texts", "id, title", "--column"], 0),
    ("id,text,text\na,One.,Two.\n", 1, ["'text'", "twice", "text_2"], 1),
    ("id,text,x, x\na,One.,1,2\n", 1, ["'x'", "twice", "x_2"], 1),
    ("id,text,sha256\na,One.,1\n", None, ["'sha256'", "sha256_given"], 1),
    ("id,text,n_tokens\na,One.,1\n", None, ["'n_tokens'", "n_tokens_given"], 1),
    ("id,text,file\na,One.,x.txt\n", None, ["'file'", "file_given"], 1),
    ("id,text\n", None, ["no row"], 0),
    ("", None, ["empty"], 0),
]


@pytest.mark.parametrize("content, row, words, n", FAULTS_OF_CSV)
def test_a_bad_csv_is_said_by_row_and_the_rest_is_read(tmp_path, table, content, row, words, n):
    path = table(content)
    reading = reading_of(path)
    check_said(reading, row, words)
    assert len(reading) == n


@pytest.mark.parametrize("content, row, words, n", FAULTS_OF_CSV)
def test_strict_refuses_what_is_said_and_writes_nothing(tmp_path, table, content, row, words, n):
    path = table(content)
    with pytest.raises(CorpusError, match="Nothing was written") as caught:
        new_corpus("mine", root=tmp_path / "corpus", paths=path, strict=True)
    assert told(caught.value.faults, "table.csv", row=row)
    assert not (tmp_path / "corpus" / "mine").exists()


@pytest.mark.parametrize("row", ['a,"One "two" three."', 'a,"One', 'a,One,"x"y', "a"])
def test_one_bad_row_among_many_costs_no_other(table, row):
    good = [f"a{i},2024-08-{i:02},Text {i}." for i in range(1, 29)]
    path = table("\n".join(["id,date,text", *good[:14], row, *good[14:]]) + "\n")
    reading = read_articles(path)
    ids = [r["article_id"] for r in reading.rows]
    missing = {f"a{i}" for i in range(1, 29)} - set(ids)
    assert len(ids) == len(set(ids)) >= 26 and missing <= {"a15", "a16"}
    check_said(reading, 16, ["left out"])


def test_prose_behind_a_broken_row_never_becomes_an_article(table):
    broken = 'c,2024-08-03,"He said "no".\nShe said, yes, twice.\nThey left, then.\n'
    path = table(
        "id,date,text\na,2024-08-01,One.\nb,2024-08-02,Two.\n" + broken + "d,2024-08-04,F."
    )
    assert [row["article_id"] for row in read_articles(path).rows] == ["a", "b", "d"]


@pytest.mark.parametrize(
    "lines, row, words, n",
    [
        ('{"id": "a", "text": "One."}\n\n{"id": "b", "text": \n', 3, ["not JSON"], 1),
        ('{"id": "a", "text": "One."}\n["b", "Two."]\n', 2, ["needed is an object"], 1),
        ("5\n", 1, ["5 was given", "needed is an object"], 0),
        ('{"id": "a", "id": "b", "text": "One."}\n', 1, ["twice", "id"], 0),
        ('{"a": ' * 100_000 + "\n", 1, ["not JSON"], 0),
        ("[" * 100_000 + "\n", None, ["not JSON"], 0),
        ('{"id": ' + "9" * 5000 + ', "text": "One."}\n', 1, ["not JSON"], 0),
        ('{"id": "a", "text": "One."}\n{"id": "b"}\n', 2, ["no text"], 1),
        ('{"id": "a", "text": null}\n', 1, ["no text"], 0),
        ('{"id": "a", "text": NaN}\n', 1, ["no text"], 0),
        ('{"id": "a", "text": 5}\n', 1, ["text is 5", "string"], 0),
        ('{"id": "a", "text": {"x": "One."}}\n', 1, ["text is {'x': 'One.'}", "string"], 0),
        ('{"id": "a", "text": "One\\u0000."}\n', 1, ["NUL", "repaired"], 1),
        ('{"id": "a", "text": "One \\ud83d."}\n', 1, ["half", "repaired"], 1),
        ('{"id": "a", "text": "One.", "source": "\\ud83d"}\n', 1, ["outlet", "half"], 1),
        ('{"id": "a", "text": "One.", "source": "a\\u0000"}\n', 1, ["outlet", "NUL"], 1),
        ('{"id": "\\ud83d", "text": "One."}\n', 1, ["source_id", "half"], 1),
        ('{"id": "a", "text": "One.", "\\ud83d": 1}\n', None, ["another name"], 1),
        ('[{"id": "a", "text": "One."}, {"id": "b", "te', None, ["item 2", "not JSON"], 1),
        ('[{"id": "a", "text": "One."}, 5]', 2, ["5 was given"], 1),
        ("", None, ["empty"], 0),
    ],
)
def test_bad_json_is_said_by_row(table, lines, row, words, n):
    reading = reading_of(table(lines, "table.jsonl"))
    check_said(reading, row, words)
    assert len(reading) == n


@pytest.mark.parametrize(
    "content, row, words, n",
    [
        (b"", None, ["empty"], 0),
        (b"PAR1....PAR1", None, ["not readable as Parquet"], 0),
        (pa.table({"id": ["a"], "body": [b"One."]}), 1, ["text is b'One.'", "string"], 0),
        (pa.table({"id": ["a", "b"], "text": ["One.", None]}), 2, ["no text"], 1),
        (pa.table({"id": ["a"], "title": ["One."]}), None, ["no column of texts", "id, title"], 0),
        (
            pa.Table.from_arrays(
                [pa.array(["a"]), pa.array(["One."]), pa.array(["Two."])],
                names=["id", "text", "text"],
            ),
            None,
            ["text", "twice"],
            1,
        ),
    ],
)
def test_a_bad_parquet_table_is_said_by_row(table, content, row, words, n):
    reading = reading_of(table(content, "table.parquet"))
    check_said(reading, row, words)
    assert len(reading) == n


def test_a_quotation_mark_that_is_never_closed_costs_one_row(table):
    rows = [f"a{i},Bote,Text {i}." for i in range(1, 2000)]
    path = table("\n".join(["id,source,text", *rows[:5], 'b,Bote,"Text.', *rows[5:]]) + "\n")
    reading = read_articles(path)
    assert [row["article_id"] for row in reading.rows] == [f"a{i}" for i in range(1, 2000)]
    check_said(reading, 7, ["not readable as CSV", "line 7 of"])


def test_every_bad_row_is_said_at_once(table):
    reading = reading_of(table("id,text,date\na,One.,x\nb,,\na,Three.,y\n"))
    assert [line.row for line in reading.report] == [2, 3, 4, 4]


def test_whole_numbers_stay_whole_where_some_are_missing(table):
    rows = pa.table(
        {"id": pa.array([10**17 + 1, 2]), "text": ["One.", "Two."], "words": pa.array([5, None])}
    )
    first, second = read_articles(table(rows, "t.parquet"))
    assert (first.article_id, first.about["words"], second.about["words"]) == (
        ("100000000000000001", "5", "")
    )


def test_a_text_of_a_million_characters_is_one_cell(table):
    text = "word\n" * 200_000
    assert [a.text for a in read_articles(table(csv_of([{"id": "a", "text": text}])))] == [text]


@given(st.data(), st.sampled_from([".csv", ".jsonl", ".parquet", ".xlsx", ".txt"]))
def test_no_bytes_at_all_make_reading_a_table_fail_but_by_name(tmp_path, data, suffix):
    pieces = [
        "id,text\n",
        "sep=;\n",
        '{"id": "a", "text": "One."}',
        "{",
        "}",
        ",",
        ";",
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
        assert len(read_articles(path))
    except CorpusError as error:
        assert error.faults


def test_an_id_that_windows_reserves_gets_a_file_of_another_name(table):
    rows = [{"id": name, "text": f"About {name}."} for name in ("aux", "con.1", "console")]
    articles = list(read_articles(table(csv_of(rows))))
    assert [a.article_id for a in articles] == ["aux", "con.1", "console"]
    assert [a.about["file"] for a in articles] == ["_aux.txt", "_con.1.txt", "console.txt"]


GERMAN = [
    ("Kran fällt", "Hafenblatt", "8.9.2023", "Er fiel; alle sahen es.\nNiemand ging."),
    ("Zweiter Tag", "Bote", "15.9.2023", 'Sie sagte "nein", und ging.'),
]
READ = [("Kran fällt", "Hafenblatt", "2023-09-08"), ("Zweiter Tag", "Bote", "2023-09-15")]


def written(separator, header=("Titel", "Zeitung", "Datum", "Text"), **options):
    sink = io.StringIO()
    writer = csv.writer(sink, delimiter=separator, **options)
    writer.writerows([header, *GERMAN])
    return sink.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_csv_of_every_dialect_is_read(table, separator, encoding, ends):
    data = written(separator, lineterminator=ends).encode(encoding)
    reading = read_articles(table(data, "t.csv"), language="de")
    assert titles(reading) == READ
    assert [a.text for a in reading] == [row[3] for row in GERMAN]


@pytest.mark.parametrize("name", ["t.txt", "t", "t.dat"])
def test_a_table_is_known_by_its_header_whatever_its_ending(table, name):
    assert titles(read_articles(table(written("\t"), name), language="de")) == READ


def test_a_line_that_declares_the_separator_is_no_row(table):
    reading = read_articles(table("sep=;\n" + written(";")), language="de")
    assert titles(reading) == READ and [place for _, place in reading.origins] == [2, 3]


def test_lines_above_the_header_are_no_rows(table):
    reading = read_articles(table("Collected by hand\n\n" + written(";")), language="de")
    assert titles(reading) == READ and not reading.report


def test_row_numbers_of_pandas_and_r_are_no_column(table):
    for name in ("", "Unnamed: 0"):
        path = table(f"{name},id,text\n0,a,One.\n1,b,Two.\n")
        reading = read_articles(path)
        assert [set(a.about) for a in reading] == [{*reading.columns}] * 2
        assert "column_1" not in reading.columns and name not in reading.columns[8:]


def test_quotation_marks_behind_a_backslash_are_read(table):
    rows = 'id,text\n"a","She said \\"no\\", twice."\n"b","Two."\n'
    assert [a.text for a in read_articles(table(rows))] == ['She said "no", twice.', "Two."]


def test_cells_that_are_empty_behind_the_last_column_do_no_harm(table):
    path = table("id,text,,\na,One.,,\nb,Two.\n".replace("b,Two.", "b,Two.,"))
    assert len(read_articles(path)) == 2


def test_single_bytes_among_utf8_are_read_and_said(table):
    data = "id,text\na,Café und Straße und noch ein Café.\n".encode() + b"b,Caf\xe9.\n"
    reading = read_articles(table(data), language="de")
    assert [a.text[:4] for a in reading] == ["Café", "Café"]
    check_said(reading, None, ["not UTF-8", "single bytes"])


def test_another_alphabet_is_found_and_an_encoding_can_be_said(table):
    text = "Кран упал в порту, и никто не знал, почему он упал и кто виноват."
    data = f'id,text\na,"{text}"\n'.encode("cp1251")
    assert [a.text for a in read_articles(table(data), encoding="cp1251")] == [text]
    assert [a.text for a in read_articles(table(data))] == [text]


def test_columns_can_be_named(table):
    path = table("Kopf,Wo,Was\nOne,Bote,The text is here.\n")
    named = {"title": "Kopf", "outlet": "Wo", "body": "Was"}
    assert titles(read_articles(path, columns=named)) == [("One", "Bote", "")]
    check_said(
        reading_of(table("id,text\na,One.\n"), columns={"outlet": "Wo"}),
        1,
        ["no column 'Wo' for outlet", "id, text"],
    )


def test_an_outlet_that_is_an_address_is_named_by_its_host(table):
    (article,) = read_articles(table("source,text\nhttps://www.Bote.example.com/a?b=1,One.\n"))
    assert article.about["outlet"] == "bote.example.com"
    assert article.about["url"] == "https://www.Bote.example.com/a?b=1"


def test_json_in_every_shape_is_read(table):
    rows = [{"headline": "A", "source": {"id": None, "name": "Lantern"}, "body": "One."}]
    rows += [{"headline": "B", "source": None, "body": ["Two.", "Three."], "day": "2024-08-01"}]
    for content in (
        jsonl_of(*rows),
        json.dumps(rows),
        json.dumps(rows, indent=1),
        json.dumps({"status": "ok", "articles": rows}, indent=1),
        "".join(json.dumps(row, indent=1) for row in rows),
    ):
        reading = read_articles(table(content, "t.json"))
        assert titles(reading) == [("A", "Lantern", ""), ("B", "", "2024-08-01")]
        assert [a.text for a in reading] == ["One.", "Two.\n\nThree."] and not reading.report


def workbook(tmp_path, rows, *, notes=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for row in notes:
        (book.worksheets[1] if len(book.worksheets) > 1 else book.create_sheet("Notes")).append(row)
    book.save(tmp_path / "t.xlsx")
    return tmp_path / "t.xlsx"


def test_a_workbook_with_a_row_above_its_header_empty_rows_and_dates_of_any_kind(tmp_path):
    rows = [
        ["My articles"],
        ["Headline", "Source", "Date", "Body"],
        ["A", "Bote", datetime.datetime(2023, 9, 5), "One."],
        [],
        ["B", "Bote", 45175, "Two."],
        ["C", "Bote", "7 September 2023", "Three."],
        ["D", "Bote", None, 5],
    ]
    reading = read_articles(workbook(tmp_path, rows, notes=[["Coded in May"]]))
    days = ["2023-09-05", "2023-09-06", "2023-09-07"]
    assert titles(reading) == [(t, "Bote", day) for t, day in zip("ABC", days)]
    assert [place for _, place in reading.origins] == [3, 5, 6]
    check_said(reading, 7, ["text is 5"])
    check_said(reading, None, ["'Notes'", "no column of texts"])


def test_a_damaged_workbook_is_said(tmp_path):
    path = workbook(tmp_path, [["id", "text"], ["a", "One."]])
    data = path.read_bytes()
    put(path, data[: len(data) // 2])
    check_said(reading_of(path), None, ["damaged or cut"])
    put(path, data.replace(b"xl/worksheets/sheet1.xml", b"xl/worksheets/sheetX.xml"))
    assert reading_of(path).report
