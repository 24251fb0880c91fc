"""Inverse Gaussian loss for positive targets with heavy tails."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .tangent import LIMIT


@part
class InverseGaussian(NamedTuple):
    """Inverse Gaussian log-likelihood with a log link, l = scale (y e^(-2 z) / 2 - e^-z), y > 0.

    The mean is e^z and the variance grows with its cube; `Tweedie(3)` is the same loss.  It is not
    convex in z, so h = 2 y e^(-2 z) is an upper bound of the second derivative.
    Folks and Chhikara (1978), "The inverse Gaussian distribution and its statistical application".

    >>> float(InverseGaussian().value(2.0, 0.0))
    0.0
    """

    scale: float = 1.0

    domain = "positive"
    curvature = "bound"
    smoothness = np.inf

    def value(self, y, z, xp=np):
        s, t = xp.clip(-2.0 * z, -LIMIT, LIMIT), xp.clip(-z, -LIMIT, LIMIT)
        fit = 0.5 * y * xp.exp(s) * (1.0 - 2.0 * z - s)
        return self.scale * (fit - xp.exp(t) * (1.0 - z - t))

    def derivatives(self, y, z):
        fit = self.scale * y * np.exp(min(max(-2.0 * z, -LIMIT), LIMIT))
        return self.scale * np.exp(min(max(-z, -LIMIT), LIMIT)) - fit, 2.0 * fit

    def mean(self, z, xp=np):
        return xp.exp(z)

    def start(self, y, weight):
        return float(np.log(np.average(y, weights=weight)))
