"""Least-squares problems of data in memory, and the strengths that span their paths."""

from __future__ import annotations

import numpy as np

from .cd import FIRST
from .columns import Columns
from .design import DenseDesign, SparseDesign
from .moments import moments
from .multi_task import MultiTask
from .single_task import SingleTask


def tasks(
    X: DenseDesign | SparseDesign,
    Y: np.ndarray,
    weight: np.ndarray | None,
    fit_intercept: bool,
    *,
    together: bool = False,
    gram: np.ndarray | None = None,
    all_columns: bool | None = None,
) -> list[SingleTask]:
    """One problem for each target (column of Y), or one for all `together`, over shared columns.

    `all_columns` computes X'X at once, in one pass (the choice for few columns, or for a path with
    more rows than columns); otherwise products are computed for the columns a fit asks for.  A given
    `gram` holds the weighted mean of the centred products.
    """
    n, p = X.n, X.p
    omega = np.full(n, 1.0 / n) if weight is None else weight / weight.sum()
    if gram is None and (p <= FIRST if all_columns is None else all_columns):
        m = moments(X, Y, weight, center=fit_intercept)
        mean, S = m.about_mean() if fit_intercept else (np.zeros(len(m.first)), m.about_zero())
        columns = Columns.complete(X, omega, fit_intercept, mean[:p], S[:p, :p])
        C = S[:p, p:]
    else:
        if gram is None:
            columns = Columns(X, omega, fit_intercept)
        else:
            mean = X.transpose_dot(omega) if fit_intercept else np.zeros(p)
            columns = Columns.complete(X, omega, fit_intercept, mean, gram)
        centred = Y - (omega @ Y if fit_intercept else 0.0)
        C = X.transpose_dot(np.ascontiguousarray(centred * omega[:, None]))
    if together:
        return [MultiTask(columns, Y, np.ascontiguousarray(C))]
    return [SingleTask(columns, Y[:, k].copy(), C[:, k].copy()) for k in range(Y.shape[1])]


def largest_alpha(problem: SingleTask, l1_ratio: float, positive: bool = False) -> float:
    """The smallest alpha at which every coefficient is zero."""
    c = problem.c
    if c.ndim == 2:
        c = np.sqrt((c * c).sum(axis=1))
    slope = c if positive else np.abs(c)
    return float(slope.max(initial=0.0)) / l1_ratio


def alpha_grid(largest: float, eps: float, n_alphas: int) -> np.ndarray:
    """Strengths from `largest` down to eps times it, in equal ratios."""
    tiny = float(np.finfo(np.float64).resolution)
    if largest <= tiny:
        return np.full(n_alphas, tiny)
    return np.geomspace(largest, largest * eps, n_alphas)
