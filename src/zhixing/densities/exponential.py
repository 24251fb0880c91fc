"""The exponential distribution of waiting times."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part


@part
class Exponential(NamedTuple):
    """p(x) = e^(-x / m) / m for x >= 0; m = mean of x, at least `least`.

    theta = (m,), s = (sum of w, sum of w x).

    >>> Exponential().estimate(np.array([4.0, 10.0]))
    array([2.5])
    """

    least: float = 1e-12  # units of x

    domain = "nonnegative"
    n_stats = 2
    n_params = 1

    def log_density(self, x, theta):
        return -np.log(theta[0]) - x / theta[0]

    def add(self, s, x, weight):
        s[0] += weight
        s[1] += weight * x

    def merge(self, a, b):
        return a + b

    def estimate(self, s):
        total = s[..., :1]
        mean = np.divide(s[..., 1:], total, out=np.ones_like(total), where=total > 0)
        return np.maximum(mean, self.least)

    def draw(self, theta, rng):
        return rng.exponential(theta[..., 0])
