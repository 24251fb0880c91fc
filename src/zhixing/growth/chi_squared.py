"""Chi-squared tests of tables of weights, and their p-values also where floats end."""

from __future__ import annotations

import numpy as np
from scipy.special import chdtrc, gammaln

STATISTICS = ("pearson", "likelihood_ratio")


def statistic(tables: np.ndarray, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """(statistic, degrees of freedom) of tables (..., r, c): sum (O - E)^2 / E or 2 sum O log(O / E).

    Rows and columns without weight do not count.
    """
    rows = tables.sum(axis=-1, keepdims=True)
    columns = tables.sum(axis=-2, keepdims=True)
    total = columns.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = rows * columns / total
        if kind == "pearson":
            cells = np.where(expected > 0, (tables - expected) ** 2 / expected, 0.0)
        else:
            cells = np.where(tables > 0, 2.0 * tables * np.log(tables / expected), 0.0)
    r = (rows > 0).sum(axis=(-2, -1))
    c = (columns > 0).sum(axis=(-2, -1))
    value = np.maximum(cells.sum(axis=(-2, -1)), 0.0)
    return value, np.maximum((r - 1) * (c - 1), 0)


def log_p_value(value: np.ndarray, freedom: np.ndarray) -> np.ndarray:
    """log P(chi-squared of `freedom` > value); 0 where there is no degree of freedom.

    Where the chance is below 1e-280 the tail's continued fraction (Abramowitz and Stegun 6.5.31) goes on.

    >>> import numpy as np
    >>> log_p_value(np.array([3.841459, 5000.0]), np.array([1, 2])).round(3)
    array([   -2.996, -2500.   ])
    """
    value, freedom = np.broadcast_arrays(np.asarray(value, float), np.asarray(freedom, float))
    chance = np.where(freedom > 0, chdtrc(np.maximum(freedom, 1.0), value), 1.0)
    with np.errstate(divide="ignore"):
        out = np.log(chance)
    far = (chance < 1e-280) & (freedom > 0)
    if far.any():
        a, x = freedom[far] / 2.0, value[far] / 2.0
        # Lentz's form of 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - ...)), which converges fast for x >> a.
        b = x + 1.0 - a
        c, d = np.full_like(x, 1e300), 1.0 / b
        fraction = d
        for i in range(1, 200):
            step = -i * (i - a)
            b = b + 2.0
            d = 1.0 / (step * d + b)
            c = b + step / c
            fraction = fraction * d * c
        out = np.array(out)
        out[far] = -x + a * np.log(x) - gammaln(a) + np.log(fraction)
    return out
