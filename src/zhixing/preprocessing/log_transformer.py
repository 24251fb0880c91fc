"""Logarithms of skewed columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ..core.estimator import Estimator
from ..core.validation import rows
from .shape import skewness


class LogTransformer(OneToOneFeatureMixin, TransformerMixin, Estimator):
    """z = log(x + eps), with an exact inverse x = exp(z) - eps.

    Parameters
    ----------
    eps : float or "auto", default="auto"
        Added before the logarithm, in the units of X.  "auto" is 1e-8 where every value of a
        column of `fit` is positive, else what brings its smallest value to 1 (or, far below zero, to
        a few units in the last place).

    Attributes
    ----------
    eps_ : ndarray of shape (n_features,)
    skewness_before_, skewness_after_ : ndarray of shape (n_features,)
        Third standardised moment of every column of `fit`.

    Notes
    -----
    Raises an error that names the column where x + eps <= 0.  NaN passes through.  O(n p).

    Examples
    --------
    >>> transformer = LogTransformer().fit([[1.0], [10.0], [100.0], [1000.0]])
    >>> transformer.transform([[100.0]]).round(3), transformer.skewness_after_.round(6) + 0.0
    (array([[4.605]]), array([0.]))
    """

    def __init__(self, eps: float | str = "auto") -> None:
        self.eps = eps

    def fit(self, X: Any, y: Any = None) -> LogTransformer:
        """Choose eps and measure the skewness before and after."""
        X = rows(self, X, fitting=True, nan=True)
        if self.eps == "auto":
            least = np.fmin.reduce(X, axis=0).astype(np.float64)
            # Far below zero the next float is more than 1 away.
            lift = np.maximum(1.0, 2 * np.spacing(np.abs(least).astype(X.dtype)))
            self.eps_ = np.where(least <= 0, lift - least, 1e-8)
        elif isinstance(self.eps, str):
            raise ValueError(f"eps must be 'auto' or a number, got {self.eps!r}")
        else:
            if not np.isfinite(self.eps):
                raise ValueError(f"eps must be finite, got {self.eps}")
            self.eps_ = np.full(X.shape[1], float(self.eps))
        self.skewness_before_ = skewness(X)
        self.skewness_after_ = skewness(self._log(X))
        return self

    def _log(self, X: np.ndarray) -> np.ndarray:
        shifted = X + self.eps_.astype(X.dtype)
        with np.errstate(invalid="ignore"):
            bad = shifted <= 0
        if bad.any():
            j = int(np.flatnonzero(bad.any(axis=0))[0])
            names = getattr(self, "feature_names_in_", None)
            where = f"column {j}" if names is None else f"column {names[j]!r}"
            raise ValueError(
                f"{where}: log(x + eps) needs x + eps > 0, but x = {X[bad[:, j], j].min():g} and "
                f"eps = {self.eps_[j]:g}; raise eps or use PowerTransformer"
            )
        return np.log(shifted, out=shifted)

    def transform(self, X: Any) -> np.ndarray:
        """log(x + eps) in the float type of `X`."""
        check_is_fitted(self)
        return self._log(rows(self, X, nan=True))

    def inverse_transform(self, X: Any) -> np.ndarray:
        """exp(z) - eps."""
        check_is_fitted(self)
        X = rows(self, X, nan=True)
        return np.exp(X) - self.eps_.astype(X.dtype)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
