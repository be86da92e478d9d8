"""How well `tl.stories` finds events: one JSON line a measurement.

    python -m benchmarks.stories --data DIR [--work DIR]
    python -m benchmarks.stories --data DIR --shares analysis/data/english/news_words.csv

DIR holds `basil/articles.parquet` (50 events, each told by three outlets) and
`allsides/articles.parquet` (18,777 articles of US outlets). BASIL alone is a corpus of 150
articles; then its articles are hidden among those of AllSides. Both are extracted as
`twicetold extract --no-syntax --no-vectors --no-tone` does, into --work, where extracted features
are used again.

Of the hidden articles: the share of the pairs of one event that are in one story, and B-cubed
precision, recall and F1 (Bagga and Baldwin 1998). AllSides has articles on the same events; which
of those found in one story with an event tell of it was judged by headline, one reader
(`stories_mates.csv`: 1 tells of the event or of how people took it, 0 of something else). Figures
named "strict" count all of them as wrong.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from analysis import extract, tl
from analysis.codebook import Codebook
from analysis.corpus import Corpus
from analysis.features import PRIVATE, Features, load_features
from analysis.io.article import COLUMNS
from analysis.text.tokens import words_of
from analysis.tl.stories import Stories

MATES = Path(__file__).with_name("stories_mates.csv")
_LEAN = {"encoder": None, "tone": None, "parse": "none", "values": False}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.stories", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with basil/ and allsides/")
    parser.add_argument("--work", type=Path, help="folder that keeps the extracted features")
    parser.add_argument("--rows", type=int, help="of AllSides (default: all)")
    parser.add_argument("--mates", action="store_true", help="print the pairs that are not judged")
    parser.add_argument(
        "--shares", type=Path, help="instead write the shares of articles that have frequent words"
    )
    options = parser.parse_args(arguments)
    if options.shares:
        sides = pd.read_parquet(options.data / "allsides" / "articles.parquet")
        options.shares.write_text(shares(sides), encoding="utf-8", newline="\n")
        return
    basil = pd.read_parquet(options.data / "basil" / "articles.parquet")
    basil = basil.rename(columns={"article_id": "id"})
    sides = pd.read_parquet(options.data / "allsides" / "articles.parquet").head(options.rows)
    sides = sides.assign(event="", published=[f"{d:%Y-%m-%d}" for d in sides["date"]])
    sides["published"] = sides["published"].where(sides["date"].dt.year > 1900, "")
    columns = ["id", "event", "outlet", "published", "title", "text"]
    both = pd.concat([basil[columns], sides[columns]], ignore_index=True)
    with tempfile.TemporaryDirectory() as scratch:
        work = options.work or Path(scratch)
        print(json.dumps({"basil": alone(basil[columns], work / "basil")}))
        print(json.dumps({"hidden": hidden(both, work / "hidden", options.mates)}))


def shares(articles: pd.DataFrame, n_words: int = 200, most: int = 3000) -> str:
    """The words that most articles have in their headline or their first words, as a CSV."""
    counts: Counter[str] = Counter()
    for title, text in zip(articles["title"], articles["text"]):
        counts.update({*words_of(str(title)), *words_of(str(text)[: 12 * n_words])[:n_words]})
    ranked = sorted(counts, key=lambda word: (-counts[word], word))[:most]
    rows = [f"{word},{counts[word] / len(articles):.4f}" for word in ranked]
    return "\n".join(["word,share", *rows]) + "\n"


def features_of(articles: pd.DataFrame, folder: Path, **options) -> tuple[Features, dict]:
    """Private features as the command makes them, and what they took.

    `options` of `extract`, if they are not those of lean features.
    """
    if (folder / PRIVATE).is_dir():
        return load_features(folder / PRIVATE), {}
    (folder / "articles").mkdir(parents=True, exist_ok=True)
    rows = []
    for article in articles.itertuples():
        text = str(article.text).replace("\0", "").encode("utf-8", "replace")
        (folder / "articles" / f"{article.id}.txt").write_bytes(text or b"-")
        row = dict.fromkeys(COLUMNS, "") | {
            "article_id": article.id,
            "file": f"{article.id}.txt",
            "language": "en",
        }
        row |= {"outlet": article.outlet or "", "published": article.published or ""}
        rows.append(row | {"title": str(article.title or "").replace("\0", "")})
    # not loaded from files: that would refuse broken letters and doubled texts, which are in both
    metadata = pd.DataFrame(rows)
    about = {"name": folder.name, "languages": ["en"], "texts": "withheld"}
    corpus = Corpus(folder, about, metadata, Codebook())
    before, started = cpu(), time.monotonic()
    features = extract(corpus, **(options or _LEAN), say=lambda line: None)
    return features, {
        "extraction_cpu_s": round(cpu() - before, 1),
        "extraction_s": round(time.monotonic() - started, 1),
    }


def cpu() -> float:
    """CPU seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def found(features: Features) -> tuple[Stories, dict]:
    """The stories, and what they took."""
    before = cpu()
    result = tl.stories(features)
    return result, {"articles": len(result.table), "stories_cpu_s": round(cpu() - before, 1)}


def alone(basil: pd.DataFrame, folder: Path) -> dict:
    """BASIL as a corpus of its own: the adjusted Rand index of its events."""
    features, cost = features_of(basil, folder)
    result, about = found(features)
    event = basil.set_index("id")["event"]
    story = result.table.set_index("article_id")["story"]
    rand = adjusted_rand_score(event[story.index], story)
    return (
        about
        | cost
        | {"events": event.nunique(), "stories": story.nunique(), "rand": rounded(rand)}
    )


def hidden(articles: pd.DataFrame, folder: Path, mates: bool) -> dict:
    """BASIL's events among the articles of AllSides."""
    features, cost = features_of(articles, folder)
    result, about = found(features)
    story = result.table.set_index("article_id")["story"]
    event = articles.set_index("id")["event"].reindex(story.index)
    judged = pd.read_csv(MATES, dtype=str).set_index(["article_id", "event"])["same"]
    if mates:
        for article, of in sorted(unjudged(story, event, judged)):
            print(article, of)
    events = np.random.default_rng(0).permutation(np.unique(event[event != ""]))
    half = len(events) // 2
    scores = {
        name: scored(story, event, some, judged)
        for name, some in (
            ("first_25", events[:half]),
            ("other_25", events[half:]),
            ("all", events),
        )
    }
    sizes = result.stories["n_articles"]
    about |= {
        "stories": len(sizes),
        "of_several": int((sizes > 1).sum()),
        "largest": int(sizes.max()),
    }
    return (
        about | cost | {"affairs_of_several": int((result.affairs["n_stories"] > 1).sum())} | scores
    )


def unjudged(story: pd.Series, event: pd.Series, judged: pd.Series) -> set[tuple[str, str]]:
    """Articles of AllSides in one story with an event, which nobody has judged."""
    pairs = set()
    for of in sorted(set(event) - {""}):
        near = story.isin(set(story[event == of])) & (event == "")
        pairs |= {(article, of) for article in story.index[near]}
    return pairs - set(judged.index)


def scored(story: pd.Series, event: pd.Series, events: np.ndarray, judged: pd.Series) -> dict:
    """Pairs kept, and B-cubed, of the articles of some events."""
    kept, n_pairs, rows = 0, 0, []
    tells = set(judged.index[judged == "1"])
    by_story = {name: members.index for name, members in story.groupby(story)}
    for of in events:
        mine = story[event == of]
        same = int((mine.value_counts() * (mine.value_counts() - 1)).sum() / 2)
        kept, n_pairs = kept + same, n_pairs + len(mine) * (len(mine) - 1) // 2
        for name in mine:
            members = by_story[name]
            others = members[event[members].ne(of).to_numpy()]
            right = sum((article, of) in tells for article in others)
            own = int((mine == name).sum())
            rows.append((own / len(members), (own + right) / len(members), own / len(mine)))
    strict, precision, recall = np.mean(rows, axis=0)
    return {
        "events": len(events),
        "pairs_kept": rounded(kept / n_pairs),
        "precision": rounded(precision),
        "recall": rounded(recall),
        "f1": rounded(2 * precision * recall / (precision + recall)),
        "f1_strict": rounded(2 * strict * recall / (strict + recall)),
    }


def rounded(number: float) -> float:
    return round(float(number), 3)


if __name__ == "__main__":
    main()
