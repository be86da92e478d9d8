"""The cache: what the last extraction made of articles and entries that have not changed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from analysis.errors import FeaturesError
from analysis.extract.units import UNIT_TABLES
from analysis.features import PRIVATE, Features, check_features, load_features
from analysis.io.article import EXTRACTED

_TABLES = {
    "units": UNIT_TABLES,
    "actors": ("mentions", "labels"),
    "values": ("values",),
    "vectors": ("vectors",),
}
_BY_ENTRY = {"hits": ["article_id", "kind", "entry"], "scores": ["article_id", "dictionary"]}


def last_features(folder: Path) -> Features | None:
    """The private features in a folder, or None if they cannot serve as a cache.

    They cannot if they are missing, damaged, of another version, or if their tables do not have the
    same articles in the same row groups.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Features or None
    """
    if check_features(folder):
        return None
    features = load_features(folder)
    names = list(features.manifest["tables"])
    needed = {*UNIT_TABLES, *_TABLES["actors"], "hits", "scores", "masks", "keys"}
    if features.form != PRIVATE or not needed <= set(names):
        return None
    groups = {pq.read_metadata(folder / f"{name}.parquet").num_row_groups for name in names}
    return features if len(groups) == 1 else None


class Cache:
    """Rows of the last extraction by article and component."""

    def __init__(self, folder: Path | None):
        self._keys: dict[tuple[str, str], str] = {}
        self._files: dict[str, pq.ParquetFile] = {}
        if folder is None:
            return
        try:
            features = load_features(folder)
            keys = features.table("keys")
            self._keys = dict(zip(zip(keys["article_id"], keys["component"]), keys["key"]))
        except FeaturesError:  # replaced meanwhile
            return
        self._files = {
            name: pq.ParquetFile(folder / f"{name}.parquet")
            for name in features.manifest["tables"]
            if name != "keys"
        }
        articles = self._files["articles"]
        self._group_of = {
            article: group
            for group in range(articles.num_row_groups)
            for article in articles.read_row_group(group, ["article_id"])["article_id"].to_pylist()
        }
        # the articles of a chunk are in one group or two
        self._group = lru_cache(2)(self._read_group)

    def close(self) -> None:
        """Close the files: Windows replaces no folder in which one is open."""
        for file in self._files.values():
            file.close()

    def holds(self, article: str, component: str, key: str) -> bool:
        """Whether a component of an article was made from what it is made from now.

        Parameters
        ----------
        article : str
        component : str
            A name such as "units" or "frame/conflict".
        key : str
            Digest of what it is made from now.

        Returns
        -------
        bool
        """
        return self._keys.get((article, component)) == key

    def rows(self, article: str, component: str) -> Iterator[tuple[str, dict]]:
        """The rows of one article that a component made, by table, as columns.

        Parameters
        ----------
        article : str
        component : str
            A name such as "units" or "frame/conflict".

        Yields
        ------
        (str, dict)
        """
        if component in _TABLES:
            wanted = [(name, (article,)) for name in _TABLES[component]]
        else:
            kind, entry = component.split("/", 1)
            wanted = [("hits", (article, kind, entry))]
            if kind == "dictionary":
                wanted.append(("scores", (article, entry)))
        tables = self._group(self._group_of[article])
        for name, key in wanted:
            if (rows := tables[name].get(key)) is not None:
                columns = rows.columns.drop("article_id")
                yield name, {column: rows[column].to_numpy() for column in columns}

    def _read_group(self, group: int) -> dict[str, dict[tuple, pd.DataFrame]]:
        columns = {"articles": ["article_id", *EXTRACTED]}  # the metadata may have changed since
        tables = {
            name: file.read_row_group(group, columns.get(name)).to_pandas()
            for name, file in self._files.items()
        }
        return {
            name: dict(iter(table.groupby(_BY_ENTRY.get(name, ["article_id"]), sort=False)))
            for name, table in tables.items()
        }
