"""Pages whose Python runs when the site is built: each block's figure stands below it."""

from __future__ import annotations

import ast
import html
import re
from pathlib import Path

PAGES = ("docs/paper",)
_BLOCK = re.compile(r"```python\n(.*?)```\n", flags=re.DOTALL)


def run_page(text: str, folder: Path, name: str) -> str:
    """The page with what its blocks draw or print, in order; an error ends the build.

    Parameters
    ----------
    text : str
        Of the page, in Markdown.
    folder : Path
        Where figures are written; the page names them from its own folder.
    name : str
        Of the page.
    """
    names: dict = {}
    number = 0

    def with_outcome(found: re.Match) -> str:
        nonlocal number
        number += 1
        value = _run_block(found[1], names)
        if value is None:
            return found[0]
        if not hasattr(value, "_repr_svg_"):
            return f"{found[0]}\n```text\n{value}\n```\n"
        file = folder / f"{name}{number}.svg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(value._repr_svg_(), encoding="utf-8")
        said = html.escape(value.alt)
        return f"{found[0]}\n![{said}](_build/executed/{file.name})\n"

    return _BLOCK.sub(with_outcome, text)


def _run_block(code: str, names: dict):
    """Run a block; the value of its last line, if it is an expression."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<page>", "exec"), names)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), "<page>", "eval"), names)


def setup(app) -> dict:
    """Run the pages as Sphinx reads them; `harbour` is extracted first where it is not yet."""
    app.connect("source-read", _read)
    return {"parallel_read_safe": False}


def _read(app, name: str, source: list[str]) -> None:
    if name not in PAGES:
        return
    import analysis as tw
    from analysis.errors import FeaturesError

    corpus = tw.load("harbour")
    try:
        corpus.features  # noqa: B018
    except FeaturesError:
        tw.extract(corpus)
    folder = Path(app.srcdir) / "docs" / "_build" / "executed"
    source[0] = run_page(source[0], folder, Path(name).name)
