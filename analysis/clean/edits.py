"""Edits of a text: what stands where in the text as stored, and what is read in its place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np


class Edit(NamedTuple):
    """One stretch of a text that is read otherwise.

    Attributes
    ----------
    start, end : int
        Characters of the text; equal where something is only put in.
    replacement : str
        What is read there.
    reason : str
        Why, such as "html"; see `REASONS`.
    """

    start: int
    end: int
    replacement: str
    reason: str


@dataclass(frozen=True)
class Cleaned:
    r"""A text as it is read, and how it differs from the text as stored.

    Attributes
    ----------
    text : str
        As it is read.
    edits : tuple of Edit
        In characters of the text as stored; in order, not overlapping.

    Examples
    --------
    >>> from analysis.clean import clean
    >>> found = clean("Nobody was hurt.<br>The quay is closed.")
    >>> found.text
    'Nobody was hurt.\nThe quay is closed.'
    >>> found.edits
    (Edit(start=16, end=20, replacement='\n', reason='html'),)
    """

    text: str
    edits: tuple[Edit, ...] = ()

    def then(self, edits: Iterable[Edit]) -> Cleaned:
        """Edit further.

        Parameters
        ----------
        edits : iterable of Edit
            In characters of `text`; in order, not overlapping. One that touches what was put in
            before takes it up.

        Returns
        -------
        Cleaned
            With all edits in characters of the text as stored.
        """
        further = [edit for edit in edits if self.text[edit[0] : edit[1]] != edit[2]]
        if not further:
            return self
        text = edited(self.text, further)
        if not self.edits:
            return Cleaned(text, tuple(further))
        stretches = [(edit.start, edit.end, 1, edit) for edit in further]
        places = zip(*(edge.tolist() for edge in self._places))
        stretches += [(*place, 0, edit) for place, edit in zip(places, self.edits)]
        stretches.sort(key=lambda stretch: stretch[:3])
        merged: list[Edit] = []
        shift, at = 0, 0  # from characters of `text` to those as stored
        while at < len(stretches):
            first, last, _, _ = stretches[at]
            group = []
            while at < len(stretches) and (
                not group
                or stretches[at][0] < last
                or first == last == stretches[at][0] == stretches[at][1]
            ):
                group.append(stretches[at])
                last, at = max(last, stretches[at][1]), at + 1
            new = [edit for _, _, is_new, edit in group if is_new]
            begin = first + shift
            for _, stop, is_new, edit in group:
                shift = shift if is_new else edit.end - stop
            if not new:
                merged += [edit for _, _, _, edit in group]
                continue
            inside = [Edit(e.start - first, e.end - first, e.replacement, "") for e in new]
            replacement = edited(self.text[first:last], inside)
            merged.append(Edit(begin, last + shift, replacement, new[-1].reason))
        return Cleaned(text, tuple(merged))

    def originals(
        self, start: Iterable[int] | np.ndarray, end: Iterable[int] | np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Where stretches of `text` stand in the text as stored.

        Parameters
        ----------
        start, end : array of int
            Characters of `text`.

        Returns
        -------
        tuple of int64 array
            Starts and ends in the text as stored, of which `clean` makes the stretches again. What
            was removed beside a stretch is no part of it; what was removed inside it is.
        """
        start, end = (np.asarray(edge, np.int64).reshape(-1) for edge in (start, end))
        if not self.edits:
            return start, end
        first, last = self._places
        edges = np.array([edit[:2] for edit in self.edits], np.int64)
        beyond = np.r_[0, edges[:, 1] - last]
        done = np.searchsorted(last, start, side="right")
        at = np.minimum(done, len(first) - 1)
        inside = (done < len(first)) & (first[at] <= start)
        starts = np.where(inside, edges[at, 0], start + beyond[done])
        begun = np.searchsorted(first, end, side="left")
        at = np.maximum(begun - 1, 0)
        inside = (begun > 0) & (last[at] >= end)
        return starts, np.where(inside, edges[at, 1], end + beyond[begun])

    def places(self, originals: Iterable[int] | np.ndarray) -> np.ndarray:
        """The first character of `text` that is read at, or behind, each of the text as stored.

        Parameters
        ----------
        originals : array of int
            Characters of the text as stored.

        Returns
        -------
        int64 array
        """
        originals = np.asarray(originals, np.int64).reshape(-1)
        if not self.edits:
            return originals
        first, last = self._places
        edges = np.array([edit[:2] for edit in self.edits], np.int64)
        done = np.searchsorted(edges[:, 1], originals, side="right")
        at = np.minimum(done, len(first) - 1)
        inside = (done < len(first)) & (edges[at, 0] <= originals)
        beyond = np.r_[0, last - edges[:, 1]]
        return np.where(inside, first[at], originals + beyond[done])

    @property
    def digest(self) -> str:
        """sha256 of the edits; empty where there are none."""
        if not self.edits:
            return ""
        return hashlib.sha256(repr([tuple(edit) for edit in self.edits]).encode()).hexdigest()

    @cached_property
    def _places(self) -> tuple[np.ndarray, np.ndarray]:
        """Where in `text` the replacement of each edit begins and ends."""
        grown = np.array([len(e.replacement) - (e.end - e.start) for e in self.edits], np.int64)
        ends = np.array([e.end for e in self.edits], np.int64) + np.cumsum(grown)
        return ends - np.array([len(e.replacement) for e in self.edits], np.int64), ends


def edited(text: str, edits: Iterable[Edit]) -> str:
    """A text with its edits made.

    Parameters
    ----------
    text : str
    edits : iterable of Edit
        In order, not overlapping.

    Returns
    -------
    str
    """
    pieces, at = [], 0
    for start, end, replacement, _ in edits:
        pieces += (text[at:start], replacement)
        at = end
    return "".join((*pieces, text[at:]))
