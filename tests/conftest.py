"""What several tests need and what takes long to make, made once a run for all processes."""

import shutil

import pytest
from filelock import FileLock

import analysis as tw
from tests.places import HARBOUR


def quiet(*_):
    """Takes a line of progress and says nothing."""


@pytest.fixture(scope="session")
def project(tmp_path_factory, worker_id):
    """A project's folder with `harbour` in it, extracted with embeddings, tone and values."""
    base = tmp_path_factory.getbasetemp()
    root = (base if worker_id == "master" else base.parent) / "project"
    with FileLock(f"{root}.lock"):
        if not (root / "done").exists():
            target = root / "corpus" / "harbour"
            shutil.copytree(HARBOUR, target, ignore=shutil.ignore_patterns("private"))
            tw.extract(tw.load(target), say=quiet)
            (root / "done").touch()
    return root


@pytest.fixture(scope="session")
def harbour(project):
    """`harbour` with its private features."""
    return tw.load(project / "corpus" / "harbour")
