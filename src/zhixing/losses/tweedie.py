"""Tweedie loss: from counts through zero-inflated amounts to heavy tails, by one power."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .tangent import LIMIT


@part
class Tweedie(NamedTuple):
    """Tweedie log-likelihood with a log link; the variance grows as mean^power.

    l = e^((2 - p) z) / (2 - p) - y e^((1 - p) z) / (1 - p), up to terms in y alone, p = `power`. p
    = 0 is the squared error of e^z, 1 is `Poisson`, 2 is `Gamma`, 3 is `InverseGaussian`; between 1
    and 2 lies a sum of a Poisson number of gamma amounts, with exact zeros.  No distribution has 0
    < p < 1.  Convex in z for 1 <= p <= 2; elsewhere h is an upper bound of the second derivative.
    Jorgensen (1987), "Exponential dispersion models", section 3.

    >>> float(Tweedie(1.0).value(3.0, 0.0))
    1.0
    """

    power: float = 1.5

    smoothness = np.inf

    @property
    def domain(self) -> str:
        return "real" if self.power <= 0.0 else "nonnegative" if self.power < 2.0 else "positive"

    @property
    def curvature(self) -> str:
        return "exact" if 1.0 <= self.power <= 2.0 else "bound"

    def value(self, y, z, xp=np):
        a, b = 2.0 - self.power, 1.0 - self.power
        s, t = xp.clip(a * z, -LIMIT, LIMIT), xp.clip(b * z, -LIMIT, LIMIT)
        size = z if a == 0.0 else xp.exp(s) * (1.0 + a * z - s) / a
        fit = y * z if b == 0.0 else y * xp.exp(t) * (1.0 + b * z - t) / b
        return size - fit

    def derivatives(self, y, z):
        a, b = 2.0 - self.power, 1.0 - self.power
        size = np.exp(min(max(a * z, -LIMIT), LIMIT))
        fit = y * np.exp(min(max(b * z, -LIMIT), LIMIT))
        return size - fit, max(a, 0.0) * size + max(-b * fit, 0.0)

    def mean(self, z, xp=np):
        return xp.exp(z)

    def start(self, y, weight):
        return float(np.log(max(np.average(y, weights=weight), 1e-15)))
