"""Trees fitted to first derivatives alone, with leaves by second ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..losses import Huber
from ..losses.location import weighted_quantile
from .objective import PointObjective


class FirstOrder:
    """Splits by least squares on -g (Friedman 2001, algorithm 1); a leaf takes the loss's best step.

    That step is -sum g / sum h, or the loss's own where h says nothing.
    """

    def __init__(self, inner: Any) -> None:
        self.inner, self.outputs, self.weight = inner, inner.outputs, inner.weight

    def start(self) -> np.ndarray:
        return self.inner.start()

    def derivatives(self, z: np.ndarray, g: np.ndarray, h: np.ndarray) -> None:
        self.inner.derivatives(z, g, h)
        self.g, self.h = g, h.copy()
        h[:] = self.weight

    def value(self, z: np.ndarray) -> float:
        return self.inner.value(z)

    def leaf(self, z: np.ndarray, k: int) -> Callable[[np.ndarray], float] | None:
        own = self.inner.leaf(z, k)
        if own is not None:
            return own
        g, h = self.g[k], self.h[k]

        def step(rows: np.ndarray) -> float:
            curve = float(h[rows].sum())
            return -float(g[rows].sum()) / curve if curve > 1e-150 else 0.0

        return step


class QuantileHuber(PointObjective):
    """Huber's loss whose delta is, in each round, the `share`-quantile of the absolute residuals.

    Friedman (2001), algorithm 4: a leaf's step is the median of its residuals plus the mean of
    what lies beyond it, cut at delta.
    """

    def __init__(self, y: np.ndarray, weight: np.ndarray, share: float) -> None:
        super().__init__(Huber(1.0), y, weight)
        self.share = share

    def start(self) -> np.ndarray:
        return np.array([weighted_quantile(self.y, self.weight, 0.5)])

    def derivatives(self, z: np.ndarray, g: np.ndarray, h: np.ndarray) -> None:
        self._measure(z)
        super().derivatives(z, g, h)

    def value(self, z: np.ndarray) -> float:
        self._measure(z)
        return super().value(z)

    def _measure(self, z: np.ndarray) -> None:
        delta = weighted_quantile(np.abs(self.y - z[0]), self.weight, self.share)
        self.loss = Huber(max(delta, 1e-150))

    def leaf(self, z: np.ndarray, k: int) -> Callable[[np.ndarray], float]:
        delta = self.loss.delta

        def step(rows: np.ndarray) -> float:
            r, w = self.y[rows] - z[0, rows], self.weight[rows]
            middle = weighted_quantile(r, w, 0.5)
            beyond = r - middle
            moved = np.sign(beyond) * np.minimum(np.abs(beyond), delta)
            return middle + float(np.average(moved, weights=w))

        return step
