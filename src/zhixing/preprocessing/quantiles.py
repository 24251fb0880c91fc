"""Quantiles of the columns of any matrix, NaN skipped, columns in threads."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse as sp

from ..core.parallel import each

_TOGETHER = 8  # columns of a row-major matrix copied at a time: one cache line of doubles


def column_quantiles(X: Any, levels: Any, *, method: Any = "linear") -> np.ndarray:
    """Quantiles at `levels` (from 0 to 1), of shape (len(levels), n_features).

    Values not stored in a sparse matrix are zeros.  A column without known values gives NaN.

    >>> column_quantiles(np.array([[1.0, 5.0], [2.0, np.nan], [4.0, 7.0]]), [0.5])
    array([[2., 6.]])
    """
    levels = np.asarray(levels, dtype=np.float64)

    def of(x: np.ndarray) -> np.ndarray:
        known = x[~np.isnan(x)]
        if not known.size:
            return np.full(levels.size, np.nan)
        if levels.size > 16:
            known.sort()
        return np.quantile(known, levels, method=method)

    return np.array(map_columns(of, X), dtype=np.float64).reshape(-1, levels.size).T


def map_columns(task: Any, X: Any) -> list[Any]:
    """``task(column)`` for every column as a contiguous array, in threads."""
    n, p = X.shape
    if sp.issparse(X):
        X = X.tocsc()

        def dense(j: int) -> Any:
            column = np.zeros(n, X.dtype)
            stored = slice(X.indptr[j], X.indptr[j + 1])
            column[X.indices[stored]] = X.data[stored]
            return task(column)

        return each(dense, range(p))
    if X.flags.f_contiguous:
        return each(lambda j: task(X[:, j]), range(p))
    done: list[Any] = []
    for start in range(0, p, _TOGETHER):
        block = np.asfortranarray(X[:, start : start + _TOGETHER])
        done += each(lambda j: task(block[:, j]), range(block.shape[1]))  # noqa: B023
    return done
