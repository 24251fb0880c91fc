"""Logistic loss: binary cross-entropy on log-odds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part


@part
class Logistic(NamedTuple):
    """Binary cross-entropy from the log-odds z, l = log(1 + e^z) - y z, with y in [0, 1].

    Written as max(z, 0) - y z + log(1 + e^-|z|), it is finite for every finite z.  Soft targets are
    allowed.  `positive` multiplies the loss of the positive class, as torch's ``pos_weight``:
    l = positive y log(1 + e^-z) + (1 - y) log(1 + e^z).

    >>> float(Logistic().value(1.0, 0.0)) == float(np.log(2))
    True
    """

    positive: float = 1.0

    domain = "binary"
    curvature = "exact"
    online = True

    def value(self, y, z, xp=np):
        soft = xp.log1p(xp.exp(-xp.abs(z)))
        up = 0.5 * (xp.abs(z) - z) + soft  # log(1 + e^-z)
        down = 0.5 * (xp.abs(z) + z) + soft  # log(1 + e^z)
        return self.positive * y * up + (1.0 - y) * down

    def derivatives(self, y, z):
        e = np.exp(-abs(z))
        p = (1.0 if z >= 0 else e) / (1.0 + e)
        weight = self.positive * y + (1.0 - y)
        return weight * p - self.positive * y, weight * e / ((1.0 + e) * (1.0 + e))

    def conjugate(self, y, u):
        # The negative entropy of p = (u + up) / total; infinite outside [0, 1].
        up = self.positive * y
        total = up + (1.0 - y)
        p, q = u + up, 1.0 - y - u
        if p < 0.0 or q < 0.0:
            return np.inf
        a = p * np.log(p / total) if p > 0.0 else 0.0
        b = q * np.log(q / total) if q > 0.0 else 0.0
        return a + b

    def mean(self, z, xp=np):
        e = xp.exp(-xp.abs(z))
        return xp.where(z >= 0, 1.0 / (1.0 + e), e / (1.0 + e))

    def start(self, y, weight):
        p = np.average(y, weights=weight)
        p = min(max(p, 1e-15), 1.0 - 1e-15)
        return float(np.log(self.positive * p / (1.0 - p)))

    @property
    def smoothness(self) -> float:
        return 0.25 * max(1.0, self.positive)
