"""Sums of every column within every class, in one pass over memory."""

from __future__ import annotations

import numpy as np

from ._jit import kernel

_MATRIX = ("f8[:, ::1]", "f4[:, ::1]")


@kernel(*((x, "i4[::1]", "f8[::1]", "f8[:, ::1]", "i8[::1]") for x in _MATRIX))
def first_values(X, codes, weight, pivot, missing):
    """pivot[c, j] = first value of column j in class c that is not NaN and has weight.

    `pivot` starts as NaN, `missing[c]` as the number of columns; rows may come in several calls.
    An empty `weight` means ones.  Returns how many cells still lack a value.
    """
    n, p = X.shape
    left = missing.sum()
    for i in range(n):
        if left == 0:
            break
        c = codes[i]
        if missing[c] == 0 or (weight.size > 0 and weight[i] <= 0.0):
            continue
        for j in range(p):
            x = np.float64(X[i, j])
            if x == x and pivot[c, j] != pivot[c, j]:
                pivot[c, j] = x
                missing[c] -= 1
                left -= 1
    return left


@kernel(*((x, "i4[::1]", "f8[::1]", "f8[:, ::1]", "f8[:, :, ::1]") for x in _MATRIX))
def class_moments(X, codes, weight, pivot, sums):
    """sums[c] += (sum of w, sum of w d, sum of w d^2) by column, d = x - pivot[c], NaN skipped.

    An empty `weight` means ones.
    """
    n, p = X.shape
    for i in range(n):
        c = codes[i]
        w = weight[i] if weight.size > 0 else 1.0
        at = pivot[c]
        known, first, second = sums[c, 0], sums[c, 1], sums[c, 2]
        for j in range(p):
            d = np.float64(X[i, j]) - at[j]
            known[j] += w if d == d else 0.0
            d = d if d == d else 0.0
            first[j] += w * d
            second[j] += w * d * d
