"""The duality gap of penalised least squares."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, subroutine
from .elastic import downhill, step_to


@subroutine
def least_squares_gap(g, w, order, l1, l2, low, high, rr, ry):
    """The gap from the gradient, r'r and r'y; `zhixing.solvers.duality.gap` is its definition."""
    first = 0.0
    second = 0.0
    young = 0.0
    free = 0.0
    scale = np.inf
    for j in order:
        v = w[j]
        u = -g[j]
        if l1[j] == 0.0 and l2[j] == 0.0 and (low == -np.inf or high == np.inf):
            slope = downhill(v, g[j], 0.0, 0.0, low, high)
            free += slope * slope
            continue
        first += l1[j] * abs(v)
        second += l2[j] * v * v
        over = u - l2[j] * v
        if low < 0.0:
            over = abs(over)
        if over > 0.0:
            scale = min(scale, l1[j] / over)
        if l2[j] > 0.0:
            best = step_to(u, 0.0, l1[j], l2[j], low, high)
        elif u > l1[j]:
            best = high
        elif u < -l1[j]:
            best = low
        else:
            best = 0.0
        if abs(best) == np.inf:
            young = np.inf
        else:
            young += l1[j] * (abs(v) - abs(best)) + 0.5 * l2[j] * (v * v - best * best)
            young += u * (best - v)
    squares = rr + second
    s = 1.0
    if squares > 0.0:
        s = max(min(ry / squares, scale), 0.0 if low >= 0.0 else -scale)
    scaled = 0.5 * squares * (1.0 + s * s) + first - s * ry
    if high < np.inf or (low > -np.inf and low != 0.0):
        scaled = np.inf
    return max(min(scaled, young), 0.0) + free


_VECTOR = "f8[::1]"


@kernel((_VECTOR, _VECTOR, "i8[::1]", _VECTOR, _VECTOR, "f8", "f8", "f8", "f8", _VECTOR))
def gap_and_violations(g, w, order, l1, l2, low, high, rr, ry, violation):
    """Fill `violation` for the coordinates in `order`; return the gap."""
    for j in order:
        violation[j] = downhill(w[j], g[j], l1[j], l2[j], low, high)
    return least_squares_gap(g, w, order, l1, l2, low, high, rr, ry)
