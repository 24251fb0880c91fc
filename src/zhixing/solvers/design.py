"""X held in memory, as solvers that pick columns read it: dense or sparse, one interface."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from ..core.parallel import each, single_threaded_blas, slices
from ..data.blocks import Block, runs
from ..kernels.sparse_gram import mirror, sparse_gram
from .statistics import STRANDS, multiply, total


class DenseDesign:
    """A dense X of shape (n, p) in either order; float32 is brought to float64 piece by piece."""

    def __init__(self, X: np.ndarray) -> None:
        self.X = X
        self.n, self.p = X.shape
        self.by_columns = X.flags.f_contiguous and not X.flags.c_contiguous

    def transpose_dot(self, r: np.ndarray) -> np.ndarray:
        """X' r for r of shape (n,) or (n, k), read once."""
        with single_threaded_blas():
            if self.by_columns:
                cut = slices(self.p, max(-(-self.p // STRANDS), 1))
                return np.concatenate(each(lambda s: self._columns(s).T @ r, cut))
            cut = slices(self.n, max(-(-self.n // STRANDS), 64))
            return total(each(lambda s: self._rows(s).T @ r[s], cut))

    def dot(self, w: np.ndarray) -> np.ndarray:
        """X w."""
        cut = slices(self.n, max(-(-self.n // STRANDS), 64))
        with single_threaded_blas():
            return np.concatenate(each(lambda s: self._rows(s) @ w, cut))

    def _rows(self, s: slice) -> np.ndarray:
        return np.asarray(self.X[s], dtype=np.float64)

    def _columns(self, s: slice) -> np.ndarray:
        return np.asarray(self.X[:, s], dtype=np.float64)

    def take(self, chosen: np.ndarray) -> np.ndarray:
        """The chosen columns as the rows of a new float64 array, of shape (len(chosen), n)."""
        out = np.empty((len(chosen), self.n))
        if self.by_columns:
            each(lambda s: out.__setitem__(s, self.X.T[chosen[s]]), slices(len(chosen), 64))
        else:
            size = max(-(-self.n // STRANDS), 256)
            each(
                lambda s: out.__setitem__((slice(None), s), self.X[s].take(chosen, axis=1).T),
                slices(self.n, size),
            )
        return out


class SparseDesign:
    """A sparse X of shape (n, p), read by columns."""

    def __init__(self, X: Any, columns: Any = None) -> None:
        self.n, self.p = X.shape
        self.X = X
        self.columns = runs(X.tocsc()) if columns is None else columns

    def transpose_dot(self, r: np.ndarray) -> np.ndarray:
        return multiply(self.columns, np.ascontiguousarray(r), np.empty((self.p, *r.shape[1:])))

    def dot(self, w: np.ndarray) -> np.ndarray:
        return np.asarray(self.X @ w)

    def take(self, chosen: np.ndarray) -> SparseColumns:
        data, rows, at = self.columns
        lengths = at[chosen + 1] - at[chosen]
        start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        where = np.repeat(at[chosen] - start[:-1], lengths) + np.arange(start[-1])
        return SparseColumns(data[where], rows[where], start, self.n)


class SparseColumns:
    """A few columns of a sparse matrix: compressed columns, and compressed rows when asked for."""

    def __init__(self, data: np.ndarray, rows: np.ndarray, indptr: np.ndarray, n: int) -> None:
        self.columns = (data, rows, indptr)
        self.n, self.m = n, len(indptr) - 1

    @cached_property
    def matrix(self) -> Any:
        return sparse.csc_array(self.columns, shape=(self.n, self.m))

    @cached_property
    def rows(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return runs(self.matrix.tocsr())

    def dot(self, w: np.ndarray) -> np.ndarray:
        return multiply(self.rows, np.ascontiguousarray(w), np.empty((self.n, *w.shape[1:])))

    def gram(self, weight: np.ndarray, G: np.ndarray, first: int = 0) -> None:
        """Fill rows and columns `first` and later of the symmetric X' diag(weight) X into G."""
        m = self.m
        G[first:m, :m] = 0.0
        lengths = np.diff(self.columns[2])[first:].astype(np.float64)
        share = np.concatenate([[0.0], np.cumsum(lengths * np.arange(first + 1, m + 1))])
        edges = first + np.searchsorted(share, np.linspace(0.0, share[-1], STRANDS + 1))
        edges = np.unique(np.clip(np.concatenate([[first], edges, [m]]), first, m))
        pairs = list(zip(edges[:-1].tolist(), edges[1:].tolist()))
        each(lambda ab: sparse_gram(*self.rows, weight, G, *ab), pairs)
        mirror(G, first, m)


def as_design(X: Any) -> DenseDesign | SparseDesign:
    """The design of a dense array or a sparse matrix."""
    if sparse.issparse(X):
        if not X.has_canonical_format:
            X = X.copy()
            X.sum_duplicates()
        return SparseDesign(X)
    return DenseDesign(X)


def design(block: Block) -> DenseDesign | SparseDesign:
    """The design of a block."""
    if sparse.issparse(block.X):
        return SparseDesign(block.X, block.columns())
    return DenseDesign(block.X)
