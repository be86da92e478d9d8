"""Quantities: what a value measures, whether two say the same, and how far they are from each
other.
"""

from __future__ import annotations

from functools import lru_cache

_LENGTHS = {
    "second": ("time", 1 / 60),
    "minute": ("time", 1),
    "hour": ("time", 60),
    "day": ("time", 1440),
    "week": ("time", 10080),
    "month": ("months", 1),
    "year": ("months", 12),
    "cm": ("metres", 0.01),
    "m": ("metres", 1),
    "km": ("metres", 1000),
    "foot": ("feet", 1),
    "yard": ("feet", 3),
    "inch": ("feet", 1 / 12),
    "mile": ("feet", 5280),
    "kg": ("mass", 0.001),
    "tonne": ("mass", 1),
}


@lru_cache(1 << 16)
def read_value(kind: str, value: str) -> tuple[str, tuple]:
    """Dimension of a value (values of one can be compared), and what of it is compared."""
    if kind == "number":
        number, _, unit = value.partition(" ")
        dimension, factor = _LENGTHS.get(unit, (unit, 1))
        digits = (
            number.replace(".", "").rstrip("0").lstrip("0") if "." in number else number.rstrip("0")
        )
        last = (
            len(number.partition(".")[0]) - len(digits)
            if "." not in number
            else -len(number.partition(".")[2])
        )
        return dimension, (float(number) * factor, 10.0**last * factor, unit)
    if kind == "time":
        clock, _, zone = value.partition(" ")
        return "time of day", (int(clock[:2]) * 60 + int(clock[3:5]), clock.endswith("?"), zone)
    day, _, weekday = value.partition(" ")
    if day.isalpha():
        day, weekday = "", day
    parts = [part if part and "X" not in part else "" for part in [*day.split("-"), "", "", ""][:3]]
    return "date", (*parts, weekday)


@lru_cache(1 << 16)
def agree(kind: str, a: str, b: str) -> bool | None:
    """Whether two values say the same; None where they cannot be compared."""
    (dimension, x), (other, y) = read_value(kind, a), read_value(kind, b)
    if dimension != other:
        return None
    if kind == "number":
        if x[2] == y[2] and max(x[0], y[0]) < 1000:
            return x[0] == y[0]
        # the rounder number may stand for the other
        return abs(x[0] - y[0]) <= min(max(x[1], y[1]) / 2, 0.05 * max(x[0], y[0]))
    if kind == "time":
        if x[2] != y[2] and x[2] and y[2]:
            return None
        return (x[0] - y[0]) % (720 if x[1] or y[1] else 1440) == 0
    both = [(p, q) for p, q in zip(x, y) if p and q]
    return all(p == q for p, q in both) if both else None


@lru_cache(1 << 16)
def near(kind: str, a: str, b: str) -> float:
    """How likely two differing values are of the same thing, by their distance: 1 for the same."""
    (_, x), (_, y) = read_value(kind, a), read_value(kind, b)
    if kind == "number":
        low, high = sorted((x[0], y[0]))
        return (low / high) ** 0.25 if high else 1.0
    if kind == "time":
        away = abs(x[0] - y[0])
        return (1 + min(away, 1440 - away) / 60) ** -0.25
    return 1.0
