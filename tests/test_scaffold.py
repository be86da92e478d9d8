"""A corpus folder from a table passes the check at once; a bad table writes nothing."""

import csv

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus import check_corpus, load
from analysis.errors import CorpusError, OptionError
from analysis.scaffold import new_corpus
from tests.small import (
    ARTICLES,
    csv_of,
    extract_small,
    jsonl_of,
    put,
    put_table,
    told,
    write_corpus,
)


@pytest.fixture
def table(tmp_path):
    """Writes a table and returns its path."""
    return lambda content, name="table.csv": put_table(tmp_path / name, content)


def test_a_new_corpus_without_a_table_asks_for_articles_only(tmp_path):
    folder = new_corpus("mine", root=tmp_path)
    assert told(check_corpus(folder), "metadata.csv", "no article is listed", row=1)
    assert len(check_corpus(folder)) == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda table: table(csv_of()),
        lambda table: table("\ufeff" + csv_of(lineterminator="\r\n")),
        lambda table: table(csv_of(), "TABLE.CSV"),
        lambda table: table(jsonl_of(*ARTICLES), "table.jsonl"),
        lambda table: table(
            "\ufeff" + jsonl_of(*ARTICLES).replace("\n", "\r\n\r\n"), "table.jsonl"
        ),
        lambda table: table(pa.Table.from_pylist(ARTICLES), "table.parquet"),
    ],
)
def test_a_new_corpus_from_a_table_passes_its_check_and_holds_all_of_it(tmp_path, table, make):
    folder = new_corpus("mine", root=tmp_path / "corpus", paths=make(table))
    assert check_corpus(folder) == []
    first, second = load(folder).articles()
    assert (first.text, second.text) == (ARTICLES[0]["text"], ARTICLES[1]["text"]), (
        "line ends and tags are kept"
    )
    assert first.about == {
        "article_id": "a1",
        "file": "a1.txt",
        "title": "",
        "outlet": "The Times",
        "published": "2024-08-01",
        "author": "",
        "url": "",
        "language": "en",
        "desk": "city",
    }
    assert second.about["outlet"] == "Le Café, Paris" and second.about["published"] == ""


def test_a_new_corpus_is_extracted_with_the_columns_of_its_table(tmp_path, table):
    folder = new_corpus("mine", root=tmp_path / "corpus", paths=table(csv_of()))
    assert extract_small(folder).table("articles")["desk"].tolist() == ["city", ""]


@pytest.mark.parametrize("name", ["2024", "true", "null", "1e5", "no", "0x1F", "a-b_c"])
def test_any_name_that_is_allowed_passes_the_check(tmp_path, table, name):
    assert check_corpus(new_corpus(name, root=tmp_path, paths=table(csv_of()))) == []


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
        new_corpus("mine", root=tmp_path, paths=table(csv_of()))
    assert (folder / "codebook.yml").read_text() == "mine"


@pytest.mark.parametrize("language", ["", "English", "EN", "e", "en]\nx: y"])
def test_a_language_that_is_no_code_is_refused(tmp_path, language):
    with pytest.raises(OptionError, match="must be a code such as en"):
        new_corpus("mine", root=tmp_path, language=language)
    assert not list(tmp_path.iterdir())


def test_norwegian_is_a_language(tmp_path, table):
    folder = new_corpus("mine", root=tmp_path / "corpus", paths=table(csv_of()), language="no")
    assert check_corpus(folder) == [] and load(folder).datasheet["languages"] == ["no"]


def test_every_language_of_a_table_is_listed(tmp_path, table):
    rows = [row | {"lang": lang} for row, lang in zip(ARTICLES, ("pt-BR", ""))]
    folder = new_corpus("mine", root=tmp_path / "corpus", paths=table(csv_of(rows)), language="de")
    assert check_corpus(folder) == [] and load(folder).datasheet["languages"] == ["de", "pt-BR"]


def test_ids_are_cleaned_and_what_they_were_is_kept(tmp_path, table):
    rows = [
        {"id": "https://x.com/a?b=1", "text": "One."},
        {"id": "_b/ 2", "text": "Two."},
        {"id": "c", "text": "Three."},
    ]
    folder = new_corpus("mine", root=tmp_path / "corpus", paths=table(csv_of(rows)))
    assert check_corpus(folder) == []
    metadata = load(folder).metadata
    assert metadata["article_id"].tolist() == ["https-x.com-a-b-1", "b-2", "c"]
    assert metadata["source_id"].tolist() == ["https://x.com/a?b=1", "_b/ 2", "c"]


def test_thousands_of_columns_are_kept(tmp_path, table):
    row = {"id": "a", "text": "One."} | {f"c{i}": str(i) for i in range(1500)}
    folder = new_corpus("mine", root=tmp_path / "corpus", paths=table(csv_of([row])))
    assert check_corpus(folder) == [] and load(folder).metadata["c1499"].tolist() == ["1499"]


@given(
    st.lists(
        st.tuples(st.text(max_size=5), st.text(max_size=12), st.text(max_size=5)),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_a_table_that_is_taken_makes_a_corpus_without_fault_that_holds_its_texts(
    tmp_path_factory, rows, strict
):
    folder = tmp_path_factory.mktemp("any")
    path = put(
        folder / "t.jsonl", jsonl_of(*({"id": i, "text": text, "x": x} for i, text, x in rows))
    )
    try:
        made = new_corpus("mine", root=folder, paths=path, strict=strict)
    except CorpusError:
        return
    assert check_corpus(made) == []
    if strict:
        assert [a.text for a in load(made).articles()] == [text for _, text, _ in rows]


def report_of(folder):
    with (folder / "import.csv").open(encoding="utf-8", newline="") as stream:
        return [tuple(row.values()) for row in csv.DictReader(stream)]


def test_what_is_left_out_stands_in_the_report_and_the_rest_in_the_corpus(tmp_path, table):
    rows = "id,date,source,text\na,2024-08-01,Bote,One.\nb,?,Bote,Two.\nc,,,nan\n"
    said = []
    folder = new_corpus("mine", root=tmp_path, paths=table(rows), say=said.append)
    assert check_corpus(folder) == []
    assert load(folder).metadata["article_id"].tolist() == ["a", "b"]
    assert report_of(folder) == [
        ("table.csv", "3", "the date '?' cannot be read", "left empty"),
        ("table.csv", "4", "the text is only 'nan'", "left out"),
    ]
    assert said[:2] == ["1 file: table.", "2 articles read."]
    assert "  - table.csv, row 4: the text is only 'nan': left out" in said


def test_strict_writes_nothing(tmp_path, table):
    with pytest.raises(CorpusError, match="only 'nan'"):
        new_corpus(
            "mine", root=tmp_path / "c", paths=table("id,text\na,One.\nb,nan\n"), strict=True
        )
    assert not (tmp_path / "c").exists()


def test_nothing_is_written_where_no_article_is_left(tmp_path, table):
    with pytest.raises(CorpusError, match="only 'nan'"):
        new_corpus("mine", root=tmp_path / "c", paths=table("id,text\nb,nan\n"))
    assert not (tmp_path / "c").exists()


def test_names_of_one_house_are_offered_and_joined_where_the_marks_are_removed(tmp_path, table):
    names = ["The Guardian", "The Guardian", "Guardian (London)", "theguardian.com", "Bote"]
    rows = [{"source": name, "text": f"Text {n}."} for n, name in enumerate(names)]
    said = []
    folder = new_corpus("mine", root=tmp_path, paths=table(csv_of(rows)), say=said.append)
    assert any("Guardian (London), theguardian.com may be one outlet" in line for line in said)
    assert load(folder).metadata["outlet"].tolist() == names, "nothing is joined unasked"
    datasheet = folder / "corpus.yml"
    plain, _, offered = datasheet.read_text(encoding="utf-8").partition("# outlets:")
    put(datasheet, plain + "outlets:" + offered.replace("\n#", "\n"))
    assert check_corpus(folder) == []
    assert load(folder).metadata["outlet"].tolist() == ["The Guardian"] * 4 + ["Bote"]
    assert load(folder).outlets == {
        "The Guardian": {"aliases": ["Guardian (London)", "theguardian.com"]}
    }


@pytest.mark.parametrize(
    "outlets, row, words",
    [
        ("outlets:\n", 8, ["outlets is None"]),
        ("outlets: [Bote]\n", 8, ["must map each name"]),
        ("outlets:\n  Bote:\n", 9, ["Bote is None", "aliases, owner"]),
        ("outlets:\n  Bote: {alias: [B]}\n", 9, ["unknown key 'alias'", "aliases"]),
        ("outlets:\n  Bote: {aliases: B}\n", 9, ["is 'B'", "a list"]),
        ("outlets:\n  Bote: {aliases: ['']}\n", 9, ["empty name"]),
        ("outlets:\n  Bote: {lean: 5}\n", 9, ["lean is 5", "text"]),
        ("outlets:\n  A: {aliases: [B]}\n  B: {}\n", 9, ["'B'", "stands for 'B' too"]),
        ("outlets:\n  A: {aliases: [C]}\n  B: {aliases: [C]}\n", 10, ["'C'", "'A' too"]),
    ],
)
def test_outlets_that_are_written_wrongly_are_told_by_row(tmp_path, outlets, row, words):
    folder = write_corpus(tmp_path / "small")
    datasheet = folder / "corpus.yml"
    put(datasheet, datasheet.read_text() + outlets)
    assert told(check_corpus(folder), "corpus.yml", *words, row=row), check_corpus(folder)


def test_joined_names_are_what_measures_see(tmp_path):
    folder = write_corpus(tmp_path / "small")
    datasheet = folder / "corpus.yml"
    put(datasheet, datasheet.read_text() + "outlets:\n  Both: {aliases: [Outlet a1, Outlet b1]}\n")
    assert extract_small(folder).table("articles")["outlet"].tolist() == ["Both", "Both"]


def test_columns_of_an_article_stand_where_some_article_has_them(tmp_path, table):
    rows = [
        {"id": "a", "headline": "One", "text": "One.", "Section": "News", "Seite": ""},
        {"id": "b", "headline": "Two", "text": "Two.", "Section": "", "Seite": ""},
    ]
    folder = new_corpus("mine", root=tmp_path, paths=table(csv_of(rows)))
    assert (folder / "metadata.csv").read_text().splitlines() == [
        "article_id,file,title,outlet,published,author,url,language,section",
        "a,a.txt,One,,,,,en,News",
        "b,b.txt,Two,,,,,en,",
    ]


def test_nearly_the_same_text_is_dropped_within_an_outlet_and_not_without_one(tmp_path, table):
    text = " ".join(f"word{chr(97 + i)}" for i in range(26))
    rows = [
        {"id": i, "text": f"{text} {i}", "outlet": o} for i, o in zip("abcd", ["", "", "X", "X"])
    ]
    folder = new_corpus("mine", root=tmp_path, paths=table(csv_of(rows)), drop_duplicates="first")
    assert load(folder).metadata["article_id"].tolist() == ["a", "b", "c"]


def test_actors_of_a_large_corpus_are_those_of_evenly_spread_articles(tmp_path, table, monkeypatch):
    monkeypatch.setattr("analysis.suggest.READ", 2)
    names = ["Ada Holt", "Ben Orr", "Ada Holt", "Ben Orr"]
    rows = [{"id": f"a{i}", "text": f"On day {i} {name} said no."} for i, name in enumerate(names)]
    folder = new_corpus("mine", root=tmp_path, paths=table(csv_of(rows)))
    said = (folder / "codebook.yml").read_text(encoding="utf-8")
    assert "from 2 of 4 articles" in said and list(load(folder).codebook.actors) == ["holt"]
