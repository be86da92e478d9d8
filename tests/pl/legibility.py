"""Whether a figure can be read: what is drawn is recorded as it is drawn, and judged.

A page of at most 7.2 × 9 inches, letters of at least 6.5 points, no text over text, nothing cut, no
more rows than one takes in, names instead of ids and keys, colours that everybody tells apart, and
the finding in words. Lengths are points of the saved file (1/72 inch), measured without hinting.
"""

import itertools
import re
from dataclasses import dataclass, field

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from matplotlib.legend import Legend

from analysis.pl.figure import settle
from analysis.pl.style import DOUBLE, PAGE, SINGLE, in_style

TOLERANCE = 0.75  # points that letters may reach into others or over the edge: less than a stroke
SMALLEST = 6.5  # points
ROWS = 21  # twenty, and one for the rest
KEY = re.compile(r"\w_+\w")  # as in ids, keys of the codebook, names of files
# Least distances of two colours of a legend: in CIELAB as each kind of reader sees them, and in
# lightness in print without colours. Small marks are told apart by half their readers at about
# 7 units (Stone, Szafir and Setlur 2014, doi.org/10.48550/arXiv.1410.2200, for 1/3 of a degree).
LEAST, LEAST_GREY = 10.0, 7.0
# Machado, Oliveira and Fernandes (2009), doi.org/10.1109/TVCG.2009.113: severity 1, linear sRGB
READERS = {
    "usual": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


@dataclass
class Line:
    """One line of a text as drawn: its letters, size, corners, and of which text and axes it is."""

    words: str
    size: float
    corners: np.ndarray
    text: int
    row: int | None  # the number of the axes whose y axis it labels


@dataclass(eq=False)
class Recorder(RendererBase):
    """Draws nothing, and keeps where everything would be."""

    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    boxes: list[tuple[str, np.ndarray]] = field(default_factory=list)

    def __post_init__(self):
        super().__init__()
        self._groups, self._counts = [], {}

    def get_canvas_width_height(self):
        return self.width, self.height

    def points_to_pixels(self, points):
        return points

    def flipy(self):
        return False

    def open_group(self, s, gid=None):
        self._groups.append(s)
        self._counts[s] = self._counts.get(s, 0) + 1

    def close_group(self, s):
        self._groups.pop()

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        if not s.strip() or gc.get_rgb()[3] == 0:
            return
        width, height, below = self.get_text_width_height_descent(s, prop, ismath)
        edges = np.array(
            [(0, -below), (width, -below), (width, height - below), (0, height - below)]
        )
        cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        corners = edges @ np.array([(cos, sin), (-sin, cos)]) + (x, y)
        clip = gc.get_clip_rectangle()
        if clip is not None:
            low, high = corners.min(0), corners.max(0)
            if (low > clip.max).any() or (high < clip.min).any():
                return
            if (low < clip.min - TOLERANCE).any() or (high > clip.max + TOLERANCE).any():
                self.boxes.append((f"“{s}”, cut by its axes,", np.array([[-9e9] * 2, [9e9] * 2])))
        row = self._counts["axes"] if "ytick" in self._groups else None
        size = prop.get_size_in_points()
        self.lines.append(Line(s, size, corners, self._counts["text"], row))

    def draw_path(self, gc, path, transform, rgbFace=None):
        if gc.get_alpha() == 0 or not len(path.vertices):
            return
        box = path.get_extents(transform).get_points()
        if not np.isfinite(box).all():
            return
        box = box + [[-gc.get_linewidth() / 2], [gc.get_linewidth() / 2]]
        self._keep(gc, self._groups[-1] if self._groups else "path", box)

    def draw_image(self, gc, x, y, im, transform=None):
        height, width = im.shape[:2]
        if transform is None:
            self._keep(gc, "image", np.array([[x, y], [x + width, y + height]]))

    def draw_gouraud_triangles(self, gc, triangles_array, colors_array, transform):
        raise NotImplementedError

    def _keep(self, gc, what, box):
        clip = gc.get_clip_rectangle()
        if clip is not None:
            box = np.array([np.maximum(box[0], clip.min), np.minimum(box[1], clip.max)])
        if (box[0] <= box[1]).all():
            self.boxes.append((what, box))


def record(figure, *, layouts=3):
    """Everything that a figure's saved file shows.

    With two layouts it comes sooner and stands up to a fifth of a point elsewhere, and without any
    no text makes room for another.
    """
    canvas = figure.canvas.figure
    dpi = canvas.dpi
    with in_style():
        if layouts == 3:
            settle(canvas)
        else:
            for _ in range(layouts):
                canvas.get_layout_engine().execute(canvas)
            canvas.set_layout_engine("none")
        canvas.set_dpi(72)
        try:
            recorder = Recorder(*(72 * canvas.get_size_inches()))
            canvas.draw(recorder)
        finally:
            canvas.set_dpi(dpi)
    return recorder


def faults(figure, *, layouts=3):
    """What is wrong with a figure: rule → what breaks it, without the rules that it keeps."""
    drawn = record(figure, layouts=layouts)
    found = {
        "page": _page(figure),
        "small": _small(drawn),
        "overlap": list(_overlaps(drawn.lines)),
        "cut": _cut(drawn),
        "rows": _rows(drawn),
        "keys": _keys(drawn),
        "colours": list(_colours(figure.canvas.figure)),
        "alt": list(_alt(figure)),
    }
    return {rule: said for rule, said in found.items() if said}


def _page(figure):
    width, height = figure.canvas.figure.get_size_inches()
    fits = SINGLE <= width <= DOUBLE and height <= PAGE
    return [] if fits else [f"{width:.1f} × {height:.1f} inches"]


def _small(drawn):
    return [f"“{line.words}” {line.size:g} points" for line in drawn.lines if line.size < SMALLEST]


def _overlaps(lines):
    """Pairs of texts of which one reaches into the other."""
    if not lines:
        return
    corners = np.array([line.corners for line in lines])
    low, high = corners.min(1) + TOLERANCE, corners.max(1) - TOLERANCE
    near = (low[:, None] < high[None]).all(2) & (low[None] < high[:, None]).all(2)
    for i, j in np.argwhere(np.triu(near, 1)):
        a, b = lines[i], lines[j]
        if a.text != b.text and _depth(a.corners, b.corners) > TOLERANCE:
            yield f"“{a.words}” and “{b.words}”"


def _depth(a, b):
    """How far two convex polygons reach into each other, along the axis where it is least."""
    edges = np.concatenate([np.roll(p, -1, axis=0) - p for p in (a, b)])
    normals = np.column_stack([-edges[:, 1], edges[:, 0]])
    lengths = np.linalg.norm(normals, axis=1)
    normals = normals[lengths > 0] / lengths[lengths > 0, None]
    of_a, of_b = a @ normals.T, b @ normals.T
    reach = np.minimum(of_a.max(0), of_b.max(0)) - np.maximum(of_a.min(0), of_b.min(0))
    return reach.min(initial=np.inf)


def _cut(drawn):
    """Texts and other marks that leave the canvas."""
    texts = [
        (f"“{line.words}”", np.array([line.corners.min(0), line.corners.max(0)]))
        for line in drawn.lines
    ]
    page = np.array([[0, 0], [drawn.width, drawn.height]]) + [[-TOLERANCE], [TOLERANCE]]
    out = [
        f"{what} {max((page[0] - box[0]).max(), (box[1] - page[1]).max()):.1f} points"
        for what, box in [*texts, *drawn.boxes]
        if (box[0] < page[0]).any() or (box[1] > page[1]).any()
    ]
    return list(dict.fromkeys(out))


def _rows(drawn):
    labelled = [line.row for line in drawn.lines if line.row is not None]
    return [f"{n} rows" for n in np.bincount(labelled or [0]).tolist() if n > ROWS]


def _keys(drawn):
    return list(dict.fromkeys(line.words for line in drawn.lines if KEY.search(line.words)))


# --- colours ---


def _colours(canvas):
    """Pairs of entries of a legend whose colours alone tell them apart, and are too near."""
    for legend in canvas.findobj(Legend):
        entries = [
            (text.get_text(), *_look(handle))
            for handle, text in zip(legend.legend_handles, legend.get_texts())
        ]
        for (a, colours_a, form_a), (b, colours_b, form_b) in itertools.combinations(entries, 2):
            if form_a == form_b:
                yield from (f"“{a}” and “{b}” {said}" for said in _too_near(colours_a, colours_b))


def _look(handle):
    """Colours of a legend's mark on white, and what of its form would tell it from others."""
    if hasattr(handle, "get_marker"):
        form = handle.get_marker(), handle.get_linestyle(), handle.get_markersize()
        given = [handle.get_color()]
        if handle.get_marker() not in ("", "None", None):
            given += [handle.get_markeredgecolor(), handle.get_markerfacecolor()]
        given = [
            [] if isinstance(colour, str) and colour == "none" else [colour] for colour in given
        ]
    else:
        hatch = handle.get_hatch() if hasattr(handle, "get_hatch") else None
        form = type(handle).__name__, hatch, str(handle.get_linestyle())
        given = [
            list(np.reshape(colour, (-1, 4))[:1])
            for colour in (handle.get_facecolor(), handle.get_edgecolor())
        ]
    shown = [to_rgba(colour) for colours in given for colour in colours]
    on_white = [tuple(a * c + 1 - a for c in rgb) for *rgb, a in shown]
    return on_white, (*form, *map(len, given))


def _too_near(a, b):
    """For which readers no colour of one mark is far from its like in another."""
    if not a:
        return
    for reader, matrix in READERS.items():
        apart = max(np.linalg.norm(_lab(x, matrix) - _lab(y, matrix)) for x, y in zip(a, b))
        if apart < LEAST:
            yield f"are {apart:.0f} apart for {reader} readers"
    grey = max(abs(_lab(x)[0] - _lab(y)[0]) for x, y in zip(a, b))
    if grey < LEAST_GREY:
        yield f"are {grey:.0f} apart in grey"


def _lab(rgb, matrix=READERS["usual"]):
    """CIELAB (D65) of an sRGB colour as some reader sees it."""
    rgb = np.asarray(rgb, float)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.asarray(matrix) @ linear, 0, 1)
    to_xyz = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    xyz = np.array(to_xyz) @ linear / (0.95047, 1.0, 1.08883)
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


# --- in words ---


def _alt(figure):
    """What is wrong with the text that stands for the figure where it is not seen."""
    if not hasattr(figure, "alt"):
        return
    alt = " ".join(figure.alt.split())
    # not behind the abbreviations in a headline of harbour
    sentences = re.split(r"(?<=[^A-Z][.!?])(?<!No\.)(?<!St\.)\s+(?=[^a-z])", alt)
    if not alt or len(sentences) > 3:
        yield f"{len(sentences) if alt else 0} sentences: {alt!r:.200}"
    findings = [" ".join(figure.result.finding.split()), " ".join(_title(figure).split())]
    if not any(finding and finding.rstrip(".") in alt for finding in findings):
        yield f"the finding is not in {alt!r:.200}"
    if KEY.search(alt):
        yield f"a key or an id is in {alt!r:.200}"


def _title(figure):
    canvas = figure.canvas.figure
    axes = [ax.get_title(loc) for ax in canvas.axes for loc in ("left", "center")]
    return next(filter(None, [canvas.get_suptitle(), *axes]), "")
