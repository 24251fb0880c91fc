"""Fill a missing value with its regression on the other columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.linalg import lstsq
from sklearn.base import TransformerMixin, clone
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted, validate_data

from ..core.estimator import Estimator
from ..core.random import generator
from ..core.validation import FLOATS
from .chained_sums import ChainedSums
from .missing import is_nan, missing_mask

_KEPT = 1000  # residuals of a column that are kept to draw from


class RegressionImputer(TransformerMixin, Estimator):
    """Predict every missing value from the other columns by linear regression, with noise if asked.

    Each column is regressed on all others over the rows where it is known; other columns enter
    with their means where they are missing.  One round: `IterativeImputer` repeats it.

    Parameters
    ----------
    estimator : regressor or None, default=None
        None is ordinary least squares (of least norm, in standardised columns,
        where some are collinear).
    noise : {None, "residual", "normal"}, default=None
        Add a drawn residual of the column, or a normal draw of the residual variance.  Without
        noise imputed values lie on the regression surface and the variance is too small.
    missing_values : number, default=nan
    random_state : int, RandomState, Generator or None, default=None

    Attributes
    ----------
    mean_ : ndarray of shape (n_features,)
    coef_ : ndarray of shape (n_features, n_features)
        Row j predicts column j; its own coefficient is 0.  Only for ``estimator=None``.
    intercept_ : ndarray of shape (n_features,)
    noise_std_ : ndarray of shape (n_features,)
        Standard deviation of the residuals, n - p degrees of freedom.
    estimators_ : list, where an estimator was given

    Notes
    -----
    Columns without any known value are filled with 0.  Sums of products are taken once for all
    columns: O(n p^2 + p^4).  With noise the same `random_state` gives the same values for the same
    rows.  Little and Rubin (2019), section 4.2 (regression) and 4.3 (stochastic regression).

    Examples
    --------
    >>> X = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [4.0, np.nan]])
    >>> RegressionImputer().fit_transform(X)[3]
    array([4., 8.])
    """

    def __init__(
        self,
        estimator: Any = None,
        *,
        noise: str | None = None,
        missing_values: Any = np.nan,
        random_state: Any = None,
    ) -> None:
        self.estimator = estimator
        self.noise = noise
        self.missing_values = missing_values
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> RegressionImputer:
        """Fit a regression for every column."""
        if self.noise not in (None, "residual", "normal"):
            raise ValueError(f"noise must be None, 'residual' or 'normal', got {self.noise!r}")
        self._seed = int(generator(self.random_state).integers(2**31 - 1))
        X = self._checked(X, fitting=True)
        mask = missing_mask(X, self.missing_values)
        n, p = X.shape
        known = (~mask).sum(axis=0)
        zeroed = np.where(mask, 0.0, X.astype(np.float64))
        self.mean_ = zeroed.sum(axis=0) / np.maximum(known, 1)
        filled = np.where(mask, self.mean_, zeroed)
        self.coef_ = np.zeros((p, p))
        self.intercept_ = self.mean_.copy()
        self.noise_std_ = np.zeros(p)
        self._residuals = np.zeros((p, min(_KEPT, n)))
        self.estimators_: list[Any] = []
        sums = ChainedSums(filled) if self.estimator is None else None
        for j in range(p):
            others = np.delete(np.arange(p), j)
            rows = np.flatnonzero(~mask[:, j])
            if self.estimator is not None:
                self.estimators_.append(self._fitted(filled, rows, others, j))
            elif known[j] and p > 1:
                products = sums.without(filled, mask[:, j], j, others)  # type: ignore[union-attr]
                # In standard deviations, else columns of small numbers count as constant.
                d = np.sqrt(np.maximum(np.diag(products.G), 0.0))
                d[d == 0] = 1.0
                coef = lstsq(products.G / d / d[:, None], products.b / d, check_finite=False)[0] / d
                self.coef_[j, others] = coef
                self.intercept_[j] = products.y_mean - float(products.x_mean @ coef)
            if known[j]:
                left = filled[rows, j] - self._predicted(filled[rows], j, others)
                freedom = max(known[j] - p, 1)
                self.noise_std_[j] = np.sqrt(float(left @ left) / freedom)
                grow = np.sqrt(known[j] / freedom)  # residuals are smaller than errors
                size = self._residuals.shape[1]
                self._residuals[j] = grow * left[np.arange(size) * len(left) // size]
        return self

    def _fitted(self, filled: np.ndarray, rows: np.ndarray, others: np.ndarray, j: int) -> Any:
        if not rows.size or not others.size:
            return None
        return clone(self.estimator).fit(filled[np.ix_(rows, others)], filled[rows, j])

    def _predicted(self, filled: np.ndarray, j: int, others: np.ndarray) -> np.ndarray:
        if self.estimator is None:
            return filled @ self.coef_[j] + self.intercept_[j]
        if self.estimators_[j] is None:
            return np.full(len(filled), self.mean_[j])
        return np.asarray(self.estimators_[j].predict(filled[:, others]), dtype=np.float64)

    def _checked(self, X: Any, *, fitting: bool) -> np.ndarray:
        return validate_data(
            self,
            X,
            reset=fitting,
            dtype=FLOATS,
            ensure_all_finite="allow-nan" if is_nan(self.missing_values) else True,
        )

    def transform(self, X: Any) -> np.ndarray:
        """`X` with its missing values predicted, in its float type."""
        check_is_fitted(self)
        X = self._checked(X, fitting=False)
        mask = missing_mask(X, self.missing_values)
        out = X.copy()
        if not mask.any():
            return out
        filled = np.where(mask, self.mean_, X.astype(np.float64))
        rng = np.random.default_rng(self._seed)
        for j in np.flatnonzero(mask.any(axis=0)).tolist():
            rows = np.flatnonzero(mask[:, j])
            values = self._predicted(filled[rows], j, np.delete(np.arange(X.shape[1]), j))
            if self.noise == "normal":
                values = values + self.noise_std_[j] * rng.standard_normal(rows.size)
            elif self.noise == "residual":
                values = values + rng.choice(self._residuals[j], rows.size)
            out[rows, j] = values
        return out

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """The input names."""
        check_is_fitted(self)
        return _check_feature_names_in(self, input_features)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = is_nan(self.missing_values)
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
