"""Fill missing values with one statistic per column."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse as sp
from sklearn.base import TransformerMixin
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted, validate_data

from ..core.estimator import Estimator
from ..core.parallel import each, slices
from ..core.validation import few_objects, rows
from ..rounds.moments import moments
from .missing import is_nan, missing_mask, refuse_missing_zero, refuse_mixed_kinds
from .missing_indicator import MissingIndicator

_STRATEGIES = ("mean", "median", "most_frequent", "constant")


class SimpleImputer(TransformerMixin, Estimator):
    """Fill missing values by column with its mean, median, most frequent value or a constant.

    Parameters
    ----------
    missing_values : default=nan
        NaN counts None and pandas.NA as missing too.
    strategy : {"mean", "median", "most_frequent", "constant"} or callable, default="mean"
        The last two take strings and objects; a callable maps the known values of a column to one.
        Of several most frequent values the smallest is taken.
    fill_value : default=None
        The constant; None is 0 for numbers and "missing_value" for others.
    copy : bool, default=True
        False fills a float array in place where it can.
    add_indicator : bool, default=False
        Append a `MissingIndicator` of the columns that had missing values in `fit`.
    keep_empty_features : bool, default=False
        Whether a column without known values is kept (filled with 0, or the constant).

    Attributes
    ----------
    statistics_ : ndarray of shape (n_features,)
        NaN for a column without known values that will be dropped.
    indicator_ : MissingIndicator or None

    Notes
    -----
    Means in one pass over memory, medians by partition, columns in threads: O(n p).
    Differs from scikit-learn in taking None for missing in object columns when `missing_values` is
    NaN (frames of text hold both), and in float64 statistics for float32 input.

    Examples
    --------
    >>> imputer = SimpleImputer(strategy="median").fit([[7.0, 2.0], [4.0, np.nan], [10.0, 5.0]])
    >>> imputer.transform([[np.nan, np.nan]])
    array([[7. , 3.5]])
    """

    def __init__(
        self,
        *,
        missing_values: Any = np.nan,
        strategy: str | Callable[[np.ndarray], Any] = "mean",
        fill_value: Any = None,
        copy: bool = True,
        add_indicator: bool = False,
        keep_empty_features: bool = False,
    ) -> None:
        self.missing_values = missing_values
        self.strategy = strategy
        self.fill_value = fill_value
        self.copy = copy
        self.add_indicator = add_indicator
        self.keep_empty_features = keep_empty_features

    def fit(self, X: Any, y: Any = None) -> SimpleImputer:
        """Learn the statistic of every column."""
        if not callable(self.strategy) and self.strategy not in _STRATEGIES:
            raise ValueError(
                f"strategy must be one of {_STRATEGIES} or a callable, got {self.strategy!r}"
            )
        X = self._checked(X, fitting=True)
        self._fill_dtype = X.dtype
        self.indicator_ = None
        if sp.issparse(X):
            mask = X.copy()
            mask.data = missing_mask(X.data, self.missing_values)
            mask.eliminate_zeros()
            self.statistics_ = np.array(self._sparse_statistics(X), dtype=np.float64)
        else:
            simple = self.strategy == "mean" and is_nan(self.missing_values)
            mask = None
            if not simple or self.add_indicator:
                mask = missing_mask(X, self.missing_values)
            self.statistics_ = self._dense_statistics(X, mask)
        if self.add_indicator:
            self.indicator_ = MissingIndicator(
                missing_values=self.missing_values, error_on_new=False
            )
            self.indicator_.n_features_in_ = X.shape[1]
            self.indicator_._learn(mask)
        return self

    def _checked(self, X: Any, *, fitting: bool) -> Any:
        numeric = callable(self.strategy) or self.strategy in ("mean", "median")
        if numeric and is_nan(self.missing_values) and (fitting or self._fill_dtype.kind == "f"):
            try:
                return rows(self, X, fitting=fitting, sparse=("csc",), nan=True)
            except ValueError as error:
                if "could not convert" in str(error):
                    raise ValueError(
                        f"Cannot use {self.strategy} strategy with non-numeric data:\n{error}"
                    ) from None
                raise
        if not fitting and self._fill_dtype.kind == "O" and is_nan(self.missing_values):
            few = few_objects(self, X)
            if few is not None:
                return few
        dtype: Any = None
        if numeric:
            dtype = (np.float64, np.float32)
        elif isinstance(X, list) and any(isinstance(v, str) for row in X for v in row):
            dtype = object
        if not fitting and self._fill_dtype.kind == "O":
            dtype = object
        X = validate_data(
            self,
            X,
            reset=fitting,
            accept_sparse="csc",
            dtype=dtype,
            ensure_all_finite="allow-nan" if is_nan(self.missing_values) else True,
        )
        refuse_mixed_kinds(X, self.missing_values)
        refuse_missing_zero(X, self.missing_values)
        if X.dtype.kind not in "iufO":
            raise ValueError(
                f"SimpleImputer does not support data with dtype {X.dtype}. Please provide either "
                "a numeric array (with a floating point or integer dtype) or categorical data "
                "represented either as an array with integer dtype or an array of string values "
                "with an object dtype."
            )
        if self.strategy == "constant":
            self._check_constant(X, fitting)
        return X

    def _check_constant(self, X: Any, fitting: bool) -> None:
        if fitting and self.fill_value is not None:
            kind: Any = type(self.fill_value)
            message = (
                f"fill_value={self.fill_value!r} (of type {kind!r}) cannot be cast to the input "
                f"data that is {X.dtype!r}. If fill_value is a Python scalar, instead pass  a "
                "numpy scalar (e.g. fill_value=np.uint8(0) if your data is of type np.uint8). "
                "Make sure that both dtypes are of the same kind."
            )
        elif not fitting:
            kind = self._fill_dtype
            message = (
                f"The dtype of the filling value (i.e. {kind!r}) cannot be cast to the input data "
                f"that is {X.dtype!r}. Make sure that the dtypes of the input data are of the same "
                "kind between fit and transform."
            )
        else:
            return
        if not np.can_cast(kind, X.dtype, casting="same_kind"):
            raise ValueError(message)

    def _constant(self, dtype: np.dtype) -> Any:
        if self.fill_value is not None:
            return self.fill_value
        return 0 if dtype.kind in "iuf" else "missing_value"

    def _dense_statistics(self, X: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
        n, p = X.shape
        if mask is None:
            found = moments(X)
            return np.where(
                found.weight > 0, found.mean, 0.0 if self.keep_empty_features else np.nan
            )
        empty = np.asarray(mask.all(axis=0))
        if self.strategy == "constant":
            out = np.full(p, self._constant(X.dtype), dtype=object)
            if not self.keep_empty_features:
                out[empty] = np.nan
            return out
        out = np.empty(p, dtype=object if X.dtype.kind == "O" else np.float64)

        def statistic(j: int) -> Any:
            if empty[j]:
                return 0 if self.keep_empty_features else np.nan
            return self._statistic(X[~mask[:, j], j])

        # A user's function may not bear threads.
        columns = range(p)
        out[:] = (
            [statistic(j) for j in columns] if callable(self.strategy) else each(statistic, columns)
        )
        return out

    def _statistic(self, known: np.ndarray) -> Any:
        if callable(self.strategy):
            return self.strategy(known)
        if self.strategy == "mean":
            return known.mean(dtype=np.float64)
        if self.strategy == "median":
            return float(np.median(known))
        return most_frequent(known)

    def _sparse_statistics(self, X: Any) -> list[Any]:
        out: list[Any] = []
        for j in range(X.shape[1]):
            stored = X.data[X.indptr[j] : X.indptr[j + 1]]
            mask = missing_mask(stored, self.missing_values)
            known = stored[~mask]
            zeros = X.shape[0] - stored.size
            if self.strategy == "constant":
                drop = mask.all() and not zeros and not self.keep_empty_features
                out.append(np.nan if drop else self._constant(X.dtype))
            elif known.size + zeros == 0:
                out.append(0 if self.keep_empty_features else np.nan)
            elif callable(self.strategy):
                out.append(self.strategy(known[known != 0]))
            elif self.strategy == "mean":
                out.append(known.sum(dtype=np.float64) / (known.size + zeros))
            elif self.strategy == "median":
                out.append(_median_with_zeros(known, zeros))
            else:
                out.append(_most_frequent_with_zeros(known, zeros))
        return out

    def transform(self, X: Any) -> Any:
        """`X` with its missing values filled."""
        check_is_fitted(self)
        given = X
        X = self._checked(X, fitting=False)
        mask = None
        if self.indicator_ is not None:
            if sp.issparse(X):
                mask = X.copy()
                mask.data = missing_mask(X.data, self.missing_values)
                mask.eliminate_zeros()
            else:
                mask = missing_mask(X, self.missing_values)
        values, keep = self._values()
        if keep is not None:
            X = X[:, keep]
        fresh = self.copy or keep is not None or (mask is not None and not sp.issparse(X))
        if sp.issparse(X):
            X = X.copy() if X is given else X
            holes = missing_mask(X.data, self.missing_values)
            columns = np.repeat(np.arange(X.shape[1]), np.diff(X.indptr))[holes]
            X.data[holes] = values[columns]
        else:
            in_place = not fresh and X.flags.writeable
            X = _filled(X, values, self.missing_values, X if in_place else None)
        if mask is None:
            return X
        indicator: Any = self.indicator_
        extra = indicator._output(mask)
        if sp.issparse(X):
            return sp.hstack([X, extra]).asformat("csr")
        return np.hstack([X, extra])

    def _values(self) -> tuple[np.ndarray, np.ndarray | None]:
        """Fill values, and the columns to keep (None for all)."""
        statistics = self.statistics_
        if self.keep_empty_features:
            return statistics.astype(self._fill_dtype, copy=False), None
        if statistics.dtype.kind == "f":
            if np.isfinite(statistics).all():
                return statistics.astype(self._fill_dtype, copy=False), None
        dropped = np.array([is_nan(v) for v in statistics.tolist()], dtype=bool)
        if not dropped.any():
            return statistics.astype(self._fill_dtype, copy=False), None
        names = getattr(self, "feature_names_in_", np.arange(len(statistics)))
        warnings.warn(
            f"Skipping features without any observed values: {names[dropped]}. At least one "
            f"non-missing value is needed for imputation with strategy='{self.strategy}'.",
            stacklevel=3,
        )
        keep = np.flatnonzero(~dropped)
        return statistics[keep].astype(self._fill_dtype, copy=False), keep

    def inverse_transform(self, X: Any) -> np.ndarray:
        """Put the missing values back, where `add_indicator` kept them."""
        check_is_fitted(self)
        if self.indicator_ is None:
            raise ValueError(
                "'inverse_transform' works only when 'SimpleImputer' is instantiated with "
                f"'add_indicator=True'. Got 'add_indicator={self.add_indicator}' instead."
            )
        X = np.asarray(X)
        width = X.shape[1] - len(self.indicator_.features_)
        mask = np.zeros((X.shape[0], len(self.statistics_)), bool)
        mask[:, self.indicator_.features_] = X[:, width:].astype(bool)
        kept = [not is_nan(v) or self.keep_empty_features for v in self.statistics_.tolist()]
        out = np.zeros(mask.shape, dtype=object if X.dtype.kind == "O" else np.float64)
        out[:, kept] = X[:, :width]
        out[mask] = self.missing_values
        return out

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the columns kept, then of the indicators."""
        check_is_fitted(self)
        names = _check_feature_names_in(self, input_features)
        dropped = np.array([is_nan(v) for v in self.statistics_.tolist()], dtype=bool)
        kept = names if self.keep_empty_features else names[~dropped]
        if self.indicator_ is None:
            return kept
        return np.concatenate([kept, self.indicator_.get_feature_names_out(names)])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.string = self.strategy in ("most_frequent", "constant")
        tags.input_tags.allow_nan = is_nan(self.missing_values)
        return tags


def most_frequent(values: np.ndarray) -> Any:
    """The most frequent value, the smallest of several.

    >>> most_frequent(np.array(["b", "a", "b", "a", "c"], object))
    'a'
    """
    if values.dtype.kind == "O":
        try:
            counts = Counter(values.tolist())
        except TypeError as error:
            raise TypeError(f"every argument must be a string or a number: {error}") from None
        most = max(counts.values())
        tied = [v for v, count in counts.items() if count == most]
        return tied[0] if len(tied) == 1 else min(tied, key=lambda v: (str(type(v)), v))
    distinct, counts = np.unique(values, return_counts=True)
    return distinct[counts.argmax()]


def _median_with_zeros(known: np.ndarray, zeros: int) -> float:
    total = known.size + zeros
    ordered = np.sort(known)
    below = int((ordered < 0).sum())

    def at(rank: int) -> float:
        if rank < below:
            return float(ordered[rank])
        return 0.0 if rank < below + zeros else float(ordered[rank - zeros])

    return (at((total - 1) // 2) + at(total // 2)) / 2


def _most_frequent_with_zeros(known: np.ndarray, zeros: int) -> Any:
    zeros += int((known == 0).sum())
    distinct, counts = np.unique(known[known != 0], return_counts=True)
    if not distinct.size or zeros > counts.max():
        return 0
    best = distinct[counts.argmax()]
    return min(best, 0) if counts.max() == zeros else best


def _filled(
    X: np.ndarray, values: np.ndarray, missing_values: Any, out: np.ndarray | None
) -> np.ndarray:
    """`X` with `values` where it is missing, in one pass over cached pieces."""
    out = np.empty_like(X) if out is None else out
    by_column = X.flags.f_contiguous and not X.flags.c_contiguous

    def fill(piece: Any) -> None:
        source = X[piece]
        fills = values[piece[1]] if by_column else values
        if out is not X:
            out[piece] = source
        np.copyto(out[piece], fills, where=missing_mask(source, missing_values))

    n, p = X.shape
    if by_column:
        each(fill, [(s, j) for j in range(p) for s in slices(n, 2**16)])
    else:
        each(fill, slices(n, max(1, 2**16 // max(p, 1))))
    return out
