"""Gaussian likelihood with a mean and a variance of every row."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .tangent import LIMIT


@part
class Gaussian(NamedTuple):
    """Gaussian likelihood, l = (s + (y - m)^2 e^-s) / 2, z = (m, s) with s = log variance.

    The negative logarithm, up to log(2 pi) / 2.  z has two columns.  With s fixed it is the squared
    error.  `mean` returns the mean and the standard deviation.  It is not jointly convex; h holds
    the expected curvatures e^-s and 1/2 (Fisher information, which has no cross term). Nix and
    Weigend (1994), "Estimating the mean and variance of the target probability distribution".

    >>> float(Gaussian().value(np.array([1.0]), np.array([[3.0, 0.0]]))[0])
    2.0
    """

    n_outputs: int = 2

    domain = "real"
    curvature = "fisher"
    coupled = False
    smoothness = np.inf

    def value(self, y, z, xp=np):
        m, s = z[..., 0], z[..., 1]
        t = xp.clip(-s, -LIMIT, LIMIT)
        return 0.5 * (s + (y - m) * (y - m) * xp.exp(t) * (1.0 - s - t))

    def value_row(self, y, z):
        t = min(max(-z[1], -LIMIT), LIMIT)
        return 0.5 * (z[1] + (y - z[0]) ** 2 * np.exp(t) * (1.0 - z[1] - t))

    def derivatives_row(self, y, z, g, h):
        """Fill g with the gradient and h with the diagonal of the Fisher information."""
        r = z[0] - y
        t = min(max(-z[1], -LIMIT), LIMIT)
        e = np.exp(t)
        bend = 1.0 - z[1] - t  # 1 up to the limit
        g[0] = r * e * bend
        g[1] = 0.5 * (1.0 - r * r * e)
        h[0] = e
        h[1] = 0.5
        return 0.5 * (z[1] + r * r * e * bend)

    def mean(self, z, xp=np):
        return z[..., 0], xp.exp(0.5 * z[..., 1])

    def start(self, y, weight):
        m = np.average(y, weights=weight)
        variance = np.average((y - m) ** 2, weights=weight)
        return np.array([m, np.log(max(variance, 1e-15))])
