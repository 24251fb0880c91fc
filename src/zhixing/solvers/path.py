"""Solutions for falling strengths of an L1 or elastic-net penalty, each begun from those before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.parallel import single_threaded_blas
from ..kernels.cd_gram_path import cd_gram_path
from .active_set import newton_patience
from .cd import FIRST, Fit, cd
from .single_task import SingleTask
from .terms import Terms


def path(
    problem: SingleTask,
    alphas: np.ndarray,
    terms: Callable[[float], Terms],
    *,
    start: np.ndarray | None = None,
    tol: float = 1e-4,
    max_iter: int = 1000,
    random: np.random.Generator | None = None,
) -> list[Fit]:
    """Fits at every alpha, in the order given; `terms` are linear in alpha, the rest is as for `cd`.

    The first working set at each alpha holds the columns that the sequential strong rule keeps
    (Tibshirani et al. 2012, eq. 8), so most alphas need one pass over X.  A fit starts where the line
    through the last two leads, if that is nearer: while the signs stay, a lasso path is that line
    (Efron et al. 2004, section 3).
    """
    each = [terms(alpha) for alpha in alphas]
    options: dict[str, Any] = {"tol": tol, "max_iter": max_iter, "random": random}
    with single_threaded_blas():
        fits = [cd(problem, each[0], start=start, **options)]
        if problem.c.ndim == 1 and random is None and problem.columns.m == problem.columns.X.p:
            _complete(problem, alphas, each, fits, tol, max_iter)
        for a in range(len(fits), len(alphas)):
            kept = _strong(problem, fits[-1], each[a - 1], each[a])
            begin = _ahead(problem, alphas[: a + 1], fits, each[a])
            fits.append(cd(problem, each[a], start=begin, candidates=kept, **options))
    return fits


def _complete(
    problem: SingleTask,
    alphas: np.ndarray,
    each: list[Terms],
    fits: list[Fit],
    tol: float,
    max_iter: int,
) -> None:
    """The products of all columns are known: one kernel goes from alpha to alpha.

    Where it makes slow progress, `cd` takes over for that alpha.
    """
    ids, m = problem.columns.ids, len(alphas)
    W, S = np.empty((m, len(ids))), np.empty((m, len(ids)))
    gaps, sweeps = np.empty(m), np.ones(m, dtype=np.int64)
    l1, l2 = np.stack([t.l1[ids] for t in each]), np.stack([t.l2[ids] for t in each])
    patience = min(newton_patience(len(ids), len(ids)), max_iter)
    back = np.empty_like(ids)
    back[ids] = np.arange(len(ids))
    W[0], S[0] = fits[0].w[ids], fits[0].at[0][ids]
    at = 1
    while at < m:
        reached = cd_gram_path(
            problem.columns.G, problem.c[ids], alphas, l1, l2, each[0].low, each[0].high,
            problem.yy, tol * problem.yy, patience, at, W, S, gaps, sweeps,
        )  # fmt: skip
        for a in range(at, min(reached + 1, m)):
            g = S[a, back]
            fits.append(
                Fit(W[a, back], (g, np.nan, np.nan), float(gaps[a]), max(int(sweeps[a]), 1))
            )
        if reached < m:
            done = int(sweeps[reached])
            last = cd(problem, each[reached], start=fits[-1], tol=tol, max_iter=max_iter - done)
            last.sweeps += done
            W[reached], S[reached] = last.w[ids], last.at[0][ids]
            fits[-1] = last
        at = reached + 1


def _ahead(problem: SingleTask, alphas: np.ndarray, fits: list[Fit], new: Terms) -> Fit:
    """The last fit, or the point at `new` of the line through the last two: the lesser gap."""
    last = fits[-1]
    span = float(alphas[-2] - alphas[-3]) if len(fits) > 1 else 0.0
    if span == 0.0:
        return last
    t = float(alphas[-1] - alphas[-2]) / span
    w = last.w + t * (last.w - fits[-2].w)
    if not (w.min() >= new.low and w.max() <= new.high):
        return last
    g = last.at[0] + t * (last.at[0] - fits[-2].at[0])  # affine in w
    violation = np.empty(len(w))

    def judged(w: np.ndarray, g: np.ndarray) -> Fit:
        ry = problem.yy - float(np.vdot(problem.c, w))
        at = (g, max(ry + float(np.vdot(w, g)), 0.0), ry)
        return Fit(w, at, problem.gap(new, w, at, violation), 0)

    there = judged(w, g)
    return there if there.gap < judged(last.w, last.at[0]).gap else last


def _strong(problem: SingleTask, fit: Fit, old: Terms, new: Terms) -> np.ndarray:
    """Columns whose gradient may reach the new l1 if it moves no faster than l1 does."""
    slope = np.abs(fit.at[0])
    if slope.ndim == 2:
        slope = np.sqrt((slope * slope).sum(axis=1))
    kept = np.flatnonzero(slope >= 2.0 * new.l1 - old.l1)
    room = max(2 * np.count_nonzero(problem.support(fit.w)), FIRST)
    if len(kept) > room:
        kept = kept[np.argpartition(-slope[kept], room)[:room]]
    return kept
