"""Least squares and ridge from one pass: the Gram matrix and X'y, then a factorisation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import scipy.linalg

from ..core.parallel import each, single_threaded_blas
from ..data.blocks import Block
from ..rounds import Where, here
from .statistics import strands, total


class Moments(NamedTuple):
    """Weighted totals of [X, Y] - shift: enough for every quadratic fit, and they add."""

    weight: float
    rows: int
    first: np.ndarray
    second: np.ndarray

    def __add__(self, other: Moments) -> Moments:  # type: ignore[override]
        return Moments(
            self.weight + other.weight,
            self.rows + other.rows,
            self.first + other.first,
            self.second + other.second,
        )


@dataclass(frozen=True)
class Quadratic:
    """The centred problem: G = X'WX, C = X'WY, T = Y'WY about the means, divided by total weight."""

    gram: np.ndarray
    cross: np.ndarray
    target: np.ndarray
    x_mean: np.ndarray
    y_mean: np.ndarray
    weight: float
    rows: int

    def with_cross(self, cross: np.ndarray) -> Quadratic:
        return replace(self, cross=cross)


def moments(block: Block, Y: np.ndarray, shift: np.ndarray) -> Moments:
    """One pass over a dense block, O(n (p + k)^2) flops; chunks of rows stay in the cache."""
    p, k = block.X.shape[1], Y.shape[1]
    plain = bool((block.weight == 1.0).all())

    def strand(chunks: list[slice]) -> Moments:
        size = chunks[0].stop - chunks[0].start
        scratch = np.empty((size, p + k))
        first, second, weight = np.zeros(p + k), np.zeros((p + k, p + k)), 0.0
        for s in chunks:
            A = scratch[: s.stop - s.start]
            np.subtract(block.X[s], shift[:p], out=A[:, :p])
            np.subtract(Y[s], shift[p:], out=A[:, p:])
            w = block.weight[s]
            weight += float(w.sum())
            first += w @ A
            if not plain:
                A *= np.sqrt(w)[:, None]
            second += A.T @ A
        return Moments(weight, 0, first, second)

    with single_threaded_blas():
        found = total(each(strand, strands(block.n, p + k)))
    return found._replace(rows=block.n)


def quadratic(
    blocks: Any, targets: Any = None, *, fit_intercept: bool = True, where: Where = here
) -> Quadratic:
    """The quadratic problem of dense blocks; `targets(block)` gives several y at once, (n, k).

    Columns are shifted by the means of the first rows before squaring, so a large mean costs no digits.
    """
    targets = targets or (lambda b: b.y[:, None])
    first: Block = next(iter(blocks))
    head = slice(0, 1024)
    shift = np.zeros(first.X.shape[1] + targets(first).shape[1])
    if fit_intercept:
        rows = np.hstack([np.asarray(first.X[head], dtype=np.float64), targets(first)[head]])
        shift = rows.mean(axis=0)
    found: Moments = where(lambda b: moments(b, targets(b), shift), blocks, lambda a, b: a + b)
    p = first.X.shape[1]
    mean = found.first / found.weight
    second = found.second / found.weight
    if fit_intercept:
        second -= np.outer(mean, mean)
        mean = mean + shift
    else:
        mean = np.zeros_like(mean)
    return Quadratic(
        second[:p, :p], second[:p, p:], second[p:, p:], mean[:p], mean[p:], found.weight, found.rows
    )


def solve_quadratic(problem: Quadratic, alpha: Any = 0.0) -> tuple[np.ndarray, np.ndarray, float]:
    """Coefficients (p, k), intercepts (k,) and the reciprocal condition number of the scaled Gram.

    Minimises  |Y - X W|^2 / (2 weight) + alpha |W|^2 / 2.  `alpha` may differ by target.  A matrix that
    is singular to working precision is solved by its eigenvectors: the shortest solution.
    """
    G, C = problem.gram, problem.cross
    alphas = np.broadcast_to(np.asarray(alpha, dtype=np.float64), (C.shape[1],))
    W = np.empty_like(C)
    condition = 1.0
    for a in np.unique(alphas):
        columns = np.flatnonzero(alphas == a)
        W[:, columns], rcond = _solve(G, C[:, columns], float(a))
        condition = min(condition, rcond)
    return W, problem.y_mean - problem.x_mean @ W, condition


def _solve(G: np.ndarray, C: np.ndarray, alpha: float) -> tuple[np.ndarray, float]:
    H = G.copy()
    H[np.diag_indices_from(H)] += alpha
    diagonal = np.diag(H)
    scale = np.sqrt(np.where(diagonal > 0.0, diagonal, 1.0))
    H /= scale
    H /= scale[:, None]
    norm = float(np.abs(H).sum(axis=0).max(initial=0.0))
    try:
        factor = scipy.linalg.cho_factor(H, lower=True, check_finite=False)
        rcond = float(scipy.linalg.lapack.dpocon(factor[0], norm, uplo="L")[0])
        if rcond > 1e-14:
            return scipy.linalg.cho_solve(factor, C / scale[:, None]) / scale[:, None], rcond
    except np.linalg.LinAlgError:
        pass
    H = G.copy()
    H[np.diag_indices_from(H)] += alpha
    values, vectors = scipy.linalg.eigh(H)
    keep = values > len(values) * np.finfo(float).eps * max(float(values[-1]), 1e-300) * 10
    V = vectors[:, keep]
    return V @ ((V.T @ C) / values[keep][:, None]), 0.0
