"""Penalised least squares of one target, as coordinate descent sees it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..kernels.gram_block import gram_block
from ..kernels.least_squares_gap import gap_and_violations
from .active_set import Effort, Quadratic, minimise
from .columns import Columns
from .terms import Terms

At = tuple[np.ndarray, float, float]  # gradient, r'r and r'y


class SingleTask:
    """sum_i weight_i (y_i - b - x_i'w)^2 / 2 over columns that may be shared with other targets.

    y is centred here (where the columns are); weights sum to one.  `c` is X'y, weighted.
    """

    def __init__(self, columns: Columns, y: np.ndarray, c: np.ndarray | None = None) -> None:
        self.columns = columns
        self.mean = float(columns.weight @ y) if columns.center else 0.0
        self.y = y - self.mean
        self.yy = float(columns.weight @ (self.y * self.y))
        self.c = columns.X.transpose_dot(columns.weight * self.y) if c is None else c

    def zeros(self) -> np.ndarray:
        return np.zeros(len(self.c))

    @staticmethod
    def support(w: np.ndarray) -> np.ndarray:
        """A mask of the columns in use."""
        return w != 0.0

    def gradient(self, w: np.ndarray) -> At:
        """X'(X w - y), r'r and r'y at coefficients whose support is among the columns taken."""
        k = self.columns
        v = w[k.ids]
        if not v.any():
            return -self.c, self.yy, self.yy
        ry = self.yy - float(np.vdot(self.c[k.ids], v))
        if k.m == k.X.p:
            g = np.empty_like(w)
            g[k.ids] = k.G[: k.m, : k.m] @ v - self.c[k.ids]
            return g, max(self.yy + float(np.vdot(w, g - self.c)), 0.0), ry
        r = self.y - k.fitted(v)
        wr = (r.T * k.weight).T
        return -k.X.transpose_dot(wr), float(np.vdot(wr, r)), ry

    def intercept(self, w: np.ndarray) -> Any:
        return self.mean - self.columns.mean @ w[self.columns.ids]

    def gap(self, terms: Terms, w: np.ndarray, at: At, violation: np.ndarray) -> float:
        """The duality gap; fills the violation of every column."""
        order = np.arange(len(w))
        return gap_and_violations(at[0], w, order, *terms, at[1], at[2], violation)

    def solve(
        self, terms: Terms, w: np.ndarray, g: np.ndarray, order: np.ndarray, effort: Effort
    ) -> tuple[np.ndarray, np.ndarray, int, float]:
        """Minimise over the columns in `order` alone: new w, gradient at the columns taken, sweeps, gap."""
        G, ids, order = self._matrix(order)
        q = Quadratic(G, len(ids), self.c[ids], w[ids], g[ids], self.yy)
        outcome = minimise(q, order, terms.at(ids), effort)
        return self._spread(ids, q.w), self._spread(ids, q.g), outcome.sweeps, outcome.gap

    def _matrix(self, order: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Products, their columns, and the places of `order` among them.

        A matrix of the working set alone is faster to walk through than a far larger one.
        """
        k = self.columns
        if 4 * len(order) >= 3 * k.m:
            return k.G, k.ids, k.place[order]
        G = np.empty((len(order), len(order)))
        gram_block(k.G, k.place[order], G)
        return G, order, np.arange(len(order))

    def _spread(self, ids: np.ndarray, values: np.ndarray) -> np.ndarray:
        out = self.zeros()
        out[ids] = values
        return out
