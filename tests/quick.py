"""What takes seconds is done sooner: models whose word is known or of no matter, few draws."""

import contextlib
import functools
import importlib
import inspect
import pkgutil

import numpy as np
import pytest

from analysis import tl
from analysis.text.tokens import word_hash, words_of
from tests import remembered


class Encoder:
    """A vector for each word, summed."""

    name = digest = "words"

    def encode(self, sentences):
        rows = [sum(map(_word_vector, words_of(s)), np.full(16, 1e-3)) for s in sentences]
        return np.array([r / np.linalg.norm(r) for r in rows], np.float32)


@functools.cache
def _word_vector(word):
    return np.random.default_rng(word_hash(word)).normal(size=16)


class Known:
    """The vectors that the sentences of a corpus were given when it was extracted."""

    name = digest = "known"

    def __init__(self, corpus):
        texts = {article.article_id: article.text for article in corpus.articles()}
        sentences = corpus.features.table("sentences")
        vectors = corpus.features.table("vectors").merge(sentences, on=["article_id", "sentence"])
        self._known = {
            texts[row.article_id][row.start : row.end]: row.embedding
            for row in vectors.itertuples()
        }

    def encode(self, sentences):
        return np.array([self._known[sentence] for sentence in sentences], np.float32)


class Tone:
    """Chances drawn for each sentence."""

    name = digest = "drawn"

    def predict(self, sentences, spans):
        seeds = [[0, *map(word_hash, words_of(sentence))] for sentence in sentences]
        rows = [np.random.default_rng(seed).dirichlet(np.ones(3)) for seed in seeds]
        return np.array(rows, np.float32).reshape(-1, 3)


@contextlib.contextmanager
def quick_models(tone=None, *, frames=True):
    """Measures that ask a model while they run are answered by `Encoder` and `Tone`.

    But frames are not, if so asked: their encoder must be that of the corpus's sentences.
    """
    encoder, tone = Encoder(), tone or Tone()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(remembered, "RESULTS", {})  # what others measured with the true models
        for about in pkgutil.iter_modules(tl.__path__, "analysis.tl."):
            module = importlib.import_module(about.name)
            for loads, model in (("load_encoder", encoder), ("load_tone", tone)):
                if hasattr(module, loads) and (frames or "_frames" not in about.name):
                    patch.setattr(module, loads, lambda model=model: model)
        yield encoder, tone


class FewDraws:
    """`analysis.tl`, whose measures draw as often as is asked for here where nobody says."""

    def __init__(self, draws):
        self._draws = draws

    def __getattr__(self, name):
        measure = getattr(tl, name)
        has = inspect.signature(measure).parameters if name in tl.__all__ else ()
        few = {option: self._draws for option in ("draws", "permutations") if option in has}
        return functools.partial(measure, **few) if few else measure


@contextlib.contextmanager
def shared_sooner(draws=20, **models):
    """`share` extracts with quick models, and measures what ships with few draws.

    `draws` may be None for all of them, `encoder` and `tone` other models.
    """
    room = importlib.import_module("analysis.share")
    models = {"encoder": Encoder(), "tone": Tone()} | models
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "extract", functools.partial(room.extract, **models))
        patch.setattr(room, "tl", FewDraws(draws) if draws else tl)
        yield
