"""Rows or columns with missing values taken out, everything else kept aligned."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import (
    _check_feature_names_in,
    check_consistent_length,
    check_is_fitted,
    validate_data,
)

from ..core.errors import InputError
from ..core.estimator import Estimator
from .missing import missing_mask


class Dropped(NamedTuple):
    """What is left, and which rows and columns of the input it is."""

    X: Any
    y: Any
    sample_weight: Any
    rows: np.ndarray
    columns: np.ndarray


def _by_columns(estimator: DropMissing) -> bool:
    if estimator.axis != "columns":
        raise AttributeError(
            "transform must not change the number of rows; use drop(X, y, sample_weight)"
        )
    return True


class DropMissing(Estimator):
    """Drop the rows, or the columns, whose share of missing values exceeds a limit.

    Parameters
    ----------
    axis : {"rows", "columns"}, default="rows"
    max_rate : float, default=0.0
        A row (column) is kept while its share of missing values is at most this.

    Attributes
    ----------
    rate_ : ndarray of shape (n_features,)
        Share of missing values of every column of `fit`.
    columns_ : ndarray of int
        Columns kept: all for ``axis="rows"``.
    n_dropped_ : int
        Rows or columns of `fit` over the limit.

    Notes
    -----
    `drop` keeps X, y and sample weights aligned and says which rows it kept.  Columns are chosen
    in `fit`, so new data lose the same ones; with ``axis="columns"`` it is a transformer.
    Dropping rows is unbiased only where missingness does not depend on the values (MCAR).

    Examples
    --------
    >>> X = np.array([[1.0, np.nan], [2.0, 3.0], [4.0, 5.0]])
    >>> left = DropMissing().fit(X).drop(X, y=np.array([0, 1, 1]))
    >>> left.X, left.y, left.rows
    (array([[2., 3.],
           [4., 5.]]), array([1, 1]), array([1, 2]))
    """

    def __init__(self, *, axis: str = "rows", max_rate: float = 0.0) -> None:
        self.axis = axis
        self.max_rate = max_rate

    def fit(self, X: Any, y: Any = None) -> DropMissing:
        """Measure the missing rates and choose the columns."""
        if self.axis not in ("rows", "columns"):
            raise ValueError(f"axis must be 'rows' or 'columns', got {self.axis!r}")
        if not 0 <= self.max_rate <= 1:
            raise ValueError(f"max_rate must lie between 0 and 1, got {self.max_rate}")
        mask = self._mask(X, fitting=True)
        self.rate_ = mask.mean(axis=0)
        self.columns_ = np.arange(mask.shape[1])
        if self.axis == "columns":
            self.columns_ = np.flatnonzero(self.rate_ <= self.max_rate)
            self.n_dropped_ = mask.shape[1] - len(self.columns_)
            if not len(self.columns_):
                raise InputError(
                    f"every column misses more than {100 * self.max_rate:g} % of its values",
                    do="raise max_rate",
                )
        else:
            self.n_dropped_ = int((mask.mean(axis=1) > self.max_rate).sum())
        return self

    def _mask(self, X: Any, *, fitting: bool) -> np.ndarray:
        checked = validate_data(self, X, reset=fitting, dtype=None, ensure_all_finite="allow-nan")
        return missing_mask(checked)

    def drop(self, X: Any, y: Any = None, sample_weight: Any = None) -> Dropped:
        """`X`, `y` and weights without the dropped rows or columns; frames stay frames."""
        check_is_fitted(self)
        check_consistent_length(X, y, sample_weight)
        mask = self._mask(X, fitting=False)
        rows = np.arange(len(mask))
        if self.axis == "rows":
            rows = np.flatnonzero(mask.mean(axis=1) <= self.max_rate)
        kept = _take(X, rows, self.columns_)
        return Dropped(kept, _take(y, rows), _take(sample_weight, rows), rows, self.columns_)

    @available_if(_by_columns)
    def transform(self, X: Any) -> Any:
        """`X` without the dropped columns."""
        return self.drop(X).X

    @available_if(_by_columns)
    def fit_transform(self, X: Any, y: Any = None, **params: Any) -> Any:
        """`fit` and `transform`."""
        return self.fit(X).transform(X)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the columns kept."""
        check_is_fitted(self)
        return _check_feature_names_in(self, input_features)[self.columns_]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        return tags


def _take(values: Any, rows: np.ndarray, columns: np.ndarray | None = None) -> Any:
    if values is None:
        return None
    if hasattr(values, "iloc"):
        return values.iloc[rows] if columns is None else values.iloc[rows, columns]
    if hasattr(values, "get_columns"):  # a polars frame
        return values[rows.tolist(), columns.tolist() if columns is not None else slice(None)]
    values = np.asarray(values)
    return values[rows] if columns is None else values[np.ix_(rows, columns)]
