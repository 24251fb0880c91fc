"""Quantiles of the training rows that share leaves with a row."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(
    (
        "i8[:, ::1]",
        "i8[::1]",
        "i8[::1]",
        "f8[::1]",
        "f8[::1]",
        "f8[::1]",
        "f8[::1]",
        "f8[:, ::1]",
    )
)
def leaf_quantiles(ends, starts, rank, weight, total, y, q, found):
    """found[i, k]: the least y at which the rows' weights reach the share q[k].

    Row i ends in the leaves ends[i]; leaf l holds the training rows rank[starts[l] : starts[l + 1]], as
    places in y (ascending) and weight, of the total weight total[l].  q is ascending.
    """
    n = y.size
    share = np.zeros(n)
    touched = np.empty(n, np.int64)
    for i in range(ends.shape[0]):
        count = 0
        whole = 0.0
        for t in range(ends.shape[1]):
            leaf = ends[i, t]
            if total[leaf] <= 0.0:
                continue
            for k in range(starts[leaf], starts[leaf + 1]):
                r = rank[k]
                if share[r] == 0.0:
                    touched[count] = r
                    count += 1
                share[r] += weight[r] / total[leaf]
            whole += 1.0
        if 16 * count > n:
            # Many rows: all of them are passed in order.
            count = 0
            for r in range(n):
                if share[r] > 0.0:
                    touched[count] = r
                    count += 1
        else:
            touched[:count].sort()
        below = 0.0
        k = 0
        for c in range(count):
            r = touched[c]
            below += share[r]
            share[r] = 0.0
            while k < q.size and below >= q[k] * whole * (1.0 - 1e-12):
                found[i, k] = y[r]
                k += 1
        while k < q.size:
            found[i, k] = y[touched[count - 1]] if count > 0 else np.nan
            k += 1
