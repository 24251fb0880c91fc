"""Columns that say which values were missing."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse as sp
from sklearn.base import TransformerMixin
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted, validate_data

from ..core.estimator import Estimator
from .missing import is_nan, missing_mask, refuse_missing_zero, refuse_mixed_kinds


class MissingIndicator(TransformerMixin, Estimator):
    """Binary columns: true where the input is missing.

    Parameters
    ----------
    missing_values : default=nan
        NaN counts None and pandas.NA as missing too.
    features : {"missing-only", "all"}, default="missing-only"
        Columns with a missing value in `fit`, or all.
    sparse : bool or "auto", default="auto"
        Kind of the output; "auto" follows the input.
    error_on_new : bool, default=True
        Whether `transform` refuses missing values in columns that had none in `fit`.

    Attributes
    ----------
    features_ : ndarray of shape (n_features_out,)
        Columns that have an indicator.

    Examples
    --------
    >>> X = np.array([[np.nan, 1.0], [4.0, 0.0]])
    >>> MissingIndicator().fit_transform(X)
    array([[ True],
           [False]])
    """

    def __init__(
        self,
        *,
        missing_values: Any = np.nan,
        features: str = "missing-only",
        sparse: bool | str = "auto",
        error_on_new: bool = True,
    ) -> None:
        self.missing_values = missing_values
        self.features = features
        self.sparse = sparse
        self.error_on_new = error_on_new

    def fit(self, X: Any, y: Any = None) -> MissingIndicator:
        """Find the columns with missing values."""
        self._learn(self._mask(X, fitting=True))
        return self

    def fit_transform(self, X: Any, y: Any = None, **params: Any) -> Any:
        """`fit` and `transform` with one look at `X`."""
        mask = self._mask(X, fitting=True)
        self._learn(mask)
        return self._output(mask)

    def transform(self, X: Any) -> Any:
        """The indicators of new rows."""
        check_is_fitted(self)
        mask = self._mask(X, fitting=False)
        if self.features == "missing-only" and self.error_on_new:
            with_missing = np.flatnonzero(np.asarray(mask.sum(axis=0)).ravel())
            new = np.setdiff1d(with_missing, self.features_)
            if new.size:
                raise ValueError(
                    f"The features {new} have missing values in transform but have no missing "
                    "values in fit."
                )
        return self._output(mask)

    def _mask(self, X: Any, *, fitting: bool) -> Any:
        if self.features not in ("missing-only", "all"):
            raise ValueError(f"features must be 'missing-only' or 'all', got {self.features!r}")
        X = validate_data(
            self,
            X,
            reset=fitting,
            accept_sparse=("csc", "csr"),
            dtype=None,
            ensure_all_finite="allow-nan" if is_nan(self.missing_values) else True,
        )
        refuse_mixed_kinds(X, self.missing_values)
        if X.dtype.kind not in "iufO":
            raise ValueError(
                f"MissingIndicator does not support data with dtype {X.dtype}. Please provide "
                "either a numeric array (with a floating point or integer dtype) or categorical "
                "data represented either as an array with integer dtype or an array of string "
                "values with an object dtype."
            )
        if sp.issparse(X):
            refuse_missing_zero(X, self.missing_values)
            mask = X.copy()
            mask.data = missing_mask(X.data, self.missing_values)
            mask.eliminate_zeros()
            return mask
        return missing_mask(X, self.missing_values)

    def _learn(self, mask: Any) -> None:
        self.features_ = np.arange(mask.shape[1])
        if self.features == "missing-only":
            self.features_ = np.flatnonzero(np.asarray(mask.sum(axis=0)).ravel())

    def _output(self, mask: Any) -> Any:
        if len(self.features_) < mask.shape[1]:
            mask = mask[:, self.features_]
        if self.sparse is True:
            return sp.csc_matrix(mask) if not sp.issparse(mask) else mask.tocsc()
        if self.sparse is False and sp.issparse(mask):
            return mask.toarray()
        return mask

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """``missingindicator_name`` for every indicator."""
        check_is_fitted(self)
        names = _check_feature_names_in(self, input_features)
        return np.array([f"missingindicator_{names[j]}" for j in self.features_], dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.sparse = True
        tags.transformer_tags.preserves_dtype = []
        return tags
