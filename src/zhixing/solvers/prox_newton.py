"""Proximal Newton: a quadratic model of the loss, the penalty as it is.

Lee, Sun and Saunders (2014), algorithm 1; the model is minimised by coordinate descent on a working
set of coefficients, as in Yuan, Ho and Lin (2012).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.history import History
from ..core.part import needs
from ..kernels.cd_gram import cd_gram
from ..kernels.cd_softmax import cd_softmax
from ..rounds import Where, here
from .design import design
from .optimality import violations
from .solution import Problem, Solution
from .statistics import row_gradients


def prox_newton(
    problem: Problem,
    *,
    start: tuple[np.ndarray, Any] | None = None,
    max_iter: int = 100,
    tol: float = 1e-6,
    where: Where = here,
) -> Solution:
    """Minimise a loss with curvature plus a penalty with an `elastic` form (L1, elastic net, ...).

    `tol` bounds the largest violation of the optimality conditions, in units of the gradient of the
    mean loss.
    """
    needs(problem.penalty, "elastic", by="prox_newton", instead="fista")
    if problem.loss.curvature == "none":
        raise TypeError(
            f"prox_newton needs curvature, which {type(problem.loss).__name__} does not have; "
            "use fista"
        )
    return _in_memory(problem, start or problem.split(problem.constant()), max_iter, tol)


def _in_memory(
    problem: Problem, start: tuple[np.ndarray, Any], max_iter: int, tol: float
) -> Solution:
    block = problem.blocks.one()
    X, loss, e = design(block), problem.loss, problem.penalty.elastic()
    total = float(block.weight.sum())
    w, b = np.array(start[0], dtype=np.float64), np.array(start[1], dtype=np.float64)
    history = History()
    z = X.dot(w) + b
    h = np.empty_like(z)
    g_rows, value = row_gradients(loss, block, z, h)
    objective = value / total + problem.penalty.value(w)
    optimality = np.inf
    converged = False
    step = 0
    stuck = False
    for step in range(max_iter + 1):
        g = X.transpose_dot(g_rows) / total
        gb = g_rows.sum(axis=0) / total if problem.fit_intercept else np.zeros_like(b)
        v = violations(e, w, g)
        optimality = max(float(v.max(initial=0.0)), float(np.abs(gb).max(initial=0.0)))
        history.record(step, objective=objective, optimality=optimality, support=(w != 0).sum())
        if optimality <= tol or stuck or step == max_iter:
            converged = optimality <= tol
            break
        chosen = _working_set(v, w, tol)
        inner = 0.1 * optimality
        if w.ndim == 2:
            new, db, dz = _softmax_step(X, block, h, w, g, gb, chosen, e, problem, total, inner)
        else:
            new, db, dz = _step(X, h / total, w, g, gb, chosen, e, problem, inner)
        dw = new - w
        slope = float(np.vdot(g, dw) + np.vdot(gb, db))
        slope += problem.penalty.value(new) - problem.penalty.value(w)
        t = 1.0
        while True:
            trial = w + t * dw if t < 1.0 else new
            z_trial = z + t * dz
            h_trial = np.empty_like(h)
            g_trial, value = row_gradients(loss, block, z_trial, h_trial)
            f = value / total + problem.penalty.value(trial)
            if f <= objective + 1e-4 * t * slope + 1e-15 * max(abs(objective), 1.0):
                break
            t /= 2.0
            if t < 1e-10:
                stuck = True
                break
        if not stuck:
            stuck = not slope < 0.0
            w, b, z, g_rows, h, objective = trial, b + t * db, z_trial, g_trial, h_trial, f
    b_out = b if w.ndim == 2 else float(b)
    return Solution(
        w, b_out, objective, step, converged, optimality, history=history, solver="prox_newton"
    )


def _working_set(v: np.ndarray, w: np.ndarray, tol: float) -> np.ndarray:
    """Flat places of the coefficients to work on: the support, and as many again of the worst."""
    v, used = v.ravel(), w.ravel() != 0.0
    size = max(2 * int(used.sum()), 64)
    new = np.flatnonzero((v > 0.0) & ~used)
    room = max(size - int(used.sum()), 16)
    if len(new) > room:
        new = new[np.argpartition(-v[new], room)[:room]]
    return np.sort(np.concatenate([np.flatnonzero(used), new]))


def _step(X, h, w, g, gb, chosen, e, problem, inner):
    A = X.take(chosen)
    G, c = A.gram(h)
    bb = float(h.sum())
    slope = g[chosen]
    center = problem.fit_intercept and bb > 0.0
    if center:  # the intercept at its optimum for every w
        G -= np.outer(c, c / bb)
        slope = slope - c * (gb / bb)
    sub = w[chosen]
    m = len(chosen)
    new = sub.copy()
    gradient = np.ascontiguousarray(slope)
    l1, l2 = np.full(m, e.l1), np.full(m, e.l2)
    cd_gram(np.ascontiguousarray(G), gradient, new, l1, l2, e.low, e.high, 1000, inner)
    d = new - sub
    db = -(gb + c @ d) / bb if center else np.zeros_like(gb)
    out = w.copy()
    out[chosen] = new
    return out, db, A.dot(d) + db


def _softmax_step(X, block, P, w, g, gb, chosen, e, problem, total, inner):
    k = w.shape[1]
    feature, place = np.unique(chosen // k, return_inverse=True)
    A = X.take(feature)
    output = (chosen % k).astype(np.int64)
    new = np.ascontiguousarray(w.ravel()[chosen])
    m = len(chosen)
    db, dz = np.zeros(k), np.zeros((block.n, k))
    l1, l2 = np.full(m, e.l1), np.full(m, e.l2)
    slope = np.ascontiguousarray(g.ravel()[chosen])
    cd_softmax(
        *A.columns, place.astype(np.int64), output, P, block.weight / total,
        problem.fit_intercept, new, slope, l1, l2, e.low, e.high, db, gb, dz, 100, inner,
    )  # fmt: skip
    out = w.copy()
    out.ravel()[chosen] = new
    return out, db, dz
