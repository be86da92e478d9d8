"""What could not be extracted of an article: said once, listed, tried again the next time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pandas as pd

from analysis.errors import TwicetoldError
from analysis.features import Features
from analysis.results import count

FAILED = "failed: "
UNREAD = "text"  # what is listed as failed where an article could not be read
_LONGEST = 160  # characters of an error's message
_PARTS = {
    UNREAD: "everything: the text could not be read",
    "clean": "their cleaning",
    "units": "words, sentences and all else",
    "quotations": "quotations",
    "attribution": "speakers",
    "reported": "reported statements",
    "credits": "credits",
    "style": "style",
    "actors": "mentions and labels of actors",
    "values": "numbers, dates and names",
    "vectors": "sentence embeddings",
}
Value = TypeVar("Value")


def said(error: Exception) -> str:
    """An error as the table `keys` has it: "failed: IndexError: list index out of range".

    Parameters
    ----------
    error : Exception

    Returns
    -------
    str
    """
    message = " ".join(str(error).split())[:_LONGEST]
    return f"{FAILED}{type(error).__name__}: {message}".removesuffix(": ")


def guarded(
    failed: dict[str, str], part: str, function: Callable[[], Value], otherwise: Value
) -> Value:
    """What a function returns, or something else where it fails on an article.

    Parameters
    ----------
    failed : dict of str to str
        Takes what failed, by part.
    part : str
        A key of `_PARTS`, or an entry of the codebook such as "frame/conflict".
    function : callable
    otherwise : object

    Returns
    -------
    object
    """
    try:
        return function()
    except MemoryError:  # no fault of the article's
        raise
    except Exception as error:
        failed[part] = said(error)
        return otherwise


def failures(features: Features) -> pd.DataFrame:
    """What the last extraction could not make, and why.

    Parameters
    ----------
    features : Features
        The private form.

    Returns
    -------
    DataFrame
        Columns article_id, component (see `_PARTS`) and error; no row where all went well.
    """
    if not features.has("keys"):
        return pd.DataFrame({"article_id": [], "component": [], "error": []}, dtype=str)
    keys = features.table("keys")
    found = keys[keys["key"].str.startswith(FAILED)].reset_index(drop=True)
    error = found.pop("key").str.removeprefix(FAILED)
    return found.assign(error=error)


def refuse_unread(features: Features) -> None:
    """Refuse features in which a whole text is missing.

    Parameters
    ----------
    features : Features
        The private form.

    Raises
    ------
    TwicetoldError
        With the files that the last extraction could not read, and why.
    """
    found = failures(features)
    files = found["error"][found["component"] == UNREAD].tolist()
    if files:
        some = "; ".join(files[:5]) + f" and {len(files) - 5} more" * (len(files) > 5)
        raise TwicetoldError(
            f"{features.corpus}: {count(len(files), 'text')} of {len(features.article_ids)} could"
            f" not be read: {some}. The others are extracted and kept; run it again when all can be"
            " read."
        )


def failures_said(failed: pd.DataFrame) -> list[str]:
    """Sentences that say how many articles lack what.

    Parameters
    ----------
    failed : DataFrame
        As `failures` returns it.

    Returns
    -------
    list of str
        One for each component.

    Examples
    --------
    >>> rows = pd.DataFrame({"article_id": ["a"], "component": ["credits"], "error": ["KeyError"]})
    >>> failures_said(rows)
    ['1 article lacks credits (a: KeyError)']
    """
    lines = []
    for component, rows in failed.groupby("component", sort=False):
        what = _PARTS.get(component, component)
        lack = "lacks" if len(rows) == 1 else "lack"
        first = rows.iloc[0]
        who = f"{first['article_id']}: {first['error']}"
        lines.append(f"{count(len(rows), 'article')} {lack} {what} ({who})")
    return lines
