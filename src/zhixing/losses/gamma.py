"""Gamma loss for positive, right-skewed targets."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .tangent import LIMIT


@part
class Gamma(NamedTuple):
    """Gamma log-likelihood with a log link, l = scale (z + y e^-z), y > 0, up to terms in y alone.

    The mean is e^z and the standard deviation is proportional to it.  McCullagh and Nelder (1989),
    "Generalized linear models", section 8.3.

    >>> float(Gamma().value(2.0, 0.0))
    2.0
    """

    scale: float = 1.0

    domain = "positive"
    curvature = "exact"
    smoothness = np.inf

    def value(self, y, z, xp=np):
        t = xp.clip(-z, -LIMIT, LIMIT)
        return self.scale * (z + y * xp.exp(t) * (1.0 - z - t))

    def derivatives(self, y, z):
        e = y * np.exp(min(max(-z, -LIMIT), LIMIT))
        return self.scale * (1.0 - e), self.scale * e

    def conjugate(self, y, u):
        v = 1.0 - u / self.scale
        if v < 0.0:
            return np.inf
        return self.scale * (v * np.log(v / y) - v) if v > 0.0 else 0.0

    def mean(self, z, xp=np):
        return xp.exp(z)

    def start(self, y, weight):
        return float(np.log(np.average(y, weights=weight)))
