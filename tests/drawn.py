"""Every figure of a corpus, as the notebooks draw it."""

import functools
import inspect

import analysis as tw

NAMES = {  # name of the figure: verb, kind
    "overview": ("overview", None),
    "labels": ("labels", None),
    "voices": ("voices", None),
    "voices_verbs": ("voices", "verbs"),
    "stories": ("stories", None),
    "keyness": ("keyness", None),
    "word_shift": ("word_shift", None),
    "frames": ("frames", None),
    "axes": ("axes", None),
    "sentiment": ("sentiment", None),
    "tone": ("tone", None),
    "tone_words": ("tone_words", None),
    "stance": ("stance", None),
    "profile": ("profile", None),
    "clusters": ("clusters", None),
    "clusters_merges": ("clusters", "merges"),
    "clusters_topic": ("clusters", "topic"),
    "similarity": ("similarity", None),
    "vectorise": ("vectorise", None),
    "reuse": ("reuse", None),
    "reuse_network": ("reuse", "network"),
    "reuse_words": ("reuse", "words"),
    "reuse_life": ("reuse", "life"),
    "reuse_alignment": ("reuse", "alignment"),
    "lineage": ("lineage", None),
    "lost_source": ("lost_source", None),
    "lost_source_text": ("lost_source", "text"),
    "disagreements": ("disagreements", None),
    "claims": ("claims", None),
    "story": ("story", None),
    "story_omissions": ("story", "omissions"),
}
# Drawn by functions that draw tone, voices, reuse and story: where `make test` has the others of
# 50 articles (tests/pl/test_legibility.py), it has these of `harbour` (test_figures.py).
TWINS = [
    *("axes", "stance", "sentiment", "voices_verbs", "labels", "frames"),
    *("reuse_words", "story_omissions"),
]
BY_DAY = {"tone_days": "tone"}  # figures over time


class Drawn:
    """Results and figures of one corpus, each made once; `draw` draws a figure anew.

    Each measure gets those of the options that it has.
    """

    def __init__(self, corpus, **options):
        self.corpus = corpus
        self.options = options
        self.result = functools.cache(self._result)
        self.figure = functools.cache(self.draw)

    def _result(self, verb, by=None):
        options = {}
        if verb == "stance":
            actors = self.corpus.features.codebook("actors").values()
            sides = dict.fromkeys(actor["side"] for actor in actors if actor["side"])
            options |= dict(zip(("towards", "against"), [*sides, "", ""]))
        if verb in ("lineage", "lost_source") and self.corpus.features.measures_itself:
            options["reuse"] = self.result("reuse")
        if verb == "lost_source" and self.corpus.features.measures_itself:
            options["lineage"] = self.result("lineage")
        measure = getattr(tw.tl, verb)
        has = inspect.signature(measure).parameters
        options |= {name: value for name, value in self.options.items() if name in has}
        if by is not None:
            options["by"] = list(by)
        return measure(self.corpus, **options)

    def draw(self, name, by=None):
        if name in BY_DAY:
            return getattr(tw.pl, BY_DAY[name])(self.result(BY_DAY[name], ("day",)))
        verb, kind = NAMES[name]
        options = {} if kind is None else {"kind": kind}
        result = self.result(verb) if by is None else self.result(verb, by)
        return getattr(tw.pl, verb)(result, **options)
