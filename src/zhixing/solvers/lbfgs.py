"""L-BFGS: one pass over the data a round and a memory of a few steps, for many features or outputs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..core.history import History
from ..core.part import needs
from ..data.blocks import Block
from ..rounds import Where, here, run
from .preconditioner import Preconditioner, precondition
from .solution import Problem, Solution
from .statistics import Sums, merge, statistics


@dataclass(frozen=True)
class State:
    """The trial point, the last accepted one with gradient and direction, and the memory."""

    theta: np.ndarray
    step: float = 0.0
    accepted: np.ndarray | None = None
    gradient: np.ndarray | None = None
    direction: np.ndarray | None = None
    slope: float = 0.0
    objective: float = np.inf
    optimality: float = np.inf
    memory: tuple[tuple[np.ndarray, np.ndarray, float], ...] = ()
    stuck: bool = False


@dataclass(frozen=True)
class LBFGS:
    """Rounds of L-BFGS (Nocedal 1980; Liu and Nocedal 1989).

    The first guess of the inverse Hessian is a preconditioner from a sample of the rows rather than
    the identity, scaled by s'y / y'Py (their eq. 3.12); the line search halves (Armijo), and a pair
    without positive curvature is not remembered.
    """

    problem: Problem
    guess: Preconditioner
    tol: float
    length: int = 10

    def partial(self, state: State, block: Block) -> Sums:
        return statistics(self.problem.loss, block, state.theta, self.problem.fit_intercept)

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
            if step < 1e-10:
                return replace(state, theta=state.accepted, stuck=True), True
            return replace(state, theta=state.accepted + step * state.direction, step=step), False

        g = sums.gradient / sums.weight + self.problem.penalty_gradient(state.theta)
        memory = state.memory
        if state.accepted is not None and state.gradient is not None:
            s, y = state.theta - state.accepted, g - state.gradient
            curvature = float(np.vdot(s, y))
            if curvature > 1e-15 * float(np.vdot(y, y)):
                memory = (*memory[-self.length + 1 :], (s, y, curvature))
        optimality = float(np.abs(g).max(initial=0.0))
        d = -self._inverse_hessian(g, memory)
        slope = float(np.vdot(g, d))
        new = State(state.theta, 1.0, state.theta, g, d, slope, objective, optimality, memory)
        if optimality <= self.tol or -slope <= 1e-15 * max(abs(objective), 1e-300):
            return new, True
        return replace(new, theta=state.theta + d), False

    def _inverse_hessian(self, g: np.ndarray, memory: Any) -> np.ndarray:
        """The two-loop recursion."""
        q = g.copy()
        kept = []
        for s, y, curvature in reversed(memory):
            a = float(np.vdot(s, q)) / curvature
            q -= a * y
            kept.append(a)
        q = self.guess(q)
        if memory:
            _, y, curvature = memory[-1]
            q *= curvature / float(np.vdot(y, self.guess(y)))
        for (s, y, curvature), a in zip(memory, reversed(kept)):
            q += (a - float(np.vdot(y, q)) / curvature) * s
        return q

    def facts(self, state: State) -> dict[str, float]:
        return {"objective": state.objective, "optimality": state.optimality}


def lbfgs(
    problem: Problem,
    *,
    start: tuple[np.ndarray, Any] | None = None,
    max_iter: int = 1000,
    tol: float = 1e-6,
    where: Where = here,
) -> Solution:
    """Minimise a smooth problem; `tol` bounds the largest gradient entry at the end.

    O(n p k) a round for k outputs, one pass over the data; dense or sparse, in memory or by blocks.
    """
    needs(problem.penalty, "gradient", by="lbfgs", instead="prox_newton or fista")
    theta, guess = precondition(problem)
    if start is not None:
        theta = problem.join(*start)
    history = History()
    state, done, n_iter = run(
        LBFGS(problem, guess, tol),
        State(theta),
        problem.blocks,
        max_rounds=max_iter,
        where=where,
        history=history,
    )
    w, b = problem.split(state.theta if done or state.accepted is None else state.accepted)
    converged = done and (not state.stuck or state.optimality <= max(tol, 1e-6))
    return Solution(
        w, b, state.objective, n_iter, converged, state.optimality, history=history, solver="lbfgs"
    )
