"""The folder `report` beside a corpus's figures: all that others take from a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis.files import new_folder, write_bytes, write_text
from analysis.methods import references
from analysis.outputs.latex import table_of
from analysis.outputs.networks import gexf_bytes, graphml_bytes, network_of
from analysis.outputs.saved_figures import read_figures
from analysis.outputs.summary import markdown, page
from analysis.outputs.tables_xlsx import write_workbook

HANDOUT = "report"
_OURS = (
    "findings.md",
    "findings.html",
    "tables.xlsx",
    "methods.bib",
    "reuse.graphml",
    "reuse.gexf",
)


def write_handout(
    folder: Path, corpus: str, names: Sequence[str], behind: Mapping[str, str] | None = None
) -> list[str]:
    """Write `report` into the folder of a corpus's figures, from their saved files alone.

    It holds the findings in words (Markdown and HTML), a workbook of all tables, LaTeX tables of
    the main results in `latex`, the references as BibTeX, and the network of shared words as
    GraphML and GEXF. The same figures give the same bytes. The whole folder is replaced in one
    step, unless somebody put a file of their own into it: then that is kept, too.

    Parameters
    ----------
    folder : path
        Of the figures.
    corpus : str
    names : sequence of str
        Figures that a run drew, in the order in which they are told.
    behind : mapping of str to str, optional
        By figure the address, from the folder `report`, of a page to read what stands behind it.

    Returns
    -------
    list of str
        What was left out, and why.
    """
    figures, place = read_figures(folder, names), folder / HANDOUT
    if not figures:
        return []
    kept = _others(place)
    with new_folder(place) as fresh:
        left = write_workbook(fresh / "tables.xlsx", figures)
        write_text(fresh / "findings.md", markdown(corpus, figures))
        write_text(fresh / "findings.html", page(corpus, figures, behind))
        entries = references(sorted({figure.verb for figure in figures}))
        write_text(fresh / "methods.bib", "\n\n".join(text for _, text in entries) + "\n")
        for figure in figures:
            if (table := table_of(figure)) is not None:
                write_text(fresh / "latex" / f"{figure.name}.tex", table)
        if (network := network_of(figures)) is not None:
            write_bytes(fresh / "reuse.graphml", graphml_bytes(*network))
            write_bytes(fresh / "reuse.gexf", gexf_bytes(*network))
        for path in kept:
            write_bytes(fresh / path.relative_to(place), path.read_bytes())
    return left


def _others(place: Path) -> list[Path]:
    """Files in the folder that no run wrote."""
    there = (path for path in sorted(place.rglob("*")) if path.is_file())
    ours = {place / name for name in _OURS}
    return [
        p
        for p in there
        if p not in ours and not (p.parent == place / "latex" and p.suffix == ".tex")
    ]
