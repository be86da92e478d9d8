"""Epithets: descriptions without a name ("the minister", "the kingpin"), traced back to an actor.

How surely is said as a confidence: .9 an alias of the codebook in small letters; .85 the same word
stands at one actor's name in this text; .7 a word of the same class ("boss" for "chief executive");
.6 one of several such actors, the last mentioned, or one whose title the codebook tells and whom
the text does not name; .55 no such word, but one person in sight; .5 the same with "a" or "the
regime"; .45 a word of the same class beside words that the text does not use of that actor ("the
committee chairman" where a party leader is known).
"""

from __future__ import annotations

from bisect import bisect_left

from analysis.text import roles
from analysis.text.labels import APPOSITIVE, MODIFIER, NOUN, PREDICATE, Worded
from analysis.text.mentions import TITLE, Named, Names, may_stand_before
from analysis.text.phrases import LONGEST_LABEL, names, phrase
from analysis.text.running import Running

ALIAS, SAME, CLASS, LATEST, IN_SIGHT, INDEFINITE, ABSENT, DOUBTFUL = (
    0.9,
    0.85,
    0.7,
    0.6,
    0.55,
    0.5,
    0.6,
    0.45,
)
_OTHER = ""  # who bears a title and is no actor
_THE = frozenset("the our this that".split())


def described(
    run: Running, named: list[Named], labels: list[Worded], actors: Names
) -> tuple[list[Worded], list[Named]]:
    """Labels without a name, and the mentions that they are."""
    covered = {m for label in labels for m in range(label.first, label.last + 1)} | {
        m
        for mention in named
        if mention.form != TITLE
        for m in range(mention.first, mention.last + 1)
    }
    aliases = {mention.last: mention for mention in named if mention.form == TITLE}
    told = {run.lower[label.head] for label in labels if label.construction == APPOSITIVE}
    heads = [
        k
        for k, lower in enumerate(run.lower)
        if (
            roles.is_person(lower)
            or roles.is_body(lower)
            or lower in roles.RULES
            or lower == "top"
            or lower in told
        )
        and k not in covered
    ]
    if not heads:
        return [], []
    known = _Known(run, named, labels, actors, heads)
    found: list[Worded] = []
    mentions: list[Named] = []
    for k in heads:
        alias = aliases.get(k)
        if not is_head(run, k):
            continue
        first, determiner = _begin(run, k, covered)
        if alias is not None:
            if actors.group[alias.actor]:
                continue
            actor, confidence = alias.actor, ALIAS
            first = min(first, alias.first)
        elif (who := known.bearer(k, first, determiner)) is None:
            continue
        else:
            actor, confidence = who
        last = k
        read = phrase(run, first, None)
        if read is not None and read.head == k:
            last = read.last
        start = first
        if determiner in ("the", "") and first < k:  # what judges is a label of its own
            inner = first + (determiner == "the")
            while inner < k and (
                run.lower[inner] in roles.JUDGING
                and run.lower[inner] not in _PLAIN
                or run.words[inner][0].isdigit()
                and not run.lower[inner].endswith("old")
            ):
                found.append(Worded(actor, MODIFIER, inner, inner, inner, confidence))
                inner += 1
                start = inner
        found.append(Worded(actor, NOUN, max(start, last - LONGEST_LABEL + 1), last, k, confidence))
        covered.update(range(first, last + 1))
        if alias is None:
            mentions.append(Named(actor, TITLE, first, k))
            known.note(actor, k)
    return found, mentions


def is_head(run: Running, k: int) -> bool:
    """Whether a noun is the last of its phrase, and no title before a name."""
    if k + 1 == len(run) or run.owned[k] or not run.joined(k + 1):
        return True
    after, lower = run.words[k + 1], run.lower[k + 1]
    if names(lower, None) or lower[-1:] == "s" and names(lower[:-1], None):
        return False
    if run.headline[run.sentence[k]] or run.shouted[run.sentence[k]]:
        return True
    if after[0].isupper():
        return False
    if lower in roles.STOP:
        return True
    return (
        run.lower[k] not in roles.PEOPLES
        and lower.endswith(("ed", "s", "ly"))
        and (lower.endswith("ly") or not roles.is_adjective(run.lower[k]))
    )


def _begin(run: Running, k: int, covered: set[int]) -> tuple[int, str]:
    """Where the phrase of a head begins, and its determiner ("" without one)."""
    first = k
    while (
        first > 0
        and k - first < LONGEST_LABEL - 1
        and run.joined(first)
        and first - 1 not in covered
    ):
        lower = run.lower[first - 1]
        if lower in roles.DETERMINERS:
            return first - 1, lower
        if (
            lower in roles.STOP
            or lower in roles.TRANSITIVE
            or run.opens(first)
            or "," in run.gaps[first]
            or (lower.endswith("ly") and lower not in ("elderly", "family"))
        ):
            break
        first -= 1
    while (
        first < k
        and run.words[first].islower()
        and run.lower[first].endswith(("ed", "s"))
        and not (run.owned[first] or run.lower[first] in roles.JUDGING)
    ):
        first += 1
    return first, ""


class _Known:
    """What a text says of whom by titles and appositives, and who was mentioned last."""

    def __init__(
        self,
        run: Running,
        named: list[Named],
        labels: list[Worded],
        actors: Names,
        heads: list[int],
    ):
        self.run, self.group = run, actors.group
        self.present = {m.actor for m in named if m.form != TITLE}
        self.bearers: dict[str, dict[str, set[str]]] = {}  # head → actor → the words beside it
        for actor, words in actors.titles:
            if not actors.group[actor]:
                self._learn(words[-1], actor, set(words[:-1]))
        for label in labels:
            head = run.lower[label.head]
            if (
                label.construction == PREDICATE
                or label.construction == MODIFIER
                and not names(head, False)
            ):
                continue
            words = {
                run.lower[m]
                for m in range(max(label.first - 3, 0), label.last + 1)
                if m >= label.first or run.words[m][0].isupper()
            } - roles.STOP
            self._learn(roles.SPELLED.get(head, head), label.actor, words)
            for cue, role in _IMPLIED:
                if cue <= words:
                    self._learn(role, label.actor, words)
        for k in heads:
            if (
                k + 1 < len(run)
                and run.joined(k + 1)
                and run.words[k + 1][0].isupper()
                and run.words[k + 1].isalpha()
                and not run.owned[k]
                and (not run.headline[run.sentence[k]] and not run.shouted[run.sentence[k]])
                and run.words[k][0].isupper()
            ):
                self._learn(run.lower[k], _OTHER, set())
        for actor in self.present:
            if actors.group[actor] and actors.company[actor]:
                self._learn("company", actor, set())
        self.places = sorted((m.first, m.actor) for m in named)
        self.others = other_people(run, named)

    def _learn(self, head: str, actor: str, words: set[str]) -> None:
        self.bearers.setdefault(head, {}).setdefault(actor, {head}).update(words)

    def note(self, actor: str, k: int) -> None:
        self.places.insert(bisect_left(self.places, (k, actor)), (k, actor))

    def bearer(self, k: int, first: int, determiner: str) -> tuple[str, float] | None:
        """Who is meant by the phrase from `first` to its head `k`, and how surely."""
        run, head = self.run, roles.SPELLED.get(self.run.lower[k], self.run.lower[k])
        headline = run.headline[run.sentence[k]] or run.titular[run.sentence[k]]
        if (
            determiner in ("my", "your")
            or determiner == ""
            and not headline
            and not (run.opens(first) and run.words[first][0].isupper() and first < k)
        ):
            return None
        beside = {run.lower[m] for m in range(first, k)} - roles.STOP - roles.JUDGING
        who = self.bearers.get(head, {})
        confidence = SAME
        if not who and head in roles.CLASS_OF:
            same = roles.CLASSES[roles.CLASS_OF[head]]
            who = {}
            for word in sorted(same):
                for actor, words in self.bearers.get(word, {}).items():
                    who[actor] = who.get(actor, set()) | words
            confidence = CLASS
        if not roles.is_person(head) and roles.is_body(head):
            who = {actor: words for actor, words in who.items() if actor and self.group[actor]}
        if _elsewhere(run, first, k, who, confidence == CLASS):
            return None
        ranks = beside & _RANKS
        if head in ("head", "top") and not (
            run.lower[k + 1 : k + 2] == ["of"] or any(words & beside for words in who.values())
        ):
            return None  # of a crane, of an elk
        if ranks and who:
            who = {a: words for a, words in who.items() if ranks <= words}
            if not who:
                return None
        if determiner in roles.OWNERS and determiner != "our" and confidence == CLASS:
            return None
        if determiner in ("a", "an"):
            who = {a: words for a, words in who.items() if a in self.present}
            sight = self._in_sight(k)
            if len(who) == 1 and (
                beside
                and (
                    confidence == SAME
                    and beside <= next(iter(who.values()))
                    or sight
                    and sight[0] in who
                )
            ):
                return next(iter(who)), INDEFINITE
            return None
        if who:
            return self._among(who, beside, k, confidence)
        if (
            determiner in _THE
            and head not in roles.ANYBODY | roles.BODIES | roles.RULES
            and (head not in roles.OFFICES or head in _NO_POSTS or determiner == "our")
        ):
            return self._in_sight(k)
        if (
            determiner in _THE
            and head in ("regime", "dictatorship", "junta")
            and (sight := self._in_sight(k))
        ):
            return sight[0], INDEFINITE
        return None

    def _among(
        self, who: dict[str, set[str]], beside: set[str], k: int, confidence: float
    ) -> tuple[str, float] | None:
        most = max(len(words & beside) for words in who.values())
        best = [a for a, words in who.items() if len(words & beside) == most]
        sight = (
            self._in_sight(k) if beside and not most and confidence == CLASS else None
        )  # "the union boss" where a harbour chief is known
        if sight:
            return sight
        if len(best) > 1:
            last = self._last(k, set(best))
            if _OTHER in best and (last is None or len(best) > 2) or last is None:
                return None
            best, confidence = [last], LATEST
        elif best[0] == _OTHER:
            return None
        elif beside and not most and confidence == CLASS:
            return best[0], DOUBTFUL
        if best[0] not in self.present:
            return best[0], ABSENT if most else 0.4
        return best[0], confidence

    def _last(self, k: int, among: set[str]) -> str | None:
        at = bisect_left(self.places, (k,))
        return next(
            (
                actor
                for i, actor in reversed(self.places[max(0, at - 40) : at])
                if actor in among and self._aside(i, k)
            ),
            None,
        )

    def _aside(self, i: int, k: int) -> bool:
        """Whether a mention counts for a description: what is said in quotation marks tells nothing
        of who says it.
        """
        return self.run.quotes[k] >= 0 or self.run.quotes[i] < 0

    def _says(self, i: int, k: int) -> bool:
        """Whether somebody mentioned at a word says something of the one described further on in
        the sentence: "Orr told MPs that the tycoon …".
        """
        run = self.run
        return run.sentence[i] == run.sentence[k] and any(
            run.lower[m] in roles.SPEAKABLE for m in range(i + 1, min(i + 4, k))
        )

    def _in_sight(self, k: int) -> tuple[str, float] | None:
        """The only person mentioned in this sentence, else in the one before, else up to three back
        in the paragraph; if nobody else was named since.
        """
        sentence, at = self.run.sentence[k], bisect_left(self.places, (k,))
        blocks, places = (
            self.run.blocks,
            [
                (i, actor)
                for i, actor in self.places[max(0, at - 20) : at]
                if not self.group[actor] and self._aside(i, k) and not self._says(i, k)
            ],
        )
        back = [sentence - self.run.sentence[i] for i, _ in places]
        nearest = min(
            (
                b
                for (i, _), b in zip(places, back)
                if b < 2 or b < 4 and blocks[sentence] == blocks[self.run.sentence[i]]
            ),
            default=None,
        )
        near = [place for place, b in zip(places, back) if b == nearest]
        if not near or len({actor for _, actor in near}) > 1:
            return None
        last = near[-1][0]
        since = bisect_left(self.others, last)
        return (
            None if since < len(self.others) and self.others[since] < k else (near[-1][1], IN_SIGHT)
        )


_NO_POSTS = frozenset("ruler winner loser victor founder challenger contender co-founder".split())
_PLAIN = frozenset(
    "fat millionaire billionaire veteran old young elderly elected exiled black white female male"
    " married openly longtime long-time".split()
)
# whoever is called this may be called that
_IMPLIED = (
    ({"regime"}, "dictator"),
    ({"dictatorship"}, "dictator"),
    ({"junta"}, "dictator"),
    ({"general", "secretary"}, "leader"),
    ({"senate"}, "senator"),
)
_RANKS = frozenset("vice deputy former ex assistant acting late next new first interim".split())


def _elsewhere(run: Running, first: int, k: int, who: dict[str, set[str]], by_class: bool) -> bool:
    """Whether "of …", an owner or a name in the phrase says that somebody else is meant: "the
    president of Mexico", "the Orr government".
    """
    n, body = len(run), set()
    known = set().union(*who.values())
    if (
        run.lower[k] not in roles.TRADES | roles.EPITHETS
        and not run.headline[run.sentence[k]]
        and any(
            run.words[m][0].isupper()
            and not run.opens(m)
            and run.lower[m] not in known
            and not may_stand_before(run, m, run.lower[m])
            for m in range(first, k)
        )
    ):
        return True
    if k + 2 < n and run.lower[k + 1] == "of" and run.joined(k + 1):
        m = k + 2 + (run.lower[k + 2] == "the")
        while m < n and m < k + 9 and run.words[m][0].isupper() and run.joined(m):
            body.add(run.lower[m])
            m += 1
        return bool(known) and (body or by_class) and not known & body
    return False


def other_people(run: Running, named: list[Named]) -> list[int]:
    """Words at which somebody else is named: two or more capitalised words, or one behind a title,
    that name no actor.
    """
    taken = {m for mention in named for m in range(mention.first, mention.last + 1)}
    found, k, n = [], 0, len(run)
    while k < n:
        if (
            not run.words[k][0].isupper()
            or k in taken
            or run.headline[run.sentence[k]]
            or run.shouted[run.sentence[k]]
        ):
            k += 1
            continue
        last = k
        while (
            last + 1 < n
            and run.words[last + 1][0].isupper()
            and run.joined(last + 1)
            and last + 1 not in taken
            and not run.owned[last]
        ):
            last += 1
        part = run.lower[k : last + 1]
        before = run.lower[k - 1] if k and run.joined(k) else ""
        titled = before in roles.PERSONS or part[0] in roles.COURTESY or part[0] in roles.PERSONS
        first = k + (part[0] in roles.STOP and run.opens(k))
        if (
            last - first >= 1
            and before not in ("the", "in", "at", "near", "from")
            and not any(w in roles.STOP or w in _NO_PEOPLE for w in part[first - k :])
            and not (last + 1 in taken and run.joined(last + 1))
            or titled
            and last - first >= (part[0] in roles.PERSONS)
            and last + 1 not in taken
        ):
            found.append(last)
        k = last + 1
    return found


_NO_PEOPLE = (
    frozenset(("st", "saint"))
    | roles.en.ORGANISATION
    | roles.MONTHS
    | roles.DAYS
    | roles.STATES
    | roles.ROAD
)
