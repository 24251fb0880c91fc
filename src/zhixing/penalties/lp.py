"""Sums of powers of the coefficients."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..core.part import part
from .check import require, require_alpha


@part
class Lp(NamedTuple):
    """alpha sum_j |w_j|^p / p for p > 0: p = 1 is `L1`, p = 2 is `L2`.

    p > 2 punishes the largest coefficients (p = 3, 4: the L3 and L4 penalties) and 1 < p < 2 lies between
    lasso and ridge (bridge; Frank and Friedman 1993): neither gives exact zeros.  p < 1 does, shrinks large
    coefficients less than the lasso, and is not convex: a solver finds a stationary point, and zero is one
    for every coefficient.

    The prox solves u + c u^(p-1) = |v|, c = step alpha: closed for p = 1/2 (Xu et al. 2012, theorem 1),
    2/3 (Cao, Sun and Xu 2013, eq. 10), 1, 3/2, 2 and 3; otherwise by Newton's method from the side on
    which it is monotone, to the last bit or two.

    >>> Lp(1.0, 4.0).value(np.array([1.0, 2.0]))
    4.25
    >>> Lp(1.0, 3.0).prox(np.array([6.0]), 1.0)
    array([2.])
    """

    alpha: float = 1.0
    p: float = 3.0

    separable = True
    smooth = False

    @property
    def convex(self) -> bool:
        return self.p >= 1.0

    def value(self, w):
        return self.alpha / self.p * float((np.abs(w) ** self.p).sum())

    def slope(self, w):
        with np.errstate(divide="ignore"):
            return self.alpha * np.abs(w) ** (self.p - 1.0)

    def prox(self, v, step):
        size = np.abs(np.asarray(v, dtype=np.float64))
        c = np.broadcast_to(np.asarray(step * self.alpha, dtype=np.float64), size.shape)
        if self.p == 1.0:
            u = np.maximum(size - c, 0.0)
        elif self.p < 1.0:
            u = _concave(size, c, self.p)
        elif self.p <= 2.0:
            # In t = u^(p-1):  t^q + c t = |v|.
            q = 1.0 / (self.p - 1.0)
            t = size / (1.0 + c) if q == 1.0 else _root(1.0, q, c, size)
            u = t**q
        else:
            u = _root(c, self.p - 1.0, 1.0, size)
        return (np.sign(v) * u).astype(np.asarray(v).dtype, copy=False)

    def violation(self, w, g):
        if self.p < 1.0:  # at zero every gradient is outweighed
            out = np.zeros_like(w)
            k = w != 0.0
            out[k] = np.abs(g[k] + np.sign(w[k]) * self.slope(w[k]))
            return out
        if self.p == 1.0:
            at_zero = np.maximum(np.abs(g) - self.alpha, 0.0)
            return np.where(w == 0.0, at_zero, np.abs(g + self.alpha * np.sign(w)))
        return np.abs(g + np.sign(w) * self.slope(w))

    def check(self, p: int) -> None:
        require_alpha(self)
        require(0.0 < self.p < np.inf, self, "p", "be positive and finite (L0 counts, Box bounds)")


def _root(a: Any, r: float, b: Any, v: np.ndarray) -> np.ndarray:
    """The x >= 0 with a x^r + b x = v for r > 1, entry by entry; a and b not both 0."""
    if r == 2.0:
        return 2.0 * v / np.maximum(b + np.sqrt(b * b + 4.0 * a * v), np.finfo(float).tiny)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # Either term alone gives too large an x: from there a convex function's Newton steps fall.
        x = np.fmin(
            np.where(a > 0.0, (v / a) ** (1.0 / r), np.inf), np.where(b > 0.0, v / b, np.inf)
        )
        for _ in range(60):
            power = a * x ** (r - 1.0)
            new = np.where(x > 0.0, ((r - 1.0) * power * x + v) / (r * power + b), 0.0)
            new = np.fmin(new, x)
            if (x - new <= 2e-16 * x).all():
                break
            x = new
    return x


def _concave(v: np.ndarray, c: np.ndarray, p: float) -> np.ndarray:
    """The u >= 0 of least (u - v)^2 / 2 + c u^p / p for p < 1: 0, or the larger stationary point."""
    least = (2.0 * c * (1.0 - p) / p) ** (1.0 / (2.0 - p))  # what u jumps to from 0
    with np.errstate(divide="ignore"):
        threshold = np.where(c > 0.0, least + c * np.where(c > 0.0, least, 1.0) ** (p - 1.0), 0.0)
    out = np.zeros_like(v)
    k = v > threshold
    v, c, least = v[k], c[k], least[k]
    if p == 0.5:
        ratio = np.minimum(c / 2.0 * (v / 3.0) ** -1.5, 1.0)
        out[k] = 2.0 / 3.0 * v * (1.0 + np.cos(2.0 / 3.0 * (np.pi - np.arccos(ratio))))
        return out
    if p == 2.0 / 3.0:
        free = c == 0.0
        size = np.where(free, 1.0, 3.0 * c)  # of |u|^(2/3) beside (u - v)^2
        angle = np.arccosh(np.maximum(27.0 * v * v / 16.0 * size**-1.5, 1.0))
        a = 2.0 / np.sqrt(3.0) * size**0.25 * np.sqrt(np.cosh(angle / 3.0))
        found = ((a + np.sqrt(np.maximum(2.0 * v / a - a * a, 0.0))) / 2.0) ** 3
        out[k] = np.where(free, v, found)
        return out
    u = v
    for _ in range(60):
        power = c * u ** (p - 1.0)
        new = np.maximum(u - (u + power - v) / (1.0 + (p - 1.0) * power / u), least)
        if (u - new <= 2e-16 * u).all():
            break
        u = new
    out[k] = u
    return out
