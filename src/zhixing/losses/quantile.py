"""The pinball loss of a quantile."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .location import weighted_quantile


@part
class Quantile(NamedTuple):
    """Pinball loss, l = q max(y - z, 0) + (1 - q) max(z - y, 0) with q = `quantile` in (0, 1).

    Its minimiser is the conditional q-quantile; q = 1/2 is half the absolute error.
    Koenker and Bassett (1978), "Regression quantiles", eq. 2.1.

    >>> float(Quantile(0.9).value(3.0, 1.0))
    1.8
    """

    quantile: float = 0.5

    domain = "real"
    curvature = "none"
    smoothness = np.inf

    def value(self, y, z, xp=np):
        r = z - y
        return 0.5 * xp.abs(r) + (0.5 - self.quantile) * r

    def derivatives(self, y, z):
        r = z - y
        return 0.5 * np.sign(r) + (0.5 - self.quantile) * (r != 0.0), 0.0

    def conjugate(self, y, u):
        return u * y if -self.quantile <= u <= 1.0 - self.quantile else np.inf

    def mean(self, z, xp=np):
        return z

    def start(self, y, weight):
        return weighted_quantile(y, weight, self.quantile)

    def shift(self, y, z, weight):
        return self.start(y - z, weight)
