"""Extractors and text reuse against the gold of `corpus/harbour`: one JSON line.

    python -m benchmarks.harbour [--data corpus/harbour] [--errors]

Each estimate comes with its n and a 95 % bootstrap interval over articles (over pairs of articles
for passages).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import tl
from analysis.corpus import load
from analysis.extract.memory import extract_articles
from analysis.extract.units import extract_units
from analysis.models.encoder import load_encoder
from analysis.text.tokens import words_of
from analysis.tl.disagreements import disagreements

DRAWS = 2000
SMALL_WORDS = {"the", "a", "an", "of", "to", "in", "with", "for", "at", "by"}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.harbour", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--data", type=Path, default=Path(__file__).parents[1] / "corpus" / "harbour"
    )
    parser.add_argument("--errors", action="store_true", help="list every error on standard error")
    options = parser.parse_args(arguments)
    from benchmarks import harbour_labels, harbour_voices

    result = evaluate(options.data, show=options.errors)
    more = harbour_voices.evaluate(options.data) | harbour_labels.evaluate(
        options.data, show=options.errors
    )
    print(json.dumps(more | result))


def evaluate(folder: Path, *, show: bool = False) -> dict:
    """Scores of every extractor that the gold covers."""
    corpus = load(folder)
    articles = list(corpus.articles())
    extract_units(articles[0])  # what is compiled and looked up once is not counted
    started = time.process_time()
    units = {a.article_id: extract_units(a) for a in articles}
    seconds = time.process_time() - started
    texts = {a.article_id: a.text for a in articles}
    gold = {
        name: pd.read_csv(folder / "gold" / f"{name}.csv", keep_default_na=False)
        for name in ("sentences", "quotations", "scare_quotes", "passages", "disagreements")
    }
    log = (lambda *said: print(*said, file=sys.stderr)) if show else (lambda *said: None)
    result = {
        "corpus": corpus.name,
        "articles": len(articles),
        "cpu_ms_per_article": round(1000 * seconds / len(articles), 1),
    }
    result |= _sentences(units, gold["sentences"], texts, log)
    features = extract_articles(articles, encoder=load_encoder()).with_stories(corpus.stories)
    result |= _passages(units, tl.reuse(features, kinds=("verbatim",)).table, gold["passages"], log)
    result |= _kinds(units, tl.reuse(features).table, gold["passages"])
    result |= _disagreements(disagreements(features).table, gold["disagreements"], log)
    result |= quotation_scores(units, gold["quotations"], gold["scare_quotes"], texts, log)
    return result


def _sentences(units, gold, texts, log) -> dict:
    """A boundary is the end of a sentence."""
    rows = []
    for article, unit in units.items():
        true = set(gold.loc[gold["article_id"] == article, "end"])
        found = {int(end) for _, end, _ in unit.spans}
        rows.append((len(true & found), len(found), len(true)))
        for end in sorted(true ^ found):
            log(
                "sentence",
                "missed" if end in true else "wrong",
                article,
                repr(texts[article][max(0, end - 40) : end + 25]),
            )
    return scores("sentence", rows, "sentence ends")


def _passages(units, table: pd.DataFrame, gold, log) -> dict:
    """Words of either side that stand in a verbatim or quoted passage of a pair of articles in the
    corpus; those found in one that the gold calls rewritten are not wrong, as passages grow over
    changed words.
    """
    gold = gold[gold["source_id"].isin(units)]
    true, rewritten, found = {}, {}, {}
    for row in gold.itertuples():
        for article, start, end in (
            (row.article_id, row.start, row.end),
            (row.source_id, row.source_start, row.source_end),
        ):
            _cover(
                true if row.kind in ("verbatim", "quoted") else rewritten,
                units,
                {row.article_id, row.source_id},
                article,
                start,
                end,
            )
    for row in table.itertuples():
        for article, start, end in (
            (row.a, row.a_start, row.a_end),
            (row.b, row.b_start, row.b_end),
        ):
            _cover(found, units, {row.a, row.b}, article, start, end)
    pairs = sorted({key[0] for key in true} | {key[0] for key in found})
    rows = []
    for pair in pairs:
        hit = n_found = n_true = 0
        for article in pair:
            t, f = true.get((pair, article), set()), found.get((pair, article), set())
            f -= rewritten.get((pair, article), set()) - t
            hit, n_found, n_true = hit + len(t & f), n_found + len(f), n_true + len(t)
            if t ^ f:
                log(
                    "passage",
                    pair,
                    article,
                    "missed",
                    [units[article].tokens.words[i] for i in sorted(t - f)],
                    "wrong",
                    [units[article].tokens.words[i] for i in sorted(f - t)],
                )
        rows.append((hit, n_found, n_true))
    result = scores("passage", rows, "words on both sides")
    result["passage_recall"], result["passage_precision"] = (
        result["passage"][k] for k in ("recall", "precision")
    )
    return result


def _kinds(units, table: pd.DataFrame, gold: pd.DataFrame) -> dict:
    """Words of either side that stand in a passage of any kind; and recall by the kind of the
    gold's row (of reworded ones by how the gold came by them: see its README).
    """
    gold = gold[gold["source_id"].isin(units)]
    kinds = np.where(
        gold["kind"] == "rewritten",
        gold["passage_id"].str.extract("^([a-z]+)", expand=False),
        gold["kind"],
    )
    true: dict[str, dict] = {"all": {}} | {kind: {} for kind in kinds}
    for kind, row in zip(kinds, gold.itertuples()):
        for article, start, end in (
            (row.article_id, row.start, row.end),
            (row.source_id, row.source_start, row.source_end),
        ):
            for name in ("all", kind):
                _cover(true[name], units, {row.article_id, row.source_id}, article, start, end)
    found: dict = {}
    for row in table.itertuples():
        for article, start, end in (
            (row.a, row.a_start, row.a_end),
            (row.b, row.b_start, row.b_end),
        ):
            _cover(found, units, {row.a, row.b}, article, start, end)
    pairs = sorted({key[0] for key in true["all"]} | {key[0] for key in found})

    def rows(kind: str) -> list[tuple[int, int, int]]:
        sides = [
            [
                (true[kind].get((pair, article), set()), found.get((pair, article), set()))
                for article in pair
            ]
            for pair in pairs
        ]
        return [
            tuple(map(sum, zip(*((len(t & f), len(f), len(t)) for t, f in pair)))) for pair in sides
        ]

    recall = {
        kind: round(sum(r[0] for r in rows(kind)) / sum(r[2] for r in rows(kind)), 4)
        for kind in sorted(true)
        if kind != "all"
    }
    return scores("every_kind", rows("all"), "words on both sides") | {"every_kind_recall": recall}


def _disagreements(table: pd.DataFrame, gold: pd.DataFrame, log) -> dict:
    """Gold rows that are listed: the same two articles, spans that meet on both sides; and listed
    rows whose two values are not those of a gold row that is found, whatever their articles.
    """
    hits, values = [], set()
    for row in gold.itertuples():
        sides = (
            (row.article_id, row.start, row.end),
            (row.other_id, row.other_start, row.other_end),
        )
        hit = False
        for (a, a_start, a_end), (b, b_start, b_end) in (sides, sides[::-1]):
            same = table[(table["a"] == a) & (table["b"] == b)]
            met = same[
                (same["a_start"] < a_end)
                & (same["a_end"] > a_start)
                & (same["b_start"] < b_end)
                & (same["b_end"] > b_start)
            ]
            hit |= len(met) > 0
            values |= set(map(frozenset, zip(met["a_value"], met["b_value"])))
        hits.append(hit)
        if not hit:
            log(
                "disagreement",
                row.kind,
                row.about,
                row.article_id,
                row.text,
                row.other_id,
                row.other_text,
            )
    others = [frozenset(pair) not in values for pair in zip(table["a_value"], table["b_value"])]
    for row in table[others].itertuples():
        log("disagreement", "not in the gold", row.kind, row.a, row.a_value, row.b, row.b_value)
    return {
        "disagreements": {
            "recall": round(float(np.mean(hits)), 4),
            "n_right": int(np.sum(hits)),
            "n_gold": len(hits),
            "n_listed": len(table),
            "n_values_not_in_gold": int(np.sum(others)),
        }
    }


def _cover(covered: dict, units, pair: set, article: str, start: int, end: int) -> None:
    tokens = units[article].tokens
    inside = np.flatnonzero((tokens.start >= start) & (tokens.end <= end))
    covered.setdefault((tuple(sorted(pair)), article), set()).update(inside.tolist())


def quotation_scores(units, gold, scare, texts, log) -> dict:
    """Direct quotations, matched if both ends are right; scare quotes are no quotations."""
    rows, speakers, scares = [], [], []
    for article, unit in units.items():
        table = pd.DataFrame(unit.tables["quotes"]).query("direct")
        true = {
            (r.start, r.end): r
            for r in gold[(gold["article_id"] == article) & (gold["direct"] == "yes")].itertuples()
        }
        marks = {(r.start, r.end) for r in scare[scare["article_id"] == article].itertuples()}
        found = {(r.start, r.end): r for r in table.itertuples() if not r.scare}
        called_scare = {(r.start, r.end) for r in table.itertuples() if r.scare}
        rows.append((len(true.keys() & found.keys()), len(found), len(true)))
        scares.append((len(marks & called_scare), len(called_scare), len(marks)))
        for span in sorted(true.keys() ^ found.keys()):
            log(
                "quotation",
                "missed" if span in true else "wrong",
                article,
                repr(texts[article][slice(*span)]),
            )
        right = 0
        for span in true.keys() & found.keys():
            ok = same_speaker(true[span].speaker, found[span].speaker)
            right += ok
            if not ok:
                log(
                    "speaker",
                    article,
                    f"gold {true[span].speaker!r}, found {found[span].speaker!r}",
                    repr(texts[article][slice(*span)][:40]),
                )
        speakers.append((right, len(true.keys() & found.keys())))
    result = scores("quotation", rows, "direct quotations, both ends exact") | scores(
        "scare_quote", scares, "scare quotes, both ends exact"
    )
    low, high = interval(np.array(speakers, float), lambda s: s[0] / s[1])
    right, n = np.sum(speakers, axis=0)
    result["speaker_accuracy"] = round(right / n, 4)
    result["speaker"] = {
        "accuracy": round(right / n, 4),
        "interval": [low, high],
        "n": int(n),
        "unit": "direct quotations found",
    }
    return result


def same_speaker(gold: str, found: str) -> bool:
    """Whether one says no more than a part of the other: "Tolland" is "Marguerite Tolland"."""
    a, b = (set(words_of(s)) - SMALL_WORDS for s in (gold, found))
    return bool(a and b) and (a <= b or b <= a)


def scores(name: str, rows: list[tuple[int, int, int]], unit: str) -> dict:
    """Precision, recall and F1 with intervals from (right, found, gold) of each article."""
    counts = np.array(rows, float)
    measures = {
        "precision": lambda s: s[0] / max(s[1], 1),
        "recall": lambda s: s[0] / max(s[2], 1),
        "f1": lambda s: 2 * s[0] / max(s[1] + s[2], 1),
    }
    detail: dict = {}
    for measure, compute in measures.items():
        detail[measure] = round(float(compute(counts.sum(axis=0))), 4)
        detail[f"{measure}_interval"] = list(interval(counts, compute))
    hit, n_found, n_true = (int(x) for x in counts.sum(axis=0))
    return {
        f"{name}_f1": detail["f1"],
        name: detail | {"n_right": hit, "n_found": n_found, "n_gold": n_true, "unit": unit},
    }


def interval(counts: np.ndarray, compute) -> tuple[float, float]:
    """95 % bootstrap interval of `compute` on the sum of resampled rows."""
    rng = np.random.default_rng(0)
    draws = [
        compute(counts[rng.integers(len(counts), size=len(counts))].sum(axis=0))
        for _ in range(DRAWS)
    ]
    low, high = np.quantile(draws, [0.025, 0.975])
    return round(float(low), 4), round(float(high), 4)


if __name__ == "__main__":
    main()
