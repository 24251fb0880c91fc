"""Every column divided by its largest absolute value."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse as sp
from sklearn.base import OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ..core.estimator import Estimator
from ..core.validation import refuse_infinite, rows
from .affine import multiply_shift, scale_sparse, subtract_divide
from .column_ranges import ranges


class MaxAbsScaler(OneToOneFeatureMixin, TransformerMixin, Estimator):
    """Divide every column by its largest absolute value: z = x / max |x|.

    Nothing is shifted, so sparse data stay sparse.

    Parameters
    ----------
    copy : bool, default=True
    clip : bool, default=False
        Bring values beyond the largest seen in `fit` to -1 and 1.

    Attributes
    ----------
    max_abs_, scale_ : ndarray of shape (n_features,)
        `scale_` is 1 for a column of zeros.
    n_samples_seen_ : int

    Notes
    -----
    One pass over memory, O(n p) or O(stored entries); NaN passes through.
    `partial_fit` over chunks gives the same bits as one `fit`.

    Examples
    --------
    >>> MaxAbsScaler().fit_transform([[1.0, -1.0], [2.0, 0.0], [0.0, 4.0]])
    array([[ 0.5 , -0.25],
           [ 1.  ,  0.  ],
           [ 0.  ,  1.  ]])
    """

    def __init__(self, *, copy: bool = True, clip: bool = False) -> None:
        self.copy = copy
        self.clip = clip

    def fit(self, X: Any, y: Any = None) -> MaxAbsScaler:
        """Learn the largest absolute value of every column."""
        if hasattr(self, "n_samples_seen_"):
            del self.n_samples_seen_
        return self.partial_fit(X, y)

    def partial_fit(self, X: Any, y: Any = None) -> MaxAbsScaler:
        """Take one more chunk of rows into account."""
        first = not hasattr(self, "n_samples_seen_")
        given = X
        X = rows(self, X, fitting=first, sparse=("csr", "csc"), nan=True, finite=False)
        least, most = ranges(X)
        largest = np.fmax(np.abs(least), np.abs(most))
        if np.isinf(largest).any():
            refuse_infinite(self, given)
        if not first:
            largest = np.fmax(largest, self.max_abs_)
        self.n_samples_seen_ = X.shape[0] + (0 if first else self.n_samples_seen_)
        self.max_abs_ = largest
        tiny = largest < 10 * np.finfo(X.dtype).eps
        self.scale_ = np.where(tiny, 1.0, largest)
        return self

    def transform(self, X: Any) -> Any:
        """x / max |x|, in the layout and float type of `X`."""
        check_is_fitted(self)
        given = X
        X = rows(self, X, sparse=("csr", "csc"), nan=True, finite=False)
        copy = self.copy or X is not given
        if sp.issparse(X):
            out = scale_sparse(X, 1.0 / self.scale_, copy=self.copy)
            if self.clip:
                np.clip(out.data, -1.0, 1.0, out=out.data)
            return out
        out, finite = subtract_divide(X, None, self.scale_, copy=copy)
        if not finite:
            refuse_infinite(self, given)
        return np.clip(out, -1.0, 1.0, out=out) if self.clip else out

    def inverse_transform(self, X: Any) -> Any:
        """x max |x|."""
        check_is_fitted(self)
        given = X
        X = rows(self, X, sparse=("csr", "csc"), nan=True, finite=False)
        if sp.issparse(X):
            return scale_sparse(X, self.scale_, copy=self.copy)
        out, finite = multiply_shift(X, self.scale_, None, copy=self.copy or X is not given)
        if not finite:
            refuse_infinite(self, given)
        return out

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.sparse = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
