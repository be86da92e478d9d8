"""Similarity: articles that share words are alike; what is shipped is what was measured."""

from types import SimpleNamespace

import pandas as pd
import pytest

from analysis import pl, tl
from analysis.errors import FeaturesError, LanguageError, OptionError
from analysis.features import SHARED, load_features, save
from analysis.shared_form import shared_tables
from analysis.store import Shipment
from analysis.tl.similarity import SHIPS, similarity
from tests.memory import features_of
from tests.tl.test_vectorise import TEXTS, Letters


def shipment(features):
    return Shipment(SimpleNamespace(features=features), None, None)


def test_articles_that_share_words_are_alike():
    table = similarity(features_of(TEXTS)).table.set_index(["a", "b"])["cosine"]
    assert list(table.index) == [("a", "b"), ("a", "c"), ("b", "c")]
    assert table["a", "b"] > table["a", "c"] == 0


@pytest.mark.parametrize("method", ["tfidf", "lsa", "embeddings"])
def test_a_cosine_is_the_product_of_two_rows(method):
    features = features_of(TEXTS, encoder=Letters())
    matrix = tl.vectorise(features, method=method).matrix
    plain = matrix.toarray() if method == "tfidf" else matrix
    cosines = [plain[i] @ plain[j] for i, j in ((0, 1), (0, 2), (1, 2))]
    assert similarity(features, method=method).table["cosine"].tolist() == pytest.approx(cosines)


def test_the_shipped_result_is_the_owners(tmp_path):
    private = features_of(TEXTS, encoder=Letters())
    save(
        tmp_path / "features",
        shared_tables(private, b"k" * 32, say=lambda *_: None),
        form=SHARED,
        corpus="small",
        digest="d",
        languages=["en"],
        entries={},
        results=SHIPS.make(shipment(private)),
    )
    read = similarity(load_features(tmp_path / "features"), method="embeddings")
    assert read.params["measured_on"] == "results"
    made = similarity(private, method="embeddings")
    pd.testing.assert_frame_equal(read.table, made.table, check_dtype=False)


def test_nothing_is_shipped_unless_every_article_is_embedded():
    assert SHIPS.make(shipment(features_of(TEXTS | {"d": ""}, encoder=Letters()))) == {}
    with pytest.raises(FeaturesError, match="no table 'vectors'"):
        SHIPS.make(shipment(features_of(TEXTS)))


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(OptionError, match="method must be one of 'tfidf', 'lsa', 'embeddings'"):
        similarity(features_of(TEXTS), method="word2vec")
    with pytest.raises(FeaturesError, match="no table 'vectors'"):
        similarity(features_of(TEXTS), method="embeddings")
    german = features_of({"a": "Ein Tag.", "b": "Zwei."}, language="de", encoder=Letters())
    with pytest.raises(LanguageError, match="the encoder"):
        similarity(german, method="embeddings")


def test_the_figure_draws_the_pairs_most_alike():
    result = similarity(features_of(TEXTS))
    figure = pl.similarity(result)
    (ax,) = figure.axes
    widths = [bar.get_width() for bar in ax.patches]
    assert widths == sorted(result.table["cosine"], reverse=True)
    assert [text.get_text() for text in ax.get_yticklabels()][0] == "a · b"
    assert figure.title == result.finding and "a and b" in result.finding
    assert figure.name == "similarity" and figure.table is result.table
    many = similarity(features_of({f"a{i}": f"Red boats {i}." for i in range(9)}))
    figure = pl.similarity(many)
    assert len(figure.axes[0].patches) == 20 and "20 of 36 pairs" in figure.subtitle


def test_the_figure_of_one_article_says_so():
    (ax,) = pl.similarity(similarity(features_of({"a": "Red boats."}))).axes
    assert not ax.patches and "no two articles" in ax.texts[0].get_text()


def test_groups_are_compared_by_their_summed_words():
    outlets = {"a": "x", "b": "y", "c": "x"}
    result = similarity(features_of(TEXTS, outlets=outlets), by="outlet")
    joined = {"x": f"{TEXTS['a']} {TEXTS['c']}", "y": TEXTS["b"]}
    whole = similarity(features_of(joined))
    assert result.table["cosine"].tolist() == pytest.approx(whole.table["cosine"].tolist())
    assert result.table[["a", "b"]].values.tolist() == [["x", "y"]]
    many = {f"a{i}": f"Red boats {i} sail." for i in range(60)}
    features = features_of(many, outlets={a: f"o{int(a[1:]) % 3}" for a in many})
    result = similarity(features)
    assert result.params["by"] == "outlet" and len(result.table) == 3
    assert "o0" in pl.similarity(result).axes[0].get_yticklabels()[0].get_text()
