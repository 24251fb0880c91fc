"""Negative binomial loss for counts that vary more than Poisson's."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part


@part
class NegativeBinomial(NamedTuple):
    """Negative binomial log-likelihood with a log link and variance m + dispersion m^2, m = e^z.

    l = (y + 1/d) log(1 + d e^z) - y z with d = `dispersion` > 0, up to terms in y alone; as d falls
    to zero it becomes `Poisson`.  Cameron and Trivedi (1998), "Regression analysis of count data",
    section 3.3 (NB2).

    >>> round(float(NegativeBinomial(1.0).value(0.0, 0.0)), 4)
    0.6931
    """

    dispersion: float = 1.0

    domain = "nonnegative"
    curvature = "exact"
    smoothness = np.inf

    def value(self, y, z, xp=np):
        t = z + float(np.log(self.dispersion))
        soft = 0.5 * (xp.abs(t) + t) + xp.log1p(xp.exp(-xp.abs(t)))
        return (y + 1.0 / self.dispersion) * soft - y * z

    def derivatives(self, y, z):
        t = z + float(np.log(self.dispersion))
        e = np.exp(-abs(t))
        p = (1.0 if t >= 0 else e) / (1.0 + e)
        n = y + 1.0 / self.dispersion
        return n * p - y, n * e / ((1.0 + e) * (1.0 + e))

    def mean(self, z, xp=np):
        return xp.exp(z)

    def start(self, y, weight):
        return float(np.log(max(np.average(y, weights=weight), 1e-15)))
