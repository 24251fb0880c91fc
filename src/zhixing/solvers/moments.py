"""First and second moments of the columns of X and of the targets, in one pass over the rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.parallel import each, single_threaded_blas, slices
from .design import DenseDesign, SparseDesign
from .statistics import total


class Moments(NamedTuple):
    """Sums over rows of weight times 1, (x, y) and (x, y)(x, y)', taken about a `shift`.

    The shift is near the mean, so that nothing is lost when the means are taken out at the end, and
    sums of several pieces with the same shift add and subtract.
    """

    shift: np.ndarray  # (p + k,)
    weight: float
    first: np.ndarray  # (p + k,)
    second: np.ndarray  # (p + k, p + k)

    def __add__(self, other: Moments) -> Moments:  # type: ignore[override]
        return Moments(
            self.shift,
            self.weight + other.weight,
            self.first + other.first,
            self.second + other.second,
        )

    def __sub__(self, other: Moments) -> Moments:
        return Moments(
            self.shift,
            self.weight - other.weight,
            self.first - other.first,
            self.second - other.second,
        )

    def about_mean(self) -> tuple[np.ndarray, np.ndarray]:
        """Weighted means, and weighted means of products about them."""
        m = self.first / self.weight
        return self.shift + m, self.second / self.weight - np.outer(m, m)

    def about_zero(self) -> np.ndarray:
        """Weighted means of plain products (the shift must be zero)."""
        return self.second / self.weight


def moments(
    X: DenseDesign | SparseDesign,
    Y: np.ndarray,
    weight: np.ndarray | None = None,
    *,
    shift: np.ndarray | None = None,
    center: bool = True,
) -> Moments:
    """Moments of the columns of X (n, p) and of Y (n, k).

    Cost: O(n (p + k)^2) flops, one pass, O((p + k)^2) memory a strand; float32 rows are brought to
    float64 first.
    """
    if isinstance(X, SparseDesign):
        return _sparse_moments(X, Y, weight, shift)
    n, p, k = X.n, X.p, Y.shape[1]
    about = np.zeros(p + k) if shift is None else shift
    if shift is None and center:
        about[:p] = X.X[:256].mean(axis=0, dtype=np.float64)
        about[p:] = Y[:256].mean(axis=0)
    width = p + k + 1
    chunks = slices(n, max((1 << 17) // width, 256))
    strands = min(max((1 << 22) // width**2, 2), max(n // (16 * width), 2), 16)
    per = -(-len(chunks) // strands)
    groups = [chunks[i : i + per] for i in range(0, len(chunks), per)]
    with single_threaded_blas():
        if not center and weight is None and X.X.dtype == np.float64:
            S = total(each(lambda group: _plain(X.X, Y, group), groups))
            return Moments(about, float(n), np.full(p + k, np.nan), S)
        S = total(each(lambda group: _shifted(X.X, Y, weight, about, group), groups))
    return Moments(about, float(S[-1, -1]), S[-1, :-1], S[:-1, :-1])


def _plain(X: np.ndarray, Y: np.ndarray, group: list[slice]) -> np.ndarray:
    """Products of the rows as they are: nothing is copied, and first moments are not needed."""
    p, k = X.shape[1], Y.shape[1]
    sums = np.zeros((p + k, p + k))
    for s in group:
        sums[:p, :p] += X[s].T @ X[s]  # NumPy sees A' A and calls the symmetric product
        sums[:p, p:] += X[s].T @ Y[s]
        sums[p:, p:] += Y[s].T @ Y[s]
    sums[p:, :p] = sums[:p, p:].T
    return sums


def _shifted(
    X: np.ndarray, Y: np.ndarray, weight: np.ndarray | None, shift: np.ndarray, group: list[slice]
) -> np.ndarray:
    """Products of (x, y, 1) about the shift."""
    p, width = X.shape[1], len(shift) + 1
    size = group[0].stop - group[0].start
    by_columns = X.flags.f_contiguous and not X.flags.c_contiguous
    A = np.empty((size, width), order="F" if by_columns else "C")
    sums = np.zeros((width, width))
    with np.errstate(invalid="ignore", over="ignore"):  # values not finite show in the sums
        for s in group:
            a = A[: s.stop - s.start]
            np.subtract(X[s], shift[:p], out=a[:, :p])
            np.subtract(Y[s], shift[p:], out=a[:, p:-1])
            a[:, -1] = 1.0
            if weight is not None:
                a *= np.sqrt(weight[s, None])
            sums += a.T @ a
    return sums


def _sparse_moments(
    X: SparseDesign, Y: np.ndarray, weight: np.ndarray | None, shift: np.ndarray | None
) -> Moments:
    p, k = X.p, Y.shape[1]
    omega = np.ones(X.n) if weight is None else weight
    wY = Y * omega[:, None]
    first = np.empty(p + k)
    first[:p] = X.transpose_dot(omega)
    first[p:] = wY.sum(axis=0)
    second = np.empty((p + k, p + k))
    X.take(np.arange(p)).gram(omega, second)
    second[:p, p:] = X.transpose_dot(wY)
    second[p:, :p] = second[:p, p:].T
    second[p:, p:] = Y.T @ wY
    return Moments(np.zeros(p + k), float(omega.sum()), first, second)
