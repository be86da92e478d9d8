"""A folder of pages, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from analysis.corpus import Corpus
from analysis.errors import OptionError
from analysis.files import figures_folder, new_folder, project_root
from analysis.pages.site import FRONT, Site
from analysis.results import count

PAGES = "pages"  # beside `corpus/`, and ignored by git: they hold texts
_OURS = "data-corpus="  # every index of ours has it


def write_pages(
    corpus: Corpus,
    out: str | Path | None = None,
    *,
    withheld: bool = False,
    figures: Path | None = None,
    say: Callable[[str], None] = print,
) -> Path:
    """Write pages to read a corpus: an index, and one for each article, pair, story and figure.

    They open in a browser from the disk. Where the texts are withheld or not here, they show
    places, lengths and counts.

    Parameters
    ----------
    corpus : Corpus
    out : path, optional
        The folder, which is replaced; `pages/<name>` of the project if not given.
    withheld : bool
        Show words also where the corpus's texts may not be shared. The pages then carry them.
    figures : path, optional
        The folder of the corpus's figures; that of the project if not given.
    say : callable
        Takes a line about what was written.

    Returns
    -------
    Path
        Of the index.

    Raises
    ------
    OptionError
        If the folder holds something else.
    FeaturesError
        If there are no features yet.
    """
    out = project_root() / PAGES / corpus.name if out is None else Path(out)
    _check_ours(out)
    figures = figures_folder(project_root()) / corpus.name if figures is None else figures
    beside = out.resolve().parent.parent == figures.resolve().parent.parent
    site, n, size = Site(corpus, withheld=withheld, figures=figures, beside=beside), 0, 0
    with new_folder(out) as fresh:
        for name, page in site:
            data = page.encode("utf-8", "replace")
            (fresh / name).write_bytes(data)
            n, size = n + 1, size + len(data)
    held = "with their texts" if site.about.shows_words else "without running words of the texts"
    if not site.about.shows_words and corpus.texts is not None:
        held += f" (for yourself: `twicetold page {corpus.name} --withheld`)"
    say(f"{out / FRONT}: {count(n, 'page')}, {size / 1e6:.1f} MB, {held}.")
    return out / FRONT


def _check_ours(out: Path) -> None:
    if not out.exists() or out.is_dir() and not any(out.iterdir()):
        return
    index = out / FRONT
    if not index.is_file() or _OURS not in index.read_text("utf-8", "replace")[:100_000]:
        raise OptionError(f"{out} is there and holds no pages of ours; give another folder")
