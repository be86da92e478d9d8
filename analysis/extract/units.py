"""Units of one article: sentences, tokens, terms and quotations as columns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from analysis.extract.attributed import PARSE_ALL, PARSE_NONE, PARSE_VOICES, ParsedArticle
from analysis.extract.cleaned_article import CleanedArticle
from analysis.extract.failures import guarded
from analysis.io.article import Article
from analysis.languages.attributions import IN_MARKS, SCARE_WORDS, TEXT, TURN, Attribution
from analysis.languages.mentions import Actors
from analysis.languages.names import find_names, fullest
from analysis.languages.syntax import Parse, load_syntax
from analysis.models.encoder import Encoder
from analysis.text.block_quotes import find_block_quotes, with_blocks
from analysis.text.credits import find_credits
from analysis.text.dimensions import find_dimensions
from analysis.text.lists import words
from analysis.text.marks import plain_marks
from analysis.text.outlets import OwnOutlets
from analysis.text.quotes import Quote, find_quotes
from analysis.text.scan import scan
from analysis.text.sentences import final_mark, find_blocks, find_sentences
from analysis.text.signs import find_signs, says
from analysis.text.style import STYLE, count_style
from analysis.text.tokens import Tokens, normalise, word_hash
from analysis.text.turns import Turns, find_turns, outside, without_labels
from analysis.text.values import Value, find_values, name_value

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
    reading : ParsedArticle or None
        What the parser makes of it; None without one.
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
    reading: ParsedArticle | None = None
    failed: dict[str, str] = field(default_factory=dict)

    @cached_property
    def sentence_list(self) -> list[int]:
        """`sentence` as a list."""
        return self.sentence.tolist()


def extract_units(
    article: Article,
    outlets: OwnOutlets = (),
    *,
    parse: str = PARSE_ALL,
    pipelines: Mapping[str, str] = {},
    actors: Actors | None = None,
) -> Units:
    """Split one article into its units.

    What fails is left out: sentences and words remain where quotations, speakers, reported
    statements, credits or style cannot be found.

    Parameters
    ----------
    article : Article
        A `CleanedArticle` has its credits read where nothing is masked.

    outlets : tuple of (name, other names, whether an agency)
        Those of corpus.yml, whom credits may name.
    parse : {"all", "voices", "none"}
        Which sentences are parsed: those in which somebody may speak or be called something, only
        those that name an actor or hold a quotation, or none; then nobody speaks but in turns.
    pipelines : mapping of str to str
        The pipeline that corpus.yml names, by language.
    actors : Actors, optional
        Of the codebook, for "voices".

    Returns
    -------
    Units
    """
    english = article.language.split("-")[0] == "en"
    failed: dict[str, str] = {}
    turns = guarded(failed, "turns", lambda: find_turns(article.text), Turns())
    text = without_labels(article.text, turns)
    plain = plain_marks(text)
    none: list[Quote] = []
    quotes = guarded(failed, "quotations", lambda: find_quotes(plain), none)
    blocks = find_blocks(text)
    spans = find_sentences(plain, quotes, blocks)
    quotes, layouts = with_blocks(
        quotes, guarded(failed, "quotations", lambda: find_block_quotes(plain, blocks, quotes), [])
    )
    quotes = outside(quotes, turns)
    start, end, hashes = scan(text)
    places = start.tolist()
    tokens = Tokens(start, end, [_NORMAL[text[s:e]] for s, e in zip(places, end.tolist())])
    starts = np.array([s for s, _, _ in spans], np.int64)
    sentence = (np.searchsorted(starts, tokens.start, side="right") - 1).astype(np.int32)
    reading = None
    if parse != PARSE_NONE:
        language = article.language.split("-")[0].lower()
        parser = guarded(
            failed, "attribution", lambda: load_syntax(language, pipelines.get(language)), None
        )
        near = (actors or Actors({})) if parse == PARSE_VOICES else None
        reading = None if parser is None else ParsedArticle(parser, plain, spans, quotes, near)
    # elsewhere nobody is known to speak, and short quotations alone are told apart
    sizes = np.subtract(*_words_of(quotes, tokens)[::-1]).tolist()
    said = [
        Attribution(q.start, q.end, direct=True, scare=n <= SCARE_WORDS, confidence=0.5)
        for q, n in zip(quotes, sizes)
    ]
    if reading is not None:
        said = guarded(failed, "attribution", lambda: reading.attributions or said, said)
    for one in said:
        one.layout = layouts.get(one.start, IN_MARKS) if one.direct else TEXT
    said, stated = [one for one in said if one.direct], [one for one in said if not one.direct]
    stated = _outside(stated, turns)
    quotes, said = _with_turns(quotes, said, turns)
    if "’" not in text:  # names keep the apostrophe that the article has
        for one in (*said, *stated):
            one.speaker = one.speaker.replace("’", "'")
            one.description = one.description.replace("’", "'")
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
    rows = [(said[i], int(first[i]), int(last[i])) for i in kept]
    begin = np.searchsorted(tokens.start, [one.start for one in stated]).tolist()
    stop = np.searchsorted(tokens.start, [one.end for one in stated]).tolist()
    rows += [row for row in zip(stated, begin, stop) if row[2] > row[1]]
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
            "mark": [final_mark(text[s:e]) for s, e, _ in spans],
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
        reading,
        failed,
    )


def _outside(stated: list[Attribution], turns: Turns) -> list[Attribution]:
    """Statements that stand in no turn: what is told in one is the speaker's."""
    starts = [turn.start for turn in turns.turns]
    places = [bisect_right(starts, one.start) - 1 for one in stated]
    return [one for one, at in zip(stated, places) if at < 0 or turns.turns[at].end <= one.start]


def _with_turns(
    quotes: list[Quote], said: list[Attribution], turns: Turns
) -> tuple[list[Quote], list[Attribution]]:
    """Quotations and turns in the order of the text, with who speaks; a turn has no verb."""
    rows = list(zip(quotes, said))
    for turn in turns.turns:
        one = Attribution(turn.start, turn.end, direct=True, layout=TURN, speaker=turn.speaker)
        one.unnamed, one.description = turn.unnamed, turn.speaker if turn.unnamed else ""
        rows.append((Quote(turn.start, turn.end, turn.start, turn.end), one))
    rows.sort(key=lambda row: row[0])
    return [quote for quote, _ in rows], [one for _, one in rows]


def _words_of(quotes: list[Quote], tokens: Tokens) -> tuple[np.ndarray, np.ndarray]:
    """First and last word, the last exclusive, of each quotation."""
    return (
        np.searchsorted(tokens.start, [q.inner_start for q in quotes]),
        np.searchsorted(tokens.start, [q.inner_end for q in quotes]),
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


def _voices(rows: list[tuple[Attribution, int, int]], starts: np.ndarray) -> Columns:
    """Columns of `quotes`, from attributions with their first and last word, the last exclusive."""
    rows.sort(key=lambda row: (row[0].start, -row[0].end))
    said = [one for one, _, _ in rows]
    return {
        "sentence": sentences_of([one.start for one in said], starts),
        "position": [first for _, first, _ in rows],
        **columns_of(said, "start", "end", "kind", "layout"),
        "n_words": [last - first for _, first, last in rows],
        **columns_of(
            said, "direct", "scare", "negated", "speaker", "description", "verb", "unnamed"
        ),
        "confidence": np.array([one.confidence for one in said], np.float32).round(3),
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
    english = article.language.split("-")[0] == "en"
    names = _names(units) if english else []
    values = find_values(units.text, language=article.language, names=names)
    starts = units.tables["sentences"]["start"]
    return {
        "sentence": sentences_of([v.start for v in values], starts),
        **columns_of(values, "kind", "value", "start", "end"),
        "dimension": find_dimensions(values, units.tokens, units.sentence, english=english),
    }


def _names(units: Units) -> list[Value]:
    """Names with the fullest form that the article has of each; without a parse, by capitals."""
    reading = units.reading
    if reading is None:
        doc = Parse(load_syntax(), plain_marks(units.text), units.spans).doc([])
    else:  # words alone where the parser failed on the article
        doc = reading.parse.doc([]) if "attribution" in units.failed else reading.doc
    found = find_names(doc, doubtful=True)
    full, values = fullest(found), []
    inside = {name.text for name in found if not _opens(doc, name.start)}
    titles = words("english", "persons") | words("english", "courtesy")
    for name in found:
        span = doc[name.start : name.end]
        if not name.kind and len(span) == 1:  # its capital may be that of the sentence
            if name.text not in inside or len(name.text) < 3 or name.text.lower() in titles:
                continue
        said = full.get(name.person) or name.text
        values.append(Value(span.start_char, span.end_char, "name", name_value(said)))
    return values


def _opens(doc, first: int) -> bool:
    while first and not doc[first].is_sent_start and doc[first - 1].is_punct:
        first -= 1
    return bool(doc[first].is_sent_start) or doc[first - 1].text == ":"


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
    vectors = encoder.encode(sentence_texts(article, units)).astype(np.float16)
    return {"sentence": np.arange(len(vectors)), "embedding": list(vectors)}


def sentence_texts(article: Article, units: Units) -> list[str]:
    """The sentences of an article as they are embedded.

    Parameters
    ----------
    article : Article
    units : Units

    Returns
    -------
    list of str
    """
    return [article.text[start:end] for start, end, _ in units.spans]


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
