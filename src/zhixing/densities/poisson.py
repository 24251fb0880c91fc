"""The Poisson distribution of counts."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..core.part import part


@part
class Poisson(NamedTuple):
    """P(x) = e^-m m^x / x!; m = (sum of w x + alpha) / (sum of w + alpha).

    `alpha` rows of mean one are added, so that a count never seen is not impossible.
    theta = (m,), s = (sum of w, sum of w x).

    >>> Poisson(alpha=0.0).estimate(np.array([4.0, 10.0]))
    array([2.5])
    """

    alpha: float = 1e-3

    domain = "counts"
    n_stats = 2
    n_params = 1

    def log_density(self, x, theta):
        m = theta[0]
        return (x * np.log(m) if x > 0.0 else 0.0) - m - math.lgamma(x + 1.0)

    def add(self, s, x, weight):
        s[0] += weight
        s[1] += weight * x

    def merge(self, a, b):
        return a + b

    def estimate(self, s):
        total = s[..., :1] + self.alpha
        return np.divide(s[..., 1:] + self.alpha, total, out=np.ones_like(total), where=total > 0)

    def draw(self, theta, rng):
        return rng.poisson(theta[..., 0]).astype(np.float64)
