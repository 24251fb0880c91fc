"""Concave penalties by their tangents: a sequence of weighted lassos."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..core.history import History
from ..core.part import needs
from ..penalties.elastic import Elastic
from ..rounds import Where, here
from .prox_newton import is_one_block, prox_newton
from .solution import Problem, Solution
from .working_sets import working_sets

#: Columns up to which every tangent is over all of them.
WIDE = 128


@dataclass(frozen=True)
class Tangent:
    """sum_j slope_j |w_j|: the tangent of a concave penalty, up to a constant."""

    slope: np.ndarray  # the shape of w

    separable = True
    convex = True
    smooth = False

    def value(self, w: np.ndarray) -> float:
        return float(np.vdot(self.slope, np.abs(w)))

    def prox(self, v: np.ndarray, step: Any) -> np.ndarray:
        return np.sign(v) * np.maximum(np.abs(v) - step * self.slope, 0.0)

    def elastic(self) -> Elastic:
        return Elastic(l1=self.slope)


def reweighted(
    problem: Problem,
    *,
    start: tuple[Any, Any] | None = None,
    max_iter: int = 1000,
    tol: float = 1e-6,
    where: Where = here,
) -> Solution:
    """Minimise a loss with curvature plus a penalty concave in |w| (MCP, SCAD) to a stationary point.

    A concave function lies below its tangent, so each weighted lasso, solved by `prox_newton`, lowers
    the objective.  From w = 0 the first is the lasso itself, and the second already has the oracle's
    rate: Zou and Li (2008), section 2.3 and theorem 5.  The stationary point need not be the global
    minimum.  `tol` bounds the largest violation of its conditions, in units of the gradient; `max_iter` the
    steps of `prox_newton` in all.
    """
    penalty = problem.penalty
    needs(penalty, "slope", by="reweighted", instead="fista or prox_newton")
    if penalty.convex or not np.isfinite(penalty.slope(np.zeros(1))).all():
        raise TypeError(
            f"reweighted needs a penalty that is concave in |w| with a finite slope at zero (MCP, SCAD); "
            f"for {penalty!r} use fista"
        )
    point = start or problem.split(problem.constant())
    p = problem.blocks.n_features
    if p <= WIDE or where is not here or not is_one_block(problem.blocks):
        return tangents(problem, start=point, max_iter=max_iter, tol=tol, where=where)
    # The first tangent over all columns, the others over those that may matter.
    slope = penalty.slope(np.asarray(point[0], dtype=np.float64))
    rough = max(tol, 1e-2 * float(slope.max(initial=0.0)))
    first = replace(problem, penalty=Tangent(slope))
    found = prox_newton(first, start=point, max_iter=max_iter, tol=rough)
    return working_sets(
        problem,
        tangents,
        start=(found.w, found.b),
        labels=np.arange(p),
        restrict=lambda columns: penalty,
        max_iter=max(max_iter - found.n_iter, 1),
        tol=tol,
        name="reweighted",
    )


def tangents(
    problem: Problem, *, start: tuple[Any, Any], max_iter: int, tol: float, where: Where = here
) -> Solution:
    """Tangent after tangent over all columns; see `reweighted`."""
    penalty = problem.penalty
    w, b = np.asarray(start[0], dtype=np.float64), start[1]
    history = History()
    slope, change, used, step = penalty.slope(w), np.inf, 0, 0
    while True:
        inner = max(0.5 * tol, min(0.1 * change, 1e-2 * float(slope.max(initial=0.0))))
        found = prox_newton(
            replace(problem, penalty=Tangent(slope)),
            start=(w, b),
            max_iter=max_iter - used,
            tol=inner,
            where=where,
        )
        before, w, b = w, found.w, found.b
        used += max(found.n_iter, 1)
        new = penalty.slope(w)
        # A coefficient that is zero now has at least the slope it had, which can only hold it there.
        change = float(np.abs(new - slope)[w != 0.0].max(initial=0.0))
        loss = found.objective - float(np.vdot(slope, np.abs(w)))
        objective = loss + penalty.value(w)
        optimality = found.optimality + change
        history.record(step, objective=objective, optimality=optimality)
        step += 1
        still = step > 1 and found.n_iter == 0 and np.array_equal(before, w)
        if optimality <= tol or used >= max_iter or (still and change == 0.0):
            break
        slope = new
    return Solution(
        w, b, objective, used, optimality <= max(tol, 1e-6 if still else 0.0), optimality,
        history=history, solver="reweighted",
    )  # fmt: skip
