"""Samples for coders: which units are drawn from which stratum, and who codes them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import is_list_like

from analysis.errors import OptionError
from analysis.inference import generator
from analysis.options import Number, Whole, check_choice, check_options
from analysis.results import Result, count

CODES = (-1, 0, 1)
TARGET = "[[", "]]"  # marks that a text rarely holds, and every font has
KEY = ("unit", "coders", "stratum", "weight")  # columns that a sample adds to its units
# what makes a unit a different one
_UNIT = ("article_id", "sentence", "start", "end", "actor", "text")
_LETTERS = "bcdfghjkmnpqrstvwxz"  # without vowels no id is a word, a month or a number
_NAME = re.compile(r"[^\W_][\w .-]{0,58}[^\W_]|[^\W_]")


@dataclass(frozen=True, eq=False, repr=False)
class Sample(Result):
    """Units that were drawn for coding.

    Attributes
    ----------
    table : DataFrame
        The key, which stays with the researcher: one row a unit, in the order of the units given.
        The columns of the units follow, except their texts.

        =======  ====================================================
        column   meaning
        =======  ====================================================
        unit     a random id
        coders   names, joined by "; "
        stratum  cells of the columns `by`, joined by " · "
        weight   units of the stratum for each unit that was drawn
        =======  ====================================================
    strata : DataFrame
        One row a stratum.

        ========  =====  =====================================
        column    unit   meaning
        ========  =====  =====================================
        stratum
        n_units   units  given
        n_drawn   units  in the sample
        n_shared  units  coded by all coders
        weight           n_units / n_drawn; NaN if none is drawn
        ========  =====  =====================================
    sheets : dict of str to DataFrame
        Coder → unit, text, actor (where the units have one); each coder's in an order of its own.
    codes : dict
        Code → what it means, in order.
    """

    strata: pd.DataFrame
    sheets: dict[str, pd.DataFrame]
    codes: dict

    def __repr__(self) -> str:
        head = f"<Sample: {count(len(self.table), 'unit')} for {', '.join(self.sheets)}>"
        return "\n".join([head, *self.notes])


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
    """Draw a stratified sample of units to be coded, and divide it among coders.

    The sheets hold neither outlet, article, place nor a model's result: only a random id, the text
    with the target between [[ and ]], and the actor. `notes` say how many texts name their outlet
    themselves. `write_sheets` writes the sheets.

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
        At least one where `n` allows it. Of a stratum that is too small, all units are drawn, and
        more of the others; `notes` say so.
    overlap : float
        Share of the units that every coder codes, from 0 to 1; the rest is divided evenly.
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
        If a column or text is missing, a unit is given twice, or an option is not allowed.

    References
    ----------
    Krippendorff, K. (2004). Content Analysis: An Introduction to Its Methodology, 2nd ed., chapters
    6 and 11. Sage.

    Examples
    --------
    >>> import pandas as pd
    >>> import analysis as tw
    >>> units = pd.DataFrame({"article_id": ["a", "a", "b"], "text": ["Rain.", "Sun.", "Hail."]})
    >>> tw.va.draw_sample(units, n=2, by="article_id", coders=["Ada"], codes=["good", "bad"]).strata
      stratum  n_units  n_drawn  n_shared  weight
    0       a        2        1         1     2.0
    1       b        1        1         1     1.0
    """
    by = _listed(by)
    _check_units(units, by)
    check_options(overlap=overlap, seed=seed)
    check_choice("allocation", allocation, ("proportional", "equal"))
    names, meanings = _names(coders), _meanings(codes)
    if units.empty:
        raise OptionError(
            "there is no unit to draw: units has no row. `coding_units` makes one of each mention;"
            " name actors in codebook.yml that the articles mention, and extract again"
        )
    if not Whole(1).admits(n) or n > len(units):
        raise OptionError(
            f"n must be a whole number from 1 to the number of units, {len(units)} (got {n!r:.80})"
        )
    units = units.reset_index(drop=True)
    texts = [_marked(row) for row in units.to_dict("records")]
    cells = units[by].astype(object).where(units[by].notna(), "").astype(str)
    stratum = cells.agg(" · ".join, axis=1) if by else pd.Series("all", units.index)
    strata = stratum.value_counts(sort=False).rename_axis("stratum").reset_index(name="n_units")
    strata["n_drawn"], notes = _allocate(strata, int(n), allocation)
    n_shared = round(overlap * n) if len(names) > 1 else n
    strata["n_shared"] = _largest_remainders(strata["n_drawn"], n_shared, strata["n_drawn"])
    strata["weight"] = strata["n_units"] / strata["n_drawn"].where(strata["n_drawn"] > 0)

    rng = generator(seed, "validation")
    turns = itertools.cycle(rng.permutation(len(names)).tolist())
    given: dict[int, list[str]] = {}  # row of a unit → its coders
    for row in strata.itertuples():
        drawn = rng.permutation(np.flatnonzero(stratum == row.stratum))[: row.n_drawn].tolist()
        given |= dict.fromkeys(drawn[: row.n_shared], names)
        given |= {unit: [names[next(turns)]] for unit in drawn[row.n_shared :]}
    rows = sorted(given)
    given_to = [given[row] for row in rows]
    drawn = units.loc[rows].reset_index(drop=True)
    key = pd.DataFrame({"unit": _ids(len(rows), rng), "coders": map("; ".join, given_to)})
    key["stratum"] = stratum[rows].to_list()
    key["weight"] = key["stratum"].map(strata.set_index("stratum")["weight"])
    shown = pd.DataFrame({"unit": key["unit"], "text": [texts[row] for row in rows]})
    if "actor" in drawn:
        shown["actor"] = drawn["actor"].astype(str)
    sheets = {}
    for name in names:
        own = np.flatnonzero([name in coders for coders in given_to])
        sheets[name] = shown.iloc[rng.permutation(own)].reset_index(drop=True)
    params = {"n": int(n), "by": by, "allocation": allocation, "overlap": overlap}
    params |= {"coders": names, "seed": seed, "n_units": len(units)}
    table = key.join(drawn.drop(columns=["text", "text_start"], errors="ignore"))
    return Sample(table, params, strata, sheets, meanings, notes=(*notes, *_outlets_named(drawn)))


def coding_units(
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    texts: Mapping[str, str],
    *,
    before: int = 1,
    after: int = 0,
) -> pd.DataFrame:
    """Make units to be coded from mentions: each with its sentence and those around it.

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
        The mentions with `text` and `text_start` (character of the article), for `draw_sample`;
        without those that do not stand within the sentences shown, such as a name over the end of
        its sentence.

    Raises
    ------
    OptionError
        If a column, an article's text or the sentence of a mention is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> import analysis as tw
    >>> place = {"article_id": ["a"], "sentence": [1], "start": [11], "end": [23]}
    >>> sentences = pd.DataFrame(
    ...     {"article_id": ["a", "a"], "sentence": [0, 1], "start": [0, 11], "end": [10, 24]}
    ... )
    >>> mentions = pd.DataFrame(place | {"actor": ["mayor"]})
    >>> tw.va.coding_units(mentions, sentences, {"a": "It rained. Nobody came."})["text"].tolist()
    ['It rained. Nobody came.']
    """
    check_options(before=before, after=after)
    check_columns("mentions", mentions, ["article_id", "sentence", "start", "end"])
    check_columns("sentences", sentences, ["article_id", "sentence", "start", "end"])
    articles = sentences.groupby("article_id", sort=False)
    start = articles["start"].shift(before).fillna(articles["start"].transform("first"))
    end = articles["end"].shift(-after).fillna(articles["end"].transform("last"))
    shown = pd.DataFrame({"start": start, "end": end})
    shown.index = pd.MultiIndex.from_frame(sentences[["article_id", "sentence"]])
    shown = shown.reindex(pd.MultiIndex.from_frame(mentions[["article_id", "sentence"]]))
    known = mentions["article_id"].isin(list(texts)).to_numpy() & shown["start"].notna().to_numpy()
    if not known.all():
        missing = ", ".join(map(str, mentions["article_id"][~known].unique()[:5]))
        raise OptionError(
            f"texts or sentences of {missing} are missing; give those of every article that is"
            " mentioned."
        )
    shown = shown.astype(int).reset_index()
    shown["text"] = [
        texts[article][start:end]
        for article, start, end in zip(shown["article_id"], shown["start"], shown["end"])
    ]
    units = mentions.reset_index(drop=True).assign(text=shown["text"], text_start=shown["start"])
    within = (units["start"] >= shown["start"]) & (units["end"] <= shown["end"])
    return units[within].reset_index(drop=True)


def check_columns(name: str, given, needed: Sequence[str]) -> None:
    """Raise `OptionError` unless an argument is a table that has the columns needed."""
    there = list(given.columns) if isinstance(given, pd.DataFrame) else None
    missing = [column for column in needed if column not in (there or ())]
    if there is None or missing:
        found = f"a {type(given).__name__}" if there is None else f"one with {there!r:.80}"
        raise OptionError(
            f"{name} must be a table with the columns {', '.join(map(str, needed))} (got {found},"
            f" without {', '.join(map(str, missing))})"
        )


def _listed(given) -> list:
    return list(given) if is_list_like(given) else [given]


def _check_units(units: pd.DataFrame, by: list[str]) -> None:
    check_columns("units", units, ["article_id", "text", *by])
    if taken := [column for column in KEY if column in units]:
        raise OptionError(f"units must not have the columns {', '.join(taken)}: rename them")
    texts = units["text"].reset_index(drop=True)
    empty = texts[[not isinstance(text, str) or not text.strip() for text in texts]]
    if len(empty):
        first = f"{empty.iloc[0]!r:.80} in row {empty.index[0]}; {len(empty)} such rows"
        raise OptionError(f"units must have a text to read in every row ({first})")
    doubled = units.duplicated([column for column in _UNIT if column in units]).to_numpy()
    if doubled.any():
        first = f"row {doubled.argmax()} is the same as one before it; {doubled.sum()} such rows"
        raise OptionError(f"units must be different ({first}); drop duplicates")


def _names(coders: Sequence[str]) -> list[str]:
    names = _listed(coders)
    sound = names and all(isinstance(name, str) and _NAME.fullmatch(name) for name in names)
    if not sound or len({name.casefold() for name in names}) < len(names):
        raise OptionError(
            "coders must be one or more different names of letters, digits, spaces, points and"
            f" dashes (got {coders!r:.80})"
        )
    return names


def _meanings(codes: Sequence | Mapping) -> dict:
    """Codes in order, with what they mean."""
    given = _listed(codes)
    if all(Number(-1e9, 1e9).admits(code) for code in given):
        given = [int(code) if code == int(code) else float(code) for code in given]
    elif all(isinstance(code, str) and code.strip() and len(code) <= 60 for code in given):
        given = [code.strip() for code in given]
    else:
        given = []
    if len({str(code).casefold() for code in given}) < max(len(_listed(codes)), 2):
        raise OptionError(
            "codes must be two or more different codes, all numbers or all labels"
            f" (got {codes!r:.80})"
        )
    meanings = codes.values() if isinstance(codes, Mapping) else [""] * len(given)
    return {code: str(meaning) for code, meaning in zip(given, meanings)}


def _marked(row: dict) -> str:
    """The text with its target between marks."""
    text, start, end = row["text"], row.get("start", np.nan), row.get("end", np.nan)
    if pd.isna(start) or pd.isna(end):
        return text
    start, end = (int(place) - int(row.get("text_start", 0)) for place in (start, end))
    if not 0 <= start < end <= len(text):
        unit = f"a unit of article {row['article_id']!r}"
        raise OptionError(
            f"{unit} has its target at {start} to {end} of a text of {len(text)} characters; count"
            " from the text's beginning, or from the article's and give `text_start`"
        )
    return f"{text[:start]}{TARGET[0]}{text[start:end]}{TARGET[1]}{text[end:]}"


def _allocate(strata: pd.DataFrame, n: int, allocation: str) -> tuple[np.ndarray, list[str]]:
    """How many units of each stratum are drawn, and the notes on it."""
    names, sizes, notes = strata["stratum"], strata["n_units"].to_numpy(), []
    wanted = sizes if allocation == "proportional" else np.ones(len(sizes))
    if n >= len(sizes):
        more = np.maximum(wanted / wanted.sum() * n - 1, 0)
        counts = 1 + _largest_remainders(more, n - len(sizes), sizes - 1)
    else:
        counts = _largest_remainders(wanted, n, sizes)
        left = names[counts == 0].to_list()
        notes.append(
            f"{n} units cannot cover {len(sizes)} strata: none is drawn from"
            f" {', '.join(left[:10])}{' and others' * (len(left) > 10)}. The sample does not"
            " represent these."
        )
    share = n / len(sizes)
    short = strata[(sizes < share) & (counts == sizes)]
    if allocation == "equal" and len(short):
        listed = ", ".join(f"{row.stratum} ({row.n_units})" for row in short.itertuples())
        notes.append(
            f"Strata with fewer than {share:.3g} units are drawn whole, and more of the others:"
            f" {listed}."
        )
    return counts, notes


def _largest_remainders(
    wanted: np.ndarray | pd.Series, n: int, limits: np.ndarray | pd.Series
) -> np.ndarray:
    """Whole numbers in proportion to `wanted`, none above its limit, of sum `n` or the most."""
    wanted, limits = np.asarray(wanted, float), np.asarray(limits)
    counts, n = np.zeros(len(wanted), np.int64), min(int(n), int(limits.sum()))
    while (left := n - counts.sum()) > 0:
        share = np.where(counts < limits, np.maximum(wanted, 1e-9), 0.0)
        ideal = np.round(share / share.sum() * left, 9)
        whole = np.floor(ideal).astype(np.int64)
        full = whole > limits - counts
        if full.any():  # these are used up; what is left is divided among the others
            counts[full] = limits[full]
            continue
        counts += whole
        order = np.argsort(whole - ideal, kind="stable")
        counts[order[counts[order] < limits[order]][: n - counts.sum()]] += 1
    return counts


def _ids(n: int, rng: np.random.Generator) -> list[str]:
    """Different random ids, which do not give away the order."""
    ids: dict[str, None] = {}
    while len(ids) < n:
        ids["".join(_LETTERS[i] for i in rng.integers(len(_LETTERS), size=6))] = None
    return list(ids)


def _outlets_named(units: pd.DataFrame) -> list[str]:
    """A note if texts name the outlet that they are from."""
    named = sum(
        isinstance(outlet, str) and bool(outlet.strip()) and outlet.casefold() in text.casefold()
        for outlet, text in zip(units.get("outlet", ()), units["text"])
    )
    said = f"{count(named, 'text names', 'texts name')} the outlet it is from"
    return [f"{said}: its coders are not blind to it."] if named else []
