"""Penalties over groups by working sets: most groups are zero, and are read once a round only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..core.history import History
from ..core.part import needs
from ..data.blocks import from_arrays
from ..penalties.groups import labels_of, norms
from ..rounds import Where, here
from .fista import fista
from .prox_newton import is_one_block, prox_newton
from .solution import Problem, Solution
from .statistics import statistics

#: Groups in the first working set.
FIRST = 16
#: Unknowns up to which a working set is solved by `prox_newton`, and by `fista` beyond.
MOST = 1000


def working_groups(
    problem: Problem,
    *,
    start: tuple[Any, Any] | None = None,
    max_iter: int = 1000,
    tol: float = 1e-6,
    where: Where = here,
) -> Solution:
    """Minimise a loss with curvature plus a penalty over groups, rows in memory as one block.

    Solves on the groups that are not zero and those that violate their conditions most, and looks at all
    of them again, until none violates its condition by more than `tol`, in units of the gradient of the
    mean loss.  One pass over X a round, and O(n m^2) a step on m columns.
    """
    penalty, p = problem.penalty, problem.blocks.n_features
    needs(penalty, "at", "groups", by="working_groups", instead="prox_newton or fista")
    if problem.loss.curvature == "none":
        raise TypeError(
            f"working_groups needs curvature, which {type(problem.loss).__name__} does not have; "
            "use fista"
        )
    if where is not here or not is_one_block(problem.blocks):
        raise TypeError("working_groups reads columns of one block in memory; use fista")
    block, labels = problem.blocks.one(), labels_of(penalty.groups, p)
    w, b = start or problem.split(problem.constant())
    w = np.array(w, dtype=np.float64)
    history = History()
    chosen = np.empty(0, dtype=np.int64)
    used = step = 0
    still = False
    while True:
        theta = np.asarray(problem.join(w, b), dtype=np.float64)
        sums = statistics(problem.loss, block, theta, problem.fit_intercept)
        g = sums.gradient / sums.weight
        objective = sums.value / sums.weight + penalty.value(w)
        violation = penalty.violation(w, g[:p])
        slope = float(np.abs(g[p:]).max(initial=0.0))
        optimality = max(float(violation.max(initial=0.0)), slope)
        history.record(step, objective=objective, optimality=optimality, columns=len(chosen))
        if optimality <= tol or used >= max_iter or still:
            break
        chosen = _working_set(norms(labels, violation), norms(labels, w) > 0.0, labels, chosen)
        rows = from_arrays(block.X[:, chosen], block.y, block.weight)
        part = replace(problem, blocks=rows, penalty=penalty.at(chosen))
        engine = prox_newton if int(np.prod(part.shape)) <= MOST else fista
        found = engine(
            part,
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
        history=history, solver="working_groups",
    )  # fmt: skip


def _working_set(
    violation: np.ndarray, support: np.ndarray, labels: np.ndarray, before: np.ndarray
) -> np.ndarray:
    """Columns of the groups in the support and of the worst violators, at most doubling the set."""
    size = len(np.unique(labels[before]))
    room = max(FIRST, 2 * size) - np.count_nonzero(support)
    new = np.flatnonzero((violation > 0.25 * violation.max()) & ~support)
    if len(new) > max(room, 1):
        new = new[np.argpartition(-violation[new], max(room, 1) - 1)[: max(room, 1)]]
    chosen = support.copy()
    chosen[new] = True
    return np.flatnonzero(chosen[labels])
