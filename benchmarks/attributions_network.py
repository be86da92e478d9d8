"""A small network over sparse features and numbers, trained with Adam (Kingma and Ba 2015)."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

HIDDEN, EPOCHS, BATCH, RATE = 64, 3, 512, 0.002
DROPPED = 0.3  # hidden units, at a time
BLANK = 0.05  # rows of which the network does not see the numbers, so that it does without them
DECAY = {"linear": 0.02, "dense": 0.02, "output": 0.02, "embedding": 0.05}


class Network:
    """A linear part over all features, and hidden units over frequent ones and over numbers.

    Parameters
    ----------
    features : csr_array of shape (n, n_features)
    embedded : int array
        Features that hidden units see.
    numbers : float32 array of shape (n, n_numbers)
        Standardised.
    seed : int
    hidden : int
        Units; none leaves the linear part.
    """

    def __init__(
        self,
        features: csr_array,
        embedded: np.ndarray,
        numbers: np.ndarray,
        seed: int,
        *,
        hidden: int = HIDDEN,
    ):
        self._rng = rng = np.random.default_rng(seed)
        self._features, self._few, self._numbers = features, features[:, embedded], numbers
        width = numbers.shape[1]
        self._values = {
            "linear": np.zeros(features.shape[1]),
            "bias": np.full(1, -2.5),
            "dense": rng.normal(size=(width, hidden)) / np.sqrt(max(width, 1)),
            "hidden_bias": np.zeros(hidden),
            "output": 0.3 * rng.normal(size=hidden) / np.sqrt(max(hidden, 1)),
            "embedding": 0.02 * rng.normal(size=(len(embedded), hidden)),
        }
        self._values = {name: v.astype(np.float32) for name, v in self._values.items()}
        self._mean = {name: np.zeros_like(v) for name, v in self._values.items()}
        self._square = {name: np.zeros_like(v) for name, v in self._values.items()}
        self._steps = 0

    def __getattr__(self, name: str) -> np.ndarray:
        return self._values[name]

    def fit(
        self, target: np.ndarray, rows: np.ndarray | None = None, *, epochs: int = EPOCHS
    ) -> Network:
        """Fit the weights to targets between 0 and 1.

        Parameters
        ----------
        target : float32 array of shape (n,)
        rows : bool array, optional
            Which to fit to.
        epochs : int

        Returns
        -------
        Network
            Itself.
        """
        mine = np.arange(len(target)) if rows is None else np.flatnonzero(rows)
        for epoch in range(epochs):
            order = self._rng.permutation(mine)
            rate = RATE * (1 - epoch / epochs) + RATE * 0.05
            for first in range(0, len(order), BATCH):
                self._step(order[first : first + BATCH], target, rate)
        return self

    def score(self, rows: np.ndarray) -> np.ndarray:
        """Logits of rows."""
        return self._forward(rows, self._numbers[rows], 1.0)[0]

    def _forward(self, rows, numbers, kept):
        v = self._values
        hidden = numbers @ v["dense"] + v["hidden_bias"] + self._few[rows] @ v["embedding"]
        hidden = np.maximum(hidden, 0) * kept
        return self._features[rows] @ v["linear"] + v["bias"][0] + hidden @ v["output"], hidden

    def _step(self, rows: np.ndarray, target: np.ndarray, rate: float) -> None:
        v, n = self._values, len(rows)
        shown = (self._rng.random((n, 1)) >= BLANK).astype(np.float32)
        numbers = self._numbers[rows] * shown
        kept = self._rng.random((n, len(v["hidden_bias"]))) >= DROPPED
        kept = kept.astype(np.float32) / (1 - DROPPED)
        score, hidden = self._forward(rows, numbers, kept)
        above = ((1 / (1 + np.exp(-score)) - target[rows]) / n).astype(np.float32)
        below = above[:, None] * v["output"] * (hidden > 0) * kept
        slopes = {
            "linear": self._features[rows].T @ above,
            "bias": np.array([above.sum()]),
            "output": hidden.T @ above,
            "dense": numbers.T @ below,
            "hidden_bias": below.sum(0),
            "embedding": self._few[rows].T @ below,
        }
        self._steps += 1
        for name, slope in slopes.items():
            self._mean[name] += 0.1 * (slope - self._mean[name])
            self._square[name] += 0.01 * (slope * slope - self._square[name])
            mean = self._mean[name] / (1 - 0.9**self._steps)
            square = self._square[name] / (1 - 0.99**self._steps)
            v[name] -= rate * mean / (np.sqrt(square) + 1e-8)
            v[name] *= 1 - rate * DECAY.get(name, 0)


def chances(networks: list[Network], rows: np.ndarray) -> np.ndarray:
    """Mean logits of rows, given as a mask."""
    where = np.flatnonzero(rows)
    return np.mean([network.score(where) for network in networks], axis=0)


def calibrated(score: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    """Scale and shift of logits that fit targets best (Platt 1999), by Newton's method.

    Parameters
    ----------
    score, target : arrays of shape (n,)

    Returns
    -------
    scale, shift : float
    """
    columns = np.column_stack([score, np.ones_like(score)]).astype(float)
    found = np.array([1.0, 0.0])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-columns @ found))
        slope = columns.T @ (target - chance)
        curve = (columns * (chance * (1 - chance))[:, None]).T @ columns
        step = np.linalg.solve(curve, slope)
        found += step
        if np.abs(step).max() < 1e-8:
            break
    return float(found[0]), float(found[1])
