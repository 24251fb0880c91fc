"""LambdaRank's derivatives of the queries of a ranking."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(
    (
        "i8",
        "i8",
        "i8[::1]",
        "f8[::1]",
        "f8[::1]",
        "f8[::1]",
        "f8[::1]",
        "i8",
        "b1",
        "f8[::1]",
        "f8[::1]",
    )
)
def lambda_rank(first, last, bounds, gain, score, best, weight, most, norm, g, h):
    """Fill g, h for the queries first to last - 1; query q has rows bounds[q] to bounds[q + 1] - 1.

    Of each pair of rows with different gains, one of them among the `most` highest scores, the better
    one is pushed up by rho = dNDCG / (1 + e^(s_high - s_low)) and the other down, h being
    dNDCG rho' (1 - rho'), as LightGBM does.  gain: 2^grade - 1; best: 1 / ideal DCG by query.
    """
    for q in range(first, last):
        a, b = bounds[q], bounds[q + 1]
        n = b - a
        for i in range(a, b):
            g[i] = 0.0
            h[i] = 0.0
        order = np.argsort(-score[a:b], kind="mergesort")
        top, low = score[a + order[0]], score[a + order[n - 1]]
        total = 0.0
        for r in range(min(n - 1, most)):
            for s in range(r + 1, n):
                i, j = a + order[r], a + order[s]
                if gain[i] == gain[j]:
                    continue
                up, down = (i, j) if gain[i] > gain[j] else (j, i)
                discount = abs(1.0 / np.log2(2.0 + r) - 1.0 / np.log2(2.0 + s))
                apart = score[up] - score[down]
                change = (gain[up] - gain[down]) * discount * best[q]
                if norm and top != low:
                    change /= 0.01 + abs(apart)
                rho = 1.0 / (1.0 + np.exp(apart))
                push = rho * change
                curve = rho * (1.0 - rho) * change
                g[up] -= push
                g[down] += push
                h[up] += curve
                h[down] += curve
                total += 2.0 * push
        factor = np.log2(1.0 + total) / total if norm and total > 0.0 else 1.0
        for i in range(a, b):
            g[i] *= factor * weight[i]
            h[i] *= factor * weight[i]
