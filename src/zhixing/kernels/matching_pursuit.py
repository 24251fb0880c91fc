"""Orthogonal matching pursuit from products, for many targets."""

from __future__ import annotations

import numpy as np

from ._jit import kernel
from .cholesky_update import append_row, solve_factored


@kernel(
    (
        *("f8[:, ::1]", "f8[:, ::1]", "f8[::1]", "i8", "f8", "f8", "f8"),
        *("i8[:, ::1]", "f8[:, :, ::1]", "i8[::1]"),
    )
)
def matching_pursuit(G, C, yy, most, enough, dependent, nothing, chosen, coefs, steps):
    """For each row c of C: take up columns by the largest |c - G w|, refitting w after each.

    Stops after `most` columns, when yy - c'w is at most `enough` (negative: not looked at), or when no
    column says more than `nothing` times the first.  A column of which less than `dependent` is left
    beside those taken is passed over.  Fills the columns in order, `chosen` (k, most), the number of
    `steps`, and `coefs`: of every step if it has room for them, else of the last.  O(p m) a step.
    """
    p = G.shape[0]
    L = np.empty((most, most))
    a = np.empty(most + 1)
    b = np.empty(most)
    w = np.empty(most)
    r = np.empty(p)
    barred = np.empty(p, dtype=np.bool_)
    whole = coefs.shape[1] == most
    for t in range(C.shape[0]):
        c = C[t]
        first = 0.0
        for j in range(p):
            r[j] = c[j]
            barred[j] = False
            first = max(first, abs(c[j]))
        k = 0
        rest = yy[t]
        while k < most and rest > enough:
            best = nothing * first
            at = -1
            for j in range(p):
                if not barred[j] and abs(r[j]) > best:
                    best = abs(r[j])
                    at = j
            if at < 0:
                break
            barred[at] = True
            for i in range(k):
                a[i] = G[at, chosen[t, i]]
            a[k] = G[at, at]
            if not a[k] > 0.0 or not append_row(L, k, a) > dependent * a[k]:
                continue
            chosen[t, k] = at
            b[k] = c[at]
            k += 1
            solve_factored(L, k, b, w)
            rest = yy[t]
            row = k - 1 if whole else 0
            for i in range(k):
                coefs[t, row, i] = w[i]
                rest -= w[i] * b[i]
            for j in range(p):
                r[j] = c[j]
            for i in range(k):
                v = w[i]
                line = G[chosen[t, i]]
                for j in range(p):
                    r[j] -= v * line[j]
        steps[t] = k
