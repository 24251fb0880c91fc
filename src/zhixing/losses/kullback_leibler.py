"""Kullback-Leibler divergence to a target distribution."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..core.part import part


@part
class KullbackLeibler(NamedTuple):
    """Divergence of softmax(z / T) from rows of probabilities y: l = T^2 sum_k y_k log(y_k / p_k).

    0 log 0 counts as 0.  T = `temperature`; the factor T^2 keeps the size of the gradient T (p
    sum(y) - y), which is that of soft-target cross-entropy: both differ by the entropy of y only
    (Hinton, Vinyals and Dean 2015, "Distilling the knowledge in a neural network", section 2).

    >>> float(KullbackLeibler().value(np.array([[0.5, 0.5]]), np.zeros((1, 2)))[0])
    0.0
    """

    temperature: float = 1.0

    domain = "distribution"
    curvature = "exact"

    def value(self, y, z, xp=np):
        s = z / self.temperature
        s = s - xp.amax(s, -1)[..., None]
        log_p = s - xp.log(xp.exp(s).sum(-1))[..., None]
        log_y = xp.log(xp.where(y > 0, y, xp.ones_like(y)))
        return self.temperature**2 * (y * (log_y - log_p)).sum(-1)

    def gradient(self, y: Any, z: Any, xp: Any = np) -> Any:
        """d l / d z, of the shape of z."""
        return self.temperature * (self.mean(z, xp) * y.sum(-1)[..., None] - y)

    def mean(self, z, xp=np):
        s = z / self.temperature
        e = xp.exp(s - xp.amax(s, -1)[..., None])
        return e / e.sum(-1)[..., None]

    def start(self, y, weight):
        log_share = np.log(np.maximum(np.average(y, axis=0, weights=weight), 1e-15))
        return self.temperature * (log_share - log_share.mean())

    @property
    def smoothness(self) -> float:
        return 0.5
