"""The best set of categories to go left."""

from __future__ import annotations

import numpy as np

from ._jit import subroutine
from ._threshold import score


@subroutine
def best_set(sums, base, bins, total, lam, alpha, least, smooth, extra, most, order, keys, chosen):
    """(score of both sides, left sum); the bins that go left are marked in `chosen`.

    Sorted by g / (h + smooth), the best of all 2^k sets is a prefix (Fisher 1958), so k prefixes from
    either end are tried, none of more than `most` bins.  Both sides pay `extra` beside lam, since sets
    are fitted more freely than cuts.  Bins without rows stay right.  With at most four bins every
    category is tried alone against the rest, without the extra.
    """
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
    if present <= 4:
        for k in range(present):
            left = sums[base + order[k]]
            g = np.float64(left >> 32)
            h = np.float64(left & 0xFFFFFFFF)
            if min(h, whole_h - h) >= least:
                found = score(g, h, lam, alpha) + score(whole_g - g, whole_h - h, lam, alpha)
                if found > best:
                    best = found
                    best_left = left
                    for b in range(bins):
                        chosen[b] = 0
                    chosen[order[k]] = 1
        return best, best_left
    # Shell's sort: in place, and short lists of one node need nothing better.
    gap = 1
    while gap < present // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, present):
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
        for k in range(min(present - 1, most)):
            left += sums[base + (order[k] if way == 0 else order[present - 1 - k])]
            g = np.float64(left >> 32)
            h = np.float64(left & 0xFFFFFFFF)
            if min(h, whole_h - h) < least:
                continue
            found = score(g, h, lam + extra, alpha) + score(
                whole_g - g, whole_h - h, lam + extra, alpha
            )
            if found > best:
                best = found
                best_left = left
                size = k + 1
                backwards = way == 1
    for k in range(size):
        chosen[order[present - 1 - k] if backwards else order[k]] = 1
    return best, best_left
