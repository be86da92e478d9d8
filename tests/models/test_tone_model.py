"""Tone towards a mention: of whom, not only of what; the same in any company; hostile input ends in
an answer or a clear message.
"""

import copy
import io
import pickle
import socket
import sys
import types

import numpy as np
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax

from analysis.errors import ModelError, OptionError
from analysis.extract.ahead import ReadAhead
from analysis.models.encoder import load_encoder, minilm
from analysis.models.tone.head import (
    HeadTone,
    Reader,
    distance_buckets,
    forward,
    load_head,
    save_head,
)
from analysis.models.tone.model import TEMPERATURE, TONE_WEIGHTS, TUNED_WEIGHTS, load_tone
from analysis.models.tone.states import WINDOW, LayerStates, with_outputs
from analysis.models.tone.transformers import TransformersTone
from analysis.models.tone.words import CHANNELS, SCALE, channels


def tone(sentence, mention, after=0):
    start = sentence.index(mention, after)
    negative, neutral, positive = load_tone().predict([sentence], [(start, start + len(mention))])[
        0
    ]
    return positive - negative


def test_praise_and_blame_differ_without_a_network(monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("no network is used"))
    assert tone("Marlow, a corrupt and incompetent mayor, lied to the town again.", "Marlow") < -0.3
    assert tone("Marlow, an honest and admired mayor, saved the town again.", "Marlow") > 0.3
    assert abs(tone("Marlow will arrive in the harbour on Tuesday at noon.", "Marlow")) < 0.3


def test_one_sentence_has_two_tones_towards_two_people():
    sentence = "Adler praised the crew, but Brandt attacked them with shameful lies."
    assert tone(sentence, "Adler") > 0 > tone(sentence, "Brandt") + 0.2


def test_rows_are_shares_and_a_mention_has_the_same_row_in_any_company():
    # the last is as long as the first, and read at once with it
    sentences = ["Adler praised Brandt.", "The harbour was closed.", "Adler praised Brandt."]
    sentences.append("Adler blamed Brandt.")
    spans = [(0, 5), (4, 11), (14, 20), (0, 5)]
    cut = load_tone().states.pieces
    assert len(cut(sentences[0]).ids) == len(cut(sentences[-1]).ids)
    together = load_tone().predict(sentences, spans)
    assert together.shape == (4, 3) and together.dtype == np.float32
    assert np.allclose(together.sum(axis=1), 1, atol=1e-5) and (together >= 0).all()
    for i, (sentence, span) in enumerate(zip(sentences, spans)):
        assert np.array_equal(together[i], load_tone().predict([sentence], [span])[0])


def test_what_ships_is_the_mean_of_both_models(monkeypatch):
    sentence = "Adler praised the crew, but Brandt attacked them with shameful lies."
    asked = [sentence] * 2, [(0, 5), (28, 34)]
    heads, tuned = (load_tone(file).predict(*asked) for file in (TONE_WEIGHTS, TUNED_WEIGHTS))
    mean = (heads * tuned) ** (0.5 / TEMPERATURE)
    both = load_tone().predict(*asked)
    assert np.allclose(both, mean / mean.sum(axis=1, keepdims=True), atol=1e-5)
    monkeypatch.setattr("analysis.models.tone.model.TUNED_SHA256", "0" * 64)
    with pytest.raises(ModelError, match="published was 000"):
        load_tone.__wrapped__()


def test_states_of_a_pass_for_embedding_are_those_that_tone_would_read(monkeypatch):
    sentence, long = "Adler attacked them with shameful lies.", "word " * 140 + "Adler lied."
    asked = [sentence, long], [(0, 5), (700, 705)]
    tone, encoder = copy.copy(load_tone()), load_encoder()
    alone, vectors = tone.predict(*asked), encoder.encode(asked[0])
    ahead = ReadAhead(encoder, tone)
    ahead.read(asked[0])
    assert np.array_equal(ahead.encode(asked[0]), vectors)
    read = []  # of the short sentence nothing is read again
    monkeypatch.setattr(tone.states, "_session", Watched(tone.states._session, read))
    assert np.array_equal(tone.predict(*asked), alone)
    assert [ids.shape for ids in read] == [(1, WINDOW)]
    tone.states.known = {}


class Watched:
    def __init__(self, session, read):
        self.session, self.read = session, read

    def run(self, names, inputs):
        self.read.append(inputs["input_ids"])
        return self.session.run(names, inputs)


def test_mentions_of_one_sentence_share_a_pass_of_the_encoder(monkeypatch):
    model = copy.copy(load_tone())
    passes = []
    states_of = model.states.states_of
    monkeypatch.setattr(model.states, "states_of", lambda ids: passes.extend(ids) or states_of(ids))
    model.predict(
        ["Adler praised Brandt."] * 3 + ["Brandt left."], [(0, 5), (14, 20), (0, 5), (0, 6)]
    )
    assert len(passes) == 2


def test_nothing_asked_gives_no_rows():
    assert load_tone().predict([], []).shape == (0, 3)


@pytest.mark.parametrize(
    "sentence, span",
    [
        ("Adler lied", (0, 5)),
        ("They blamed Adler", (12, 17)),
        ("Adler", (0, 5)),  # at either end
        ("The old  Dr.\n Adler   left.", (9, 19)),
        ("They met  Adler , then left.", (8, 16)),  # whitespace inside and around
        ("😀", (0, 1)),
        ("قال الوزير إن الخطة ناجحة.", (4, 10)),
        ("השר שיקר לציבור", (0, 3)),
        ("e\u0301lise 😡 lied\u200f.", (0, 7)),
        ("x" * 5000 + " Adler lied.", (5001, 5006)),
        ("Adler" * 2000, (3, 8)),
        ("\0 Adler \x1b[0m lied", (2, 7)),
        ("a" * 4999 + "b", (0, 5000)),
        ("They blamed " + "the old harbour " * 20 + "board.", (12, 337)),  # 61 words
        ("the old harbour " * 90, (0, 1439)),  # more than the window holds
    ],
)
def test_hostile_mentions_get_an_answer(sentence, span):
    row = load_tone().predict([sentence], [span])[0]
    assert np.isfinite(row).all() and np.isclose(row.sum(), 1, atol=1e-5)


def test_overlapping_mentions_get_a_row_each():
    rows = load_tone().predict(["The Adler government failed."] * 3, [(4, 9), (4, 20), (4, 9)])
    assert np.isfinite(rows).all() and np.array_equal(rows[0], rows[2])


def test_whitespace_around_a_mention_changes_nothing():
    sentence = "They say  Adler  lied."
    assert np.array_equal(*load_tone().predict([sentence] * 2, [(10, 15), (8, 17)]))


def test_in_a_long_sentence_the_words_around_the_mention_count():
    filler = "The ships lay in the harbour and the cranes stood still, " * 90
    bad = (
        filler
        + "and Adler, a corrupt and incompetent liar, was convicted of shameful fraud, "
        + filler
    )
    assert len(bad) > 5000 and tone(bad, "Adler") < -0.3
    good = bad.replace(
        "a corrupt and incompetent liar, was convicted of shameful fraud",
        "an admired heroine, was honoured for her bravery",
    )
    assert tone(good, "Adler") > 0.3


@pytest.mark.parametrize(
    "sentence, span",
    [
        ("", (0, 0)),
        ("", (0, 1)),
        ("Adler", (0, 6)),
        ("Adler", (-1, 3)),
        ("Adler", (3, 3)),
        ("Adler", (4, 2)),
        ("Adler  left", (5, 7)),
        (" ", (0, 1)),
        ("a\u200b \u200bb", (3, 4)),
    ],
)
def test_what_cannot_be_a_mention_is_refused_with_its_offsets(sentence, span):
    with pytest.raises(OptionError, match=rf"\({span[0]}, {span[1]}\)"):
        load_tone().predict([sentence], [span])


def test_sentences_and_spans_must_be_as_many():
    with pytest.raises(OptionError, match="2 sentences and 1 spans"):
        load_tone().predict(["a", "b"], [(0, 1)])


@given(st.text(max_size=60), st.integers(-2, 62), st.integers(-2, 62))
def test_any_text_gets_shares_or_a_clear_error(sentence, start, end):
    try:
        row = load_tone().predict([sentence], [(start, end)])[0]
    except OptionError as error:
        assert str((start, end)) in str(error)
    else:
        assert np.isclose(row.sum(), 1, atol=1e-4)


def test_another_process_gets_the_same_model():
    again = pickle.loads(pickle.dumps(load_tone()))
    assert again.digest == load_tone().digest
    assert np.array_equal(
        again.predict(["Adler lied."], [(0, 5)]), load_tone().predict(["Adler lied."], [(0, 5)])
    )


def test_the_members_scores_follow_the_formula():
    rng = np.random.default_rng(0)
    shapes = {
        "project": (6, 4),
        "place": (25, 4),
        "project_bias": (4,),
        "query": (4, 2, 3),
        "key": (4, 2, 3),
        "value": (4, 2, 3),
        "near": (25, 2),
        "hidden": (14, 5),
        "hidden_bias": (5,),
        "out": (5, 3),
        "out_bias": (3,),
    }
    w = {
        name: rng.standard_normal((2, *shape)).astype(np.float32) for name, shape in shapes.items()
    }
    x, bucket = rng.standard_normal((7, 6)).astype(np.float32), distance_buckets(7, 2, 4)
    for m, found in enumerate(forward(w, x, bucket, 2, 4)):
        g = np.array(
            [
                np.maximum(
                    0, x[t] @ w["project"][m] + w["place"][m, bucket[t]] + w["project_bias"][m]
                )
                for t in range(7)
            ]
        )
        u = g[2:4].mean(axis=0)
        parts = [u]
        for head in range(2):
            q = u @ w["query"][m, :, head]
            a = softmax(
                np.array(
                    [
                        q @ (g[t] @ w["key"][m, :, head]) / np.sqrt(3)
                        + w["near"][m, bucket[t], head]
                        for t in range(7)
                    ]
                )
            )
            parts.append(sum(a[t] * (g[t] @ w["value"][m, :, head]) for t in range(7)))
        h = np.maximum(
            0, np.concatenate([*parts, g.mean(axis=0)]) @ w["hidden"][m] + w["hidden_bias"][m]
        )
        assert np.allclose(found, h @ w["out"][m] + w["out_bias"][m], atol=1e-4)


def test_distances_are_signed_and_far_ones_share():
    assert distance_buckets(9, 3, 5).tolist() == [9, 10, 11, 12, 12, 13, 14, 15, 16]
    far = distance_buckets(200, 100, 101)
    assert far[0] == 0 and far[-1] == 24 and (np.diff(far) >= 0).all()


def test_a_layers_states_do_not_depend_on_which_others_are_asked():
    few, more = LayerStates([4]), LayerStates([0, 4, 5])
    ids = few.pieces("The crane fell on Tuesday.").ids
    assert few.states(ids).shape == (1, len(ids) + 2, 384)
    assert np.allclose(few.states(ids)[0], more.states(ids)[1], atol=1e-4)


def test_a_model_rewritten_to_its_own_output_gives_the_same_embedding():
    path, tokenizer = minilm()
    whole = load_encoder()
    session = onnxruntime.InferenceSession(
        with_outputs(path.read_bytes(), ["last_hidden_state"]), providers=["CPUExecutionProvider"]
    )
    ids = np.array(tokenizer.encode("The crane fell.").ids, np.int64)[None]
    feed = {
        "input_ids": ids,
        "attention_mask": np.ones_like(ids),
        "token_type_ids": np.zeros_like(ids),
    }
    mean = session.run(None, feed)[0][0].mean(axis=0)
    assert np.allclose(mean / np.linalg.norm(mean), whole.encode(["The crane fell."])[0], atol=1e-5)


@pytest.mark.parametrize("damaged", [b"\x0f", b"\x3a\xff", b"\x3a"])
def test_what_is_no_model_is_refused(damaged):
    with pytest.raises(ModelError):
        with_outputs(damaged, ["x"])


def test_a_value_that_the_model_lacks_is_named():
    path, _ = minilm()
    with pytest.raises(ModelError, match="layer_norm_99"):
        with_outputs(path.read_bytes(), ["layer_norm_99"])


def test_a_window_holds_the_mention_wherever_it_stands():
    reader = Reader([4])
    sentence = "word " * 400
    for start in (0, 5, 1000, 1995):
        ((inputs, first, last),) = reader.read(sentence, [(start, start + 4)])
        assert inputs.shape == (1, WINDOW, 384 + len(CHANNELS)) and 1 <= first < last <= WINDOW - 1


@pytest.mark.parametrize("sentence", ['He said "fine" to it.', "He said “fine” to it."])
def test_words_between_quotation_marks_of_either_kind_are_quoted(sentence):
    quoted = channels(sentence)[:, CHANNELS.index("quoted")] > 0
    start, end = sentence.index("fine"), sentence.index("fine") + len("fine")
    assert quoted[start:end].all() and not quoted[:7].any() and not quoted[end + 1 :].any()


def test_channels_stand_at_the_words_they_are_of():
    table = channels("She's not “bad”, he said.") * SCALE
    named = dict(zip(CHANNELS, table.T))
    assert named["blame"][11:14].tolist() == pytest.approx([1.25] * 3) and named["valence"][
        11
    ] == pytest.approx(-1.25)
    assert (
        named["negation"][6:9].all()
        and named["speech"][20:24].all()
        and named["quoted"][10:14].all()
        and not named["quoted"][15:].any()
    )
    assert (
        not named["praise"].any() and named["capital"][:5].all() and not named["capital"][5:].any()
    )


def test_words_of_degree_and_of_speech_have_channels_of_their_own():
    table = channels("very said isn't fine")
    held = [[CHANNELS[i] for i in np.flatnonzero(table[at] > 0)] for at in (0, 5, 10, 16)]
    assert held == [["degree"], ["speech"], ["negation"], ["valence", "praise"]]


def test_weights_are_small_and_their_bytes_depend_on_nothing_but_the_arrays(tmp_path):
    assert TONE_WEIGHTS.stat().st_size < 4e6
    with np.load(io.BytesIO(TONE_WEIGHTS.read_bytes()), allow_pickle=False) as stored:
        arrays = dict(stored)
    save_head(tmp_path / "a.npz", arrays)
    save_head(tmp_path / "b.npz", dict(reversed(arrays.items())))
    assert (
        (tmp_path / "a.npz").read_bytes()
        == (tmp_path / "b.npz").read_bytes()
        == TONE_WEIGHTS.read_bytes()
    )
    assert load_tone(tmp_path / "a.npz").digest == load_tone(TONE_WEIGHTS).digest


@pytest.mark.parametrize("content", [b"", b"nothing", None])
def test_damaged_or_missing_weights_are_named(tmp_path, content):
    path = tmp_path / "tone.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match="tone.npz"):
        load_head(path)


def test_other_arrays_than_a_heads_are_refused():
    with pytest.raises(ModelError, match="tone_train"):
        HeadTone({"layers": np.array([4])}, digest="")


def test_a_model_of_ones_own_fits_the_same_interface(tmp_path, monkeypatch):
    (tmp_path / "config.json").write_text("{}")
    labels = types.SimpleNamespace(
        config=types.SimpleNamespace(id2label={0: "Positive", 1: "Negative", 2: "Neutral"})
    )

    class Pipeline:
        model = labels

        def __call__(self, pairs, **_):
            return [
                [
                    {"label": "Positive", "score": 0.7},
                    {"label": "Neutral", "score": 0.2},
                    {"label": "Negative", "score": 0.1},
                ]
                for _ in pairs
            ]

    monkeypatch.setitem(
        sys.modules, "transformers", types.SimpleNamespace(pipeline=lambda *_, **__: Pipeline())
    )
    own = TransformersTone(tmp_path)
    assert np.allclose(own.predict(["Adler left."], [(0, 5)]), [[0.1, 0.2, 0.7]]) and own.predict(
        [], []
    ).shape == (0, 3)
    with pytest.raises(OptionError, match=r"\(0, 50\)"):
        own.predict(["Adler left."], [(0, 50)])
    labels.config.id2label = {0: "LABEL_0"}
    with pytest.raises(ModelError, match="label_0"):
        TransformersTone(tmp_path)


def test_without_transformers_the_message_says_what_to_do(tmp_path, monkeypatch):
    with pytest.raises(ModelError, match="config.json"):
        TransformersTone(tmp_path)
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(ModelError, match="pip install transformers"):
        TransformersTone(tmp_path)
