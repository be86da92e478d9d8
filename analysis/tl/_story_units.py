"""The sentences of a story that may tell a claim: words, vectors, how alike they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.errors import FeaturesError
from analysis.features import SHARED, Features
from analysis.groups import group_articles, strata
from analysis.text.signs import EMPTY
from analysis.text.tokens import word_hash, words_of
from analysis.tl._story_places import HEADLINE, with_places

BLOCK = 1024  # sentences that are set beside all others at a time
# logit of the probability that two sentences tell the same: by cosine and tf-idf
SAME_LOGIT = (-6.98, 7.92, 13.72)
_KEYS = ["article_id", "sentence"]


@dataclass(frozen=True, eq=False)
class StoryUnits:
    """Sentences of one story, in the order of their articles.

    Attributes
    ----------
    articles : list of str
        Article ids.
    table : DataFrame
        article_id, article (its number), sentence, start, end, n_tokens, n_telling (of these, no
        function words), place ("lead" or "body"; "headline" of what is no unit of a claim), down (0
        to 1: how far down the article).
    vectors : float32 array of shape (n_units, n_dimensions)
        Of length 1.
    words : csr_array of shape (n_units, n_words)
        Tf-idf, rows of length 1.
    idf : array of shape (n_words,)
    hashes : uint64 array of shape (n_words,), sorted
    headlines : StoryUnits or None
        The headlines, by the same words.
    """

    articles: list[str]
    table: pd.DataFrame
    vectors: np.ndarray = field(repr=False)
    words: sparse.csr_array = field(repr=False)
    idf: np.ndarray = field(repr=False)
    hashes: np.ndarray = field(repr=False)
    headlines: StoryUnits | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.table)

    @property
    def article(self) -> np.ndarray:
        """The number of each unit's article."""
        return self.table["article"].to_numpy()

    def likeness(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Cosine and tf-idf of some units to all: arrays of shape (n_rows, n_units)."""
        return self.vectors[rows] @ self.vectors.T, (self.words[rows] @ self.words.T).toarray()

    def same(self, rows: np.ndarray) -> np.ndarray:
        """Probability that each of some units tells the same as each of all."""
        return probability(*self.likeness(rows))

    def only(self, rows: np.ndarray) -> StoryUnits:
        """Some of the units, with words weighed as among all."""
        return replace(
            self,
            table=self.table.iloc[rows].reset_index(drop=True),
            vectors=self.vectors[rows],
            words=self.words[rows],
        )

    def in_headline(self, rows: np.ndarray) -> np.ndarray:
        """Probability that the headline of its article tells the same as each of some units."""
        best = np.zeros(len(rows))
        if self.headlines is None or not len(self.headlines):
            return best
        of, heads = self.article[rows], self.headlines
        i, j = np.nonzero(of[:, None] == heads.article[None])
        cosine = (self.vectors[rows[i]] * heads.vectors[j]).sum(axis=1)
        tfidf = self.words[rows[i]].multiply(heads.words[j]).sum(axis=1)
        np.maximum.at(best, i, probability(cosine, tfidf))
        return best

    def blocks(self) -> Iterator[np.ndarray]:
        """The units' numbers, as many at a time as memory is to hold beside all others."""
        for start in range(0, len(self), BLOCK):
            yield np.arange(start, min(start + BLOCK, len(self)))

    def coverage(self, wording: str) -> np.ndarray:
        """Share of a wording's words, by idf, that each unit has; words new to the story count."""
        return self.coverage_of(self.words_in(wording))

    def idf_of(self, words: np.ndarray) -> np.ndarray:
        """Idf of words given by their hashes; 0 where the story has not got them."""
        at, known = self._find(words)
        found = np.zeros(len(words))
        found[known] = self.idf[at[known]]
        return found

    def _find(self, words: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        at = np.searchsorted(self.hashes, words).clip(max=max(len(self.hashes) - 1, 0))
        known = self.hashes[at] == words if len(self.hashes) else np.zeros(len(words), bool)
        return at, known

    def words_in(self, wording: str) -> np.ndarray:
        """Hashes of a wording's words."""
        return np.unique(np.array([word_hash(word) for word in words_of(wording)], np.uint64))

    def coverage_of(self, wanted: np.ndarray) -> np.ndarray:
        """As `coverage`, of words given by their hashes."""
        at, known = self._find(wanted)
        weight = np.zeros(len(self.idf))
        weight[at[known]] = self.idf[at[known]]
        total = weight.sum() + (~known).sum() * np.log(max(len(self), 2))
        return (self.words.sign() @ weight) / max(total, 1e-9)

    def shared_words(self, rows: np.ndarray) -> np.ndarray:
        """Hashes of the words that two or more of some units have."""
        having = np.bincount(self.words[rows].indices, minlength=len(self.hashes))
        return self.hashes[having > 1]

    def hashes_of(self, unit: int) -> np.ndarray:
        """The words of a unit."""
        row = self.words.indices[self.words.indptr[unit] : self.words.indptr[unit + 1]]
        return self.hashes[row]


def story_units(features: Features, articles: Sequence[str]) -> StoryUnits:
    """The units of a story: its sentences without headlines, credits, captions and questions.

    Parameters
    ----------
    features : Features
        The private form, with `vectors`.
    articles : sequence of str
        The ids of the story's articles.

    Returns
    -------
    StoryUnits
    """
    return units_by_story(features, {"": list(articles)})[""]


def units_by_story(features: Features, stories: dict[str, list[str]]) -> dict[str, StoryUnits]:
    """The units of several stories, for which each table is read once.

    Raises
    ------
    FeaturesError
        If the features are shared ones, or no sentence has an embedding.
    """
    check_embedded(features)
    sentences = with_places(features)
    told = sentences[sentences["unit"] | (sentences["place"] == HEADLINE)]
    embedded = features.table("vectors").merge(told, on=_KEYS)
    tokens = features.table("tokens", [*_KEYS, "hash", "signs"])
    telling = tokens[tokens["signs"] & EMPTY == 0].groupby(_KEYS).size().rename("n_telling")
    embedded = embedded.join(telling, on=_KEYS).fillna({"n_telling": 0})
    tokens = tokens.merge(embedded[[*_KEYS, "unit"]], on=_KEYS)
    rows = {unit: dict(iter(t.groupby("article_id"))) for unit, t in embedded.groupby("unit")}
    words = {unit: dict(iter(t.groupby("article_id"))) for unit, t in tokens.groupby("unit")}
    titles = _titles(features, set(rows.get(False, ())))
    rows[False], words[False] = (
        {**of.get(False, {}), **more} for of, more in zip((rows, words), titles)
    )

    def made(articles: list[str], unit: bool, like: StoryUnits | None = None) -> StoryUnits:
        of, said = ([t[unit][a] for a in articles if a in t.get(unit, ())] for t in (rows, words))
        return _units(articles, of, said, embedded, like)

    units = {story: made(articles, True) for story, articles in stories.items()}
    return {
        story: replace(of, headlines=made(of.articles, False, of)) for story, of in units.items()
    }


def _titles(features: Features, known: set[str]) -> tuple[dict, dict]:
    """Rows and words of the headlines that the metadata have, of articles without one."""
    try:
        titles = features.titles
        vectors = titles.table("vectors")
    except FeaturesError:
        return {}, {}
    vectors = vectors[~vectors["article_id"].isin(known)]
    rows = titles.table("sentences", [*_KEYS, "n_tokens"]).merge(vectors, on=_KEYS)
    rows = rows.assign(start=-1, end=-1, place=HEADLINE, down=0.0, mark="", paragraph=0, unit=False)
    rows = rows.assign(n_telling=0)
    tokens = titles.table("tokens", [*_KEYS, "hash"])
    tokens = tokens[~tokens["article_id"].isin(known)]
    return dict(iter(rows.groupby("article_id"))), dict(iter(tokens.groupby("article_id")))


def check_embedded(features: Features) -> None:
    """Raise `FeaturesError` unless sentences have embeddings."""
    if features.form == SHARED:
        raise FeaturesError(
            f"{features.where}: claims are found in ordered words and embeddings, which only the"
            " private form has, and its owner has not shipped the result. Get the texts and run"
            " `twicetold extract`."
        )
    if not features.has("vectors"):
        raise FeaturesError(
            f"{features.where}: the sentences have no embeddings, by which claims are found; run"
            f" `twicetold extract {features.corpus} --vectors`."
        )


def probability(cosine: np.ndarray, tfidf: np.ndarray) -> np.ndarray:
    """Probability that two sentences tell the same."""
    first, second, third = SAME_LOGIT
    return 1 / (1 + np.exp(-(first + second * cosine + third * tfidf)))


def _units(
    articles: list[str],
    rows: list[pd.DataFrame],
    tokens: list[pd.DataFrame],
    empty: pd.DataFrame,
    like: StoryUnits | None,
) -> StoryUnits:
    """Units of some sentences; weighed as the words of others are, where these are given."""
    table = pd.concat(rows, ignore_index=True) if rows else empty.iloc[:0]
    vectors = np.stack(table["embedding"].to_numpy()) if len(table) else np.zeros((0, 1))
    vectors = vectors.astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    number = {article: i for i, article in enumerate(articles)}
    table = table.assign(article=table["article_id"].map(number).astype(int))
    table = table.drop(columns=["embedding", "unit", "mark", "paragraph"])
    said = (
        pd.concat(tokens, ignore_index=True) if tokens else pd.DataFrame(columns=[*_KEYS, "hash"])
    )
    words, idf, hashes = _weighted(table, said, like)
    return StoryUnits(articles, table, vectors, words, idf, hashes)


def _weighted(
    table: pd.DataFrame, said: pd.DataFrame, like: StoryUnits | None
) -> tuple[sparse.csr_array, np.ndarray, np.ndarray]:
    """Tf-idf with the idf of the story's own units."""
    at = pd.MultiIndex.from_frame(table[_KEYS])
    row = at.get_indexer(pd.MultiIndex.from_frame(said[_KEYS])) if len(said) else np.zeros(0, int)
    said_hashes = said["hash"].to_numpy(np.uint64)
    hashes = np.unique(said_hashes) if like is None else like.hashes
    column = np.searchsorted(hashes, said_hashes).clip(max=max(len(hashes) - 1, 0))
    known = hashes[column] == said_hashes if len(hashes) else np.zeros(len(said), bool)
    counts = _counted(row[known], column[known], (len(table), len(hashes)))
    if like is None:
        df = np.bincount(counts.indices, minlength=len(hashes))
        idf = np.log(len(table) / np.maximum(df, 1))
    else:
        idf = like.idf
    return _scaled(counts, idf), idf, hashes


def _counted(row: np.ndarray, column: np.ndarray, shape: tuple[int, int]) -> sparse.csr_array:
    counts = sparse.csr_array((np.ones(len(row), np.float32), (row, column)), shape=shape)
    counts.sum_duplicates()
    return counts


def _scaled(counts: sparse.csr_array, idf: np.ndarray) -> sparse.csr_array:
    counts.data = ((1 + np.log(counts.data)) * idf[counts.indices]).astype(np.float32)
    length = np.sqrt(counts.multiply(counts).sum(axis=1))
    counts.data /= np.repeat(np.where(length > 0, length, 1), np.diff(counts.indptr))
    return counts


def story_words(hashes: Sequence[np.ndarray]) -> sparse.csr_array:
    """Tf-idf of some sentences, each given by the hashes of its words, as of a story's units.

    Parameters
    ----------
    hashes : sequence of uint64 arrays

    Returns
    -------
    csr_array of shape (n_sentences, n_words)
    """
    row = np.repeat(np.arange(len(hashes)), [len(words) for words in hashes])
    words, column = np.unique(np.concatenate(hashes), return_inverse=True)
    counts = _counted(row, column, (len(hashes), len(words)))
    df = np.bincount(counts.indices, minlength=len(words))
    return _scaled(counts, np.log(len(hashes) / df))


def of_several(stories: dict[str, list[str]]) -> dict[str, list[str]]:
    """The stories of two articles or more, in which alone claims are found."""
    return {story: ids for story, ids in stories.items() if len(ids) > 1}


def articles_of_stories(
    features: Features, within: str | Sequence[str] | None
) -> dict[str, list[str]]:
    """The articles of each story, in the order of the metadata.

    Parameters
    ----------
    features : Features
    within : str, sequence of str or None
        As `analysis.groups.strata` takes it; with None all articles are one story, of the name "".
    """
    articles = np.array(features.article_ids, object)
    if within is None:
        return {"": articles.tolist()}
    strata(features, within)  # says what is allowed
    grouping = group_articles(features, within)
    return {
        name: articles[grouping.codes == code].tolist() for code, name in enumerate(grouping.names)
    }
