"""Dependencies: a parse with the labels of another language gets the shape of an English one.

Universal Dependencies hang prepositions and copulas below nouns; spaCy's English models, whose
shape the readers of this package know, hang nouns below them. A language has two tables:
`dependencies.csv` (label, part of speech or nothing, label of the English models; "any" has the
universal ones) and `small_words.csv` (word, the English word that does the same), which tokens
carry as their norm. What an English model gives stays as it is.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.text.lists import ANY, DATA, folder, words

if TYPE_CHECKING:
    from spacy.tokens import Doc

_VERBS, _NOUNS = frozenset(("VERB", "AUX")), frozenset(("NOUN", "PROPN"))
_NOMINAL = frozenset(("NOUN", "PROPN", "PRON"))
_OBLIQUE = frozenset(("npadvmod", "nmod", "agent", "dative", "dobj", "poss", "advmod"))
_OF_CLAUSE = frozenset(
    "nsubj nsubjpass csubj csubjpass expl aux auxpass mark advmod advcl punct neg npadvmod refl"
    " parataxis ccomp dislocated discourse".split()
)
_MARKS, _ENDS = frozenset('"“”„«»,—–'), frozenset(".:;!?")
_MISTAKEN = frozenset(("dobj", "npadvmod", "attr", "conj", "xcomp", "appos", "nsubjpass"))
_TAGS = {"NOUN": "NN", "PROPN": "NNP", "ADJ": "JJ", "ADP": "IN", "DET": "DT", "CCONJ": "CC"}
_TAGS |= {"SCONJ": "IN", "ADV": "RB", "PRON": "PRP", "NUM": "CD", "INTJ": "UH", "PUNCT": ","}


@cache
def labels_of(language: str) -> dict[tuple[str, str], str]:
    """Labels of a language's parser, with a part of speech or "", and those of English models.

    Parameters
    ----------
    language : str
        Such as "de".

    Returns
    -------
    dict of (str, str) to str

    Examples
    --------
    >>> labels_of("de")["sb", ""], labels_of("fr")["obj", ""]
    ('nsubj', 'dobj')
    """
    rows = [row for name in (ANY, folder(language)) for row in _table(name, "dependencies")]
    return {(row["label"], row["pos"]): row["as"] for row in rows}


@cache
def small_words(language: str) -> dict[str, str]:
    """Small words of a language and the English ones that do the same.

    Parameters
    ----------
    language : str

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> small_words("fr")["qui"], small_words("es")["según"]
    ('who', 'according')
    """
    rows = _table(folder(language), "small_words")
    return {word: row["as"] for row in rows for word in row["words"].split()}


def _table(name: str, table: str) -> list[dict[str, str]]:
    path = DATA / name / f"{table}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def english_shape(doc: Doc) -> Doc:
    """Give the parse of one sentence the labels and the shape of an English one.

    Parameters
    ----------
    doc : spacy.tokens.Doc
        Parsed, in a language that has tables; changed in place.

    Returns
    -------
    spacy.tokens.Doc
        The same; a token's `norm_` is the English small word that it stands for, or "-".
    """
    from spacy.attrs import DEP, HEAD, LEMMA, NORM, POS, TAG
    from spacy.symbols import IDS

    if not len(doc) or not doc[0].lang_ or not doc.has_annotation("DEP"):
        return doc
    tree = _Tree(doc)
    if any(label in ("sb", "oc", "nk") for label in tree.dep):
        tree.lift_verbs()
    tree.rename()
    tree.right_clauses()
    tree.raise_copulas()
    tree.raise_prepositions()
    tree.join_names()
    tree.set_insertions_apart()
    if not tree.sound():
        return doc
    add = doc.vocab.strings.add
    values = [
        [
            np.int64(head - i).astype(np.uint64),
            add(tree.dep[i]),
            add(tree.tag(i)),
            add(tree.lemma[i]),
            add(tree.norm[i]),
            IDS[tree.pos[i]] if tree.pos[i] else 0,
        ]
        for i, head in enumerate(tree.head)
    ]
    array: Any = np.array(values, np.uint64)
    return doc.from_array([HEAD, DEP, TAG, LEMMA, NORM, POS], array)


class _Tree:
    """Heads, labels and words of a sentence, while they change."""

    def __init__(self, doc: Doc):
        self.language = doc.lang_
        self.token = list(doc)
        self.head = [t.head.i for t in doc]
        self.dep = [t.dep_ for t in doc]
        self.pos = [t.pos_ for t in doc]
        self.lemma = [t.lemma_.lower() or t.lower_ for t in doc]
        table = small_words(self.language)
        self.norm = [table.get(self.word(i), "-") for i in range(len(doc))]
        for i, t in enumerate(doc):
            if t.pos_ == "PRON" and self.feature(i, "PronType") == "Rel":
                self.norm[i] = "who" if t.lower_ not in words(self.language, "no_who") else "which"

    def feature(self, i: int, name: str) -> str:
        """A feature of a word's form, such as "Number"; empty if it has none."""
        return "".join(self.token[i].morph.get(name, []))

    def word(self, i: int) -> str:
        return self.token[i].lower_.replace("’", "'")

    def below(self, head: int) -> list[int]:
        return [i for i, h in enumerate(self.head) if h == head and i != head]

    def swap(self, upper: int, lower: int) -> None:
        """Let a word take the place of the one it hangs on."""
        above = self.head[upper]
        self.head[lower] = lower if above == upper else above
        self.head[upper], self.dep[lower] = lower, self.dep[upper]

    def lift_verbs(self) -> None:
        """German (TIGER): the verb that says what is done over its auxiliaries."""
        depth = sorted(range(len(self.head)), key=self._depth, reverse=True)
        for i in depth:
            up = self.head[i]
            modal = self.token[up].tag_.startswith("VM")
            if self.dep[i] != "oc" or i == up or not (self.pos[up] == "AUX" or modal):
                continue
            below = self.below(i)
            if self.pos[i] not in _VERBS or any(self.dep[c] in ("cp", "sb") for c in below):
                continue
            part = self.feature(i, "VerbForm") == "Part"
            passive = part and self.lemma[up] == "werden"
            for c in self.below(up):
                if c != i:
                    self.head[c] = i
                    if passive and self.dep[c] == "sb":
                        self.dep[c] = "nsubjpass"
            self.swap(up, i)
            self.dep[up] = "auxpass" if passive else "aux"

    def _depth(self, i: int) -> int:
        n = 0
        while self.head[i] != i and n < len(self.head):
            i, n = self.head[i], n + 1
        return n

    def rename(self) -> None:
        table, persons = labels_of(self.language), words(self.language, "persons")
        for i, label in enumerate(self.dep):
            pos, base = self.pos[i], label.partition(":")[0]
            keys = ((label, pos), (label, ""), (base, pos), (base, ""))
            self.dep[i] = new = next((table[key] for key in keys if key in table), base)
            if new in ("appos", "nmod", "flat") and pos == "VERB" and self.word(i) in persons:
                self.pos[i] = "NOUN"  # a slip of small models
            if new == "kernel":
                above = self.pos[self.head[i]]
                self.dep[i] = (
                    "pobj" if above == "ADP" else "appos" if i > self.head[i] else "compound"
                )
            elif new == "advmod" and self.norm[i] == "not":
                self.dep[i] = "neg"
            elif new == "det" and self.feature(i, "Poss") == "Yes":
                self.dep[i] = "poss"
            elif new == "nmod" and self.feature(i, "Case") == "Gen":
                self.dep[i] = "poss"
            elif new == "xcomp" and pos in _NOUNS:  # devint ministre
                up = self.head[i]
                self.lemma[up] = small_words(self.language).get(self.lemma[up], self.lemma[up])
                self.dep[i] = "attr"
            elif new == "prt":  # teilte ... mit
                up = self.head[i]
                joined = self.token[i].lower_ + self.lemma[up]
                self.lemma[up], self.dep[i] = joined, "particle"

    def right_clauses(self) -> None:
        """A clause behind a verb that opens with "that" is what the verb tells."""
        for i, label in enumerate(self.dep):
            up = self.head[i]
            if label in ("relcl", "acl", "advcl") and self.pos[up] == "VERB" and up < i:
                if self.norm[up + 1] == "that" and self.head[up + 1] == i:
                    self.dep[i] = "ccomp"

    def raise_copulas(self) -> None:
        for i, label in enumerate(self.dep):
            if label != "cop":
                continue
            said = self.head[i]
            below = [c for c in self.below(said) if c != i]
            self.swap(said, i)
            self.dep[said] = "acomp" if self.pos[said] == "ADJ" else "attr"
            self.lemma[i] = "be"
            for c in below:
                inner = self.dep[c] in ("advmod", "neg", "punct") and c == said - 1
                if self.dep[c] in _OF_CLAUSE and not inner:
                    self.head[c] = i

    def raise_prepositions(self) -> None:
        for i, label in enumerate(self.dep):
            noun = self.head[i]
            if label != "case" or self.dep[i] != "case":
                continue
            self.norm[i] = self._joined(i)
            if i > noun and self.norm[i] != "according":  # dem Bericht zufolge
                continue
            if self.dep[noun] not in _OBLIQUE or self.pos[noun] in _VERBS:
                self.dep[i] = "prep" if self.norm[i] == "according" else "case"
                continue
            agent = self.dep[noun] == "agent"
            self.swap(noun, i)
            self.dep[i], self.dep[noun] = "agent" if agent else "prep", "pobj"

    def _joined(self, i: int) -> str:
        """The English small word of a preposition of several words: "d'après"."""
        table, last = small_words(self.language), i + 1
        while last < len(self.dep) and (self.dep[last] in ("case", "fixed")):
            last += 1
        joined = "_".join(map(self.word, range(i, last)))
        return table.get(joined, self.norm[i])

    def join_names(self) -> None:
        """Names set beside the noun before them ("le ministre Paul Méran"), under their last word.

        Forms of address hang below the name.
        """
        persons, courtesy = (words(self.language, name) for name in ("persons", "courtesy"))
        for i, label in enumerate(self.dep):
            up = self.head[i]
            if i < up or not self.token[up].text[:1].isupper() or self.word(up) in persons:
                continue
            if label == "flat" and self.pos[i] == "PROPN" and self.pos[up] == "NOUN":
                self.pos[up] = "PROPN"  # a given name taken for a noun
            elif label == "nmod" and self.pos[i] == "NOUN" and self.pos[up] == "PROPN":
                self.dep[i] = "appos"  # "Ola Brandt, avocate des familles"
        for i, label in enumerate(self.dep):
            up = self.head[i]
            if label not in ("flat", "nmod", "compound", "conj", "appos") or i < up:
                continue
            if self.pos[i] != "PROPN" or any(self.dep[c] == "cc" for c in self.below(i)):
                continue
            if self.pos[up] == "PROPN" and label in ("flat", "nmod", "compound"):
                self.dep[i] = "flat"
            elif self.pos[up] == "NOUN" and self.word(up).strip(".") in persons | courtesy:
                again = self.dep[i - 1] == "appos" and self.head[i - 1] == up
                self.head[i], self.dep[i] = (i - 1, "flat") if again else (up, "appos")
        for i in range(len(self.dep)):
            parts = [c for c in self.below(i) if self.dep[c] == "flat" and self.pos[c] == "PROPN"]
            if parts and self.pos[i] == "PROPN":
                self._turn_over(i, parts[-1])
        for i, label in enumerate(self.dep):
            address = self.word(self.head[i]).strip(".") in courtesy
            between = range(self.head[i] + 1, i)
            if label == "appos" and address and all(self.head[c] == i for c in between):
                self._turn_over(self.head[i], i)

    def _turn_over(self, upper: int, lower: int) -> None:
        """Let the last word of a name be its head."""
        self.swap(upper, lower)
        self.dep[upper] = "compound"
        for c in self.below(upper):
            if c > upper or self.dep[c] == "flat":
                self.head[c] = lower
                if self.dep[c] == "flat":
                    self.dep[c] = "compound"

    def set_insertions_apart(self) -> None:
        """A verb of speech between marks, its subject behind it: "le projet, a dit X, échoue".

        Parsers take its subject for an object, and the clause around it for its own.
        """
        speech = words(self.language, "speech")
        for verb in range(len(self.head)):
            if self.lemma[verb] not in speech or self.lemma[verb] == self.word(verb):
                continue
            first = last = verb
            while first and self.pos[first - 1] in ("AUX", "PRON", "PART"):
                first -= 1
            if not first or self.token[first - 1].text not in _MARKS:
                continue
            while last + 1 < len(self.head) and self.token[last + 1].text not in _MARKS | _ENDS:
                last += 1
            inside = range(first, last + 1)
            if self.pos[verb + 1 : verb + 2] == ["SCONJ"]:
                continue
            own = [c for c in self.below(verb) if c in inside and self.pos[c] in _NOMINAL]
            subjects = [c for c in own if self.dep[c] == "nsubj"]
            subjects += [c for c in own if c > verb and self.dep[c] in _MISTAKEN]
            if subjects:
                self.pos[verb] = "VERB"
                self._set_apart(verb, subjects[0], inside)

    def _set_apart(self, verb: int, subject: int, inside: range) -> None:
        above = self.head[verb]
        around = [c for c in self.below(verb) if c not in inside]
        if above == verb or above in inside:  # what it tells hangs on it
            clauses = [c for c in around if self.pos[c] in _VERBS or self.dep[c] == "ccomp"]
            if not clauses:
                return
            top = clauses[0]
            self.head[top], self.dep[top] = top, "ROOT"
        else:
            top = above
        self.head[subject], self.dep[subject] = verb, "nsubj"
        for c in around:
            if c != top:
                self.head[c] = top
        self.head[verb], self.dep[verb] = top, "parataxis"
        behind = range(inside.stop, len(self.head))
        if all(self.token[c].is_punct for c in behind):  # "..., a dit X."
            self.swap(top, verb)
            self.dep[top] = "ccomp"
            for c in behind:
                self.head[c], self.dep[c] = verb, "punct"

    def sound(self) -> bool:
        """Whether every word still hangs on a root."""
        return all(self.head[self._root(i)] == self._root(i) for i in range(len(self.head)))

    def _root(self, i: int) -> int:
        for _ in self.head:
            if self.head[i] == i:
                break
            i = self.head[i]
        return i

    def tag(self, i: int) -> str:
        """The tag of the English models that comes nearest."""
        pos = self.pos[i]
        if pos in _VERBS:
            form = self.feature(i, "VerbForm")
            if form == "Part" and any(self.dep[c] == "aux" for c in self.below(i)):
                return "VBD"  # a déclaré
            return {"Part": "VBN", "Inf": "VB", "Ger": "VBG"}.get(form, "VBD")
        if pos == "PRON" and self.feature(i, "PronType") == "Rel":
            return "WP"
        if pos in _NOUNS and self.feature(i, "Number") == "Plur":
            return _TAGS[pos] + "S"
        return _TAGS.get(pos, pos)
