"""The lasso penalty."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .elastic import Elastic


@part
class L1(NamedTuple):
    """The sum of absolute values, alpha |w|_1: sets weights to exactly zero.  Tibshirani (1996).

    >>> L1(2.0).value(np.array([1.0, -2.0]))
    6.0
    """

    alpha: float = 1.0

    separable = True
    convex = True
    smooth = False

    def value(self, w):
        return self.alpha * float(np.abs(w).sum())

    def prox(self, v, step):
        return np.sign(v) * max(abs(v) - step * self.alpha, 0.0)

    def violation(self, w, g):
        if w == 0.0:
            return max(abs(g) - self.alpha, 0.0)
        return abs(g + self.alpha * np.sign(w))

    def elastic(self) -> Elastic:
        return Elastic(l1=self.alpha)
