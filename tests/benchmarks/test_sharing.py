"""What the attacks of `benchmarks.sharing` find in archives that give away what is planted."""

from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.shared_form import in_classes, keyed_ngrams
from analysis.text.tokens import word_hash, words_of
from benchmarks import oracle
from benchmarks.sharing import known_plaintext

KEYS = ["article_id", "sentence"]


def planted():
    """Two sentences, each true and with 20 changes."""
    rows = [("a", s, i == 0, f"g{s}{i:02d}") for s in (0, 1) for i in range(21)]
    return pd.DataFrame(rows, columns=[*KEYS, "true", "guess"])


def said(guesses, values):
    """What is measured of guesses, by the values of (sentence, number of the change)."""
    index = pd.MultiIndex.from_tuples(
        [(column, g, 0) for column in values for g in guesses["guess"]], names=["column", *KEYS]
    )
    told = [(values[column](int(g[1]), int(g[2:])),) for column in values for g in guesses["guess"]]
    return pd.Series(told, index)


def test_a_number_that_only_the_true_sentence_has_confirms_it_and_a_class_does_not():
    guesses = planted()
    here = {
        "digits": lambda s, i: 100 * s + i,  # every change has its own
        "class": lambda s, i: i % 2,  # half of the changes have the true one's
        "one neighbour": lambda s, i: int(i > 1),  # one change in twenty has it, too
    }
    archive = pd.Series(
        {
            ("digits", "a", 0): (0,),
            ("digits", "a", 1): (100,),
            ("class", "a", 0): (0,),
            ("one neighbour", "a", 0): (0,),
        }
    )
    archive.index = archive.index.set_names(["column", *KEYS])
    found = oracle.confirm(guesses, said(guesses, here), archive).set_index("column")
    assert found.loc["digits"].tolist() == [2, 1, 0, 1, 0]
    assert found.loc["class"].tolist() == [1, 1, 0.5, 0, 0]
    assert found.loc["one neighbour"].tolist() == [1, 1, 0.05, 1, 0.05]
    assert found.loc["all together"].tolist()[:3] == [2, 0.5, 0]


TEXTS = {"a": "Nobody saw the crane fall, she said. The quay was empty.", "b": "No. It was late."}


def test_guesses_are_true_sentences_and_the_same_with_one_word_changed():
    private = SimpleNamespace(table=lambda name, columns: TABLES[name][columns])
    articles = [SimpleNamespace(article_id=a, text=text) for a, text in TEXTS.items()]
    corpus = SimpleNamespace(articles=lambda: iter(articles))
    sentences = [("a", 0, 0, 36, 7), ("a", 1, 37, 56, 4), ("b", 0, 0, 3, 1)]
    columns = [*KEYS, "start", "end", "n_tokens"]
    words = words_of(TEXTS["a"])
    TABLES = {
        "sentences": pd.DataFrame(sentences, columns=columns),
        "terms": pd.DataFrame({"article_id": "a", "term": sorted(set(words)), "is_name": False}),
    }
    found = oracle.guess_sentences(corpus, private, changes=30)
    assert set(found["sentence"]) == {0} and found["true"].sum() == 1  # others are too short
    true = words_of(found.loc[found["true"], "text"].item())
    assert true == words_of(TEXTS["a"][:36])
    for text in found.loc[~found["true"], "text"]:
        changed = words_of(text)
        assert sum(x != y for x, y in zip(true, changed, strict=True)) == 1
        assert set(changed) <= set(words) and text[0].isupper()


@pytest.mark.parametrize("ngrams", [True, False])
def test_who_has_one_article_reads_what_another_has_in_common(ngrams):
    same = [f"w{i}" for i in range(12)]
    truth = {"a": ["x", *same, "y"], "b": [*same[:8], "other", *same[9:], "z"]}
    tokens = pd.DataFrame(
        [
            {"article_id": a, "hash": word_hash(w), "quoted": False}
            for a, words in truth.items()
            for w in words
        ]
    ).astype({"hash": "uint64"})
    runs = keyed_ngrams(tokens, b"k" * 32) if ngrams else None
    assert known_plaintext(runs, None, truth) == {
        "ngrams": round(16 / 27, 4) if ngrams else 0,  # eight words on either side
        "passages": 0,
        "both": round(16 / 27, 4) if ngrams else 0,
        "wrong": 0,
    }
    row = {"passage": 1, "kind": "verbatim", "a": "a", "b": "b", "a_position": 1, "b_position": 0}
    row |= {"a_words": 12, "b_words": 12, "n_matching": 11, "identity": 11 / 12}
    found = known_plaintext(runs, pd.DataFrame([row]), truth)
    assert found["passages"] == round(2 * 8 / 27, 4)  # three words behind the change are too few
    assert found["wrong"] == round(2 / 27, 4)


def test_classes_are_the_rounded_tone():
    chances = [(0.9, 0.1, 0.0), (0.5, 0.2, 0.3), (0.1, 0.2, 0.7), (None, None, None)]
    mentions = pd.DataFrame(chances, columns=["negative", "neutral", "positive"], dtype="float32")
    found = in_classes(mentions).to_numpy().tolist()
    assert found[:3] == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert all(cell != cell for cell in found[3])
