"""Files and folders of anything: what is an article is read, all else is said, nothing is lost."""

import datetime
import gzip
import json
import sys
import types
import zipfile

import pytest

from analysis.errors import CorpusError, OptionError
from analysis.io import articles, drafts, formats
from analysis.io.formats.source import Record, Remark, UnreadableFile
from analysis.io.reading import NoArticles, read_articles
from tests.small import jsonl_of, put

TODAY = datetime.date(2026, 1, 1)


def faults(read):
    return [(line.file, line.row, line.fault, line.done) for line in read.report]


def rows_of(read, *columns):
    return [tuple(row[c] for c in columns) for row in read.rows]


def put_csv(path, *rows, header="id,source,date,text"):
    path.parent.mkdir(parents=True, exist_ok=True)
    return put(path, "\n".join([header, *rows]) + "\n")


@pytest.fixture
def format_of_records(monkeypatch):
    """A format that gives what the test puts into it, for files that end in .made."""

    def use(*items):
        def read(source, settings):
            for item in items:
                if isinstance(item, Exception):
                    raise item
                yield item

        made = types.SimpleNamespace(
            TITLE="made", recognise=lambda source: source.suffix == ".made", read=read
        )
        monkeypatch.setattr(drafts, "recognise", lambda s: "made" if made.recognise(s) else None)
        monkeypatch.setattr(drafts, "format_named", lambda name: made)

    return use


def test_a_folder_is_read_with_all_that_is_in_it_and_each_format_is_said(tmp_path):
    put_csv(tmp_path / "x" / "b.csv", "b,Bote,2024-08-02,Two.")
    put_csv(tmp_path / "x" / "a.csv", "a,Bote,2024-08-01,One.")
    (tmp_path / "x" / "deep").mkdir()
    put(tmp_path / "x" / "deep" / "c.jsonl", jsonl_of({"id": "c", "text": "Three."}))
    for hidden in (".hidden.csv", "~$a.docx", "Thumbs.db", ".git/config.csv"):
        put_csv(tmp_path / "x" / hidden, "h,Bote,2024-08-01,Hidden.")
    put(tmp_path / "x" / "picture.png", b"\x89PNG\r\n\x1a\n" + bytes(50))
    read = read_articles(tmp_path / "x")
    assert rows_of(read, "article_id") == [("a",), ("b",), ("c",)]
    assert read.origins == [("a.csv", 2), ("b.csv", 2), ("deep/c.jsonl", 1)]
    assert read.recognised() == "3 files: table; 1 file: not recognised"
    assert [line[:2] for line in faults(read)] == [("picture.png", None)]


def test_a_file_that_two_paths_hold_is_read_once(tmp_path):
    path = put_csv(tmp_path / "x" / "a.csv", "a,Bote,2024-08-01,One.")
    read = read_articles([path, tmp_path / "x", path])
    assert len(read) == 1 and not read.report


def test_a_path_that_is_not_there_stops_everything_before_it_begins(tmp_path):
    path = put_csv(tmp_path / "a.csv", "a,Bote,2024-08-01,One.")
    with pytest.raises(CorpusError, match="no such file or folder"):
        read_articles([path, tmp_path / "none"])


def test_an_empty_folder_is_said(tmp_path):
    with pytest.raises(NoArticles, match="there is no file to read"):
        read_articles(tmp_path)


@pytest.mark.parametrize(
    "name, data, words",
    [
        ("a.csv", b"", "the file is empty"),
        ("a.xyz", b"  \n\n", "the file is empty"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(100), "save it as .docx"),
        ("a.gz", gzip.compress(b"abc", mtime=0), "unpack it first"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(100), "a picture"),
        ("a.zip", b"PK\x03\x04" + bytes(20), "damaged or cut"),
        ("a.bin", bytes(range(256)) * 10, "in no format"),
    ],
)
def test_what_is_no_article_is_said_by_what_it_is(tmp_path, name, data, words):
    good = put_csv(tmp_path / "good.csv", "a,Bote,2024-08-01,One.")
    read = read_articles([put(tmp_path / name, data), good])
    ((file, row, fault, done),) = faults(read)
    assert (file, row, done) == (name, None, "left out") and words in fault
    assert len(read) == 1


def test_a_zip_of_files_is_to_be_unpacked(tmp_path):
    good = put_csv(tmp_path / "good.csv", "a,Bote,2024-08-01,One.")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x.bin", "abc")
    assert (
        "a zip of 1 files; unpack it first"
        in faults(read_articles([tmp_path / "a.zip", good]))[0][2]
    )


@pytest.mark.parametrize(
    "error, words",
    [
        (UnreadableFile("is damaged."), "is damaged"),
        (ValueError("odd"), "ValueError: odd"),
        (RecursionError("deep"), "RecursionError"),
        (MemoryError(), "MemoryError"),
        (OSError(5, "Input/output error"), "Input/output error"),
        (ModuleNotFoundError("No module named 'docx'", name="docx"), "the package docx"),
    ],
)
def test_an_error_of_a_reader_is_a_line_and_what_it_gave_is_kept(
    tmp_path, format_of_records, error, words
):
    format_of_records(Record("One.", 1, title="A"), Remark(2, "odd", "left out"), error)
    read = read_articles(put(tmp_path / "x.made", "x"))
    assert rows_of(read, "title") == [("A",)]
    assert any(words in fault for _, _, fault, _ in faults(read))
    assert ("x.made", 2, "odd", "left out") in faults(read)


def test_rows_without_ids_get_some_of_what_is_known(tmp_path, format_of_records):
    same = {"title": "Nine dead, again", "outlet": "Le Café", "published": "2024-08-01"}
    format_of_records(
        Record("One.", 1, **same),
        Record("Two.", 2, **same),
        Record("Three.", 3),
        Record("Four.", 4, title="港のクレーン"),
        Record("Five.", 5, source_id="urn:contentItem:5VXX-1"),
        Record("Six.", 6, source_id="nan"),
        Record("Seven.", 7, title="word " * 50),
    )
    read = read_articles(put(tmp_path / "x.made", "x"))
    ids = [row["article_id"] for row in read.rows]
    assert ids[:6] == [
        "le-cafe-2024-08-01-nine-dead-again",
        "le-cafe-2024-08-01-nine-dead-again-2",
        "article",
        "article-2",
        "urn-contentItem-5VXX-1",
        "article-3",
    ]
    assert len(ids[6]) <= 60 and len(set(ids)) == 7 and not read.report
    assert read.rows[4]["source_id"] == "urn:contentItem:5VXX-1"
    assert len({row["file"].lower() for row in read.rows}) == 7


def test_ids_that_files_share_are_said_and_told_apart(tmp_path):
    for name in "ab":
        put_csv(tmp_path / "x" / f"{name}.csv", f"1,Bote,2024-08-01,Text of {name}.")
    read = read_articles(tmp_path / "x")
    assert rows_of(read, "article_id") == [("1",), ("1-2",)]
    assert faults(read) == [
        ("b.csv", 2, "the id '1' is doubled, first in a.csv, row 2", "called 1-2")
    ]


def test_a_thousand_articles_without_anything_get_ids_at_once(tmp_path, format_of_records):
    format_of_records(*(Record(f"Text {n}.", n) for n in range(1, 3001)))
    read = read_articles(put(tmp_path / "x.made", "x"))
    assert len({row["article_id"] for row in read.rows}) == 3000


def test_the_same_text_of_one_outlet_is_kept_once_and_of_two_twice(tmp_path):
    first = put_csv(tmp_path / "a.csv", "a,Bote,2024-08-01,One.", "b,Post,2024-08-01,One.")
    second = put_csv(tmp_path / "b.csv", "c,Bote,2024-08-01,One. ", "d,,2024-08-01,One.")
    read = read_articles([first, second])
    assert rows_of(read, "article_id") == [("a",), ("b",), ("d",)]
    assert faults(read) == [
        ("b.csv", 2, "the same text as a.csv, row 2, of the same outlet", "left out")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "nan",
        "NULL",
        "None",
        "[Removed]",
        "[deleted]",
        "N/A",
        "",
        " \n",
        "…",
        "Subscribe to continue reading this story.",
        "Please enable JavaScript to view this page.",
        "404 Not Found",
        "[+1250 chars]",
    ],
)
def test_placeholders_are_no_texts(tmp_path, format_of_records, text):
    format_of_records(Record(text, 1, title="A"), Record("The board met.", 2))
    read = read_articles(put(tmp_path / "x.made", "x"))
    assert [a.text for a in read] == ["The board met."]
    assert [row["title"] for row in read.without_text] == ["A"]
    ((_, row, _, done),) = faults(read)
    assert (row, done) == (1, "left out")


def test_a_text_about_subscribers_and_captchas_is_a_text(tmp_path, format_of_records):
    text = "The paper asks you to subscribe to continue. " * 10 + "The captcha came later."
    format_of_records(Record(text, 1))
    read = read_articles(put(tmp_path / "x.made", "x"))
    assert [a.text for a in read] == [text]


def test_cut_texts_are_kept_and_said(tmp_path, format_of_records):
    wall = "The board met. " * 30 + "Subscribe to continue reading"
    format_of_records(Record("The board met… [+1250 chars]", 1), Record(wall, 2))
    read = read_articles(put(tmp_path / "x.made", "x"))
    assert [a.text for a in read] == ["The board met…", wall]
    assert [(row, fault.split(":")[0]) for _, row, fault, _ in faults(read)] == [
        (1, "the text is cut"),
        (2, "the text is cut"),
    ]


def test_texts_are_kept_as_they_are_but_for_what_cannot_be_stored(tmp_path, format_of_records):
    sound = "  A line\r\n\u200bwith “marks”, a <b>tag</b> and\xad a\u2028break.\n"
    format_of_records(
        Record(sound, 1),
        Record("The cafÃ© closed.", 2),
        Record("A\0B \ud83d.", 3),
        Record("lost \ufffd " + "word " * 200, 4),
        Record("\ufffd\ufffd\ufffd word", 5),
    )
    read = read_articles(put(tmp_path / "x.made", "x"))
    assert [a.text[:20] for a in read] == [
        sound[:20],
        "The café closed.",
        "AB .",
        "lost \ufffd word word wor",
    ]
    assert [row for _, row, _, _ in faults(read)] == [2, 3, 4, 5]


def test_languages_come_as_codes_and_names_and_are_never_guessed(tmp_path, format_of_records):
    given = ["eng", "German", "pt_BR", "français", "", "nan", "Klingonese"]
    format_of_records(
        *(Record(f"Text {n}.", n, language=code) for n, code in enumerate(given, start=1))
    )
    read = read_articles(put(tmp_path / "x.made", "x"), language="nl")
    codes = ["en", "de", "pt-BR", "fr", "nl", "nl", "nl"]
    assert [row["language"] for row in read.rows] == codes
    assert [row for _, row, _, _ in faults(read)] == [7]


def test_articles_that_look_german_are_said_and_stay_as_asked(tmp_path, format_of_records):
    text = (
        "Der Kran fiel am Montag, und die Stadt fragt sich nun, wer das hätte wissen können: der"
        " Hafen oder die Firma, die ihn gebaut hat. Nicht einmal das Ministerium hat es gewusst."
    )
    format_of_records(Record(text, 1), Record(f"Und: {text}", 2))
    read = read_articles(put(tmp_path / "x.made", "x"))
    assert [row["language"] for row in read.rows] == ["en", "en"]
    ((_, _, fault, done),) = faults(read)
    assert "2 of 2 articles look German" in fault and "--language de" in done
    assert not read_articles(tmp_path / "x.made", language="de").report


def test_dates_are_decided_by_the_column_then_by_the_format(tmp_path):
    put_csv(tmp_path / "x" / "a.csv", "a,B,9/5/2023,One.", "b,B,9/15/2023,Two.")
    put_csv(tmp_path / "x" / "b.csv", "c,B,9/6/2023,Three.")
    read = read_articles(tmp_path / "x", today=TODAY)
    days = ["2023-09-05", "2023-09-15", "2023-09-06"]
    assert [row["published"] for row in read.rows] == days
    # another file that has it the other way round is read its own way, and decides for none
    put_csv(tmp_path / "x" / "c.csv", "d,B,9/7/2023,Four.", "e,B,15/7/2023,Five.")
    read = read_articles(tmp_path / "x", today=TODAY)
    days = ["2023-09-05", "2023-09-15", "", "2023-07-09", "2023-07-15"]
    assert [row["published"] for row in read.rows] == days
    with pytest.raises(CorpusError):
        read_articles(put_csv(tmp_path / "d.csv", "c,B,9/6/2023,Three."), strict=True)
    alone = read_articles(tmp_path / "d.csv")
    assert alone.rows[0]["published"] == ""
    assert alone.summary() == [
        "d.csv, row 2: the date '9/6/2023' has two meanings, and no row of the column decides:"
        " left empty; try --day-first or --month-first"
    ]


def test_the_summary_counts_kinds_and_gives_the_first(tmp_path):
    rows = [f"a{n},B,{45000 + n},Text {n}." for n in range(1, 61)] + ["z,B,,nan"]
    read = read_articles(put_csv(tmp_path / "a.csv", *rows))
    assert read.summary() == [
        "60 times, first in a.csv, row 2: the date '45001' cannot be read: left empty",
        "a.csv, row 62: the text is only 'nan': left out",
    ]


def test_what_cannot_be_placed_stays_as_a_column(tmp_path, format_of_records):
    more = {"Load-Date": "5", "file": "x.rtf", "title": "t", "sha256": "1", " ": "z", "a\0b": "y"}
    format_of_records(Record("One.", 1, title="A", more=more), Record("Two.", 2, page="A1"))
    read = read_articles(put(tmp_path / "x.made", "x"))
    assert read.columns[8:] == [
        "page",
        "Load-Date",
        "file_given",
        "title_given",
        "sha256_given",
        "unnamed",
        "ab",
    ]
    assert read.rows[0]["title"] == "A" and read.rows[0]["title_given"] == "t"
    assert read.rows[1]["Load-Date"] == "" and read.rows[1]["page"] == "A1"


def test_columns_without_end_are_left_out_and_said_once(tmp_path, format_of_records):
    format_of_records(*(Record(f"Text {n}.", n, more={f"c{n}": "x"}) for n in range(1, 2501)))
    read = read_articles(put(tmp_path / "x.made", "x"))
    assert len(read.columns) < 2100 and len(read) == 2500
    assert len(read.report) == 1 and "more than 2,000 columns" in read.report[0].fault


def test_many_texts_go_to_a_file_and_come_back(tmp_path, format_of_records, monkeypatch):
    monkeypatch.setattr(articles, "_IN_MEMORY", 100)
    texts = [f"Text {n}: é “{n}”." for n in range(200)]
    format_of_records(*(Record(text, n) for n, text in enumerate(texts, start=1)))
    read = read_articles(put(tmp_path / "x.made", "x"))
    assert [a.text for a in read] == texts == [a.text for a in read], "as often as one likes"


def test_articles_can_be_left_out_afterwards_and_the_report_says_so(tmp_path, format_of_records):
    format_of_records(*(Record(f"Text {n}.", n) for n in range(1, 5)))
    read = read_articles(put(tmp_path / "x.made", "x"))
    read.leave_out({2: "nearly the same as article 1", 0: "x"})
    assert [(a.article_id, a.text) for a in read] == [
        ("article-2", "Text 2."),
        ("article-4", "Text 4."),
    ]
    assert faults(read)[-1] == ("x.made", 3, "nearly the same as article 1", "left out")


@pytest.mark.parametrize(
    "options, words",
    [
        ({"format": "word"}, "format must be one of"),
        ({"encoding": "utf-9"}, "encoding must be"),
        ({"timezone": "Mars/North"}, "timezone must be"),
        ({"language": "English"}, "language must be"),
        ({"columns": {"paper": "x"}}, "column must be one of"),
    ],
)
def test_an_option_that_is_none_is_refused(tmp_path, options, words):
    with pytest.raises(OptionError, match=words):
        read_articles(put_csv(tmp_path / "a.csv", "a,B,,One."), **options)


def test_tables_are_read_without_what_the_extra_exports_installs(tmp_path, monkeypatch):
    for package in ("charset_normalizer", "dateparser"):
        monkeypatch.setitem(sys.modules, package, None)
    text = "a,Bote,5. Mai 2023,Er fällt.\nb,Bote,5 xyz 2023,Sie fällt.\n"
    path = put(tmp_path / "a.csv", f"id,source,date,text\n{text}".encode("cp1252"))
    read = read_articles(path, language="de")
    assert rows_of(read, "article_id", "published") == [("a", "2023-05-05"), ("b", "")]
    assert [a.text for a in read] == ["Er fällt.", "Sie fällt."]


def test_a_format_whose_module_is_not_there_is_passed_over(monkeypatch, tmp_path):
    monkeypatch.setattr(formats, "FORMATS", ("none_such", "table"))
    assert len(read_articles(put_csv(tmp_path / "a.csv", "a,B,,One."))) == 1
    with pytest.raises(OptionError, match="format must be one of table "):
        formats.format_named("none-such")


NEWSAPI = {
    "source": {"id": None, "name": "Lantern"},
    "author": None,
    "title": "Quay to close",
    "url": "https://lantern.example.com/1",
    "urlToImage": "https://lantern.example.com/1.jpg",
    "publishedAt": "2024-05-01T10:00:00Z",
    "content": "The harbour board met… [+1250 chars]",
}
REMOVED = NEWSAPI | {"title": "[Removed]", "content": "[Removed]", "url": "https://removed.com"}
EVENT = {
    "uri": "7800",
    "lang": "deu",
    "isDuplicate": False,
    "dateTime": "2023-09-09T06:00:00Z",
    "url": "https://x.example.com/1",
    "title": "Kran in 2023 um 6,5 Millionen",
    "body": "Ein Text.\n\nNoch einer.",
    "source": {"uri": "x.example.com", "title": "Hafenblatt"},
    "authors": [{"name": "Ada Mayor", "uri": "a@x"}, {"name": "Bo"}],
    "concepts": [{"uri": "en.wikipedia.org/wiki/Crane"}],
}


@pytest.mark.parametrize("wrapped", [True, False])
def test_newsapi(tmp_path, wrapped):
    both = [NEWSAPI, REMOVED]
    content = json.dumps({"status": "ok", "articles": both}) if wrapped else jsonl_of(*both)
    read = read_articles(put(tmp_path / "a.json", content))
    assert read.recognised() == "1 file: NewsAPI, JSON"
    moment = "2024-05-01T10:00:00Z"
    assert rows_of(read, "title", "outlet", "published") == [("Quay to close", "Lantern", moment)]
    assert [a.text for a in read] == ["The harbour board met…"]
    assert [(row, done) for _, row, _, done in faults(read)] == [
        (1, "kept as far as it goes"),
        (2, "left out"),
    ]


@pytest.mark.parametrize("wrapped", [True, False])
def test_eventregistry(tmp_path, wrapped):
    answer = {"articles": {"results": [EVENT], "totalResults": 1}}
    read = read_articles(put(tmp_path / "a.json", json.dumps(answer if wrapped else [EVENT])))
    assert read.recognised() == "1 file: EventRegistry, JSON"
    (article,) = read
    assert article.text == EVENT["body"] and article.article_id == "7800"
    about = article.about
    assert (about["outlet"], about["author"], about["language"], about["published"]) == (
        ("Hafenblatt", "Ada Mayor, Bo", "de", "2023-09-09T06:00:00Z")
    )
    assert "concepts" not in about and about["isDuplicate"] == "False"


def test_4cat(tmp_path):
    header = "id,thread_id,timestamp,body,subject,author,url,unix_timestamp,domain"
    row = (
        'p1,t1,2023-09-07 23:55:00,"One\n\ntwo.",What Rosa said,Bo,https://x.example.com/1,1,x.org'
    )
    for path in (
        put_csv(tmp_path / "a.csv", row, header=header),
        put(
            tmp_path / "a.ndjson",
            jsonl_of(dict(zip(header.split(","), row.replace('"', "").split(",")))),
        ),
    ):
        read = read_articles(path)
        assert read.recognised() == "1 file: 4CAT" and not read.report
        assert rows_of(read, "article_id", "title", "outlet", "published", "author") == [
            ("p1", "What Rosa said", "", "2023-09-07", "Bo")
        ]
        assert [a.text for a in read] == ["One\n\ntwo."]


def test_media_cloud_gives_a_list_without_texts(tmp_path):
    header = "id,indexed_date,language,media_name,media_url,publish_date,title,url"
    rows = [
        "1,2023-09-05,en,a.example.com,a.example.com,2023-09-05,Seven dead,https://a.example.com/1",
        "2,2023-09-05,en,b.example.com,b.example.com,2032-09-05,Nine dead,https://b.example.com/1",
    ]
    with pytest.raises(NoArticles, match="no texts") as caught:
        read_articles(put_csv(tmp_path / "mc.csv", *rows, header=header), today=TODAY)
    listed = caught.value.reading.without_text
    assert [(row["title"], row["outlet"], row["published"]) for row in listed] == [
        ("Seven dead", "a.example.com", "2023-09-05"),
        ("Nine dead", "b.example.com", ""),
    ]


@pytest.mark.parametrize("n, said", [(50, 50), (51, 1)])
def test_a_refusal_lists_fifty_lines_and_sums_up_more(tmp_path, n, said):
    path = put(tmp_path / "t.csv", "id,text\n" + "".join(f"a{i},\n" for i in range(n)))
    with pytest.raises(CorpusError) as refused:
        read_articles(path)
    assert len(refused.value.faults) == said
