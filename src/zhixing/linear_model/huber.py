"""Huber regression."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.estimator import Candidate, Estimator
from ..core.space import Real
from ..data.blocks import from_arrays
from ..data.check import check_fit
from ..losses import Squared
from ..penalties import L2
from ..solvers import Problem
from ..solvers.huber_scale import huber_scale
from ..solvers.least_squares import least_squares
from ..solvers.statistics import scores
from .base import LinearRegressorMixin, warn_unless_converged


class HuberRegressor(LinearRegressorMixin, Estimator):
    """A line that outliers in y do not move, with the scale of the noise estimated beside it.

    Minimises over w, b and s > 0 (jointly convex; Owen 2007, eq. 9)::

        sum_i weight_i (s + s H((y_i - x_i w - b) / s)) + alpha |w|^2
        H(u) = u^2 for |u| <= epsilon, else 2 epsilon |u| - epsilon^2

    Parameters
    ----------
    epsilon : at least 1; residuals beyond epsilon scales count linearly.  1.35 keeps 95 % efficiency
        under Gaussian noise.
    alpha : strength of the squared penalty.
    tol : largest entry of the gradient, divided by the total weight, at the end.
    max_iter, fit_intercept, warm_start : as in scikit-learn.

    Attributes
    ----------
    coef_ : (p,).     intercept_ : float.     scale_ : s, in units of y.
    outliers_ : (n,) booleans, true where the residual exceeds epsilon s.
    n_iter_, objective_ (divided by the total weight), solver_, history_.

    Notes
    -----
    Newton's method in (w, b, s) from least squares: five to ten rounds of O(n p^2); beyond 1,000
    columns L-BFGS, O(n p) a round.  scikit-learn's objective; it stops at its gradient of the sum.
    Source: Huber and Ronchetti (2009), "Robust statistics", section 7.7; Owen (2007), "A robust
    hybrid of lasso and ridge regression".

    Examples
    --------
    >>> X = np.arange(20.0)[:, None]
    >>> y = 2.0 * X[:, 0] + np.sin(X[:, 0])
    >>> y[7] = 100.0
    >>> model = HuberRegressor(epsilon=2.0).fit(X, y)
    >>> model.coef_.round(1), np.flatnonzero(model.outliers_)
    (array([2.]), array([7]))
    """

    _no_inference = (
        "rows beyond epsilon count linearly, and the usual errors do not hold for it; bootstrap the "
        "rows for intervals (sklearn.utils.resample)"
    )

    candidate = Candidate(
        tasks=("regression",),
        simplicity=12,
        space={"alpha": Real(1e-6, 1e3, log=True), "epsilon": Real(1.05, 3.0)},
        cost=4.0,
    )

    def __init__(
        self,
        *,
        epsilon: float = 1.35,
        max_iter: int = 100,
        alpha: float = 0.0001,
        warm_start: bool = False,
        fit_intercept: bool = True,
        tol: float = 1e-8,
    ) -> None:
        self.epsilon = epsilon
        self.max_iter = max_iter
        self.alpha = alpha
        self.warm_start = warm_start
        self.fit_intercept = fit_intercept
        self.tol = tol

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> HuberRegressor:
        """Fit on X (n, p), dense or sparse, and y (n,); returns self."""
        if not self.epsilon >= 1.0:
            raise ValueError(f"epsilon is {self.epsilon!r}; it must be at least 1")
        if not self.alpha >= 0.0:
            raise ValueError(f"alpha is {self.alpha!r}; it must not be negative")
        X, y, weight = check_fit(self, X, y, sample_weight, y_numeric=True)
        y = np.asarray(y, dtype=np.float64)
        blocks = from_arrays(X, y, weight)
        block = blocks.one()
        total = float(block.weight.sum())
        problem = Problem(blocks, Squared(), L2(2.0 * self.alpha / total), self.fit_intercept)
        solution, scale = huber_scale(
            problem,
            epsilon=self.epsilon,
            start=self._start(X, y, weight),
            max_iter=self.max_iter,
            tol=self.tol,
        )
        warn_unless_converged(self, solution, self.max_iter)
        w, b = solution.w, solution.b
        if scale <= 1e-10 * np.ptp(y):
            # As s falls to zero the fit becomes the shortest w that meets every row, if one does.
            exact = least_squares(X, y[:, None], weight, fit_intercept=self.fit_intercept)
            r = (y - scores(block, exact.W[:, 0], float(exact.b[0])))[block.weight > 0]
            if np.abs(r).max() <= 1e-9 * np.ptp(y):
                w, b = exact.W[:, 0], float(exact.b[0])
        self.coef_ = w.astype(X.dtype)
        self.intercept_ = X.dtype.type(b)
        self.scale_ = scale
        r = np.abs(y - scores(block, w, b))
        self.outliers_ = r > self.epsilon * scale
        self.n_iter_, self.objective_ = solution.n_iter, solution.objective
        self.solver_, self.history_ = solution.solver, solution.history
        return self

    def _start(self, X: Any, y: np.ndarray, weight: Any) -> tuple[np.ndarray, float]:
        if self.warm_start and getattr(self, "coef_", np.empty(0)).shape == (X.shape[1],):
            return np.asarray(self.coef_, dtype=np.float64), float(self.intercept_)
        found = least_squares(
            X, y[:, None], weight, alpha=self.alpha, fit_intercept=self.fit_intercept
        )
        return found.W[:, 0], float(found.b[0])
