"""Attributions found in PolNeAR's articles, to be scored against its gold.

    python -m benchmarks.polnear --data DIR [--split dev] --out FILE.parquet

DIR holds `articles.parquet` (article_id, text, split) and `attributions.parquet` of PolNeAR (Newell
and others 2018, aclanthology.org/L18-1524): who says, thinks or shows what in US election news, in
quotation marks or not. Weights were trained on `train` (`benchmarks.attributions_train`) and
choices made on `dev`. FILE has a row for each attribution that is found: article_id, start, end,
direct, speaker, description (the source in the words of the text), cue, kind ("speech" or
"attitude"; evidence is counted with attitudes), confidence. Scare quotes are left out, and so are
quotations that are part of a statement: its content is one attribution there.

Scores, with 95 % bootstrap intervals over articles: a content of the gold (first annotator) is
found if at least half of its words are inside what is found, and one that is found is right if at
least half of its words are inside the gold's (`half`); of the contents found whose source in the
gold has a word of weight, the share whose best overlapping attribution shares one (`speaker`). Of
statements without quotation marks, by thirds: their mean confidence and the share that is right
(`reliability`).
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.extract.units import Units, extract_units
from analysis.io.article import Article
from analysis.text.lists import words
from benchmarks.harbour import interval

COLUMNS = "article_id start end direct speaker description cue kind confidence".split()
_WORD, _POSSESSIVE = re.compile(r"\w+"), re.compile("[’']s\\b")


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
    n_words = sum(len(text.split()) for _, text in articles)
    said = {"split": options.split, "articles": len(articles), "attributions": len(found)}
    gold = read_gold(options.data)
    said |= scores(found, gold, dict(articles))
    said["reliability"] = reliability(found, gold, dict(articles))
    print(json.dumps(said | {"ms_per_1000_words": round(1e6 * spent / n_words, 1)}))


def scores(
    found: pd.DataFrame, gold: Mapping[str, list[dict]], texts: Mapping[str, str]
) -> dict[str, dict]:
    """How well attributions agree with the gold (see the module).

    Parameters
    ----------
    found : DataFrame
        With the columns COLUMNS.
    gold : mapping of str to list of dict
        By article: content_spans, source.
    texts : mapping of str to str
        Of all articles, also of those without an attribution.

    Returns
    -------
    dict of str to dict
        half and speaker.
    """
    by_article = dict(list(found.groupby("article_id")))
    counts = np.array(
        [
            _counts(text, gold.get(article, []), by_article.get(article, found[:0]))
            for article, text in texts.items()
        ]
    )

    def ratio(over: float, of: float) -> float:
        return float(over / of) if of else 0.0

    def f1(total: np.ndarray) -> float:
        p, r = ratio(total[0], total[1]), ratio(total[2], total[3])
        return ratio(2 * p * r, p + r)

    total = counts.sum(axis=0)
    low, high = interval(counts[:, :4], f1)
    half = {
        "precision": ratio(total[0], total[1]),
        "recall": ratio(total[2], total[3]),
        "f1": f1(total),
    }
    half |= {"f1_interval": [low, high], "n_found": int(total[1]), "n_gold": int(total[3])}
    speaker = {"share": ratio(total[4], total[5]), "n": int(total[5])}
    rounded = {k: round(v, 4) if isinstance(v, float) else v for k, v in half.items()}
    return {"half": rounded, "speaker": speaker | {"share": round(speaker["share"], 4)}}


def reliability(
    found: pd.DataFrame, gold: Mapping[str, list[dict]], texts: Mapping[str, str]
) -> list[dict[str, float]]:
    """How often statements that are no quotations are right, by thirds of their confidence.

    Parameters
    ----------
    found, gold, texts
        As `scores` takes them.

    Returns
    -------
    list of dict
        confidence (mean), right (share) and n, of each third.
    """
    stated = found[~found["direct"].astype(bool)].sort_values("confidence", kind="stable")
    right = [
        _counts(texts[row.article_id], gold.get(row.article_id, []), stated.loc[[row.Index]])[0]
        for row in stated.itertuples()
    ]
    return [
        {
            "confidence": round(float(stated["confidence"].iloc[part].mean()), 3),
            "right": round(float(np.mean(np.take(right, part))), 3),
            "n": len(part),
        }
        for part in np.array_split(np.arange(len(stated)), 3)
        if len(part)
    ]


def _counts(text: str, gold: list[dict], found: pd.DataFrame) -> tuple[int, ...]:
    """Right and all of those found, found and all of the gold, speakers right and compared."""
    places = np.array([m.span() for m in _WORD.finditer(text)]).reshape(-1, 2)

    def inside(spans: Iterable[tuple[int, int]]) -> np.ndarray:
        held = np.zeros(len(places), bool)
        for start, end in spans:
            held |= (places[:, 0] >= start) & (places[:, 1] <= end)
        return held

    theirs = [(one["source"], inside(one["content_spans"])) for one in gold]
    theirs = [(source, held) for source, held in theirs if held.any()]
    mine = [(row, inside([(row.start, row.end)])) for row in found.itertuples()]
    mine = [(row, held) for row, held in mine if held.any()]
    of_gold, of_mine = (
        np.logical_or.reduce([held for _, held in some] or [np.zeros(len(places), bool)])
        for some in (theirs, mine)
    )
    right = sum(2 * (held & of_gold).sum() >= held.sum() for _, held in mine)
    hit = [(source, held) for source, held in theirs if 2 * (held & of_mine).sum() >= held.sum()]
    same = compared = 0
    for source, held in hit:
        if wanted := _weighty(source):
            best = max(mine, key=lambda one: (one[1] & held).sum())[0]
            compared += 1
            same += bool(wanted & _weighty(f"{best.speaker} {best.description}"))
    return right, len(mine), len(hit), len(theirs), same, compared


def _weighty(source: str | None) -> set[str]:
    """The words of a source that are no function words or pronouns."""
    said = _POSSESSIVE.sub(" ", str(source or "")).lower()
    return set(_WORD.findall(said)) - words("english", "function_words")


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
