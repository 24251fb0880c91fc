"""The elastic net."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .check import require_alpha, require_share
from .elastic import Elastic


@part
class ElasticNet(NamedTuple):
    """alpha (r |w|_1 + (1 - r) |w|^2 / 2) with r = `l1_ratio`.  Zou and Hastie (2005).

    >>> ElasticNet(1.0, 0.5).value(np.array([2.0]))
    2.0
    """

    alpha: float = 1.0
    l1_ratio: float = 0.5

    separable = True
    convex = True
    smooth = False

    def value(self, w):
        first = self.alpha * self.l1_ratio * float(np.abs(w).sum())
        return first + 0.5 * self.alpha * (1.0 - self.l1_ratio) * float(np.vdot(w, w))

    def prox(self, v, step, xp=np):
        cut = xp.clip(xp.abs(v) - step * self.alpha * self.l1_ratio, 0.0, np.inf)
        return xp.sign(v) * cut / (1.0 + step * self.alpha * (1.0 - self.l1_ratio))

    def violation(self, w, g, xp=np):
        first = self.alpha * self.l1_ratio
        second = self.alpha * (1.0 - self.l1_ratio)
        at_zero = xp.clip(xp.abs(g) - first, 0.0, np.inf)
        return xp.where(w == 0.0, at_zero, xp.abs(g + first * xp.sign(w) + second * w))

    def elastic(self) -> Elastic:
        return Elastic(self.alpha * self.l1_ratio, self.alpha * (1.0 - self.l1_ratio))

    def check(self, p: int) -> None:
        require_alpha(self)
        require_share(self)
