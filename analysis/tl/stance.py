"""Stance: whether an article speaks better of one side's actors than of the other's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import FeaturesError
from analysis.features import Features, features_of
from analysis.groups import By, group_articles
from analysis.inference import bootstrap, few_articles, generator, interval
from analysis.options import check_choice, check_options
from analysis.results import Result, count
from analysis.tl.tone import FEW_MENTIONS, VOICES
from analysis.views import origin

TONES = ["tone_towards", "tone_against"]
_COUNTS = ["n_towards", "n_against"]


@dataclass(frozen=True, eq=False, repr=False)
class Stance(Result):
    """Tone towards one side's actors against that towards the other's.

    Attributes
    ----------
    table : DataFrame
        One row a group.

        =======================  ========  ====================================================
        column                   unit      meaning
        =======================  ========  ====================================================
        group
        score                    -2 to 2   mean tone towards one side less that towards the
                                           other; NaN where a side is not mentioned
        low, high                -2 to 2   bounds of the score's interval
        signed                   -1 to 1   mean over mentions of both sides, those of the other
                                           side with their sign turned; NaN without a mention
        signed_low, signed_high  -1 to 1   bounds of its interval
        tone_towards             -1 to 1   mean tone towards the one side
        tone_against             -1 to 1   mean tone towards the other side
        n_towards, n_against     mentions
        n_units                            sentences or articles that were resampled
        unit                               "sentences" or "articles"
        =======================  ========  ====================================================
    actors : DataFrame
        What the scores are made of: one row for each group and actor mentioned.

        ======  ========  ===============
        column  unit      meaning
        ======  ========  ===============
        group
        actor
        side
        n       mentions
        tone    -1 to 1   mean
        ======  ========  ===============
    """

    actors: pd.DataFrame

    @property
    def finding(self) -> str:
        """In how many groups the tone towards one side is better than that towards the other."""
        towards, against = (self.params[side].replace("_", " ") for side in ("towards", "against"))
        noun = {"article_id": "article", "outlet": "outlet"}.get(self.params["by"], "group")
        table = self.table[self.enough]
        if table.empty:
            return f"No {noun} mentions {towards} and {against} {FEW_MENTIONS} times each"
        better, worse = int((table["low"] > 0).sum()), int((table["high"] < 0).sum())
        return (
            f"Of {count(len(table), noun)} with {FEW_MENTIONS} mentions of each side, the tone is"
            f" better towards {towards} than towards {against} in {better}, worse in {worse},"
            " beyond chance"
        )

    @property
    def enough(self) -> pd.Series:
        """Whether each group mentions both sides often enough for a finding."""
        return self.table[_COUNTS].min(axis=1) >= FEW_MENTIONS


def stance(
    corpus: Corpus | Features,
    *,
    towards: str,
    against: str,
    by: By = "article_id",
    voice: str = "outlet",
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Stance:
    r"""Score the tone towards one side's actors against that towards the other's.

    With the tone of a mention :math:`t = p(positive) - p(negative)`, from -1 to 1, and A and B the
    mentions of the two sides' actors,

    .. math:: score = \bar t_A - \bar t_B, \qquad signed = \frac{\sum_A t - \sum_B t}{|A| + |B|}

    The score needs both sides and does not depend on who is named more often; the signed mean is
    there where one side is named.

    Parameters
    ----------
    corpus : Corpus or Features
        Reads `articles`, `sentences`, `mentions` and `side` of the codebook's actors.
    towards, against : str
        Two sides that the codebook gives its actors.
    by : str, sequence of str, mapping or Series
        The groups: a column of `articles`, "day", "week" or "month" of publication, several of
        these, or a group for each article_id.
    voice : {"outlet", "quoted", "reported"}
        Whose words are counted: the outlet's own, or those it quotes or reports.
    draws : int
        Bootstrap samples, at least 1: of the articles of a group that has several, else of the
        article's sentences.
    level : float
        Of the intervals, between 0 and 1.
    seed : int
        At least 0.

    Returns
    -------
    Stance

    Raises
    ------
    FeaturesError
        If mentions have no tone, no actor has a side, or a side is mentioned nowhere.
    OptionError
        If an option has a value that is not allowed, or no actor is on a side that is named.

    References
    ----------
    Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of Statistics 7(1).
    https://doi.org/10.1214/aos/1176344552

    Examples
    --------
    >>> import analysis as tw
    >>> corpus = tw.load("amnesty2024")
    >>> result = tw.tl.stance(corpus, towards="government", against="opposition", draws=100)
    >>> result.table[["group", "score", "n_towards", "n_against"]].round(1)
            group  score  n_towards  n_against
    0   mcclatchy   -0.4         11          2
    1      caruzo   -0.9         24          2
    2  aggregator   -0.7         19          3
    3        blog   -0.3         20          2
    4   explainer   -0.6         11          1
    """
    features = features_of(corpus)
    check_options(draws=draws, level=level, seed=seed)
    check_choice("voice", voice, VOICES)
    sides = {actor: about.get("side", "") for actor, about in features.codebook("actors").items()}
    known = sorted({side for side in sides.values() if side})
    if not known:
        raise FeaturesError(
            f"{features.corpus}: no actor of the codebook has a side; give actors a `side` in"
            " codebook.yml and extract again."
        )
    check_choice("towards", towards, known)
    check_choice("against", against, [side for side in known if side != towards])
    grouping = group_articles(features, by)
    group_of = pd.Series(grouping.codes, features.article_ids)
    mentions = _toned(features, voice)
    mentions = mentions.assign(
        side=mentions["actor"].map(sides), code=mentions["article_id"].map(group_of)
    )
    mentions = mentions[mentions["side"].isin([towards, against]) & (mentions["code"] >= 0)]
    for side in (towards, against):
        if not (mentions["side"] == side).any():
            actors = ", ".join(actor for actor, of in sides.items() if of == side)
            raise FeaturesError(
                f"{features.corpus}: nobody of the side {side!r} ({actors}) is mentioned in the"
                f" voice {voice!r}; name aliases of its actors, or compare another side."
            )
    sums = _sums(features, mentions, towards)
    codes = group_of[sums.index.get_level_values("article_id")].to_numpy()
    rows = []
    for code, (name, size) in enumerate(zip(grouping.names, grouping.sizes)):
        part = sums[codes == code]
        part = part.groupby(level="article_id", sort=False).sum() if size > 1 else part
        drawn = np.full((1, 4), np.nan)
        if len(part):
            rng = generator(seed, "stance", name)
            drawn = bootstrap(part.to_numpy(), np.ones(len(part)), draws=draws, rng=rng)
        whole = part.sum().to_numpy()[None]
        (score,), (signed,), (tones,) = _scores(whole)
        bounds = [_bounds(values, level) for values in _scores(drawn)[:2]]
        unit = "articles" if size > 1 else "sentences"
        counts = whole[0, 2:].astype(int)
        rows.append((name, score, *bounds[0], signed, *bounds[1], *tones, *counts, len(part), unit))
    estimates = ["score", "low", "high", "signed", "signed_low", "signed_high"]
    table = pd.DataFrame(rows, columns=["group", *estimates, *TONES, *_COUNTS, "n_units", "unit"])
    actors = (
        mentions.assign(group=np.array(grouping.names, object)[mentions["code"]])
        .groupby(["group", "actor", "side"], sort=False, as_index=False)
        .agg(n=("tone", "size"), tone=("tone", "mean"))
    )
    params: dict[str, Any] = {
        "towards": towards,
        "against": against,
        "by": grouping.by,
        "voice": voice,
    }
    params |= {"draws": draws, "level": level, "seed": seed, **origin(features)}
    notes = list(few_articles(int(grouping.sizes.sum())))
    if lacking := int(table["score"].isna().sum()):
        notes.append(
            f"{lacking} of {len(table)} do not mention both sides in this voice and have no score."
        )
    return Stance(table, params, actors, notes=tuple(notes))


def _toned(features: Features, voice: str) -> pd.DataFrame:
    columns = ["article_id", "sentence", "actor", "voice", "negative", "positive"]
    mentions = features.table("mentions", columns) if features.has("mentions") else None
    if mentions is None or mentions.empty:
        raise FeaturesError(
            f"{features.corpus}: no actor of the codebook is mentioned; name actors and their"
            " aliases in codebook.yml and extract again."
        )
    mentions = mentions[mentions["voice"] == voice].dropna(subset=["negative", "positive"])
    if mentions.empty:
        raise FeaturesError(
            f"{features.corpus}: no mention in the voice {voice!r} has a tone; extract with a tone"
            " model."
        )
    return mentions.assign(tone=(mentions["positive"] - mentions["negative"]).astype(float))


def _sums(features: Features, mentions: pd.DataFrame, towards: str) -> pd.DataFrame:
    """Tones and mentions of either side summed by sentence, also of sentences without any."""
    keys = ["article_id", "sentence"]
    first, tone = mentions["side"] == towards, mentions["tone"]
    values = (first * tone, ~first * tone, first, ~first)
    sums = mentions[keys].assign(**dict(zip([*TONES, *_COUNTS], values))).groupby(keys).sum()
    every = pd.MultiIndex.from_frame(features.table("sentences", keys))
    return sums.reindex(every, fill_value=0).astype(float)


def _scores(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Score, signed mean and both mean tones from rows of summed tones and mentions."""
    tones, counts = sums[:, :2], sums[:, 2:]
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(counts > 0, tones / counts, np.nan)
        signed = (tones[:, 0] - tones[:, 1]) / counts.sum(axis=1)
    return means[:, 0] - means[:, 1], signed, means


def _bounds(drawn: np.ndarray, level: float) -> tuple[float, ...]:
    return (np.nan, np.nan) if np.isnan(drawn).all() else tuple(map(float, interval(drawn, level)))
