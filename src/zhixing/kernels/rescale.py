"""Shift and scale every column in one pass; both forms say whether they met an infinity."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(
    ("f8[:, ::1]", "f8[::1]", "f8[::1]", "f8[:, ::1]"),
    ("f4[:, ::1]", "f4[::1]", "f4[::1]", "f4[:, ::1]"),
)
def shift_divide(X, shift, scale, out):
    """out = (X - shift) / scale; the number of infinite results."""
    n, p = X.shape
    infinite = 0
    for i in range(n):
        for j in range(p):
            z = (X[i, j] - shift[j]) / scale[j]
            infinite += 1 if abs(z) == np.inf else 0
            out[i, j] = z
    return infinite


@kernel(
    ("f8[:, ::1]", "f8[::1]", "f8[::1]", "f8[:, ::1]"),
    ("f4[:, ::1]", "f4[::1]", "f4[::1]", "f4[:, ::1]"),
)
def multiply_add(X, scale, shift, out):
    """out = X scale + shift; the number of infinite results."""
    n, p = X.shape
    infinite = 0
    for i in range(n):
        for j in range(p):
            z = X[i, j] * scale[j] + shift[j]
            infinite += 1 if abs(z) == np.inf else 0
            out[i, j] = z
    return infinite
