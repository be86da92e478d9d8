"""What all tests share: where they draw, threads, hypothesis' profiles, what is compared."""

import os
import tempfile

from hypothesis import HealthCheck, settings

# Tests and nbval's kernels draw into their own folder: committed figures are never overwritten.
_FIGURES = tempfile.TemporaryDirectory(prefix="twicetold-figures-")
os.environ["TWICETOLD_FIGURES"] = _FIGURES.name

# Before NumPy is imported: last digits must not depend on the number of processors.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("PYTHONHASHSEED", "0")
os.environ.setdefault("MPLBACKEND", "agg")
os.environ.setdefault("TQDM_DISABLE", "1")

# A test may be given the same temporary folder for every example: they write what they read.
_SAME_FOLDER = [HealthCheck.function_scoped_fixture]
settings.register_profile(
    "short", max_examples=25, deadline=None, derandomize=True, suppress_health_check=_SAME_FOLDER
)
settings.register_profile(
    "long", max_examples=300, deadline=None, suppress_health_check=_SAME_FOLDER
)
settings.load_profile("short")

# The rules of English are tested in tests/; the next version replaces them.
collect_ignore_glob = ["analysis/text/*"]


def pytest_collectstart(collector):
    """Leave SVG out of what nbval compares: the figures' CSV files are compared instead."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("image/svg+xml",)
