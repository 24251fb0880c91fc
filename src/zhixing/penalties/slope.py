"""The sorted L1 norm."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..core.part import part
from .check import require, require_alpha, require_weights
from .coupled import apart, least_step
from .vector import vector_or_none


@part
class Slope(NamedTuple):
    """alpha sum_i weights_i |w|_(i) with |w|_(1) >= |w|_(2) >= ... and weights that do not increase.

    Sets coefficients to zero and others to equal size.  By default the weights are the quantiles
    Phi^-1(1 - i q / 2p) with q = `rate`, which control the false discovery rate at q where columns
    are orthogonal and of unit norm, alpha the standard deviation of the noise.  Bogdan et al. (2015), eq. 1.4
    and 1.9; prox by their section 2.2: sort, then isotonic regression, O(p log p).

    >>> Slope(1.0, weights=[3.0, 1.0]).prox(np.array([4.0, -3.5]), 1.0)
    array([ 1.75, -1.75])
    """

    alpha: float = 1.0
    rate: float = 0.1
    weights: Any = None

    separable = False
    convex = True
    smooth = False
    coerce = {"weights": vector_or_none}

    def _sizes(self, p: int) -> np.ndarray:
        if self.weights is not None:
            return self.alpha * np.broadcast_to(self.weights, p)
        from scipy.special import ndtri

        return self.alpha * ndtri(1.0 - np.arange(1, p + 1) * self.rate / (2.0 * p))

    def value(self, w):
        return float(np.sort(np.abs(w), axis=None)[::-1] @ self._sizes(w.size))

    def prox(self, v, step):
        from scipy.optimize import isotonic_regression

        flat = np.abs(v).ravel()
        step = step.flat[0] if np.ndim(step) else step
        order = np.argsort(-flat, kind="stable")
        cut = flat[order] - step * self._sizes(flat.size)
        out = np.empty_like(flat)
        out[order] = np.maximum(isotonic_regression(cut, increasing=False).x, 0.0)
        return np.sign(v) * out.reshape(v.shape)

    def violation(self, w, g):
        return apart(self, w, g)

    def tied(self, step):
        return least_step(step)

    def check(self, p: int) -> None:
        require_alpha(self)
        if self.weights is None:
            require(0.0 < self.rate <= 1.0, self, "rate", "lie between 0 and 1")
            return
        require_weights(self, p, "coefficients (for k outputs give one weight for all)")
        if (np.diff(self.weights) > 0.0).any():
            raise ValueError("Slope: weights must not increase")


def oscar(l1: float, pair: float, p: int) -> Slope:
    """OSCAR's penalty  l1 |w|_1 + pair sum_{j<k} max(|w_j|, |w_k|): weights l1 + pair (p - i).

    Correlated columns get coefficients of equal size.  Bondell and Reich (2008), eq. 3 and 4.

    >>> oscar(1.0, 0.5, 3).weights
    array([2. , 1.5, 1. ])
    """
    return Slope(1.0, weights=l1 + pair * np.arange(p - 1, -1, -1.0))
