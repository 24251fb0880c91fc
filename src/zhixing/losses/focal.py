"""The focal loss."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .location import stationary


@part
class Focal(NamedTuple):
    """Cross-entropy that turns away from easy rows: l = -(1 - p_y)^gamma log p_y, p = sigmoid(z).

    With t = z or -z and q = 1 - p_y = 1 / (1 + e^t):  l = q^gamma log(1 + e^-t).  y may be soft;
    `positive` multiplies the loss of the positive class.  gamma = 0 is `Logistic`.
    Lin et al. (2017), "Focal loss for dense object detection", eq. 4-5.

    The loss is not proper: its minimiser is not the log-odds, and sigmoid(z) is under-confident.
    `mean` returns the probability p for which z is the minimiser instead (Charoenphakdee et al.
    2021, "On focal loss for class-posterior probability estimation", eq. 8).  h is an upper bound
    of the second derivative, which is negative for rows far on the wrong side.

    >>> float(Focal(0.0).value(1.0, 0.0)) == float(np.log(2))
    True
    """

    gamma: float = 2.0
    positive: float = 1.0

    domain = "binary"
    curvature = "bound"

    def value(self, y, z, xp=np):
        soft = xp.log1p(xp.exp(-xp.abs(z)))
        up = 0.5 * (xp.abs(z) - z) + soft  # log(1 + e^-z) = -log p
        down = 0.5 * (xp.abs(z) + z) + soft  # log(1 + e^z) = -log(1 - p)
        one = self.positive * y * xp.exp(-self.gamma * down) * up
        return one + (1.0 - y) * xp.exp(-self.gamma * up) * down

    def derivatives(self, y, z):
        e = np.exp(-abs(z))
        p = (1.0 if z >= 0 else e) / (1.0 + e)
        q = (e if z >= 0 else 1.0) / (1.0 + e)
        up = max(-z, 0.0) + np.log1p(e)
        down = max(z, 0.0) + np.log1p(e)
        gamma = self.gamma
        # For t = z: dl/dt = -q^gamma (gamma p up + q); the other class has p, q and sign exchanged.
        a, b = self.positive * y * q**gamma, (1.0 - y) * p**gamma
        g = -a * (gamma * p * up + q) + b * (gamma * q * down + p)
        h = a * p * (gamma * gamma * p * up + (2.0 * gamma + 1.0) * q)
        return g, h + b * q * (gamma * gamma * q * down + (2.0 * gamma + 1.0) * p)

    def mean(self, z, xp=np):
        e = xp.exp(-xp.abs(z))
        p = xp.where(z >= 0, 1.0 / (1.0 + e), e / (1.0 + e))
        q = xp.where(z >= 0, e / (1.0 + e), 1.0 / (1.0 + e))
        soft = xp.log1p(e)
        up = 0.5 * (xp.abs(z) - z) + soft
        down = 0.5 * (xp.abs(z) + z) + soft
        one = self.positive * q**self.gamma * (self.gamma * p * up + q)
        other = p**self.gamma * (self.gamma * q * down + p)
        return other / (one + other)

    def start(self, y, weight):
        share = min(max(float(np.average(y, weights=weight)), 1e-15), 1.0 - 1e-15)

        def slope(z: float) -> float:
            return float(self.mean(np.float64(z))) - share

        return stationary(slope, -100.0, 100.0)

    @property
    def smoothness(self) -> float:
        """An upper bound: p up <= 1 gives gamma^2 + 2 gamma + 1 over 4 at most."""
        return (self.gamma + 1.0) ** 2 * max(1.0, self.positive)
