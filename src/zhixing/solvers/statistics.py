"""What one pass over a block of rows returns: value, gradient and, where asked, the Gram matrix.

Chunks of rows that fit the cache are taken by a fixed number of strands, which depends on the number of
rows only; the strands run on threads and add up in order.  Every chunk is brought to float64, so float32
data lose nothing but their own rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from ..core.parallel import each, single_threaded_blas, slices
from ..data.blocks import Block
from ..kernels.pointwise import pointwise
from ..kernels.rowwise import rowwise
from ..kernels.sparse_dot import runs_dot_matrix, runs_dot_vector

STRANDS = 16
CACHE_BYTES = 1 << 19


@dataclass
class Sums:
    """Totals over rows of w l, its gradient in (w, b), and the second-order blocks if asked for."""

    weight: float
    value: float
    w: np.ndarray
    b: Any
    ww: np.ndarray | None = None
    wb: np.ndarray | None = None
    bb: Any = None

    def __add__(self, other: Sums) -> Sums:
        def add(a: Any, b: Any) -> Any:
            return None if a is None else a + b

        return Sums(
            self.weight + other.weight,
            self.value + other.value,
            self.w + other.w,
            self.b + other.b,
            add(self.ww, other.ww),
            add(self.wb, other.wb),
            add(self.bb, other.bb),
        )


def merge(a: Sums, b: Sums) -> Sums:
    return a + b


def strands(n: int, p: int, dense: bool = True) -> list[list[slice]]:
    """Chunks of rows in fixed groups."""
    size = min(max(CACHE_BYTES // (8 * max(p, 1)), 64), 8192) if dense else max(-(-n // STRANDS), 1)
    chunks = slices(n, size)
    per = -(-len(chunks) // STRANDS)
    return [chunks[i : i + per] for i in range(0, len(chunks), per)]


def total(parts: list[Any]) -> Any:
    """Add in order, in place where possible (the parts are ours)."""
    result = parts[0]
    for other in parts[1:]:
        result = result + other
    return result


def scores(block: Block, w: np.ndarray, b: Any) -> np.ndarray:
    """z = X w + b for every row, in float64."""
    if sparse.issparse(block.X):
        return sparse_scores(block, w, b)
    out = np.empty((block.n, *w.shape[1:]))

    def fill(chunks: list[slice]) -> None:
        for s in chunks:
            out[s] = np.asarray(block.X[s], dtype=np.float64) @ w + b

    with single_threaded_blas():
        each(fill, strands(block.n, block.X.shape[1]))
    return out


def sparse_scores(block: Block, w: np.ndarray, b: Any) -> np.ndarray:
    out = np.empty((block.n, *w.shape[1:]))
    multiply(block.rows(), np.ascontiguousarray(w), out)
    return np.add(out, b, out=out)


def multiply(runs: Any, v: np.ndarray, out: np.ndarray) -> np.ndarray:
    """out = runs times v, over threads; each output belongs to one thread, so bits do not vary."""
    dot = runs_dot_vector if v.ndim == 1 else runs_dot_matrix
    edges = even_work(runs[2])
    each(lambda ab: dot(*runs, v, out, ab[0], ab[1]), edges)
    return out


def even_work(indptr: np.ndarray) -> list[tuple[int, int]]:
    """Ranges of runs holding about the same number of values."""
    n = len(indptr) - 1
    cuts = np.searchsorted(indptr, np.linspace(0, indptr[-1], STRANDS + 1)[1:-1])
    edges = np.unique(np.concatenate([[0], np.clip(cuts, 0, n), [n]]))
    return [(int(a), int(b)) for a, b in zip(edges[:-1], edges[1:])]


def statistics(loss: Any, block: Block, w: np.ndarray, b: Any, *, second: bool = False) -> Sums:
    """One pass over a block at coefficients w, b.

    `second` adds the matrix of X' H X (dense X, one output).  Cost: O(n p) flops, and O(n p^2) with
    `second`; memory O(p^2) a strand beside the block.
    """
    if sparse.issparse(block.X):
        return _sparse(loss, block, w, b)
    with single_threaded_blas():
        group = _dense_rows if w.ndim == 2 else _dense
        return total(
            each(
                lambda chunks: group(loss, block, w, b, chunks, second),
                strands(block.n, block.X.shape[1]),
            )
        )


def _dense(
    loss: Any, block: Block, w: np.ndarray, b: float, chunks: list[slice], second: bool
) -> Sums:
    p = len(w)
    sums = Sums(0.0, 0.0, np.zeros(p), 0.0)
    if second:
        sums.ww, sums.wb, sums.bb = np.zeros((p, p)), np.zeros(p), 0.0
    size = chunks[0].stop - chunks[0].start
    g, h = np.empty(size), np.empty(size)
    scratch = np.empty((size, p)) if second else None
    for s in chunks:
        X = np.asarray(block.X[s], dtype=np.float64)
        m = len(X)
        z = X @ w + b
        value, slope = pointwise(loss, block.y[s], z, block.weight[s], g[:m], h[:m])
        sums.weight += float(block.weight[s].sum())
        sums.value += value
        sums.b += slope
        sums.w += g[:m] @ X
        if second:
            assert scratch is not None and sums.ww is not None and sums.wb is not None
            root = np.sqrt(h[:m])
            A = np.multiply(X, root[:, None], out=scratch[:m])
            sums.ww += A.T @ A  # NumPy sees A' A and calls the symmetric product
            sums.wb += root @ A
            sums.bb += float(h[:m].sum())
    return sums


def _dense_rows(
    loss: Any, block: Block, w: np.ndarray, b: np.ndarray, chunks: list[slice], second: bool
) -> Sums:
    p, k = w.shape
    sums = Sums(0.0, 0.0, np.zeros((p, k)), np.zeros(k))
    size = chunks[0].stop - chunks[0].start
    g, h = np.empty((size, k)), np.empty((size, k))
    for s in chunks:
        X = np.asarray(block.X[s], dtype=np.float64)
        m = len(X)
        z = X @ w
        z += b
        sums.value += rowwise(loss, block.y[s], z, block.weight[s], g[:m], h[:m])
        sums.weight += float(block.weight[s].sum())
        sums.b += g[:m].sum(axis=0)
        sums.w += X.T @ g[:m]
    return sums


def _sparse(loss: Any, block: Block, w: np.ndarray, b: Any) -> Sums:
    z = sparse_scores(block, w, b)
    g, value = row_gradients(loss, block, z)
    slope = np.empty_like(w)
    multiply(block.columns(), g, slope)
    return Sums(float(block.weight.sum()), value, slope, g.sum(axis=0))


def row_gradients(
    loss: Any, block: Block, z: np.ndarray, h: np.ndarray | None = None
) -> tuple[np.ndarray, float]:
    """Gradient of every row's loss in z (weighted), and the total loss; h gets the curvature."""
    g = np.empty_like(z)
    h = np.empty_like(z) if h is None else h

    def fill(s: slice) -> float:
        if z.ndim == 2:
            return rowwise(loss, block.y[s], z[s], block.weight[s], g[s], h[s])
        return pointwise(loss, block.y[s], z[s], block.weight[s], g[s], h[s])[0]

    chunks = slices(block.n, max(-(-block.n // STRANDS), 256))
    return g, float(sum(each(fill, chunks)))
