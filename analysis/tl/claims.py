"""Claims: what several articles of a story tell, found without being named beforehand."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.corpus import Corpus
from analysis.events import STORY
from analysis.features import Features, features_of
from analysis.groups import group_articles
from analysis.options import Number, check_option
from analysis.results import Result, count
from analysis.store import SHIPPED_WORDS, Shipment, Ships
from analysis.text.signs import EMPTY
from analysis.text.tokens import word_hash
from analysis.tl._same_claims import found_claims
from analysis.tl._story_units import StoryUnits, articles_of_stories, of_several, units_by_story
from analysis.views import ENGLISH, ByArticle, in_language, origin, with_missing
from analysis.wording import number

CUT = 0.4  # mean probability from which sentences are put together
_LETTER = re.compile(r"[^\W\d_]")
COHERENT = 0.5  # coherence from which nine in ten claims are right; see benchmarks/STORY.md
ENGLISH_ONLY = "Claims are found in English articles."
_KEYS = ["article_id", "sentence"]
_OFFSETS = ["start", "end"]
FOUND_CLAIMS = (
    "claim story label n_articles n_outlets n_sentences coherence article_id sentence".split()
)
FOUND_SENTENCES = "claim story article_id sentence p".split()


@dataclass(frozen=True, eq=False, repr=False)
class Claims(Result):
    """What two articles or more of a story tell, the most coherent first.

    Attributes
    ----------
    table : DataFrame
        One row a claim.

        ==========  ==========  ==================================================================
        column      unit        meaning
        ==========  ==========  ==================================================================
        claim                   "c1", "c2", ...
        story                   the story of its articles; empty where all are one
        label                   its most telling words, in no order; no wording
        n_articles  articles    that tell it
        n_outlets   outlets     of these
        n_sentences sentences   that tell it
        coherence   0 to 1      mean probability that two of its sentences, of different articles,
                                tell the same
        article_id,             the sentence that words it best: the one nearest to the others
        sentence
        start, end  characters  of it; empty in the shared form
        ==========  ==========  ==================================================================
    sentences : DataFrame
        All sentences of each claim: claim, story, article_id, sentence (from 0), start, end, and p,
        the mean probability (0 to 1) that it tells the same as the claim's sentences of other
        articles. A claim may hold two (how many were hurt, and when): read them all.
    articles : DataFrame
        The articles by their names, as `analysis.groups.Grouping.table` has groups.
    """

    sentences: pd.DataFrame
    articles: pd.DataFrame

    @property
    def finding(self) -> str:
        """How many claims there are, and which is told most."""
        if self.table.empty:
            return "No two articles tell the same"
        most = self.table.sort_values(
            ["n_articles", "coherence"], ascending=False, kind="stable"
        ).iloc[0]
        many = count(len(self.table), "claim")
        return (
            f"{many} that two articles or more tell; “{most['label']}” is told by"
            f" {number(int(most['n_articles']))} of {number(len(self.articles))} articles"
        )


def claims(
    corpus: Corpus | Features, *, within: str | list[str] | None = "story", cut: float = CUT
) -> Claims:
    r"""Find what several articles of a story tell.

    Units are sentences, without headlines, credits, captions and questions. Two tell the same with
    a probability p by the cosine of their embeddings and that of their words, weighed by tf-idf
    over the sentences of the story,

    .. math:: \mathrm{logit}\,p = -6.98 + 7.92 \cos + 13.72\,\mathrm{tfidf}

    They are put together by average linkage down to a mean p of `cut`; a claim is a cluster with
    sentences of two articles.

    Parameters
    ----------
    corpus : Corpus or Features
        The private form, with embeddings; or the shared one with the owner's `claims` in its
        results, which hold what the default options found.
    within : str, sequence of str or None
        What names the story of each article; all articles are one story with None.
    cut : float, 0 to 1
        Lower values put more together, of which less is the same.

    Returns
    -------
    Claims

    Raises
    ------
    FeaturesError
        If the features hold no embeddings, or if the shared form is given and the owner has not
        shipped the result.
    LanguageError
        If no article is in English, which the sentence encoder reads.
    OptionError
        If an option has a value that is not allowed.

    Notes
    -----
    The formula was fitted on the pairs of sentences of `corpus/harbour`; how often listed claims
    are right, there and on real news, says `benchmarks/STORY.md`.

    Examples
    --------
    >>> from analysis.extract.memory import extract_articles
    >>> from analysis.io.article import Article
    >>> from analysis.models import load_encoder
    >>> texts = {
    ...     "a": "The crane killed seven dockers at the quay. It had been built abroad.",
    ...     "b": "Nobody was charged. Seven dockers were killed at the quay by the crane.",
    ... }
    >>> articles = [Article(name, text, "en") for name, text in texts.items()]
    >>> found = claims(extract_articles(articles, encoder=load_encoder()))
    >>> found.sentences[["claim", "article_id", "sentence"]]
      claim article_id  sentence
    0    c1          a         0
    1    c1          b         1
    """
    features = features_of(corpus)
    check_option("cut", cut, Number(0, 1, closed=False))
    params = {"within": within, "cut": float(cut), **origin(features)}
    named = group_articles(features, "article_id").table
    usual = within == STORY and cut == CUT  # as the owner measured
    if usual and (shipped := SHIPS.read(features)):
        params["measured_on"] = "results"
        kept = set(features.article_ids)
        table, sentences = (with_missing(shipped[name], _OFFSETS) for name in SHIPS.tables)
        sentences = sentences[sentences["article_id"].isin(kept)].reset_index(drop=True)
        table = table[table["claim"].isin(sentences["claim"])].reset_index(drop=True)
        return Claims(table, params, sentences, named)
    readable, notes = in_language(features, "the encoder", ENGLISH, ENGLISH_ONLY)
    stories = of_several(articles_of_stories(readable, within))
    return discover(readable, units_by_story(readable, stories), cut, params, notes)


def discover(
    features: Features, units: dict[str, StoryUnits], cut: float, params: dict, notes: tuple
) -> Claims:
    """The claims of stories whose units are at hand."""
    outlets = features.table("articles", ["article_id", "outlet"]).set_index("article_id")["outlet"]
    outlets = outlets.where(outlets.fillna("") != "", outlets.index)  # unknown ones are not one
    rows: list[dict[str, object]] = []
    sentences: list[pd.DataFrame] = []
    words = _Words(features)
    for story, of in units.items():
        terms = _Terms(words, of)
        ids = of.table["article_id"].to_numpy(object)
        places = of.table[["article_id", "sentence", *_OFFSETS]]
        for found in found_claims(of, cut):
            claim, told_by = f"c{len(rows) + 1}", pd.unique(ids[found.units])
            row: dict[str, object] = {
                "claim": claim,
                "story": story,
                "label": terms.label(found.units),
            }
            row |= {"n_articles": len(told_by), "n_outlets": outlets[told_by].nunique()}
            row |= {"n_sentences": len(found.units), "coherence": round(found.coherence, 4)}
            rows.append(row | places.iloc[found.medoid].to_dict())
            about = places.iloc[found.units]
            sentences.append(about.assign(claim=claim, story=story, p=found.p.round(4)))
    every = [*FOUND_SENTENCES[:4], *_OFFSETS, "p"]
    listed = pd.concat(sentences, ignore_index=True) if sentences else pd.DataFrame(columns=every)
    table = pd.DataFrame(rows, columns=[*FOUND_CLAIMS, *_OFFSETS])
    named = group_articles(features, "article_id").table
    return Claims(table, params, listed[every], named, notes=notes)


class _Words:
    """The words of a corpus, to name claims by; its tables are read once for all stories."""

    def __init__(self, features: Features):
        terms = features.table("terms", [*_KEYS, "term", "is_name"])
        code, self.words = pd.factorize(terms.pop("term"), sort=True)
        self.terms = ByArticle(terms.assign(code=code))
        self.hashes = np.array([word_hash(word) for word in self.words], np.uint64)
        tokens = features.table("tokens", ["hash", "signs"])
        empty = tokens.loc[tokens["signs"] & EMPTY > 0, "hash"].to_numpy(np.uint64)
        letters = np.array([len(_LETTER.findall(word)) > 1 for word in self.words], bool)
        self.telling = letters & ~np.isin(self.hashes, np.unique(empty))


class _Terms:
    """The words of a story's units, to name claims by."""

    def __init__(self, words: _Words, units: StoryUnits):
        terms = words.terms.of(units.articles)
        at = pd.MultiIndex.from_frame(units.table[_KEYS])
        unit = at.get_indexer(pd.MultiIndex.from_frame(terms[_KEYS]))
        terms, unit = terms[unit >= 0], unit[unit >= 0]
        numbers, code = np.unique(terms["code"].to_numpy(), return_inverse=True)
        self._terms = words.words[numbers]
        self._telling = words.telling[numbers]
        self._idf = units.idf_of(words.hashes[numbers])
        shape = (len(units), len(numbers))
        is_name = terms["is_name"].to_numpy(float)
        self._having = sparse.csr_array((np.ones(len(unit)), (unit, code)), shape=shape)
        self._names = sparse.csr_array((is_name, (unit, code)), shape=shape)

    def label(self, units: np.ndarray) -> str:
        """The words that weigh most in some units, names with capitals."""
        n = self._having[units].sum(axis=0)
        weight = (n**2 * self._idf).round(9)  # words of many of its sentences, not of one
        there = np.flatnonzero(n)
        telling = there[self._telling[there]]
        there = telling if len(telling) else there
        shown = there[np.argsort(-weight[there], kind="stable")][: SHIPPED_WORDS - 1]
        names = 2 * self._names[units].sum(axis=0)[shown] >= n[shown]
        words = self._terms[shown].tolist()
        return ", ".join(_capital(w) if name else w for w, name in zip(words, names))


def _capital(name: str) -> str:
    return name.upper() if "." in name else name[:1].upper() + name[1:]


def _make(shipment: Shipment) -> dict[str, pd.DataFrame]:
    found = shipment.measure("claims")
    # numbers of sentences, never where in the text they stand; and no digit that tells more
    sentences = found.sentences[FOUND_SENTENCES].round({"p": 1})
    return {
        "claims": found.table[FOUND_CLAIMS].round({"coherence": 2}),
        "claim_sentences": sentences,
    }


SHIPS = Ships(("claims", "claim_sentences"), _make)
