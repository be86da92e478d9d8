"""What the tone model makes of irony and scorn: one JSON line.

    python -m benchmarks.tone_irony [--weights FILE]

`tone_irony.csv` holds invented sentences, twenty of each kind (irony, scorn) and class, the target
in square brackets. Ironical sentences are praise in words of blame and blame in words of praise, or
are ironical about something else; scorn is for the target, for others, or lifts the target above
others. They were written before any model was asked, and none was changed or left out since.
Printed are, by kind and class, how many were read as negative, neutral and positive, and macro-F1.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pandas as pd

from analysis.models.tone.model import ToneModel, load_tone
from benchmarks.newsmtsc import CLASSES, macro_f1

SENTENCES = Path(__file__).with_name("tone_irony.csv")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.tone_irony", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--weights", type=Path, help="other weights than those that ship")
    model = load_tone(parser.parse_args(arguments).weights)
    print(json.dumps({"model": model.name, "digest": model.digest[:12], **read(model)}))


def sentences() -> pd.DataFrame:
    """Kind, class (0, 1, 2), sentence without brackets, and the target's span."""
    table = pd.read_csv(SENTENCES)
    start, end = table["sentence"].str.find("["), table["sentence"].str.find("]") - 1
    return table.assign(
        coded=table["class"].map(CLASSES.index),
        sentence=table["sentence"].str.replace(r"[\[\]]", "", regex=True),
        span=list(zip(start, end)),
    )


def read(model: ToneModel) -> dict:
    """By kind: macro-F1, and by class how many were read as each."""
    table = sentences()
    shares = model.predict(table["sentence"].tolist(), table["span"].tolist())
    table = table.assign(found=shares.argmax(axis=1))
    result = {}
    for kind, part in table.groupby("kind"):
        counts = pd.crosstab(part["coded"], part["found"]).reindex(
            index=range(3), columns=range(3), fill_value=0
        )
        f1 = macro_f1(part["coded"].to_numpy(), part["found"].to_numpy())
        rows = {name: counts.loc[i].tolist() for i, name in enumerate(CLASSES)}
        result[kind] = {"macro_f1": round(f1, 3), **rows}
    return result


if __name__ == "__main__":
    main()
