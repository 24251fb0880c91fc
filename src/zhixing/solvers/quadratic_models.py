"""The quadratic model of a loss plus a penalty, minimised by what the penalty can do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.linalg

from ..core.parallel import single_threaded_blas
from .active_set import Effort, Quadratic, minimise
from .solution import Problem
from .terms import Terms, terms_of, violations


@dataclass(frozen=True)
class ByCoordinates:
    """Penalties with an `elastic` form: coordinate descent; the intercepts are free coefficients."""

    terms: Terms  # of the flat theta

    @classmethod
    def of(cls, problem: Problem) -> ByCoordinates:
        p, *outputs = problem.shape
        each = terms_of(problem.penalty, (p - int(problem.fit_intercept), *outputs))
        terms = Terms(each.l1.ravel(), each.l2.ravel(), each.low, each.high)
        if problem.fit_intercept:
            free = np.zeros(max(problem.n_outputs, 1))
            terms = Terms(
                np.append(terms.l1, free), np.append(terms.l2, free), terms.low, terms.high
            )
            if np.isfinite(terms.low) or np.isfinite(terms.high):
                raise TypeError("bounds hold for every coefficient here; use fista")
        return cls(terms)

    def value(self, theta: np.ndarray) -> float:
        return self.terms.value(theta.ravel())

    def optimality(self, theta: np.ndarray, g: np.ndarray) -> float:
        return float(violations(self.terms, theta.ravel(), g.ravel()).max(initial=0.0))

    def minimum(self, theta: np.ndarray, g: np.ndarray, H: np.ndarray, tol: float) -> np.ndarray:
        """The theta of least g'd + d'Hd/2 + penalty(theta + d), within `tol` of stationary."""
        flat = theta.ravel().copy()
        q = Quadratic(H, len(flat), np.zeros(len(flat)), flat, g.ravel().copy())
        with single_threaded_blas():
            minimise(q, np.arange(len(flat)), self.terms, Effort(tol=tol))
        return q.w.reshape(theta.shape)


@dataclass(frozen=True)
class ByProx:
    """Any convex penalty with a `prox`: accelerated proximal gradients on the matrix, O(p^2 k^2) each.

    The intercepts have no penalty and follow the coefficients at their best throughout.  Steps are in
    units of H's diagonal, as far as the penalty lets them differ.  Beck and Teboulle (2009), with the
    restart of O'Donoghue and Candes (2015), eq. 12.
    """

    problem: Problem

    def value(self, theta: np.ndarray) -> float:
        return self.problem.penalty_value(theta)

    def optimality(self, theta: np.ndarray, g: np.ndarray) -> float:
        p = self.problem.blocks.n_features
        return max(
            float(self.problem.penalty.violation(theta[:p], g[:p]).max(initial=0.0)),
            float(np.abs(g[p:]).max(initial=0.0)),
        )

    def minimum(
        self, theta: np.ndarray, g: np.ndarray, H: np.ndarray, tol: float, most: int = 20_000
    ) -> np.ndarray:
        """The theta of least g'd + d'Hd/2 + penalty(theta + d), within `tol` of stationary."""
        p = self.problem.blocks.n_features
        w, c = theta[:p], theta[p:]
        m = w.size
        A, slope = np.ascontiguousarray(H[:m, :m]), g[:p].ravel()
        follow = None
        if len(c):
            # The best intercepts for d are  -H_cc^+ (g_c + H_cw d).
            inverse = scipy.linalg.pinvh(H[m:, m:])
            follow = inverse @ H[m:, :m], inverse @ g[p:].ravel()
            A -= H[:m, m:] @ follow[0]
            slope = slope - H[:m, m:] @ follow[1]
        with single_threaded_blas():
            new = self._descend(w, A, slope, tol, most)
        out = theta.copy()
        out[:p] = new
        if follow is not None:
            out[p:] -= (follow[0] @ (new - w).ravel() + follow[1]).reshape(c.shape)
        return out

    def _descend(
        self, w: np.ndarray, A: np.ndarray, slope: np.ndarray, tol: float, most: int
    ) -> np.ndarray:
        penalty, m = self.problem.penalty, len(A)
        diagonal = np.maximum(A.diagonal(), 1e-12 * max(float(np.trace(A)) / m, 1e-300))
        length = (1.0 / diagonal).reshape(w.shape)
        if not penalty.separable:
            length = penalty.tied(length)
        root = np.sqrt(length).ravel()
        length = length / max(_largest(A * root * root[:, None]), 1e-300)
        point = ahead = w
        product = A @ w.ravel()
        base = slope - product  # the gradient of the model at u is A u + base
        at_point = at_ahead = product
        momentum = 1.0
        for _ in range(most):
            gradient = (at_ahead + base).reshape(w.shape)
            new = penalty.prox(ahead - length * gradient, length)
            at_new = A @ new.ravel()
            back = (ahead - new) / length
            # The gradient at `new` less this is a subgradient of the penalty there.
            left = back - (at_ahead - at_new).reshape(w.shape)
            if np.abs(left).max(initial=0.0) <= tol:
                return new
            move = new - point
            if float(np.vdot(back, move)) > 0.0:
                momentum, upcoming, share = 1.0, 1.0, 0.0
            else:
                upcoming = 0.5 * (1.0 + float(np.sqrt(1.0 + 4.0 * momentum * momentum)))
                share = (momentum - 1.0) / upcoming
            ahead, at_ahead = new + share * move, at_new + share * (at_new - at_point)
            point, at_point, momentum = new, at_new, upcoming
        return point


def _largest(A: np.ndarray) -> float:
    """The largest eigenvalue of a symmetric matrix, never below it."""
    last = len(A) - 1
    try:
        found = scipy.linalg.eigh(A, eigvals_only=True, subset_by_index=(last, last))
    except np.linalg.LinAlgError:  # LAPACK's search for one of many that are equal
        found = np.linalg.eigvalsh(A)
    return float(found[-1]) * (1.0 + 1e-10)
