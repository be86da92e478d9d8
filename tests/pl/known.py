"""What cannot be read yet: shrinks to nothing as figures are redrawn, and goes with the last.

Rules are those of `tests.pl.legibility.faults`; `python -m tests.pl.test_legibility` prints them
as they are broken now, as the lines of `KNOWN`.
"""

KNOWN: dict[str, str] = {
    "voices": "overlap page",
    "clusters_merges": "colours",
    "vectorise": "colours",
}

KNOWN_OVER_WEEKS: dict[str, str] = {"clusters_merges": "colours", "vectorise": "colours"}
