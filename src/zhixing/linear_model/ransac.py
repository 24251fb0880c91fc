"""Random sample consensus."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.base import MetaEstimatorMixin, MultiOutputMixin, RegressorMixin, clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted, has_fit_parameter

from ..core.estimator import Estimator
from ..core.random import generator
from ..data.check import check_fit
from ..losses.location import weighted_quantile
from ..solvers.sgd import prepare
from .least_squares import LinearRegression


class RANSACRegressor(MetaEstimatorMixin, MultiOutputMixin, RegressorMixin, Estimator):
    """Fits to small random samples, and keeps the one that most rows agree with.

    A row agrees if its loss is at most `residual_threshold`; the model is fitted anew on all that
    agree with the best sample.  It withstands far more than half of the rows being wrong.

    Parameters
    ----------
    estimator : any regressor; by default `LinearRegression`.
    min_samples : rows in a sample: a number, a share of the rows, or (for a linear model) one more
        than there are columns.
    residual_threshold : by default the median absolute deviation of y.
    is_data_valid, is_model_valid : functions that may turn a sample or its model down.
    max_trials, max_skips, stop_n_inliers, stop_score, stop_probability : when to stop; the number of
        trials falls to what finds a clean sample with `stop_probability`.
    loss : ``"absolute_error"``, ``"squared_error"`` or a function of (y, prediction), one per row.
    random_state : seeds the samples.

    Attributes
    ----------
    estimator_ : the model fitted on all inliers.     inlier_mask_ : (n,) booleans.
    n_trials_, n_skips_no_inliers_, n_skips_invalid_data_, n_skips_invalid_model_.

    Notes
    -----
    Differences from scikit-learn: weight means repetition (a row of weight 3 is drawn three times as
    often and counts three times among the inliers), and equal rows are never drawn together; samples
    do not depend on the order of rows.  Source: Fischler and Bolles (1981), "Random sample consensus".

    Examples
    --------
    >>> X = np.arange(20.0)[:, None]
    >>> y = 2.0 * X[:, 0] + np.where(X[:, 0] % 3 == 0, 30.0, 0.0)
    >>> model = RANSACRegressor(random_state=0, residual_threshold=1.0).fit(X, y)
    >>> model.estimator_.coef_.round(6), int(model.inlier_mask_.sum())
    (array([2.]), 13)
    """

    def __init__(
        self,
        estimator: Any = None,
        *,
        min_samples: float | None = None,
        residual_threshold: float | None = None,
        is_data_valid: Callable[..., bool] | None = None,
        is_model_valid: Callable[..., bool] | None = None,
        max_trials: int = 100,
        max_skips: float = np.inf,
        stop_n_inliers: float = np.inf,
        stop_score: float = np.inf,
        stop_probability: float = 0.99,
        loss: str | Callable[..., Any] = "absolute_error",
        random_state: Any = None,
    ) -> None:
        self.estimator = estimator
        self.min_samples = min_samples
        self.residual_threshold = residual_threshold
        self.is_data_valid = is_data_valid
        self.is_model_valid = is_model_valid
        self.max_trials = max_trials
        self.max_skips = max_skips
        self.stop_n_inliers = stop_n_inliers
        self.stop_score = stop_score
        self.stop_probability = stop_probability
        self.loss = loss
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> RANSACRegressor:
        """Find the consensus of X (n, p) and y (n,) or (n, k), and fit on it; returns self."""
        X, y, weight = check_fit(
            self, X, y, sample_weight, sparse="csr", multi_output=True, y_numeric=True
        )
        y = np.asarray(y, dtype=np.float64)
        plain = weight is None
        weight = np.ones(len(y)) if plain else weight
        estimator: Any = LinearRegression() if self.estimator is None else clone(self.estimator)
        if not plain and not has_fit_parameter(estimator, "sample_weight"):
            raise ValueError(f"{type(estimator).__name__} does not take sample_weight")
        if "random_state" in estimator.get_params():
            estimator.set_params(random_state=self.random_state)
        key = y.ravel() if y.size == len(y) else y @ np.sqrt(np.arange(2.0, 2.0 + y.shape[1]))
        rows = prepare(X, key, weight)
        of_group = np.add.reduceat(weight[rows.order], rows.first)
        size = self._size(X, len(of_group), estimator)
        loss, threshold = self._loss(), self._threshold(y, weight)
        rng = generator(self.random_state)
        total = float(weight.sum())
        odds = of_group / total
        even = bool(np.ptp(of_group) == 0)
        best: tuple[float, float] = (0.0, -np.inf)
        agree = None
        self.n_trials_ = 0
        self.n_skips_no_inliers_ = self.n_skips_invalid_data_ = self.n_skips_invalid_model_ = 0
        trials = float(self.max_trials)
        while self.n_trials_ < trials and self._skips() <= self.max_skips:
            self.n_trials_ += 1
            groups = rng.choice(
                len(odds), size=size, replace=False, p=None if even else odds, shuffle=False
            )
            sample = rows.order[rows.first[groups]]
            if self.is_data_valid is not None and not self.is_data_valid(X[sample], y[sample]):
                self.n_skips_invalid_data_ += 1
                continue
            estimator.fit(X[sample], y[sample])
            if self.is_model_valid is not None and not self.is_model_valid(
                estimator, X[sample], y[sample]
            ):
                self.n_skips_invalid_model_ += 1
                continue
            near = loss(y, np.asarray(estimator.predict(X), dtype=np.float64)) <= threshold
            mass = float(weight[near].sum())
            if mass < best[0] or mass <= 0.0:
                self.n_skips_no_inliers_ += 1
                continue
            score = self._score(estimator, X[near], y[near], None if plain else weight[near])
            if mass == best[0] and score < best[1]:
                continue
            best, agree = (mass, score), near
            trials = min(trials, self._enough(mass / total, size))
            if mass >= self.stop_n_inliers or score >= self.stop_score:
                break
        if agree is None:
            raise ValueError(
                f"RANSAC found no sample that any row agrees with in {self.n_trials_} trials "
                f"({self.n_skips_no_inliers_} without inliers, {self.n_skips_invalid_data_} of invalid "
                f"data, {self.n_skips_invalid_model_} of invalid models); raise residual_threshold "
                "or max_trials"
            )
        if self._skips() > self.max_skips:
            warnings.warn(
                "RANSAC stopped early: it skipped more trials than max_skips; see n_skips_*",
                ConvergenceWarning,
                stacklevel=2,
            )
        kept = {} if plain else {"sample_weight": weight[agree]}
        self.estimator_ = estimator.fit(X[agree], y[agree], **kept)
        self.inlier_mask_ = agree
        return self

    def _skips(self) -> int:
        return self.n_skips_no_inliers_ + self.n_skips_invalid_data_ + self.n_skips_invalid_model_

    def _size(self, X: Any, distinct: int, estimator: Any) -> int:
        n = X.shape[0]
        if self.min_samples is None:
            if not isinstance(estimator, LinearRegression):
                raise ValueError(
                    f"give min_samples: how many rows determine a {type(estimator).__name__} is not "
                    "known"
                )
            return min(X.shape[1] + 1, distinct)
        if not self.min_samples > 0:
            raise ValueError(f"min_samples is {self.min_samples!r}; it must be positive")
        size = math.ceil(self.min_samples * n) if self.min_samples < 1 else int(self.min_samples)
        if size > n:
            raise ValueError(f"min_samples is {size}, and there are {n} rows")
        return min(size, distinct)

    def _loss(self) -> Callable[..., Any]:
        if callable(self.loss):
            return self.loss
        if self.loss not in ("absolute_error", "squared_error"):
            raise ValueError(f"loss={self.loss!r} is not 'absolute_error' or 'squared_error'")
        measure = np.abs if self.loss == "absolute_error" else np.square
        return lambda y, z: measure(y - z) if y.ndim == 1 else measure(y - z).sum(axis=1)

    def _threshold(self, y: np.ndarray, weight: np.ndarray) -> float:
        if self.residual_threshold is not None:
            return float(self.residual_threshold)
        flat = y.ravel()
        repeated = weight if y.ndim == 1 else np.repeat(weight, y.shape[1])
        median = weighted_quantile(flat, repeated, 0.5)
        return weighted_quantile(np.abs(flat - median), repeated, 0.5)

    def _score(self, estimator: Any, X: Any, y: np.ndarray, weight: Any) -> float:
        if len(y) < 2:
            return -np.inf
        return float(estimator.score(X, y, sample_weight=weight))

    def _enough(self, share: float, size: int) -> float:
        """Trials that hold a clean sample with `stop_probability`: log(1 - p) / log(1 - share^size)."""
        clean = share**size
        if self.stop_probability >= 1.0:
            return math.inf
        if clean >= 1.0 or self.stop_probability <= 0.0:
            return 0.0
        return (
            math.ceil(math.log(1 - self.stop_probability) / math.log1p(-clean))
            if clean
            else math.inf
        )

    def predict(self, X: Any) -> np.ndarray:
        """The prediction of the model fitted on the inliers."""
        check_is_fitted(self)
        return self.estimator_.predict(X)

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """R^2 of the model fitted on the inliers, on all rows given."""
        check_is_fitted(self)
        return self.estimator_.score(X, y, sample_weight=sample_weight)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = False
        return tags
