"""Ordinary least squares."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import MultiOutputMixin

from ..core.estimator import Candidate, Estimator
from ..data.check import check_fit
from ..losses.family import Gaussian
from ..solvers.least_squares import least_squares
from .base import LinearRegressorMixin
from .inference import Likelihood, NoInference


class LinearRegression(MultiOutputMixin, LinearRegressorMixin, Estimator):
    """The line of least squares: minimises  sum_i weight_i |y_i - x_i w - b|^2.

    Parameters
    ----------
    fit_intercept : whether b is fitted; positive : hold w at or above zero.
    tol, copy_X, n_jobs : as scikit-learn's; X is never overwritten, and threads are set by
        `zhixing.threads`.

    Attributes
    ----------
    coef_ : (p,) or (k, p) for y of shape (n, k).     intercept_ : float or (k,).
    method_ : how it was solved: ``gram``, ``orthogonal`` or ``products``.

    Notes
    -----
    Cost: one pass, O(n p^2 + p^3), by the Gram matrix of centred columns with one step of refinement.
    Where the columns are so nearly collinear (condition above 10^7) that squaring them costs too many
    digits, and for more columns than rows, X itself is decomposed (SVD) and w is the shortest of the
    solutions, as scikit-learn's always is; `singular_` and `rank_` are not kept.
    Under Gaussian errors w is the maximum-likelihood estimate (Hastie et al. 2009, 3.2).

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [2.0]])
    >>> model = LinearRegression().fit(X, [1.0, 3.0, 5.0])
    >>> model.coef_.round(6), round(float(model.intercept_), 6)
    (array([2.]), 1.0)
    """

    candidate = Candidate(tasks=("regression",), simplicity=10)

    def __init__(
        self,
        *,
        fit_intercept: bool = True,
        copy_X: bool = True,
        tol: float = 1e-10,
        n_jobs: int | None = None,
        positive: bool = False,
    ) -> None:
        self.fit_intercept = fit_intercept
        self.copy_X = copy_X
        self.tol = tol
        self.n_jobs = n_jobs
        self.positive = positive

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> LinearRegression:
        """Fit on X (n, p), dense or sparse, and y (n,) or (n, k); returns self."""
        X, y, weight = check_fit(
            self, X, y, sample_weight, sparse="csr", multi_output=True, y_numeric=True
        )
        found = least_squares(
            X,
            np.asarray(y, dtype=np.float64).reshape(len(y), -1),
            weight,
            fit_intercept=self.fit_intercept,
            positive=self.positive,
            tol=self.tol,
        )
        self.method_ = found.how
        self.coef_, self.intercept_ = unpack(found.W, found.b, y, X.dtype)
        return self

    def _likelihood(self, y: np.ndarray) -> Likelihood:
        if self.positive:
            raise NoInference(
                "coefficients held at or above zero are not Gaussian around the truth; "
                "fit with positive=False"
            )
        return Likelihood(Gaussian(), "identity", "y", np.asarray(y, dtype=np.float64))


def unpack(W: np.ndarray, b: np.ndarray, y: np.ndarray, dtype: Any) -> tuple[np.ndarray, Any]:
    """`coef_` and `intercept_` in scikit-learn's shapes for y of shape (n,) or (n, k)."""
    coef = np.ascontiguousarray(W.T).astype(dtype, copy=False)
    if np.ndim(y) == 1:
        return coef[0], coef.dtype.type(b[0])
    return coef, b.astype(coef.dtype)
