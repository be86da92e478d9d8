"""CPU seconds and memory of every measure and its figure, on corpora of several sizes.

    python -m benchmarks.measures --data FOLDER [--data FOLDER …] [--base REV] [--only VERB,…]
        [--runs 2] [--seconds 900] [--usual]

Each FOLDER is a corpus folder that was extracted (`twicetold extract`). Each measure is asked with
its defaults, and by article where it takes `by` (not with `--usual`); drawing includes the SVG.
Each has a process of its own, in which the corpus is loaded anew; the least of some runs is told,
and the most memory. Printed is one JSON line a measure: for each folder the number of articles, CPU
seconds of measuring and drawing, and peak MB; where there are several, `growth`: the exponent of
the CPU seconds between two sizes (1 is linear), where the larger takes half a second or more. What
takes longer than `--seconds` is given up. With `--base` the same is measured on a git revision, on
the same features, and stands beside it; a measure that took no `by` then is compared with what it
gave.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import itertools
import json
import math
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

QUESTIONS = {"usual": {}, "by article": {"by": "article_id"}}
_TOLD = 0.5  # CPU seconds below which the start of things hides how a measure grows


def evaluate(
    folder: str, verbs: list[str], runs: int, seconds: int = 900, usual: bool = False
) -> Iterator[dict]:
    """What each measure costs on one corpus.

    Parameters
    ----------
    folder : str
        Of a corpus.
    verbs : list of str
        All if empty.
    runs, seconds : int
        How often, and how long at most.
    usual : bool
        With the defaults alone.

    Yields
    ------
    dict
        measure, question, and either measured, drawn (CPU seconds) and mb, or why not.
    """
    import analysis as tw  # here, as another revision's may be measured
    from analysis import pl, tl

    n_articles = len(tw.load(folder).features.table("articles", ["article_id"]))
    for verb in verbs or tl.__all__:
        getattr(pl, verb)  # imports of all are not any measure's
        importlib.import_module(f"analysis.tl.{verb}")
        known = inspect.signature(getattr(tl, verb)).parameters
        for question, by in QUESTIONS.items():
            if by and (usual or "by" not in known):
                continue
            told = [_alone(_measure, (folder, verb, by), seconds) for _ in range(runs)]
            failed = [one for one in told if "failed" in one]
            best = {
                "measured": min(one.get("measured", math.inf) for one in told),
                "drawn": min(one.get("drawn", math.inf) for one in told),
                "mb": max(one.get("mb", 0) for one in told),
            }
            yield {"measure": verb, "question": question, "articles": n_articles} | (
                failed[0] if failed else best
            )


def _alone(work, given: tuple, seconds: int) -> dict:
    """What a function tells, called in a process of its own."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_told, args=(theirs, work, given))
    process.start()
    theirs.close()
    try:
        found = ours.recv() if ours.poll(seconds) else {"failed": f"more than {seconds} s"}
    except EOFError:
        found = {"failed": "the process ended"}
    process.kill()
    process.join()
    return found


def _told(pipe, work, given: tuple) -> None:
    pipe.send(work(*given))


def _measure(folder: str, verb: str, by: dict) -> dict:
    import analysis as tw
    from analysis import pl, tl
    from analysis.errors import TwicetoldError

    corpus = tw.load(folder)
    asked = _options(corpus.features, verb) | by
    began = _cpu()
    try:
        result = getattr(tl, verb)(corpus, **asked)
        measured = _cpu()
        getattr(pl, verb)(result)._repr_svg_()
    except TwicetoldError as error:
        return {"failed": str(error)}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "measured": round(measured - began, 2),
        "drawn": round(_cpu() - measured, 2),
        "mb": round(memory / (1e6 if sys.platform == "darwin" else 1024)),
    }


def _options(features, verb: str) -> dict:
    """What a measure must be given."""
    if verb == "stance":
        actors = features.codebook("actors").values()
        sides = dict.fromkeys(actor["side"] for actor in actors if actor["side"])
        return dict(zip(("towards", "against"), [*sides, "", ""]))
    if verb == "word_shift":
        outlets = features.table("articles", ["outlet"])["outlet"]
        return {"by": "outlet"} | dict(zip("ab", dict.fromkeys(outlets)))
    if verb == "kwic":
        return {"actor": next(iter(features.codebook("actors")), "")}
    return {}


def _cpu() -> float:
    return sum(os.times()[:4])


def measured_in(
    root: Path,
    folders: list[str],
    verbs: list[str],
    runs: int,
    seconds: int = 900,
    usual: bool = False,
) -> list[dict]:
    """What the package below `root` costs: a row a measure, question and folder.

    Parameters
    ----------
    root : Path
        Of a package.
    folders : list of str
        Of corpora.
    verbs : list of str
        All if empty.
    runs, seconds : int
        How often, and how long at most.
    usual : bool
        With the defaults alone.

    Returns
    -------
    list of dict
    """
    environment = os.environ | {"PYTHONPATH": str(root)}
    found = []
    for folder in folders:
        asked = json.dumps([folder, verbs, runs, seconds, usual])
        command = [sys.executable, __file__, "--asked", asked]
        with subprocess.Popen(
            command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True
        ) as started:
            assert started.stdout is not None
            for line in started.stdout:
                print(line, end="", file=sys.stderr, flush=True)
                found.append(json.loads(line))
        if started.returncode:
            raise subprocess.CalledProcessError(started.returncode, command)
    return found


def by_measure(rows: list[dict]) -> dict[tuple[str, str], dict]:
    """A line a measure and question, from rows of several corpora.

    Parameters
    ----------
    rows : list of dict
        As `measured_in` gives them.

    Returns
    -------
    dict
        By measure and question: articles, measured, drawn, mb, growth.
    """
    lines: dict[tuple[str, str], dict] = {}
    for row in rows:
        line = lines.setdefault((row["measure"], row["question"]), {"sizes": []})
        line["sizes"].append({k: v for k, v in row.items() if k not in ("measure", "question")})
    for line in lines.values():
        sizes = [one for one in line["sizes"] if "measured" in one]
        line["growth"] = [
            round(
                math.log(more["measured"] / max(few["measured"], 0.01))
                / math.log(more["articles"] / few["articles"]),
                2,
            )
            for few, more in itertools.pairwise(sizes)
            if more["measured"] >= _TOLD and more["articles"] != few["articles"]
        ]
    return lines


def main() -> None:
    """Print the lines."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.measures", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--data", action="append", default=[], help="a corpus folder; several times"
    )
    parser.add_argument("--base", help="a git revision to compare with")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=900, help="given up after so many")
    parser.add_argument("--usual", action="store_true", help="not by article, too")
    parser.add_argument("--only", default="", help="measures, with commas between them")
    parser.add_argument("--asked", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.asked is not None:
        for row in evaluate(*json.loads(given.asked)):
            print(json.dumps(row), flush=True)
        return
    verbs = [verb for verb in given.only.split(",") if verb]
    folders = [str(Path(folder).resolve()) for folder in given.data]
    from benchmarks.same import ROOT, unpack

    with tempfile.TemporaryDirectory() as base:
        then: dict = {}
        if given.base is not None:
            unpack(ROOT, given.base, Path(base))
            asked = folders, verbs, given.runs, given.seconds, given.usual
            then = by_measure(measured_in(Path(base), *asked))
        now = by_measure(measured_in(ROOT, folders, verbs, given.runs, given.seconds, given.usual))
    for (verb, question), line in now.items():
        told = {"measure": verb, "question": question} | line
        if given.base is not None:
            before = then.get((verb, question)) or then.get((verb, "usual"))
            told |= {"base": {"revision": given.base} | (before or {})}
        print(json.dumps(told))


if __name__ == "__main__":
    main()
