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

    Where row and background go different ways at a feature not met before, the walk goes both: first with the
    row's value, then with the background's.  A leaf behind a features of the row and b of the background
    gives v (a - 1)! b! / (a + b)! to each of the first and takes v a! (b - 1)! / (a + b)! from each of the
    second; on the way back these add up by fork.  Lundberg et al. (2020), algorithm 3.
    """
    whose = np.full(X.shape[1], -1)  # 1 if a feature is the row's on this path, 0 the background's
    asked, other = np.empty(levels + 1, np.int64), np.empty(levels + 1, np.int64)
    gain, loss = np.empty(levels + 1), np.empty(levels + 1)
    for i in range(X.shape[0]):
        for j in range(Z.shape[0]):
            node, forks, a, b = root, 0, 0, 0
            walking = True
            while walking:
                f = np.int64(feature[node])
                while f >= 0:
                    mine = goes_right(X, codes, i, node, f, threshold, missing_left, sets, set_of)
                    its = goes_right(
                        Z, other_codes, j, node, f, threshold, missing_left, sets, set_of
                    )
                    if mine != its and whose[f] < 0:
                        asked[forks], other[forks] = f, left[node] + its
                        whose[f] = 1
                        forks += 1
                        a += 1
                    node = left[node] + (its if whose[f] == 0 else mine)
                    f = np.int64(feature[node])
                gained = value[node] * weight[a, b]
                lost = value[node] * weight[b, a]
                walking = False
                while forks and not walking:
                    top = forks - 1
                    f = asked[top]
                    if whose[f] == 1:  # now with the background's value
                        gain[top], loss[top] = gained, lost
                        whose[f] = 0
                        a, b = a - 1, b + 1
                        node = other[top]
                        walking = True
                    else:
                        phi[i, f] += (gain[top] - lost) / Z.shape[0]
                        gained += gain[top]
                        lost += loss[top]
                        whose[f] = -1
                        b -= 1
                        forks = top


@subroutine
def goes_right(X, codes, i, node, f, threshold, missing_left, sets, set_of):
    """1 if the row goes right at the node, else 0."""
    if set_of.size and set_of[node] >= 0:
        return 1 - np.int64(sets[set_of[node] + codes[i, f]])
    x = X[i, f]
    return 1 - np.int64(missing_left[node]) if x != x else np.int64(not x <= threshold[node])
