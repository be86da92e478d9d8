"""Fine-tuning: what ships computes what was trained, padding counts for nothing, a run goes on."""

import numpy as np
import pytest

from analysis.models.tone.head import distance_buckets
from analysis.models.tone.tuned import INPUTS

torch = pytest.importorskip("torch", reason="needs the extra train (requirements-train.txt)")

from benchmarks import tone_bert, tone_tune  # noqa: E402


class Invented:
    """States of eight mentions, of which the class can be read."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.sizes = np.array([5, 6, 7, 8, 9, 10, 11, 12])
        self._x = [rng.standard_normal((n, 392)).astype(np.float32) for n in self.sizes]

    def batch(self, rows):
        n = self.sizes[rows].max()
        x, there, inside = np.zeros((len(rows), n, 392)), *np.zeros((2, len(rows), n))
        for i, row in enumerate(rows):
            x[i, : self.sizes[row]], there[i, : self.sizes[row]] = self._x[row], 1
            inside[i, 2] = 1
        bucket = np.stack([distance_buckets(n, 2, 3)] * len(rows))
        floats = [torch.tensor(a, dtype=torch.float32) for a in (x, inside, there)]
        return [floats[0], torch.from_numpy(bucket), *floats[1:]]


@pytest.fixture
def task(monkeypatch):
    monkeypatch.setattr(tone_tune, "BATCH", 2)
    monkeypatch.setattr(tone_tune, "ToneBert", lambda encoder=None: tone_bert.ToneBert())
    pools = {"joined": np.array([4, 5]), "renamed": np.array([6, 7])}
    return tone_tune.Task(
        Invented(),
        np.array([0, 1, 2, 1, 0, 2, 1, 0]),
        np.eye(3, dtype=np.float32)[[0, 1, 2, 1, 0, 2, 1, 0]],
        np.arange(4),
        pools,
        np.arange(2, 6),
        np.array([True, True, False, False]),
    )


def test_padding_counts_for_nothing(task):
    model = tone_bert.ToneBert()
    together = task.scores(model, np.arange(8))
    for row in range(8):
        assert np.allclose(together[row], task.scores(model, np.array([row])), atol=1e-4)


def test_what_ships_computes_what_was_trained(task):
    from onnxruntime import InferenceSession

    torch.manual_seed(0)
    model = tone_bert.ToneBert()
    content = tone_bert.exported(model, 1.5)
    assert content == tone_bert.exported(model, 1.5) and len(content) < 8e6
    session = InferenceSession(content, providers=["CPUExecutionProvider"])
    for row in (0, 7):
        given = [part.numpy() for part in task.states.batch(np.array([row]))[:3]]
        shares = session.run(None, dict(zip(INPUTS, given)))[0][0]
        scores = torch.tensor(task.scores(model, np.array([row]))[0])
        assert np.allclose(shares, torch.softmax(scores / 1.5, 0), atol=0.02)


def test_a_run_that_was_ended_goes_on_to_the_same_weights(task, tmp_path, monkeypatch):
    monkeypatch.setattr(tone_tune, "SAVED", 1)
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    for folder in (whole, parts):
        folder.mkdir()
    torch.set_num_threads(1)
    tone_tune.Fit(task, None, whole, 3, 2).run()
    begun = tone_tune.Fit(task, None, parts, 3, 2)
    for rows in begun.batches()[:2]:
        begun.step(rows)
    begun.save()
    ended = tone_tune.Fit(task, None, parts, 3, 2)
    assert ended.done == 2
    ended.run()
    one, other = (torch.load(folder / "state.pt")["mean"] for folder in (whole, parts))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_teachers_doubts_are_learned_beside_the_codes_by_copies_too():
    coded = np.eye(3, dtype=np.float32)[[0, 1, 2, 0, 0]]  # the last two are copies of the first
    scores = np.array([[3, 0, 0], [0, 3, 0], [2, 0, 1]], np.float32)  # doubts the third
    wanted = tone_tune.taught(coded, scores, np.array([0, 1, 2, 0, 0]))
    assert np.allclose(wanted.sum(axis=1), 1, atol=1e-6) and (wanted[3:] == wanted[0]).all()
    assert wanted[0].argmax() == 0 and wanted[1].argmax() == 1
    assert wanted[2, 2] < wanted[0, 0] and wanted[2, 2] >= 1 - tone_tune.TAUGHT
