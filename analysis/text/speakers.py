"""Speakers: who is quoted as saying a quotation, by which verb (English)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from itertools import islice

from analysis.text import english as en
from analysis.text.people import Attribution, People, last_name
from analysis.text.quotes import Quote
from analysis.text.tokens import WORD, words_of

SCARE_WORDS = 3
_NO_END = frozenset("and or but that its the a been being be is are was were has have had".split())
LONGEST_DESCRIPTION = 6


def attribute(
    text: str,
    quotes: list[Quote],
    blocks: list[tuple[int, int]],
    sentences: list[tuple[int, int, int]],
    people: People | None = None,
) -> list[Attribution]:
    """Name the speaker of each quotation.

    An attribution is looked for after the quotation, then before it in its sentence; a quotation
    without one continues the speaker of the quotation before it in the same paragraph, or of the
    paragraph before where it stands alone. Pronouns and roles ("the minister") go back to the last
    fitting name.
    """
    if not quotes:
        return []
    people = People(text, quotes) if people is None else people
    found: list[Attribution] = []
    block_starts, sentence_starts = [s for s, _ in blocks], [s for s, _, _ in sentences]
    for number, quote in enumerate(quotes):
        index = max(bisect_right(block_starts, quote.start) - 1, 0)
        block, last_block = blocks[index], blocks[max(bisect_left(block_starts, quote.end) - 1, 0)]
        begin = sentences[max(bisect_right(sentence_starts, quote.start) - 1, 0)][0]
        follows = en.NOT_WHITE.search(text, quote.end)
        stop = sentences[
            max(bisect_right(sentence_starts, follows.start() if follows else quote.end) - 1, 0)
        ][1]
        before_q = quotes[number - 1] if number else None
        after_q = quotes[number + 1] if number + 1 < len(quotes) else None
        left = max(block[0], before_q.end if before_q else 0)
        right = min(last_block[1], after_q.start if after_q else last_block[1])
        subject, verb, place = _find(text, quote, right, min(right, stop), max(begin, left), people)
        short = (
            sum(
                1
                for _ in islice(
                    WORD.finditer(text[quote.inner_start : quote.inner_end]), SCARE_WORDS + 1
                )
            )
            <= SCARE_WORDS
        )
        if subject is None and not short:
            if (
                before_q is not None
                and before_q.start >= block[0] - 1
                and found[-1].speaker
                and not found[-1].scare
            ):
                found.append(replace(found[-1], verb=""))
                continue
            since = (
                blocks[index - 1][0]
                if index and not text[block[0] : quote.start].strip()
                else block[0]
            )
            if (
                since < block[0]
                and not text[since : block[0]].rstrip().endswith(":")
                and before_q
                and before_q.start >= since
                and found[-1].speaker
            ):
                found.append(replace(found[-1], verb=""))
                continue
            if not text[begin : quote.start].strip() or text[begin : quote.start].rstrip().endswith(
                ":"
            ):  # else it is part of the outlet's sentence
                subject, place = people.last_before(quote.start, since=since), quote.start
        if subject is None:
            found.append(Attribution(scare=short))
            continue
        speaker, unnamed = people.resolve(subject, place, found)
        found.append(
            Attribution(
                speaker,
                " ".join(speaker.split()[:LONGEST_DESCRIPTION]) if unnamed else "",
                verb,
                unnamed,
            )
        )
    return found


def _find(
    text: str, quote: Quote, right: int, stop: int, begin: int, people: People
) -> tuple[str | None, str, int]:
    """Subject and verb of the attribution around a quotation, and where the subject stands; the
    attribution after it ends at `stop` with its sentence, that before it starts at `begin`.
    """
    after, before = (
        text[a:b].replace("\n", " ") for a, b in ((quote.end, stop), (begin, quote.start))
    )  # lines broken at links
    inner = text[quote.inner_start : quote.inner_end].rstrip()
    if not inner.endswith((".", "…")):
        open_ended = inner.endswith((",", "!", "?", "—", "–", "-")) or after.lstrip().startswith(
            ","
        )
        patterns = (
            [en.AFTER_INVERTED, en.AFTER, en.AFTER_ED, en.WAS_THEIR]
            if open_ended
            else [en.AFTER, en.WAS_THEIR]
        )
        for match in filter(None, (pattern.match(after) for pattern in patterns)):
            if _is_subject(match["subject"]):
                return _said(match, quote.end)
        if match := en.ACCORDING.search(after):
            return match["subject"], "according to", quote.end + match.start("subject")
    last_verb = max(
        (m.end() for m in en.BEHIND_SPACE.finditer(before) if m[1] in en.VERBS), default=0
    )
    said = (
        [
            m
            for m in en.BEFORE.finditer(before, 0, last_verb, overlapped=True)
            if _is_subject(m["subject"])
        ]
        if last_verb
        else []
    )
    # the writer's own "I am quoting" yields to whoever is quoted
    said = [m for m in said if m["subject"].casefold() not in ("i", "we")] or said
    coordinate = list(en.COORDINATE.finditer(before))
    if coordinate and (
        not said or coordinate[-1].start("verb") >= max(m.start("verb") for m in said)
    ):
        if (match := en.LEADING.match(before)) and _is_subject(match["subject"]):
            return match["subject"], coordinate[-1]["verb"].lower(), begin + match.start("subject")
    if (match := en.TRAILS.search(before)) and (
        not said or match.start("verb") > max(m.start("verb") for m in said)
    ):
        if (leads := en.LEADING.match(before)) and _is_subject(leads["subject"]):
            return leads["subject"], match["verb"], begin + leads.start("subject")
    if said:
        # the last verb, with the longest subject that leads to it
        return _said(max(said, key=lambda m: (m.start("verb"), -m.start("subject"))), begin)
    if match := en.ACCORDING.search(before):
        return match["subject"], "according to", begin + match.start("subject")
    if (match := en.LABEL.match(before)) and (
        not match["subject"].isupper() or last_name(match["subject"]) in people.full
    ):
        return _said(match, begin)
    if inner.endswith((".", "!", "?", "…")) and (match := en.SIGNED.match(text, quote.end, right)):
        return match["subject"], "", match.start("subject")
    return None, "", quote.start


def _said(match, offset: int) -> tuple[str, str, int]:
    """Subject, verb and place of an attribution; the name that stands beside a role ("Its
    president, Ada Orr, said") is its subject.
    """
    groups = match.groupdict()
    which, beside = "subject", " ".join((groups.get("beside") or "").split())
    if match["subject"].split()[-1][0].islower() and (name := en.ONLY_NAME.fullmatch(beside)):
        words = set(words_of(name[0]))
        if len(name["name"].split()) > 1 and not words & (en.ORGANISATION | en.STOP_FIRST):
            which = "beside"
    return match[which].strip(), (groups.get("verb") or "").lower(), offset + match.start(which)


def _is_subject(subject: str) -> bool:
    words = subject.casefold().split()
    if (
        words[:1] == ["that"]
        and len(words) > 1
        and (subject.split()[1][0].isupper() or en.DETERMINED.match(words[1]))
    ):
        return False  # "that Mr. Orr lacked": a clause
    # nobody speaks in the passive: "The cartel has been | accused"
    return (
        bool(words)
        and words[-1] not in _NO_END
        and not (
            len(words) == 1
            and words[0] in en.STOP_FIRST
            and words[0] not in en.PRONOUNS
            and words[0] not in ("one", "his", "her", "their")
        )
    )
