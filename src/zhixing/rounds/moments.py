"""Count, mean and squared deviations of the columns of any matrix, as sums that merge."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy import sparse as sp

from ..core.arrays import writable
from ..core.parallel import each, slices
from ..kernels.column_moments import column_moments

_HEAD = 64  # rows whose mean is the shift
_ALONE = 8  # a column in one piece is read as this many interleaved columns, to fill the registers


class Moments(NamedTuple):
    """Per column: weight of the values that are not NaN, their mean, their squared deviations.

    >>> a, b = moments(np.array([[1.0], [2.0]])), moments(np.array([[6.0], [np.nan]]))
    >>> a.merge(b).mean, a.merge(b).squares
    (array([3.]), array([14.]))
    """

    weight: np.ndarray
    mean: np.ndarray
    squares: np.ndarray

    @property
    def variance(self) -> np.ndarray:
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.squares / self.weight

    def merge(self, other: Moments) -> Moments:
        """The moments of both samples together: Chan, Golub and LeVeque (1983), eq. 2.1."""
        total = self.weight + other.weight
        share = np.divide(other.weight, total, out=np.zeros_like(total), where=total > 0)
        delta = other.mean - self.mean
        squares = self.squares + other.squares + delta * delta * (self.weight * share)
        return Moments(total, self.mean + delta * share, squares)


def moments(X: Any, weight: np.ndarray | None = None) -> Moments:
    """Moments of a dense or sparse matrix; infinities make the mean or the squares not finite."""
    if sp.issparse(X):
        return _sparse_moments(X, weight)
    w = np.empty(0) if weight is None else np.ascontiguousarray(weight, dtype=np.float64)
    n, p = X.shape
    head = X[:_HEAD].astype(np.float64)
    known = np.isfinite(head)
    shift = np.where(known, head, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    if X.flags.c_contiguous and not (X.flags.f_contiguous and n > _HEAD):
        cuts = slices(n, max(1024, 2**20 // max(p, 1)))
        found = _in_order(lambda s: _block(X[s], shift, w[s]), cuts)
    elif X.flags.f_contiguous:
        parts = each(lambda j: _column(X[:, j], shift[j], w), range(p))
        found = Moments(*(np.array([part[k] for part in parts]) for k in range(3)))
    else:
        cuts = slices(n, max(256, 2**17 // max(p, 1)))
        found = _in_order(lambda s: _block(np.ascontiguousarray(X[s]), shift, w[s]), cuts)
    return found._replace(mean=found.mean + shift)


def _in_order(part: Any, cuts: list[slice]) -> Moments:
    parts = each(part, cuts)
    total = parts[0]
    for other in parts[1:]:
        total = total.merge(other)
    return total


def _block(X: np.ndarray, shift: np.ndarray, weight: np.ndarray) -> Moments:
    out = np.empty((3, X.shape[1]))
    column_moments(writable(X), shift, writable(weight), out)
    return Moments(*out)


def _column(x: np.ndarray, shift: float, weight: np.ndarray) -> tuple[float, float, float]:
    if weight.size:
        whole = _block(x[:, None], np.full(1, shift), weight)
    else:
        even = x.size - x.size % _ALONE
        parts = _block(x[:even].reshape(-1, _ALONE), np.full(_ALONE, shift), weight)
        whole = Moments(*(values[:1] for values in parts))
        for k in range(1, _ALONE):
            whole = whole.merge(Moments(*(values[k : k + 1] for values in parts)))
        if even < x.size:
            whole = whole.merge(_block(x[even:, None], np.full(1, shift), weight))
    return float(whole.weight[0]), float(whole.mean[0]), float(whole.squares[0])


def _sparse_moments(X: Any, weight: np.ndarray | None) -> Moments:
    n, p = X.shape
    if X.format == "csc":
        rows, columns = X.indices, np.repeat(np.arange(p), np.diff(X.indptr))
    else:
        rows, columns = None, X.indices
        if weight is not None:
            rows = np.repeat(np.arange(n), np.diff(X.indptr))
    data = X.data.astype(np.float64, copy=False)
    missing = np.isnan(data)
    known = ~missing
    some = bool(missing.any())
    if some:
        data = np.where(missing, 0.0, data)
    ones = np.ones(data.size) if weight is None else weight.astype(np.float64)[rows]
    w = ones * known if some else ones
    stored = np.bincount(columns, weights=w, minlength=p)
    total = np.full(p, float(n) if weight is None else float(weight.sum(dtype=np.float64)))
    if some:
        total -= np.bincount(columns, weights=ones * missing, minlength=p)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(columns, weights=w * data, minlength=p) / total
    mean = np.where(total > 0, mean, 0.0)
    d = data - mean[columns]
    zeros = total - stored
    first = np.bincount(columns, weights=w * d, minlength=p) - zeros * mean
    squares = np.bincount(columns, weights=w * d * d, minlength=p) + zeros * mean * mean
    shift = np.divide(first, total, out=np.zeros(p), where=total > 0)
    return Moments(total, mean + shift, np.maximum(squares - first * shift, 0.0))
