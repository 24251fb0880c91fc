"""The gamma distribution of positive, skewed amounts."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.special import digamma, polygamma

from ..core.part import part


@part
class Gamma(NamedTuple):
    """p(x) = x^(a-1) e^(-x/b) / (b^a Gamma(a)) for x > 0, shape a at most `most`, scale b.

    The shape solves log a - digamma(a) = log(mean x) - mean(log x) by the generalised Newton steps
    of Minka (2002), "Estimating a gamma distribution", eq. 11, four of which reach double precision from
    its closed-form start.  theta = (a, b), s = (sum of w, sum of w x, sum of w log x).

    >>> x = np.array([1.0, 2.0, 4.0])
    >>> Gamma().estimate(np.array([3.0, x.sum(), np.log(x).sum()])).round(4)
    array([3.4012, 0.686 ])
    """

    most: float = 1e8

    domain = "positive"
    n_stats = 3
    n_params = 2

    def log_density(self, x, theta):
        a, b = theta[0], theta[1]
        return (a - 1.0) * np.log(x) - x / b - a * np.log(b) - math.lgamma(a)

    def add(self, s, x, weight):
        s[0] += weight
        s[1] += weight * x
        s[2] += weight * np.log(x)

    def merge(self, a, b):
        return a + b

    def estimate(self, s):
        total = s[..., 0]
        mean = np.divide(s[..., 1], total, out=np.ones_like(total), where=total > 0)
        log_mean = np.divide(s[..., 2], total, out=np.full_like(total, -1.0), where=total > 0)
        # Equal values leave nothing but rounding here; `most` then bounds the shape.
        gap = np.maximum(np.log(mean) - log_mean, 0.5 / self.most)
        shape = (3.0 - gap + np.sqrt((gap - 3.0) ** 2 + 24.0 * gap)) / (12.0 * gap)
        for _ in range(4):
            slope = shape - shape * shape * polygamma(1, shape)
            shape = 1.0 / (1.0 / shape + (np.log(shape) - digamma(shape) - gap) / slope)
            shape = np.clip(shape, 1.0 / self.most, self.most)
        return np.stack([shape, mean / shape], axis=-1)

    def draw(self, theta, rng):
        return rng.gamma(theta[..., 0], theta[..., 1])
