"""The best cut of one sorted feature in every open node of a level at once."""

from __future__ import annotations

import numpy as np

from ._jit import kernel
from ._threshold import score
from .bin_edges import between


@kernel(
    (
        "f8[::1]",
        "u4[::1]",
        "i4[::1]",
        "f8[::1]",
        "f8[::1]",
        "f8[::1]",
        "f8[::1]",
        "u1[::1]",
        "f8",
        "f8",
        "f8",
        "f8[:, ::1]",
        "f8[:, ::1]",
    )
)
def exact_scan(
    values, order, place, g, h, total_g, total_h, allowed, lam, alpha, least, work, found
):
    """found[k] = (score of both sides, threshold, missing left, g left, h left) for node k of the level.

    values, order: the feature's known values in rising order, and their rows.  place[row]: its
    node among those of the level, or -1.  work (nodes, 5) holds running sums: known g and h; g and h
    so far; the last value.  A node's score is -1 where no cut is allowed.
    """
    for k in range(total_g.size):
        found[k, 0] = -1.0
        work[k, :4] = 0.0
        work[k, 4] = np.nan
    for i in range(order.size):
        k = place[order[i]]
        if k >= 0 and allowed[k]:
            work[k, 0] += g[order[i]]
            work[k, 1] += h[order[i]]
    for i in range(order.size + total_g.size):
        if i < order.size:
            row = order[i]
            k = place[row]
            if k < 0 or not allowed[k]:
                continue
            x = values[i]
        else:  # a last cut of each node: all that is known against what is missing
            k = np.int32(i - order.size)
            x = np.inf
            if not allowed[k] or total_h[k] - work[k, 1] <= 1e-12 * total_h[k]:
                continue
        last = work[k, 4]
        if x != last and last == last:
            away_g, away_h = total_g[k] - work[k, 0], total_h[k] - work[k, 1]
            missing = away_h > 1e-12 * total_h[k]
            for way in range(2 if missing and i < order.size else 1):
                left_g = work[k, 2] + (away_g if way == 1 else 0.0)
                left_h = work[k, 3] + (away_h if way == 1 else 0.0)
                right_g, right_h = total_g[k] - left_g, total_h[k] - left_h
                if min(left_h, right_h) < least:
                    continue
                both = score(left_g, left_h, lam, alpha) + score(right_g, right_h, lam, alpha)
                if both > found[k, 0]:
                    found[k, 0] = both
                    found[k, 1] = between(last, x) if i < order.size else last
                    found[k, 2] = way if missing else left_h > right_h
                    found[k, 3] = left_g
                    found[k, 4] = left_h
        if i < order.size:
            work[k, 2] += g[row]
            work[k, 3] += h[row]
            work[k, 4] = x
