"""The order in which branches of a tree are closed when leaves have a price."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(("i8[::1]", "i8[::1]", "i8[::1]", "f8[::1]", "f8", "f8[::1]", "f8[::1]", "u1[::1]"))
def close_weakest(left, parent, inner, risk, most, alphas, risks, closed):
    """Close one branch after the other, the least g first, while g <= most; returns how many.

    left, parent (nodes,): the right child follows the left one.  inner: the inner nodes, which is
    changed; of equal g the first of them is closed first.  risk (nodes,): R of a node as a leaf.
    alphas[k], risks[k]: g of the branch closed k-th, and R of the tree after it.  closed (nodes,): 1
    for the nodes that became leaves.
    """
    nodes = left.size
    branch = risk.copy()
    leaves = np.ones(nodes, np.int64)
    alive = np.ones(nodes, np.uint8)
    count = inner.size
    for node in range(nodes - 1, -1, -1):
        if left[node] >= 0:
            branch[node] = branch[left[node]] + branch[left[node] + 1]
            leaves[node] = leaves[left[node]] + leaves[left[node] + 1]
    made = 0
    below = np.empty(nodes, np.int64)
    while alive[0] and leaves[0] > 1:
        best, at = np.inf, np.int64(-1)
        kept = 0
        for k in range(count):
            node = inner[k]
            if not alive[node] or leaves[node] == 1:
                continue
            inner[kept] = node
            kept += 1
            g = (risk[node] - branch[node]) / (leaves[node] - 1)
            if g < best:
                best, at = g, node
        count = kept
        if at < 0 or best > most:
            break
        # The branch below is gone.
        size = 1
        below[0] = at
        while size > 0:
            size -= 1
            node = below[size]
            if left[node] >= 0 and not closed[node]:
                for child in range(left[node], left[node] + 2):
                    alive[child] = 0
                    below[size] = child
                    size += 1
        closed[at] = 1
        less, fewer = risk[at] - branch[at], leaves[at] - 1
        node = at
        while node >= 0:
            branch[node] += less
            leaves[node] -= fewer
            node = parent[node]
        alphas[made] = best
        risks[made] = branch[0]
        made += 1
    return made
