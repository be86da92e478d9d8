"""What the pages of a corpus show: results of measures and features, each made when it is asked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis import tl
from analysis.corpus import Corpus
from analysis.errors import TwicetoldError
from analysis.features import PRIVATE
from analysis.groups import article_labels
from analysis.outputs.whole_texts import private_features
from analysis.pages.records import ArticleHead
from analysis.reuse.thirds import equal_words
from analysis.show import show
from analysis.views import publication_days, sentence_spans

_RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}
# what may carry a headline is not told of withheld texts, and of other cells a few words
_SURE_DISAGREEMENT = 0.3  # score below which many are none, as the appendix of the notebooks says
_CARRIES_WORDS, _MOST_WORDS = ("title", "url"), 5


class Measured:
    """The results and features of one corpus that its pages are made of.

    Parameters
    ----------
    corpus : Corpus
    withheld : bool
        Show words also where the corpus's texts may not be shared.
    """

    def __init__(self, corpus: Corpus, *, withheld: bool = False):
        shows = (withheld or not corpus.withheld) and corpus.texts is not None
        if shows and (private := private_features(corpus)) is not None:
            private = private.with_stories(corpus.stories)
            corpus = replace(corpus, opened=private)
        self.corpus = corpus
        self.features = corpus.features
        self.shows_words = shows and self.features.form == PRIVATE
        self.left_out: dict[str, str] = {}

    @cached_property
    def texts(self) -> dict[str, str]:
        """The text of each article as stored; empty where words may not be shown."""
        if not self.shows_words:
            return {}
        return {article.article_id: article.text for article in self.corpus.articles()}

    @cached_property
    def table(self) -> pd.DataFrame:
        """The articles of the features, by id."""
        table = self.features.table("articles")
        table = table.assign(label=article_labels(table).to_numpy(object))
        return table.set_index("article_id", drop=False).fillna("")

    @cached_property
    def articles(self) -> dict[str, ArticleHead]:
        """What pages say of each article, by id."""
        metadata = self.corpus.metadata.set_index("article_id")
        found = {}
        days = np.nan_to_num(publication_days(self.table), nan=np.inf)
        for row, day in zip(self.table.to_dict("records"), days.tolist()):
            about = (
                {} if row["article_id"] not in metadata.index else metadata.loc[row["article_id"]]
            )
            said = {} if not self.shows_words else {n: about.get(n, "") for n in _CARRIES_WORDS}
            language = str(row["language"])
            right = language.split("-")[0].lower() in _RIGHT_TO_LEFT
            found[row["article_id"]] = ArticleHead(
                id=row["article_id"],
                label=row["label"] if row["outlet"] else row["article_id"],
                outlet=self._brief(row["outlet"]),
                published=str(row["published"]),
                day=day,
                author=self._brief(row["author"]),
                title=str(said.get("title", "")),
                url=str(said.get("url", "")),
                language=language,
                direction="rtl" if right else "ltr",
                n_words=int(row["n_tokens"]),
                n_sentences=int(row["n_sentences"]),
            )
        return found

    def _brief(self, cell: object) -> str:
        words = str(cell).split()
        return str(cell) if self.shows_words else " ".join(words[:_MOST_WORDS])

    # --- measures ---

    @cached_property
    def reuse(self):
        """Passages that articles share."""
        return tl.reuse(self.corpus, draws=1)

    @cached_property
    def lineage(self):
        """Who had passages from whom; None where it cannot be measured."""
        return self._measured("who had it first", lambda: tl.lineage(self.corpus, reuse=self.reuse))

    @cached_property
    def lost_source(self):
        """Rebuilt texts that the corpus lacks; None where they cannot be measured."""
        return self._measured(
            "texts that the corpus lacks",
            lambda: tl.lost_source(self.corpus, reuse=self.reuse, lineage=self.lineage),
        )

    @cached_property
    def claims(self):
        """What several articles tell; None where it cannot be measured."""
        return self._measured("claims", lambda: tl.claims(self.corpus))

    @cached_property
    def story(self):
        """Which article tells which claim; None where it cannot be measured."""
        private = self.features.form == PRIVATE
        given = bool(self.features.codebook("claims"))
        claims = self.claims if private and not given else None
        told = self._measured("claims", lambda: tl.story(self.corpus, claims=claims, draws=1))
        if told is None or claims is None or not self.shows_words:
            return told
        return told.worded(show(claims.table, self.corpus, withheld=True))

    @cached_property
    def labels(self):
        """What actors are called; None where it cannot be measured."""
        return self._measured("labels", lambda: tl.labels(self.corpus, draws=1))

    @cached_property
    def stories(self):
        """Which article tells of which event; None where it cannot be measured."""
        return self._measured("stories", lambda: tl.stories(self.corpus))

    # --- by story ---

    @cached_property
    def about_story(self) -> dict[str, dict]:
        """What is known of each story of two articles or more, those of most outlets first."""
        rows = [] if self.stories is None else self.stories.stories.to_dict("records")
        return {row["story"]: row for row in rows if row["n_articles"] > 1}

    @cached_property
    def articles_of(self) -> dict[str, list[str]]:
        """The articles of each story."""
        found: dict[str, list[str]] = {}
        for article, story in self.story_of.items():
            found.setdefault(story, []).append(article)
        return found

    @cached_property
    def story_of(self) -> dict[str, str]:
        """The story of each article that shares it with another."""
        if self.stories is None:
            return {}
        rows = self.stories.table[["article_id", "story"]].to_numpy().tolist()
        return {article: story for article, story in rows if story in self.about_story}

    @cached_property
    def courses(self) -> list[dict]:
        """The passages of `reuse.course`, those first that went furthest."""
        return self.reuse.course.to_dict("records")

    @cached_property
    def terms(self) -> tuple[np.ndarray, np.ndarray, list[str]]:
        """Each word of each article: the number of the word, the article's, and the words by name.

        Articles are numbered in the order of `articles`.
        """
        terms = self.features.table("terms", ["article_id", "term"])
        words, names = pd.factorize(terms["term"].astype(object), sort=True)
        number = {article: i for i, article in enumerate(self.articles)}
        of = terms["article_id"].astype(object).map(number).to_numpy(int)
        both = np.unique(np.stack([words, of]), axis=1)
        return both[0], both[1], list(names)

    @cached_property
    def copies(self) -> dict[int, list[dict]]:
        """The articles that have each passage of `reuse.course`."""
        found: dict[int, list[dict]] = {}
        for row in self.reuse.copies.to_dict("records"):
            found.setdefault(row["course"], []).append(row)
        return found

    @cached_property
    def drew(self) -> dict[str, set[str]]:
        """The articles that drew on each named text that the corpus lacks."""
        if self.lost_source is None:
            return {}
        stemma = self.lost_source.stemma
        own = stemma[(stemma["parent"] == stemma["family"]) & stemma["in_tree"]]
        found = own.groupby("family")["child"].agg(set).to_dict()
        return {family: found.get(family, set()) for family in self.lost_source.named["family"]}

    @cached_property
    def drawers(self) -> dict[str, dict[str, float]]:
        """By text that the corpus lacks, the probability of each article that it drew on it."""
        stemma = self.lost_source.stemma
        rows = stemma[stemma["parent"] == stemma["family"]]
        rows = rows.sort_values("probability", ascending=False)
        found: dict[str, dict[str, float]] = {}
        for family, child, p in zip(rows["family"], rows["child"], rows["probability"]):
            found.setdefault(family, {})[child] = float(p)
        return found

    @cached_property
    def n_variants(self) -> dict[str, int]:
        """By text that the corpus lacks, how often versions differ from it."""
        return self.lost_source.variants["family"].value_counts().to_dict()

    @cached_property
    def rebuilt_texts(self) -> dict[str, str]:
        """The words of each text that the corpus lacks."""
        return self.lost_source.text(self.texts)

    @cached_property
    def readings(self) -> dict[str, list[dict]]:
        """Where witnesses differ from each rebuilt text, in words."""
        return _grouped(self.lost_source.readings(self.texts), "family")

    def _measured(self, what: str, measure: Callable[[], Any]) -> Any:
        try:
            return measure()
        except TwicetoldError as error:
            self.left_out[what] = " ".join(str(error).split())
            return None

    # --- by pair of articles ---

    @cached_property
    def passages(self) -> dict[tuple[str, str], list[dict]]:
        """The passages of each pair of articles, in the order of the first one's words."""
        order = ["a_position", "b_position", "kind"]
        return _grouped(self.reuse.table.sort_values(order, kind="stable"), "a", "b")

    @cached_property
    def pairs(self) -> dict[tuple[str, str], dict]:
        """What each pair of articles shares."""
        return _by_pair(self.reuse.pairs)

    def pairs_of(self, article: str) -> list[tuple[str, str]]:
        """The pairs that an article is of, those that share most words first."""
        return self._pairs_of.get(article, [])

    @cached_property
    def _pairs_of(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for pair in sorted(self.pairs, key=lambda p: -self.pairs[p]["a_shared"]):
            for article in pair:
                found.setdefault(article, []).append(pair)
        return found

    def of_one_outlet(self, a: str, b: str) -> bool:
        """Whether a pair is of the same outlet, as `tl.reuse` tells them apart."""
        return self.pairs[a, b]["evidence"] == "within"

    @cached_property
    def articles_by_outlet(self) -> dict[str, list[ArticleHead]]:
        """The articles of each outlet, by date."""
        found: dict[str, list[ArticleHead]] = {}
        for article in sorted(self.articles.values(), key=lambda x: (x.day, x.id)):
            if article.outlet:
                found.setdefault(article.outlet, []).append(article)
        return found

    @cached_property
    def pairs_of_outlets(self) -> dict[frozenset, list[tuple[str, str]]]:
        """The pairs of articles of two outlets, those that share most words first."""
        found: dict[frozenset, list[tuple[str, str]]] = {}
        for pair in sorted(self.pairs, key=lambda p: -self.pairs[p]["a_shared"]):
            found.setdefault(frozenset(self.articles[x].outlet for x in pair), []).append(pair)
        return found

    @cached_property
    def label_uses(self) -> dict[str, list[dict]]:
        """Where each actor is called something."""
        if self.labels is None:
            return {}
        uses = self.labels.uses
        return _grouped(uses[uses["telling"].astype(bool)], "actor")

    def labels_of(self, article: str) -> list[str]:
        """The labels of an article as `tl.labels` counts them, in the order of the features."""
        return self._labels_of.get(article, [])

    @cached_property
    def _labels_of(self) -> dict[str, list[str]]:
        uses = {} if self.labels is None else _grouped(self.labels.uses, "article_id")
        return {article: [row["label"] for row in rows] for article, rows in uses.items()}

    @cached_property
    def cells_of_claim(self) -> dict[str, list[dict]]:
        """Which articles tell each claim."""
        found: dict[str, list[dict]] = {}
        for rows in self._cells.values():
            for row in rows:
                if row["answer"] == "tells":
                    found.setdefault(str(row["claim"]), []).append(row)
        return found

    @cached_property
    def words_of(self) -> dict[str, dict]:
        """Whose words each article is made of."""
        return {row["article_id"]: row for row in self.reuse.articles.to_dict("records")}

    def cells_of(self, article: str) -> list[dict]:
        """Which claims of its story an article tells, and where."""
        return self._cells.get(article, [])

    @cached_property
    def _cells(self) -> dict[str, list[dict]]:
        found: dict[str, list[dict]] = {}
        for row in [] if self.story is None else self.story.table.to_dict("records"):
            found.setdefault(row["article_id"], []).append(row)
        return found

    @cached_property
    def disagreements(self):
        """Numbers, names, dates and times in which articles differ; None where not measured."""
        return self._measured("disagreements", lambda: tl.disagreements(self.corpus))

    def contrary_of(self, article: str) -> dict[tuple[str, str], dict]:
        """What an article says otherwise than a sentence of a claim, by story and claim."""
        return self._contrary.get(article, {})

    @cached_property
    def _contrary(self) -> dict[str, dict[tuple[str, str], dict]]:
        """The surest disagreement of each article with a sentence that tells a claim.

        Of those who differ in a matter it is told of those whose value fewest have.
        """
        if self.disagreements is None or self.story is None:
            return {}
        table = self.disagreements.table
        table = table[table["score"] >= _SURE_DISAGREEMENT].sort_values("score", ascending=False)
        differ = []  # one who differs from a sentence of a claim
        having: dict[tuple, set[str]] = {}
        for row in table.to_dict("records"):
            for side, other in ("ab", "ba"):
                for key in self._told_in.get((row[other], row[f"{other}_sentence"]), ()):
                    if self.story_of.get(row[side]) == key[0]:
                        differ.append((key, side, other, row))
                        for s in "ab":
                            value = *key, row["matter"], row[f"{s}_value"]
                            having.setdefault(value, set()).add(row[s])
        found: dict[str, dict[tuple[str, str], dict]] = {}
        for key, side, other, row in differ:
            n, m = (len(having[*key, row["matter"], row[f"{s}_value"]]) for s in (side, other))
            if n <= m:
                said = {name: row.get(f"{side}_{name}") for name in ("start", "end", "sentence")}
                said |= {"value": self._value(row, side), "other": row[other]}
                said |= {"other_value": self._value(row, other)}
                said |= {name: row[name] for name in ("kind", "score")}
                found.setdefault(row[side], {}).setdefault(key, said)
        return found

    def _value(self, row: dict, side: str) -> str:
        """A number, name, date or time as its article writes it, where that may be shown."""
        if not self.shows_words or pd.isna(row[f"{side}_start"]):
            return str(row[f"{side}_value"])
        return self.texts[row[side]][int(row[f"{side}_start"]) : int(row[f"{side}_end"])]

    @cached_property
    def _told_in(self) -> dict[tuple[str, int], list[tuple[str, str]]]:
        """The claims that a sentence tells."""
        found: dict[tuple[str, int], list[tuple[str, str]]] = {}
        for article, rows in self._cells.items():
            for row in rows:
                if row["answer"] == "tells":
                    found.setdefault((article, row["sentence"]), []).append(
                        (row["story"], row["claim"])
                    )
        return found

    @cached_property
    def claim_counts(self) -> dict[tuple[str, str], int]:
        """By how many articles each claim is told, by story and claim."""
        return {key: int(row["n_tells"]) for key, row in self._claim_rows.items()}

    @cached_property
    def claim_names(self) -> dict[tuple[str, str], str]:
        """What each claim is called, by story and claim."""
        return {key: str(row["label"]) for key, row in self._claim_rows.items()}

    @cached_property
    def _claim_rows(self) -> dict[tuple[str, str], dict]:
        rows = [] if self.story is None else self.story.claims.to_dict("records")
        return {(row["story"], row["claim"]): row for row in rows}

    @cached_property
    def verdicts(self) -> dict[tuple[str, str], dict]:
        """Who of each pair of articles had it from whom."""
        return {} if self.lineage is None else _by_pair(self.lineage.table)

    @cached_property
    def evidence(self) -> dict[tuple[str, str], list[dict]]:
        """Why, for each pair of articles."""
        return {} if self.lineage is None else _grouped(self.lineage.evidence, "a", "b")

    @cached_property
    def judged(self) -> dict[int, dict]:
        """Who had each passage from whom, by its number."""
        rows = [] if self.lineage is None else self.lineage.passages.to_dict("records")
        return {row["passage"]: row for row in rows}

    # --- words ---

    @cached_property
    def _first_word(self) -> pd.Series:
        sizes = self.table["n_tokens"].astype(int)
        return sizes.cumsum() - sizes

    @cached_property
    def _words(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        tokens = self.features.table("tokens", ["start", "end", "hash"])
        return tuple(tokens[name].to_numpy() for name in tokens)  # type: ignore[return-value]

    def spans(self, article: str, first: int, n: int) -> list[tuple[int, int]]:
        """First and last character of some running words of an article."""
        at = int(self._first_word[article]) + first
        start, end, _ = self._words
        return list(zip(start[at : at + n].tolist(), end[at : at + n].tolist()))

    def n_words_under(self, article: str, spans: list[tuple[int, int]]) -> int:
        """How many words of an article lie in one or more of some stretches of characters."""
        at, n = int(self._first_word[article]), int(self.table.at[article, "n_tokens"])
        start, end, _ = self._words
        under = np.zeros(n + 1, int)
        for first, last in spans:
            i = np.searchsorted(start[at : at + n], first)
            j = np.searchsorted(end[at : at + n], last, "right")
            under[i] += i < j
            under[j] -= i < j
        return int((under.cumsum()[:n] > 0).sum())

    def equal(self, a: str, a_first: int, a_n: int, b: str, b_first: int, b_n: int) -> np.ndarray:
        """Places of the words that stand in the same order in two stretches, from 0 in each."""
        hashes = self._words[2]
        at, to = int(self._first_word[a]) + a_first, int(self._first_word[b]) + b_first
        return equal_words(hashes[at : at + a_n], hashes[to : to + b_n], 1)

    @cached_property
    def sentences(self) -> dict[str, list[dict]]:
        """The sentences of each article, with the place of their first words."""
        return _grouped(sentence_spans(self.features), "article_id")

    @cached_property
    def _first_words(self) -> dict[str, list[int]]:
        return {x: [int(row["position"]) for row in rows] for x, rows in self.sentences.items()}

    def sentence_at(self, article: str, position: int) -> int:
        """The sentence of a word, both counted from 0."""
        return max(bisect_right(self._first_words[article], position) - 1, 0)

    def of_articles(self, name: str) -> dict[str, list[dict]]:
        """The rows of a table of features by article; none where this form lacks the table."""
        if name not in self._read:
            there = self.features.has(name)
            self._read[name] = _grouped(self.features.table(name), "article_id") if there else {}
        return self._read[name]

    @cached_property
    def _read(self) -> dict[str, dict[str, list[dict]]]:
        return {}


def _grouped(table: pd.DataFrame, *keys: str) -> dict:
    """The rows of a table by one key or several, in its order."""
    found: dict = {}
    names = zip(*(table[key] for key in keys)) if len(keys) > 1 else table[keys[0]]
    for name, row in zip(names, table.to_dict("records")):
        found.setdefault(name, []).append(row)
    return found


def _by_pair(table: pd.DataFrame) -> dict[tuple[str, str], dict]:
    return {(row["a"], row["b"]): row for row in table.to_dict("records")}
