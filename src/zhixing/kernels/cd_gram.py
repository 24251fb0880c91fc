"""Coordinate descent on a quadratic given by its matrix."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, subroutine
from .anderson import DEPTH, combination, combine
from .elastic import downhill, step_to
from .least_squares_gap import least_squares_gap

_VECTOR = "f8[::1]"


@subroutine
def gram_gap(c, g, w, order, l1, l2, low, high, yy):
    """The duality gap, from the quadratic alone."""
    rr = yy
    ry = yy
    for j in order:
        rr += w[j] * (g[j] - c[j])
        ry -= w[j] * c[j]
    return least_squares_gap(g, w, order, l1, l2, low, high, max(rr, 0.0), ry)


@subroutine
def gram_violation(g, w, order, l1, l2, low, high):
    """The worst one-sided derivative of all coordinates, and of those not at zero."""
    worst = 0.0
    used = 0.0
    for j in order:
        v = downhill(w[j], g[j], l1[j], l2[j], low, high)
        worst = max(worst, v)
        if w[j] != 0.0:
            used = max(used, v)
    return worst, used


@subroutine
def remember(W, S, at, w, g, order):
    """Note the coefficients in `order` and the gradient as point `at`."""
    for a in range(order.size):
        W[at, a] = w[order[a]]
    for i in range(S.shape[1]):
        S[at, i] = g[i]


@subroutine
def leap(W, S, c, w, g, order, l1, l2, low, high, to, slope):
    """Extrapolate the points noted and go there if the objective falls.

    The gradient is affine in w, so the same combination of gradients is the gradient there.
    """
    if not combination(W, c):
        return
    combine(W, c, to)
    combine(S, c, slope)
    rise = 0.0
    for a in range(order.size):
        j = order[a]
        v = to[a]
        if not low <= v <= high:
            return
        rise += 0.5 * (v - w[j]) * (g[j] + slope[j] + l2[j] * (v + w[j]))
        rise += l1[j] * (abs(v) - abs(w[j]))
    if rise < 0.0:
        for a in range(order.size):
            w[order[a]] = to[a]
        for i in range(slope.size):
            g[i] = slope[i]


@subroutine
def sweep(G, g, w, order, m, l1, l2, low, high, full):
    """Move every coordinate in `order` to its best value once; says whether any moved."""
    moved = False
    for j in order:
        old = w[j]
        H = G[j, j]
        if (not full and old == 0.0) or H + l2[j] <= 0.0:
            continue
        step = step_to(H * old - g[j], H, l1[j], l2[j], low, high) - old
        if step != 0.0:
            moved = True
            w[j] = old + step
            row = G[j]
            for i in range(m):
                g[i] += step * row[i]
    return moved


@subroutine
def coordinate_descent(
    G, c, g, w, order, m, l1, l2, low, high, yy, max_sweeps, tol, rough, gap_tol
):
    """What `cd_gram` does."""
    sweeps = 0
    gap = np.inf
    full = True
    W, to = np.empty((DEPTH + 1, order.size)), np.empty(order.size)
    S, slope = np.empty((DEPTH + 1, m)), np.empty(m)
    mix = np.empty(DEPTH)
    noted = 0
    worst, _ = gram_violation(g, w, order, l1, l2, low, high)
    tol = max(tol, rough * worst)
    if gap_tol >= 0.0:
        gap = gram_gap(c, g, w, order, l1, l2, low, high, yy)
    while worst > tol and gap > gap_tol and sweeps < max_sweeps:
        if noted == 0:
            remember(W, S, 0, w, g, order)
        moved = sweep(G, g, w, order, m, l1, l2, low, high, full)
        sweeps += 1
        if full and not moved:
            break
        noted += 1
        remember(W, S, noted, w, g, order)
        if noted == DEPTH:
            leap(W, S, mix, w, g, order, l1, l2, low, high, to, slope)
            noted = 0
        worst, used = gram_violation(g, w, order, l1, l2, low, high)
        full = worst > 2.0 * used or not moved
        if gap_tol >= 0.0:
            gap = gram_gap(c, g, w, order, l1, l2, low, high, yy)
    return sweeps, worst, gap


@kernel(
    (
        *("f8[:, ::1]", _VECTOR, _VECTOR, _VECTOR, "i8[::1]", "i8", _VECTOR, _VECTOR),
        *("f8", "f8", "f8", "i8", "f8", "f8", "f8"),
    )
)
def cd_gram(G, c, g, w, order, m, l1, l2, low, high, yy, max_sweeps, tol, rough, gap_tol):
    """Minimise w'Gw/2 - c'w + sum_j (l1_j |w_j| + l2_j w_j^2 / 2) over low <= w_j <= high.

    Only the first m rows and columns of G count, and only the coordinates in `order` move.  g holds
    the gradient G w - c at the w given and is kept up to date, so moving one coordinate costs one row
    of G, and one that stays costs nothing.  Coordinates at zero are left out of a sweep while those
    that are not at zero are the worst.  Every few sweeps the last points are extrapolated.

    Stops when no one-sided derivative is further than `tol`, or than `rough` times the first one
    seen, from optimal; with `gap_tol` >= 0 also when the duality gap of the least-squares problem
    with y'y = `yy` is that small.  Returns the number of sweeps, the worst derivative and the gap.
    """
    return coordinate_descent(
        G, c, g, w, order, m, l1, l2, low, high, yy, max_sweeps, tol, rough, gap_tol
    )
