"""Smallest and largest value of every column, NaN skipped."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(
    ("f8[:, ::1]", "f8[:, ::1]"),
    ("f4[:, ::1]", "f8[:, ::1]"),
)
def column_ranges(X, out):
    """out[0] = minimum, out[1] = maximum; inf and -inf for a column without known values."""
    n, p = X.shape
    out[0, :] = np.inf
    out[1, :] = -np.inf
    for i in range(n):
        for j in range(p):
            x = np.float64(X[i, j])
            out[0, j] = x if x < out[0, j] else out[0, j]
            out[1, j] = x if x > out[1, j] else out[1, j]
