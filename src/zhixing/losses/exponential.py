"""The exponential loss of AdaBoost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .tangent import LIMIT


@part
class Exponential(NamedTuple):
    """l = scale e^(-s z), s = +1 for the positive class, else -1; y is 0/1 or -1/+1.

    In expectation it is least at half the log-odds, so `mean` is 1 / (1 + e^(-2 z)).  Wrong rows
    grow exponentially heavy, which makes it the margin loss most sensitive to label noise.
    Friedman, Hastie and Tibshirani (2000), "Additive logistic regression", lemma 1.

    >>> float(Exponential().value(1.0, 0.0))
    1.0
    """

    scale: float = 1.0

    domain = "sign"
    curvature = "exact"
    smoothness = np.inf

    def value(self, y, z, xp=np):
        a = -xp.sign(y - 0.5) * z
        t = xp.clip(a, -LIMIT, LIMIT)
        return self.scale * xp.exp(t) * (1.0 + a - t)

    def derivatives(self, y, z):
        s = np.sign(y - 0.5)
        e = self.scale * np.exp(min(max(-s * z, -LIMIT), LIMIT))
        return -s * e, e

    def conjugate(self, y, u):
        a = u * np.sign(y - 0.5)
        if a > 0.0:
            return np.inf
        return a - a * np.log(-a / self.scale) if a < 0.0 else 0.0

    def mean(self, z, xp=np):
        e = xp.exp(-2.0 * xp.abs(z))
        return xp.where(z >= 0, 1.0 / (1.0 + e), e / (1.0 + e))

    def start(self, y, weight):
        p = min(max(np.average(y > 0.5, weights=weight), 1e-15), 1.0 - 1e-15)
        return float(0.5 * np.log(p / (1.0 - p)))
