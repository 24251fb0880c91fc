"""Rows in the order of a tree's leaves: what a leaf holds, and what it adds to its rows' scores."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(
    (
        "u4[::1]",
        "i8[::1]",
        "i8[::1]",
        "i8[::1]",
        "i8",
        "i8",
        "f8[::1]",
        "f8[::1]",
        "f8[::1]",
        "f8[::1]",
    )
)
def leaf_sums(index, starts, stops, order, me, team, g, h, sum_g, sum_h):
    """Sums of g and h over the rows of the leaves order[me], order[me + team], ...

    A leaf's rows are added by one member in one order, so the sums do not depend on the team.
    """
    for k in range(me, order.size, team):
        leaf = order[k]
        total_g = 0.0
        total_h = 0.0
        for i in range(np.uint64(starts[leaf]), np.uint64(stops[leaf])):
            row = np.uint64(index[i])
            total_g += g[row]
            total_h += h[row]
        sum_g[leaf] = total_g
        sum_h[leaf] = total_h


@kernel(
    ("u4[::1]", "i8[::1]", "i8[::1]", "i8[::1]", "i8", "i8", "f8[::1]", "f8[::1]"),
)
def add_leaves(index, starts, stops, order, me, team, values, scores):
    """scores[row] += values[leaf] for the rows of this member's leaves."""
    for k in range(me, order.size, team):
        leaf = order[k]
        value = values[leaf]
        for i in range(np.uint64(starts[leaf]), np.uint64(stops[leaf])):
            scores[np.uint64(index[i])] += value
