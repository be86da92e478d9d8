"""Units of one article: sentences, tokens, terms and quotations as columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from ..corpus import Article
from ..models import Encoder
from ..text import Tokens, find_blocks, find_quotes, find_sentences, tokenise
from ..text.speakers import SCARE_WORDS, Attribution, attribute

Columns = dict[str, list | np.ndarray]
UNIT_TABLES = ("articles", "sentences", "tokens", "terms", "quotes")


@dataclass(frozen=True)
class Units:
    """What the other extractors need of an article.

    Attributes
    ----------
    tokens : Tokens
    sentence : int32 array of shape (n_tokens,)
        The sentence of each token.
    spans : list of (start, end, paragraph)
        The sentences.
    capital : bool array of shape (n_tokens,)
        Capitalised where neither a sentence begins nor a headline capitalises most words: part of a name.
    tables : dict
        Columns of `articles` (one row), `sentences`, `tokens`, `terms` and `quotes`, without article_id.
    """

    tokens: Tokens
    sentence: np.ndarray
    spans: list[tuple[int, int, int]]
    capital: np.ndarray
    tables: dict[str, Columns]


def extract_units(article: Article) -> Units:
    """Split one article into its units."""
    text, english = article.text, article.language.split("-")[0] == "en"
    quotes = find_quotes(text)
    spans = find_sentences(text, quotes)
    tokens = tokenise(text)
    starts = np.array([s for s, _, _ in spans], np.int64)
    sentence = (np.searchsorted(starts, tokens.start, side="right") - 1).astype(np.int32)
    first = np.searchsorted(tokens.start, [q.inner_start for q in quotes])
    last = np.searchsorted(tokens.start, [q.inner_end for q in quotes])
    if english:
        said = attribute(text, quotes, find_blocks(text), spans)
    else:  # who speaks is read by English verbs; elsewhere short quotations alone are told apart
        said = [Attribution(scare=b - a <= SCARE_WORDS) for a, b in zip(first, last)]
    quoted = np.zeros(len(tokens), bool)
    for a, b, attribution in zip(first, last, said):
        if not attribution.scare:
            quoted[a:b] = True
    upper, tells = _capitals(text, tokens, sentence, len(spans))
    n_tokens = np.bincount(sentence, minlength=len(spans)).astype(np.int32)
    n_quoted = np.bincount(sentence, weights=quoted, minlength=len(spans))
    kept = [i for i in range(len(quotes)) if last[i] > first[i]]
    tables: dict[str, Columns] = {
        "articles": {"n_chars": [len(text)], "n_tokens": [len(tokens)], "n_sentences": [len(spans)], "sha256": [article.sha256]},
        "sentences": {"sentence": np.arange(len(spans)), "paragraph": [p for _, _, p in spans], "start": starts,
                      "end": [e for _, e, _ in spans], "n_tokens": n_tokens, "quoted_share": n_quoted / np.maximum(n_tokens, 1)},
        "tokens": {"position": np.arange(len(tokens)), "sentence": sentence, "start": tokens.start, "end": tokens.end,
                   "hash": tokens.hashes, "quoted": quoted},
        "terms": _terms(tokens, sentence, upper, tells),
        "quotes": {"sentence": [int(np.searchsorted(starts, quotes[i].start, side="right") - 1) for i in kept],
                   "position": [int(first[i]) for i in kept], "start": [quotes[i].start for i in kept],
                   "end": [quotes[i].end for i in kept], "n_words": [int(last[i] - first[i]) for i in kept],
                   "direct": [True] * len(kept), "scare": [said[i].scare for i in kept], "speaker": [said[i].speaker for i in kept],
                   "description": [said[i].description for i in kept], "verb": [said[i].verb for i in kept],
                   "unnamed": [said[i].unnamed for i in kept]},
    }
    return Units(tokens, sentence, spans, upper & tells, tables)


def sentence_vectors(article: Article, units: Units, encoder: Encoder) -> Columns:
    """Columns of `vectors`: the embedding of every sentence, in half precision."""
    vectors = encoder.encode([article.text[s:e] for s, e, _ in units.spans]).astype(np.float16)
    return {"sentence": np.arange(len(vectors)), "embedding": list(vectors)}


def _capitals(text: str, tokens: Tokens, sentence: np.ndarray, n_sentences: int) -> tuple[np.ndarray, np.ndarray]:
    """Which tokens are capitalised, and at which a capital tells something: not at the beginning of a sentence, nor in a
    headline that capitalises most words."""
    upper = np.array([text[s].isupper() for s in tokens.start.tolist()], bool)
    opens = np.r_[True, sentence[1:] != sentence[:-1]] if len(tokens) else np.empty(0, bool)
    counted = np.bincount(sentence, weights=upper & ~opens, minlength=n_sentences), np.bincount(sentence, minlength=n_sentences) - 1
    share = counted[0] / np.maximum(counted[1], 1)
    return upper, ~opens & (share[sentence] < 0.6)


def _terms(tokens: Tokens, sentence: np.ndarray, upper: np.ndarray, tells: np.ndarray) -> Columns:
    """Words by sentence; a word is a name if in the article it stands capitalised more often than not, where that tells."""
    told: Counter[str] = Counter()
    for word, up, here in zip(tokens.words, upper.tolist(), tells.tolist()):
        if here or not up:
            told[word] += 1 if up else -1
    counts = Counter(zip(sentence.tolist(), tokens.words))
    keys = sorted(counts)
    return {"sentence": [s for s, _ in keys], "term": [w for _, w in keys], "is_name": [told[w] > 0 for _, w in keys],
            "count": [counts[k] for k in keys]}
