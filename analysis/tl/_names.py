"""What findings and figures call actors."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.features import Features


def actor_names(features: Features) -> dict[str, str]:
    """The name of each actor of the codebook, by key."""
    return {key: actor["name"] for key, actor in features.codebook("actors").items()}


def named(key: str, names: Mapping[str, str]) -> str:
    """An actor's name, or its key in words where the codebook has none."""
    return names.get(key) or key.replace("_", " ")
