"""Frames three ways: by the codebook's words, by prototypes, by a model of coded sentences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import OptionError
from analysis.features import Features, features_of
from analysis.inference import bootstrap, few_articles, generator, interval
from analysis.io.frame_codes import FrameCodes, read_frame_codes
from analysis.models.encoder import Encoder
from analysis.options import check_choice, check_options
from analysis.results import Result, count
from analysis.store import Ships
from analysis.tl._frames_coded import learn
from analysis.tl._frames_prototypes import (
    LIKE,
    NOTE,
    RESULT,
    frame_hits,
    frame_names,
    prototype_scores,
    ship_scores,
)
from analysis.views import (
    ENGLISH,
    in_language,
    origin,
    pattern_counts,
    sentence_hits,
    sentence_spans,
)

_METHODS = ("words", "prototypes", "coded")
_KEYS = ["article_id", "sentence"]
PLACE = [*_KEYS, "position", "start", "end", "frame"]
_SHARES = ["article_id", "frame", "n_sentences", "share", "low", "high"]
_SHOWN = 6  # frames that a page's width holds
_NAMED = 3  # frames that the finding names
SHIPS = Ships((RESULT,), ship_scores)


@dataclass(frozen=True, eq=False, repr=False)
class Frames(Result):
    """Shares of frame words; the other methods return more (`SentenceFrames`, `CodedFrames`).

    Attributes
    ----------
    table : DataFrame
        One row for each article and frame.

        ===========  =========  ==========================================================
        column       unit       meaning
        ===========  =========  ==========================================================
        article_id
        frame
        n_hits       matches    of the frame's words
        n_words      words      of the article
        n_sentences  sentences  of the article
        share        0 to 1     n_hits / n_words
        low, high    0 to 1     bounds of the share's interval
        ===========  =========  ==========================================================
    sentences : DataFrame
        One row for each sentence and frame with a hit.

        ==========  ==========  ==========================================================
        column      unit        meaning
        ==========  ==========  ==========================================================
        article_id
        sentence                from 0
        position    words       of the article before the sentence
        start, end  characters  of the sentence in the article; empty in the shared form
        frame
        n_hits      matches
        n_words     words       of the sentence
        share       0 to 1      n_hits / n_words
        ==========  ==========  ==========================================================
    words : DataFrame
        The codebook's words that matched: article_id, frame, pattern, count.
    """

    sentences: pd.DataFrame
    words: pd.DataFrame

    @property
    def shown(self) -> list[str]:
        """The frames of a figure, in the codebook's order: as many as a page's width holds.

        They are those with most words; of the other methods, those in which articles differ most.
        """
        ranked = self._rank().sort_values(ascending=False, kind="stable").index[:_SHOWN]
        return [frame for frame in dict.fromkeys(self.table["frame"]) if frame in ranked]

    @property
    def finding(self) -> str:
        """Which frames have most words."""
        totals = self._rank().sort_values(ascending=False, kind="stable")
        if not totals.sum():
            return "No word of a frame stands in these articles"
        named = [f"“{frame.replace('_', ' ')}” {n}" for frame, n in totals.head(_NAMED).items()]
        more = " …" if len(totals) > _NAMED else ""
        return f"Of {count(totals.sum(), 'frame word')}: {', '.join(named)}{more}"

    def _rank(self) -> pd.Series:
        return self.table.groupby("frame", sort=False)["n_hits"].sum()


@dataclass(frozen=True, eq=False, repr=False)
class SentenceFrames(Frames):
    """Probabilities of frames, sentence by sentence.

    Attributes
    ----------
    table : DataFrame
        One row for each article and frame.

        ===========  =========  ==========================================================
        column       unit       meaning
        ===========  =========  ==========================================================
        article_id
        frame
        n_carrying   sentences  that carry the frame
        n_sentences  sentences  of the article
        share        0 to 1     mean probability of the article's sentences
        low, high    0 to 1     bounds of the share's interval
        ===========  =========  ==========================================================
    sentences : DataFrame
        The sentences that carry a frame.

        ===========  ==========  =========================================================
        column       unit        meaning
        ===========  ==========  =========================================================
        article_id
        sentence                 from 0
        position     words       of the article before the sentence
        start, end   characters  of the sentence in the article; empty in the shared form
        frame
        n_words      words       of the sentence
        score                    about -1 to 1 of "prototypes", log-odds of "coded"
        probability  0 to 1
        ===========  ==========  =========================================================
    words : DataFrame
        article_id, frame, pattern, count; of "coded" also pull. Of "prototypes" the codebook's
        words that matched, each of which raises the score of its sentence; of "coded" the ten words
        whose tf-idf weight times coefficient (pull) is highest.
    scores : DataFrame
        Every sentence and frame: article_id, sentence, frame, score, probability, carries.
    """

    scores: pd.DataFrame

    @property
    def finding(self) -> str:
        """Which article stands out most among the others, and in which frame."""
        shares = 100 * self.table.pivot(index="article_id", columns="frame", values="share")
        ranked = np.sort(shares[self.shown].to_numpy(), axis=0)[::-1]
        lead = ranked[0] - ranked[1] if len(ranked) > 1 else ranked[0]
        frame = self.shown[int(lead.round(6).argmax())]
        best = shares[frame].sort_values(ascending=False, kind="stable")
        name = f"“{frame.replace('_', ' ')}”: {best.iloc[0]:.0f} of 100"
        if len(best) == 1:
            return f"{best.index[0]} takes most of {name}"
        others = f"others {best.iloc[-1]:.0f} to {best.iloc[1]:.0f}"
        return f"{best.index[0]} stands out most, in {name}, {others}"

    def _rank(self) -> pd.Series:
        return self.table.groupby("frame", sort=False)["share"].agg(np.ptp).round(6)


@dataclass(frozen=True, eq=False, repr=False)
class CodedFrames(SentenceFrames):
    """Probabilities of frames from a coded sheet, with how well they are found.

    Attributes
    ----------
    quality : DataFrame
        One row a frame, of coded sentences that the model had not seen; the last row is the mean of
        frames.

        =================  =========  ====================================================
        column             unit       meaning
        =================  =========  ====================================================
        frame
        n_coded            sentences  coded with the frame
        n_articles         articles   that hold them
        precision, recall  0 to 1
        f1                 0 to 1     their harmonic mean
        low, high          0 to 1     bounds of the interval of F1, by bootstrap over articles
        =================  =========  ====================================================
    """

    quality: pd.DataFrame


def frames(
    corpus: Corpus | Features,
    *,
    method: str = "words",
    coded: FrameCodes | str | Path | pd.DataFrame | None = None,
    encoder: Encoder | None = None,
    part: str = "body",
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Frames:
    r"""Measure how much of each article each frame takes.

    "words" counts matches of the codebook's words. "prototypes" scores sentences by their nearness
    to a frame's description and examples. "coded" learns frames from sentences that a person coded,
    and says how well it finds them. The first two need no coding; only the last comes with a
    measure of how right it is on your texts.

    Prototypes: a frame's prototype :math:`p_f` is the mean of its description's embedding and of
    its examples' mean embedding, scaled to length 1; of a frame that has neither, the embedding of
    those of its words that the corpus holds. A frame named "other" is left out. With :math:`x` the
    embedding of a sentence and :math:`\bar x` the mean over all sentences of the corpus,

    .. math:: s_f(x) = (x - \bar x) \cdot p_f + 0.15\,[\text{a word of } f \text{ stands in } x].

    Subtracting the mean takes out what all sentences share with a frame, their topic first of all:
    scores compare sentences of one corpus. The probability is :math:`1 / (1 + e^{-(a + b s)})`,
    with `a` and `b` from a logistic regression, both sides weighed alike, that separates the
    codebook's examples (each scored by its frame's prototype made without it) from the sentences of
    the corpus. It says how much more like an example of the frame than like an ordinary sentence of
    this corpus a sentence is; .5 is as much like one as like the other. It is no prevalence.

    Coded: for each frame a logistic regression with an :math:`L_2` penalty (C = 3), both sides
    weighed alike, separates sentences coded with it from the other coded ones. It sees the
    sentence's embedding, its words and two-word phrases (tf-idf, length 1), which frames of the
    codebook have a word in it (weight .5), and how near it is to their prototypes (weight .3, in
    standard deviations). The score is the log-odds. The probability comes from scores of sentences
    that the model had not seen (five folds that keep articles together): Platt's logistic curve,
    with one slope and an intercept for each frame. It holds for sentences drawn as the sheet's
    were. A sentence carries a frame if its score is above 0; where no sentence of the sheet has two
    frames, only the highest, and where each has one, that one in any case.

    Parameters
    ----------
    corpus : Corpus or Features
        "words" reads `hits` and `sentences`; "prototypes" also `vectors`, or the scores that ship
        with the shared form; "coded" `vectors`, `terms` and `tokens`.
    method : {"words", "prototypes", "coded"}
    coded : FrameCodes, path or DataFrame
        For "coded", the sheet (see `io.read_frame_codes`).
    encoder : Encoder, optional
        For "prototypes" and "coded", the model that embedded the sentences; the default one if not
        given.
    part : {"body", "title"}
        What is measured: the articles' texts, or their headlines.
    draws : int
        Bootstrap samples of the sentences of each article (of articles for `quality`), at least 1.
    level : float
        Of the intervals, between 0 and 1.
    seed : int
        At least 0; it also draws the folds of "coded".

    Returns
    -------
    Frames
        Of "words"; of "prototypes" `SentenceFrames`, of "coded" `CodedFrames`. An interval from few
        sentences is wide; one around no match at all is 0 to 0 and says nothing of the words that
        the codebook lacks.

    Raises
    ------
    OptionError
        If an option has a value that is not allowed, or a sheet is given to another method than
        "coded", or none to it.
    FeaturesError
        If the codebook names no frames, or the features lack what the method reads.
    LanguageError
        If sentences would have to be compared by their embeddings, and none is English.
    CorpusError
        If the sheet has faults; all of them are listed with their rows.

    References
    ----------
    Platt, J. (1999). Probabilistic outputs for support vector machines. Advances in Large Margin
    Classifiers, 61-74.

    Semetko, H., and Valkenburg, P. (2000). Framing European politics. Journal of Communication
    50(2). https://doi.org/10.1111/j.1460-2466.2000.tb02843.x

    Examples
    --------
    >>> import analysis as tw
    >>> result = tw.tl.frames(tw.load("amnesty2024"))
    >>> result.table[["article_id", "frame", "n_hits", "n_words"]].head(3)
      article_id       frame  n_hits  n_words
    0  mcclatchy        deal      16      573
    1  mcclatchy    election      17      573
    2  mcclatchy  repression       9      573
    """
    features = features_of(corpus, part)
    check_options(draws=draws, level=level, seed=seed)
    check_choice("method", method, _METHODS)
    if (coded is not None) != (method == "coded"):
        given = "no sheet" if coded is None else "a sheet"
        raise OptionError(
            f'coded must be a sheet with method="coded" and only then (got {given} with'
            f" method={method!r}); see `io.read_frame_codes`"
        )
    options: dict[str, Any] = {"draws": draws, "level": level, "seed": seed}
    if method == "words":
        return _by_words(features, options)
    features, left_out = in_language(features, "the encoder", ENGLISH, 'Use method="words".')
    if method == "coded":
        codes = coded if isinstance(coded, FrameCodes) else read_frame_codes(coded)
        learned = learn(features, codes, encoder=encoder, **options)
        scores, words, params, notes = learned.scores, learned.words, learned.params, learned.notes
    else:
        names = frame_names(features)
        shipped = None if features.has("vectors") else SHIPS.read(features)
        if shipped is None:
            scores, params, notes = prototype_scores(features, names, encoder)
        else:
            scores, params, notes = shipped[RESULT], {"measured_on": "results"}, (NOTE,)
        scores = scores.assign(carries=scores["probability"] >= LIKE)
        words = pattern_counts(features, "frame").rename(columns={"entry": "frame"})
    params = {"method": method, **options, **origin(features), **params}
    names = list(dict.fromkeys(scores["frame"]))
    rows = scores[:: len(names)]
    probability, carries = (
        scores[column].to_numpy(float).reshape(-1, len(names))
        for column in ("probability", "carries")
    )
    table = _shares(rows["article_id"], probability, np.ones(len(rows)), names, **options)
    carrying = pd.DataFrame(carries).groupby(rows["article_id"].to_numpy(), sort=False).sum()
    table.insert(2, "n_carrying", carrying.to_numpy(int).ravel())
    sentences = scores[scores["carries"]].merge(_spans(features), on=_KEYS, how="left")
    sentences = sentences[[*PLACE, "n_words", "score", "probability"]]
    notes = (*left_out, *few_articles(table["article_id"].nunique()), *notes)
    if method == "prototypes":
        return SentenceFrames(table, params, sentences, words, scores, notes=notes)
    return CodedFrames(table, params, sentences, words, scores, learned.quality, notes=notes)


def _by_words(features: Features, options: dict) -> Frames:
    names, spans = frame_names(features), _spans(features)
    hits, n_words = frame_hits(features, spans, names), spans["n_words"].to_numpy(float)
    table = _shares(spans["article_id"], hits, n_words, names, **options)
    by_article = spans.groupby("article_id", sort=False)
    totals = pd.DataFrame(hits).groupby(spans["article_id"], sort=False).sum()
    table.insert(2, "n_hits", totals.to_numpy(int).ravel())
    table.insert(3, "n_words", np.repeat(by_article["n_words"].sum().to_numpy(int), len(names)))
    found = sentence_hits(features, "frame").rename(columns={"entry": "frame", "count": "n_hits"})
    sentences = found.merge(spans, on=_KEYS, how="left")
    sentences["share"] = sentences["n_hits"] / sentences["n_words"]
    sentences = sentences[[*PLACE, "n_hits", "n_words", "share"]]
    words = pattern_counts(features, "frame").rename(columns={"entry": "frame"})
    notes = few_articles(by_article.ngroups)
    return Frames(table, {**options, **origin(features)}, sentences, words, notes=notes)


def _shares(
    articles: pd.Series,
    amounts: np.ndarray,
    sizes: np.ndarray,
    names: list[str],
    *,
    draws: int,
    level: float,
    seed: int,
) -> pd.DataFrame:
    """Shares of frames by article, with bootstrap intervals over its sentences.

    Parameters
    ----------
    articles : Series of length n_sentences
    amounts : array of shape (n_sentences, n_frames)
    sizes : array of shape (n_sentences,)
        What the amounts are shares of.
    names : list of str
        The frames.
    draws, level, seed
    """
    parts = [pd.DataFrame(columns=_SHARES)] if articles.empty else []
    for article, rows in articles.reset_index(drop=True).groupby(articles.to_numpy(), sort=False):
        part, size = amounts[rows.index], sizes[rows.index]
        samples = bootstrap(part, size, draws=draws, rng=generator(seed, "frames", article))
        low, high = interval(samples, level)
        share = part.sum(axis=0) / max(size.sum(), 1)
        about = {"article_id": article, "frame": names, "n_sentences": len(rows)}
        parts.append(pd.DataFrame({**about, "share": share, "low": low, "high": high}))
    return pd.concat(parts, ignore_index=True)


def _spans(features: Features) -> pd.DataFrame:
    return sentence_spans(features).rename(columns={"n_tokens": "n_words"})
