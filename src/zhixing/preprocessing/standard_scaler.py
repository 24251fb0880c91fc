"""Mean zero and standard deviation one."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse as sp
from sklearn.base import OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from ..core.estimator import Estimator
from ..core.validation import refuse_infinite, rows
from ..rounds.moments import Moments, moments
from .affine import multiply_shift, scale_sparse, subtract_divide


class StandardScaler(OneToOneFeatureMixin, TransformerMixin, Estimator):
    """Standardise every column: z = (x - mean) / standard deviation.

    Mean and variance (divided by n, not n - 1) are those of the values that are not NaN, weighted
    where weights are given.  NaN passes through; a constant column is shifted only.

    Parameters
    ----------
    copy : bool, default=True
        False scales a float array in place where it can.
    with_mean, with_std : bool, default=True
        Whether to shift, whether to divide.  Sparse input needs ``with_mean=False``.

    Attributes
    ----------
    mean_, var_, scale_ : ndarray of shape (n_features,) or None
    n_samples_seen_ : int, float or ndarray of shape (n_features,)
        Rows (or weight) seen; by column where some values are missing.

    Notes
    -----
    One pass over memory: blocks that fit the cache are read twice and merged (Chan, Golub and
    LeVeque 1983, eq. 2.1), so `partial_fit` over chunks agrees with one `fit` to rounding error.
    The result does not depend on the number of threads.  O(n p) time, no copy of X.
    From scikit-learn it differs in float32 input only: its statistics are float64 here as well, and
    so is `n_samples_seen_` for weighted data.

    Examples
    --------
    >>> scaler = StandardScaler().fit([[0.0, 0.0], [0.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    >>> scaler.mean_, scaler.transform([[2.0, 2.0]])
    (array([0.5, 0.5]), array([[3., 3.]]))
    """

    def __init__(self, *, copy: bool = True, with_mean: bool = True, with_std: bool = True) -> None:
        self.copy = copy
        self.with_mean = with_mean
        self.with_std = with_std

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> StandardScaler:
        """Learn mean and scale of every column."""
        for name in ("mean_", "var_", "scale_", "n_samples_seen_"):
            if hasattr(self, name):
                delattr(self, name)
        return self.partial_fit(X, y, sample_weight)

    def partial_fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> StandardScaler:
        """Merge the rows of one more chunk into mean and scale."""
        first = not hasattr(self, "n_samples_seen_")
        given = X
        X = rows(self, X, fitting=first, sparse=("csr", "csc"), nan=True, finite=False)
        if sp.issparse(X) and self.with_mean:
            raise ValueError(
                "Cannot center sparse matrices: pass `with_mean=False` instead. See docstring for "
                "motivation and alternatives."
            )
        weight = None
        if sample_weight is not None:
            weight = _check_sample_weight(
                sample_weight, X, dtype=np.float64, ensure_non_negative=True
            )
        new = moments(X, weight)
        if not (np.isfinite(new.mean).all() and np.isfinite(new.squares).all()):
            refuse_infinite(self, given)
        if not first:
            new = self._seen(X.shape[1]).merge(new)
        self._keep(new, weighted=weight is not None)
        return self

    def _seen(self, p: int) -> Moments:
        weight = np.broadcast_to(np.asarray(self.n_samples_seen_, dtype=np.float64), p)
        if self.mean_ is None:
            return Moments(weight, np.zeros(p), np.zeros(p))
        squares = np.zeros(p) if self.var_ is None else self.var_ * weight
        return Moments(weight, self.mean_, squares)

    def _keep(self, seen: Moments, weighted: bool) -> None:
        count = seen.weight
        if not weighted and np.array_equal(count, np.rint(count)):
            count = count.astype(np.int64)
        self.n_samples_seen_ = count[0] if count.min() == count.max() else count
        mean = np.where(seen.weight > 0, seen.mean, np.nan)
        self.mean_ = mean if self.with_mean or self.with_std else None
        variance = seen.variance
        self.var_ = variance if self.with_std else None
        self.scale_ = None
        if self.with_std:
            # Below the error bound of the two-pass algorithm a column counts as constant.
            eps = np.finfo(np.float64).eps
            bound = seen.weight * eps * variance + (seen.weight * mean * eps) ** 2
            self.scale_ = np.where(variance <= bound, 1.0, np.sqrt(variance))

    def transform(self, X: Any, copy: bool | None = None) -> Any:
        """(X - mean) / scale, in the layout and float type of `X`."""
        check_is_fitted(self)
        given, copy = X, self.copy if copy is None else copy
        X = rows(self, X, sparse=("csr", "csc"), nan=True, finite=False)
        if sp.issparse(X):
            if self.with_mean:
                raise ValueError("Cannot center sparse matrices: pass `with_mean=False` instead.")
            return X if self.scale_ is None else scale_sparse(X, 1 / self.scale_, copy=copy)
        shift = self.mean_ if self.with_mean else None
        out, finite = subtract_divide(X, shift, self.scale_, copy=copy or X is not given)
        if not finite:
            refuse_infinite(self, given)
        return out

    def inverse_transform(self, X: Any, copy: bool | None = None) -> Any:
        """X scale + mean."""
        check_is_fitted(self)
        given, copy = X, self.copy if copy is None else copy
        X = rows(self, X, sparse=("csr", "csc"), nan=True, finite=False)
        if sp.issparse(X):
            if self.with_mean:
                raise ValueError("Cannot uncenter sparse matrices: pass `with_mean=False` instead.")
            return X if self.scale_ is None else scale_sparse(X, self.scale_, copy=copy)
        shift = self.mean_ if self.with_mean else None
        out, finite = multiply_shift(X, self.scale_, shift, copy=copy or X is not given)
        if not finite:
            refuse_infinite(self, given)
        return out

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.sparse = not self.with_mean
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
