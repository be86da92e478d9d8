"""Fine-tune the upper layers of the encoder for tone towards a target.

    python -m benchmarks.tone_tune --train FILE --work DIR --encoder DIR [--seed N]
    python -m benchmarks.tone_tune --train FILE --work DIR --average DIR [DIR ...] --out FILE.onnx

Needs the extra `train`. FILE is as for `benchmarks.tone_train`, with the same joined and renamed
copies; the encoder's DIR holds all-MiniLM-L6-v2 in full precision (model.safetensors). The states
below are read once, by the encoder that ships, and kept in `--work`, with a folder for each seed
that holds the weights, so that a run that was ended goes on where it was. The first of
`benchmarks.tone_train`'s folds of articles is left out, for choosing and for the temperature, so
that heads which did not see it either can be scored beside it. A JSON line is printed after each
round; the second form averages the weights of several seeds, calibrates them, and writes what
ships.
"""

from __future__ import annotations

import argparse
import copy
import json
import resource
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from scipy.special import log_softmax, softmax
from torch.nn import functional as F

from analysis.inference import generator
from analysis.models.tone.head import WIDTH, Reader, distance_buckets
from analysis.models.tone.words import CHANNELS
from benchmarks.newsmtsc import calibration_error, macro_f1
from benchmarks.tone_bert import BELOW, LEARNED_ANEW, ToneBert, exported
from benchmarks.tone_train import FOLDS, _fitted, _loss, copies

ADDED = {"joined": 0.4, "renamed": 0.25}  # copies that a round adds, as a share of the mentions
ROUNDS, BATCH = 2, 32
RATE, RATE_ANEW = 2.5e-4, 1e-3  # of the top layer, of what is not in the published encoder
LOWER, DECAY = 0.85, 0.01  # the rate's share a layer down
WARM, KEPT = 0.06, 0.997  # share of the steps; of the running mean of the weights, a step
TAUGHT = 0.5  # the teacher's share in what is learned
SAVED, TOLD = 150, 50  # steps from one saved state, and one line, to the next


class States:
    """States after the lower layers and channels, of every mention, in half precision on disk."""

    def __init__(self, table: pd.DataFrame, folder: Path):
        names = [folder / f"{name}.npy" for name in ("states", "rows")]
        if not all(name.is_file() for name in names):
            for name, array in zip(names, self._read(table)):
                np.save(name, array)
        self._states, self._rows = np.load(names[0], mmap_mode="r"), np.load(names[1])
        self.sizes = self._rows[:, 1] - self._rows[:, 0]

    @staticmethod
    def _read(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        spans = list(zip(table["from"].astype(int), table["to"].astype(int)))
        reader, rows = Reader([BELOW]), np.zeros((len(table), 4), np.int64)
        states, at = [], 0
        for sentence, places in table.groupby("sentence", sort=False).indices.items():
            latest, n = None, 0
            found = reader.read(sentence, [spans[row] for row in places])
            for row, (inputs, first, last) in zip(places, found):
                if inputs is not latest:  # mentions of one sentence share it
                    latest, n = inputs, inputs.shape[1]
                    states.append(inputs[0].astype(np.float16))
                    at += n
                rows[row] = at - n, at, first, last
        return np.concatenate(states), rows

    def batch(self, rows: np.ndarray) -> list[torch.Tensor]:
        """States, buckets, shares of the mention's pieces, and which pieces there are, padded to
        the longest.
        """
        longest = self.sizes[rows].max()
        x = np.zeros((len(rows), longest, WIDTH + len(CHANNELS)), np.float32)
        bucket = np.zeros((len(rows), longest), np.int64)
        inside, there = np.zeros((2, len(rows), longest), np.float32)
        for i, row in enumerate(rows):
            begin, end, first, last = self._rows[row]
            x[i, : end - begin] = self._states[begin:end]
            bucket[i] = distance_buckets(longest, first, last)
            inside[i, first:last] = 1 / (last - first)
            there[i, : end - begin] = 1
        return [torch.from_numpy(array) for array in (x, bucket, inside, there)]


@dataclass
class Task:
    """What is learned from, and what is held out."""

    states: States
    coded: np.ndarray  # 0, 1, 2
    wanted: np.ndarray  # probabilities, a row a mention and copy
    own: np.ndarray
    pools: dict[str, np.ndarray]
    held: np.ndarray
    contrast: np.ndarray  # of the held: their sentence judges two mentions differently

    @classmethod
    def read(
        cls, train: Path, without: list[Path], folder: Path, teacher: Path | None = None
    ) -> Task:
        table = pd.read_parquet(train)
        apart = {s for file in without for s in pd.read_parquet(file)["sentence"]}
        table = table[~table["sentence"].isin(apart)].reset_index(drop=True)
        articles = pd.factorize(table["id"].str.split("_").str[:3].str.join("_"))[0]
        fold = generator(0, "folds").permutation(articles.max() + 1)[articles] % FOLDS
        added = copies(table, fold)
        every = pd.concat([table, added], ignore_index=True)
        held = np.flatnonzero(fold == 0)
        several = table.groupby("sentence")["polarity"].transform("nunique") > 1
        pools = {
            kind: len(table) + np.flatnonzero((added["fold"] != 0) & (added["kind"] == kind))
            for kind in ADDED
        }
        coded = every["polarity"].to_numpy().astype(int) + 1
        own, wanted = np.flatnonzero(fold != 0), np.eye(3, dtype=np.float32)[coded]
        if teacher:
            of = np.concatenate([np.arange(len(table)), added["of"]])
            wanted = taught(wanted, np.load(teacher), of)
        states = States(every, folder)
        return cls(states, coded, wanted, own, pools, held, several.to_numpy()[held])

    def held_out(self, model: ToneBert) -> dict[str, float]:
        """How a model does on the articles that are held out, with its best temperature."""
        return self.judged(self.scores(model, self.held))

    def judged(self, scores: np.ndarray) -> dict[str, float]:
        """How scores of the mentions that are held out do, with their best temperature."""
        coded = self.coded[self.held]
        temperature = _fitted(scores, coded)
        shares, some = softmax(scores / temperature, axis=1), self.contrast
        figures = {
            "macro_f1": macro_f1(coded, shares.argmax(axis=1)),
            "loss": _loss(scores, coded, temperature),
            "macro_f1_in_contrast": macro_f1(coded[some], shares[some].argmax(axis=1)),
            "loss_in_contrast": _loss(scores[some], coded[some], temperature),
            "calibration_error": calibration_error(coded, shares),
            "temperature": temperature,
        }
        return {name: round(float(value), 4) for name, value in figures.items()}

    def mixed(self, *scores: np.ndarray) -> np.ndarray:
        """The mean of the log-probabilities that several models' scores give, each calibrated."""
        temperatures = [_fitted(one, self.coded[self.held]) for one in scores]
        return np.mean([log_softmax(s / t, axis=1) for s, t in zip(scores, temperatures)], axis=0)

    @torch.no_grad()
    def scores(self, model: ToneBert, rows: np.ndarray) -> np.ndarray:
        model.eval()
        out = np.empty((len(rows), 3), np.float32)
        order = np.argsort(self.states.sizes[rows], kind="stable")
        for begin in range(0, len(rows), BATCH):
            some = order[begin : begin + BATCH]
            out[some] = model(*self.states.batch(rows[some])).numpy()
        model.train()
        return out


def taught(coded: np.ndarray, scores: np.ndarray, of: np.ndarray) -> np.ndarray:
    """What is learned from codes (one 1 a row) and a teacher's scores of the mentions themselves.

    `of` is the mention that a row is, or is a copy of; the mentions stand first. The teacher's
    members never saw the article of what they score, but articles that are held out here: with a
    teacher, what `held_out` prints is too good, and only other files tell.
    """
    temperature = _fitted(scores, coded[: len(scores)].argmax(axis=1))
    doubts = softmax(scores / np.float32(temperature), axis=1)
    return ((1 - TAUGHT) * coded + TAUGHT * doubts[of]).astype(np.float32)


class Fit:
    """A model that is trained step by step; what it needs to go on stands in a folder."""

    def __init__(
        self, task: Task, encoder: Path, folder: Path, seed: int, rounds: int, rate: float = RATE
    ):
        self.task, self.seed, self._file = task, seed, folder / "state.pt"
        torch.manual_seed(seed)
        self.model = ToneBert(encoder)
        self.mean, self._steps = copy.deepcopy(self.model), _optimiser(self.model, rate)
        sizes = {kind: int(ADDED[kind] * len(task.own)) for kind in ADDED}
        self._sizes = {kind: min(n, len(task.pools[kind])) for kind, n in sizes.items()}
        self.a_round = (len(task.own) + sum(self._sizes.values())) // BATCH
        self.all = rounds * self.a_round
        self.done, self._before, self._begun = 0, 0.0, time.process_time()
        if self._file.is_file():
            stored = torch.load(self._file)
            for name in ("model", "mean", "_steps"):
                getattr(self, name).load_state_dict(stored[name])
            torch.set_rng_state(stored["rng"])
            self.done, self._before = stored["done"], stored["seconds"]

    @property
    def seconds(self) -> float:
        return self._before + time.process_time() - self._begun

    def save(self) -> None:
        stored = {name: getattr(self, name).state_dict() for name in ("model", "mean", "_steps")}
        stored |= {"rng": torch.get_rng_state(), "done": self.done, "seconds": self.seconds}
        part = self._file.with_suffix(".part")
        torch.save(stored, part)
        part.replace(self._file)

    def batches(self) -> list[np.ndarray]:
        """The batches of the round at hand, each of about one length; the same whenever asked."""
        now, task = self.done // self.a_round, self.task
        rng = generator(now, "round", str(self.seed))
        extra = (rng.choice(task.pools[kind], n, replace=False) for kind, n in self._sizes.items())
        drawn = np.concatenate([task.own, *extra])
        near = np.argsort(task.states.sizes[drawn] + 4 * rng.random(len(drawn)))
        batches = np.array_split(drawn[near], self.a_round)
        return [batches[i] for i in rng.permutation(self.a_round)]

    def step(self, rows: np.ndarray) -> float:
        share = min((self.done + 1) / (WARM * self.all), 1) * (1 - self.done / self.all)
        for group in self._steps.param_groups:
            group["lr"] = group["highest"] * share
        # half the time where the processor has instructions for it, and as good
        with torch.autocast("cpu", torch.bfloat16):
            scores = self.model(*self.task.states.batch(rows))
        loss = F.cross_entropy(scores.float(), torch.from_numpy(self.task.wanted[rows]))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self._steps.step()
        self._steps.zero_grad()
        self.done += 1
        kept = min(KEPT, self.done / (self.done + 9))
        with torch.no_grad():
            for ours, theirs in zip(self.mean.parameters(), self.model.parameters()):
                ours.lerp_(theirs, 1 - kept)
        return loss.item()

    def run(self) -> None:
        """Go through what is left of the rounds, and print how each round ends."""
        while self.done < self.all:
            lost = []
            for rows in self.batches()[self.done % self.a_round :]:
                lost.append(self.step(rows))
                if self.done % SAVED == 0:
                    self.save()
                if self.done % TOLD == 0:
                    print(f"{self.done}/{self.all} {np.mean(lost[-TOLD:]):.4f}", flush=True)
            self.save()
            line = {
                "seed": self.seed,
                "round": self.done // self.a_round,
                "loss": round(float(np.mean(lost)), 4),
                "held_out": self.task.held_out(self.mean),
                "cpu_seconds": round(self.seconds),
                "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
            print(json.dumps(line), flush=True)


def _optimiser(model: ToneBert, highest: float) -> torch.optim.AdamW:
    groups = []
    for name, weights in model.named_parameters():
        part, *more = name.split(".")
        rate = RATE_ANEW
        if part not in LEARNED_ANEW:
            rate = highest * LOWER ** (len(model.layers) - 1 - int(more[0]))
        decay = DECAY if weights.ndim > 1 else 0.0
        groups.append({"params": [weights], "weight_decay": decay, "highest": rate})
    return torch.optim.AdamW(groups, lr=highest, betas=(0.9, 0.98), fused=True)


def averaged(folders: list[Path]) -> ToneBert:
    """The mean of the running means of several seeds, which all began at the published weights."""
    means = [torch.load(folder / "state.pt")["mean"] for folder in folders]
    model = ToneBert()
    model.load_state_dict({name: sum(m[name] for m in means) / len(means) for name in means[0]})
    return model


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.tone_tune", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument(
        "--without", type=Path, nargs="*", default=[], help="files whose sentences are left out"
    )
    parser.add_argument("--work", type=Path, required=True, help="folder of what is kept")
    parser.add_argument("--encoder", type=Path, help="folder of model.safetensors")
    parser.add_argument(
        "--teacher",
        type=Path,
        help="what `benchmarks.tone_train --scores` wrote: learn its doubts beside the codes",
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--rate", type=float, default=RATE, help="of the top layer")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--average", type=Path, nargs="+", help="folders of seeds, in --work")
    parser.add_argument("--out", type=Path, help="the ONNX file that is written")
    parser.add_argument(
        "--heads",
        type=Path,
        help="what `benchmarks.tone_train --scores` wrote: tell how heads and these weights do"
        " together, in --average",
    )
    options = parser.parse_args(arguments)
    if bool(options.average) == bool(options.encoder) or bool(options.average) != bool(options.out):
        parser.error("give --encoder to train, or --average and --out to write a model")
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    task = Task.read(options.train, options.without, options.work, options.teacher)
    if options.encoder:
        folder = options.work / f"seed{options.seed}"
        folder.mkdir(exist_ok=True)
        Fit(task, options.encoder, folder, options.seed, options.rounds, options.rate).run()
        return
    model = averaged(options.average)
    found = task.held_out(model)
    content = exported(model, found["temperature"])
    options.out.write_bytes(content)
    told = {"seeds": len(options.average), "bytes": len(content), "held_out": found}
    if options.heads:
        heads = np.load(options.heads)[task.held]
        told["heads"] = task.judged(heads)
        told["together"] = task.judged(task.mixed(heads, task.scores(model, task.held)))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
