"""The number of nonzero coefficients."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .check import require_alpha


@part
class L0(NamedTuple):
    """alpha times the number of nonzero coefficients.  Not convex; the prox is hard thresholding.

    Every support is a stationary point, so what a solver finds depends on its start; `step` decides which
    of them a proximal gradient method leaves.  Blumensath and Davies (2008), eq. 2.

    >>> L0(0.5).prox(np.array([0.9, -1.1]), 1.0)
    array([ 0. , -1.1])
    """

    alpha: float = 1.0

    separable = True
    convex = False
    smooth = False

    def value(self, w):
        return self.alpha * float(np.count_nonzero(w))

    def prox(self, v, step, xp=np):
        return xp.where(v * v > 2.0 * self.alpha * step, v, 0.0)

    def violation(self, w, g, xp=np):
        return xp.where(w == 0.0, 0.0, xp.abs(g))

    def check(self, p: int) -> None:
        require_alpha(self)
