"""Poisson loss for counts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .tangent import LIMIT


@part
class Poisson(NamedTuple):
    """Poisson likelihood with a log link, l = scale (e^z - y z), y >= 0, up to terms in y alone.

    The mean is e^z.  Half the Poisson deviance is l - l(z = log y).  McCullagh and Nelder (1989),
    "Generalized linear models", section 2.3.

    >>> float(Poisson().value(3.0, 0.0))
    1.0
    """

    scale: float = 1.0

    domain = "nonnegative"
    curvature = "exact"
    smoothness = np.inf

    def value(self, y, z, xp=np):
        t = xp.clip(z, -LIMIT, LIMIT)
        return self.scale * (xp.exp(t) * (1.0 + z - t) - y * z)

    def derivatives(self, y, z):
        e = np.exp(min(max(z, -LIMIT), LIMIT))
        return self.scale * (e - y), self.scale * e

    def conjugate(self, y, u):
        v = u / self.scale + y
        if v < 0.0:
            return np.inf
        return self.scale * (v * np.log(v) - v) if v > 0.0 else 0.0

    def mean(self, z, xp=np):
        return xp.exp(z)

    def start(self, y, weight):
        return float(np.log(max(np.average(y, weights=weight), 1e-15)))
