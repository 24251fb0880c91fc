"""The one cut of one feature that leaves the purest halves."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, subroutine


@subroutine
def purity(left, missing, everything, k, with_missing):
    """(sum_c L_c^2 / L + sum_c R_c^2 / R, L, R): the weighted Gini impurity is the total less this."""
    L = 0.0
    R = 0.0
    squares_left = 0.0
    squares_right = 0.0
    for c in range(k):
        a = left[c] + (missing[c] if with_missing else 0.0)
        b = everything[c] - a
        b = b if b > 0.0 else 0.0
        L += a
        R += b
        squares_left += a * a
        squares_right += b * b
    if L <= 0.0 or R <= 0.0:
        return -1.0, L, R
    return squares_left / L + squares_right / R, L, R


@kernel(("f8[:, :, ::1]", "i8[::1]", "u1[::1]", "i8[::1]", "f8[:, ::1]"))
def best_stump(sums, counts, missing, found, sides):
    """Write found = (feature, bin, missing_left) and the class weights of both sides; returns the gain.

    Bin b and those before it go left.  Sums of the same rows in another order differ in their last
    bits, so a later cut must be better by more than that to be taken: feature -1 where none is.
    """
    p, _, k = sums.shape
    left = np.empty(k)
    everything = np.empty(k)
    absent = np.zeros(k)
    best = 0.0
    base = 0.0
    found[0] = -1
    found[1] = 0
    found[2] = 0
    for j in range(p):
        known = counts[j] - missing[j]
        total = 0.0
        square = 0.0
        for c in range(k):
            left[c] = 0.0
            absent[c] = sums[j, known, c] if missing[j] else 0.0
            everything[c] = absent[c]
            for b in range(known):
                everything[c] += sums[j, b, c]
            total += everything[c]
            square += everything[c] * everything[c]
        slack = 1e-12 * total
        if j == 0:
            base = square / total
            best = base + slack
            for c in range(k):
                sides[0, c] = everything[c]
                sides[1, c] = 0.0
        cuts = known if missing[j] else known - 1
        for b in range(cuts):
            for c in range(k):
                left[c] += sums[j, b, c]
            for with_missing in range(1 + (missing[j] and b < known - 1)):
                score, L, R = purity(left, absent, everything, k, with_missing == 1)
                if score > best and L > slack and R > slack:
                    best = score + slack
                    found[0] = j
                    found[1] = b
                    found[2] = with_missing
                    for c in range(k):
                        a = left[c] + (absent[c] if with_missing == 1 else 0.0)
                        sides[0, c] = a
                        sides[1, c] = max(everything[c] - a, 0.0)
    return best - base
