"""The cells of a story: of each claim and article what is answered, where, and in whose voice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import FeaturesError, OptionError
from analysis.features import Features
from analysis.models.encoder import Encoder, load_encoder
from analysis.tl._claim_rates import FEWEST_RATED, rates
from analysis.tl._claim_voices import ClaimVoices, VoiceTables
from analysis.tl._story_places import HEADLINE
from analysis.tl._story_units import (
    StoryUnits,
    articles_of_stories,
    check_embedded,
    of_several,
    units_by_story,
)
from analysis.tl._told import GivenClaim, answers, found_cells, given_cells
from analysis.tl.claims import CUT, ENGLISH_ONLY, Claims, discover
from analysis.tl.disagreements import disagreements
from analysis.views import ENGLISH, OFFSETS, in_language
from analysis.wording import listed

ANSWERS = ("tells", "unsure", "omits", "not judged")
_WHERE = ["sentence", *OFFSETS, "place", "down", "voice", "speaker", "denies"]
STORY_CELLS = ["story", "claim", "article_id", "answer", "p", "rate", *_WHERE]
CLAIMS = "story claim label judged n_tells n_unsure n_omits coherence".split()


def check_story(story: str, there: list[str]) -> None:
    if story not in there:
        shown = ", ".join(map(repr, there[:10])) or "none"
        raise OptionError(f"story must be one of {shown} (got {story!r:.80})")


def measured_cells(
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
        check_story(story, list(stories))
        stories = {story: stories[story]}
    units = units_by_story(readable, stories if given else of_several(stories))
    voices = VoiceTables(readable)
    encoder = encoder or load_encoder()
    if given:
        notes += _check_given(readable, units, given, encoder)
        parts = [_of_given(voices, *one, given, encoder) for one in units.items()]
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
            _of_found(voices, name, of, claims, encoder)
            for name, of in units.items()
            if name in told_in
        ] or [(pd.DataFrame(columns=STORY_CELLS), pd.DataFrame(columns=CLAIMS))]
    cells, about = (pd.concat(tables, ignore_index=True) for tables in zip(*parts))
    if given:
        cells, about = _where_told(cells, about)
        if strange := about.loc[~about["judged"], "claim"].tolist():
            notes += (
                "Not judged, as no sentence is like these words:"
                f" {listed(strange, 10)}; reword, or point out a sentence that tells it.",
            )
    asked = set(cells["story"])
    few = [name for name, ids in stories.items() if name in asked and len(ids) < FEWEST_RATED]
    if few:
        which = f" ({listed(few)})" * (few != [""])
        notes += (f"Of fewer than {FEWEST_RATED} articles of a story{which} no rates are known.",)
    enough = cells[~cells["story"].isin(few) & cells["answer"].isin(["tells", "omits"])]
    if len(enough) and enough["rate"].isna().all():
        notes += (
            "No rates are known of claims by the model that embedded the sentences: count them with"
            " `python -m benchmarks.story --fit`.",
        )
    topics = topics_of(readable, cells)
    return cells, about, topics, _differing(readable, cells), notes


def _of_given(
    voices: VoiceTables, story: str, units: StoryUnits, given: list[GivenClaim], encoder: Encoder
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
    cells = _cells(voices, story, units, found, words, "given", encoder)
    known = [key in pointed for key in zip(cells["claim"], cells["article_id"])]
    cells.loc[known, "rate"] = 0.0  # somebody has read it
    every = pd.DataFrame([(c.name, c.wording[0]) for c in given], columns=CLAIMS[1:3])
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
    voices: VoiceTables, story: str, units: StoryUnits, claims: Claims, encoder: Encoder
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
    cells = _cells(voices, story, units, found, words, "found", encoder)
    every = claims.table.loc[claims.table["claim"].isin(members), ["claim", "label", "coherence"]]
    return cells, _counted(story, every.assign(judged=True), cells)


def _cells(
    voices: VoiceTables,
    story: str,
    units: StoryUnits,
    found: pd.DataFrame,
    words: dict[str, np.ndarray],
    kind: str,
    encoder: Encoder,
) -> pd.DataFrame:
    """The columns of `Story.table`."""
    of_words = ClaimVoices(voices, units)
    about = units.table.iloc[found["unit"]].reset_index(drop=True)
    told = found["answer"].isin(["tells", "unsure"]).to_numpy()
    said = [
        of_words.of(unit, words[claim]) if is_told else ("", "", False)
        for unit, claim, is_told in zip(found["unit"], found["claim"], told)
    ]
    cells = about[["article_id", "sentence", *OFFSETS, "place", "down"]]
    heads = units.in_headline(found["unit"].to_numpy()) >= CUT
    place = cells["place"].where(~heads, HEADLINE).where(told, "")
    p = found["p"].to_numpy(float)
    known = len(units.articles) >= FEWEST_RATED
    rate = (
        rates(found["answer"].to_numpy(), p, kind, voices.encoder or encoder.digest)
        if known
        else np.nan
    )
    voice, speaker, denies = zip(*said) if said else ((), (), ())
    cells = cells.assign(story=story, claim=found["claim"].to_numpy(), p=p.round(4), rate=rate)
    cells = cells.assign(answer=found["answer"].to_numpy(), place=place, voice=voice)
    cells = cells.assign(speaker=speaker, denies=np.array(denies, bool))
    silent = [a for i, a in enumerate(units.articles) if i not in set(found["article"])]
    more = [(story, claim, a, "not judged") for claim in words for a in silent]
    more = pd.DataFrame(more, columns=STORY_CELLS[:4])
    return (
        pd.concat([cells, more], ignore_index=True)[STORY_CELLS]
        if len(more)
        else cells[STORY_CELLS]
    )


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
    if features.encoder and features.encoder != encoder.digest:
        raise FeaturesError(
            f"{features.where}: the sentences were embedded by another model than {encoder.name!r};"
            " give `encoder`, the model that embedded them, so that the claims are, too."
        )
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


def topics_of(features: Features, cells: pd.DataFrame) -> pd.DataFrame:
    """What claims are about: frames and actors that half of their sentences have, and voices."""
    told = cells[cells["answer"] == "tells"]
    keys = ["article_id", "sentence"]
    hits = features.table("hits", [*keys, "entry", "kind"])
    hits = hits[hits["kind"] == "frame"].rename(columns={"entry": "name"})
    mentions = features.table("mentions", [*keys, "actor"]).rename(columns={"actor": "name"})
    mentions = mentions.assign(kind="actor")
    about = pd.concat([hits, mentions])[["kind", "name", *keys]].drop_duplicates()
    about = about.astype({"sentence": "Int64"})
    of = ["story", "claim"]
    there = told[[*of, *keys]].astype({"sentence": "Int64"}).merge(about, on=keys)
    voices = told[[*of, "voice"]].rename(columns={"voice": "name"}).assign(kind="voice")
    topic = [*of, "kind", "name"]
    counted = pd.concat([there[topic], voices]).groupby(topic).size().rename("n").reset_index()
    counted = counted.merge(told.groupby(of).size().rename("n_told").reset_index(), on=of)
    half = counted["n"] * 2 >= counted["n_told"]
    return counted.loc[half, topic].reset_index(drop=True)


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
