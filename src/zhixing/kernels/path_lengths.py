"""How far rows get in isolation trees."""

from __future__ import annotations

import numpy as np

from ._jit import kernel

#: Rows that step together, without a branch, so that their loads overlap.
ROWS = 128


@kernel(
    *(
        (
            f"{x}[:, ::1]",
            "u4[::1]",
            "f8[::1]",
            "u1[::1]",
            "u4[::1]",
            "f8[::1]",
            "i8[::1]",
            "f8[::1]",
        )
        for x in ("f8", "f4")
    )
)
def path_lengths(X, feature, threshold, missing_left, left, length, roots, out):
    """out[i] += the length of the leaf of row i, over all trees.

    A leaf is its own left child and has threshold inf; missing_left of a leaf is 1.
    """
    p = X.shape[1]
    values = np.empty(p * ROWS)
    at = np.empty(ROWS, np.uint32)
    for begin in range(0, X.shape[0], ROWS):
        size = np.uint64(min(ROWS, X.shape[0] - begin))
        complete = True
        for j in range(p):
            for i in range(size):
                x = np.float64(X[np.uint64(begin) + i, j])
                values[np.uint64(j * ROWS) + i] = x
                complete &= x == x
        for t in range(roots.size):
            root = np.uint32(roots[t])
            for i in range(size):
                at[i] = root
            moved = np.uint32(1)
            while moved != 0:
                moved = np.uint32(0)
                if complete:
                    for i in range(size):
                        node = np.uint64(at[i])
                        x = values[np.uint64(feature[node]) * np.uint64(ROWS) + i]
                        step = left[node] + np.uint32(x > threshold[node])
                        moved |= step ^ at[i]
                        at[i] = step
                else:
                    for i in range(size):
                        node = np.uint64(at[i])
                        x = values[np.uint64(feature[node]) * np.uint64(ROWS) + i]
                        right = x > threshold[node] or (x != x and missing_left[node] == 0)
                        step = left[node] + np.uint32(right)
                        moved |= step ^ at[i]
                        at[i] = step
            for i in range(size):
                out[np.uint64(begin) + i] += length[np.uint64(at[i])]


@kernel(
    *(
        (
            f"{x}[:, ::1]",
            "i8[:, ::1]",
            "f8[:, ::1]",
            "f8[:, ::1]",
            "i8[::1]",
            "f8[::1]",
            "i8[::1]",
            "f8[::1]",
        )
        for x in ("f8", "f4")
    )
)
def path_lengths_by_planes(X, feature, slope, point, left, length, roots, out):
    """The same where planes part the rows; left is -1 in a leaf.  Tree by tree: one fits the second cache."""
    used = feature.shape[1]
    for t in range(roots.size):
        for i in range(X.shape[0]):
            node = roots[t]
            while left[node] >= 0:
                total = 0.0
                for k in range(used):
                    x = np.float64(X[i, feature[node, k]])
                    total += slope[node, k] * (x - point[node, k]) if x == x else 0.0
                node = left[node] + (total > 0.0)
            out[i] += length[node]


@kernel(
    *(
        (f"{x}[:, ::1]", "f8[:, ::1]", "f8[::1]", "i8[::1]", "f8[::1]", "i8[::1]", "f8[::1]")
        for x in ("f8", "f4")
    ),
    # Sums may be taken in any order, so that many terms are added at once; values are complete.
    fastmath={"reassoc", "contract"},
)
def path_lengths_by_full_planes(X, slope, offset, left, length, roots, out):
    """The same where all features are in every plane, in order, and all values known: slope x > offset."""
    p = X.shape[1]
    for t in range(roots.size):
        for i in range(X.shape[0]):
            node = roots[t]
            while left[node] >= 0:
                total = 0.0
                for j in range(p):
                    total += slope[node, j] * X[i, j]
                node = left[node] + (total > offset[node])
            out[i] += length[node]
