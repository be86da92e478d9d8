"""Who of two articles had it first, in plain words: the verdict, and what tells so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from analysis.pages.records import ArticleHead, EvidenceRow
from analysis.pages.times import dated, several_offsets
from analysis.reuse.evidence import OF_EDGES, OF_WITNESSES
from analysis.tl.lineage import LEAST_WEIGHT, PROBABILITIES, VERDICTS

_UNTOLD = ("from", "from none", "witnesses")  # the same for all pairs: no reason of this one
_REASONS = 2  # of each explanation, in a sentence
_UNLIKELY = 0.05  # a probability below it is no "may"
_LEADS = 0.5  # of the largest: the share of it that an explanation needs for its reasons to be told


def chance(p: float) -> str:
    """A probability, for a sentence; none is certain.

    Examples
    --------
    >>> chance(0.472), chance(0.001), chance(0.9999)
    ('47%', 'under 1%', 'over 99%')
    """
    if p < 0.005:
        return "under 1%"
    return "over 99%" if p > 0.995 else f"{p:.0%}"


def verdict(about: dict | None, names: dict[str, str], dates: Iterable[ArticleHead]) -> str:
    """Who had it first, in a sentence or two, with the articles' dates.

    Parameters
    ----------
    about : dict or None
        A row of `tl.lineage(…).table`.
    names : dict
        What the two articles are called, by id.
    dates : iterable of ArticleHead
        The two, in the order of the page.
    """
    if about is None:
        return "Who had it first was not measured: these passages are no evidence of it."
    a, b = (names[about[side]] for side in "ab")
    own = bool(about["one_outlet"])
    did, may = "probably took it from {}", "may have taken it from {}"
    if own:
        did, may = "is probably an update of {}", "may be an update of {}"
    chances = dict(zip(VERDICTS, (float(about[name]) for name in PROBABILITIES)))
    called = dict(zip(VERDICTS, way_names(about, names)))
    ways = dict(zip(VERDICTS, ((a, b), (b, a))))
    order = sorted(VERDICTS, key=lambda v: -chances[v])
    told = about["verdict"] if about["verdict"] in VERDICTS else ""
    if told:
        said = (
            f"{ways[told][0]} {did.format(ways[told][1])}"
            if told in ways
            else "Both are probably from a third text"
        )
        head = f"{said} ({chance(chances[told])})."
    elif own:
        head = (
            "We cannot tell whether either of these texts of one outlet is an update of the other."
        )
    else:
        head = "We cannot tell who had it first."
    turned = [v for v in order if v in ways and v != told]
    if told in ways or len(turned) > 1:
        called[turned[-1]] = "the reverse"
    rest = [v for v in order if v != told]
    if told:
        other = (
            "Less likely: " + ", ".join(f"{called[v]} ({chance(chances[v])})" for v in rest) + "."
        )
    else:
        may_be = [v for v in rest if chances[v] >= _UNLIKELY]
        parts = [
            f"{ways[v][0]} {may.format(ways[v][1])} ({chance(chances[v])})"
            for v in may_be
            if v in ways
        ]
        if VERDICTS[2] in may_be:
            said = "or both from a third text" if parts else "both may be from a third text"
            parts.append(f"{said} ({chance(chances[VERDICTS[2]])})")
        other = ", ".join(parts)
        for v in rest:
            if v not in may_be:
                other += f"; {called[v]} is very unlikely ({chance(chances[v])})"
        other += "."
    if own:  # called by their dates
        return " ".join(map(_begun, filter(None, (head, other))))
    dates = list(dates)
    apart = several_offsets(x.published for x in dates)
    when = [(x, dated(x.published, offset=apart)) for x in dates]
    if not any(x.published for x, _ in when):
        days = "Neither has a date."
    else:
        has = (
            f"{names[x.id]} is dated {d}" if x.published else f"{names[x.id]} has no date"
            for x, d in when
        )
        days = "; ".join(has) + "."
    return " ".join(map(_begun, filter(None, (head, other, days))))


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def evidence(rows: Iterable[dict], a: str, b: str, name: dict[str, str]) -> tuple[EvidenceRow, ...]:
    """What tells who had it first, that which tells most first, with the articles' names.

    Parameters
    ----------
    rows : iterable of dict
        Rows of `tl.lineage(…).evidence` of two articles.
    a, b : str
        Their ids.
    name : dict
        What they are called, by id.
    """
    found: dict[tuple[str, bool], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        if row["evidence"] not in _UNTOLD and row["value"] > 0:
            found[_named(row, a, b, name)][row["towards"]] += row["weight"]
    told = [
        EvidenceRow(says, between, tuple(weights.get(v, 0.0) for v in VERDICTS))
        for (says, between), weights in found.items()
    ]
    told = [e for e in told if _spread(e) >= LEAST_WEIGHT]
    return tuple(sorted(told, key=lambda e: -_spread(e)))


def reasons(
    about: dict | None, told: tuple[EvidenceRow, ...], names: dict[str, str]
) -> tuple[str, ...]:
    """What speaks for each leading explanation, in a sentence of each."""
    if about is None:
        return ()
    chances = [about[name] for name in PROBABILITIES]
    said = []
    for way in sorted(range(3), key=lambda w: -chances[w]):
        if chances[way] < _LEADS * max(chances):
            continue
        # one from the other by what the two are to each other, both from a third by the rest
        more = {e.says: _more(e, way) for e in told if e.between == (way < 2)}
        best = sorted((x for x in more if more[x] >= LEAST_WEIGHT), key=lambda x: -more[x])
        if best:
            said.append(f"For {way_names(about, names)[way]}: {'; '.join(best[:_REASONS])}.")
    return tuple(said)


def way_names(about: dict, names: dict[str, str]) -> tuple[str, str, str]:
    """What the three explanations are called."""
    a, b = (names[about[side]] for side in "ab")
    return f"{a} from {b}", f"{b} from {a}", "both from a third text"


def _spread(e: EvidenceRow) -> float:
    return max(e.weights) - min(e.weights)


def _more(e: EvidenceRow, way: int) -> float:
    """How much more it speaks for one explanation than for the next; nothing if against it."""
    return e.weights[way] - max(0.0, *(w for i, w in enumerate(e.weights) if i != way))


def _named(row: dict, a: str, b: str, name: dict[str, str]) -> tuple[str, bool]:
    """The evidence with names in place of ids, and whether it is of the two to each other."""
    for words in (OF_EDGES, OF_WITNESSES):
        for one, other in ((a, b), (b, a)):
            if (template := words.get(row["evidence"])) is None:
                continue
            roles = ("child", "parent") if words is OF_EDGES else ("article", "other")
            if template.format(**dict(zip(roles, (one, other)))) == row["says"]:
                named = template.format(**dict(zip(roles, (name[one], name[other]))))
                return named, words is OF_EDGES
    return row["says"], False
