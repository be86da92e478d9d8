"""Quotations, reported statements and their speakers against the gold of `corpus/harbour`: one JSON
line.

    python -m benchmarks.harbour_voices [--data corpus/harbour] [--errors]

Direct quotations, their speakers and scare quotes are scored as in `benchmarks.harbour`. The gold
has the clear reported statements, not all: one is found if a row covers at least half of it, and
what else is found is only counted (`--errors` lists it). Verbs and unnamed speakers are compared
where the statement or quotation was found (verbs where one was: `n_without` have none of their
own). Intervals are of a bootstrap over the articles.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.corpus import load
from analysis.extract.units import extract_units
from analysis.text.verbs import verb_of
from benchmarks.harbour import quotation_scores, same_speaker
from benchmarks.units import overlap, ratio


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.harbour_voices", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--data", type=Path, default=Path(__file__).parents[1] / "corpus" / "harbour"
    )
    parser.add_argument(
        "--errors",
        action="store_true",
        help="list every error, and every statement that the gold lacks, on standard error",
    )
    options = parser.parse_args(arguments)
    print(json.dumps(evaluate(options.data, show=options.errors)))


def evaluate(folder: Path, *, show: bool = False) -> dict:
    """Scores of all that says who speaks."""
    corpus = load(folder)
    articles = list(corpus.articles())
    units = {a.article_id: extract_units(a) for a in articles}
    texts = {a.article_id: a.text for a in articles}
    gold, scare = (
        pd.read_csv(folder / "gold" / f"{name}.csv", keep_default_na=False)
        for name in ("quotations", "scare_quotes")
    )
    log = (lambda *said: print(*said, file=sys.stderr)) if show else (lambda *said: None)
    result = {"corpus": corpus.name, "articles": len(articles)} | quotation_scores(
        units, gold, scare, texts, log
    )
    return (
        result
        | _statements(units, gold[gold["direct"] == "no"], texts, log)
        | {"layouts": _layouts(units, gold[gold["direct"] == "yes"])}
        | _details(units, gold, log)
        | {"ms_per_article": _time(articles)}
    )


def _statements(units, gold: pd.DataFrame, texts, log) -> dict:
    rows, speakers, more = [], [], 0
    for article, unit in units.items():
        found = pd.DataFrame(unit.tables["quotes"]).query(
            "not direct and kind == 'speech' and not negated"
        )
        spans, taken, hits, right = list(zip(found["start"], found["end"])), set(), 0, 0
        mine = gold[gold["article_id"] == article]
        for row in mine.itertuples():
            best = max(
                range(len(spans)),
                key=lambda i: overlap((row.start, row.end), spans[i]),
                default=None,
            )
            if best is None or 2 * overlap((row.start, row.end), spans[best]) < row.end - row.start:
                log("statement missed", article, repr(row.text))
                continue
            taken.add(best)
            hits += 1
            ok = same_speaker(row.speaker, found.iloc[best]["speaker"])
            right += ok
            if not ok:
                log(
                    "speaker of statement",
                    article,
                    f"gold {row.speaker!r}, found {found.iloc[best]['speaker']!r}",
                    repr(row.text),
                )
        for i in sorted(set(range(len(spans))) - taken):
            log(
                "statement that the gold lacks",
                article,
                repr(texts[article][slice(*spans[i])]),
                f"({found.iloc[i]['speaker']})",
            )
        more += len(spans) - len(taken)
        rows.append((hits, len(mine)))
        speakers.append((right, hits))
    recall, accuracy = ratio(np.array(rows, float)), ratio(np.array(speakers, float))
    hits, n = np.sum(rows, axis=0)
    return {
        "reported": {
            "recall": recall[0],
            "interval": recall[1],
            "n_right": int(hits),
            "n_gold": int(n),
            "n_more": more,
            "unit": "statements, half covered",
        },
        "reported_speaker": {"accuracy": accuracy[0], "interval": accuracy[1], "n": int(hits)},
    }


def _layouts(units, gold: pd.DataFrame) -> dict:
    """Of the quotations found in each layout, the share whose both ends are right."""
    counts: dict[str, list[int]] = {}
    for article, unit in units.items():
        mine = gold[gold["article_id"] == article]
        true = set(zip(mine["start"], mine["end"]))
        found = pd.DataFrame(unit.tables["quotes"]).query("direct and not scare")
        for row in found.itertuples():
            count = counts.setdefault(row.layout, [0, 0])
            count[0] += (row.start, row.end) in true
            count[1] += 1
    return {
        layout: {"precision": round(right / n, 4), "n": n}
        for layout, (right, n) in sorted(counts.items())
    }


def _details(units, gold: pd.DataFrame, log) -> dict:
    """Verbs, their lemmas and whether the speaker is unnamed, of quotations and statements that
    were found.
    """
    counts, without = {"verb": [], "unnamed": []}, 0
    for article, unit in units.items():
        found = pd.DataFrame(unit.tables["quotes"]).query("not scare")
        told = {"verb": [0, 0], "unnamed": [0, 0]}
        for row in gold[gold["article_id"] == article].itertuples():
            spans = found[found["direct"] == (row.direct == "yes")]
            at = [
                i
                for i, s, e in zip(spans.index, spans["start"], spans["end"])
                if 2 * overlap((row.start, row.end), (s, e)) >= row.end - row.start
            ]
            if not at:
                continue
            mine = found.loc[at[0]]
            without += (
                bool(row.verb) and not mine["verb"]
            )  # it goes on with what was said before, so that its verb is not counted twice
            if row.verb and mine["verb"]:
                known = [verb_of(verb) for verb in (row.verb, mine["verb"])]
                ok = (
                    row.verb.split()[0] == (mine["verb"].split() or [""])[0]
                    or known[0] is not None
                    and known[0] is known[1]
                )
                told["verb"][0] += ok
                told["verb"][1] += 1
                if not ok:
                    log(
                        "verb",
                        article,
                        f"gold {row.verb!r}, found {mine['verb']!r}",
                        repr(row.text[:50]),
                    )
            ok = (row.unnamed == "yes") == mine["unnamed"]
            told["unnamed"][0] += ok
            told["unnamed"][1] += 1
            if not ok:
                log(
                    "unnamed",
                    article,
                    f"gold {row.unnamed!r}, found {mine['unnamed']} ({mine['speaker']!r})",
                    repr(row.text[:50]),
                )
        for name in counts:
            counts[name].append(told[name])
    scores = {
        name: (
            dict(zip(("accuracy", "interval"), ratio(np.array(rows, float))))
            | {"n": int(np.sum(rows, axis=0)[1])}
        )
        for name, rows in counts.items()
    }
    scores["verb"]["n_without"] = without
    return scores


def _time(articles) -> dict:
    """CPU milliseconds an article with a parse and without one."""
    spent = {}
    for name, parse in (("parsed", "all"), ("not_parsed", "none")):
        began = time.process_time()
        for article in articles:
            extract_units(article, parse=parse)
        spent[name] = round(1000 * (time.process_time() - began) / len(articles), 1)
    return spent


if __name__ == "__main__":
    main()
