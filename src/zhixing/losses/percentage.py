"""Absolute percentage error."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .location import weighted_quantile


@part
class AbsolutePercentage(NamedTuple):
    """The error as a share of the truth, l = |z - y| / max(|y|, floor); its mean is the MAPE.

    Free of units.  `floor`, in units of y, guards targets near zero: below it the error counts as a
    share of `floor`.  The minimiser is the median weighted by 1 / |y|, below the plain median.

    >>> round(float(AbsolutePercentage().value(200.0, 190.0)), 3)
    0.05
    """

    floor: float = 1e-8

    domain = "real"
    curvature = "none"
    smoothness = np.inf

    def value(self, y, z, xp=np):
        return xp.abs(z - y) / xp.clip(xp.abs(y), self.floor, np.inf)

    def derivatives(self, y, z):
        return np.sign(z - y) / max(abs(y), self.floor), 0.0

    def conjugate(self, y, u):
        return u * y if abs(u) * max(abs(y), self.floor) <= 1.0 else np.inf

    def mean(self, z, xp=np):
        return z

    def start(self, y, weight):
        return self.shift(y, 0.0, weight)

    def shift(self, y, z, weight):
        return weighted_quantile(y - z, weight / np.maximum(np.abs(y), self.floor), 0.5)
