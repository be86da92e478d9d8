"""Whether sentences are embedded: by default only in small corpora, as it may take hours."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from analysis.corpus import Corpus
from analysis.extract.chunks import digest_of
from analysis.features import Features
from analysis.models.encoder import Encoder, load_encoder
from analysis.text.sentences import find_sentences

LIMIT = 1_000  # articles up to which sentences are embedded unless it is refused
SAMPLED = 12  # articles whose sentences are counted
TIMED = 24  # sentences whose embedding is timed


def default_encoder(
    corpus: Corpus, last: Features | None, *, workers: int, say: Callable[[str], None]
) -> Encoder | None:
    """The default model for a small corpus, or one that has its vectors already; else none.

    Parameters
    ----------
    corpus : Corpus
    last : Features or None
        Features of the last extraction.
    workers : int
        Processes.
    say : callable
        Takes each line of progress.

    Returns
    -------
    Encoder or None
    """
    encoder = load_encoder()
    if len(corpus.metadata) <= LIMIT or last is not None and _made_with(last, encoder):
        return encoder
    limit = f"as in every corpus of more than {LIMIT:,} articles"
    time_needed = f"if you ask for them (--vectors), {estimate(corpus, encoder, workers=workers)}"
    say(f"{corpus.name}: sentence embeddings are left out, {limit}; {time_needed}")
    return None


def estimate(corpus: Corpus, encoder: Encoder, *, workers: int = 1) -> str:
    """How long embedding all sentences of a corpus would take here, from timing some of them.

    Parameters
    ----------
    corpus : Corpus
    encoder : Encoder
    workers : int
        Processes.

    Returns
    -------
    str
        A sentence.
    """
    folder, files = corpus.texts, corpus.metadata["file"]
    texts = [
        (folder / files.iloc[i]).read_bytes().decode("utf-8")
        for i in np.unique(np.linspace(0, len(files) - 1, SAMPLED).astype(int))
    ]
    sentences = [text[start:end] for text in texts for start, end, _ in find_sentences(text)]
    size = sum((folder / file).stat().st_size for file in files)
    total = round(len(sentences) * size / sum(len(text.encode()) for text in texts))
    timed = sentences[:: max(1, len(sentences) // TIMED)]
    encoder.encode(timed[:1])  # the first takes longer
    started = time.perf_counter()
    encoder.encode(timed)
    each = (time.perf_counter() - started) / len(timed)
    device = getattr(encoder, "device", "CPU")
    how = f"{each * 1000:.1f} ms each, {workers} at a time; timed on {len(timed)}"
    needed = f"{_duration(total * each / workers)} on the {device}"
    return f"the about {total:,} sentences will take about {needed} ({how})."


def _made_with(features: Features, encoder: Encoder) -> bool:
    """Whether features hold vectors that this model made."""
    if not features.has("vectors"):
        return False
    keys = features.table("keys")
    of = {
        name: dict(zip(rows["article_id"], rows["key"]))
        for name, rows in keys[keys["component"].isin(["units", "vectors"])].groupby("component")
    }
    base = of.get("units", {})
    return any(
        key == digest_of(base.get(article), encoder.digest)
        for article, key in of.get("vectors", {}).items()
    )


def _duration(seconds: float) -> str:
    for unit, size in (("hours", 3600), ("minutes", 60)):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.{0 if seconds >= 10 * size else 1}f} {unit}"
    return f"{max(seconds, 1):.0f} seconds"
