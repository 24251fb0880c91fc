"""Coordinate descent along a path of strengths, all products being known."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, subroutine
from .cd_gram import coordinate_descent, gram_gap

_VECTOR, _ROWS = "f8[::1]", "f8[:, ::1]"


@subroutine
def ahead(c, order, t, l1, l2, low, high, yy, w, before, g, before_g, to, slope):
    """Bring w and g to the line through the last two fits, if the gap is less there; says so."""
    for j in order:
        to[j] = w[j] + t * (w[j] - before[j])
        slope[j] = g[j] + t * (g[j] - before_g[j])  # affine in w
        if not low <= to[j] <= high:
            return False
    there = gram_gap(c, slope, to, order, l1, l2, low, high, yy)
    if not there < gram_gap(c, g, w, order, l1, l2, low, high, yy):
        return False
    w[:] = to
    g[:] = slope
    return True


@kernel(
    (
        *(_ROWS, _VECTOR, _VECTOR, _ROWS, _ROWS, "f8", "f8"),
        *("f8", "f8", "i8", "i8", _ROWS, _ROWS, _VECTOR, "i8[::1]"),
    )
)
def cd_gram_path(G, c, alphas, l1, l2, low, high, yy, gap_tol, max_sweeps, at, W, S, gaps, sweeps):
    """Solve `cd_gram` for l1[a], l2[a] at one strength a after the other, from `at` on.

    Row a of W and S gets the coefficients and the gradient, `gaps` and `sweeps` what `cd_gram` says;
    the row before `at` is where it starts.  Returns the first a that `max_sweeps` did not suffice for
    (its rows hold how far it came), or the number of strengths.
    """
    m = c.size
    order = np.arange(m)
    to, slope = np.empty(m), np.empty(m)
    while at < alphas.size:
        W[at] = W[at - 1]
        S[at] = S[at - 1]
        terms = l1[at], l2[at], low, high
        span = alphas[at - 1] - alphas[at - 2] if at > 1 else 0.0
        if span != 0.0:
            t = (alphas[at] - alphas[at - 1]) / span
            ahead(c, order, t, *terms, yy, W[at], W[at - 2], S[at], S[at - 2], to, slope)
        sweeps[at], _, gaps[at] = coordinate_descent(
            G, c, S[at], W[at], order, m, *terms, yy, max_sweeps, 0.0, 0.0, gap_tol
        )
        if gaps[at] > gap_tol and sweeps[at] >= max_sweeps:
            break
        at += 1
    return at
