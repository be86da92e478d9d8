"""Options of measures, checked in one place: each name means the same everywhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import inf, isfinite
from numbers import Integral, Real
from typing import TYPE_CHECKING

from analysis.errors import OptionError

if TYPE_CHECKING:
    from analysis.features import Features
    from analysis.results import Result


@dataclass(frozen=True)
class Whole:
    """A whole number of at least `least`, and at most `most`."""

    least: int = 0
    most: float = inf

    def admits(self, given) -> bool:
        """Whether a value is allowed."""
        return _is(given, Integral) and self.least <= given <= self.most

    def __str__(self) -> str:
        if self.most < inf:
            return f"a whole number from {self.least} to {self.most:,}"
        return f"a whole number of at least {self.least}"


@dataclass(frozen=True)
class Number:
    """A number from `least` to `most`; the bounds themselves only where it is `closed`."""

    least: float = -inf
    most: float = inf
    closed: bool = True

    def admits(self, given) -> bool:
        """Whether a value is allowed."""
        if not _is(given, Real) or not isfinite(given):
            return False
        return self.least <= given <= self.most and (self.closed or self.least < given < self.most)

    def __str__(self) -> str:
        if self.most == inf:
            return f"a number {'of at least' if self.closed else 'above'} {self.least:g}"
        if self.closed:
            return f"a number from {self.least:g} to {self.most:g}"
        return f"a number between {self.least:g} and {self.most:g}"


@dataclass(frozen=True)
class Flag:
    """True or False."""

    def admits(self, given) -> bool:
        """Whether a value is allowed."""
        return isinstance(given, bool)

    def __str__(self) -> str:
        return "True or False"


RULES: dict[str, Whole | Number | Flag] = {
    "draws": Whole(1),
    "level": Number(0, 1, closed=False),
    "seed": Whole(0),
    "permutations": Whole(1),
    "min_count": Whole(1),
    "min_articles": Whole(1),
    "min_words": Whole(1),
    "dimensions": Whole(1),
    "prior": Number(0, closed=False),
    "names": Flag(),
    "stop_words": Flag(),
    "own_names": Flag(),
    "formulas": Flag(),
    "min_probability": Number(0.5),
    "min_score": Number(0),
    "most": Whole(1),
    "top": Whole(1),
    "overlap": Number(0, 1),
    "bar": Number(-1, 1),
    "f1_bar": Number(0, 1),
    "least": Whole(0),
    "before": Whole(0),
    "after": Whole(0),
    "stable": Number(0, 1),
    "min_confidence": Number(0, 1),
    "across_outlets": Flag(),
    "update": Flag(),
    "within_days": Number(0),
    "family_share": Number(0),
    "days": Number(0),
    "span": Number(0),
    "threshold": Number(0, 1),
    "words": Whole(1),
    "common": Number(0, 1),
    "affair_days": Number(0),
    "affair_threshold": Number(0, 1),
}


def check_options(**given) -> None:
    """Raise `OptionError` unless each option is what its rule in `RULES` allows.

    Raises
    ------
    OptionError
        "draws must be a whole number of at least 1 (got 10.5)".

    Examples
    --------
    >>> check_options(draws=1000, level=0.95, seed=0)
    >>> check_options(draws=10.5)
    Traceback (most recent call last):
    ...
    analysis.errors.OptionError: draws must be a whole number of at least 1 (got 10.5)
    """
    for name, value in given.items():
        check_option(name, value, RULES[name])


def check_option(name: str, given, rule: Whole | Number | Flag) -> None:
    """Raise `OptionError` unless an option is what a rule allows."""
    if not rule.admits(given):
        raise OptionError(f"{name} must be {rule} (got {given!r:.80})")


def check_choice(name: str, given, allowed: Collection) -> None:
    """Raise `OptionError` unless an option is one of those allowed."""
    if given not in allowed:
        raise OptionError(
            f"{name} must be one of {', '.join(map(repr, allowed))} (got {given!r:.80})"
        )


def check_choices(name: str, given, allowed: Collection) -> None:
    """Raise `OptionError` unless an option holds one or more of those allowed, and nothing else."""
    listed = isinstance(given, Collection) and not isinstance(given, str | bytes | Mapping)
    if not listed or not given or any(one not in allowed for one in given):
        raise OptionError(
            f"{name} must be one or more of {', '.join(map(repr, allowed))} (got {given!r:.80})"
        )


def check_result(name: str, given, kind: type[Result], features: Features) -> None:
    """Raise `OptionError` unless an option is a result of a kind, measured on this corpus."""
    if not isinstance(given, kind):
        raise OptionError(f"{name} must be a result of tl.{name} (got {given!r:.80})")
    if given.params["digest"] != features.digest:
        raise OptionError(
            f"{name} must be measured on the same texts (got one of {given.params['corpus']}, which"
            f" differ from those of {features.corpus}); give tl.{name} of this corpus"
        )


def _is(given, kind: type) -> bool:
    return isinstance(given, kind) and not isinstance(given, bool)
