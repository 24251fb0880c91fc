"""A start and a first guess of the inverse Hessian, from a sample of the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
from scipy import sparse

from ..data.blocks import Block, Blocks, thinned
from ..rounds import here, run
from .newton import Newton, NewtonStep, State
from .solution import Problem
from .statistics import merge, multiply, row_losses, statistics

#: Solves (approximately) H d = g.
Preconditioner: TypeAlias = Callable[[np.ndarray], np.ndarray]

#: Up to this many unknowns the sampled problem is solved by Newton's method.
MAX_NEWTON = 1000


def precondition(problem: Problem) -> tuple[np.ndarray, Preconditioner]:
    """A start and P, an approximate inverse Hessian.

    Few unknowns: Newton's method solves the problem on a sample of the rows; its minimum is the start
    and its Hessian there is P, so that correlated columns and unequal classes cost no extra rounds.
    Many unknowns, or sparse rows: the constant prediction, and P = 1 / (c mean x_j^2 + alpha) with c
    the loss's curvature there.
    """
    sample = _sample(problem)
    theta = problem.constant()
    first = next(iter(sample))
    if sparse.issparse(first.X) or theta.size > MAX_NEWTON or problem.loss.curvature == "none":
        return theta, _by_entry(inverse_diagonal(problem, sample))
    part = replace(problem, blocks=sample)
    state, _, _ = run(Newton(part, 1e-3), State(theta), sample, max_rounds=15)
    if not np.isfinite(state.objective):
        return theta, _by_entry(inverse_diagonal(problem, sample))
    theta = state.accepted if state.accepted is not None else state.theta
    sums = here(
        lambda b: statistics(part.loss, b, theta, part.fit_intercept, second=True), sample, merge
    )
    return theta, NewtonStep(part, sums).solve


def _by_entry(inverse: np.ndarray) -> Preconditioner:
    return lambda g: inverse * g


def inverse_diagonal(problem: Problem, sample: Blocks) -> np.ndarray:
    """P = 1 / (c mean x_j^2 + alpha), with c the loss's curvature at the constant prediction."""
    weight, square = 0.0, np.zeros(problem.blocks.n_features)
    for b in sample:
        if sparse.issparse(b.X):
            data, indices, indptr = b.columns()
            square += multiply((data * data, indices, indptr), b.weight, np.empty(len(square)))
        else:
            square += b.weight @ np.square(b.X, dtype=np.float64)
        weight += float(b.weight.sum())
    squares = np.append(square / weight, [1.0] * int(problem.fit_intercept))
    curvature = _curvature(problem, next(iter(sample)), problem.constant())
    alpha = getattr(problem.penalty, "alpha", 0.0)
    scaled = np.multiply.outer(squares, curvature) if problem.n_outputs else squares * curvature
    return 1.0 / (scaled + max(alpha, 1e-10 * float(scaled.max()), 1e-300))


def _sample(problem: Problem) -> Blocks:
    """About 20 rows an unknown, and never fewer than 4,096, spread over the table."""
    blocks = problem.blocks
    if not blocks.in_memory:
        first: Block = next(iter(blocks))
        return Blocks(lambda: iter([first]), blocks.n_features, True, blocks.dtype)
    unknowns = int(np.prod(problem.shape))
    wanted = max(4096, 20 * min(unknowns, MAX_NEWTON))
    thin = thinned(blocks, max(sum(b.n for b in blocks) // wanted, 1))
    return thin if any(b.weight.any() for b in thin) else blocks


def _curvature(problem: Problem, block: Block, theta: np.ndarray) -> Any:
    b = problem.split(theta)[1]
    rows = slice(0, min(block.n, 256))
    z = np.full((rows.stop, *theta.shape[1:]), b)
    g, h = np.empty_like(z), np.empty_like(z)
    row_losses(problem.loss, block.y[rows], z, np.ones(rows.stop), g, h)
    if problem.n_outputs and problem.loss.coupled:
        return np.maximum((h * (1.0 - h)).mean(axis=0), 1e-4)
    return np.maximum(h.mean(axis=0), 1e-6)
