"""The nearest non-decreasing sequence in weighted least squares."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(
    ("f8[::1]", "f8[::1]", "f8[::1]"),
)
def pool_adjacent_violators(y, weight, fitted):
    """Fill `fitted` with the isotonic regression of y: blocks on a stack, merged while they decrease; O(n).

    Ayer et al. (1955); the stack form of Best & Chakravarti (1990).  Returns the number of blocks.
    """
    n = y.size
    sums = np.empty(n)
    weights = np.empty(n)
    ends = np.empty(n, dtype=np.int64)
    top = -1
    for i in range(n):
        total = weight[i] * y[i]
        w = weight[i]
        # A block joins the one before it unless its mean is greater.
        while top >= 0 and sums[top] * w >= total * weights[top]:
            total += sums[top]
            w += weights[top]
            top -= 1
        top += 1
        sums[top] = total
        weights[top] = w
        ends[top] = i + 1
    start = 0
    for block in range(top + 1):
        mean = sums[block] / weights[block]
        for i in range(start, ends[block]):
            fitted[i] = mean
        start = ends[block]
    return top + 1
