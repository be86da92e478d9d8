"""Titles, modifiers and appositives: labels that stand directly at an actor's name."""

from __future__ import annotations

from analysis.text import roles
from analysis.text.labels import (
    APPOSITIVE,
    ASIDE,
    BESIDE,
    LINKED,
    MODIFIER,
    NOUN,
    THROUGH_PRONOUN,
    TITLE,
    Worded,
)
from analysis.text.mentions import NAME, POSSESSIVE, PRONOUN, Named
from analysis.text.phrases import (
    GERUNDS,
    LONGEST_LABEL,
    Phrase,
    modifying,
    names,
    participle,
    phrase,
    plural,
)
from analysis.text.predicates import ENDS, LINKS, called, predicates
from analysis.text.running import Running

_CLOSED = ("” ", "’ ", '" ', "' ", "] ")
_BRETHREN = frozenset("madam comrade sister brother citizen bro".split())
_ADVERBS = frozenset(
    "once now then himself herself perhaps formerly currently arguably long also still"
    " today never".split()
)
_PLACES = frozenset("job post office role power charge".split())
_PREPOSITIONS = frozenset(
    "for of at from in to on with over against between about under by like towards toward"
    " without".split()
)
_RELATIVE = frozenset("whom who which".split())


def beside(run: Running, named: list[Named], group: dict[str, bool]) -> list[Worded]:
    """Labels that stand at the names or are linked to them by a verb."""
    found: list[Worded] = []
    for at, mention in enumerate(named):
        if mention.form == PRONOUN:
            if run.gaps[mention.first] == ", ":
                _before_comma(run, mention, group[mention.actor], found, THROUGH_PRONOUN)
            predicates(run, mention, found, THROUGH_PRONOUN)
            continue
        if mention.form not in (NAME, POSSESSIVE):
            _behind(run, mention, group[mention.actor], found)
            predicates(run, mention, found, LINKED)
            continue
        _before(run, mention, group[mention.actor], found)
        if mention.form == POSSESSIVE:
            _rule(run, mention, found)
            continue
        _before_comma(run, mention, group[mention.actor], found)
        _behind(run, mention, group[mention.actor], found)
        predicates(run, mention, found, LINKED)
    return found


def _before(run: Running, mention: Named, group: bool, found: list[Worded]) -> object:
    """Title and modifiers that stand directly before a name: "the embattled chief executive Ada
    Orr".
    """
    stop = mention.first
    while (
        stop < mention.last
        and run.words[stop][0].isupper()
        and run.lower[stop] not in roles.HONOURS | roles.COMMON
        and (names(run.lower[stop], group) or run.lower[stop] in roles.COURTESY | roles.FOREIGN)
    ):
        stop += 1  # an alias that begins with a title
    k = mention.first
    while (
        k > 0
        and stop - k < 7
        and (run.joined(k) or k == mention.first and run.gaps[k] in _CLOSED)
        and not (run.gaps[k] == ". " and run.opens(k) and len(run.words[k - 1]) > 4)
    ):
        lower = run.lower[k - 1]
        if (
            lower in roles.STOP
            or lower in roles.TRANSITIVE
            or run.owned[k - 1]
            and k == stop
            or run.words[k - 1].isdigit()
        ):
            break
        if run.owned[k - 1] and not (
            names(run.lower[k], group) or k < stop and _plural_owner(run, k - 1)
        ):
            break
        if (
            run.words[k - 1].islower()
            and participle(lower)
            and k > 1
            and run.joined(k - 1)
            and run.words[k - 2][0].isupper()
            and not (run.owned[k - 2] or run.lower[k - 2] in roles.DETERMINERS)
        ):
            break  # whose verb it is
        k -= 1
        if run.opens(k) or run.gaps[k][-1:] in "“\"‘'[(" and run.gaps[k][-1:]:
            break
    if (
        mention.form == POSSESSIVE
        and not run.owned[mention.last]
        and stop > k
        and not names(run.lower[stop - 1], group)
    ):
        return None  # of the noun behind: "a former Orr aide"
    if (
        1 < k < stop
        and run.gaps[k] == ", "
        and run.words[k].islower()
        and run.words[k - 1].islower()
        and run.lower[k - 1] not in roles.STOP
        and (run.joined(k - 1) and run.lower[k - 2] in roles.STOP)
        and (modifying(run, k - 1) or participle(run.lower[k - 1]))
    ):
        found.append(
            Worded(mention.actor, MODIFIER, k - 1, k - 1, k - 1, BESIDE)
        )  # "blustering, vain Orr"
        return _split(run, mention.actor, k, stop, group, BESIDE, found, determined=True)
    determined = (
        k == 0
        or run.lower[k - 1] in roles.DETERMINERS | _PREPOSITIONS
        or run.owned[k - 1]
        or run.opens(k)
    )
    return _split(run, mention.actor, k, stop, group, BESIDE, found, determined=determined)


def _plural_owner(run: Running, k: int) -> bool:
    """ "dockers' boss": whose boss belongs to the title."""
    return run.words[k].islower() and not run.words[k].endswith("'s")


def _split(
    run: Running,
    actor: str,
    k: int,
    stop: int,
    group: bool,
    confidence: float,
    found: list[Worded],
    *,
    determined: bool,
    construction: str = TITLE,
) -> bool:
    """Divide the words [k, stop) before a name into modifiers and a title; True where there was a
    label.
    """
    while k < stop and run.owned[k] and run.words[k].endswith(("'s", "'S")):
        k += 1  # whose
    for m in range(stop - 2, k - 1, -1):
        if run.words[m].islower() and plural(run, m):
            k, determined = m + 1, False  # a verb: "replaces British engineer Orr"
            break
    if (
        names(run.lower[stop - 1], group)
        and run.words[stop - 1][0].isupper()
        and not run.opens(stop - 1)
        and not run.shouted[run.sentence[stop - 1]]
    ):
        for m in range(
            stop - 2, k - 1, -1
        ):  # a title in capitals is no object's noun in small letters
            if (
                run.words[m].islower()
                and run.lower[m] not in roles.FORMER
                and not modifying(run, m)
            ):
                k = m + 1
                break
    if not determined:  # without a determiner the first words may be a verb's
        for m in range(stop - 1, k - 1, -1):
            lower = run.lower[m]
            if (
                run.words[m].islower()
                and not names(lower, group)
                and (lower not in roles.JUDGING or m == stop - 1 and participle(lower))
                and (lower.endswith(("ed", "ing", "ly")) or plural(run, m))
            ):
                k = m + 1
                break
    while k < stop and (run.lower[k] in roles.COURTESY or run.words[k].isdigit()):
        k += 1
    words = range(k, stop)
    if not words:
        return False
    head = next((m for m in reversed(words) if run.lower[m] not in roles.COURTESY), -1)
    while head >= k and run.lower[head] in roles.COURTESY:
        head -= 1
    if head < k:
        return False
    lower = run.lower[head]
    is_title = (
        names(lower, group)
        or not group
        and (lower in roles.FOREIGN or lower in _BRETHREN and run.words[head][0].isupper())
    )
    first = head
    if is_title and not (lower in roles.JUDGING and head > k and names(run.lower[head - 1], group)):
        while (
            first > k
            and stop - first < LONGEST_LABEL
            and not (modifying(run, first - 1) and not run.words[first - 1][0].isupper())
            and not (
                run.opens(first - 1)
                and (run.lower[first - 1] in roles.JUDGING or "-" in run.words[first - 1])
            )
            and not (
                participle(run.lower[first - 1])
                and run.lower[first - 1] not in GERUNDS
                and (run.words[first - 1].islower() or run.opens(first - 1))
            )
            and not (run.shouted[run.sentence[first]] and roles.is_adjective(run.lower[first - 1]))
        ):
            first -= 1
        found.append(Worded(actor, construction, first, head, head, confidence))
    else:
        first = head + 1
        if run.lower[head] in roles.COURTESY or not (determined or modifying(run, head)):
            return False
        if (
            head == k
            and k
            and run.lower[k - 1] in ("a", "an", "over", "against")
            and not group
            and (run.words[head].islower() and len(lower) > 3 and not lower.endswith(("ly", "s")))
        ):
            found.append(
                Worded(actor, MODIFIER, head, head, head, ASIDE)
            )  # what stands between "a" and a name is an adjective
            return True
    got = is_title
    for m in range(first - 1, k - 1, -1):
        if not is_title and m > k and participle(run.lower[m]):
            break  # a verb: "prosecutors indicted Orr"
        lower, word = run.lower[m], run.words[m]
        if not modifying(run, m) and not (
            determined
            and (word.islower() or run.opens(m))
            and lower not in roles.FORMER
            and participle(lower)
        ):
            break
        if (
            word[0].isupper()
            and not run.opens(m)
            and not run.shouted[run.sentence[m]]
            and not word.isupper()
            and lower not in roles.JUDGING
        ):
            break
        found.append(Worded(actor, MODIFIER, m, m, m, confidence))
        got = True
    return got


def _before_comma(
    run: Running, mention: Named, group: bool, found: list[Worded], sure: float = ASIDE
) -> None:
    """A noun phrase, a comma, the name: "the harbour's embattled chief executive, Ada Orr", "their
    leader, Ada Orr".
    """
    i = mention.first
    if (
        not i
        or run.gaps[i] not in (", ", ": ", " – ", " — ")
        or run.sentence[i] != run.sentence[i - 1]
        or (run.gaps[i] != ", " and not names(run.lower[i - 1], group))
    ):
        return
    k, back = i - 1, 0
    while (
        k > 0
        and back < 9
        and (run.joined(k) or run.gaps[k] in ("’ ", "' "))
        and run.lower[k] not in roles.DETERMINERS
        and not (
            run.lower[k] in roles.STOP and run.lower[k] != "of" and run.lower[k - 1] not in ("of",)
        )
        and not run.opens(k)
    ):
        k, back = k - 1, back + 1
    if run.lower[k] in roles.STOP and run.lower[k] not in roles.DETERMINERS:
        k += 1
    if (
        k >= i
        or k
        and run.joined(k)
        and run.lower[k - 1] in roles.COPULAS | roles.CALLED | {"as"}
        and mention.form != PRONOUN
    ):
        return
    read = phrase(run, k, group)
    if read is None or not names(run.lower[read.head], group):
        return
    behind = read.last + 1
    if behind < i and not (run.lower[behind] in ("of", "at", "for", "in") and i - behind < 9):
        return
    if run.gaps[i] == ": " and run.lower[i - 1] in roles.ANYBODY:
        return
    lower = run.lower[k]
    if lower in roles.OWNERS:
        found.append(Worded(mention.actor, NOUN, k, read.last, read.head, sure))
    elif lower in ("a", "an"):
        found.append(Worded(mention.actor, APPOSITIVE, k, read.last, read.head, sure))
    elif lower == "the" and read.last > read.head:
        found.append(Worded(mention.actor, NOUN, k, read.last, read.head, sure))
    elif (
        lower == "the"
        or run.owned[k]
        or any(run.owned[m] for m in range(k, read.head))
        or run.opens(k)
    ):
        start = max(
            (m + 1 for m in range(k, read.head) if run.owned[m]),
            default=k + 1 if lower == "the" else k,
        )
        if group and lower == "the":
            found.append(Worded(mention.actor, NOUN, k, read.last, read.head, sure))
        else:
            _split(run, mention.actor, start, read.head + 1, group, sure, found, determined=True)


def _behind(run: Running, mention: Named, group: bool, found: list[Worded]) -> None:
    """Noun phrases behind a name: ", the chief inspector", ", 54, a lawyer from Hull,", "(the
    boss)", ", landlord, collector of clocks,".
    """
    i, n = mention.last + 1, len(run)
    if i >= n:
        return
    gap = run.gaps[i].replace(".", "", 1) if run.gaps[i].startswith(".,") else run.gaps[i]
    if gap == " (":
        close = i
        while close < n and close - i < 5 and ")" not in run.gaps[close + 1]:
            close += 1
        if (
            run.gaps[close + 1 : close + 2]
            and run.gaps[close + 1] in ("), ", ".), ")
            and not names(run.lower[close], group)
        ):
            i, gap = close + 1, ", "
    if gap == ", " and run.words[i].isdigit() and i + 1 < n and run.gaps[i + 1] in (", ", " and "):
        i += 1
        gap = run.gaps[i]
    if gap not in (", ", " (", " – ", " — ", " - ", ", “", ", ‘", ', "', "—", "–"):
        return
    for turn in range(3):
        if i >= n or run.sentence[i] != run.sentence[mention.last]:
            return
        lower = run.lower[i]
        while lower in _ADVERBS and i + 1 < n and run.joined(i + 1):
            i += 1
            lower = run.lower[i]
        start = i - 1 if run.lower[i - 1] == "once" and run.joined(i) else i
        if (
            lower == "in"
            and i + 2 < n
            and run.lower[i + 1] == "the"
            and run.lower[i + 2] in _PLACES
        ):
            last = i + 2
            while (
                last + 1 < n
                and last - i < LONGEST_LABEL - 1
                and run.joined(last + 1)
                and (run.lower[last + 1] in ("since", "for") or run.words[last + 1].isdigit())
            ):
                last += 1
            found.append(Worded(mention.actor, APPOSITIVE, i, last, i + 2, ASIDE))
            return
        if lower == "one" and i + 2 < n and run.lower[i + 1] == "of" and gap[:1] == ",":
            last = i + 2
            while last + 1 < n and run.joined(last + 1) and last - i < LONGEST_LABEL:
                last += 1
            if last - i < LONGEST_LABEL:
                found.append(Worded(mention.actor, APPOSITIVE, i, last, last, ASIDE))
            return
        if lower in _RELATIVE or lower in LINKS or lower in ("widely", "better", "also", "often"):
            called(run, i, mention, found)
            return
        determined = (
            lower in roles.DETERMINERS
            and lower not in ("this", "that", "these", "those")
            and (turn == 0 or lower not in ("his", "her"))
        )
        read = phrase(run, i, group, strict=lower not in ("a", "an"))
        if read is None or not determined and not _bare_role(run, read, group):
            return
        after = read.last + 1
        word = run.lower[after] if after < n else ""
        if (
            after < n
            and run.joined(after)
            and (
                run.words[after][:1].isupper()
                or word in ("is", "was", "has", "had", "will")
                or word in roles.SPEAKABLE
                and word not in ("called", "named")
            )
        ):
            return  # somebody else, or the subject of another clause
        if lower == "the" and (
            group is False
            and run.lower[read.head]
            in ("official", "source", "spokesman", "spokeswoman", "man", "woman")
        ):
            return
        if (
            turn == 0
            and lower in ("the", "a", "an")
            and after < n
            and run.gaps[after] == ", "
            and run.words[after][:1].isupper()
            and _listed(run, mention)
        ):
            return
        last = read.last
        if not determined and turn == 0:
            last = _series(run, read, group)
        if (
            last + 1 < n
            and run.lower[last + 1] in ("himself", "herself")
            and last + 1 - start < LONGEST_LABEL
        ):
            last += 1
        found.append(
            Worded(
                mention.actor, APPOSITIVE, start, last, read.head, BESIDE if turn == 0 else ASIDE
            )
        )
        i = last + 1
        steps = 0
        while (
            i < n
            and steps < 12
            and run.sentence[i] == run.sentence[mention.last]
            and run.lower[i] != "and"
            and run.gaps[i][:1] not in ",;:—–)"
        ):
            i, steps = i + 1, steps + 1
        if i >= n or steps == 12 or any(run.lower[m] in ENDS for m in range(last + 1, i)):
            return
        if run.lower[i] == "and" and run.joined(i):
            i += 1
        elif run.gaps[i] != ", ":
            return
        if i < n and run.lower[i] not in roles.DETERMINERS and not run.owned[i]:
            if not (i < n and _bare_role_at(run, i, group)):
                return


def _listed(run: Running, mention: Named) -> bool:
    """Whether a name stands in a list of names."""
    i = mention.first
    return i > 0 and run.gaps[i] == ", " and run.words[i - 1][:1].isupper()


def _series(run: Running, read: Phrase, group: bool) -> int:
    """The end of a series of bare nouns, "landlord, grain man, collector of clocks", if it is short
    enough.
    """
    last = read.last
    while last + 2 < len(run):
        start = last + 2 if run.lower[last + 1] == "and" and run.joined(last + 1) else last + 1
        if (
            start == last + 1
            and run.gaps[start] != ", "
            or run.lower[start] in roles.DETERMINERS
            or not _bare_role_at(run, start, group)
        ):
            break
        more = phrase(run, start, group)
        if more is None or more.last - read.first >= LONGEST_LABEL:
            break
        last = more.last
    return last


def _bare_role_at(run: Running, i: int, group: bool) -> bool:
    read = phrase(run, i, group)
    return read is not None and _bare_role(run, read, group)


def _bare_role(run: Running, read: Phrase, group: bool) -> bool:
    """Whether a phrase without determiner is a role: "general secretary", "the port's top safety
    inspector", "X CEO".
    """
    return (
        names(run.lower[read.head], group)
        and read.head - read.first < LONGEST_LABEL
        and (
            run.words[read.first][:1].islower()
            or run.owned[read.first]
            or run.words[read.head][:1].isupper()
            or any(run.owned[m] for m in range(read.first, read.head))
            or run.words[read.head].islower()
        )
    )


def _rule(run: Running, mention: Named, found: list[Worded]) -> None:
    """ "the Orban regime", "Orban's socialist government": what the bearer's rule is called."""
    k, n = mention.last + 1, len(run)
    first = k
    while (
        k < n
        and k - first < 4
        and run.joined(k)
        and run.words[k].islower()
        and run.lower[k] not in roles.STOP
    ):
        if run.lower[k] in roles.RULES:
            if k - first:
                found.extend(
                    Worded(mention.actor, MODIFIER, m, m, m, BESIDE)
                    for m in range(first, k)
                    if modifying(run, m)
                )
            found.append(Worded(mention.actor, NOUN, k, k, k, BESIDE))
            return
        k += 1
