"""Seeds: which findings of a measure survive another draw of the same random numbers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import OptionError
from analysis.inference import wilson
from analysis.options import Whole, check_option
from analysis.progress import progress
from analysis.results import Result, count
from analysis.wording import listed

_SURE = 0.95  # share of the seeds in which a finding that may be reported holds
_NAMED = 3  # findings that the finding names
_TITLE, _APART, _CHANCE, _CLUSTER = "title", "apart", "beyond chance", "cluster"
_COLUMNS = ["kind", "what", "n_held", "n_seeds", "share", "low", "high"]


@dataclass(frozen=True, eq=False, repr=False)
class Seeds(Result):
    """In how many of the seeds each finding holds.

    Attributes
    ----------
    table : DataFrame
        One row a finding that holds with some seed, those that hold most often first.

        =========  ======  ====================================================================
        column     unit    meaning
        =========  ======  ====================================================================
        kind               "title": what `finding` says; "apart": a row that differs from the
                           rest; "beyond chance": a row whose p_adjusted says so; "cluster":
                           groups that come together; "given": of a function of your own
        what               the finding
        n_held     seeds   with which it holds
        n_seeds    seeds
        share      0 to 1  n_held / n_seeds
        low, high  0 to 1  interval of the share (Wilson)
        =========  ======  ====================================================================
    held : DataFrame
        One row a finding, in the table's order, one column a seed: whether it holds.
    """

    held: pd.DataFrame

    @property
    def finding(self) -> str:
        """How many findings hold whatever the seed, and which do not."""
        found = self.table[self.table["kind"] != _TITLE]
        n = self.params["seeds"]
        if found.empty:
            return f"With none of {n} seeds does {self.params['measure']} find anything"
        always, weak = found[found["n_held"] == n], found[found["share"] < _SURE]
        said = f"{len(always)} of {count(len(found), 'finding')} hold with each of {n} seeds"
        said = said.replace("hold", "holds", 1) if len(always) == 1 else said
        if weak.empty:
            return said
        named = [f"{row.what} ({row.n_held} of {n})" for row in weak.itertuples()]
        return f"{said}; do not rest on {listed(named, _NAMED)}"


def seeds(
    measure: Callable[..., Result],
    corpus=None,
    *,
    seeds: int = 20,
    findings: Callable[[Result], Iterable[str]] | None = None,
    **options,
) -> Seeds:
    """Repeat a measure with other seeds, and table which of its findings survive.

    Bootstrap, permutations and folds are random. A finding at the edge comes and goes with the
    seed: do not report one that holds with some seeds only, or raise `draws`.

    Parameters
    ----------
    measure : callable
        Such as `tw.tl.tone`, called with the corpus, the options and ``seed``; or a function of the
        seed alone, where no corpus is given.
    corpus : Corpus or Features, optional
    seeds : int
        How many: 0, 1, 2 and so on; at least 2. The first is what measures take by themselves.
    findings : callable, optional
        Gives the findings of a result as texts. If not given: rows that are `apart` or whose
        `p_adjusted` is at most 1 - level, with their side; and clusters of several groups.
    **options
        Of the measure.

    Returns
    -------
    Seeds

    Raises
    ------
    OptionError
        If the measure takes no seed or returns no result, or an option is not allowed.

    Examples
    --------
    >>> import analysis as tw
    >>> corpus = tw.load("amnesty2024")
    >>> repeated = tw.va.seeds(tw.tl.frames, corpus, seeds=3, draws=50)
    >>> repeated.held.columns.tolist(), repeated.table["n_seeds"].unique().tolist()
    ([0, 1, 2], [3])
    """
    check_option("seeds", seeds, Whole(2))
    name = getattr(measure, "__name__", "the measure").strip("<>").replace("lambda", "the measure")
    _check(measure, corpus, name, options)
    held: dict[tuple[str, str], list[bool]] = {}
    first: Result | None = None
    for seed in progress(range(seeds), what=f"{name} with other seeds", unit="seeds"):
        result = measure(seed) if corpus is None else measure(corpus, seed=seed, **options)
        if not isinstance(result, Result):
            raise OptionError(f"measure must return a result (got {result!r:.60})")
        first = result if first is None else first
        for key in _findings(result) if findings is None else _given(result, findings):
            held.setdefault(key, [False] * seeds)[seed] = True
    assert first is not None, "at least two seeds"
    keys = sorted(held, key=lambda key: -sum(held[key]))
    n_held = np.array([sum(held[key]) for key in keys], np.int64)
    low, high = wilson(n_held, np.full(len(keys), seeds), 0.95)
    table = pd.DataFrame(keys, columns=_COLUMNS[:2]).assign(
        n_held=n_held, n_seeds=seeds, share=n_held / seeds, low=low, high=high
    )
    matrix = pd.DataFrame([held[key] for key in keys], columns=range(seeds), dtype=bool)
    params = first.params | {"measure": name, "seeds": seeds}
    params.pop("seed", None)
    return Seeds(table, params, matrix, notes=_notes(table, seeds))


def _check(measure, corpus, name: str, options: dict) -> None:
    if not callable(measure):
        raise OptionError(f"measure must be one such as tw.tl.tone (got {measure!r:.60})")
    if "seed" in options:
        raise OptionError(f"seed must be left out: seeds are 0, 1, 2 … (got {options['seed']!r})")
    if corpus is None:
        if options:
            raise OptionError(
                f"options need a corpus (got {', '.join(options)}); or write them into a function"
                " of the seed: tw.va.seeds(lambda seed: tw.tl.tone(corpus, seed=seed))"
            )
        return
    taken = inspect.signature(measure).parameters
    if "seed" not in taken and not any(p.kind is p.VAR_KEYWORD for p in taken.values()):
        raise OptionError(f"{name} takes no seed: nothing in it is random")


def _given(result: Result, findings: Callable[[Result], Iterable[str]]) -> list[tuple[str, str]]:
    return list(dict.fromkeys(("given", str(what)) for what in findings(result)))


def _findings(result: Result) -> list[tuple[str, str]]:
    """Kind and words of what a result finds."""
    table, found = result.table, []
    if said := " ".join(result.finding.split()):
        found.append((_TITLE, said))
    names = {}
    if result.groups is not None:
        known = result.groups
        plain = known["period"].isna() & ~known["label"].duplicated(keep=False)
        names = dict(zip(known["group"][plain], known["label"][plain]))
    if "cluster" in table:
        member = table.columns[0]
        for _, part in table.groupby("cluster"):
            if len(part) > 1:
                together = sorted(str(names.get(one, one)) for one in part[member])
                found.append((_CLUSTER, " + ".join(together)))
    elif "apart" in table:
        part = table[table["apart"].fillna(False).astype(bool)]
        value = table.columns[table.columns.get_loc("low") - 1]
        above = part[value] > part["rest"]
        found += _rows(part, names, _APART, ["below the rest", "above the rest"], above)
    elif "p_adjusted" in table:
        part = table[table["p_adjusted"] <= 1 - result.params.get("level", 0.95)]
        for sign in ("log_odds", "difference", "z"):
            if sign in part:
                found += _rows(part, names, _CHANCE, ["less", "more"], part[sign] > 0)
                break
        else:
            found += _rows(part, names, _CHANCE, ["", ""], pd.Series(True, part.index))
    return list(dict.fromkeys(found))


def _rows(
    part: pd.DataFrame, names: dict, kind: str, sides: list[str], above: pd.Series
) -> list[tuple[str, str]]:
    """Rows in words: their keys, which are the columns before the first number, and the side."""
    numeric = [pd.api.types.is_numeric_dtype(part[column]) for column in part]
    keys = list(part.columns[: numeric.index(True)]) if any(numeric) else list(part.columns)
    said = []
    for row, side in zip(part[keys].to_dict("records"), above):
        words = [
            str(names.get(cell, cell)) if k == "group" else str(cell) for k, cell in row.items()
        ]
        said.append((kind, " · ".join(words) + (f": {sides[side]}" if sides[side] else "")))
    return said


def _notes(table: pd.DataFrame, seeds: int) -> tuple[str, ...]:
    titles = int((table["kind"] == _TITLE).sum())
    if titles > 1:
        return (f"The title is another with other seeds: {titles} titles in {seeds} seeds.",)
    return ()
