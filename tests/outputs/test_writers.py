"""Whole texts leave on their owner's word only, and every place points to its own words."""

import csv
import re
import shutil
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest

import analysis as tw
from analysis.errors import FeaturesError, OptionError, TextsNeeded
from analysis.outputs.annotations import annotations_of
from analysis.outputs.refi_qda import QDA, without_returns
from analysis.outputs.tei import TEI
from tests.small import extract_small, quiet, ship, write_corpus

# line ends of two kinds, a sign of two UTF-16 units, one that XML cannot hold, and a caption
TEXTS = {
    "a1": "The Mayor 𝔘 accused <the> council & left.\r\n“We clash,” said Ada Mayor\x0b today.\r\n",
    "b1": "=1+1 is no text.\nPhoto: Ada Mayor/Wire\nSharp words flew; the Mayor is a crook.\n",
}
WRITERS = {
    "to_quanteda": "q",
    "to_scattertext": "s",
    "to_antconc": "a",
    "to_tei": "t",
    "to_refi_qda": "p.qdpx",
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("writers") / "small"
    outlets = {"a1": "Echo/Post", "b1": ""}
    write_corpus(folder, TEXTS, outlet=outlets, title={"a1": "A <b>title</b>"})
    extract_small(folder)
    return tw.load(folder)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("name, target", WRITERS.items())
def test_texts_leave_with_a_sentence_twice_the_same_and_never_over_others(
    corpus, tmp_path, name, target
):
    write, said, written = getattr(tw.io, name), [], []
    for n in ("1", "2"):
        path = write(corpus, tmp_path / n / target, say=said.append)
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
        written.append([(file.name, file.read_bytes()) for file in files])
    assert written[0] == written[1] and len(said) == 2
    assert "2 texts of small were written" in said[0] and "CC0-1.0" in said[0]
    with pytest.raises(OptionError, match="is there"):
        write(corpus, tmp_path / "1" / target, say=quiet)
    withheld = replace(corpus, datasheet=corpus.datasheet | {"texts": "withheld"})
    with pytest.raises(OptionError, match="withheld=True"):
        write(withheld, tmp_path / "3" / target, say=quiet)
    assert not (tmp_path / "3").exists()
    assert write(withheld, tmp_path / "4" / target, withheld=True, say=quiet).exists()


@pytest.mark.parametrize("name, target", WRITERS.items())
def test_without_texts_or_a_corpus_the_error_says_so(tmp_path, name, target):
    folder = write_corpus(tmp_path / "small", TEXTS)
    extract_small(folder)
    corpus = tw.load(folder)
    (folder / "articles").rename(tmp_path / "gone")
    with pytest.raises(TextsNeeded, match="the texts are not here"):
        getattr(tw.io, name)(corpus, tmp_path / "out" / target, say=quiet)
    with pytest.raises(OptionError, match="are written of a corpus"):
        getattr(tw.io, name)(corpus.features, tmp_path / "out" / target, say=quiet)
    assert not (tmp_path / "out").exists()


def test_quanteda_and_scattertext_get_the_measured_text_and_all_metadata(corpus, tmp_path):
    masks = corpus.features.table("masks")
    assert len(masks), "the caption is planted"
    for path in (tw.io.to_quanteda(corpus, tmp_path / "q", say=quiet) / "articles.csv",):
        first, second = rows_of(path)
        assert (
            first["text"].startswith("The Mayor 𝔘 accused <the> council")
            and "\r" not in first["text"]
        )
        assert second["text"].startswith("'=1+1") and "Photo" not in second["text"]
        assert (first["doc_id"], first["outlet"], first["title"]) == (
            "a1",
            "Echo/Post",
            "A <b>title</b>",
        )
    rows = rows_of(tw.io.to_scattertext(corpus, tmp_path / "s", say=quiet) / "articles.csv")
    assert [row["category"] for row in rows] == ["Echo/Post", "unknown"]
    compile((tmp_path / "s" / "plot.py").read_text(), "plot.py", "exec")
    with pytest.raises(OptionError, match="by must be a column of the metadata: outlet"):
        tw.io.to_scattertext(corpus, tmp_path / "x", by="colour", say=quiet)


def test_antconc_gets_a_folder_an_outlet(corpus, tmp_path):
    path = tw.io.to_antconc(corpus, tmp_path / "a", say=quiet)
    rows = rows_of(path / "metadata.csv")
    assert [row["file"] for row in rows] == ["Echo_Post/a1.txt", "unknown/b1.txt"]
    assert "Sharp words" in (path / rows[1]["file"]).read_text(encoding="utf-8")


# element: what may stand in it here, by the specifications of TEI P5
TEI_CONTENT = {
    "TEI": "teiHeader standOff text",
    "teiHeader": "fileDesc encodingDesc",
    "fileDesc": "titleStmt publicationStmt sourceDesc",
    "titleStmt": "title",
    "publicationStmt": "p",
    "sourceDesc": "bibl",
    "bibl": "title author publisher date ref",
    "encodingDesc": "projectDesc classDecl",
    "projectDesc": "p",
    "classDecl": "taxonomy",
    "taxonomy": "category",
    "category": "catDesc",
    "standOff": "spanGrp",
    "spanGrp": "span",
    "text": "body",
    "body": "ab",
}


def test_tei_points_to_the_very_words_of_the_text_as_stored(corpus, tmp_path):
    path = tw.io.to_tei(corpus, tmp_path / "t", say=quiet)
    found, seen = annotations_of(corpus), 0
    space = {"t": TEI}
    for article, stored in TEXTS.items():
        root = ElementTree.parse(path / f"{article}.xml").getroot()
        assert [child.tag for child in root] == [
            f"{{{TEI}}}{tag}" for tag in ("teiHeader", "standOff", "text")
        ]
        for element in root.iter():
            there = [child.tag.removeprefix(f"{{{TEI}}}") for child in element]
            order = TEI_CONTENT.get(element.tag.removeprefix(f"{{{TEI}}}"), "").split()
            assert there == sorted(there, key=order.index), element.tag
        text = root.find(".//t:ab", space).text
        assert text == stored.replace("\x0b", "\ufffd"), "line ends and all places stay"
        ids = {e.get("{http://www.w3.org/XML/1998/namespace}id"): e for e in root.iter()}
        mine = found[found["article_id"] == article]
        spans = [
            (group.get("type"), span)
            for group in root.iterfind("t:standOff/t:spanGrp", space)
            for span in group
        ]
        assert len(spans) == len(mine)
        wanted = {(r.kind, r.code, r.start, r.end) for r in mine.itertuples()}
        for kind, span in spans:
            place = re.fullmatch(r"#string-range\(text,(\d+),(\d+)\)", span.get("target"))
            start, length = map(int, place.groups())
            category = ids[span.get("ana").removeprefix("#")]
            code = category.find("t:catDesc", space).text
            assert (kind, code, start, start + length) in wanted
            if code == "Ada Mayor":
                assert "ayor" in text[start : start + length]
                seen += 1
    assert seen >= 3
    header = ElementTree.parse(path / "a1.xml").getroot().find("t:teiHeader", space)
    parts = [child.tag.partition("}")[2] for child in header.find("t:fileDesc", space)]
    assert parts == ["titleStmt", "publicationStmt", "sourceDesc"]
    assert header.find(".//t:bibl/t:title", space).text == "A <b>title</b>"
    assert header.find(".//t:bibl/t:date", space).get("when") == "2024-08-01"


# element: its children in the order of the schema (REFI-QDA Project.xsd), and needed attributes
SCHEMA = {
    "Project": ("Users CodeBook Variables Sources", "name"),
    "Users": ("User", ""),
    "User": ("", "guid"),
    "CodeBook": ("Codes", ""),
    "Codes": ("Code", ""),
    "Code": ("Description Code", "guid name isCodable"),
    "Variables": ("Variable", ""),
    "Variable": ("Description", "guid name typeOfVariable"),
    "Sources": ("TextSource", ""),
    "TextSource": ("Description PlainTextSelection VariableValue", "guid plainTextPath"),
    "PlainTextSelection": ("Description Coding", "guid startPosition endPosition"),
    "Coding": ("CodeRef", "guid"),
    "CodeRef": ("", "targetGUID"),
    "VariableValue": ("VariableRef TextValue", ""),
    "VariableRef": ("", "targetGUID"),
}
ATTRIBUTES = (
    "name origin creatingUserGUID guid id isCodable color typeOfVariable plainTextPath creatingUser"
    " startPosition endPosition targetGUID"
).split()
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def test_a_project_for_coders_holds_sources_codes_and_selections(corpus, tmp_path):
    path = tw.io.to_refi_qda(corpus, tmp_path / "p.qdpx", say=quiet)
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("project.qde"))
        texts = {n: archive.read(n).decode() for n in archive.namelist() if n != "project.qde"}
    tags = {}
    for element in root.iter():
        tag = element.tag.removeprefix(f"{{{QDA}}}")
        tags.setdefault(tag, []).append(element)
        order, needed = SCHEMA.get(tag, ("", ""))
        there = [child.tag.removeprefix(f"{{{QDA}}}") for child in element]
        assert there == sorted(there, key=order.split().index), tag
        assert all(element.get(name) for name in needed.split()), tag
        assert set(element.attrib) <= set(ATTRIBUTES), tag
    guids = [e.get("guid") for e in root.iter() if e.get("guid")]
    assert len(guids) == len(set(guids)) and all(GUID.fullmatch(guid) for guid in guids)
    assert {e.get("targetGUID") for e in root.iter() if e.get("targetGUID")} <= set(guids)
    codes = {e.get("guid"): e.get("name") for e in tags["Code"]}
    assert {"Actors", "Ada Mayor", "Frames", "conflict", "Quotations"} <= set(codes.values())
    assert len(tags["PlainTextSelection"]) == len(annotations_of(corpus))
    seen = set()
    for source in tags["TextSource"]:
        text = texts[source.get("plainTextPath").replace("internal://", "Sources/")]
        assert "\r" not in text
        for selection in source.iterfind(f"{{{QDA}}}PlainTextSelection"):
            words = text[int(selection.get("startPosition")) : int(selection.get("endPosition"))]
            reference = selection.find(f"{{{QDA}}}Coding/{{{QDA}}}CodeRef")
            seen.add((codes[reference.get("targetGUID")], words))
    assert {("conflict", "accused"), ("conflict", "clash"), ("Ada Mayor", "Ada Mayor")} <= seen
    blind = tw.io.to_refi_qda(corpus, tmp_path / "blind.qdpx", kinds=[], say=quiet)
    with zipfile.ZipFile(blind) as archive:
        root = ElementTree.fromstring(archive.read("project.qde"))
    assert root.find(f".//{{{QDA}}}Code") is not None
    assert root.find(f".//{{{QDA}}}PlainTextSelection") is None


def test_line_feeds_move_places_by_the_returns_before_them():
    text = "a\r\n\r\nb\rc\r\n"
    plain, moved = without_returns(text)
    for place, sign in enumerate(text):
        if sign in "abc":
            assert plain[moved(place)] == sign
    assert moved(len(text)) == len(plain)


def test_wrong_kinds_and_names_are_refused(corpus, tmp_path):
    with pytest.raises(OptionError, match="kinds must be of quotation"):
        tw.io.to_refi_qda(corpus, tmp_path / "p.qdpx", kinds=["tone"])
    with pytest.raises(OptionError, match=r"must end with \.qdpx"):
        tw.io.to_refi_qda(corpus, tmp_path / "p.zip")
    with pytest.raises(OptionError, match="a result of tl.reuse"):
        tw.io.to_tei(corpus, tmp_path / "t", reuse="mine")


def test_passages_are_written_and_those_of_other_texts_refused(tmp_path):
    line = "The long night of the great flood began when the old dam gave way above the town."
    folder = write_corpus(
        tmp_path / "small", {"a1": f"So it was. {line}\n", "b1": f"{line} Rain.\n"}
    )
    extract_small(folder)
    corpus = tw.load(folder)
    reuse = tw.tl.reuse(corpus, draws=1, kinds=["verbatim"])
    found = annotations_of(corpus, reuse)
    passages = found[found["kind"] == "passage"]
    assert passages["article_id"].tolist() == ["a1", "b1"] and len(reuse.table) == 1
    assert "shared with b1" in passages["about"].iloc[0]
    other = replace(reuse, params=reuse.params | {"digest": "another"})
    with pytest.raises(OptionError, match="of another corpus"):
        annotations_of(corpus, other)


def test_annotations_need_the_private_features(tmp_path):
    folder = write_corpus(tmp_path / "small", TEXTS)
    ship(folder)
    assert len(annotations_of(tw.load(folder))), "the private form is there too"
    shutil.rmtree(folder / "private")
    with pytest.raises(FeaturesError, match="twicetold extract small"):
        tw.io.to_tei(tw.load(folder), tmp_path / "t", say=quiet)
    said = []
    tw.io.to_quanteda(tw.load(folder), tmp_path / "q", say=said.append)
    assert "as they are stored" in said[0]
