"""A number as a linear spline: hinges at a few of its values, where a linear model may turn."""

from __future__ import annotations

import numpy as np


def knots(column: np.ndarray, many: int) -> np.ndarray:
    """Up to `many` knots: every heavy value, and quantiles of the rest.

    A value that a tenth of the rows share (the zeros of a sum of money) would swallow the
    quantiles; it is a knot of its own and the others are spread over what remains.  The largest
    value is no knot: nothing lies beyond it.

    >>> knots(np.array([0.0] * 80 + list(range(1, 21))), 4).tolist()
    [0.0, 5.75, 10.5, 15.25]
    """
    values, counts = np.unique(column, return_counts=True)
    if len(values) < 3:
        return np.empty(0)
    heavy = values[counts >= 0.1 * len(column)]
    rest = column[~np.isin(column, heavy)] if len(heavy) else column
    spread = max(many - len(heavy), 0)
    cuts = np.empty(0)
    if len(rest) and spread:
        cuts = np.quantile(rest, np.linspace(0.0, 1.0, spread + 2)[1:-1])
    found = np.unique(np.concatenate([heavy, cuts]))
    return found[found < values[-1]]


def hinges(column: np.ndarray, at: np.ndarray) -> np.ndarray:
    """``max(0, x - knot)`` for every knot, shape (n, knots)."""
    return np.maximum(column[:, None] - at[None, :], 0.0)
