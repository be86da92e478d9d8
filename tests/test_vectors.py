"""Vectors: the stated weighting, fixed signs, and embeddings through any encoder."""

import numpy as np
import pytest

from analysis.errors import FeaturesError, LanguageError, OptionError
from analysis.tl.similarity import similarity
from analysis.tl.vectorise import vectorise
from tests.memory import features_of

TEXTS = {"a": "Red boats sail. Red sails.", "b": "Blue boats sail.", "c": "Green hills rest."}


class Letters:
    """A small encoder of a user's own: counts of three letters."""

    name, digest = "letters", "1"

    def encode(self, sentences):
        rows = np.array([[s.lower().count(c) + 0.1 for c in "rbg"] for s in sentences], np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_tfidf_is_the_stated_weighting():
    vectors = vectorise(features_of(TEXTS))
    weights = dict(zip(vectors.columns, vectors.matrix.toarray()[0]))
    raw = {
        "red": (1 + np.log(2)) * (1 + np.log(4 / 2)),
        "boats": 1 + np.log(4 / 3),
        "sail": 1 + np.log(4 / 3),
        "sails": 1 + np.log(4 / 2),
    }
    length = np.sqrt(sum(w * w for w in raw.values()))
    assert {w: round(x, 9) for w, x in weights.items() if x} == {
        w: round(x / length, 9) for w, x in raw.items()
    }


def test_articles_that_share_words_are_alike():
    table = similarity(features_of(TEXTS)).table.set_index(["a", "b"])["cosine"]
    assert table["a", "b"] > table["a", "c"] == 0


def test_the_sign_of_every_lsa_dimension_is_fixed():
    forward = vectorise(features_of(TEXTS), method="lsa", dimensions=2)
    assert np.allclose(np.linalg.norm(forward.matrix, axis=1), 1) and forward.columns == [
        "lsa 1",
        "lsa 2",
    ]
    assert np.allclose(
        forward.matrix, vectorise(features_of(TEXTS), method="lsa", dimensions=2, seed=5).matrix
    )


def test_sentences_are_rows_too():
    vectors = vectorise(features_of(TEXTS), unit="sentence")
    assert (
        vectors.rows.values.tolist() == [["a", 0], ["a", 1], ["b", 0], ["c", 0]]
        and vectors.matrix.shape[0] == 4
    )


def test_an_encoder_of_ones_own_fits():
    features = features_of(TEXTS, encoder=Letters())
    sentences = vectorise(features, method="embeddings", unit="sentence").matrix
    article = vectorise(features, method="embeddings").matrix[0]
    mean = sentences[:2].mean(axis=0)
    assert np.allclose(article, mean / np.linalg.norm(mean), atol=1e-3)


def test_what_is_missing_or_not_for_the_language_is_told():
    with pytest.raises(FeaturesError, match="no table 'vectors'"):
        vectorise(features_of(TEXTS), method="embeddings")
    with pytest.raises(LanguageError, match="sentence encoder"):
        vectorise(
            features_of({"a": "Ein Tag.", "b": "Zwei."}, language="de", encoder=Letters()),
            method="embeddings",
        )
    with pytest.raises(OptionError, match="allowed are 'tfidf', 'lsa', 'embeddings'"):
        vectorise(features_of(TEXTS), method="word2vec")
    with pytest.raises(OptionError, match="leaves no word"):
        vectorise(features_of(TEXTS), min_articles=9)
