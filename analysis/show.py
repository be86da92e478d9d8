"""Show: the words behind a result, where the texts are at hand and may be shown."""

from __future__ import annotations

import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import OptionError

SPANS = {
    "text": ("article_id", "start", "end"),
    "a_text": ("a", "a_start", "a_end"),
    "b_text": ("b", "b_start", "b_end"),
}


def show(table: pd.DataFrame, corpus: Corpus, *, withheld: bool = False) -> pd.DataFrame:
    """Add to each row of a result's table the words at its offsets.

    Parameters
    ----------
    table : DataFrame
        With article_id, start and end, or the same of two articles (a, a_start, a_end, b, ...), in
        characters.
    corpus : Corpus
    withheld : bool
        Show words also where the corpus's texts may not be shared. What you then save or print
        carries them.

    Returns
    -------
    DataFrame
        The table with a column `text` (or `a_text` and `b_text`); unchanged where the texts are
        withheld.

    Raises
    ------
    OptionError
        If the table has no offsets.
    TextsNeeded
        If the texts may be shown but are not on this machine.
    """
    columns = {name: span for name, span in SPANS.items() if set(span) <= set(table.columns)}
    if not columns:
        needed = "article_id, start and end (or a, a_start, a_end, b, b_start, b_end)"
        raise OptionError(f"table must have {needed} (got {', '.join(table.columns)})")
    if corpus.withheld and not withheld:
        return table
    texts = {a.article_id: a.text for a in corpus.articles()}
    words = {
        name: [
            "" if pd.isna(s) or pd.isna(e) else texts[a][int(s) : int(e)]
            for a, s, e in table[list(span)].itertuples(index=False)
        ]
        for name, span in columns.items()
    }
    return table.assign(**words)
