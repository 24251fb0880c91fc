"""Regression of the mean and of the spread."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from ..core.estimator import Estimator
from ..data.blocks import from_arrays
from ..data.check import check_fit, check_rows
from ..losses import Gaussian
from ..penalties import L2
from ..solvers import Problem, solve
from ..solvers.least_squares import least_squares
from .base import LinearRegressorMixin, scores, warn_unless_converged


class HeteroscedasticRegression(LinearRegressorMixin, Estimator):
    """A line for the mean of y and one for the logarithm of its variance, by Gaussian likelihood.

    y ~ N(x w + b, e^(x v + c)).  Minimises the mean of weight (s + (y - m)^2 e^-s) / 2 plus
    alpha (|w|^2 + |v|^2) / 2 with m = x w + b and s = x v + c.

    Parameters
    ----------
    alpha : strength of the L2 penalty on both lines.
    fit_intercept, solver, max_iter, tol : as in `GeneralizedLinear`.

    Attributes
    ----------
    coef_, intercept_ : (p,) and float, of the mean.
    scale_coef_, scale_intercept_ : of the log variance; one more unit of x_j multiplies the standard
        deviation by ``exp(scale_coef_[j] / 2)``.
    n_iter_, objective_, solver_, history_.

    Notes
    -----
    Fisher scoring: mean and log variance do not share information, so a round is two Gram matrices,
    O(n p^2), weighted by the precision and by 1 / 2.  Rows that are less noisy count more, so the mean
    is more exact than least squares where noise varies; prediction intervals are as wide as the noise
    is at x.  Sources: Harvey (1976), "Estimating regression models with multiplicative
    heteroscedasticity"; Nix and Weigend (1994).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.uniform(0, 2, size=(2000, 1))
    >>> y = X[:, 0] + np.exp(X[:, 0]) * rng.normal(size=2000)
    >>> model = HeteroscedasticRegression().fit(X, y)
    >>> mean, deviation = model.predict([[0.0], [2.0]], return_std=True)
    >>> deviation.round()
    array([1., 8.])
    """

    _no_inference = (
        "it has two lines, and a table is of one; LinearRegression().fit(...).summary(..., "
        "covariance='HC3') tests the mean under unequal variances"
    )

    def __init__(
        self,
        *,
        alpha: float = 0.0,
        fit_intercept: bool = True,
        solver: str = "auto",
        max_iter: int = 500,
        tol: float = 1e-6,
    ) -> None:
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.solver = solver
        self.max_iter = max_iter
        self.tol = tol

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> HeteroscedasticRegression:
        """Fit on X (n, p), dense or sparse, and y (n,); returns self."""
        if not self.alpha >= 0:
            raise ValueError(f"alpha is {self.alpha!r}; it must not be negative")
        X, y, weight = check_fit(self, X, y, sample_weight, sparse="csr", y_numeric=True)
        y = np.asarray(y, dtype=np.float64)
        # The likelihood has no minimum where a line meets every row: y is brought to unit spread, and
        # its variance is kept above a share of 1e-10 by the smallest of penalties.
        spread = float(np.sqrt(np.cov(y, aweights=weight, ddof=0))) if len(y) > 1 else 0.0
        unit = spread if spread > 0 else 1.0
        centre = float(np.average(y, weights=weight)) if self.fit_intercept else 0.0
        scaled = (y - centre) / unit
        problem = Problem(
            blocks=from_arrays(X, scaled, weight),
            loss=Gaussian(),
            penalty=L2(max(self.alpha, 1e-10)),
            fit_intercept=self.fit_intercept,
        )
        start = self._start(X, scaled, weight)
        solution = solve(problem, self.solver, start=start, max_iter=self.max_iter, tol=self.tol)
        warn_unless_converged(self, solution, self.max_iter)
        dtype = X.dtype
        self.coef_ = (solution.w[:, 0] * unit).astype(dtype)
        self.intercept_ = dtype.type(float(solution.b[0]) * unit + centre)
        self.scale_coef_ = solution.w[:, 1].astype(dtype)
        self.scale_intercept_ = dtype.type(float(solution.b[1]) + 2.0 * np.log(unit))
        self.n_iter_, self.solver_ = solution.n_iter, solution.solver
        self.objective_ = solution.objective + np.log(unit)
        self.history_ = solution.history
        return self

    def _start(self, X: Any, y: np.ndarray, weight: Any) -> tuple[np.ndarray, np.ndarray]:
        """Least squares, and the logarithm of its mean squared error for the variance."""
        ridge = max(self.alpha, 1e-6) * (len(y) if weight is None else float(weight.sum()))
        found = least_squares(X, y[:, None], weight, alpha=ridge, fit_intercept=self.fit_intercept)
        r = y - scores(X, found.W[:, 0], found.b[0])
        w = np.column_stack([found.W[:, 0], np.zeros(X.shape[1])])
        level = np.log(max(float(np.average(r**2, weights=weight)), 1e-10))
        return w, np.array([float(found.b[0]), level])

    def predict(self, X: Any, return_std: bool = False) -> Any:
        """The mean of y for every row, and with `return_std` its standard deviation at that row."""
        check_is_fitted(self)
        X = check_rows(self, X)
        mean = scores(X, self.coef_, self.intercept_)
        if not return_std:
            return mean
        s = scores(X, self.scale_coef_, self.scale_intercept_)
        return mean, np.exp(0.5 * np.clip(s, -600, 600))
