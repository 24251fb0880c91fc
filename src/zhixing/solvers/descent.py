"""Descent by rounds: a rule gives the direction, halving gives the step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from ..core.history import History
from ..core.part import needs
from ..data.blocks import Block
from ..rounds import Where, here, run
from .solution import Problem, Solution
from .statistics import Sums, merge, statistics


class Rule(Protocol):
    """What a method remembers between rounds, and the direction it takes (flat vectors)."""

    def direction(
        self, memory: Any, g: np.ndarray, s: np.ndarray | None, y: np.ndarray | None
    ) -> tuple[Any, np.ndarray]:
        """(memory, d) at gradient g; s and y are the last changes of point and gradient."""
        ...


@dataclass(frozen=True)
class State:
    theta: np.ndarray
    step: float = 0.0
    accepted: np.ndarray | None = None
    gradient: np.ndarray | None = None
    direction: np.ndarray | None = None
    slope: float = 0.0
    objective: float = np.inf
    optimality: float = np.inf
    memory: Any = None
    stuck: bool = False


@dataclass(frozen=True)
class Descent:
    """Rounds of one pass each; a trial that does not decrease the objective enough is halved."""

    problem: Problem
    rule: Rule
    tol: float

    def partial(self, state: State, block: Block) -> Sums:
        return statistics(self.problem.loss, block, state.theta, self.problem.fit_intercept)

    merge = staticmethod(merge)

    def update(self, state: State, sums: Sums) -> tuple[State, bool]:
        objective = sums.value / sums.weight + self.problem.penalty_value(state.theta)
        rounding = 1e-14 * max(abs(state.objective), 1.0)
        if state.accepted is not None and not (
            objective <= state.objective + 1e-4 * state.step * state.slope + rounding
        ):
            step = state.step / 2.0
            if step < 1e-12:
                return replace(state, theta=state.accepted, stuck=True), True
            theta = state.accepted + step * state.direction  # type: ignore[operator]
            return replace(state, theta=theta, step=step), False
        g = sums.gradient / sums.weight + self.problem.penalty_gradient(state.theta)
        s = y = None
        if state.accepted is not None and state.gradient is not None:
            s = (state.theta - state.accepted).ravel()
            y = (g - state.gradient).ravel()
        memory, d = self.rule.direction(state.memory, g.ravel(), s, y)
        d = d.reshape(g.shape)
        slope, optimality = float(np.vdot(g, d)), float(np.abs(g).max(initial=0.0))
        new = State(state.theta, 1.0, state.theta, g, d, slope, objective, optimality, memory)
        if optimality <= self.tol or -slope <= 1e-16 * max(abs(objective), 1e-300):
            return new, True
        return replace(new, theta=state.theta + d), False

    def facts(self, state: State) -> dict[str, float]:
        return {"objective": state.objective, "optimality": state.optimality}


def descend(
    problem: Problem,
    rule: Rule,
    name: str,
    start: tuple[np.ndarray, Any] | None,
    max_iter: int,
    tol: float,
    where: Where = here,
) -> Solution:
    """Minimise a smooth problem by the rule, from the constant prediction unless given a start."""
    needs(problem.penalty, "gradient", by=name, instead="prox_newton or fista")
    theta = problem.constant() if start is None else problem.join(*start)
    history = History()
    rounds = Descent(problem, rule, tol)
    state, done, n_iter = run(
        rounds, State(theta), problem.blocks, max_rounds=max_iter, where=where, history=history
    )
    w, b = problem.split(state.theta if done or state.accepted is None else state.accepted)
    converged = done and (not state.stuck or state.optimality <= max(tol, 1e-6))
    return Solution(
        w, b, state.objective, n_iter, converged, state.optimality, history=history, solver=name
    )
