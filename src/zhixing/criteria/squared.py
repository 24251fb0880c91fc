"""The variance of the numbers in a node."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .convex import Convex


@part
class Squared(NamedTuple):
    """The mean squared distance to the node's mean, its mean over the outputs.

    The sums are (w, w y_1, ..., w y_k); score = sum_k (w y_k)^2 / w / k, which is -w times the impurity
    but for sum w y^2, a term that splitting leaves unchanged.  A leaf predicts the means.
    Breiman et al. (1984), section 8.3.

    >>> s = np.zeros(2)
    >>> for y in ([1.0], [3.0]):
    ...     Squared().add(s, np.array(y), 1.0)
    >>> float(Squared().score(s)), Squared().leaf(s).tolist()
    (8.0, [2.0])
    """

    n_outputs: int = 1

    target = "numbers"

    @property
    def n_stats(self) -> int:
        return 1 + self.n_outputs

    @property
    def form(self) -> Convex:
        return Convex(0, 0)

    def add(self, s, y, weight):
        s[0] += weight
        for k in range(y.size):
            s[k + 1] += weight * y[k]

    def score(self, s):
        total = 0.0
        for k in range(1, s.size):
            total += s[k] * s[k]
        return total / (s[0] * (s.size - 1)) if s[0] > 0.0 else 0.0

    def leaf(self, s):
        s = np.asarray(s, dtype=float)
        return s[..., 1:] / np.where(s[..., :1] > 0, s[..., :1], 1.0)
