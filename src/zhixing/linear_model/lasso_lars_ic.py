"""The lasso with its strength chosen by an information criterion."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core.estimator import Estimator
from ..data.check import check_fit
from ..solvers.least_squares import least_squares
from .base import LinearRegressorMixin
from .lars import problems
from .least_angle import EPS, follow


class LassoLarsIC(LinearRegressorMixin, Estimator):
    """`LassoLars` whose alpha has the least AIC or BIC of all corners of the path.

    With s rows (by weight), d columns in use and residual sum of squares R, at noise variance v::

        s log(2 pi v) + R / v + d * (2 for AIC, log s for BIC)

    The columns in use are an unbiased estimate of the degrees of freedom of the lasso (Zou, Hastie and
    Tibshirani 2007), so one path replaces cross-validation where the linear model holds.

    Parameters
    ----------
    criterion : ``"aic"`` or ``"bic"``.    noise_variance : v; None for that of least squares of all
        columns, R / (s - p - 1), which needs more rows than columns.
    fit_intercept, precompute, max_iter, positive, eps, copy_X, verbose : as `LassoLars`.

    Attributes
    ----------
    alpha_ : the choice.    alphas_, criterion_ : (m,), corners and their criteria.    noise_variance_ : v.
    coef_ : (p,).    intercept_, n_iter_.

    Examples
    --------
    >>> X = np.array([[-2.0, 2.0], [0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [-1.0, 0.5]])
    >>> LassoLarsIC("bic").fit(X, [-2.2, 0.1, -1.1, -2.3, -0.6]).coef_.round(2)
    array([ 0.  , -1.11])
    """

    def __init__(
        self,
        criterion: str = "aic",
        *,
        fit_intercept: bool = True,
        verbose: bool = False,
        precompute: Any = "auto",
        max_iter: int = 500,
        eps: float = EPS,
        copy_X: bool = True,
        positive: bool = False,
        noise_variance: float | None = None,
    ) -> None:
        self.criterion = criterion
        self.fit_intercept = fit_intercept
        self.verbose = verbose
        self.precompute = precompute
        self.max_iter = max_iter
        self.eps = eps
        self.copy_X = copy_X
        self.positive = positive
        self.noise_variance = noise_variance

    def fit(self, X: Any, y: Any, copy_X: Any = None, sample_weight: Any = None) -> LassoLarsIC:
        """Fit on X (n, p), dense or sparse, and y (n,); returns self."""
        if self.criterion not in ("aic", "bic"):
            raise ValueError(f"criterion={self.criterion!r} is not 'aic' or 'bic'")
        if self.noise_variance is not None and not self.noise_variance >= 0:
            raise ValueError(f"noise_variance is {self.noise_variance!r}; it must not be negative")
        X, y, weight = check_fit(self, X, y, sample_weight, y_numeric=True)
        y = np.asarray(y, dtype=np.float64)
        omega = np.ones(len(y)) if weight is None else weight
        rows = float(omega.sum())
        (problem,) = problems(self, X, y[:, None], weight)
        found = follow(problem, "lasso", positive=self.positive, max_iter=int(self.max_iter))
        b = np.array([problem.intercept(w) for w in found.coefs])
        r = y[:, None] - X @ found.coefs.T - b
        self.noise_variance_ = self._noise(X, y, weight, rows)
        v = max(self.noise_variance_, np.finfo(float).tiny)
        factor = 2.0 if self.criterion == "aic" else math.log(rows)
        used = np.count_nonzero(found.coefs, axis=1)
        self.criterion_ = rows * np.log(2 * np.pi * v) + omega @ (r * r) / v + factor * used
        best = int(self.criterion_.argmin())
        self.alphas_, self.n_iter_ = found.alphas, found.n_iter
        self.alpha_ = float(found.alphas[best])
        self.coef_ = found.coefs[best].astype(X.dtype)
        self.intercept_ = X.dtype.type(b[best])
        return self

    def _noise(self, X: Any, y: np.ndarray, weight: np.ndarray | None, rows: float) -> float:
        if self.noise_variance is not None:
            return float(self.noise_variance)
        left = rows - X.shape[1] - self.fit_intercept
        if left <= 0:
            raise ValueError(
                f"{rows:g} rows cannot show the noise beside {X.shape[1]} columns (n_samples = "
                f"{X.shape[0]}); give noise_variance"
            )
        options: Any = {"fit_intercept": self.fit_intercept, "positive": self.positive}
        plain = least_squares(X, y[:, None], weight, **options)
        r = y - np.asarray(X @ plain.W).ravel() - plain.b
        return float((r * r if weight is None else weight * r * r).sum()) / left
