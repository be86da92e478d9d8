"""Progress of long work, on standard error: nothing for what takes less than five seconds."""

from __future__ import annotations

from collections.abc import Iterable

from tqdm import tqdm

PATIENCE = 5  # seconds


def progress(items: Iterable | None = None, *, what: str, total: int | None = None, unit: str = ""):
    """Iterate over items, or count up to `total` by ``.update(n)``, and show how far it is.

    Parameters
    ----------
    items : iterable, optional
    what : str
        What is being done.
    total : int, optional
        How many items there are.
    unit : str
        What an item is called.

    Returns
    -------
    tqdm.tqdm
        The environment variable TQDM_DISABLE=1 silences it.
    """
    bar = {"delay": PATIENCE, "mininterval": 1, "leave": False, "dynamic_ncols": True}
    return tqdm(items, desc=what, total=total, unit=f" {unit}", **bar)
