"""The asymmetric squared loss of an expectile."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .location import stationary


@part
class Expectile(NamedTuple):
    """Asymmetric squared error, l = e r^2 where y > z, else (1 - e) r^2, with e = `expectile`.

    The smooth cousin of the quantile; e = 1/2 is `Squared`.  Newey and Powell (1987), "Asymmetric
    least squares estimation and testing", eq. 2.2.

    >>> float(Expectile(0.9).value(3.0, 1.0))
    3.6
    """

    expectile: float = 0.5

    domain = "real"
    curvature = "exact"

    def value(self, y, z, xp=np):
        r = z - y
        return r * r * (0.5 + (0.5 - self.expectile) * xp.sign(r))

    def derivatives(self, y, z):
        r = z - y
        h = 2.0 * (0.5 + (0.5 - self.expectile) * np.sign(r))
        return h * r, h

    def conjugate(self, y, u):
        return u * y + 0.25 * u * u / (0.5 + (0.5 - self.expectile) * np.sign(u))

    def mean(self, z, xp=np):
        return z

    def start(self, y, weight):
        def slope(z: float) -> float:
            r = z - y
            return float(weight @ (r * (0.5 + (0.5 - self.expectile) * np.sign(r))))

        return stationary(slope, float(y.min()), float(y.max()))

    @property
    def smoothness(self) -> float:
        return 2.0 * max(self.expectile, 1.0 - self.expectile)
