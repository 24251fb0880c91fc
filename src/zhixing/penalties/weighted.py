"""The lasso and the elastic net with a weight for each coefficient."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..core.part import part
from .check import require_alpha, require_share, require_weights
from .elastic import Elastic
from .vector import against, vector


@part
class WeightedElasticNet(NamedTuple):
    """alpha sum_j weights_j (r |w_j| + (1 - r) w_j^2 / 2) with r = `l1_ratio`.

    `weights` are glmnet's penalty factors (which are scaled to sum p there, and not here): one for each
    coefficient or one for all; a coefficient of weight 0 is free.  Friedman, Hastie and Tibshirani (2010).

    >>> WeightedElasticNet(1.0, 0.5, [1.0, 0.0]).value(np.array([2.0, 5.0]))
    2.0
    """

    alpha: float = 1.0
    l1_ratio: float = 0.5
    weights: np.ndarray = np.ones(1)

    separable = True
    convex = True
    smooth = False
    coerce = {"weights": vector}

    def value(self, w):
        each = self.l1_ratio * np.abs(w) + 0.5 * (1.0 - self.l1_ratio) * w * w
        return self.alpha * float((against(self.weights, w) * each).sum())

    def prox(self, v, step):
        size = step * self.alpha * against(self.weights, v)
        cut = np.maximum(np.abs(v) - size * self.l1_ratio, 0.0)
        return np.sign(v) * cut / (1.0 + size * (1.0 - self.l1_ratio))

    def violation(self, w, g):
        size = self.alpha * against(self.weights, w)
        first, second = size * self.l1_ratio, size * (1.0 - self.l1_ratio)
        at_zero = np.maximum(np.abs(g) - first, 0.0)
        return np.where(w == 0.0, at_zero, np.abs(g + first * np.sign(w) + second * w))

    def elastic(self) -> Elastic:
        size = self.alpha * self.weights
        return Elastic(size * self.l1_ratio, size * (1.0 - self.l1_ratio))

    def check(self, p: int) -> None:
        require_alpha(self)
        require_share(self)
        require_weights(self, p, "coefficients")


@part
class WeightedL1(NamedTuple):
    """alpha sum_j weights_j |w_j|: the lasso with a weight for each coefficient, or one for all.

    >>> WeightedL1(2.0, [1.0, 0.0]).value(np.array([1.0, 5.0]))
    2.0
    """

    alpha: float = 1.0
    weights: np.ndarray = np.ones(1)

    separable = True
    convex = True
    smooth = False
    coerce = {"weights": vector}

    def value(self, w):
        return self.alpha * float((against(self.weights, w) * np.abs(w)).sum())

    def prox(self, v, step):
        cut = np.abs(v) - step * self.alpha * against(self.weights, v)
        return np.sign(v) * np.maximum(cut, 0.0)

    def violation(self, w, g):
        size = self.alpha * against(self.weights, w)
        at_zero = np.maximum(np.abs(g) - size, 0.0)
        return np.where(w == 0.0, at_zero, np.abs(g + size * np.sign(w)))

    def elastic(self) -> Elastic:
        return Elastic(l1=self.alpha * self.weights)

    def check(self, p: int) -> None:
        require_alpha(self)
        require_weights(self, p, "coefficients")


def adaptive_l1(w: Any, alpha: float = 1.0, power: float = 1.0, least: float = 1e-6) -> WeightedL1:
    """The adaptive lasso's penalty after a first fit with coefficients w (p,): weights 1 / |w_j|^power.

    Sizes below `least` times the largest count as that, so that no weight is infinite.  With a first fit
    that is root-n consistent the second finds the right coefficients: Zou (2006), eq. 4 and theorem 2.

    >>> adaptive_l1(np.array([2.0, -0.5]), alpha=0.1).weights
    array([0.5, 2. ])
    """
    size = np.abs(np.asarray(w, dtype=np.float64))
    floor = least * float(size.max(initial=0.0)) or 1.0
    return WeightedL1(alpha, np.maximum(size, floor) ** -power)
