"""The Poisson deviance of the counts in a node."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .convex import Convex


@part
class Poisson(NamedTuple):
    """Half the Poisson deviance around the node's mean, mean of y log(y / mean), y >= 0.

    The sums are (w, w y_1, ..., w y_k); score = sum_k w y_k log(w y_k / w) / k, which is -w times the
    impurity but for sum w y log y.  A side whose y are all zero would predict zero for ever: its score
    is minus infinity, so no such split is made.  A leaf predicts the means.
    Therneau and Atkinson (2023), An introduction to recursive partitioning, section 8.1, unshrunk.

    >>> float(Poisson().score(np.array([2.0, 2.0])))
    0.0
    """

    n_outputs: int = 1

    target = "counts"

    @property
    def n_stats(self) -> int:
        return 1 + self.n_outputs

    @property
    def form(self) -> Convex:
        return Convex(0, 1)

    def add(self, s, y, weight):
        s[0] += weight
        for k in range(y.size):
            s[k + 1] += weight * y[k]

    def score(self, s):
        total = 0.0
        for k in range(1, s.size):
            if s[k] <= 0.0:
                return -np.inf
            total += s[k] * np.log(s[k] / s[0])
        return total / (s.size - 1)

    def leaf(self, s):
        s = np.asarray(s, dtype=float)
        return s[..., 1:] / np.where(s[..., :1] > 0, s[..., :1], 1.0)
