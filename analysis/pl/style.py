"""One look for all figures: a journal's widths, 7 points, colours for everybody and for print."""

from __future__ import annotations

import contextlib
import logging
import textwrap
import warnings
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.transforms import ScaledTranslation
from matplotlib.typing import RcKeyType

SINGLE, DOUBLE = 3.5, 7.2  # inches: one and two columns
PAGE = 9.0  # inches: the height of a figure that leaves room for its caption
# Wong (2011), doi.org/10.1038/nmeth.1618, in an order of falling lightness
PALE, AMBER, SKY, GREEN, ORANGE, BLUE, INK = (
    "#d9d9d9",
    "#f0c04a",
    "#7fc3ea",
    "#66b89c",
    "#d55e00",
    "#0072b2",
    "#222222",
)
NEGATIVE, POSITIVE, NEUTRAL = ORANGE, BLUE, "#8c8c8c"
PURPLE = "#9e4f8a"
# of outlets, those with most articles first; a shape beside each, as eight colours alone are many
LOOKS = (
    (BLUE, "o"),
    (ORANGE, "s"),
    (GREEN, "D"),
    (INK, "^"),
    (SKY, "v"),
    (PURPLE, "P"),
    (AMBER, "X"),
    ("#7a4f1d", "h"),
)
# Matplotlib brings the first. Letters that it lacks, such as Chinese ones, come from the next that
# the machine has, and no other letter does.
_FAMILIES = (
    "DejaVu Sans",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti TC",
    "STHeiti",
    "Arial Unicode MS",
    "Microsoft YaHei",
    "SimHei",
    "Malgun Gothic",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
)
_INSTALLED = {font.name for font in fontManager.ttflist}
FAMILIES = [name for name in _FAMILIES if name in _INSTALLED]
BOLD = 1.2  # letters of a panel's title, by the width of plain ones
STYLE: dict[RcKeyType, Any] = {
    "font.family": FAMILIES,
    "font.size": 7,
    "axes.titlesize": 7.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 7,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "figure.titlesize": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "lines.linewidth": 1.0,
    "patch.linewidth": 0.5,
    "hatch.linewidth": 0.5,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
    "text.parse_math": False,  # a $ in a text is a dollar
    "svg.hashsalt": "twicetold",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
}

_TITLE = FontProperties(family=FAMILIES, weight="bold", size=STYLE["figure.titlesize"])
_PLAIN = FontProperties(family=FAMILIES, size=STYLE["font.size"])
_MEASURE = RendererBase()  # in points, without hinting


@contextlib.contextmanager
def in_style() -> Iterator[None]:
    """The one style, without what Matplotlib says at every letter and weight that a font lacks.

    A figure that is saved or shown says it once (see `missing_letters`).
    """
    with matplotlib.rc_context(STYLE), _unheard():
        yield


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    def quiet(record: logging.LogRecord) -> bool:
        return "font weight" not in record.getMessage()

    log = logging.getLogger("matplotlib.font_manager")
    log.addFilter(quiet)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from font")
            yield
    finally:
        log.removeFilter(quiet)


def missing_letters(text: str) -> str:
    """The letters of a text that no installed font of `FAMILIES` has, each once."""
    unknown = [letter for letter in dict.fromkeys(text) if letter.isprintable()]
    return "".join(c for c in unknown if not any(ord(c) in has for has in _letters()))


@lru_cache(1)
def _letters() -> list[Collection[int]]:
    with _unheard():
        files = [findfont(FontProperties(family=name)) for name in FAMILIES]
        return [get_font(file).get_charmap().keys() for file in files]


def wrapped(text: str, width: float, *, title: bool = True) -> str:
    """Break a title, or a plain text, so that its letters fit a width in inches."""
    font = _TITLE if title else _PLAIN
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _inches(longer, font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def inches_of(text: str) -> float:
    """How wide a text of the usual size is."""
    return _inches(text, _PLAIN)


@lru_cache(1 << 14)
def _inches(line: str, font: FontProperties) -> float:
    with _unheard():
        width, _, _ = _MEASURE.get_text_width_height_descent(line, font, ismath=False)
    return width / 72


def look_of(colour: int) -> tuple[str, str]:
    """Colour and marker of an outlet, the same in all figures of a corpus.

    Parameters
    ----------
    colour : int
        Its place in `analysis.groups.Grouping.table`; grey from the ninth on, and below 0.
    """
    return LOOKS[colour] if 0 <= colour < len(LOOKS) else (NEUTRAL, "o")


def fitted(names: Sequence[str], width: float) -> list[str]:
    """Names that fit a width in inches: cut at a word, or in the middle where two become alike."""
    names = list(map(str, names))
    short = [_cut(name, width) for name in names]
    alike = {name for name in short if short.count(name) > 1}
    middle = [_cut_middle(n, width) if s in alike and s != n else s for n, s in zip(names, short)]
    twins = {name for name in middle if middle.count(name) > 1}
    return [f"{s} ({i})" if s in twins else s for i, s in enumerate(middle, start=1)]


def _cut(name: str, width: float) -> str:
    if _inches(name, _PLAIN) <= width:
        return name
    words = name.split()
    while len(words) > 1:
        words.pop()
        if _inches(" ".join(words) + "…", _PLAIN) <= width:
            return " ".join(words) + "…"
    letters = len(name)
    while letters > 1 and _inches(name[:letters] + "…", _PLAIN) > width:
        letters -= 1
    return name[:letters] + "…"


def _cut_middle(name: str, width: float) -> str:
    half = len(name) // 2
    while half > 1 and _inches(f"{name[:half]}…{name[-half:]}", _PLAIN) > width:
        half -= 1
    return f"{name[:half]}…{name[-half:]}"


def note(ax: Axes, text: str, *, width: float, below: float) -> None:
    """Put a remark under the axes, `below` inches under their lower edge."""
    ax.annotate(
        textwrap.fill(text, int(width * 19)),
        (0, 0),
        xytext=(0, -72 * below),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=7,
        va="top",
        ha="left",
        color="#444444",
        annotation_clip=False,
    )


def legend_below(ax: Axes, *handles, below: float, ncols: int = 2, x: float = 0.5) -> None:
    """Put the legend `below` inches under the axes."""
    place = ax.transAxes + ScaledTranslation(0, -below, ax.figure.dpi_scale_trans)
    ax.legend(
        *handles,
        loc="upper center",
        bbox_to_anchor=(x, 0),
        bbox_transform=place,
        ncols=ncols,
        columnspacing=1,
        handlelength=1.4,
        borderaxespad=0,
        borderpad=0,
    )


def shortened(name: str, letters: int) -> str:
    """A name of at most so many letters, with "…" where it was longer."""
    return name if len(name) <= letters else name[: letters - 1] + "…"
