"""The modified Huber loss for classification."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part


@part
class ModifiedHuber(NamedTuple):
    """scale times max(0, 1 - t)^2 for t >= -1, else -4 t, where t is the margin.

    t = s z, s = +1 for the positive class, else -1. A squared hinge whose far errors grow linearly;
    y is 0/1 or -1/+1.  In expectation it is least at z = 2 p - 1, so (1 + clip(z)) / 2 is a
    probability.  Zhang (2004), "Statistical behavior and consistency of classification methods
    based on convex risk minimization", section 2.

    >>> [float(ModifiedHuber().value(1.0, z)) for z in (2.0, 0.0, -3.0)]
    [0.0, 1.0, 12.0]
    """

    scale: float = 1.0

    domain = "sign"
    curvature = "exact"
    online = True

    def value(self, y, z, xp=np):
        t = xp.sign(y - 0.5) * z
        short = 1.0 - xp.clip(t, -1.0, 1.0)
        beyond = -1.0 - xp.clip(t, -np.inf, -1.0)
        return self.scale * (short * short + 4.0 * beyond)

    def derivatives(self, y, z):
        s = np.sign(y - 0.5)
        t = s * z
        if t >= 1.0:
            return 0.0, 0.0
        if t < -1.0:
            return -4.0 * self.scale * s, 0.0
        return -2.0 * self.scale * s * (1.0 - t), 2.0 * self.scale

    def conjugate(self, y, u):
        a = u * np.sign(y - 0.5) / self.scale
        return self.scale * (a + 0.25 * a * a) if -4.0 <= a <= 0.0 else np.inf

    def mean(self, z, xp=np):
        return 0.5 * (1.0 + xp.clip(z, -1.0, 1.0))

    def start(self, y, weight):
        return float(np.average(np.sign(y - 0.5), weights=weight))

    @property
    def smoothness(self) -> float:
        return 2.0 * self.scale
