"""The best split by one of many indicators that share a column."""

from __future__ import annotations

import numpy as np

from ._jit import subroutine
from ._threshold import score


@subroutine
def best_indicator(sums, base, bins, total, lam, alpha, least, counts, mass, lightest):
    """(score of both sides, bin that goes right, left sum): that bin alone against all others.

    Bin 0 holds the rows on which every indicator of the bundle is off.  With `counts`, the mass of
    every bin, no side may have less mass than `lightest`.
    """
    whole_g = np.float64(total >> 32)
    whole_h = np.float64(total & 0xFFFFFFFF)
    best = -1.0
    at = np.int64(-1)
    best_left = np.int64(0)
    for b in range(1, bins):
        right = sums[base + b]
        h = np.float64(right & 0xFFFFFFFF)
        if min(h, whole_h - h) < least:
            continue
        if counts.size and min(counts[base + b], mass - counts[base + b]) < lightest:
            continue
        g = np.float64(right >> 32)
        found = score(g, h, lam, alpha) + score(whole_g - g, whole_h - h, lam, alpha)
        if found > best:
            best = found
            at = b
            best_left = total - right
    return best, at, best_left
