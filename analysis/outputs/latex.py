r"""LaTeX tables of main results, with the rules of booktabs, to be taken in by ``\input``."""

from __future__ import annotations

import re
import unicodedata

from analysis.outputs.saved_figures import SavedFigure, written

_MOST_ROWS = 40  # that fit a page
_LONGEST = 60  # characters of a cell
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "−": "$-$",
    "→": r"$\to$",
    "≥": r"$\geq$",
    "≤": r"$\leq$",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "\u00a0": "~",
} | {sign: "\\" + sign for sign in "&%$#_{}"}
# what pdflatex sets as it comes: the Latin letters with accents, and the usual marks
_USUAL = re.compile("[\x20-\x7e\n\u00a1-\u017f‐-―‘’“”„†‡•…‰‹›€™]")
_OTHER_LETTERS = "% Letters here need lualatex or xelatex, and a font that has them: {}\n"


def escaped(text: str) -> str:
    r"""Make a text that LaTeX sets as it is.

    Examples
    --------
    >>> print(escaped("R&D_1 50%"))
    R\&D\_1 50\%
    """
    kept = "".join(c for c in text if c.isprintable() or c in "\n\t")
    return " ".join("".join(_SPECIAL.get(sign, sign) for sign in kept).split())


def table_of(figure: SavedFigure) -> str | None:
    """A figure's main table, its title as the caption; None where it has no such table.

    Parameters
    ----------
    figure : SavedFigure
    """
    main = figure.main
    if main is None:
        return None
    shown = main.head(_MOST_ROWS)
    numbers = [main[column].dtype.kind in "if" for column in main]
    head = " & ".join(escaped(figure.heading(column)) for column in main)
    rows = [
        " & ".join(escaped(_short(written(cell))) for cell in row) + r" \\"
        for row in shown.itertuples(index=False, name=None)
    ]
    notes = [figure.about.get("subtitle", "")]
    if len(main) > len(shown):
        notes.append(f"{len(shown)} of {len(main):,} rows; tables.xlsx has all.")
    note = " ".join(filter(None, notes))
    body = "\n".join(
        [
            r"\begin{table}",
            r"  \centering\small",
            rf"  \caption{{{escaped(figure.finding or figure.name)}}}",
            rf"  \label{{tab:{re.sub('[^A-Za-z0-9]+', '-', figure.name)}}}",
            rf"  \begin{{tabular}}{{{''.join('r' if n else 'l' for n in numbers)}}}",
            r"    \toprule",
            rf"    {head} \\",
            r"    \midrule",
            *(f"    {row}" for row in rows),
            r"    \bottomrule",
            r"  \end{tabular}",
            rf"  \par\smallskip\footnotesize {escaped(note)}" if note else "",
            r"\end{table}",
        ]
    )
    strange = sorted({c for c in body if not _USUAL.fullmatch(c)})
    kinds = sorted({unicodedata.name(c, "a sign without a name").split()[0] for c in strange})
    head_lines = "% \\usepackage{booktabs}\n"
    head_lines += _OTHER_LETTERS.format(", ".join(kinds).lower()) if strange else ""
    return f"{head_lines}{body}\n".replace("\n\n", "\n")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
