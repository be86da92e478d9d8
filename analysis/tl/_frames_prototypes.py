"""Frames as prototypes: how near a sentence is to a frame's description, examples and words."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from analysis.codebook import Entry
from analysis.errors import FeaturesError
from analysis.features import Features
from analysis.matching import Matcher
from analysis.models.encoder import Encoder, load_encoder
from analysis.store import Shipment
from analysis.text.tokens import words_of
from analysis.tl.vectorise import vectorise
from analysis.views import pattern_counts, sentence_hits

RESULT = "frame_prototypes"
WORD_ADDS = 0.15  # what a frame's word adds to a cosine; see benchmarks/GVFC.md
LIKE = 0.5  # probability from which a sentence counts as carrying a frame
# intercept and slope of the shipped codebooks on `corpus/harbour`, where examples are too few
SHIPPED_FIT = (-2.2, 18.5)
_OTHER = "other"  # the name of a frame for all else, to which nothing can be near
FEWEST = 6  # examples in frames of two or more that a fit needs
_ENCODED: dict[tuple, np.ndarray] = {}
NOTE = (
    "Scores are relative to this corpus: a frame that every sentence carries alike is taken out."
    " Probabilities are at even odds; compare articles by them, do not read them as prevalence."
)


def prototype_scores(
    features: Features, names: list[str], encoder: Encoder | None = None
) -> tuple[pd.DataFrame, dict, tuple[str, ...]]:
    """Score every sentence on every frame, by the formulas of `frames`.

    Parameters
    ----------
    features : Features
        With `vectors`.
    names : list of str
        The codebook's frames.
    encoder : Encoder, optional
        The model that embedded the sentences; the default one if not given.

    Returns
    -------
    scores : DataFrame
        article_id, sentence, frame, score (about -1 to 1), probability (0 to 1, two decimals).
    params : dict
    notes : tuple of str

    Raises
    ------
    FeaturesError
        If there are no vectors, or they are of another encoder.
    """
    names = [name for name in names if name != _OTHER] or [_OTHER]
    encoder = encoder or load_encoder()
    vectors = vectorise(features, method="embeddings", unit="sentence")
    parts, sources = _parts(features, names, encoder, vectors.matrix.shape[1])
    mean = vectors.matrix.mean(axis=0)
    prototypes = np.stack([_prototype(*parts[name]) for name in names])
    marks = frame_hits(features, vectors.rows, names) > 0
    scores = (vectors.matrix - mean) @ prototypes.T + WORD_ADDS * marks
    fit = _fit(features, names, parts, mean, scores)
    intercept, slope = fit or SHIPPED_FIT
    probability = 1 / (1 + np.exp(-(intercept + slope * scores)))
    cells = {"score": scores.round(4), "probability": probability.round(2)}
    table = score_table(vectors.rows, names, **cells)
    params = {"encoder": encoder.name, "word": WORD_ADDS, "intercept": round(intercept, 3)}
    params |= {"slope": round(slope, 3), "prototypes": sources}
    if fit:
        return table, params, (NOTE,)
    few = (
        f"The codebook has fewer than {FEWEST} examples in frames that have two: probabilities are"
        " by the fit of the shipped codebooks."
    )
    return table, params, (NOTE, few)


def ship_scores(shipment: Shipment) -> dict[str, pd.DataFrame]:
    """The probabilities that ship."""
    features = shipment.features
    if not features.has("vectors") or not features.codebook("frames"):
        return {}
    embedded = features.table("vectors", ["article_id"])["article_id"]
    if set(embedded) != set(features.article_ids):
        return {}
    return {RESULT: coarse_scores(prototype_scores(features, frame_names(features))[0])}


def coarse_scores(table: pd.DataFrame) -> pd.DataFrame:
    """Probabilities in one decimal, each frame's by size within an article, no sentence named.

    By sentence even whole tenths would confirm a guessed sentence (benchmarks/SHARING.md).

    Parameters
    ----------
    table : DataFrame
        Of `prototype_scores`.

    Returns
    -------
    DataFrame
        article_id, frame, probability.
    """
    tenths = table["probability"].round(1)
    less = (tenths == LIKE) & (table["probability"] < LIKE)
    table = table[["article_id", "frame"]].assign(probability=tenths.mask(less, LIKE - 0.1))
    place = table["article_id"].factorize()[0], table["frame"].factorize()[0]
    order = np.lexsort((-table["probability"], place[1], place[0]))
    return table.iloc[order].reset_index(drop=True)


def shipped_scores(table: pd.DataFrame) -> pd.DataFrame:
    """Scores as `prototype_scores` gives them, from those that ship: of sentences without number.

    Parameters
    ----------
    table : DataFrame
        Of `coarse_scores`.

    Returns
    -------
    DataFrame
    """
    if "sentence" in table:  # of an archive of before
        return table
    place = table["article_id"].factorize()[0], table["frame"].factorize()[0]
    rank = table.groupby(["article_id", "frame"], sort=False).cumcount().to_numpy()
    order = np.lexsort((place[1], rank, place[0]))
    unknown = pd.array([pd.NA] * len(table), "Int64")
    columns = ["article_id", "sentence", "frame", "score", "probability"]
    return table.assign(sentence=unknown, score=np.nan)[columns].iloc[order].reset_index(drop=True)


def listed_entries(features: Features, kind: str = "frame") -> list[str]:
    """Names of the codebook's entries of one kind, in its order."""
    entries = (entry.split("/", 1) for entry in features.manifest["entries"])
    return [name for of, name in entries if of == kind]


def frame_names(features: Features) -> list[str]:
    """Names of the codebook's frames, of which there must be some."""
    names = listed_entries(features)
    if not names:
        raise FeaturesError(
            f"{features.corpus}: the codebook names no frames; add some to codebook.yml and extract"
            " again."
        )
    return names


def frame_prototypes(
    features: Features, names: list[str], encoder: Encoder, size: int
) -> np.ndarray:
    """Prototypes of frames, one a row: array of shape (n_frames, `size`)."""
    parts = _parts(features, names, encoder, size)[0]
    return np.stack([_prototype(*parts[name]) for name in names])


def frame_hits(features: Features, rows: pd.DataFrame, names: list[str]) -> np.ndarray:
    """How many words of each frame stand in each sentence: array of shape (n_rows, n_frames)."""
    hits, keys = sentence_hits(features, "frame"), ["article_id", "sentence"]
    place = pd.MultiIndex.from_frame(rows[keys]).get_indexer(pd.MultiIndex.from_frame(hits[keys]))
    column = pd.Index(names).get_indexer(hits["entry"])
    known = (place >= 0) & (column >= 0)
    counts = np.zeros((len(rows), len(names)))
    counts[place[known], column[known]] = hits["count"][known]
    return counts


def score_table(rows: pd.DataFrame, names: list[str], **columns: np.ndarray) -> pd.DataFrame:
    """One row for each sentence and frame, with the cells of arrays of shape (n_rows, n_frames)."""
    table = rows.loc[rows.index.repeat(len(names))].reset_index(drop=True)
    cells = {column: values.ravel() for column, values in columns.items()}
    return table.assign(frame=names * len(rows), **cells)


def _parts(features: Features, names: list[str], encoder: Encoder, size: int) -> tuple[dict, dict]:
    """Embeddings of each frame's description and examples, and what they are made from.

    Of a frame without either, those of its words take the description's place.
    """
    codebook, words = features.codebook("frames"), pattern_counts(features, "frame")
    parts, sources = {}, {}
    for name in names:
        about = codebook.get(name, {})
        description, examples = about.get("description", "").strip(), about.get("examples", [])
        source = "description" if description else ""
        if not description and not examples:
            patterns = words.loc[words["entry"] == name, "pattern"].str.rstrip("*")
            description = ", ".join(sorted(set(patterns)))
            source = "words" if description else "name"
            description = description or name.replace("_", " ")
        listed = f"{len(examples)} examples" if examples else ""
        sources[name] = " and ".join(filter(None, [source, listed]))
        parts[name] = (
            _encoded(encoder, (description,))[0] if description else None,
            _encoded(encoder, tuple(examples)) if examples else np.empty((0, size), np.float32),
        )
        if any(part is not None and part.shape[-1] != size for part in parts[name]):
            raise FeaturesError(
                f"{features.where}: its vectors have {size} dimensions, those of the encoder"
                f" {encoder.name!r} have others; give `encoder`, the model that embedded the"
                " sentences."
            )
    return parts, sources


def _encoded(encoder: Encoder, sentences: tuple[str, ...]) -> np.ndarray:
    """Embeddings of a codebook's few sentences, made once for each model."""
    key = encoder.name, encoder.digest, sentences
    if key not in _ENCODED:
        _ENCODED[key] = encoder.encode(sentences)
    return _ENCODED[key]


def _prototype(first: np.ndarray | None, examples: np.ndarray) -> np.ndarray:
    halves = [] if first is None else [first]
    if len(examples):
        halves.append(_scaled(examples.mean(axis=0)))
    return _scaled(np.sum(halves, axis=0))


def _scaled(vector: np.ndarray) -> np.ndarray:
    return vector / max(np.linalg.norm(vector), 1e-12)


def _fit(
    features: Features, names: list[str], parts: dict, mean: np.ndarray, scores: np.ndarray
) -> tuple[float, float] | None:
    """Intercept and slope of the probability, by the codebook's examples if they are enough."""
    codebook, words = features.codebook("frames"), pattern_counts(features, "frame")
    of_examples = []
    for name in names:
        first, examples = parts[name]
        if len(examples) < 2:
            continue
        patterns = words.loc[words["entry"] == name, "pattern"].unique()
        matcher = Matcher(Entry("frame", name, dict.fromkeys(patterns, 1.0)))
        for i, sentence in enumerate(codebook[name]["examples"]):
            rest = _prototype(first, np.delete(examples, i, axis=0))
            mark = bool(matcher.find(words_of(sentence)))
            of_examples.append((examples[i] - mean) @ rest + WORD_ADDS * mark)
    if len(of_examples) < FEWEST:
        return None
    x = np.r_[of_examples, scores.ravel()]
    model = LogisticRegression(C=1e3, class_weight="balanced", tol=1e-8, max_iter=1000)
    model.fit(x[:, None], np.arange(len(x)) < len(of_examples))
    return float(model.intercept_[0]), max(float(model.coef_[0, 0]), 0.0)
