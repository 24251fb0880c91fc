"""Weighted totals of every column within every class, from dense rows, runs or categories."""

from __future__ import annotations

import numpy as np

from ._jit import kernel

_MATRIX = ("f8[:, ::1]", "f4[:, ::1]")


@kernel(*((x, "i4[::1]", "f8[::1]", "f8[:, ::1]", "f8[::1]") for x in _MATRIX))
def class_totals(X, codes, weight, totals, lowest):
    """totals[c, j] += sum of w x over class c; lowest[j] becomes the least x if that is lower.

    An empty `weight` means ones, as in the other loops of this file.
    """
    n, p = X.shape
    for i in range(n):
        w = weight[i] if weight.size > 0 else 1.0
        row = totals[codes[i]]
        for j in range(p):
            x = np.float64(X[i, j])
            row[j] += w * x
            lowest[j] = x if x < lowest[j] else lowest[j]


@kernel(*((x, "i4[::1]", "f8[::1]", "f8", "f8[:, ::1]") for x in _MATRIX))
def class_totals_above(X, codes, weight, threshold, totals):
    """totals[c, j] += weight of the rows of class c with x > threshold."""
    n, p = X.shape
    for i in range(n):
        w = weight[i] if weight.size > 0 else 1.0
        row = totals[codes[i]]
        for j in range(p):
            row[j] += w if X[i, j] > threshold else 0.0


@kernel(("f8[::1]", "i4[::1]", "i8[::1]", "i8[::1]", "f8[::1]", "f8[::1]"))
def class_totals_runs(data, indices, indptr, rows, weight, totals):
    """totals[j] += sum of w x over `rows`, the rows of one class, held as runs."""
    for i in rows:
        w = weight[i] if weight.size > 0 else 1.0
        for at in range(indptr[i], indptr[i + 1]):
            totals[indices[at]] += w * data[at]


@kernel(("i8[:, ::1]", "i8[::1]", "i4[::1]", "f8[::1]", "f8[:, ::1]"))
def class_totals_categories(X, start, codes, weight, totals):
    """totals[start[j] + X[i, j], c] += w; a negative category is left out."""
    n, p = X.shape
    for i in range(n):
        w = weight[i] if weight.size > 0 else 1.0
        c = codes[i]
        for j in range(p):
            if X[i, j] >= 0:
                totals[start[j] + X[i, j], c] += w
