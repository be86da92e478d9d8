"""Stance: whether an article speaks better of one side's actors than of the other's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import FeaturesError, OptionError, choose
from analysis.features import Features
from analysis.inference import bootstrap, few_articles, generator, interval
from analysis.results import Result, at_least
from analysis.views import origin

VOICES = ("outlet", "quoted", "reported")


@dataclass(frozen=True, eq=False, repr=False)
class Stance(Result):
    """`table` is described at `stance`.

    Attributes
    ----------
    actors : DataFrame
        The group, actor, side, n (mentions), tone (mean): what the scores are made of.
    """

    actors: pd.DataFrame


def stance(
    features: Features,
    *,
    towards: str,
    against: str,
    by: str = "article_id",
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
    features : Features
        Either form, extracted with a tone model; reads `mentions` and `side` of the codebook's
        actors.
    towards, against : str
        Two sides that the codebook gives its actors.
    by : str
        Column of `articles` that names the groups, such as "article_id" or "outlet".
    voice : {"outlet", "quoted", "reported"}
        Whose words are counted: the outlet's own, or those it quotes or paraphrases.
    draws, level, seed
        Bootstrap over the sentences of an article; over the articles of a group that has several.

    Returns
    -------
    Stance
        `table`: the group, score (-2 to 2), low, high, signed (-1 to 1), signed_low, signed_high,
        tone_towards, tone_against, n_towards, n_against (mentions), n_units and unit (sentences or
        articles that were drawn anew). Empty cells where a side is not mentioned.

    Raises
    ------
    FeaturesError
        If mentions have no tone, or a side is mentioned nowhere.
    OptionError
        If no actor of the codebook is on a side that is named.

    Examples
    --------
    # doctest: +SKIP
    >>> stance(load("amnesty2024").features, towards="government", against="opposition").table
    """
    at_least("draws", draws, 1)
    choose("voice", voice, VOICES)
    if not 0 < level < 1:
        raise OptionError(
            f"level={level!r} was given; allowed are numbers between 0 and 1, such as 0.95."
        )
    articles = features.table("articles")
    if by not in articles:
        raise OptionError(
            f"by={by!r} was given; allowed are columns of the articles:"
            f" {', '.join(articles.columns)}."
        )
    sides = {actor: about.get("side", "") for actor, about in features.codebook("actors").items()}
    known = sorted({side for side in sides.values() if side})
    if not known:
        raise FeaturesError(
            f"{features.corpus}: no actor of the codebook has a side; give actors a `side` in"
            " codebook.yml and extract again."
        )
    choose("towards", towards, known)
    choose("against", against, [side for side in known if side != towards])
    mentions = _toned(features, voice).assign(side=lambda m: m["actor"].map(sides))
    signs = {towards: 1.0, against: -1.0}
    mentions = mentions[mentions["side"].isin(signs)].reset_index(drop=True)
    for side in signs:
        if not (mentions["side"] == side).any():
            actors = ", ".join(actor for actor, of in sides.items() if of == side)
            raise FeaturesError(
                f"{features.corpus}: nobody of the side {side!r} ({actors}) is mentioned in the"
                f" voice {voice!r}; name aliases of its actors, or compare another side."
            )
    group = (
        articles[by].where(articles[by] != "", "(unknown)") if by != "article_id" else articles[by]
    )
    of = dict(zip(articles["article_id"], group))
    mentions["group"] = mentions["article_id"].map(of)
    units = features.table("sentences", ["article_id", "sentence"]).assign(
        group=lambda s: s["article_id"].map(of)
    )
    several = group.value_counts() > 1
    rows = []
    for name in dict.fromkeys(group):
        keys = ["article_id"] if several[name] else ["article_id", "sentence"]
        index = pd.MultiIndex.from_frame(units.loc[units["group"] == name, keys].drop_duplicates())
        part = mentions[mentions["group"] == name]
        where = index.get_indexer(pd.MultiIndex.from_frame(part[keys]))
        sums = np.zeros((len(index), 4))
        for column, side in enumerate(signs):
            chosen = (part["side"] == side).to_numpy()
            sums[:, column] = np.bincount(
                where[chosen], weights=part.loc[chosen, "tone"], minlength=len(index)
            )
            sums[:, column + 2] = np.bincount(where[chosen], minlength=len(index))
        drawn = (
            bootstrap(
                sums, np.ones(len(index)), draws=draws, rng=generator(seed, "stance", str(name))
            )
            if len(index)
            else np.zeros((1, 4))
        )
        score, signed, tone = _scores(sums.sum(axis=0)[None])
        bounds = [_bounds(values, level) for values in _scores(drawn)[:2]]
        rows.append(
            (
                name,
                score[0],
                *bounds[0],
                signed[0],
                *bounds[1],
                *tone[0],
                *sums.sum(axis=0)[2:].astype(int),
                len(index),
                "articles" if several[name] else "sentences",
            )
        )
    label = by if by not in ("side", "actor") else "group"
    table = pd.DataFrame(
        rows,
        columns=[
            label,
            "score",
            "low",
            "high",
            "signed",
            "signed_low",
            "signed_high",
            "tone_towards",
            "tone_against",
            "n_towards",
            "n_against",
            "n_units",
            "unit",
        ],
    )
    actors = (
        mentions.groupby(["group", "actor", "side"], sort=False)["tone"]
        .agg(n="size", tone="mean")
        .reset_index()
        .rename(columns={"group": label})
    )
    lacking = int(table["score"].isna().sum())
    notes = (
        (f"{lacking} of {len(table)} do not mention both sides in this voice and have no score.",)
        if lacking
        else ()
    )
    params = {
        "towards": towards,
        "against": against,
        "by": by,
        "voice": voice,
        "draws": draws,
        "level": level,
        "seed": seed,
        **origin(features),
    }
    return Stance(table, params, actors, notes=(*few_articles(len(articles)), *notes))


def _toned(features: Features, voice: str) -> pd.DataFrame:
    mentions = (
        features.table(
            "mentions", ["article_id", "sentence", "actor", "voice", "negative", "positive"]
        )
        if features.has("mentions")
        else None
    )
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


def _scores(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Score, signed mean and both tones from rows of (sum of A's tone, of B's, mentions of A, of
    B).
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        tone = np.where(sums[:, 2:] > 0, sums[:, :2] / sums[:, 2:], np.nan)
        signed = np.where(
            sums[:, 2:].sum(axis=1) > 0, (sums[:, 0] - sums[:, 1]) / sums[:, 2:].sum(axis=1), np.nan
        )
    return tone[:, 0] - tone[:, 1], signed, tone


def _bounds(drawn: np.ndarray, level: float) -> tuple[float, float]:
    if np.isnan(drawn).all():
        return np.nan, np.nan
    low, high = interval(drawn, level)
    return float(low), float(high)
