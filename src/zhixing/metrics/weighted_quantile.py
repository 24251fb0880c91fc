"""Quantiles of weighted values."""

from __future__ import annotations

import numpy as np


def weighted_quantile(values: np.ndarray, q: float, weight: np.ndarray | None = None) -> float:
    """The q-quantile with weights as repetitions, averaged where the distribution is flat.

    Hyndman & Fan (1996), definition 2; for q = 1/2 without weights it is the usual median.

    >>> weighted_quantile(np.array([1.0, 2.0, 3.0]), 0.5, np.array([1.0, 1.0, 2.0]))
    2.5
    """
    order = np.argsort(values)
    if weight is None:
        at, n = q * values.size, values.size
        ranks = np.arange(1.0, n + 1.0)
    else:
        order = order[weight[order] > 0]
        ranks = np.cumsum(weight[order])
        at, n = q * ranks[-1], order.size
    slack = 1e-12 * max(float(ranks[-1]), 1.0)
    first = min(int(np.searchsorted(ranks, at - slack)), n - 1)
    last = min(int(np.searchsorted(ranks, at + slack, side="right")), n - 1)
    return float(0.5 * (values[order[first]] + values[order[last]]))
