"""Anderson extrapolation: from the last few points of a slow iteration to where they are heading."""

from __future__ import annotations

import numpy as np

from ._jit import subroutine

#: Steps that one extrapolation combines.
DEPTH = 5


@subroutine
def combination(P, c):
    """Fill c with the weights of P[1], ..., P[K], K = c.size, that extrapolate the points P[0..K].

    The weights sum to one and make the same combination of the differences P[k + 1] - P[k] as short as
    they can (Bertrand and Massias 2021, algorithm 1).  Says whether they are finite.
    """
    K = c.size
    A = np.zeros((K, K))
    for a in range(K):
        for b in range(a + 1):
            dot = 0.0
            for j in range(P.shape[1]):
                dot += (P[a + 1, j] - P[a, j]) * (P[b + 1, j] - P[b, j])
            A[a, b] = A[b, a] = dot
    trace = 0.0
    for a in range(K):
        trace += A[a, a]
    if not trace > 0.0:  # the points do not move
        return False
    for a in range(K):
        A[a, a] += 1e-12 * trace
        c[a] = 1.0
    for a in range(K):  # elimination without pivots: A is positive definite
        for b in range(a + 1, K):
            f = A[b, a] / A[a, a]
            c[b] -= f * c[a]
            for d in range(a, K):
                A[b, d] -= f * A[a, d]
    total = 0.0
    for a in range(K - 1, -1, -1):
        for b in range(a + 1, K):
            c[a] -= A[a, b] * c[b]
        c[a] /= A[a, a]
        total += c[a]
    for a in range(K):
        c[a] /= total
    return abs(total) > 0.0 and np.isfinite(total)


@subroutine
def combine(P, c, out):
    """out = sum_k c[k] P[k + 1]."""
    for j in range(out.size):
        out[j] = 0.0
    for k in range(c.size):
        for j in range(out.size):
            out[j] += c[k] * P[k + 1, j]
