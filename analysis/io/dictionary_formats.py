"""The file formats of dictionaries: Lexicoder, LIWC, Yoshikoder, quanteda YAML and plain CSV.

Each is read into rows of a pattern with its category, or with its score.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

import yaml

from analysis.errors import Fault
from analysis.io.text import csv_rows, read_utf8
from analysis.io.yaml import load_yaml

FORMATS = {
    ".csv": "csv",
    ".lc3": "lexicoder",
    ".lcd": "lexicoder",
    ".ykd": "yoshikoder",
    ".dic": "liwc",
    ".dicx": "liwc",
    ".yml": "yaml",
    ".yaml": "yaml",
}
STRICT = ("csv", "yaml")  # files that their owner writes; the others are read as they were bought
LARGEST = 16 << 20  # bytes; the largest dictionaries that are sold have less than two
DEEPEST = 50
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}$")
_NUMBERED = re.compile(r"(\d+)\s+(\S.*)")
_CONDITION = re.compile(r"<of>|\(\d|/\d")


class Row(NamedTuple):
    """One pattern of a dictionary file.

    With the path of its category from the top, or with its score as it is written.
    """

    number: int
    pattern: str
    category: tuple[str, ...] = ()
    score: str | None = None


class Unreadable(Exception):
    """A dictionary file is not of its format; holds the fault."""

    def __init__(self, name: str, row: int | None, problem: str):
        self.fault = Fault(name, row, problem)
        super().__init__(str(self.fault))


def read_rows(path: Path, name: str, format: str) -> tuple[list[Row], list[Fault]]:
    """Rows of a dictionary file, and notes on what of it could not be used.

    Parameters
    ----------
    path : Path
    name : str
        What faults and notes call the file.
    format : {"csv", "lexicoder", "liwc", "yaml", "yoshikoder"}

    Raises
    ------
    Unreadable
        If the file is too large, in no encoding that is known, or not of its format.

    Notes
    -----
    Lexicoder 3 (`.lc3`): a line `+name` (a colour such as `#AA0000` may follow) opens a category,
    every other line is a pattern of it. Lexicoder 2 (`.lcd`) and Yoshikoder (`.ykd`): XML,
    categories `cnode` that hold patterns `pnode`. LIWC (`.dic`): numbered categories between two
    lines `%`, then patterns with the numbers of their categories; `.dicx`: a CSV with a column for
    each category. A `.dic` row with a condition, such as `<of>` or `(02 134)`, is left out and
    noted. quanteda: YAML, categories that hold lists of patterns or categories; `__` holds those of
    the category itself. CSV: the header word,score or word,category.
    """
    if path.stat().st_size > LARGEST:
        problem = f"is larger than {LARGEST >> 20} MiB; a dictionary is not that large."
        raise Unreadable(name, None, problem)
    if format in STRICT:
        text, faults = read_utf8(path, name)
        if faults:
            raise Unreadable(name, faults[0].row, faults[0].problem)
        return (_csv if format == "csv" else _yaml)(text, name)
    text, notes = _decoded(path, name)
    if text.lstrip().startswith("<") and format != "liwc":
        rows, more = _yoshikoder(text, name)
    elif format == "yoshikoder":
        problem = "is no XML; a Yoshikoder dictionary begins with <?xml or <dictionary."
        raise Unreadable(name, 1, problem)
    elif format == "lexicoder":
        rows, more = _lexicoder(text, name)
    elif text.lstrip().casefold().startswith(("dicterm", '"dicterm')):
        rows, more = _dicx(text, name)
    else:
        rows, more = _liwc(text, name)
    return rows, notes + more


def _decoded(path: Path, name: str) -> tuple[str, list[Fault]]:
    """Text in UTF-8, in UTF-16 with its mark, or else in Windows-1252, as older files are."""
    data, notes = path.read_bytes(), []
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as error:
            problem = (
                f"the byte 0x{data[error.start]:02x} is neither UTF-8 nor Windows-1252; save the"
                " file as UTF-8."
            )
            row = data.count(b"\n", 0, error.start) + 1
            raise Unreadable(name, row, problem) from None
        note = (
            "is not UTF-8; it was read as Windows-1252 (Latin). Save it as UTF-8 if letters with"
            " accents come out wrong."
        )
        notes.append(Fault(name, None, note))
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise Unreadable(name, row, "holds a NUL character; save the file as UTF-8.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def _lexicoder(text: str, name: str) -> tuple[list[Row], list[Fault]]:
    rows, category = [], None
    for number, line in enumerate(map(str.strip, text.split("\n")), start=1):
        if line.startswith("+"):
            category = _COLOUR.sub("", line.lstrip("+")).strip()
        elif line and category is None:
            problem = (
                f"{line!r:.60} stands before the first category; a Lexicoder file begins with a"
                " line such as +positive."
            )
            raise Unreadable(name, number, problem)
        elif line:
            rows.append(Row(number, line, (category,)))
    return rows, []


def _yoshikoder(text: str, name: str) -> tuple[list[Row], list[Fault]]:
    rows, open_nodes = [], []
    parser = expat.ParserCreate("utf-8")

    def start(tag, attributes):
        number, given = parser.CurrentLineNumber, attributes.get("name", "")
        if len(open_nodes) > DEEPEST:
            raise Unreadable(name, number, "holds categories nested too deeply.")
        if tag == "pnode":
            rows.append(Row(number, given, tuple(filter(None, open_nodes))))
        open_nodes.append(given if tag == "cnode" else "")

    def doctype(*_):  # entities of a few lines can stand for gigabytes
        problem = "declares a document type; remove that line."
        raise Unreadable(name, parser.CurrentLineNumber, problem)

    parser.StartElementHandler, parser.EndElementHandler = start, lambda tag: open_nodes.pop()
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(text.lstrip().encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        problem = f"not valid XML: {expat.ErrorString(error.code)}."
        raise Unreadable(name, error.lineno, problem) from None
    tops = {row.category[:1] for row in rows}
    if len(tops) == 1 and all(len(row.category) > 1 for row in rows):
        # the node of the dictionary itself
        rows = [row._replace(category=row.category[1:]) for row in rows]
    return rows, []


def _liwc(text: str, name: str) -> tuple[list[Row], list[Fault]]:
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), start=1)]
    marks = [i for i, (_, line) in enumerate(lines) if line == "%"]
    if len(marks) < 2:
        problem = "has no list of categories between two lines %, as a LIWC dictionary begins."
        raise Unreadable(name, None, problem)
    categories, rows, notes = {}, [], []
    for number, line in lines[marks[0] + 1 : marks[1]]:
        if found := _NUMBERED.fullmatch(line):
            categories[int(found[1])] = _category(found[2])
        elif line:
            problem = f"{line!r:.60} is no category; needed are a number and a name."
            raise Unreadable(name, number, problem)
    for number, line in lines[marks[1] + 1 :]:
        pattern, tab, numbered = line.partition("\t")
        numbers = numbered.split()
        if not tab:
            words = line.split()
            while len(words) > 1 and words[-1].isdecimal():
                numbers.insert(0, words.pop())
            pattern = " ".join(words)
        if _CONDITION.search(numbered or line):
            note = f"{line!r:.60} is counted on a condition that cannot be applied; it is left out."
            notes.append(Fault(name, number, note))
            continue
        if line and not (numbers and all(n.isdecimal() for n in numbers)):
            problem = f"{line!r:.60} has no numbers of categories behind the word."
            raise Unreadable(name, number, problem)
        if unknown := [n for n in numbers if int(n) not in categories]:
            note = (
                f"{pattern!r:.60} has the category {', '.join(unknown)}, which the file does not"
                " name; that is left out."
            )
            notes.append(Fault(name, number, note))
        known = [categories[int(n)] for n in numbers if int(n) in categories]
        rows += [Row(number, pattern.strip(), (category,)) for category in known]
    return rows, notes


def _category(given: str) -> str:
    """Name of a LIWC category: that of 2015 has "posemo (Positive Emotion)"."""
    return given.split(" (")[0].strip()


def _dicx(text: str, name: str) -> tuple[list[Row], list[Fault]]:
    (_, header), *lines = _cells(text, name)
    rows = []
    for number, cells in lines:
        for category, cell in zip(header[1:], cells[1:]):
            if cell.strip().casefold() == "x":
                rows.append(Row(number, cells[0].strip(), (_category(category),)))
            elif cell.strip():
                problem = (
                    f"{cell!r:.60} was given for {category!r:.40}; a cell of a .dicx file holds X"
                    " or nothing."
                )
                raise Unreadable(name, number, problem)
    return rows, []


def _csv(text: str, name: str) -> tuple[list[Row], list[Fault]]:
    lines = _cells(text, name)
    header = [cell.strip() for cell in lines[0][1][:2]] if lines else []
    if header == ["word", "score"]:
        return [Row(n, cells[0], score=",".join(cells[1:2])) for n, cells in lines[1:]], []
    if header != ["word", "category"]:
        problem = (
            "must begin with the header word,score or word,category; a file of another kind needs"
            f" `format` ({', '.join(sorted(set(FORMATS.values())))})."
        )
        raise Unreadable(name, 1, problem)
    rows = []
    for number, cells in lines[1:]:
        if len(cells) < 2 or not cells[1].strip():
            problem = f"{cells!r} was given; needed are a word and a category."
            raise Unreadable(name, number, problem)
        rows.append(Row(number, cells[0], (cells[1].strip(),)))
    return rows, []


def _cells(text: str, name: str) -> list[tuple[int, list[str]]]:
    rows, faults = csv_rows(text, name)
    if faults:
        raise Unreadable(name, faults[0].row, faults[0].problem)
    return [(number, cells) for number, cells in rows if cells]


def _yaml(text: str, name: str) -> tuple[list[Row], list[Fault]]:
    node, _, faults = load_yaml(text, name)
    if faults:
        raise Unreadable(name, faults[0].row, faults[0].problem)
    if not isinstance(node, yaml.MappingNode):
        raise Unreadable(name, 1, "must map categories to lists of words.")
    rows: list[Row] = []
    _nested(node, (), rows, name)
    return rows, []


def _nested(node: yaml.Node, path: tuple[str, ...], rows: list[Row], name: str) -> None:
    """Patterns as they are written: YAML would read the word "no" as false."""
    number = node.start_mark.line + 1
    if len(path) > DEEPEST:
        raise Unreadable(name, number, "holds categories nested too deeply.")
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                problem = "a list or mapping stands where the name of a category should."
                raise Unreadable(name, key.start_mark.line + 1, problem)
            _nested(value, path if key.value == "__" else (*path, key.value), rows, name)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            if isinstance(value, yaml.SequenceNode):
                problem = "a list stands within a list; write words, or categories and words."
                raise Unreadable(name, value.start_mark.line + 1, problem)
            _nested(value, path, rows, name)
    elif node.value.strip():
        rows.append(Row(number, node.value, path))
