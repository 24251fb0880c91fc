"""The best constant prediction, where it has no closed form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def weighted_quantile(values: np.ndarray, weight: np.ndarray, q: float) -> float:
    """The smallest value whose cumulated weight reaches the share q: it minimises the pinball loss.

    >>> weighted_quantile(np.array([3.0, 1.0, 2.0]), np.ones(3), 0.5)
    2.0
    """
    order = np.argsort(values, kind="stable")
    cumulated = np.cumsum(weight[order])
    at = np.searchsorted(cumulated, q * cumulated[-1] * (1.0 - 1e-14))
    return float(values[order[min(at, len(order) - 1)]])


def stationary(slope: Callable[[float], float], low: float, high: float) -> float:
    """Where an increasing function is zero, by Brent's method; else the end nearest to it."""
    from scipy.optimize import brentq

    if slope(low) >= 0.0:
        return low
    if slope(high) <= 0.0:
        return high
    xtol = 1e-14 * max(abs(low), abs(high), 1e-100)
    found: Any = brentq(slope, low, high, xtol=xtol, rtol=np.float64(1e-14))
    return float(found)
