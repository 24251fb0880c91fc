"""The mean distance to the median."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..core.part import part
from .convex import Convex


def _levels(values: Any) -> np.ndarray:
    held = np.unique(np.asarray(values, dtype=float))
    held.flags.writeable = False
    return held


@part
class Absolute(NamedTuple):
    """The mean absolute distance to the node's median, for one output.

    The sums are the weights of every value that y takes, so it is the definition and not for large
    data: `kernels._medians` keeps the same sums in a tree of partial sums (Fenwick 1994) and finds
    median and distance in O(log n) steps a row.
    score = -sum_i w_i |y_i - median|; a leaf predicts the median, half-way between two where the
    weights below and above are equal.
    Breiman et al. (1984), section 8.11.

    >>> criterion = Absolute([1.0, 2.0, 7.0])
    >>> s = np.ones(3)
    >>> criterion.score(s), criterion.leaf(s)
    (-6.0, 2.0)
    """

    levels: Any = (0.0, 1.0)

    target = "medians"
    coerce = {"levels": _levels}

    @property
    def form(self) -> Convex:
        return Convex(0, 0)

    @property
    def n_stats(self) -> int:
        return len(self.levels)

    def add(self, s, y, weight):
        s[np.searchsorted(self.levels, y[0])] += weight

    def score(self, s):
        return float(-(s * np.abs(self.levels - self.leaf(s))).sum()) + 0.0

    def leaf(self, s):
        below = np.cumsum(s)
        half = 0.5 * below[-1]
        at = int(np.searchsorted(below, half))
        if below[at] == half:
            above = int(np.searchsorted(below, half, side="right"))
            return float(0.5 * (self.levels[at] + self.levels[min(above, len(s) - 1)]))
        return float(self.levels[at])
