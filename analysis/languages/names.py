"""Names: the persons, bodies and places that an article names, and who of them is the same.

Runs of capitals are cut at titles; what a name is follows from all that the article says of it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.languages.lists import words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_CLOSED = frozenset("DT PDT PRP PRP$ IN CC TO MD WP WP$ WDT WRB UH EX RP".split())
_PROPER = ("NNP", "NNPS")
_SUFFIXES = frozenset("jr sr ii iii iv".split())
_LINKS = frozenset(("of", "for", "and", "&"))
_DASHES = frozenset("—–―")
_DIRECTIONS = frozenset("south north east west central upstate downtown".split())
_NEVER = frozenset(
    "the a an this that these those it he she they we i but and or if in on at for with as no not"
    " so what who how why when where there here my your our his her their its".split()
)
_MARKS = frozenset("-\u2010\u2011")
_DERIVED = frozenset("era like led lite style type free wide run based".split())
_OWNED = frozenset("administration camp campaign era supporters team white".split())
_SHOUTED = 0.8  # share of longer words in capitals from which a sentence tells no names by them
_LONGEST = 5  # words of a name that are compared
_SURE = 2  # evidence from which a name is a person's


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
    """

    start: int
    end: int
    kind: str
    person: int = -1
    text: str = ""


@dataclass(frozen=True)
class _Word:
    """A word of a name; "Jean-Marie" and "al-Storr" are one."""

    start: int
    end: int
    text: str
    key: str


@dataclass
class _Part:
    """A part of a run of capitals that may be a name, and what shows whose."""

    words: list[_Word]
    person: int = 0
    body: int = 0
    place: int = 0
    opens: bool = False  # its capital may be that of the sentence alone

    @property
    def keys(self) -> tuple[str, ...]:
        return _keys(self.words)


def _keys(its: list[_Word]) -> tuple[str, ...]:
    return tuple(word.key for word in its)


def find_names(doc: Doc) -> list[Name]:
    """Find the names of an article.

    Parameters
    ----------
    doc : spacy.tokens.Doc
        Sentences that were not parsed have fewer names found in them.

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
    small = {t.text for t in doc if t.text.islower()}
    joined = {i for t in doc if t.text in _MARKS for i in (t.i - 1, t.i + 1)}
    known = {
        t.text
        for t in doc
        if t.tag_ in _PROPER and not t.is_sent_start and t.text[0].isupper() and t.i not in joined
    }
    parts = [part for run, loud in _runs(doc, known - small) for part in _parts(doc, run, loud)]
    sure = {key for part in parts for key in part.keys[part.opens :]}
    parts = [
        p
        for p in parts
        if len(p.words) > 1 or not p.opens or p.keys[0] in sure or p.keys[0] not in small
    ]
    kinds = _kinds(parts)
    full = {keys for keys, kind in kinds.items() if kind == "person"}
    found = []
    for part in parts:
        kind = kinds[part.keys]
        inner = part.words if kind == "person" else _person_in(part.words, full)
        found.append((inner, "person") if inner else (part.words, kind))
    number = _numbers([_keys(its) for its, kind in found if kind == "person"])
    return [
        Name(
            its[0].start,
            its[-1].end,
            kind,
            number[_keys(its)] if kind == "person" else -1,
            " ".join(w.text for w in its),
        )
        for its, kind in found
        if kind
    ]


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
    return {n: max(its, key=lambda f: _fullness(f, its)) for n, its in forms.items()}


def _fullness(form: str, counts: Counter[str]) -> tuple:
    return len(form.split()), not form.isupper(), len(form), counts[form], form


def fold(word: str) -> str:
    """A word of a name in small letters, without accents, apostrophes, points and hyphens.

    Examples
    --------
    >>> fold("D’Angelo") == fold("D'ANGELO"), fold("Jong-un"), fold("Peña")
    (True, 'jongun', 'pena')
    """
    plain = unicodedata.normalize("NFD", word.casefold())
    return "".join(c for c in plain if c.isalnum() and not unicodedata.combining(c))


# --- runs of capitals ---


def _runs(doc: Doc, known: set[str]) -> Iterator[tuple[list[_Word], bool]]:
    """Runs of words with capitals, and whether their whole sentence is in capitals or a headline.

    Particles and "of" may stand within a run.
    """
    for sentence in doc.sents:
        tokens = [t for t in sentence if not t.is_space]
        longer = [t for t in tokens if len(t) > 3 and t.is_alpha]
        loud = sum(t.text[0].isupper() for t in longer) > max(2, _SHOUTED * len(longer))
        if tokens and loud and tokens[-1].text in ".!?" and not longer[0].is_upper:
            loud = len(longer) > 8  # "Ola Brandt met Mira Holt."
        i = 0
        while i < len(tokens):
            run: list[_Word] = []
            i = _run(tokens, i, loud, known, run)
            if run:
                yield run, loud
            else:
                i += 1


def _run(tokens: list[Token], i: int, loud: bool, known: set[str], run: list[_Word]) -> int:
    """Read one run from a place on; returns the place behind it."""
    particles = words("english", "particles")
    first = i
    while i < len(tokens):
        token = tokens[i]
        if token.lower_ in particles and (run or i == first and _leads(tokens, i)):
            after = i + 1
            while after < len(tokens) and tokens[after].lower_ in particles | _MARKS:
                after += 1
            if after < len(tokens) and _capital(tokens[after], True, loud):
                joined = tokens[after - 1].text in _MARKS  # al-Storr
                stop = after if not joined else after - 2
                run += [_word(tokens[j : j + 1]) for j in range(i, stop)]
                i = stop
                if joined:
                    run.append(_word(tokens[i : after + 1]))
                    i = after + 1
                continue
        if _capital(token, bool(run), loud) or not run and not loud and token.text in known:
            end = i + 1
            while end + 1 < len(tokens) and _hyphened(tokens, end, len(run), known):
                end += 2
            run.append(_word(tokens[i:end]))
            i = end
        elif not run:
            return i
        elif token.text == "," and _suffix(tokens, i + 1):
            i += 1
        elif token.text in "“\"'‘(" and (stop := _nickname(tokens, i)):
            i = stop  # Joseph “Joe” Biden
        elif token.lower_ in _LINKS and (stop := _linked(tokens, i, run, loud)):
            run.append(_word(tokens[i:stop]))
            i = stop
        else:
            break
    while run and (run[-1].key in particles or run[-1].text.lower().split()[0] in _LINKS):
        run.pop()
    return max(i, first)


def _capital(token: Token, inside: bool, loud: bool) -> bool:
    """Whether a word may be one of a name: by its capital, or by its tag where all have one."""
    text, tag = token.text, token.tag_
    if not text[0].isupper() or token.lower_ in _NEVER:
        return False
    if token.lower_.rstrip(".") in words("english", "calendar"):
        return False
    if loud:
        return tag in _PROPER
    if tag in (*_PROPER, ""):
        return tag != "" or not token.is_sent_start
    if tag in _CLOSED or token.lower_ == "i" or token.pos_ in ("DET", "PRON", "AUX", "ADP"):
        return False
    return (
        inside and not tag.startswith("VB") or not token.is_sent_start and tag[:2] in ("NN", "JJ")
    )


def _leads(tokens: list[Token], i: int) -> bool:
    """Whether a name may begin with this particle: "Ms von der Brandt", not "the van Holt drove"."""
    return i == 0 or tokens[i - 1].tag_ not in ("DT", "JJ", "PRP$", "CD")


def _hyphened(tokens: list[Token], i: int, before: int, known: set[str]) -> bool:
    """Whether a hyphen and what follows belong to the word before: Jean-Marie, Kim Jong-un."""
    if tokens[i].text not in _MARKS or tokens[i - 1].whitespace_ or tokens[i].whitespace_:
        return False
    after = tokens[i + 1]
    if after.text[0].isupper():
        return not {tokens[i - 1].text, after.text} <= known  # the Trump-Abe summit
    return before > 0 and len(after) <= 4 and after.is_alpha and after.lower_ not in _DERIVED


def _suffix(tokens: list[Token], i: int) -> bool:
    return i < len(tokens) and fold(tokens[i].text) in _SUFFIXES


def _nickname(tokens: list[Token], i: int) -> int:
    """The place behind a nickname in marks that the family name follows, or 0."""
    for stop in (i + 2, i + 3):
        if stop + 1 < len(tokens) and tokens[stop].text in "”\"'’)":
            named = tokens[i + 1].text[0].isupper() and tokens[stop + 1].text[0].isupper()
            return stop + 1 if named and tokens[i].text != "(" else 0
    return 0


def _linked(tokens: list[Token], i: int, run: list[_Word], loud: bool) -> int:
    """The place behind "of", "of the", "for" or "&" within a name or a title, or 0."""
    if tokens[i].lower_ in ("and", "&") and tokens[i].text != "&":
        return 0
    if tokens[i].text != "&" and not {run[-1].key} & _openers():
        return 0
    stop = i + 1
    if stop < len(tokens) and tokens[stop].lower_ == "the":
        stop += 1
    return stop if stop < len(tokens) and _capital(tokens[stop], True, loud) else 0


def _peoples() -> frozenset[str]:
    return words("english", "peoples")


def _openers() -> frozenset[str]:
    return words("english", "persons") | words("english", "groups")


def _word(tokens: list[Token]) -> _Word:
    text = " ".join(("".join(t.text_with_ws for t in tokens[:-1]) + tokens[-1].text).split())
    particle = len(tokens) > 2 and tokens[0].lower_ in words("english", "particles")
    return _Word(tokens[0].i, tokens[-1].i + 1, text, fold(tokens[-1].text if particle else text))


# --- parts of runs ---


def _parts(doc: Doc, run: list[_Word], loud: bool) -> Iterator[_Part]:
    """A run without the titles in it: "House Speaker Paul Ryan" names Paul Ryan."""
    titles = words("english", "persons") | words("english", "courtesy")
    titles -= _peoples()
    given = words("english", "given_men") | words("english", "given_women")
    last = -1
    for i, word in enumerate(run[:-1]):
        behind = run[i + 1].key
        plural = word.key.endswith("s") and word.key[:-1] in titles
        if (word.key in titles - given or plural) and behind not in _SUFFIXES:
            last = i
    if last < 0:
        yield from _judged(doc, run, loud, None)
        return
    title, rest = run[last], run[last + 1 :]
    if _is_link(rest[0]):
        rest = _behind_portfolio(rest[1:])
    if last > 0:
        yield from _judged(doc, run[:last], loud, None, within=True)
    if rest:
        yield from _judged(doc, rest, loud, title)


def _is_link(word: _Word) -> bool:
    return word.text.lower().split()[0] in _LINKS


def _behind_portfolio(run: list[_Word]) -> list[_Word]:
    """The name behind "for Health", "of State" or "of New York"; empty if there is none."""
    fields = words("english", "portfolios")
    n = 0
    while n < len(run) - 1 and (run[n].key in fields or _is_link(run[n])):
        n += 1
    if n:
        return run[n:]
    places = words("english", "places")
    for n in (3, 2, 1):
        if " ".join(w.text.lower() for w in run[:n]) in places:
            return run[n:]
    return run[-2:] if len(run) > 2 else []


def _judged(
    doc: Doc, run: list[_Word], loud: bool, title: _Word | None, within: bool = False
) -> Iterator[_Part]:
    """A part with what the words in it and beside it tell."""
    while run and _is_link(run[0]):
        run = run[1:]
    while run and _is_link(run[-1]):
        run = run[:-1]
    if not run:
        return
    groups, places = words("english", "groups"), words("english", "places")
    people = _peoples()
    while len(run) > 1 and run[0].key in people and not {w.key for w in run} & groups:
        run = run[1:]  # Democrat Hillary Clinton
    while run and run[-1].key in people:
        run = run[:-1]  # a New York Democrat
    if not run:
        return
    links = [i for i, w in enumerate(run) if _is_link(w)]
    part = _Part(run)
    head = doc[run[-1].end - 1]
    part.opens = title is None and doc[run[0].start].is_sent_start
    keys = set(part.keys)
    if links or keys & groups:
        part.body += 8
    name = " ".join(w.text for w in run)
    bare = name.lower().partition(" ")[2] if run[0].key in _DIRECTIONS else ""
    if name.lower() in places or bare in places or run[-1].key in words("english", "sites"):
        part.place += 4
    if name.lower().rstrip(".") in words("english", "places_short"):
        part.place += 4
    if run[-1].key in words("english", "things"):
        part.person -= 8
    short = fold(name)
    if len(run) == 1 and not loud and name.isupper() and 2 <= len(short) <= 6:
        part.body += 3
    if len(run) > 1 and not loud and not name.isupper() and len(run[-1].key) > 1:
        part.body += 6 * (run[-1].text.isupper() and run[-1].key not in _SUFFIXES)
    if title is not None:
        part.person += 4
    if loud and title is None:
        part.person -= 1
    given = words("english", "given_men") | words("english", "given_women")
    inner = len(run) > 1
    if inner and fold(run[0].text.split("-")[0]) in given and not run[0].text.isupper():
        part.person += 3
    if inner and (keys & words("english", "particles") or run[-1].key in _SUFFIXES):
        part.person += 1
    if inner and any(len(w.key) == 1 for w in run[:-1]):
        part.person += 2
    if head.tag_ == "NNPS" and len(run) == 1:
        part.person -= 4
    if part.keys[0] in words("english", "known_bodies"):
        part.body += 4
    if not within:
        _beside(doc, part, head)
    yield part


def _beside(doc: Doc, part: _Part, head: Token) -> None:
    """What the words beside a name tell of it."""
    start, end = part.words[0].start, part.words[-1].end
    persons = words("english", "persons")
    before = doc[start - 1] if start else None
    if before is not None and before.text in _DASHES:  # a quotation is signed
        part.person += 3 * (start > 1 and doc[start - 2].text in '.”"!?')
    if before is not None and not before.is_punct:
        called = before.lower_.strip(".")
        if called in persons and before.tag_ in ("NN", "NNP", "JJ"):
            part.person += 3
        elif called in ("in", "near", "at", "across", "outside"):
            part.place += 1
        elif called == "the" and head.dep_ not in ("compound", "nmod", "amod", "poss"):
            part.body += 2 + (len(part.words) > 1)
    if end + 2 < len(doc) and doc[end].text == "(":  # (D-Ohio)
        part.person += 4 * (doc[end + 1].text in "DRI" and doc[end + 2].text in _MARKS)
    if end + 1 < len(doc) and doc[end].text == ",":
        after = doc[end + 1]
        aged = after.like_num and end + 2 < len(doc) and doc[end + 2].text in ",."
        part.person += 3 * (aged or after.lower_ in ("who", "whose") and not part.place)
        short = words("english", "places_short") | words("english", "places")
        part.place += 4 * (after.lower_.rstrip(".") in short)
    for child in head.children:
        if child.dep_ == "relcl":
            who = next((c for c in child.children if c.lower_ == "who"), None)
            part.person += 2 * (who is not None and not part.place)
        elif child.dep_ == "appos" and child.pos_ == "NOUN":
            part.person += 3 * (child.lower_ in persons)
    up = head.head
    if head.dep_ in ("nsubj", "nsubjpass") and up.pos_ == "VERB":
        part.person += 1 + (up.lemma_ in words("english", "speech"))
    elif head.dep_ == "appos" and up.lower_ in persons:
        part.person += 3


# --- what each is, and who is who ---


def _kinds(parts: list[_Part]) -> dict[tuple[str, ...], str]:
    """Person, body, place or nothing: by all that the article says of a name."""
    votes: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    alone = Counter(p.keys[0] for p in parts if len(p.words) == 1)
    for part in parts:
        for i, n in enumerate((part.person, part.body, part.place, 1)):
            votes[part.keys][i] += n
    kinds = {}
    ends: set[tuple[str, ...]] = set()  # how forms of the names of persons end
    first: set[str] = set()
    for keys, (person, body, place, n) in votes.items():
        if len(keys) > 1:
            person += 2 * n * (alone[keys[-1]] > 0) + n * (len(keys) in (2, 3))
            kinds[keys] = _kind(person / n, body / n, place / n, True)
            if kinds[keys] == "person":
                ends |= {keys[i:] for i in range(1, min(len(keys), _LONGEST))}
                first.add(keys[0])
    for keys, (person, body, place, n) in votes.items():
        if keys in ends:
            kinds[keys] = "person" if person + 3 * n >= max(body, place) else kinds.get(keys, "")
        elif len(keys) == 1:
            person += 2 * (keys[0] in first)
            kinds[keys] = _kind(person / n if person > 1 else 0, body / n, place / n, False)
    return {keys: kinds.get(keys, "") for keys in votes}


def _person_in(its: list[_Word], full: set[tuple[str, ...]]) -> list[_Word]:
    """The known person at the beginning of another name: "Ted Cruz Super PAC"; mostly none."""
    keys = _keys(its)
    for n in range(min(len(its) - 1, _LONGEST), 0, -1):
        if keys[:n] in full and (n > 1 or keys[1] in _OWNED):
            return its[:n]
    return []


def _kind(person: float, body: float, place: float, full: bool) -> str:
    if person >= max(body, place) and person >= (_SURE if full else 0.3):
        return "person"
    if place >= max(body, 1):
        return "place"
    return "body" if body >= 1 else ""


def _numbers(named: list[tuple[str, ...]]) -> dict[tuple[str, ...], int]:
    """The number of the person that each form of a name means; short forms mean whoever is named
    most of those who bear them.
    """
    counts = Counter(named)
    forms = sorted(counts, key=lambda keys: (-len(keys), -counts[keys], keys))
    bearers: dict[str, list[int]] = defaultdict(list)
    shown: list[tuple[str, ...]] = []
    weight: Counter[int] = Counter()
    number: dict[tuple[str, ...], int] = {}
    for keys in forms:
        fits = [n for n in dict.fromkeys(bearers[keys[-1]] + bearers[keys[0]])
                if _may_be(keys, shown[n])]  # fmt: skip
        if fits:
            number[keys] = max(fits, key=lambda n: (shown[n][-1] == keys[-1], weight[n], -n))
        else:
            number[keys] = len(shown)
            shown.append(keys)
            for key in dict.fromkeys(keys):
                bearers[key].append(number[keys])
        weight[number[keys]] += counts[keys] if len(keys) > 1 else 0
    order: dict[int, int] = {}
    for keys in named:
        order.setdefault(number[keys], len(order))
    return {keys: order[n] for keys, n in number.items()}


def _may_be(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether a form may be one of a longer name: parts of it in order, initials for words."""
    plain = [k for k in short if len(k) > 1] or list(short)
    if (short[-1] in _SUFFIXES) != (full[-1] in _SUFFIXES) and len(short) > 1:
        return False
    rest = iter(full)
    if all(any(k == word for word in rest) for k in plain):
        return True
    initials = len(short) > 1 and short[-1] == full[-1]
    return initials and all(a == b or len(a) == 1 and b.startswith(a) for a, b in zip(short, full))
