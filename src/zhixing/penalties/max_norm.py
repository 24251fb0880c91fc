"""A bound on the length of each unit's weights."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .check import require
from .coupled import apart
from .feasible import ROUNDING


@part
class MaxNorm(NamedTuple):
    """|w_k| <= radius for the weights w_k (p,) of every output k by itself; of (p,) weights, `L2Ball`.

    The prox scales back what is too long and leaves the rest.  Srivastava et al. (2014), section 5.1.

    >>> MaxNorm(1.0).prox(np.array([[3.0, 0.1], [4.0, 0.2]]), 1.0)
    array([[0.6, 0.1],
           [0.8, 0.2]])
    """

    radius: float = 1.0

    separable = False
    convex = True
    smooth = False

    def value(self, w):
        return 0.0 if (np.linalg.norm(w, axis=0) <= self.radius * ROUNDING).all() else np.inf

    def prox(self, v, step):
        return v / np.maximum(np.linalg.norm(v, axis=0) / self.radius, 1.0)

    def violation(self, w, g):
        return apart(self, w, g)

    def tied(self, step):
        return np.broadcast_to(step.min(axis=0), step.shape).copy()

    def check(self, p: int) -> None:
        require(self.radius > 0.0, self, "radius", "be positive")
