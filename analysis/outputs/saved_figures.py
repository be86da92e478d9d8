"""Figures as they were saved: what their files say, and the rows of their main table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.io.sheets import plain

_DIGITS = 3  # significant ones of a number in a table for people
INTERVAL = "interval"

_BY_SIZE = ("z", "pull", "contribution")  # whichever way they point
# figure, or its measure: columns of the main table, and what to sort by ("-": greatest first)
_MAIN: dict[str, tuple[str, str]] = {
    "overview": ("group n_articles n_words quoted_share masked_share crediting_share", "-n_words"),
    "frames": ("group frame share interval rest apart n_articles", "-share"),
    "axes": ("group axis bias interval rest apart n_articles", "-weight"),
    "sentiment": ("group dictionary mean interval rest apart n_articles", "-weight"),
    "tone": ("group actor voice tone interval rest apart n_mentions", "-weight"),
    "stance": ("group score interval rest apart n_units", "-weight"),
    "voices": ("group voice heard share interval rest apart words", "-share"),
    "voices_verbs": ("group verb_class share interval rest apart count", "-weight"),
    "labels": ("actor label group count share p p_holm", "p_holm -count"),
    "keyness": ("group term rate rate_rest log_odds interval p_adjusted", "-z"),
    "word_shift": ("group term share_a share_b contribution interval", "-contribution"),
    "tone_words": ("actor side word n pull", "-pull"),
    "reuse": ("taker giver words share interval credited quoted uncredited", "-words"),
    "reuse_words": ("group part words share interval rest apart", "-words"),
    "reuse_life": ("course first_outlet n_articles n_outlets days words", "-n_articles"),
    "lineage": ("a b n_passages n_words p_a_from_b p_b_from_a p_common verdict", "-n_words"),
    "lost_source": ("family parent child probability in_tree", "-probability"),
    "clusters": ("group cluster size stability", "cluster"),
    "stories": ("story title first last n_articles n_outlets", "-n_articles"),
    "story_omissions": ("group n_claims n_omitted share interval rest apart", "-share"),
    "story": ("claim label column answer p", ""),
    "claims": ("claim label n_articles n_outlets coherence", "-n_articles"),
    "disagreements": ("matter kind what value n_articles first before", ""),
    "similarity": ("a b cosine", "-cosine"),
    "validate": ("who measure of value interval n bar meets", ""),
}


@dataclass(frozen=True, eq=False)
class SavedFigure:
    """One figure's files, read.

    Attributes
    ----------
    name : str
    about : dict
        What its .json says.
    tables : dict of str to DataFrame
        Its CSV files; the first is called "table".
    actors : mapping of str to str
        Their names, by key.
    """

    name: str
    about: dict
    tables: Mapping[str, pd.DataFrame]
    actors: Mapping[str, str]

    @property
    def verb(self) -> str:
        """Of its measure."""
        return self.about.get("measure", "").rpartition(".")[2] or self.name.split("_")[0]

    @property
    def finding(self) -> str:
        """Its title, with a full stop."""
        said = self.about.get("title", "")
        return said and said.rstrip(".") + "."

    def sheet_of(self, table: str) -> str:
        """What a table is called among all tables: as its CSV is."""
        return self.name if table == "table" else f"{self.name}.{table}"

    def meaning(self, table: str, column: str) -> tuple[str, str]:
        """Unit and meaning of a column."""
        unit, meaning = self.about.get("columns", {}).get(table, {}).get(column, ("", ""))
        return unit, meaning

    @property
    def main(self) -> pd.DataFrame | None:
        """The main rows for people, all of them: those apart first; None where there are none."""
        columns, sort = _MAIN.get(self.name) or _MAIN.get(self.verb) or ("", "")
        table = self._named(self.tables["table"])
        if {"low", "high"} <= set(table) and INTERVAL in columns:
            table = table.assign(**{INTERVAL: _intervals(table["low"], table["high"])})
        kept = [column for column in columns.split() if column in table]
        if len(kept) < 2 or table.empty or len(kept) < len(columns.split()) / 2:
            return None
        for key in reversed(sort.split()):
            if (by := key.lstrip("-")) in table:
                values = table[by].abs() if by in _BY_SIZE else table[by]
                order = values.sort_values(ascending=key[0] != "-", kind="stable").index
                table = table.loc[order]
        if "apart" in table:
            table = table.sort_values("apart", ascending=False, kind="stable")
            kept = kept if table["apart"].any() else [c for c in kept if c != "apart"]
        return table[kept].reset_index(drop=True)

    def _named(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table whose groups and actors are called as people call them."""
        names = {"group": self.about.get("groups", {}), "actor": self.actors}
        known = {
            c: table[c].map(lambda v, n=n: n.get(str(v), v)) for c, n in names.items() if c in table
        }
        return table.assign(**known)

    def heading(self, column: str) -> str:
        """A column's heading for people, with its unit."""
        unit, _ = self.meaning("table", column)
        words = column.removeprefix("n_").replace("_", " ")
        if column == INTERVAL:
            level = self.about.get("parameters", {}).get("level", 0.95)
            return f"{100 * level:g} % interval"
        plain_unit = unit.startswith(("-", "0")) or unit in ("per 1,000", "natural log")
        return f"{words} ({unit.replace('-', '−')})" if plain_unit else words


def read_figures(folder: Path, names: Sequence[str]) -> list[SavedFigure]:
    """Read the files of some figures of a folder; one without its .json and .csv is left out.

    Parameters
    ----------
    folder : path
    names : sequence of str
    """
    found: list[SavedFigure] = []
    actors: dict[str, str] = {}  # a figure that does not name them shares the names of others
    for name in names:
        about, first = folder / f"{name}.json", folder / f"{name}.csv"
        if not (about.is_file() and first.is_file()):
            continue
        more = sorted(folder.glob(f"{name}.*.csv"))
        tables = {"table": _read(first)}
        tables |= {path.name[len(name) + 1 : -4]: _read(path) for path in more}
        told = json.loads(about.read_text(encoding="utf-8"))
        named = told.get("parameters", {}).get("names")
        actors |= named if isinstance(named, dict) else {}  # elsewhere an option of this name
        found.append(SavedFigure(name, told, tables, actors))
    return found


def _read(path: Path) -> pd.DataFrame:
    """A CSV whose texts are as they were: "NA" and "null" are words, apostrophes are undone."""
    table = pd.read_csv(path, keep_default_na=False, na_values=[""])
    for column in table.select_dtypes(["object", "string"]):
        texts = table[column].astype(object)
        table[column] = texts.map(lambda cell: plain(cell) if isinstance(cell, str) else cell)
    return table.rename(columns=plain)


def _intervals(low: pd.Series, high: pd.Series) -> list[str]:
    return [
        "" if pd.isna(a) or pd.isna(b) else f"{written(a)} to {written(b)}"
        for a, b in zip(low, high)
    ]


def written(cell: object) -> str:
    """A cell for people: three digits, a true minus, "yes" and nothing for True and False.

    Examples
    --------
    >>> written(-0.03456), written(1234), written(True), written(float("nan"))
    ('−0.0346', '1,234', 'yes', '')
    """
    if isinstance(cell, bool) or type(cell).__name__ == "bool_":
        return "yes" if cell else ""
    if isinstance(cell, str):
        return {"True": "yes", "False": ""}.get(cell, cell)
    if cell is None or pd.isna(cell):
        return ""
    number = float(cell)  # type: ignore[arg-type]
    if number == int(number) if abs(number) < 1e15 else False:
        return f"{int(number):,}".replace("-", "−")
    return f"{number:.{_DIGITS}g}".replace("-", "−")
