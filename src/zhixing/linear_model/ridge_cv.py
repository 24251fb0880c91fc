"""Ridge with its strength chosen by leave-one-out, at the cost of one fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg
from scipy import sparse
from sklearn.base import MultiOutputMixin

from ..core.estimator import Estimator
from ..data.check import check_fit
from ..solvers.least_squares import least_squares
from .base import LinearClassifierMixin, LinearRegressorMixin
from .class_codes import signed_classes
from .least_squares import unpack
from .ridge import Ridge


def leave_one_out(
    X: Any, Y: np.ndarray, weight: np.ndarray, alphas: np.ndarray, fit_intercept: bool
) -> np.ndarray:
    """Predictions of every row by the ridge fitted without it, shape (alphas, n, k).

    With A the weighted, centred X = U S V', row i has leverage h_i = sum_j U_ij^2 S_j^2 / (S_j^2 + alpha)
    (and weight_i / sum weight for the intercept), and its residual grows by 1 / (1 - h_i) when it is left
    out (Golub, Heath and Wahba 1979).  Cost: one decomposition, O(n p min(n, p)), and O(n p) an alpha.
    """
    X = X.toarray() if sparse.issparse(X) else np.asarray(X, dtype=np.float64)
    total = weight.sum()
    x_mean = weight @ X / total if fit_intercept else np.zeros(X.shape[1])
    y_mean = weight @ Y / total if fit_intercept else np.zeros(Y.shape[1])
    root = np.sqrt(weight)[:, None]
    A, B = (X - x_mean) * root, (Y - y_mean) * root
    if X.shape[0] >= X.shape[1]:
        square, V = scipy.linalg.eigh(A.T @ A, check_finite=False)
        square = np.maximum(square, 0.0)
        scores = A @ V  # U S
        keep = square > 1e-14 * max(float(square[-1]), 1e-300)
        U, square = scores[:, keep] / np.sqrt(square[keep]), square[keep]
    else:
        square, U = scipy.linalg.eigh(A @ A.T, check_finite=False)
        keep = square > 1e-14 * max(float(square[-1]), 1e-300)
        U, square = U[:, keep], square[keep]
    UB, U2 = U.T @ B, U * U
    own = weight / total if fit_intercept else np.zeros(len(weight))
    out = np.empty((len(alphas), *Y.shape))
    for i, alpha in enumerate(alphas):
        shrink = square / (square + alpha)
        leverage = np.minimum(U2 @ shrink + own, 1.0 - 1e-12)
        fitted = U @ (shrink[:, None] * UB) / np.where(root > 0, root, 1.0) + y_mean
        out[i] = Y - (Y - fitted) / (1.0 - leverage)[:, None]
    return out


class _RidgeCVParameters(Estimator):
    def __init__(
        self,
        alphas: Any = (0.1, 1.0, 10.0),
        *,
        fit_intercept: bool = True,
        scoring: Any = None,
        cv: Any = None,
        gcv_mode: str | None = None,
        store_cv_results: bool = False,
        alpha_per_target: bool = False,
    ) -> None:
        self.alphas = alphas
        self.fit_intercept = fit_intercept
        self.scoring = scoring
        self.cv = cv
        self.gcv_mode = gcv_mode
        self.store_cv_results = store_cv_results
        self.alpha_per_target = alpha_per_target

    def _strengths(self) -> np.ndarray:
        alphas = np.atleast_1d(np.asarray(self.alphas, dtype=np.float64))
        if alphas.size == 0 or (alphas <= 0).any():
            raise ValueError(f"alphas is {self.alphas!r}; every value must be positive")
        return alphas

    def _choose(self, X: Any, Y: np.ndarray, weight: np.ndarray | None, truth: Any = None) -> Any:
        """Sets `alpha_` and `best_score_` by leave-one-out; returns the fit at the choice."""
        alphas = self._strengths()
        w = np.ones(len(Y)) if weight is None else weight
        left_out = leave_one_out(X, Y, w, alphas, self.fit_intercept)
        errors = (Y - left_out) ** 2
        if self.scoring is None:
            by_target = -np.average(errors, axis=1, weights=w)  # (alphas, k)
        else:
            by_target = np.array([self._score(Y, p, w, truth) for p in left_out])
        if self.alpha_per_target:
            best = by_target.argmax(axis=0)
            self.alpha_, self.best_score_ = alphas[best], by_target.max(axis=0)
            if Y.shape[1] == 1:
                self.alpha_, self.best_score_ = float(self.alpha_[0]), float(self.best_score_[0])
        else:
            means = by_target.mean(axis=1)
            self.alpha_, self.best_score_ = float(alphas[means.argmax()]), float(means.max())
        if self.store_cv_results:
            kept = errors if self.scoring is None else left_out
            self.cv_results_ = np.moveaxis(kept, 0, -1).squeeze()
        return least_squares(
            X, Y, weight, alpha=np.atleast_1d(self.alpha_), fit_intercept=self.fit_intercept
        )

    def _score(self, Y: np.ndarray, predicted: np.ndarray, w: np.ndarray, truth: Any) -> np.ndarray:
        from sklearn.metrics import get_scorer  # a heavy import, which most fits do without

        scorer = get_scorer(self.scoring) if isinstance(self.scoring, str) else self.scoring
        given = _Given(predicted if Y.shape[1] > 1 else predicted[:, 0], truth)
        y = truth[1] if truth is not None else (Y if Y.shape[1] > 1 else Y[:, 0])
        if self.alpha_per_target and truth is None and Y.shape[1] > 1:
            return np.array(
                [scorer(_Given(predicted[:, j], None), None, Y[:, j]) for j in range(Y.shape[1])]
            )
        return np.full(Y.shape[1], scorer(given, None, y, sample_weight=w))


class _Given:
    """Stands for an estimator whose predictions are known already, so that any scorer can be asked."""

    def __init__(self, predicted: np.ndarray, truth: Any) -> None:
        self.predicted = predicted
        self._estimator_type = "regressor" if truth is None else "classifier"
        if truth is not None:
            self.classes_ = truth[0]

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import ClassifierTags, RegressorTags, Tags, TargetTags

        kind = self._estimator_type
        return Tags(
            estimator_type=kind,
            target_tags=TargetTags(required=True),
            regressor_tags=RegressorTags() if kind == "regressor" else None,
            classifier_tags=ClassifierTags() if kind == "classifier" else None,
        )

    def decision_function(self, X: Any) -> np.ndarray:
        return self.predicted

    def predict(self, X: Any) -> np.ndarray:
        if self._estimator_type == "regressor":
            return self.predicted
        z = self.predicted
        return self.classes_[(z > 0).astype(int) if z.ndim == 1 else z.argmax(axis=1)]


class RidgeCV(MultiOutputMixin, LinearRegressorMixin, _RidgeCVParameters):
    """`Ridge` with alpha chosen by exact leave-one-out, from one decomposition of X.

    Parameters
    ----------
    alphas : the strengths to try.    cv : None for leave-one-out, else scikit-learn's folds.
    scoring : None for squared error, else a scorer.    alpha_per_target : choose one for each target.
    store_cv_results : keep the errors in `cv_results_`, (n, alphas) or (n, k, alphas).
    gcv_mode : accepted for compatibility; the smaller of X'X and XX' is decomposed.

    Attributes: `coef_`, `intercept_`, `alpha_`, `best_score_`, `cv_results_`.  Cost: see `leave_one_out`.

    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(50, 3)); y = X @ [1.0, 2.0, 3.0] + rng.normal(size=50)
    >>> RidgeCV([0.1, 1.0, 1000.0]).fit(X, y).alpha_
    0.1
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> RidgeCV:
        """Choose alpha and fit on X (n, p) and y (n,) or (n, k); returns self."""
        X, y, weight = check_fit(
            self, X, y, sample_weight, sparse="csr", multi_output=True, y_numeric=True
        )
        Y = np.asarray(y, dtype=np.float64).reshape(len(y), -1)
        if self.cv is None:
            found = self._choose(X, Y, weight)
        else:
            from sklearn.model_selection import GridSearchCV

            search = GridSearchCV(
                Ridge(fit_intercept=self.fit_intercept),
                {"alpha": self._strengths()},
                cv=self.cv,
                scoring=self.scoring,
            ).fit(X, y, sample_weight=weight)
            self.alpha_, self.best_score_ = search.best_params_["alpha"], search.best_score_
            found = least_squares(X, Y, weight, alpha=self.alpha_, fit_intercept=self.fit_intercept)
        self.coef_, self.intercept_ = unpack(found.W, found.b, y, X.dtype)
        return self


class RidgeClassifierCV(LinearClassifierMixin, _RidgeCVParameters):
    """`RidgeClassifier` with alpha chosen by exact leave-one-out.  Parameters as `RidgeCV`.

    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> RidgeClassifierCV([0.1, 1.0]).fit(X, y).alpha_
    1.0
    """

    def __init__(
        self,
        alphas: Any = (0.1, 1.0, 10.0),
        *,
        fit_intercept: bool = True,
        scoring: Any = None,
        cv: Any = None,
        class_weight: Any = None,
        store_cv_results: bool = False,
    ) -> None:
        super().__init__(
            alphas,
            fit_intercept=fit_intercept,
            scoring=scoring,
            cv=cv,
            store_cv_results=store_cv_results,
        )
        self.class_weight = class_weight

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> RidgeClassifierCV:
        """Choose alpha and fit on X (n, p) and labels y (n,); returns self."""
        X, y, weight = check_fit(self, X, y, sample_weight, sparse="csr")
        self.classes_, Y, weight = signed_classes(self, y, weight, self.class_weight)
        if self.cv is None:
            found = self._choose(X, Y, weight, (self.classes_, y))
        else:
            from sklearn.model_selection import GridSearchCV

            from .ridge import RidgeClassifier

            search = GridSearchCV(
                RidgeClassifier(fit_intercept=self.fit_intercept, class_weight=self.class_weight),
                {"alpha": self._strengths()},
                cv=self.cv,
                scoring=self.scoring,
            ).fit(X, y)
            self.alpha_, self.best_score_ = search.best_params_["alpha"], search.best_score_
            found = least_squares(X, Y, weight, alpha=self.alpha_, fit_intercept=self.fit_intercept)
        self.coef_ = np.ascontiguousarray(found.W.T).astype(X.dtype, copy=False)
        self.intercept_ = found.b.astype(X.dtype)
        return self
