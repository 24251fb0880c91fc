"""Newton's method: exact curvature, few rounds, O(n p^2) each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.linalg

from ..core.history import History
from ..core.part import needs
from ..data.blocks import Block, Blocks, thinned
from ..rounds import Where, here, run
from .solution import Problem, Solution
from .statistics import Sums, merge, statistics


@dataclass(frozen=True)
class State:
    """The point under trial, and the last accepted one with its direction."""

    theta: np.ndarray
    step: float = 0.0
    accepted: np.ndarray | None = None
    direction: np.ndarray | None = None
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

    problem: Problem
    tol: float

    def partial(self, state: State, block: Block) -> Sums:
        p = self.problem
        return statistics(p.loss, block, state.theta, p.fit_intercept, second=True)

    merge = staticmethod(merge)

    def update(self, state: State, sums: Sums) -> tuple[State, bool]:
        objective = sums.value / sums.weight + self.problem.penalty_value(state.theta)
        rounding = 1e-14 * max(abs(state.objective), 1.0)
        if (
            state.accepted is not None
            and state.direction is not None
            and not (objective <= state.objective + 1e-4 * state.step * state.slope + rounding)
        ):
            step = state.step / 2.0
            if step < 1e-10:  # no descent is left at this precision
                return replace(state, theta=state.accepted, stuck=True), True
            return replace(state, theta=state.accepted + step * state.direction, step=step), False

        g = sums.gradient / sums.weight + self.problem.penalty_gradient(state.theta)
        optimality = float(np.abs(g).max(initial=0.0))
        d = -NewtonStep(self.problem, sums).solve(g)
        slope = float(np.vdot(g, d))
        accepted = State(state.theta, 1.0, state.theta, d, slope, objective, optimality)
        if optimality <= self.tol or -slope <= 1e-15 * max(abs(objective), 1e-300):
            if self.problem.loss.curvature == "exact" and -slope <= 1e-8 * abs(objective):
                # The step is known already, and this near it squares the distance that is left.
                return replace(accepted, theta=state.theta + d), True
            return accepted, True
        return replace(accepted, theta=state.theta + d), False

    def facts(self, state: State) -> dict[str, float]:
        return {"objective": state.objective, "optimality": state.optimality}


class NewtonStep:
    """Solves H d = g, with H the Hessian of the whole problem at one point, factored once."""

    def __init__(self, problem: Problem, sums: Sums) -> None:
        assert sums.hessian is not None
        H = sums.hessian / sums.weight
        k = problem.n_outputs
        penalised = problem.blocks.n_features * max(k, 1)
        at = np.arange(penalised)
        H[at, at] += problem.penalty.alpha
        if k and problem.loss.coupled:
            # Equal scores added to all outputs change nothing; curvature there makes H definite and,
            # the gradient being orthogonal, leaves the step as it is.
            rows = len(H) // k
            same = H.reshape(rows, k, rows, k)
            for j in range(rows):
                same[j, :, j, :] += np.trace(same[j, :, j, :]) / k**2
        # Unit diagonal: columns in wildly different units are no reason to lose digits.
        self.scale = np.sqrt(np.maximum(np.diag(H), 1e-300))
        H /= self.scale
        H /= self.scale[:, None]
        self.factor: Any = None
        try:
            factor = scipy.linalg.cho_factor(H, lower=True, check_finite=False)
            if np.diag(factor[0]).min() >= 1e-8:
                self.factor = factor
        except np.linalg.LinAlgError:
            pass
        if self.factor is None:
            # Collinear columns, or rows without curvature: the shortest step.
            values, vectors = scipy.linalg.eigh(H, check_finite=False)
            keep = values > 1e-12 * max(float(values[-1]), 1e-300)
            self.values, self.vectors = values[keep], vectors[:, keep]

    def solve(self, g: np.ndarray) -> np.ndarray:
        rhs = g.ravel() / self.scale
        if self.factor is not None:
            d = scipy.linalg.cho_solve(self.factor, rhs, check_finite=False)
        else:
            d = self.vectors @ ((self.vectors.T @ rhs) / self.values)
            if not np.dot(rhs, d) > 0.0:
                d = rhs
        return (d / self.scale).reshape(g.shape)


def newton(
    problem: Problem,
    *,
    start: tuple[np.ndarray, Any] | None = None,
    max_iter: int = 100,
    tol: float = 1e-8,
    where: Where = here,
) -> Solution:
    """Minimise a smooth problem; `tol` bounds the largest gradient entry at the end.

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
    rounds = Newton(problem, tol)
    theta = problem.join(*start) if start is not None else None
    if theta is None:
        theta = problem.constant()
        sample = _sample(problem.blocks)
        if sample is not None:
            rough = Newton(replace(problem, blocks=sample), max(tol, 1e-3))
            state, _, _ = run(rough, State(theta), sample, max_rounds=15)
            theta = state.theta if np.isfinite(state.objective) else theta
    state, done, n_iter = run(
        rounds, State(theta), problem.blocks, max_rounds=max_iter, where=where, history=history
    )
    w, b = problem.split(state.theta if done or state.accepted is None else state.accepted)
    converged = done and (not state.stuck or state.optimality <= max(tol, 1e-6))
    return Solution(
        w, b, state.objective, n_iter, converged, state.optimality, history=history, solver="newton"
    )


def _sample(blocks: Blocks) -> Blocks | None:
    if not blocks.in_memory or sum(b.n for b in blocks) < max(32_768, 320 * blocks.n_features):
        return None
    thin = thinned(blocks, 16)
    return thin if any(b.weight.any() for b in thin) else None
