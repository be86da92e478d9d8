"""Kills, flipped bits, hostile inputs and growth: one JSON line.

    python -m benchmarks.robustness kills --n 200 [--seed S]
    python -m benchmarks.robustness flips --n 600 [--seed S]
    python -m benchmarks.robustness fuzz --n 100000 [--seed S] [--data DIR] [--only KIND NUMBER]
    python -m benchmarks.robustness growth

`kills` ends the commands that write at random moments and looks at what they leave; `flips` turns
`--n` random bits of each form of the features; `fuzz` gives texts and spoiled files to all that
reads them (DIR: exports besides those of the tests; `--only text 17` gives one input again);
`growth` measures the CPU time of texts and files that double. What is wrong is printed line by
line on stderr. ROBUSTNESS.md has the figures.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path

COMMANDS = {"kills": 200, "flips": 600, "fuzz": 100_000, "growth": 1}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness", description=__doc__.splitlines()[0]
    )
    parser.add_argument("what", choices=COMMANDS)
    parser.add_argument("--n", type=int, help="how many kills, bits of a form, inputs")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, help="folder of exports for fuzz and growth")
    parser.add_argument("--only", nargs=2, metavar=("KIND", "NUMBER"), help="one input of fuzz")
    options = parser.parse_args(arguments)
    asked: dict = {"say": lambda line: print(line, file=sys.stderr, flush=True)}
    if options.data is not None:
        asked["data"] = options.data
    if options.only is not None:
        asked["only"] = options.only[0], int(options.only[1])
    began, cpu = time.monotonic(), time.process_time()
    run = getattr(importlib.import_module(f"benchmarks.robustness.{options.what}"), options.what)
    said = run(options.n or COMMANDS[options.what], options.seed, **asked)
    said["seconds"] = round(time.monotonic() - began, 1)
    said["cpu_seconds"] = round(time.process_time() - cpu, 1)
    print(json.dumps(said, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
