"""The log-cosh loss."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .location import stationary


@part
class LogCosh(NamedTuple):
    """l = scale^2 log cosh((z - y) / scale): half the squared error near zero, linear far away.

    Smooth everywhere, with slope scale tanh(r / scale).  Written without cosh, which overflows.

    >>> round(float(LogCosh().value(0.0, 1e4)), 4)
    9999.3069
    """

    scale: float = 1.0

    domain = "real"
    curvature = "exact"
    smoothness = 1.0

    def value(self, y, z, xp=np):
        r = xp.abs(z - y) / self.scale
        far = r + xp.log1p(xp.exp(-2.0 * r)) - 0.6931471805599453
        # Near zero that difference cancels; r^2 / 2 - r^4 / 12 is exact to 1e-17 below 0.01.
        near = r * r * (0.5 - r * r / 12.0 + r * r * r * r / 45.0)
        return self.scale * self.scale * xp.where(r < 0.01, near, far)

    def derivatives(self, y, z):
        t = np.tanh((z - y) / self.scale)
        e = np.exp(-2.0 * abs(z - y) / self.scale)
        return self.scale * t, 4.0 * e / ((1.0 + e) * (1.0 + e))

    def conjugate(self, y, u):
        s = abs(u) / self.scale
        if s > 1.0:
            return np.inf
        down = (1.0 - s) * np.log(1.0 - s) if s < 1.0 else 0.0
        return u * y + 0.5 * self.scale * self.scale * ((1.0 + s) * np.log(1.0 + s) + down)

    def mean(self, z, xp=np):
        return z

    def start(self, y, weight):
        def slope(z: float) -> float:
            return float(weight @ np.tanh((z - y) / self.scale))

        return stationary(slope, float(y.min()), float(y.max()))
