"""Labels and mentions of actors against the gold of `corpus/harbour`, and labels in texts written
for this test alone: one JSON line.

    python -m benchmarks.harbour_labels [--data corpus/harbour] [--errors]

A found label is right if the actor is and the two spans share at least half of the words of the
longer; each gold label counts once. The reader was made on NewsWCL50 (`benchmarks.newswcl50`);
harbour is a test. `labels_fresh.json` holds three sets of invented news texts, each written and
annotated before the rules of then had seen it: `f1_when_first_scored` is the figure of those rules
for texts not seen in development; their errors have been looked at since. `harbour_pronouns.csv`
says of every "he" and "she" of harbour which actor is meant, if one is.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.codebook import read_codebook
from analysis.corpus import load
from analysis.extract.actors import read_actors
from analysis.extract.units import Units, extract_units
from analysis.io.article import Article
from analysis.languages.mentions import Actors
from analysis.text.labels import Label
from benchmarks.harbour import scores

HERE = Path(__file__).parent
HALF, SURE, ROUNDS = 0.5, 0.5, 20


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.harbour_labels", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, default=HERE.parent / "corpus" / "harbour")
    parser.add_argument("--errors", action="store_true", help="list every error on standard error")
    options = parser.parse_args(arguments)
    print(json.dumps(evaluate(options.data, show=options.errors)))


def evaluate(folder: Path, *, show: bool = False) -> dict:
    """Scores on harbour, on the fresh texts, of the pronouns, and milliseconds an article."""
    log = (lambda *said: print(*said, file=sys.stderr)) if show else (lambda *said: None)
    codebook, _ = read_codebook(folder / "codebook.yml")
    actors = Actors(codebook.actors)
    articles = list(load(folder).articles())
    units = {a.article_id: extract_units(a) for a in articles}
    gold = pd.read_csv(folder / "gold" / "labels.csv", keep_default_na=False)
    texts = [
        (
            a.article_id,
            a.text,
            units[a.article_id],
            actors,
            gold[gold["article_id"] == a.article_id].to_dict("records"),
        )
        for a in articles
    ]
    result = {
        "corpus": folder.name,
        **_labels("label", texts, log),
        "label_fresh": {
            name: {"f1_when_first_scored": first, **_labels("label", fresh, log)}
            for name, first, fresh in _fresh()
        },
    }
    result["pronoun"] = _pronouns(articles, units, actors, log)
    started = time.process_time()
    for _ in range(ROUNDS):
        for a in articles:
            read_actors(units[a.article_id], actors)
    return result | {
        "label_ms_per_article": round(
            1000 * (time.process_time() - started) / ROUNDS / len(articles), 2
        )
    }


def _fresh() -> list[tuple[str, float, list[tuple[str, str, Units, Actors, list[dict]]]]]:
    """The sets of fresh texts: name, F1 when first scored, texts."""
    sets = json.loads((HERE / "labels_fresh.json").read_text(encoding="utf-8"))
    return [
        (
            s["set"],
            s["f1_when_first_scored"],
            [
                (
                    t["id"],
                    t["text"],
                    extract_units(Article(t["id"], t["text"], "en", {})),
                    Actors(t["actors"]),
                    t["labels"],
                )
                for t in s["texts"]
            ],
        )
        for s in sets
    ]


def _labels(name: str, texts: list[tuple[str, str, Units, Actors, list[dict]]], log) -> dict:
    rows, exact, constructions, confidences = [], [], [], []
    for article, text, unit, actors, gold in texts:
        _, found = read_actors(unit, actors)
        found = [label for label in found if label.confidence >= SURE]
        pairs = match(text, gold, found)
        rows.append((len(pairs), len(found), len(gold)))
        exact.append(
            (
                sum(
                    (gold[i]["start"], gold[i]["end"]) == (found[j].start, found[j].end)
                    for i, j in pairs.items()
                ),
                len(found),
                len(gold),
            )
        )
        constructions += [
            (
                g["construction"],
                i in pairs,
                i in pairs and found[pairs[i]].construction == g["construction"],
            )
            for i, g in enumerate(gold)
        ]
        confidences += [
            (round(label.confidence, 2), j in pairs.values()) for j, label in enumerate(found)
        ]
        for i, g in enumerate(gold):
            if i not in pairs:
                log(
                    "missed",
                    article,
                    g["actor"],
                    g["construction"],
                    repr(text[max(0, g["start"] - 40) : g["start"]]),
                    repr(text[g["start"] : g["end"]]),
                )
        for j, label in enumerate(found):
            if j not in pairs.values():
                log(
                    "wrong",
                    article,
                    label.actor,
                    label.construction,
                    label.confidence,
                    repr(text[max(0, label.start - 40) : label.start]),
                    repr(text[label.start : label.end]),
                )
    kinds = pd.DataFrame(constructions, columns=["kind", "found", "same"])
    sure = (
        pd.DataFrame(confidences, columns=["confidence", "right"])
        .groupby("confidence")["right"]
        .agg(["mean", "size"])
    )
    right = scores(name, rows, "labels, actor right and half of the words shared")
    return (
        right
        | scores(f"{name}_exact", exact, "labels, actor and both ends right")
        | {
            f"{name}_construction": {
                "agreement": round(float(kinds.loc[kinds["found"], "same"].mean()), 4),
                "n": int(kinds["found"].sum()),
                "recall": {
                    kind: [round(float(part["found"].mean()), 4), len(part)]
                    for kind, part in kinds.groupby("kind")
                },
            },
            f"{name}_confidence": {
                f"{c:.2f}": [round(float(row["mean"]), 4), int(row["size"])]
                for c, row in sure.iterrows()
            },
        }
    )


def match(text: str, gold: list[dict], found: list[Label]) -> dict[int, int]:
    """Which found label is which gold one: the best overlaps first."""
    pairs = sorted(
        (-shared(text, (g["start"], g["end"]), (label.start, label.end)), i, j)
        for i, g in enumerate(gold)
        for j, label in enumerate(found)
        if g["actor"] == label.actor
    )
    matched: dict[int, int] = {}
    for share, i, j in pairs:
        if -share >= HALF and i not in matched and j not in matched.values():
            matched[i] = j
    return matched


def shared(text: str, a: tuple[int, int], b: tuple[int, int]) -> float:
    """Share of the longer span's words that both hold."""
    both = text[max(a[0], b[0]) : min(a[1], b[1])].split()
    return len(both) / max(len(text[slice(*a)].split()), len(text[slice(*b)].split()))


def _pronouns(articles: list[Article], units: dict[str, Units], actors: Actors, log) -> dict:
    gold = pd.read_csv(HERE / "harbour_pronouns.csv", keep_default_na=False)
    rows = []
    for a in articles:
        unit = units[a.article_id]
        part = dict(
            gold.loc[gold["article_id"] == a.article_id, ["start", "actor"]].itertuples(index=False)
        )
        found = {
            m.start: m.actor
            for m in read_actors(unit, actors)[0]
            if m.form == "pronoun" and m.start in part
        }
        right = sum(part[start] == actor for start, actor in found.items())
        rows.append((right, len(found), sum(actor != "" for actor in part.values())))
        for start, actor in found.items():
            if part[start] != actor:
                log(
                    "pronoun",
                    a.article_id,
                    start,
                    f"gold {part[start]!r}, found {actor!r}",
                    repr(a.text[max(0, start - 60) : start + 4]),
                )
    return scores("pronoun", np.array(rows).tolist(), "he and she, the right actor")["pronoun"]


if __name__ == "__main__":
    main()
