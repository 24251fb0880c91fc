"""The losses of support vector regression: errors below epsilon cost nothing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .location import stationary, weighted_quantile


@part
class EpsilonInsensitive(NamedTuple):
    """l = max(|z - y| - epsilon, 0).  Vapnik (1995), "The nature of statistical learning theory".

    >>> float(EpsilonInsensitive(0.5).value(1.0, 3.0))
    1.5
    """

    epsilon: float = 0.1

    domain = "real"
    curvature = "none"
    online = True
    smoothness = np.inf

    def value(self, y, z, xp=np):
        over = xp.abs(z - y) - self.epsilon
        return 0.5 * (over + xp.abs(over))

    def derivatives(self, y, z):
        r = z - y
        return np.sign(r) * (abs(r) > self.epsilon), 0.0

    def conjugate(self, y, u):
        return u * y + self.epsilon * abs(u) if abs(u) <= 1.0 else np.inf

    def mean(self, z, xp=np):
        return z

    def start(self, y, weight):
        # The loss is the mean of |z - y - epsilon| and |z - y + epsilon|, less epsilon.
        ends = np.concatenate([y - self.epsilon, y + self.epsilon])
        return weighted_quantile(ends, np.concatenate([weight, weight]), 0.5)

    def shift(self, y, z, weight):
        return self.start(y - z, weight)


@part
class SquaredEpsilonInsensitive(NamedTuple):
    """l = max(|z - y| - epsilon, 0)^2, without a half, as in LIBLINEAR and scikit-learn.

    >>> float(SquaredEpsilonInsensitive(0.5).value(1.0, 3.0))
    2.25
    """

    epsilon: float = 0.1

    domain = "real"
    curvature = "exact"
    online = True
    smoothness = 2.0

    def value(self, y, z, xp=np):
        over = xp.abs(z - y) - self.epsilon
        over = 0.5 * (over + xp.abs(over))
        return over * over

    def derivatives(self, y, z):
        r = z - y
        over = abs(r) - self.epsilon
        if over <= 0.0:
            return 0.0, 0.0
        return 2.0 * over * np.sign(r), 2.0

    def conjugate(self, y, u):
        return u * y + self.epsilon * abs(u) + 0.25 * u * u

    def mean(self, z, xp=np):
        return z

    def start(self, y, weight):
        def slope(z: float) -> float:
            r = z - y
            return float(weight @ (np.sign(r) * np.maximum(np.abs(r) - self.epsilon, 0.0)))

        return stationary(slope, float(y.min()), float(y.max()))
