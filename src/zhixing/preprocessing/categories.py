"""Sorted categories of coded columns, and the category of every value of new ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from sklearn.utils.validation import validate_data

from .coding import Coded, as_columns, code_columns

_FEW_ROWS = 32  # below, Python dictionaries cost less than hashing whole columns


class Recognised(NamedTuple):
    """A column whose category indices are ``index[codes]``; -1 is no known category."""

    codes: np.ndarray
    index: np.ndarray
    unknown: list[Any]


def sorted_categories(coded: Coded) -> tuple[np.ndarray, np.ndarray]:
    """The categories in order (None, then NaN last), and the category of every value.

    The second array has one more entry, for code -1: NaN.
    """
    missing = bool((coded.codes < 0).any()) if coded.codes.size else False
    values = coded.values
    if values.dtype.kind != "O":
        if missing and values.dtype.kind in "iub":
            values = values.astype(np.float64)
        whole = np.append(values, np.nan) if missing and values.dtype.kind == "f" else values
        if missing and values.dtype.kind != "f":
            whole = np.append(values.astype(object), np.nan)
            return sorted_categories(Coded(coded.codes, whole))
        categories = np.unique(whole)
        if categories.dtype.kind == "f":
            categories = categories + categories.dtype.type(0)  # -0.0 is 0.0
        return categories, look_up(values, categories)
    distinct = {None if v is None else v for v in values.tolist()}
    known = {v for v in distinct if v is not None and not is_missing(v)}
    try:
        ordered: list[Any] = sorted(known)
    except TypeError:
        types = sorted({type(v).__qualname__ for v in distinct})
        raise TypeError(
            "Encoders require their input argument must be uniformly strings or numbers. "
            f"Got {types}"
        ) from None
    ordered += [None] if None in distinct else []
    ordered += [np.nan] if missing or len(distinct) > len(ordered) else []
    categories = np.empty(len(ordered), object)
    categories[:] = ordered
    return categories, look_up(values, categories)


def look_up(values: np.ndarray, categories: np.ndarray) -> np.ndarray:
    """Index of every value among `categories` (-1 where absent), and one more entry for NaN."""
    out = np.full(len(values) + 1, -1, np.int32)
    if len(categories) and _comparable(values.dtype.kind, categories.dtype.kind):
        at = np.minimum(np.searchsorted(categories, values), len(categories) - 1)
        same = categories[at] == values
        if is_missing(categories[-1]):
            out[-1] = len(categories) - 1
            same |= (values != values) & (at == out[-1])
        out[:-1] = np.where(same, at, -1)
        return out
    table, missing = table_of(categories)
    out[-1] = missing
    get = table.get
    out[:-1] = [missing if is_missing(v) else get(v, -1) for v in values.tolist()]
    return out


def _comparable(a: str, b: str) -> bool:
    return (a in "biuf" and b in "biuf") or (a == b and a in "mM")


def is_missing(value: Any) -> bool:
    """NaN of any kind, pandas.NA and NaT included; None is a category of its own.

    >>> is_missing(float("nan")), is_missing(None), is_missing("nan")
    (True, False, False)
    """
    try:
        return bool(value != value)
    except TypeError:  # pandas.NA refuses to be a truth value
        return True


def table_of(categories: np.ndarray) -> tuple[dict[Any, int], int]:
    """A dictionary from category to index, and the index of NaN (-1 if it is no category)."""
    listed = categories.tolist()
    missing = len(listed) - 1 if listed and is_missing(listed[-1]) else -1
    table = {v: i for i, v in enumerate(listed) if i != missing}
    return table, missing


def learn_categories(estimator: Any, X: Any, *, handle_unknown: str) -> list[Recognised]:
    """Set `categories_` (and the names and number of features) from `X` or from the user's lists."""
    columns = as_columns(X)
    validate_data(estimator, X=X, reset=True, skip_check_array=True)
    coded = code_columns(columns)
    estimator.n_features_in_ = len(coded)
    given = estimator.categories
    if isinstance(given, str):
        found = [sorted_categories(column) for column in coded]
        estimator.categories_ = [categories for categories, _ in found]
        return [Recognised(c.codes, index, []) for c, (_, index) in zip(coded, found)]
    if len(given) != len(coded):
        raise ValueError(
            "Shape mismatch: if categories is an array, it has to be of shape (n_features,)."
        )
    estimator.categories_ = [_given(cats, c, j) for j, (cats, c) in enumerate(zip(given, coded))]
    out = _recognise(coded, estimator.categories_)
    if handle_unknown == "error":
        _refuse_unknown(out, "fit")
    return out


def _given(categories: Sequence[Any], coded: Coded, j: int) -> np.ndarray:
    """The user's categories of column `j`, checked against the type of the data."""
    kind = coded.values.dtype.kind
    if kind in "OU":
        made = np.array(list(categories), dtype=object)
    else:
        made = np.array(categories, dtype=coded.values.dtype if kind != "b" else None)
    if made.dtype == object and len(made) and isinstance(made[0], bytes) and kind != "S":
        example = type(coded.values[0]).__name__ if len(coded.values) else "object"
        raise ValueError(
            f"In column {j}, the predefined categories have type 'bytes' which is incompatible "
            f"with values of type '{example}'."
        )
    missing = [is_missing(v) for v in made.tolist()]
    if any(missing[:-1]):
        raise ValueError(
            "Nan should be the last element in user provided categories, see categories "
            f"{made} in column #{j}"
        )
    if len(set(made[: len(made) - sum(missing)].tolist())) != len(made) - sum(missing):
        raise ValueError(f"In column {j}, the predefined categories contain duplicate elements.")
    if kind not in "OUS" and len(made):
        whole = made[: len(made) - sum(missing)]
        if np.any(np.sort(whole) != whole):
            raise ValueError("Unsorted categories are not supported for numerical categories")
    return made


def recognise(estimator: Any, X: Any, *, handle_unknown: str) -> list[Recognised]:
    """The category of every value of `X` by column; raises on unknown ones for ``"error"``."""
    few = _few_rows(estimator, X)
    if few is None:
        columns = as_columns(X)
        validate_data(estimator, X=X, reset=False, skip_check_array=True)
        few = _recognise(code_columns(columns), estimator.categories_)
    if handle_unknown == "error":
        _refuse_unknown(few, "transform")
    return few


def _recognise(coded: list[Coded], categories: list[np.ndarray]) -> list[Recognised]:
    out = []
    for column, known in zip(coded, categories):
        index = look_up(column.values, known)
        strange = index[:-1] < 0
        unknown = list(dict.fromkeys(column.values[strange].tolist())) if strange.any() else []
        if index[-1] < 0 and (column.codes < 0).any():
            unknown.append(np.nan)
        out.append(Recognised(column.codes, index, unknown))
    return out


def _refuse_unknown(columns: list[Recognised], during: str) -> None:
    for j, column in enumerate(columns):
        if column.unknown:
            raise ValueError(
                f"Found unknown categories {column.unknown} in column {j} during {during}"
            )


# Dictionaries of the categories, by estimator: made on the first small call, not part of its state.
_TABLES: WeakKeyDictionary[Any, tuple[list[np.ndarray], list[Any]]] = WeakKeyDictionary()


def _few_rows(estimator: Any, X: Any) -> list[Recognised] | None:
    """`recognise` for a few rows, by dictionaries; None where the long way is needed."""
    names = getattr(estimator, "feature_names_in_", None)
    if type(X) is np.ndarray:
        if names is not None or X.ndim != 2 or not 0 < len(X) <= _FEW_ROWS:
            return None
        if X.dtype.kind not in "ObifU" or X.shape[1] != estimator.n_features_in_:
            return None
        if X.dtype.kind == "f" and np.isinf(X).any():
            return None
        columns = X.T.tolist()
    elif names is not None and hasattr(X, "columns") and 0 < len(X) <= _FEW_ROWS:
        if len(X.columns) != len(names) or list(X.columns) != names.tolist():
            return None
        if hasattr(X, "iloc"):
            columns = X.to_numpy(dtype=object).T.tolist()
        elif hasattr(X, "rows"):
            columns = list(zip(*X.rows()))
            if any(None in column and t.is_numeric() for column, t in zip(columns, X.dtypes)):
                return None  # a null among numbers is NaN
        else:
            return None
    else:
        return None
    kept = _TABLES.get(estimator)
    if kept is None or kept[0] is not estimator.categories_:
        if any(c.dtype.kind in "mM" for c in estimator.categories_):
            return None
        tables = [
            (*table_of(c), np.append(np.arange(len(c), dtype=np.int32), np.int32(-1)))
            for c in estimator.categories_
        ]
        kept = _TABLES[estimator] = (estimator.categories_, tables)
    out = []
    for column, (table, missing, index) in zip(columns, kept[1]):
        try:
            codes = [table.get(v, -1) if v == v else missing for v in column]
        except TypeError:  # pandas.NA, or something that cannot be hashed
            return None
        unknown: list[Any] = []
        if -1 in codes:
            unknown = list(dict.fromkeys(v for v, c in zip(column, codes) if c < 0))
        out.append(Recognised(np.array(codes, np.int32), index, unknown))
    return out
