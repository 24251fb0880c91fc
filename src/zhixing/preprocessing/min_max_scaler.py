"""Every column to a given range."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse as sp
from sklearn.base import OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ..core.estimator import Estimator
from ..core.validation import refuse_infinite, rows
from .affine import multiply_shift, subtract_divide
from .column_ranges import ranges


class MinMaxScaler(OneToOneFeatureMixin, TransformerMixin, Estimator):
    """Map every column to a range: z = low + (x - min) (high - low) / (max - min).

    Parameters
    ----------
    feature_range : (low, high), default=(0, 1)
        E.g. (-1, 1).
    copy : bool, default=True
        False scales a float array in place where it can.
    clip : bool, default=False
        Bring values outside the range seen in `fit` to its ends.

    Attributes
    ----------
    data_min_, data_max_, data_range_, scale_, min_ : ndarray of shape (n_features,)
        z = x scale_ + min_.
    n_samples_seen_ : int

    Notes
    -----
    One pass over memory, O(n p); NaN passes through; a constant column maps to `low`.
    `partial_fit` over chunks gives the same bits as one `fit`.

    Examples
    --------
    >>> scaler = MinMaxScaler().fit([[-1.0, 2.0], [0.0, 10.0], [1.0, 18.0]])
    >>> scaler.transform([[2.0, 2.0]])
    array([[1.5, 0. ]])
    """

    def __init__(
        self,
        feature_range: tuple[float, float] = (0, 1),
        *,
        copy: bool = True,
        clip: bool = False,
    ) -> None:
        self.feature_range = feature_range
        self.copy = copy
        self.clip = clip

    def fit(self, X: Any, y: Any = None) -> MinMaxScaler:
        """Learn minimum and maximum of every column."""
        if hasattr(self, "n_samples_seen_"):
            del self.n_samples_seen_
        return self.partial_fit(X, y)

    def partial_fit(self, X: Any, y: Any = None) -> MinMaxScaler:
        """Widen minimum and maximum by the rows of one more chunk."""
        low, high = self.feature_range
        if low >= high:
            raise ValueError(
                "Minimum of desired feature range must be smaller than maximum. "
                f"Got {self.feature_range}."
            )
        if sp.issparse(X):
            raise TypeError(
                "MinMaxScaler does not support sparse input. Consider using MaxAbsScaler instead."
            )
        first = not hasattr(self, "n_samples_seen_")
        given = X
        X = rows(self, X, fitting=first, nan=True, finite=False)
        least, most = ranges(X)
        if np.isinf(least).any() or np.isinf(most).any():
            refuse_infinite(self, given)
        self.n_samples_seen_ = X.shape[0] + (0 if first else self.n_samples_seen_)
        if not first:
            least, most = np.fmin(least, self.data_min_), np.fmax(most, self.data_max_)
        self.data_min_, self.data_max_ = least, most
        self.data_range_ = most - least
        tiny = self.data_range_ < 10 * np.finfo(X.dtype).eps
        self.scale_ = (high - low) / np.where(tiny, 1.0, self.data_range_)
        self.min_ = low - least * self.scale_
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Every column in the range, in the layout and float type of `X`."""
        check_is_fitted(self)
        given = X
        X = rows(self, X, nan=True, finite=False)
        copy = self.copy or X is not given
        out, finite = multiply_shift(X, self.scale_, self.min_, copy=copy)
        if not finite:
            refuse_infinite(self, given)
        if self.clip:
            np.clip(out, *self.feature_range, out=out)
        return out

    def inverse_transform(self, X: Any) -> np.ndarray:
        """The values whose transform is `X`."""
        check_is_fitted(self)
        given = X
        X = rows(self, X, nan=True, finite=False)
        out, finite = subtract_divide(X, self.min_, self.scale_, copy=self.copy or X is not given)
        if not finite:
            refuse_infinite(self, given)
        return out

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
