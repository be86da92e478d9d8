"""Predicates: what a verb says that an actor is, or is called: "is a monster", "became the symbol
of", "call her a monster".
"""

from __future__ import annotations

from analysis.text import roles
from analysis.text.labels import LINKED, PREDICATE, Worded
from analysis.text.mentions import POSSESSIVE, Named
from analysis.text.phrases import TIMES, modifying, names, phrase
from analysis.text.running import Running

LINKS = frozenset(
    "known nicknamed dubbed branded labelled labeled styled described hailed regarded seen"
    " denounced".split()
)
_CALLERS = frozenset("they we some critics people opponents supporters i".split())
_BEFORE_VERBS = frozenset(
    "has have had also now once still soon then would will later long always just only simply"
    " quickly".split()
)
_BEHIND_VERBS = frozenset(
    "also now still just only simply perhaps once hardly really nothing such been already".split()
)
_VERBS = roles.COPULAS | {"has", "had"}
_THINGS = frozenset(
    "one subject target bit lot little matter kind sort type part number case way reason fact"
    " result question issue place only first second third last same focus centre center end start"
    " beginning beneficiary point case issue while position".split()
)
ENDS = frozenset("who whose which that whom when where".split())


def predicates(run: Running, mention: Named, found: list[Worded], confidence: float) -> None:
    """Noun phrases that a verb links to a mention: "is a monster", "became the symbol of", "call
    her a monster".
    """
    n, i = len(run), mention.last + 1
    if (
        mention.form != POSSESSIVE
    ):  # accused her of being a fraud, was accused by lawmakers of being one
        accused = False
        opens = (
            mention.first - 1
            if mention.first and run.sentence[mention.first - 1] == run.sentence[mention.first]
            else mention.first
        )
        for m in range(opens, min(i + 12, n - 2)):
            if run.sentence[m] != run.sentence[mention.last] or m > i and run.gaps[m][:1] in ";:—":
                break
            accused |= run.lower[m] in ("accused", "accuses", "accusing", "suspected")
            if (
                accused
                and run.lower[m] == "of"
                and run.lower[m + 1] == "being"
                and run.lower[m + 2] in ("a", "an", "the")
            ):
                _add_predicate(run, mention.actor, m + 2, confidence, found)
                return
    contracted = run.words[mention.last].lower() in ("she's", "he's", "they're", "it's")
    if not contracted and mention.form != POSSESSIVE:
        _object(run, mention, found, confidence)
    if mention.form == POSSESSIVE and not contracted:
        return
    if contracted:
        i = mention.last
    else:
        i = _past_insertion(run, i)
        steps = 0
        while (
            i < n
            and steps < 4
            and run.sentence[i] == run.sentence[mention.last]
            and run.gaps[i] in (" ", "\u00a0", ", ")
            and (run.lower[i] in _BEFORE_VERBS or run.lower[i].endswith("ly"))
        ):
            i, steps = i + 1, steps + 1
        if (
            i >= n
            or run.lower[i] not in roles.COPULAS
            or not (run.joined(i) or run.gaps[i] == ", " and i > mention.last + 2)
        ):
            return
    k = i + 1
    while (
        k < n and run.joined(k) and (run.lower[k] in _BEHIND_VERBS or run.lower[k].endswith("ly"))
    ):
        if run.lower[k] in ("hardly", "nothing"):
            return
        k += 1
    if (
        k < n
        and run.gaps[k] in (" ", " “", " ‘", ' "', " '")
        and run.lower[k] in ("a", "an", "the", "our", "their", "my", "your")
    ):
        _add_predicate(run, mention.actor, k, confidence, found)
    elif (
        k < n
        and run.joined(k)
        and run.lower[k] in roles.CALLED | roles.CALLED_AS | LINKS
        and k > i + 0
    ):
        j = k + 1
        if j < n and run.lower[j] == "as" and run.joined(j):
            j += 1
        elif run.lower[k] in roles.CALLED_AS | (
            LINKS - {"dubbed", "branded", "labelled", "labeled", "nicknamed", "styled"}
        ):
            return
        if (
            j < n
            and run.gaps[j] in (" ", " “", " ‘", ' "', " '")
            and run.lower[j] in ("a", "an", "the")
        ):
            _add_predicate(run, mention.actor, j, confidence, found)


def _object(run: Running, mention: Named, found: list[Worded], confidence: float) -> None:
    """ "called her a monster", "hailed Orr as a hero", "made her the conscience of the quays", "A
    monster, they call her".
    """
    i, k = mention.first - 1, mention.last + 1
    if i < 0 or not run.joined(mention.first):
        return
    while (
        i > 0
        and mention.first - i < 5
        and run.joined(i)
        and run.lower[i] not in roles.CALLED | roles.CALLED_AS
        and (
            names(run.lower[i], None)
            or modifying(run, i)
            or run.lower[i] in roles.COURTESY | roles.FORMER | {"opposition", "party", "the"}
        )
    ):
        i -= 1
    verb = run.lower[i]
    called, called_as = (
        verb in roles.CALLED or verb in ("made", "makes", "make"),
        verb in roles.CALLED_AS,
    )
    if not (called or called_as):
        return
    if k < len(run) and run.joined(k) or k < len(run) and run.gaps[k] in (" “", " ‘", ' "', " '"):
        if called_as and run.lower[k] == "as":
            k += 1
        elif not called:
            return
        if k < len(run) and run.lower[k] in ("a", "an", "the"):
            _add_predicate(run, mention.actor, k, confidence, found)
            return
    if (
        called
        and verb not in ("made", "makes", "make")
        and i >= 3
        and run.lower[i - 1] in _CALLERS
        and run.gaps[i - 1] == ", "
        and run.sentence[i] == run.sentence[i - 3]
    ):
        first = i - 2
        while (
            first > 0
            and i - first < 8
            and run.joined(first)
            and run.lower[first] not in ("a", "an", "the")
        ):
            first -= 1
        if run.lower[first] in ("a", "an", "the"):
            found.append(Worded(mention.actor, PREDICATE, first, i - 2, i - 2, confidence))


def called(run: Running, i: int, mention: Named, found: list[Worded]) -> None:
    """Behind a name: "whom critics call a thug", "known as the kingpin", "who became a symbol"."""
    n = len(run)
    for k in range(i, min(i + 9, n - 1)):
        if run.sentence[k] != run.sentence[i] or run.gaps[k][:1] in ",;—" and k > i:
            return
        j = k + 1
        linked = (
            run.lower[k] in roles.CALLED
            or run.lower[k] in ("nicknamed",)
            or run.lower[i] == "who"
            and run.lower[k] in roles.COPULAS
        )
        if run.lower[j] == "as" and (run.lower[k] in LINKS or run.lower[k] in roles.CALLED_AS):
            linked, j = True, j + 1
        if (
            linked
            and j < n
            and run.gaps[j] in (" ", " “", " ‘", ' "', " '")
            and run.lower[j] in ("a", "an", "the")
        ):
            _add_predicate(run, mention.actor, j, LINKED, found)
            return


def _past_insertion(run: Running, i: int) -> int:
    """The word behind ", who …," or ", the mayor," where one stands behind a name."""
    n = len(run)
    if (
        i >= n
        or run.gaps[i] != ", "
        or not (
            run.lower[i] in ENDS
            or run.lower[i] in roles.DETERMINERS
            or run.words[i].isdigit()
            or run.words[i].islower()
        )
    ):
        return i
    for k in range(i + 1, min(i + 16, n)):
        if run.sentence[k] != run.sentence[i] or run.gaps[k][:1] in ";:—":
            return i
        if run.gaps[k] == ", " and run.lower[k] in _VERBS:
            return k
    return i


def _add_predicate(
    run: Running, actor: str, k: int, confidence: float, found: list[Worded]
) -> None:
    read = phrase(run, k, None, strict=False)
    if read is None:
        return
    lower = run.lower[read.head]
    after = read.last + 1
    if not names(lower, None) and (
        after < len(run)
        and run.joined(after)
        and run.words[after].islower()
        and run.lower[after] in ("when", "if", "whether", "after")
        or lower in TIMES
        or lower in _THINGS
    ):
        return
    first = (
        k + 1 if k < read.last and run.gaps[k + 1].strip() in ("“", "‘", '"', "'") else read.first
    )
    found.append(Worded(actor, PREDICATE, first, read.last, read.head, confidence))
