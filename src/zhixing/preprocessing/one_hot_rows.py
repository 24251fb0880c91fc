"""Rows of zeros and ones from the output column of every value."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse as sp
from sklearn import get_config

from ..core.parallel import each, slices
from ..kernels.one_hot import count_present, fill_dense, fill_indices

_ROWS = 2**16
_FEW = 64  # rows below which handing out chunks costs more than the work

#: A column's codes and the output column of every code (-1 for none); the last is for code -1.
Placed = tuple[np.ndarray, np.ndarray]


def sparse_rows(columns: list[Placed], width: int, dtype: np.dtype) -> Any:
    """CSR rows; an input column gives at most one entry per row, so the pattern is known."""
    if columns[0][0].size <= _FEW:
        return _few_rows(columns, width, dtype)
    placed, complete = _placed(columns)
    p, n = placed.shape
    cuts = slices(n, _ROWS)
    if complete:
        full = np.empty((n, p), np.int32)
        nothing = np.empty(0, np.int64)
        each(lambda s: fill_indices(placed, s.start, s.stop, nothing, full.reshape(-1)), cuts)
        return one_per_column(full, width, dtype)
    indptr = np.zeros(n + 1, np.int64)
    each(lambda s: count_present(placed, s.start, s.stop, indptr[1:]), cuts)
    np.cumsum(indptr, out=indptr)
    indices = np.empty(int(indptr[-1]), np.int32)
    each(lambda s: fill_indices(placed, s.start, s.stop, indptr, indices), cuts)
    return _csr(indices, indptr, (n, width), dtype)


def _few_rows(columns: list[Placed], width: int, dtype: np.dtype) -> Any:
    """The same without threads: one row costs microseconds."""
    placed = np.array([target[codes] for codes, target in columns], np.int32).T
    known = placed >= 0
    indptr = np.zeros(len(placed) + 1, np.int32)
    np.cumsum(known.sum(axis=1), out=indptr[1:])
    return _csr(placed[known], indptr, (len(placed), width), dtype)


def one_per_column(columns: np.ndarray, width: int, dtype: np.dtype) -> Any:
    """CSR rows with a one in each of the output columns that a row of `columns` lists, ascending."""
    n, p = columns.shape
    indptr = np.arange(0, n * p + 1, p, dtype=np.int64)
    return _csr(columns.reshape(-1), indptr, (n, width), dtype)


def _csr(indices: np.ndarray, indptr: np.ndarray, shape: tuple[int, int], dtype: np.dtype) -> Any:
    if indices.size < 2**31:
        indptr = indptr.astype(np.int32)
    kind = sp.csr_matrix if sparse_interface() == "spmatrix" else sp.csr_array
    out = kind((np.ones(indices.size, dtype), indices, indptr), shape=shape, copy=False)
    out.has_sorted_indices = True
    return out


def sparse_interface() -> str:
    """Which kind of SciPy container scikit-learn is configured to return."""
    return get_config().get("sparse_interface", "spmatrix")


def dense_rows(columns: list[Placed], width: int, dtype: np.dtype) -> np.ndarray:
    """The same rows as a dense array."""
    n = columns[0][0].size
    if n <= _FEW:
        out = np.zeros((n, width), dtype)
        for codes, target in columns:
            places = target[codes]
            rows = np.flatnonzero(places >= 0)
            out[rows, places[rows]] = 1
        return out
    placed, _ = _placed(columns)
    out = np.zeros((n, width), dtype if dtype in (np.float64, np.float32) else np.float32)
    each(lambda s: fill_dense(placed, s.start, s.stop, out), slices(n, _ROWS))
    return out.astype(dtype, copy=False)


def _placed(columns: list[Placed]) -> tuple[np.ndarray, bool]:
    placed = np.empty((len(columns), columns[0][0].size), np.int32)

    def place(j: int) -> bool:
        codes, target = columns[j]
        np.take(target, codes, out=placed[j], mode="wrap")
        return bool(target.min(initial=0) >= 0) or bool(placed[j].min(initial=0) >= 0)

    return placed, all(each(place, range(len(columns))))
