"""Ridge regression whose strength is learned from the data by the evidence."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from .evidence import Evidence


class BayesianRidge(Evidence):
    """A ridge whose penalty and noise maximise the marginal likelihood, with errors of prediction.

    y ~ N(X w + b, 1 / alpha) and w ~ N(0, I / lambda); gamma priors on alpha and lambda.  With the
    eigenvalues d of the centred X'WX, an iteration is::

        gamma = sum alpha d / (lambda + alpha d)            (well-determined parameters)
        lambda = (gamma + 2 lambda_1) / (|w|^2 + 2 lambda_2)
        alpha = (n - gamma + 2 alpha_1) / (squared error + 2 alpha_2)

    Parameters
    ----------
    max_iter, tol : iterations, and the sum of changes of w that ends them.
    alpha_1, alpha_2, lambda_1, lambda_2 : shape and rate of the two gamma priors.
    alpha_init, lambda_init : starts; by default 1 / variance of y, and 1.
    compute_score : keep the log marginal likelihood of every iteration in `scores_`.
    fit_intercept, copy_X, verbose : as in scikit-learn.

    Attributes
    ----------
    coef_ : (p,).     intercept_ : float.     alpha_, lambda_ : precision of noise and weights.
    sigma_ : (p, p) covariance of the weights.     n_iter_, scores_, X_offset_.

    Notes
    -----
    One pass over X for its Gram matrix and one eigendecomposition, O(n p^2 + p^3); an iteration is
    O(p^2).  Objective and estimates are scikit-learn's; weight means repetition.
    Sources: MacKay (1992), "Bayesian interpolation", section 4; Tipping (2001), appendix A.

    Examples
    --------
    >>> model = BayesianRidge().fit([[0.0], [1.0], [2.0]], [0.1, 1.0, 1.9])
    >>> mean, deviation = model.predict([[3.0]], return_std=True)
    >>> mean.round(1)
    array([2.8])
    """

    def __init__(
        self,
        *,
        max_iter: int = 300,
        tol: float = 1e-3,
        alpha_1: float = 1e-6,
        alpha_2: float = 1e-6,
        lambda_1: float = 1e-6,
        lambda_2: float = 1e-6,
        alpha_init: float | None = None,
        lambda_init: float | None = None,
        compute_score: bool = False,
        fit_intercept: bool = True,
        copy_X: bool = True,
        verbose: bool = False,
    ) -> None:
        self.max_iter = max_iter
        self.tol = tol
        self.alpha_1 = alpha_1
        self.alpha_2 = alpha_2
        self.lambda_1 = lambda_1
        self.lambda_2 = lambda_2
        self.alpha_init = alpha_init
        self.lambda_init = lambda_init
        self.compute_score = compute_score
        self.fit_intercept = fit_intercept
        self.copy_X = copy_X
        self.verbose = verbose

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> BayesianRidge:
        """Fit on dense X (n, p) and y (n,); returns self."""
        problem = self._quadratic(X, y, sample_weight)
        d, V = scipy.linalg.eigh(problem.gram)
        d = np.where(d > len(d) * np.finfo(float).eps * max(float(d[-1]), 0.0), d, 0.0)
        c = V.T @ problem.cross
        n = problem.n
        variance = problem.square / n
        alpha = self.alpha_init or 1.0 / (variance + np.finfo(float).eps)
        strength = self.lambda_init or 1.0
        scores: list[float] = []
        u = np.zeros_like(c)

        def solve() -> tuple[np.ndarray, float]:
            found = c / (d + strength / alpha)
            return found, problem.error(V @ found)

        for step in range(self.max_iter):
            new, error = solve()
            if self.compute_score:
                scores.append(self._score(n, d, alpha, strength, float(new @ new), error))
            gamma = float((alpha * d / (strength + alpha * d)).sum())
            strength = (gamma + 2 * self.lambda_1) / (float(new @ new) + 2 * self.lambda_2)
            alpha = (n - gamma + 2 * self.alpha_1) / (error + 2 * self.alpha_2)
            change = float(np.abs(V @ (new - u)).sum())
            u = new
            if step and change < self.tol:
                break
        self.n_iter_ = step + 1
        u, error = solve()
        if self.compute_score:
            scores.append(self._score(n, d, alpha, strength, float(u @ u), error))
            self.scores_ = np.array(scores)
        self.alpha_, self.lambda_ = float(alpha), float(strength)
        self.sigma_ = (V / (strength + alpha * d)) @ V.T
        return self._keep(problem, V @ u)

    def _score(
        self, n: float, d: np.ndarray, alpha: float, strength: float, size: float, error: float
    ) -> float:
        """The log marginal likelihood (MacKay 1992, eq. 4.7), up to terms of the priors."""
        log_det = float(np.log(strength + alpha * d).sum())
        value = self.lambda_1 * np.log(strength) - self.lambda_2 * strength
        value += self.alpha_1 * np.log(alpha) - self.alpha_2 * alpha
        half = len(d) * np.log(strength) + n * np.log(alpha) - alpha * error - strength * size
        return float(value + 0.5 * (half - log_det - n * np.log(2 * np.pi)))
