"""Pronouns: those of the third person that can only mean one actor."""

from __future__ import annotations

from bisect import bisect_left, insort

from analysis.text import roles
from analysis.text.epithets import is_head, other_people
from analysis.text.labels import Worded
from analysis.text.mentions import PRONOUN, TITLE, Named, Names
from analysis.text.running import Running

_CLAUSES = frozenset(
    "that who whom whose which when while after before because if as since until whether where but"
    " said says".split()
)
FAR = 90  # words back to which an actor is looked for
HIS = frozenset("he him his himself he's he'd he'll".split())
HERS = frozenset("she her hers herself she's she'd she'll".split())
ITS = frozenset("it its they their".split())


def resolve(run: Running, named: list[Named], labels: list[Worded], actors: Names) -> list[Named]:
    """Pronouns as mentions: the only person of that gender named in this sentence or the one
    before, nobody else named since, and on the same side of quotation marks; of a body only "it",
    "its" and "they" behind what it says ("Kestrow says it …").
    """
    pronouns = [
        k
        for k, word in enumerate(run.words)
        if (lower := word.lower()) in HIS or lower in HERS or lower in ITS
    ]
    if not pronouns:
        return []
    female = genders(run, named, labels, actors)
    places = sorted((m.last, m.actor) for m in named)
    others = sorted([*other_people(run, named), *_somebody(run, named, labels)])
    told = _told(run)
    found = []
    for k in pronouns:
        lower = run.words[k].lower()
        at = bisect_left(places, (k,))
        near = [
            (i, a)
            for i, a in places[max(0, at - 12) : at]
            if i >= k - FAR
            and run.quotes[i] == run.quotes[k]
            and told[run.sentence[i]] >= told[run.sentence[k]] - 1
        ]
        if (
            not near
            and run.quotes[k] >= 0
            and k
            and run.quotes[k - 1] != run.quotes[k]
            and lower not in ITS
        ):
            near = _spoken_of(run, places[max(0, at - 12) : at], k)
        if lower in ITS:
            actor = _speaking_body(run, near, k, actors.group)
        else:
            actor = _person(near, k, lower in HERS, female, others, actors.group)
        if actor is None or lower in ("him", "her") and _object_of(run, near, k, actor):
            continue
        if lower not in ITS:
            female.setdefault(actor, lower in HERS)
        insort(places, (k, actor))
        found.append(Named(actor, PRONOUN, k, k))
    return found


def genders(
    run: Running, named: list[Named], labels: list[Worded], actors: Names
) -> dict[str, bool]:
    """Whether an actor is a woman, where the codebook or the text tells by a courtesy title or a
    label.
    """
    female = dict(actors.female)
    for m in named:
        if (
            m.form != TITLE
            and m.first
            and run.joined(m.first)
            and (before := run.lower[m.first - 1]) in roles.FEMALE | roles.MALE
        ):
            female.setdefault(m.actor, before in roles.FEMALE)
    for label in labels:
        if (
            head := run.lower[label.head].removeprefix("ex-")
        ) in roles.FEMALE or head in roles.MALE:
            female.setdefault(label.actor, head in roles.FEMALE)
    return female


def _person(
    near: list[tuple[int, str]],
    k: int,
    hers: bool,
    female: dict[str, bool],
    others: list[int],
    group: dict[str, bool],
) -> str | None:
    fits = [(i, a) for i, a in near if not group[a] and female.get(a, hers) == hers]
    if not fits or len({a for _, a in fits}) > 1:
        return None
    since = bisect_left(others, fits[-1][0] + 1)
    return None if since < len(others) and others[since] < k else fits[-1][1]


def _spoken_of(run: Running, places: list[tuple[int, str]], k: int) -> list[tuple[int, str]]:
    """Whom a quotation may mean that begins with a pronoun: those named in the sentence before who
    say nothing there.
    """
    return [
        (i, a)
        for i, a in places
        if run.quotes[i] < 0
        and run.sentence[i] == run.sentence[k] - 1
        and not any(run.lower[m] in roles.SPEAKABLE for m in range(max(i - 2, 0), min(i + 4, k)))
    ]


def _told(run: Running) -> list[int]:
    """Numbers of the sentences; one that is quoted as a whole counts with the one before."""
    own = {s for s, quote in zip(run.sentence, run.quotes) if quote < 0}
    numbers, number = [], 0
    for s in range(max(run.sentence, default=0) + 1):
        number += s in own
        numbers.append(number)
    return numbers


def _object_of(run: Running, near: list[tuple[int, str]], k: int, actor: str) -> bool:
    """Whether a pronoun is the object in the actor's own clause, so that somebody else is meant:
    "Orr fired him".
    """
    if (
        run.lower[k] == "her"
        and k + 1 < len(run)
        and run.joined(k + 1)
        and run.lower[k + 1] not in roles.STOP
    ):
        return False  # hers
    last = max(
        (i for i, a in near if a == actor and run.sentence[i] == run.sentence[k]), default=None
    )
    if (
        last is None
        or run.owned[last]
        or run.lower[last] in ("his", "her")
        or run.lower[last + 1] == "and"
    ):
        return False
    return not any(run.lower[m] in _CLAUSES for m in range(last + 1, k))


def _speaking_body(
    run: Running, near: list[tuple[int, str]], k: int, group: dict[str, bool]
) -> str | None:
    """ "Kestrow says (that) it …"."""
    at = k - 1 - (run.lower[k - 1] == "that")
    if (
        at < 1
        or run.sentence[at] != run.sentence[k]
        or run.lower[at] not in roles.SPEAKABLE
        or not run.joined(k)
    ):
        return None
    return next((a for i, a in near if i == at - 1 and group[a] and run.joined(at)), None)


def _somebody(run: Running, named: list[Named], labels: list[Worded]) -> list[int]:
    """Nouns for a single person that is no actor: "a woman behind the barrier"."""
    taken = {m for mention in named for m in range(mention.first, mention.last + 1)} | {
        m for w in labels for m in range(w.first, w.last + 1)
    }
    return [
        k
        for k, lower in enumerate(run.lower)
        if k not in taken and roles.is_person(lower) and lower not in roles.STOP and is_head(run, k)
    ]
