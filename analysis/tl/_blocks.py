"""Blocks: the parts of an article's profile, counted by sentence for one bootstrap of all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from analysis.codebook import Entry
from analysis.errors import FeaturesError
from analysis.features import Features
from analysis.matching import Matcher
from analysis.models.encoder import load_encoder
from analysis.text.style import STYLE
from analysis.text.tokens import words_of
from analysis.text.verbs import verb_of
from analysis.tl._axis_vectors import axis_vectors, checked_axes, word_vectors
from analysis.tl._frames_prototypes import listed_entries
from analysis.tl._words import STOP, english, is_all_in, word_counts
from analysis.views import sentence_hits, spoken

_SHORT, LONG = 8, 30  # words of a sentence
ACTOR_LABELS = 2  # articles that call an actor by a family before the pair is a feature
# articles on different people cannot be compared by features of one of them
PRESENT = 0.5  # share of the articles that mention an actor with features of his own
VALUE, ROOT, DIRECTION = "value", "root", "direction"
AXIS_WORDS = 5000  # the most frequent ones are embedded, as in `axes`
_VERBS = ("endorsing", "doubting", "denying", "attacking")  # classes with an attitude to the speech
_COMMON = 100  # function words that are compared, the most frequent ones (Burrows 2002)


@dataclass(frozen=True, eq=False)
class BlockCounts:
    """One block, counted by sentence; an article's value is the ratio of its sums.

    Attributes
    ----------
    names : list of str
        Of the features.
    numerators : float array of shape (n_sentences, n_features)
        In the order of the table `sentences`.
    denominators : float array of shape (n_sentences, n_features) or (n_sentences, 1)
        Where an article's sum is 0, its value is missing.
    compare : {"value", "root", "direction"}
        How articles are compared: by the values, by their square roots (which makes the variance of
        rare and frequent counts alike), or as one vector's direction, whose columns keep their
        proportions.
    note : str
        A warning that belongs beside every use of the block.
    examples : list of str
        A label that stands for each feature, "" where there is none.
    """

    names: list[str]
    numerators: np.ndarray
    denominators: np.ndarray
    compare: str = VALUE
    note: str = ""
    examples: list[str] = field(default_factory=list)


def _labels(features: Features) -> BlockCounts:
    """Labels of each family per mention of an actor in the outlet's own words.

    By actor where half of the articles mention him and at least two call him so, over all others
    together; a doubtful label counts in part.
    """
    families = features.codebook("labels")
    if not families:
        raise FeaturesError(
            'the codebook has no families of labels (add "use: [label_families]" to codebook.yml)'
        )
    table = _by_sentence(features, "labels")
    table = table[~table["quoted"]]
    mentions = _outlet_mentions(features)
    if table.empty or mentions.empty:
        raise FeaturesError("no actor of the codebook is called anything")
    rows, weight = _rows(features, table), table["confidence"].to_numpy(float)
    every = _rows(features, mentions)
    n = len(_words(features))
    present = {a: (mentions["actor"] == a).to_numpy() for a in _present(features, mentions)}
    mentioned = {actor: _sums(n, every[rows_of]) for actor, rows_of in present.items()}
    columns, examples = {}, []
    for family, about in families.items():
        entry = Entry("labels", family, dict.fromkeys((w.lower() for w in about["words"]), 1.0))
        holds = _matches(Matcher(entry), table["label"])
        rest, of_rest, name = _sums(n, rows[holds], weight[holds]), _sums(n, every), family
        for actor, mentions_of in mentioned.items():
            chosen = holds & (table["actor"] == actor).to_numpy()
            if table.loc[chosen, "article_id"].nunique() >= ACTOR_LABELS:
                labels_of = _sums(n, rows[chosen], weight[chosen])
                columns[f"{actor} {family}"] = labels_of, mentions_of
                examples.append(_foremost(table[chosen]))
                rest, of_rest = rest - labels_of, of_rest - mentions_of
                name = f"{family} of others"
        columns[name] = rest, of_rest
        examples.append("")
    return replace(_roots(columns), examples=examples)


def _foremost(labels: pd.DataFrame) -> str:
    """The label of most articles, if several have it and it is short."""
    articles = labels.drop_duplicates(["article_id", "label"])["label"].value_counts()
    best = sorted(articles.index, key=lambda label: (-articles[label], label))[:1]
    return next((b for b in best if articles[b] > 1 and len(words_of(b)) <= 2), "")


def _voices(features: Features) -> BlockCounts:
    """Words that others speak, per word: quoted, reported, in scare quotes.

    In the private form also speakers, how many words the foremost of them and unnamed ones have,
    and by which verbs they speak.
    """
    sentences = features.table("sentences", ["n_tokens", "quoted_share"])
    words = sentences["n_tokens"].to_numpy(float)
    quotes = spoken(features.table("quotes"))
    rows, length = _rows_of_words(features, quotes), quotes["n_words"].to_numpy(float)
    scare, direct = quotes["scare"].to_numpy(bool), quotes["direct"].to_numpy(bool)

    def quoted_words(kept: np.ndarray) -> np.ndarray:
        return _sums(len(words), rows[kept], length[kept])

    columns = {
        "quoted": (sentences["quoted_share"].to_numpy(float) * words, words),
        "reported": (quoted_words(~direct), words),
        "scare quotes": (quoted_words(scare), words),
    }
    if "speaker" not in quotes:
        del columns["reported"]  # nothing that is reported ships
        return _roots(columns, "voices: who speaks is known in the private form only.")
    named, unnamed = (quotes["speaker"] != "").to_numpy(), quotes["unnamed"].to_numpy(bool)
    said = ~scare & (named | unnamed)
    speakers = quotes[said & named]
    pairs = speakers.groupby(["article_id", "speaker"], sort=True)["n_words"].transform("sum")
    first = speakers.drop_duplicates(["article_id", "speaker"]).index
    top = (
        speakers.assign(total=pairs)
        .sort_values(["total", "speaker"], ascending=[False, True], kind="stable")
        .drop_duplicates("article_id")
        .set_index("article_id")["speaker"]
    )
    foremost = speakers.index[speakers["speaker"] == speakers["article_id"].map(top)]
    told = quoted_words(said)
    columns["speakers"] = _sums(len(words), rows[first]), words
    columns["foremost speaker"] = quoted_words(foremost), told
    columns["unnamed"] = quoted_words(said & unnamed), told
    verbs = {verb: verb_of(verb) for verb in set(quotes["verb"])}
    class_of = {v: known.verb_class if known else "" for v, known in verbs.items()}
    classes = quotes["verb"].map(class_of).where(~scare, "")
    of_verbs = _sums(len(words), rows[(classes != "").to_numpy()])
    for name in _VERBS:
        of_class = _sums(len(words), rows[(classes == name).to_numpy()])
        columns[f"{name} verbs"] = of_class, of_verbs
    return _roots(columns)


def _frames(features: Features) -> BlockCounts:
    """Words of each frame, per word."""
    names = listed_entries(features)
    if not names:
        raise FeaturesError("the codebook names no frames")
    hits, words = sentence_hits(features, "frame"), _words(features)
    above = _sums_by(features, hits, "entry", names, hits["count"])
    return BlockCounts(names, above, words[:, None], compare=ROOT)


def _axes(features: Features) -> BlockCounts:
    """Bias along each axis of the codebook: the mean cosine of words with it (see `axes`).

    Names and function words are left out.
    """
    if not features.codebook("axes"):
        raise FeaturesError('the codebook has no axes (add "use: [axes]" to codebook.yml)')
    if not english(features):
        raise FeaturesError("the encoder of axes reads English only")
    _by_sentence(features, "terms")
    poles = checked_axes(features.codebook("axes"))
    counts = word_counts(features, unit="sentence", names=False, stop_words=False)
    totals = counts.matrix.sum(axis=0)
    kept = np.sort(np.lexsort((np.arange(len(totals)), -totals))[:AXIS_WORDS])
    encoder, matrix = load_encoder(), counts.matrix[:, kept]
    words = word_vectors(counts.terms[kept], encoder).astype(float)
    cosines = words @ axis_vectors(poles, encoder).T
    return BlockCounts(list(poles), matrix @ cosines, matrix.sum(axis=1).astype(float)[:, None])


def _tone(features: Features) -> BlockCounts:
    """Mean of positive less negative chances over mentions in the outlet's own words.

    By actor where half of the articles mention him, over all others of a side together.
    """
    mentions = _outlet_mentions(features).dropna(subset=["positive", "negative"])
    if mentions.empty:
        raise FeaturesError("no mention of an actor has a tone (extract with a tone model)")
    present, group_of = _present(features, mentions), {}
    for actor, about in features.codebook("actors").items():
        others = f"others of {about['side']}" if about.get("side") else "others"
        group_of[actor] = actor if actor in present else others
    mentions = mentions.assign(group=mentions["actor"].map(group_of))
    found = set(mentions["group"])
    names = [name for name in dict.fromkeys(group_of.values()) if name in found]
    tone = mentions["positive"] - mentions["negative"]
    above = _sums_by(features, mentions, "group", names, tone)
    return BlockCounts(names, above, _sums_by(features, mentions, "group", names))


def _polarity(features: Features) -> BlockCounts:
    """Mean polarity of sentences by each dictionary."""
    names = listed_entries(features, "dictionary")
    if not names:
        raise FeaturesError("the codebook names no dictionaries")
    entries = features.manifest["entries"]
    made_for = {name: entries[f"dictionary/{name}"]["language"] for name in names}
    names = [name for name, of in made_for.items() if of is None or is_all_in(features, of)]
    if not names:
        raise FeaturesError("the dictionaries are of another language than the articles")
    scores = features.table("scores")
    above = _sums_by(features, scores, "dictionary", names, scores["score"])
    return BlockCounts(names, above, np.ones((len(above), 1)))


def _style(features: Features) -> BlockCounts:
    """How it is written: length of article, sentences, paragraphs and words, marks, small words."""
    table, sentences = _by_sentence(features, "style"), features.table("sentences")
    words = sentences["n_tokens"].to_numpy(float)
    one = np.ones(len(words))
    paragraph = sentences[["article_id", "paragraph"]]
    opens = paragraph.ne(paragraph.shift()).any(axis=1).to_numpy(float)
    sizes = sentences.groupby("article_id", sort=False)["sentence"].transform("size")
    columns = {
        "words": (words, one / sizes.to_numpy(float)),
        "words a sentence": (words, one),
        "words a paragraph": (words, opens),
        "short sentences": (words <= _SHORT, one),
        "long sentences": (words > LONG, one),
    }
    rows = _rows(features, table)
    for name in STYLE:
        if name != "in_marks":  # quoted words are of the voices
            above = _sums(len(words), rows, table[name].to_numpy(float))
            columns[name.replace("_", " ")] = above, words
    return _roots(columns)


def _function_words(features: Features) -> BlockCounts:
    """The corpus's most frequent English function words, per word.

    References
    ----------
    Burrows, J. (2002). 'Delta': a measure of stylistic difference. Literary and Linguistic
    Computing 17(3). https://doi.org/10.1093/llc/17.3.267
    """
    if not english(features):
        raise FeaturesError("function words are known for English only")
    terms = _by_sentence(features, "terms")
    terms = terms[terms["term"].isin(STOP)]
    totals = terms.groupby("term", sort=True)["count"].sum()
    names = totals.sort_values(ascending=False, kind="stable").index[:_COMMON].tolist()
    if not names:
        raise FeaturesError("the articles hold no English function word")
    above = _sums_by(features, terms, "term", names, terms["count"])
    return BlockCounts(names, above, _words(features)[:, None], compare=ROOT)


def _content(features: Features) -> BlockCounts:
    """The mean of the sentences' embeddings: what the article is about."""
    if not features.has("vectors") or not len(table := features.table("vectors")):
        raise FeaturesError(
            "there are no sentence embeddings (the private form has them, of English articles)"
        )
    rows, vectors = _rows(features, table), np.stack(table["embedding"].to_numpy()).astype(float)
    above = np.zeros((len(_words(features)), vectors.shape[1]))
    above[rows] = vectors
    names = [f"dimension {i}" for i in range(1, vectors.shape[1] + 1)]
    return BlockCounts(names, above, _sums(len(above), rows)[:, None], compare=DIRECTION)


BLOCKS: dict[str, Callable[[Features], BlockCounts]] = {
    "labels": _labels,
    "voices": _voices,
    "frames": _frames,
    "axes": _axes,
    "tone": _tone,
    "polarity": _polarity,
    "style": _style,
    "function_words": _function_words,
    "content": _content,
}
NOT_FRAMING = {
    "style": "how an outlet writes",
    "function_words": "how an outlet writes",
    "content": "what an article is about",
}
FRAMING = tuple(name for name in BLOCKS if name not in NOT_FRAMING)


def _roots(columns: dict[str, tuple[np.ndarray, np.ndarray]], note: str = "") -> BlockCounts:
    """Rates by name (numerator, denominator), compared as square roots."""
    above, below = map(np.column_stack, zip(*columns.values()))
    return BlockCounts(list(columns), above.astype(float), below, compare=ROOT, note=note)


def _by_sentence(features: Features, name: str) -> pd.DataFrame:
    if not features.has(name):
        raise FeaturesError(f"there is no table {name}")
    table = features.table(name)
    if "sentence" not in table:
        raise FeaturesError(f"the {features.form} form does not have {name} by sentence")
    return table


def _outlet_mentions(features: Features) -> pd.DataFrame:
    """Mentions of actors in the outlet's own voice."""
    if not features.has("mentions"):
        raise FeaturesError("there is no table of mentions")
    mentions = _by_sentence(features, "mentions")
    columns = ["article_id", "sentence", "actor", "voice", "negative", "positive"]
    return mentions.loc[mentions["voice"] == "outlet", columns].reset_index(drop=True)


def _present(features: Features, mentions: pd.DataFrame) -> list[str]:
    """Actors whom at least half of the articles mention, in the order of the codebook."""
    articles = mentions.groupby("actor")["article_id"].nunique()
    least = PRESENT * len(features.article_ids)
    return [actor for actor in features.codebook("actors") if articles.get(actor, 0) >= least]


def _matches(matcher: Matcher, labels: pd.Series) -> np.ndarray:
    """Whether a word of the family stands in each label."""
    words = {label: words_of(label) for label in set(labels)}
    found = {label: bool(matcher.find(said, [0] * len(said))) for label, said in words.items()}
    return labels.map(found).to_numpy(bool)


def _words(features: Features) -> np.ndarray:
    return features.table("sentences", ["n_tokens"])["n_tokens"].to_numpy(float)


def _rows(features: Features, table: pd.DataFrame) -> np.ndarray:
    """The row in `sentences` of the sentence of each row of another table."""
    keys = ["article_id", "sentence"]
    sentences = pd.MultiIndex.from_frame(features.table("sentences", keys))
    return sentences.get_indexer(pd.MultiIndex.from_frame(table[keys]))


def _rows_of_words(features: Features, quotes: pd.DataFrame) -> np.ndarray:
    """The row in `sentences` of the sentence in which each quotation begins.

    It is found by the place of its first word, which both forms have.
    """
    sentences = features.table("sentences", ["article_id", "n_tokens"])
    ends = np.cumsum(sentences["n_tokens"].to_numpy(np.int64))
    begins = pd.Series(ends - sentences["n_tokens"].to_numpy(), sentences["article_id"])
    begins = begins[~begins.index.duplicated()]
    places = begins.reindex(quotes["article_id"]).to_numpy(np.int64)
    return np.searchsorted(ends, places + quotes["position"].to_numpy(np.int64), side="right")


def _sums(n: int, rows: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    return np.bincount(rows, weights=weights, minlength=n).astype(float)


def _sums_by(
    features: Features,
    table: pd.DataFrame,
    column: str,
    names: list[str],
    weights: pd.Series | None = None,
) -> np.ndarray:
    """Rows of a table, or their weights, summed by sentence and by the names in a column."""
    n, codes = len(_words(features)), pd.Index(names).get_indexer(table[column])
    cells = (_rows(features, table) * len(names) + codes)[codes >= 0]
    weights = None if weights is None else weights.to_numpy(float)[codes >= 0]
    return _sums(n * len(names), cells, weights).reshape(n, len(names))
