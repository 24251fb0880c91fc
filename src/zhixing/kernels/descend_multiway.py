"""Rows down a tree whose nodes have as many children as they need."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, subroutine


@subroutine
def child_of(x, node, threshold, first, offset, branch):
    """The child for a value, or -1: missing, or a category that the node has no branch for."""
    if x != x:
        return np.int64(-1)
    if offset[node] < 0:
        return first[node] + (0 if x <= threshold[node] else 1)
    return branch[offset[node] + np.int64(x)]


@kernel(
    (
        "f8[:, ::1]",
        "i8[::1]",
        "f8[::1]",
        "i8[::1]",
        "i8[::1]",
        "i8[::1]",
        "i8[::1]",
    )
)
def multiway_leaves(X, feature, threshold, first, offset, branch, found):
    """found[i]: the node in which row i ends; it stays where a node has no branch for it."""
    for i in range(X.shape[0]):
        node = np.int64(0)
        while feature[node] >= 0:
            child = child_of(X[i, feature[node]], node, threshold, first, offset, branch)
            if child < 0:
                break
            node = child
        found[i] = node


@kernel(
    (
        "f8[:, ::1]",
        "i8[::1]",
        "f8[::1]",
        "i8[::1]",
        "i8[::1]",
        "i8[::1]",
        "i8[::1]",
        "f8[::1]",
        "f8[:, ::1]",
        "f8[:, ::1]",
    )
)
def fractional_shares(X, feature, threshold, first, children, offset, branch, part, share, out):
    """out[i] += the class shares of the leaves a row reaches; a value that says nothing takes all branches.

    part[node]: the share of its parent's known rows that went to a node.
    """
    k = share.shape[1]
    nodes = feature.size
    stack = np.empty(nodes, np.int64)
    masses = np.empty(nodes)
    for i in range(X.shape[0]):
        stack[0] = 0
        masses[0] = 1.0
        size = 1
        while size > 0:
            size -= 1
            node = stack[size]
            mass = masses[size]
            if feature[node] < 0:
                for c in range(k):
                    out[i, c] += mass * share[node, c]
                continue
            child = child_of(X[i, feature[node]], node, threshold, first, offset, branch)
            if child >= 0:
                stack[size] = child
                masses[size] = mass
                size += 1
                continue
            for b in range(first[node], first[node] + children[node]):
                if part[b] > 0.0:
                    stack[size] = b
                    masses[size] = mass * part[b]
                    size += 1
