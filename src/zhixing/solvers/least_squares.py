"""Least squares with a ridge, whatever the shape of X: by Gram matrix, by rows, or by products."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import scipy.linalg
import scipy.optimize
from scipy import sparse

from ..data.blocks import Block, Blocks, from_arrays
from ..losses import Squared
from ..penalties import L2
from .newton_cg import newton_cg
from .normal import Quadratic, quadratic, solve_quadratic
from .solution import Problem

#: Up to this many columns (or rows) sparse data are worth a dense Gram matrix.
MAX_GRAM = 2000


class Fitted(NamedTuple):
    """Coefficients (p, k), intercepts (k,), rounds by target (1: a factorisation), and the way."""

    W: np.ndarray
    b: np.ndarray
    n_iter: np.ndarray
    how: str


def least_squares(
    X: Any,
    Y: np.ndarray,
    weight: np.ndarray | None,
    *,
    alpha: Any = 0.0,
    fit_intercept: bool = True,
    positive: bool = False,
    how: str = "auto",
    tol: float = 1e-10,
    max_iter: int | None = None,
) -> Fitted:
    """Minimise  sum weight |Y - X W - b|^2 + alpha |W|^2  with Y of shape (n, k).

    ``gram`` forms X'X in one pass, O(n p^2 + p^3); ``rows`` forms XX', O(n^2 p + n^3), for more columns
    than rows; ``products`` only multiplies with X, for large sparse data; ``orthogonal`` factorises X
    itself, for columns so nearly collinear that squaring them would cost the digits that are left.
    """
    n, p = X.shape
    weight = np.ones(n) if weight is None else weight
    total = float(weight.sum())
    once = np.ones(Y.shape[1], dtype=int)
    scaled = np.broadcast_to(np.asarray(alpha, dtype=np.float64) / total, (Y.shape[1],))
    if how == "auto":
        how = _way(X, float(scaled.min()), positive)
    if how == "gram":
        blocks = from_arrays(X, Y[:, 0], weight)
        made = gram(blocks, Y, fit_intercept)
        if positive:
            W = np.column_stack([_nonnegative(made, j, a) for j, a in enumerate(scaled)])
            return Fitted(W, made.y_mean - made.x_mean @ W, once, how)
        W, b, condition = solve_quadratic(made, scaled)
        if condition < 1e-7 and not scaled.any() and not sparse.issparse(X):
            return least_squares(X, Y, weight, fit_intercept=fit_intercept, how="orthogonal")
        if condition < 1e-3 and not sparse.issparse(X):
            W, b = _refine(X, Y, weight, made, scaled, W, b, fit_intercept)
        return Fitted(W, b, once, how)
    if how == "products":
        return _products(X, Y, weight, scaled, fit_intercept, tol, max_iter)
    X = X.toarray() if sparse.issparse(X) else np.asarray(X)
    x_mean, y_mean = np.zeros(p), np.zeros(Y.shape[1])
    if fit_intercept:
        x_mean = np.average(X, axis=0, weights=weight).astype(np.float64)
        y_mean = np.average(Y, axis=0, weights=weight)
    root = np.sqrt(weight)[:, None]
    A, B = (X - x_mean) * root, (Y - y_mean) * root
    if how == "orthogonal":
        rank = max(A.shape) * np.finfo(np.float64).eps
        W = scipy.linalg.lstsq(A, B, cond=rank, lapack_driver="gelsd", check_finite=False)[0]
    else:
        W = _by_rows(A, B, scaled * total)
    return Fitted(W, y_mean - x_mean @ W, once, how)


def _way(X: Any, alpha: float, positive: bool) -> str:
    n, p = X.shape
    if positive:
        return "gram"
    if sparse.issparse(X):
        return "gram" if p <= MAX_GRAM else "products"
    if p <= n:
        return "gram"
    return "rows" if alpha > 0.0 else "orthogonal"


def gram(blocks: Blocks, Y: np.ndarray, fit_intercept: bool) -> Quadratic:
    """The quadratic problem of rows in memory, dense or sparse."""
    block = blocks.one()
    if not sparse.issparse(block.X):
        return quadratic(blocks, lambda b: Y, fit_intercept=fit_intercept)
    X, weight, total = block.X, block.weight, float(block.weight.sum())
    x_mean, y_mean = np.zeros(X.shape[1]), np.zeros(Y.shape[1])
    if fit_intercept:
        x_mean, y_mean = X.T @ weight / total, weight @ Y / total
    WX = X.multiply(weight[:, None]).tocsr()
    second = (X.T @ WX).toarray() / total - np.outer(x_mean, x_mean)
    centred = Y - y_mean
    return Quadratic(
        second,
        (WX.T @ centred) / total,
        (centred * weight[:, None]).T @ centred / total,
        x_mean,
        y_mean,
        total,
        block.n,
    )


def _refine(
    X: Any,
    Y: np.ndarray,
    weight: np.ndarray,
    made: Quadratic,
    alpha: np.ndarray,
    W: np.ndarray,
    b: np.ndarray,
    fit_intercept: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """One step on the residual itself: it wins back the digits that squaring lost."""
    residual = Y - X @ W - b
    left = quadratic(
        from_arrays(X, Y[:, 0], weight), lambda block: residual, fit_intercept=fit_intercept
    )
    step = solve_quadratic(left.with_cross(left.cross - alpha * W), alpha)[0]
    W = W + step
    return W, made.y_mean - made.x_mean @ W


def _nonnegative(made: Quadratic, target: int, alpha: float) -> np.ndarray:
    """min |R w - R^-T c| over w >= 0, with R'R the Gram matrix: the same problem in p rows."""
    H = made.gram + alpha * np.eye(len(made.gram))
    values, V = scipy.linalg.eigh(H)
    keep = values > 1e-14 * max(float(values[-1]), 1e-300)
    root = np.sqrt(values[keep])
    A = root[:, None] * V[:, keep].T
    return scipy.optimize.nnls(A, (V[:, keep].T @ made.cross[:, target]) / root)[0]


def _by_rows(A: np.ndarray, B: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """W = A' (A A' + alpha)^-1 B."""
    K = A @ A.T
    D = np.empty_like(B)
    for a in np.unique(alpha):
        columns = alpha == a
        H = K + a * np.eye(len(K))
        D[:, columns] = scipy.linalg.solve(H, B[:, columns], assume_a="pos", check_finite=False)
    return A.T @ D


def _products(
    X: Any,
    Y: np.ndarray,
    weight: np.ndarray,
    alpha: np.ndarray,
    fit_intercept: bool,
    tol: float,
    max_iter: int | None,
) -> Fitted:
    first = from_arrays(X, Y[:, 0], weight).one()
    found = []
    for j, a in enumerate(alpha):
        block = Block(first.X, np.ascontiguousarray(Y[:, j], dtype=np.float64), weight)
        if sparse.issparse(X):
            block.share_layout(first)
        blocks = Blocks(lambda block=block: iter([block]), X.shape[1], True, X.dtype)
        spread = float(np.std(block.y)) or 1.0
        found.append(
            newton_cg(
                Problem(blocks, Squared(), L2(a), fit_intercept),
                tol=tol * spread,
                max_iter=max_iter or 100,
            )
        )
    W = np.column_stack([s.w for s in found])
    return Fitted(
        W, np.array([s.b for s in found]), np.array([s.n_iter for s in found]), "products"
    )
