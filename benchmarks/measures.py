"""CPU seconds of every measure and its figure on one corpus: one JSON line.

    python -m benchmarks.measures --data FOLDER [--base REV] [--only VERB,…] [--runs 2]

FOLDER is a corpus folder that was extracted (`twicetold extract`). Each measure is asked with its
defaults, and by article where it takes `by`; drawing includes the SVG. The least of some runs is
told, each on a corpus loaded anew. With `--base` the same is measured on a git revision, on the
same features, and each entry is [now, then, now / then]; a measure that took no `by` then is
compared with what it gave.
"""

from __future__ import annotations

import argparse
import inspect
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

QUESTIONS = {"usual": {}, "by article": {"by": "article_id"}}

Seconds = dict[str, dict[str, list[float] | str]]


def evaluate(folder: str, verbs: list[str], runs: int) -> Seconds:
    """Seconds by verb and question: measured, drawn; or why not."""
    import analysis as tw  # here, as another revision's may be measured
    from analysis import pl, tl
    from analysis.errors import TwicetoldError

    features = tw.load(folder).features
    sides = [actor["side"] for actor in features.codebook("actors").values() if actor["side"]]
    outlets = features.table("articles", ["outlet"])["outlet"]
    options = {
        "stance": dict(zip(("towards", "against"), [*dict.fromkeys(sides), "", ""])),
        "word_shift": dict(zip("ab", dict.fromkeys(outlets))) | {"by": "outlet"},
    }
    told: Seconds = {}
    for verb in verbs or tl.__all__:
        measure = getattr(tl, verb)
        told[verb] = {}
        for question, by in QUESTIONS.items():
            asked = by | options.get(verb, {})
            known = inspect.signature(measure).parameters
            if by and ("by" not in known or asked == options.get(verb)):
                continue
            each = []
            try:
                for _ in range(runs):
                    corpus = tw.load(folder)
                    began = _cpu()
                    result = measure(corpus, **asked)
                    measured = _cpu()
                    getattr(pl, verb)(result)._repr_svg_()
                    each.append((measured - began, _cpu() - measured))
                told[verb][question] = [round(min(seconds), 2) for seconds in zip(*each)]
            except TwicetoldError as error:
                told[verb][question] = str(error)
    return told


def _cpu() -> float:
    return sum(os.times()[:4])


def compared(now: Seconds, then: Seconds) -> dict:
    """By verb and question, of measuring and of drawing: now, then, now / then."""
    told: dict = {}
    for verb, questions in now.items():
        told[verb] = {}
        for question, seconds in questions.items():
            before = then.get(verb, {}).get(question) or then.get(verb, {}).get("usual")
            told[verb][question] = (
                [[a, b, round(a / b, 2) if b else None] for a, b in zip(seconds, before)]
                if isinstance(seconds, list) and isinstance(before, list)
                else [seconds, before]
            )
    return told


def measured_in(root: Path, folder: str, verbs: list[str], runs: int) -> Seconds:
    """What this file prints about the package below `root`."""
    command = [
        sys.executable,
        __file__,
        "--data",
        folder,
        "--runs",
        str(runs),
        "--only",
        ",".join(verbs),
    ]
    environment = os.environ | {"PYTHONPATH": str(root)}
    printed = subprocess.run(
        command, cwd=root, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    return json.loads(printed)


def main() -> None:
    """Print the line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--base", help="a git revision to compare with")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--only", default="", help="measures, with commas between them")
    given = parser.parse_args()
    verbs = [verb for verb in given.only.split(",") if verb]
    folder = str(Path(given.data).resolve())
    if given.base is None:
        print(json.dumps(evaluate(folder, verbs, given.runs)))
        return
    from benchmarks.same import ROOT, unpack

    with tempfile.TemporaryDirectory() as base:
        unpack(ROOT, given.base, Path(base))
        then, now = (measured_in(r, folder, verbs, given.runs) for r in (Path(base), ROOT))
    print(json.dumps({"base": given.base, **compared(now, then)}))


if __name__ == "__main__":
    main()
