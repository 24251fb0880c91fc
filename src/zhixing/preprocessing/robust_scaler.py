"""Median zero and interquartile range one."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse as sp
from scipy.special import ndtri
from sklearn.base import OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ..core.estimator import Estimator
from ..core.validation import refuse_infinite, rows
from .affine import multiply_shift, scale_sparse, subtract_divide
from .quantiles import column_quantiles


class RobustScaler(OneToOneFeatureMixin, TransformerMixin, Estimator):
    """Scale by statistics that outliers barely move: z = (x - median) / (Q3 - Q1).

    Parameters
    ----------
    with_centering, with_scaling : bool, default=True
        Whether to shift, whether to divide.  Sparse input needs ``with_centering=False``.
    quantile_range : (float, float), default=(25.0, 75.0)
        Per cent.
    copy : bool, default=True
    unit_variance : bool, default=False
        Divide by the range of a standard normal too, so that normal data get variance 1.

    Attributes
    ----------
    center_, scale_ : ndarray of shape (n_features,) or None

    Notes
    -----
    Quantiles by partition, columns in threads: O(n p) time, memory for eight columns.
    NaN passes through; a range of zero divides by 1.

    Examples
    --------
    >>> RobustScaler().fit_transform([[1.0, -2.0], [-2.0, 1.0], [4.0, 1.0]])
    array([[ 0., -2.],
           [-1.,  0.],
           [ 1.,  0.]])
    """

    def __init__(
        self,
        *,
        with_centering: bool = True,
        with_scaling: bool = True,
        quantile_range: tuple[float, float] = (25.0, 75.0),
        copy: bool = True,
        unit_variance: bool = False,
    ) -> None:
        self.with_centering = with_centering
        self.with_scaling = with_scaling
        self.quantile_range = quantile_range
        self.copy = copy
        self.unit_variance = unit_variance

    def fit(self, X: Any, y: Any = None) -> RobustScaler:
        """Learn median and range of every column."""
        low, high = self.quantile_range
        if not 0 <= low <= high <= 100:
            raise ValueError(f"Invalid quantile range: {self.quantile_range}")
        X = rows(self, X, fitting=True, sparse=("csc",), nan=True)
        if sp.issparse(X) and self.with_centering:
            raise ValueError(
                "Cannot center sparse matrices: use `with_centering=False` instead. See docstring "
                "for motivation and alternatives."
            )
        centre, first, third = column_quantiles(X, [0.5, low / 100, high / 100])
        self.center_ = centre if self.with_centering else None
        self.scale_ = None
        if self.with_scaling:
            spread = third - first
            self.scale_ = np.where(spread < 10 * np.finfo(X.dtype).eps, 1.0, spread)
            if self.unit_variance:
                self.scale_ = self.scale_ / (ndtri(high / 100) - ndtri(low / 100))
        return self

    def transform(self, X: Any) -> Any:
        """(x - median) / range, in the layout and float type of `X`."""
        check_is_fitted(self)
        given = X
        X = rows(self, X, sparse=("csr", "csc"), nan=True, finite=False)
        if sp.issparse(X):
            return X if self.scale_ is None else scale_sparse(X, 1 / self.scale_, copy=self.copy)
        copy = self.copy or X is not given
        out, finite = subtract_divide(X, self.center_, self.scale_, copy=copy)
        if not finite:
            refuse_infinite(self, given)
        return out

    def inverse_transform(self, X: Any) -> Any:
        """x range + median."""
        check_is_fitted(self)
        given = X
        X = rows(self, X, sparse=("csr", "csc"), nan=True, finite=False)
        if sp.issparse(X):
            return X if self.scale_ is None else scale_sparse(X, self.scale_, copy=self.copy)
        copy = self.copy or X is not given
        out, finite = multiply_shift(X, self.scale_, self.center_, copy=copy)
        if not finite:
            refuse_infinite(self, given)
        return out

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.sparse = not self.with_centering
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
