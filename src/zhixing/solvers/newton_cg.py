"""Truncated Newton: the Hessian only ever multiplies a vector, for many features in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from ..core.history import History
from ..core.parallel import each, slices
from ..core.part import needs
from ..data.blocks import Block
from ..kernels.conjugate import conjugate_direction, conjugate_step, scale_and_add
from ..kernels.softmax_curvature import softmax_curvature
from .preconditioner import inverse_diagonal
from .solution import Problem, Solution
from .statistics import multiply, row_gradients, scores

#: Entries of a vector that one thread takes at a time.
PIECE = 1 << 16


def newton_cg(
    problem: Problem,
    *,
    start: tuple[np.ndarray, Any] | None = None,
    max_iter: int = 100,
    tol: float = 1e-6,
) -> Solution:
    """Minimise a smooth problem by Newton steps from preconditioned conjugate gradients.

    Each inner step costs two products with X, O(values of X times outputs).  The system is solved to
    min(1/2, sqrt |g|) |g| (Dembo and Steihaug 1983), and the line search halves on kept scores X w.
    Needs rows in memory; `tol` bounds the largest gradient entry at the end.
    """
    needs(problem.penalty, "gradient", by="newton_cg", instead="prox_newton or fista")
    block = problem.blocks.one()
    product = Products(block, problem.fit_intercept)
    inverse = inverse_diagonal(problem, problem.blocks)
    total = float(block.weight.sum())
    theta = problem.constant() if start is None else problem.join(*start)
    z = product.scores(theta)
    h = np.empty_like(z)
    g_rows, value = row_gradients(problem.loss, block, z, h)
    objective = value / total + problem.penalty_value(theta)
    history = History()
    optimality, converged, step = np.inf, False, 0
    for step in range(max_iter + 1):
        g = product.transposed(g_rows) / total + problem.penalty_gradient(theta)
        optimality = float(np.abs(g).max(initial=0.0))
        history.record(step, objective=objective, optimality=optimality)
        if optimality <= tol:
            converged = True
            break
        if step == max_iter:
            break
        hessian = Hessian(problem, product, h, block.weight, total)
        d = _conjugate_gradient(hessian, g, inverse)
        slope = float(np.vdot(g, d))
        dz, t = product.scores(d), 1.0
        while True:
            trial, z_trial = theta + t * d, z + t * dz
            g_rows, value = row_gradients(problem.loss, block, z_trial, h)
            new = value / total + problem.penalty_value(trial)
            if new <= objective + 1e-4 * t * slope + 1e-14 * max(abs(objective), 1.0):
                break
            t /= 2.0
            if t < 1e-10:
                break
        if t < 1e-10:  # no descent is left at this precision
            converged = optimality <= max(tol, 1e-6)
            break
        theta, z, objective = trial, z_trial, new
    w, b = problem.split(theta)
    return Solution(
        w, b, objective, step, converged, optimality, history=history, solver="newton_cg"
    )


class Products:
    """X theta and X' g over all rows, with the column of ones; dense or sparse."""

    def __init__(self, block: Block, intercept: bool) -> None:
        self.block, self.intercept = block, intercept

    def scores(self, theta: np.ndarray) -> np.ndarray:
        p = self.block.X.shape[1]
        return scores(self.block, theta[:p], theta[p] if self.intercept else 0.0)

    def transposed(self, g: np.ndarray) -> np.ndarray:
        p = self.block.X.shape[1]
        out = np.empty((p + int(self.intercept), *g.shape[1:]))
        if sparse.issparse(self.block.X):
            multiply(self.block.columns(), g, out[:p])
        else:
            out[:p] = self.block.X.T @ g
        if self.intercept:
            out[p] = g.sum(axis=0)
        return out


class Hessian:
    """v -> (H v, v' H v) at one point; h is the curvature of every row, or its probabilities."""

    def __init__(
        self, problem: Problem, product: Products, h: np.ndarray, weight: np.ndarray, total: float
    ) -> None:
        self.product, self.weight, self.total = product, weight, total
        self.alpha = problem.penalty.alpha
        self.coupled = bool(problem.n_outputs) and problem.loss.coupled
        self.penalised = problem.blocks.n_features * max(problem.n_outputs, 1)
        self.h, self.q = h.copy(), np.empty_like(h)
        self.coupled = h.ndim == 2 and problem.loss.coupled
        if h.ndim == 2 and not self.coupled:
            self.h *= weight[:, None]

    def __call__(self, v: np.ndarray) -> tuple[np.ndarray, float]:
        u = self.product.scores(v)
        h, q, weight = self.h, self.q, self.weight
        if self.coupled:
            chunks = slices(len(h), 4096)
            each(lambda s: softmax_curvature(h[s], u[s], weight[s], q[s]), chunks)
        else:
            np.multiply(h, u, out=q)
        out = self.product.transposed(q)
        flat, given, m = out.ravel(), v.ravel(), self.penalised
        pieces = each(
            lambda s: scale_and_add(1.0 / self.total, self.alpha, given[s], flat[s]),
            slices(m, PIECE),
        )
        flat[m:] /= self.total
        return out, float(sum(pieces)) + float(given[m:] @ flat[m:])


def _conjugate_gradient(times: Hessian, g: np.ndarray, inverse: np.ndarray) -> np.ndarray:
    """Approximately -H^-1 g, preconditioned; a descent direction whenever it stops."""
    P = inverse.ravel()
    pieces = slices(P.size, PIECE)
    d, r = np.zeros(P.size), -g.ravel()
    s = P * r
    ry = float(r @ s)
    enough = min(0.25, np.sqrt(np.sqrt(ry))) ** 2 * ry
    for _ in range(200):
        hs, curvature = times(s.reshape(g.shape))
        if curvature <= 0.0:
            return (d if d.any() else s).reshape(g.shape)
        a, flat = ry / curvature, hs.ravel()
        before = ry
        ry = sum(each(lambda c: conjugate_step(a, s[c], flat[c], P[c], d[c], r[c]), pieces))  # noqa: B023
        if ry <= enough:
            break
        ratio = ry / before
        each(lambda c: conjugate_direction(ratio, P[c], r[c], s[c]), pieces)  # noqa: B023
    return d.reshape(g.shape)
