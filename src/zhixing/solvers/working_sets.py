"""A problem whose solution needs few columns, by problems on the columns that may matter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from ..core.history import History
from ..data.blocks import from_arrays
from ..penalties.groups import norms
from .prox_newton_memory import Objective
from .solution import Problem, Solution

#: Groups in the first working set.
FIRST = 16


def working_sets(
    problem: Problem,
    engine: Callable[..., Solution],
    *,
    start: tuple[Any, Any],
    labels: np.ndarray,
    restrict: Callable[[np.ndarray], Any],
    max_iter: int,
    tol: float,
    name: str,
) -> Solution:
    """Solve with `engine` on the groups that are not zero and those that violate their conditions most.

    `labels` (p,) says which columns enter together, and ``restrict(columns)`` is the penalty of some of them
    alone.  All columns are looked at again until none violates its condition by more than `tol`: one
    pass over X each time.  Rows are one block in memory.
    """
    penalty, block, f = problem.penalty, problem.blocks.one(), Objective(problem)
    w, b = np.array(start[0], dtype=np.float64), start[1]
    history = History()
    chosen = np.empty(0, dtype=np.int64)
    used = step = 0
    still = False
    while True:
        point = f.at(w, np.asarray(b, dtype=np.float64), f.X.dot(w) + b)
        objective = point.objective
        violation = penalty.violation(w, f.X.transpose_dot(point.g) / f.weight)
        slope = float(np.abs(f.intercept_gradient(point)).max(initial=0.0))
        optimality = max(float(violation.max(initial=0.0)), slope)
        history.record(step, objective=objective, optimality=optimality, columns=len(chosen))
        if optimality <= tol or used >= max_iter or still:
            break
        chosen = _next(norms(labels, violation), norms(labels, w) > 0.0, labels, chosen)
        rows = from_arrays(block.X[:, chosen], block.y, block.weight)
        found = engine(
            replace(problem, blocks=rows, penalty=restrict(chosen)),
            start=(w[chosen], b),
            max_iter=max_iter - used,
            tol=max(0.5 * tol, 0.03 * optimality),
        )
        still = found.n_iter <= 1 and np.array_equal(w[chosen], found.w)
        w[chosen], b = found.w, found.b
        used += found.n_iter
        step += 1
    return Solution(
        w, b, objective, used, optimality <= max(tol, 1e-6 if still else 0.0), optimality,
        history=history, solver=name,
    )  # fmt: skip


def _next(
    violation: np.ndarray, support: np.ndarray, labels: np.ndarray, before: np.ndarray
) -> np.ndarray:
    """Columns of the groups in the support and of the worst violators, at most doubling the set."""
    size = len(np.unique(labels[before]))
    room = max(FIRST, 2 * size - np.count_nonzero(support))
    new = np.flatnonzero((violation > 0.25 * violation.max()) & ~support)
    if len(new) > room:
        new = new[np.argpartition(-violation[new], room - 1)[:room]]
    chosen = support.copy()
    chosen[new] = True
    return np.flatnonzero(chosen[labels])
