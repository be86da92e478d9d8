"""Attributions found in PolNeAR's articles, to be scored against its gold.

    python -m benchmarks.polnear --data DIR [--split dev] --out FILE.parquet

DIR holds `articles.parquet` (article_id, text, split) and `attributions.parquet` of PolNeAR (Newell
and others 2018, aclanthology.org/L18-1524): who says, thinks or shows what in US election news, in
quotation marks or not. Weights were trained on `train` (`benchmarks.attributions_train`) and
choices made on `dev`. FILE has a row for each attribution that is found: article_id, start, end,
direct, speaker, description (the source in the words of the text), cue, kind ("speech" or
"attitude"; evidence is counted with attitudes), confidence. Scare quotes are left out, and so are
quotations that are part of a statement: its content is one attribution there.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from analysis.extract.units import Units, extract_units
from analysis.io.article import Article

COLUMNS = "article_id start end direct speaker description cue kind confidence".split()


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.polnear", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    articles = read_articles(options.data, options.split)
    began = time.process_time()
    found = pd.DataFrame(
        [row for article, text in articles for row in found_in(article, text)], columns=COLUMNS
    )
    spent = time.process_time() - began
    found.to_parquet(options.out)
    words = sum(len(text.split()) for _, text in articles)
    said = {"split": options.split, "articles": len(articles), "attributions": len(found)}
    print(json.dumps(said | {"ms_per_1000_words": round(1e6 * spent / words, 1)}))


def read_articles(folder: Path, split: str) -> list[tuple[str, str]]:
    """Identity and text of the articles of one split.

    Parameters
    ----------
    folder : Path
    split : str

    Returns
    -------
    list of (str, str)
    """
    articles = pd.read_parquet(folder / "articles.parquet")
    mine = articles[articles["split"] == split]
    return list(zip(mine["article_id"], mine["text"]))


def read_gold(folder: Path) -> dict[str, list[dict]]:
    """Attributions of each article by its first annotator.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    dict of str to list of dict
    """
    gold = pd.read_parquet(folder / "attributions.parquet")
    first = gold.groupby("article_id")["annotator"].transform("min")
    gold = gold[gold["annotator"] == first]
    return {article: rows.to_dict("records") for article, rows in gold.groupby("article_id")}


def found_in(article: str, text: str) -> Iterator[tuple]:
    """Rows of COLUMNS for one article, as extraction finds them.

    Parameters
    ----------
    article, text : str

    Yields
    ------
    tuple
    """
    units = extract_units(Article(article, text))
    phrases = _phrases(units)
    table = pd.DataFrame(units.tables["quotes"])
    stated = table.loc[~table["direct"].astype(bool), ["start", "end"]].to_numpy().tolist()
    for row in table[~table["scare"].astype(bool)].itertuples():
        part = any(start <= row.start and row.end <= end + 1 for start, end in stated)
        if row.direct and part:
            continue
        kind = "speech" if row.kind == "speech" else "attitude"
        phrase = phrases.get((row.start, row.end), "")
        yield (
            *(article, row.start, row.end, row.direct, row.speaker),
            *(phrase, row.verb, kind, row.confidence),
        )


def _phrases(units: Units) -> dict[tuple[int, int], str]:
    """The words of the text that name each source."""
    if units.reading is None:
        return {}
    return {(one.start, one.end): one.phrase for one in units.reading.attributions}


if __name__ == "__main__":
    main()
