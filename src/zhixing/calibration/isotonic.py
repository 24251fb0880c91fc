"""Monotone regression: the non-decreasing function nearest to the data."""

from __future__ import annotations

import math
import warnings
from typing import Any, ClassVar

import numpy as np
from sklearn.base import RegressorMixin, TransformerMixin
from sklearn.utils import metadata_routing
from sklearn.utils.validation import (
    _check_sample_weight,
    check_array,
    check_consistent_length,
    check_is_fitted,
)

from ..core.arrays import rows_contiguous
from ..core.estimator import Estimator
from ..kernels.pool_adjacent_violators import pool_adjacent_violators

#: Precisions kept as they come.
FLOATS: Any = [np.float64, np.float32]


def isotonic_regression(
    y: Any,
    *,
    sample_weight: Any = None,
    y_min: float | None = None,
    y_max: float | None = None,
    increasing: bool = True,
) -> np.ndarray:
    r"""The monotone sequence nearest to y: least ``sum w (y - f)^2`` with ``f_1 <= f_2 <= ...``.

    Parameters
    ----------
    y : (n,) values in order
    sample_weight : (n,) positive weights
    y_min, y_max : bounds on the result
    increasing : False for a non-increasing sequence

    Cost: O(n).

    >>> isotonic_regression([1.0, 3.0, 2.0, 4.0])
    array([1. , 2.5, 2.5, 4. ])
    """
    y = check_array(y, ensure_2d=False, input_name="y", dtype=FLOATS)
    weight = (
        np.ones(y.size) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
    )
    check_consistent_length(y, weight)
    if not (np.isfinite(weight).all() and (weight > 0).all()):
        raise ValueError("Weights must be strictly positive.")
    step = 1 if increasing else -1
    values, w = (rows_contiguous(a[::step], np.float64) for a in (y, weight))
    fitted = np.empty(y.size)
    pool_adjacent_violators(values, w, fitted)
    if y_min is not None or y_max is not None:
        np.clip(fitted, y_min, y_max, out=fitted)
    return fitted[::step].astype(y.dtype)


def isotonic_regression_reference(y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The definition by the max-min formula (Barlow et al. 1972, eq. 1.9): O(n^3), for tests."""
    n = y.size
    return np.array(
        [
            max(
                min(np.average(y[s : t + 1], weights=weight[s : t + 1]) for t in range(i, n))
                for s in range(i + 1)
            )
            for i in range(n)
        ]
    )


def check_increasing(x: Any, y: Any) -> bool:
    """Whether y tends to rise with x: the sign of Spearman's correlation, with a warning where it is in
    doubt.

    >>> check_increasing([1, 2, 3, 4, 5], [10, 8, 6, 4, 2])
    False
    """
    from scipy.stats import spearmanr

    rho = float(spearmanr(x, y).statistic)  # type: ignore[union-attr]
    if abs(rho) < 1.0 and len(x) > 3:
        # Fisher's interval: if it holds zero the direction is a guess.
        if abs(math.atanh(rho)) < 1.96 / math.sqrt(len(x) - 3):
            warnings.warn(
                "Confidence interval of the Spearman correlation coefficient spans zero. Determination of "
                "``increasing`` may be suspect.",
                stacklevel=2,
            )
    return bool(rho >= 0)


class IsotonicRegression(RegressorMixin, TransformerMixin, Estimator):
    """Regression on one feature by a monotone, piecewise linear function.

    Parameters
    ----------
    y_min, y_max : bounds on the predictions
    increasing : True, False, or "auto" to take the sign of Spearman's correlation
    out_of_bounds : outside the training range, "nan", "clip" (the nearest end) or "raise"

    Attributes
    ----------
    X_thresholds_, y_thresholds_ : the corners of the function
    X_min_, X_max_ : the training range
    increasing_ : the direction taken

    Rows of equal X are first averaged.  Cost: one sort, then O(n); predicting m rows takes O(m log k) for k
    corners. Rows with weight 0 are left out.  Same function as scikit-learn's, whose X within 1e-15 are also
    averaged.

    >>> model = IsotonicRegression(out_of_bounds="clip").fit([1, 2, 3, 4], [1, 3, 2, 4])
    >>> model.predict([2.5, 9.0])
    array([2.5, 4. ])
    """

    # X may be called T in `predict`; it is never metadata.
    __metadata_request__predict: ClassVar = {"T": metadata_routing.UNUSED}
    __metadata_request__transform: ClassVar = {"T": metadata_routing.UNUSED}

    def __init__(
        self,
        *,
        y_min: float | None = None,
        y_max: float | None = None,
        increasing: bool | str = True,
        out_of_bounds: str = "nan",
    ) -> None:
        self.y_min = y_min
        self.y_max = y_max
        self.increasing = increasing
        self.out_of_bounds = out_of_bounds

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> IsotonicRegression:
        """Fit to (n,) or (n, 1) features, (n,) targets and weights that count repetitions."""
        if self.out_of_bounds not in ("nan", "clip", "raise"):
            raise ValueError(
                f"out_of_bounds must be 'nan', 'clip' or 'raise', not {self.out_of_bounds!r}"
            )
        if self.increasing not in (True, False, "auto"):
            raise ValueError(f"increasing must be True, False or 'auto', not {self.increasing!r}")
        x = check_array(X, input_name="X", dtype=FLOATS, ensure_2d=False)
        y = check_array(y, input_name="y", dtype=x.dtype, ensure_2d=False)
        check_consistent_length(x, y, sample_weight)
        x = _vector(x)
        self.increasing_ = check_increasing(x, y) if self.increasing == "auto" else self.increasing
        weight = _check_sample_weight(sample_weight, x, dtype=np.float64, ensure_non_negative=True)
        if not weight.all():
            keep = weight > 0
            x, y, weight = x[keep], y[keep], weight[keep]
        order = np.argsort(x)
        x, weight = x[order], weight[order]
        product = weight * y[order]
        first = np.flatnonzero(np.append(True, np.diff(x) != 0))
        knots, total = x[first], np.add.reduceat(weight, first)
        values = isotonic_regression(
            np.add.reduceat(product, first) / total,
            sample_weight=total,
            y_min=self.y_min,
            y_max=self.y_max,
            increasing=self.increasing_,
        )
        self.X_min_, self.X_max_ = knots[0], knots[-1]
        corner = np.ones(values.size, dtype=bool)
        corner[1:-1] = (values[1:-1] != values[:-2]) | (values[1:-1] != values[2:])
        self.X_thresholds_, self.y_thresholds_ = knots[corner], values[corner].astype(x.dtype)
        return self

    def predict(self, T: Any) -> np.ndarray:
        """The function at (n,) or (n, 1) features."""
        check_is_fitted(self)
        dtype: Any = self.X_thresholds_.dtype
        t = _vector(check_array(T, dtype=dtype, ensure_2d=False))
        outside = (t < self.X_min_) | (t > self.X_max_)
        if self.out_of_bounds == "raise" and outside.any():
            raise ValueError(
                f"{int(outside.sum())} values lie outside the training range "
                f"[{self.X_min_:g}, {self.X_max_:g}]; use out_of_bounds='clip'"
            )
        made = np.interp(t, self.X_thresholds_, self.y_thresholds_)
        if self.out_of_bounds == "nan" and self.X_thresholds_.size > 1:
            made[outside] = np.nan
        return made.astype(t.dtype, copy=False)

    def transform(self, T: Any) -> np.ndarray:
        """Same as `predict`."""
        return self.predict(T)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """One name, ``isotonicregression0``."""
        check_is_fitted(self)
        return np.asarray([f"{type(self).__name__.lower()}0"], dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        return tags


def _vector(x: np.ndarray) -> np.ndarray:
    if x.ndim == 1 or (x.ndim == 2 and x.shape[1] == 1):
        return x.reshape(-1)
    raise ValueError("Isotonic regression input X should be a 1d array or 2d array with 1 feature")
