"""X held in memory, as the solvers that pick columns read it: dense or sparse, one interface."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from ..core.parallel import each, single_threaded_blas, slices
from ..data.blocks import Block, runs
from .statistics import STRANDS, multiply, total


class DenseDesign:
    """A dense X of shape (n, p) in either order; float32 is brought to float64 piece by piece."""

    def __init__(self, X: np.ndarray) -> None:
        self.X = X
        self.n, self.p = X.shape
        self.by_columns = X.flags.f_contiguous and not X.flags.c_contiguous

    def _pieces(self, width: int) -> list[slice]:
        """Rows whose share of `width` columns fits the second-level cache."""
        return slices(self.n, max((1 << 16) // max(width, 1), 256))

    def transpose_dot(self, r: np.ndarray) -> np.ndarray:
        """X' r for r of shape (n,) or (n, k)."""
        with single_threaded_blas():
            if self.by_columns:
                cut = slices(self.p, max(-(-self.p // STRANDS), 1))
                return np.concatenate(each(lambda s: self.X[:, s].T @ r, cut)) if cut else r[:0]
            cut = slices(self.n, max(-(-self.n // STRANDS), 256))
            return total(each(lambda s: np.asarray(self.X[s], dtype=np.float64).T @ r[s], cut))

    def take(self, columns: np.ndarray) -> DenseDesign:
        """The chosen columns, copied, as float64 with rows in one piece."""
        if len(columns) == self.p and self.X.dtype == np.float64 and self.X.flags.c_contiguous:
            return self
        out = np.empty((self.n, len(columns)))

        def fill(s: slice) -> None:
            out[s] = self.X[s].take(columns, axis=1)

        each(fill, self._pieces(len(columns)))
        return DenseDesign(out)

    def dot(self, w: np.ndarray) -> np.ndarray:
        """X w."""
        out = np.empty((self.n, *w.shape[1:]))

        def fill(s: slice) -> None:
            out[s] = np.asarray(self.X[s], dtype=np.float64) @ w

        with single_threaded_blas():
            each(fill, slices(self.n, max(-(-self.n // STRANDS), 256)))
        return out

    def gram(self, h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """X' diag(h) X and X' h."""
        root = np.sqrt(h)
        pieces = self._pieces(self.p)
        per = -(-len(pieces) // STRANDS)

        def part(group: list[slice]) -> Any:
            ww, wb = np.zeros((self.p, self.p)), np.zeros(self.p)
            for s in group:
                A = self.X[s] * root[s, None]
                ww += A.T @ A
                wb += root[s] @ A
            return np.vstack([ww, wb])

        with single_threaded_blas():
            both = total(each(part, [pieces[i : i + per] for i in range(0, len(pieces), per)]))
        return both[:-1], both[-1]

    @cached_property
    def columns(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The columns as runs of (value, row)."""
        data = np.ascontiguousarray(self.X.T, dtype=np.float64).ravel()
        rows = np.tile(np.arange(self.n, dtype=np.int32), self.p)
        return data, rows, np.arange(self.p + 1, dtype=np.int64) * self.n


class SparseDesign:
    """A sparse X of shape (n, p), by rows and by columns."""

    def __init__(self, X: Any, columns: Any = None) -> None:
        self.X = X
        self.n, self.p = X.shape
        if columns is not None:
            self.columns = columns

    @cached_property
    def columns(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return runs(self.X.tocsc())

    def transpose_dot(self, r: np.ndarray) -> np.ndarray:
        return multiply(self.columns, np.ascontiguousarray(r), np.empty((self.p, *r.shape[1:])))

    def take(self, columns: np.ndarray) -> SparseDesign:
        data, rows, at = self.columns
        X = sparse.csc_array((data, rows, at), shape=(self.n, self.p))[:, columns]
        return SparseDesign(X, runs(X))

    def dot(self, w: np.ndarray) -> np.ndarray:
        return np.asarray(self.X @ w)

    def gram(self, h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        data, rows, at = self.columns
        X = sparse.csc_array((data, rows, at), shape=(self.n, self.p))
        scaled = sparse.csc_array((data * h[rows], rows, at), shape=(self.n, self.p))
        return np.ascontiguousarray((scaled.T @ X).toarray()), np.asarray(X.T @ h)


def design(block: Block) -> DenseDesign | SparseDesign:
    """The design of a block."""
    if sparse.issparse(block.X):
        return SparseDesign(block.X, block.columns())
    return DenseDesign(block.X)
