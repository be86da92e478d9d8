"""The findings in words with their numbers: one page in Markdown, and the same as HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

from analysis.methods import material_sentences
from analysis.outputs.saved_figures import SavedFigure, written

_MOST_ROWS = 6
_LONGEST = 120  # characters of a cell
_NOTHING = "No figure was drawn, so there is nothing to tell."
_ABOUT = (
    "Each finding is the title of a figure, and is computed: it names only what differs beyond"
    " chance. All rows are in [tables.xlsx](tables.xlsx), references in"
    " [methods.bib](methods.bib). Read the notes before you quote a number."
)
_MARKED = re.compile(r"([\\*_\[\]<>|#])")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_STYLE = """\
body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#222}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin:2.5rem 0 .3rem}p{margin:.4rem 0}
.about,.notes,summary{color:#555;font-size:.9rem}.notes{padding-left:1.2rem}
img{max-width:100%;height:auto;border:1px solid #ddd}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.85rem;margin:.6rem 0}
th,td{padding:.15rem .6rem .15rem 0;text-align:left;vertical-align:top}
th{border-bottom:1px solid #888}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
"""


def markdown(corpus: str, figures: Sequence[SavedFigure]) -> str:
    """The summary of a corpus's findings as Markdown.

    Parameters
    ----------
    corpus : str
    figures : sequence of SavedFigure
        In the order in which they are told.
    """
    parts = [f"# Findings: {_md(corpus)}", " ".join(map(_md, _material(figures))), _ABOUT]
    for figure in _told(figures):
        parts.append(f"## {_md(figure.finding)}")
        parts.append(f"{_md(figure.about.get('subtitle', ''))} [Figure](../{figure.name}.svg)")
        if (rows := _rows(figure)) is not None:
            head, numbers, cells, left = rows
            lines = [head, ["--:" if n else "---" for n in numbers], *cells]
            escaped = [[_md(c) if i != 1 else c for c in row] for i, row in enumerate(lines)]
            parts.append("\n".join(f"| {' | '.join(row)} |" for row in escaped))
            parts += [left] if left else []
        if notes := figure.about.get("notes"):
            parts.append("\n".join(f"- {_md(note)}" for note in notes))
        parts.append(f"*How it was measured.* {_md(_method(figure))}")
    if len(parts) == 3:
        parts[2] = _NOTHING
    return "\n\n".join(filter(None, (part.strip() for part in parts))) + "\n"


def page(
    corpus: str, figures: Sequence[SavedFigure], behind: Mapping[str, str] | None = None
) -> str:
    """The same as a page of HTML, which shows the figures that lie beside it.

    Parameters
    ----------
    corpus, figures
        As for `markdown`.
    behind : mapping of str to str, optional
        By figure the address of a page to read what stands behind it.
    """
    told = _told(figures)
    about = _LINK.sub(r'<a href="\2">\1</a>', html.escape(_ABOUT)) if told else _NOTHING
    parts = [
        f"<h1>Findings: {html.escape(corpus)}</h1>",
        f"<p>{html.escape(' '.join(_material(figures)))}</p>",
        f'<p class="about">{about}</p>',
    ]
    for figure in told:
        name, alt = html.escape(figure.name), html.escape(figure.about.get("alt", ""))
        parts.append(f'<h2 id="{name}">{html.escape(figure.finding)}</h2>')
        parts.append(f"<p>{html.escape(figure.about.get('subtitle', ''))}</p>")
        parts.append(f'<a href="../{name}.svg"><img src="../{name}.svg" alt="{alt}"></a>')
        if address := (behind or {}).get(figure.name):
            said = "Read what stands behind it"
            parts.append(f'<p class="about"><a href="{html.escape(address)}">{said}</a></p>')
        if (rows := _rows(figure)) is not None:
            head, numbers, cells, left = rows
            marks = ['class="n"' if n else "" for n in numbers]
            parts.append('<div class="wide"><table><thead>')
            parts.append(_html_row("th", head, marks) + "</thead><tbody>")
            parts += [_html_row("td", row, marks) for row in cells]
            parts.append("</tbody></table></div>")
            parts += [f'<p class="about">{html.escape(left)}</p>'] if left else []
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in figure.about.get("notes", ()))
        parts += [f'<ul class="notes">{notes}</ul>'] if notes else []
        said = html.escape(_method(figure))
        parts.append(f"<details><summary>How it was measured</summary><p>{said}</p></details>")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>Findings: {html.escape(corpus)}</title>\n<style>\n{_STYLE}</style>\n</head>\n"
        "<body>\n" + "\n".join(parts) + "\n</body>\n</html>\n"
    )


def _told(figures: Sequence[SavedFigure]) -> list[SavedFigure]:
    return [figure for figure in figures if figure.finding]


def _material(figures: Sequence[SavedFigure]) -> list[str]:
    """What was measured, of the figure that was made of most articles."""
    known = [figure.about for figure in figures if figure.about.get("material")]
    if not known:
        return []
    return material_sentences(max(known, key=lambda about: about["material"]["n_articles"]))


def _method(figure: SavedFigure) -> str:
    """How a figure's numbers were measured, without what stands above."""
    said = figure.about.get("methods", "")
    return said.removeprefix(" ".join(material_sentences(figure.about))).strip()


def _rows(figure: SavedFigure) -> tuple[list[str], list[bool], list[list[str]], str] | None:
    """Headings, which columns are numbers, the first rows, and how many there are besides."""
    main = figure.main
    if main is None:
        return None
    numbers = [main[column].dtype.kind in "iuf" for column in main]
    shown = main.head(_MOST_ROWS)
    cells = [[_short(written(cell)) for cell in row] for row in shown.itertuples(index=False)]
    left = f"{len(shown)} of {len(main):,} rows." if len(shown) < len(main) else ""
    return [figure.heading(column) for column in main], numbers, cells, left


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _md(text: str) -> str:
    return _MARKED.sub(r"\\\1", " ".join(text.split()))


def _html_row(tag: str, cells: Sequence[str], marks: Sequence[str]) -> str:
    inside = "".join(
        f"<{' '.join(filter(None, (tag, mark)))}>{html.escape(cell)}</{tag}>"
        for cell, mark in zip(cells, marks)
    )
    return f"<tr>{inside}</tr>"
