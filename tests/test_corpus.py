"""A corpus folder: every fault is told with file and row, texts come back as they are stored,
nothing outside is read.
"""

import os

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus import check_corpus, corpus_folder, load
from analysis.errors import CorpusError, TextsNeeded
from analysis.io.article import COLUMNS, Article
from tests.places import AMNESTY, HARBOUR, needs_links
from tests.small import TEXTS, put, told, write_corpus

HEADER = ",".join(COLUMNS) + "\n"
A1, B1 = "a1,a1.txt,,2024-08-01,,,en\n", "b1,b1.txt,,,,,en\n"


@pytest.fixture
def small(tmp_path):
    return write_corpus(tmp_path / "small")


def metadata(folder, content):
    put(folder / "metadata.csv", content)
    return check_corpus(folder)


def datasheet(folder, old, new):
    put(folder / "corpus.yml", (folder / "corpus.yml").read_text().replace(old, new))
    return check_corpus(folder)


def test_a_corpus_without_fault_is_loaded_with_all_it_holds(tmp_path):
    folder = write_corpus(tmp_path / "small", paper={"a1": "daily", "b1": "weekly"})
    corpus = load(folder)
    assert check_corpus(folder) == []
    assert corpus.name == "small" and not corpus.withheld and corpus.texts == folder / "articles"
    articles = list(corpus.articles())
    assert {a.article_id: a.text for a in articles} == TEXTS
    assert [a.about["paper"] for a in articles] == ["daily", "weekly"], (
        "the user's own columns are kept"
    )


def test_spaces_around_the_names_of_columns_and_cells_do_not_count(small):
    spaced = (small / "metadata.csv").read_text().replace(",", " , ")
    assert metadata(small, spaced) == []
    assert list(load(small).metadata)[: len(COLUMNS)] == list(COLUMNS)


@pytest.mark.parametrize("corpus", [HARBOUR, AMNESTY])
def test_the_shipped_corpora_have_no_fault(corpus):
    assert check_corpus(corpus) == []


def test_loading_a_faulty_corpus_raises_with_every_fault(small):
    put(small / "articles" / "a1.txt", "")
    metadata(small, HEADER + A1.replace("2024-08-01", "yesterday") + B1)
    put(small / "codebook.yml", "frame: {}\n")
    with pytest.raises(CorpusError) as caught:
        load(small)
    assert [(f.file, f.row) for f in caught.value.faults] == [
        ("articles/a1.txt", None),
        ("codebook.yml", 1),
        ("metadata.csv", 2),
    ]
    message = str(caught.value)
    assert (
        "3 faults" in message
        and "Nothing was written" in message
        and "metadata.csv, row 2: published 'yesterday'" in message
    )


@pytest.mark.parametrize(
    "rows, row, words",
    [
        (
            A1 + B1 + A1.replace("a1.txt", "c1.txt"),
            4,
            ["article_id 'a1'", "doubled", "first in row 2"],
        ),
        (A1 + B1 + A1.replace("a1,", "c1,"), 4, ["file 'a1.txt'", "doubled", "first in row 2"]),
        (
            A1 + B1 + "c1,c1.txt,,,,,en\n",
            4,
            ["no file articles/c1.txt", "add it or remove the row"],
        ),
        (A1 + B1.replace("b1,", ","), 3, ["article_id ''", "letters, digits"]),
        (A1 + B1.replace("b1,", "b 1,"), 3, ["article_id 'b 1'", "letters, digits"]),
        (A1 + B1.replace("b1,", "../b1,"), 3, ["article_id '../b1'"]),
        (A1 + B1.replace("b1,", "x" * 81 + ","), 3, ["article_id", "1 to 80"]),
        (A1 + B1.replace("b1.txt", ""), 3, ["file is empty", "inside articles/"]),
        (
            A1 + B1.replace("b1.txt", "../b1.txt"),
            3,
            ["file '../b1.txt'", "leaves the corpus folder"],
        ),
        (A1 + B1.replace("b1.txt", "x/../../b1.txt"), 3, ["leaves the corpus folder"]),
        (
            A1 + B1.replace("b1.txt", "/etc/passwd"),
            3,
            ["file '/etc/passwd'", "leaves the corpus folder"],
        ),
        (A1 + B1.replace("b1.txt", "..\\b1.txt"), 3, ["leaves the corpus folder"]),
        (A1 + B1.replace("b1.txt", "./b1.txt"), 3, ["'./b1.txt'", "give 'b1.txt'"]),
        (A1 + B1.replace("b1.txt", "b:1.txt"), 3, ["file 'b:1.txt'", "Windows"]),
        (A1 + B1.replace("b1.txt", "sub./b1.txt"), 3, ["file 'sub./b1.txt'", "Windows"]),
        (A1 + B1.replace("b1.txt", "AUX.b1.txt"), 3, ["file 'AUX.b1.txt'", "Windows"]),
        (A1 + B1.replace("b1.txt", "x" * 300), 3, ["longer than 255 bytes"]),
        (A1 + B1.replace(",,,,,en", ",,,,,de"), 3, ["language 'de'", "corpus.yml", "en"]),
        (A1 + "b1,b1.txt,,,,en\n", 3, ["6 cells", "7 columns"]),
        (A1 + "b1,b1.txt,The Times, of London,,,,en\n", 3, ["8 cells", "7 columns"]),
        (A1 + "\n\n" + B1.replace(",,,,,en", ",,2024-02-30,,,en"), 5, ["published '2024-02-30'"]),
        (
            A1.replace(",,2024", ',"two\nlines",2024') + B1.replace(",,,,,en", ",,soon,,,en"),
            4,
            ["published 'soon'"],
        ),
        (A1 + B1.replace(",,,,,", ",LibÃ©ration,,,,"), 3, ["outlet 'LibÃ©ration'", "mojibake"]),
        (
            A1 + B1.replace(",,,,,", "," + "x" * 100_001 + ",,,,"),
            3,
            ["outlet", "100,001 characters", "Remove"],
        ),
        (A1 + B1.replace(",,,,,", "," + "x" * 140_000 + ",,,,"), 3, ["not readable as CSV"]),
        (A1 + B1.replace(",,,,,", ',"x,,,,'), 3, ["not readable as CSV"]),
        (A1 + B1.replace(",,,,,", ",a\0b,,,,"), 3, ["NUL"]),
    ],
)
def test_a_wrong_row_is_told_with_its_number(small, rows, row, words):
    faults = metadata(small, HEADER + rows)
    assert told(faults, "metadata.csv", *words, row=row), faults


def test_a_row_after_a_wrong_one_keeps_its_number(small):
    faults = metadata(small, HEADER + "x,x.txt\n" + A1 + B1 + "c1,c1.txt,,,,,en\n")
    assert told(faults, "metadata.csv", "no file articles/c1.txt", row=5)


def test_a_file_without_a_row_is_told_by_its_name(small):
    (small / "articles" / "2024").mkdir()
    put(small / "articles" / "2024" / "c1.txt", "Forgotten.")
    assert told(
        check_corpus(small),
        "articles/2024/c1.txt",
        "no row of metadata.csv",
        "add one or remove the file",
    )


def test_files_of_the_system_and_keys_beside_the_texts_are_no_articles(small):
    for name in (".DS_Store", ".a1.txt.swp", "twicetold.key"):
        put(small / "articles" / name, b"\xff")
    assert check_corpus(small) == []


def test_one_text_under_two_names_is_told_unless_two_outlets_ran_it(tmp_path):
    texts = {"a1": "The same words.", "b1": "The same words.", "c1": "\nThe same words.\n"}
    folder = write_corpus(
        tmp_path / "small", texts, outlet={"a1": "Echo", "b1": "Star", "c1": "Echo"}
    )
    assert [f.file for f in check_corpus(folder)] == ["articles/c1.txt"]
    assert told(check_corpus(folder), "articles/c1.txt", "same text as articles/a1.txt", "keep one")


@pytest.mark.parametrize(
    "header, words",
    [
        ("", ["empty", HEADER.strip()]),
        (HEADER, ["no article"]),
        (HEADER.replace(",file", ""), ["lacks file", "article_id, outlet"]),
        (HEADER.replace(",", ";"), ["lacks article_id, file", HEADER.strip().replace(",", ";")]),
        (HEADER.replace("author", "outlet"), ["lacks author"]),
        (HEADER.replace("author", "outlet"), ["'outlet'", "twice"]),
        (HEADER.strip() + ",\n", ["column 8", "no name"]),
        (HEADER.strip() + ",sha256\n", ["'sha256'", "made by extraction", "another name"]),
        (HEADER.strip() + ",n_tokens\n", ["'n_tokens'", "made by extraction"]),
    ],
)
def test_a_wrong_header_is_told_once_and_not_for_every_text(small, header, words):
    faults = metadata(small, header)
    assert told(faults, "metadata.csv", *words, row=1), faults
    if header != HEADER:
        assert {f.file for f in faults} == {"metadata.csv"}


@pytest.mark.parametrize(
    "content, row, word",
    [
        ((HEADER + A1 + B1).encode() + b"c1,c1.txt,Lib\xe9ration,,,,en\n", 4, "0xe9"),
        ((HEADER + A1 + B1).encode("utf-16"), 1, "0xff"),
        ((HEADER + A1 + B1).encode("utf-16-le"), 1, "NUL"),
    ],
)
def test_metadata_in_another_encoding_is_told_with_its_row(small, content, row, word):
    assert told(metadata(small, content), "metadata.csv", word, "UTF-8", row=row)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_line_ends_and_a_byte_order_mark_change_nothing(small, end):
    plain = load(small).metadata
    old = (small / "metadata.csv").read_text()
    assert metadata(small, "\ufeff" + old.replace("\n", end)) == []
    assert load(small).metadata.equals(plain)


@pytest.mark.parametrize(
    "data, row, words",
    [
        (b"", None, ["empty"]),
        (b" \n\t\n", None, ["empty"]),
        ("…!? “”".encode(), None, ["empty", "no letter"]),
        (b"\xef\xbb\xbf", None, ["empty"]),
        ("The café.\nThe café.\n".encode("latin-1"), 1, ["byte 7", "0xe9", "UTF-8"]),
        (b"One.\nTwo.\n\xff", 3, ["byte 10", "UTF-8"]),
        ("One.\nTwo.".encode("utf-16"), 1, ["byte 0", "UTF-8"]),
        ("One.\nTwo.".encode("utf-16-le"), 1, ["NUL", "UTF-16"]),
        ("One\ud800".encode("utf-8", "surrogatepass"), 1, ["0xed", "UTF-8"]),
        (b"PK\x03\x04\0\0", 1, ["NUL"]),
        ("One.\nThe cafÃ©.".encode(), 2, ["mojibake", "character 12", "Ã©"]),
        ("One.\nâ€œBadâ€\x9d".encode(), 2, ["mojibake", "character 5"]),
        ("One.\nA caf\ufffd.".encode(), 2, ["mojibake", "character 10"]),
    ],
)
def test_a_wrong_text_is_told_with_its_file_and_row(tmp_path, data, row, words):
    folder = write_corpus(tmp_path / "small", {"a1": data, "b1": "Sound."})
    assert told(check_corpus(folder), "articles/a1.txt", *words, row=row), check_corpus(folder)


@pytest.mark.parametrize(
    "old, new, row, words",
    [
        ("title: Small", "titel: Small", 2, ["unknown key 'titel'", "title"]),
        ("title: Small\n", "", None, ["'title' is missing"]),
        ("title: Small", "title: Small\ntitle: Big", 3, ["title", "twice", "row 2"]),
        ("title: Small", "title:", 2, ["title is None", "text"]),
        ("title: Small", "title: [Small]", 2, ["title is ['Small']", "text"]),
        ("title: Small", "title: !!python/object:os.x {}", 2, ["python/object"]),
        ("name: small", "name: other", 1, ["'other'", "'small'", "agree"]),
        ("name: small", "name: 2024", 1, ["2024", "'small'", "quotes"]),
        ("languages: [en]", "languages: en", 4, ["'en'", "list of codes"]),
        ("languages: [en]", "languages: []", 4, ["list of codes"]),
        ("languages: [en]", "languages:", 4, ["list of codes"]),
        ("languages: [en]", "languages: [English]", 4, ["'English'", "list of codes"]),
        ("languages: [en]", "languages: [no]", 4, ["False", "['no']"]),
        ("texts: shared", "texts: public", 5, ["'public'", "'shared' or 'withheld'"]),
        ("texts: shared", "texts:", 5, ["None", "'shared' or 'withheld'"]),
        ("texts: shared", "texts: {a: [b]}", 5, ["'shared' or 'withheld'"]),
        ("collected: Written for tests", "collected: 2024-13-45", 7, ["'2024-13-45'", "quotes"]),
        ("name: small", "name: &n small\ntitle: *n", 2, ["alias"]),
    ],
)
def test_a_wrong_datasheet_is_told_with_its_row(small, old, new, row, words):
    faults = datasheet(small, old, new)
    assert told(faults, "corpus.yml", *words, row=row), faults


def test_a_date_may_say_when_a_corpus_was_collected(small):
    assert datasheet(small, "collected: Written for tests", "collected: 2024-08-01") == []


@pytest.mark.parametrize("name", ["metadata.csv", "codebook.yml", "corpus.yml"])
def test_a_missing_file_and_a_folder_in_its_place_are_told(small, name):
    (small / name).unlink()
    assert told(check_corpus(small), name, "missing", "twicetold new")
    (small / name).mkdir()
    assert told(check_corpus(small), name, "no file")


@needs_links
def test_a_text_that_is_a_link_out_of_the_corpus_is_refused(small, tmp_path):
    put(tmp_path / "secret.txt", "Secret.")
    (small / "articles" / "a1.txt").unlink()
    (small / "articles" / "a1.txt").symlink_to(tmp_path / "secret.txt")
    assert told(
        check_corpus(small), "metadata.csv", "'a1.txt'", "link that leaves the corpus folder", row=2
    )


@needs_links
def test_a_text_in_a_folder_that_is_a_link_out_of_the_corpus_is_refused(small, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    put(tmp_path / "elsewhere" / "a1.txt", "Secret.")
    (small / "articles" / "sub").symlink_to(tmp_path / "elsewhere")
    faults = metadata(small, HEADER + A1.replace("a1.txt", "sub/a1.txt") + B1)
    assert told(faults, "metadata.csv", "'sub/a1.txt'", "link that leaves the corpus folder", row=2)


@needs_links
@pytest.mark.parametrize("target", ["nowhere.txt", "a1.txt"])
def test_a_link_to_nothing_or_to_itself_is_no_file(small, target):
    (small / "articles" / "a1.txt").unlink()
    (small / "articles" / "a1.txt").symlink_to(target)
    assert told(check_corpus(small), "metadata.csv", "no file articles/a1.txt", row=2)


def test_a_folder_in_the_place_of_a_text_is_no_file(small):
    (small / "articles" / "a1.txt").unlink()
    (small / "articles" / "a1.txt").mkdir()
    assert told(check_corpus(small), "metadata.csv", "no file articles/a1.txt", row=2)


def test_a_file_name_that_no_encoding_can_write_is_told_in_one_that_can(small):
    try:
        put(small / "articles" / os.fsdecode(b"caf\xe9.txt"), "Words.")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (fault,) = check_corpus(small)
    assert "no row" in str(fault).encode("utf-8").decode("utf-8")


def test_texts_that_are_missing_are_asked_for(small):
    for path in (small / "articles").iterdir():
        path.unlink()
    put(small / "articles" / ".gitkeep", "")
    assert told(check_corpus(small), "articles", "missing", "texts: shared")
    assert datasheet(small, "texts: shared", "texts: withheld") == [], (
        "withheld texts may be absent"
    )
    corpus = load(small)
    with pytest.raises(TextsNeeded, match="small: the texts are not here.*TWICETOLD_TEXTS"):
        next(corpus.articles())


def test_texts_may_stand_elsewhere_by_the_environment(small, tmp_path, monkeypatch):
    datasheet(small, "texts: shared", "texts: withheld")
    (tmp_path / "texts" / "small").mkdir(parents=True)
    (small / "articles").rename(tmp_path / "texts" / "small" / "articles")
    monkeypatch.setenv("TWICETOLD_TEXTS", str(tmp_path / "texts"))
    assert [a.text for a in load(small).articles()] == list(TEXTS.values())


def test_text_is_kept_as_it_is_stored(tmp_path):
    text = "\ufeff<b>Fire</b> & \r\n“smoke”\r\r\n\u2028😀 e\u0301 ﷺ \n\n"
    folder = write_corpus(tmp_path / "small", {"a1": text})
    (article,) = load(folder).articles()
    assert article.text == text
    assert article == Article("a1", text, "en", article.about)


def test_an_unknown_corpus_is_told_with_those_there_are(tmp_path):
    write_corpus(tmp_path / "corpus" / "small")
    with pytest.raises(
        CorpusError, match="no such folder; corpora under .*: small. `twicetold new NAME`"
    ):
        corpus_folder("smal", tmp_path / "corpus")


CELLS = [
    *COLUMNS,
    ",",
    ",,",
    "\n",
    "\r\n",
    "\r",
    '"',
    '""',
    ";",
    "a1",
    "b1",
    "a1.txt",
    "b1.txt",
    "../x",
    "/x",
    "en",
    "2024-08-01T00:00",
    "0001-01-01",
    "\0",
    "\ufeff",
    "é",
    "Ã©",
    "x" * 90,
    "\u2028",
]
TABLES = st.lists(st.sampled_from(CELLS), max_size=25).map("".join)
SHEETS = st.dictionaries(
    st.sampled_from(["name", "title", "languages", "texts", "licence", "x"]),
    st.recursive(
        st.none()
        | st.booleans()
        | st.floats()
        | st.dates()
        | st.text(max_size=4)
        | st.just("small"),
        lambda inner: (
            st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2)
        ),
    ),
)


@given(
    st.one_of(
        st.binary(max_size=50),
        TABLES.map(str.encode),
        TABLES.map(lambda rows: (HEADER + rows).encode()),
    )
)
def test_no_bytes_at_all_make_reading_metadata_fail(small, data):
    old = (small / "metadata.csv").read_bytes()
    assert all(str(f) for f in metadata(small, data))
    put(small / "metadata.csv", old)


@given(st.one_of(st.binary(max_size=50), SHEETS.map(lambda sheet: yaml.safe_dump(sheet).encode())))
def test_no_bytes_at_all_make_reading_a_datasheet_fail(small, data):
    put(small / "corpus.yml", data)
    assert all(str(f) for f in check_corpus(small))


@given(
    st.one_of(
        st.binary(min_size=1, max_size=50),
        st.text(min_size=1).map(lambda text: text.encode("utf-8", "surrogatepass")),
    )
)
def test_a_text_is_either_told_or_comes_back_byte_by_byte(small, data):
    put(small / "articles" / "a1.txt", data)
    if not check_corpus(small):
        assert next(load(small).articles()).text.encode() == data
