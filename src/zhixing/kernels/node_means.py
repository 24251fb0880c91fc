"""Weight, means and squared distances of every node of a tree, from its rows."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(
    (
        "u4[::1]",
        "i8[::1]",
        "i8[::1]",
        "i8[::1]",
        "f8[::1]",
        "f8[:, ::1]",
        "f8[::1]",
        "f8[:, ::1]",
        "f8[:, ::1]",
    )
)
def node_means(index, left, starts, stops, weight, y, total, means, spread):
    """Fill total (nodes,), means and spread (nodes, k): sum w, mean of y, sum w (y - mean)^2.

    A leaf's come from its rows index[start:stop], an inner node's from its children, which come after
    it: sums of squares about means add without cancelling (Chan, Golub, LeVeque 1983).
    """
    k = y.shape[1]
    for node in range(left.size - 1, -1, -1):
        if left[node] < 0:
            w = 0.0
            for i in range(starts[node], stops[node]):
                w += weight[np.uint64(index[i])]
            total[node] = w
            for o in range(k):
                # About the first row's y, so that equal y have exactly their value as mean.
                base = y[np.uint64(index[starts[node]]), o]
                s = 0.0
                for i in range(starts[node], stops[node]):
                    row = np.uint64(index[i])
                    s += weight[row] * (y[row, o] - base)
                mean = base + s / w if w > 0.0 else base
                means[node, o] = mean
                s = 0.0
                for i in range(starts[node], stops[node]):
                    row = np.uint64(index[i])
                    s += weight[row] * (y[row, o] - mean) ** 2
                spread[node, o] = s
            continue
        a, b = left[node], left[node] + 1
        w = total[a] + total[b]
        total[node] = w
        for o in range(k):
            step = means[b, o] - means[a, o]
            share = total[b] / w if w > 0.0 else 0.5
            means[node, o] = means[a, o] + share * step
            spread[node, o] = spread[a, o] + spread[b, o] + step * step * share * total[a]
