"""Stance: whether an article speaks better of one side's actors than of the other's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.comparison import Comparison, compare_groups
from analysis.corpus import Corpus
from analysis.errors import FeaturesError
from analysis.features import Features, features_of
from analysis.groups import UNKNOWN, By, Grouping, group_articles
from analysis.inference import few_articles
from analysis.options import check_choice, check_options
from analysis.results import Result
from analysis.store import Shipment, Ships
from analysis.tl._toned import coarse, coarse_shrunk, has_tone, restored, shipped_groupings, stored
from analysis.tl.tone import FEW_MENTIONS, VOICES
from analysis.views import origin
from analysis.wording import differing, listed, names_of, no_difference, none_of

TONES = ["tone_towards", "tone_against"]
_COUNTS = ["n_towards", "n_against"]
_BOUNDS = dict.fromkeys(["low", "high", "joint_low", "joint_high"], "score")
_BOUNDS |= dict.fromkeys(["signed_low", "signed_high"], "signed")
_BOOT = {"draws": 1000, "level": 0.95, "seed": 0}  # with which stance is shipped


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
        shrunk                   -2 to 2   the score drawn towards the mean of all groups, the
                                           more the less sure it is: order groups by this
        rest                     -2 to 2   mean score of all other groups, by their mentions
        joint_low, joint_high    -2 to 2   bounds around the score of its difference from
                                           `rest`, for all groups together
        apart                              whether these bounds exclude `rest`
        weight                   mentions  of both sides
        signed                   -1 to 1   mean over mentions of both sides, those of the other
                                           side with their sign turned; NaN without a mention
        signed_low, signed_high  -1 to 1   bounds of its interval
        tone_towards             -1 to 1   mean tone towards the one side
        tone_against             -1 to 1   mean tone towards the other side
        n_towards, n_against     mentions
        n_units                            articles or sentences with a mention
        unit                               what was resampled: "article", or "sentence" of a
                                           single article
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
    def sides(self) -> tuple[str, str]:
        """The two sides, in words."""
        towards, against = (self.params[side].replace("_", " ") for side in ("towards", "against"))
        return f"the {towards} side", f"the {against} side"

    @property
    def finding(self) -> str:
        """Who speaks better of one side than of the other, compared with the rest."""
        assert self.groups is not None, "made by stance"
        towards, against = self.sides
        scored = self.table[self.table["score"].notna()]
        by = self.params["by"]
        if scored.empty:
            return f"{none_of(by)} mentions both {towards} and {against} in this voice"
        if len(scored) == 1:
            return self._of_one(scored.iloc[0])
        said = []
        for far, names in differing(scored, self.groups, by):
            speak, how = "speaks" if len(names) == 1 else "speak", "better" if far > 0 else "worse"
            said.append(f"{listed(names, 3 if by == 'outlet' else 2)} {speak} {how} of {towards}")
        if said:
            said[0] += f" (against {against}) than the rest"
            text = "; ".join(said)
            return text[:1].upper() + text[1:]
        deed = f"differs from the rest in how it speaks of {towards} against {against}"
        return no_difference(scored, by, deed)

    def _of_one(self, row: pd.Series) -> str:
        """The finding where there is nothing to compare: whether the score differs from 0."""
        assert self.groups is not None, "made by stance"
        name = names_of(self.groups, self.params["by"])[row["group"]]
        name = "The corpus" if name == UNKNOWN else name
        towards, against = self.sides
        clear = row[_COUNTS].min() >= FEW_MENTIONS and (row["low"] > 0 or row["high"] < 0)
        if not clear:
            return (
                f"{name} speaks of {towards} no better and no worse than of {against} beyond chance"
            )
        how = "better" if row["score"] > 0 else "worse"
        score = f"{row['score']:+.2f}".replace("-", "−")
        return f"{name} speaks {how} of {towards} than of {against} ({score})"


def stance(
    corpus: Corpus | Features,
    *,
    towards: str,
    against: str,
    by: By | None = None,
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

    A score is the difference of two means, which is resampled in its linear form: the mention of a
    side counts by its distance from the side's mean, divided by the side's mentions.

    Parameters
    ----------
    corpus : Corpus or Features
        Reads `articles`, `sentences`, `mentions` and `side` of the codebook's actors.
    towards, against : str
        Two sides that the codebook gives its actors.
    by : str, sequence of str, mapping or Series, optional
        The groups: a column of `articles`, "day", "week" or "month" of publication, several of
        these, or a group for each article_id. The outlet if not given, where at least two have two
        articles each, else the article.
    voice : {"outlet", "quoted", "reported"}
        Whose words are counted: the outlet's own, or those it quotes or reports.
    draws : int
        Bootstrap samples, at least 1: of the articles of a group, of the sentences of a single one.
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
    >>> result = tw.tl.stance(corpus, towards="government", against="opposition")
    >>> result.table[["group", "score", "n_towards", "n_against"]].round(1)
            group  score  n_towards  n_against
    0   mcclatchy   -0.6          8          1
    1      caruzo   -0.9         17          3
    2  aggregator   -0.5         22          4
    3        blog   -0.1         23          3
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
    boot: dict[str, Any] = {"draws": draws, "level": level, "seed": seed}
    source = origin(features)
    owners = None
    if (towards, against, voice, boot) == (*_first_sides(features), VOICES[0], _BOOT):
        owners = _owners(features, grouping)
    if owners is not None:
        (table, actors), source["measured_on"] = owners, "results"
    else:
        table = _scores(_sums(mentions, towards, group_of), group_of, grouping, boot)
        actors = (
            mentions.assign(group=np.array(grouping.names, object)[mentions["code"]])
            .groupby(["group", "actor", "side"], sort=False, as_index=False)
            .agg(n=("tone", "size"), tone=("tone", "mean"))
        )
    params = {"towards": towards, "against": against, "by": grouping.by, "voice": voice}
    notes = list(few_articles(int(grouping.sizes.sum())))
    if lacking := int(table["score"].isna().sum()):
        notes.append(
            f"{lacking} of {len(table)} do not mention both sides in this voice and have no score."
        )
    return Stance(
        table, {**params, **boot, **source}, actors, notes=tuple(notes), groups=grouping.table
    )


def _first_sides(features: Features) -> tuple[str, ...]:
    """The first two sides of the codebook, whose stance is shipped."""
    sides = [about.get("side") for about in features.codebook("actors").values()]
    return tuple(dict.fromkeys(filter(None, sides)))[:2]


def _owners(features: Features, grouping: Grouping) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """The tables that the owner measured, if they are of these groups."""
    shipped = SHIPS.read(features)
    if shipped is None:
        return None
    table, actors = (restored(each, grouping, shipped["stance"]) for each in shipped.values())
    return None if table is None or actors is None else (table, actors)


def _ship(shipment: Shipment) -> dict[str, pd.DataFrame]:
    """Stance between the first two sides, by the usual groups and by periods."""
    sides = _first_sides(shipment.features)
    if len(sides) < 2 or not has_tone(shipment.features):
        return {}
    tables: dict[str, list[pd.DataFrame]] = {name: [] for name in SHIPS.tables}
    for name, by in shipped_groupings(shipment):
        result = stance(shipment.features, towards=sides[0], against=sides[1], by=by)
        groups = result.groups
        assert groups is not None, "made by stance"
        of = name, groups["n_articles"].to_numpy(), groups["group"].tolist()
        table = _coarse(result.table)
        actors = coarse(result.actors, ["tone"], result.actors["n"])
        for kept, made in zip(tables.values(), (table, actors)):
            kept.append(stored(made, *of))
    return {name: pd.concat(made, ignore_index=True) for name, made in tables.items()}


def _coarse(table: pd.DataFrame) -> pd.DataFrame:
    """Scores made of the tones of either side as these ship, with bounds as far from them."""
    n = table[_COUNTS]
    made = table.copy()
    for side in range(2):
        made = coarse(made, [TONES[side]], n[_COUNTS[side]])
    towards, against = (made[name] for name in TONES)
    made["score"] = towards - against
    turned = n[_COUNTS[0]] * towards.fillna(0) - n[_COUNTS[1]] * against.fillna(0)
    made["signed"] = (turned / n.sum(axis=1).clip(lower=1)).where(table["signed"].notna())
    for column, of in _BOUNDS.items():
        away = table[[column]] - table[[of]].to_numpy()
        made[column] = made[of] + coarse(away, [column], n.sum(axis=1))[column]
    made["shrunk"] = coarse_shrunk(table["shrunk"], n.min(axis=1))
    made = coarse(made, ["rest"], (n.sum() - n).min(axis=1))
    return made.round(dict.fromkeys(["score", "signed", *_BOUNDS], 6))


SHIPS = Ships(("stance", "stance_actors"), _ship)


def _toned(features: Features, voice: str) -> pd.DataFrame:
    mentions = features.table("mentions") if features.has("mentions") else None
    if mentions is None or mentions.empty:
        raise FeaturesError(
            f"{features.corpus}: no actor of the codebook is mentioned; name actors and their"
            " aliases in codebook.yml and extract again."
        )
    mentions = mentions.rename(columns={"unit": "sentence"})  # of the shared form
    mentions = mentions[mentions["voice"] == voice].dropna(subset=["negative", "positive"])
    if mentions.empty:
        raise FeaturesError(
            f"{features.corpus}: no mention in the voice {voice!r} has a tone; extract with a tone"
            " model."
        )
    return mentions.assign(tone=(mentions["positive"] - mentions["negative"]).astype(float))


def _sums(mentions: pd.DataFrame, towards: str, group_of: pd.Series) -> pd.DataFrame:
    """Tones and mentions of either side summed by sentence; a row of zeros for silent articles."""
    keys = ["article_id", "sentence"]
    first, tone = mentions["side"] == towards, mentions["tone"]
    values = (first * tone, ~first * tone, first, ~first)
    sums = mentions[keys].assign(**dict(zip([*TONES, *_COUNTS], values)))
    sums = sums.groupby(keys, sort=False).sum().astype(float).reset_index()
    silent = group_of.index[group_of >= 0].difference(sums["article_id"], sort=False)
    return pd.concat([sums, pd.DataFrame({"article_id": silent})], ignore_index=True).fillna(0)


def _scores(
    sums: pd.DataFrame, group_of: pd.Series, grouping: Grouping, boot: dict[str, Any]
) -> pd.DataFrame:
    """The scores of groups from the sums of their sentences."""
    group = group_of[sums["article_id"]].to_numpy()
    tones, counts = sums[TONES].to_numpy(), sums[_COUNTS].to_numpy()
    totals = np.zeros((2, len(grouping.names), 2))
    np.add.at(totals[0], group, tones)
    np.add.at(totals[1], group, counts)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = totals[0] / totals[1]
        # what a sentence adds to its side's mean, which it leaves where it has no mention
        pull = np.nan_to_num((tones - means[group] * counts) / totals[1][group])
    score, mentioned = means[:, 0] - means[:, 1], counts.sum(axis=1)
    there = np.isfinite(score)[group]
    above = totals[1].sum(axis=1)[group] * (pull[:, 0] - pull[:, 1])
    above += np.nan_to_num(score)[group] * mentioned

    def compared(above: np.ndarray, below: np.ndarray, what: str) -> Comparison:
        articles = group_of.index.get_indexer(sums["article_id"])
        return compare_groups(above, below, group, articles, grouping.names, what=what, **boot)

    scored = compared(np.where(there, above, 0), np.where(there, mentioned, 0), "stance")
    signed = compared(tones[:, 0] - tones[:, 1], mentioned, "stance signed")
    table = pd.DataFrame({"group": grouping.names, **scored.columns("score")}).assign(
        signed=signed.estimate,
        signed_low=signed.low.clip(-1, 1),
        signed_high=signed.high.clip(-1, 1),
        **dict(zip(TONES, means.T)),
        **dict(zip(_COUNTS, totals[1].T.astype(int))),
        n_units=signed.n_units,
        unit=signed.unit,
    )
    bounds = ["low", "high", "joint_low", "joint_high"]
    table[bounds] = table[bounds].clip(-2, 2)
    return table
