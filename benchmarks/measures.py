"""CPU seconds of every measure and its figure on one corpus, with their defaults: one JSON line.

    python -m benchmarks.measures --data FOLDER

FOLDER is a corpus folder that was extracted (`twicetold extract`). Drawing includes the SVG.
"""

from __future__ import annotations

import argparse
import json
import time

import analysis as tw
from analysis import pl, tl
from analysis.errors import TwicetoldError
from analysis.groups import group_articles


def evaluate(folder: str) -> dict:
    """Seconds by verb: measured, drawn; or why not."""
    corpus = tw.load(folder)
    features = corpus.features
    told: dict = {
        "articles": len(features.article_ids),
        "groups": len(group_articles(features).names),
    }
    sides = [actor["side"] for actor in features.codebook("actors").values() if actor["side"]]
    options = {"stance": dict(zip(("towards", "against"), [*dict.fromkeys(sides), "", ""]))}
    for verb in tl.__all__:
        try:
            began = time.process_time()
            result = getattr(tl, verb)(corpus, **options.get(verb, {}))
            measured = time.process_time()
            getattr(pl, verb)(result)._repr_svg_()
            told[verb] = [round(measured - began, 2), round(time.process_time() - measured, 2)]
        except TwicetoldError as error:
            told[verb] = str(error)
    return told


def main() -> None:
    """Print the line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    print(json.dumps(evaluate(parser.parse_args().data)))


if __name__ == "__main__":
    main()
