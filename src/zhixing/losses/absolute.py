"""Absolute error."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .location import weighted_quantile


@part
class Absolute(NamedTuple):
    """The absolute error, l = scale |z - y|; its minimiser is the conditional median.

    The subgradient at zero error is 0.  Compared with the squared error, one wild y pulls with a
    force of `scale` and no more.

    >>> float(Absolute().value(1.0, 3.0))
    2.0
    """

    scale: float = 1.0

    domain = "real"
    curvature = "none"
    smoothness = np.inf

    def value(self, y, z, xp=np):
        return self.scale * xp.abs(z - y)

    def derivatives(self, y, z):
        return self.scale * np.sign(z - y), 0.0

    def conjugate(self, y, u):
        return u * y if abs(u) <= self.scale else np.inf

    def mean(self, z, xp=np):
        return z

    def start(self, y, weight):
        return weighted_quantile(y, weight, 0.5)

    def shift(self, y, z, weight):
        return self.start(y - z, weight)
