"""FISTA: accelerated proximal gradients by rounds, for any smooth loss and any penalty with a prox."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from ..core.history import History
from ..core.part import needs
from ..data.blocks import Block
from ..rounds import Where, here, run
from ..rounds.moments import moments
from .solution import Problem, Solution
from .statistics import Sums, merge, row_gradients, scores, statistics


@dataclass(frozen=True)
class Metric:
    """Coordinates in which columns are centred and steps are in units of their variance.

    The intercept u there is b + mean'w, so that large means cost no rounds.  `length` is the step of
    each coefficient for a loss of curvature one; a penalty that couples coefficients says which
    of them must be equal.
    """

    mean: np.ndarray  # (p,), or empty without an intercept
    length: np.ndarray  # the shape of theta

    def to_theta(self, u: np.ndarray) -> np.ndarray:
        theta = u.copy()
        if len(self.mean):
            theta[-1] = u[-1] - self.mean @ u[:-1]
        return theta

    def from_theta(self, theta: np.ndarray) -> np.ndarray:
        u = theta.copy()
        if len(self.mean):
            u[-1] = theta[-1] + self.mean @ theta[:-1]
        return u

    def gradient(self, g: np.ndarray) -> np.ndarray:
        """The gradient in u from the one in theta."""
        out = g.copy()
        if len(self.mean):
            out[:-1] -= np.multiply.outer(self.mean, g[-1]) if g.ndim == 2 else self.mean * g[-1]
        return out

    def square(self, d: np.ndarray) -> float:
        return float(np.vdot(d, d / self.length))


def measure(problem: Problem, where: Where) -> Metric:
    """The metric of a problem, from one pass over the rows."""
    m = where(
        lambda b: moments(b.X.tocsr() if sparse.issparse(b.X) else b.X, b.weight),
        problem.blocks,
        lambda a, b: a.merge(b),
    )
    spread = m.variance
    if not problem.fit_intercept:
        spread = spread + m.mean**2
    steady = ~(spread > 1e-14 * m.mean**2) | ~(spread > 0.0)
    widest = float(spread[~steady].max(initial=0.0)) or 1.0
    spread = np.where(steady, widest, spread)
    length = np.ones(problem.shape)
    length[: len(spread)] /= spread[:, None] if problem.n_outputs else spread
    if not problem.penalty.separable:
        length[: len(spread)] = problem.penalty.tied(length[: len(spread)])
    return Metric(m.mean if problem.fit_intercept else np.empty(0), length)


@dataclass(frozen=True)
class State:
    """All points are in the metric's coordinates.

    `ahead` is where the next gradient is taken and `trial` the step whose value it judges, taken from
    `base`; they are the same at the start and after a restart.  `point` is the last step accepted.
    """

    ahead: np.ndarray
    trial: np.ndarray
    step: float
    momentum: float = 1.0  # at the base; `upcoming` ahead of it
    upcoming: float = 1.0
    point: np.ndarray | None = None
    base: np.ndarray | None = None
    value: float = np.inf  # the loss at base, and its gradient there
    slope: np.ndarray | None = None
    objective: float = np.inf
    optimality: float = np.inf
    stuck: bool = False

    @property
    def resting(self) -> bool:
        return self.ahead is self.trial


@dataclass(frozen=True)
class Both:
    """The loss at the trial point, and its value and gradient ahead of it."""

    trial: float
    ahead: Sums

    def __add__(self, other: Both) -> Both:
        return Both(self.trial + other.trial, merge(self.ahead, other.ahead))


@dataclass(frozen=True)
class FISTA:
    """Rounds of Beck and Teboulle (2009), section 4, with two changes.

    Each round reads the rows once: it judges the last step (their eq. 4.3, halving the step length
    where it fails) and, trusting that step, already takes the gradient ahead of it.  The momentum starts
    anew when it points uphill (O'Donoghue and Candes 2015, eq. 12).  A penalty that is not convex gets
    no momentum.
    """

    problem: Problem
    metric: Metric
    tol: float

    def partial(self, state: State, block: Block) -> Both:
        p = self.problem
        ahead = statistics(p.loss, block, self.metric.to_theta(state.ahead), p.fit_intercept)
        if state.resting:
            return Both(ahead.value, ahead)
        z = scores(block, *p.split(self.metric.to_theta(state.trial)))
        return Both(row_gradients(p.loss, block, z)[1], ahead)

    @staticmethod
    def merge(a: Both, b: Both) -> Both:
        return a + b

    def update(self, state: State, sums: Both) -> tuple[State, bool]:
        total = sums.ahead.weight
        value = sums.trial / total
        if state.base is not None and not value <= self._allowed(state):
            step = state.step / 2.0
            if step < 1e-12:  # no descent is left at this precision
                return replace(state, stuck=True), True
            return self._next(replace(state, step=step)), False
        g = sums.ahead.gradient / total
        objective = value + self.problem.penalty_value(state.trial)
        new = replace(
            state,
            momentum=state.upcoming,
            point=state.trial,
            base=state.ahead,
            value=sums.ahead.value / total,
            slope=self.metric.gradient(g),
            objective=objective,
        )
        if state.resting:
            theta = self.metric.to_theta(state.ahead)
            optimality = self.optimality(theta, g, state.step)
            grown = state.step if state.base is None else 1.2 * state.step
            new = replace(new, optimality=optimality, step=grown)
            if optimality <= self.tol:
                return new, True
        return self._next(new), False

    def _allowed(self, state: State) -> float:
        """The quadratic model of the loss around the base, at the trial point."""
        d = state.trial - state.base  # type: ignore[operator]
        model = (
            state.value + float(np.vdot(state.slope, d)) + 0.5 * self.metric.square(d) / state.step
        )
        return model + 1e-14 * max(abs(state.value), 1.0)

    def _next(self, state: State) -> State:
        """A step from the base, and a look ahead of it."""
        assert state.base is not None and state.slope is not None and state.point is not None
        length = state.step * self.metric.length
        trial = self._prox(state.base - length * state.slope, length)
        ahead, upcoming = trial, 1.0
        move = trial - state.point
        back = (state.base - trial) / self.metric.length
        near = np.abs(back / state.step).max(initial=0.0) <= 0.5 * self.tol
        if self.problem.penalty.convex and not near:
            if float(np.vdot(back, move)) <= 0.0:
                upcoming = 0.5 * (1.0 + float(np.sqrt(1.0 + 4.0 * state.momentum**2)))
                if state.momentum > 1.0:
                    ahead = trial + (state.momentum - 1.0) / upcoming * move
        return replace(state, trial=trial, ahead=ahead, upcoming=upcoming)

    def _prox(self, u: np.ndarray, length: np.ndarray) -> np.ndarray:
        p = self.problem.blocks.n_features
        out = u.copy()
        out[:p] = self.problem.penalty.prox(u[:p], length[:p])
        return out

    def optimality(self, theta: np.ndarray, g: np.ndarray, step: float) -> float:
        """The largest entry of (theta - prox(theta - s g)) / s: in units of the gradient, 0 at a minimum."""
        s = step * self.metric.length
        return float(np.abs((theta - self._prox(theta - s * g, s)) / s).max(initial=0.0))

    def facts(self, state: State) -> dict[str, float]:
        return {"objective": state.objective, "optimality": state.optimality, "length": state.step}


def fista(
    problem: Problem,
    *,
    start: tuple[Any, Any] | None = None,
    max_iter: int = 10_000,
    tol: float = 1e-6,
    where: Where = here,
) -> Solution:
    """Minimise a smooth loss plus any penalty that has a `prox`: convex or not, separable or not.

    `tol` bounds the largest violation of the optimality conditions, in units of the gradient of the mean
    loss.  One pass over the rows a round, O(n p k) for k outputs, dense or sparse, in memory or by
    blocks; the number of rounds grows with the root of the condition number (of the columns scaled to
    unit variance, where the penalty is separable).  A penalty that is not convex is brought to a
    stationary point.
    """
    needs(problem.penalty, "prox", by="fista", instead="a member of zhixing.penalties")
    if problem.loss.curvature == "none":
        raise TypeError(
            f"fista needs a loss with a gradient everywhere, and {type(problem.loss).__name__} has a "
            f"kink; {_instead(problem)} would do"
        )
    metric = measure(problem, where)
    theta = problem.constant() if start is None else np.array(problem.join(*start), dtype=float)
    u = metric.from_theta(theta)
    finite = float(problem.loss.smoothness)
    first = 4.0 / finite if np.isfinite(finite) else 4.0
    history = History()
    state, done, n_iter = run(
        FISTA(problem, metric, tol),
        State(u, u, first),
        problem.blocks,
        max_rounds=max_iter,
        where=where,
        history=history,
    )
    u = state.point if state.point is not None else state.trial
    w, b = problem.split(metric.to_theta(u))
    converged = done and (not state.stuck or state.optimality <= max(tol, 1e-6))
    return Solution(
        w, b, state.objective, n_iter, converged, state.optimality, history=history, solver="fista"
    )


#: Losses with a kink, and what minimises them, or which smooth relative stands in.
INSTEAD = {
    "Absolute": "LADLasso, or the Huber loss,",
    "Quantile": "QuantileRegressor, or the Expectile loss,",
    "Hinge": "SGDClassifier, or the SquaredHinge loss,",
    "CrammerSinger": "the Softmax loss",
    "EpsilonInsensitive": "SGDRegressor, or the SquaredEpsilonInsensitive loss,",
    "AbsolutePercentage": "LADLasso with weights 1 / |y|",
}


def _instead(problem: Problem) -> str:
    return INSTEAD.get(type(problem.loss).__name__, "a smooth loss")
