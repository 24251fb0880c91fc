"""The best set of categories to go left."""

from __future__ import annotations

import numpy as np

from ._jit import subroutine
from ._nodes import ALPHA, EXTRA, FEWEST, LAMBDA, MOST, PER_GROUP, SINGLE, SMOOTH
from ._threshold import score


@subroutine
def best_set(
    sums, base, bins, total, options, least, share, counts, mass, lightest, order, keys, chosen
):  # fmt: skip
    """(score of both sides, left sum); the bins that go left are marked in `chosen`.

    Sorted by g / (h + smooth), the best of all 2^k sets is a prefix (Fisher 1958), so k prefixes from
    either end are tried, none of more than options[MOST] bins.  Both sides pay options[EXTRA] beside
    lam, since sets are fitted more freely than cuts.  Bins without rows, or with fewer than
    options[FEWEST], stay right; a prefix grows by at least options[PER_GROUP] rows and leaves as
    many (rows estimated as h / share).  With at most options[SINGLE] bins every category is tried
    alone against the rest, without the extra.  With `counts`, the mass of every bin, no side may have
    less mass than `lightest`.
    """
    lam, alpha = options[LAMBDA], options[ALPHA]
    smooth, extra, most = options[SMOOTH], options[EXTRA], np.int64(options[MOST])
    # A half less, as rows are whole and estimates are not.
    fewest, per_group = (options[FEWEST] - 0.5) * share, (options[PER_GROUP] - 0.5) * share
    present = 0
    for b in range(bins):
        chosen[b] = 0
        s = sums[base + b]
        if s & 0xFFFFFFFF != 0:
            order[present] = b
            keys[b] = np.float64(s >> 32) / (np.float64(s & 0xFFFFFFFF) + smooth)
            present += 1
    whole_g = np.float64(total >> 32)
    whole_h = np.float64(total & 0xFFFFFFFF)
    best = -1.0
    best_left = np.int64(0)
    if present < 2:
        return best, best_left
    if present <= options[SINGLE]:
        for k in range(present):
            left = sums[base + order[k]]
            g = np.float64(left >> 32)
            h = np.float64(left & 0xFFFFFFFF)
            heavy = counts[base + order[k]] if counts.size else np.int64(0)
            light = counts.size != 0 and min(heavy, mass - heavy) < lightest
            if min(h, whole_h - h) >= least and not light:
                found = score(g, h, lam, alpha) + score(whole_g - g, whole_h - h, lam, alpha)
                if found > best:
                    best = found
                    best_left = left
                    for b in range(bins):
                        chosen[b] = 0
                    chosen[order[k]] = 1
        return best, best_left
    if fewest > 0.0:
        kept = 0
        for k in range(present):
            if np.float64(sums[base + order[k]] & 0xFFFFFFFF) >= fewest:
                order[kept] = order[k]
                kept += 1
        # One more than may be tried: what was put aside is always on the other side.
        present = kept + 1 if kept < present else present
        if kept == 0:
            return best, best_left
    else:
        kept = present
    # Shell's sort: in place, and short lists of one node need nothing better.
    gap = 1
    while gap < kept // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, kept):
            b = order[i]
            k = i
            while k >= gap and keys[order[k - gap]] > keys[b]:
                order[k] = order[k - gap]
                k -= gap
            order[k] = b
        gap //= 3
    size = 0
    backwards = False
    for way in range(2):
        left = np.int64(0)
        heavy = np.int64(0)
        before = 0.0
        for k in range(min(present - 1, most)):
            b = base + (order[k] if way == 0 else order[kept - 1 - k])
            left += sums[b]
            if counts.size:
                heavy += counts[b]
                if min(heavy, mass - heavy) < lightest:
                    continue
            g = np.float64(left >> 32)
            h = np.float64(left & 0xFFFFFFFF)
            if min(h, whole_h - h) < least or min(h - before, whole_h - h) < per_group:
                continue
            before = h
            found = score(g, h, lam + extra, alpha) + score(
                whole_g - g, whole_h - h, lam + extra, alpha
            )
            if found > best:
                best = found
                best_left = left
                size = k + 1
                backwards = way == 1
    for k in range(size):
        chosen[order[kept - 1 - k] if backwards else order[k]] = 1
    return best, best_left
