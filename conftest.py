"""Tests and nbval's kernels draw into a folder of their own, so that committed figures are compared
and never overwritten.
"""

import os
import tempfile

_FIGURES = tempfile.TemporaryDirectory(prefix="twicetold-figures-")
os.environ["TWICETOLD_FIGURES"] = _FIGURES.name
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("PYTHONHASHSEED", "0")
