"""What cannot be read yet: shrinks to nothing as figures are redrawn, and goes with the last.

Rules are those of `tests.pl.legibility.faults`; `python -m tests.pl.test_legibility` prints them
as they are broken now, as the lines of `KNOWN`.
"""

KNOWN = {
    "overview": "alt",
    "labels": "alt",
    "voices": "overlap page",
    "keyness": "alt",
    "word_shift": "alt",
    "clusters": "alt",
    "clusters_merges": "colours",
    "vectorise": "colours",
    "lineage": "keys",
    "disagreements": "keys",
}

ALL = "page small overlap cut rows keys colours alt"
KNOWN_OVER_WEEKS = dict.fromkeys(
    ["labels", "voices", "voices_verbs", "keyness", "axes", "tone", "stance"], ALL
)
