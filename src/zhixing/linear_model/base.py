"""What every linear estimator does with its coefficients."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted

from ..core.estimator import Estimator
from ..data.check import check_rows
from ..solvers import Solution
from .inference import Inference


def scores(X: Any, coef: np.ndarray, intercept: Any) -> np.ndarray:
    """X w + b with `coef` of shape (p,) or (k, p)."""
    z = X @ coef.T
    if sparse.issparse(z):
        z = z.toarray()
    return z + intercept


class LinearRegressorMixin(Inference, RegressorMixin):
    """Predicts X w + b from `coef_` and `intercept_`."""

    coef_: np.ndarray
    intercept_: Any

    def predict(self, X: Any) -> np.ndarray:
        """The prediction of every row, shape (n,) or (n, k)."""
        check_is_fitted(self)
        X = check_rows(self, X)
        return scores(X, np.asarray(self.coef_), self.intercept_)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


class LinearClassifierMixin(Inference, ClassifierMixin):
    """Decides by the sign of X w + b, or by its largest column."""

    coef_: np.ndarray
    intercept_: np.ndarray
    classes_: np.ndarray

    def decision_function(self, X: Any) -> np.ndarray:
        """Raw scores: shape (n,) for two classes (positive means ``classes_[1]``), else (n, k)."""
        check_is_fitted(self)
        z = scores(check_rows(self, X), self.coef_, self.intercept_)
        return z[:, 0] if z.shape[1] == 1 else z

    def predict(self, X: Any) -> np.ndarray:
        """The class of every row."""
        z = self.decision_function(X)
        codes = (z > 0).astype(np.intp) if z.ndim == 1 else z.argmax(axis=1)
        return self.classes_[codes]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def warn_unless_converged(estimator: Estimator, solution: Solution, max_iter: int) -> None:
    """Say what was reached and what to do, as scikit-learn's ConvergenceWarning."""
    if solution.converged:
        return
    warnings.warn(
        f"{type(estimator).__name__} stopped after {solution.n_iter} of at most {max_iter} rounds of "
        f"{solution.solver} with optimality {solution.optimality:.2g}; "
        "raise max_iter, scale the features, or loosen tol",
        ConvergenceWarning,
        stacklevel=3,
    )
