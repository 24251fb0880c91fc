"""Quantile regression, and its middle case with an L1 penalty, the LAD lasso."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from ..core.estimator import Estimator
from ..data.check import check_fit
from ..solvers.interior_point import Deviations
from ..solvers.least_deviations import least_deviations
from .base import LinearRegressorMixin


class _LeastDeviations(LinearRegressorMixin, Estimator):
    alpha: float
    fit_intercept: bool
    tol: float
    max_iter: int
    _no_inference = (
        "errors of a quantile's coefficients hang on the unknown density of y there; bootstrap the "
        "rows for intervals (sklearn.utils.resample)"
    )

    def _tilt(self) -> tuple[float, float]:
        """What a unit of error above and below the fit costs."""
        raise NotImplementedError

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Fit on X (n, p), dense or sparse, and y (n,); returns self."""
        if not self.alpha >= 0.0:
            raise ValueError(f"alpha is {self.alpha!r}; it must not be negative")
        above, below = self._tilt()
        X, y, weight = check_fit(self, X, y, sample_weight, sparse="csr", y_numeric=True)
        y = np.asarray(y, dtype=np.float64)
        weight = np.ones(len(y)) if weight is None else weight
        total = float(weight.sum())
        cost = np.full(X.shape[1], self.alpha * total)
        problem = Deviations(X, y, weight * above, weight * below, cost, self.fit_intercept)
        found = least_deviations(problem, tol=self.tol, max_iter=self.max_iter)
        if not found.converged:
            warnings.warn(
                f"{type(self).__name__} stopped after {found.n_iter} iterations with a duality gap of "
                f"{found.gap / max(found.objective, 1e-300):.2g} times the objective; scale the "
                "features or raise max_iter",
                ConvergenceWarning,
                stacklevel=2,
            )
        self.coef_, self.intercept_ = found.w.astype(X.dtype), X.dtype.type(found.b)
        self.n_iter_, self.history_ = found.n_iter, found.history
        self.objective_, self.gap_ = found.objective / total, found.gap / total
        return self


class QuantileRegressor(_LeastDeviations):
    """The line below which a share `quantile` of y lies, given x; outliers in y do not move it.

    Minimises  (1 / sum weight) sum_i weight_i rho(y_i - x_i w - b) + alpha |w|_1  with
    rho(r) = quantile max(r, 0) + (1 - quantile) max(-r, 0).

    Parameters
    ----------
    quantile : in (0, 1); 0.5 is the median.
    alpha : strength of the L1 penalty; 0 for none.
    solver, solver_options : for scikit-learn's sake; the one solver is exact.
    tol : duality gap at the end, as a share of the objective.    max_iter : iterations at most.

    Attributes
    ----------
    coef_ : (p,).     intercept_ : float.     n_iter_, objective_, gap_, history_.

    Notes
    -----
    A linear programme, solved by an interior-point method, O(n p^2) an iteration and 10 to 30 of
    them, and then exactly at a vertex: about as many rows lie on the fit as it has coefficients, and
    zero coefficients are zero.  From 20,000 rows on it is solved on the rows near the fit and the means
    of the others, with the same result.  scikit-learn's objective; its simplex takes minutes where n is
    large. Sources: Koenker and Bassett (1978); Portnoy and Koenker (1997), "The Gaussian hare and the
    Laplacian tortoise".

    Examples
    --------
    >>> X = np.arange(10.0)[:, None]
    >>> y = 2.0 * X[:, 0] + np.where(X[:, 0] == 9, 100.0, 0.0)
    >>> QuantileRegressor(alpha=0.0).fit(X, y).coef_.round(6)
    array([2.])
    """

    def __init__(
        self,
        *,
        quantile: float = 0.5,
        alpha: float = 1.0,
        fit_intercept: bool = True,
        solver: str = "auto",
        solver_options: Any = None,
        tol: float = 1e-9,
        max_iter: int = 200,
    ) -> None:
        self.quantile = quantile
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.solver = solver
        self.solver_options = solver_options
        self.tol = tol
        self.max_iter = max_iter

    def _tilt(self) -> tuple[float, float]:
        if not 0.0 < self.quantile < 1.0:
            raise ValueError(f"quantile is {self.quantile!r}; it must lie between 0 and 1")
        return self.quantile, 1.0 - self.quantile


class LADLasso(_LeastDeviations):
    """Least absolute deviations with an L1 penalty: robust to outliers in y, and sparse.

    Minimises  (1 / sum weight) sum_i weight_i |y_i - x_i w - b| + alpha |w|_1  exactly.  It is
    `QuantileRegressor` at the median with twice the objective; parameters and attributes are the same.
    Source: Wang, Li and Jiang (2007), "Robust regression shrinkage and consistent variable selection
    through the LAD-lasso".

    Examples
    --------
    >>> X = np.arange(10.0)[:, None]
    >>> y = 2.0 * X[:, 0] + np.where(X[:, 0] == 9, 100.0, 0.0)
    >>> LADLasso(alpha=0.1).fit(X, y).coef_.round(6)
    array([2.])
    """

    def __init__(
        self,
        alpha: float = 1.0,
        *,
        fit_intercept: bool = True,
        tol: float = 1e-9,
        max_iter: int = 200,
    ) -> None:
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.tol = tol
        self.max_iter = max_iter

    def _tilt(self) -> tuple[float, float]:
        return 1.0, 1.0
