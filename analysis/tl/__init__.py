"""Measures: each takes a corpus and returns a result; one verb, one file."""

from analysis.lazy import lazy_room

__all__ = (
    "axes claims clusters disagreements frames keyness kwic labels lineage lost_source "
    "overview profile reuse sentiment similarity stance stories story tone tone_words "
    "vectorise voices word_shift"
).split()
lazy_room(__name__, {verb: f"{__name__}.{verb}" for verb in __all__})
