"""Tone: how articles speak of each actor, in whose voice, and where in the article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from analysis.comparison import FEWEST_ARTICLES, FEWEST_SENTENCES, compare_groups
from analysis.corpus import Corpus
from analysis.errors import FeaturesError
from analysis.features import Features, features_of
from analysis.groups import UNKNOWN, By, Grouping, group_articles
from analysis.inference import few_articles
from analysis.languages.mentions import FORMS
from analysis.options import check_choice, check_choices, check_options
from analysis.results import Result
from analysis.store import Shipment, Ships
from analysis.tl._toned import coarse, coarse_shrunk, has_tone, restored, shipped_groupings, stored
from analysis.views import CHANCES, ENGLISH, in_language, origin, placed_mentions
from analysis.wording import differing, listed, names_of, none_of, number

VOICES = ("outlet", "quoted", "reported")
FEW_MENTIONS = 5
_CELLS = ["group", "actor", "voice"]
_COUNTS = ["n_mentions", "n_sentences", "n_articles"]
_BOUNDS = ["low", "high", "joint_low", "joint_high"]
_MEANS = ["tone", *_BOUNDS]
_BOOT = {"draws": 1000, "level": 0.95, "seed": 0}  # with which tone is shipped
WHERE = {
    "outlet": "in the outlets' own words",
    "quoted": "in quotation marks",
    "reported": "in reported statements",
}
_WHERE_IN = {
    "outlet": "In {}'s own words",
    "quoted": "In quotations of {}",
    "reported": "In reported statements of {}",
}
_WHOSE = {"outlet": "{}", "quoted": "those quoted by {}", "reported": "those reported by {}"}


class Calibration(Protocol):
    """What `tone` asks of a recalibration; `tw.va.recalibrate` gives one."""

    @property
    def said(self) -> str:
        """By what it was fitted."""

    def apply(self, shares: np.ndarray) -> np.ndarray:
        """Recalibrate probabilities of negative, neutral and positive, a row a mention."""


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
        low, high    -1 to 1     bounds of the tone's interval; NaN where one unit is all
        shrunk       -1 to 1     the tone drawn towards the mean of all groups, the more the less
                                 sure it is: order groups by this
        rest         -1 to 1     the tone of all other groups together
        joint_low,   -1 to 1     bounds around the tone of its difference from `rest`, for all
        joint_high               groups and actors of a voice together
        apart                    whether these bounds exclude `rest`
        weight       mentions    as n_mentions
        unit                     what was resampled: "article", or "sentence" of a single article
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
    articles : DataFrame
        What a coder of a whole article would hear: one row for each article, actor and voice with a
        mention. A few hard words in a long article stay a few hard words here, where a mean would
        drown them in neutral mentions; `benchmarks/BASIL_TONE.md` has how coders agree.

        ==========  ========  ===============================================================
        column      unit      meaning
        ==========  ========  ===============================================================
        article_id
        actor
        voice
        n_mentions  mentions
        blamed      0 to 1    the chance that at least one mention is negative: one less the
                              product of their chances not to be
        praised     0 to 1    likewise, positive
        tone        -1 to 1   mean over the mentions
        ==========  ========  ===============================================================
    mentions : DataFrame
        What every estimate is the mean of: one row a mention.

        ==========  ==========  ==========================================================
        column      unit        meaning
        ==========  ==========  ==========================================================
        article_id
        sentence                its number in the article, from 0; in the shared form another one
        position    words       before the sentence; empty in the shared form
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
    articles: pd.DataFrame
    mentions: pd.DataFrame

    @property
    def actors(self) -> list[str]:
        """Keys of the actors, in the order asked for."""
        return self.params["actors"]

    @property
    def names(self) -> dict[str, str]:
        """The actors' names for people, by key."""
        return self.params["names"]

    @property
    def finding(self) -> str:
        """Who is harder on whom than the rest, in the outlets' own words."""
        return self.finding_of("outlet")

    def finding_of(self, voice: str) -> str:
        """Who is harder on whom than the rest, in one voice."""
        check_choice("voice", voice, VOICES)
        table = self.table[(self.table["voice"] == voice) & (self.table["n_mentions"] > 0)]
        if table.empty:
            return f"No mention of {listed(list(self.names.values()))} {WHERE[voice]}"
        if table["group"].nunique() == 1:
            return _of_one(self, table, voice)
        found = self.differences(voice)
        if found:
            return self._said(found, voice)
        towards = [self.names[actor] for actor in dict.fromkeys(table["actor"])]
        if not _large(table).any():
            return (
                f"Too few mentions to say who is harder on"
                f" {towards[0] if len(towards) == 1 else 'whom'} than the rest: that takes"
                f" {number(FEWEST_ARTICLES)} articles, or {number(FEWEST_SENTENCES)} sentences of"
                " one"
            )
        several = f"any of {number(len(towards))} actors"
        return (
            f"{none_of(self.params['by'])} differs from the rest in its tone towards"
            f" {several if len(towards) > 2 else ' or '.join(towards)} beyond chance"
        )

    def _said(self, found: list[tuple[str, str, list[str]]], voice: str) -> str:
        """The differences in a sentence: the farthest, and how many more there are."""
        most = 3 if self.params["by"] == "outlet" else 2
        clauses: list[str] = []
        for actor, side, names in found[:most]:
            are = "is" if voice == "outlet" and len(names) == 1 else "are"
            who = _WHOSE[voice].format(listed(names, most))
            clauses.append(f"{who} {are} {side} {self.names[actor]}")
        clauses[0] += " than the rest"
        said = "; ".join(clauses)
        if more := len(found) - len(clauses):
            said += f" ({number(more)} more such {'difference' if more == 1 else 'differences'})"
        return said[:1].upper() + said[1:]

    def differences(self, voice: str) -> list[tuple[str, str, list[str]]]:
        """Actors towards whom groups differ from the rest, the farthest first.

        Those who differ the other way are there where they are about as far from the rest.

        Returns
        -------
        list of (str, str, list of str)
            Actor, "harder on" or "kinder to", and the groups' names.
        """
        assert self.groups is not None, "made by tone"
        found = []
        table = self.table[self.table["voice"] == voice]
        for actor, part in table.groupby("actor", sort=False):
            for far, names in differing(part, self.groups, self.params["by"]):
                side = "harder on" if far < 0 else "kinder to"
                found.append((abs(far), str(actor), side, names))
        found.sort(key=lambda one: -one[0])
        return [(actor, side, names) for _, actor, side, names in found]


def tone(
    corpus: Corpus | Features,
    *,
    by: By | None = None,
    part: str = "body",
    actors: Sequence[str] | None = None,
    forms: str | Sequence[str] = FORMS[:3],
    calibration: Calibration | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Tone:
    r"""Average the tone of mentions by group, actor and voice.

    The tone of a mention is :math:`p_{positive} - p_{negative}`, the probabilities that the tone
    model gives, at extraction, for the sentence and the place of the mention in it. An estimate is
    the mean over mentions, each voice apart: the outlet's own words, direct quotation, reported
    statements. Each group is compared with all others together, for every actor at once
    (`analysis.comparison.compare_groups`). From the shared form come the means that the owner
    measured, for the usual groups or days, weeks or months, with the other options' defaults; else
    each mention has a tone of -1, 0 or 1.

    Parameters
    ----------
    corpus : Corpus or Features
        Reads `articles`, `sentences` and `mentions`.
    by : str, sequence of str, mapping or Series, optional
        The groups: a column of `articles`, "day", "week" or "month" of publication, several of
        these, or a group for each article_id. The outlet if not given, where at least two have two
        articles each, else the article.
    part : {"body", "title"}
        What is measured: the articles' texts, or their headlines.
    actors : sequence of str, optional
        Keys of the codebook's actors; those under `tone` in the codebook if not given, or all where
        it names none.
    forms : str or sequence of str
        Which mentions count: "name", "title" (a bare title or description), "possessive" ("the
        Orban government", "Orban's ..."), "pronoun" (resolved to the last actor; less sure, and
        left out unless asked for).
    calibration : Recalibration, optional
        What `tw.va.recalibrate` found for this corpus: every mention's probabilities are
        recalibrated first, and the notes and the figure say so.
    draws : int
        Bootstrap samples, at least 1: of the articles of a group, of the sentences of a single one.
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

    Westfall, P. H., and Young, S. S. (1993). Resampling-based multiple testing. Wiley.

    Examples
    --------
    >>> import analysis as tw
    >>> result = tw.tl.tone(tw.load("amnesty2024"))
    >>> own = result.table.query("actor == 'maduro' and voice == 'outlet'")
    >>> own[["group", "n_mentions", "tone"]].round(1)
             group  n_mentions  tone
    0    mcclatchy           6  -0.8
    12      caruzo          14  -0.8
    24  aggregator          13  -0.5
    36        blog          12  -0.5
    48   explainer           7  -0.6
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
    usual_actors = features.manifest["codebook"].get("tone") or known
    actors = list(usual_actors if actors is None else actors)
    check_choices("actors", actors, known)
    names = {actor: features.codebook("actors")[actor].get("name") or actor for actor in actors}
    grouping = group_articles(features, by)
    group_of = pd.Series(grouping.codes, features.article_ids).loc[lambda codes: codes >= 0]
    mentions = _mentions(features, actors, forms, calibration)
    mentions = mentions[mentions["article_id"].isin(group_of.index)].reset_index(drop=True)
    boot: dict[str, Any] = {"draws": draws, "level": level, "seed": seed}
    source = origin(features)
    usual = actors == list(usual_actors) and tuple(forms) == FORMS[:3] and boot == _BOOT
    if usual and calibration is None and (owners := _owners(features, grouping)):
        (table, course), source["measured_on"] = owners, "results"
        speakers = _alone(mentions.iloc[:0], ["actor", "voice", "speaker"], boot)
    else:
        table, course, speakers = _measured(mentions, actors, group_of, grouping, boot)
    silent = group_of.index.difference(mentions["article_id"], sort=False).tolist()
    params = {"actors": actors, "names": names, "by": grouping.by, "forms": list(forms), **boot}
    fitted: tuple[str, ...] = ()
    if calibration is not None:
        params["calibration"] = calibration.said
        fitted = (f"Probabilities are recalibrated by {calibration.said}.",)
    return Tone(
        table,
        {**params, **source},
        course,
        speakers.drop(columns=[*CHANCES, "n_articles"]).reset_index(drop=True),
        whole_articles(mentions),
        mentions.drop(columns="part"),
        notes=(
            *left_out,
            *fitted,
            *_notes(table, names, silent, len(group_of)),
            *_grain(features, source),
        ),
        groups=grouping.table,
    )


def _measured(
    mentions: pd.DataFrame,
    actors: list[str],
    group_of: pd.Series,
    grouping: Grouping,
    boot: dict[str, Any],
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The tone of groups, along articles, and of speakers."""
    ordered = {  # categories in the order in which results list them
        "group": pd.Categorical.from_codes(group_of[mentions["article_id"]].array, grouping.names),
        "actor": pd.Categorical(mentions["actor"], actors),
        "voice": pd.Categorical(mentions["voice"], VOICES),
    }
    cells = mentions.assign(**ordered)
    every = pd.MultiIndex.from_product([grouping.names, actors, VOICES], names=_CELLS)
    table = _means(cells, _CELLS).reindex(every)
    table = table.fillna(dict.fromkeys(_COUNTS, 0)).astype(dict.fromkeys(_COUNTS, int))
    compared = [
        _compared(mentions[mentions["voice"] == voice], voice, actors, group_of, grouping, boot)
        for voice in VOICES
    ]
    table = table.join(pd.concat(compared).set_index(_CELLS)).reset_index()
    course = _alone(cells, ["actor", "voice", "part"], boot)
    speakers = _alone(cells[cells["speaker"] != ""], ["actor", "voice", "speaker"], boot)
    block = speakers.groupby(["actor", "voice"], sort=False).ngroup()
    return (
        table.astype(dict.fromkeys(_CELLS, str)),
        course.drop(columns=[*CHANCES, "n_sentences"]),
        speakers.iloc[np.lexsort((-speakers["n_mentions"], block))],
    )


def _owners(features: Features, grouping: Grouping) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """The tables that the owner measured, if they are of these groups."""
    shipped = SHIPS.read(features)
    if shipped is None:
        return None
    every = shipped["tone"]
    table, course = (restored(each, grouping, every) for each in shipped.values())
    return None if table is None or course is None else (table, course)


def _ship(shipment: Shipment) -> dict[str, pd.DataFrame]:
    """Tone by the usual groups and by periods, with the default options."""
    if not has_tone(shipment.features):
        return {}
    tables: dict[str, list[pd.DataFrame]] = {name: [] for name in SHIPS.tables}
    for name, by in shipped_groupings(shipment):
        result = tone(shipment.features, by=by)
        groups = result.groups
        assert groups is not None, "made by tone"
        of = name, groups["n_articles"].to_numpy(), groups["group"].tolist()
        cells = ["actor", "voice"]
        n = result.table["n_mentions"]
        rest = n.groupby([result.table[c] for c in cells]).transform("sum") - n
        table = coarse(result.table, _MEANS, n)
        for _, rows in result.table.groupby(cells).indices.items():
            of_cell = result.table["shrunk"].iloc[rows], n.iloc[rows]
            table.loc[table.index[rows], "shrunk"] = coarse_shrunk(*of_cell)
        table = _of_class(coarse(coarse(table, ["rest"], rest), CHANCES, n, 1), n == 1)
        course = coarse(result.course, _MEANS, result.course["n_mentions"])
        for kept, made in zip(tables.values(), (table, course)):
            kept.append(stored(made, *of))
    return {name: pd.concat(made, ignore_index=True) for name, made in tables.items()}


def _of_class(table: pd.DataFrame, single: pd.Series) -> pd.DataFrame:
    """The chances of a single mention as those of its class."""
    tone = table["tone"]
    said = dict(zip(CHANCES, (tone < 0, tone == 0, tone > 0)))
    return table.assign(**{c: table[c].where(~single, said[c].astype(float)) for c in CHANCES})


SHIPS = Ships(("tone", "tone_course"), _ship)


def _grain(features: Features, source: dict) -> tuple[str, ...]:
    """How fine the tone of shared features is."""
    if features.measures_itself or not features.has_result(SHIPS.tables[0]):
        return ()  # or of an archive that has every digit
    if source["measured_on"] == "results":
        return (
            "As the owner measured it, each sum of tones rounded to half a mention, a single"
            " mention's tone to -1, 0 or 1.",
        )
    return (
        "Measured on shared features, which hold the tone of a mention as -1, 0 or 1. Finer means"
        " are there of the usual groups and periods, with the default options.",
    )


def _mentions(
    features: Features, actors: list[str], forms: Sequence[str], calibration: Calibration | None
) -> pd.DataFrame:
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
    table = placed_mentions(features, table)
    if calibration is not None and len(table):
        if (table[CHANCES].max(axis=1) == 1).all():
            raise FeaturesError(
                f"{features.where} holds the tone of mentions as classes, which cannot be"
                " recalibrated; measure where the corpus's texts are."
            )
        table[CHANCES] = calibration.apply(table[CHANCES].to_numpy())
    table["tone"] = table["positive"] - table["negative"]
    where = ["article_id", "sentence", "position", "start", "end"]
    return table[[*where, "actor", "form", "voice", "speaker", *CHANCES, "tone", "part"]]


def _means(mentions: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Counts, mean chances and mean tone of each cell that has a mention."""
    cells = mentions.groupby(keys, observed=True)
    counts = pd.DataFrame({"n_mentions": cells.size()})
    for column, unit in (
        ("n_sentences", ["article_id", "sentence"]),
        ("n_articles", ["article_id"]),
    ):
        units = mentions.drop_duplicates([*keys, *unit])
        counts[column] = units.groupby(keys, observed=True).size()
    return counts.join(cells[[*CHANCES, "tone"]].mean())


def whole_articles(mentions: pd.DataFrame) -> pd.DataFrame:
    """Whether articles blame or praise an actor anywhere; see `articles` of `Tone`.

    Parameters
    ----------
    mentions : DataFrame
        article_id, actor, voice, negative, positive and tone.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.tl.tone import whole_articles
    >>> said = {"article_id": "a", "actor": "mayor", "voice": "outlet", "negative": [0.5, 0.8]}
    >>> found = whole_articles(pd.DataFrame(said | {"positive": 0.0, "tone": [-0.5, -0.8]}))
    >>> found[["n_mentions", "blamed", "praised"]].round(2).values.tolist()
    [[2.0, 0.9, 0.0]]
    """
    sides = {"blamed": "negative", "praised": "positive"}
    never = mentions.assign(**{side: 1 - mentions[chance] for side, chance in sides.items()})
    cells = never.groupby(["article_id", "actor", "voice"], sort=False, observed=True)
    found = cells.agg(
        n_mentions=("tone", "size"),
        blamed=("blamed", "prod"),
        praised=("praised", "prod"),
        tone=("tone", "mean"),
    )
    return found.assign(**{side: 1 - found[side] for side in sides}).reset_index()


def _compared(
    mentions: pd.DataFrame,
    voice: str,
    actors: list[str],
    group_of: pd.Series,
    grouping: Grouping,
    boot: dict[str, Any],
) -> pd.DataFrame:
    """The groups of one voice beside the rest: one column of the comparison an actor."""
    sentence = mentions.groupby(["article_id", "sentence"], sort=False)
    place = sentence.ngroup().to_numpy()
    own = sentence["article_id"].first()
    # an article that is silent belongs to its group all the same
    silent = group_of.index.difference(own, sort=False)
    articles = pd.Index([*own, *silent])
    tones, counts = np.zeros((2, len(articles), len(actors)))
    column = pd.Categorical(mentions["actor"], actors).codes
    np.add.at(tones, (place, column), mentions["tone"].to_numpy())
    np.add.at(counts, (place, column), 1)
    compared = compare_groups(
        tones,
        counts,
        group_of[articles].to_numpy(),
        group_of.index.get_indexer(articles),
        grouping.names,
        what=f"tone {voice}",
        **boot,
    )
    parts = []
    for j, actor in enumerate(actors):
        part = pd.DataFrame(compared.columns("mean", j)).drop(columns="mean")
        part[_BOUNDS] = part[_BOUNDS].clip(-1, 1)
        part = part.assign(unit=compared.unit, group=grouping.names, actor=actor, voice=voice)
        parts.append(part)
    return pd.concat(parts)


def _alone(mentions: pd.DataFrame, keys: list[str], boot: dict[str, Any]) -> pd.DataFrame:
    """Counts, means, and the interval of each cell taken alone."""
    table = _means(mentions, keys)
    if table.empty:
        return table.assign(low=np.nan, high=np.nan).reset_index()
    names = ["\x1f".join(map(str, cell)) for cell in table.index]
    codes = pd.Series(range(len(table)), table.index)
    units = mentions.groupby([*keys, "article_id", "sentence"], observed=True)["tone"]
    units = units.agg(["sum", "size"]).reset_index()
    made = compare_groups(
        units["sum"].to_numpy(),
        units["size"].to_numpy(),
        codes[pd.MultiIndex.from_frame(units[keys])].to_numpy(),
        units["article_id"].factorize()[0],
        names,
        what="tone " + " ".join(keys),
        **boot,
    )
    bounds = {"low": made.low.ravel().clip(-1, 1), "high": made.high.ravel().clip(-1, 1)}
    return table.assign(**bounds).reset_index().astype(dict.fromkeys(keys, str))


def _large(table: pd.DataFrame) -> pd.Series:
    """Whether groups have the mentions that it takes to call them apart."""
    several = table["unit"] == "article"
    return (
        table["n_articles"]
        .ge(FEWEST_ARTICLES)
        .where(several, table["n_sentences"].ge(FEWEST_SENTENCES))
    )


def _of_one(result: Tone, table: pd.DataFrame, voice: str) -> str:
    """The finding where there is nothing to compare: whose tone differs from 0."""
    assert result.groups is not None, "made by tone"
    known = table[table["n_mentions"] >= FEW_MENTIONS]
    name = names_of(result.groups, result.params["by"])[table["group"].iloc[0]]
    where = _WHERE_IN[voice].format("the outlets" if name == UNKNOWN else name)
    where = where.replace("s's ", "s' ")
    said = []
    for side, rows in (("negative", known["high"] < 0), ("positive", known["low"] > 0)):
        part = known[rows].sort_values("tone", key=abs, ascending=False)
        tones = [f"{result.names[r.actor]} ({r.tone:+.2f})" for r in part.itertuples()]
        if tones:
            said.append(f"{side} towards {listed(tones)}".replace("(-", "(−"))
    if said:
        return f"{where} the tone is {' and '.join(said)}"
    towards = listed([result.names[actor] for actor in table["actor"]], 2)
    return f"{where} the tone towards {towards} cannot be told from neutral"


def _notes(
    table: pd.DataFrame, names: dict[str, str], silent: list[str], n_articles: int
) -> tuple[str, ...]:
    made = table.loc[table["n_mentions"] > 0, ["actor", "n_mentions"]]
    never = [name for actor, name in names.items() if actor not in set(made["actor"])]
    rare = int((made["n_mentions"] < FEW_MENTIONS).sum())
    notes = []
    if never:
        notes.append(
            f"Never mentioned: {', '.join(never)}. They have no tone, which is another thing than a"
            " neutral one."
        )
    if silent and len(never) < len(names):
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
