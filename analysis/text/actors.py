"""Actors: where the codebook's actors are mentioned in a text, and what they are called."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analysis.text.attached import beside
from analysis.text.epithets import described
from analysis.text.labels import CONSTRUCTIONS, Label
from analysis.text.marks import plain_apostrophes
from analysis.text.mentions import FORMS, Mention, Named, Names
from analysis.text.phrases import LONGEST_LABEL
from analysis.text.pronouns import resolve
from analysis.text.quotes import Quote
from analysis.text.running import Running, fold

__all__ = ["CONSTRUCTIONS", "FORMS", "LONGEST_LABEL", "Actors", "Label", "Mention"]


class Actors:
    """The actors of a codebook, compiled once for many texts.

    Parameters
    ----------
    actors : mapping of str to dict
        Key → name, aliases, side, kind.
    """

    def __init__(self, actors: Mapping[str, dict]):
        self.keys = list(actors)
        self._names = Names(actors)
        words = [
            re.findall(r"\w+", fold(plain_apostrophes(str(name))).casefold())
            for a in actors.values()
            for name in (a["name"], *a.get("aliases", []))
        ]
        self._probes = {word for its in words if its for word in (max(its, key=len), its[-1])}

    def find(
        self,
        text: str,
        sentences: list[tuple[int, int, int]],
        quotes: list[Quote],
        scare: list[bool],
    ) -> tuple[list[Mention], list[Label]]:
        """Mentions and labels of one English text, each in the order of the text.

        A label's confidence says how its bearer was told: 1.0 where the label stands at the name,
        .95 set off by commas, .9 linked to a name by a verb, .75 linked to a pronoun; a bare
        description has less, by how it was traced back (see `analysis.text.epithets`).
        """
        text = plain_apostrophes(text)
        plain = fold(text).casefold()
        if not any(probe in plain for probe in self._probes):
            return [], []  # most articles of an archive name none of them
        run = Running(text, sentences, quotes, scare)
        named = self._names.find(run)
        if not named:
            return [], []
        group = self._names.group
        at_names = beside(run, named, group)
        bare, descriptions = described(run, named, at_names, self._names)
        named = sorted([*named, *descriptions], key=lambda m: (m.first, -m.last))
        pronouns = resolve(run, named, [*at_names, *bare], self._names)
        linked = beside(run, [*pronouns, *descriptions], group)
        mentions = [
            Mention(m.actor, m.form, *_span(run, m))
            for m in sorted([*named, *pronouns], key=lambda m: m.first)
        ]
        labels, taken = [], set()
        for w in sorted(
            [*at_names, *bare, *linked], key=lambda w: (-w.confidence, w.first, w.last)
        ):
            if not taken.isdisjoint(range(w.first, w.last + 1)):
                continue
            taken.update(range(w.first, w.last + 1))
            start = run.start[w.first]
            labels.append(
                Label(
                    w.actor,
                    w.construction,
                    start,
                    run.end[w.last],
                    run.in_marks(start),
                    w.confidence,
                )
            )
        return mentions, sorted(labels, key=lambda label: (label.start, label.end, label.actor))


def _span(run: Running, mention: Named) -> tuple[int, int]:
    """Characters of a mention: without the possessive's ending, and of "Orban-led" or "anti-Orban"
    the name alone.
    """
    start, end, word = run.start[mention.first], run.end[mention.last], run.words[mention.last]
    if mention.part:
        start += max(fold(run.text[start:end]).rfind(mention.part), 0) if word[:1].islower() else 0
        return start, start + len(mention.part)
    return start, end - 2 * word.endswith(("'s", "'S"))
