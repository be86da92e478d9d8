"""Names: the persons, bodies and places that an article names, and who of them is the same.

Runs of capitals are cut at titles; what a name is follows from all that the article says of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
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
_CLOSED = frozenset("DT PDT PRP PRP$ IN CC TO MD WP WP$ WDT WRB UH EX RP".split())
_NEVER = words("english", "never_names")
_HYPHENS, _DASHES = frozenset("-\u2010\u2011"), frozenset("—–―")
_ENTITIES = {
    "PER": "person",
    "ORG": "body",
    "LOC": "place",
}  # of pipelines other than the English ones
_LARGE_NOUNS = frozenset(("de",))  # languages whose nouns have capitals
_MONTHS_TOO = frozenset("may june april august".split())  # that people are called too
_DIRECTIONS = frozenset("south north east west central upstate downtown".split())
_LOUD = 0.8  # share of longer words with capitals from which a sentence tells no names by them
_MOST = 10  # words of a name
_NONE = NameWord(-1, -1, "", "")  # no title
_LONGEST = 5  # words of a name that are compared
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
    person: int = 0
    body: int = 0
    place: int = 0
    opens: bool = False  # its capital may be that of the sentence alone
    sex: str = ""
    title: int = -1

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
    tokens = list(doc)
    parts = [
        part
        for run, loud in _runs(tokens, _written_large(tokens))
        for part in _parts(tokens, run, loud)
    ]
    small = {t.text for t in tokens if t.is_lower}
    sure = {key for part in parts for key in part.keys[part.opens :]}
    parts = [
        p
        for p in parts
        if not (p.opens and p.keys[0] not in sure or p.words[0].text.isupper())
        or p.words[0].text.lower() not in small
    ]  # "They", "TEXT"
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

    def fullness(form: str, n: int) -> tuple:
        return len(form.split()), not form.isupper(), len(form), n, form

    return {n: max(its, key=lambda form: fullness(form, its[form])) for n, its in forms.items()}


# --- runs of capitals ---


def _written_large(tokens: list[Token]) -> set[str]:
    """Words that are names within some sentence, and so are names where one begins."""
    joined = {i for t in tokens if t.text in _HYPHENS for i in (t.i - 1, t.i + 1)}
    calendar = name_lists(tokens[0].lang_).calendar if tokens else frozenset()
    return {
        t.text
        for t in tokens
        if (t.tag_ in _PROPER or not t.tag_ and t.lower_ not in _NEVER)
        and not t.is_sent_start
        and t.text[0].isupper()
        and t.i not in joined
        and t.lower_.rstrip(".") not in calendar
    }


def _runs(tokens: list[Token], known: set[str]) -> Iterator[tuple[list[NameWord], bool]]:
    """Runs of words with capitals, and whether their whole sentence is in capitals or a headline.

    Particles and "of" may stand within a run.
    """
    starts = [i for i, t in enumerate(tokens) if t.is_sent_start or i == 0]
    for start, end in zip(starts, [*starts[1:], len(tokens)]):
        sentence = [t for t in tokens[start:end] if not t.is_space]
        longer = [t for t in sentence if len(t) > 3 and t.is_alpha]
        large = sum(t.text[0].isupper() for t in longer)
        loud = large > max(2, _LOUD * len(longer))
        if loud and sentence[-1].text in (".", "!", "?") and not longer[0].is_upper:
            loud = len(longer) > 8  # "Ola Brandt met Mira Holt."
        i = 0
        while i < len(sentence):
            run: list[NameWord] = []
            i = max(_run(sentence, i, loud, known, run), i + (not run))
            if run:
                yield run, loud


def _run(tokens: list[Token], i: int, loud: bool, known: set[str], run: list[NameWord]) -> int:
    """Read one run from a place on; returns the place behind it."""
    particles = name_lists(tokens[0].lang_).particles
    while i < len(tokens):
        token = tokens[i]
        particle = token.lower_ in particles and (run or _leads(tokens, i))
        opens = not (run or loud) and _opens(tokens, i, known)
        if particle or opens or _capital(token, bool(run), loud):
            end = i + 1
            while end + 1 < len(tokens) and _hyphened(tokens, end, len(run), known):
                end += 2
            run.append(_word(tokens[i:end]))
            i = end
        elif not run:
            return i
        elif token.text == "," and i + 1 < len(tokens) and fold(tokens[i + 1].text) in SUFFIXES:
            i += 1  # Pavel Ormond, Jr.
        elif stop := _linked(tokens, i, run[-1], loud):
            run.append(_word(tokens[i:stop], link=True))
            i = stop
        else:
            break
    while run and (run[-1].link or run[-1].key in particles and _small(run)):
        run.pop()
    return i


def _small(run: list[NameWord]) -> bool:
    return len(run) == 1 or run[-1].text.islower()


def _capital(token: Token, inside: bool, loud: bool) -> bool:
    """Whether a word may be one of a name: by its capital, or by its tag where all have one."""
    lower, tag, lists = token.lower_, token.tag_, name_lists(token.lang_)
    month = lower.rstrip(".") in lists.calendar and not (inside and lower in _MONTHS_TOO)
    if month or lower in _NEVER or not token.text[0].isupper():
        return False
    if token.ent_type_ in _ENTITIES or tag in _PROPER or loud:
        return token.ent_type_ in _ENTITIES or tag in _PROPER
    if not tag:  # not parsed
        opener = lower in words("english", "openers")
        return not opener and (not token.is_sent_start or lower in _called())
    closed = tag in _CLOSED or token.pos_ in ("DET", "PRON", "AUX", "ADP")
    if closed or token.lang_ in _LARGE_NOUNS:
        return False
    known = tag[:2] == "NN" or lower in lists.peoples
    return inside or not token.is_sent_start and known


def _opens(tokens: list[Token], i: int, known: set[str]) -> bool:
    """Whether a name begins with a word that the parser did not take for one."""
    token = tokens[i]
    after = tokens[i + 1] if i + 1 < len(tokens) else token
    first = not token.tag_ and token.text[0].isupper() and token.i != after.i
    not_parsed = first and after.text[0].isupper() and _capital(after, True, False)
    return token.text in known or not_parsed and token.lower_ not in words("english", "openers")


@cache
def _called() -> frozenset[str]:
    """Given names that are no other words."""
    return name_lists().given - words("english", "names_too") - {"will"}


def _leads(tokens: list[Token], i: int) -> bool:
    """Whether a name may begin with a particle: "Ms von der Brandt", not "the van Holt drove"."""
    if tokens[i].norm_ in ("of", "the"):  # "M. de Retz", not "maire de Lyon"
        courtesy = words(tokens[i].lang_, "courtesy")
        return i > 0 and tokens[i - 1].lower_.strip(".") in courtesy
    return i == 0 or tokens[i - 1].tag_ not in ("DT", "JJ", "PRP$", "CD")


def _hyphened(tokens: list[Token], i: int, before: int, known: set[str]) -> bool:
    """Whether a hyphen and what follows belong to the word before: Jean-Marie, Kim Jong-un."""
    if tokens[i].text not in _HYPHENS or tokens[i - 1].whitespace_ or tokens[i].whitespace_:
        return False
    after = tokens[i + 1]
    if after.text[0].isupper():
        return not {tokens[i - 1].text, after.text} <= known  # the Trump-Abe summit
    return before > 0 and len(after) <= 4 and after.is_alpha


def _linked(tokens: list[Token], i: int, before: NameWord, loud: bool) -> int:
    """The place behind "of", "of the", "for" or "&" within a name or a title, or 0."""
    if LINKS.isdisjoint((tokens[i].norm_, tokens[i].text)):
        return 0
    lists = name_lists(tokens[i].lang_)
    opens = tokens[i].text == "&" or before.key in lists.titles or before.key in lists.groups
    stop = i + 1
    if stop < len(tokens) and tokens[stop].norm_ == "the":
        stop += 1
    return stop * (opens and stop < len(tokens) and _capital(tokens[stop], True, loud))


def _word(tokens: list[Token], link: bool = False) -> NameWord:
    first, last = tokens[0], tokens[-1]
    if len(tokens) == 1:
        return NameWord(first.i, first.i + 1, first.text, fold(first.text), link)
    text = " ".join(("".join(t.text_with_ws for t in tokens[:-1]) + last.text).split())
    particle = first.lower_ in name_lists(first.lang_).particles  # "al-Assad" is "Assad" too
    return NameWord(first.i, last.i + 1, text, fold(last.text if particle else text), link)


# --- parts of runs ---


def _parts(doc: list[Token], run: list[NameWord], loud: bool) -> Iterator[_Part]:
    """A run without the titles in it: "House Speaker Paul Ryan" names Paul Ryan."""
    first = run[0].start
    before = doc[first - 2].lower_ if first > 1 and doc[first - 1].lower_ in LINKS else ""
    if before in name_lists().persons and run[0].key in name_lists().portfolios:
        run = [
            NameWord(first - 2, first - 1, before, before),
            NameWord(0, 0, "of", "of", True),
            *run,
        ]
    last, rest = behind_titles(run, doc[0].lang_)  # "former secretary of State John Kerry"
    rest = [word for word in rest if word.start >= first]
    if last > 0:
        yield from _judged(doc, run[:last], loud, _NONE, within=True)
    yield from _judged(doc, rest, loud, run[last] if last >= 0 else _NONE)


def _judged(
    doc: list[Token], run: list[NameWord], loud: bool, title: NameWord, within: bool = False
) -> Iterator[_Part]:
    """A part with what the words in it and beside it tell."""
    lists = name_lists(doc[0].lang_)
    given = bool(run) and fold(run[0].text.split("-")[0]) in lists.given
    body = any(word.link or word.key in lists.groups for word in run[1:])
    while run and (run[0].link or len(run) > 1 and not body and run[0].key in lists.peoples):
        run = run[1:]  # Democrat Hillary Clinton
    while run and (run[-1].link or not given and run[-1].key in lists.peoples):
        run = run[:-1]  # a New York Democrat
    if not run or len(run) > _MOST:
        return
    first, last, several = run[0], run[-1], len(run) > 1
    name = " ".join(word.text for word in run)
    part = _Part(run, opens=title is _NONE and bool(doc[first.start].is_sent_start))
    part.title, lower = title.start, name.lower()
    part.sex = lists.sex.get(title.key) or several * lists.sex.get(first.key, "")
    part.person += 4 * (title is not _NONE)
    if body or first.key in lists.groups:
        part.body += 8
    part.body += 4 * (first.key in lists.known)
    placed = lower in lists.places or lower.rstrip(".") in lists.states
    initials = last.text.isupper() and len(last.key) > 1 and last.key not in SUFFIXES
    if initials and not (loud or placed):
        if several:
            part.body += 6 * (not name.isupper())
        else:
            part.body += 3 * (len(last.key) <= 6)
    bare = lower.partition(" ")[2] if first.key in _DIRECTIONS else ""
    sited = several and not {first.key, last.key}.isdisjoint(lists.sites)
    part.place += 4 * (placed or bare in lists.places or sited)
    people = fold(last.text.rpartition("-")[2])[:-1] in lists.peoples  # African-Americans
    part.person -= 8 * (people or last.key in lists.works)
    if given:
        part.person += 3 if several else 1
    if several:
        part.person += last.key in SUFFIXES or any(w.key in lists.particles for w in run)
        syllable = last.text.rpartition("-")[2].islower() and "-" in last.text  # Kim Jong-un
        part.person += 2 * (syllable or any(len(w.key) == 1 for w in run[:-1]))
    kind = _ENTITIES.get(doc[last.start].ent_type_)  # by the pipeline, where it was asked
    if kind is not None:
        setattr(part, kind, getattr(part, kind) + 4)
    if not within:
        _beside(doc, part, doc[last.end - 1])
    yield part


def _beside(doc: list[Token], part: _Part, head: Token) -> None:
    """What the words beside a name tell of it."""
    lists, start, end = name_lists(head.lang_), part.words[0].start, part.words[-1].end
    before = doc[start - 1] if start else None
    called = before.lower_.strip(".") if before is not None else ""
    if before is None or before.text in ("(", "/"):
        pass
    elif before.text in _DASHES:  # a quotation is signed
        part.person += 3 * (start > 1 and doc[start - 2].text in ('"', "”", ".", "!", "?"))
    elif called in lists.persons and before.tag_ in ("NN", "NNP", "JJ", ""):
        part.person += 3
    elif called == "the" and head.dep_ not in ("compound", "nmod", "amod", "poss"):
        part.body += 3 + (len(part.words) > 1)
    mark = doc[end].text if end + 2 < len(doc) else ""
    if mark == "(":  # Ada Orr (D-Ohio)
        part.person += 4 * (doc[end + 1].text in "DRI" and doc[end + 2].text in _HYPHENS)
    elif mark == ",":
        after = doc[end + 1]
        aged = after.like_num and doc[end + 2].text in (",", ".")
        part.person += 3 * (aged or after.norm_ in ("who", "whose") and not part.place)
        part.place += 4 * (after.lower_.rstrip(".") in lists.states)
    if not head.dep_:  # not parsed
        behind = doc[end].lower_ if end < len(doc) else ""
        verb = verbs().get(behind)
        part.person += 2 * (verb is not None and "speech" in verb.kinds)
        return
    up = head.head
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
    ends: set[Keys] = set()  # how the names of persons end
    firsts: set[str] = set()
    for keys, (person, body, place, n) in votes.items():
        if len(keys) > 1:
            person += 2 * n * (keys[-1] in alone) + n * (len(keys) < 4)
            kinds[keys] = _kind(person / n, body / n, place / n, _SURE)
            if kinds[keys] == "person":
                ends |= {keys[i:] for i in range(max(1, len(keys) - _LONGEST), len(keys))}
                firsts.add(keys[0])
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
    longest = 0 if keys[-1] in SUFFIXES else min(len(keys) - 1, _LONGEST)
    return next((its[:n] for n in range(longest, 1, -1) if keys[:n] in people), [])
