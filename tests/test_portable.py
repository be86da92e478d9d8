"""The package imports without the modules that Windows lacks, and without a cluster's."""

import subprocess
import sys

from tests.places import ROOT

IMPORT_ALL = """
import importlib, pkgutil, sys

for name in ("fcntl", "grp", "pwd", "resource", "termios", "distributed"):
    sys.modules[name] = None  # importing it fails
import analysis

for module in pkgutil.walk_packages(analysis.__path__, "analysis."):
    importlib.import_module(module.name)
"""


def test_every_module_imports_without_what_only_posix_or_a_cluster_has():
    command = [sys.executable, "-c", IMPORT_ALL]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
