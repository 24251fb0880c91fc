"""Softmax loss: categorical cross-entropy on raw scores."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part


@part
class Softmax(NamedTuple):
    """Categorical cross-entropy from raw scores, l = log sum_k e^(z_k) - z_y, with y a class code.

    z has one column per class; the scores are shifted by their maximum, so it is finite for every
    finite z.  The gradient is softmax(z) - onehot(y).  Soft targets: give y as rows of
    probabilities.

    >>> float(Softmax(2).value(np.array([0]), np.zeros((1, 2)))[0]) == float(np.log(2))
    True
    """

    n_outputs: int = 3

    domain = "classes"
    curvature = "exact"
    coupled = True

    def value(self, y, z, xp=np):
        top = xp.amax(z, -1)[..., None]
        log_sum = xp.log(xp.exp(z - top).sum(-1)) + top[..., 0]
        if y.ndim == z.ndim:
            return log_sum * y.sum(-1) - (y * z).sum(-1)
        chosen = xp.arange(z.shape[-1]) == y[..., None]
        return log_sum - xp.where(chosen, z, 0.0).sum(-1)

    def value_row(self, y, z):
        top = z[0]
        for k in range(1, z.size):
            top = max(top, z[k])
        total = 0.0
        for k in range(z.size):
            total += np.exp(z[k] - top)
        return np.log(total) + top - z[int(y)]

    def derivatives_row(self, y, z, g, h):
        """Fill g with the gradient and h with the probabilities; the Hessian is diag(h) - h h'."""
        top = z[0]
        for k in range(1, z.size):
            top = max(top, z[k])
        total = 0.0
        for k in range(z.size):
            h[k] = np.exp(z[k] - top)
            total += h[k]
        for k in range(z.size):
            h[k] /= total
            g[k] = h[k]
        g[int(y)] -= 1.0
        return np.log(total) + top - z[int(y)]

    def mean(self, z, xp=np):
        e = xp.exp(z - xp.amax(z, -1)[..., None])
        return e / e.sum(-1)[..., None]

    def start(self, y, weight):
        counts = np.bincount(y.astype(np.intp), weights=weight, minlength=self.n_outputs)
        log_share = np.log(np.maximum(counts / counts.sum(), 1e-15))
        return log_share - log_share.mean()

    @property
    def smoothness(self) -> float:
        return 0.5
