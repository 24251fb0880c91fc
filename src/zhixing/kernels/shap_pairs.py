"""Shapley values of a row beside one background row: one walk to all leaves that a mixture may reach."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, subroutine


@kernel(
    (
        "f8[:, ::1]",
        "u1[:, ::1]",
        "f8[:, ::1]",
        "u1[:, ::1]",
        "i4[::1]",
        "f8[::1]",
        "u1[::1]",
        "u1[::1]",
        "i8[::1]",
        "i8[::1]",
        "f8[::1]",
        "i8",
        "i8",
        "f8[:, ::1]",
        "f8[:, ::1]",
    )
)
def shap_pairs(
    X, codes, Z, other_codes, feature, threshold, missing_left, sets, set_of, left, value, root,
    levels, weight, phi,
):  # fmt: skip
    """phi[i, f] += the mean over rows z of Z of the Shapley value of f for row i in one tree.

    Where row and background go different ways at a feature not met before, the walk goes both: with the
    row's value and with the background's.  Lundberg et al. (2020), algorithm 3.
    """
    asked, whose = np.empty(levels + 1, np.int64), np.empty(levels + 1, np.int64)
    wait_node, wait_size = np.empty(levels + 1, np.int64), np.empty(levels + 1, np.int64)
    wait_feature = np.empty(levels + 1, np.int64)
    for i in range(X.shape[0]):
        for j in range(Z.shape[0]):
            node, size, waiting = root, 0, 0
            while True:
                f = np.int64(feature[node])
                if f < 0:
                    leaf(value[node] / Z.shape[0], size, asked, whose, weight, phi[i])
                    if waiting == 0:
                        break
                    waiting -= 1
                    node, size = wait_node[waiting], wait_size[waiting]
                    asked[size], whose[size] = wait_feature[waiting], 0
                    size += 1
                    continue
                mine = goes_right(X, codes, i, node, f, threshold, missing_left, sets, set_of)
                its = goes_right(Z, other_codes, j, node, f, threshold, missing_left, sets, set_of)
                known = -1
                for k in range(size):
                    if asked[k] == f:
                        known = whose[k]
                if known < 0 and mine != its:
                    wait_node[waiting], wait_size[waiting] = left[node] + its, size
                    wait_feature[waiting] = f
                    waiting += 1
                    asked[size], whose[size] = f, 1
                    size += 1
                node = left[node] + (its if known == 0 else mine)


@subroutine
def goes_right(X, codes, i, node, f, threshold, missing_left, sets, set_of):
    """1 if the row goes right at the node, else 0."""
    if set_of.size and set_of[node] >= 0:
        return 1 - np.int64(sets[set_of[node] + codes[i, f]])
    x = X[i, f]
    return 1 - np.int64(missing_left[node]) if x != x else np.int64(not x <= threshold[node])


@subroutine
def leaf(value, size, asked, whose, weight, phi):
    """Of a features that must be the row's and b that must not, what a leaf adds to each."""
    a = 0
    for k in range(size):
        a += whose[k]
    for k in range(size):
        if whose[k]:
            phi[asked[k]] += value * weight[a, size - a]
        else:
            phi[asked[k]] -= value * weight[size - a, a]
