"""Proximal Newton by rounds, for rows read in blocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..core.history import History
from ..data.blocks import Block
from ..rounds import Where, run
from .quadratic_models import ByCoordinates, ByProx
from .solution import Problem, Solution
from .statistics import Sums, merge, statistics


@dataclass(frozen=True)
class State:
    """The point under trial, and the last accepted one with where its model has its minimum."""

    theta: np.ndarray
    step: float = 0.0
    accepted: np.ndarray | None = None
    goal: np.ndarray | None = None
    slope: float = 0.0
    objective: float = np.inf
    optimality: float = np.inf
    stuck: bool = False


@dataclass(frozen=True)
class ProxNewton:
    """A round takes value, gradient and Hessian at the trial point; a rejected step costs one round."""

    problem: Problem
    model: ByCoordinates | ByProx
    tol: float

    def partial(self, state: State, block: Block) -> Sums:
        p = self.problem
        return statistics(p.loss, block, state.theta, p.fit_intercept, second=True)

    merge = staticmethod(merge)

    def update(self, state: State, sums: Sums) -> tuple[State, bool]:
        penalty = self.model.value(state.theta)
        objective = sums.value / sums.weight + penalty
        rounding = 1e-14 * max(abs(state.objective), 1.0)
        if state.accepted is not None and not (
            objective <= state.objective + 1e-4 * state.step * state.slope + rounding
        ):
            step = state.step / 2.0
            if step < 1e-10:  # no descent is left at this precision
                return replace(state, theta=state.accepted, stuck=True), True
            trial = state.accepted + step * (state.goal - state.accepted)
            return replace(state, theta=trial, step=step), False
        assert sums.hessian is not None
        g = sums.gradient / sums.weight
        optimality = self.model.optimality(state.theta, g)
        H = np.ascontiguousarray(sums.hessian / sums.weight)
        goal = self.model.minimum(state.theta, g, H, max(0.01 * optimality, 0.1 * self.tol))
        slope = float(np.vdot(g, goal - state.theta)) + self.model.value(goal) - penalty
        accepted = State(state.theta, 1.0, state.theta, goal, slope, objective, optimality)
        if optimality <= self.tol:
            return accepted, True
        if not slope < 0.0:  # no descent is left at this precision
            return replace(accepted, stuck=True), True
        return replace(accepted, theta=goal), False

    def facts(self, state: State) -> dict[str, float]:
        return {"objective": state.objective, "optimality": state.optimality}


def by_rounds(
    problem: Problem, start: tuple[Any, Any], max_iter: int, tol: float, where: Where
) -> Solution:
    """Solve by rounds over the blocks; see `prox_newton`."""
    history = History()
    w, b = start
    by_coordinates = hasattr(problem.penalty, "elastic")
    model = ByCoordinates.of(problem) if by_coordinates else ByProx(problem)
    rounds = ProxNewton(problem, model, tol)
    state = State(np.array(problem.join(w, b), dtype=np.float64))
    state, done, n_iter = run(
        rounds, state, problem.blocks, max_rounds=max_iter, where=where, history=history
    )
    theta = state.theta if done or state.accepted is None else state.accepted
    w, b = problem.split(theta)
    return Solution(
        w,
        b,
        state.objective,
        n_iter,
        done and state.optimality <= max(tol, 1e-6 if state.stuck else 0.0),
        state.optimality,
        history=history,
        solver="prox_newton",
    )
