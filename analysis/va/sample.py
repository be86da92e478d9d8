"""Samples for coders: which units are drawn from which stratum, and who codes them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from analysis.errors import OptionError, choose
from analysis.inference import generator
from analysis.results import Result, at_least

CODES = (-1, 0, 1)
TARGET = ("[[", "]]")  # marks that a text rarely holds, and every font has
_LETTERS = (  # without vowels no id is a word, a month or a number to a spreadsheet
    "bcdfghjkmnpqrstvwxz"
)
_NAME = re.compile(r"[^\W_][\w .-]{0,58}[^\W_]|[^\W_]")
_HIDDEN = ("text", "text_start")


@dataclass(frozen=True, eq=False, repr=False)
class Sample(Result):
    """Units that were drawn for coding.

    Attributes
    ----------
    table : DataFrame
        The key, which stays with the researcher: one row per unit in the order of the units given;
        unit (a random id), coders (joined by "; "), stratum, weight (units of the stratum for each
        that was drawn), and the columns of the units except their texts.
    strata : DataFrame
        stratum, n_units, n_drawn, n_shared (coded by all), weight.
    sheets : dict of str to DataFrame
        Coder → unit, text, actor (where the units have one); in an order of its own for each coder.
    codes : dict
        Code → what it means, in order.
    """

    strata: pd.DataFrame
    sheets: dict[str, pd.DataFrame]
    codes: dict

    def __repr__(self) -> str:
        return "\n".join(
            [f"<Sample: {len(self.table)} units for {', '.join(self.sheets)}>", *self.notes]
        )


def draw_sample(
    units: pd.DataFrame,
    *,
    n: int = 200,
    by: str | Sequence[str] = (),
    allocation: str = "proportional",
    overlap: float = 0.25,
    coders: Sequence[str] = ("coder1", "coder2"),
    codes: Sequence | Mapping = CODES,
    seed: int = 0,
) -> Sample:
    """Draw units to be coded by people, stratified, and deal them to coders.

    The sheets hold neither outlet, article, place nor anything a model said: a random id, the text
    with the target between [[ and ]], and the actor. (Whether a text itself gives its outlet away
    is told in `notes`.) `write_sheets` writes them.

    Parameters
    ----------
    units : DataFrame
        One row per unit: `article_id` and `text` (what coders read). `start` and `end` (characters
        of the target) if one is to be marked, counted from the beginning of the text, or of the
        article if `text_start` says where in it the text begins. `actor` if coders are to see one.
        Further columns (outlet, a model's class or probabilities) are kept in the key.
        `coding_units` makes such a table of mentions.
    n : int
        Units to draw, at most all.
    by : str or list of str
        Columns whose combinations are the strata, such as "outlet" or the model's class.
    allocation : {"proportional", "equal"}
        Units of each stratum: in proportion to its size, by largest remainders, or the same number.
        At least one where `n` allows it; a stratum that is too small gives all it has, the others
        make up for it, and `notes` tells.
    overlap : float
        Share of the units that every coder codes, from 0 to 1; the rest is dealt out evenly.
        Agreement among coders is measured on these.
    coders : list of str
        Names; they become names of files.
    codes : list or dict
        The codes that are allowed, in order: numbers or labels; as a dict with what each means,
        which goes into the Excel sheet.
    seed : int
        Seed of the draw, of the ids and of the orders.

    Returns
    -------
    Sample

    Raises
    ------
    OptionError
        If a column or text is missing, a unit stands in the table twice, or an option is not
        allowed.

    References
    ----------
    Krippendorff, K. (2004). Content Analysis: An Introduction to Its Methodology, 2nd ed., chapters
    6 and 11. Sage.

    Examples
    --------
    >>> units = pd.DataFrame({"article_id": ["a", "a", "b"], "text": ["Rain.", "Sun.", "Hail."]})
    >>> draw_sample(units, n=2, coders=["Ada"], codes=["good", "bad"]).strata["n_drawn"].tolist()
    [2]
    """
    units = units.reset_index(drop=True)
    by = [by] if isinstance(by, str) else list(by)
    _check(units, by)
    names, meaning = _coders(coders), _codes(codes)
    choose("allocation", allocation, ("proportional", "equal"))
    if not isinstance(n, int | np.integer) or isinstance(n, bool) or not 1 <= n <= len(units):
        raise OptionError(
            f"n={n!r} was given; the table has {len(units)} units, so allowed are whole numbers"
            f" from 1 to {len(units)}."
        )
    if not isinstance(overlap, Real) or isinstance(overlap, bool) or not 0 <= overlap <= 1:
        raise OptionError(f"overlap={overlap!r} was given; allowed are numbers from 0 to 1.")
    at_least("seed", seed, 0)
    texts = [_marked(row) for row in units.to_dict("records")]
    stratum = (
        units[by].astype(object).where(units[by].notna(), "").astype(str).agg(" · ".join, axis=1)
        if by
        else pd.Series("all", units.index)
    )
    rng = generator(seed, "validation")
    sizes = stratum.value_counts(sort=False)
    counts, notes = _allocate(sizes, int(n), allocation)
    shared_counts = _largest_remainders(
        counts.to_numpy() * 1.0, round(overlap * n) if len(names) > 1 else n, counts.to_numpy()
    )
    given: dict[int, list[str]] = {}
    turn = rng.permutation(len(names)).tolist()
    for name, drawn, shared in zip(sizes.index, counts, shared_counts):
        rows = rng.permutation(np.flatnonzero((stratum == name).to_numpy()))[:drawn].tolist()
        for row in rows[:shared]:
            given[row] = names
        for row in rows[shared:]:
            given[row] = [names[turn[0]]]
            turn = turn[1:] + turn[:1]
    rows = sorted(given)
    ids = _ids(len(rows), rng)
    weight = (sizes / counts.where(counts > 0)).astype(float)
    key = pd.DataFrame(
        {
            "unit": ids,
            "coders": ["; ".join(given[row]) for row in rows],
            "stratum": stratum[rows].to_list(),
            "weight": weight[stratum[rows]].to_list(),
        }
    )
    rest = units.loc[
        rows, [c for c in units.columns if c not in (*_HIDDEN, *key.columns)]
    ].reset_index(drop=True)
    shown = pd.DataFrame({"unit": ids, "text": [texts[row] for row in rows]})
    if "actor" in units:
        shown["actor"] = units["actor"][rows].astype(str).to_list()
    sheets = {
        name: (
            shown.iloc[
                rng.permutation([i for i, row in enumerate(rows) if name in given[row]])
            ].reset_index(drop=True)
        )
        for name in names
    }
    strata = pd.DataFrame(
        {
            "stratum": sizes.index,
            "n_units": sizes.to_numpy(),
            "n_drawn": counts.to_numpy(),
            "n_shared": shared_counts,
            "weight": weight.to_numpy(),
        }
    )
    params = {
        "n": int(n),
        "by": by,
        "allocation": allocation,
        "overlap": overlap,
        "coders": names,
        "seed": seed,
        "n_units": len(units),
    }
    return Sample(
        pd.concat([key, rest], axis=1),
        params,
        strata,
        sheets,
        meaning,
        notes=(*notes, *_given_away(units.loc[rows])),
    )


def coding_units(
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    texts: Mapping[str, str],
    *,
    before: int = 1,
    after: int = 0,
) -> pd.DataFrame:
    """Units to be coded from mentions: each with the sentence that it stands in, and its
    neighbours.

    Parameters
    ----------
    mentions : DataFrame
        article_id, sentence, start, end (characters of the article), actor; further columns are
        kept.
    sentences : DataFrame
        article_id, sentence, start, end, in order, as the features have them.
    texts : mapping of str to str
        article_id → text of the article.
    before, after : int
        Sentences of the article to show before and after.

    Returns
    -------
    DataFrame
        The mentions with `text` and `text_start`, for `draw_sample`.
    """
    for name, value in (("before", before), ("after", after)):
        at_least(name, value, 0)
    spans = {
        article: (
            dict(zip(part["sentence"], range(len(part)))),
            part["start"].to_list(),
            part["end"].to_list(),
        )
        for article, part in sentences.groupby("article_id", sort=False)
    }
    missing = sorted(set(mentions["article_id"]) - (spans.keys() & set(texts)))
    if missing:
        raise OptionError(
            f"texts or sentences of {', '.join(map(str, missing[:5]))} are missing; give those of"
            " every article that is mentioned."
        )
    starts, shown = [], []
    for article, sentence in zip(mentions["article_id"], mentions["sentence"]):
        place, first, last = spans[article]
        at = place[sentence]
        start = first[max(at - before, 0)]
        starts.append(start)
        shown.append(texts[article][start : last[min(at + after, len(last) - 1)]])
    return mentions.assign(text=shown, text_start=starts).reset_index(drop=True)


def _check(units: pd.DataFrame, by: list[str]) -> None:
    needed = ["article_id", "text", *by]
    missing = [column for column in needed if column not in units.columns]
    if missing:
        raise OptionError(
            f"the units lack the column{'s' * (len(missing) > 1)} {', '.join(map(str, missing))};"
            f" they have {', '.join(map(str, units.columns))}."
        )
    clash = [
        column for column in ("unit", "coders", "stratum", "weight") if column in units.columns
    ]
    if clash:
        raise OptionError(
            f"the units have the column{'s' * (len(clash) > 1)} {', '.join(clash)}, which the key"
            " needs; rename."
        )
    wrong = [
        i for i, text in enumerate(units["text"]) if not isinstance(text, str) or not text.strip()
    ]
    if wrong:
        raise OptionError(
            f"the text of row {wrong[0]} is {units['text'][wrong[0]]!r} ({len(wrong)} such rows);"
            " give every unit a text to read."
        )
    what = [
        c for c in ("article_id", "sentence", "start", "end", "actor", "text") if c in units.columns
    ]
    doubled = units[units.duplicated(what, keep="first")]
    if len(doubled):
        raise OptionError(
            f"row {doubled.index[0]} is the same unit as one before it ({len(doubled)} such rows);"
            " drop duplicates, so that none is coded twice."
        )


def _coders(coders: Sequence[str]) -> list[str]:
    names = [coders] if isinstance(coders, str) else list(coders)
    wrong = [name for name in names if not isinstance(name, str) or not _NAME.fullmatch(name)]
    if wrong or not names or len({str(name).casefold() for name in names}) < len(names):
        raise OptionError(
            f"coders={coders!r} was given; allowed are one or more different names of letters,"
            " digits, spaces, points and dashes."
        )
    return names


def _codes(codes: Sequence | Mapping) -> dict:
    """Codes in order, with what they mean."""
    meaning = (
        dict(codes)
        if isinstance(codes, Mapping)
        else dict.fromkeys(codes, "")
        if not isinstance(codes, str)
        else {}
    )
    numeric = [
        isinstance(code, Real) and not isinstance(code, bool) and abs(code) < 1e9
        for code in meaning
    ]
    labels = [isinstance(code, str) and bool(code.strip()) and len(code) <= 60 for code in meaning]
    texts = {str(code).strip().casefold() for code in meaning}
    if (
        len(meaning) < 2
        or len(texts) < len(meaning)
        or not (all(numeric) or all(labels))
        or len(meaning) < len(list(codes))
    ):
        raise OptionError(
            f"codes={codes!r} was given; allowed are two or more different codes, all numbers or"
            " all labels."
        )
    return {
        (
            (int(code) if float(code).is_integer() else float(code))
            if all(numeric)
            else code.strip()
        ): str(said)
        for code, said in meaning.items()
    }


def _marked(row: dict) -> str:
    """The text with its target between marks."""
    text, start, end = row["text"], row.get("start"), row.get("end")
    if start is None or end is None or pd.isna(start) or pd.isna(end):
        return text
    shift = row.get("text_start", 0)
    start, end = int(start) - int(shift), int(end) - int(shift)
    if not 0 <= start < end <= len(text):
        raise OptionError(
            f"a unit of article {row['article_id']!r} has its target at {start} to {end} of a text"
            f" of {len(text)} characters; start and end count from the text's beginning, or from"
            " the article's if `text_start` says where the text begins."
        )
    return f"{text[:start]}{TARGET[0]}{text[start:end]}{TARGET[1]}{text[end:]}"


def _allocate(sizes: pd.Series, n: int, allocation: str) -> tuple[pd.Series, list[str]]:
    """How many units each stratum gives, and what must be told of it."""
    limits, notes = sizes.to_numpy(), []
    wanted = sizes.to_numpy() * 1.0 if allocation == "proportional" else np.ones(len(sizes))
    if n >= len(sizes):
        counts = np.ones(len(sizes), np.int64) + _largest_remainders(
            np.maximum(wanted / wanted.sum() * n - 1, 0), n - len(sizes), limits - 1
        )
    else:
        counts = _largest_remainders(wanted, n, limits)
        left = [str(name) for name, count in zip(sizes.index, counts) if not count]
        notes.append(
            f"{n} units cannot cover {len(sizes)} strata: none is drawn from"
            f" {', '.join(left[:10])}{' and others' * (len(left) > 10)}. What is measured on the"
            " sample says nothing of these."
        )
    if allocation == "equal":
        short = [
            f"{name} ({size})"
            for name, size, count in zip(sizes.index, limits, counts)
            if size < n / len(sizes) and count == size
        ]
        if short:
            notes.append(
                f"Strata with fewer than {n / len(sizes):.3g} units give all they have, and the"
                f" others more: {', '.join(short)}."
            )
    return pd.Series(counts, sizes.index), notes


def _largest_remainders(wanted: np.ndarray, n: int, limits: np.ndarray) -> np.ndarray:
    """Whole numbers in proportion to `wanted`, none above its limit, that sum to `n` (or to all
    there is).
    """
    counts, n = np.zeros(len(wanted), np.int64), min(int(n), int(limits.sum()))
    while (left := n - counts.sum()) > 0:
        share = np.where(counts < limits, np.maximum(wanted, 1e-9), 0.0)
        ideal = np.round(share / share.sum() * left, 9)
        whole = np.floor(ideal).astype(np.int64)
        if (
            full := whole > limits - counts
        ).any():  # these give all they have, and the others are reckoned anew
            counts[full] = limits[full]
            continue
        counts += whole
        order = np.lexsort((np.arange(len(wanted)), whole - ideal))
        counts[[i for i in order if counts[i] < limits[i]][: n - counts.sum()]] += 1
    return counts


def _ids(n: int, rng: np.random.Generator) -> list[str]:
    """Different random ids, that tell nothing of the order."""
    ids: dict[str, None] = {}
    while len(ids) < n:
        ids["".join(_LETTERS[i] for i in rng.integers(len(_LETTERS), size=6))] = None
    return list(ids)


def _given_away(units: pd.DataFrame) -> list[str]:
    if "outlet" not in units.columns:
        return []
    named = sum(
        isinstance(outlet, str) and bool(outlet.strip()) and outlet.casefold() in text.casefold()
        for outlet, text in zip(units["outlet"], units["text"])
    )
    return (
        [
            f"{named} text{'s name' if named > 1 else ' names'} the outlet it is from: its coders"
            " are not blind to it."
        ]
        if named
        else []
    )
