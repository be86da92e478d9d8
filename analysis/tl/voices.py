"""Voices: whose words an article carries, with which verbs, and how much is the outlet's own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.stats import fisher_exact

from analysis.corpus import Corpus
from analysis.errors import FeaturesError, OptionError
from analysis.features import Features, features_of
from analysis.groups import By, group_articles
from analysis.inference import bootstrap, few_articles, generator, holm, interval
from analysis.options import check_choice, check_options
from analysis.results import Result, count
from analysis.store import Shipment, Ships, first_words
from analysis.text.english import ANYBODY, DETERMINERS
from analysis.text.outlets import Names, listed_name
from analysis.text.tokens import words_of
from analysis.text.verbs import CLASSES, verb_of
from analysis.tl._persons import Persons
from analysis.views import ENGLISH, OFFSETS, article_credits, origin, sentence_spans, with_missing

VOICE_FIGURES = ("speakers", "verbs")
VOICE_GROUPS = ("outlet", "named", "unnamed", "media", "unattributed")
_LONGEST = 6  # words of a name or description in a table
_CELLS = 4_000_000  # sentences times draws that are resampled at a time
_SMALL = ANYBODY | frozenset(DETERMINERS.split("|"))  # capital only where a sentence begins
_PIECES = frozenset("report story article account piece dispatch poll".split())
_PRONOUNS = frozenset("he she it they we i you his her their who".split())  # of nobody found
SCARE = ["article_id", "sentence", "position", "n_words", *OFFSETS]
SUMS = ["n_direct", "n_reported", "direct_words", "reported_words", "words"]
_SHARES = ["share", "low", "high", "voice_share", "voice_low", "voice_high"]
TABLE = ["group", "voice", "speaker", "actor", *SUMS, *_SHARES, "n_words", "n_sentences"]
TABLE += ["unnamed", "description"]
_VERBS = ["group", "speaker", "verb", "verb_class"]
UNNAMED = ["group", "description", "n_direct", "n_reported", "words"]


@dataclass(frozen=True, eq=False, repr=False)
class Voices(Result):
    """Who speaks, how much, and how it is introduced.

    Attributes
    ----------
    table : DataFrame
        One row for each group and voice: the outlet first, then speakers by words.

        =======================  ==========  =================================================
        column                   unit        meaning
        =======================  ==========  =================================================
        group
        voice                                "outlet", "named", "unnamed", "media", or
                                             "unattributed" (nobody was found)
        speaker                              fullest name, or description
        actor                                key of the codebook, of an actor's name
        n_direct                 quotations  in quotation marks
        n_reported               statements  in reported speech
        direct_words             words       in quotation marks
        reported_words           words       of reported statements
        words                    words       of both; of the outlet, all others
        share, low, high         0 to 1      of all words of the group, with its interval
        voice_share, voice_low,  0 to 1      of the words of all voices but the outlet, with
        voice_high                           its interval
        n_words                  words       of the group
        n_sentences              sentences   of the group
        unnamed                              whether the speaker has no name
        description                          of an unnamed speaker
        =======================  ==========  =================================================
    verbs : DataFrame
        One row for each group and class of verbs (see `analysis.text.verbs`).

        ==========  ======  =============================================================
        column      unit    meaning
        ==========  ======  =============================================================
        group
        verb_class
        count       uses    of verbs of the class
        n           uses    of all verbs of the group that have a class
        share       0 to 1  count / n
        verbs               each with its uses
        p           0 to 1  Fisher's exact test of the group against all others; NaN where
                            there is one group
        p_adjusted  0 to 1  corrected by Holm's procedure
        ==========  ======  =============================================================
    verb_counts : DataFrame
        group, speaker, verb (as in a dictionary: "say"), verb_class (empty where the list of verbs
        lacks it), n_direct and n_reported (uses).
    unnamed : DataFrame
        group, description, n_direct, n_reported and words of unnamed speakers.
    credits : DataFrame
        group, kind, name and count of media credited (see `analysis.views.article_credits`).
    scare : DataFrame
        Scare quotes: article_id, sentence (from 0), position (of its first word in the article),
        n_words, start and end (characters; empty in the shared form).
    """

    verbs: pd.DataFrame
    verb_counts: pd.DataFrame
    unnamed: pd.DataFrame
    credits: pd.DataFrame
    scare: pd.DataFrame

    @property
    def finding(self) -> str:
        """How much voices have, and who has most."""
        return self.finding_of(VOICE_FIGURES[0])

    @property
    def telling_verbs(self) -> pd.DataFrame:
        """The rows of `verbs` that say more than "said": of all classes but the neutral one."""
        return self.verbs[(self.verbs["verb_class"] != "neutral") & (self.verbs["count"] > 0)]

    def finding_of(self, kind: str) -> str:
        """The finding about "speakers" or "verbs"."""
        check_choice("kind", kind, VOICE_FIGURES)
        return self._of_verbs() if kind == "verbs" else self._of_speakers()

    def _of_speakers(self) -> str:
        outlet = self.table["voice"] == "outlet"
        voices, all_words = self.table[~outlet], max(self.table.loc[outlet, "n_words"].sum(), 1)
        if voices.empty:
            return "All words are the outlets' own: nobody is quoted or paraphrased"
        words = voices["words"].sum()
        share = 1 - self.table.loc[outlet, "words"].sum() / all_words
        named = voices[voices["voice"] == "named"].groupby("speaker")["words"].sum()
        named = named.sort_values(ascending=False, kind="stable")
        most = f"; {named.index[0]} has most ({count(named.iloc[0], 'word')})" if len(named) else ""
        unnamed = voices.loc[voices["voice"] == "unnamed", "words"].sum() / max(words, 1)
        return (
            f"Voices have {share:.0%} of the words{most}; {unnamed:.0%} of what voices say has no"
            " name to it"
        )

    def _of_verbs(self) -> str:
        telling, total = self.telling_verbs, self.verbs["count"].sum()
        if not total:
            return "No verb introduces a speaker"
        filled = (
            "filled: more or less often than elsewhere (Holm)"
            if telling["p_adjusted"].lt(0.05).any()
            else "none more often in one than elsewhere (Holm)"
        )
        return (
            f"{telling['count'].sum()} of {count(total, 'verb')} that introduce speakers say more"
            f" than “said”; {filled}"
        )


def voices(
    corpus: Corpus | Features,
    *,
    by: By = "article_id",
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Voices:
    """Measure the words of each voice: the outlet, named and unnamed speakers, other media.

    Words in direct quotations are the speaker's; words of a reported statement are counted for its
    speaker too, except those that somebody is quoted with within it. All others, scare quotes among
    them, are the outlet's own. A name is taken for one person in all articles where the fullest
    form is unambiguous ("Orr" is "Ada Orr" unless there is another Orr).

    Parameters
    ----------
    corpus : Corpus or Features
        Reads `quotes`, `sentences` and `credits`. The shared form has no speakers: of it, the
        result is the one that its owner shipped, by article, with the owner's draws, level and
        seed.
    by : str, sequence of str, mapping or Series
        The groups: columns of `articles` such as "article_id" or "outlet", "week" or "month" of
        publication, or a group for each article_id.
    draws : int
        Bootstrap samples of the sentences of each group, at least 1.
    level : float
        Of the intervals, between 0 and 1.
    seed : int
        At least 0.

    Returns
    -------
    Voices

    Raises
    ------
    FeaturesError
        If the features are of the shared form and the owner has not shipped the result.
    OptionError
        If an option has a value that is not allowed.

    Notes
    -----
    Speakers and reported statements are read by English rules, which miss some (see
    `benchmarks/VOICE_GROUPS.md`): the outlet's share is rather too large. An interval says how much
    depends on single sentences; it knows nothing of what the rules miss.

    Examples
    --------
    >>> import analysis as tw
    >>> result = tw.tl.voices(tw.load("amnesty2024"))
    >>> result.table.query("voice == 'outlet'")[["group", "words", "n_words", "share"]].round(2)
             group  words  n_words  share
    0    mcclatchy    336      573   0.59
    7       caruzo    577     1025   0.56
    16  aggregator    377      555   0.68
    24        blog    417      601   0.69
    32   explainer    442      605   0.73
    """
    features = features_of(corpus)
    check_options(draws=draws, level=level, seed=seed)
    groups = group_articles(features, by)
    names = np.array([*groups.names, None], object)[groups.codes]
    group_of = dict(zip(features.article_ids, names))
    sentences = sentence_spans(features)
    sentences["group"] = sentences["article_id"].map(group_of)
    quotes = _quotes(features, sentences, group_of)
    scare = quotes.loc[quotes["scare"], SCARE].reset_index(drop=True)
    params = {"by": groups.by, "draws": draws, "level": level, "seed": seed, **origin(features)}
    if (shipped := SHIPS.read(features)) is not None:
        if groups.by != "article_id":
            raise OptionError(
                "by must be 'article_id', as the owner of the shared form has measured voices"
                f" (got {by!r:.80})"
            )
        table, counts, unnamed = shipped.values()
        params = {"by": groups.by, **origin(features), "measured_on": "results"}
    elif "speaker" not in quotes:
        raise FeaturesError(
            f"{features.where}: who speaks stands in the private form only, and its owner has not"
            " shipped the result. Get the texts and run `twicetold extract`."
        )
    else:
        quotes = _with_speakers(quotes[~quotes["scare"]], features.codebook("actors"))
        table = _measured(quotes, sentences, groups.names, draws=draws, level=level, seed=seed)
        counts = _verb_counts(quotes)
        unnamed = table.loc[table["unnamed"], UNNAMED].reset_index(drop=True)
    credits = article_credits(features)
    credits["group"] = credits["article_id"].map(group_of)
    credits = credits.groupby(["group", "kind", "name"])["count"].sum().reset_index()
    verbs = _verb_classes(counts, list(dict.fromkeys(table["group"])))
    languages = features.table("articles", ["language"])["language"][groups.codes >= 0]
    notes = few_articles(len(languages)) + _language_note(languages)
    return Voices(table, params, verbs, counts, unnamed, credits, scare, notes=notes)


def _ship(shipment: Shipment) -> dict[str, pd.DataFrame]:
    result = shipment.measure("voices")
    tables = zip(SHIPS.tables, (result.table, result.verb_counts, result.unnamed))
    cut = ("speaker", "description")  # of an unnamed speaker: words of the text in order
    return {
        name: table.assign(**{c: table[c].map(first_words) for c in cut if c in table})
        for name, table in tables
    }


SHIPS = Ships(("voices", "voice_verbs", "voice_unnamed"), _ship)


def _quotes(features: Features, sentences: pd.DataFrame, group_of: dict) -> pd.DataFrame:
    """Quotations in either form, with `group`, sentence, and `first`: their place in the corpus."""
    quotes = with_missing(features.table("quotes"), OFFSETS)
    begins = sentences["n_tokens"].cumsum() - sentences["n_tokens"]
    article_begins = begins.groupby(sentences["article_id"]).first()
    quotes["first"] = quotes["position"] + article_begins.reindex(quotes["article_id"]).to_numpy()
    if "sentence" not in quotes:
        place = np.searchsorted(begins, quotes["first"], side="right") - 1
        quotes["sentence"] = sentences["sentence"].to_numpy()[place]
    quotes["group"] = quotes["article_id"].map(group_of)
    return quotes.dropna(subset="group")


def _with_speakers(quotes: pd.DataFrame, actors: dict) -> pd.DataFrame:
    """Quotations with speakers as the tables name them, the kind of voice, and the actor."""
    said = quotes["speaker"]
    found = ~said.map(str.casefold).isin(_PRONOUNS | {""})
    persons = Persons(said[~quotes["unnamed"] & (said != "")], actors)
    known = found & ~quotes["unnamed"]
    speaker = said.where(~known, said.map(persons.fullest)).where(found, "")
    medium = speaker.map(_medium)
    listed = medium != ""
    speaker = speaker.where(~listed, medium)
    shown = speaker.map(lambda name: " ".join(name.split()[:_LONGEST]))
    # a description begins a sentence or does not: "Two officials" are "two officials"
    small = shown.map(lambda name: name.partition(" ")[0].casefold() in _SMALL).astype(bool)
    lowered = shown.map(lambda name: name[:1].lower() + name[1:])
    return quotes.assign(
        speaker=shown.where(known | listed | ~small, lowered),
        voice=np.select([listed, known, found], ["media", "named", "unnamed"], "unattributed"),
        actor=[persons.actor(name) if ok else "" for name, ok in zip(speaker, known)],
    )


def _medium(speaker: str) -> str:
    """The listed outlet or agency that speaks; empty if it is none.

    It speaks itself or in a piece of its own ("a report published by Reuters").
    """
    if name := listed_name(speaker):
        return name
    if _PIECES.isdisjoint(words_of(speaker)):
        return ""
    return next((name for named in Names(speaker).found if (name := listed_name(named.name))), "")


def _measured(
    quotes: pd.DataFrame, sentences: pd.DataFrame, groups: list[str], **options
) -> pd.DataFrame:
    """The table of voices."""
    # a word is that of the innermost quotation, and quotations stand within reported statements
    quotes = quotes.sort_values("direct", kind="stable")
    owner = np.full(sentences["n_tokens"].sum(), -1)
    for row, (first, n) in enumerate(zip(quotes["first"], quotes["n_words"])):
        owner[first : first + n] = row
    words = np.bincount(owner[owner >= 0], minlength=len(quotes))
    direct = quotes["direct"].to_numpy(bool)
    sums = [direct, ~direct, words * direct, words * ~direct, words]
    keys = ["group", "voice", "speaker", "actor"]
    counted = quotes[keys].assign(**{c: np.array(v, np.int64) for c, v in zip(SUMS, sums)})
    voices = counted.groupby(keys)[SUMS].sum().reset_index()
    order, ascending = ["words", "n_direct", "voice", "speaker"], [False, False, True, True]
    voices = voices.sort_values(order, ascending=ascending, kind="stable", ignore_index=True)
    voice = pd.MultiIndex.from_frame(voices[keys]).get_indexer(
        pd.MultiIndex.from_frame(quotes[keys])
    )
    column = np.r_[1 + voice, 0][owner]  # the last for words that nobody else owns
    sentence = np.repeat(np.arange(len(sentences)), sentences["n_tokens"])
    shape = len(sentences), 1 + len(voices)
    matrix = csr_array((np.ones(len(owner)), (sentence, column)), shape=shape)
    parts = []
    for group in groups:
        of_group = voices[voices["group"] == group]
        part = matrix[np.flatnonzero(sentences["group"] == group)]
        part = part[:, np.r_[0, 1 + of_group.index]]
        parts.append(_group_table(group, of_group, part, **options))
    if not parts:
        return pd.DataFrame(columns=TABLE).astype({"unnamed": bool})
    return pd.concat(parts, ignore_index=True)


def _group_table(
    group: str, voices: pd.DataFrame, matrix: csr_array, *, draws: int, level: float, seed: int
) -> pd.DataFrame:
    """The outlet and the voices of a group, whose words in each sentence `matrix` holds."""
    total, voiced = matrix.sum(axis=1), matrix[:, 1:].sum(axis=1)
    outlet = dict.fromkeys(["speaker", "actor"], "") | dict.fromkeys(SUMS, 0)
    outlet |= {"group": group, "voice": "outlet", "words": int(total.sum() - voiced.sum())}
    table = pd.concat([pd.DataFrame([outlet]), voices], ignore_index=True)
    # the outlet has no share of the others' words
    for prefix, below, first in (("", total, 0), ("voice_", voiced, 1)):
        rng = generator(seed, "sources", prefix, group)
        low, high = _interval(matrix[:, first:], below, draws, level, rng)
        estimates = {"share": table["words"][first:] / below.sum(), "low": low, "high": high}
        for name, values in estimates.items():
            table[f"{prefix}{name}"] = np.r_[np.full(first, np.nan), values]
    table["n_words"], table["n_sentences"] = int(total.sum()), len(total)
    table["unnamed"] = table["voice"] == "unnamed"
    table["description"] = table["speaker"].where(table["unnamed"], "")
    return table[TABLE]


def _interval(
    matrix: csr_array, below: np.ndarray, draws: int, level: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of the shares; NaN where there is nothing to share."""
    if not below.sum():
        return (np.full(matrix.shape[1], np.nan),) * 2
    size = max(1, _CELLS // len(below))
    sizes = [min(size, draws - first) for first in range(0, draws, size)]
    samples = [bootstrap(matrix, below, draws=size, rng=rng) for size in sizes]
    return interval(np.concatenate(samples), level)


def _verb_counts(quotes: pd.DataFrame) -> pd.DataFrame:
    said = quotes[quotes["verb"] != ""]
    known = [verb_of(verb) for verb in said["verb"]]
    said = said.assign(
        verb=[verb.lemma if verb else form for verb, form in zip(known, said["verb"])],
        verb_class=[verb.verb_class if verb else "" for verb in known],
        n_direct=said["direct"].astype(int),
        n_reported=(~said["direct"]).astype(int),
    )
    return said.groupby(_VERBS)[["n_direct", "n_reported"]].sum().reset_index()


def _verb_classes(counts: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    """Classes of verbs by group, each tested against the other groups."""
    counts = counts[counts["verb_class"] != ""].assign(n=counts["n_direct"] + counts["n_reported"])
    verbs = counts.groupby(["group", "verb_class", "verb"])["n"].sum().reset_index()
    verbs = verbs.sort_values(["n", "verb"], ascending=[False, True])
    verbs["listed"] = [f"{verb} ({n})" for verb, n in zip(verbs["verb"], verbs["n"])]
    cells = pd.MultiIndex.from_product([groups, CLASSES], names=["group", "verb_class"])
    by_class = verbs.groupby(["group", "verb_class"])
    table = pd.DataFrame({"count": by_class["n"].sum().reindex(cells, fill_value=0).astype(int)})
    table["n"] = table.groupby("group")["count"].transform("sum")
    table["share"] = table["count"] / table["n"]
    listed = by_class["listed"].agg(", ".join).to_dict()
    table["verbs"] = [listed.get(cell, "") for cell in cells]
    elsewhere = table.groupby("verb_class")["count"].transform("sum") - table["count"]
    rest = table["count"].sum() - table["n"]
    table["p"] = [
        fisher_exact([[k, n - k], [c, m - c]])[1] if n and m else np.nan
        for k, n, c, m in zip(table["count"], table["n"], elsewhere, rest)
    ]
    table["p_adjusted"] = holm(table["p"].to_numpy(float))
    return table.reset_index()


def _language_note(languages: pd.Series) -> tuple[str, ...]:
    other = int((languages.str.split("-").str[0] != ENGLISH).sum())
    if not other:
        return ()
    return (
        f"Speakers and reported statements are read in English only: in {other} of"
        f" {len(languages)} articles all quotations are unattributed.",
    )
