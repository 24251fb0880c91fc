"""The ridge penalty."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .check import require_alpha
from .elastic import Elastic


@part
class L2(NamedTuple):
    """Half the squared norm, alpha |w|^2 / 2: shrinks smoothly, never to zero.

    >>> L2(2.0).value(np.array([1.0, 2.0]))
    5.0
    """

    alpha: float = 1.0

    separable = True
    convex = True
    smooth = True

    def value(self, w):
        return 0.5 * self.alpha * float(np.vdot(w, w))

    def gradient(self, w):
        return self.alpha * w

    def prox(self, v, step, xp=np):
        return v / (1.0 + step * self.alpha)

    def violation(self, w, g, xp=np):
        return xp.abs(g + self.alpha * w)

    def elastic(self) -> Elastic:
        return Elastic(l2=self.alpha)

    def check(self, p: int) -> None:
        require_alpha(self)
