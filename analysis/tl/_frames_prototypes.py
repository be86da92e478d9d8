"""Frames as prototypes: how near a sentence stands to a frame's description, examples and words."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from analysis.matching import Matcher
from analysis.codebook import Entry
from analysis.errors import FeaturesError
from analysis.features import Features
from analysis.models.encoder import Encoder, load_encoder
from analysis.text.tokens import words_of
from analysis.tl.vectorise import vectorise
from analysis.views import ENGLISH, pattern_counts, require_language, sentence_hits

RESULT = "frame_prototypes"
WORD = 0.15  # what a frame's word adds to a cosine; see benchmarks/GVFC.md
LIKE = 0.5  # probability from which a sentence counts as carrying a frame
SHIPPED_FIT = (
    -2.2,
    18.5,
    # intercept and slope of the shipped codebooks on `corpus/harbour`, for a codebook with too few
    # examples
)
OTHER = "other"  # the name of a frame for all else, to which nothing can be near
FEWEST = 6  # examples in frames of two or more that a fit needs
_ENCODED: dict[tuple, np.ndarray] = {}
RELATIVE = (
    "Scores are relative to this corpus: a frame that every sentence carries alike is taken out."
    " Probabilities are at even odds; compare articles by them, do not read them as prevalence."
)


def prototype_scores(
    features: Features, encoder: Encoder | None = None
) -> tuple[pd.DataFrame, dict, tuple[str, ...]]:
    r"""Score every sentence on every frame of the codebook.

    A frame's prototype :math:`p_f` is the mean of its description's embedding and of its examples'
    mean embedding, scaled to length 1; of a frame that has neither, the embedding of those of its
    words that the corpus holds. A frame named "other" is left out. With :math:`x` the embedding of
    a sentence and :math:`\bar x` the mean over all sentences of the corpus,

    .. math:: s_f(x) = x \cdot p_f - \bar x \cdot p_f + 0.15\,[\text{a word of } f \text{ stands in the sentence}].

    Subtracting the mean takes out what all sentences share with a frame, their topic first of all:
    scores compare sentences of one corpus. The probability is :math:`1 / (1 + e^{-(a + b s)})`,
    with `a` and `b` from a logistic regression, both sides weighed alike, that tells the codebook's
    examples (each scored by its frame's prototype made without it) from the sentences of the
    corpus. It says how much more like an example of the frame than like an ordinary sentence of
    this corpus a sentence is; .5 is as much like one as like the other. It is no prevalence.

    Parameters
    ----------
    features : Features
        The private form, with `vectors`; or the shared form with the shipped result.
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
    LanguageError
        If an article is in another language than English, for which the default encoder is made.
    FeaturesError
        If there are neither vectors nor a shipped result, or the vectors are of another encoder.

    References
    ----------
    Platt, J. (1999). Probabilistic outputs for support vector machines. Advances in Large Margin
    Classifiers, 61-74.
    """
    require_language(features, "the sentence encoder", ENGLISH, 'Use method="words".')
    if not features.has("vectors") and features.has_result(RESULT):
        return features.result(RESULT), {"measured_on": "results"}, (RELATIVE,)
    names = [name for name in frame_names(features) if name != OTHER] or [OTHER]
    encoder = encoder or load_encoder()
    vectors = vectorise(features, method="embeddings", unit="sentence")
    parts, sources = _parts(features, names, encoder, vectors.matrix.shape[1])
    mean = vectors.matrix.mean(axis=0)
    prototypes = np.stack([_prototype(*parts[name]) for name in names])
    scores = (vectors.matrix - mean) @ prototypes.T + WORD * sentence_marks(
        features, vectors.rows, names
    )
    (intercept, slope), fitted = _fit(features, names, parts, mean, scores)
    probability = 1 / (1 + np.exp(-(intercept + slope * scores)))
    table = (
        vectors.rows.loc[vectors.rows.index.repeat(len(names))]
        .reset_index(drop=True)
        .assign(
            frame=names * len(vectors.rows),
            score=scores.ravel().round(4),
            probability=probability.ravel().round(2),
        )
    )
    params = {
        "encoder": encoder.name,
        "word": WORD,
        "intercept": round(intercept, 3),
        "slope": round(slope, 3),
        "prototypes": sources,
    }
    notes = (RELATIVE,)
    if not fitted:
        notes += (
            (
                f"The codebook has fewer than {FEWEST} examples in frames that have two:"
                " probabilities are by the fit of the shipped codebooks."
            ),
        )
    return table, params, notes


def result_table(private: Features, encoder: Encoder | None = None) -> pd.DataFrame:
    """The scores as they ship beside the shared form: rounded to two decimals, so that no candidate
    sentence can be told by them.
    """
    table = prototype_scores(private, encoder)[0]
    return table.assign(score=table["score"].round(2))


def frame_names(features: Features) -> list[str]:
    """Names of the codebook's frames, in its order."""
    names = [
        entry.split("/", 1)[1]
        for entry in features.manifest["entries"]
        if entry.startswith("frame/")
    ]
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


def sentence_marks(features: Features, rows: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Whether a word of a frame stands in a sentence: array of 0 and 1 of shape (n_sentences,
    n_frames).
    """
    hits = sentence_hits(features, "frame")
    marks = np.zeros((len(rows), len(names)))
    place = pd.MultiIndex.from_frame(rows[["article_id", "sentence"]]).get_indexer(
        pd.MultiIndex.from_frame(hits[["article_id", "sentence"]])
    )
    column = pd.Index(names).get_indexer(hits["entry"])
    known = (place >= 0) & (column >= 0)
    marks[place[known], column[known]] = 1
    return marks


def _parts(features: Features, names: list[str], encoder: Encoder, size: int) -> tuple[dict, dict]:
    """Of each frame the embedding of its description (or words; None if there is neither) and those
    of its examples; and what they are of.
    """
    said, words = features.codebook("frames"), pattern_counts(features, "frame")
    parts, sources = {}, {}
    for name in names:
        about = said.get(name, {})
        description, examples = (
            about.get("description", "").strip(),
            list(about.get("examples", [])),
        )
        found = sorted(set(words.loc[words["entry"] == name, "pattern"].str.rstrip("*")))
        # its name is all that is left of a frame without description, examples and matched words
        first = description or ("" if examples else ", ".join(found) or name.replace("_", " "))
        parts[name] = (
            _encoded(encoder, (first,))[0] if first else None,
            _encoded(encoder, tuple(examples)) if examples else np.empty((0, size), np.float32),
        )
        sources[name] = " and ".join(
            filter(
                None,
                [
                    (
                        "description"
                        if description
                        else ""
                        if examples
                        else "words"
                        if found
                        else "name"
                    ),
                    f"{len(examples)} examples" if examples else "",
                ],
            )
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
        mean = examples.mean(axis=0)
        halves.append(mean / max(np.linalg.norm(mean), 1e-12))
    total = np.sum(halves, axis=0)
    return total / max(np.linalg.norm(total), 1e-12)


def _fit(
    features: Features, names: list[str], parts: dict, mean: np.ndarray, scores: np.ndarray
) -> tuple[tuple[float, float], bool]:
    """Intercept and slope of the probability, and whether the codebook's examples gave them."""
    said, words = features.codebook("frames"), pattern_counts(features, "frame")
    own = []
    for name in names:
        first, examples = parts[name]
        if len(examples) < 2:
            continue
        patterns = words.loc[words["entry"] == name, "pattern"].unique()
        matcher = Matcher(Entry("frame", name, dict.fromkeys(patterns, 1.0)))
        for i, sentence in enumerate(said[name]["examples"]):
            tokens = words_of(sentence)
            rest = _prototype(first, np.delete(examples, i, axis=0))
            own.append(
                (examples[i] - mean) @ rest + WORD * bool(matcher.find(tokens, [0] * len(tokens)))
            )
    if len(own) < FEWEST:
        return SHIPPED_FIT, False
    x = np.r_[own, scores.ravel()]
    model = LogisticRegression(C=1e3, class_weight="balanced", tol=1e-8, max_iter=1000).fit(
        x[:, None], np.arange(len(x)) < len(own)
    )
    return (float(model.intercept_[0]), max(float(model.coef_[0, 0]), 0.0)), True
