"""The story: which claims each article tells, where and in whose voice, and which it leaves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import FeaturesError, OptionError
from analysis.features import Features, features_of
from analysis.groups import By, Grouping, group_articles, unit_labels
from analysis.models.encoder import Encoder, load_encoder
from analysis.options import check_options
from analysis.results import Result
from analysis.store import Shipment, Ships, first_words
from analysis.tl._claim_rates import FEWEST, rates
from analysis.tl._claim_voices import ClaimVoices
from analysis.tl._omissions import by_group, of_what, omissions
from analysis.tl._story_units import (
    HEADLINE,
    LEAD,
    StoryUnits,
    articles_of_stories,
    check_embedded,
    units_by_story,
)
from analysis.tl._told import GivenClaim, answers, found_cells, given_cells
from analysis.tl.claims import CUT, ENGLISH_ONLY, Claims, discover
from analysis.tl.disagreements import disagreements
from analysis.views import ENGLISH, OFFSETS, in_language, origin, with_missing
from analysis.wording import apart, listed, no_difference, noun, number

ANSWERS = ("tells", "unsure", "omits", "not judged")
_WHERE = ["sentence", *OFFSETS, "place", "down", "voice", "speaker", "denies"]
CELLS = ["story", "claim", "article_id", "answer", "p", "rate", *_WHERE]
CLAIMS = "story claim label judged n_tells n_unsure n_omits coherence".split()


@dataclass(frozen=True, eq=False, repr=False)
class Story(Result):
    """Which article tells which claim, and where.

    Attributes
    ----------
    table : DataFrame
        One row for each claim and article of its story.

        ==========  ==========  ==================================================================
        column      unit        meaning
        ==========  ==========  ==================================================================
        story, claim, article_id
        answer                  "tells", "unsure", "omits"; or "not judged", where no sentence of
                                the story tells the claim in these words
        p           0 to 1      probability that the article tells the claim
        rate        0 to 1      how often such an answer is wrong; empty where it is not known
        sentence    from 0      the one that tells it; of other answers the nearest
        start, end  characters  of the sentence; empty in the shared form
        place                   "headline" (which tells it too), "lead" (the first paragraph, or
                                the first two sentences) or "body"
        down        0 to 1      how far down the article the sentence stands
        voice                   whose words tell it: "outlet", "quoted", "reported", "attitude"
        speaker                 of the last three
        denies      boolean     whether the verb of the speaker denies it
        ==========  ==========  ==================================================================
    claims : DataFrame
        One row a claim: story, claim, label, judged, n_tells, n_unsure and n_omits (articles), and
        coherence (of claims that were found).
    grouped : DataFrame
        The same cells by group: story, claim, group, answer ("tells" where one of its articles
        does; "omits" where all do), p, rate, article_id, sentence, place, down and voice of the
        article nearest to the top that tells it.
    omissions : DataFrame
        One row a group: n_claims (that at least three other groups tell of stories that it
        reports), n_omitted, and share with the columns of
        `analysis.comparison.Comparison.columns`; claims are resampled, or stories where there are
        several.
    omitted : DataFrame
        The same by what a claim is about: group, kind ("frame", "actor", "voice"), name, n_claims,
        n_omitted, share, low, high (Wilson).
    disagreements : DataFrame
        Numbers, names, dates and times in which articles that tell a claim differ in it: claim, and
        the columns of `tl.disagreements`.
    articles : DataFrame
        The articles by their names, as `analysis.groups.Grouping.table` has groups.
    """

    claims: pd.DataFrame
    grouped: pd.DataFrame
    omissions: pd.DataFrame
    omitted: pd.DataFrame
    disagreements: pd.DataFrame
    articles: pd.DataFrame

    @property
    def stories(self) -> list[str]:
        """The stories, those of most articles first."""
        sizes = self.table.groupby("story", sort=False)["article_id"].nunique()
        return sizes.sort_values(ascending=False, kind="stable").index.tolist()

    @property
    def finding(self) -> str:
        """Which claim is left out by whom, though most tell it, and who gives it most room."""
        return self.finding_of(self.stories[0]) if self.stories else _nothing()

    def finding_of(self, story: str) -> str:
        """The finding about one story."""
        about = self.claims[self.claims["story"] == story]
        if len(about) and not about["judged"].any():
            return "No sentence is like the words of the claims: reword them"
        about = about[about["judged"].astype(bool)]
        if about.empty:
            return _nothing()
        nouns = noun(str(self.params["by"]))
        cells, told, left = self._told_and_left(story)
        most = self.named_claim(story)
        if not most:
            n = cells["group"].nunique()
            every = sum(len(told.get(claim, [])) == n for claim in about["claim"])
            return (
                f"Of {number(len(about))} claims {number(every)} are told by every {nouns[0]}, and"
                " none that three tell is left out by another"
            )
        names = unit_labels(self.groups)
        label = about.set_index("claim").at[most, "label"]
        who = left[most]
        named = len(who) <= 2 and self.groups.set_index("group").loc[who, "outlet"].ne("").all()
        said = listed([names[group] for group in who])
        said = said if named else f"{number(len(who)).capitalize()} {nouns[len(who) > 1]}"
        finding = f"{said} leave{'s' * (len(who) == 1)} out “{label}”, which"
        finding += f" {number(len(told[most]))} {nouns[1]} tell"
        first = cells[(cells["claim"] == most) & (cells["answer"] == "tells")]
        leads = first[first["place"].isin([HEADLINE, LEAD])].sort_values("place", kind="stable")
        if len(leads):
            top = names[leads["group"].iloc[0]]
            where = "in its headline" if leads["place"].iloc[0] == HEADLINE else "in its lead"
            finding += f"; {top} has it {where}"
        return finding

    def named_claim(self, story: str) -> str:
        """The claim that the finding about a story names; empty where it names none.

        Of those that three groups tell and others omit, the one that divides them most evenly.
        """
        about = self.claims[(self.claims["story"] == story) & self.claims["judged"].astype(bool)]
        _, told, left = self._told_and_left(story)
        both = [claim for claim in about["claim"] if claim in told and claim in left]
        both = [claim for claim in both if len(told[claim]) >= FEWEST]
        divided = {c: (min(len(left[c]), len(told[c])), len(told[c])) for c in both}
        return max(both, key=divided.__getitem__, default="")

    def _told_and_left(self, story: str) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
        cells = self.grouped[self.grouped["story"] == story]
        told, left = (
            cells[cells["answer"] == answer].groupby("claim")["group"].agg(list)
            for answer in ("tells", "omits")
        )
        return cells, told, left

    @property
    def finding_of_omissions(self) -> str:
        """Who leaves out more, or less, than the rest of what at least three others tell."""
        by = str(self.params["by"])
        above, below = apart(self.omissions, self.groups, by)
        one = len(above or below) == 1
        if above or below:
            how = "more" if above else "less"
            leaves = "leaves" if one else "leave"
            return f"{listed(above or below)} {leaves} out {how} than the rest of what others tell"
        deed = "leaves out more or less of what others tell"
        return no_difference(self.omissions, by, deed)


def _nothing() -> str:
    return "No claim is told by two articles of a story"


def story(
    corpus: Corpus | Features,
    *,
    story: str | None = None,
    claims: Claims | Mapping[str, Any] | None = None,
    by: By | None = None,
    within: str | list[str] | None = "story",
    encoder: Encoder | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Story:
    r"""Say which claims each article of a story tells, where, in whose voice, and which it omits.

    A claim given in words is compared with every sentence by s, the mean of the cosine of their
    embeddings and the share of the claim's words, by their idf in the story, that the sentence has;
    and r is the sentence's likeness (the mean of cosine and tf-idf) to the best sentences of the
    two other articles that have the best ones. An article tells the claim with

    .. math:: \mathrm{logit}\,p = -7.0 + 5.5 \max s + 7.7 \max (s + r)

    It tells it from .5 and omits it below .15. A claim of which no sentence of the story reaches an
    s of .5 is not judged: it may be told in other words. Of a claim that was found, p is the mean
    probability that the article's best sentence tells the same as the claim's sentences of other
    articles (see `claims`); articles of which it has a sentence tell it, and one below .1 omits it.

    Parameters
    ----------
    corpus : Corpus or Features
        The private form, with embeddings; or the shared one with the owner's result, for claims
        that were found.
    story : str, optional
        One story by its name; all if not given.
    claims : Claims or mapping, optional
        What `tl.claims` found; or claims in words, each by its name: a wording or several. If not
        given, those of the codebook, or, if there are none, those that `tl.claims` finds.
    by : str, sequence of str, mapping or Series, optional
        Groups as `analysis.groups.group_articles` takes them; outlets, where at least two have two
        articles each, else articles.
    within : str, sequence of str or None
        What names the story of each article; all articles are one story with None.
    encoder : Encoder, optional
        The model that embedded the sentences; the default one if not given.
    draws, level, seed
        Of the intervals of `omissions`.

    Returns
    -------
    Story

    Raises
    ------
    FeaturesError
        If the features hold no embeddings, or those of another model; if a claim points out a
        sentence that is not there; if the shared form is given and the owner has not shipped the
        result.
    LanguageError
        If no article is in English.
    OptionError
        If an option has a value that is not allowed.

    Notes
    -----
    An article that denies a claim tells of it: `denies` and `disagreements` show what speaks
    against it, but no polarity is claimed. Rates were counted on the gold of `corpus/harbour`, with
    the default model and stories of three articles or more (`benchmarks/STORY.md`).

    Examples
    --------
    >>> from analysis.extract.memory import extract_articles
    >>> from analysis.io.article import Article
    >>> from analysis.models import load_encoder
    >>> texts = {
    ...     "a": "The crane killed seven dockers at the quay. It had been built abroad.",
    ...     "b": "Nobody was charged. Seven dockers were killed at the quay by the crane.",
    ... }
    >>> articles = [Article(name, text, "en") for name, text in texts.items()]
    >>> told = story(
    ...     extract_articles(articles, encoder=load_encoder()),
    ...     claims={"toll": "Seven dockers were killed.", "rain": "It rained in Paris."},
    ... )
    >>> told.table[["claim", "article_id", "answer"]]
      claim article_id      answer
    0  toll          a       tells
    1  toll          b       tells
    2  rain          a  not judged
    3  rain          b  not judged
    """
    features = features_of(corpus)
    check_options(draws=draws, level=level, seed=seed)
    given = _given(features, claims)
    grouping = group_articles(features, by)
    options = {"draws": draws, "level": level, "seed": seed}
    params = {"by": grouping.by, "story": story, "within": within, **options, **origin(features)}
    shipped = None if given or claims is not None else SHIPS.read(features)
    if shipped is not None:
        params["measured_on"] = "results"
        cells, about, topics, differ = (shipped[name] for name in SHIPS.tables)
        cells = with_missing(cells, OFFSETS)[CELLS]
        if story is not None:
            _check_story(story, cells["story"].unique().tolist())
        chosen = cells["article_id"].isin(features.article_ids)
        cells = cells[chosen & (cells["story"].eq(story) | (story is None))]
        cells, notes = cells.reset_index(drop=True), ()
        about = about[about["claim"].isin(cells["claim"])].reset_index(drop=True)
    else:
        cells, about, topics, differ, notes = _measured(
            features, story, given, claims, within, encoder
        )
    kind = "given" if given else "found"
    params |= {"claims": kind}
    return _result(cells, about, topics, differ, params, notes, features, grouping, options)


def _result(
    cells: pd.DataFrame,
    about: pd.DataFrame,
    topics: pd.DataFrame,
    differ: pd.DataFrame,
    params: dict,
    notes: tuple[str, ...],
    features: Features,
    grouping: Grouping,
    options: dict,
) -> Story:
    ids = features.article_ids
    group_of = {a: grouping.names[c] for a, c in zip(ids, grouping.codes) if c >= 0}
    grouped = by_group(cells, group_of)
    table = omissions(grouped, grouping.names, **options)
    what = of_what(grouped, topics, options["level"])
    named = group_articles(features, "article_id").table
    return Story(
        cells,
        params,
        about,
        grouped,
        table,
        what,
        differ[differ["claim"].isin(about["claim"])].reset_index(drop=True),
        named,
        notes=notes,
        groups=grouping.table,
    )


def _given(features: Features, claims) -> list[GivenClaim]:
    """Claims in words: of the option, or of the codebook."""
    if claims is None:
        listed_ = features.codebook("claims") or []
        return [
            GivenClaim(about["id"], tuple(about["wording"]), about.get("told", {}))
            for about in listed_
        ]
    if isinstance(claims, Claims):
        return []
    if not isinstance(claims, Mapping) or not claims:
        raise OptionError(
            "claims must be a result of tl.claims, or a mapping from the name of a claim to its"
            f" wording or a list of wordings (got {claims!r:.80})"
        )
    given = []
    for name, wording in claims.items():
        wordings = (wording,) if isinstance(wording, str) else wording
        if not _are_wordings(wordings):
            raise OptionError(
                f"claims[{name!r}] must be a wording or a list of wordings, each with a word (got"
                f" {wording!r:.80})"
            )
        given.append(GivenClaim(str(name), tuple(wordings)))
    return given


def _are_wordings(given) -> bool:
    if not isinstance(given, Sequence) or not given:
        return False
    return all(isinstance(one, str) and any(map(str.isalnum, one)) for one in given)


def _check_story(story: str, there: list[str]) -> None:
    if story not in there:
        shown = ", ".join(map(repr, there[:10])) or "none"
        raise OptionError(f"story must be one of {shown} (got {story!r:.80})")


def _measured(
    features: Features,
    story: str | None,
    given: list[GivenClaim],
    claims: Claims | None,
    within,
    encoder: Encoder | None,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame, tuple[str, ...]]:
    """Cells, claims, what claims are about, disagreements, and notes."""
    check_embedded(features)
    readable, notes = in_language(features, "the encoder", ENGLISH, ENGLISH_ONLY)
    stories = articles_of_stories(readable, within)
    if story is not None:
        _check_story(story, list(stories))
        stories = {story: stories[story]}
    units = units_by_story(readable, stories)
    encoder = encoder or load_encoder()
    if given:
        notes += _check_given(readable, units, given, encoder)
        parts = [_of_given(readable, *one, given, encoder) for one in units.items()]
    else:
        if not isinstance(claims, Claims):
            claims = discover(readable, units, CUT, {}, ())
        elif claims.params["digest"] != features.digest:
            raise OptionError(
                "claims must be measured on the same texts (got some of"
                f" {claims.params['corpus']}, which differ from those of {features.corpus}); give"
                " tl.claims of this corpus"
            )
        told_in = set(claims.table["story"])
        parts = [
            _of_found(readable, name, of, claims, encoder)
            for name, of in units.items()
            if name in told_in
        ] or [(pd.DataFrame(columns=CELLS), pd.DataFrame(columns=CLAIMS))]
    cells, about = (pd.concat(tables, ignore_index=True) for tables in zip(*parts))
    if given:
        cells, about = _where_told(cells, about)
        if strange := about.loc[~about["judged"], "claim"].tolist():
            notes += (
                "Not judged, as no sentence is like these words:"
                f" {listed(strange, 10)}; reword, or point out a sentence that tells it.",
            )
    asked = set(cells["story"])
    few = [name for name, ids in stories.items() if name in asked and len(ids) < FEWEST]
    if few:
        which = f" ({listed(few)})" * (few != [""])
        notes += (f"Of fewer than {FEWEST} articles of a story{which} no rates are known.",)
    enough = cells[~cells["story"].isin(few) & cells["answer"].isin(["tells", "omits"])]
    if len(enough) and enough["rate"].isna().all():
        notes += (
            f"No rates are known of claims by the model {encoder.name!r}: count them with"
            " `python -m benchmarks.story --fit`.",
        )
    topics = _topics(readable, cells)
    return cells, about, topics, _differing(readable, cells), notes


def _of_given(
    features: Features, story: str, units: StoryUnits, given: list[GivenClaim], encoder: Encoder
) -> tuple[pd.DataFrame, pd.DataFrame]:
    found, judged = given_cells(units, given, encoder)
    found["answer"] = np.where(
        found["claim"].isin(judged), answers(found["p"].to_numpy(), "given"), "not judged"
    )
    words = {
        claim.name: np.unique(np.concatenate([units.words_in(w) for w in claim.wording]))
        for claim in given
    }
    pointed = {(c.name, a) for c in given for a in c.told}
    cells = _cells(features, story, units, found, words, "given", encoder)
    known = [key in pointed for key in zip(cells["claim"], cells["article_id"])]
    cells.loc[known, "rate"] = 0.0  # somebody has read it
    every = pd.DataFrame([(c.name, first_words(c.wording[0])) for c in given], columns=CLAIMS[1:3])
    every = every.assign(judged=every["claim"].isin(judged), coherence=np.nan)
    nearest = found.groupby("claim")["like"].max()
    about = _counted(story, every, cells)
    return cells, about.assign(nearest=nearest.reindex(about["claim"]).fillna(0).to_numpy(float))


def _where_told(cells: pd.DataFrame, about: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each claim in the stories in which it is judged; one that nobody tells in the nearest."""
    nearest = about.groupby("claim")["nearest"].transform("max") == about["nearest"]
    nowhere = ~about.groupby("claim")["judged"].transform("any") & nearest
    first = ~about[nowhere].duplicated("claim")
    kept = about["judged"] | nowhere & first.reindex(about.index, fill_value=False)
    about = about[kept.astype(bool)].drop(columns="nearest").reset_index(drop=True)
    keys = pd.MultiIndex.from_frame(about[["story", "claim"]])
    told = pd.MultiIndex.from_frame(cells[["story", "claim"]]).isin(keys)
    return cells[told].reset_index(drop=True), about


def _of_found(
    features: Features, story: str, units: StoryUnits, claims: Claims, encoder: Encoder
) -> tuple[pd.DataFrame, pd.DataFrame]:
    keys = ["article_id", "sentence"]
    at = pd.MultiIndex.from_frame(units.table[keys])
    of = claims.sentences[claims.sentences["story"] == story]
    unit = at.get_indexer(pd.MultiIndex.from_frame(of[keys]))
    members = {claim: unit[rows] for claim, rows in of.groupby("claim", sort=False).indices.items()}
    found = found_cells(units, members)
    member = found["member"].to_numpy(bool)
    found["answer"] = answers(found["p"].to_numpy(float), "found", member)
    words = {claim: units.shared_words(rows) for claim, rows in members.items()}
    cells = _cells(features, story, units, found, words, "found", encoder)
    every = claims.table.loc[claims.table["claim"].isin(members), ["claim", "label", "coherence"]]
    return cells, _counted(story, every.assign(judged=True), cells)


def _cells(
    features: Features,
    story: str,
    units: StoryUnits,
    found: pd.DataFrame,
    words: dict[str, np.ndarray],
    kind: str,
    encoder: Encoder,
) -> pd.DataFrame:
    """The columns of `Story.table`."""
    voices = ClaimVoices(features, units)
    about = units.table.iloc[found["unit"]].reset_index(drop=True)
    told = found["answer"].isin(["tells", "unsure"]).to_numpy()
    said = [
        voices.of(unit, words[claim]) if is_told else ("", "", False)
        for unit, claim, is_told in zip(found["unit"], found["claim"], told)
    ]
    cells = about[["article_id", "sentence", *OFFSETS, "place", "down"]]
    heads = units.in_headline(found["unit"].to_numpy()) >= CUT
    place = cells["place"].where(~heads, HEADLINE).where(told, "")
    p = found["p"].to_numpy(float)
    known = len(units.articles) >= FEWEST
    rate = rates(found["answer"].to_numpy(), p, kind, encoder.digest) if known else np.nan
    voice, speaker, denies = zip(*said) if said else ((), (), ())
    cells = cells.assign(story=story, claim=found["claim"].to_numpy(), p=p.round(4), rate=rate)
    cells = cells.assign(answer=found["answer"].to_numpy(), place=place, voice=voice)
    cells = cells.assign(speaker=speaker, denies=np.array(denies, bool))
    silent = [a for i, a in enumerate(units.articles) if i not in set(found["article"])]
    more = [(story, claim, a, "not judged") for claim in words for a in silent]
    more = pd.DataFrame(more, columns=CELLS[:4])
    return pd.concat([cells, more], ignore_index=True)[CELLS] if len(more) else cells[CELLS]


def _counted(story: str, every: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    counts = cells.groupby(["claim", "answer"]).size().unstack(fill_value=0)
    counts = counts.reindex(index=every["claim"], columns=list(ANSWERS[:3]), fill_value=0)
    counts = {f"n_{answer}": counts[answer].to_numpy() for answer in counts}
    return every.assign(story=story, **counts)[CLAIMS]


def _check_given(
    features: Features, units: dict[str, StoryUnits], given: list[GivenClaim], encoder: Encoder
) -> tuple[str, ...]:
    """Faults of claims in words, and a note of those that nobody tells."""
    size = next((of.vectors.shape[1] for of in units.values() if len(of)), None)
    if size is not None and encoder.encode(["a"]).shape[1] != size:
        raise FeaturesError(
            f"{features.where}: its vectors have {size} dimensions, those of the encoder"
            f" {encoder.name!r} have others; give `encoder`, the model that embedded the sentences."
        )
    sentences = features.whole.table("articles", ["article_id", "n_sentences"])
    sizes = sentences.set_index("article_id")["n_sentences"]
    for claim in given:
        for article, sentence in claim.told.items():
            if article not in sizes.index:
                raise FeaturesError(
                    f"{features.corpus}: the claim {claim.name!r} points to the article"
                    f" {article!r}, which is not there; see article_id in metadata.csv."
                )
            if not 0 <= sentence < sizes[article]:
                raise FeaturesError(
                    f"{features.corpus}: the claim {claim.name!r} points to sentence {sentence} of"
                    f" {article!r}, which has the sentences 0 to {sizes[article] - 1}."
                )
    return ()


def _topics(features: Features, cells: pd.DataFrame) -> pd.DataFrame:
    """What claims are about: frames and actors that half of their sentences have, and voices."""
    told = cells[cells["answer"] == "tells"]
    keys = ["article_id", "sentence"]
    hits = features.table("hits", [*keys, "entry", "kind"])
    hits = hits[hits["kind"] == "frame"].rename(columns={"entry": "name"})
    mentions = features.table("mentions", [*keys, "actor"]).rename(columns={"actor": "name"})
    mentions = mentions.assign(kind="actor")
    about = pd.concat([hits, mentions])[["kind", "name", *keys]].drop_duplicates()
    about = about.astype({"sentence": "Int64"})
    there = told[["claim", *keys]].astype({"sentence": "Int64"}).merge(about, on=keys)
    voices = told[["claim", "voice"]].rename(columns={"voice": "name"}).assign(kind="voice")
    n = told.groupby("claim").size()
    found = pd.concat([there[["claim", "kind", "name"]], voices])
    counted = found.groupby(["claim", "kind", "name"]).size().rename("n").reset_index()
    half = counted["n"].to_numpy(float) * 2 >= n.reindex(counted["claim"]).to_numpy(float)
    return counted.loc[half, ["claim", "kind", "name"]].reset_index(drop=True)


def _differing(features: Features, cells: pd.DataFrame) -> pd.DataFrame:
    """Disagreements whose two values stand in sentences that tell one claim."""
    found = disagreements(features).table if features.has("values") else None
    if found is None:
        return pd.DataFrame(columns=["claim"])
    told = cells.loc[cells["answer"] == "tells", ["claim", "article_id", "sentence"]]
    told = told.astype({"sentence": int})
    for side in "ab":
        on = told.rename(columns={"article_id": side, "sentence": f"{side}_sentence"})
        keys = [side, f"{side}_sentence", *["claim"] * ("claim" in found)]
        found = found.merge(on, on=keys)
    return found[["claim", *(c for c in found if c != "claim")]]


def _make(shipment: Shipment) -> dict[str, pd.DataFrame]:
    told = shipment.measure("story")
    if told.params["claims"] == "given":
        return {}
    cells = told.table.drop(
        columns=list(OFFSETS)
    )  # where in the text sentences stand does not ship
    cells = cells.assign(speaker=cells["speaker"].fillna("").map(first_words))
    differ = told.disagreements[[c for c in _DIFFER if c in told.disagreements]]
    topics = _topics(shipment.features, told.table)
    return dict(zip(SHIPS.tables, (cells, told.claims, topics, differ)))


_DIFFER = ["claim", "kind", "a", "b", "a_value", "b_value", "a_sentence", "b_sentence", "score"]
SHIPS = Ships(("story_cells", "story_claims", "story_topics", "story_disagreements"), _make)
