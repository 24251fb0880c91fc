"""The normal distribution."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..core.part import part


@part
class Gaussian(NamedTuple):
    """log p(x) = -(log 2 pi v + (x - m)^2 / v) / 2; m and v are mean and variance, v at least
    `least`.

    theta = (m, v), s = (sum of w, mean, sum of w (x - mean)^2), kept by Welford's update and merged
    by Chan, Golub and LeVeque (1983), eq. 2.1: sums of squares about zero would lose their digits
    far from it.

    >>> theta = Gaussian().estimate(np.array([4.0, 1.0, 8.0]))
    >>> theta, float(Gaussian().log_density(1.0, theta).round(6))
    (array([1., 2.]), -1.265512)
    """

    least: float = 1e-12  # units of x, squared

    domain = "real"
    n_stats = 3
    n_params = 2

    def log_density(self, x, theta):
        d = x - theta[0]
        return -0.5 * (math.log(2.0 * math.pi * theta[1]) + d * d / theta[1])

    def add(self, s, x, weight):
        s[0] += weight
        d = x - s[1]
        s[1] += d * (weight / s[0])
        s[2] += weight * d * (x - s[1])

    def merge(self, a, b):
        total = a[..., 0] + b[..., 0]
        share = np.divide(b[..., 0], total, out=np.zeros_like(total), where=total > 0)
        d = b[..., 1] - a[..., 1]
        squares = a[..., 2] + b[..., 2] + d * d * (a[..., 0] * share)
        return np.stack([total, a[..., 1] + d * share, squares], axis=-1)

    def estimate(self, s):
        total = s[..., 0]
        variance = np.divide(s[..., 2], total, out=np.ones_like(total), where=total > 0)
        return np.stack([s[..., 1], np.maximum(variance, self.least)], axis=-1)

    def draw(self, theta, rng):
        return rng.normal(theta[..., 0], np.sqrt(theta[..., 1]))
