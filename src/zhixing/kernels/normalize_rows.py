"""Rows divided by their norm, in one pass."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(
    ("f8[:, ::1]", "i8", "f8", "f8[:, ::1]"),
    ("f4[:, ::1]", "i8", "f8", "f4[:, ::1]"),
)
def normalize_rows(X, order, tiny, out):
    """out = X / norm by row; `order` 1 and 2 are l1 and l2, 0 is the largest absolute value.

    Norms below `tiny` count as 1.
    """
    n, p = X.shape
    for i in range(n):
        size = 0.0
        for j in range(p):
            x = np.float64(X[i, j])
            if order == 2:
                size += x * x
            elif order == 1:
                size += abs(x)
            else:
                size = max(size, abs(x))
        if order == 2:
            size = np.sqrt(size)
        if size < tiny:
            size = 1.0
        for j in range(p):
            out[i, j] = X[i, j] / size
