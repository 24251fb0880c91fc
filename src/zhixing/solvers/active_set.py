"""A penalised quadratic given by its matrix: coordinate descent, and Newton steps on the support.

Coordinate descent finds which coefficients are not zero and their signs; it is slow only at making
their values precise where columns are correlated.  Once the signs are right the values solve one
linear system (Osborne, Presnell and Turlach 2000).  So both alternate: a Newton step is tried after as
many sweeps as cost the same, and taken only where it decreases the objective.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.linalg import lapack

from ..core.parallel import single_threaded_blas
from ..kernels.cd_gram import cd_gram
from ..kernels.gram_block import gram_block, gram_combine
from .terms import Terms

#: Supports beyond this are left to coordinate descent: a factor of 8 k^2 bytes is too much.
LARGEST = 6000


@dataclass
class Quadratic:
    """w'Gw/2 - c'w + yy/2 on the first m rows and columns of G, with g = G w - c kept up to date."""

    G: np.ndarray
    m: int
    c: np.ndarray
    w: np.ndarray
    g: np.ndarray
    yy: float = 0.0


class Effort(NamedTuple):
    """When to stop: absolute and relative violation, duality gap (negative: not looked at), sweeps."""

    tol: float = 0.0
    rough: float = 0.0
    gap: float = -1.0
    sweeps: int = 100_000


class Outcome(NamedTuple):
    sweeps: int
    violation: float
    gap: float


def minimise(q: Quadratic, order: np.ndarray, terms: Terms, effort: Effort) -> Outcome:
    """Minimise the quadratic plus terms over the coordinates in `order`; q.w and q.g change in place."""
    used = 0
    tol, rough = effort.tol, effort.rough
    while True:
        support = int(np.count_nonzero(q.w[order]))
        patience = min(newton_patience(support, q.m), effort.sweeps - used)
        sweeps, violation, gap = cd_gram(
            q.G, q.c, q.g, q.w, order, q.m, *terms, q.yy, patience, tol, rough, effort.gap
        )
        if used == 0 and rough > 0.0:
            tol, rough = max(tol, rough * violation), 0.0
        used += sweeps
        if sweeps < patience or used >= effort.sweeps:
            return Outcome(used, violation, gap)
        newton_step(q, order, terms)


def newton_patience(support: int, m: int) -> int:
    """Sweeps that cost as much as a Newton step: 30 ns a row visited, 3 GFlop/s, one factor."""
    step = 1e-4 + support**3 / 1e11 + 3e-9 * support**2
    sweep = 1e-6 + 2e-10 * support * m
    return int(min(max(step / sweep, 8), 200))


def newton_step(q: Quadratic, order: np.ndarray, terms: Terms) -> bool:
    """One Newton step with the support and its signs as they are; says whether it was taken.

    Coefficients that would change sign stop at zero if that still decreases the objective; otherwise
    the whole step is cut where the first of them reaches zero, which always does.
    """
    A = order[(q.w[order] != 0.0) & (q.w[order] > terms.low) & (q.w[order] < terms.high)]
    if not 0 < len(A) <= LARGEST:
        return False
    w, l1, l2 = q.w[A], terms.l1[A], terms.l2[A]
    sign = np.sign(w)
    H = np.empty((len(A), len(A)))
    gram_block(q.G, A, H)
    diagonal = np.einsum("ii->i", H)
    diagonal += l2
    slope = q.g[A] + l2 * w + l1 * sign
    with single_threaded_blas():
        d = _solve(H, -slope)
    if d is None:
        return False
    to = np.clip(w + d, terms.low, terms.high)
    crossed = to * sign < 0.0
    to[crossed] = 0.0
    if _try(q, A, w, to, l1, l2):
        return True
    if not crossed.any() and not (to != w + d).any():
        return False
    with np.errstate(divide="ignore", invalid="ignore"):
        edge = np.where(d * sign < 0.0, -w / d, np.inf)
        wall = np.where(
            d > 0.0, (terms.high - w) / d, np.where(d < 0.0, (terms.low - w) / d, np.inf)
        )
    reach = np.minimum(edge, wall)
    first = int(np.argmin(reach))
    to = w + min(float(reach[first]), 1.0) * d
    to[first] = 0.0 if edge[first] <= wall[first] else to[first]
    return _try(q, A, w, to, l1, l2)


def _try(
    q: Quadratic, A: np.ndarray, w: np.ndarray, to: np.ndarray, l1: np.ndarray, l2: np.ndarray
) -> bool:
    """Move w[A] to `to` if the objective falls."""
    d = to - w
    change = np.empty(len(q.g))
    gram_combine(q.G, A, d, q.m, change)
    fall = (
        q.g[A] @ d
        + 0.5 * (d @ change[A])
        + l2 @ (w * d + 0.5 * d * d)
        + l1 @ (np.abs(to) - np.abs(w))
    )
    if not fall < 0.0:
        return False
    q.w[A] = to
    q.g[: q.m] += change[: q.m]
    return True


def _solve(H: np.ndarray, b: np.ndarray) -> np.ndarray | None:
    """H^-1 b by Cholesky at unit diagonal; a singular H gets the smallest ridge that lets it through."""
    scale = np.sqrt(np.maximum(H.diagonal(), 1e-300))
    H /= scale
    H /= scale[:, None]
    for ridge in (1e-13, 1e-10, 1e-7):
        np.einsum("ii->i", H)[:] = 1.0 + ridge
        _, x, info = lapack.dposv(H, b / scale, lower=1, overwrite_a=0)
        if info == 0 and np.isfinite(x).all():
            return x / scale
    return None
