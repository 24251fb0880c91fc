"""Squared error."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part


@part
class Squared(NamedTuple):
    """Half the squared error, l = scale (z - y)^2 / 2: the Gaussian log-likelihood up to constants.

    The half makes the gradient the residual z - y.  Its minimiser is the conditional mean.

    >>> float(Squared().value(1.0, 3.0))
    2.0
    """

    scale: float = 1.0

    domain = "real"
    curvature = "exact"
    online = True

    def value(self, y, z, xp=np):
        return 0.5 * self.scale * (z - y) * (z - y)

    def derivatives(self, y, z):
        return self.scale * (z - y), self.scale

    def conjugate(self, y, u):
        return 0.5 * u * u / self.scale + u * y

    def mean(self, z, xp=np):
        return z

    def start(self, y, weight):
        return float(np.average(y, weights=weight))

    @property
    def smoothness(self) -> float:
        return self.scale
