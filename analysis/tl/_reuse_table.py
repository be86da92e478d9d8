"""The tables of reuse, made of the passages that were found."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.features import PRIVATE, Features
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
    compose,
    credits_of_groups,
    parties,
    sentence_parts,
    sides_of,
    without_periods,
)
from analysis.tl._course import courses
from analysis.views import quoted_mask, sum_credits, word_sums

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


class WordTables:
    """The tables of articles, groups, credits and courses, each counted when first asked for.

    All that they are counted from is read at once: features may be others by then.
    """

    def __init__(
        self,
        features: Features,
        articles: pd.DataFrame,
        table: pd.DataFrame,
        passages: Arrays,
        grouping: Grouping,
        outlets: Mapping[str, Mapping],
        drawing: dict[str, Any],
    ) -> None:
        self._rows, self._grouping, self._drawing = articles, grouping, drawing
        self._table, self._passages = table.copy(deep=False), passages
        self._sources = Sources(articles, outlets)
        self._sizes = articles["n_tokens"].to_numpy(np.int64)
        self._bounds = np.r_[0, np.cumsum(self._sizes)]
        self._statements = self._sources.statements(features, self._bounds)
        self._spans = features.table("sentences", ["article_id", "n_tokens"])
        self._quoted = quoted_mask(features, self._bounds)
        self._credits, self._private = features.table("credits"), features.form == PRIVATE

    @cached_property
    def _sides(self) -> pd.DataFrame:
        return sides_of(self._table, self._rows, self._sources)

    @cached_property
    def _units(self) -> pd.DataFrame:
        article = pd.Index(self._rows["article_id"]).get_indexer(self._spans["article_id"])
        n_words = self._spans["n_tokens"].to_numpy(np.int64)
        masks = self._quoted, self._statements
        return sentence_parts(article, n_words, self._sides, *masks, self._bounds)

    @cached_property
    def articles(self) -> pd.DataFrame:
        """The words of each article by part, with its label."""
        by_article = self._units.groupby("article")[[*SOURCES, *COUNTED_WORDS]].sum()
        parts = by_article.reindex(range(len(self._rows)), fill_value=0).reset_index(drop=True)
        credited = sum_credits(self._credits) if self._private else self._credits
        names = credited.groupby("article_id", sort=False)["name"]
        credits = {article: ", ".join(filter(None, dict.fromkeys(said))) for article, said in names}
        ids = self._rows["article_id"]
        return pd.DataFrame(
            {
                "article_id": ids,
                "label": article_labels(self._rows).to_numpy(object),
                "n_words": self._sizes,
                **parts,
                "boilerplate": _boilerplate(self._passages, self._bounds),
                "credits": [credits.get(article, "") for article in ids],
            }
        )

    @cached_property
    def composition(self) -> pd.DataFrame:
        """The share of each part in the words of each group."""
        return compose(self._units, self._grouping, **self._drawing)

    @cached_property
    def _of_groups(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        groups = without_periods(self._grouping)
        return between_groups(self._sides, *groups, self._sizes, **self._drawing)

    @property
    def between(self) -> pd.DataFrame:
        """Who shares with whom."""
        return self._of_groups[0]

    @property
    def totals(self) -> pd.DataFrame:
        """What each group shares in all."""
        return self._of_groups[1]

    @property
    def within(self) -> pd.DataFrame:
        """What is shared within one outlet or group."""
        return self._of_groups[2]

    @cached_property
    def credits(self) -> pd.DataFrame:
        """Who credits whom."""
        groups = without_periods(self._grouping)
        return credits_of_groups(
            self._sides, self._statements, *groups, self._bounds, self._sources
        )

    @cached_property
    def _courses(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        return courses(self._sides, self._rows)

    @property
    def course(self) -> pd.DataFrame:
        """Where passages stood first, and how far they went."""
        return self._courses[0]

    @property
    def copies(self) -> pd.DataFrame:
        """The articles of each course."""
        return self._courses[1]


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
