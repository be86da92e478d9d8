"""What several tests need and what takes long to make, made once a run for all processes."""

import contextlib

import pytest

import analysis as tw
from conftest import extracted_project
from tests.remembered import remembering, remembers


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Let tests of measures and figures read a text once, whichever of them asks for it first."""
    with remembering() if remembers(item) else contextlib.nullcontext():
        return (yield)


@pytest.fixture(scope="session")
def project():
    """A project's folder with `harbour` in it, extracted with embeddings, tone and values."""
    return extracted_project()


@pytest.fixture(scope="session")
def harbour(project):
    """`harbour` with its private features."""
    return tw.load(project / "corpus" / "harbour")
