"""Passages: stretches of words that two articles share."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral

import numpy as np
import pandas as pd

from analysis.errors import OptionError, choose
from analysis.features import PRIVATE, Features
from analysis.results import Result, at_least
from analysis.reuse.coverage import cover, shared
from analysis.reuse.engines import Dask, Local
from analysis.reuse.families import families
from analysis.reuse.kinds import KINDS, rewritten_passages, similarity
from analysis.reuse.marks import CREDITED, MARKS, mark
from analysis.reuse.seeds import BOILERPLATE, MANY
from analysis.reuse.sources import SHIPPED_N, Tokens, outlet_codes
from analysis.reuse.stages import CHARACTERS, Options, find_passages
from analysis.reuse.store import Columns
from analysis.views import article_credits, origin, publication_days, quoted_mask, word_sums

MOSTLY = 0.5  # share of a passage's words in quotation marks; "she said" between two quotations belongs to a passage too
PLACES = ("a_position", "a_words", "b_position", "b_words")
FLAGS = {BOILERPLATE: "boilerplate", MANY: "many"}


@dataclass(frozen=True, eq=False, repr=False)
class Reuse(Result):
    """Passages that two articles share.

    Attributes
    ----------
    table : DataFrame
        passage, kind ("verbatim", "rewritten", "summarised"), a, b (articles, in the order of the
        metadata), a_position, a_words, b_position, b_words (first word and length in words on
        either side), n_matching (equal words; where rewritten, words that have their like in the
        other's stretch), identity (n_matching by the longer side), similarity (the same; of a
        summary, n_matching by the words of the summary), score (of what is not verbatim, its
        natural log-odds against chance), meaning (cosine of what the sentences mean where that
        alone made it a passage), boilerplate (most of it recurs in at least 5 articles of one of
        the two outlets), many (most of it stands in at least 10 articles), a_quoted, b_quoted
        (share of its words that stand inside quotation marks), quoted (at least half on both
        sides), a_start, a_end, b_start, b_end (characters; empty where only the shared form was
        there); and how either article presents the words: see `analysis.reuse.marks.mark`. A
        verbatim passage may lie inside a rewritten one.
    pairs : DataFrame
        a, b, n_passages, a_shared, b_shared (words of either in verbatim passages), a_share,
        b_share, a_rewritten, b_rewritten (words in rewritten or summarised ones only).
    articles : DataFrame
        article_id, n_words, own, quoted, shared, shared_quoted (in verbatim passages), rewritten
        (in others, and not quoted): every word is counted in just one of the five; shared_credited,
        rewritten_credited: those of the shared and rewritten ones that the article credits to an
        outlet, an agency or the other's author; boilerplate: words in passages so flagged, counted
        among the shared too; credits: the agencies and outlets that it credits.
    families : DataFrame
        See `analysis.reuse.families.families`.
    sentences : DataFrame
        The pairs of sentences that made each passage that is not verbatim: passage, a_sentence,
        b_sentence, similarity (cosine of their words).
    """

    pairs: pd.DataFrame
    articles: pd.DataFrame
    families: pd.DataFrame
    sentences: pd.DataFrame


def reuse(
    features: Features,
    *,
    n: int = 5,
    min_words: int = 8,
    max_gap: int = 3,
    across_outlets: bool = False,
    within_days: float | None = None,
    max_articles: int | None = 50,
    family_share: float = 0.5,
    kinds: tuple[str, ...] = KINDS,
    memory_limit: int | str | None = None,
    engine: Local | Dask | None = None,
) -> Reuse:
    """Find passages that articles share: equal words, with small changes among them.

    Every pair of articles that shares a run of `n` equal words is looked at. From the run the
    passage grows to both sides: over words changed, put in or left out, as long as more equal words
    than such differences follow, and at most `max_gap` more differences than equal words are
    passed. It ends at equal words, and is a passage if it holds at least `min_words` of them. Words
    are compared without case and punctuation. Who had it from whom is not said: the same passage
    may come from a third.

    Rewritten and summarised passages are found by `analysis.reuse.rewrites.find_rewrites`, in pairs
    of articles that share a verbatim passage or rare words in several sentences.

    Parameters
    ----------
    features : Features
        Either form. The private one reads `tokens`, and `vectors` if there are. The shared one
        takes the owner's passages, shipped in `results`, if the options are the defaults; else it
        reads `ngrams`, in which words count as equal only within runs of five, so that passages
        with changed words come out shorter.
    n : int
        Words of the shortest run from which a passage grows; the shared form holds runs of 5, so it
        allows 5 or more.
    min_words : int
    max_gap : int
    across_outlets : bool
        Whether only articles of different outlets are compared; an unknown outlet differs from
        every other.
    within_days : float, optional
        Compare only articles published at most so many days apart; an article without a date is
        compared with all.
    max_articles : int, optional
        What stands in more articles than this is listed between each article and the next that has
        it, not for every pair of them, which would be their square; None for no limit. (A passage
        that has a rarer run of `n` words too is listed for every pair.)
    family_share : float
        Share of the shorter article that two articles must have in common to be of one family.
    kinds : tuple of str
        Which kinds of passages: of "verbatim", "rewritten" and "summarised". The last two hold all
        words in memory and take some milliseconds for each pair of articles looked at: for an
        archive of many thousands give ``kinds=("verbatim",)``, or `within_days`. From shared
        features they come only as the owner's.
    memory_limit : int or str, optional
        Bytes, or such as "400MB", above what the process holds already; short for
        ``engine=Local(memory_limit)``. It holds for the search of verbatim passages: give
        ``kinds=("verbatim",)`` too where all of it must be kept.
    engine : Local or Dask, optional
        Who runs it: see `analysis.reuse.engines`. The passages are the same with any.

    Returns
    -------
    Reuse

    Raises
    ------
    OptionError
        If an option has a value that is not allowed.
    EngineError
        If a part of a spilled or distributed run was lost on the way.

    Examples
    --------
    >>> find_reuse(load("amnesty2024").features, min_words=12).pairs  # doctest: +SKIP
    """
    options = _options(features, n, min_words, max_gap, across_outlets, within_days, max_articles)
    at_least("family_share", family_share, 0)
    if memory_limit is not None and engine is not None:
        raise OptionError(
            "memory_limit and engine were given; give the limit to the engine, such as"
            ' engine=Local(memory_limit="400MB").'
        )
    if engine is not None and not hasattr(engine, "open"):
        raise OptionError(
            f"engine={engine!r} was given; allowed are Local(...) and Dask(client, ...) of"
            " analysis.reuse."
        )
    kinds = tuple(kinds) if not isinstance(kinds, str) else (kinds,)
    for kind in kinds:
        choose("kinds", kind, KINDS)
    articles = features.table("articles")
    outlets, days = outlet_codes(articles["outlet"]), publication_days(articles)
    params = {
        "n": options.n,
        "min_words": options.min_words,
        "max_gap": options.max_gap,
        "across_outlets": across_outlets,
        "within_days": within_days if within_days is None else float(within_days),
        "max_articles": options.max_articles or None,
        "family_share": float(family_share),
        "kinds": kinds,
        **origin(features),
    }
    rewritten, seeds = {}, None
    if (
        features.form != PRIVATE
        and features.has_result("passages")
        and options == Options(width=SHIPPED_N)
    ):
        found, rewritten, seeds = _shipped(features, articles, kinds)
        params["measured_on"] = "results"
    else:
        found, _ = find_passages(
            Tokens(features, outlets, days), options, engine or Local(memory_limit)
        )
        if features.form == PRIVATE and set(kinds) - {"verbatim"}:
            rewritten, seeds = rewritten_passages(features, found, outlets, days, options, kinds)
    return _result(found, rewritten, seeds, features, articles, params)


def _options(features, n, min_words, max_gap, across_outlets, within_days, max_articles) -> Options:
    if max_articles == 0:
        at_least("max_articles", max_articles, 2)  # no limit is None here
    choose("across_outlets", across_outlets, (True, False))
    if features.form != PRIVATE and isinstance(n, Integral) and n < SHIPPED_N:
        raise OptionError(
            f"n={n} was given; the shared form holds runs of {SHIPPED_N} words, so allowed are"
            f" {SHIPPED_N} and more."
        )
    return Options(
        n,
        1 if features.form == PRIVATE else SHIPPED_N,
        min_words,
        max_gap,
        across_outlets,
        np.inf if within_days is None else within_days,
        max_articles or 0,
    )


def flag_names(flags: np.ndarray) -> np.ndarray:
    """Flags of passages as words, several with commas between them."""
    names = [
        ",".join(name for bit, name in FLAGS.items() if value & bit)
        for value in range(sum(FLAGS) + 1)
    ]
    return np.array(names, dtype=object)[flags]


def _result(
    found: Columns,
    rewritten: Columns,
    seeds: Columns | None,
    features: Features,
    articles: pd.DataFrame,
    params: dict,
) -> Reuse:
    ids = articles["article_id"].to_numpy(dtype=object)
    bounds = np.r_[0, np.cumsum(articles["n_tokens"].to_numpy(np.int64))]
    quoted = quoted_mask(features, bounds)
    listed = (
        found
        if "verbatim" in params["kinds"]
        else {name: values[:0] for name, values in found.items()}
    )
    every, first = _together(listed, rewritten)
    kind = np.array(KINDS, dtype=object)[every["kind"]]
    columns: dict[str, object] = {"passage": np.arange(1, len(kind) + 1), "kind": kind}
    columns |= {side: ids[every[side]] for side in "ab"}
    columns |= {name: every[name].astype(np.int64) for name in (*PLACES, "n_matching")}
    columns["identity"] = every["n_matching"] / np.maximum(every["a_words"], every["b_words"])
    columns |= {
        "similarity": similarity(every),
        "score": every["score"],
        "meaning": every["meaning"],
    }
    columns |= {name: every["flags"] & bit > 0 for bit, name in FLAGS.items()}
    begins = {side: bounds[every[side]] + every[f"{side}_position"] for side in "ab"}
    count = np.r_[0, np.cumsum(quoted, dtype=np.int64)]
    for side in "ab":
        columns[f"{side}_quoted"] = (
            count[begins[side] + every[f"{side}_words"]] - count[begins[side]]
        ) / every[f"{side}_words"]
    columns["quoted"] = np.minimum(columns["a_quoted"], columns["b_quoted"]) >= MOSTLY
    unknown = params["measured_on"] == "shared features"
    columns |= {
        name: pd.array([pd.NA] * len(kind) if unknown else every[name], "Int64")
        for name in CHARACTERS
    }
    table = pd.DataFrame(columns)
    marks = mark(features, table)
    if params["measured_on"] == "results":
        owners = features.result("passages")
        owners = owners[owners["kind"].isin(params["kinds"])]
        marks = marks.assign(**{name: owners[name].to_numpy() for name in MARKS})
    table = table.join(marks)
    masks = {
        name: np.zeros(bounds[-1], bool)
        for name in ("shared", "boilerplate", "rewritten", "credited")
    }
    verbatim = every["kind"] == 0
    for side in "ab":
        for name, rows in (
            ("shared", verbatim),
            ("boilerplate", columns["boilerplate"] & verbatim),
            ("rewritten", ~verbatim),
            ("credited", table[f"{side}_mark"].isin(CREDITED).to_numpy()),
        ):
            cover(masks[name], begins[side][rows], (begins[side] + every[f"{side}_words"])[rows])
    masks["rewritten"] &= ~masks["shared"] & ~quoted
    per_article = pd.DataFrame(
        {
            "article_id": articles["article_id"],
            "n_words": np.diff(bounds),
            "own": word_sums(~masks["shared"] & ~quoted & ~masks["rewritten"], bounds),
            "quoted": word_sums(~masks["shared"] & quoted, bounds),
            "shared": word_sums(masks["shared"] & ~quoted, bounds),
            "shared_quoted": word_sums(masks["shared"] & quoted, bounds),
            "rewritten": word_sums(masks["rewritten"], bounds),
            "shared_credited": word_sums(masks["shared"] & ~quoted & masks["credited"], bounds),
            "rewritten_credited": word_sums(masks["rewritten"] & masks["credited"], bounds),
            "boilerplate": word_sums(masks["boilerplate"], bounds),
        }
    )
    credited = (
        article_credits(features)
        .groupby("article_id", sort=False)["name"]
        .agg(lambda names: ", ".join(dict.fromkeys(filter(None, names))))
    )
    per_article["credits"] = [credited.get(article, "") for article in articles["article_id"]]
    kin = families(found, articles, share=params["family_share"])
    pairs = _pairs(every, ids, articles["n_tokens"].to_numpy(np.int64))
    return Reuse(table, params, pairs, per_article, kin, _sentences(seeds, first))


def _together(found: Columns, rewritten: Columns) -> tuple[Columns, np.ndarray]:
    """All kinds of passages in the order of the pairs of articles, and where each of the rewritten
    ones stands among them.
    """
    n, m = len(found["a"]), len(rewritten["a"]) if rewritten else 0
    every = {
        name: np.r_[values, rewritten[name]] if m else values for name, values in found.items()
    }
    for name, blank in (("kind", 0), ("score", np.nan), ("meaning", np.nan)):
        every[name] = np.r_[
            np.full(n, blank), rewritten[name] if m else np.empty(0, np.asarray(blank).dtype)
        ]
    order = np.lexsort([every[name] for name in ("b_position", "a_position", "kind", "b", "a")])
    place = np.empty(n + m, np.int64)
    place[order] = np.arange(n + m)
    return {name: values[order] for name, values in every.items()}, place[n:]


def _sentences(seeds: Columns | None, places: np.ndarray) -> pd.DataFrame:
    seeds = seeds or {
        "passage": np.empty(0, int),
        "a_sentence": np.empty(0, int),
        "b_sentence": np.empty(0, int),
        "similarity": np.empty(0),
    }
    table = pd.DataFrame(seeds | {"passage": places[seeds["passage"]] + 1})
    return table.sort_values(["passage", "a_sentence", "b_sentence"], ignore_index=True)


def _pairs(every: Columns, ids: np.ndarray, sizes: np.ndarray) -> pd.DataFrame:
    key = every["a"].astype(np.int64) << 32 | every["b"]
    keys, n_passages = np.unique(key, return_counts=True)
    a, b = keys >> 32, keys & 0xFFFFFFFF
    words = {
        (side, name): np.zeros(len(keys), np.int64) for side in "ab" for name in ("shared", "all")
    }
    for side in "ab":
        for name, rows in (("shared", every["kind"] == 0), ("all", np.ones(len(key), bool))):
            words[side, name][np.isin(keys, key[rows])] = shared(
                key[rows], every[f"{side}_position"][rows], every[f"{side}_words"][rows]
            )
    return pd.DataFrame(
        {
            "a": ids[a],
            "b": ids[b],
            "n_passages": n_passages,
            "a_shared": words["a", "shared"],
            "b_shared": words["b", "shared"],
            "a_share": words["a", "shared"] / sizes[a],
            "b_share": words["b", "shared"] / sizes[b],
            "a_rewritten": words["a", "all"] - words["a", "shared"],
            "b_rewritten": words["b", "all"] - words["b", "shared"],
        }
    )


def _shipped(
    features: Features, articles: pd.DataFrame, kinds: tuple[str, ...]
) -> tuple[Columns, Columns, Columns]:
    """The owner's passages as arrays: verbatim ones, others of the kinds wanted, and the pairs of
    sentences that made those.
    """
    table = features.result("passages")
    places = pd.Index(articles["article_id"])
    every = {side: places.get_indexer(table[side]).astype(np.int32) for side in "ab"}
    every |= {name: table[name].to_numpy(np.int32) for name in (*PLACES, "n_matching", *CHARACTERS)}
    every["flags"] = np.asarray(
        sum(np.where(table[name], bit, 0) for bit, name in FLAGS.items()), np.int32
    )
    kind = table["kind"].to_numpy(dtype=object)
    others = (kind != "verbatim") & np.isin(kind, kinds)
    rewritten = {name: values[others] for name, values in every.items()}
    rewritten |= {"kind": np.array([KINDS.index(k) for k in kind[others]], np.int32)} | {
        name: table[name].to_numpy()[others] for name in ("score", "meaning")
    }
    number = np.full(len(table) + 1, -1)
    number[table["passage"].to_numpy()[others]] = np.arange(others.sum())
    seeds = features.result("passage_sentences")
    of = number[seeds["passage"]]
    return (
        {name: values[kind == "verbatim"] for name, values in every.items()},
        rewritten,
        {
            name: np.asarray(values)[of >= 0]
            for name, values in (dict(seeds) | {"passage": of}).items()
        },
    )
