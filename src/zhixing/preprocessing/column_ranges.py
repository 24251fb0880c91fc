"""Smallest and largest value of the columns of any matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse as sp

from ..core.arrays import writable
from ..core.parallel import each, slices
from ..kernels.column_ranges import column_ranges

_ALONE = 8  # a column in one piece is read as this many interleaved columns


def ranges(X: Any) -> tuple[np.ndarray, np.ndarray]:
    """Minimum and maximum by column as float64, NaN skipped; NaN where nothing is known.

    >>> ranges(np.array([[1.0, np.nan], [3.0, np.nan]]))
    (array([ 1., nan]), array([ 3., nan]))
    """
    if sp.issparse(X):
        return _sparse_ranges(X)
    n, p = X.shape
    if X.flags.f_contiguous and not (X.flags.c_contiguous and n <= 64):
        parts = each(lambda j: _column(X[:, j]), range(p))
        low, high = (np.array([part[k] for part in parts]) for k in (0, 1))
    else:
        cuts = slices(n, max(1024, 2**20 // max(p, 1)))
        parts = each(lambda s: _block(np.ascontiguousarray(X[s])), cuts)
        low = np.min([part[0] for part in parts], axis=0)
        high = np.max([part[1] for part in parts], axis=0)
    nothing = low > high
    return np.where(nothing, np.nan, low), np.where(nothing, np.nan, high)


def _block(X: np.ndarray) -> np.ndarray:
    out = np.empty((2, X.shape[1]))
    column_ranges(writable(X), out)
    return out


def _column(x: np.ndarray) -> tuple[float, float]:
    even = x.size - x.size % _ALONE
    parts = [_block(x[:even].reshape(-1, _ALONE))] if even else []
    if even < x.size:
        parts.append(_block(x[even:, None]))
    return min(part[0].min() for part in parts), max(part[1].max() for part in parts)


def _sparse_ranges(X: Any) -> tuple[np.ndarray, np.ndarray]:
    low = X.nanmin(axis=0).toarray().ravel().astype(np.float64)
    high = X.nanmax(axis=0).toarray().ravel().astype(np.float64)
    return low, high
