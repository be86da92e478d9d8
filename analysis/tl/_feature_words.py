"""Features of a profile in words for people: a column's name, and what more or less of it means."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.features import Features
from analysis.tl._group_sample import GroupSample
from analysis.tl._profile_sample import ProfileSample

_VOICES = {
    "quoted": ("words in quotation marks", "quotes much", "quotes little"),
    "reported": ("reported speech", "reports much speech", "reports little speech"),
    "scare quotes": ("scare quotes", "uses scare quotes", "uses few scare quotes"),
    "speakers": ("number of speakers", "lets many people speak", "lets few people speak"),
    "foremost speaker": (
        "share of the foremost speaker",
        "lets one speaker dominate",
        "lets no speaker dominate",
    ),
    "unnamed": ("unnamed sources", "cites unnamed sources", "cites few unnamed sources"),
    "endorsing verbs": ("verbs that endorse", "endorses what is said", "rarely endorses speech"),
    "doubting verbs": ("verbs that doubt", "doubts what is said", "rarely doubts speech"),
    "denying verbs": ("verbs that deny", "reports denials", "reports few denials"),
    "attacking verbs": ("verbs of attack", "reports attacks in words", "reports few attacks"),
}


def feature_table(sample: ProfileSample | GroupSample, features: Features) -> pd.DataFrame:
    """Columns of a profile, what each is multiplied by before distances are taken, and in words.

    Returns
    -------
    DataFrame
        block, feature, example, weight, name, more, less.
    """
    examples = [
        example
        for block in sample.counts.values()
        for example in block.examples or [""] * len(block.names)
    ]
    columns = {"block": sample.block_of, "feature": sample.features, "example": examples}
    table = pd.DataFrame({**columns, "weight": sample.scale * (np.abs(sample.z).max(axis=0) > 0)})
    return in_words(table, features)


def in_words(table: pd.DataFrame, features: Features) -> pd.DataFrame:
    """A table of block, feature and example with `name`, `more` and `less` in words."""
    said = [_words(row.block, row.feature, row.example, features) for row in table.itertuples()]
    return table.assign(**{c: [s[i] for s in said] for i, c in enumerate(("name", "more", "less"))})


def _words(block: str, feature: str, example: str, features: Features) -> tuple[str, str, str]:
    plain = feature.replace("_", " ")
    if block == "voices" and feature in _VOICES:
        return _VOICES[feature]
    if block == "labels":
        return _label_words(feature, example, features)
    if block == "tone":
        who = _actor(feature, features)
        return f"tone towards {who}", f"kinder to {who}", f"harder on {who}"
    if block == "frames":
        return f"{plain} frame", f"much of {plain}", f"little of {plain}"
    if block == "axes":
        return _axis_words(feature)
    if block == "polarity":
        return f"polarity ({plain})", f"positive words ({plain})", f"negative words ({plain})"
    return plain, f"more {plain}", f"less {plain}"


def _label_words(feature: str, example: str, features: Features) -> tuple[str, str, str]:
    family = feature.removesuffix(" of others")
    who = "others" if family != feature else "people"
    for actor in features.codebook("actors"):
        if feature.startswith(f"{actor} "):
            who, family = _name(actor, features), feature.removeprefix(f"{actor} ")
            break
    kind = family.replace("_", " ")
    called = f"“{example}”" if example else f"by words of {kind}"
    return f"{who}: labels of {kind}", f"calls {who} {called}", f"rarely calls {who} {called}"


def _axis_words(feature: str) -> tuple[str, str, str]:
    high, mark, low = feature.replace("_", " ").partition("-")
    if not mark:
        return f"axis {high}", f"more {high}", f"less {high}"
    return f"{high} or {low}", f"words of {high}", f"words of {low}"


def _actor(feature: str, features: Features) -> str:
    if feature in features.codebook("actors"):
        return _name(feature, features)
    side = feature.removeprefix("others of ")
    return f"others of side {side.replace('_', ' ')}" if side != feature else "other actors"


def _name(actor: str, features: Features) -> str:
    return str(features.codebook("actors")[actor].get("name") or actor.replace("_", " "))
