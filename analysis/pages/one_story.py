"""The page of a story: who wrote when and took from whom, what each tells, and what they share."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

import pandas as pd

from analysis.pages.changed import colour_of
from analysis.pages.marked import cut
from analysis.pages.measured import Measured
from analysis.pages.records import (
    ClaimCell,
    ClaimRow,
    LabelRow,
    Mark,
    Piece,
    Rebuilt,
    StoryPage,
    Taken,
    Variant,
    Witness,
    WitnessedPassage,
    anchor,
    page_name,
    shared_label,
)
from analysis.pages.times import has_hour, local_day
from analysis.tl.lineage import VERDICTS

_MOST_PASSAGES, _MOST_ACTORS, _MOST_VARIANTS, _MOST_DAYS = 15, 6, 100, 10
_SIGNS = {"tells": "●", "unsure": "?", "omits": "–", "not judged": ""}
_MOST_OF, _SEVERAL = 0.5, 3  # of the outlets; outlets
_SURE = 0.7  # confidence of a label; one below is called uncertain
_UNDATED = 1.1  # place in the timeline, whose dates lie from 0 to 1


def story_page(measured: Measured, story: str) -> StoryPage:
    """One story.

    Parameters
    ----------
    measured : Measured
    story : str
        Its name in `tl.stories`.
    """
    ids = measured.articles_of[story]
    order = sorted(ids, key=lambda x: (measured.articles[x].day, x))
    articles = [measured.articles[article] for article in order]
    about = measured.about_story[story]
    places, days, day_width = _timeline(measured, order)
    outlets = {article.outlet: article.page for article in reversed(articles)}
    claims = tuple(_claims(measured, story, order))
    return StoryPage(
        name=story,
        title=about["title"] if measured.shows_words else "",
        words=about["words"],
        articles=tuple(articles),
        places=places,
        undated=_UNDATED,
        days=days,
        day_width=day_width,
        outlets=outlets,
        taken=tuple(_taken(measured, order)),
        claims=claims,
        missed=tuple(
            claim
            for claim in claims
            if claim.left_out_by and len(claim.told_by) > _MOST_OF * len(outlets)
        ),
        dividing=max(  # as the finding of `tl.story` names it
            (c for c in claims if c.left_out_by and len(c.told_by) >= _SEVERAL),
            key=lambda c: (min(len(c.left_out_by), len(c.told_by)), len(c.told_by)),
            default=None,
        ),
        n_third=_n_third(measured, order),
        labels=(labels := tuple(_labels(measured, order))),
        unlabelled=_unlabelled(labels, outlets),
        passages=tuple(_passages(measured, order)),
        rebuilt=tuple(_rebuilt(measured, set(order))),
    )


def _timeline(
    measured: Measured, order: list[str]
) -> tuple[dict[str, float], tuple[tuple[str, float], ...], float]:
    """Where each article stands in the timeline by its own time, 0 to 1; its days; how wide one is.

    Those without an hour stand in the middle of their day, those without a date behind.
    """
    known = ((x, local_day(measured.articles[x].published)) for x in order)
    times = {x: day for x, day in known if day is not None}
    if not times:
        return dict.fromkeys(order, _UNDATED), (), 0.0
    first, last = math.floor(min(times.values())), math.floor(max(times.values())) + 1
    step = math.ceil((last - first) / _MOST_DAYS)
    days = range(first, last + 1, step)
    names = (pd.Timestamp(day, unit="D") for day in days)
    ticks = tuple((f"{t.day} {t:%b}", (d - first) / (last - first)) for d, t in zip(days, names))
    exact = {x for x in times if has_hour(measured.articles[x].published)}
    hours = {x: day if x in exact else day + 0.5 for x, day in times.items()}
    places = {x: (day - first) / (last - first) for x, day in hours.items()}
    return dict.fromkeys(order, _UNDATED) | places, ticks, 1 / (last - first)


def _taken(measured: Measured, order: list[str]) -> list[Taken]:
    """Who took from whom, as far as `tl.lineage` says, most words first."""
    found, inside = [], set(order)
    for (a, b), row in measured.verdicts.items():
        if a in inside and b in inside and row["verdict"] in VERDICTS[:2]:
            giver, taker = (b, a) if row["verdict"] == VERDICTS[0] else (a, b)
            p = row["p_a_from_b"] if giver == b else row["p_b_from_a"]
            found.append(
                Taken(
                    measured.articles[giver],
                    measured.articles[taker],
                    int(row["n_words"]),
                    float(p),
                    page_name("pair", *sorted((a, b))),
                )
            )
    return sorted(found, key=lambda t: -t.words)


def _n_third(measured: Measured, order: list[str]) -> int:
    """How many pairs of different outlets both had it from a third text, as far as can be told."""
    inside = set(order)
    return sum(
        row["verdict"] == VERDICTS[2] and not row["one_outlet"] and a in inside and b in inside
        for (a, b), row in measured.verdicts.items()
    )


def _claims(measured: Measured, story: str, order: list[str]) -> list[ClaimRow]:
    """Which article tells which claim; each cell leads to its sentence."""
    cells: dict[str, dict[str, dict]] = defaultdict(dict)
    for article in order:
        for row in measured.cells_of(article):
            if row["story"] == story:
                cells[row["claim"]][article] = row
    rows = []
    for claim, of in cells.items():
        line = []
        for article in order:
            if (cell := of.get(article)) is None:
                line.append(ClaimCell("", "", ""))
                continue
            line.append(_claim_cell(measured, article, (story, claim), cell))
        n = measured.claim_counts[story, claim]
        answers: dict[str, set[str]] = defaultdict(set)
        for article in order:
            answer = of[article]["answer"] if article in of else "not judged"
            if (story, claim) in measured.contrary_of(article) and answer != "tells":
                answer = "says otherwise"
            answers[measured.articles[article].outlet].add(answer)
        told = tuple(outlet for outlet, said in answers.items() if "tells" in said)
        out = tuple(outlet for outlet, said in answers.items() if said == {"omits"})
        rows.append(ClaimRow(measured.claim_names[story, claim], n, told, out, tuple(line)))
    return sorted(rows, key=lambda row: (-len(row.told_by), -row.n_tells))


def _claim_cell(measured: Measured, article: str, key: tuple[str, str], cell: dict) -> ClaimCell:
    """What an article does with a claim, and what it says otherwise, each with its sentence."""
    page, answer = measured.articles[article].page, cell["answer"]
    tells, contrary = answer == "tells", measured.contrary_of(article).get(key)
    said = answer
    if tells:
        said += f", {cell['voice']}" * bool(cell["voice"]) + ", denied" * bool(cell["denies"])
    if not pd.isna(cell["p"]):
        said += f"; probability that it tells it {cell['p']:.2f}"
    differs = ("", "")
    if contrary is not None:
        other = measured.articles[contrary["other"]].label
        differs = (
            f"says otherwise: {contrary['value']}, where {other} has {contrary['other_value']}",
            f"{page}#{anchor('otherwise', *key)}",
        )
    sign = "" if contrary is not None and not tells else _SIGNS[answer]
    return ClaimCell(sign, said, f"{page}#{anchor('claim', *key)}" if tells else "", *differs)


def _labels(measured: Measured, order: list[str]) -> list[LabelRow]:
    """What each outlet calls the actors that are called most."""
    if measured.labels is None:
        return []
    inside, foremost = set(order), Counter[str]()
    for actor, uses in measured.label_uses.items():
        n = sum(row["count"] for row in uses if row["article_id"] in inside)
        if n:
            foremost[actor] = n
    rows = []
    for actor, _ in foremost.most_common(_MOST_ACTORS):
        by_outlet: dict[str, Counter] = defaultdict(Counter)
        first: dict[tuple[str, str], str] = {}
        surest: dict[tuple[str, str], float] = defaultdict(float)
        for row in measured.label_uses[actor]:
            if row["article_id"] not in inside:
                continue
            outlet, label = measured.articles[row["article_id"]].outlet, row["label"]
            if not measured.shows_words:
                label = shared_label(label)
            by_outlet[outlet][label] += int(row["count"])
            surest[outlet, label] = max(surest[outlet, label], row["confidence"])
            page = measured.articles[row["article_id"]].page
            first.setdefault((outlet, label), f"{page}#{anchor('label', actor, row['label'])}")
        rows += [
            LabelRow(
                measured.labels.names.get(actor, actor),
                outlet,
                tuple(
                    (x, n, first[outlet, x], surest[outlet, x] >= _SURE)
                    for x, n in counts.most_common()
                ),
            )
            for outlet, counts in by_outlet.items()
        ]
    return rows


def _unlabelled(labels: tuple[LabelRow, ...], outlets: Iterable[str]) -> dict[str, list[str]]:
    """The outlets in which no label of an actor was found, by actor."""
    having: dict[str, set[str]] = defaultdict(set)
    for row in labels:
        having[row.actor].add(row.outlet)
    return {actor: [x for x in outlets if x not in those] for actor, those in having.items()}


def _passages(measured: Measured, order: list[str]) -> list[WitnessedPassage]:
    """Passages that went furthest, in the words of each witness: changed ones are marked."""
    copies, inside = measured.copies, set(order)
    found = []
    shown: dict[str, list[tuple[int, int, int]]] = {}  # by article: passage, first word, end
    for row in measured.courses:
        witnesses = [w for w in copies.get(row["course"], []) if w["article_id"] in inside]
        if len(witnesses) < 2:
            continue
        base, lines = witnesses[0], []
        begins, n = int(base["position"]), int(base["words"])
        held = shown.setdefault(base["article_id"], [])
        overlaps = [
            c for c, a, b in held if 2 * (min(b, begins + n) - max(a, begins)) >= min(b - a, n)
        ]
        for witness in witnesses:
            mark = "not known" if pd.isna(witness["mark"]) else witness["mark"]
            beside = base["article_id"], witness["article_id"]
            lines.append(
                Witness(
                    measured.articles[witness["article_id"]],
                    mark,
                    colour_of(witness["mark"]),
                    page_name("pair", *sorted(beside))
                    if beside in measured.pairs or beside[::-1] in measured.pairs
                    else "",
                    int(witness["position"]),
                    int(witness["words"]),
                    _read(measured, base, witness) if measured.shows_words else [],
                )
            )
            first = int(witness["position"])
            stretch = int(row["course"]), first, first + int(witness["words"])
            shown.setdefault(witness["article_id"], []).append(stretch)
        found.append(WitnessedPassage(int(row["course"]), tuple(lines), tuple(overlaps)))
        if len(found) == _MOST_PASSAGES:
            break
    return found


def _read(measured: Measured, base: dict, witness: dict) -> list[Piece]:
    """The words of a witness, with those marked that the first one has not in this order."""
    who, first, n = witness["article_id"], int(witness["position"]), int(witness["words"])
    spans = measured.spans(who, first, n)
    start, end = spans[0][0], spans[-1][1]
    of = base["article_id"], int(base["position"]), int(base["words"])
    same = _same(measured, of, (who, first, n))
    marks = [Mark(s - start, e - start, "other") for i, (s, e) in enumerate(spans) if i not in same]
    return [p for paragraph in cut(measured.texts[who][start:end], marks) for p in paragraph]


def _same(measured: Measured, base: tuple, other: tuple) -> set[int]:
    """Places of words of a stretch that another has, there or where it was cut off."""
    (a, i, m), (b, j, n) = base, other
    equal = measured.equal(*base, *other).tolist()
    same = {place for _, place in equal}
    if not equal:
        return same
    (_, before), (last, after) = equal[0], equal[-1]
    ahead = min(before, i)  # words of the other before its first equal one
    found = measured.equal(a, i - ahead, ahead + equal[0][0], b, j, before) if before else ()
    same |= {int(place) for _, place in found}
    rest = n - after - 1
    size = min(m - last - 1 + rest, measured.articles[a].n_words - i - last - 1)
    found = measured.equal(a, i + last + 1, size, b, j + after + 1, rest) if rest else ()
    return same | {after + 1 + int(place) for _, place in found}


def _rebuilt(measured: Measured, inside: set[str]) -> list[Rebuilt]:
    """Texts that the corpus lacks and articles of the story drew on, with their variants."""
    lost = measured.lost_source
    if lost is None:
        return []
    found = []
    for row in lost.named.to_dict("records"):
        family = row["family"]
        drew = measured.drawers.get(family, {})
        if inside.isdisjoint(drew):
            continue
        segments: tuple[str, ...] = ()
        variants: list[Variant] = []
        if measured.shows_words:
            if family not in measured.rebuilt_texts:
                continue
            segments = tuple(measured.rebuilt_texts[family].split("\n\n"))
            variants = [
                Variant(
                    measured.articles[r["article_id"]],
                    f"{r['segment']}.{r['place']}",
                    r["kind"],
                    r["source_words"],
                    r["witness_words"],
                )
                for r in measured.readings.get(family, [])[:_MOST_VARIANTS]
            ]
        found.append(
            Rebuilt(
                name=row["name"] if measured.shows_words else "",
                anchor=anchor("lost", family),
                drew=tuple((measured.articles[x], p) for x, p in drew.items()),
                n_words=int(row["words"]),
                probability=float(row["probability"]),
                segments=segments,
                variants=tuple(variants),
                n_variants=measured.n_variants.get(family, 0),
            )
        )
    return found
