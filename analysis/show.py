"""Show: the words behind a result, where the texts are at hand and may be shown."""

from __future__ import annotations

import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import OptionError
from analysis.features import PARTS
from analysis.options import check_choice

SPANS = {
    "text": ("article_id", "start", "end"),
    "a_text": ("a", "a_start", "a_end"),
    "b_text": ("b", "b_start", "b_end"),
}


def show(
    table: pd.DataFrame, corpus: Corpus, *, part: str = "body", withheld: bool = False
) -> pd.DataFrame:
    """Add to each row of a result's table the words at its offsets.

    Parameters
    ----------
    table : DataFrame
        With article_id, start and end, or the same of two articles (a, a_start, a_end, b, ...), in
        characters.
    corpus : Corpus
    part : {"body", "title"}
        What was measured: the articles' texts, or their headlines.
    withheld : bool
        Show words also where the corpus's texts may not be shared. What you then save or print
        carries them.

    Returns
    -------
    DataFrame
        The table with a column `text` (or `a_text` and `b_text`), empty where the corpus has no
        such article, as of a text that `tl.reuse` was asked for; unchanged where the texts are
        withheld.

    Raises
    ------
    OptionError
        If the table has no offsets, or there is no such part.
    TextsNeeded
        If the texts may be shown but are not on this machine.
    """
    check_choice("part", part, PARTS)
    columns = {name: span for name, span in SPANS.items() if set(span) <= set(table.columns)}
    if not columns:
        needed = "article_id, start and end (or a, a_start, a_end, b, b_start, b_end)"
        raise OptionError(f"table must have {needed} (got {', '.join(table.columns)})")
    if corpus.withheld and not withheld:
        return table
    if part == "title":
        titles = corpus.metadata["title"].str.split().str.join(" ")
        texts = dict(zip(corpus.metadata["article_id"], titles))
    else:
        texts = {a.article_id: a.text for a in corpus.articles()}
    words = {
        name: [
            "" if pd.isna(s) or pd.isna(e) else texts.get(a, "")[int(s) : int(e)]
            for a, s, e in table[list(span)].itertuples(index=False)
        ]
        for name, span in columns.items()
    }
    return table.assign(**words)
