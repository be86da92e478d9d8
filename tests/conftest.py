"""What several tests need and what takes long to make, made once a run for all processes."""

import pytest

import analysis as tw
from conftest import extracted_project


@pytest.fixture(scope="session")
def project():
    """A project's folder with `harbour` in it, extracted with embeddings, tone and values."""
    return extracted_project()


@pytest.fixture(scope="session")
def harbour(project):
    """`harbour` with its private features."""
    return tw.load(project / "corpus" / "harbour")
