"""Frames three ways: by the codebook's words, by prototypes, by a model of coded sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.comparison import SHARE_LIMITS, compare_groups
from analysis.corpus import Corpus
from analysis.errors import FeaturesError, OptionError
from analysis.features import Features, features_of
from analysis.groups import By, Grouping, group_articles
from analysis.inference import few_articles
from analysis.io.frame_codes import FrameCodes, read_frame_codes
from analysis.models.encoder import Encoder
from analysis.options import check_choice, check_options
from analysis.results import Result, count
from analysis.store import Ships
from analysis.tl._frame_words import frame_vocabulary, vocabulary_notes
from analysis.tl._frames_coded import frame_quality, learn, marked, place_codes
from analysis.tl._frames_prototypes import (
    LIKE,
    NOTE,
    RESULT,
    frame_hits,
    frame_names,
    prototype_scores,
    ship_scores,
    shipped_scores,
)
from analysis.views import (
    ENGLISH,
    in_language,
    origin,
    pattern_counts,
    sentence_hits,
    sentence_spans,
)
from analysis.wording import apart, listed, no_difference, noun, number

_METHODS = ("words", "prototypes", "coded")
_KEYS = ["article_id", "sentence"]
PLACE = [*_KEYS, "position", "start", "end", "frame"]
_EMPTY = "group frame n_hits n_words n_sentences n_articles share apart".split()
_SHOWN = 6  # frames that a page's width holds
_NAMED = 2  # differences that the finding names
# how one group, and several, differ from the rest in a frame: more of it, less of it
_DIFFER = {
    "words": ("use{s} more words of {f}", "use{s} fewer words of {f}"),
    "prototypes": ("write{s} more like the frame of {f}", "write{s} less like the frame of {f}"),
    "coded": ("give{s} more sentences to {f}", "give{s} fewer sentences to {f}"),
}
_WHAT = {"words": "frame words", "prototypes": "frames", "coded": "frames"}
SHIPS = Ships((RESULT,), ship_scores)
_NO_SENTENCES = (
    "The owner shared the probabilities in tenths, without saying of which sentence: none is listed"
    " by number."
)


@dataclass(frozen=True, eq=False, repr=False)
class Frames(Result):
    """Shares of frames by group; the methods that score sentences return `SentenceFrames`.

    Attributes
    ----------
    table : DataFrame
        One row a group and frame.

        =====================  =========  =====================================================
        column                 unit       meaning
        =====================  =========  =====================================================
        group, frame
        n_hits                 matches    of the frame's words
        n_words                words      of the group
        n_sentences            sentences  of the group
        n_articles             articles   of the group
        share                  0 to 1     n_hits / n_words
        low, high              0 to 1     interval of the group's share taken alone
        shrunk                 0 to 1     share drawn towards the mean of all groups
        rest                   0 to 1     share of all other groups together
        joint_low, joint_high  0 to 1     bounds of its difference from the rest, around `share`,
                                          for all groups and frames together
        apart                  boolean    whether they exclude the rest
        weight                 words      the share rests on
        =====================  =========  =====================================================
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
        The codebook's words that matched: article_id, frame, pattern, count, n_negated.
    vocabulary : DataFrame
        The same words over all articles.

        =============================  ========  ==============================================
        column                         unit      meaning
        =============================  ========  ==============================================
        frame, pattern
        count                          matches
        n_articles                     articles  with a match
        n_negated                      matches   with a negation among the three words before;
                                                 empty outside English
        n_twice                        matches   that count in another frame, too; empty in the
                                                 shared form
        also_in                                  those frames; in the shared form, those whose
                                                 words begin alike
        n_coded                        matches   in coded sentences; this and the next with
                                                 `coded`, where the texts are
        precision                      0 to 1    share of these whose sentence has the code
        precision_low, precision_high  0 to 1    its interval (Wilson)
        =============================  ========  ==============================================
    quality : DataFrame or None
        With a coded sheet, one row a frame; the last is the mean of frames. Of "coded" it is of
        sentences that the model had not seen.

        =============================  =========  =============================================
        column                         unit       meaning
        =============================  =========  =============================================
        frame
        n_coded                        sentences  coded with the frame; in the last row all
        n_articles                     articles   that hold them
        n_found                        sentences  of the sheet in which the frame is found
        precision                      0 to 1     share of these that are coded with it
        precision_low, precision_high  0 to 1     its interval (Wilson, each sentence for itself)
        recall                         0 to 1     share of n_coded that is found
        f1                             0 to 1     harmonic mean of precision and recall
        low, high                      0 to 1     interval of F1, by bootstrap over articles
        =============================  =========  =============================================
    """

    sentences: pd.DataFrame
    words: pd.DataFrame
    vocabulary: pd.DataFrame
    quality: pd.DataFrame | None = field(default=None, kw_only=True)

    @property
    def shown(self) -> list[str]:
        """The frames of a figure, as many as a page's width holds.

        First those that set groups apart, then those with most words; of the other methods, then
        those in which groups differ most.
        """
        leading = list(dict.fromkeys(frame for frame, *_ in self.differences))
        ranked = self._rank().sort_values(ascending=False, kind="stable").index
        return list(dict.fromkeys([*leading, *ranked]))[:_SHOWN]

    @property
    def differences(self) -> list[tuple[str, bool, list[str]]]:
        """Frame, whether it is more of it, and the names of the groups that differ from the rest.

        The differences with most groups come first, then the farthest.
        """
        assert self.groups is not None, "made by frames"
        found: list[tuple[int, float, str, bool, list[str]]] = []
        for frame, part in self.table.groupby("frame", sort=False):
            away = (part["shrunk"] - part["rest"])[part["apart"].astype(bool)]
            above, below = apart(part, self.groups, self.params["by"])
            spread = max(float(part["share"].std()), 1e-12)
            for more, names in ((True, above), (False, below)):
                far = away[(away >= 0) == more].abs().max() / spread
                found += [(len(names), far, frame, more, names)] if names else []
        found.sort(key=lambda one: (-one[0], -one[1]))
        return [(frame, more, names) for _, _, frame, more, names in found]

    @property
    def finding(self) -> str:
        """Which groups use more or fewer words of which frame than the rest."""
        method = self.params.get("method", "words")
        what = _WHAT[method]
        if self.table.empty or not self._any():
            return "No word of a frame stands in these articles"
        if self.table["group"].nunique() == 1:
            return self._of_one()
        found = self.differences
        if not found:
            deed = f"differs from the rest in its {what}"
            return no_difference(self.table, self.params["by"], deed)
        clauses: list[str] = []
        for frame, more, names in found[:_NAMED]:
            verb = _DIFFER[method][not more]
            said = verb.format(s="s" if len(names) == 1 else "", f=frame.replace("_", " "))
            first = " than the rest" * (not clauses)
            if len(names) == 1:
                clauses.append(f"{names[0]} {said}{first}")
            else:
                several = f"{number(len(names))} {noun(self.params['by'])[1]}"
                clauses.append(f"{several} {said}{first}: {listed(names)}")
        left = len(found) - len(clauses)
        also = f" (and {number(left)} more such difference{'s' * (left > 1)})" if left else ""
        said = "; ".join(clauses) + also
        return said[:1].upper() + said[1:]

    def _any(self) -> bool:
        return bool(self.table["n_hits"].sum())

    def _of_one(self) -> str:
        """The finding where there is nothing to compare: which frames have most words."""
        totals = self._rank().sort_values(ascending=False, kind="stable")
        named = [f"{frame.replace('_', ' ')} ({n:,})" for frame, n in totals[totals > 0].items()]
        return f"Of {count(totals.sum(), 'frame word')}, most are of {listed(named)}"

    def _rank(self) -> pd.Series:
        return self.table.groupby("frame", sort=False)["n_hits"].sum()


@dataclass(frozen=True, eq=False, repr=False)
class SentenceFrames(Frames):
    """Probabilities of frames, sentence by sentence.

    Attributes
    ----------
    table : DataFrame
        One row a group and frame, with the columns of `Frames.table`, but these:

        ===========  =========  ==========================================================
        column       unit       meaning
        ===========  =========  ==========================================================
        n_carrying   sentences  that carry the frame, instead of n_hits and n_words
        share        0 to 1     mean probability of the group's sentences
        weight       sentences  the share rests on
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
        article_id, frame, pattern, count; of "coded" also pull, else n_negated. Of "prototypes" the
        codebook's words that matched, each of which raises the score of its sentence; of "coded"
        the ten words whose tf-idf weight times coefficient (pull) is highest.
    vocabulary, quality
        As in `Frames`.
    scores : DataFrame
        Every sentence and frame: article_id, sentence, frame, score, probability, carries. From
        the shared form without sentence and score, probabilities in tenths.
    """

    scores: pd.DataFrame

    def _any(self) -> bool:
        return True

    def _of_one(self) -> str:
        means = self.table.set_index("frame")["share"].sort_values(ascending=False, kind="stable")
        named = [f"{frame.replace('_', ' ')} ({p:.0%})" for frame, p in means.items()]
        verb = "are most like" if self.params["method"] == "prototypes" else "go most to"
        return f"The sentences {verb} {listed(named)}"

    def _rank(self) -> pd.Series:
        return self.table.groupby("frame", sort=False)["share"].agg(np.ptp).round(6)


def frames(
    corpus: Corpus | Features,
    *,
    by: By | None = None,
    method: str = "words",
    coded: FrameCodes | str | Path | pd.DataFrame | None = None,
    encoder: Encoder | None = None,
    part: str = "body",
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Frames:
    r"""Measure how much of each group's text each frame takes.

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
    by : str, sequence of str, mapping, Series or None
        Groups, as `analysis.groups.group_articles` takes them: outlets, or articles where there
        are too few; ``["outlet", "week"]`` for a course over time.
    method : {"words", "prototypes", "coded"}
    coded : FrameCodes, path or DataFrame
        A coded sheet (see `io.read_frame_codes`), from which "coded" learns. The other methods are
        compared with it: `quality`, and of each word `vocabulary`.
    encoder : Encoder, optional
        For "prototypes" and "coded", the model that embedded the sentences; the default one if not
        given.
    part : {"body", "title"}
        What is measured: the articles' texts, or their headlines.
    draws : int
        Bootstrap samples of each group's articles (sentences, where it is one), at least 1.
    level : float
        Of the intervals, between 0 and 1.
    seed : int
        At least 0; it also draws the folds of "coded".

    Returns
    -------
    Frames
        Of "words"; of the others `SentenceFrames`. An interval around no match at all is 0 to 0 and
        says nothing of the words that the codebook lacks.

    Raises
    ------
    OptionError
        If an option has a value that is not allowed, or "coded" is given no sheet.
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
    >>> result.table[["group", "frame", "n_hits", "n_words"]].head(3)
           group       frame  n_hits  n_words
    0  mcclatchy        deal      16      573
    1  mcclatchy    election      17      573
    2  mcclatchy  repression       9      573
    """
    features = features_of(corpus, part)
    check_options(draws=draws, level=level, seed=seed)
    check_choice("method", method, _METHODS)
    if method == "coded" and coded is None:
        raise OptionError(
            'coded must be a sheet with method="coded" (got no sheet); see `io.read_frame_codes`'
        )
    codes = coded if coded is None or isinstance(coded, FrameCodes) else read_frame_codes(coded)
    drawing: dict[str, Any] = {"draws": draws, "level": level, "seed": seed}
    if method == "words":
        return _by_words(features, group_articles(features, by), codes, drawing)
    features, left_out = in_language(features, "the encoder", ENGLISH, 'Use method="words".')
    groups = group_articles(features, by)
    if method == "coded":
        assert codes is not None, "checked"
        learned = learn(features, codes, encoder=encoder, **drawing)
        scores, words, params, notes = learned.scores, learned.words, learned.params, learned.notes
        quality, marks = learned.quality, None
    else:
        names = frame_names(features)
        shipped = None if features.has("vectors") else SHIPS.read(features)
        if shipped is None:
            scores, params, notes = prototype_scores(features, names, encoder)
        else:
            scores, params = shipped_scores(shipped[RESULT]), {"measured_on": "results"}
            notes = NOTE, _NO_SENTENCES
            if codes is not None:
                raise FeaturesError(
                    f"{features.where}: which sentence carries a frame is not shared; comparing"
                    " prototypes with coded sentences needs the texts."
                )
        scores = scores.assign(carries=scores["probability"] >= LIKE)
        words = pattern_counts(features, "frame").rename(columns={"entry": "frame"})
        quality, marks = None, None
        if codes is not None:
            carrying = scores.pivot(index=_KEYS, columns="frame", values="carries")
            quality, marks = _compared(features, codes, carrying, drawing)
    params = {"by": groups.by, "method": method, **drawing, **origin(features), **params}
    kept = _kept(features, groups)
    scores, words = (t[t["article_id"].isin(kept)].reset_index(drop=True) for t in (scores, words))
    names = list(dict.fromkeys(scores["frame"]))
    rows = scores[:: len(names)] if names else scores
    probability, carries = (
        scores[column].to_numpy(float).reshape(-1, max(len(names), 1))
        for column in ("probability", "carries")
    )
    table = _shares(
        features, groups, rows, names, probability, np.ones(len(rows)), carries, drawing
    )
    table = table.rename(columns={"n_hits": "n_carrying"}).drop(columns="n_words")
    carried = scores[scores["carries"].astype(bool) & scores["sentence"].notna()]
    sentences = carried.astype({"sentence": int}).merge(_spans(features), on=_KEYS, how="left")
    sentences = sentences[[*PLACE, "n_words", "score", "probability"]]
    notes = (*left_out, *few_articles(len(kept)), *notes)
    vocabulary = frame_vocabulary(features, kept, marks, level)
    tables = sentences, words, vocabulary, scores
    return SentenceFrames(table, params, *tables, quality=quality, notes=notes, groups=groups.table)


def _by_words(
    features: Features, groups: Grouping, codes: FrameCodes | None, drawing: dict
) -> Frames:
    names, kept, spans = frame_names(features), _kept(features, groups), _spans(features)
    hits = frame_hits(features, spans, names)
    quality, marks = None, None
    if codes is not None:
        index = pd.MultiIndex.from_frame(spans[_KEYS])
        found = pd.DataFrame(hits > 0, index, names)
        quality, marks = _compared(features, codes, found, drawing)
    there = spans["article_id"].isin(kept).to_numpy()
    hits, spans = hits[there], spans[there].reset_index(drop=True)
    n_words = spans["n_words"].to_numpy(float)
    table = _shares(features, groups, spans, names, hits, n_words, hits, drawing, rare=True)
    found = sentence_hits(features, "frame").rename(columns={"entry": "frame", "count": "n_hits"})
    sentences = found.merge(spans, on=_KEYS)
    sentences["share"] = sentences["n_hits"] / sentences["n_words"]
    sentences = sentences[[*PLACE, "n_hits", "n_words", "share"]]
    words = pattern_counts(features, "frame").rename(columns={"entry": "frame"})
    words = words[words["article_id"].isin(kept)].reset_index(drop=True)
    vocabulary = frame_vocabulary(features, kept, marks, drawing["level"])
    notes = (*few_articles(len(kept)), *vocabulary_notes(vocabulary))
    params = {"by": groups.by, **drawing, **origin(features)}
    tables = sentences, words, vocabulary
    return Frames(table, params, *tables, quality=quality, notes=notes, groups=groups.table)


def _kept(features: Features, groups: Grouping) -> pd.Index:
    """The articles that have a group."""
    return pd.Index(features.article_ids)[groups.codes >= 0]


def _shares(
    features: Features,
    groups: Grouping,
    rows: pd.DataFrame,
    names: list[str],
    amounts: np.ndarray,
    sizes: np.ndarray,
    counts: np.ndarray,
    drawing: dict,
    *,
    rare: bool = False,
) -> pd.DataFrame:
    """Shares of frames by group, each beside all other groups.

    Parameters
    ----------
    features : Features
    groups : Grouping
    rows : DataFrame
        The sentences of articles that have a group.
    names : list of str
        The frames.
    amounts : array of shape (n_sentences, n_frames)
    sizes : array of shape (n_sentences,)
        What the amounts are shares of.
    counts : array of shape (n_sentences, n_frames)
        What `n_hits` sums.
    drawing : dict
        draws, level, seed
    rare : bool
        Whether the amounts are counts of words.
    """
    article = pd.Index(features.article_ids).get_indexer(rows["article_id"])
    group = groups.codes[article]
    if not names or rows.empty:
        return pd.DataFrame(columns=_EMPTY)
    compared = compare_groups(
        amounts, sizes, group, article, groups.names, what="frames", counts=rare, **drawing
    )
    sums = np.zeros((len(groups.names), len(names)), np.int64)
    np.add.at(sums, group, counts.astype(np.int64))
    n = np.bincount(group, minlength=len(groups.names))
    about = groups.table[["group", "n_words", "n_articles"]].assign(n_sentences=n)
    parts = []
    for j, name in enumerate(names):
        part = about[["group"]].assign(frame=name, n_hits=sums[:, j])
        part = part.join(about[["n_words", "n_sentences", "n_articles"]])
        parts.append(part.assign(**compared.columns("share", j, SHARE_LIMITS)))
    table = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    return table.astype({"apart": bool})


def _compared(
    features: Features, codes: FrameCodes | None, found: pd.DataFrame, drawing: dict
) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """How well frames are found in coded sentences, and their codes.

    Parameters
    ----------
    features : Features
    codes : FrameCodes, optional
    found : DataFrame
        Whether each sentence (the index) is found to carry each frame (the columns).
    drawing : dict
        draws, level, seed

    Raises
    ------
    OptionError
        If the sheet codes none of these frames.
    """
    if codes is None:
        return None, None
    placed = place_codes(codes, features)
    names = [name for name in found.columns if name in set(placed["frame"])]
    if not names:
        there = ", ".join(filter(None, dict.fromkeys(placed["frame"])))
        raise OptionError(
            f"coded must have a frame of the codebook ({', '.join(map(str, found.columns))}); the"
            f" sheet {codes.name} has {there}"
        )
    sentences, marks = marked(placed, names)
    here = found.reindex(pd.MultiIndex.from_frame(sentences), fill_value=False)[names]
    scored = np.ones(len(names), bool)
    quality = frame_quality(
        here.to_numpy(bool), marks, scored, sentences["article_id"], names, **drawing
    )
    return quality, sentences.join(pd.DataFrame(marks, columns=names))


def _spans(features: Features) -> pd.DataFrame:
    return sentence_spans(features).rename(columns={"n_tokens": "n_words"})
