"""Count, mean and squared deviations of every column, in one pass over memory."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(
    ("f8[:, ::1]", "f8[::1]", "f8[::1]", "f8[:, ::1]"),
    ("f4[:, ::1]", "f8[::1]", "f8[::1]", "f8[:, ::1]"),
)
def column_moments(X, shift, weight, out):
    """Moments of X - shift by column: out[0] = sum of weights, out[1] = mean, out[2] = sum of
    w (x - mean)^2, NaN skipped.

    A shift near the mean keeps the digits of columns far from zero.  An empty `weight` means ones.
    Blocks that fit the cache are read twice (mean, then deviations with the first-order
    correction) and merged by Chan, Golub and LeVeque (1983), eq. 2.1.
    """
    n, p = X.shape
    size = max(1, 16384 // max(p, 1))
    seen = np.empty(p)
    mean = np.empty(p)
    first = np.empty(p)
    second = np.empty(p)
    out[:, :] = 0.0
    for start in range(0, n, size):
        stop = min(start + size, n)
        seen[:] = 0.0
        mean[:] = 0.0
        first[:] = 0.0
        second[:] = 0.0
        if weight.size == 0:
            for i in range(start, stop):
                for j in range(p):
                    x = np.float64(X[i, j]) - shift[j]
                    known = x == x
                    seen[j] += 1.0 if known else 0.0
                    mean[j] += x if known else 0.0
        else:
            for i in range(start, stop):
                w = weight[i]
                for j in range(p):
                    x = np.float64(X[i, j]) - shift[j]
                    known = x == x
                    seen[j] += w if known else 0.0
                    mean[j] += w * x if known else 0.0
        for j in range(p):
            mean[j] = mean[j] / seen[j] if seen[j] > 0.0 else 0.0
        if weight.size == 0:
            for i in range(start, stop):
                for j in range(p):
                    d = np.float64(X[i, j]) - shift[j] - mean[j]
                    d = d if d == d else 0.0
                    first[j] += d
                    second[j] += d * d
        else:
            for i in range(start, stop):
                w = weight[i]
                for j in range(p):
                    d = np.float64(X[i, j]) - shift[j] - mean[j]
                    d = d if d == d else 0.0
                    first[j] += w * d
                    second[j] += w * d * d
        for j in range(p):
            if seen[j] > 0.0:
                correction = first[j] / seen[j]
                squares = second[j] - first[j] * correction
                delta = mean[j] + correction - out[1, j]
                total = out[0, j] + seen[j]
                out[2, j] += squares + delta * delta * (out[0, j] * seen[j] / total)
                out[1, j] += delta * (seen[j] / total)
                out[0, j] = total
