"""Voices: whose words an article carries, with which verbs, and how much is the outlet's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import FeaturesError
from analysis.features import Features, features_of
from analysis.groups import By, group_articles
from analysis.inference import few_articles
from analysis.options import check_choice, check_options
from analysis.results import Result, count
from analysis.store import Shipment, Ships, first_words
from analysis.text.verbs import verb_of
from analysis.tl._voice_shares import HEARD, KINDS, compare_verbs, compare_voices
from analysis.tl._voiced import (
    attitudes,
    placed_quotes,
    source_credits,
    voiced_articles,
    voiced_sentences,
    voices_table,
    with_speakers,
)
from analysis.views import ENGLISH, OFFSETS, origin, sentence_spans
from analysis.wording import apart, listed, none_of, noun

VOICE_FIGURES = ("speakers", "verbs")
VOICE_GROUPS = ("outlet", "named", "unnamed", "media", "unattributed")
_NAMED = 3  # voices, or classes of verbs, that a finding names
SCARE = ["article_id", "sentence", "position", "n_words", *OFFSETS]
_VERBS = ["article_id", "speaker", "verb", "verb_class"]
UNNAMED = ["group", "description", "n_direct", "n_reported", "words"]


@dataclass(frozen=True, eq=False, repr=False)
class Voices(Result):
    """Who speaks, how much, and how it is introduced.

    Attributes
    ----------
    table : DataFrame
        One row for each group and voice: the outlet first, then speakers by words, then media that
        are credited without words.

        =======================  ==========  =================================================
        column                   unit        meaning
        =======================  ==========  =================================================
        group
        voice                                "outlet", "named", "unnamed", "media", or
                                             "unattributed" (nobody was found)
        speaker                              the actor's name in the codebook; else the full
                                             name most used, or a description
        actor                                key of the codebook
        n_direct                 quotations  in quotation marks
        n_reported               statements  in reported speech
        direct_words             words       in quotation marks
        reported_words           words       of reported statements
        words                    words       of both; of the outlet, all others
        n_credits                credits     of a medium as the source, photos apart
        share, low, high         0 to 1      of all words of the group, with its interval
        voice_share, voice_low,  0 to 1      of the words of all voices but the outlet, with
        voice_high                           its interval
        n_words                  words       of the group
        n_sentences              sentences   of the group
        n_articles               articles    in which it speaks; of a medium that never speaks, in
                                             which it is credited
        unnamed                              whether the speaker has no name
        description                          of an unnamed speaker
        =======================  ==========  =================================================
    heard : DataFrame
        The voices most heard, of which groups are compared: one row for each voice and group.

        ======  ======  ====================================================================
        column  unit    meaning
        ======  ======  ====================================================================
        voice           as in `table`
        heard           an actor of the codebook (those first), a speaker, or all the others
                        of a kind, such as "speakers without a name"
        group
        words   words   of the voice in the group
        share   0 to 1  of all words of the group
        ======  ======  ====================================================================

        and the other columns of `analysis.comparison.Comparison.columns`, for all rows together.
    verbs : DataFrame
        One row for each class of verbs (see `analysis.text.verbs`) and group: verb_class, group,
        count (uses of verbs of the class), n (uses of all verbs that have a class), share with the
        columns of `analysis.comparison.Comparison.columns`, for all rows together, and verbs (each
        with its uses).
    verb_counts : DataFrame
        article_id, group, speaker, verb (as in a dictionary: "say"), verb_class (empty where the
        list of verbs lacks it), n_direct and n_reported (uses).
    unnamed : DataFrame
        group, description, n_direct, n_reported and words of unnamed speakers.
    credits : DataFrame
        group, kind, name and count of media credited (see `analysis.views.article_credits`) by
        others than themselves, photos apart.
    attitudes : DataFrame
        What is thought, wanted or shown, apart from what is said: group, voice, speaker, kind
        ("attitude" or "evidence"), count (of statements) and words. The shared form has none.
    scare : DataFrame
        Scare quotes: article_id, sentence (from 0), position (of its first word in the article),
        n_words, start and end (characters; empty in the shared form).
    """

    heard: pd.DataFrame
    verbs: pd.DataFrame
    verb_counts: pd.DataFrame
    unnamed: pd.DataFrame
    credits: pd.DataFrame
    attitudes: pd.DataFrame
    scare: pd.DataFrame

    @property
    def finding(self) -> str:
        """Who is heard more where, of what is beyond chance; else how much voices have."""
        return self.finding_of(VOICE_FIGURES[0])

    @property
    def telling_verbs(self) -> pd.DataFrame:
        """The rows of `verbs` that say more than "said": of classes that are used, but neutral."""
        used = self.verbs.groupby("verb_class")["count"].transform("sum") > 0
        return self.verbs[(self.verbs["verb_class"] != "neutral") & used]

    def finding_of(self, kind: str) -> str:
        """The finding about "speakers" or "verbs"."""
        check_choice("kind", kind, VOICE_FIGURES)
        return self._of_verbs() if kind == "verbs" else self._of_speakers()

    def _of_speakers(self) -> str:
        outlet = self.table["voice"] == "outlet"
        voices, all_words = self.table[~outlet], max(self.table.loc[outlet, "n_words"].sum(), 1)
        if not voices["words"].sum():
            return "All words are the outlets' own: nobody is quoted or paraphrased"
        found = self._where(self.heard, "heard", "words")
        found.sort(key=lambda one: one[0] == KINDS["outlet"])  # what voices have not, comes last
        if said := [f"{name} {where}" for name, where in found]:
            return f"Heard more than in the rest: {'; '.join(said[:_NAMED])}"
        named = voices[voices["voice"] == "named"].groupby("speaker")["words"].sum()
        named = named[named > 0].sort_values(ascending=False, kind="stable")
        most = f", {named.index[0]} most" if len(named) else ""
        share = 1 - self.table.loc[outlet, "words"].sum() / all_words
        none = self._none("gives any of them more room")
        return f"Voices have {share:.0%} of the words{most}; {none}"

    def _of_verbs(self) -> str:
        telling, total = self.telling_verbs, self.verbs["count"].sum()
        if not total:
            return "No verb introduces a speaker"
        said = [
            f"{name} verbs {where}" for name, where in self._where(telling, "verb_class", "count")
        ]
        if said:
            return f"More than in the rest: {'; '.join(said[:_NAMED])}"
        return (
            f"{telling['count'].sum():,} of {count(total, 'verb')} that introduce speakers say more"
            f" than “said”; {self._none('uses any kind of them more')}"
        )

    def _where(self, table: pd.DataFrame, item: str, amount: str) -> list[tuple[str, str]]:
        """Items that some groups have more of beyond chance, and where; the farthest first."""
        assert self.groups is not None, "voices have groups"
        found = []
        for name, rows in table.groupby(item, sort=False):
            above, _ = apart(rows, self.groups, self.params["by"])
            if above:
                only = "only " if (rows[amount] > 0).sum() == 1 else ""
                named = rows[rows["apart"].astype(bool) & (rows["share"] > rows["rest"])]
                far = (named["shrunk"] - named["rest"]).max()
                found.append((far, str(name), f"{only}in {listed(above)}"))
        return [(name, where) for _, name, where in sorted(found, key=lambda one: -one[0])]

    def _none(self, does: str) -> str:
        assert self.groups is not None, "voices have groups"
        by = self.params["by"]
        if len(self.groups) < 2:
            return f"there is no other {noun(by)[0]} to compare with"
        who = none_of(by)
        return f"{who[0].lower()}{who[1:]} {does} than the rest beyond chance"


def voices(
    corpus: Corpus | Features,
    *,
    by: By | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Voices:
    """Measure the words of each voice: the outlet, named and unnamed speakers, other media.

    Words in direct quotations are the speaker's; words of a reported statement are counted for its
    speaker too, except those that somebody is quoted with within it. All others, scare quotes among
    them, are the outlet's own. A name is taken for one person in all articles where the fullest
    form is unambiguous ("Orr" is "Ada Orr" unless there is another Orr); an actor of the codebook
    is one voice, however it is spelt. Media are voices where they say something, and sources
    where they are credited.

    Parameters
    ----------
    corpus : Corpus or Features
        Reads `quotes`, `sentences` and `credits`. The shared form has no speakers: of it, the
        result is summed from what its owner shipped by article, and of a group of one article has
        the owner's intervals where they shipped.
    by : str, sequence of str, mapping, Series or None
        The groups, as in `analysis.groups.group_articles`: outlets if not given, or articles where
        there are too few.
    draws : int
        Bootstrap samples of the articles of each group (of its sentences, where it is a single
        article), at least 1.
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
    Some speakers and reported statements are missed (see `benchmarks/POLNEAR.md`): the outlet's
    share is rather too large. An interval says how much depends on single articles or sentences; it
    knows nothing of what is missed.

    Examples
    --------
    >>> import analysis as tw
    >>> result = tw.tl.voices(tw.load("amnesty2024"))
    >>> result.table.query("voice == 'outlet'")[["group", "words", "n_words", "share"]].round(2)
             group  words  n_words  share
    0    mcclatchy    321      573   0.56
    9       caruzo    484     1025   0.47
    24  aggregator    357      555   0.64
    34        blog    453      601   0.75
    41   explainer    417      605   0.69
    """
    features = features_of(corpus)
    check_options(draws=draws, level=level, seed=seed)
    groups = group_articles(features, by)
    ids = features.article_ids
    names = np.array([*groups.names, None], object)[groups.codes]
    group_of = dict(zip(ids, names))
    sentences = sentence_spans(features)
    quotes = placed_quotes(features, sentences)
    quotes = quotes[quotes["article_id"].map(group_of).notna()]
    scare = quotes.loc[quotes["scare"], SCARE].reset_index(drop=True)
    credits = source_credits(features)
    credits = credits.assign(group=credits["article_id"].map(group_of)).dropna(subset="group")
    options: dict[str, Any] = {"draws": draws, "level": level, "seed": seed}
    params = {"by": groups.by, **options, **origin(features)}
    shipped = SHIPS.read(features) or _FIRST.read(features)
    single = len(groups.names) > 0 and groups.sizes.max() == 1
    if shipped is not None:
        params["measured_on"] = "results"
        table, counts = shipped["voices"], shipped["voice_verbs"]
        counts = counts.rename(columns={"group": "article_id"})
        voiced = voiced_articles(table)
    elif "speaker" not in quotes:
        raise FeaturesError(
            f"{features.where}: who speaks stands in the private form only, and its owner has not"
            " shipped the result. Get the texts and run `twicetold extract`."
        )
    else:
        quotes = with_speakers(quotes[~quotes["scare"]], features.codebook("actors"))
        counts = _verb_counts(quotes)
        voiced = voiced_sentences(quotes, sentences)
    table = voices_table(voiced, group_of, groups.names, credits, **options)
    heard = compare_voices(voiced, groups, ids, **options)
    if shipped is not None and single:
        table, heard = _owners(shipped, table, heard, dict(zip(ids, names)))
    unnamed = table.loc[table["unnamed"], UNNAMED].reset_index(drop=True)
    counts = counts.assign(group=counts["article_id"].map(group_of)).dropna(subset="group")
    counts = counts[["article_id", "group", *_VERBS[1:], "n_direct", "n_reported"]]
    verbs = compare_verbs(counts, groups, ids, **options)
    credits = credits.groupby(["group", "kind", "name"])["count"].sum().reset_index()
    languages = features.table("articles", ["language"])["language"][groups.codes >= 0]
    notes = few_articles(len(languages)) + _language_note(languages)
    return Voices(
        table,
        params,
        heard,
        verbs,
        counts.reset_index(drop=True),
        unnamed,
        credits,
        attitudes(features, group_of),
        scare,
        notes=notes,
        groups=groups.table,
    )


def _owners(
    shipped: dict[str, pd.DataFrame],
    table: pd.DataFrame,
    heard: pd.DataFrame,
    group_of: dict[str, str],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables of single articles with the intervals that their owner took from sentences."""
    keys = ["group", "voice", "speaker"]
    bounds = ["low", "high", "voice_low", "voice_high"]
    owners = shipped["voices"].assign(group=shipped["voices"]["group"].map(group_of))
    owners = owners.drop_duplicates(keys).set_index(keys)[bounds]
    found = owners.reindex(pd.MultiIndex.from_frame(table[keys]))
    table = table.assign(**{c: found[c].to_numpy() for c in bounds})
    more = shipped.get("voice_shares")
    if more is not None and len(group_of) == len(set(more["group"])):
        heard = more.assign(group=more["group"].map(group_of))[HEARD]
    return table, heard


def _ship(shipment: Shipment) -> dict[str, pd.DataFrame]:
    result = voices(shipment.features, by="article_id")
    counts = result.verb_counts.drop(columns="article_id")
    made = (result.table, counts, result.unnamed, result.heard)
    cut = ("speaker", "description", "heard")  # of an unnamed speaker: words of the text in order
    return {
        name: table.assign(**{c: table[c].map(first_words) for c in cut if c in table})
        for name, table in zip(SHIPS.tables, made)
    }


SHIPS = Ships(("voices", "voice_verbs", "voice_unnamed", "voice_shares"), _ship)
_FIRST = Ships(SHIPS.tables[:3], _ship)  # what archives of before have


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


def _language_note(languages: pd.Series) -> tuple[str, ...]:
    other = int((languages.str.split("-").str[0] != ENGLISH).sum())
    if not other:
        return ()
    return (
        f"Speakers and reported statements are read in English only: in {other} of"
        f" {len(languages)} articles all quotations are unattributed.",
    )
