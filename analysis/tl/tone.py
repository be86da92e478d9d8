"""Tone towards actors: how an article speaks of each of them, in whose voice, where, and how
surely.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import FeaturesError, OptionError, choose
from analysis.features import Features
from analysis.inference import few_articles, generator, interval
from analysis.results import Result, at_least
from analysis.text.actors import FORMS
from analysis.views import ENGLISH, origin, require_language, sentence_spans

VOICES = ("outlet", "quoted", "reported")
PARTS = ("lead", "body", "end")
EDGE = 0.2  # share of an article's words that are its lead, and its end
SEVERAL = 6  # articles of a group from which articles are drawn, not sentences
FEW_MENTIONS = 5
CHANCES = ["negative", "neutral", "positive"]


@dataclass(frozen=True, eq=False, repr=False)
class Tone(Result):
    """Tone towards actors.

    Attributes
    ----------
    table : DataFrame
        group, actor, voice ("outlet", "quoted", "reported"), n_mentions, n_sentences, n_articles,
        negative, neutral, positive (mean probabilities), tone (positive less negative, from -1 to
        1), low, high, unit ("sentence" or "article": what was drawn), shrunk (the tone drawn
        towards the mean of its voice, the more the fewer its mentions: order groups and actors by
        this). An actor whom a group never mentions in a voice has n_mentions 0 and no tone.
    course : DataFrame
        actor, voice, part ("lead", "body", "end"), n_mentions, n_articles, tone, low, high.
    speakers : DataFrame
        actor, voice, speaker, n_mentions, n_sentences, tone, low, high: the tone in each speaker's
        mouth; empty in the shared form.
    mentions : DataFrame
        article_id, sentence, position (of the sentence's first word), start, end (characters; empty
        in the shared form), actor, form, voice, speaker, negative, neutral, positive, tone: what
        every estimate is the mean of.
    """

    course: pd.DataFrame
    speakers: pd.DataFrame
    mentions: pd.DataFrame

    @property
    def actors(self) -> list[str]:
        return list(dict.fromkeys(self.table["actor"]))


def tone(
    features: Features,
    *,
    actors: list[str] | None = None,
    by: str = "article_id",
    forms: tuple[str, ...] = FORMS[:3],
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Tone:
    r"""Average the tone of mentions by actor and voice.

    The tone of a mention is :math:`p_{positive} - p_{negative}`, the probabilities that
    extraction's tone model gives for the sentence and the place of the mention in it. An estimate
    is the mean over mentions, by voice: the outlet's own, in direct quotation, in reported
    statements.

    Few mentions make extreme means. With :math:`\sigma^2` the variance of mentions within a cell of
    the table and :math:`\tau^2` that of the cells' true tones (both by the analysis of variance,
    each voice by itself), the tone of :math:`n` mentions is drawn towards the mean of the voice
    :math:`m`:

    .. math:: shrunk = m + \frac{n\tau^2}{n\tau^2 + \sigma^2} (tone - m)

    Parameters
    ----------
    features : Features
        Either form; reads `mentions` and `sentences`.
    actors : list of str, optional
        Keys of the codebook's actors; those under `tone` in the codebook if not given, or all where
        it names none.
    by : str
        Column of `articles` that names the groups: "article_id", "outlet", "published" (by day), or
        one of your own.
    forms : tuple of str
        Which mentions count: "name", "title" (a bare title or description), "possessive" ("the
        Orban government", "Orban's ..."), "pronoun" (resolved to the last actor; less sure, and
        left out unless asked for).
    draws, level, seed
        Bootstrap: sentences are drawn within each group, or whole articles where a group has at
        least six that mention the actor.

    Returns
    -------
    Tone

    Raises
    ------
    FeaturesError
        If the features hold no tone: no actors in the codebook, or extracted without a tone model.
    LanguageError
        If articles are in another language than the model.

    References
    ----------
    Hamborg, F., and Donnay, K. (2021). NewsMTSC. EACL 2021.
    https://doi.org/10.18653/v1/2021.eacl-main.142 Efron, B., and Morris, C. (1975). Data analysis
    using Stein's estimator and its generalizations. JASA 70(350).
    https://doi.org/10.1080/01621459.1975.10479864
    """
    at_least("draws", draws, 1)
    if not 0 < level < 1:
        raise OptionError(
            f"level={level!r} was given; allowed are numbers between 0 and 1, such as 0.95."
        )
    forms = (forms,) if isinstance(forms, str) else tuple(forms)
    for form in forms:
        choose("forms", form, FORMS)
    known = features.codebook("actors")
    if not known:
        raise FeaturesError(
            f"{features.corpus}: the codebook names no actors; add some to codebook.yml and extract"
            " again."
        )
    require_language(features, "the tone model", ENGLISH, "Leave tone out for these articles.")
    chosen = (
        list(actors)
        if actors is not None
        else features.manifest["codebook"].get("tone") or list(known)
    )
    for actor in chosen:
        choose("actors", actor, list(known))
    mentions = _mentions(features, chosen, forms)
    articles = features.table("articles")
    if by not in articles:
        raise OptionError(
            f"by={by!r} was given; allowed are columns of the articles:"
            f" {', '.join(articles.columns)}."
        )
    cells = articles[by].str[:10] if by == "published" else articles[by]
    group_of = dict(zip(articles["article_id"], cells.where(cells != "", "(unknown)")))
    groups = list(dict.fromkeys(group_of.values()))
    mentions = mentions.assign(group=mentions["article_id"].map(group_of))
    rows = []
    parts = dict(iter(mentions.groupby(["group", "actor", "voice"], sort=False)))
    for group in groups:
        for actor in chosen:
            for voice in VOICES:
                part = parts.get((group, actor, voice), mentions.iloc[:0])
                rows.append(
                    (
                        group,
                        actor,
                        voice,
                        *_estimate(
                            part,
                            draws,
                            level,
                            generator(seed, "towards", by, str(group), actor, voice),
                        ),
                    )
                )
    columns = ["n_mentions", "n_sentences", "n_articles", *CHANCES, "tone", "low", "high", "unit"]
    table = pd.DataFrame(rows, columns=["group", "actor", "voice", *columns])
    table["shrunk"] = np.nan
    for voice in VOICES:
        cells = table.index[(table["voice"] == voice) & (table["n_mentions"] > 0)]
        table.loc[cells, "shrunk"] = shrunken(
            table.loc[cells], mentions[mentions["voice"] == voice]
        )
    course = _apart(mentions, ["actor", "voice", "part"], draws, level, seed, columns).drop(
        columns=[*CHANCES, "n_sentences", "unit"]
    )
    course = course.sort_values(["actor", "voice", "part"], key=_order(chosen), ignore_index=True)
    named = mentions[mentions["speaker"] != ""]
    speakers = _apart(named, ["actor", "voice", "speaker"], draws, level, seed, columns).drop(
        columns=[*CHANCES, "n_articles", "unit"]
    )
    speakers = speakers.sort_values(
        ["actor", "voice", "n_mentions", "speaker"],
        key=_order(chosen, descending="n_mentions"),
        ignore_index=True,
    )
    silent = [a for a in features.article_ids if a not in set(mentions["article_id"])]
    params = {
        "actors": chosen,
        "by": by,
        "forms": list(forms),
        "draws": draws,
        "level": level,
        "seed": seed,
        **origin(features),
    }
    return Tone(
        table,
        params,
        course,
        speakers,
        mentions.drop(columns=["group", "part"]),
        notes=_notes(table, chosen, silent, len(articles)),
    )


def _mentions(features: Features, actors: list[str], forms: tuple[str, ...]) -> pd.DataFrame:
    if not features.has("mentions"):
        raise FeaturesError(
            f"{features.where}: there is no table of mentions; run `twicetold extract` again."
        )
    table = features.table("mentions")
    if len(table) and table["negative"].isna().all():
        raise FeaturesError(
            f"{features.corpus}: mentions were extracted without their tone; run `twicetold extract"
            f" {features.corpus} --tone`."
        )
    for column in ("start", "end"):
        if column not in table:
            table[column] = pd.array([pd.NA] * len(table), "Int64")
    if "speaker" not in table:
        table["speaker"] = ""
    table = table[table["actor"].isin(actors) & table["form"].isin(forms)].astype(
        dict.fromkeys(CHANCES, float)
    )
    spans = sentence_spans(features)[["article_id", "sentence", "position", "n_tokens"]]
    total = spans.groupby("article_id")["n_tokens"].sum()
    table = table.merge(spans.drop(columns="n_tokens"), on=["article_id", "sentence"], how="left")
    place = table["position"] / np.maximum(table["article_id"].map(total), 1)
    part = np.select([place < EDGE, place >= 1 - EDGE], [PARTS[0], PARTS[2]], PARTS[1])
    table = table.assign(tone=table["positive"] - table["negative"], part=part)
    return table[
        [
            "article_id",
            "sentence",
            "position",
            "start",
            "end",
            "actor",
            "form",
            "voice",
            "speaker",
            *CHANCES,
            "tone",
            "part",
        ]
    ].reset_index(drop=True)


def _estimate(part: pd.DataFrame, draws: int, level: float, rng: np.random.Generator) -> tuple:
    """Counts, means, the tone's interval, and what was drawn for it."""
    n_articles = part["article_id"].nunique()
    unit = "article" if n_articles >= SEVERAL else "sentence"
    codes = (
        part.groupby(
            ["article_id"] if unit == "article" else ["article_id", "sentence"], sort=False
        )
        .ngroup()
        .to_numpy()
    )
    n_sentences = part.groupby(["article_id", "sentence"]).ngroups
    if part.empty:
        return 0, 0, 0, *[np.nan] * 6, unit
    sums, counts = np.bincount(codes, part["tone"]), np.bincount(codes).astype(float)
    low = high = np.nan
    if len(counts) > 1:  # one sentence alone has no spread to draw from
        times = rng.multinomial(
            len(counts), np.full(len(counts), 1 / len(counts)), size=draws
        ).astype(float)
        low, high = interval((times @ sums) / (times @ counts), level)
    return (
        len(part),
        n_sentences,
        n_articles,
        *part[CHANCES].mean(),
        part["tone"].mean(),
        low,
        high,
        unit,
    )


def shrunken(cells: pd.DataFrame, mentions: pd.DataFrame) -> np.ndarray:
    """The tones of cells drawn towards the mean of their mentions by empirical Bayes; all at the
    mean where cells differ no more than mentions do.
    """
    n, tone = cells["n_mentions"].to_numpy(float), cells["tone"].to_numpy()
    if len(cells) < 2 or n.max() < 2:
        return tone  # nothing tells how much mentions of one cell differ
    mean, total = mentions["tone"].mean(), n.sum()
    within = max((mentions["tone"] ** 2).sum() - (n * tone**2).sum(), 0) / (total - len(cells))
    between = ((n * (tone - mean) ** 2).sum() / (len(cells) - 1) - within) / (
        (total - (n**2).sum() / total) / (len(cells) - 1)
    )
    if between <= 0:
        return np.full(len(cells), mean)
    return mean + n * between / (n * between + within) * (tone - mean)


def _apart(
    mentions: pd.DataFrame, keys: list[str], draws: int, level: float, seed: int, columns: list[str]
) -> pd.DataFrame:
    rows = [
        (*key, *_estimate(part, draws, level, generator(seed, "towards", *map(str, key))))
        for key, part in mentions.groupby(keys, sort=False)
    ]
    return pd.DataFrame(rows, columns=[*keys, *columns])


def _order(actors: list[str], descending: str = ""):
    """Sort keys: actors as asked for, voices and parts as listed."""
    ranks = {"actor": actors, "voice": VOICES, "part": PARTS}

    def key(column: pd.Series) -> pd.Series:
        if column.name in ranks:
            return column.map({value: i for i, value in enumerate(ranks[column.name])})
        return -column if column.name == descending else column

    return key


def _notes(
    table: pd.DataFrame, actors: list[str], silent: list[str], n_articles: int
) -> tuple[str, ...]:
    total = table.groupby("actor")["n_mentions"].sum()
    never = [actor for actor in actors if not total.get(actor, 0)]
    notes = (
        [
            f"Never mentioned: {', '.join(never)}. They have no tone, which is another thing than a"
            " neutral one."
        ]
        if never
        else []
    )
    if silent and len(never) < len(actors):
        notes.append(
            f"{len(silent)} of {n_articles} articles mention none of the actors"
            f" ({', '.join(silent[:5])}{', …' * (len(silent) > 5)}); names in small letters are not"
            " found."
        )
    rare = int(((table["n_mentions"] > 0) & (table["n_mentions"] < FEW_MENTIONS)).sum())
    if rare:
        notes.append(
            f"{rare} of {int((table['n_mentions'] > 0).sum())} estimates rest on fewer than"
            f" {FEW_MENTIONS} mentions."
        )
    notes.append(
        "The model's errors are not in the intervals: have a sample coded before you report a mean"
        " (draw_sample, validate)."
    )
    return (*notes, *few_articles(n_articles))
