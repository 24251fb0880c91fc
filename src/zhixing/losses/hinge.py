"""The hinge losses of support vector machines and of the perceptron."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part


@part
class Hinge(NamedTuple):
    """l = max(0, margin - s z), s = +1 for the positive class, else -1; y is 0/1 or -1/+1.

    `margin` 1 is the support vector machine, `margin` 0 the perceptron's criterion.  At the kink
    the subgradient is -s, so a perceptron leaves zero weights.  Minimising it in expectation gives
    the likelier class and no probability: `mean` is 0, 1/2 or 1.

    >>> [float(Hinge().value(1.0, z)) for z in (-1.0, 0.5, 2.0)]
    [2.0, 0.5, 0.0]
    """

    margin: float = 1.0

    domain = "sign"
    curvature = "none"
    online = True
    smoothness = np.inf

    def value(self, y, z, xp=np):
        short = self.margin - xp.sign(y - 0.5) * z
        return 0.5 * (short + xp.abs(short))

    def derivatives(self, y, z):
        s = np.sign(y - 0.5)
        return (-s if s * z <= self.margin else 0.0), 0.0

    def conjugate(self, y, u):
        a = u * np.sign(y - 0.5)
        return self.margin * a if -1.0 <= a <= 0.0 else np.inf

    def mean(self, z, xp=np):
        return 0.5 * (1.0 + xp.sign(z))

    def start(self, y, weight):
        return float(self.margin * np.sign(weight @ np.sign(y - 0.5)))


@part
class SquaredHinge(NamedTuple):
    """l = max(0, margin - s z)^2, s = +1 for the positive class, else -1; y is 0/1 or -1/+1.

    In expectation it is least at z = margin (2 p - 1), from which `mean` reads p.

    >>> float(SquaredHinge().value(1.0, -1.0))
    4.0
    """

    margin: float = 1.0

    domain = "sign"
    curvature = "exact"
    online = True
    smoothness = 2.0

    def value(self, y, z, xp=np):
        short = self.margin - xp.sign(y - 0.5) * z
        short = 0.5 * (short + xp.abs(short))
        return short * short

    def derivatives(self, y, z):
        s = np.sign(y - 0.5)
        short = self.margin - s * z
        if short <= 0.0:
            return 0.0, 0.0
        return -2.0 * s * short, 2.0

    def conjugate(self, y, u):
        a = u * np.sign(y - 0.5)
        return self.margin * a + 0.25 * a * a if a <= 0.0 else np.inf

    def mean(self, z, xp=np):
        return 0.5 * (1.0 + xp.clip(z / self.margin, -1.0, 1.0))

    def start(self, y, weight):
        return float(self.margin * np.average(np.sign(y - 0.5), weights=weight))
