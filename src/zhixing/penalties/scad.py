"""The smoothly clipped absolute deviation."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .check import require, require_alpha


@part
class SCAD(NamedTuple):
    """sum_j of a term whose slope is alpha up to |w_j| = alpha and falls to 0 at |w_j| = gamma alpha.

    Selects like the lasso and does not shrink what is large.  Fan and Li (2001), eq. 2.7, with gamma (a
    there) = 3.7 as they advise.  Not convex: a solver finds a stationary point.  The prox is the global
    minimiser for every step; below gamma - 1 it is their eq. 2.8, beyond it jumps.

    >>> SCAD(1.0, 3.7).prox(np.array([1.5, 3.0, 5.0]), 1.0).round(3)
    array([0.5  , 2.588, 5.   ])
    """

    alpha: float = 1.0
    gamma: float = 3.7

    separable = True
    convex = False
    smooth = False

    def value(self, w):
        size = np.minimum(np.abs(w), self.gamma * self.alpha)
        beyond = np.maximum(size - self.alpha, 0.0)
        return float((self.alpha * size - 0.5 * beyond * beyond / (self.gamma - 1.0)).sum())

    def slope(self, w):
        falling = (self.gamma * self.alpha - np.abs(w)) / (self.gamma - 1.0)
        return np.clip(falling, 0.0, self.alpha)

    def prox(self, v, step, xp=np):
        size, far = xp.abs(v), self.gamma * self.alpha
        soft = xp.clip(size - step * self.alpha, 0.0, np.inf)
        rest = self.gamma - 1.0
        falling = (rest * size - step * far) / xp.clip(rest - step, 1e-9 * rest, rest)
        falling = xp.clip(falling, self.alpha, xp.clip(size, self.alpha, np.inf))
        smooth = xp.where(size <= (1.0 + step) * self.alpha, soft, falling)
        smooth = xp.where(size <= far, smooth, size)
        # From rest on the falling part is no minimum: the choice is between the parts beside it.
        near, beyond = xp.clip(soft, 0.0, self.alpha), xp.clip(size, far, np.inf)
        plateau = step * 0.5 * (self.gamma + 1.0) * self.alpha * self.alpha
        gain = 0.5 * (near - size) * (near - size) + step * self.alpha * near
        loss = 0.5 * (beyond - size) * (beyond - size) + plateau
        jump = xp.where(gain <= loss, near, beyond)
        return xp.sign(v) * xp.where(step < rest, smooth, jump)

    def violation(self, w, g, xp=np):
        at_zero = xp.clip(xp.abs(g) - self.alpha, 0.0, np.inf)
        falling = (self.gamma * self.alpha - xp.abs(w)) / (self.gamma - 1.0)
        slope = xp.clip(falling, 0.0, self.alpha)
        return xp.where(w == 0.0, at_zero, xp.abs(g + xp.sign(w) * slope))

    def check(self, p: int) -> None:
        require_alpha(self)
        require(1.0 < self.gamma < np.inf, self, "gamma", "be above 1 and finite")
