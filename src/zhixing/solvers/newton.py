"""Newton's method: exact curvature, few rounds, O(n p^2) each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.linalg

from ..core.history import History
from ..core.part import needs
from ..data.blocks import Block, Blocks
from ..rounds import Where, here, run
from .solution import Problem, Solution
from .statistics import Sums, merge, statistics


@dataclass(frozen=True)
class State:
    """Coefficients under trial, and the last accepted point with its direction."""

    w: np.ndarray
    b: float
    step: float = 0.0
    accepted: tuple[np.ndarray, float] | None = None
    direction: tuple[np.ndarray, float] | None = None
    slope: float = 0.0
    objective: float = np.inf
    optimality: float = np.inf
    stuck: bool = False


@dataclass(frozen=True)
class Newton:
    """Rounds of Newton's method with step halving.

    A round takes value, gradient and Hessian at the trial point.  A trial that does not decrease the
    objective enough costs one visible round at half the step.
    """

    loss: Any
    penalty: Any
    fit_intercept: bool
    tol: float

    def partial(self, state: State, block: Block) -> Sums:
        return statistics(self.loss, block, state.w, state.b, second=True)

    merge = staticmethod(merge)

    def update(self, state: State, sums: Sums) -> tuple[State, bool]:
        assert sums.ww is not None and sums.wb is not None
        n = sums.weight
        objective = sums.value / n + self.penalty.value(state.w)
        rounding = 1e-14 * max(abs(objective), 1.0)
        if state.accepted is not None and not (
            objective <= state.objective + 1e-4 * state.step * state.slope + rounding
        ):
            step = state.step / 2.0
            if step < 1e-10:  # no descent is left at this precision
                (w, b) = state.accepted
                return replace(state, w=w, b=b, stuck=True), True
            (w, b), (dw, db) = state.accepted, state.direction  # type: ignore[misc]
            return replace(state, w=w + step * dw, b=b + step * db, step=step), False

        g = sums.w / n + self.penalty.gradient(state.w)
        gb = sums.b / n if self.fit_intercept else 0.0
        optimality = max(float(np.abs(g).max(initial=0.0)), abs(gb))
        dw, db = self._direction(g, gb, sums.ww / n, sums.wb / n, sums.bb / n)
        slope = float(g @ dw + gb * db)
        done = optimality <= self.tol or -slope <= 1e-15 * max(abs(objective), 1e-300)
        accepted = State(
            state.w, state.b, 1.0, (state.w, state.b), (dw, db), slope, objective, optimality
        )
        if done:
            return accepted, True
        return replace(accepted, w=state.w + dw, b=state.b + db), False

    def _direction(
        self, g: np.ndarray, gb: float, ww: np.ndarray, wb: np.ndarray, bb: float
    ) -> tuple[np.ndarray, float]:
        p = len(g)
        m = p + int(self.fit_intercept)
        H = np.zeros((m, m))
        H[:p, :p] = ww
        H[np.arange(p), np.arange(p)] += self.penalty.alpha
        rhs = np.zeros(m)
        rhs[:p] = g
        if self.fit_intercept:
            H[p, :p] = H[:p, p] = wb
            H[p, p] = bb
            rhs[p] = gb
        # Unit diagonal first: columns in wildly different units are no reason to lose digits.
        scale = np.sqrt(np.maximum(np.diag(H), 1e-300))
        H /= scale * scale[:, None]
        try:
            factor = scipy.linalg.cho_factor(H, lower=True, check_finite=False)
            if np.diag(factor[0]).min() < 1e-8:
                raise np.linalg.LinAlgError
            d = scipy.linalg.cho_solve(factor, rhs / scale, check_finite=False)
        except np.linalg.LinAlgError:
            # Singular (collinear columns, or rows without curvature): the smallest step that solves it.
            d = scipy.linalg.lstsq(H, rhs / scale, cond=1e-12, check_finite=False)[0]
            if not np.dot(rhs / scale, d) > 0.0:
                d = rhs / scale
        d = -d / scale
        return (d[:p], float(d[p])) if self.fit_intercept else (d, 0.0)

    def facts(self, state: State) -> dict[str, float]:
        return {"objective": state.objective, "optimality": state.optimality}


def newton(
    problem: Problem,
    *,
    start: tuple[np.ndarray, Any] | None = None,
    max_iter: int = 100,
    tol: float = 1e-8,
    where: Where = here,
) -> Solution:
    """Minimise a smooth problem of one output; `tol` bounds the largest gradient entry at the end.

    With many rows in memory the first rounds run on every 16th row: near the optimum of a part, two or
    three full rounds are left.
    """
    needs(problem.penalty, "gradient", by="newton", instead="prox_newton or fista")
    if problem.loss.curvature == "none":
        raise TypeError(
            f"newton needs curvature, which {type(problem.loss).__name__} does not have; "
            "use solver='lbfgs' for a smooth loss or 'fista'"
        )
    history = History()
    rounds = Newton(problem.loss, problem.penalty, problem.fit_intercept, tol)
    if start is None:
        start = problem.zeros()
        sample = _sample(problem.blocks)
        if sample is not None:
            rough = replace(rounds, tol=max(tol, 1e-3))
            state, _, _ = run(rough, State(*start), sample, max_rounds=15)
            start = (state.w, state.b) if np.isfinite(state.objective) else start
    state, done, n_iter = run(
        rounds, State(*start), problem.blocks, max_rounds=max_iter, where=where, history=history
    )
    (w, b) = (state.w, state.b) if done or state.accepted is None else state.accepted
    converged = done and (not state.stuck or state.optimality <= max(tol, 1e-6))
    return Solution(
        w, b, state.objective, n_iter, converged, state.optimality, history=history, solver="newton"
    )


def _sample(blocks: Blocks) -> Blocks | None:
    if not blocks.in_memory:
        return None
    kept = list(blocks)
    if sum(b.n for b in kept) < max(32_768, 320 * blocks.n_features):
        return None
    thin = [
        Block(
            np.ascontiguousarray(b.X[first::16]),
            np.ascontiguousarray(b.y[first::16]),
            np.ascontiguousarray(b.weight[first::16]),
        )
        for b in kept
        for first in [-b.start % 16]  # the same rows whatever the blocks
    ]
    if not any(t.weight.any() for t in thin):
        return None
    return Blocks(lambda: iter(thin), blocks.n_features, True, blocks.dtype)
