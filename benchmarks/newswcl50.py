"""What persons are called in NewsWCL50, found and scored: one JSON line.

    python -m benchmarks.newswcl50 --data DIR --out FILE.parquet [--calibrate]

DIR holds `articles.parquet` (article_id, event, text) and `mentions.parquet` of NewsWCL50 (Hamborg
and others 2019): whom 25 articles on five events call what. The codebook of an event holds the
names that its coders marked. FILE has a row for each label of a person: article_id, actor, start,
end, construction, confidence.

Recall counts coded descriptions: the words of a mention that are no name of the person, no form of
address and no small word; `bare` those of mentions without a name. One is found if a label of the
same person has one of these words. Precision counts labels at least half of whose words lie in
mentions of the person; labels that lie in a mention of a country or group alone are left out, but
for `strict`. `--calibrate` says what share of the bare descriptions that were led back to somebody
is right, by the score that they had, and the line through it that `people.py` holds.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd

from analysis.extract.actors import read_actors
from analysis.extract.units import extract_units
from analysis.io.article import Article
from analysis.languages import people
from analysis.languages.mentions import Actors

SURE = 0.9  # confidence of a description that the codebook itself has, which is not judged
COLUMNS = "article_id actor start end construction confidence".split()
_WORD = re.compile(r"[^\W_]+(?:[’'.-][^\W_]+)*")
_GENITIVE = re.compile(r"['’][sS]$|['’]$")
NATIONS = frozenset(
    "north south korean korea russian russia american america israeli israel french france british"
    " britain uk us u s london german iranian iran japanese japan chinese china canadian canada new"
    " york united states white house fbi cia gop".split()
)
_OFFICES = NATIONS | frozenset(
    "mr mrs ms miss dr sir president presidents presidential prime minister director former special"
    " counsel mayor leader leaders dictator chairman secretary state senator sen rep"
    " representative gov governor general chancellor king queen republican republicans democrat"
    " democratic nominee candidate chief the a an his her our its their and of f b i then ex"
    " trumps".split()
)
_SMALL = frozenset(
    "mr mrs ms miss dr the a an his her our its their my your this that these those of and or to in"
    " on at for from by with as s who whom which whose he she they it him them himself herself is"
    " was are were be been has had not".split()
)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.newswcl50", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--calibrate", action="store_true")
    options = parser.parse_args(arguments)
    articles = pd.read_parquet(options.data / "articles.parquet")
    mentions = pd.read_parquet(options.data / "mentions.parquet")
    labels = pd.DataFrame(found_labels(articles, mentions), columns=COLUMNS)
    labels.to_parquet(options.out)
    counts, right, judged = score(articles, mentions, labels)
    result = {"articles": len(articles), "labels": len(labels), **figures(counts)}
    if options.calibrate:  # also those that are too unlikely to be found else
        with mock.patch.object(people, "LEADS_BACK", -9.0):
            labels = pd.DataFrame(found_labels(articles, mentions), columns=COLUMNS)
        _, right, judged = score(articles, mentions, labels)
        bare = judged & (labels["construction"] == "noun") & (labels["confidence"] < SURE)
        result["bare"] = calibrate(labels.loc[bare, "confidence"].to_numpy(), right[bare])
    print(json.dumps(result))


def found_labels(articles: pd.DataFrame, mentions: pd.DataFrame) -> Iterator[tuple]:
    """Rows of COLUMNS, as extraction finds them with a codebook for each event."""
    for event, group in articles.groupby("event"):
        persons = mentions[(mentions["event"] == event) & (mentions["type"] == "ACTOR")]
        actors = Actors(codebook(persons))
        for article in group.itertuples():
            units = extract_units(Article(article.article_id, article.text))
            for one in read_actors(units, actors)[1]:
                yield (
                    *(article.article_id, one.actor, one.start, one.end),
                    *(one.construction, one.confidence),
                )


def codebook(persons: pd.DataFrame) -> dict[str, dict]:
    """Name and aliases of each person of one event, from the names in the coders' mentions."""
    book = {}
    for concept, group in persons.groupby("concept"):
        known, forms = names_of(group["text"], concept), Counter()
        for text in group["text"]:
            for run in _runs(_words(text), known.__contains__):
                forms[" ".join(text[run[0][0] : run[-1][1]].split())] += 1
        single = [form for form, _ in forms.most_common() if " " not in form]
        kept = [
            form
            for form in forms
            if " " in form or form == single[0] or form in concept.split("\\")[-1].split()
        ]
        name = max(kept, key=lambda form: (len(form.split()), forms[form], len(form)))
        aliases = sorted(set(kept) - {name}, key=lambda form: (-len(form), form))
        book[concept] = {"name": name, "aliases": aliases, "kind": "person"}
    return book


def names_of(texts: Iterable[str], concept: str) -> set[str]:
    """The words that make up a person's name in the coders' mentions."""
    known = set(concept.split("\\")[-1].split())
    for _ in range(2):
        for text in texts:
            for run in _runs(_words(text), lambda w: w[:1].isupper() and w.lower() not in _OFFICES):
                if known & {word for _, _, word in run}:
                    known |= {word for _, _, word in run}
    return known


def score(
    articles: pd.DataFrame, mentions: pd.DataFrame, labels: pd.DataFrame
) -> tuple[Counter[str], np.ndarray, np.ndarray]:
    """Counts of what was found and what is right; which labels are right, and which are judged."""
    counts, right, judged = Counter(), np.zeros(len(labels), bool), np.ones(len(labels), bool)
    for event, group in articles.groupby("event"):
        coded = mentions[mentions["event"] == event]
        persons = coded[coded["type"] == "ACTOR"]
        known = {c: names_of(g["text"], c) for c, g in persons.groupby("concept")}
        others = {
            c: {w for text in coded.loc[coded["concept"] != c, "text"] for _, _, w in _words(text)}
            for c in known
        }
        for article in group.itertuples():
            here = coded["article_id"] == article.article_id
            bodies = coded[here & coded["type"].isin(["COUNTRY", "GROUP"])]
            rows = np.flatnonzero(labels["article_id"] == article.article_id)
            gold = persons[persons["article_id"] == article.article_id]
            marks = right, judged
            _count(counts, marks, _words(article.text), gold, bodies, labels, rows, known, others)
    return counts, right, judged


def _count(counts, marks, words, gold, bodies, labels, rows, known, others) -> None:
    right, judged = marks
    starts, ends = np.array([w[:2] for w in words]).T
    inside = lambda row: set(np.flatnonzero((starts < row.end) & (ends > row.start)).tolist())  # noqa: E731
    several = gold.drop_duplicates(["concept", "start", "end"]).groupby(["start", "end"]).size()
    cover, body = defaultdict(set), set().union(*map(inside, bodies.itertuples()))
    for row in gold.itertuples():
        cover[row.concept] |= inside(row)
    called = [(k, row, inside(row)) for k, row in zip(rows, labels.iloc[rows].itertuples())]
    for row in gold.itertuples():
        own, within = known[row.concept], inside(row)
        mine = {
            i
            for i in within
            if {words[i][2], words[i][2].removesuffix("s"), *re.split(r"[-’']", words[i][2])} & own
        }
        rest = {words[i][2]: i for i in within - mine if words[i][2].lower() not in _SMALL}
        miscoded = all(
            w[:1].isupper() and w in others[row.concept] and w.lower() not in _OFFICES - NATIONS
            for w in rest
        )
        if several[row.start, row.end] > 1 or not rest or not mine and miscoded:
            continue
        places = {i for i in within - mine if words[i][2].lower() not in _SMALL}
        kind = "beside" if mine else "bare"
        counts[f"gold {kind}"] += 1
        counts[f"found {kind}"] += any(
            one.actor == row.concept and its & places for _, one, its in called
        )
    for k, one, its in called:
        enough = max(1, len(its) / 2)
        right[k] = bool(its) and len(its & cover[one.actor]) >= len(its) / 2
        another = any(len(its & v) >= enough for c, v in cover.items() if c != one.actor)
        of_body = not right[k] and not another and len(its & body) >= enough
        judged[k] = not of_body
        for kind in ("all", "noun") if one.construction == "noun" else ("all",):
            counts[f"labels {kind}"] += 1
            counts[f"right {kind}"] += right[k]
            counts[f"body {kind}"] += of_body


def figures(counts: Counter[str]) -> dict:
    """Recall, precision and F1 from the counts."""
    n = counts
    gold, found = n["gold bare"] + n["gold beside"], n["found bare"] + n["found beside"]
    recall = {"all": found / gold, "bare": n["found bare"] / n["gold bare"]}
    precision = {
        kind: n[f"right {kind}"] / max(n[f"labels {kind}"] - n[f"body {kind}"], 1)
        for kind in ("all", "noun")
    }
    strict = n["right all"] / max(n["labels all"], 1)
    f1 = lambda p, r: round(2 * p * r / (p + r), 4) if p + r else 0.0  # noqa: E731
    return {
        "f1": f1(precision["all"], recall["all"]),
        "f1_bare": f1(precision["noun"], recall["bare"]),
        "f1_strict": f1(strict, recall["all"]),
        "recall": {name: round(value, 4) for name, value in recall.items()},
        "precision": {name: round(value, 4) for name, value in precision.items()},
        "n": {"bare": n["gold bare"], "beside": n["gold beside"]},
    }


def calibrate(chance: np.ndarray, right: np.ndarray) -> dict:
    """How often bare descriptions are right at each confidence, and the line to their scores."""
    from sklearn.linear_model import LogisticRegression

    scores = (np.log(chance / (1 - chance)) - people.CALIBRATION[0]) / people.CALIBRATION[1]
    fitted = LogisticRegression(C=1e6).fit(scores[:, None], right)
    edges = np.quantile(chance, (0, 1 / 3, 2 / 3, 1))
    groups = np.clip(np.searchsorted(edges, chance, side="right") - 1, 0, 2)
    return {
        "line": [round(float(fitted.intercept_[0]), 2), round(float(fitted.coef_[0, 0]), 2)],
        "reliability": [
            {
                "confidence": round(float(chance[groups == g].mean()), 3),
                "right": round(float(right[groups == g].mean()), 3),
                "n": int((groups == g).sum()),
            }
            for g in np.unique(groups)
        ],
    }


def _words(text: str) -> list[tuple[int, int, str]]:
    """Start, end and text of each word, without the ending of a genitive."""
    found = ((m.start(), _GENITIVE.sub("", m.group())) for m in _WORD.finditer(text))
    return [(start, start + len(word), word) for start, word in found]


def _runs(words: list[tuple[int, int, str]], fits) -> Iterator[list[tuple[int, int, str]]]:
    """The longest runs of words that fit."""
    run: list[tuple[int, int, str]] = []
    for word in words:
        if fits(word[2]):
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run


if __name__ == "__main__":
    main()
