"""Archives written for a test: texts that share stretches, as a Parquet table and as features."""

import numpy as np
import pandas as pd

from analysis.extract.memory import extract_articles
from analysis.features import PRIVATE, load_features, save
from analysis.io.article import Article

WORDS = np.array([f"w{chr(97 + i % 26)}{chr(97 + i // 26 % 26)}{i}" for i in range(2000)])
BOX = "sign up here for the daily letter of this paper and never miss a story again"


def texts_that_share(n=60, *, seed=0):
    """Texts of about 120 words; every third takes 25 to 60 words of the one before it, some of them
    changed; outlet A has a box below.
    """
    rng = np.random.default_rng(seed)
    texts = []
    for i in range(n):
        words = WORDS[rng.integers(len(WORDS), size=120)].tolist()
        if i % 3 == 2:
            size, first = int(rng.integers(25, 60)), int(rng.integers(0, 50))
            taken = texts[-1].split()[first : first + size]
            for k in rng.integers(len(taken), size=len(taken) // 12):
                taken[k] = "changed"
            words[40 : 40 + len(taken)] = taken
        texts.append(" ".join(words) + (f". {BOX}." if i % 4 == 0 else "."))
    return texts


def near_copies(text, n, *, seed=3):
    """Copies of a text by id, six words of each changed, never the first or last."""
    rng, words = np.random.default_rng(seed), np.array(text.split(), object)
    copies = {}
    for i in range(n):
        copy = words.copy()
        copy[rng.choice(np.arange(1, len(words) - 1), size=6, replace=False)] = "Changed"
        copies[f"n{i}"] = " ".join(copy)
    return copies


def outlet(i):
    return "ABCD"[i % 4]


def archive_file(path, texts):
    """The texts as a table with id, outlet, date, text."""
    pd.DataFrame(
        {
            "id": [f"a{i}" for i in range(len(texts))],
            "outlet": [outlet(i) for i in range(len(texts))],
            "date": [f"2024-08-{1 + i % 28:02d}" for i in range(len(texts))],
            "text": texts,
        }
    ).to_parquet(path)
    return path


def archive_features(texts):
    """Full private features of the same articles."""
    return extract_articles(
        [
            Article(
                f"a{i}", text, "en", {"outlet": outlet(i), "published": f"2024-08-{1 + i % 28:02d}"}
            )
            for i, text in enumerate(texts)
        ],
        parse="none",
    )


def write_features(folder, features, chosen, changed=()):
    """Some articles as private features in a folder, as extraction writes them; opened again.

    They come in the order of `chosen`; of those in `changed` every third word is another.
    """
    ids = np.array([f"a{i}" for i in chosen], object)
    tables = {}
    for name in features.manifest["tables"]:
        rows = features.table(name)
        there = rows["article_id"].isin(ids)
        number = pd.Series(range(len(ids)), index=ids)
        rows = rows[there]
        tables[name] = rows.loc[rows["article_id"].map(number).sort_values(kind="stable").index]
    key = ["new words" if i in changed else "words" for i in chosen]
    tables["keys"] = pd.DataFrame({"article_id": ids, "component": "units", "key": key})
    if changed:
        hashes = tables["tokens"]["hash"].to_numpy().copy()
        inside = tables["tokens"]["article_id"].isin([f"a{i}" for i in changed]).to_numpy()
        hashes[inside] += np.uint64(inside.cumsum()[-1]) * (inside.cumsum()[inside] % 3 == 0)
        tables["tokens"] = tables["tokens"].assign(hash=hashes)
    save(
        folder / PRIVATE,
        tables,
        form=PRIVATE,
        corpus="grown",
        digest=str(len(ids)),
        languages=["en"],
        entries={},
    )
    return load_features(folder / PRIVATE)
