"""A Cholesky factor whose matrix gains or loses a row and its column."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, subroutine


@subroutine
def append_row(L, k, a):
    """Extend the lower factor L of k rows by the row a[:k], a[k] of the matrix; O(k^2).

    Returns the square of the new pivot: what a[k] has left once the first k explain what they can.  The
    pivot is written only where that is positive.
    """
    left = a[k]
    for i in range(k):
        s = a[i]
        for j in range(i):
            s -= L[i, j] * L[k, j]
        s /= L[i, i]
        L[k, i] = s
        left -= s * s
    if left > 0.0:
        L[k, k] = np.sqrt(left)
    return left


@subroutine
def solve_factored(L, k, b, x):
    """Fill x[:k] with the solution of L L' x = b."""
    for i in range(k):
        s = b[i]
        for j in range(i):
            s -= L[i, j] * x[j]
        x[i] = s / L[i, i]
    for i in range(k - 1, -1, -1):
        s = x[i] / L[i, i]
        x[i] = s
        for j in range(i):
            x[j] -= L[i, j] * s


@kernel(("f8[:, ::1]", "i8", "f8[::1]"))
def cholesky_append(L, k, a):
    return append_row(L, k, a)


@kernel(("f8[:, ::1]", "i8", "f8[::1]", "f8[::1]"))
def cholesky_solve(L, k, b, x):
    solve_factored(L, k, b, x)


@kernel(("f8[:, ::1]", "i8", "i8"))
def cholesky_delete(L, k, at):
    """Take row and column `at` out of the matrix whose lower factor L has k rows, by rotations; O(k^2)."""
    for i in range(at, k - 1):
        for j in range(i + 2):
            L[i, j] = L[i + 1, j]
    for i in range(at, k - 1):
        c, s = L[i, i], L[i, i + 1]
        r = np.hypot(c, s)
        c, s = c / r, s / r
        for row in range(i, k - 1):
            a, b = L[row, i], L[row, i + 1]
            L[row, i] = c * a + s * b
            L[row, i + 1] = c * b - s * a
