"""Names of persons, found by rules and by spaCy's recogniser of entities: one JSON line each.

    python -m benchmarks.names --polnear DIR --newswcl50 DIR

PolNeAR (its `articles.parquet` and `attributions.parquet`): of the capitalised words within the
sources that coders marked in the 84 articles of dev and in 21 of train, those that are words of
persons' names; which are stands in `names_polnear.txt`, written by hand. Rules were chosen on dev
and on other articles of train; the errors on the 21 were listed, and parts of the rules were later
judged on them, too, so they are no test. NewsWCL50
(`articles.parquet`, `mentions.parquet`): whether the names of its actors are found, and whether all
names of one have one number (`same`: B-cubed F1); the recogniser has no numbers. `ms` is CPU time
for 1,000 words, without that of the parse: the rules have it at hand, and without a parse they need
none.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
from spacy.tokens import Doc

from analysis.languages.names import find_names
from analysis.languages.syntax import Parse, load_syntax
from analysis.text.marks import plain_marks
from analysis.text.quotes import find_quotes
from analysis.text.sentences import find_blocks, find_sentences

GOLD = Path(__file__).with_name("names_polnear.txt")
EVERY = 40  # of the articles of train one is read, from the second on
Found = dict[int, int]  # the person of each word of a name


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--polnear", type=Path, help="the folder of PolNeAR")
    parser.add_argument("--newswcl50", type=Path, help="the folder of NewsWCL50")
    given = parser.parse_args(arguments)
    for reader in READERS:
        scores: dict = {"reader": reader}
        cost: Counter[str] = Counter()
        if given.polnear:
            for part, listed in read_gold().items():
                scores[part] = polnear(given.polnear, part, listed, reader, cost)
        if given.newswcl50:
            scores["newswcl50"] = newswcl50(given.newswcl50, reader, cost)
        scores["ms"] = round(1e6 * cost["seconds"] / max(cost["words"], 1), 1)
        print(json.dumps(scores))


def read_gold() -> dict[str, frozenset[str]]:
    """Words of names of persons, by part of PolNeAR."""
    rows = (line.split() for line in GOLD.read_text("utf-8").splitlines() if line[:1] != "#")
    return {part: frozenset(listed) for part, *listed in rows}


def parse(text: str) -> Parse:
    plain = plain_marks(text)
    sentences = find_sentences(plain, find_quotes(plain), find_blocks(text))
    return Parse(load_syntax(), plain, sentences)


def by_rules(doc: Doc) -> Found:
    names = [name for name in find_names(doc) if name.kind == "person"]
    return {i: name.person for name in names for i in range(name.start, name.end)}


def by_recogniser(doc: Doc) -> Found:
    sentences = [sentence.as_doc() for sentence in doc.sents]
    recogniser = load_syntax()._names
    found, start = {}, 0
    for one in recogniser.pipe(sentences):
        spans = [(e.start, e.end) for e in one.ents if e.label_ == "PERSON"]
        found.update({start + i: -1 for first, last in spans for i in range(first, last)})
        start += len(one)
    return found


# whether sentences are parsed, and how names are found in them
READERS: dict[str, tuple[bool, Callable[[Doc], Found]]] = {
    "rules": (True, by_rules),
    "rules without a parse": (False, by_rules),
    "recogniser": (True, by_recogniser),
}


def read(texts: pd.Series, reader: str, cost: Counter[str]) -> Iterator[tuple[Doc, Found]]:
    """Each text, parsed, with the names that a reader finds."""
    parsed, find = READERS[reader]
    for text in texts:
        whole = parse(text)
        bare = whole.doc([])
        doc = whole.doc()
        started = time.process_time()
        found = find(doc if parsed else bare)
        cost["seconds"] += time.process_time() - started
        cost["words"] += sum(token.is_alpha for token in doc)
        yield doc, found


def polnear(
    folder: Path, part: str, listed: frozenset[str], reader: str, cost: Counter[str]
) -> dict[str, float]:
    """Precision, recall and F1 of words of persons' names within sources."""
    articles = pd.read_parquet(folder / "articles.parquet")
    articles = articles[articles["split"] == part]
    articles = articles if part == "dev" else articles.iloc[1::EVERY]
    coded = pd.read_parquet(folder / "attributions.parquet")
    first = coded.groupby("article_id")["annotator"].transform("min")
    spans = coded[coded["annotator"] == first].explode("source_spans").dropna()
    spans = spans.groupby("article_id")["source_spans"].agg(list)
    right, marked, gold = 0, 0, 0
    for article, (doc, found) in zip(articles["article_id"], read(articles["text"], reader, cost)):
        within = spans.get(article, [])
        for token in doc:
            own = token.text in listed and len(token) > 1
            if not token.text[0].isupper() or not (own or token.tag_[:3] == "NNP"):
                continue
            if any(start <= token.idx < end for start, end in within):
                right += token.text in listed and token.i in found
                marked += token.i in found
                gold += token.text in listed
    precision, recall = right / max(marked, 1), right / max(gold, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    named = {"precision": precision, "recall": recall, "f1": f1}
    return {key: round(value, 3) for key, value in named.items()} | {"words": gold}


def newswcl50(folder: Path, reader: str, cost: Counter[str]) -> dict[str, float]:
    """Which share of the names of actors is found, and how purely they are numbered."""
    articles = pd.read_parquet(folder / "articles.parquet")
    mentions = pd.read_parquet(folder / "mentions.parquet")
    mentions = mentions[mentions["type"] == "ACTOR"]
    coded, numbered, total = 0, 0, 0.0
    for article, (doc, found) in zip(articles["article_id"], read(articles["text"], reader, cost)):
        pairs = []
        for row in mentions[mentions["article_id"] == article].itertuples():
            concept = row.concept.split("\\")[-1]
            own = concept.casefold().replace("-", " ").split()
            words = [t for t in doc if row.start <= t.idx < row.end and t.lower_ in own]
            words = [t.i for t in words if t.tag_[:3] == "NNP"]
            coded += bool(words)
            pairs += [(concept, found[words[-1]])] if words and words[-1] in found else []
        numbered += len(pairs)
        for concept, number in pairs:
            both = pairs.count((concept, number))
            precision = both / sum(other == number for _, other in pairs)
            recall = both / sum(other == concept for other, _ in pairs)
            total += 2 * precision * recall / (precision + recall)
    scores = {"names": coded, "recall": round(numbered / max(coded, 1), 3)}
    numbers = READERS[reader][1] is by_rules
    return scores | ({"same": round(total / max(numbered, 1), 3)} if numbers else {})


if __name__ == "__main__":
    main()
