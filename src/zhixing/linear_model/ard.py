"""Automatic relevance determination."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from .evidence import Evidence


class ARDRegression(Evidence):
    """A ridge with a strength of its own for every column: those the evidence finds useless vanish.

    y ~ N(X w + b, 1 / alpha), w_j ~ N(0, 1 / lambda_j).  An iteration is::

        S = (diag(lambda) + alpha X'WX)^-1,  w = alpha S X'Wy,  gamma_j = 1 - lambda_j S_jj
        lambda_j = (gamma_j + 2 lambda_1) / (w_j^2 + 2 lambda_2)
        alpha = (n - sum gamma + 2 alpha_1) / (squared error + 2 alpha_2)

    and columns whose lambda exceeds `threshold_lambda` leave.

    Parameters
    ----------
    max_iter, tol, alpha_1, alpha_2, lambda_1, lambda_2, compute_score, fit_intercept, copy_X,
        verbose : as in `BayesianRidge`.
    threshold_lambda : precision beyond which a weight is zero.

    Attributes
    ----------
    coef_, intercept_, alpha_, n_iter_, scores_.     lambda_ : (p,).
    sigma_ : covariance of the weights that stayed.

    Notes
    -----
    `scores_` hold the log marginal likelihood with all its constants, scikit-learn's without.
    One pass for the Gram matrix, then O(q^3) an iteration for q columns left, whatever n.
    Sources: MacKay (1994), "Bayesian non-linear modeling for the prediction competition"; Tipping
    (2001), "Sparse Bayesian learning and the relevance vector machine", section 2.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(100, 5))
    >>> y = 2.0 * X[:, 0] + 0.1 * rng.normal(size=100)
    >>> ARDRegression().fit(X, y).coef_.round(1)
    array([2., 0., 0., 0., 0.])
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
        compute_score: bool = False,
        threshold_lambda: float = 1e4,
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
        self.compute_score = compute_score
        self.threshold_lambda = threshold_lambda
        self.fit_intercept = fit_intercept
        self.copy_X = copy_X
        self.verbose = verbose

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> ARDRegression:
        """Fit on dense X (n, p) and y (n,); returns self."""
        problem = self._quadratic(X, y, sample_weight)
        n, p = problem.n, len(problem.cross)
        alpha = 1.0 / (problem.square / n + np.finfo(float).eps)
        strength, w = np.ones(p), np.zeros(p)
        kept = np.ones(p, dtype=bool)
        scores: list[float] = []
        for step in range(self.max_iter):
            before = w
            S, w, log_det = self._posterior(problem, alpha, strength, kept)
            error = problem.error(w)
            gamma = 1.0 - strength[kept] * np.diag(S)
            if self.compute_score:
                scores.append(self._score(n, alpha, strength, w, kept, error, log_det))
            strength[kept] = (gamma + 2 * self.lambda_1) / (w[kept] ** 2 + 2 * self.lambda_2)
            alpha = (n - float(gamma.sum()) + 2 * self.alpha_1) / (error + 2 * self.alpha_2)
            kept = strength < self.threshold_lambda
            w = np.where(kept, w, 0.0)
            if step and float(np.abs(before - w).sum()) < self.tol or not kept.any():
                break
        self.n_iter_ = step + 1
        self.sigma_ = np.empty((0, 0))
        if kept.any():
            self.sigma_, w, _ = self._posterior(problem, alpha, strength, kept)
        self.alpha_, self.lambda_ = float(alpha), strength
        if self.compute_score:
            self.scores_ = np.array(scores)
        return self._keep(problem, w)

    def _posterior(
        self, problem: Any, alpha: float, strength: np.ndarray, kept: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, float]:
        """Covariance and mean of the kept weights, and the log determinant of its inverse."""
        root = 1.0 / np.sqrt(strength[kept])
        # S = root (I + alpha root G root)^-1 root: the matrix inverted is never worse than its largest.
        M = alpha * problem.gram[np.ix_(kept, kept)] * root * root[:, None]
        M[np.diag_indices_from(M)] += 1.0
        values, vectors = scipy.linalg.eigh(M)
        values = np.maximum(values, 1.0)
        half = root[:, None] * vectors / np.sqrt(values)
        S = half @ half.T
        w = np.zeros(len(kept))
        w[kept] = alpha * S @ problem.cross[kept]
        return S, w, float(np.log(values).sum() + np.log(strength[kept]).sum())

    def _score(
        self,
        n: float,
        alpha: float,
        strength: np.ndarray,
        w: np.ndarray,
        kept: np.ndarray,
        error: float,
        log_det: float,
    ) -> float:
        value = float((self.lambda_1 * np.log(strength) - self.lambda_2 * strength).sum())
        value += self.alpha_1 * np.log(alpha) - self.alpha_2 * alpha
        half = n * np.log(alpha) + float(np.log(strength[kept]).sum()) - log_det
        half -= alpha * error + float((strength * w**2).sum())
        return float(value + 0.5 * (half - n * np.log(2 * np.pi)))

    def _active(self) -> np.ndarray:
        return self.lambda_ < self.threshold_lambda
