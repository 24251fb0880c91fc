"""Values beyond limits brought back, or marked missing, and counted."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ..core.estimator import Estimator
from ..core.validation import rows
from ..rounds.moments import moments
from .quantiles import column_quantiles

_FACTORS = {"iqr": 1.5, "zscore": 3.0, "quantile": 0.01, "mad": 3.0}


class OutlierClipper(OneToOneFeatureMixin, TransformerMixin, Estimator):
    """Clip every column to limits learned on the training rows, and report how many values changed.

    iqr: [Q1 - f (Q3 - Q1), Q3 + f (Q3 - Q1)];  zscore: mean -+ f standard deviations;
    mad: median -+ 1.4826 f (median absolute deviation);  quantile: the quantiles f and 1 - f.

    Parameters
    ----------
    rule : {"iqr", "zscore", "quantile", "mad"}, default="iqr"
    factor : float or None, default=None
        f; None is 1.5 for iqr, 3 for zscore and mad, 0.01 for quantile.
    action : {"clip", "nan"}, default="clip"
        Bring outliers to the limit, or mark them missing for an imputer.

    Attributes
    ----------
    lower_, upper_ : ndarray of shape (n_features,)
    n_below_, n_above_ : ndarray of int of shape (n_features,)
        Outliers of every column of `fit`.

    Notes
    -----
    NaN passes through and does not count.  A column whose limits coincide (no spread) has no
    outliers.  `inliers` gives the rows to keep where rows are to be dropped: a
    transformer must not change the number of rows.  O(n p).

    Examples
    --------
    >>> X = np.array([[1.0], [2.0], [3.0], [4.0], [300.0]])
    >>> clipper = OutlierClipper().fit(X)
    >>> clipper.transform(X).ravel(), clipper.n_above_, clipper.inliers(X)
    (array([1., 2., 3., 4., 7.]), array([1]), array([ True,  True,  True,  True, False]))
    """

    def __init__(
        self, rule: str = "iqr", *, factor: float | None = None, action: str = "clip"
    ) -> None:
        self.rule = rule
        self.factor = factor
        self.action = action

    def fit(self, X: Any, y: Any = None) -> OutlierClipper:
        """Learn the limits and count the outliers."""
        if self.rule not in _FACTORS:
            raise ValueError(f"rule must be one of {tuple(_FACTORS)}, got {self.rule!r}")
        if self.action not in ("clip", "nan"):
            raise ValueError(f"action must be 'clip' or 'nan', got {self.action!r}")
        factor = _FACTORS[self.rule] if self.factor is None else float(self.factor)
        if factor < 0 or (self.rule == "quantile" and factor >= 0.5):
            raise ValueError(f"factor {factor:g} makes no limits for rule {self.rule!r}")
        X = rows(self, X, fitting=True, nan=True)
        if self.rule == "quantile":
            low, high = column_quantiles(X, [factor, 1 - factor])
        else:
            low, high = self._around(X, factor)
        # A column without known values, or without spread, has no limits.
        self.lower_ = np.where(low < high, low, -np.inf)
        self.upper_ = np.where(low < high, high, np.inf)
        below, above = self._outside(X)
        self.n_below_, self.n_above_ = below.sum(axis=0), above.sum(axis=0)
        return self

    def _around(self, X: np.ndarray, factor: float) -> tuple[np.ndarray, np.ndarray]:
        if self.rule == "zscore":
            found = moments(X)
            spread = factor * np.sqrt(found.variance)
            return found.mean - spread, found.mean + spread
        if self.rule == "iqr":
            first, third = column_quantiles(X, [0.25, 0.75])
            spread = factor * (third - first)
            flat = np.where(third > first, 1.0, np.nan)
            return (first - spread) * flat, (third + spread) * flat
        centre = column_quantiles(X, [0.5])[0]
        spread = 1.4826 * factor * column_quantiles(np.abs(X - centre), [0.5])[0]
        return centre - spread, centre + spread

    def _outside(self, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        low, high = self._limits(X.dtype)
        with np.errstate(invalid="ignore"):
            return X < low, X > high

    def _limits(self, dtype: Any) -> tuple[np.ndarray, np.ndarray]:
        """The limits in the type of the data, so that a clipped value lies within them."""
        return self.lower_.astype(dtype), self.upper_.astype(dtype)

    def transform(self, X: Any) -> np.ndarray:
        """`X` with its outliers clipped or marked missing, in its float type."""
        check_is_fitted(self)
        X = rows(self, X, nan=True)
        if self.action == "clip":
            return np.clip(X, *self._limits(X.dtype))
        below, above = self._outside(X)
        return np.where(below | above, np.array(np.nan, X.dtype), X)

    def inliers(self, X: Any) -> np.ndarray:
        """Which rows have no value beyond a limit."""
        check_is_fitted(self)
        below, above = self._outside(rows(self, X, nan=True))
        return ~np.asarray((below | above).any(axis=1))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
