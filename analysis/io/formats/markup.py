"""Pages of HTML for the readers of archives: bytes to a tree, elements to lines of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from analysis.io.encodings import ENCODINGS, codec_of, decoded, find_encoding
from analysis.io.formats.source import Remark, Settings, Source, UnreadableFile

_LARGEST_PAGE = 32 << 20  # bytes; a tree takes some twenty times as many
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]{1,40})""", re.IGNORECASE
)
_WESTERN = {"iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii", "windows-1252"}
_OF_SEVERAL_BYTES = re.compile(r"gb|big5|shift|sjis|euc|iso-?2022|hz", re.IGNORECASE)
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section"
    " summary table tbody td tfoot th thead tr ul".split()
)
_NO_TEXT = ("script", "style", "noscript", "template", "head", "svg", "iframe", "object")
# &#145; and the like mean characters of Windows-1252, as in every browser
_CONTROLS = {n: bytes([n]).decode("cp1252", "ignore") for n in range(0x80, 0xA0)}


def trees_of(
    source: Source, settings: Settings, begins: re.Pattern[str]
) -> tuple[list, list[Remark]]:
    """The trees of a page, without scripts and styles, and what there was to decide.

    Parameters
    ----------
    source : Source
    settings : Settings
    begins : compiled pattern
        Where an article begins: a page whose tags are never closed, so that its articles nest
        deeper than is read, is read in pieces.

    Returns
    -------
    list of lxml elements, list of Remark

    Raises
    ------
    UnreadableFile
        If the page is empty or too large.
    """
    if source.size > _LARGEST_PAGE:
        raise UnreadableFile(
            f"a page of {source.size >> 20} MB; at most {_LARGEST_PAGE >> 20} are read."
            " Export it in parts."
        )
    text, remarks = page_text(source.data, settings.encoding)
    tree, whole = tree_of_text(text)
    if whole:
        return [tree], remarks
    starts = [match.start() for match in begins.finditer(text)]
    pieces = [tree_of_text(text[a:b]) for a, b in zip(starts, [*starts[1:], len(text)])]
    trees = [tree for tree, _ in pieces if tree is not None]
    if not trees:
        raise UnreadableFile("the page is empty or damaged; save it again.")
    if lost := sum(not whole for _, whole in pieces):
        problem = f"{lost} of {len(pieces)} articles are damaged: nested too deeply or too large"
        remarks.append(Remark(None, problem, "read as far as they go"))
    return trees, remarks


def tree_of_text(text: str) -> tuple[object | None, bool]:
    """The tree of HTML, without scripts and styles, and whether all of it is in the tree.

    Parameters
    ----------
    text : str

    Returns
    -------
    lxml element or None, bool
    """
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        tree = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, False
    if tree is None:
        return None, False
    fatal = any(entry.level_name == "FATAL" for entry in parser.error_log)
    etree.strip_elements(tree, *_NO_TEXT, with_tail=False)
    return tree, not fatal


def page_text(data: bytes, encoding: str | None = None) -> tuple[str, list[Remark]]:
    """The text of a page: in the encoding that it declares, if its bytes agree.

    Parameters
    ----------
    data : bytes
    encoding : str, optional
        What the user says, which counts before all else.

    Returns
    -------
    str, list of Remark

    Examples
    --------
    >>> text, remarks = page_text('<meta charset="iso-8859-1">Tesmère'.encode())
    >>> text[-7:], remarks[0].problem
    ('Tesmère', 'the page says that it is iso-8859-1, and is not')
    """
    if encoding:
        return decoded(data, encoding)[0], []
    match = _DECLARED.search(data[:4096])
    said = match[1].decode("ascii", "ignore").lower() if match else ""
    found = find_encoding(data)
    if found == "utf-8":
        wrong = said not in ("", "utf-8", "utf8") and not data.isascii()
        problem = f"the page says that it is {said}, and is not"
        remarks = [Remark(None, problem, "read as UTF-8")] if wrong else []
        return data.decode("utf-8"), remarks
    several = _OF_SEVERAL_BYTES.match(said) and (text := _strictly(data, said)) is not None
    if several:
        return text, []
    single = found not in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
    if single and found != "windows-or-utf-8" and said in _WESTERN:
        found = "cp1252"
    elif single and found != "windows-or-utf-8" and said and _strictly(data, said) is not None:
        found = said
    elif single:
        problem = f"not all bytes of the page are {said}" if said else "the page has no encoding"
        remark = Remark(
            None, problem, f"read as {ENCODINGS.get(found, found)}; --encoding overrules"
        )
        codec, errors = codec_of(found)
        return data.decode(codec, errors), [remark]
    return decoded(data, found)[0], []


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeError, ValueError):
        return None


def text_segments(element, kind_of: Callable) -> Iterator[tuple[str, object]]:
    """The lines of an element and, where they stand, the elements of some kind within it.

    A line is the text between two blocks or line breaks, white space collapsed.

    Parameters
    ----------
    element : lxml element
    kind_of : callable
        Takes an element within and gives its kind; empty for those whose text is of the lines.

    Yields
    ------
    kind, element or str
        The kind of a line is empty, and no line is.
    """
    from lxml import etree

    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if not isinstance(node.tag, str):
            continue
        kind = kind_of(node) if event == "start" and node is not element else ""
        if (kind or node.tag in _BLOCKS) and (line := _line(parts)):
            yield "", line
        if kind:
            yield kind, node
            walk.skip_subtree()
        elif event == "start":
            parts.append(node.text or "")
        elif node is not element:
            parts.append(node.tail or "")
    if line := _line(parts):
        yield "", line


def lines(element, skip: Callable = lambda node: False) -> Iterator[str]:
    """The text of an element, a paragraph, line or cell at a time, white space collapsed.

    Parameters
    ----------
    element : lxml element
    skip : callable
        Takes an element within, and says whether to leave out what is in it.

    Yields
    ------
    str
        Never empty.
    """
    for kind, line in text_segments(element, lambda node: "skipped" if skip(node) else ""):
        if not kind:
            yield line


def _line(parts: list[str]) -> str:
    line = squeezed("".join(parts))
    parts.clear()
    return line


def squeezed(text: str) -> str:
    """Text with single blanks, and with what a browser shows for characters that are none."""
    return " ".join(text.translate(_CONTROLS).split())


def words(element) -> str:
    """All the text of an element in one line."""
    return " ".join(lines(element))


def has_class(element, name: str) -> bool:
    """Whether an element is of a class, in capitals or not."""
    return name.lower() in (element.get("class") or "").lower().split()
