"""One level of an oblivious tree: histograms of all its leaves, scores of all cuts, rows to the children."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, prefetch
from ._nodes import MISSING


@kernel(
    (
        "u1[:, ::1]",
        "u4[::1]",
        "i8[::1]",
        "i8[::1]",
        "i8[::1]",
        "i8[::1]",
        "i8[::1]",
        "i8[::1]",
        "i8",
        "i8",
        "i8[:, ::1]",
    )
)
def level_histograms(
    rows, index, starts, stops, slots, parents, packed, offsets, first, last, sums
):
    """sums[slots[k]] of the rows index[starts[k]:stops[k]] over the features first to last - 1.

    What a parent's sums then lack is taken off: parents[k] becomes the other child's (-1: no parent).
    """
    low, high = offsets[first], offsets[last]
    for k in range(slots.size):
        at = slots[k]
        for b in range(low, high):
            sums[at, b] = 0
        for i in range(starts[k], stops[k]):
            if i + 16 < stops[k]:
                prefetch(rows, np.int64(index[i + 16]), first)
            r = np.uint64(index[i])
            v = packed[r]
            for j in range(np.uint64(first), np.uint64(last)):
                sums[at, np.uint64(offsets[j]) + np.uint64(rows[r, j])] += v
        if parents[k] >= 0:
            for b in range(low, high):
                sums[parents[k], b] -= sums[at, b]


@kernel(
    (
        "i8[:, ::1]",
        "i8[::1]",
        "i8[::1]",
        "u1[::1]",
        "i8",
        "i8",
        "f8",
        "f8",
        "f8[::1]",
        "f8[::1]",
    )
)
def level_scores(sums, slots, offsets, kinds, first, last, lam, least, num, den):
    """Add to num and den, for each cut b of each feature j at offsets[j] + b, over all leaves and sides

        num += G^2 / (H + lam),   den += H G^2 / (H + lam)^2.

    Missing values, whose bin is the last, go left of every cut but the last, which parts them from all
    others.  A side of less than `least` counts as none.
    """
    for j in range(first, last):
        base = offsets[j]
        bins = offsets[j + 1] - base
        missing = kinds[j] & MISSING != 0
        values = bins - 1 if missing else bins
        cuts = values if missing else values - 1
        for k in range(slots.size):
            total = np.int64(0)
            for b in range(bins):
                total += sums[slots[k], base + b]
            absent = sums[slots[k], base + bins - 1] if missing else np.int64(0)
            left = absent
            for b in range(cuts):
                left += sums[slots[k], base + b]
                side = left - absent if b == values - 1 else left
                other = total - side
                g, h = np.float64(side >> 32), np.float64(side & 0xFFFFFFFF)
                u, c = np.float64(other >> 32), np.float64(other & 0xFFFFFFFF)
                if h > least:
                    w = g / (h + lam)
                    num[base + b] += g * w
                    den[base + b] += h * w * w
                if c > least:
                    w = u / (c + lam)
                    num[base + b] += u * w
                    den[base + b] += c * w * w


@kernel(("u4[::1]", "i8[::1]", "i8[::1]", "u1[::1]", "u1[::1]", "u4[::1]", "i8[::1]"))
def split_leaves(index, starts, stops, column, right, scratch, counts):
    """Order each leaf's rows: those of bins with right = 0 first; counts[k] of them."""
    for k in range(starts.size):
        at = starts[k]
        held = 0
        for i in range(starts[k], stops[k]):
            row = index[i]
            if right[column[row]] == 0:
                index[at] = row
                at += 1
            else:
                scratch[held] = row
                held += 1
        counts[k] = at - starts[k]
        for i in range(held):
            index[at + i] = scratch[i]


@kernel(("u1[::1]", "u1[::1]", "u2[::1]"))
def next_bit(column, right, place):
    """place = 2 place + right[bin] for every row."""
    for i in range(place.size):
        place[i] = np.uint16(2 * place[i] + right[column[i]])


@kernel(("u2[::1]", "f8[::1]", "f8[::1]", "f8[::1]", "f8[::1]"))
def sums_by_place(place, g, h, sum_g, sum_h):
    """sum_g[place] += g and sum_h[place] += h, row by row."""
    for i in range(place.size):
        sum_g[place[i]] += g[i]
        sum_h[place[i]] += h[i]
