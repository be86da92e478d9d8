"""Train the tone model's heads from NewsMTSC's training file: one JSON line.

    python -m benchmarks.tone_train --train FILE [--without FILE ...] [--out analysis/data/tone.npz]

FILE is Parquet with the columns sentence, from, to, polarity (-1, 0, 1) and id, whose first three
parts name the article. Each member is trained on all articles but those of one fold and scored on
that fold, so the printed numbers, and the temperature, are of articles that the scoring members
never saw. Sentences that stand in a --without file are left out. Copies are added in training: two
sentences joined into one, so that a member must tell whose judgement is whose, and mentions
renamed, so that it cannot go by names alone. The same file gives the same bytes on the same kind of
processor.
"""

from __future__ import annotations

import argparse
import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import regex
from scipy.optimize import minimize_scalar
from scipy.special import softmax
from threadpoolctl import threadpool_limits

from analysis.inference import generator
from analysis.models.tone.head import ARRAYS, DISTANCES, WIDTH, Reader, distance_buckets, save_head
from analysis.models.tone.model import TONE_WEIGHTS
from analysis.models.tone.words import CHANNELS
from benchmarks.newsmtsc import calibration_error, macro_f1

LAYERS = (3, 4)
FOLDS = 5
TIMES = 2  # members for each fold and layer, drawn apart
ROUNDS = 6  # passes over the training mentions
ADDED = {
    "joined": 0.5,
    "renamed": 0.4,
}  # copies that a round adds, as a share of the training mentions
PAIRS, RENAMED = 0.65, 0.6  # pairs tried for each mention; the share of names that is replaced
LONGEST = 260  # characters of a sentence that is joined with another
PRONOUNS = frozenset("he she they it him her his i you we them their my our me us".split())
JOINS = (" ", "; ", ", while ", ", but ")
BATCH = 64
RATE = 2e-3  # of learning, at its highest
DECAY = 1e-2
DROPPED = {
    "state": 0.2,
    "word": 0.1,
    "pooled": 0.3,
    "hidden": 0.3,
}  # shares left out at random in training
GATHERED, HEADS, KEY, HIDDEN = 96, 4, 24, 64
F32 = np.float32


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.tone_train", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument(
        "--without", type=Path, nargs="*", default=[], help="files whose sentences are left out"
    )
    parser.add_argument("--out", type=Path, default=TONE_WEIGHTS)
    parser.add_argument(
        "--scores", type=Path, help="write the scores of members that never saw the article (.npy)"
    )
    parser.add_argument(
        "--share", type=float, default=1.0, help="of the articles that a member learns from"
    )
    options = parser.parse_args(arguments)
    table = pd.read_parquet(options.train)
    kept_apart = {
        sentence
        for file in options.without
        for sentence in pd.read_parquet(file, columns=["sentence"])["sentence"]
    }
    table = table[~table["sentence"].isin(kept_apart)].reset_index(drop=True)
    with threadpool_limits(1):  # the order of sums, and so the weights, stay the same
        arrays, report, scores = train(table, options.share)
    save_head(options.out, arrays)
    if options.scores:
        np.save(options.scores, scores)
    print(json.dumps(report))


def train(
    table: pd.DataFrame, share: float = 1.0
) -> tuple[dict[str, np.ndarray], dict, np.ndarray]:
    """Weights as `analysis.models.tone.HeadTone` reads them, how they do on held-out folds, and the
    scores of each mention there.
    """
    articles = pd.factorize(table["id"].str.split("_").str[:3].str.join("_"))[0]
    fold = generator(0, "folds").permutation(articles.max() + 1)[articles] % FOLDS
    kept = generator(0, "share").random(articles.max() + 1)[articles] < share
    added = copies(table, fold)
    mentions = Mentions(pd.concat([table, added], ignore_index=True))
    every = np.concatenate([table["polarity"], added["polarity"]]).astype(int) + 1
    coded = every[: len(table)]
    members = []
    scores = np.zeros(
        (TIMES * len(LAYERS), len(table), 3), F32
    )  # of members that never saw the mention's article
    for time, k, layer in itertools.product(range(TIMES), range(FOLDS), range(len(LAYERS))):
        held = np.flatnonzero(fold == k)
        pools = {
            kind: len(table)
            + np.flatnonzero((added["fold"] != k) & (added["kind"] == kind) & kept[added["of"]])
            for kind in ADDED
        }
        member = _fit(
            mentions,
            layer,
            every,
            np.flatnonzero((fold != k) & kept),
            pools,
            generator(k, str(LAYERS[layer]), str(time)),
        )
        scores[time * len(LAYERS) + layer, held] = member.scores(mentions, held)
        members.append(member)
    temperature = _temperature(scores, coded)
    apart = _fitted(scores.mean(axis=0), coded)  # of the few members that may be scored on a fold
    shares = softmax(scores.mean(axis=0) / F32(apart), axis=-1)
    arrays = {
        name: np.stack([m.weights[name] for m in members]).astype(np.float16) for name in ARRAYS
    }
    arrays |= {
        "layers": np.array(LAYERS),
        "member_layer": np.array([m.layer for m in members]),
        "centre": mentions.centre,
        "spread": mentions.spread,
        "temperature": np.array(temperature),
    }
    held_out = {
        "macro_f1": macro_f1(coded, shares.argmax(axis=1)),
        "loss": _loss(scores.mean(axis=0), coded, apart),
        "calibration_error": calibration_error(coded, shares),
        "temperature": apart,
    }
    contrast = (
        table.groupby("sentence")["polarity"].transform("nunique") > 1
    ).to_numpy()  # sentences that judge two mentions differently
    held_out["macro_f1_in_contrast"] = macro_f1(coded[contrast], shares[contrast].argmax(axis=1))
    report = {
        "mentions": len(table),
        "learned_from": int(kept.sum()),
        "copies": added["kind"].value_counts().to_dict(),
        "members": len(members),
        "held_out": {name: round(value, 4) for name, value in held_out.items()},
        "temperature": round(temperature, 4),
    }
    return arrays, report, scores.mean(axis=0)


def copies(table: pd.DataFrame, fold: np.ndarray) -> pd.DataFrame:
    """Altered copies of sentences, a row a mention: sentence, from, to, polarity, fold, kind, and
    the row of `table` that it is a copy of.

    "joined": two sentences of one fold in one, both mentions keep what was coded of them. Half of
    the pairs that were coded alike are left out, and so is a pair where both are pronouns or one
    sentence names the other's mention, of whom the joined sentence would then say more. "renamed":
    a sentence whose mention bears another mention's name, as that name was not what was judged.
    """
    rng, rows = generator(0, "copies"), []
    sentence, start, end, coded = (
        table[name].tolist() for name in ("sentence", "from", "to", "polarity")
    )
    names = [s[a:b] for s, a, b in zip(sentence, start, end)]
    last = [regex.sub(r"['’]s$", "", name.lower().strip()).split(" ")[-1] for name in names]
    for k in np.unique(fold):
        some = np.flatnonzero((fold == k) & (table["sentence"].str.len() < LONGEST))
        for i, j in rng.choice(some, (int(PAIRS * len(some)), 2)):
            join = JOINS[rng.integers(len(JOINS))]
            alike = coded[i] == coded[j] and rng.random() < 0.5
            if (
                alike
                or {last[i], last[j]} <= PRONOUNS
                or last[i] in sentence[j].lower()
                or last[j] in sentence[i].lower()
            ):
                continue
            head = (
                sentence[i].rstrip()
                if join == " "
                else regex.sub(r"[.!?…]+(?=[\"”’']*$)", "", sentence[i].rstrip())
            )
            if end[i] <= len(head):
                both, shift = head + join + sentence[j], len(head) + len(join)
                rows += [
                    (both, start[i], end[i], coded[i], k, "joined", i),
                    (both, start[j] + shift, end[j] + shift, coded[j], k, "joined", j),
                ]
    proper = [
        i
        for i, name in enumerate(names)
        if name[:1].isupper() and name.lower() not in PRONOUNS and len(name) < 30
    ]
    for i, j in rng.permutation([proper, rng.permutation(proper)], axis=1).T[
        : int(RENAMED * len(proper))
    ]:
        renamed = sentence[i][: start[i]] + names[j] + sentence[i][end[i] :]
        rows.append((renamed, start[i], start[i] + len(names[j]), coded[i], fold[i], "renamed", i))
    columns = ["sentence", "from", "to", "polarity", "fold", "kind", "of"]
    return pd.DataFrame(rows, columns=columns)


def _loss(scores: np.ndarray, coded: np.ndarray, temperature: float) -> float:
    """Mean negative log-likelihood of the coders' classes."""
    return float(
        -np.log(
            softmax(scores.astype(np.float64) / temperature, axis=-1)[np.arange(len(coded)), coded]
        ).mean()
    )


def _fitted(scores: np.ndarray, coded: np.ndarray) -> float:
    return round(
        float(
            minimize_scalar(lambda t: _loss(scores, coded, t), bounds=(0.3, 3), method="bounded").x
        ),
        4,
    )


def _temperature(scores: np.ndarray, coded: np.ndarray) -> float:
    """The temperature for all members together.

    A mean of more members is less sure of itself, and a mention of the training file may be scored
    only by the `len(scores)` members that never saw its article. What noise adds to the best
    temperature falls as 1 / members: it is fitted for one and for `len(scores)` members, and
    extended to `FOLDS` times as many.
    """
    m = len(scores)
    one, few = (
        float(np.mean([_fitted(s, coded) for s in scores])),
        _fitted(scores.mean(axis=0), coded),
    )
    by_noise = (one - few) / (1 - 1 / m) if m > 1 else 0.0
    return few - by_noise * (1 / m - 1 / (m * FOLDS))


class Mentions:
    """What the heads read of every mention, in half precision."""

    def __init__(self, table: pd.DataFrame):
        reader = Reader(LAYERS)
        spans = list(zip(table["from"].astype(int), table["to"].astype(int)))
        self._read: list = [None] * len(table)
        self.first, self.last = np.zeros((2, len(table)), np.int64)
        for sentence, rows in table.groupby("sentence", sort=False).indices.items():
            latest = half = None
            for row, (inputs, first, last) in zip(
                rows, reader.read(sentence, [spans[row] for row in rows])
            ):
                if inputs is not latest:  # mentions of one sentence share it
                    latest, half = inputs, inputs.astype(np.float16)
                self._read[row], self.first[row], self.last[row] = half, first, last
        self.sizes = np.array([half.shape[1] for half in self._read])
        every = np.concatenate([half[:, :, :WIDTH] for half in self._read[::10]], axis=1).astype(
            F32
        )
        self.centre, self.spread = every.mean(axis=1), every.std(axis=1) + F32(1e-4)

    def batch(self, rows: np.ndarray, layer: int) -> tuple[np.ndarray, ...]:
        """Standardised states, buckets, shares of the mention's pieces, and which pieces there are,
        padded to the longest.
        """
        longest = self.sizes[rows].max()
        x = np.zeros((len(rows), longest, WIDTH + len(CHANNELS)), F32)
        bucket = np.zeros((len(rows), longest), np.int64)
        inside, there = np.zeros((2, len(rows), longest), F32)
        for i, row in enumerate(rows):
            n, first, last = self.sizes[row], self.first[row], self.last[row]
            x[i, :n] = self._read[row][layer]
            x[i, :n, :WIDTH] = (x[i, :n, :WIDTH] - self.centre[layer]) / self.spread[layer]
            bucket[i] = distance_buckets(longest, first, last)
            inside[i, first:last] = 1 / (last - first)
            there[i, :n] = 1
        return x, bucket, inside, there


class Member:
    """One head, the derivative of its loss, and Adam with decoupled decay (Kingma and Ba 2015;
    Loshchilov and Hutter 2019).
    """

    def __init__(self, layer: int, rng: np.random.Generator):
        def drawn(*shape: int, scale: float = 1.0) -> np.ndarray:
            return (rng.standard_normal(shape) * scale / np.sqrt(shape[0])).astype(F32)

        d, r = GATHERED, 2 * GATHERED + HEADS * KEY
        self.layer, self.rng = layer, rng
        self.weights = {
            "project": drawn(WIDTH + len(CHANNELS), d),
            "place": drawn(DISTANCES, d, scale=0.5),
            "project_bias": np.zeros(d, F32),
            "query": drawn(d, HEADS, KEY),
            "key": drawn(d, HEADS, KEY),
            "value": drawn(d, HEADS, KEY),
            "near": np.zeros((DISTANCES, HEADS), F32),
            "hidden": drawn(r, HIDDEN),
            "hidden_bias": np.zeros(HIDDEN, F32),
            "out": drawn(HIDDEN, 3, scale=0.5),
            "out_bias": np.zeros(3, F32),
        }
        self._slope = {name: np.zeros_like(w) for name, w in self.weights.items()}
        self._square = {name: np.zeros_like(w) for name, w in self.weights.items()}
        self._steps = 0

    def _mask(self, shape: tuple[int, ...], kind: str) -> np.ndarray:
        share = DROPPED[kind]
        return (self.rng.random(shape, dtype=F32) >= share) * F32(1 / (1 - share))

    def forward(self, x, bucket, inside, there, *, training: bool = False) -> np.ndarray:
        """Scores (n_mentions, 3); see `analysis.models.tone.HeadTone` for the formula."""
        w, root = self.weights, F32(np.sqrt(KEY))
        if training:
            x = x * self._mask((len(x), 1, x.shape[2]), "state")
            there = there * (
                (self.rng.random(there.shape, dtype=F32) >= DROPPED["word"]) | (inside > 0)
            )
        g = (
            np.maximum(x @ w["project"] + w["place"][bucket] + w["project_bias"], 0)
            * there[..., None]
        )
        whole = there / there.sum(axis=1, keepdims=True)
        u, mean = (inside[:, None] @ g)[:, 0], (whole[:, None] @ g)[:, 0]
        asked = np.einsum("bd,dhk->bhk", u, w["query"], optimize=True) / root
        query = np.einsum("bhk,dhk->bdh", asked, w["key"], optimize=True)
        raw = np.where(there[..., None] > 0, g @ query + w["near"][bucket], F32(-1e9))
        attention = softmax(raw, axis=1)  # mention, piece, head
        seen = attention.transpose(0, 2, 1) @ g
        o = np.einsum("bhd,dhk->bhk", seen, w["value"], optimize=True)
        pooled = np.concatenate([u, o.reshape(len(x), -1), mean], axis=1)
        pooled_mask = self._mask(pooled.shape, "pooled") if training else F32(1)
        h = np.maximum(pooled * pooled_mask @ w["hidden"] + w["hidden_bias"], 0)
        hidden_mask = self._mask(h.shape, "hidden") if training else F32(1)
        self._kept = (
            x,
            bucket,
            inside,
            whole,
            g,
            u,
            asked,
            query,
            attention,
            seen,
            pooled * pooled_mask,
            pooled_mask,
            h,
            hidden_mask,
        )
        return h * hidden_mask @ w["out"] + w["out_bias"]

    def backward(self, d_scores: np.ndarray) -> dict[str, np.ndarray]:
        """Derivatives of the loss by every weight, from those by the last `forward`'s scores."""
        w, root, d = self.weights, F32(np.sqrt(KEY)), GATHERED
        (
            x,
            bucket,
            inside,
            whole,
            g,
            u,
            asked,
            query,
            attention,
            seen,
            pooled,
            pooled_mask,
            h,
            hidden_mask,
        ) = self._kept
        slope = {"out": (h * hidden_mask).T @ d_scores, "out_bias": d_scores.sum(axis=0)}
        d_h = d_scores @ w["out"].T * hidden_mask * (h > 0)
        slope |= {"hidden": pooled.T @ d_h, "hidden_bias": d_h.sum(axis=0)}
        d_pooled = d_h @ w["hidden"].T * pooled_mask
        d_u, d_o, d_mean = (
            d_pooled[:, :d],
            d_pooled[:, d:-d].reshape(len(x), HEADS, KEY),
            d_pooled[:, -d:],
        )
        slope["value"] = np.einsum("bhd,bhk->dhk", seen, d_o, optimize=True)
        d_seen = np.einsum("bhk,dhk->bhd", d_o, w["value"], optimize=True)
        d_attention = g @ d_seen.transpose(0, 2, 1)
        d_raw = attention * (d_attention - (attention * d_attention).sum(axis=1, keepdims=True))
        buckets = (
            (bucket.reshape(-1, 1) == np.arange(DISTANCES)).astype(F32).T
        )  # sums by bucket, in a fixed order
        slope["near"] = buckets @ d_raw.reshape(-1, HEADS)
        d_query = g.transpose(0, 2, 1) @ d_raw
        slope["key"] = np.einsum("bdh,bhk->dhk", d_query, asked, optimize=True)
        d_asked = np.einsum("bdh,dhk->bhk", d_query, w["key"], optimize=True) / root
        slope["query"] = np.einsum("bd,bhk->dhk", u, d_asked, optimize=True)
        d_u = d_u + np.einsum("bhk,dhk->bd", d_asked, w["query"], optimize=True)
        d_g = (
            attention @ d_seen
            + d_raw @ query.transpose(0, 2, 1)
            + inside[..., None] * d_u[:, None]
            + whole[..., None] * d_mean[:, None]
        )
        d_e = (d_g * (g > 0)).reshape(-1, d)
        return slope | {
            "place": buckets @ d_e,
            "project_bias": d_e.sum(axis=0),
            "project": x.reshape(-1, x.shape[2]).T @ d_e,
        }

    def step(self, slope: dict[str, np.ndarray], rate: float) -> None:
        self._steps += 1
        for name, s in slope.items():
            self._slope[name] = F32(0.9) * self._slope[name] + F32(0.1) * s
            self._square[name] = F32(0.999) * self._square[name] + F32(0.001) * s * s
            ahead = (
                self._slope[name]
                / F32(1 - 0.9**self._steps)
                / (np.sqrt(self._square[name] / F32(1 - 0.999**self._steps)) + F32(1e-7))
            )
            kept = F32(1 - rate * DECAY) if self.weights[name].ndim > 1 else F32(1)
            self.weights[name] = self.weights[name] * kept - F32(rate) * ahead

    def scores(self, mentions: Mentions, rows: np.ndarray) -> np.ndarray:
        """Scores of mentions, read in batches of one length."""
        out = np.empty((len(rows), 3), F32)
        order = np.argsort(mentions.sizes[rows], kind="stable")
        for begin in range(0, len(rows), BATCH):
            some = order[begin : begin + BATCH]
            out[some] = self.forward(*mentions.batch(rows[some], self.layer))
        return out


def _fit(
    mentions: Mentions,
    layer: int,
    coded: np.ndarray,
    rows: np.ndarray,
    pools: dict[str, np.ndarray],
    rng: np.random.Generator,
) -> Member:
    """Cross-entropy over batches of about one length, each round with other copies drawn from the
    pools.

    The rate rises over the first tenth and falls to 0.
    """
    member = Member(layer, rng)
    sizes = {kind: min(int(ADDED[kind] * len(rows)), len(pool)) for kind, pool in pools.items()}
    n_batches = max(1, (len(rows) + sum(sizes.values())) // BATCH)
    steps, done = ROUNDS * n_batches, 0
    for _ in range(ROUNDS):
        drawn = np.concatenate(
            [rows, *(rng.choice(pools[kind], n, replace=False) for kind, n in sizes.items())]
        )
        batches = np.array_split(
            drawn[np.argsort(mentions.sizes[drawn] + 6 * rng.random(len(drawn)))], n_batches
        )
        for i in rng.permutation(n_batches):
            some = batches[i]
            scores = member.forward(*mentions.batch(some, layer), training=True)
            shares = softmax(scores, axis=-1)
            shares[np.arange(len(some)), coded[some]] -= 1
            member.step(
                member.backward(shares / F32(len(some))),
                RATE * min(1, done / (0.1 * steps) + 0.01) * (1 - done / steps),
            )
            done += 1
    return member


if __name__ == "__main__":
    main()
