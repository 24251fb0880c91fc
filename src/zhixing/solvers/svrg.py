"""Stochastic gradients with reduced variance: few rows a step, and still the exact optimum."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from ..core.history import History
from ..core.part import needs
from ..core.random import generator
from ..kernels.svrg_rows import svrg_rows
from .solution import Problem, Solution
from .statistics import row_gradients, row_losses, scores, statistics


def svrg(
    problem: Problem,
    *,
    start: tuple[np.ndarray, Any] | None = None,
    max_iter: int = 1000,
    tol: float = 1e-6,
    batch: int = 1,
    seed: int = 0,
) -> Solution:
    """A pass takes the full gradient, then one step for each batch of rows in random order.

    A step follows the batch's gradient less its gradient at the start of the pass plus the full one,
    whose noise dies out near the optimum, so the step need not shrink (Johnson and Zhang 2013,
    "Accelerating stochastic gradient descent using predictive variance reduction", figure 1).  The
    step is 1 / (2 L) for the largest curvature L of a batch, and halves when a pass does not descend.
    Rows are in memory; a pass is O(n p).
    """
    name = "sgd" if batch == 1 else "minibatch"
    needs(problem.penalty, "gradient", by=name, instead="prox_newton or fista")
    if not np.isfinite(problem.loss.smoothness):
        raise TypeError(
            f"{name} needs a loss of bounded curvature, which {type(problem.loss).__name__} is not; "
            "use 'newton' or 'lbfgs'"
        )
    block = problem.blocks.one()
    total = float(block.weight.sum())
    used = np.flatnonzero(block.weight > 0)
    batch = min(batch, len(used))
    X = _with_ones(block.X, problem.fit_intercept)
    squares = X.multiply(X).sum(axis=1) if sparse.issparse(X) else np.einsum("ij,ij->i", X, X)
    squares = np.asarray(squares).ravel()
    mean_weight = total / len(used)
    # Curvature of a batch's mean: at worst of its heaviest row, for larger batches nearer the mean.
    rows = np.sort(squares[used] * block.weight[used] / mean_weight)[::-1]
    worst = float(rows[:batch].mean())
    average = float(rows.mean())
    curvature = problem.loss.smoothness * (worst / batch + average * (1 - 1 / batch))
    step = 0.5 / (curvature + problem.penalty.alpha + 1e-300)
    theta = problem.constant() if start is None else problem.join(*start)
    rng = generator(seed)
    history, converged = History(), False
    sums = statistics(problem.loss, block, theta, problem.fit_intercept)
    optimality, objective, epoch = np.inf, np.inf, 0
    for epoch in range(max_iter + 1):
        objective = sums.value / total + problem.penalty_value(theta)
        g = sums.gradient / total + problem.penalty_gradient(theta)
        optimality = float(np.abs(g).max(initial=0.0))
        history.record(epoch, objective=objective, optimality=optimality)
        converged = optimality <= tol
        if converged or epoch == max_iter or step < 1e-12 / max(curvature, 1e-300):
            break
        order = rng.permutation(used)
        trial = _epoch(problem, X, block, theta, sums.gradient / total, order, batch, step)
        new = statistics(problem.loss, block, trial, problem.fit_intercept)
        if new.value / total + problem.penalty_value(trial) <= objective + 1e-14 * abs(objective):
            theta, sums = trial, new
        else:
            step /= 2.0
    w, b = problem.split(theta)
    return Solution(w, b, objective, epoch, converged, optimality, history=history, solver=name)


def _with_ones(X: Any, intercept: bool) -> Any:
    if not intercept:
        return X if sparse.issparse(X) else np.ascontiguousarray(X, dtype=np.float64)
    ones = np.ones((X.shape[0], 1))
    if sparse.issparse(X):
        return sparse.hstack([X, sparse.csr_array(ones)]).tocsr()
    return np.hstack([np.asarray(X, dtype=np.float64), ones])


def _epoch(
    problem: Problem,
    X: Any,
    block: Any,
    theta: np.ndarray,
    full: np.ndarray,
    order: np.ndarray,
    batch: int,
    step: float,
) -> np.ndarray:
    """The steps of one pass; `full` is the mean gradient of the loss at theta."""
    p = problem.blocks.n_features
    anchor, _ = row_gradients(problem.loss, block, scores(block, *problem.split(theta)))
    mean = float(block.weight.sum()) / len(order)
    compiled = batch == 1 and theta.ndim == 1 and isinstance(X, np.ndarray)
    if compiled and hasattr(problem.loss, "online"):
        now, weight = theta.copy(), block.weight / mean
        svrg_rows(
            problem.loss, X, block.y, weight, order, anchor / mean, full, now, step,
            problem.penalty.alpha, p,
        )  # fmt: skip
        return now
    now = theta.copy()
    g = np.empty((batch, *theta.shape[1:]))
    h = np.empty_like(g)
    for at in range(0, len(order), batch):
        rows = order[at : at + batch]
        m = len(rows)
        part = X[rows]
        z = np.ascontiguousarray(part @ now)
        row_losses(problem.loss, block.y[rows], z, block.weight[rows], g[:m], h[:m])
        noise = part.T @ (g[:m] - anchor[rows]) / (m * mean)
        now = now - step * (noise + full + problem.penalty_gradient(now))
    return now


def sgd(problem: Problem, **options: Any) -> Solution:
    """One row a step."""
    return svrg(problem, batch=1, **options)


def minibatch(problem: Problem, **options: Any) -> Solution:
    """128 rows a step."""
    return svrg(problem, batch=128, **options)
