"""Vectors: the stated weighting, fixed signs, and embeddings through any encoder."""

import numpy as np
import pytest

from analysis import pl
from analysis.errors import FeaturesError, LanguageError, OptionError
from analysis.tl.vectorise import vectorise
from tests.memory import features_of

TEXTS = {"a": "Red boats sail. Red sails.", "b": "Blue boats sail.", "c": "Green hills rest."}


class Letters:
    """A small encoder of a user's own: counts of three letters."""

    name, digest = "letters", "1"

    def encode(self, sentences):
        rows = np.array([[s.lower().count(c) + 0.1 for c in "rbg"] for s in sentences], np.float32)
        rows = rows.reshape(-1, 3)
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


def test_what_is_missing_or_not_for_the_language_is_refused():
    with pytest.raises(FeaturesError, match="no table 'vectors'"):
        vectorise(features_of(TEXTS), method="embeddings")
    with pytest.raises(LanguageError, match="the encoder"):
        vectorise(
            features_of({"a": "Ein Tag.", "b": "Zwei."}, language="de", encoder=Letters()),
            method="embeddings",
        )
    with pytest.raises(FeaturesError, match="at least two rows and two words"):
        vectorise(features_of({"a": "Red boats."}), method="lsa")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "word2vec"}, "method must be one of 'tfidf', 'lsa', 'embeddings'"),
        ({"unit": "paragraph"}, "unit must be one of 'article', 'sentence'"),
        ({"dimensions": 2.5}, r"dimensions must be a whole number of at least 1 \(got 2.5\)"),
        ({"min_articles": True}, "min_articles must be a whole number"),
        ({"min_articles": 9}, "min_articles must leave a word of 8"),
        ({"seed": -1}, "seed must be a whole number of at least 0"),
    ],
)
def test_wrong_options_are_refused(options, message):
    with pytest.raises(OptionError, match=message):
        vectorise(features_of(TEXTS), **options)


@pytest.mark.parametrize("method", ["tfidf", "lsa"])
def test_places_are_principal_components(method):
    vectors = vectorise(features_of(TEXTS | {"d": "Green boats rest."}), method=method)
    matrix = vectors.matrix.toarray() if method == "tfidf" else vectors.matrix
    centred = matrix - matrix.mean(axis=0)
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    places = vectors.table[["x", "y"]].to_numpy()
    np.testing.assert_allclose(np.abs(places), np.abs(u * s)[:, :2], atol=1e-9)
    assert vectors.shown == pytest.approx((s[:2] ** 2).sum() / (s**2).sum())


def test_equal_rows_and_a_single_one_have_one_place():
    equal = vectorise(features_of(dict.fromkeys("abc", "Red boats sail.")))
    assert (equal.table[["x", "y"]] == 0).all().all() and equal.shown == 1
    assert vectorise(features_of({"a": "Red boats."})).table["x"].tolist() == [0]


def test_the_figure_draws_the_places():
    result = vectorise(features_of(TEXTS))
    figure = pl.vectorise(result)
    (ax,) = figure.axes
    np.testing.assert_allclose(ax.lines[0].get_xydata(), result.table[["x", "y"]])
    assert [text.get_text() for text in ax.texts] == ["a", "b", "c"]
    assert figure.title == result.finding
    assert result.finding.startswith("3 articles as vectors of 8 dimensions")
    assert figure.name == "vectorise"
    (ax,) = pl.vectorise(vectorise(features_of({"a": "Red boats."}))).axes
    assert not ax.lines and "there must be two" in ax.texts[0].get_text()


def test_points_are_coloured_by_outlet_and_names_keep_apart():
    texts = {f"a{i}": f"{'Red' if i % 2 else 'Blue'} boats {i % 7} sail." for i in range(28)}
    outlets = {a: f"o{int(a[1:]) % 12}" for a in texts}
    figure = pl.vectorise(vectorise(features_of(texts, outlets=outlets)))
    (ax,) = figure.axes
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert len(legend) == 9 and legend[-1] == "others"
    figure.canvas.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_the_rows_of_groups_are_their_summed_words():
    features = features_of(TEXTS, outlets={"a": "x", "b": "y", "c": "x"})
    vectors = vectorise(features, by="outlet")
    assert vectors.rows["group"].tolist() == ["x", "y"] and vectors.labels.tolist() == ["x", "y"]
    with pytest.raises(OptionError, match="by must be None where unit is 'sentence'"):
        vectorise(features, by="outlet", unit="sentence")
