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

from ..core.parallel import each, single_threaded_blas, slices, thread_count
from ..data.blocks import Block
from ..kernels.pointwise import pointwise
from ..kernels.rowwise import rowwise
from ..kernels.sparse_dot import runs_dot_matrix, runs_dot_vector

STRANDS = 16
CACHE_BYTES = 1 << 19


@dataclass
class Sums:
    """Totals over rows of w l, and of its gradient and Hessian in theta = (w, b)."""

    weight: float
    value: float
    gradient: np.ndarray
    hessian: np.ndarray | None = None

    def __add__(self, other: Sums) -> Sums:
        both = self.hessian is not None and other.hessian is not None
        return Sums(
            self.weight + other.weight,
            self.value + other.value,
            self.gradient + other.gradient,
            self.hessian + other.hessian if both else None,  # type: ignore[operator]
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
    cuts = np.searchsorted(indptr, np.linspace(0, indptr[-1], 2 * thread_count() + 1)[1:-1])
    edges = np.unique(np.concatenate([[0], np.clip(cuts, 0, n), [n]]))
    return [(int(a), int(b)) for a, b in zip(edges[:-1], edges[1:])]


def statistics(
    loss: Any, block: Block, theta: np.ndarray, intercept: bool, *, second: bool = False
) -> Sums:
    """One pass over a block at theta, whose last row is the intercept if there is one.

    `second` adds the Hessian over the flat theta, as a square matrix; sparse rows are then unpacked a
    chunk at a time.  Cost for k outputs: O(n p k), or the values held if X is sparse, and
    O(n p^2 k^2) with `second`; memory O(p^2 k^2) a strand beside the block.
    """
    if sparse.issparse(block.X) and not second:
        return _sparse(loss, block, theta, intercept)
    with single_threaded_blas():
        groups = strands(block.n, block.X.shape[1])
        return total(each(lambda c: _dense(loss, block, theta, intercept, c, second), groups))


def _dense(
    loss: Any, block: Block, theta: np.ndarray, intercept: bool, chunks: list[slice], second: bool
) -> Sums:
    size = chunks[0].stop - chunks[0].start
    rows, outputs = theta.shape[0], theta.shape[1:]
    flat = theta.size
    sums = Sums(0.0, 0.0, np.zeros_like(theta), np.zeros((flat, flat)) if second else None)
    scratch = np.ones((size, rows))  # a chunk of X in float64, and the column of ones
    g, h = np.empty((size, *outputs)), np.empty((size, *outputs))
    for s in chunks:
        m = s.stop - s.start
        X = scratch[:m]
        chunk = block.X[s]
        X[:, : rows - int(intercept)] = chunk.toarray() if sparse.issparse(chunk) else chunk
        z = X @ theta
        sums.value += row_losses(loss, block.y[s], z, block.weight[s], g[:m], h[:m])
        sums.weight += float(block.weight[s].sum())
        sums.gradient += X.T @ g[:m]
        if second:
            _add_hessian(sums.hessian, X, h[:m], block.weight[s], loss)
    return sums


def row_losses(loss: Any, y: Any, z: Any, weight: Any, g: Any, h: Any) -> float:
    """Fill g (weighted) and h for every row and return the total loss.

    Parts are compiled into a loop; `FamilyLoss`, whose family and link are free, is vectorised.
    """
    if z.ndim == 2:
        return rowwise(loss, y, z, weight, g, h)
    if hasattr(loss, "derivatives"):
        return pointwise(loss, y, z, weight, g, h)[0]
    first, second = loss.derivatives_of_rows(y, z)
    np.multiply(weight, first, out=g)
    np.multiply(weight, second, out=h)
    value = loss.value(y, z)
    return float(weight @ np.where(weight > 0, value, 0.0))  # 0 times an infinite loss is no loss


def _add_hessian(hessian: Any, X: np.ndarray, h: np.ndarray, weight: np.ndarray, loss: Any) -> None:
    """Add X' H X.  With outputs H is diag(h), or diag(h) - h h' where the loss couples them."""
    if h.ndim == 1:
        A = X * np.sqrt(h)[:, None]
        hessian += A.T @ A  # NumPy sees A' A and calls the symmetric product
        return
    rows, k = X.shape[1], h.shape[1]
    view = hessian.reshape(rows, k, rows, k)
    for a in range(k):
        own = h[:, a] * (1.0 - h[:, a]) if loss.coupled else h[:, a]
        A = X * np.sqrt(weight * own)[:, None]
        view[:, a, :, a] += A.T @ A
        for b in range(a if loss.coupled else 0):
            cross = X.T @ (X * (weight * h[:, a] * h[:, b])[:, None])
            view[:, a, :, b] -= cross
            view[:, b, :, a] -= cross


def _sparse(loss: Any, block: Block, theta: np.ndarray, intercept: bool) -> Sums:
    p = block.X.shape[1]
    z = sparse_scores(block, theta[:p], theta[p] if intercept else 0.0)
    g, value = row_gradients(loss, block, z)
    gradient = np.empty_like(theta)
    multiply(block.columns(), g, gradient[:p])
    if intercept:
        gradient[p] = g.sum(axis=0)
    return Sums(float(block.weight.sum()), value, gradient)


def row_gradients(
    loss: Any, block: Block, z: np.ndarray, h: np.ndarray | None = None
) -> tuple[np.ndarray, float]:
    """Gradient of every row's loss in z (weighted), and the total loss; h gets the curvature."""
    g = np.empty_like(z)
    h = np.empty_like(z) if h is None else h

    def fill(s: slice) -> float:
        return row_losses(loss, block.y[s], z[s], block.weight[s], g[s], h[s])

    chunks = slices(block.n, max(-(-block.n // STRANDS), 256))
    return g, float(sum(each(fill, chunks)))
