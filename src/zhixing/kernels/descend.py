"""Rows down the trees of a forest.

A leaf is its own left child and sends everything left, so many rows step down together without a
branch, level by level, until none of them moves.
"""

from __future__ import annotations

import numpy as np

from ._jit import kernel, subroutine
from ._nodes import FEATURE, LEFT

#: Rows that step together: their bins and places stay in the first cache.
ROWS = 256


@kernel(
    *(
        (
            f"{x}[:, ::1]",
            "u1[:, ::1]",
            "f8[:, ::1]",
            "u4[::1]",
            "u1[::1]",
            "u1[::1]",
            "u4[::1]",
            "u1[::1]",
            "i8[::1]",
            "i8[::1]",
            "i8[::1]",
            "f8[:, ::1]",
            "f8[:, ::1]",
        )
        for x in ("f8", "f4")
    )
)
def descend_binned(
    X, known, thresholds, feature, last, missing_left, left, sets, set_of, roots, outputs, value,
    scores,
):  # fmt: skip
    """scores[i, outputs[t] + k] += value[leaf, k] for row i's leaf in tree t, by way of the rows' bins.

    known (n, p): the bins of categories, empty where there are none.  set_of: the first place of a
    node's 256 entries in `sets`, or -1; empty where no node has any.
    """
    p = X.shape[1]
    codes = np.empty(p * ROWS, np.uint8)
    at = np.empty(ROWS, np.uint32)
    for begin in range(0, X.shape[0], ROWS):
        size = np.uint64(min(ROWS, X.shape[0] - begin))
        complete = bin_block(X, known, thresholds, begin, size, codes)
        simple = complete and set_of.size == 0
        for t in range(roots.size):
            root = np.uint32(roots[t])
            for i in range(size):
                at[i] = root
            moved = np.uint32(1)
            while moved != 0:
                moved = np.uint32(0)
                if simple:
                    for i in range(size):
                        node = np.uint64(at[i])
                        code = codes[np.uint64(feature[node]) * np.uint64(ROWS) + i]
                        step = left[node] + np.uint32(code > last[node])
                        moved |= step ^ at[i]
                        at[i] = step
                else:
                    for i in range(size):
                        node = np.uint64(at[i])
                        code = codes[np.uint64(feature[node]) * np.uint64(ROWS) + i]
                        # Adding 1 turns the code of missing values, 255, into 0, which goes left.
                        shift = missing_left[node]
                        right = np.uint8(code + shift) > np.uint8(last[node] + shift)
                        if set_of.size:
                            place = set_of[node]
                            if place >= 0:
                                right = sets[place + code] == 0
                        step = left[node] + np.uint32(right)
                        moved |= step ^ at[i]
                        at[i] = step
            out = outputs[t]
            if value.shape[1] == 1:
                for i in range(size):
                    scores[np.uint64(begin) + i, out] += value[np.uint64(at[i]), 0]
            else:
                for i in range(size):
                    for k in range(value.shape[1]):
                        scores[np.uint64(begin) + i, out + k] += value[np.uint64(at[i]), k]


@subroutine
def bin_block(X, known, thresholds, begin, size, codes):
    """codes[j * ROWS + i]: the number of thresholds of j below X[begin + i, j]; whether none is missing."""
    complete = True
    for j in range(X.shape[1]):
        edges = thresholds[j]
        place = np.uint64(j * ROWS)
        for i in range(size):
            x = np.float64(X[np.uint64(begin) + i, j])
            at = np.uint64(0)
            step = np.uint64(128)
            while step > np.uint64(0):
                at += step if edges[at + step - np.uint64(1)] < x else np.uint64(0)
                step >>= np.uint64(1)
            absent = x != x
            complete &= not absent
            codes[place + i] = np.uint8(255) if absent else np.uint8(at)
        if known.size and edges[0] == -np.inf:  # a mark: the feature is a category
            for i in range(size):
                codes[place + i] = known[np.uint64(begin) + i, j]
    return complete


@subroutine
def leaf_of(X, codes, i, root, feature, threshold, missing_left, left, sets, set_of):
    """The leaf of row i below `root`, from the values themselves."""
    node = np.uint64(root)
    while True:
        f = np.uint64(feature[node])
        x = np.float64(X[np.uint64(i), f])
        right = not (x <= threshold[node])
        if x != x:
            right = missing_left[node] == 0
        if set_of.size:
            place = set_of[node]
            if place >= 0:
                right = sets[place + codes[i, f]] == 0
        step = np.uint64(left[node]) + np.uint64(right)
        if step == node:
            return node
        node = step


@kernel(
    (
        "f8[:, ::1]",
        "u1[:, ::1]",
        "u4[::1]",
        "f8[::1]",
        "u1[::1]",
        "u4[::1]",
        "u1[::1]",
        "i8[::1]",
        "i8[::1]",
        "i8[::1]",
        "f8[:, ::1]",
        "f8[:, ::1]",
    ),
    (
        "f4[:, ::1]",
        "u1[:, ::1]",
        "u4[::1]",
        "f8[::1]",
        "u1[::1]",
        "u4[::1]",
        "u1[::1]",
        "i8[::1]",
        "i8[::1]",
        "i8[::1]",
        "f8[:, ::1]",
        "f8[:, ::1]",
    ),
)
def descend_raw(
    X, codes, feature, threshold, missing_left, left, sets, set_of, roots, outputs, value, scores
):
    """The same from the values themselves, with NaN for missing; codes only for categories."""
    n = X.shape[0]
    for i in range(n):
        for t in range(roots.size):
            node = leaf_of(
                X, codes, i, roots[t], feature, threshold, missing_left, left, sets, set_of
            )
            for k in range(value.shape[1]):
                scores[i, outputs[t] + k] += value[node, k]


@kernel(
    (
        "f8[:, ::1]",
        "u1[:, ::1]",
        "u4[::1]",
        "f8[::1]",
        "u1[::1]",
        "u4[::1]",
        "u1[::1]",
        "i8[::1]",
        "i8[::1]",
        "i4[:, ::1]",
    ),
    (
        "f4[:, ::1]",
        "u1[:, ::1]",
        "u4[::1]",
        "f8[::1]",
        "u1[::1]",
        "u4[::1]",
        "u1[::1]",
        "i8[::1]",
        "i8[::1]",
        "i4[:, ::1]",
    ),
)
def leaves(X, codes, feature, threshold, missing_left, left, sets, set_of, roots, found):
    """found[i, t]: the node in which row i ends in tree t."""
    n = X.shape[0]
    for i in range(n):
        for t in range(roots.size):
            node = leaf_of(
                X, codes, i, roots[t], feature, threshold, missing_left, left, sets, set_of
            )
            found[i, t] = np.int32(node)


@kernel(("u4[::1]", "u1[:, ::1]", "i8[:, ::1]", "u1[:, ::1]", "f8[::1]", "f8[::1]"))
def add_trained(index, rows, node_i, node_sets, value, scores):
    """scores[row] += the value of the row's leaf in a tree just grown, for rows it was not grown on."""
    for i in range(index.size):
        row = np.int64(index[i])
        node = 0
        while node_i[node, LEFT] >= 0:
            go = node_sets[node, rows[row, node_i[node, FEATURE]]]
            node = node_i[node, LEFT] + 1 - go
        scores[row] += value[node]
