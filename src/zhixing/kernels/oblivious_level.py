"""One level of an oblivious tree: histograms of all its leaves, scores of all cuts, rows to the children."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, prefetch, subroutine
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


@subroutine
def profit(side, judged, unit_g, unit_h, lam):
    """(G' w, H' w^2) of one side: the value w of its rows, judged on others."""
    h = np.float64(side & 0xFFFFFFFF) * unit_h
    if h <= 0.0:
        return 0.0, 0.0
    w = np.float64(side >> 32) * unit_g / (h + lam)
    gain = np.float64(judged >> 32) * unit_g * w
    return gain, np.float64(judged & 0xFFFFFFFF) * unit_h * w * w


@kernel(
    (
        "i8[:, ::1]",
        "i8[:, ::1]",
        "i8[::1]",
        "i8[::1]",
        "u1[::1]",
        "i8",
        "i8",
        "f8",
        "f8",
        "f8",
        "f8[::1]",
        "f8[::1]",
    )
)
def level_scores(
    sums, judged, slots, offsets, kinds, first, last, unit_g, unit_h, lam, num, den
):  # fmt: skip
    """Add to num and den, for each cut b of each feature j at offsets[j] + b, over all leaves and sides

        num += G' w,   den += H' w^2,   w = G / (H + lam),

    G, H from `sums` and G', H' from `judged`: the rows that make a leaf's value and those that are
    to profit, all rows for both in plain boosting.  unit_g, unit_h: of the packed sums.

    Missing values, whose bin is the last, go left of every cut but the last, which parts them from all
    others.
    """
    for j in range(first, last):
        base = offsets[j]
        bins = offsets[j + 1] - base
        missing = kinds[j] & MISSING != 0
        values = bins - 1 if missing else bins
        cuts = values if missing else values - 1
        for k in range(slots.size):
            at = slots[k]
            total, other_total = np.int64(0), np.int64(0)
            for b in range(bins):
                total += sums[at, base + b]
                other_total += judged[at, base + b]
            absent = sums[at, base + bins - 1] if missing else np.int64(0)
            gone = judged[at, base + bins - 1] if missing else np.int64(0)
            left, ahead = absent, gone
            for b in range(cuts):
                left += sums[at, base + b]
                ahead += judged[at, base + b]
                apart = b == values - 1
                side = left - absent if apart else left
                other = ahead - gone if apart else ahead
                # Both sides are added first, so that a cut and its mirror image score the same.
                more, most = profit(side, other, unit_g, unit_h, lam)
                again, rest = profit(total - side, other_total - other, unit_g, unit_h, lam)
                num[base + b] += more + again
                den[base + b] += most + rest


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
