"""Upper layers of the encoder with a target, in torch: what `benchmarks.tone_train` fine-tunes."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import nn
from torch.nn import functional as F

from analysis.models.tone.head import DISTANCES, WIDTH
from analysis.models.tone.tuned import BELOW as LAYERS_BELOW
from analysis.models.tone.tuned import INPUTS
from analysis.models.tone.words import CHANNELS

BELOW, LAYERS = 2, 6  # layers that stay as they are, and all
ATTENTION, INNER, HIDDEN = 12, 1536, 128
DROPPED, DROPPED_WORDS, DROPPED_READ = 0.1, 0.06, 0.2
LARGE = 10_000  # numbers, above which weights are kept in int8
LEARNED_ANEW = ("place", "known", "read", "hidden", "scores")


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.wide, self.narrow = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm, self.norm_2 = nn.LayerNorm(WIDTH, 1e-12), nn.LayerNorm(WIDTH, 1e-12)
        self.drop = nn.Dropout(DROPPED)

    def forward(self, x: torch.Tensor, near: torch.Tensor) -> torch.Tensor:
        mentions, n, _ = x.shape
        q, k, v = self.qkv(x).view(mentions, n, 3, ATTENTION, -1).permute(2, 0, 3, 1, 4)
        # written out: on CPUs torch's own takes thrice as long backwards
        shares = torch.softmax(q @ k.transpose(2, 3) / (WIDTH / ATTENTION) ** 0.5 + near, -1)
        seen = (shares.to(v.dtype) @ v).transpose(1, 2).reshape(mentions, n, WIDTH)
        x = self.norm(x + self.drop(self.out(seen)))
        return self.norm_2(x + self.drop(self.narrow(F.gelu(self.wide(x)))))


class ToneBert(nn.Module):
    """Scores of negative, neutral and positive tone towards a target.

    It takes the states after layer `BELOW`, to which it adds what it learned of each piece's
    distance to the target and of the channels of its word, goes on with the layers above, and reads
    the mean of the target's states, the first state and the mean of all.
    """

    def __init__(self, folder: Path | None = None):
        super().__init__()
        self.place, self.known = nn.Embedding(DISTANCES, WIDTH), nn.Linear(len(CHANNELS), WIDTH)
        nn.init.normal_(self.place.weight, std=0.02)
        nn.init.normal_(self.known.weight, std=0.02)
        nn.init.zeros_(self.known.bias)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS - BELOW))
        self.hidden, self.scores = nn.Linear(3 * WIDTH, HIDDEN), nn.Linear(HIDDEN, 3)
        self.drop_read = nn.Dropout(DROPPED_READ)
        if folder:
            missing, unknown = self.load_state_dict(published(folder), strict=False)
            assert not unknown and {name.split(".")[0] for name in missing} <= {*LEARNED_ANEW}

    def forward(self, x, bucket, inside, there) -> torch.Tensor:
        """See `benchmarks.tone_train.Mentions.batch`."""
        if self.training:
            there = there * ((torch.rand_like(there) >= DROPPED_WORDS) | (inside > 0))
        near = torch.zeros_like(there).masked_fill(there == 0, -1e9)[:, None, None]
        x = x[..., :WIDTH] + self.place(bucket) + self.known(x[..., WIDTH:])
        for layer in self.layers:
            x = layer(x, near)
        target, mean = inside[:, None] @ x, (there / there.sum(1, keepdim=True))[:, None] @ x
        read = self.drop_read(torch.cat([target[:, 0], x[:, 0], mean[:, 0]], 1))
        return self.scores(self.drop_read(F.gelu(self.hidden(read))))


class Shares(nn.Module):
    """What ships: probabilities of one mention, nothing padded."""

    def __init__(self, model: ToneBert, temperature: float):
        super().__init__()
        self.model, self.temperature = model, temperature

    def forward(self, x, bucket, inside) -> torch.Tensor:
        scores = self.model(x, bucket, inside, torch.ones_like(inside))
        return torch.softmax(scores / self.temperature, -1)


def exported(model: ToneBert, temperature: float) -> bytes:
    """The model as ONNX, its weights in int8; the same weights give the same bytes."""
    n, stream = 9, io.BytesIO()
    inside = torch.zeros(1, n)
    inside[0, 2] = 1
    given = (torch.zeros(1, n, WIDTH + len(CHANNELS)), torch.zeros(1, n, dtype=torch.long), inside)
    torch.onnx.export(
        Shares(model, temperature).eval(),
        given,
        stream,
        input_names=list(INPUTS),
        output_names=["shares"],
        dynamic_axes={name: {1: "pieces"} for name in INPUTS},
        opset_version=17,
        dynamo=False,
    )
    whole = onnx.load_from_string(stream.getvalue())
    _in_int8(whole.graph)
    for node in whole.graph.node:
        node.ClearField("doc_string")
    whole.metadata_props.add(key=LAYERS_BELOW, value=str(BELOW))
    onnx.checker.check_model(whole)
    return whole.SerializeToString()


def _in_int8(graph: onnx.GraphProto) -> None:
    """Keep large weights in int8, with a scale for each column; onnxruntime widens them once."""
    kept, widened = [], []
    for held in graph.initializer:
        weights = numpy_helper.to_array(held)
        if weights.ndim != 2 or weights.size < LARGE:
            kept.append(held)
            continue
        scale = np.maximum(np.abs(weights).max(axis=0), 1e-12).astype(np.float32) / 127
        whole, wide = np.rint(weights / scale).astype(np.int8), f"{held.name}_wide"
        kept.append(numpy_helper.from_array(whole, f"{held.name}_int8"))
        kept.append(numpy_helper.from_array(scale, f"{held.name}_scale"))
        widened.append(
            helper.make_node("Cast", [f"{held.name}_int8"], [wide], to=onnx.TensorProto.FLOAT)
        )
        widened.append(helper.make_node("Mul", [wide, f"{held.name}_scale"], [held.name]))
    nodes = [*widened, *graph.node]
    for field, values in (("initializer", kept), ("node", nodes)):
        graph.ClearField(field)
        getattr(graph, field).extend(values)


def published(folder: Path) -> dict[str, torch.Tensor]:
    """The upper layers of all-MiniLM-L6-v2 in full precision, by the names of `ToneBert`."""
    from safetensors.torch import load_file

    held, found = load_file(folder / "model.safetensors"), {}
    names = {
        "out": "attention.output.dense",
        "norm": "attention.output.LayerNorm",
        "wide": "intermediate.dense",
        "narrow": "output.dense",
        "norm_2": "output.LayerNorm",
    }
    for i in range(LAYERS - BELOW):
        layer = f"encoder.layer.{i + BELOW}."
        for kind in ("weight", "bias"):
            for ours, theirs in names.items():
                found[f"layers.{i}.{ours}.{kind}"] = held[f"{layer}{theirs}.{kind}"]
            parts = [held[f"{layer}attention.self.{p}.{kind}"] for p in ("query", "key", "value")]
            found[f"layers.{i}.qkv.{kind}"] = torch.cat(parts)
    return found
