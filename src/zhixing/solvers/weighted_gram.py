"""X' V X with the column of ones, and x' C x of every row: what inference about coefficients needs."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from ..core.parallel import each, single_threaded_blas
from .statistics import strands, total


def _augmented(X: Any, s: slice, intercept: bool) -> np.ndarray:
    rows = X[s]
    rows = rows.toarray() if sparse.issparse(rows) else rows
    A = np.ones((s.stop - s.start, X.shape[1] + int(intercept)))
    A[:, : X.shape[1]] = rows
    return A


def weighted_gram(X: Any, v: np.ndarray, intercept: bool) -> np.ndarray:
    """sum_i v_i a_i a_i' with a = (x, 1); v must not be negative.  O(n p^2), chunk by chunk."""
    m = X.shape[1] + int(intercept)
    root = np.sqrt(v)

    def strand(chunks: list[slice]) -> np.ndarray:
        out = np.zeros((m, m))
        for s in chunks:
            A = _augmented(X, s, intercept)
            A *= root[s, None]
            out += A.T @ A
        return out

    with single_threaded_blas():
        return total(each(strand, strands(X.shape[0], m)))


def row_forms(X: Any, C: np.ndarray, intercept: bool) -> np.ndarray:
    """a_i' C a_i for every row, a = (x, 1): leverages, and variances of predictions."""
    out = np.empty(X.shape[0])

    def strand(chunks: list[slice]) -> None:
        for s in chunks:
            A = _augmented(X, s, intercept)
            out[s] = np.einsum("ij,ij->i", A @ C, A)

    with single_threaded_blas():
        each(strand, strands(X.shape[0], len(C)))
    return out


def group_sums(X: Any, g: np.ndarray, groups: np.ndarray, intercept: bool) -> np.ndarray:
    """sum of g_i a_i over the rows of each group; `groups` holds codes 0, 1, ..."""
    count = int(groups.max()) + 1
    rows = np.arange(len(groups))
    gather = sparse.csr_matrix((g, (groups, rows)), shape=(count, len(groups)))
    sums = gather @ X
    sums = sums.toarray() if sparse.issparse(sums) else np.asarray(sums)
    if intercept:
        sums = np.column_stack([sums, np.bincount(groups, weights=g, minlength=count)])
    return sums
