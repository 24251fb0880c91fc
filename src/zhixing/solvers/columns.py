"""The columns of X that a fit has looked at, and the products between them.

A fit with an L1 penalty needs X'X only where coefficients are not zero.  Columns join when they are
asked for, once, and stay: along a path of penalties nothing is computed twice.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.parallel import each, single_threaded_blas, slices
from .design import DenseDesign, SparseDesign

#: Rows of the Gram matrix that one task computes.
STRIPE = 96


class Columns:
    """Columns by number, in the order they came: `ids`, their weighted means and Gram matrix `G`.

    Row weights sum to one.  G holds the centred products sum_i weight_i (x_ia - m_a)(x_ib - m_b) of
    the first `m` columns (uncentred without an intercept); its buffer is larger.
    """

    def __init__(self, X: DenseDesign | SparseDesign, weight: np.ndarray, center: bool) -> None:
        self.X, self.weight, self.center = X, weight, center
        self.uniform = bool((weight == weight[0]).all())
        self.m = 0
        self.ids = np.empty(0, dtype=np.int64)
        self.place = np.full(X.p, -1, dtype=np.int64)
        self.mean = np.empty(0)
        self.G = np.empty((0, 0))
        self.held: Any = np.empty((0, X.n)) if isinstance(X, DenseDesign) else None

    def add(self, new: np.ndarray) -> None:
        """Take the columns `new`, none of which is here yet.  Cost: O(n m len(new))."""
        if not len(new):
            return
        before, self.m = self.m, self.m + len(new)
        self.place[new] = np.arange(before, self.m)
        self.ids = np.concatenate([self.ids, new])
        if self.m > len(self.G):
            # Rows a power of two apart share their place in the cache; these are not.
            size = min(max(2 * before, self.m) | 15, self.X.p)
            G = np.empty((size, size))
            G[:before, :before] = self.G[:before, :before]
            self.G = G
        if isinstance(self.X, DenseDesign):
            self._add_dense(new, before)
        else:
            self._add_sparse(before)

    def _add_dense(self, new: np.ndarray, before: int) -> None:
        taken: Any = self.X.take(new)
        mean = taken @ self.weight if self.center else np.zeros(len(new))
        self.mean = np.concatenate([self.mean, mean])
        if self.m > len(self.held):
            held = np.empty((len(self.G), self.X.n))
            held[:before] = self.held[:before]
            self.held = held
        A, G = self.held, self.G

        def fill(s: slice) -> None:
            np.subtract(taken[s], mean[s, None], out=A[before + s.start : before + s.stop])

        def stripe(s: slice) -> None:
            rows = slice(before + s.start, before + s.stop)
            left = A[rows] if self.uniform else A[rows] * self.weight
            np.matmul(left, A[: rows.stop].T, out=G[rows, : rows.stop])
            if self.uniform:
                G[rows, : rows.stop] *= self.weight[0]
            G[: rows.start, rows] = G[rows, : rows.start].T

        cut = slices(len(new), STRIPE)
        each(fill, cut)
        with single_threaded_blas():
            each(stripe, cut)

    def _add_sparse(self, before: int) -> None:
        self.held = self.X.take(self.ids)
        self.held.gram(self.weight, self.G, before)
        if self.center:
            self.mean = np.asarray(self.held.matrix.T @ self.weight)
            new = slice(before, self.m)
            self.G[new, : self.m] -= np.outer(self.mean[new], self.mean)
            self.G[:before, new] -= np.outer(self.mean[:before], self.mean[new])
        else:
            self.mean = np.zeros(self.m)

    @classmethod
    def complete(
        cls,
        X: DenseDesign | SparseDesign,
        weight: np.ndarray,
        center: bool,
        mean: np.ndarray,
        G: np.ndarray,
    ) -> Columns:
        """All columns at once, from their weighted means and centred products."""
        made = cls(X, weight, center)
        made.m, made.ids, made.place = X.p, np.arange(X.p), np.arange(X.p)
        made.mean, made.G = mean, np.ascontiguousarray(G)
        return made

    def fitted(self, w: np.ndarray) -> np.ndarray:
        """The centred columns times w, of shape (m,) or (m, k)."""
        if isinstance(self.X, SparseDesign):
            return self.held.dot(w) - self.mean @ w
        used = np.flatnonzero(w if w.ndim == 1 else w.any(axis=1))
        if len(used) < self.m // 2:
            return self.held[used].T @ w[used]
        return self.held[: self.m].T @ w
