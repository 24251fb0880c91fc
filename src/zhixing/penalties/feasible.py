"""Constraints as penalties: nothing inside a set, infinite outside; the prox is the projection.

A coefficient may lie outside by rounding, 1e-12 of the radius, and still counts as inside.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .check import require
from .coupled import apart, least_step
from .elastic import Elastic

ROUNDING = 1.0 + 1e-12


@part
class L1Ball(NamedTuple):
    """|w|_1 <= radius.  Projection by sorting: Duchi et al. (2008), figure 1.

    >>> L1Ball(1.0).prox(np.array([2.0, 1.0, 0.1]), 1.0)
    array([1., 0., 0.])
    """

    radius: float = 1.0

    separable = False
    convex = True
    smooth = False

    def value(self, w):
        return 0.0 if np.abs(w).sum() <= self.radius * ROUNDING else np.inf

    def prox(self, v, step):
        size = np.abs(v)
        if not size.sum() > self.radius:
            return v
        falling = np.sort(size.ravel())[::-1]
        cut = (np.cumsum(falling) - self.radius) / np.arange(1.0, len(falling) + 1.0)
        last = np.flatnonzero(falling > cut)
        theta = cut[last[-1]] if len(last) else falling[0]
        kept = np.maximum(size - theta, 0.0)
        total = kept.sum()  # the radius, but for digits lost where v is far outside
        kept *= self.radius / total if total > 0.0 else 1.0
        return (np.sign(v) * kept).astype(v.dtype, copy=False)

    def violation(self, w, g):
        return apart(self, w, g)

    def tied(self, step):
        return least_step(step)

    def check(self, p: int) -> None:
        require(self.radius > 0.0, self, "radius", "be positive")


@part
class L2Ball(NamedTuple):
    """|w| <= radius.

    >>> L2Ball(1.0).prox(np.array([3.0, 4.0]), 1.0)
    array([0.6, 0.8])
    """

    radius: float = 1.0

    separable = False
    convex = True
    smooth = False

    def value(self, w):
        return 0.0 if np.linalg.norm(w) <= self.radius * ROUNDING else np.inf

    def prox(self, v, step):
        size = float(np.linalg.norm(v))
        return v if size <= self.radius else v * (self.radius / size)

    def violation(self, w, g):
        return apart(self, w, g)

    def tied(self, step):
        return least_step(step)

    def check(self, p: int) -> None:
        require(self.radius > 0.0, self, "radius", "be positive")


@part
class Box(NamedTuple):
    """low <= w_j <= high for every coefficient: nonnegative with low = 0, the max-norm ball with -m, m.

    >>> Box(0.0, 2.0).prox(np.array([-1.0, 1.0, 3.0]), 1.0)
    array([0., 1., 2.])
    """

    low: float = 0.0
    high: float = float("inf")

    separable = True
    convex = True
    smooth = False

    def value(self, w):
        return 0.0 if ((w >= self.low) & (w <= self.high)).all() else np.inf

    def prox(self, v, step, xp=np):
        return xp.clip(v, self.low, self.high)

    def violation(self, w, g, xp=np):
        up = xp.where(w < self.high, -g, 0.0)
        down = xp.where(w > self.low, g, 0.0)
        return xp.clip(xp.where(up > down, up, down), 0.0, np.inf)

    def elastic(self) -> Elastic:
        return Elastic(low=self.low, high=self.high)

    def check(self, p: int) -> None:
        require(self.low <= self.high, self, "high", f"not be below low = {self.low!r}")
