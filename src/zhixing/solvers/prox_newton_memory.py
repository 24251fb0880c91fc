"""Proximal Newton on rows held in memory, by working sets of columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.history import History
from ..core.parallel import single_threaded_blas
from ..data.blocks import Block, thinned
from .design import DenseDesign, SparseDesign, design
from .newton_models import CurvedModel, SoftmaxModel
from .solution import Problem, Solution
from .statistics import row_gradients
from .terms import terms_of, violations


@dataclass
class Point:
    """Coefficients with everything one pass over the rows says about them."""

    w: np.ndarray
    b: np.ndarray
    z: np.ndarray
    g: np.ndarray
    h: np.ndarray
    objective: float


class Objective:
    """The objective on one block of rows."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.block: Block = problem.blocks.one()
        self.X: DenseDesign | SparseDesign = design(self.block)
        self.weight = float(self.block.weight.sum())

    def at(self, w: np.ndarray, b: np.ndarray, z: np.ndarray) -> Point:
        h = np.empty_like(z)
        g, value = row_gradients(self.problem.loss, self.block, z, h)
        return Point(w, b, z, g, h, value / self.weight + self.problem.penalty.value(w))

    def intercept_gradient(self, point: Point) -> np.ndarray:
        if not self.problem.fit_intercept:
            return np.zeros_like(point.b)
        return np.asarray(point.g.sum(axis=0) / self.weight)


def in_memory(problem: Problem, start: tuple[Any, Any], max_iter: int, tol: float) -> Solution:
    """Solve on one block; see `prox_newton`."""
    with single_threaded_blas():
        return _solve(problem, start, max_iter, tol)


def _solve(problem: Problem, start: tuple[Any, Any], max_iter: int, tol: float) -> Solution:
    f = Objective(problem)
    w, b = np.array(start[0], dtype=np.float64), np.array(start[1], dtype=np.float64)
    if not w.any():
        w, b = _rough(problem, f, w, b, tol)
    terms = terms_of(problem.penalty, w.shape)
    point = f.at(w, b, f.X.dot(w) + b)
    history = History()
    optimality, steps, stuck = np.inf, 0, False
    target = tol
    chosen = np.empty(0, dtype=np.int64)
    kind = SoftmaxModel if problem.n_outputs else CurvedModel
    model: Any = None
    while True:
        g = f.X.transpose_dot(point.g) / f.weight
        v = violations(terms, point.w, g)
        if steps == 0:  # columns in small units have small gradients, and deserve as much precision
            target = tol * min(1.0, max(float(np.abs(g).max(initial=0.0)), 1e-300))
        slope = float(np.abs(f.intercept_gradient(point)).max(initial=0.0))
        optimality = max(float(v.max(initial=0.0)), slope)
        history.record(
            steps,
            objective=point.objective,
            optimality=optimality,
            columns=len(chosen),
            support=np.count_nonzero(point.w),
        )
        if optimality <= target or stuck or steps >= max_iter:
            break
        before, chosen = chosen, _working_set(v, point.w, len(chosen))
        goal = 0.5 * target
        if len(chosen) < v.size:  # no need to be exact before the set is right
            goal = max(goal, 0.3 * float(v.max(initial=0.0)))
        if model is None or not np.array_equal(before, chosen):
            model = kind(f, terms, chosen)
        point, taken, stuck = _newton(f, point, model, goal, max_iter - steps)
        steps += taken
    b_out = point.b if problem.n_outputs else float(point.b)
    converged = optimality <= max(tol, 1e-6 if stuck else 0.0)
    return Solution(
        point.w,
        b_out,
        point.objective,
        steps,
        converged,
        optimality,
        history=history,
        solver="prox_newton",
    )


def _newton(
    f: Objective, point: Point, model: Any, goal: float, max_steps: int
) -> tuple[Point, int, bool]:
    """Newton steps on the model's coefficients until none violates its condition by more than `goal`.

    Returns the point, the number of steps, and whether no descent was left.
    """
    before = np.inf
    cut = False
    for step in range(max_steps):
        worst = model.look(point)
        if worst <= goal:
            return point, step, False
        to, db, dz = model.minimum(point, fresh=cut or worst > 0.2 * before, goal=goal)
        before = worst
        slope = model.slope(point, to, db)
        # The model of a loss like the logistic means nothing many units of z away.
        t = min(1.0, 20.0 / max(float(np.abs(dz).max(initial=0.0)), 1e-300))
        cut = t < 1.0
        while True:
            trial = f.at(
                to if t == 1.0 else point.w + t * (to - point.w), point.b + t * db, point.z + t * dz
            )
            allowed = point.objective + 1e-4 * t * slope + 1e-15 * max(abs(point.objective), 1.0)
            if trial.objective <= allowed:
                break
            t, cut = t / 2.0, True
            if t < 1e-6:
                break
        if t < 1e-6:
            if model.caution > 1e6 or not slope < 0.0:
                return point, step + 1, True
        elif not slope < 0.0:
            return trial, step + 1, True
        else:
            point = trial
        # A step that had to be cut trusted the model too far: the next is more careful.
        model.caution = max(4.0 * model.caution, 1.0) if cut else 0.1 * model.caution
        if model.caution < 0.01:
            model.caution = 0.0
    return point, max_steps, False


def _working_set(v: np.ndarray, w: np.ndarray, before: int) -> np.ndarray:
    """Flat places of the coefficients to work on: the support, and the worst of the rest."""
    v, used = v.ravel(), w.ravel() != 0.0
    if len(v) <= 64:
        return np.arange(len(v))
    room = max(128, 2 * before) - np.count_nonzero(used)
    new = np.flatnonzero((v > 0.1 * v.max()) & ~used)
    if 0 < room < len(new):
        new = new[np.argpartition(-v[new], room)[:room]]
    chosen = used.copy()
    chosen[new] = True
    if np.count_nonzero(chosen) >= 0.8 * len(v):  # a choice would cost a copy and spare nothing
        return np.arange(len(v))
    return np.flatnonzero(chosen)


def _rough(
    problem: Problem, f: Objective, w: np.ndarray, b: np.ndarray, tol: float
) -> tuple[np.ndarray, np.ndarray]:
    """The solution of every eighth row, where there are many: a start two or three steps away."""
    if f.block.n < max(8192, 40 * f.X.p) or isinstance(f.X, SparseDesign):
        return w, b
    thin = thinned(problem.blocks, 8)
    (kept,) = list(thin)
    if not kept.weight.any():
        return w, b
    part = Problem(thin, problem.loss, problem.penalty, problem.fit_intercept)
    found = _solve(part, (w, b), 20, max(tol, 1e-3))
    if not np.isfinite(found.objective):
        return w, b
    return found.w, np.asarray(found.b)
