"""A corpus folder from a table: good ones pass the check at once, bad ones are told by row and
write nothing.
"""

import datetime
import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus import check_corpus, load
from analysis.errors import CorpusError, OptionError
from analysis.readers.table import read_table
from analysis.scaffold import new_corpus
from tests.small import extract_small, put, told

ROWS = [
    {
        "id": "a1",
        "text": "“No,” she said.\r\nNothing <b>more</b>.",
        "source": "The Times",
        "date": "2024-08-01",
        "desk": "city",
    },
    {"id": "b1", "text": "Nobody came.", "source": "Le Café, Paris", "date": "", "desk": ""},
]


def csv(rows=ROWS, **options):
    return pd.DataFrame(rows).to_csv(index=False, **options)


def jsonl(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def table(tmp_path):
    """Writes a table and returns its path."""

    def table(content, name="table.csv"):
        if isinstance(content, pa.Table):
            pq.write_table(content, tmp_path / name)
            return tmp_path / name
        return put(tmp_path / name, content)

    return table


def faults_of(path, **options):
    with pytest.raises(CorpusError) as caught:
        read_table(path, **options)
    return caught.value.faults


def test_a_new_corpus_without_a_table_asks_for_articles_only(tmp_path):
    folder = new_corpus("mine", root=tmp_path)
    assert told(check_corpus(folder), "metadata.csv", "no article is listed", row=1)
    assert len(check_corpus(folder)) == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda table: table(csv()),
        lambda table: table("\ufeff" + csv(lineterminator="\r\n")),
        lambda table: table(csv(), "TABLE.CSV"),
        lambda table: table(jsonl(*ROWS), "table.jsonl"),
        lambda table: table("\ufeff" + jsonl(*ROWS).replace("\n", "\r\n\r\n"), "table.jsonl"),
        lambda table: table(pa.Table.from_pylist(ROWS), "table.parquet"),
    ],
)
def test_a_new_corpus_from_a_table_passes_its_check_and_holds_all_of_it(tmp_path, table, make):
    folder = new_corpus("mine", root=tmp_path / "corpus", table=make(table))
    assert check_corpus(folder) == []
    first, second = load(folder).articles()
    assert (first.text, second.text) == (
        ROWS[0]["text"],
        ROWS[1]["text"],
    ), "line ends and tags are kept"
    assert first.about == {
        "article_id": "a1",
        "file": "a1.txt",
        "outlet": "The Times",
        "published": "2024-08-01",
        "author": "",
        "url": "",
        "language": "en",
        "desk": "city",
    }
    assert second.about["outlet"] == "Le Café, Paris" and second.about["published"] == ""


def test_a_new_corpus_is_extracted_with_the_columns_of_its_table(tmp_path, table):
    folder = new_corpus("mine", root=tmp_path / "corpus", table=table(csv()))
    assert extract_small(folder).table("articles")["desk"].tolist() == ["city", ""]


@pytest.mark.parametrize("name", ["2024", "true", "null", "1e5", "no", "0x1F", "a-b_c"])
def test_any_name_that_is_allowed_passes_the_check(tmp_path, table, name):
    assert check_corpus(new_corpus(name, root=tmp_path, table=table(csv()))) == []


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "a/b", "-x", "x y", "ä", "x\n", "x" * 61, "a\0b"]
)
def test_a_name_that_is_none_is_refused(tmp_path, name):
    with pytest.raises(CorpusError, match="1 to 60 letters"):
        new_corpus(name, root=tmp_path / "corpus")
    assert not (tmp_path / "corpus").exists()


def test_what_is_there_already_is_left_alone(tmp_path, table):
    folder = new_corpus("mine", root=tmp_path)
    put(folder / "codebook.yml", "mine")
    with pytest.raises(CorpusError, match="is there already"):
        new_corpus("mine", root=tmp_path, table=table(csv()))
    assert (folder / "codebook.yml").read_text() == "mine"


@pytest.mark.parametrize("language", ["", "English", "EN", "e", "en]\nx: y"])
def test_a_language_that_is_no_code_is_refused(tmp_path, language):
    with pytest.raises(OptionError, match="codes such as en"):
        new_corpus("mine", root=tmp_path, language=language)
    assert not list(tmp_path.iterdir())


def test_norwegian_is_a_language(tmp_path, table):
    folder = new_corpus("mine", root=tmp_path / "corpus", table=table(csv()), language="no")
    assert check_corpus(folder) == [] and load(folder).datasheet["languages"] == ["no"]


def test_every_language_of_a_table_is_listed(tmp_path, table):
    rows = [row | {"lang": lang} for row, lang in zip(ROWS, ("pt-BR", ""))]
    folder = new_corpus("mine", root=tmp_path / "corpus", table=table(csv(rows)), language="de")
    assert check_corpus(folder) == [] and load(folder).datasheet["languages"] == [
        "de",
        "pt-BR",
    ]


def test_ids_are_cleaned_and_what_they_were_is_kept(tmp_path, table):
    rows = [
        {"id": "https://x.com/a?b=1", "text": "One."},
        {"id": "_b/ 2", "text": "Two."},
        {"id": "c", "text": "Three."},
    ]
    folder = new_corpus("mine", root=tmp_path / "corpus", table=table(csv(rows)))
    assert check_corpus(folder) == []
    metadata = load(folder).metadata
    assert metadata["article_id"].tolist() == ["https-x.com-a-b-1", "b-2", "c"]
    assert metadata["id_given"].tolist() == ["https://x.com/a?b=1", "_b/ 2", "c"]


def test_ids_that_differ_in_capitals_only_get_files_that_no_system_takes_for_one(table):
    rows = [{"id": i, "text": f"Text {n}."} for n, i in enumerate(["aB", "Ab", "ab.3", "AB"])]
    articles = read_table(table(csv(rows)))
    assert [a.article_id for a in articles] == ["aB", "Ab", "ab.3", "AB"]
    assert len({a.about["file"].lower() for a in articles}) == 4


def test_a_longer_cell_is_kept_as_it_is_but_for_white_space(table):
    (article,) = read_table(
        table(csv([{"id": "a", "text": "One.", "title": ' <i>Two</i>\n lines; "quoted" '}]))
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
    for path in (table(jsonl(*rows), "t.jsonl"), table(pa.Table.from_pylist(rows), "t.parquet")):
        first, second = (a.about for a in read_table(path))
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
        return [a.about["published"] for a in read_table(table(rows, "t.parquet"))]

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
        (pa.array([1722470400]), ["'1722470400'", "no date"]),
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
    first, second = read_table(table(rows, "t.parquet"))
    assert (first.article_id, first.about["words"], second.about["words"]) == (
        "100000000000000001",
        "5",
        "",
    )


def test_a_text_of_a_million_characters_is_one_cell(table):
    text = "word\n" * 200_000
    assert [a.text for a in read_table(table(csv([{"id": "a", "text": text}])))] == [text]


def test_thousands_of_columns_are_kept(tmp_path, table):
    row = {"id": "a", "text": "One."} | {f"c{i}": str(i) for i in range(1500)}
    folder = new_corpus("mine", root=tmp_path / "corpus", table=table(csv([row])))
    assert check_corpus(folder) == [] and load(folder).metadata["c1499"].tolist() == ["1499"]


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
        assert read_table(path)
    except CorpusError as error:
        assert error.faults


@given(
    st.lists(
        st.tuples(st.text(max_size=5), st.text(max_size=12), st.text(max_size=5)),
        min_size=1,
        max_size=4,
    )
)
def test_a_table_that_is_taken_makes_a_corpus_without_fault_that_holds_its_texts(
    tmp_path_factory, rows
):
    folder = tmp_path_factory.mktemp("any")
    path = put(folder / "t.jsonl", jsonl(*({"id": i, "text": text, "x": x} for i, text, x in rows)))
    try:
        made = new_corpus("mine", root=folder, table=path)
    except CorpusError:
        return
    assert check_corpus(made) == []
    assert [a.text for a in load(made).articles()] == [text for _, text, _ in rows]
