"""Blocks: the parts of an article's profile, counted by sentence so that one bootstrap serves all
of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.codebook import Entry
from analysis.errors import FeaturesError
from analysis.features import PRIVATE, Features
from analysis.matching import Matcher
from analysis.models.encoder import load_encoder
from analysis.text.style import STYLE
from analysis.text.tokens import words_of
from analysis.text.verbs import verb_of
from analysis.tl._axis_vectors import axis_vectors, checked_axes, word_vectors
from analysis.tl._words import STOP, word_counts
from analysis.views import ENGLISH, sentence_hits

SHORT, LONG = 8, 30  # words of a sentence
ACTOR_LABELS = (
    2  # articles that must call an actor by a family for the pair to be a feature of its own
)
# share of the articles that must mention an actor for features of his own: articles on different
# people cannot be compared by them
PRESENT = 0.5
VALUE, ROOT, DIRECTION = "value", "root", "direction"
AXIS_WORDS = 5000  # the most frequent ones are embedded, as in `axes`
VERBS = (
    "endorsing",
    "doubting",
    "denying",
    "attacking",
)  # classes that tell what the outlet, or the speaker, thinks of it
COMMON = 100  # function words that are compared, the most frequent ones (Burrows 2002)


@dataclass(frozen=True, eq=False)
class Counts:
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
        What a reader must be told of the block.
    """

    names: list[str]
    numerators: np.ndarray
    denominators: np.ndarray
    compare: str = VALUE
    note: str = ""


def labels(features: Features) -> Counts:
    """Labels of each family per mention of an actor in the outlet's own words: by actor where half
    of the articles mention him and at least two call him so, over all others together; a doubtful
    label counts in part.
    """
    families = features.codebook("labels")
    if not families:
        raise FeaturesError(
            'the codebook has no families of labels (add "use: [label_families]" to codebook.yml)'
        )
    _needs(features, "labels", "sentence")
    table = features.table("labels")
    table = table[~table["quoted"]]
    mentions = _own_mentions(features)
    if table.empty or mentions.empty:
        raise FeaturesError("no actor of the codebook is called anything")
    matchers = {
        name: Matcher(
            Entry("labels", name, dict.fromkeys((w.lower() for w in about["words"]), 1.0))
        )
        for name, about in families.items()
    }
    words = {label: words_of(label) for label in set(table["label"])}
    found = {
        name: {label: bool(matcher.find(said, [0] * len(said))) for label, said in words.items()}
        for name, matcher in matchers.items()
    }
    where, weight = _rows(features, table), table["confidence"].to_numpy(float)
    n = len(features.table("sentences", ["sentence"]))
    named = {
        actor: _sums(n, _rows(features, mentions[mentions["actor"] == actor]))
        for actor in _present(features, mentions)
    }
    every = _sums(n, _rows(features, mentions))
    names, above, below = [], [], []
    for family in families:
        holds = table["label"].map(found[family]).to_numpy(bool)
        rest, of_rest = _sums(n, where[holds], weight[holds]), every
        for actor in named:
            chosen = holds & (table["actor"] == actor).to_numpy()
            if table.loc[chosen, "article_id"].nunique() >= ACTOR_LABELS:
                own = _sums(n, where[chosen], weight[chosen])
                names, above, below = (
                    [*names, f"{actor} {family}"],
                    [*above, own],
                    [*below, named[actor]],
                )
                rest, of_rest = rest - own, of_rest - named[actor]
        names, above, below = (
            [*names, f"{family} of others" if of_rest is not every else family],
            [*above, rest],
            [*below, of_rest],
        )
    return Counts(names, np.column_stack(above), np.column_stack(below), compare=ROOT)


def voices(features: Features) -> Counts:
    """Words that others speak, per word: quoted, reported, in scare quotes; and in the private form
    speakers, how many words the foremost of them and unnamed ones have, and by which verbs they
    speak.
    """
    sentences = features.table("sentences", ["article_id", "n_tokens", "quoted_share"])
    n, words = len(sentences), sentences["n_tokens"].to_numpy(float)
    quotes = features.table("quotes")
    where = _rows_of_words(features, quotes)
    length = quotes["n_words"].to_numpy(float)
    scare, direct = quotes["scare"].to_numpy(bool), quotes["direct"].to_numpy(bool)
    names = ["quoted", "reported", "scare quotes"]
    above = [
        sentences["quoted_share"].to_numpy(float) * words,
        _sums(n, where[~direct], length[~direct]),
        _sums(n, where[scare], length[scare]),
    ]
    below = [words] * 3
    if features.form != PRIVATE:
        return Counts(
            names,
            np.column_stack(above),
            np.column_stack(below),
            compare=ROOT,
            note="voices: who speaks is known in the private form only.",
        )
    said = (~scare & ((quotes["speaker"] != "") | quotes["unnamed"])).to_numpy(bool)
    spoken = _sums(n, where[said], length[said])
    speakers = quotes[said & (quotes["speaker"] != "").to_numpy()]
    first = speakers.drop_duplicates(["article_id", "speaker"]).index
    totals = speakers.groupby(["article_id", "speaker"], sort=True)["n_words"].sum().reset_index()
    top = totals.sort_values("n_words", ascending=False, kind="stable").drop_duplicates(
        "article_id"
    )
    foremost = (
        speakers.reset_index()
        .merge(top[["article_id", "speaker"]], on=["article_id", "speaker"])["index"]
        .to_numpy(int)
    )
    unnamed = said & quotes["unnamed"].to_numpy(bool)
    verbs = quotes["verb"].map({verb: verb_of(verb) for verb in set(quotes["verb"])})
    classed = (~scare & verbs.notna()).to_numpy(bool)
    names += ["speakers", "foremost speaker", "unnamed", *(f"{name} verbs" for name in VERBS)]
    above += [
        _sums(n, where[first]),
        _sums(n, where[foremost], length[foremost]),
        _sums(n, where[unnamed], length[unnamed]),
    ]
    above += [
        _sums(n, where[[ok and verb.verb_class == name for ok, verb in zip(classed, verbs)]])
        for name in VERBS
    ]
    below += [words, spoken, spoken, *[_sums(n, where[classed])] * len(VERBS)]
    return Counts(names, np.column_stack(above), np.column_stack(below), compare=ROOT)


def frames(features: Features) -> Counts:
    """Words of each frame, per word."""
    names = [
        entry.split("/", 1)[1]
        for entry in features.manifest["entries"]
        if entry.startswith("frame/")
    ]
    if not names:
        raise FeaturesError("the codebook names no frames")
    hits = sentence_hits(features, "frame")
    where, words = _rows(features, hits), _words(features)
    above = [
        _sums(
            len(words),
            where[hits["entry"] == name],
            hits.loc[hits["entry"] == name, "count"].to_numpy(float),
        )
        for name in names
    ]
    return Counts(names, np.column_stack(above), words[:, None], compare=ROOT)


def axes(features: Features) -> Counts:
    """Bias along each axis of the codebook: the mean cosine of words with it, names and function
    words left out (see `axes`).
    """
    if not features.codebook("axes"):
        raise FeaturesError('the codebook has no axes (add "use: [axes]" to codebook.yml)')
    if set(features.table("articles", ["language"])["language"].str.split("-").str[0]) != {ENGLISH}:
        raise FeaturesError("the encoder of axes reads English only")
    _needs(features, "terms", "sentence")
    poles = checked_axes(features.codebook("axes"))
    counts = word_counts(features, unit="sentence", names=False, stop_words=False)
    totals = counts.matrix.sum(axis=0)
    kept = np.sort(np.lexsort((np.arange(len(totals)), -totals))[:AXIS_WORDS])
    encoder = load_encoder()
    matrix = counts.matrix[:, kept]
    cosines = (
        word_vectors(counts.terms[kept], encoder).astype(float) @ axis_vectors(poles, encoder).T
    )
    return Counts(list(poles), matrix @ cosines, matrix.sum(axis=1).astype(float)[:, None])


def tone(features: Features) -> Counts:
    """Mean of positive less negative chances over mentions in the outlet's own words: by actor
    where half of the articles mention him, over all others of a side together.
    """
    mentions = _own_mentions(features).dropna(subset=["positive", "negative"])
    if mentions.empty:
        raise FeaturesError("no mention of an actor has a tone (extract with a tone model)")
    value = (mentions["positive"] - mentions["negative"]).to_numpy(float)
    where, n = _rows(features, mentions), len(_words(features))
    present, about = set(_present(features, mentions)), features.codebook("actors")
    of = {
        actor: (
            actor
            if actor in present
            else f"others of {known['side']}"
            if known.get("side")
            else "others"
        )
        for actor, known in about.items()
    }
    group = mentions["actor"].map(of)
    names = [name for name in dict.fromkeys(of.values()) if (group == name).any()]
    is_of = [(group == name).to_numpy() for name in names]
    return Counts(
        names,
        np.column_stack([_sums(n, where[m], value[m]) for m in is_of]),
        np.column_stack([_sums(n, where[m]) for m in is_of]),
    )


def polarity(features: Features) -> Counts:
    """Mean polarity of sentences by each dictionary."""
    names = [
        entry.split("/", 1)[1]
        for entry in features.manifest["entries"]
        if entry.startswith("dictionary/")
    ]
    if not names:
        raise FeaturesError("the codebook names no dictionaries")
    languages = set(features.table("articles", ["language"])["language"].str.split("-").str[0])
    known = {name: features.manifest["entries"][f"dictionary/{name}"]["language"] for name in names}
    names = [
        name for name in names if known[name] is None or languages == {known[name].split("-")[0]}
    ]
    if not names:
        raise FeaturesError("the dictionaries are of another language than the articles")
    scores = features.table("scores")
    n, where = len(_words(features)), _rows(features, scores)
    above = [
        _sums(
            n,
            where[scores["dictionary"] == name],
            scores.loc[scores["dictionary"] == name, "score"].to_numpy(float),
        )
        for name in names
    ]
    return Counts(names, np.column_stack(above), np.ones((n, 1)))


def style(features: Features) -> Counts:
    """How it is written: length of the article, its sentences, paragraphs and words, marks, small
    words.
    """
    _needs(features, "style", "sentence")
    table, sentences = features.table("style"), features.table("sentences")
    words, n = sentences["n_tokens"].to_numpy(float), len(sentences)
    one = np.ones(n)
    opens = (
        sentences[["article_id", "paragraph"]]
        .ne(sentences[["article_id", "paragraph"]].shift())
        .any(axis=1)
    ).to_numpy(float)
    whole = one / sentences.groupby("article_id", sort=False)["sentence"].transform(
        "size"
    ).to_numpy(float)
    where = _rows(features, table)
    counted = [name for name in STYLE if name != "in_marks"]  # quoted words are of the voices
    names = [
        "words",
        "words a sentence",
        "words a paragraph",
        "short sentences",
        "long sentences",
        *(name.replace("_", " ") for name in counted),
    ]
    above = [
        words,
        words,
        words,
        words <= SHORT,
        words > LONG,
        *(_sums(n, where, table[name].to_numpy(float)) for name in counted),
    ]
    below = [whole, one, opens, one, one, *[words] * len(counted)]
    return Counts(names, np.column_stack(above).astype(float), np.column_stack(below), compare=ROOT)


def function_words(features: Features) -> Counts:
    """The corpus's most frequent English function words, per word.

    References
    ----------
    Burrows, J. (2002). 'Delta': a measure of stylistic difference. Literary and Linguistic
    Computing 17(3). https://doi.org/10.1093/llc/17.3.267
    """
    if set(features.table("articles", ["language"])["language"].str.split("-").str[0]) != {ENGLISH}:
        raise FeaturesError("function words are known for English only")
    _needs(features, "terms", "sentence")
    terms = features.table("terms")
    terms = terms[terms["term"].isin(STOP)]
    totals = (
        terms.groupby("term")["count"]
        .sum()
        .reset_index()
        .sort_values(["count", "term"], ascending=[False, True])
    )
    names, words = totals["term"].tolist()[:COMMON], _words(features)
    if not names:
        raise FeaturesError("the articles hold no English function word")
    terms = terms[terms["term"].isin(names)]
    above = np.zeros((len(words), len(names)))
    above[_rows(features, terms), pd.Index(names).get_indexer(terms["term"])] = terms[
        "count"
    ].to_numpy(float)
    return Counts(names, above, words[:, None], compare=ROOT)


def content(features: Features) -> Counts:
    """The mean of the sentences' embeddings: what the article is about."""
    if not features.has("vectors") or not len(table := features.table("vectors")):
        raise FeaturesError(
            "there are no sentence embeddings (the private form has them, of English articles)"
        )
    where, n = _rows(features, table), len(_words(features))
    vectors = np.stack(table["embedding"].to_numpy()).astype(float)
    above = np.zeros((n, vectors.shape[1]))
    above[where] = vectors
    return Counts(
        [f"dimension {i}" for i in range(1, vectors.shape[1] + 1)],
        above,
        _sums(n, where)[:, None],
        compare=DIRECTION,
    )


BLOCKS: dict[str, Callable[[Features], Counts]] = {
    "labels": labels,
    "voices": voices,
    "frames": frames,
    "axes": axes,
    "tone": tone,
    "polarity": polarity,
    "style": style,
    "function_words": function_words,
    "content": content,
}
NOT_FRAMING = {
    "style": "how a house writes",
    "function_words": "how a house writes",
    "content": "what an article is about",
}
FRAMING = tuple(name for name in BLOCKS if name not in NOT_FRAMING)


def _needs(features: Features, table: str, column: str) -> None:
    if features.form != PRIVATE:
        raise FeaturesError(f"the shared form does not have {table} by {column}")
    if not features.has(table):
        raise FeaturesError(f"there is no table {table}")


def _own_mentions(features: Features) -> pd.DataFrame:
    """Mentions of actors in the outlet's own voice."""
    if not features.has("mentions"):
        raise FeaturesError("there is no table of mentions")
    mentions = features.table(
        "mentions", ["article_id", "sentence", "actor", "voice", "negative", "positive"]
    )
    return mentions[mentions["voice"] == "outlet"].reset_index(drop=True)


def _present(features: Features, mentions: pd.DataFrame) -> list[str]:
    """Actors whom at least half of the articles mention, in the order of the codebook."""
    articles = mentions.groupby("actor")["article_id"].nunique()
    least = PRESENT * len(features.article_ids)
    return [actor for actor in features.codebook("actors") if articles.get(actor, 0) >= least]


def _words(features: Features) -> np.ndarray:
    return features.table("sentences", ["n_tokens"])["n_tokens"].to_numpy(float)


def _rows(features: Features, table: pd.DataFrame) -> np.ndarray:
    """The row in `sentences` of the sentence of each row of another table."""
    keys = ["article_id", "sentence"]
    return pd.MultiIndex.from_frame(features.table("sentences", keys)).get_indexer(
        pd.MultiIndex.from_frame(table[keys])
    )


def _rows_of_words(features: Features, quotes: pd.DataFrame) -> np.ndarray:
    """The row in `sentences` of the sentence in which each quotation begins, by the place of its
    first word; both forms have that.
    """
    sentences = features.table("sentences", ["article_id", "n_tokens"])
    ends = np.cumsum(sentences["n_tokens"].to_numpy(np.int64))
    first = (
        sentences.assign(begin=ends - sentences["n_tokens"])
        .drop_duplicates("article_id")
        .set_index("article_id")["begin"]
    )
    return np.searchsorted(
        ends,
        quotes["position"].to_numpy(np.int64)
        + first.reindex(quotes["article_id"]).to_numpy(np.int64),
        side="right",
    )


def _sums(n: int, where: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    return np.bincount(where, weights=weights, minlength=n).astype(float)
