"""Units of one article: sentences, tokens, terms and quotations as columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from analysis.extract.cleaned_article import CleanedArticle
from analysis.extract.failures import guarded
from analysis.io.article import Article
from analysis.models.encoder import Encoder
from analysis.text.credits import find_credits
from analysis.text.dimensions import find_dimensions
from analysis.text.marks import plain_marks
from analysis.text.outlets import OwnOutlets
from analysis.text.people import Attribution, People
from analysis.text.quotes import Quote, find_quotes
from analysis.text.reported import find_reported, speaks
from analysis.text.scan import scan
from analysis.text.sentences import find_blocks, find_sentences
from analysis.text.signs import find_signs, says
from analysis.text.speakers import SCARE_WORDS, attribute
from analysis.text.style import STYLE, count_style
from analysis.text.tokens import Tokens, normalise, word_hash
from analysis.text.turns import find_turns, outside, with_turns, without_labels
from analysis.text.values import find_values

STEM_CHARACTERS = 6  # a stem for every alphabet; see benchmarks/PAN13.md
Columns = dict[str, list | np.ndarray]
_NO_CREDITS: Columns = {column: [] for column in "sentence kind name start end reach".split()}
UNIT_TABLES = ("articles", "sentences", "tokens", "terms", "quotes", "credits", "style")


class Remembered(dict):
    """What a function returns for each word, called once a word, as the words of an archive recur.

    When there are too many, all are forgotten.
    """

    MOST = 1 << 17

    def __init__(self, function: Callable[[str], object]):
        self._function = function

    def __missing__(self, word: str):
        if len(self) >= self.MOST:
            self.clear()
        value = self[word] = self._function(word)
        return value


_NORMAL = Remembered(normalise)
_STEM = Remembered(lambda word: word_hash(word[:STEM_CHARACTERS]))


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
        Capitalised where neither a sentence begins nor a headline capitalises most words: part of a
        name.
    vocabulary : list of str
        The distinct words, sorted.
    numbers : int64 array of shape (n_tokens,)
        Which of them each token is.
    tables : dict
        Columns of `articles` (one row), `sentences`, `tokens`, `terms`, `quotes`, `credits` and
        `style`, without article_id.
    quotes : list of Quote
        Those that hold a word.
    scare : list of bool
        Which of them are scare quotes.
    text : str
        The article's, with blanks for the labels of turns.
    failed : dict of str to str
        What could not be found, by part, and why.
    """

    tokens: Tokens
    sentence: np.ndarray
    spans: list[tuple[int, int, int]]
    capital: np.ndarray
    vocabulary: list[str]
    numbers: np.ndarray
    tables: dict[str, Columns]
    quotes: list[Quote]
    scare: list[bool]
    text: str
    failed: dict[str, str] = field(default_factory=dict)

    @cached_property
    def sentence_list(self) -> list[int]:
        """`sentence` as a list."""
        return self.sentence.tolist()


def extract_units(article: Article, outlets: OwnOutlets = ()) -> Units:
    """Split one article into its units.

    What fails is left out: sentences and words remain where quotations, speakers, reported
    statements, credits or style cannot be found.

    Parameters
    ----------
    article : Article
        A `CleanedArticle` has its credits read where nothing is masked.

    outlets : tuple of (name, other names, whether an agency)
        Those of corpus.yml, whom credits may name.

    Returns
    -------
    Units
    """
    english = article.language.split("-")[0] == "en"
    failed: dict[str, str] = {}
    turns = guarded(failed, "turns", lambda: find_turns(article.text), [])
    text = without_labels(article.text, turns)
    plain = plain_marks(text)
    quotes = guarded(failed, "quotations", lambda: find_quotes(plain), [])
    blocks = find_blocks(text)
    spans = find_sentences(plain, quotes, blocks)
    quotes = outside(quotes, turns)
    start, end, hashes = scan(text)
    places = start.tolist()
    tokens = Tokens(start, end, [_NORMAL[text[s:e]] for s, e in zip(places, end.tolist())])
    starts = np.array([s for s, _, _ in spans], np.int64)
    sentence = (np.searchsorted(starts, tokens.start, side="right") - 1).astype(np.int32)
    # who speaks is read by English verbs; elsewhere only short quotations are distinguished
    sizes = np.subtract(*_words_of(quotes, tokens)[::-1])
    bare = [Attribution(scare=bool(n <= SCARE_WORDS)) for n in sizes]
    people, said, stated = None, bare, []
    if english:
        people, said = guarded(
            failed,
            "attribution",
            lambda: _attributed(plain, tokens, quotes, blocks, spans, turns),
            (None, bare),
        )
    quotes, said = with_turns(quotes, said, turns)
    if english and "attribution" not in failed:
        stated = guarded(
            failed,
            "reported",
            lambda: find_reported(plain, tokens, spans, quotes, said, people),
            [],
        )
    if english and "’" not in text:  # names keep the apostrophe that the article has
        said = [_with_straight(one) for one in said]
        stated = [replace(one, attribution=_with_straight(one.attribution)) for one in stated]
    first, last = _words_of(quotes, tokens)
    quoted = np.zeros(len(tokens), bool)
    for a, b, attribution in zip(first, last, said):
        if not attribution.scare:
            quoted[a:b] = True
    upper = np.array(list(map(str.isupper, map(text.__getitem__, places))), bool)
    may_be_names = _may_be_names(upper, sentence, len(spans))
    vocabulary = sorted(set(tokens.words))
    number = dict(zip(vocabulary, range(len(vocabulary))))
    numbers = np.fromiter(map(number.__getitem__, tokens.words), np.int64, len(tokens))
    stems = np.fromiter(map(_STEM.__getitem__, vocabulary), np.uint64, len(vocabulary))
    n_tokens = np.bincount(sentence, minlength=len(spans)).astype(np.int32)
    n_quoted = np.bincount(sentence, weights=quoted, minlength=len(spans))
    said_in = np.bincount(sentence, weights=english & says(tokens, quoted), minlength=len(spans))
    kept = [i for i in range(len(quotes)) if last[i] > first[i]]
    credits = guarded(
        failed, "credits", lambda: _credits(article, starts, english, outlets), _NO_CREDITS
    )
    style = guarded(
        failed,
        "style",
        lambda: count_style(text, tokens, sentence, starts, quoted, english=english),
        {name: np.zeros(len(spans), np.int32) for name in STYLE},
    )
    rows = [
        (quotes[i].start, quotes[i].end, int(first[i]), int(last[i]), True, said[i]) for i in kept
    ]
    rows += [(r.start, r.end, r.first, r.last, False, r.attribution) for r in stated]
    tables: dict[str, Columns] = {
        "articles": {
            "n_chars": [len(text)],
            "n_tokens": [len(tokens)],
            "n_sentences": [len(spans)],
            "sha256": [article.sha256],
        },
        "sentences": {
            "sentence": np.arange(len(spans)),
            "paragraph": [p for _, _, p in spans],
            "start": starts,
            "end": [e for _, e, _ in spans],
            "n_tokens": n_tokens,
            "quoted_share": n_quoted / np.maximum(n_tokens, 1),
            "says": said_in > 0,
        },
        "tokens": {
            "position": np.arange(len(tokens)),
            "sentence": sentence,
            "start": tokens.start,
            "end": tokens.end,
            "hash": hashes,
            "stem": stems[numbers],
            "quoted": quoted,
            "signs": find_signs(tokens) * english,
        },
        "terms": _terms(vocabulary, numbers, sentence, upper, may_be_names),
        "quotes": _voices(rows, starts),
        "credits": credits,
        "style": {"sentence": np.arange(len(spans)), **style},
    }
    return Units(
        tokens,
        sentence,
        spans,
        upper & may_be_names,
        vocabulary,
        numbers,
        tables,
        [quotes[i] for i in kept],
        [said[i].scare for i in kept],
        text,
        failed,
    )


def _attributed(plain, tokens, quotes, blocks, spans, turns):
    """The people of a text, and who said each quotation."""
    people = None
    if quotes or speaks(tokens.words):
        people = People(plain, with_turns(quotes, [Attribution()] * len(quotes), turns)[0])
    return people, attribute(plain, quotes, blocks, spans, people)


def _words_of(quotes: list[Quote], tokens: Tokens) -> tuple[np.ndarray, np.ndarray]:
    """First and last word, the last exclusive, of each quotation."""
    return (
        np.searchsorted(tokens.start, [q.inner_start for q in quotes]),
        np.searchsorted(tokens.start, [q.inner_end for q in quotes]),
    )


def _with_straight(said: Attribution) -> Attribution:
    if "’" not in said.speaker + said.description:
        return said
    return replace(
        said, speaker=said.speaker.replace("’", "'"), description=said.description.replace("’", "'")
    )


def _credits(article: Article, starts: np.ndarray, english: bool, outlets: OwnOutlets) -> Columns:
    """Columns of `credits`, with offsets into the text in which they are read."""
    text = article.repaired.text if isinstance(article, CleanedArticle) else article.text
    credits = find_credits(text, english=english, own=outlets)
    places = [c.start for c in credits]
    if isinstance(article, CleanedArticle) and article.repaired is not article.cleaned:
        stored, _ = article.repaired.originals(places, [c.end for c in credits])
        places = article.cleaned.places(stored).tolist()
    return {
        "sentence": sentences_of(places, starts),
        **columns_of(credits, "kind", "name", "start", "end", "reach"),
    }


def _voices(
    rows: list[tuple[int, int, int, int, bool, Attribution]], starts: np.ndarray
) -> Columns:
    """Columns of `quotes`, from start, end, first and last word, directness and attribution."""
    rows.sort(key=lambda row: (row[0], -row[1]))
    start, end, first, last, direct, said = (
        (list(column) for column in zip(*rows)) if rows else ([],) * 6
    )
    return {
        "sentence": (np.searchsorted(starts, start, side="right") - 1).tolist(),
        "position": first,
        "start": start,
        "end": end,
        "n_words": [b - a for a, b in zip(first, last)],
        "direct": direct,
        **columns_of(said, "scare", "speaker", "description", "verb", "unnamed"),
    }


def sentence_values(article: Article, units: Units) -> Columns:
    """Columns of `values`: numbers, dates, times and names, and what they measure.

    Parameters
    ----------
    article : Article
    units : Units

    Returns
    -------
    Columns
    """
    values = find_values(units.text, units.spans, language=article.language)
    english = article.language.split("-")[0] == "en"
    starts = units.tables["sentences"]["start"]
    return {
        "sentence": sentences_of([v.start for v in values], starts),
        **columns_of(values, "kind", "value", "start", "end"),
        "dimension": find_dimensions(values, units.tokens, units.sentence, english=english),
    }


def sentences_of(places: list[int], starts: np.ndarray) -> list[int]:
    """The sentence of each character; the first also of what comes before it.

    Parameters
    ----------
    places : list of int
        Characters of the text.
    starts : array
        First character of each sentence.

    Returns
    -------
    list of int
    """
    return np.maximum(np.searchsorted(starts, places, side="right") - 1, 0).tolist()


def columns_of(found: list, *names: str) -> Columns:
    """Attributes of found things as columns.

    Parameters
    ----------
    found : list
        Things with attributes of these names.

    Returns
    -------
    Columns
    """
    return {name: [getattr(one, name) for one in found] for name in names}


def sentence_vectors(article: Article, units: Units, encoder: Encoder) -> Columns:
    """Columns of `vectors`: the embedding of every sentence, in half precision.

    Parameters
    ----------
    article : Article
    units : Units
    encoder : Encoder

    Returns
    -------
    Columns
    """
    vectors = encoder.encode([article.text[s:e] for s, e, _ in units.spans]).astype(np.float16)
    return {"sentence": np.arange(len(vectors)), "embedding": list(vectors)}


def _may_be_names(upper: np.ndarray, sentence: np.ndarray, n_sentences: int) -> np.ndarray:
    """At which tokens a capital may mark a name.

    Not at the beginning of a sentence, nor in a headline that capitalises most words.
    """
    opens = np.r_[True, sentence[1:] != sentence[:-1]] if len(upper) else np.empty(0, bool)
    capitals = np.bincount(sentence, weights=upper & ~opens, minlength=n_sentences)
    others = np.bincount(sentence, minlength=n_sentences) - 1
    share = capitals / np.maximum(others, 1)
    return ~opens & (share[sentence] < 0.6)


def _terms(
    vocabulary: list[str],
    numbers: np.ndarray,
    sentence: np.ndarray,
    upper: np.ndarray,
    may_be_names: np.ndarray,
) -> Columns:
    """Words by sentence, and whether each is a name in this article.

    It is if it is capitalised more often than not, where a capital may mark a name.
    """
    signs = np.where(upper, 1, -1) * (may_be_names | ~upper)
    more_capital = np.bincount(numbers, weights=signs, minlength=len(vocabulary))
    pairs = sentence.astype(np.int64) * len(vocabulary) + numbers
    pairs, counts = np.unique(pairs, return_counts=True)
    where, which = np.divmod(pairs, max(len(vocabulary), 1))
    return {
        "sentence": where,
        "term": [vocabulary[w] for w in which.tolist()],
        "is_name": more_capital[which] > 0,
        "count": counts,
    }
