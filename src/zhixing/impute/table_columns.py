"""Tables of any kind as named columns, each with its own type."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import check_array


def named_columns(X: Any) -> list[tuple[str, np.ndarray]]:
    """Names and columns of a frame or an array."""
    if hasattr(X, "get_columns"):
        return [(c.name, _plain(c.to_numpy())) for c in X.get_columns()]
    if hasattr(X, "iloc"):
        return [(str(X.columns[j]), _series(X.iloc[:, j])) for j in range(X.shape[1])]
    array = np.asarray(X) if hasattr(X, "dtype") else np.asarray(X, dtype=_dtype(X))
    if array.ndim != 2:
        raise ValueError(f"Expected 2D array, got {array.ndim}D array instead.")
    return [(f"x{j}", _plain(array[:, j])) for j in range(array.shape[1])]


def refuse_dates(columns: list[tuple[str, np.ndarray]]) -> None:
    """Dates are neither numbers to regress on nor categories."""
    for name, column in columns:
        if column.dtype.kind in "mM":
            raise ValueError(
                f"column {name!r} holds dates; turn it into numbers first (preprocessing.DateParts)"
            )


def _series(column: Any) -> np.ndarray:
    """A pandas column; numbers that may be missing become floats."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    if is_numeric_dtype(column.dtype) and not is_bool_dtype(column.dtype):
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    return _plain(column.to_numpy())


def _plain(values: np.ndarray) -> np.ndarray:
    """Objects that are all numbers as floats, other objects as they are."""
    if values.dtype.kind != "O":
        return values
    try:
        if any(isinstance(v, str) for v in values.tolist()):
            return values
        return values.astype(np.float64)
    except (TypeError, ValueError):
        return values


def _dtype(X: Any) -> Any:
    return object if any(isinstance(v, str) for row in X for v in row) else None


def as_table(X: Any) -> np.ndarray:
    """`X` as a two-dimensional array, lists with strings as objects."""
    if not hasattr(X, "dtype") and isinstance(X, list | tuple):
        strings = any(isinstance(v, str) for row in X if isinstance(row, list | tuple) for v in row)
        return check_array(X, dtype=object if strings else None, ensure_all_finite=False)
    return check_array(X, dtype=None, ensure_all_finite=False)
