"""Shapley values beside background rows, leaf by leaf, from which conditions fail."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, subroutine


@kernel(
    (
        "i8[:, ::1]",
        "i8[::1]",
        "i8[::1]",
        "f8[::1]",
        "f8[::1]",
        "i8[:, ::1]",
        "f8[:, ::1]",
        "i8",
        "f8[:, ::1]",
    )
)
def shap_masks(masks, starts, fails, share, value, asked, weight, most, phi):
    """phi[f, i] += the Shapley value of f for row i against a background, in one tree.

    masks (leaves, rows): the features a row fails on.  fails[starts[l] : starts[l + 1]], share: the distinct
    masks of background rows at leaf l and how often each occurs.  A row's value depends on its mask
    alone, so leaves of at most `most` features find it once a mask.
    """
    m = asked.shape[1]
    table = np.empty((1 << most, m))
    seen = np.empty(1 << most, np.uint8)
    found = np.empty(m)
    for leaf in range(masks.shape[0]):
        size = 0
        while size < m and asked[leaf, size] >= 0:
            size += 1
        few = size <= most
        if few:
            for k in range(1 << size):
                seen[k] = 0
        begin, end = starts[leaf], starts[leaf + 1]
        for i in range(masks.shape[1]):
            mask = masks[leaf, i]
            if few:
                found = table[mask]
            if not few or not seen[mask]:
                against(mask, size, fails[begin:end], share[begin:end], value[leaf], weight, found)
                if few:
                    seen[mask] = 1
            for k in range(size):
                phi[asked[leaf, k], i] += found[k]


@subroutine
def against(mask, size, fails, share, value, weight, found):
    """found[k]: what the leaf adds to feature k of a row with that mask.

    Mixed with a background row, the row reaches the leaf if the two fail on no feature in common.  Of
    a features on which the other fails and b on which the row does, each of the first gains
    v (a - 1)! b! / (a + b)!, each of the second loses v a! (b - 1)! / (a + b)!.
    """
    for k in range(size):
        found[k] = 0.0
    b = bits(mask, size)
    lost = 0.0
    for j in range(fails.size):
        other = fails[j]
        if mask & other:
            continue
        a = bits(other, size)
        if b:
            lost += share[j] * weight[b, a]
        if a:
            gained = share[j] * weight[a, b] * value
            for k in range(size):
                if (other >> k) & 1:
                    found[k] += gained
    if b:
        for k in range(size):
            if (mask >> k) & 1:
                found[k] -= lost * value


@subroutine
def bits(mask, size):
    """How many are 1."""
    count = 0
    for k in range(size):
        count += (mask >> k) & 1
    return count
