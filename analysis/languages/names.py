"""Names: the persons, bodies and places that an article names, and who of them is the same.

Runs of capitals are cut at titles; what a name is follows from all that the article says of it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.text.lists import words
from analysis.text.persons import (
    LINKS,
    SUFFIXES,
    Keys,
    NameWord,
    behind_titles,
    fold,
    keys_of,
    name_lists,
    number_persons,
)
from analysis.text.verbs import verbs

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_PROPER = ("NNP", "NNPS")
_NEVER = words("english", "never_names")
_HYPHENS, _DASHES = frozenset("-\u2010\u2011"), frozenset("—–―")
# of pipelines other than the English ones
_ENTITIES = {"PER": "person", "ORG": "body", "LOC": "place"}
_MONTHS_TOO = frozenset("may june april august".split())  # that people are called too
_LOUD = 0.8  # share of longer words with capitals from which a sentence tells no names by them
# letters of a word with a capital: of a name's first word (a), of others (i) or both (C); A, I, G
# likewise of titles and bodies, behind which may stand "of" or "for" (l). m: "&", t: "the", c: the
# comma of "Orr, Jr.", P and p: particles, with which a name may begin or not, H and h: hyphens
# before a capital and before a small letter
_RUN = re.compile("[aCAGP](?:H.)*(?:(?:c|(?:(?<=[AIG])l|m)t?(?=[iCIG]))?[iCIGPp](?:[Hh].)*)*")
_PIECE = re.compile("[lm]t?|[^c](?:[Hh].)*")
_NONE = NameWord(-1, -1, "", "")  # no title
_SURE, _SINGLE = 2, 0.3  # evidence a mention from which a name of several words, of one is a person


@dataclass(frozen=True)
class Name:
    """A name in an article.

    Attributes
    ----------
    start, end : int
        Tokens of the document, end exclusive, without titles and the ending of a genitive.
    kind : {"person", "body", "place"}
    person : int
        Number of the person within the article; -1 for bodies and places.
    text : str
        As written, with single blanks.
    sex : {"m", "f", ""}
        What a title or the given name tells of it.
    title : int
        Token with which titles before the name begin ("Minister for Health Ola Brandt"), -1 if none
        stands there. The parser may take one of their words for the head.
    """

    start: int
    end: int
    kind: str
    person: int = -1
    text: str = ""
    sex: str = ""
    title: int = -1


@dataclass
class _Part:
    """A part of a run of capitals that may be a name, and what shows whose."""

    words: list[NameWord]
    title: int
    opens: bool  # its capital may be that of the sentence alone
    sex: str = ""
    person: int = 0
    body: int = 0
    place: int = 0

    @property
    def keys(self) -> Keys:
        return keys_of(self.words)


def find_names(doc: Doc, *, doubtful: bool = False) -> list[Name]:
    """Find the names of an article.

    Parameters
    ----------
    doc : spacy.tokens.Doc
        In sentences that were not parsed fewer names are found.
    doubtful : bool
        Whether names are wanted too of which nothing tells whose they are (of the kind "").

    Returns
    -------
    list of Name
        In order; no two of them overlap.

    Examples
    --------
    >>> from analysis.languages.syntax import load_syntax
    >>> [doc] = load_syntax().parse(["Minister for Health Ola von der Brandt met Ms Brandt."])
    >>> [(name.text, name.kind, name.person) for name in find_names(doc)]
    [('Ola von der Brandt', 'person', 0), ('Brandt', 'person', 0)]
    """
    parts = [part for run, loud in _runs(doc) for part in _parts(doc, run, loud)]
    small = {t.text for t in doc if t.is_lower}
    sure = {key for part in parts for key in part.keys[part.opens :]}
    parts = [
        p
        for p in parts
        if not (opens := p.opens and p.keys[0] not in sure)
        and not p.words[0].text.isupper()
        or p.words[0].text.lower() not in small  # "They", "TEXT"
        and not (opens and len(p.words) == 1 and not doc[p.words[0].start].tag_)
    ]
    kinds = _kinds(parts, name_lists(doc.lang_).titles)
    people = {keys for keys, kind in kinds.items() if kind == "person"}
    found = []
    for part in parts:
        inner = _person_in(part.words, people)
        kind = "person" if inner else kinds[part.keys]
        if kind or doubtful:
            found.append((inner or part.words, kind, part))
    forms = [(keys_of(its), part.sex) for its, kind, part in found if kind == "person"]
    number, names = number_persons(forms), []
    for its, kind, part in found:
        person = number[keys_of(its), part.sex] if kind == "person" else -1
        sex, text = part.sex * (person >= 0), " ".join(word.text for word in its)
        names.append(Name(its[0].start, its[-1].end, kind, person, text, sex, part.title))
    return names


def fullest(names: list[Name]) -> dict[int, str]:
    """The fullest form of each person's name.

    Parameters
    ----------
    names : list of Name
        All names of one article, as `find_names` gives them.

    Returns
    -------
    dict of int to str
    """
    forms: dict[int, Counter[str]] = defaultdict(Counter)
    for name in names:
        if name.kind == "person":
            forms[name.person][name.text] += 1

    def fullness(form: tuple[str, int]) -> tuple:
        return len(form[0].split()), not form[0].isupper(), len(form[0]), *form[::-1]

    return {n: max(its.items(), key=fullness)[0] for n, its in forms.items()}


# --- runs of capitals ---


def _written_large(doc: Doc) -> set[str]:
    """Words that are names within some sentence, and so are names where one begins."""
    joined = {i for t in doc if t.text in _HYPHENS for i in (t.i - 1, t.i + 1)}
    calendar = name_lists(doc.lang_).calendar
    return {
        t.text
        for t in doc
        if (t.tag_ in _PROPER or not t.tag_ and t.lower_ not in _NEVER)
        and not t.is_sent_start
        and t.text[0].isupper()
        and t.i not in joined
        and t.lower_.rstrip(".") not in calendar
    }


def _runs(doc: Doc) -> Iterator[tuple[list[NameWord], bool]]:
    """Runs of words with capitals, and whether their whole sentence is in capitals or a headline.

    Particles and "of" may stand within a run.
    """
    known = _written_large(doc)
    for sentence in doc.sents if doc.has_annotation("SENT_START") else [doc[:]]:
        tokens = [t for t in sentence if not t.is_space]
        longer = [t for t in tokens if len(t) > 3 and t.is_alpha]
        large = sum(t.text[0].isupper() for t in longer)
        loud = large > max(2, _LOUD * len(longer))
        if loud and tokens[-1].text in (".", "!", "?") and not longer[0].is_upper:
            loud = len(longer) > 8  # "Ola Brandt met Mira Holt."
        shapes = "".join(_shape(tokens, i, known, loud) for i in range(len(tokens)))
        for match in _RUN.finditer(shapes):
            pieces = _PIECE.finditer(shapes, *match.span())
            run = [_word(tokens[m.start() : m.end()], m[0][0] in "lm") for m in pieces]
            yield run, loud


def _shape(tokens: list[Token], i: int, known: set[str], loud: bool) -> str:
    """A letter that says where in a name a word may stand (see `_RUN`)."""
    token, after = tokens[i], tokens[min(i + 1, len(tokens) - 1)]
    lists = name_lists(token.lang_)
    if token.text in _HYPHENS and i and not (tokens[i - 1].whitespace_ or token.whitespace_):
        if after.text[0].isupper():  # Jean-Marie, not the Trump-Abe summit
            return "." if {tokens[i - 1].text, after.text} <= known else "H"
        return "h" if len(after) <= 4 and after.is_alpha else "."  # Kim Jong-un
    if token.text == ",":
        return "c" if fold(after.text) in SUFFIXES else "."  # Pavel Ormond, Jr.
    if token.lower_ in lists.particles:
        return "P" if token.text[0].isupper() or _leads(tokens, i) else "p"
    if token.norm_ in LINKS:
        return "m" if token.text == "&" else "l"
    first = _capital(token, False, loud) or not loud and token.text in known
    opens = token.lower_.rstrip(".") in lists.titles or token.lower_ in lists.groups
    letter = ".aiC.AIG"[first + 2 * _capital(token, True, loud) + 4 * opens]
    return "t" if letter == "." and token.norm_ == "the" else letter


def _capital(token: Token, inside: bool, loud: bool) -> bool:
    """Whether a word may be one of a name: by its capital, or by its tag where all have one."""
    lower, tag, lists = token.lower_, token.tag_, name_lists(token.lang_)
    month = lower.rstrip(".") in lists.calendar and not (inside and lower in _MONTHS_TOO)
    if month or lower in _NEVER or not token.text[0].isupper():
        return False
    named = token.ent_type_ in _ENTITIES or tag in _PROPER
    if named or loud or not tag:  # not parsed
        return named or not loud and lower not in words("english", "openers")
    closed = token.pos_ in ("DET", "PRON", "AUX", "ADP") or token.lang_ == "de"
    noun = not token.is_sent_start and (tag[:2] == "NN" or lower in lists.peoples)
    return not closed and (inside or noun)  # in German all nouns have capitals


def _leads(tokens: list[Token], i: int) -> bool:
    """Whether a name may begin with a particle: "Ms von der Brandt", not "the van Holt drove"."""
    if tokens[i].norm_ in ("of", "the"):  # "M. de Retz", not "maire de Lyon"
        courtesy = words(tokens[i].lang_, "courtesy")
        return i > 0 and tokens[i - 1].lower_.strip(".") in courtesy
    return i == 0 or tokens[i - 1].tag_ not in ("DT", "JJ", "PRP$", "CD")


def _word(tokens: list[Token], link: bool = False) -> NameWord:
    first, last = tokens[0], tokens[-1]
    text = " ".join(first.doc[first.i : last.i + 1].text.split())
    particle = first.lower_ in name_lists(first.lang_).particles  # "al-Assad" is "Assad" too
    return NameWord(first.i, last.i + 1, text, fold(last.text if particle else text), link)


# --- parts of runs ---


def _parts(doc: Doc, run: list[NameWord], loud: bool) -> Iterator[_Part]:
    """A run without the titles in it: "House Speaker Paul Ryan" names Paul Ryan."""
    lists, first = name_lists(doc.lang_), run[0].start
    if first > 1 and doc[first - 1].lower_ in LINKS and doc[first - 2].lower_ in lists.persons:
        run = run[run[0].key in lists.portfolios :]  # "former secretary of State John Kerry"
    last, rest = behind_titles(run, doc.lang_) if run else (-1, [])
    yield from _judged(doc, run[: max(last, 0)], loud, _NONE)
    for part in _judged(doc, rest, loud, run[last] if last >= 0 else _NONE):
        _beside(doc, part, doc[part.words[-1].end - 1])
        yield part


def _judged(doc: Doc, run: list[NameWord], loud: bool, title: NameWord) -> Iterator[_Part]:
    """A part with what the words in it tell."""
    lists = name_lists(doc.lang_)
    given = bool(run) and fold(run[0].text.split("-")[0]) in lists.given
    body = any(word.link or word.key in lists.groups for word in run[1:])
    while run and (run[0].link or len(run) > 1 and not body and run[0].key in lists.peoples):
        run = run[1:]  # Democrat Hillary Clinton
    while run and (run[-1].link or not given and run[-1].key in lists.peoples):
        run = run[:-1]  # a New York Democrat
    if not run or len(run) > 10:
        return  # no name is so long
    first, last, several = run[0], run[-1], len(run) > 1
    name = " ".join(word.text for word in run)
    directed = first.key in words("english", "directions")  # South Florida
    bare = (name.partition(" ")[2] if directed else name).lower()
    placed = not lists.states.isdisjoint((bare, name.lower(), bare.rstrip(".")))
    placed |= several and not {first.key, last.key}.isdisjoint(lists.sites)
    initials = last.text.isupper() and 1 < len(last.key) <= 6 and last.key not in SUFFIXES
    initials &= not (loud or placed or several and name.isupper())
    people = fold(last.text.rpartition("-")[2])[:-1] in lists.peoples  # African-Americans
    part = _Part(run, title.start, title is _NONE and bool(doc[first.start].is_sent_start))
    part.sex = lists.sex.get(title.key) or several * lists.sex.get(first.key, "")
    part.person += 4 * (title is not _NONE) - 8 * (people or last.key in lists.works)
    part.body += 8 * (body or first.key in lists.groups) + 4 * (first.key in lists.known)
    part.body += 3 * initials * (1 + several)
    part.place += 4 * placed
    part.person += given * (1 + 2 * several)
    if several:
        part.person += last.key in SUFFIXES or any(w.key in lists.particles for w in run)
        syllable = last.text.rpartition("-")[2].islower() and "-" in last.text  # Kim Jong-un
        part.person += 2 * (syllable or any(len(w.key) == 1 for w in run[:-1]))
    kind = _ENTITIES.get(doc[last.start].ent_type_)  # by the pipeline, where it was asked
    if kind is not None:
        setattr(part, kind, getattr(part, kind) + 4)
    yield part


def _beside(doc: Doc, part: _Part, head: Token) -> None:
    """What the words beside a name tell of it."""
    lists, start, end = name_lists(head.lang_), part.words[0].start, part.words[-1].end
    called = doc[start - 1].lower_.strip(".") if start else ""
    if called in _DASHES:  # a quotation is signed
        part.person += 3 * (start > 1 and doc[start - 2].text in ('"', "”", ".", "!", "?"))
    elif called in lists.persons and doc[start - 1].tag_ in ("NN", "NNP", "JJ", ""):
        part.person += 3
    elif called == "the" and head.dep_ not in ("compound", "nmod", "amod", "poss"):
        part.body += 3 + (len(part.words) > 1)
    if end + 1 < len(doc) and doc[end].text == ",":  # Ada Orr, 43, ... or Ada Orr, who ...
        after = doc[end + 1]
        aged = after.like_num and end + 2 < len(doc) and doc[end + 2].text in (",", ".")
        part.person += 3 * (aged or after.norm_ in ("who", "whose") and not part.place)
        part.place += 4 * (after.lower_.rstrip(".") in lists.states)
    up = head.head
    if not head.dep_ and end < len(doc) and (verb := verbs().get(doc[end].lower_)):  # not parsed
        part.person += 2 * ("speech" in verb.kinds)
    if head.dep_ in ("nsubj", "nsubjpass") and up.pos_ in ("VERB", "AUX"):
        part.person += 1 + (up.lemma_ in lists.speech)
    elif head.dep_ == "appos" and up.lower_ in lists.persons:
        part.person += 3


# --- what each is, and who is who ---


def _kinds(parts: list[_Part], titles: frozenset[str]) -> dict[Keys, str]:
    """Person, body, place or nothing: by all that the article says of a name."""
    votes: dict[Keys, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    alone = {part.keys[0] for part in parts if len(part.words) == 1}
    for part in parts:
        for i, n in enumerate((part.person, part.body, part.place, 1)):
            votes[part.keys][i] += n
    kinds = {}
    for keys, (person, body, place, n) in votes.items():
        if len(keys) > 1:
            person += 2 * n * (keys[-1] in alone) + n * (len(keys) < 4)
            kinds[keys] = _kind(person / n, body / n, place / n, _SURE)
    people = [keys for keys, kind in kinds.items() if kind == "person"]
    firsts = {keys[0] for keys in people}
    ends = {keys[i:] for keys in people for i in range(1, len(keys))}
    for keys, (person, body, place, n) in votes.items():
        if keys in ends and person + 3 * n >= max(body, place):
            kinds[keys] = "person"
        elif len(keys) == 1 and keys[0] not in titles:
            person += 2 * n * (keys[0] in firsts)
            kinds[keys] = _kind(person / n if person > 1 else 0, body / n, place / n, _SINGLE)
    return {keys: kinds.get(keys, "") for keys in votes}


def _kind(person: float, body: float, place: float, least: float) -> str:
    if person >= max(body, place, least):
        return "person"
    if place >= max(body, 1):
        return "place"
    return "body" if body >= 1 else ""


def _person_in(its: list[NameWord], people: set[Keys]) -> list[NameWord]:
    """The known person at the beginning of a longer name: "Ted Cruz Super PAC"; mostly none."""
    keys = keys_of(its)
    longest = 0 if keys[-1] in SUFFIXES else len(keys) - 1
    return next((its[:n] for n in range(longest, 1, -1) if keys[:n] in people), [])
