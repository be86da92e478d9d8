"""CPU seconds until the package and its command answer: one JSON line.

    python -m benchmarks.startup [--base REV]

Each number is the median of five child processes, user and system time together, after one more
that leaves the bytecode (on Linux and macOS; Windows counts no times of children).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.same import ROOT, unpack

RUNS = 5
COMMANDS = {
    "import analysis": ["-c", "import analysis"],
    "twicetold --help": ["-m", "analysis.cli", "--help"],
}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.startup", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--base", help="a git revision to measure as well")
    options = parser.parse_args(arguments)
    seconds = {"working tree": measure(ROOT)}
    if options.base:
        with tempfile.TemporaryDirectory() as folder:
            unpack(ROOT, options.base, Path(folder))
            seconds[options.base] = measure(Path(folder))
    print(json.dumps(seconds))


def measure(root: Path) -> dict[str, float]:
    """CPU seconds of each command, run in a folder that holds the package."""
    return {
        name: round(statistics.median([cpu_seconds(root, command) for _ in range(RUNS + 1)][1:]), 3)
        for name, command in COMMANDS.items()
    }


def cpu_seconds(root: Path, command: list[str]) -> float:
    """User and system seconds of one child process."""
    before = os.times()
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(
        [sys.executable, *command],
        cwd=root,
        env=environment | {"PYTHONPATH": str(root)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = os.times()
    return (
        after.children_user - before.children_user + after.children_system - before.children_system
    )


if __name__ == "__main__":
    main()
