"""The best split of a node by one feature, whatever its kind."""

from __future__ import annotations

import numpy as np

from ._categories import best_set
from ._indicators import best_indicator
from ._jit import subroutine
from ._nodes import (
    ALPHA,
    BIN,
    BOUNDED,
    CATEGORIES,
    FEATURE,
    FOUND_LEFT,
    INDICATORS,
    LAMBDA,
    MIN_COUNT,
    MIN_HESSIAN,
    MISSING,
    MISSING_LEFT,
    ONE,
)
from ._threshold import best_bounded, best_threshold, larger


@subroutine
def best_split(
    place, j, sums, offsets, kind, sign, options, total, mass, lower, upper, counts,
    work_f, work_i, chosen, found_i, found_f, found_sets,
):  # fmt: skip
    """The best split of a node by feature j, kept in found_*[place] if it is the best so far.

    `counts` holds the mass of every bin, or nothing: then a side's is estimated as its share of h.
    """
    lam, alpha = options[LAMBDA], options[ALPHA]
    missing = kind & MISSING != 0
    base = offsets[j]
    bins = offsets[j + 1] - base
    share = np.float64(total & 0xFFFFFFFF) / max(mass / ONE, 1e-300)
    least = options[MIN_HESSIAN]
    if counts.size == 0:
        least = max(least, (options[MIN_COUNT] - 0.5) * share)
    lightest = np.int64(options[MIN_COUNT] * ONE * (1.0 - 1e-9))
    cut, side = np.int64(-1), False
    if kind & CATEGORIES:
        found, left = best_set(
            sums, base, bins, total, options, least, share, counts, mass, lightest,
            work_i[1], work_f[1], chosen,
        )  # fmt: skip
    elif kind & INDICATORS:
        found, cut, left = best_indicator(
            sums, base, bins, total, lam, alpha, least, counts, mass, lightest
        )
        side = larger(left, total)
    elif options[BOUNDED] != 0.0 or counts.size:
        found, cut, side, left = best_bounded(
            sums, base, bins, missing, total, lam, alpha, least, counts, mass, lightest, lower, upper, sign
        )  # fmt: skip
    else:
        found, cut, side, left = best_threshold(
            sums, base, bins, missing, total, lam, alpha, least, work_i[0], work_f[0]
        )
    if found <= found_f[place, 0]:
        return
    found_f[place, 0] = found
    found_i[place, FEATURE] = j
    found_i[place, BIN] = cut
    found_i[place, MISSING_LEFT] = side
    found_i[place, FOUND_LEFT] = left
    if kind & CATEGORIES:
        for b in range(256):
            found_sets[place, b] = chosen[b] if b < bins else 0
        if sums[base + bins - 1] == 0:
            found_sets[place, bins - 1] = larger(left, total)
    elif kind & INDICATORS:
        for b in range(256):
            found_sets[place, b] = b != cut
    else:
        for b in range(256):
            found_sets[place, b] = b <= cut
        found_sets[place, bins - 1 if missing else bins] = side
