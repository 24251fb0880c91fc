"""Least absolute deviations with many rows: only those near the fit need an exact say."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from ..data.blocks import Block
from .interior_point import Deviations, Optimum, interior_point
from .statistics import scores
from .weighted_gram import row_forms, weighted_gram

#: From this many rows on, the problem is reduced.
LARGE = 20_000


def least_deviations(problem: Deviations, *, tol: float = 1e-9, max_iter: int = 200) -> Optimum:
    """Solve exactly, on fewer rows where there are many (Portnoy and Koenker 1997, section 5).

    A fit to a sample says on which side of the fit nearly every row will lie.  Rows far above are
    replaced by their weighted mean, which costs the same as long as all of them are above, and never
    more; so are rows far below.  If the fit to the rest keeps every row on its side it is the fit to
    all; rows on the wrong side are put back, and it is solved again.
    """
    n, p = problem.X.shape
    m = p + int(problem.fit_intercept)
    sample = int(0.6 * (n * m) ** (2 / 3))
    if n < LARGE or 4 * sample > n:
        return interior_point(problem, tol=tol, max_iter=max_iter)
    rough = interior_point(_sampled(problem, n // sample), tol=1e-4, max_iter=max_iter)
    block = Block(problem.X, problem.y, problem.up)
    r = problem.y - scores(block, rough.w, rough.b)
    near = _near(problem, r, 2 * sample)
    spent = rough.n_iter
    for _ in range(6):
        above, below = ~near & (r > 0), ~near & (r <= 0)
        found = interior_point(_reduced(problem, near, above, below), tol=tol, max_iter=max_iter)
        spent += found.n_iter
        r = problem.y - scores(block, found.w, found.b)
        wrong = (above & (r < 0)) | (below & (r > 0))
        if not wrong.any():
            # The gap is that of the reduced problem, whose optimum is never above the full one's.
            return found._replace(n_iter=spent, objective=_objective(problem, found, r))
        if wrong.sum() > 0.2 * near.sum():
            break
        near |= wrong
    return interior_point(problem, tol=tol, max_iter=max_iter)


def _sampled(problem: Deviations, every: int) -> Deviations:
    share = problem.up[::every].sum() / problem.up.sum()
    return problem._replace(
        X=problem.X[::every],
        y=problem.y[::every],
        up=problem.up[::every],
        down=problem.down[::every],
        cost=problem.cost * share,
    )


def _near(problem: Deviations, r: np.ndarray, count: int) -> np.ndarray:
    """The rows whose residual is smallest beside the uncertainty of their fit."""
    H = weighted_gram(problem.X, problem.up + problem.down, problem.fit_intercept)
    H[np.diag_indices_from(H)] *= 1.0 + 1e-8
    H[np.diag_indices_from(H)] += 1e-300
    spread = np.sqrt(np.maximum(row_forms(problem.X, np.linalg.pinv(H), problem.fit_intercept), 0))
    distance = np.abs(r) / np.maximum(spread, 1e-12 * spread.max())
    near = np.zeros(len(r), dtype=bool)
    near[np.argpartition(distance, count)[:count]] = True
    return near


def _reduced(
    problem: Deviations, near: np.ndarray, above: np.ndarray, below: np.ndarray
) -> Deviations:
    parts, y, up, down = (
        [problem.X[near]],
        [problem.y[near]],
        [problem.up[near]],
        [problem.down[near]],
    )
    for side, weight in ((above, problem.up), (below, problem.down)):
        w = np.where(side, weight, 0.0)
        total = w.sum()
        if total > 0.0:
            mean = np.asarray(w @ problem.X, dtype=np.float64).reshape(1, -1) / total
            parts.append(sparse.csr_array(mean) if sparse.issparse(problem.X) else mean)
            y.append(np.array([w @ problem.y / total]))
            up.append(np.array([problem.up[side].sum()]))
            down.append(np.array([problem.down[side].sum()]))
    stack: Any = sparse.vstack if sparse.issparse(problem.X) else np.vstack
    X = stack(parts)
    return problem._replace(
        X=X.tocsr() if sparse.issparse(X) else X,
        y=np.concatenate(y),
        up=np.concatenate(up),
        down=np.concatenate(down),
    )


def _objective(problem: Deviations, found: Optimum, r: np.ndarray) -> float:
    loss = problem.up @ np.maximum(r, 0.0) + problem.down @ np.maximum(-r, 0.0)
    return float(loss + problem.cost @ np.abs(found.w))
