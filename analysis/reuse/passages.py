"""Passages: stretches of words that two articles share."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral

import numpy as np
import pandas as pd

from ..errors import OptionError, choose
from ..features import PRIVATE, Features
from ..results import Result, at_least
from ..views import article_credits, origin, quoted_mask, word_sums
from .coverage import cover, shared
from .engines import Dask, Local
from .families import families
from .seeds import BOILERPLATE, MANY
from .sources import SHIPPED_N, Tokens, outlet_codes
from .stages import CHARACTERS, Options, find_passages
from .store import Columns

MOSTLY = 0.5  # share of a passage's words in quotation marks; "she said" between two quotations belongs to a passage too
FLAGS = {BOILERPLATE: "boilerplate", MANY: "many"}


@dataclass(frozen=True, eq=False, repr=False)
class Reuse(Result):
    """Passages that two articles share.

    Attributes
    ----------
    table : DataFrame
        passage, a, b (articles, in the order of the metadata), a_position, a_words, b_position, b_words (first word
        and length in words on either side), n_matching (equal words), identity (n_matching by the longer side),
        boilerplate (most of it recurs in at least 5 articles of one of the two outlets), many (most of it stands in at least 10
        articles), a_quoted, b_quoted (share of its words that stand inside quotation marks), quoted (at least half on both
        sides), a_start, a_end, b_start, b_end (characters; empty where only the shared form was there).
    pairs : DataFrame
        a, b, n_passages, a_shared, b_shared (words of either in shared passages), a_share, b_share.
    articles : DataFrame
        article_id, n_words, own, quoted, shared, shared_quoted: every word is counted in just one of the four; boilerplate:
        words in passages so flagged, counted among the shared too; credits: the agencies and outlets that it credits.
    families : DataFrame
        See `analysis.reuse.families.families`.
    """

    pairs: pd.DataFrame
    articles: pd.DataFrame
    families: pd.DataFrame


def find_reuse(features: Features, *, n: int = 5, min_words: int = 8, max_gap: int = 3, across_outlets: bool = False,
               within_days: float | None = None, max_articles: int | None = 50, family_share: float = 0.5,
               memory_limit: int | str | None = None, engine: Local | Dask | None = None) -> Reuse:
    """Find passages that articles share: equal words, with small changes among them.

    Every pair of articles that shares a run of `n` equal words is looked at. From the run the passage grows to both sides:
    over words changed, put in or left out, as long as more equal words than such differences follow, and at most `max_gap` more
    differences than equal words are passed. It ends at equal words, and is a passage if it holds at least `min_words` of them. Words are
    compared without case and punctuation. Who had it from whom is not said: the same passage may come from a third.

    Parameters
    ----------
    features : Features
        Either form. The private one reads `tokens`. The shared one takes the owner's passages, shipped in `results`, if the options are the
        defaults; else it reads `ngrams`, in which words count as equal only within runs of five, so that passages with changed
        words come out shorter.
    n : int
        Words of the shortest run from which a passage grows; the shared form holds runs of 5, so it allows 5 or more.
    min_words : int
    max_gap : int
    across_outlets : bool
        Whether only articles of different outlets are compared; an unknown outlet differs from every other.
    within_days : float, optional
        Compare only articles published at most so many days apart; an article without a date is compared with all.
    max_articles : int, optional
        What stands in more articles than this is listed between each article and the next that has it, not for every
        pair of them, which would be their square; None for no limit. (A passage that has a rarer run of `n` words too is listed for
        every pair.)
    family_share : float
        Share of the shorter article that two articles must have in common to be of one family.
    memory_limit : int or str, optional
        Bytes, or such as "400MB", above what the process holds already; short for ``engine=Local(memory_limit)``.
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
    >>> find_reuse(open_features("amnesty2024"), min_words=12).pairs  # doctest: +SKIP
    """
    options = _options(features, n, min_words, max_gap, across_outlets, within_days, max_articles)
    at_least("family_share", family_share, 0)
    if memory_limit is not None and engine is not None:
        raise OptionError("memory_limit and engine were given; give the limit to the engine, such as engine=Local(memory_limit=\"400MB\").")
    if engine is not None and not hasattr(engine, "open"):
        raise OptionError(f"engine={engine!r} was given; allowed are Local(...) and Dask(client, ...) of analysis.reuse.")
    articles = features.table("articles")
    params = {"n": options.n, "min_words": options.min_words, "max_gap": options.max_gap, "across_outlets": across_outlets,
              "within_days": within_days if within_days is None else float(within_days), "max_articles": options.max_articles or None,
              "family_share": float(family_share), **origin(features)}
    if features.form != PRIVATE and features.has_result("passages") and options == Options(width=SHIPPED_N):
        found, params["measured_on"] = _shipped(features, articles), "results"
    else:
        source = Tokens(features, outlet_codes(articles["outlet"]), _days(articles))
        found, _ = find_passages(source, options, engine or Local(memory_limit))
    return _result(found, features, articles, params)


def _options(features, n, min_words, max_gap, across_outlets, within_days, max_articles) -> Options:
    if max_articles == 0:
        at_least("max_articles", max_articles, 2)  # no limit is None here
    choose("across_outlets", across_outlets, (True, False))
    if features.form != PRIVATE and isinstance(n, Integral) and n < SHIPPED_N:
        raise OptionError(f"n={n} was given; the shared form holds runs of {SHIPPED_N} words, so allowed are {SHIPPED_N} and more.")
    return Options(n, 1 if features.form == PRIVATE else SHIPPED_N, min_words, max_gap, across_outlets,
                   np.inf if within_days is None else within_days, max_articles or 0)


def flag_names(flags: np.ndarray) -> np.ndarray:
    """Flags of passages as words, several with commas between them."""
    names = [",".join(name for bit, name in FLAGS.items() if value & bit) for value in range(sum(FLAGS) + 1)]
    return np.array(names, dtype=object)[flags]


def _result(found: Columns, features: Features, articles: pd.DataFrame, params: dict) -> Reuse:
    ids = articles["article_id"].to_numpy(dtype=object)
    bounds = np.r_[0, np.cumsum(articles["n_tokens"].to_numpy(np.int64))]
    quoted = quoted_mask(features, bounds)
    count = np.r_[0, np.cumsum(quoted, dtype=np.int64)]
    columns: dict[str, object] = {"passage": np.arange(1, len(found["a"]) + 1)}
    columns |= {side: ids[found[side]] for side in "ab"}
    columns |= {name: found[name].astype(np.int64) for name in ("a_position", "a_words", "b_position", "b_words", "n_matching")}
    columns["identity"] = found["n_matching"] / np.maximum(found["a_words"], found["b_words"])
    columns |= {name: found["flags"] & bit > 0 for bit, name in FLAGS.items()}
    begins = {side: bounds[found[side]] + found[f"{side}_position"] for side in "ab"}
    for side in "ab":
        columns[f"{side}_quoted"] = (count[begins[side] + found[f"{side}_words"]] - count[begins[side]]) / found[f"{side}_words"]
    columns["quoted"] = np.minimum(columns["a_quoted"], columns["b_quoted"]) >= MOSTLY
    unknown = params["measured_on"] == "shared features"
    columns |= {name: pd.array([pd.NA] * len(found["a"]) if unknown else found[name], "Int64") for name in CHARACTERS}
    pairs = _pairs(found, ids, articles["n_tokens"].to_numpy(np.int64))
    masks = {"shared": np.zeros(bounds[-1], bool), "boilerplate": np.zeros(bounds[-1], bool)}
    for side in "ab":
        for name, rows in (("shared", slice(None)), ("boilerplate", columns["boilerplate"])):
            cover(masks[name], begins[side][rows], (begins[side] + found[f"{side}_words"])[rows])
    per_article = pd.DataFrame({
        "article_id": articles["article_id"], "n_words": np.diff(bounds), "own": word_sums(~masks["shared"] & ~quoted, bounds),
        "quoted": word_sums(~masks["shared"] & quoted, bounds), "shared": word_sums(masks["shared"] & ~quoted, bounds),
        "shared_quoted": word_sums(masks["shared"] & quoted, bounds), "boilerplate": word_sums(masks["boilerplate"], bounds)})
    credited = article_credits(features).groupby("article_id", sort=False)["name"].agg(lambda names: ", ".join(dict.fromkeys(filter(None, names))))
    per_article["credits"] = [credited.get(article, "") for article in articles["article_id"]]
    kin = families(found, articles, share=params["family_share"])
    return Reuse(pd.DataFrame(columns), params, pairs, per_article, kin)


def _pairs(found: Columns, ids: np.ndarray, sizes: np.ndarray) -> pd.DataFrame:
    keys, n_passages = np.unique(found["a"].astype(np.int64) << 32 | found["b"], return_counts=True)
    a, b = keys >> 32, keys & 0xFFFFFFFF
    key = found["a"].astype(np.int64) << 32 | found["b"]
    words = {side: shared(key, found[f"{side}_position"], found[f"{side}_words"]) for side in "ab"}
    return pd.DataFrame({"a": ids[a], "b": ids[b], "n_passages": n_passages, "a_shared": words["a"], "b_shared": words["b"],
                         "a_share": words["a"] / sizes[a], "b_share": words["b"] / sizes[b]})


def _shipped(features: Features, articles: pd.DataFrame) -> Columns:
    """The owner's passages as arrays."""
    table = features.result("passages")
    places = pd.Index(articles["article_id"])
    found = {side: places.get_indexer(table[side]).astype(np.int32) for side in "ab"}
    names = ("a_position", "a_words", "b_position", "b_words", "n_matching", *CHARACTERS)
    flags = sum(np.where(table[name], bit, 0) for bit, name in FLAGS.items())
    return found | {name: table[name].to_numpy(np.int32) for name in names} | {"flags": np.asarray(flags, np.int32)}


def _days(articles: pd.DataFrame) -> np.ndarray:
    """Days since 1970, with the time of day where it is known; NaN where no date is."""
    when = pd.to_datetime(articles["published"].replace("", None), utc=True, format="ISO8601", errors="coerce")
    return ((when - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)).to_numpy(float)
