"""A saved figure's drawing as a part of a page: only what is drawn, and links at its names.

Figures are files: nothing of one is taken that a drawing does not need. Styles become attributes,
as the pages' policy lets in no style but theirs. The files of the paper stay as they are.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_ELEMENTS = set("svg g path use defs clipPath rect circle line polygon image pattern".split())
_LOOKS = set(
    "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin"
    " stroke-dasharray stroke-dashoffset stroke-miterlimit opacity".split()
)
_ATTRIBUTES = _LOOKS | set(
    "id d transform x y x1 x2 y1 y2 cx cy r width height viewBox points clip-path"
    " patternUnits".split()
)
_PLAIN = re.compile(r"[\w#%.,()\s+-]*")  # values that address nothing but parts of the drawing
_LONG_NUMBER = re.compile(r"(\d+\.\d\d)\d+")
_PICTURE = "data:image/png;base64,"
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
_DEEPEST = 100  # levels of elements: deeper ones are no drawing, and end a program that walks them
_MOVED = re.compile(r"translate\(\S+ (\S+)\) scale\((\S+)")
_HALF_LETTER = 38  # from a name's base line to its middle, in hundredths of its size
_AXES, _ROW = re.compile(r"axes_\d+"), re.compile(r"ytick_\d+")

Leads = Callable[[str], "tuple[str, str] | None"]  # of a name: where its link leads, what it says


def drawing(svg: str, title: str, leads: Leads) -> str:
    """A figure's drawing as HTML, whose names are links, and the rows that they are names of.

    Parameters
    ----------
    svg : str
        As `Figure.save` wrote it.
    title : str
        What it is called for those who do not see it.
    leads : callable
        Takes each name in the drawing, gives the address and the words of a link, or None.

    Returns
    -------
    str
        Empty if it is no drawing, or has elements in elements a hundred levels deep.

    Examples
    --------
    >>> drawing('<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>', "A", dict.get)
    '<svg role="group" aria-label="A"></svg>'
    """
    builder = ElementTree.TreeBuilder(insert_comments=True)
    try:
        root = ElementTree.fromstring(svg, ElementTree.XMLParser(target=builder))
    except ElementTree.ParseError:
        return ""
    if root.tag != f"{_SVG}svg" or _deeper(root, _DEEPEST):
        return ""
    inside = "".join(_written(child, leads) for child in root) + "".join(_rows(root, leads))
    about = f' role="group" aria-label="{html.escape(title)}"'
    looks = "" if len(root) == 0 or not inside else ' stroke-linejoin="round" class="drawing"'
    return f"<svg{about}{looks}{_attributes(root, sized=False)}>{inside}</svg>"


def _deeper(root: ElementTree.Element, most: int) -> bool:
    """Whether elements stand in elements more levels deep than in a drawing of ours (ten)."""
    level = [root]
    for _ in range(most):
        level = [child for element in level for child in element]
    return bool(level)


def _written(element: ElementTree.Element, leads: Leads) -> str:
    name = element.tag.removeprefix(_SVG) if isinstance(element.tag, str) else ""
    if name not in _ELEMENTS or name == "svg":
        return ""
    inside = "".join(_written(child, leads) for child in element)
    if name == "g" and (link := _link(element, leads)):
        inside = f"{_open(*link)}{inside}</a>"
    return f"<{name}{_attributes(element)}>{inside}</{name}>"


def _link(element: ElementTree.Element, leads: Leads) -> tuple[str, str] | None:
    """Where the name leads that stands here: outlines of letters with the words in a comment."""
    said = [child.text or "" for child in element if child.tag is ElementTree.Comment]
    return leads(html.unescape(said[0]).strip()) if said else None


def _open(address: str, said: str, more: str = "") -> str:
    return f'<a href="{html.escape(address)}" aria-label="{html.escape(said)}"{more}>'


def _attributes(element: ElementTree.Element, *, sized: bool = True) -> str:
    given = dict(element.attrib)
    style = (part.partition(":") for part in given.get("style", "").split(";"))
    looks = {name.strip(): value.strip() for name, _, value in style}
    given |= {name: value for name, value in looks.items() if name in _LOOKS}
    kept = {name: value for name, value in given.items() if name in _ATTRIBUTES}
    if element.tag == f"{_SVG}g":
        kept.pop("id", None)  # nothing in a drawing addresses a group
    if not sized:
        kept = {name: value for name, value in kept.items() if name not in ("width", "height")}
    if "d" in kept:
        kept["d"] = _LONG_NUMBER.sub(r"\1", " ".join(kept["d"].split()))
    kept = {name: value for name, value in kept.items() if _PLAIN.fullmatch(value)}
    href = given.get(_HREF, "")
    if (
        re.fullmatch(r"#[\w-]+", href)
        or element.tag == f"{_SVG}image"
        and href.startswith(_PICTURE)
    ):
        kept["href"] = "".join(href.split())
    return "".join(f' {name}="{html.escape(value)}"' for name, value in kept.items())


def _rows(root: ElementTree.Element, leads: Leads) -> Iterator[str]:
    """A link over each row of marks, where the row's name is one; panels beside it have it, too."""
    panels = []
    for axes in root.iter(f"{_SVG}g"):
        if _AXES.fullmatch(axes.get("id", "")) and (box := _box(axes)):
            panels.append((box, list(_ticks(axes, leads))))
    for (x0, top, x1, bottom), own in panels:
        there = own or next((t for b, t in panels if t and (b[1], b[3]) == (top, bottom)), [])
        places = sorted(y for y, _ in there)
        half = min((b - a for a, b in zip(places, places[1:]) if b - a > 1), default=12.0) / 2
        for y, (address, said) in there:
            place = f'x="{x0:.1f}" y="{y - half:.1f}" width="{x1 - x0:.1f}" height="{2 * half:.1f}"'
            opened = _open(address, said, ' tabindex="-1"')
            yield f'{opened}<rect class="row" {place} fill-opacity="0"></rect></a>'


def _box(axes: ElementTree.Element) -> tuple[float, float, float, float] | None:
    """Left, top, right and bottom of a panel: of its background, which is drawn first."""
    path = next(axes.iter(f"{_SVG}path"), None)
    numbers = [] if path is None else [float(n) for n in _NUMBERS.findall(path.get("d", ""))]
    if len(numbers) != 8:
        return None
    return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])


def _ticks(axes: ElementTree.Element, leads: Leads) -> Iterator[tuple[float, tuple[str, str]]]:
    """The height of each row whose name is a link."""
    for tick in axes.iter(f"{_SVG}g"):
        if not _ROW.fullmatch(tick.get("id", "")):
            continue
        link = next(filter(None, (_link(g, leads) for g in tick.iter(f"{_SVG}g"))), None)
        moved = (_MOVED.match(g.get("transform", "")) for g in tick.iter(f"{_SVG}g"))
        if link and (place := next(filter(None, moved), None)):
            yield float(place[1]) - _HALF_LETTER * float(place[2]), link
