"""What the drivers share.

They run on the peers' Python, so they import nothing of this project and read JSON lines, not
Parquet.
"""

import argparse
import json
import re
from pathlib import Path

SHINGLE = 5
_WORD = re.compile(r"\w+")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("articles", type=Path, help="JSON lines [id, text]")
    parser.add_argument(
        "out", type=Path, help="JSON lines [a, b], or [a, a_start, a_end, b, b_start, b_end]"
    )
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument(
        "--pairs",
        type=Path,
        default=None,
        help="JSON lines [a, b, wanted or random]: compare only these",
    )
    return parser.parse_args()


def lines(path: Path) -> list:
    with path.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def write(path: Path, rows) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in rows)


def shingles(text: str) -> list[str]:
    """Runs of five words in small letters, each once."""
    words = _WORD.findall(text.lower())
    return list(
        dict.fromkeys(
            " ".join(words[i : i + SHINGLE]) for i in range(max(len(words) - SHINGLE + 1, 1))
        )
    )
