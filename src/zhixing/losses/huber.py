"""Huber's loss."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .location import stationary


@part
class Huber(NamedTuple):
    """Quadratic to an error of `delta`, linear beyond: r^2 / 2 or delta (|r| - delta / 2).

    The error is r = z - y. Value and slope are continuous at `delta`, which is in units of y; 1.345
    standard deviations keep 95 % efficiency under Gaussian noise.  Huber (1964), "Robust estimation
    of a location parameter", eq. 1.  h is the second derivative wherever there is one (not at |r| =
    delta).

    >>> float(Huber(1.0).value(0.0, 3.0))
    2.5
    """

    delta: float = 1.0

    domain = "real"
    curvature = "exact"
    online = True
    smoothness = 1.0

    def value(self, y, z, xp=np):
        r = xp.abs(z - y)
        q = xp.clip(r, 0.0, self.delta)
        return 0.5 * q * q + self.delta * (r - q)

    def derivatives(self, y, z):
        r = z - y
        if abs(r) <= self.delta:
            return r, 1.0
        return self.delta * np.sign(r), 0.0

    def conjugate(self, y, u):
        return u * y + 0.5 * u * u if abs(u) <= self.delta else np.inf

    def mean(self, z, xp=np):
        return z

    def start(self, y, weight):
        def slope(z: float) -> float:
            return float(weight @ np.clip(z - y, -self.delta, self.delta))

        return stationary(slope, float(y.min()), float(y.max()))
