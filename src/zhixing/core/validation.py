"""Rows checked by the short way where nothing needs saying, by scikit-learn's way otherwise.

``validate_data`` costs 60 to 300 microseconds a call, more than the work on one row.  A plain float
array (or a frame of floats with the fitted names) of the right width needs none of it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import sparse as sp
from sklearn.utils.validation import check_array, validate_data

FLOATS = (np.float64, np.float32)


def rows(
    estimator: Any,
    X: Any,
    *,
    fitting: bool = False,
    sparse: tuple[str, ...] = (),
    nan: bool = False,
    finite: bool = True,
    min_rows: int = 1,
) -> Any:
    """`X` as a float32 or float64 matrix, as ``validate_data`` returns it, never copied if it is one.

    `nan` admits NaN; ``finite=False`` leaves infinities to the caller, who meets them anyway and
    then calls `refuse_infinite`.
    """
    if not fitting:
        short = _short_way(estimator, X)
        if short is not None and (not finite or _all_finite(short, nan)):
            return short
    return validate_data(
        estimator,
        X,
        reset=fitting,
        accept_sparse=sparse or False,
        dtype=FLOATS,
        ensure_all_finite=("allow-nan" if nan else True) if finite or sp.issparse(X) else False,
        ensure_min_samples=min_rows,
    )


def refuse_infinite(estimator: Any, X: Any, *, nan: bool = True) -> None:
    """Raise scikit-learn's message if `X` holds an infinity (or NaN, unless admitted)."""
    check_array(
        X,
        dtype=None,
        accept_sparse=True,
        ensure_all_finite="allow-nan" if nan else True,
        estimator=estimator,
        input_name="X",
    )


def few_objects(estimator: Any, X: Any, most: int = 32) -> np.ndarray | None:
    """A small fitted table as an array of objects by the short way; None where it is not one."""
    names = getattr(estimator, "feature_names_in_", None)
    width = getattr(estimator, "n_features_in_", -1)
    if type(X) is np.ndarray:
        plain = names is None and X.dtype.kind == "O" and X.ndim == 2 and X.shape[1] == width
        return X if plain and 0 < len(X) <= most else None
    columns = getattr(X, "columns", None)
    if names is None or columns is None or not 0 < len(X) <= most:
        return None
    if len(columns) != len(names) or list(columns) != names.tolist():
        return None
    if hasattr(X, "iloc"):
        return X.to_numpy(dtype=object)
    if hasattr(X, "rows"):
        out = np.empty((len(X), width), object)
        out[:] = X.rows()
        return out
    return None


def _short_way(estimator: Any, X: Any) -> np.ndarray | None:
    names = getattr(estimator, "feature_names_in_", None)
    if type(X) is not np.ndarray:
        columns = getattr(X, "columns", None)
        if names is None or columns is None or not hasattr(X, "to_numpy"):
            return None
        if len(columns) != len(names) or list(columns) != names.tolist():
            return None
        X = X.to_numpy()
    elif names is not None:
        return None  # fitted with names, called without: scikit-learn has a warning for it
    if X.dtype.char not in "df" or X.ndim != 2 or not X.size:
        return None
    return X if X.shape[1] == getattr(estimator, "n_features_in_", -1) else None


def _all_finite(X: np.ndarray, nan: bool) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        total = float(X.sum())
    if math.isfinite(total):
        return True
    return nan and total != total and not np.isinf(X).any()
