"""What a run hands out: every program reads back the numbers and names that were saved."""

import json
import re
import shutil
from dataclasses import dataclass
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from matplotlib.figure import Figure as Canvas

import analysis as tw
from analysis.methods import documented, meanings_of, references
from analysis.outputs import tables_xlsx
from analysis.outputs.handout import write_handout
from analysis.outputs.latex import escaped, table_of
from analysis.outputs.networks import gexf_bytes, graphml_bytes, network_of
from analysis.outputs.saved_figures import read_figures
from analysis.pl.figure import Figure
from analysis.results import Result
from tests.places import ROOT

NASTY = "=cmd|'/C calc'!A0 & <b>_50%\x0b𝔘"
MATERIAL = {
    "n_articles": 3,
    "n_outlets": 2,
    "first": "2024-01-01",
    "last": "2024-01-03",
    "languages": {"en": 3},
    "n_words": 900,
    "masked": {"caption": 100},
    "mended": {"html": 7},
    "extractor": 9,
    "encoder": "",
}


@dataclass(frozen=True, eq=False, repr=False)
class Planted(Result):
    """Planted.

    Attributes
    ----------
    table : DataFrame
        =========  ======  ==================
        column     unit    meaning
        =========  ======  ==================
        group
        share,     0 to 1  of the words,
        rest               here and elsewhere
        =========  ======  ==================
    """

    finding = f"{NASTY} has 25% of the words"
    measure = "tl.frames"


def canvas():
    drawn = Canvas()
    drawn.add_subplot()
    return drawn


@pytest.fixture
def figures(tmp_path):
    """A folder of saved figures, and their names."""
    table = pd.DataFrame(
        {
            "group": ["Echo", NASTY],
            "frame": ["null", "1,000"],
            "share": [0.125, 0.25],
            "low": [-0.5, float("nan")],
            "high": [0.5, float("inf")],
            "rest": [0.2, 0.1],
            "apart": [False, True],
            "n_articles": [12345, 1],
        }
    )
    params = {"corpus": "small", "digest": "ab" * 32, "measured_on": "private features"}
    options = {
        "names": False,
        "by": "outlet",
        "draws": 10,
        "level": 0.9,
        "seed": 3,
        "material": MATERIAL,
    }
    result = Planted(table, params | options, notes=("A note & more.",))
    Figure(canvas(), "frames", result, table, subtitle="What <is> measured.").save(tmp_path)
    pairs = pd.DataFrame(
        {"taker": ["Echo", NASTY], "giver": [NASTY, "Echo"], "words": [7, 9], "share": [0.5, 0.25]}
    )
    Figure(canvas(), "reuse", result, pairs).save(tmp_path)
    lines = pd.DataFrame(
        {"kind": ["shared", "credit"], "a": "Echo", "b": [NASTY, "Wire"], "n_articles": [None, 2]}
    )
    nodes = pd.DataFrame(
        {"node": ["Echo", "Wire"], "label": ["Echo", "Wire"], "agency": [False, True]}
    )
    Figure(canvas(), "reuse_network", result, lines, {"nodes": nodes}).save(tmp_path)
    return tmp_path, ["frames", "reuse", "reuse_network", "not_drawn"]


def test_it_is_written_whole_twice_the_same_and_keeps_what_others_put_there(figures):
    folder, names = figures
    report = folder / "report"
    written = []
    for _ in range(2):
        assert write_handout(folder, "small", names) == []
        written.append({p: p.read_bytes() for p in report.rglob("*") if p.is_file()})
        (report / "mine.txt").write_text("mine")
        (report / "latex" / "old.tex").write_text("of an earlier run")
    first, second = written
    assert first == {p: b for p, b in second.items() if p.name != "mine.txt"}
    assert second[report / "mine.txt"] == b"mine" and (report / "latex" / "old.tex") not in second
    assert {p.name for p in first} == {
        *("findings.md", "findings.html", "tables.xlsx", "methods.bib"),
        *("reuse.graphml", "reuse.gexf", "frames.tex", "reuse.tex"),
    }


def test_findings_link_to_the_pages_of_their_figures(figures):
    folder, names = figures
    address = "../../../pages/small/figure-frames-1.html"
    write_handout(folder, "small", names, {"frames": address})
    html = (folder / "report" / "findings.html").read_text()
    assert html.count(f'<a href="{address}">') == 1 and html.count("/pages/") == 1
    assert html.index('id="frames"') < html.index(address) < html.index('id="reuse"')


def test_a_run_without_figures_writes_nothing(tmp_path):
    assert write_handout(tmp_path, "small", ["frames"]) == [] and not list(tmp_path.iterdir())


def test_the_workbook_holds_every_table_with_units_and_notes_and_no_formula(figures):
    folder, names = figures
    write_handout(folder, "small", names)
    book = openpyxl.load_workbook(folder / "report" / "tables.xlsx")
    assert book.sheetnames[:3] == ["contents", "columns", "frames"]
    assert {"reuse", "reuse_network", "reuse_network.nodes"} <= set(book.sheetnames)
    head, *rows = book["frames"].iter_rows(values_only=True)
    assert rows[0][: len(head) - 1] == ("Echo", "null", 0.125, -0.5, 0.5, 0.2, "False", 12345)
    assert rows[1][0].startswith("'=cmd") and rows[1][3:5] == (None, "inf")
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    contents = list(book["contents"].iter_rows(values_only=True))
    assert contents[1][5:] == (2, "A note & more.") and "25% of the words" in contents[1][3]
    said = {row[:2]: row[2:] for row in book["columns"].iter_rows(values_only=True)}
    assert said["frames", "share"] == ("0 to 1", "of the words, here and elsewhere")
    assert said["frames", "apart"][0] == "True or False"


def test_a_table_larger_than_a_sheet_is_left_out_and_said(figures, monkeypatch):
    folder, names = figures
    monkeypatch.setattr(tables_xlsx, "MOST_ROWS", 2)
    (left, *_) = write_handout(folder, "small", names)
    assert "frames: left out: 2 rows" in left and "frames.csv has them" in left
    book = openpyxl.load_workbook(folder / "report" / "tables.xlsx")
    assert "frames" not in book.sheetnames and "frames" in [c.value for c in book["contents"]["A"]]


def test_latex_holds_each_row_once_with_every_sign_escaped(figures):
    folder, names = figures
    (frames, *_) = read_figures(folder, names)
    tex = table_of(frames)
    body = tex.split("\\midrule")[1].split("\\bottomrule")[0]
    lines = [line.strip() for line in body.strip().splitlines()]
    assert len(lines) == 2 and all(line.endswith(r"\\") for line in lines)
    first, second = ([c.strip() for c in re.split(r"(?<!\\)&", line[:-2])] for line in lines)
    assert first[0].startswith("=cmd\\textbar{}'/C") and first[2] == "0.25", "those apart first"
    assert second == ["Echo", "null", "0.125", "$-$0.5 to 0.5", "0.2", "", "12,345"]
    assert tex.count("\\begin{") == tex.count("\\end{") and "lualatex" in tex.splitlines()[1]
    assert not re.search(r"(?<!\\)[%#_]", body) and "\x0b" not in tex
    assert escaped("a\\b{c}~^") == r"a\textbackslash{}b\{c\}\textasciitilde{}\textasciicircum{}"


def test_the_network_is_read_back_from_both_formats(figures):
    folder, names = figures
    nodes, edges = network_of(read_figures(folder, names))
    space = {"g": "http://graphml.graphdrawing.org/xmlns", "x": "http://gexf.net/1.3"}
    root = ElementTree.fromstring(graphml_bytes(nodes, edges))
    keys = {
        k.get("id"): (k.get("attr.name"), k.get("attr.type")) for k in root.findall("g:key", space)
    }
    found = {}
    for node in root.iterfind("g:graph/g:node", space):
        about = {keys[d.get("key")][0]: d.text for d in node.iterfind("g:data", space)}
        found[node.get("id")] = about["label"]
    assert set(found.values()) == {"Echo", "Wire", NASTY.replace("\x0b", "")}
    lines = []
    for edge in root.iterfind("g:graph/g:edge", space):
        about = {keys[d.get("key")][0]: d.text for d in edge.iterfind("g:data", space)}
        lines.append((found[edge.get("source")][:4], found[edge.get("target")][:4], about))
    assert [(a, b, e["kind"], e.get("words")) for a, b, e in lines] == [
        ("Echo", "=cmd", "shared", "7"),
        ("=cmd", "Echo", "shared", "9"),
        ("Echo", "Wire", "credit", None),
    ]
    assert set(keys.values()) >= {("words", "int"), ("share", "double"), ("kind", "string")}
    root = ElementTree.fromstring(gexf_bytes(nodes, edges))
    labels = {n.get("id"): n.get("label") for n in root.iterfind("x:graph/x:nodes/x:node", space)}
    edges = root.findall("x:graph/x:edges/x:edge", space)
    assert labels == found and [e.get("weight") for e in edges] == ["0.5", "0.25", None]


def test_networkx_reads_both(figures, tmp_path):
    networkx = pytest.importorskip("networkx", reason="a program that the network is for")
    nodes, edges = network_of(read_figures(*figures))
    for name, made in (("graphml", graphml_bytes), ("gexf", gexf_bytes)):
        path = tmp_path / f"reuse.{name}"
        path.write_bytes(made(nodes, edges))
        read = getattr(networkx, f"read_{name}")(path)
        assert read.is_directed() and (len(read), read.size()) == (3, 3)
        assert sorted(words for _, _, words in read.edges(data="words") if words) == [7, 9]


def test_the_summary_says_findings_numbers_and_methods_without_markup_of_names(figures):
    folder, names = figures
    write_handout(folder, "small", names)
    said = (folder / "report" / "findings.md").read_text(encoding="utf-8")
    assert "900 words" in said and "100, which is 10.0 % (caption 100)" in said
    assert "90 % interval" in said and "| Echo | null | 0.125 | −0.5 to 0.5 |" in said
    assert "\\<b\\>\\_50%" in said and "A note & more." in said
    page = (folder / "report" / "findings.html").read_text(encoding="utf-8")
    assert "<b>" not in page and "&lt;b&gt;" in page and 'src="../frames.svg"' in page
    assert page.count("A note &amp; more.") == 3, "once a figure"


def test_a_paragraph_states_material_options_and_versions():
    result = Planted(pd.DataFrame(), {"corpus": "c", "digest": "ab" * 32, "material": MATERIAL})
    said = result.methods()
    for words in (
        "3 articles of 2 outlets",
        "2024-01-01 to 2024-01-03",
        "abababababab",
        "version 9",
    ):
        assert words in said
    assert "semetko2000" in said and "monroe2008" not in said


def test_the_names_of_actors_are_shared_between_figures(tmp_path):
    params = {"corpus": "small", "digest": "", "measured_on": "private features"}
    table = pd.DataFrame({"actor": ["mayor"], "label": ["crook"], "group": ["Echo"], "count": [2]})
    named = Planted(table, params | {"names": {"mayor": "Ada Mayor"}})
    Figure(canvas(), "tone", named, table).save(tmp_path)
    Figure(canvas(), "labels", Planted(table, params), table).save(tmp_path)
    _, labels = read_figures(tmp_path, ["tone", "labels"])
    assert labels.main.to_numpy().tolist() == [["Ada Mayor", "crook", "Echo", 2]]


def test_columns_are_read_from_docstrings():
    assert documented(tw.tl.tone.__globals__["Tone"])["table"]["joint_high"][0] == "-1 to 1"
    said = meanings_of(Planted, "table", ["rest", "group", "nobody_says"])
    assert said["rest"] == ("0 to 1", "of the words, here and elsewhere")
    assert "outlet" in said["group"][1] and said["nobody_says"] == ("", "")


def cited(verb):
    """What the docstring of a measure cites: surname and year."""
    room = tw.va if verb == "validate" else tw.tl
    said = (
        (getattr(room, verb).__doc__ or "").partition("References\n")[2].partition("Examples\n")[0]
    )
    found = re.findall(r"^    ([A-Z]\w+), [A-Z].*?\((?:ed\., )?(\d{4})\)", said, re.M | re.S)
    return {f"{name.lower()}{year}" for name, year in found}


@pytest.mark.parametrize("verb", [*tw.tl.__all__, "validate"])
def test_what_a_docstring_cites_is_among_the_references(verb):
    keys = {key for key, _ in references([verb])}
    assert cited(verb) <= keys and "twicetold" in keys


def test_references_are_whole_entries_and_tell_the_version_of_the_project():
    verbs = [*tw.tl.__all__, "validate"]
    entries = dict(references(verbs))
    source = (ROOT / "analysis" / "data" / "methods.bib").read_text(encoding="utf-8")
    assert len(entries) == source.count("\n@"), "each is for some measure"
    for key, text in entries.items():
        assert text.count("{") == text.count("}") and re.search(r"year = \{\d{4}\}", text), key
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.+)"', project, re.M)[1]
    assert f"version = {{{version}}}" in entries["twicetold"]
    assert json.dumps(entries)


def test_a_network_without_an_edge_is_none(tmp_path):
    folder = shutil.copytree(ROOT / "figures" / "harbour", tmp_path / "figures")
    for name in ("reuse.csv", "reuse_network.csv"):
        header = (folder / name).read_text(encoding="utf-8").splitlines()[0]
        (folder / name).write_text(header + "\n", encoding="utf-8")
    assert network_of(read_figures(folder, ["reuse", "reuse_network"])) is None
