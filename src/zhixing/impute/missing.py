"""Which entries are missing."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse as sp


def is_nan(value: Any) -> bool:
    """NaN or pandas.NA as a single value.

    >>> is_nan(float("nan")), is_nan(None), is_nan(0)
    (True, False, False)
    """
    if value is None or isinstance(value, str | bytes):
        return False
    try:
        return bool(value != value)
    except TypeError:  # pandas.NA refuses to be a truth value
        return True
    except ValueError:
        return False


def missing_mask(X: Any, missing_values: Any = np.nan) -> np.ndarray:
    """Boolean mask of a dense array; NaN stands for None, pandas.NA and NaT as well.

    >>> missing_mask(np.array([[1.0, np.nan]])), missing_mask(np.array([["a", None]], object))
    (array([[False,  True]]), array([[False,  True]]))
    """
    if is_nan(missing_values):
        if X.dtype.kind in "fc":
            return np.isnan(X)
        if X.dtype.kind in "mM":
            return np.isnat(X)
        if X.dtype.kind != "O":
            return np.zeros(X.shape, bool)
        return _missing_objects(X)
    if missing_values is None and X.dtype.kind != "O":
        return np.zeros(X.shape, bool)
    return np.asarray(X == missing_values, dtype=bool)


def _missing_objects(X: np.ndarray) -> np.ndarray:
    nothing: Any = None
    none = np.equal(X, nothing).astype(bool)
    try:
        return none | np.not_equal(X, X).astype(bool)
    except TypeError:
        flat = [v is None or is_nan(v) for v in X.ravel().tolist()]
        return np.array(flat, dtype=bool).reshape(X.shape)


def refuse_mixed_kinds(X: Any, missing_values: Any) -> None:
    """A number cannot be missing among strings, nor a string among numbers."""
    number = isinstance(missing_values, int | float | np.number) and not is_nan(missing_values)
    if X.dtype.kind in "iuf" and isinstance(missing_values, str):
        raise ValueError(
            f"'X' and 'missing_values' types are expected to be both numerical. Got X.dtype="
            f"{X.dtype} and  type(missing_values)={type(missing_values)}."
        )
    if X.dtype.kind in "SU" and number:
        raise ValueError(
            f"'X' and 'missing_values' types are expected to be both strings. Got X.dtype={X.dtype}"
            f" and type(missing_values)={type(missing_values)}."
        )


def refuse_missing_zero(X: Any, missing_values: Any) -> None:
    if sp.issparse(X) and not is_nan(missing_values) and missing_values == 0:
        raise ValueError(
            "Imputation not possible when missing_values == 0 and input is sparse. "
            "Provide a dense array instead."
        )
