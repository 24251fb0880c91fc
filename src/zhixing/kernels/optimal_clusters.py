"""The best partition of sorted values into intervals."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(("f8[::1]", "f8[::1]", "f8[::1]", "i8", "i8[::1]"))
def optimal_clusters(mass, sums, squares, k, bounds):
    """One-dimensional k-means, solved: fill `bounds` with the ends of the k clusters.

    ``mass``, ``sums`` and ``squares`` are cumulated weights, w x and w x^2 with a leading 0.  With
    D[c, j] the least cost of the first j values in c clusters, D[c, j] = min over i of D[c - 1, i]
    + cost(i, j); the best i grows with j, so each row is found by halving: O(k m log m).
    Wang and Song (2011), with the divide and conquer of Grønlund et al. (2017), section 3.
    """
    m = mass.size - 1
    before = np.empty(m + 1)
    after = np.empty(m + 1)
    choice = np.zeros((k, m + 1), np.int32)
    before[0] = 0.0
    for j in range(1, m + 1):
        before[j] = squares[j] - sums[j] * sums[j] / mass[j]
    stack = np.empty((64, 4), np.int64)
    for c in range(1, k):
        after[:] = np.inf
        top = 0
        stack[0, 0], stack[0, 1], stack[0, 2], stack[0, 3] = c + 1, m, c, m - 1
        while top >= 0:
            low, high, first, last = stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3]
            top -= 1
            if low > high:
                continue
            j = (low + high) // 2
            best = np.inf
            at = first
            for i in range(first, min(last, j - 1) + 1):
                w = mass[j] - mass[i]
                s = sums[j] - sums[i]
                cost = before[i] + max(squares[j] - squares[i] - s * s / w, 0.0)
                if cost < best:
                    best = cost
                    at = i
            after[j] = best
            choice[c, j] = at
            top += 1
            stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3] = low, j - 1, first, at
            top += 1
            stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3] = j + 1, high, at, last
        before, after = after, before
    end = m
    for c in range(k - 1, -1, -1):
        bounds[c] = end
        end = choice[c, end]
