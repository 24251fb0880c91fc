"""Tables of numbers and categories, as multiway trees read them.

Every column becomes floats: numbers themselves, categories their place among those of training.  NaN is a
value that says nothing: missing, or a category not seen in training.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import (
    _check_feature_names,
    _check_n_features,
    check_consistent_length,
    validate_data,
)

from .rows_in import columns_of, is_category, which_categorical


def columns_for_fit(estimator: Any, X: Any, y: Any, asked: Any) -> tuple[np.ndarray, Any]:
    """X as floats (n, p) and y, checked; keeps `is_categorical_` and `_categories`.

    `asked`: ``"all"``, ``"from_dtype"``, or which features are categories, as a mask, places or names.
    """
    frame = columns_of(X)
    if frame is None:
        X, y = validate_data(estimator, _plain(X), y, dtype=None, ensure_all_finite=False)
    else:
        y = validate_data(estimator, "no_validation", y)  # it forgets the names
        check_consistent_length(X, y)
        _check_feature_names(estimator, X, reset=True)
        _check_n_features(estimator, X, reset=True)
        if not X.shape[0] or not X.shape[1]:
            raise ValueError(f"Found array with shape {X.shape}; at least one value is required")
    columns = _columns(X, frame)
    if isinstance(asked, str) and asked == "all":
        mask = np.ones(len(columns), bool)
    elif isinstance(asked, str) and asked == "from_dtype":
        mask = np.array([c.dtype.kind == "O" for c in columns])
        if frame is not None:
            mask |= np.array([is_category(c) for c in frame.values()])
    else:
        named = which_categorical(estimator, X, asked)
        mask = np.zeros(len(columns), bool) if named is None else named
    estimator.is_categorical_ = mask
    estimator._categories = {}
    out = np.empty((len(columns[0]), len(columns)))
    for j, column in enumerate(columns):
        if mask[j]:
            estimator._categories[j] = _distinct(column)
            out[:, j] = _places(column, estimator._categories[j])
        else:
            out[:, j] = _numbers(column, _name(estimator, j))
    return out, y


def columns_for_predict(estimator: Any, X: Any) -> np.ndarray:
    """X as floats (n, p), categories numbered as in training."""
    frame = columns_of(X)
    if frame is None:
        X = validate_data(estimator, _plain(X), dtype=None, ensure_all_finite=False, reset=False)
    else:
        _check_feature_names(estimator, X, reset=False)
        _check_n_features(estimator, X, reset=False)
    columns = _columns(X, frame)
    out = np.empty((len(columns[0]), len(columns)))
    for j, column in enumerate(columns):
        known = estimator._categories.get(j)
        out[:, j] = (
            _numbers(column, _name(estimator, j)) if known is None else _places(column, known)
        )
    return out


def which_missing(X: Any, j: int) -> np.ndarray:
    """Which values of a column are missing, as opposed to not seen in training."""
    frame = columns_of(X)
    column = list(frame.values())[j] if frame is not None else _plain(X)[:, j]
    values = _values(np.asarray(column) if frame is None else column)
    return np.isnan(values) if values.dtype.kind == "f" else _absent(values)


def _plain(X: Any) -> Any:
    """Lists as objects, so that NumPy does not make a number beside a word a word."""
    if isinstance(X, list):
        try:
            objects = np.array(X, dtype=object)
        except ValueError:
            return X
        return objects if objects.ndim == 2 else X
    return X


def _columns(X: Any, frame: dict[str, Any] | None) -> list[np.ndarray]:
    """Each column as floats where it is one of numbers, else as objects."""
    return [_values(c) for c in (frame.values() if frame is not None else np.asarray(X).T)]


def _values(column: Any) -> np.ndarray:
    """A column as an array of floats where it is one of numbers, else of objects."""
    if getattr(column.dtype, "kind", "O") in "fiu" and isinstance(column, np.ndarray):
        return column.astype(np.float64)
    values = np.asarray(column.to_numpy() if hasattr(column, "to_numpy") else column)
    if values.dtype.kind in "fiu":
        return values.astype(np.float64)
    values = values.astype(object)
    gone = _absent(values)
    if gone.all() or not all(_is_number(v) for v in values[~gone]):
        return values
    return np.where(gone, np.nan, values).astype(np.float64)


def _absent(values: np.ndarray) -> np.ndarray:
    try:
        return ((values == None) | (values != values)).astype(bool)  # noqa: E711
    except TypeError:  # pandas' NA answers no question
        return np.array([_is_missing(v) for v in values], bool)


def _is_missing(v: Any) -> bool:
    if v is None or type(v).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(v, float | np.floating) and v != v


def _is_number(v: Any) -> bool:
    return isinstance(v, int | float | np.integer | np.floating) and not isinstance(v, bool)


def _distinct(values: np.ndarray) -> np.ndarray:
    """The sorted categories: floats where all are numbers, else words."""
    if values.dtype.kind == "f":
        _refuse_infinite(values)
        return np.unique(values[~np.isnan(values)])
    return np.unique([str(v) for v in set(values[~_absent(values)].tolist())])


def _places(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    if not len(known) or (known.dtype.kind == "f" and values.dtype.kind != "f"):
        return np.full(len(values), np.nan)
    if known.dtype.kind == "f":
        places = np.searchsorted(known, values)
        places[places == len(known)] = 0
        return np.where(known[places] == values, places, np.nan)
    absent = np.isnan(values) if values.dtype.kind == "f" else _absent(values)
    place = {word: at for at, word in enumerate(known.tolist())}
    of = {v: place.get(str(v), np.nan) for v in set(values[~absent].tolist())}
    out = np.full(len(values), np.nan)
    out[~absent] = [of[v] for v in values[~absent].tolist()]
    return out


def _numbers(values: np.ndarray, name: str) -> np.ndarray:
    if values.dtype.kind != "f":
        gone = _absent(values)
        numbers = np.full(len(values), np.nan)
        try:
            numbers[~gone] = values[~gone].astype(np.float64)
        except (TypeError, ValueError):
            raise ValueError(
                f"{name} holds {values[~gone][0]!r}, which is no number; name it in "
                "categorical_features"
            ) from None
        values = numbers
    _refuse_infinite(values)
    return values


def _refuse_infinite(values: np.ndarray) -> None:
    if np.isinf(values).any():
        raise ValueError("Input X contains infinity or a value too large for dtype('float64').")


def _name(estimator: Any, j: int) -> str:
    names = getattr(estimator, "feature_names_in_", None)
    return f"column {j if names is None else names[j]!r}"
