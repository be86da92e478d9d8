"""Results that ship: what only the private form can give travels with the shared form as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.errors import FeaturesError, LanguageError
from analysis.features import Features
from analysis.text.tokens import words_of

if TYPE_CHECKING:
    from analysis.corpus import Corpus

SHIPPED_WORDS = 5  # of a label or a description, which are words of a text in order


@dataclass(frozen=True)
class Shipment:
    """What a measure's shipped tables are made from.

    Attributes
    ----------
    corpus : Corpus
        With the private features, and the texts.
    articles : DataFrame
        `articles` of the shared form, whose cells may name groups.
    measure : callable
        ``measure("reuse")`` is the result of `tl.reuse` with its default options, computed once.
    """

    corpus: Corpus
    articles: pd.DataFrame
    measure: Callable[[str], Any]

    @property
    def features(self) -> Features:
        """The private features."""
        return self.corpus.features


@dataclass(frozen=True)
class Ships:
    """A measure's declaration of the tables that ship, as `SHIPS` in its module.

    Attributes
    ----------
    tables : tuple of str
        Their names, in the order in which they are read back.
    make : callable
        ``make(shipment)`` gives the tables by name; fewer, where there is nothing to measure. They
        hold positions, counts and scores, never running words.
    later : tuple of str
        Tables that archives of earlier versions lack.
    """

    tables: tuple[str, ...]
    make: Callable[[Shipment], Mapping[str, pd.DataFrame]]
    later: tuple[str, ...] = ()

    def read(self, features: Features) -> dict[str, pd.DataFrame] | None:
        """The shipped tables by name, or None where the features measure for themselves."""
        if features.measures_itself or not all(map(features.has_result, self.tables)):
            return None
        names = [*self.tables, *filter(features.has_result, self.later)]
        return {name: features.result(name) for name in names}


def shipped_tables(declared: Iterable[Ships], shipment: Shipment) -> dict[str, pd.DataFrame]:
    """Make the tables of all measures; one that has nothing to measure ships nothing.

    Raises
    ------
    ValueError
        If a measure makes a table that it does not declare.
    """
    tables: dict[str, pd.DataFrame] = {}
    for ships in declared:
        try:
            made = ships.make(shipment)
        except (FeaturesError, LanguageError):  # no frames, one group only, and the like
            continue
        if strange := set(made) - {*ships.tables, *ships.later}:
            raise ValueError(f"not declared: {', '.join(sorted(strange))}")
        tables |= made
    return tables


def first_words(words: str) -> str:
    """As many running words of a text as may ship."""
    kept = words.split()[:SHIPPED_WORDS]
    while len(words_of(" ".join(kept))) > SHIPPED_WORDS:  # "Doha-based" counts as two
        kept.pop()
    return " ".join(kept)
