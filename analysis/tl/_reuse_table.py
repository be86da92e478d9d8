"""The tables of reuse, made of the passages that were found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.features import Features
from analysis.groups import Grouping, article_labels
from analysis.reuse.passages import cover, pair_words
from analysis.reuse.rewrites import PASSAGE_KINDS, SENTENCE_PAIR, matching_share
from analysis.reuse.seed_words import BOILERPLATE, MANY
from analysis.reuse.sources import Sources
from analysis.reuse.spill import Arrays, take
from analysis.reuse.stages import CHARACTERS
from analysis.tl._between import (
    BETWEEN,
    COUNTED_WORDS,
    NO_EVIDENCE,
    SOURCES,
    WITHIN,
    between_groups,
    credits_of_groups,
    parties,
    sentence_parts,
    sides_of,
    without_periods,
)
from analysis.tl._course import courses
from analysis.views import article_credits, quoted_mask, word_sums

# share of a passage's words in quotation marks; the "she said" between two quotations belongs to it
MOSTLY_QUOTED = 0.5
STRETCH = ("a_position", "a_words", "b_position", "b_words")
FLAGS = {"boilerplate": BOILERPLATE, "many": MANY}


def of_all_kinds(
    verbatim: Arrays, rewritten: tuple[Arrays, Arrays] | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Passages of all kinds in their order, and the sentences that made those not verbatim."""
    found = pd.DataFrame(verbatim).assign(kind=0, score=np.nan, meaning=np.nan)
    made = dict.fromkeys(SENTENCE_PAIR[:3], np.empty(0, int)) | {"similarity": np.empty(0)}
    if rewritten is not None:
        made = rewritten[1]
        if len(rewritten[0]["a"]):
            found = pd.concat([found, pd.DataFrame(rewritten[0])[found.columns]])
    order = np.lexsort([found[name] for name in ("b_position", "a_position", "kind", "b", "a")])
    number = np.argsort(order) + 1
    sentences = pd.DataFrame(made | {"passage": number[len(verbatim["a"]) + made["passage"]]})
    sentences = sentences.sort_values(list(SENTENCE_PAIR[:3]), ignore_index=True)
    return found.iloc[order].reset_index(drop=True), sentences


def passage_table(
    features: Features, articles: pd.DataFrame, found: pd.DataFrame, texts: Features | None = None
) -> pd.DataFrame:
    """Passages of articles, and of texts behind them, as a table."""
    sources = [(features, articles)]
    if texts is not None:
        sources.append((texts, texts.table("articles")))
    names, sizes, masks = [], [], []
    for source, rows in sources:
        names.append(rows["article_id"].to_numpy(object))
        sizes.append(rows["n_tokens"].to_numpy(np.int64))
        masks.append(quoted_mask(source, np.r_[0, np.cumsum(sizes[-1])]))
    ids, bounds = np.concatenate(names), np.r_[0, np.cumsum(np.concatenate(sizes))]
    quoted = np.r_[0, np.cumsum(np.concatenate(masks), dtype=np.int64)]
    columns: dict[str, Any] = {
        "passage": np.arange(1, len(found) + 1),
        "kind": np.array(PASSAGE_KINDS, object)[found["kind"]],
        "a": ids[found["a"]],
        "b": ids[found["b"]],
        **found[[*STRETCH, "n_matching"]].astype(np.int64),
        "identity": found["n_matching"] / found[["a_words", "b_words"]].max(axis=1),
        "similarity": matching_share(found),
        "score": found["score"],
        "meaning": found["meaning"],
        **{name: found["flags"] & bit > 0 for name, bit in FLAGS.items()},
    }
    for side in "ab":
        first, words = bounds[found[side]] + found[f"{side}_position"], found[f"{side}_words"]
        columns[f"{side}_quoted"] = (quoted[first + words] - quoted[first]) / words
    columns["quoted"] = np.minimum(columns["a_quoted"], columns["b_quoted"]) >= MOSTLY_QUOTED
    characters = found if features.has("tokens") else dict.fromkeys(CHARACTERS)
    columns |= {name: characters[name] for name in CHARACTERS}
    return pd.DataFrame(columns).astype(dict.fromkeys(CHARACTERS, "Int64"))


def coded_passages(table: pd.DataFrame, articles: pd.DataFrame) -> Arrays:
    """Passages as arrays, in which articles are numbers."""
    numbers = pd.Index(articles["article_id"])
    coded = {side: numbers.get_indexer(table[side]) for side in "ab"}
    coded |= {name: table[name].to_numpy() for name in (*STRETCH, "boilerplate")}
    return coded | {"verbatim": (table["kind"] == "verbatim").to_numpy()}


def word_tables(
    features: Features,
    articles: pd.DataFrame,
    table: pd.DataFrame,
    passages: Arrays,
    grouping: Grouping,
    outlets: Mapping[str, Mapping],
    drawing: dict[str, Any],
) -> dict[str, pd.DataFrame]:
    """The tables of articles, groups, credits and courses; `units` are the sentences."""
    sizes = articles["n_tokens"].to_numpy(np.int64)
    bounds = np.r_[0, np.cumsum(sizes)]
    sources = Sources(articles, outlets)
    sides, statements = sides_of(table, articles, sources), sources.statements(features, bounds)
    units = sentence_parts(features, sides, statements, bounds)
    by_article = units.groupby("article")[[*SOURCES, *COUNTED_WORDS]].sum()
    parts = by_article.reindex(range(len(articles)), fill_value=0).reset_index(drop=True)
    codes, names = without_periods(grouping)
    between, totals, within = between_groups(sides, codes, names, sizes, **drawing)
    course, copies = courses(sides, articles)
    return {
        "units": units,
        "articles": _article_words(features, articles, parts, _boilerplate(passages, bounds)),
        "between": between,
        "totals": totals,
        "within": within,
        "credits": credits_of_groups(sides, statements, codes, names, bounds, sources),
        "course": course,
        "copies": copies,
    }


def _article_words(
    features: Features, articles: pd.DataFrame, parts: pd.DataFrame, boilerplate: np.ndarray
) -> pd.DataFrame:
    """The words of each article by part, with its label."""
    names = article_credits(features).groupby("article_id", sort=False)["name"]
    credits = {article: ", ".join(filter(None, dict.fromkeys(said))) for article, said in names}
    ids = articles["article_id"]
    return pd.DataFrame(
        {
            "article_id": ids,
            "label": article_labels(articles).to_numpy(object),
            "n_words": articles["n_tokens"].to_numpy(np.int64),
            **parts,
            "boilerplate": boilerplate,
            "credits": [credits.get(article, "") for article in ids],
        }
    )


def _boilerplate(passages: Arrays, bounds: np.ndarray) -> np.ndarray:
    words = np.zeros(bounds[-1], bool)
    rows = take(passages, passages["boilerplate"])
    for side in "ab":
        first = bounds[rows[side]] + rows[f"{side}_position"]
        cover(words, first, first + rows[f"{side}_words"])
    return word_sums(words, bounds)


def pair_table(passages: Arrays, evidence: np.ndarray, articles: pd.DataFrame) -> pd.DataFrame:
    """The words that either article of each pair has in passages that are evidence."""
    sizes = articles["n_tokens"].to_numpy(np.int64)
    ids = articles["article_id"].to_numpy(object)
    counts = evidence != NO_EVIDENCE
    every, verbatim = (
        pd.DataFrame(pair_words(take(passages, chosen)))
        for chosen in (counts, counts & passages["verbatim"])
    )
    words = every.merge(verbatim, "left", ["a", "b"], suffixes=("", "_equal"))
    words = words.fillna(0).astype(np.int64)
    table = pd.DataFrame({side: ids[words[side]] for side in "ab"})
    a, b = (parties(articles)[words[side]] for side in "ab")
    table["evidence"] = np.where(a == b, WITHIN, BETWEEN).astype(object)
    table["n_passages"] = words["n_passages"]
    for side in "ab":
        table[f"{side}_shared"] = words[f"{side}_covered"]
    for side in "ab":
        table[f"{side}_share"] = table[f"{side}_shared"] / sizes[words[side]]
    for side in "ab":
        table[f"{side}_rewritten"] = table[f"{side}_shared"] - words[f"{side}_covered_equal"]
    return table
