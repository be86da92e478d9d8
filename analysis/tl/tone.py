"""Tone: how articles speak of each actor, in whose voice, and where in the article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import FeaturesError
from analysis.features import Features, features_of
from analysis.groups import By, group_articles
from analysis.inference import bootstrap, few_articles, generator, interval
from analysis.options import check_choices, check_options
from analysis.results import Result
from analysis.text.actors import FORMS
from analysis.views import ENGLISH, in_language, origin, sentence_spans

VOICES = ("outlet", "quoted", "reported")
ARTICLE_PARTS = ("lead", "body", "end")
EDGE = 0.2  # share of an article's words that are its lead, and its end
_SEVERAL = 6  # articles of a group from which articles are resampled, not sentences
FEW_MENTIONS = 5
CHANCES = ["negative", "neutral", "positive"]
_CELLS = ["group", "actor", "voice"]
_COUNTS = ["n_mentions", "n_sentences", "n_articles"]


@dataclass(frozen=True, eq=False, repr=False)
class Tone(Result):
    """Tone towards actors.

    Attributes
    ----------
    table : DataFrame
        One row for each group, actor and voice, also those without a mention.

        ===========  ==========  ================================================================
        column       unit        meaning
        ===========  ==========  ================================================================
        group
        actor                    its key in the codebook
        voice                    "outlet" (its own words), "quoted" or "reported"
        n_mentions   mentions
        n_sentences  sentences
        n_articles   articles
        negative     0 to 1      mean probability over mentions
        neutral      0 to 1      mean probability over mentions
        positive     0 to 1      mean probability over mentions
        tone         -1 to 1     positive less negative; NaN without a mention
        low, high    -1 to 1     bounds of the tone's interval; NaN where one sentence is all
        unit                     what was resampled: "sentence" or "article"
        shrunk       -1 to 1     the tone drawn towards the mean of its voice, the more the fewer
                                 its mentions: order groups and actors by this
        ===========  ==========  ================================================================
    course : DataFrame
        The tone along articles: one row for each actor, voice and part with a mention.

        ==========  ========  ===================================================
        column      unit      meaning
        ==========  ========  ===================================================
        actor
        voice
        part                  "lead" (first fifth of the words), "body" or "end"
        n_mentions  mentions
        n_articles  articles
        tone        -1 to 1   and its bounds, low and high
        ==========  ========  ===================================================
    speakers : DataFrame
        The tone of each speaker: one row for each actor, voice and speaker, most mentions first;
        empty in the shared form, which names no speakers.

        ===========  =========  ===============================
        column       unit       meaning
        ===========  =========  ===============================
        actor
        voice
        speaker
        n_mentions   mentions
        n_sentences  sentences
        tone         -1 to 1    and its bounds, low and high
        ===========  =========  ===============================
    mentions : DataFrame
        What every estimate is the mean of: one row a mention.

        ==========  ==========  ==========================================================
        column      unit        meaning
        ==========  ==========  ==========================================================
        article_id
        sentence                its number in the article, from 0
        position    words       before the sentence
        start, end  characters  of the mention in the article; empty in the shared form
        actor
        form                    how the actor is mentioned, as in `forms` of `tone`
        voice
        speaker                 empty in the outlet's own voice and in the shared form
        negative    0 to 1      probability; neutral and positive likewise
        tone        -1 to 1
        ==========  ==========  ==========================================================
    """

    course: pd.DataFrame
    speakers: pd.DataFrame
    mentions: pd.DataFrame

    @property
    def actors(self) -> list[str]:
        """Keys of the actors, in the order asked for."""
        return self.params["actors"]

    @property
    def finding(self) -> str:
        """How many tones in outlets' own words differ from 0, and the most negative of them."""
        table = self.table
        own = table[(table["voice"] == "outlet") & (table["n_mentions"] >= FEW_MENTIONS)]
        if own.empty:
            return f"No actor is mentioned {FEW_MENTIONS} times in an outlet's own words"
        below, above = own[own["high"] < 0], own[own["low"] > 0]
        sides = [(len(below), "negative"), (len(above), "positive")]
        clear = " and ".join(f"{n} {side}" for n, side in sides if n) or "none"
        head = f"In their own words: of {len(own)} tones towards an actor, {clear} beyond chance"
        worst = below.sort_values("tone").head(3)
        named = [f"{g} on {a.replace('_', ' ')}" for g, a in zip(worst["group"], worst["actor"])]
        return f"{head}; most negative {', '.join(named)}" if named else head


def tone(
    corpus: Corpus | Features,
    *,
    by: By = "article_id",
    part: str = "body",
    actors: Sequence[str] | None = None,
    forms: str | Sequence[str] = FORMS[:3],
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Tone:
    r"""Average the tone of mentions by group, actor and voice.

    The tone of a mention is :math:`p_{positive} - p_{negative}`, the probabilities that the tone
    model gives, at extraction, for the sentence and the place of the mention in it. An estimate is
    the mean over mentions, each voice apart: the outlet's own words, direct quotation, reported
    statements.

    Few mentions make extreme means. With :math:`\sigma^2` the variance of mentions within a cell of
    the table and :math:`\tau^2` that of the cells' true tones (both by the analysis of variance,
    each voice by itself), the tone of :math:`n` mentions is drawn towards the mean of the voice
    :math:`m`:

    .. math:: shrunk = m + \frac{n\tau^2}{n\tau^2 + \sigma^2} (tone - m)

    Parameters
    ----------
    corpus : Corpus or Features
        Reads `articles`, `sentences` and `mentions`.
    by : str, sequence of str, mapping or Series
        The groups: a column of `articles`, "day", "week" or "month" of publication, several of
        these, or a group for each article_id.
    part : {"body", "title"}
        What is measured: the articles' texts, or their headlines.
    actors : sequence of str, optional
        Keys of the codebook's actors; those under `tone` in the codebook if not given, or all where
        it names none.
    forms : str or sequence of str
        Which mentions count: "name", "title" (a bare title or description), "possessive" ("the
        Orban government", "Orban's ..."), "pronoun" (resolved to the last actor; less sure, and
        left out unless asked for).
    draws : int
        Bootstrap samples, at least 1: of the sentences of a group, or of its articles where at
        least six mention the actor.
    level : float
        Of the intervals, between 0 and 1.
    seed : int
        At least 0.

    Returns
    -------
    Tone

    Raises
    ------
    FeaturesError
        If the features hold no tone: no actors in the codebook, or extracted without a tone model.
    LanguageError
        If no article is in the language of the model.
    OptionError
        If an option has a value that is not allowed.

    References
    ----------
    Hamborg, F., and Donnay, K. (2021). NewsMTSC: A dataset for (multi-)target-dependent sentiment
    classification in political news articles. EACL 2021.
    https://doi.org/10.18653/v1/2021.eacl-main.142

    Efron, B., and Morris, C. (1975). Data analysis using Stein's estimator and its generalizations.
    Journal of the American Statistical Association 70(350).
    https://doi.org/10.1080/01621459.1975.10479864

    Examples
    --------
    >>> import analysis as tw
    >>> result = tw.tl.tone(tw.load("amnesty2024"), actors=["maduro"], draws=100)
    >>> own = result.table[result.table["voice"] == "outlet"]
    >>> own[["group", "n_mentions", "tone"]].round(1)
             group  n_mentions  tone
    0    mcclatchy           9  -0.7
    3       caruzo          21  -0.8
    6   aggregator          12  -0.5
    9         blog          12  -0.3
    12   explainer           6  -0.5
    """
    features = features_of(corpus, part)
    check_options(draws=draws, level=level, seed=seed)
    forms = [forms] if isinstance(forms, str) else forms
    check_choices("forms", forms, FORMS)
    known = list(features.codebook("actors"))
    if not known:
        raise FeaturesError(
            f"{features.corpus}: the codebook names no actors; add some to codebook.yml and extract"
            " again."
        )
    hint = "Leave tone out for these articles."
    features, left_out = in_language(features, "the tone model", ENGLISH, hint)
    actors = actors if actors is not None else features.manifest["codebook"].get("tone") or known
    check_choices("actors", actors, known)
    actors = list(actors)
    grouping = group_articles(features, by)
    group_of = pd.Series(grouping.codes, features.article_ids).loc[lambda codes: codes >= 0]
    mentions = _mentions(features, actors, forms)
    mentions = mentions[mentions["article_id"].isin(group_of.index)].reset_index(drop=True)
    ordered = {  # categories in the order in which results list them
        "group": pd.Categorical.from_codes(group_of[mentions["article_id"]].array, grouping.names),
        "actor": pd.Categorical(mentions["actor"], actors),
        "voice": pd.Categorical(mentions["voice"], VOICES),
    }
    cells = mentions.assign(**ordered)
    boot: dict[str, Any] = {"draws": draws, "level": level, "seed": seed}
    table = _estimates(cells, _CELLS, grouping.by, **boot).set_index(_CELLS)
    table = table.reindex(
        pd.MultiIndex.from_product([grouping.names, actors, VOICES], names=_CELLS)
    )
    table = table.fillna({"unit": "sentence", **dict.fromkeys(_COUNTS, 0)}).reset_index()
    table = table.astype(dict.fromkeys(_COUNTS, int)).assign(shrunk=np.nan)
    for voice, part in table[table["n_mentions"] > 0].groupby("voice"):
        spoken = mentions[mentions["voice"] == voice]
        table.loc[part.index, "shrunk"] = shrunken(part, spoken)
    course = _estimates(cells, ["actor", "voice", "part"], **boot)
    named = cells[cells["speaker"] != ""]
    speakers = _estimates(named, ["actor", "voice", "speaker"], **boot)
    if len(speakers):
        block = speakers.groupby(["actor", "voice"], sort=False).ngroup()
        speakers = speakers.iloc[np.lexsort((-speakers["n_mentions"], block))]
    silent = group_of.index.difference(mentions["article_id"], sort=False).tolist()
    return Tone(
        table,
        {"actors": actors, "by": grouping.by, "forms": list(forms), **boot, **origin(features)},
        course.drop(columns=[*CHANCES, "n_sentences", "unit"]),
        speakers.drop(columns=[*CHANCES, "n_articles", "unit"]).reset_index(drop=True),
        mentions.drop(columns="part"),
        notes=(*left_out, *_notes(table, actors, silent, len(group_of))),
    )


def shrunken(cells: pd.DataFrame, mentions: pd.DataFrame) -> np.ndarray:
    """Tones of cells drawn towards the mean of their mentions, by empirical Bayes.

    Parameters
    ----------
    cells : DataFrame
        With `n_mentions` and `tone`, one row a cell.
    mentions : DataFrame
        With `tone`: the mentions of all these cells.

    Returns
    -------
    array of shape (n_cells,)
        All at the mean where cells differ no more than mentions do.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.tl.tone import shrunken
    >>> cells = pd.DataFrame({"n_mentions": [2, 2, 1], "tone": [0.2, 0.8, 0.5]})
    >>> mentions = pd.DataFrame({"tone": [0.1, 0.3, 0.7, 0.9, 0.5]})
    >>> shrunken(cells, mentions).round(2).tolist()
    [0.23, 0.77, 0.5]
    """
    n, tone = cells["n_mentions"].to_numpy(float), cells["tone"].to_numpy()
    if len(cells) < 2 or n.max() < 2:
        return tone  # nothing shows how much mentions of one cell differ
    mean, total, spare = mentions["tone"].mean(), n.sum(), len(cells) - 1
    within = max((mentions["tone"] ** 2).sum() - (n * tone**2).sum(), 0) / (total - len(cells))
    between = (n * (tone - mean) ** 2).sum() / spare - within
    between /= (total - (n**2).sum() / total) / spare
    if between <= 0:
        return np.full(len(cells), mean)
    return mean + n * between / (n * between + within) * (tone - mean)


def _mentions(features: Features, actors: list[str], forms: Sequence[str]) -> pd.DataFrame:
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
    nowhere = pd.Series(pd.NA, table.index, "Int64")
    absent = {"start": nowhere, "end": nowhere, "speaker": ""}  # from the shared form
    table = table.assign(**{column: absent[column] for column in absent if column not in table})
    table = table[table["actor"].isin(actors) & table["form"].isin(forms)]
    table = table.astype(dict.fromkeys(CHANCES, float))
    keys = ["article_id", "sentence"]
    spans = sentence_spans(features)[[*keys, "position", "n_tokens"]]
    n_words = spans.groupby("article_id")["n_tokens"].sum()
    table = table.merge(spans, on=keys, how="left")
    table["tone"] = table["positive"] - table["negative"]
    place = table["position"] / np.maximum(table["article_id"].map(n_words), 1)
    edges = [-np.inf, EDGE, 1 - EDGE, np.inf]
    table["part"] = pd.cut(place, edges, right=False, labels=ARTICLE_PARTS)
    where = [*keys, "position", "start", "end"]
    return table[[*where, "actor", "form", "voice", "speaker", *CHANCES, "tone", "part"]]


def _estimates(
    mentions: pd.DataFrame, keys: list[str], *stream: str, draws: int, level: float, seed: int
) -> pd.DataFrame:
    """Counts, mean chances, and tone with its interval of each cell that has a mention."""
    rows = []
    for cell, part in mentions.groupby(keys, observed=True):
        by_sentence = part.groupby(["article_id", "sentence"], sort=False)["tone"]
        by_article = part.groupby("article_id", sort=False)["tone"]
        several = by_article.ngroups >= _SEVERAL
        units = (by_article if several else by_sentence).agg(["sum", "size"])
        low = high = np.nan
        if len(units) > 1:  # one sentence alone has no spread
            rng = generator(seed, "towards", *stream, *cell)
            sums, sizes = units[["sum"]].to_numpy(), units["size"].to_numpy(float)
            samples = bootstrap(sums, sizes, draws=draws, rng=rng)
            (low,), (high,) = interval(samples, level)
        counts = len(part), by_sentence.ngroups, by_article.ngroups
        means = part[[*CHANCES, "tone"]].mean()
        rows.append((*cell, *counts, *means, low, high, "article" if several else "sentence"))
    return pd.DataFrame(rows, columns=[*keys, *_COUNTS, *CHANCES, "tone", "low", "high", "unit"])


def _notes(
    table: pd.DataFrame, actors: list[str], silent: list[str], n_articles: int
) -> tuple[str, ...]:
    made = table.loc[table["n_mentions"] > 0, ["actor", "n_mentions"]]
    never = [actor for actor in actors if actor not in set(made["actor"])]
    rare = int((made["n_mentions"] < FEW_MENTIONS).sum())
    notes = []
    if never:
        notes.append(
            f"Never mentioned: {', '.join(never)}. They have no tone, which is another thing than a"
            " neutral one."
        )
    if silent and len(never) < len(actors):
        notes.append(
            f"{len(silent)} of {n_articles} articles mention none of the actors"
            f" ({', '.join(silent[:5])}{', …' * (len(silent) > 5)}); names in small letters are not"
            " found."
        )
    if rare:
        notes.append(f"{rare} of {len(made)} estimates rest on fewer than {FEW_MENTIONS} mentions.")
    notes.append(
        "The model's errors are not in the intervals: have a sample coded before you report a mean"
        " (draw_sample, validate)."
    )
    return (*notes, *few_articles(n_articles))
