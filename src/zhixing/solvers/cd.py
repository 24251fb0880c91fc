"""Least squares with an L1 or elastic-net penalty: working sets, Gram matrices, a checked gap.

One pass over X gives the gradient of every coefficient and with it a duality gap.  Between passes the
problem is solved on a working set of columns, whose products are computed once and kept, so that a
sweep costs O(m) a coefficient whatever the number of rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..core.history import History
from ..core.parallel import single_threaded_blas
from .active_set import Effort
from .single_task import At, SingleTask
from .terms import Terms

#: Columns in the first working set.
FIRST = 128


@dataclass
class Fit:
    """Coefficients, the gradient there, the gap (in units of the objective) and the sweeps used."""

    w: np.ndarray
    at: At
    gap: float
    sweeps: int
    history: History = field(default_factory=History)


def cd(
    problem: SingleTask,
    terms: Terms,
    *,
    start: Fit | np.ndarray | None = None,
    candidates: np.ndarray | None = None,
    tol: float = 1e-4,
    max_iter: int = 1000,
    random: np.random.Generator | None = None,
) -> Fit:
    """Minimise the problem plus `terms` until the duality gap is at most tol * y'y.

    `start` gives coefficients, or another fit of the same problem.  `max_iter` bounds the sweeps of
    coordinate descent.  `candidates` is the first working set (by number of column), where the caller
    knows better than the largest gradients.  `random` shuffles the order of the coordinates.
    """
    if problem.columns.m == problem.columns.X.p:
        return _complete(problem, terms, start, tol, max_iter, random)
    with single_threaded_blas():
        return _working_sets(problem, terms, start, candidates, tol, max_iter, random)


def _begin(problem: SingleTask, start: Fit | np.ndarray | None) -> tuple[np.ndarray, At]:
    if isinstance(start, Fit):
        return start.w, start.at
    w = problem.zeros() if start is None else start.copy()
    columns, support = problem.columns, np.flatnonzero(problem.support(w))
    columns.add(support[columns.place[support] < 0])
    return w, problem.gradient(w)


def _complete(
    problem: SingleTask,
    terms: Terms,
    start: Fit | np.ndarray | None,
    tol: float,
    max_iter: int,
    random: np.random.Generator | None,
) -> Fit:
    """The products of all columns are known: X is not read again."""
    w, at = _begin(problem, start)
    ids = problem.columns.ids
    order = ids if random is None else random.permutation(len(ids))
    effort = Effort(gap=tol * problem.yy, sweeps=max_iter)
    w, g, sweeps, bound = problem.solve(terms, w, at[0], order, effort)
    return Fit(w, (g, np.nan, np.nan), bound, max(sweeps, 1))


def _working_sets(
    problem: SingleTask,
    terms: Terms,
    start: Fit | np.ndarray | None,
    candidates: np.ndarray | None,
    tol: float,
    max_iter: int,
    random: np.random.Generator | None,
) -> Fit:
    columns = problem.columns
    w, at = _begin(problem, start)
    target = tol * problem.yy
    history = History()
    used = step = 0
    chosen = np.empty(0, dtype=np.int64)
    violation = np.empty(len(w))
    while True:
        bound = problem.gap(terms, w, at, violation)
        support = problem.support(w)
        history.record(step, gap=bound, columns=len(chosen), support=np.count_nonzero(support))
        if bound <= target or used >= max_iter:
            break
        known = step == 0 and candidates is not None
        if candidates is not None and known:
            chosen = np.union1d(candidates, np.flatnonzero(support))
        else:
            chosen = _working_set(violation, support, len(chosen))
        columns.add(chosen[columns.place[chosen] < 0])
        order = chosen if random is None else random.permutation(chosen)
        # While many columns join the set is not right, and need not be solved as if it were.
        joined = len(chosen) - np.count_nonzero(support)
        share = 1e-3 if known else 0.1 if joined > 0.02 * len(chosen) else 0.01
        effort = Effort(gap=max(0.3 * target, share * bound), sweeps=max_iter - used)
        moved, _, sweeps, _ = problem.solve(terms, w, at[0], order, effort)
        used += sweeps
        step += 1
        if step > 1 and (moved == w).all():
            break
        w, at = moved, problem.gradient(moved)
    return Fit(w, at, bound, max(used, 1), history)


def _working_set(v: np.ndarray, support: np.ndarray, before: int) -> np.ndarray:
    """The support and the worst violators, at most doubling the set.

    Where there are many, columns that violate little are mostly the shadow of those that violate much,
    so they wait: a pass over X costs less than the products of columns that turn out not to be needed.
    Once there are few, nearly all of them stay, and a pass costs more.
    """
    used = int(np.count_nonzero(support))
    v = np.where(support, 0.0, v)
    many = int(np.count_nonzero(v > 0.25 * v.max(initial=0.0)))
    few = min(int(np.count_nonzero(v)), max(FIRST // 2, used // 6))
    take = min(max(many, few), max(max(FIRST, 2 * before) - used, 1))
    chosen = support.copy()
    if few and take < len(v):
        chosen[np.argpartition(-v, take - 1)[:take]] = True
    else:
        chosen |= v > 0.0
    return np.flatnonzero(chosen)
