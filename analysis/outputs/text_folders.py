"""Whole articles as other programs for texts read them: quanteda, Scattertext, AntConc."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from analysis.corpus import Corpus
from analysis.errors import OptionError
from analysis.files import write_bytes, write_text
from analysis.outputs.whole_texts import article_rows, check_leave, file_name, leaving, table_bytes

_READ_R = """\
# install.packages(c("readtext", "quanteda"))
library(readtext)
library(quanteda)
texts <- readtext("articles.csv", text_field = "text", docid_field = "doc_id", encoding = "UTF-8")
corp <- corpus(texts)
summary(corp, n = 10)
"""
_READ_PY = """\
# pip install scattertext pandas
import pandas as pd
import scattertext as st

articles = pd.read_csv("articles.csv", dtype=str, keep_default_na=False)
corpus = st.CorpusFromPandas(
    articles, category_col="category", text_col="text", nlp=st.whitespace_nlp_with_sentences
).build()
category = articles["category"].value_counts().index[0]
html = st.produce_scattertext_explorer(
    corpus,
    category=category,
    category_name=category,
    not_category_name="all others",
    metadata=articles["doc_id"],
)
open("scattertext.html", "w", encoding="utf-8").write(html)
"""


def to_quanteda(
    corpus: Corpus, path: str | Path, *, withheld: bool = False, say: Callable[[str], None] = print
) -> Path:
    """Write a folder for R: `articles.csv`, which `readtext` reads with its docvars, and `read.R`.

    Texts are written as they were measured, without what cleaning masked; as they are stored where
    the private features are not here. All columns of the metadata become docvars.

    Parameters
    ----------
    corpus : Corpus
        With its texts.
    path : path
        Of the new folder.
    withheld : bool
        Write the texts also where corpus.yml says that they are withheld.
    say : callable
        Takes the sentence that says that texts leave.

    Returns
    -------
    Path
        Of the folder.

    Raises
    ------
    OptionError
        If the texts are withheld, or something is in the folder.
    TextsNeeded
        If the texts are not on this machine.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import analysis as tw
    >>> with TemporaryDirectory() as folder:  # doctest: +ELLIPSIS
    ...     path = tw.io.to_quanteda(tw.load("harbour"), folder + "/harbour")
    14 texts of harbour were written to ..., ... pass them on only where the rights allow it.
    """
    rows, how = article_rows(_with_leave(corpus, withheld))
    with leaving(corpus, path, how, withheld=withheld, say=say) as fresh:
        write_bytes(fresh / "articles.csv", table_bytes(rows))
        write_text(fresh / "read.R", _READ_R)
    return Path(path)


def to_scattertext(
    corpus: Corpus,
    path: str | Path,
    *,
    by: str = "outlet",
    withheld: bool = False,
    say: Callable[[str], None] = print,
) -> Path:
    """Write a folder for Scattertext: `articles.csv` with a category, and a script that draws it.

    Parameters
    ----------
    corpus, path, withheld, say
        As for `to_quanteda`.
    by : str
        The column of the metadata that is the category.

    Returns
    -------
    Path
        Of the folder.

    Raises
    ------
    OptionError, TextsNeeded
        As for `to_quanteda`; or if there is no such column.
    """
    rows, how = article_rows(_with_leave(corpus, withheld))
    head = rows[0]
    if by not in head[2:]:
        raise OptionError(
            f"by must be a column of the metadata: {', '.join(head[2:])} (got {by!r})"
        )
    place = head.index(by)
    rows = [["category" if i == 0 else row[place] or "unknown", *row] for i, row in enumerate(rows)]
    with leaving(corpus, path, how, withheld=withheld, say=say) as fresh:
        write_bytes(fresh / "articles.csv", table_bytes(rows))
        write_text(fresh / "plot.py", _READ_PY)
    return Path(path)


def to_antconc(
    corpus: Corpus,
    path: str | Path,
    *,
    by: str = "outlet",
    withheld: bool = False,
    say: Callable[[str], None] = print,
) -> Path:
    """Write a folder for AntConc: a folder for each outlet, in it a text file for each article.

    Parameters
    ----------
    corpus, path, withheld, say
        As for `to_quanteda`.
    by : str
        The column of the metadata that names the folders.

    Returns
    -------
    Path
        Of the folder; `metadata.csv` in it says which file is which article.

    Raises
    ------
    OptionError, TextsNeeded
        As for `to_scattertext`.
    """
    rows, how = article_rows(_with_leave(corpus, withheld))
    head, *articles = rows
    if by not in head[2:]:
        raise OptionError(
            f"by must be a column of the metadata: {', '.join(head[2:])} (got {by!r})"
        )
    place, folders, taken = head.index(by), {}, set()
    listed = [["file", head[0], *head[2:]]]
    with leaving(corpus, path, how, withheld=withheld, say=say) as fresh:
        for row in articles:
            group = row[place] or "unknown"
            if group not in folders:
                folders[group] = file_name(group, taken), set()
            folder, files = folders[group]
            file = f"{folder}/{file_name(row[0], files)}.txt"
            text = row[1].replace("\r\n", "\n")
            write_bytes(fresh / file, text.encode("utf-8", "replace"))
            listed.append([file, row[0], *row[2:]])
        write_bytes(fresh / "metadata.csv", table_bytes(listed))
    return Path(path)


def _with_leave(corpus: Corpus, withheld: bool) -> Corpus:
    """The corpus, once it is sure that its texts may be written; before any is read."""
    check_leave(corpus, withheld)
    return corpus
