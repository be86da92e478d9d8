"""The words of each voice: who says what is quoted or reported, by article and sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, hstack
from scipy.stats import norm, t

from analysis.features import Features
from analysis.inference import generator, one_hot, resample
from analysis.reuse.naming import Known
from analysis.text.lists import english_words
from analysis.text.outlets import Names, listed_name
from analysis.text.tokens import words_of
from analysis.tl._persons import Persons
from analysis.views import OFFSETS, article_credits, spoken, with_missing

KEYS = ["voice", "speaker", "actor"]
SUMS = ["n_direct", "n_reported", "direct_words", "reported_words", "words"]
SHARES = ["share", "low", "high", "voice_share", "voice_low", "voice_high"]
TABLE = ["group", *KEYS, *SUMS, "n_credits", *SHARES, "n_words", "n_sentences", "n_articles"]
TABLE += ["unnamed", "description"]
ATTITUDES = ["group", "voice", "speaker", "kind"]
NO_SOURCES = ("photo", "rights")  # kinds of credits that name no source of a text
_LONGEST = 6  # words of a name or description in a table
_CELLS = 4_000_000  # units times draws that are resampled at a time
_PERCENTILES = 10  # of fewer units the bounds are those of t
_SMALL = english_words("anybody", "determiners")  # capital only where a sentence begins
_PIECES = frozenset("report story article account piece dispatch poll".split())
NOBODY = frozenset("he she it they we i you his her their who".split())  # of nobody found


@dataclass(frozen=True)
class Voiced:
    """Words of voices in units that are resampled.

    Attributes
    ----------
    units : DataFrame
        article_id, n_words and n_sentences of each: sentences, or articles where that is all that
        ships.
    words : csr_array of shape (n_units, n_voices)
    voices : DataFrame
        KEYS of each column of `words`.
    sums : DataFrame
        article_id, `voice_of` (the row of `voices`) and SUMS.
    """

    units: pd.DataFrame
    words: csr_array
    voices: pd.DataFrame
    sums: pd.DataFrame


def placed_quotes(features: Features, sentences: pd.DataFrame) -> pd.DataFrame:
    """Quotations and statements with sentence, and `first`: their place in the corpus."""
    quotes = with_missing(spoken(features.table("quotes")), OFFSETS)
    begins = sentences["n_tokens"].cumsum() - sentences["n_tokens"]
    article_begins = begins.groupby(sentences["article_id"]).first()
    quotes["first"] = quotes["position"] + article_begins.reindex(quotes["article_id"]).to_numpy()
    if "sentence" not in quotes:
        place = np.searchsorted(begins, quotes["first"], side="right") - 1
        quotes["sentence"] = sentences["sentence"].to_numpy()[place]
    return quotes


def attitudes(features: Features, group_of: dict[str, str]) -> pd.DataFrame:
    """How much each voice of a group is said to think, want or show; nothing in the shared form."""
    quotes = features.table("quotes")
    if "kind" not in quotes:
        return pd.DataFrame(columns=[*ATTITUDES, "count", "words"])
    held = quotes[(quotes["kind"] != "speech") & ~quotes["direct"]].reset_index(drop=True)
    held = with_speakers(held, features.codebook("actors"))
    held = held.assign(group=held["article_id"].map(group_of)).dropna(subset="group")
    found = held.groupby(ATTITUDES)["n_words"].agg(["size", "sum"]).reset_index()
    found = found.rename(columns={"size": "count", "sum": "words"})
    return found.sort_values(
        ["group", "words", "speaker"], ascending=[True, False, True]
    ).reset_index(drop=True)


def with_speakers(quotes: pd.DataFrame, actors: dict) -> pd.DataFrame:
    """Quotations with speakers as the tables name them, the kind of voice, and the actor.

    An actor of the codebook bears its name there, however it is spelt and whether or not the text
    names it ("the authority").
    """
    said = quotes["speaker"]
    found = ~said.map(str.casefold).isin(NOBODY | {""})
    persons = Persons(said[~quotes["unnamed"] & (said != "")], actors)
    aliases = {name: persons.alias(name) for name in said.unique()}
    unnamed = quotes["unnamed"] & (said.map(aliases.__getitem__) == "")
    known = found & ~unnamed
    speaker = said.where(~known, said.map(persons.fullest)).where(found, "")
    media = {name: _medium(name) for name in speaker.unique()}
    medium = speaker.map(media.__getitem__)
    listed = medium != ""
    of = {name: persons.actor(name) for name in speaker[known].unique()}
    actor = pd.Series([of[name] if ok else "" for name, ok in zip(speaker, known)], said.index)
    speaker = speaker.where(~listed, medium)
    shown = speaker.map(lambda name: " ".join(name.split()[:_LONGEST]))
    # a description begins a sentence or does not: "Two officials" are "two officials"
    small = shown.map(lambda name: name.partition(" ")[0].casefold() in _SMALL).astype(bool)
    lowered = shown.map(lambda name: name[:1].lower() + name[1:])
    shown = shown.where(known | listed | ~small, lowered)
    own = {key: about["name"] for key, about in actors.items()}
    return quotes.assign(
        speaker=actor.map(own).where(actor != "", shown),
        voice=np.select(
            [actor != "", listed, known, found],
            ["named", "media", "named", "unnamed"],
            "unattributed",
        ),
        actor=actor,
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


def voiced_sentences(quotes: pd.DataFrame, sentences: pd.DataFrame) -> Voiced:
    """The words of each voice in each sentence; quotations as `with_speakers` gives them."""
    # a word is that of the innermost quotation, and quotations stand within reported statements
    quotes = quotes.sort_values("direct", kind="stable")
    owner = np.full(sentences["n_tokens"].sum(), -1)
    for row, (first, n) in enumerate(zip(quotes["first"], quotes["n_words"])):
        owner[first : first + n] = row
    owned = np.flatnonzero(owner >= 0)
    words = np.bincount(owner[owned], minlength=len(quotes))
    direct = quotes["direct"].to_numpy(bool)
    sums = [direct, ~direct, words * direct, words * ~direct, words]
    voices = quotes[KEYS].drop_duplicates(ignore_index=True)
    voice_of = pd.MultiIndex.from_frame(voices).get_indexer(pd.MultiIndex.from_frame(quotes[KEYS]))
    counted = pd.DataFrame({c: np.array(v, np.int64) for c, v in zip(SUMS, sums)})
    counted = counted.assign(article_id=quotes["article_id"].to_numpy(), voice_of=voice_of)
    sentence = np.repeat(np.arange(len(sentences)), sentences["n_tokens"])[owned]
    shape = len(sentences), len(voices)
    matrix = csr_array((np.ones(len(owned)), (sentence, voice_of[owner[owned]])), shape=shape)
    units = sentences[["article_id", "n_tokens"]].rename(columns={"n_tokens": "n_words"})
    return Voiced(units.assign(n_sentences=1), matrix, voices, _summed(counted, "article_id"))


def voiced_articles(table: pd.DataFrame) -> Voiced:
    """The same of a table of voices by article, as it ships."""
    units = table.drop_duplicates("group")[["group", "n_words", "n_sentences"]]
    units = units.rename(columns={"group": "article_id"}).reset_index(drop=True)
    spoken = table[(table["voice"] != "outlet") & (table["n_direct"] + table["n_reported"] > 0)]
    voices = spoken[KEYS].drop_duplicates(ignore_index=True)
    voice_of = pd.MultiIndex.from_frame(voices).get_indexer(pd.MultiIndex.from_frame(spoken[KEYS]))
    sums = spoken[SUMS].assign(article_id=spoken["group"], voice_of=voice_of)
    row = pd.Index(units["article_id"]).get_indexer(spoken["group"])
    shape = len(units), len(voices)
    words = csr_array((spoken["words"].to_numpy(float), (row, voice_of)), shape=shape)
    return Voiced(units, words, voices, sums.reset_index(drop=True))


def _summed(sums: pd.DataFrame, key: str) -> pd.DataFrame:
    return sums.groupby([key, "voice_of"], sort=False)[SUMS].sum().reset_index()


def voices_table(
    voiced: Voiced,
    group_of: dict[str, str],
    groups: list[str],
    credits: pd.DataFrame,
    *,
    draws: int,
    level: float,
    seed: int,
) -> pd.DataFrame:
    """The outlet and the voices of each group, with shares and their intervals."""
    place = {name: g for g, name in enumerate(groups)}
    sums = _of_groups(voiced, group_of)
    own_of = sums.groupby("group", sort=False).indices
    columns = {c: sums[c].to_numpy(object) for c in KEYS}
    columns |= {c: sums[c].to_numpy(np.int64) for c in [*SUMS, "n_articles"]}
    credited = _credited_media(credits)
    code, articles = pd.factorize(voiced.units["article_id"])
    group = np.array([place.get(group_of.get(a, ""), -1) for a in articles], np.int64)
    by_article = csr_array(one_hot(code, len(articles)) @ voiced.words)
    total = voiced.units["n_words"].to_numpy(float)
    total_of_articles = np.bincount(code, total, len(articles))
    n_sentences = voiced.units["n_sentences"].to_numpy()
    inside, mine = _places(group[code], len(groups)), _places(group, len(groups))
    column = sums["voice_of"].to_numpy()
    parts = []
    for g, name in enumerate(groups):
        own = own_of.get(name, np.empty(0, np.int64))
        several = len(mine[g]) > 1
        words = by_article[mine[g]] if several else voiced.words[inside[g]]
        below = total_of_articles[mine[g]] if several else total[inside[g]]
        rng = generator(seed, "sources", name)
        part = _with_outlet({c: values[own] for c, values in columns.items()}, below)
        part |= _shares(words[:, column[own]], below, draws, level, rng)
        media = credited.get(name, {})
        heard = zip(part["voice"], part["speaker"])
        times = [media[who][0] if kind == "media" and who in media else 0 for kind, who in heard]
        part["n_credits"] = np.array(times, np.int64)
        part = _with_silent(part, media)
        size = len(part["words"])
        part["group"] = np.full(size, name, object)
        part["n_words"] = np.full(size, int(below.sum()))
        part["n_sentences"] = np.full(size, int(n_sentences[inside[g]].sum()))
        parts.append(part)
    if not parts:
        return pd.DataFrame(columns=TABLE).astype({"unnamed": bool})
    table = pd.DataFrame({c: np.concatenate([part[c] for part in parts]) for c in parts[0]})
    table["unnamed"] = table["voice"] == "unnamed"
    table["description"] = table["speaker"].where(table["unnamed"], "")
    return table[TABLE].astype(dict.fromkeys(["group", *KEYS, "description"], str))


def _of_groups(voiced: Voiced, group_of: dict[str, str]) -> pd.DataFrame:
    """Each voice of each group with its sums and articles, those with most words first."""
    sums = voiced.sums.assign(group=voiced.sums["article_id"].map(group_of))
    n_articles = sums.groupby(["group", "voice_of"])["article_id"].nunique().rename("n_articles")
    sums = _summed(sums.dropna(subset="group"), "group")
    sums = sums.join(n_articles, on=["group", "voice_of"]).join(voiced.voices, on="voice_of")
    order, ascending = ["words", "n_direct", "voice", "speaker"], [False, False, True, True]
    return sums.sort_values(order, ascending=ascending, kind="stable", ignore_index=True)


def _places(code: np.ndarray, n: int) -> list[np.ndarray]:
    """Where each number stands."""
    order = np.argsort(code, kind="stable")
    edges = np.searchsorted(code[order], np.arange(n + 1))
    return [order[a:b] for a, b in zip(edges[:-1], edges[1:])]


def _with_outlet(own: dict[str, np.ndarray], below: np.ndarray) -> dict[str, np.ndarray]:
    """The voices of a group behind its outlet, which has the words of nobody else."""
    first = {"voice": "outlet", "speaker": "", "actor": "", **dict.fromkeys(SUMS, 0)}
    first |= {"words": int(below.sum() - own["words"].sum()), "n_articles": 0}
    return {
        c: np.concatenate([np.array([v], object if isinstance(v, str) else np.int64), own[c]])
        for c, v in first.items()
    }


def _shares(
    words: csr_array, below: np.ndarray, draws: int, level: float, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Shares of all words, and of the words of voices, with bounds; the outlet's come first."""
    voiced = np.asarray(words.sum(axis=1)).ravel()
    above = csr_array(hstack([csr_array((below - voiced)[:, None]), words], format="csr"))
    bounds = _intervals(above, below, voiced, draws, level, rng)
    sums = np.asarray(above.sum(axis=0)).ravel()
    with np.errstate(invalid="ignore", divide="ignore"):
        share, of_voices = sums / below.sum(), sums / voiced.sum()
    columns = [share, *bounds[:2], of_voices, *bounds[2:]]
    for column in columns[3:]:  # the outlet has no share of the others' words
        column[0] = np.nan
    return dict(zip(SHARES, columns))


def _intervals(
    above: csr_array,
    below: np.ndarray,
    voiced: np.ndarray,
    draws: int,
    level: float,
    rng: np.random.Generator,
) -> list[np.ndarray]:
    """Bounds of shares of both wholes, as wide as in `compare_groups`; NaN of a single unit."""
    wholes = np.column_stack([below, voiced])
    n_units = (wholes > 0).sum(axis=0)
    nothing = [np.full(above.shape[1], np.nan) for _ in range(4)]
    if n_units[0] < 2:
        return nothing
    size = max(1, _CELLS // len(below))
    sums, under = [], []
    for first in range(0, draws, size):
        times = resample(len(below), min(size, draws - first), rng)
        sums.append(times @ above)
        under.append(times @ wholes)
    drawn, wholes_drawn = np.concatenate(sums), np.concatenate(under)
    bounds = []
    for j, n in enumerate(n_units.tolist()):
        if n < 2:
            bounds += nothing[:2]
            continue
        with np.errstate(invalid="ignore", divide="ignore"):
            samples = drawn / wholes_drawn[:, j, None]
        samples = samples[wholes_drawn[:, j] > 0]
        wider, reach = np.sqrt(n / (n - 1)), t.isf((1 - level) / 2, n - 1)
        if n < _PERCENTILES:
            share = np.asarray(above.sum(axis=0)).ravel() / wholes[:, j].sum()
            half = wider * reach * samples.std(axis=0)
            bounds += [np.clip(share - half, 0, 1), np.clip(share + half, 0, 1)]
            continue
        tail = norm.sf(wider * reach)
        bounds += list(np.quantile(samples, [tail, 1 - tail], axis=0))
    return bounds


def _credited_media(credits: pd.DataFrame) -> dict[str, dict[str, tuple[int, int]]]:
    """By group and medium its credits and articles, those with most credits first."""
    media = credits.groupby(["group", "name"]).agg(n=("count", "sum"), a=("article_id", "nunique"))
    media = media.sort_values("n", ascending=False, kind="stable").reset_index()
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for group, name, n, a in media.itertuples(index=False):
        found.setdefault(group, {})[name] = n, a
    return found


def _with_silent(
    part: dict[str, np.ndarray], media: dict[str, tuple[int, int]]
) -> dict[str, np.ndarray]:
    """The voices, and behind them media that are credited and say nothing."""
    speaking = set(part["speaker"][part["voice"] == "media"])
    silent = [(name, *numbers) for name, numbers in media.items() if name not in speaking]
    if not silent:
        return part
    names, n_credits, n_articles = zip(*silent)
    more = {
        "voice": np.full(len(silent), "media", object),
        "speaker": np.array(names, object),
        "actor": np.full(len(silent), "", object),
        "n_credits": np.array(n_credits, np.int64),
        "n_articles": np.array(n_articles, np.int64),
    }
    zeros = {c: np.zeros(len(silent), part[c].dtype) for c in part if c not in more}
    return {c: np.concatenate([part[c], (more | zeros)[c]]) for c in part}


def source_credits(features: Features) -> pd.DataFrame:
    """Credits of media as sources: of others than the article's own outlet, and not of photos.

    article_id, kind, name, count.
    """
    credits = article_credits(features)
    articles = features.table("articles", ["article_id", "outlet", "author"])
    known = Known(articles)
    place = pd.Index(articles["article_id"]).get_indexer(credits["article_id"])
    own = known.belongs(place, known.keys(credits["name"]))
    source = ~credits["kind"].isin(NO_SOURCES) & (credits["name"] != "")
    return credits[source & ~own].reset_index(drop=True)
