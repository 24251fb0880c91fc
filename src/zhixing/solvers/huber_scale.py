"""Huber's regression with the scale of the noise estimated beside the coefficients."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg
from scipy import sparse

from ..core.history import History
from ..core.parallel import each, single_threaded_blas
from ..data.blocks import Block, Blocks, thinned
from .newton_cg import Products
from .solution import Problem, Solution
from .statistics import scores, strands, total


def best_scale(size: np.ndarray, weight: np.ndarray, epsilon: float, guess: float) -> float:
    """The s of least loss for residuals of these sizes: the mean of min(size / s, epsilon)^2 is 1.

    Where more than 1 - 1 / epsilon^2 of the weight has no residual at all there is none, and it is 0.
    The set within epsilon s is guessed from `guess` and corrected until it stands, else found by
    sorting.
    """
    all_weight = float(weight.sum())
    s, squares = guess, weight * size**2
    for _ in range(8):
        near = size <= epsilon * s
        room = all_weight - epsilon**2 * float(weight[~near].sum())
        if room <= 0.0:
            break
        new = np.sqrt(float(squares[near].sum()) / room)
        if abs(new - s) <= 1e-15 * new or np.array_equal(size <= epsilon * new, near):
            return float(new)
        s = new
    order = np.argsort(size, kind="stable")
    size, w = size[order], weight[order]
    room = all_weight - epsilon**2 * np.maximum(all_weight - np.cumsum(w), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        s = np.sqrt(np.cumsum(squares[order]) / room)
    # The k smallest are within epsilon s_k, the next one beyond: the first k for which that holds.
    stands = (room > 0.0) & (np.append(size[1:], np.inf) > epsilon * s)
    return float(s[np.argmax(stands)]) if stands.any() else 0.0


class Envelope:
    """f(w, b) = min over s > 0 of  (1 / W) sum weight (s + s H(r / s)):  convex, and smooth for s > 0."""

    def __init__(self, problem: Problem, epsilon: float) -> None:
        self.block: Block = problem.blocks.one()
        self.intercept, self.epsilon = problem.fit_intercept, epsilon
        self.total = float(self.block.weight.sum())
        #: Below this s the fit is exact for all that float64 can tell.
        self.least = 1e-11 * max(float(np.ptp(self.block.y)), 1e-290)

    def value(self, r: np.ndarray, guess: float) -> tuple[float, float]:
        """f at residuals r, and the s that attains it."""
        size = np.abs(r)
        s = max(best_scale(size, self.block.weight, self.epsilon, guess), self.least)
        u = np.minimum(size / s, self.epsilon)
        rows = s + u * (2.0 * size - u * s)
        return float(self.block.weight @ rows) / self.total, s

    def gradient_rows(self, r: np.ndarray, s: float) -> np.ndarray:
        """weight H'(r / s) / W."""
        u = np.clip(r / s, -self.epsilon, self.epsilon)
        return 2.0 / self.total * self.block.weight * u

    def hessian(self, r: np.ndarray, s: float) -> np.ndarray:
        """Second derivative in (w, b): the block of (w, b) less what s takes up (Schur complement)."""
        p = self.block.X.shape[1]
        m = p + int(self.intercept)
        u = r / s
        root = np.sqrt(np.where(np.abs(u) <= self.epsilon, self.block.weight, 0.0))
        root *= np.sqrt(2.0 / (s * self.total))
        if sparse.issparse(self.block.X):
            ones = [np.ones(len(r))] * int(self.intercept)
            A = sparse.hstack([self.block.X, sparse.csr_matrix(np.column_stack([*ones, u]))])
            A = sparse.diags(root) @ A.tocsr()
            product: Any = A.T @ A
            full = product.toarray()
        else:

            def strand(chunks: list[slice]) -> np.ndarray:
                scratch = np.ones((chunks[0].stop - chunks[0].start, m + 1))
                out = np.zeros((m + 1, m + 1))
                for c in chunks:
                    A = scratch[: c.stop - c.start]
                    A[:, :p] = self.block.X[c]
                    A[:, p:m] = 1.0
                    A[:, m] = u[c]
                    A *= root[c, None]
                    out += A.T @ A
                return out

            with single_threaded_blas():
                full = total(each(strand, strands(self.block.n, m)))
        taken = full[:m, m]
        return full[:m, :m] - np.outer(taken, taken) / max(full[m, m], 1e-300)


def huber_scale(
    problem: Problem,
    *,
    epsilon: float,
    start: tuple[np.ndarray, float],
    max_iter: int,
    tol: float,
) -> tuple[Solution, float]:
    """Minimise  (1 / W) sum weight (s + s H(r / s)) + penalty  over (w, b) and s > 0.

    Newton's method on the minimum over s: O(n p^2 + p^3) a step, the first steps on every 16th row
    where there are many.  Trials of the line search take kept residuals and O(n).  Returns the
    solution and s.  Source: Owen (2007), "A robust hybrid of lasso and ridge regression".
    """
    rows = problem.blocks.one().n
    if rows >= max(32_768, 320 * problem.blocks.n_features):
        part = thinned(problem.blocks, 16)
        if any(b.weight.any() for b in part):
            rough, _ = _newton(_with(problem, part), epsilon, problem.join(*start), 30, 1e-3)
            start = (rough.w, rough.b)
    return _newton(problem, epsilon, problem.join(*start), max_iter, tol)


def _with(problem: Problem, blocks: Blocks) -> Problem:
    return Problem(blocks, problem.loss, problem.penalty, problem.fit_intercept)


def _newton(
    problem: Problem, epsilon: float, theta: np.ndarray, max_iter: int, tol: float
) -> tuple[Solution, float]:
    envelope = Envelope(problem, epsilon)
    block = envelope.block
    product = Products(block, problem.fit_intercept)
    r = scores(block, *problem.split(theta)) - block.y
    loss, s = envelope.value(r, float(np.sqrt(np.average(r**2, weights=block.weight))))
    objective = loss + problem.penalty_value(theta)
    history, converged, optimality, step = History(), False, np.inf, 0
    for step in range(max_iter + 1):
        g = product.transposed(envelope.gradient_rows(r, s)) + problem.penalty_gradient(theta)
        optimality = float(np.abs(g).max(initial=0.0))
        history.record(step, objective=objective, optimality=optimality, scale=s)
        converged = optimality <= tol or s <= envelope.least
        if converged or step == max_iter:
            break
        d = _direction(envelope.hessian(r, s), g, problem)
        slope, dz = float(g @ d), product.scores(d)
        t = 1.0
        while t >= 1e-12:
            loss, scale = envelope.value(r + t * dz, s)
            new = loss + problem.penalty_value(theta + t * d)
            if new <= objective + 1e-4 * t * slope:
                break
            t /= 2.0
        if t < 1e-12 or objective - new <= 1e-15 * abs(objective):
            # No descent is left at this precision.
            converged = optimality <= max(tol, 1e-6) or -slope <= 1e-13 * abs(objective)
            break
        theta, r, s, objective = theta + t * d, r + t * dz, scale, new
    w, b = problem.split(theta)
    found = Solution(w, b, objective, step, converged, optimality, history=history, solver="newton")
    return found, s


def _direction(H: np.ndarray, g: np.ndarray, problem: Problem) -> np.ndarray:
    p = problem.blocks.n_features
    H[np.arange(p), np.arange(p)] += problem.penalty.alpha
    scale = np.sqrt(np.maximum(np.diag(H), 1e-300))
    H /= scale
    H /= scale[:, None]
    # The minimum over s is linear along some rays, where H is singular: a little damping.
    H[np.diag_indices_from(H)] += 1e-10
    try:
        factor = scipy.linalg.cho_factor(H, lower=True, check_finite=False)
        return -scipy.linalg.cho_solve(factor, g / scale, check_finite=False) / scale
    except np.linalg.LinAlgError:
        values, vectors = scipy.linalg.eigh(H, check_finite=False)
        damped = np.maximum(values, 1e-10 * values[-1])
        return -(vectors @ ((vectors.T @ (g / scale)) / damped)) / scale
