"""The lasso penalty."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .check import require_alpha
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

    def prox(self, v, step, xp=np):
        return xp.sign(v) * xp.clip(xp.abs(v) - step * self.alpha, 0.0, np.inf)

    def violation(self, w, g, xp=np):
        at_zero = xp.clip(xp.abs(g) - self.alpha, 0.0, np.inf)
        return xp.where(w == 0.0, at_zero, xp.abs(g + self.alpha * xp.sign(w)))

    def elastic(self) -> Elastic:
        return Elastic(l1=self.alpha)

    def check(self, p: int) -> None:
        require_alpha(self)
