"""The minimax concave penalty."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .check import require, require_alpha


@part
class MCP(NamedTuple):
    """sum_j of alpha |w_j| - w_j^2 / (2 gamma) up to |w_j| = gamma alpha, constant from there on.

    Selects like the lasso and does not shrink what is large.  Zhang (2010), eq. 2.3; `gamma` -> inf is
    L1, `gamma` -> 0 the count of nonzero coefficients.  Not convex: a solver finds a stationary point.  The
    prox is the global minimiser for every step: firm thresholding below gamma (Gao and Bruce 1997), hard
    thresholding at alpha sqrt(gamma step) from there on.

    >>> MCP(1.0, 3.0).prox(np.array([0.5, 2.0, 4.0]), 1.0)
    array([0. , 1.5, 4. ])
    """

    alpha: float = 1.0
    gamma: float = 3.0

    separable = True
    convex = False
    smooth = False

    def value(self, w):
        size = np.minimum(np.abs(w), self.gamma * self.alpha)
        return float((self.alpha * size - size * size / (2.0 * self.gamma)).sum())

    def slope(self, w):
        return np.maximum(self.alpha - np.abs(w) / self.gamma, 0.0)

    def prox(self, v, step, xp=np):
        size = xp.abs(v)
        cut = xp.clip(size - step * self.alpha, 0.0, np.inf)
        firm = xp.clip(cut / xp.clip(1.0 - step / self.gamma, 1e-9, 1.0), 0.0, size)
        firm = xp.where(size <= self.gamma * self.alpha, firm, size)
        hard = xp.where(size > self.alpha * xp.sqrt(self.gamma * step), size, 0.0)
        return xp.sign(v) * xp.where(step < self.gamma, firm, hard)

    def violation(self, w, g, xp=np):
        at_zero = xp.clip(xp.abs(g) - self.alpha, 0.0, np.inf)
        slope = xp.clip(self.alpha - xp.abs(w) / self.gamma, 0.0, np.inf)
        return xp.where(w == 0.0, at_zero, xp.abs(g + xp.sign(w) * slope))

    def check(self, p: int) -> None:
        require_alpha(self)
        require(0.0 < self.gamma < np.inf, self, "gamma", "be positive and finite")
