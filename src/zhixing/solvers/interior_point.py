"""Exact minimisation of weighted absolute deviations, tilted or not, by an interior-point method."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import scipy.linalg

from ..core.history import History
from ..data.blocks import Block
from ..losses.location import weighted_quantile
from .newton_cg import Products
from .weighted_gram import weighted_gram

#: Room that z and v get at the start, as a share of the mean absolute residual; found by trying.
START = 0.003


class Deviations(NamedTuple):
    """Minimise  sum_i up_i max(r_i, 0) + down_i max(-r_i, 0) + sum_j cost_j |w_j|,  r = y - X w - b.

    All weights in units of rows; `cost` (p,) may hold zeros.
    """

    X: Any
    y: np.ndarray
    up: np.ndarray
    down: np.ndarray
    cost: np.ndarray
    fit_intercept: bool


class Optimum(NamedTuple):
    w: np.ndarray
    b: float
    objective: float
    gap: float
    n_iter: int
    converged: bool
    vertex: bool
    history: History


def interior_point(problem: Deviations, *, tol: float = 1e-9, max_iter: int = 200) -> Optimum:
    """The Frisch-Newton method of Portnoy and Koenker (1997), with Mehrotra's corrector.

    The dual asks for a in [0, up + down], one number a row, with X'a = X'down and the largest y'a;
    |w_j| is a row of its own with x = e_j and y = 0.  An iteration is one weighted Gram matrix,
    O(n p^2); 10 to 30 bring the duality gap below tol times the objective.  The p rows that the fit
    runs through are then solved for exactly, which gives a vertex of the linear programme: zero
    coefficients are zero.
    """
    rows = Augmented(problem)
    y, top = rows.y, rows.up + rows.down
    if not len(y):
        raise ValueError("there are no rows with positive weight")
    target = rows.transposed(rows.down)
    beta = rows.solve(top, rows.transposed(top * y))[1]
    r = y - rows.scores(beta)
    if rows.intercept:  # from the mean to the quantile
        shift = weighted_quantile(r[: rows.n], top[: rows.n], float(np.median(rows.up / top)))
        beta[rows.p] += shift
        r[: rows.n] -= shift
    # x = down meets X'x = X'down from the start; z and v leave room to the scale of the residuals.
    room = START * max(float(top @ np.abs(r)) / len(y), 1e-12 * rows.size / len(y), 1e-300)
    x, s = rows.down.copy(), rows.up.copy()
    z, v = np.maximum(-r, 0.0) + room / x, np.maximum(r, 0.0) + room / s
    reach = float(np.abs(rows.transposed(top)).max()) + float(np.abs(target).max()) + 1e-300
    history, step, gap, converged = History(), 0, np.inf, False
    objective = rows.objective(r)
    for step in range(max_iter + 1):
        gap = float(x @ z + s @ v)
        objective = rows.objective(r)
        history.record(step, objective=objective, gap=gap)
        lost = target - rows.transposed(x)
        met = float(np.abs(lost).max()) <= 1e-8 * reach
        converged = met and gap <= tol * objective or objective <= 1e-14 * rows.size
        if converged or step == max_iter:
            break
        q = 1.0 / (z / x + v / s)
        factor, d_beta = rows.solve(q, rows.transposed(q * r) - lost)
        dx = q * (r - rows.scores(d_beta))
        dz, dv = -z - z / x * dx, -v + v / s * dx
        primal, dual = _length(x, dx, s, -dx), _length(z, dz, v, dv)
        after = (x + primal * dx) @ (z + dual * dz) + (s - primal * dx) @ (v + dual * dv)
        mu = gap / (2 * len(y))
        mu *= (after / gap) ** 3
        first, second = mu - dx * dz, mu + dx * dv
        rhs = r + first / x - second / s
        d_beta = rows.again(factor, rows.transposed(q * rhs) - lost)
        dx = q * (rhs - rows.scores(d_beta))
        dz, dv = (first - z * dx) / x - z, (second + v * dx) / s - v
        primal = min(0.9995 * _length(x, dx, s, -dx), 1.0)
        dual = min(0.9995 * _length(z, dz, v, dv), 1.0)
        x += primal * dx
        s = top - x if primal == 1.0 else s - primal * dx
        beta = beta + dual * d_beta
        z += dual * dz
        v += dual * dv
        np.maximum(x, 1e-300, out=x)
        np.maximum(s, 1e-300, out=s)
        r = y - rows.scores(beta)
    beta, objective, vertex = rows.vertex(beta, objective, np.minimum(x, s) / top)
    w, b = rows.split(beta)
    return Optimum(w, b, objective, gap, step, converged, vertex, history)


def _central(r: np.ndarray, top: np.ndarray, mu: float) -> np.ndarray:
    """x in (0, top) with mu (1 / (top - x) - 1 / x) = r, without cancellation."""
    root = np.sqrt(4.0 * mu * mu + (r * top) ** 2)
    below = 2.0 * mu * top / np.maximum(2.0 * mu - r * top + root, 1e-300)
    above = top - 2.0 * mu * top / np.maximum(2.0 * mu + r * top + root, 1e-300)
    return np.where(r > 0, above, below)


def _length(a: np.ndarray, da: np.ndarray, b: np.ndarray, db: np.ndarray) -> float:
    """The longest step that keeps a and b from falling below zero."""
    longest = 1e20
    for now, change in ((a, da), (b, db)):
        down = change < 0
        if down.any():
            longest = min(longest, float((now[down] / -change[down]).min()))
    return longest


class Augmented:
    """The rows of the problem with positive weight, followed by one row e_j for each penalty."""

    def __init__(self, problem: Deviations) -> None:
        kept = (problem.up > 0) & (problem.down > 0)
        X = problem.X if kept.all() else problem.X[kept]
        self.intercept = problem.fit_intercept
        self.n, self.p = X.shape
        self.m = self.p + int(self.intercept)
        self.penalised = np.flatnonzero(problem.cost > 0)
        cost = problem.cost[self.penalised]
        self.block = Block(X, problem.y[kept], np.ones(self.n))
        self.product = Products(self.block, self.intercept)
        self.y = np.concatenate([problem.y[kept], np.zeros(len(cost))])
        self.up = np.concatenate([problem.up[kept], cost])
        self.down = np.concatenate([problem.down[kept], cost])
        self.size = float((self.up + self.down) @ np.abs(self.y))

    def scores(self, beta: np.ndarray) -> np.ndarray:
        return np.concatenate([self.product.scores(beta), beta[self.penalised]])

    def transposed(self, g: np.ndarray) -> np.ndarray:
        out = self.product.transposed(g[: self.n])
        out[self.penalised] += g[self.n :]
        return out

    def objective(self, r: np.ndarray) -> float:
        return float(self.up @ np.maximum(r, 0.0) + self.down @ np.maximum(-r, 0.0))

    def solve(self, q: np.ndarray, rhs: np.ndarray) -> tuple[Any, np.ndarray]:
        """A factor of X' Q X, and its solution for one right side."""
        H = weighted_gram(self.block.X, q[: self.n], self.intercept)
        H[self.penalised, self.penalised] += q[self.n :]
        scale = np.sqrt(np.maximum(np.diag(H), 1e-300))
        H /= scale
        H /= scale[:, None]
        # Columns that say the same share their coefficient; a little weight on each decides.
        H[np.diag_indices_from(H)] += 1e-13 * self.m
        factor = (scipy.linalg.cho_factor(H, lower=True, check_finite=False), scale)
        return factor, self.again(factor, rhs)

    def again(self, factor: Any, rhs: np.ndarray) -> np.ndarray:
        held, scale = factor
        return scipy.linalg.cho_solve(held, rhs / scale, check_finite=False) / scale

    def vertex(
        self, beta: np.ndarray, objective: float, inside: np.ndarray
    ) -> tuple[np.ndarray, float, bool]:
        """The fit through m independent rows whose dual variables are furthest inside their bounds."""
        count = min(len(inside), 4 * self.m + 20)
        likely = np.argpartition(-inside, count - 1)[:count]
        real = likely[likely < self.n]
        rows = np.zeros((count, self.m))
        part = self.block.X[real]
        rows[likely < self.n, : self.p] = part.toarray() if hasattr(part, "toarray") else part
        if self.intercept:
            rows[likely < self.n, self.p] = 1.0
        rows[likely >= self.n, self.penalised[likely[likely >= self.n] - self.n]] = 1.0
        scaled = rows * (inside[likely] / np.maximum(np.linalg.norm(rows, axis=1), 1e-300))[:, None]
        factored: Any = scipy.linalg.qr(scaled.T, mode="r", pivoting=True)
        R, order = factored
        diagonal = np.abs(np.diag(R))
        if len(diagonal) < self.m or diagonal[self.m - 1] <= 1e-12 * diagonal[0]:
            return beta, objective, False
        basis = order[: self.m]
        exact = np.linalg.solve(rows[basis], self.y[likely[basis]])
        through_zero = self.penalised[likely[basis][likely[basis] >= self.n] - self.n]
        exact[through_zero] = 0.0
        reached = self.objective(self.y - self.scores(exact))
        if reached <= objective * (1.0 + 1e-12):
            return exact, reached, True
        return beta, objective, False

    def split(self, beta: np.ndarray) -> tuple[np.ndarray, float]:
        return beta[: self.p], float(beta[self.p]) if self.intercept else 0.0
