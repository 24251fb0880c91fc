"""Numbers that may stand for "missing": -999, 9999, or 0 where nothing is 0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from ...core.finding import Finding
from .view import View, columns, some

KNOWN = frozenset(
    sign * value for value in (9, 99, 999, 9999, 99999, 999999, 1e9 - 1, 1e20) for sign in (1, -1)
) | {-1.0, -2.0, -8.0, -88.0, -888.0, -200.0, 32767.0, -32768.0, 2147483647.0, -2147483648.0}
_NEVER_ZERO = re.compile(
    r"(^|_|\b)(glucose|insulin|bmi|(blood_?)?pressure|(skin_?)?thickness|height|weight|pulse|"
    r"heart_?rate|body_?mass|cholesterol)(_|\b|$)",
    re.IGNORECASE,
)


def check(view: View) -> Iterator[Finding]:
    """Columns whose smallest or largest value repeats and stands apart from all others.

    Apart: the gap to the next value is at least half the range of the middle 98 % of the others
    (for values often used as codes), or at least half their interquartile range with half a per cent
    of the rows on that one value (for 0 and -1 below).  Zeros under a name that cannot be zero
    (``glucose``) are told wherever they are.
    """
    found: dict[str, dict[str, Any]] = {}
    ordered = view.ordered
    for j, name in enumerate(view.numeric):
        values = ordered[:, j]
        values = values[~np.isnan(values)]
        if len(values) < 20:
            continue
        for value, count, gap, rest in _ends(values):
            why = _suspect(name, value, count, gap, rest, len(values))
            if why:
                scale = view.n / len(ordered)
                facts = {"value": value, "rows": round(count * scale), "gap": gap, "why": why}
                found.setdefault(name, {"values": []})["values"].append(facts)
    if found:
        name, facts = next(iter(found.items()))
        first = facts["values"][0]
        yield Finding(
            "sentinel-values",
            "warning",
            f"{columns(len(found))} with a number that may stand for missing, e.g. "
            f"{first['value']:g} in {first['rows']:,} rows of {name!r}",
            where=some(list(found)),
            evidence={"columns": dict(list(found.items())[:50])},
            cause="a code for unknown, or a device that gives 0 or its limit",
            remedy="empty those cells before training, if they are no measurements",
        )


def _ends(values: np.ndarray) -> Iterator[tuple[float, int, float, np.ndarray]]:
    """The smallest and the largest value, their rows, the gap to the next, and the other values."""
    low, high = values[0], values[-1]
    if low == high:
        return
    first = int(np.searchsorted(values, low, side="right"))
    yield float(low), first, float(values[first] - low), values[first:]
    last = int(np.searchsorted(values, high, side="left"))
    yield float(high), len(values) - last, float(high - values[last - 1]), values[:last]


def _suspect(
    name: str, value: float, count: int, gap: float, rest: np.ndarray, n: int
) -> str | None:
    if count < 3 or len(rest) < 10 or rest[0] == rest[-1]:
        return None
    distinct = np.unique(rest[:100_000]).size
    if value == 0 and _NEVER_ZERO.search(name) and rest[0] > 0 and distinct > 20:
        return "zero is impossible here"
    low, high = rest[len(rest) // 100], rest[-1 - len(rest) // 100]
    middle = float(rest[3 * len(rest) // 4] - rest[len(rest) // 4])
    if value in KNOWN and abs(value) > 2 and gap >= 0.5 * (high - low):
        return "a usual code for missing, far from all other values"
    if value == -1 and rest[0] >= 0 and distinct > 10:
        return "the only negative number"
    spike = count >= max(5, 0.005 * n)
    if value == 0 and rest[0] > 0 and spike and distinct > 10 and gap >= 0.5 * middle > 0:
        # A column of amounts is often zero; one of measures that starts at 18 is not.
        if count < 0.35 * n and gap >= 0.1 * (rest[-1] - rest[0]):
            return "zeros far from all other values"
    return None
