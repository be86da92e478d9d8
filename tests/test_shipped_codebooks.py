"""The codebooks that come with the package load without faults, and hold what their authors
defined.
"""

import pytest

from analysis.codebook import SHIPPED, read_codebook
from analysis.io.yaml import read_yaml

GENERIC = [
    "attribution_of_responsibility",
    "human_interest",
    "conflict",
    "morality",
    "economic_consequences",
]
POLICY = [
    "economic",
    "capacity_and_resources",
    "morality_and_ethics",
    "fairness_and_equality",
    "legality_constitutionality_jurisprudence",
    "policy_prescription_and_evaluation",
    "crime_and_punishment",
    "security_and_defense",
    "health_and_safety",
    "quality_of_life",
    "cultural_identity",
    "public_opinion",
    "political",
    "external_regulation_and_reputation",
    "other",
]


def loaded(folder, *names):
    path = folder / "codebook.yml"
    path.write_text(f"use: [{', '.join(names)}]\n")
    codebook, faults = read_codebook(path)
    assert not faults
    return codebook


@pytest.mark.parametrize(
    "name, frames", [("generic_news_frames", GENERIC), ("policy_frames", POLICY)]
)
def test_the_frames_are_the_published_ones(tmp_path, name, frames):
    codebook = loaded(tmp_path, name)
    assert list(codebook.frames) == frames == [entry.name for entry in codebook.entries]
    assert not codebook.actors and not codebook.dictionaries


@pytest.mark.parametrize(
    "name, doi",
    [
        ("generic_news_frames", "10.1111/j.1460-2466.2000.tb02843.x"),
        ("policy_frames", "10.3115/v1/P15-2072"),
    ],
)
def test_every_frame_can_be_measured_each_way(tmp_path, name, doi):
    for frame, about in loaded(tmp_path, name).frames.items():
        assert about["description"] and 3 <= len(about["examples"]) <= 6, frame
        assert len(set(about["words"])) == len(about["words"]) >= 5, frame
        assert len(set(about["examples"])) == len(about["examples"])
    assert doi in (SHIPPED / f"{name}.yml").read_text(encoding="utf-8")


def test_both_can_be_used_at_once(tmp_path):
    assert len(loaded(tmp_path, "generic_news_frames", "policy_frames").frames) == 20


def test_the_benchmark_of_headlines_has_nine_frames():
    said, _, faults = read_yaml(SHIPPED.parents[2] / "benchmarks" / "gvfc_frames.yml")
    assert (
        not faults
        and len(said["frames"]) == 9
        and all(about["words"] and about["examples"] for about in said["frames"].values())
    )
