"""What `tl.reuse` found, in words: the titles of its figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from analysis.groups import UNKNOWN, has_periods
from analysis.results import count
from analysis.reuse.sources import NOT_NAMED
from analysis.tl._between import BETWEEN, WITHIN
from analysis.wording import apart, listed, names_of, number

if TYPE_CHECKING:
    from analysis.tl.reuse import Reuse

NOUNS = {"outlet": ("outlet", "outlets"), "article_id": ("article", "articles")}
NO_OTHER = "One article has no other to share words with"


def noun_of(by: str) -> tuple[str, str]:
    """What one group, and several, are called."""
    return NOUNS.get(by.split(" · ")[0], ("group", "groups"))


def reuse_said(result: Reuse, kind: str) -> str:
    """The finding of a figure; see `Reuse.finding_of`."""
    if len(result.articles) < 2:
        return "The article's words" if kind == "words" else NO_OTHER
    return {
        "matrix": _shared,
        "network": _tied,
        "words": _whose,
        "life": _furthest,
        "alignment": _passages,
    }[kind](result)


def takers_of(result: Reuse) -> pd.DataFrame:
    """The groups of `between`, which have no period: label, outlet, colour, n_articles, n_words."""
    assert result.groups is not None
    groups, columns = result.groups, ["n_articles", "n_words"]
    if not has_periods(groups) or (groups["series"] == "").any():
        return groups.set_index("group")[["label", "outlet", "colour", *columns]]
    of = groups.groupby("series", sort=False)
    return of[["label", "outlet", "colour"]].first().join(of[columns].sum())


def part_of(result: Reuse, part: str) -> pd.DataFrame:
    """The rows of a part in `composition`."""
    return result.composition[result.composition["part"] == part]


def percent(share: float) -> str:
    """A share in words."""
    return f"{share:.0%}" if share == 0 or share >= 0.0095 else f"{share:.1%}"


def apart_in(result: Reuse, part: str) -> pd.DataFrame:
    """The rows of a part, apart only those that a title may name."""
    table = part_of(result, part)
    # sentences of one article say nothing of an outlet, and articles of no outlet are none
    sure = (table["unit"] == table["unit"].min()) & (table["group"] != UNKNOWN)
    return table.assign(apart=table["apart"] & sure)


def _compared(result: Reuse, part: str, verb: str, verbs: str, of: str) -> tuple[str, list[str]]:
    """Which groups print more of something than the rest, or less; with their names."""
    assert result.groups is not None
    by, table = result.params["by"], apart_in(result, part)
    label = names_of(result.groups, by)[table["group"]]
    share = pd.Series(table["share"].to_numpy(), label)
    for names, than in zip(apart(table, result.groups, by), ("more", "fewer")):
        if names:
            some = (
                f" ({listed([percent(share[name]) for name in names])})" if len(names) < 4 else ""
            )
            said = verb if len(names) == 1 else verbs
            chosen = table["group"][label.isin(names).to_numpy()].tolist()
            return f"{listed(names)} {said} {than} {of} than the rest{some}", chosen
    return "", []


def _all(result: Reuse, part: str) -> float:
    """The share of a part in all words."""
    table = part_of(result, part)
    return float(table["words"].sum() / max(table["weight"].sum(), 1))


def _none(result: Reuse) -> str:
    within = int((result.pairs["evidence"] == WITHIN).sum())
    also = f"; {count(within, 'pair')} of one outlet {'does' if within == 1 else 'do'}"
    return "No two articles of different outlets share a passage" + also * (within > 0)


def _shared(result: Reuse) -> str:
    n = len(result.ranked_pairs)
    if n == 0:
        return _none(result)
    one, _ = noun_of(result.params["by"])
    found, _ = _compared(result, "shared", "shares", "share", "words with other outlets")
    return (
        found
        or f"No {one} shares clearly more words with other outlets than the rest:"
        f" {percent(_all(result, 'shared'))} of all words stand in two outlets or more"
    )


def _tied(result: Reuse) -> str:
    takers, (_, several) = takers_of(result), noun_of(result.params["by"])
    said = []
    outside = outside_of(result.credits)
    if len(outside):
        most = outside.iloc[0]
        n, of = int(most["n_takers"]), len(takers)
        who = f"{number(n)} of {number(of)}" if n < of else "both" if n == 2 else f"all {number(n)}"
        said.append(f"{who} {several} credit {most['source']}")
    ties = ties_of(result)
    if len(ties):
        a, b = takers["label"][ties.iloc[0][["a", "b"]]]
        said.append(f"{a} and {b} share most, {percent(ties['share'].iloc[0])} of their words")
    text = "; ".join(said) or _none(result)
    return text[0].upper() + text[1:]


def outside_of(credits: pd.DataFrame) -> pd.DataFrame:
    """Agencies and outlets that are credited and not in the corpus, by how many credit them.

    Returns
    -------
    DataFrame
        source, agency, n_takers, n_articles, n_credits, words.
    """
    outside = credits[~credits["in_corpus"] & (credits["source"] != NOT_NAMED)]
    of = outside.groupby("source", sort=False)
    table = of[["n_articles", "n_credits", "words"]].sum()
    table.insert(0, "n_takers", of["taker"].nunique())
    table.insert(0, "agency", of["agency"].first())
    return table.reset_index().sort_values(
        ["n_takers", "n_articles", "n_credits"], ascending=False, kind="stable", ignore_index=True
    )


def ties_of(result: Reuse) -> pd.DataFrame:
    """Two groups and the share of both their words that the other has too, the greatest first.

    Returns
    -------
    DataFrame
        a, b, words (of both), n_passages, share (0 to 1).
    """
    between, sizes = result.between, takers_of(result)["n_words"]
    pairs = between[["words", "n_passages"]].assign(
        a=between[["taker", "giver"]].min(axis=1), b=between[["taker", "giver"]].max(axis=1)
    )
    ties = pairs.groupby(["a", "b"], sort=False).agg({"words": "sum", "n_passages": "max"})
    ties = ties.reset_index()
    total = ties["a"].map(sizes) + ties["b"].map(sizes)
    ties["share"] = ties["words"] / total.clip(lower=1)
    return ties.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def _mostly(result: Reuse, part: str, groups: list[str] | None = None) -> str:
    """Whether words of agencies, or of other outlets, are mostly credited."""
    table = result.composition
    table = table if groups is None else table[table["group"].isin(groups)]
    words = table.groupby("part")["words"].sum()
    credited = words[f"{part}_credited"] > words[f"{part}_uncredited"]
    return "mostly credited" if credited else "mostly uncredited"


def _whose(result: Reuse) -> str:
    agency, others = _all(result, "agency"), _all(result, "outlets")
    if not agency + others:
        return "No article has words of an agency or of another outlet"
    said, part, groups = _whose_apart(result)
    if said:
        return f"{said}, {_mostly(result, part, groups)}"
    own = f"{percent(_all(result, 'own'))} of all words are an article's own,"
    if result.groups is not None and has_periods(result.groups):  # where own words have no line
        own = "Of all words"
    return (
        f"{own} {percent(agency)} {'are ' if own.startswith('Of') else ''}an agency's"
        f" ({_mostly(result, 'agency')}), {percent(others)} other outlets'"
        f" ({_mostly(result, 'outlets')})"
    )


def _whose_apart(result: Reuse) -> tuple[str, str, list[str]]:
    """Who prints more words of whom than the rest, in words, the part, and the groups."""
    for part, of in (("agency", "words of agencies"), ("outlets", "words of other outlets")):
        said, groups = _compared(result, part, "prints", "print", of)
        if said:
            return said, part, groups
    return "", "", []


def named_in(result: Reuse, kind: str) -> list[str]:
    """The groups that the title of "matrix" or "words" names."""
    if len(result.articles) < 2:
        return []
    if kind == "matrix":
        return _compared(result, "shared", "", "", "")[1]
    return _whose_apart(result)[2]


def _furthest(result: Reuse) -> str:
    if result.course.empty:
        return "No passage stands in articles of two outlets"
    best = result.course.iloc[0]
    many = count(best["n_articles"], "article")
    if best["n_outlets"] > 1:
        many += f" of {count(best['n_outlets'], 'outlet')}"
    when = ""
    if best["days"] == best["days"] and best["n_articles"] - best["n_undated"] > 1:
        days = math.ceil(best["days"])
        when = f" within {count(days, 'day')}" if days else " on one day"
    first = (
        f"first in {best['first_outlet']}"
        if best["n_first"] == 1 and best["first_outlet"]
        else "dates do not tell which was first"
    )
    what = "quotation" if best["quoted"] >= 0.5 else "passage"
    return f"A {what} of {best['words']} words went furthest, to {many}{when}; {first}"


def _passages(result: Reuse) -> str:
    n = len(result.ranked_pairs)
    if n == 0:
        return _none(result)
    rows = result.table[result.table["evidence"] == BETWEEN]
    verbatim = rows["kind"] == "verbatim"
    quoted = int((verbatim & rows["quoted"]).sum())
    return (
        f"{count(n, 'pair')} of articles of different outlets {'shares' if n == 1 else 'share'}"
        f" passages: {int(verbatim.sum()):,} of equal words, {quoted:,} of them quoted on both"
        f" sides, and {int((~verbatim).sum()):,} rewritten"
    )
