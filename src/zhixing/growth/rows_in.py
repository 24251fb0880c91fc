"""Tables in, as trees take them: floats with NaN for missing values, categories as numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import _check_feature_names, _check_n_features, validate_data

from ..core.validation import FLOATS


def columns_of(X: Any) -> dict[str, Any] | None:
    """The columns of a pandas or polars frame by name, or None for an array."""
    if hasattr(X, "get_columns"):  # polars
        return {c.name: c for c in X.get_columns()}
    if hasattr(X, "iloc") and hasattr(X, "columns"):
        return {name: X.iloc[:, j] for j, name in enumerate(X.columns)}
    return None


def is_category(column: Any) -> bool:
    """Whether a frame says that a column holds categories: its type is category, enum or text."""
    name = str(column.dtype).lower()
    return name.startswith(("category", "categorical", "enum", "str", "object", "bool"))


def category_codes(column: Any, known: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of a column's categories among the `known` (by default its own, sorted); NaN for others."""
    values = np.asarray(column.to_numpy() if hasattr(column, "to_numpy") else column, dtype=object)
    absent = np.array([v is None or v != v for v in values], bool)
    words = np.where(absent, "", values.astype(str))
    if known is None:
        known = np.unique(words[~absent])
    places = np.searchsorted(known, words)
    places[places == len(known)] = 0
    found = ~absent & (known[places] == words if len(known) else False)
    return np.where(found, places, np.nan), known


def which_categorical(estimator: Any, X: Any, asked: Any) -> np.ndarray | None:
    """A mask of categorical features from a mask, places, names, ``"from_dtype"`` or None."""
    frame = columns_of(X)
    p = X.shape[1]
    if asked is None or (isinstance(asked, str) and asked == "from_dtype" and frame is None):
        return None
    if isinstance(asked, str):
        if asked != "from_dtype":
            raise ValueError(
                f"categorical_features={asked!r} is neither 'from_dtype' nor a list of features"
            )
        return np.array([is_category(c) for c in frame.values()])  # type: ignore[union-attr]
    asked = np.asarray(asked)
    if asked.size == 0:
        return None
    mask = np.zeros(p, bool)
    if asked.dtype == bool:
        if len(asked) != p:
            raise ValueError(f"categorical_features is a mask of {len(asked)} features; X has {p}")
        return asked
    if asked.dtype.kind in "iu":
        if asked.max() >= p or asked.min() < 0:
            raise ValueError(f"categorical_features names feature {asked.max()}; X has {p}")
        mask[asked] = True
        return mask
    if frame is None:
        raise ValueError("categorical_features names columns, so X must be a frame")
    names = list(frame)
    for name in asked:
        if name not in names:
            raise ValueError(f"categorical_features names {name!r}, which is no column of X")
        mask[names.index(name)] = True
    return mask


def rows_for_fit(estimator: Any, X: Any, y: Any, asked: Any, **options: Any) -> tuple[Any, Any]:
    """X as floats and y, checked; keeps `is_categorical_` and the categories of a frame's columns."""
    if not hasattr(X, "shape") and asked is not None and not isinstance(asked, str):
        X = np.asarray(X)
    frame = columns_of(X)
    mask = which_categorical(estimator, X, asked) if len(getattr(X, "shape", ())) == 2 else None
    estimator._categories = {}
    if frame is not None and mask is not None and mask.any():
        _check_feature_names(estimator, X, reset=True)
        _check_n_features(estimator, X, reset=True)
        matrix = _matrix(estimator, frame, mask, learn=True)
        names = getattr(estimator, "feature_names_in_", None)
        matrix, y = validate_data(
            estimator, matrix, y, dtype=list(FLOATS), ensure_all_finite=False, **options
        )
        if names is not None:
            estimator.feature_names_in_ = names
        X = matrix
    else:
        X, y = validate_data(
            estimator, X, y, dtype=list(FLOATS), ensure_all_finite=False, **options
        )
    estimator.is_categorical_ = mask
    return X, y


def rows_for_predict(estimator: Any, X: Any, **options: Any) -> Any:
    """X as floats, the categories numbered as in training."""
    if (
        type(X) is np.ndarray
        and X.dtype in FLOATS
        and X.ndim == 2
        and X.shape[1] == estimator.n_features_in_
        and len(X)
        and not hasattr(estimator, "feature_names_in_")
    ):
        return X
    frame = columns_of(X)
    if frame is not None and estimator._categories:
        _check_feature_names(estimator, X, reset=False)
        _check_n_features(estimator, X, reset=False)
        return _matrix(estimator, frame, estimator.is_categorical_, learn=False)
    return validate_data(
        estimator, X, dtype=list(FLOATS), ensure_all_finite=False, reset=False, **options
    )


def _matrix(estimator: Any, frame: dict[str, Any], mask: np.ndarray, learn: bool) -> np.ndarray:
    out = np.empty((len(next(iter(frame.values()))), len(frame)))
    for j, (name, column) in enumerate(frame.items()):
        if mask[j]:
            known = None if learn else estimator._categories[j]
            out[:, j], known = category_codes(column, known)
            if learn:
                estimator._categories[j] = known
        else:
            try:
                values = column.to_numpy()
                out[:, j] = np.asarray(values, dtype=np.float64)
            except (TypeError, ValueError) as reason:
                raise ValueError(
                    f"column {name!r} is not numeric ({reason}); name it in categorical_features"
                ) from None
    return out
