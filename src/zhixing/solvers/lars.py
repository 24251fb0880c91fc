"""Least angle regression and the lasso path, followed from corner to corner.

While the set A of columns in use and the signs s of their correlations stay the same, the solution at
strength C is known in closed form (Rosset and Zhu 2007, section 2; Osborne, Presnell and Turlach 2000)::

    w_A(C) = G_AA^-1 (c_A - C s)        X'r(C) = q + C a,   q = c - G_.A G_AA^-1 c_A,   a = G_.A G_AA^-1 s

so the next corner, where a column joins (its |X'r| reaches C) or leaves (its w reaches 0), is the root of
a linear equation.  Nothing is added up along the way, so nothing drifts.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from ..kernels.cholesky_update import cholesky_append, cholesky_delete, cholesky_solve
from .products import GivenProducts, RowProducts

#: A column of which less than this share is left, beside those in use, is a combination of them.
DEPENDENT = 1e-12
#: Correlations this near to the largest, relative to it, are tied with it.
TIE = 1e-10
#: Strengths below this share of the first are rounding.
NOTHING = 1e-13


class Corners(NamedTuple):
    """Strengths (m,) in falling order, coefficients there (m, p), columns in use at the end."""

    alphas: np.ndarray
    coefs: np.ndarray
    active: list[int]
    n_iter: int


class Homotopy:
    """The columns in use, their signs and the factor of their products."""

    def __init__(
        self, c: np.ndarray, products: GivenProducts | RowProducts, positive: bool
    ) -> None:
        self.c, self.products, self.positive = c, products, positive
        self.active: list[int] = []
        self.sign: list[float] = []
        self.out = np.ones(len(c), dtype=bool)  # neither in use nor set aside
        self.L = np.empty((16, 16))
        self.look()

    def look(self) -> None:
        """Bring p, d (of the columns in use) and q, a (of all) up to date."""
        k = len(self.active)
        self.p, self.d = np.empty(k), np.empty(k)
        self.q, self.a = self.c, np.zeros_like(self.c)
        if k:
            cholesky_solve(self.L, k, np.ascontiguousarray(self.c[self.active]), self.p)
            cholesky_solve(self.L, k, np.array(self.sign), self.d)
            both = self.products.combine(self.active, np.column_stack([self.p, self.d]))
            self.q, self.a = self.c - both[:, 0], both[:, 1]

    def join(self, j: int, sign: float) -> bool:
        """Take column j up, unless it is a combination of those in use: then it is set aside."""
        k = len(self.active)
        self.out[j] = False
        if k + 1 > len(self.L):
            L = np.empty((2 * k, 2 * k))
            L[:k, :k] = self.L[:k, :k]
            self.L = L
        row = np.ascontiguousarray(self.products.row(j, [*self.active, j]))
        if not row[k] > 0.0 or not cholesky_append(self.L, k, row) > DEPENDENT * row[k]:
            return False
        self.active.append(j)
        self.sign.append(sign)
        self.look()
        return True

    def leave(self, i: int) -> None:
        """Let go of the i-th column in use; columns that were set aside get another chance."""
        cholesky_delete(self.L, len(self.active), i)
        del self.active[i], self.sign[i]
        self.out[:] = True
        self.out[self.active] = False
        self.look()

    def at(self, C: float) -> np.ndarray:
        """Coefficients of the columns in use at strength C."""
        return self.p - C * self.d

    def joining(self, C: float, near: float) -> list[tuple[int, float]]:
        """Columns, with signs, that are tied at C and would get ahead of those in use."""
        r = self.q + C * self.a
        sign = np.where(r >= 0.0, 1.0, -1.0)
        tied = self.out & (np.abs(r) >= C - near) & (sign * self.a < 1.0 - TIE)
        if self.positive:
            tied &= sign > 0.0
        return [(int(j), float(sign[j])) for j in np.flatnonzero(tied)]

    def leaving(self, C: float) -> list[int]:
        """Places of columns in use that are at zero at C and would move to the wrong side."""
        s = np.array(self.sign)
        small = TIE * (np.abs(self.p) + C * np.abs(self.d))
        return np.flatnonzero((s * self.at(C) <= small) & (s * self.d < 0.0)).tolist()

    def next_join(self, C: float) -> tuple[float, int]:
        """The largest strength below C at which a column catches up, and its number."""
        best, which = -1.0, -1
        for sign in (1.0,) if self.positive else (1.0, -1.0):
            with np.errstate(divide="ignore", invalid="ignore"):
                at = sign * self.q / (1.0 - sign * self.a)
            at = np.where(self.out & (1.0 - sign * self.a > TIE), at, -1.0)
            j = int(np.argmax(at))
            if at[j] > best:
                best, which = float(at[j]), j
        return min(best, C), which

    def next_leave(self, C: float) -> tuple[float, int]:
        """The largest strength below C at which a coefficient reaches zero, and its place."""
        s = np.array(self.sign)
        with np.errstate(divide="ignore", invalid="ignore"):
            at = np.where((s * self.d < 0.0) & (s * self.at(C) > 0.0), self.p / self.d, -1.0)
        i = int(np.argmax(at)) if len(at) else -1
        return (min(float(at[i]), C), i) if i >= 0 else (-1.0, -1)


def lars(
    c: np.ndarray,
    products: GivenProducts | RowProducts,
    *,
    lasso: bool,
    positive: bool = False,
    alpha_min: float = 0.0,
    max_iter: int = 500,
) -> Corners:
    """Follow the path of  w'Gw/2 - c'w + C |w|_1  down from the strength where all is zero.

    With `lasso` columns leave where their coefficient reaches zero; without it they stay (Efron et al.
    2004).  `positive` holds coefficients at or above zero (lasso), or lets columns join only while
    positively correlated.  Ends at `alpha_min` or after `max_iter` corners.  Tied columns join and leave
    one by one at the same strength, by lowest number first, which ends (Murty 1974); a column that is a
    combination of those in use keeps to the bound by itself, and is not taken up.  Cost: O(p k) a corner
    from given products, else one pass over X.
    """
    first = float((c if positive else np.abs(c)).max(initial=0.0))
    C = max(first, alpha_min)
    path = Homotopy(c, products, positive)
    alphas, corners = [C], [([], np.empty(0))]
    steps, least = 0, max(alpha_min, NOTHING * first)
    while least < C and steps < max_iter:
        if not _settle(path, C, max(TIE * C, 1e-14 * first), lasso):
            warnings.warn(
                f"lars found no way on from a tie at alpha={C:.3g} after {steps} steps; add jitter to y",
                ConvergenceWarning,
                stacklevel=3,
            )
            break
        if not path.active or (not lasso and len(path.active) > max_iter):
            break
        down, i = path.next_join(C)
        gone, place = path.next_leave(C) if lasso else (-1.0, -1)
        nearest = max(down, gone)
        C = nearest if nearest > least else alpha_min
        w = path.at(C)
        if gone == C:
            w[place] = 0.0
        steps += 1
        alphas.append(C)
        corners.append((list(path.active), w))
        if C > alpha_min and gone == C:
            path.leave(place)
        elif C > alpha_min and steps < max_iter:
            path.join(i, 1.0 if path.q[i] + C * path.a[i] >= 0.0 else -1.0)
    coefs = np.zeros((len(corners), len(c)))
    for row, (active, w) in zip(coefs, corners):
        row[active] = w
    used = (
        [j for j in path.active if coefs[-1, j] != 0.0] if alphas[-1] <= alpha_min else path.active
    )
    return Corners(np.array(alphas), coefs, used, steps)


def _settle(path: Homotopy, C: float, near: float, lasso: bool) -> bool:
    """Let tied columns join and leave until the direction from here is right; False if none is found."""
    for _ in range(20 * (len(path.active) + 50)):
        waiting = path.joining(C, near)
        going = path.leaving(C) if lasso else []
        if not waiting and not going:
            return True
        last = min((path.active[i] for i in going), default=len(path.c))
        if waiting and waiting[0][0] < last:
            path.join(*waiting[0])
        else:
            path.leave(path.active.index(last))
    return False
