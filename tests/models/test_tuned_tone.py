"""A tone model in ONNX reads the states that it was made for, and nothing else passes for one."""

import pickle

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from scipy.special import softmax

from analysis.errors import ModelError, OptionError
from analysis.models.encoder import sha256
from analysis.models.tone.head import Reader
from analysis.models.tone.model import load_tone
from analysis.models.tone.tuned import BELOW, INPUTS, TunedTone

SENTENCE = "Adler praised the crew, but Brandt attacked them with shameful lies."


def written(path, *, below="2", names=INPUTS):
    """A model whose scores are the first three numbers of the target's mean state."""
    states, place, target = names
    nodes = [
        helper.make_node("Unsqueeze", [target, "one"], ["row"]),
        helper.make_node("MatMul", ["row", states], ["mean"]),
        helper.make_node("Slice", ["mean", "from", "to", "axis"], ["three"]),
        helper.make_node("Squeeze", ["three", "one"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["shares"], axis=-1),
    ]
    numbers = {"one": [1], "from": [0], "to": [3], "axis": [2]}
    graph = helper.make_graph(
        nodes,
        "tone",
        [
            helper.make_tensor_value_info(states, TensorProto.FLOAT, [1, "n", 392]),
            helper.make_tensor_value_info(place, TensorProto.INT64, [1, "n"]),
            helper.make_tensor_value_info(target, TensorProto.FLOAT, [1, "n"]),
        ],
        [helper.make_tensor_value_info("shares", TensorProto.FLOAT, [1, 3])],
        [helper.make_tensor(n, TensorProto.INT64, [1], v) for n, v in numbers.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    if below is not None:
        model.metadata_props.add(key=BELOW, value=below)
    onnx.save(model, str(path))
    return path


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return written(tmp_path_factory.mktemp("tone") / "tone.onnx")


def test_it_reads_the_states_of_its_layer_at_the_target(file):
    spans = [(0, 5), (28, 34), (0, 34)]
    found = TunedTone(file).predict([SENTENCE] * 3, spans)
    for row, (inputs, first, last) in zip(found, Reader([2]).read(SENTENCE, spans)):
        assert np.allclose(row, softmax(inputs[0, first:last, :3].mean(axis=0)), atol=1e-5)
    assert found.dtype == np.float32 and not np.allclose(found[0], found[1])


def test_a_mention_has_the_same_row_in_any_company_and_in_another_process(file):
    model = TunedTone(file, published=sha256(file))
    long = "word " * 60
    asked = [
        (SENTENCE, (0, 5)),
        (long, (0, len(long))),
        ("x" * 5000 + " Adler lied.", (5001, 5006)),
    ]
    together = model.predict(*zip(*asked))
    again = pickle.loads(pickle.dumps(model))
    assert again.digest == model.digest == load_tone(file).digest != load_tone().digest
    for row, (sentence, span) in zip(together, asked):
        assert np.isfinite(row).all() and row.sum() == pytest.approx(1, abs=1e-5)
        assert np.array_equal(row, again.predict([sentence], [span])[0])
    assert model.predict([], []).shape == (0, 3)
    with pytest.raises(OptionError, match="2 sentences and 1 spans"):
        model.predict(["a", "b"], [(0, 1)])
    with pytest.raises(OptionError, match=r"\(3, 3\)"):
        model.predict(["Adler"], [(3, 3)])


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "changed"])
def test_a_file_that_is_missing_or_damaged_is_named(file, tmp_path, damage):
    path, content = tmp_path / "tone.onnx", file.read_bytes()
    changed = {"empty": b"", "cut": content[: len(content) // 2], "changed": content + b" "}
    if damage != "missing":
        path.write_bytes(changed[damage])
    with pytest.raises(ModelError, match="tone.onnx.*tone_tune"):
        TunedTone(path, published=sha256(file) if damage == "changed" else None)


def test_a_model_of_another_kind_is_refused(tmp_path):
    with pytest.raises(ModelError, match=BELOW):
        TunedTone(written(tmp_path / "a.onnx", below=None))
    with pytest.raises(ModelError, match="input_ids"):
        TunedTone(written(tmp_path / "b.onnx", names=("input_ids", "place", "target")))
