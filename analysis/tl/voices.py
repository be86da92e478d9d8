"""Voices: whose words an article carries, with which verbs, and how much is left to the outlet
itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.stats import fisher_exact

from analysis.errors import FeaturesError, OptionError
from analysis.features import PRIVATE, Features
from analysis.groups import group_articles
from analysis.inference import bootstrap, few_articles, generator, holm, interval
from analysis.results import Result, at_least
from analysis.text.english import ANYBODY, DETERMINERS
from analysis.text.outlets import Names, listed_name
from analysis.text.tokens import words_of
from analysis.text.verbs import CLASSES, verb_of
from analysis.tl._persons import Persons
from analysis.views import ENGLISH, article_credits, origin, sentence_spans

VOICES = ("outlet", "named", "unnamed", "media", "unattributed")
RESULTS = ("voices", "voice_verbs", "voice_unnamed")  # names of the shipped tables
_SMALL = ANYBODY | frozenset(
    DETERMINERS.split("|")
)  # words of a description that a sentence alone capitalises
_PIECES = frozenset("report story article account piece dispatch poll".split())
PRONOUNS = frozenset(
    "he she it they we i you his her their who".split()
)  # of which nobody was found whom they mean
LONGEST = 6  # words of a name or description in a table
CELLS = 4_000_000  # sentences times draws that are resampled at a time
TABLE = [
    "group",
    "voice",
    "speaker",
    "actor",
    "n_direct",
    "n_reported",
    "direct_words",
    "reported_words",
    "words",
    "share",
    "low",
    "high",
    "voice_share",
    "voice_low",
    "voice_high",
    "n_words",
    "n_sentences",
    "unnamed",
    "description",
]
VERBS = ["group", "speaker", "verb", "verb_class", "n_direct", "n_reported"]
UNNAMED = ["group", "description", "n_direct", "n_reported", "words"]


@dataclass(frozen=True, eq=False, repr=False)
class Voices(Result):
    """Who speaks, how much, and how it is introduced.

    Attributes
    ----------
    table : DataFrame
        One row per group and voice, described at `sources`.
    verbs : DataFrame
        group, verb_class, count, n (verbs of the group), share, verbs (with their counts), p
        (Fisher's exact test of the group against the rest; NaN where there is one group),
        p_adjusted (Holm).
    verb_counts : DataFrame
        group, speaker, verb (as cited: "say"), verb_class (empty where the list of verbs lacks it),
        n_direct, n_reported.
    unnamed : DataFrame
        group, description, n_direct, n_reported, words.
    credits : DataFrame
        group, kind, name, count: media credited, as `analysis.views.article_credits` has them.
    scare : DataFrame
        article_id, sentence, position (of the first word in the article), n_words, start, end
        (characters; empty in the shared form).
    """

    verbs: pd.DataFrame
    verb_counts: pd.DataFrame
    unnamed: pd.DataFrame
    credits: pd.DataFrame
    scare: pd.DataFrame


def voices(
    features: Features,
    *,
    by: str | Mapping[str, str] | pd.Series = "article_id",
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Voices:
    """Measure how many words each voice has: the outlet's own, named and unnamed speakers, other
    media.

    Words in direct quotations are the speaker's; words of a reported statement are counted for its
    speaker too, except those that somebody is quoted with within it. All others, scare quotes among
    them, are the outlet's own. A name goes for one person in all articles where the fullest form is
    unambiguous ("Orr" is "Ada Orr" unless there is another Orr).

    Parameters
    ----------
    features : Features
        The private form. From the shared form, which has no speakers, it is the owner's result for
        single articles, if it is shipped; draws, level and seed are then his.
    by : str, mapping or Series
        Column of `articles` that names the groups, such as "article_id" or "outlet", or a group for
        each article_id.
    draws, level, seed
        Bootstrap over the sentences of each group.

    Returns
    -------
    Voices
        `table`: group, voice ("outlet", "named", "unnamed", "media", "unattributed": a quotation
        whose speaker was not found), speaker (fullest name, or description), actor (key of the
        codebook, where the name is an actor's), n_direct, n_reported (rows of `quotes`),
        direct_words, reported_words, words, share of all words of the group (0 to 1) with low and
        high, voice_share of the words of all voices but the outlet with voice_low and voice_high,
        n_words and n_sentences of the group, unnamed, description. The outlet's row comes first,
        then the speakers by words.

    Raises
    ------
    FeaturesError
        If the features are of the shared form and the owner has not shipped the result.
    OptionError
        If an option has a value that is not allowed.

    Notes
    -----
    Speakers and reported statements are read by English rules, which miss some (see
    `benchmarks/VOICES.md`): the outlet's share is rather too large. An interval says how much
    depends on single sentences; it knows nothing of what the rules miss. Classes of verbs are
    explained in `analysis.text.verbs`.

    Examples
    --------
    >>> sources(load("harbour").features).table.query("voice == 'unnamed'")  # doctest: +SKIP
    """
    at_least("draws", draws, 1)
    if not 0 < level < 1:
        raise OptionError(f"level={level!r} was given; allowed are numbers between 0 and 1.")
    groups = group_articles(features, by)
    articles = features.table("articles", ["article_id", "language"])
    names = np.array([*groups.names, None], object)[groups.codes]
    group_of = dict(zip(articles["article_id"], names))
    spans = sentence_spans(features)
    rows = _rows(features, spans)
    scare = rows.loc[
        rows["scare"] & rows["article_id"].map(group_of).notna(),
        ["article_id", "sentence", "position", "n_words", "start", "end"],
    ]
    credits = article_credits(features)
    credits = (
        credits.assign(group=credits["article_id"].map(group_of))
        .groupby(["group", "kind", "name"], sort=True)["count"]
        .sum()
        .reset_index()
    )
    notes = few_articles(int((groups.codes >= 0).sum())) + _language_note(
        articles[groups.codes >= 0]
    )
    params = {"by": groups.by, "draws": draws, "level": level, "seed": seed, **origin(features)}
    if features.form != PRIVATE:
        table, counts, unnamed = _shipped(features, by)
        params = {"by": "article_id", **origin(features), "measured_on": "results"}
    else:
        rows = (
            rows[~rows["scare"]]
            .assign(group=lambda r: r["article_id"].map(group_of))
            .dropna(subset=["group"])
        )
        rows = _named(
            rows,
            Persons(
                rows.loc[~rows["unnamed"] & (rows["speaker"] != ""), "speaker"],
                features.codebook("actors"),
            ),
        )
        rows, owned = _owned(rows, spans)
        sizes = spans.assign(group=spans["article_id"].map(group_of)).dropna(subset=["group"])
        table = pd.concat(
            [
                _group_table(
                    name,
                    sizes[sizes["group"] == name],
                    rows[rows["group"] == name],
                    owned,
                    draws,
                    level,
                    seed,
                )
                for name in groups.names
            ],
            ignore_index=True,
        )[TABLE]
        counts, unnamed = _verb_counts(rows), _unnamed(table)
    return Voices(
        table,
        params,
        _verb_classes(counts, list(dict.fromkeys(table["group"]))),
        counts,
        unnamed,
        credits,
        scare.reset_index(drop=True),
        notes=notes,
    )


def _rows(features: Features, spans: pd.DataFrame) -> pd.DataFrame:
    """Rows of `quotes` with the sentence of their first word, in either form."""
    rows = features.table("quotes")
    for column, missing in (
        ("start", pd.NA),
        ("end", pd.NA),
        ("speaker", ""),
        ("description", ""),
        ("verb", ""),
        ("unnamed", False),
    ):
        if column not in rows:
            rows[column] = pd.array([missing] * len(rows), "Int64") if missing is pd.NA else missing
    if "sentence" not in rows:
        rows["sentence"] = 0
        for article, part in spans.groupby("article_id", sort=False):
            mine = (rows["article_id"] == article).to_numpy()
            place = np.searchsorted(part["position"], rows.loc[mine, "position"], side="right") - 1
            rows.loc[mine, "sentence"] = part["sentence"].to_numpy()[place]
    return rows


def _named(rows: pd.DataFrame, persons: Persons) -> pd.DataFrame:
    """Rows with `who` speaks in the words of the tables, the kind of voice, and the codebook's
    actor.
    """
    found = ~rows["speaker"].map(str.casefold).isin(PRONOUNS | {""})
    known = found & ~rows["unnamed"]
    who = rows["speaker"].where(~known, rows["speaker"].map(persons.fullest))
    who = who.where(found, "")
    outlet = who.map(_medium)
    listed = outlet != ""
    who = who.where(~listed, outlet)
    voice = np.select([listed, known, found], ["media", "named", "unnamed"], "unattributed")
    short = who.map(lambda name: " ".join(name.split()[:LONGEST]))
    # a description begins a sentence or does not: "Two officials" are "two officials"
    plain = (
        ~known
        & ~listed
        & short.map(lambda name: name.partition(" ")[0].casefold() in _SMALL).astype(bool)
    )
    short = short.where(~plain, short.map(lambda name: name[:1].lower() + name[1:]))
    return rows.assign(
        who=short,
        voice=voice,
        actor=[persons.actor(name) if ok else "" for name, ok in zip(who, known)],
    )


def _medium(speaker: str) -> str:
    """The outlet or agency that speaks, itself or in a piece of its ("a report published by
    Reuters"); empty if it is none of the list.
    """
    if name := listed_name(speaker):
        return name
    if _PIECES.isdisjoint(words_of(speaker)):
        return ""
    return next((name for named in Names(speaker).found if (name := listed_name(named.name))), "")


def _owned(rows: pd.DataFrame, spans: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows with the number of words that are theirs, a word being that of the innermost direct
    quotation; and those words by row and sentence.
    """
    first = spans.groupby("article_id", sort=False)["position"].apply(np.asarray).to_dict()
    sizes = spans.groupby("article_id", sort=False)["n_tokens"].sum()
    owned, words = [], np.zeros(len(rows), np.int64)
    rows = rows.reset_index(drop=True)
    for article, part in rows.groupby("article_id", sort=False):
        owner = np.full(int(sizes[article]), -1)
        for row in part.sort_values("direct", kind="stable").itertuples():
            owner[row.position : row.position + row.n_words] = row.Index
        where = np.flatnonzero(owner >= 0)
        sentence = np.searchsorted(first[article], where, side="right") - 1
        pairs, counts = np.unique(np.stack([owner[where], sentence]), axis=1, return_counts=True)
        owned.append(
            pd.DataFrame(
                {"row": pairs[0], "article_id": article, "sentence": pairs[1], "words": counts}
            )
        )
        np.add.at(words, pairs[0], counts)
    empty = pd.DataFrame(
        {
            "row": np.empty(0, int),
            "article_id": [],
            "sentence": np.empty(0, int),
            "words": np.empty(0, int),
        }
    )
    return rows.assign(words=words), pd.concat(owned, ignore_index=True) if owned else empty


def _group_table(
    group: str,
    sentences: pd.DataFrame,
    rows: pd.DataFrame,
    owned: pd.DataFrame,
    draws: int,
    level: float,
    seed: int,
) -> pd.DataFrame:
    """Rows of the table for one group: the outlet and each of its voices, with intervals."""
    keys = ["voice", "who", "actor"]
    told = rows.assign(
        n_direct=rows["direct"].astype(int),
        n_reported=(~rows["direct"]).astype(int),
        direct_words=rows["words"].where(rows["direct"], 0),
        reported_words=rows["words"].where(~rows["direct"], 0),
    )
    table = (
        told.groupby(keys, sort=True)[
            ["n_direct", "n_reported", "direct_words", "reported_words", "words"]
        ]
        .sum()
        .reset_index()
    )
    table = table.sort_values(
        ["words", "n_direct", "voice", "who"],
        ascending=[False, False, True, True],
        kind="stable",
        ignore_index=True,
    )
    number = {key: i + 1 for i, key in enumerate(table[keys].itertuples(index=False, name=None))}
    column = dict(
        zip(rows.index, map(number.__getitem__, rows[keys].itertuples(index=False, name=None)))
    )
    place = {key: i for i, key in enumerate(zip(sentences["article_id"], sentences["sentence"]))}
    mine = owned[owned["row"].isin(column)]
    at = [place[key] for key in zip(mine["article_id"], mine["sentence"])]
    total = sentences["n_tokens"].to_numpy(float)
    matrix = csr_matrix(
        (mine["words"].to_numpy(float), (at, mine["row"].map(column).to_numpy(int))),
        shape=(len(sentences), len(table) + 1),
    )
    voiced = np.asarray(matrix.sum(axis=1)).ravel()
    matrix = (
        matrix
        + csr_matrix(
            (total - voiced, (range(len(total)), np.zeros(len(total), int))), shape=matrix.shape
        )
    ).tocsr()
    outlet = {
        "voice": "outlet",
        "who": "",
        "actor": "",
        "n_direct": 0,
        "n_reported": 0,
        "direct_words": 0,
        "reported_words": 0,
        "words": int(total.sum() - voiced.sum()),
    }
    table = pd.concat([pd.DataFrame([outlet]), table], ignore_index=True)
    for name, below, first in (
        ("", total, 0),
        ("voice_", voiced, 1),
    ):  # the outlet has no share of the others' words
        bounds = _interval(
            matrix[:, first:], below, draws, level, generator(seed, "sources", name, str(group))
        )
        low, high = (np.r_[np.full(first, np.nan), bound] for bound in bounds)
        share = (
            np.where(np.arange(len(table)) >= first, table["words"] / max(below.sum(), 1), np.nan)
            if below.sum()
            else np.nan
        )
        table = table.assign(**{f"{name}share": share, f"{name}low": low, f"{name}high": high})
    unnamed = table["voice"] == "unnamed"
    return table.assign(
        group=group,
        n_words=int(total.sum()),
        n_sentences=len(sentences),
        unnamed=unnamed,
        description=table["who"].where(unnamed, ""),
    ).rename(columns={"who": "speaker"})


def _interval(
    matrix: csr_matrix, below: np.ndarray, draws: int, level: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of the shares; NaN where there is nothing to share."""
    if not below.sum():
        return (np.full(matrix.shape[1], np.nan),) * 2
    size = max(1, CELLS // len(below))
    samples = np.concatenate(
        [
            bootstrap(matrix, below, draws=min(size, draws - first), rng=rng)
            for first in range(0, draws, size)
        ]
    )
    return interval(samples, level)


def _verb_counts(rows: pd.DataFrame) -> pd.DataFrame:
    said = rows[rows["verb"] != ""]
    known = [verb_of(verb) for verb in said["verb"]]
    said = said.assign(
        lemma=[v.lemma if v else form for v, form in zip(known, said["verb"])],
        verb_class=[v.verb_class if v else "" for v in known],
        n_direct=said["direct"].astype(int),
        n_reported=(~said["direct"]).astype(int),
    )
    counted = (
        said.groupby(["group", "who", "lemma", "verb_class"], sort=True)[["n_direct", "n_reported"]]
        .sum()
        .reset_index()
    )
    return counted.rename(columns={"who": "speaker", "lemma": "verb"})[VERBS]


def _verb_classes(counts: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    """Classes of verbs by group, each tested against the other groups."""
    counts = counts[counts["verb_class"] != ""].assign(n=counts["n_direct"] + counts["n_reported"])
    table = counts.pivot_table(
        index="group", columns="verb_class", values="n", aggfunc="sum", fill_value=0
    ).reindex(index=groups, columns=CLASSES, fill_value=0)
    sizes, classes = table.sum(axis=1), table.sum(axis=0)
    rows = []
    for group in groups:
        for name in CLASSES:
            k, n, rest = (
                int(table.loc[group, name]),
                int(sizes[group]),
                int(sizes.sum() - sizes[group]),
            )
            p = (
                fisher_exact([[k, n - k], [int(classes[name]) - k, rest - int(classes[name]) + k]])[
                    1
                ]
                if len(groups) > 1 and n and rest
                else np.nan
            )
            verbs = Counter(
                counts[(counts["group"] == group) & (counts["verb_class"] == name)]
                .groupby("verb")["n"]
                .sum()
                .to_dict()
            )
            listed = ", ".join(
                f"{verb} ({c})" for verb, c in sorted(verbs.items(), key=lambda v: (-v[1], v[0]))
            )
            rows.append((group, name, k, n, k / n if n else np.nan, listed, p))
    out = pd.DataFrame(rows, columns=["group", "verb_class", "count", "n", "share", "verbs", "p"])
    return out.assign(p_adjusted=holm(out["p"].to_numpy(float)))


def _unnamed(table: pd.DataFrame) -> pd.DataFrame:
    return table.loc[table["unnamed"], UNNAMED].reset_index(drop=True)


def _language_note(articles: pd.DataFrame) -> tuple[str, ...]:
    other = int((articles["language"].str.split("-").str[0] != ENGLISH).sum())
    return (
        (
            (
                f"Speakers and reported statements are read in English only: in {other} of"
                f" {len(articles)} articles all quotations are unattributed."
            ),
        )
        if other
        else ()
    )


def _shipped(features: Features, by) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    if not features.has_result(RESULTS[0]):
        raise FeaturesError(
            f"{features.where}: who speaks stands in the private form only, and its owner has not"
            " shipped the result. Get the texts and run `twicetold extract`."
        )
    if not isinstance(by, str) or by != "article_id":
        raise OptionError(
            f"by={by!r} was given; the shared form has the owner's result for single articles:"
            " allowed is 'article_id'."
        )
    return tuple(features.result(name) for name in RESULTS)
