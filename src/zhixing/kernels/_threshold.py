"""The best cut of one feature's bins by the Newton gain."""

from __future__ import annotations

import numpy as np

from ._jit import subroutine


@subroutine
def score(g, h, lam, alpha):
    """What a leaf of these sums takes off the objective, twice: S(g, alpha)^2 / (h + lam).

    The minimum over w of g w + (h + lam) w^2 / 2 + alpha |w| is -score / 2.
    """
    t = max(abs(g) - alpha, 0.0)
    return t * t / (h + lam)


@subroutine(fastmath={"nnan", "nsz"})
def best_threshold(sums, base, bins, missing, total, lam, alpha, least, cumulated, scores):
    """(score of both sides, last bin on the left, whether missing values go left, left sum).

    `sums[base : base + bins]` are a feature's packed sums, the last of them those of missing values
    if `missing`; `least` is the smallest sum of h a side may have.  The score is -1 where no cut is
    allowed.  Three plain loops: sums, scores, the largest; the last two run in vector registers.
    Nothing is reassociated or fused, so that a cut and its mirror image score the same to the last bit.
    """
    best = -1.0
    at = -1
    best_missing = False
    values = bins - 1 if missing else bins
    running = np.int64(0)
    first = np.uint64(base)
    for b in range(np.uint64(values)):
        running += sums[first + b]
        cumulated[b] = running
    whole_g = np.float64(total >> 32)
    whole_h = np.float64(total & 0xFFFFFFFF)
    absent = sums[base + bins - 1] if missing else np.int64(0)
    for way in range(2 if absent != 0 else 1):
        extra = absent if way == 1 else np.int64(0)
        # With missing values on the right, "all values against missing" is a cut too.
        cuts = values if way == 0 and absent != 0 else values - 1
        for b in range(np.uint64(max(cuts, 0))):
            left = cumulated[b] + extra
            g = np.float64(left >> 32)
            h = np.float64(left & 0xFFFFFFFF)
            allowed = min(h, whole_h - h) >= least
            # The two scores on one denominator: divisions are what this loop waits for.
            t = max(abs(g) - alpha, 0.0)
            u = max(abs(whole_g - g) - alpha, 0.0)
            a = h + lam
            c = whole_h - h + lam
            scores[b] = (t * t * c + u * u * a) / (a * c) if allowed else -1.0
        # Scores of 0 and more are ordered as their bits are, and integers compare in registers.
        bits = scores.view(np.int64)
        top = np.int64(-1)
        for b in range(np.uint64(max(cuts, 0))):
            top = max(top, bits[b])
        if top < 0:
            continue
        for b in range(cuts):
            if bits[b] == top:
                if scores[b] > best:
                    best = scores[b]
                    best_missing = way == 1
                    at = b
                break
    left = np.int64(0)
    if at >= 0:
        left = cumulated[at] + (absent if best_missing else np.int64(0))
        if absent == 0:
            best_missing = larger(left, total)
    return best, at, best_missing, left


@subroutine
def larger(left, total):
    """Whether the left side is the larger: there go values that training did not see."""
    return 2 * (left & 0xFFFFFFFF) > total & 0xFFFFFFFF


@subroutine
def weight(g, h, lam, alpha, lower, upper):
    """The best leaf value between two bounds."""
    t = max(abs(g) - alpha, 0.0)
    return min(max((-t if g > 0.0 else t) / (h + lam), lower), upper)


@subroutine
def score_at(w, g, h, lam, alpha):
    """What a leaf of value w takes off the objective, twice."""
    return -(2.0 * g * w + (h + lam) * w * w + 2.0 * alpha * abs(w))


@subroutine
def best_bounded(
    sums, base, bins, missing, total, lam, alpha, least, counts, mass, lightest, lower, upper, sign
):  # fmt: skip
    """`best_threshold` where leaf values are bounded and, for sign 1 or -1, rise or fall with the feature.

    With `counts`, the mass of every bin, no side may have less mass than `lightest`.
    """
    best = -1.0
    at = -1
    best_missing = False
    best_left = np.int64(0)
    values = bins - 1 if missing else bins
    whole_g = np.float64(total >> 32)
    whole_h = np.float64(total & 0xFFFFFFFF)
    absent = sums[base + bins - 1] if missing else np.int64(0)
    for way in range(2 if absent != 0 else 1):
        left = absent if way == 1 else np.int64(0)
        heavy = counts[base + bins - 1] if way == 1 and counts.size else np.int64(0)
        cuts = values if way == 0 and absent != 0 else values - 1
        for b in range(cuts):
            left += sums[base + b]
            if counts.size:
                heavy += counts[base + b]
                if min(heavy, mass - heavy) < lightest:
                    continue
            g = np.float64(left >> 32)
            h = np.float64(left & 0xFFFFFFFF)
            if min(h, whole_h - h) < least:
                continue
            w = weight(g, h, lam, alpha, lower, upper)
            v = weight(whole_g - g, whole_h - h, lam, alpha, lower, upper)
            if sign * (v - w) < 0.0:
                continue
            found = score_at(w, g, h, lam, alpha) + score_at(
                v, whole_g - g, whole_h - h, lam, alpha
            )
            if found > best:
                best = found
                at = b
                best_missing = way == 1 if absent != 0 else larger(left, total)
                best_left = left
    return best, at, best_missing, best_left
