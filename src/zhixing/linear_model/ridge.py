"""Ridge regression and the classifier made of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import MultiOutputMixin

from ..core.estimator import Candidate, Estimator
from ..core.space import Real
from ..data.check import check_fit
from ..losses.family import Gaussian
from ..solvers.least_squares import least_squares
from .base import LinearClassifierMixin, LinearRegressorMixin
from .class_codes import signed_classes
from .coefficient_table import CoefficientTable
from .inference import Likelihood, NoInference
from .least_squares import unpack
from .ridge_inference import summarise_ridge

#: scikit-learn's solver names, as ways of `zhixing.solvers.least_squares`.
_WAYS = {
    "auto": "auto",
    "cholesky": "gram",
    "svd": "auto",
    "lsqr": "products",
    "sparse_cg": "products",
    "sag": "products",
    "saga": "products",
    "lbfgs": "auto",
}


class _RidgeParameters(Estimator):
    def __init__(
        self,
        alpha: Any = 1.0,
        *,
        fit_intercept: bool = True,
        copy_X: bool = True,
        max_iter: int | None = None,
        tol: float = 1e-8,
        solver: str = "auto",
        positive: bool = False,
        random_state: Any = None,
    ) -> None:
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.copy_X = copy_X
        self.max_iter = max_iter
        self.tol = tol
        self.solver = solver
        self.positive = positive
        self.random_state = random_state

    def _solve(self, X: Any, Y: np.ndarray, weight: np.ndarray | None) -> Any:
        alpha = np.asarray(self.alpha, dtype=np.float64)
        if (alpha < 0).any():
            raise ValueError(f"alpha is {self.alpha!r}; it must not be negative")
        if alpha.size not in (1, Y.shape[1]):
            raise ValueError(
                f"{alpha.size} values of alpha for {Y.shape[1]} targets; give one each"
            )
        if self.solver not in _WAYS:
            raise ValueError(f"solver={self.solver!r} is not one of {sorted(_WAYS)}")
        return least_squares(
            X,
            Y,
            weight,
            alpha=alpha.ravel(),
            fit_intercept=self.fit_intercept,
            positive=self.positive,
            how="auto" if self.positive else _WAYS[self.solver],
            tol=self.tol,
            max_iter=self.max_iter,
        )


class Ridge(MultiOutputMixin, LinearRegressorMixin, _RidgeParameters):
    """Least squares with a squared-norm penalty: minimises  sum_i weight_i |y_i - x_i w - b|^2 + alpha |w|^2.

    Parameters
    ----------
    alpha : strength, in units of rows; one number, or one for each target.
    fit_intercept, positive : as `LinearRegression`.    tol, max_iter : of the iterative way only.
    solver : scikit-learn's names; all reach the same optimum.  ``auto`` takes the Gram matrix, its
        counterpart over rows where columns outnumber them, or conjugate gradients on large sparse X.

    Attributes
    ----------
    coef_ : (p,) or (k, p).    intercept_ : float or (k,).
    n_iter_ : rounds by target (1 for a factorisation).    method_ : how it was solved.

    Notes
    -----
    Cost: O(n p^2 + p^3), or O(n^2 p + n^3) for p > n; one pass over X and no copy of it.
    Source: Hoerl and Kennard (1970).  The intercept is not penalised.  Objective as scikit-learn's.

    Examples
    --------
    >>> model = Ridge(alpha=1.0).fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> round(float(model.coef_[0]), 4)
    1.3333
    """

    candidate = Candidate(
        tasks=("regression", "count"), simplicity=10, space={"alpha": Real(1e-3, 1e5, log=True)}
    )

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Ridge:
        """Fit on X (n, p), dense or sparse, and y (n,) or (n, k); returns self."""
        X, y, weight = check_fit(
            self, X, y, sample_weight, sparse="csr", multi_output=True, y_numeric=True
        )
        found = self._solve(X, np.asarray(y, dtype=np.float64).reshape(len(y), -1), weight)
        self.method_, self.n_iter_ = found.how, found.n_iter
        self.coef_, self.intercept_ = unpack(found.W, found.b, y, X.dtype)
        return self

    def _summarise(
        self, X: Any, y: np.ndarray, weight: np.ndarray, **options: Any
    ) -> CoefficientTable:
        alpha = float(np.asarray(self.alpha).ravel()[0])
        if self.positive:
            raise NoInference(
                "coefficients held at or above zero are not Gaussian around the truth"
            )
        if alpha == 0.0:
            return super()._summarise(X, y, weight, **options)
        if options["covariance"] != "model" or options["weights"] != "repetition":
            raise NoInference(
                "shrunk coefficients have covariance='model' and weights='repetition'"
            )
        return summarise_ridge(self, X, y, weight, alpha, options["confidence"])

    def _likelihood(self, y: np.ndarray) -> Likelihood:
        return Likelihood(Gaussian(), "identity", "y", np.asarray(y, dtype=np.float64))


class RidgeClassifier(LinearClassifierMixin, _RidgeParameters):
    """Ridge regression on class codes -1 and +1, one column a class; the largest prediction wins.

    Parameters as `Ridge`, and `class_weight`: None, ``"balanced"`` or a dict.  It is the fastest linear
    classifier here, one factorisation whatever the number of classes, and has no probabilities.

    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> round(RidgeClassifier().fit(X, y).score(X, y), 2)
    0.85
    """

    def __init__(
        self,
        alpha: float = 1.0,
        *,
        fit_intercept: bool = True,
        copy_X: bool = True,
        max_iter: int | None = None,
        tol: float = 1e-8,
        class_weight: Any = None,
        solver: str = "auto",
        positive: bool = False,
        random_state: Any = None,
    ) -> None:
        super().__init__(
            alpha,
            fit_intercept=fit_intercept,
            copy_X=copy_X,
            max_iter=max_iter,
            tol=tol,
            solver=solver,
            positive=positive,
            random_state=random_state,
        )
        self.class_weight = class_weight

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> RidgeClassifier:
        """Fit on X (n, p), dense or sparse, and labels y (n,); returns self."""
        X, y, weight = check_fit(self, X, y, sample_weight, sparse="csr")
        self.classes_, Y, weight = signed_classes(self, y, weight, self.class_weight)
        found = self._solve(X, Y, weight)
        self.method_, self.n_iter_ = found.how, found.n_iter
        self.coef_ = np.ascontiguousarray(found.W.T).astype(X.dtype, copy=False)
        self.intercept_ = found.b.astype(X.dtype)
        return self
