"""The Bernoulli distribution of yes and no."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part


@part
class Bernoulli(NamedTuple):
    """P(1) = q; q = (sum of w x + alpha) / (sum of w + 2 alpha).

    `alpha` rows of each outcome are added (Laplace's rule for 1), so that nothing is impossible.
    theta = (q,), s = (sum of w, sum of w x).

    >>> Bernoulli().estimate(np.array([2.0, 2.0]))
    array([0.75])
    """

    alpha: float = 1.0

    domain = "binary"
    n_stats = 2
    n_params = 1

    def log_density(self, x, theta):
        q = theta[0]
        return np.log(q) if x > 0.5 else np.log1p(-q)

    def add(self, s, x, weight):
        s[0] += weight
        s[1] += weight * x

    def merge(self, a, b):
        return a + b

    def estimate(self, s):
        total = s[..., :1] + 2.0 * self.alpha
        return np.divide(
            s[..., 1:] + self.alpha, total, out=np.full_like(total, 0.5), where=total > 0
        )

    def draw(self, theta, rng):
        return (rng.random(theta.shape[:-1]) < theta[..., 0]).astype(np.float64)
