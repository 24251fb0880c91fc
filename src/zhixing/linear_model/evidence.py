"""What regressions fitted by the evidence share: the quadratic problem, and errors of prediction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from ..core.estimator import Estimator
from ..data.blocks import from_arrays
from ..data.check import check_fit, check_rows
from ..solvers.normal import quadratic
from ..solvers.statistics import scores
from ..solvers.weighted_gram import row_forms
from .base import LinearRegressorMixin


@dataclass(frozen=True)
class Centred:
    """Totals of the centred problem, and the rows themselves where a difference would lose digits."""

    gram: np.ndarray
    cross: np.ndarray
    square: float
    n: float
    x_mean: np.ndarray
    y_mean: float
    block: Any

    def error(self, w: np.ndarray) -> float:
        """sum weight (y - X w - b)^2."""
        short = self.square - 2.0 * float(w @ self.cross) + float(w @ self.gram @ w)
        if short > 1e-8 * self.square:
            return short
        r = self.block.y - scores(self.block, w, self.y_mean - float(self.x_mean @ w))
        return float(self.block.weight @ r**2)


class Evidence(LinearRegressorMixin, Estimator):
    """Fits from the Gram matrix; predicts with a standard deviation."""

    fit_intercept: bool
    max_iter: int
    sigma_: np.ndarray
    alpha_: float
    _no_inference = (
        "a posterior has no tests; `sigma_` is the covariance of the coefficients around `coef_`"
    )

    def _quadratic(self, X: Any, y: Any, sample_weight: Any) -> Centred:
        if self.max_iter < 1:
            raise ValueError(f"max_iter is {self.max_iter!r}; it must be at least 1")
        X, y, weight = check_fit(self, X, y, sample_weight, sparse=False, y_numeric=True)
        self._dtype = X.dtype
        blocks = from_arrays(X, np.asarray(y, dtype=np.float64), weight)
        made = quadratic(blocks, fit_intercept=self.fit_intercept)
        return Centred(
            made.gram * made.weight,
            made.cross[:, 0] * made.weight,
            float(made.target[0, 0]) * made.weight,
            made.weight,
            made.x_mean,
            float(made.y_mean[0]),
            blocks.one(),
        )

    def _keep(self, problem: Centred, w: np.ndarray) -> Any:
        dtype = self._dtype
        del self._dtype
        self.X_offset_, self.X_scale_ = problem.x_mean.astype(dtype), np.ones(len(w), dtype)
        self.coef_ = w.astype(dtype)
        self.intercept_ = dtype.type(problem.y_mean - float(problem.x_mean @ w))
        return self

    def _active(self) -> np.ndarray:
        """Which columns `sigma_` is about."""
        return np.ones(len(self.coef_), dtype=bool)

    def predict(self, X: Any, return_std: bool = False) -> Any:
        """The mean of y for every row, and with `return_std` its standard deviation, noise included."""
        mean = super().predict(X)
        if not return_std:
            return mean
        check_is_fitted(self)
        columns = self._active()
        X = (check_rows(self, X) - self.X_offset_)[:, columns]
        variance = row_forms(X, self.sigma_, False) + 1.0 / self.alpha_
        return mean, np.sqrt(variance).astype(mean.dtype)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        return tags
