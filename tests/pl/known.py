"""What cannot be read yet: shrinks to nothing as figures are redrawn, and goes with the last.

Rules are those of `tests.pl.legibility.faults`; `python -m tests.pl.test_legibility` prints them
as they are broken now, as the lines of `KNOWN`.
"""

KNOWN = {
    "labels": "alt",
    "voices": "overlap page",
    "axes": "alt",
    "tone_words": "alt",
    "clusters": "alt",
    "clusters_merges": "colours",
    "vectorise": "colours",
    "lineage": "keys",
    "disagreements": "keys",
}

KNOWN_OVER_WEEKS = {
    "labels": "alt",
    "voices": "alt",
    "voices_verbs": "alt",
    "axes": "alt",
    "tone": "alt",
    "stance": "alt",
    "frames": "alt",
    "sentiment": "alt",
    "clusters": "alt",
    "clusters_merges": "colours",
    "vectorise": "colours",
    "reuse_words": "alt",
    "lineage": "keys",
    "disagreements": "keys",
}
