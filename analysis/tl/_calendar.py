"""Days, weeks, months or years that divide the time of a corpus into few columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

MOST_COLUMNS = 26
PERIOD_DAYS = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}
_YEARS = (2, 5, 10, 20, 50, 100, 200)  # together, where even years are too many


@dataclass(frozen=True)
class Calendar:
    """Periods without a gap.

    Attributes
    ----------
    period : str
        "day", "week" (from Monday), "month", "quarter", "year" or "5 years"; empty without a date.
    starts : datetime array
        The first day of each.
    first : int
        The number of the first among all such periods.
    years : int
        How many years are one.
    """

    period: str
    starts: np.ndarray
    first: int = 0
    years: int = 1

    def places(self, days: np.ndarray) -> np.ndarray:
        """Where each day stands among `starts`."""
        frequency = PERIOD_DAYS.get(self.period, "Y")
        return _ordinals(days, frequency) // self.years - self.first


def calendar_of(days: np.ndarray, period: str | None = None) -> Calendar:
    """The finest periods of which at most `MOST_COLUMNS` cover all days.

    Parameters
    ----------
    days : array
        Days since 1970; NaN where none is known.
    period : str, optional
        A key of `PERIOD_DAYS`, however many there are.

    Examples
    --------
    >>> import numpy as np
    >>> calendar_of(np.array([0.0, 40.0])).period, calendar_of(np.array([0.0, 9000.0])).period
    ('week', 'year')
    """
    known = days[~np.isnan(days)]
    if not len(known):
        return Calendar("", np.array([], "datetime64[s]"))
    ends = np.array([known.min(), known.max()])
    for name, frequency in PERIOD_DAYS.items():
        first, last = _ordinals(ends, frequency).tolist()
        if name == period or period is None and last - first < MOST_COLUMNS:
            every = pd.period_range(
                pd.Period(ordinal=first, freq=frequency), periods=last - first + 1, freq=frequency
            )
            return Calendar(name, every.start_time.to_numpy().astype("datetime64[s]"), first)
    first, last = _ordinals(ends, "Y").tolist()
    years = next((n for n in _YEARS if last // n - first // n < MOST_COLUMNS), _YEARS[-1])
    numbers = np.arange(first // years, last // years + 1)
    starts = (numbers * years).astype("datetime64[Y]").astype("datetime64[s]")
    return Calendar(f"{years} years", starts, int(numbers[0]), years)


def _ordinals(days: np.ndarray, frequency: str) -> np.ndarray:
    when = np.floor(days).astype(np.int64).astype("datetime64[D]").astype("datetime64[s]")
    return pd.DatetimeIndex(when).to_period(frequency).asi8
