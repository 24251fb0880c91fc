"""Class labels of any type as integer codes, with as few passes over the rows as the type allows.

Labels may be integers, booleans, whole floats, or strings.  scikit-learn's ``type_of_target`` sorts
them several times per call; here integers in a small range, the usual case, are counted instead:
two passes, no sort.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from ..core.errors import InputError

#: Integer labels spanning less than this are counted in a table instead of sorted.
TABLE = 1 << 20


def column(y: Any, name: str) -> np.ndarray:
    """`y` as a vector; a table of several columns is refused."""
    if sparse.issparse(y):
        raise TypeError("Sparse input is only supported when targets are of multilabel type")
    if isinstance(y, (str, bytes)) or y is None:
        raise ValueError(
            f"Expected array-like (array or non-string sequence) for {name}, got {y!r}"
        )
    y = np.asarray(y)
    if y.dtype.kind == "S":
        raise TypeError(
            "Support for labels represented as bytes is not supported. "
            "Convert the labels to a string or integer format."
        )
    if y.ndim == 2 and y.shape[1] == 1:
        y = y.ravel()
    if y.ndim != 1:
        raise ValueError(f"{name} should be a 1d array, got an array of shape {y.shape} instead.")
    return y


def integers(y: np.ndarray, name: str) -> np.ndarray | None:
    """Labels that are whole numbers as integers (not copied where they are), None for other types."""
    if y.dtype.kind == "b":
        return y.view(np.int8)
    if y.dtype.kind in "iu":
        return y
    if y.dtype.kind == "f":
        with np.errstate(invalid="ignore"):
            whole = y.astype(np.int64)
        if not np.array_equal(whole, y):
            if not np.isfinite(y).all():
                raise ValueError(f"Input {name} contains NaN or infinity.")
            raise ValueError(
                f"continuous is not supported: {name} holds numbers that are not whole, "
                "so they are not class labels"
            )
        return whole
    return None


def distinct(y: np.ndarray, name: str = "y_true") -> np.ndarray:
    """Sorted distinct labels of a vector, in its own type.

    >>> distinct(np.array([3, 1, 3])), distinct(np.array(["b", "a"]))
    (array([1, 3]), array(['a', 'b'], dtype='<U1'))
    """
    whole = integers(y, name)
    if whole is not None and y.size:
        low, high = int(whole.min()), int(whole.max())
        if low == high:
            return np.array([low]).astype(y.dtype)
        if high - low == 1:
            return np.array([low, high]).astype(y.dtype)
        if high - low < TABLE and whole.dtype != np.uint64:
            seen = np.zeros(high - low + 1, dtype=bool)
            seen[whole.astype(np.int64) - low if low else whole] = True
            return (np.flatnonzero(seen) + low).astype(y.dtype)
        return np.unique(whole).astype(y.dtype)
    if y.dtype.kind == "O" and any(v is None or v != v for v in y):
        raise ValueError(f"Input {name} contains NaN or None.")
    try:
        return np.unique(y)
    except TypeError:
        raise InputError(
            f"{name} mixes labels that cannot be ordered", do="give all labels one type"
        ) from None


def encode(y: np.ndarray, classes: np.ndarray, name: str = "y_true") -> np.ndarray:
    """Position of each label in sorted `classes`; -1 for a label that is not there.

    >>> encode(np.array(["b", "c", "a"]), np.array(["a", "b"]))
    array([ 1, -1,  0])
    """
    whole = integers(y, name)
    if classes.size == 0:
        return np.full(y.size, -1, dtype=np.intp)
    if whole is not None and y.size:
        keys = integers(classes, "labels")
        if keys is None:
            raise ValueError("Mix of label input types (string and number)")
        low, high = int(keys[0]), int(keys[-1])
        if high - low < TABLE and whole.dtype != np.uint64:
            inside = int(whole.min()) >= low and int(whole.max()) <= high
            if inside and low == 0 and high + 1 == keys.size:
                return whole.astype(np.intp, copy=False)
            table = np.full(high - low + 2, -1, dtype=np.intp)
            table[keys.astype(np.int64) - low] = np.arange(keys.size)
            at = whole.astype(np.int64) - low
            if not inside:
                at[(at < 0) | (at > high - low)] = high - low + 1
            return table[at]
    elif classes.dtype.kind in "biuf" and y.size:
        raise ValueError("Mix of label input types (string and number)")
    at = np.searchsorted(classes, y)
    at[at == classes.size] = 0
    at[classes[at] != y] = -1
    return at


class Coded(NamedTuple):
    """Two label vectors as codes into their common sorted `classes`."""

    classes: np.ndarray
    true: np.ndarray
    pred: np.ndarray


def check_lengths(*arrays: Any) -> None:
    """All inputs hold the same number of rows, at least one."""
    lengths = [
        a.shape[0] if hasattr(a, "shape") and a.shape else len(a) for a in arrays if a is not None
    ]
    if len(set(lengths)) > 1:
        raise ValueError(f"Found input variables with inconsistent numbers of samples: {lengths}")
    if not lengths[0]:
        raise ValueError(
            "Found empty input array (e.g., `y_true` or `y_pred`) while a minimum of 1 sample is "
            "required."
        )


def same_type(a: np.ndarray, b: np.ndarray) -> None:
    """Refuse strings against numbers, which would compare as all different."""
    if (a.dtype.kind in "biuf") != (b.dtype.kind in "biuf"):
        raise ValueError("Mix of label input types (string and number)")


def union(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Sorted labels found in either vector."""
    same_type(a, b)
    first, second = distinct(a, "y_true"), distinct(b, "y_pred")
    return first if np.array_equal(first, second) else np.union1d(first, second)


def coded(y_true: Any, y_pred: Any) -> Coded:
    """True and predicted labels as codes into the labels found in either.

    >>> coded(["cat", "dog"], ["dog", "emu"]).pred
    array([1, 2])
    """
    true, pred = column(y_true, "y_true"), column(y_pred, "y_pred")
    check_lengths(true, pred)
    classes = union(true, pred)
    return Coded(classes, encode(true, classes, "y_true"), encode(pred, classes, "y_pred"))


def is_indicator(y: Any) -> bool:
    """Whether `y` is a multilabel indicator: several columns of 0 and 1, or sparse."""
    if sparse.issparse(y):
        return True
    if isinstance(y, (list, tuple)) and (not y or not isinstance(y[0], (list, tuple, np.ndarray))):
        return False
    y = np.asarray(y)
    if y.ndim != 2 or y.shape[1] < 2:
        return False
    return y.dtype.kind in "biuf" and bool(((y == 0) | (y == 1)).all())


def indicators(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """Two indicator tables of one shape, dense as booleans or both as CSR."""
    check_lengths(y_true, y_pred)
    for y in (y_true, y_pred):
        if not is_indicator(y):
            raise ValueError(
                "Classification metrics can't handle a mix of multilabel-indicator and other "
                "targets"
            )
    if sparse.issparse(y_true) or sparse.issparse(y_pred):
        true, pred = (sparse.csr_array(y).astype(bool) for y in (y_true, y_pred))
    else:
        true, pred = (np.asarray(y).astype(bool) for y in (y_true, y_pred))
    k, other = true.shape[1], pred.shape[1]  # type: ignore[index]
    if k != other:
        raise ValueError(f"y_true and y_pred have different numbers of labels: {k} and {other}")
    return true, pred


def check_weight(sample_weight: Any, n: int) -> np.ndarray | None:
    """Row weights as float64: one per row, finite, none negative, not all zero; None stays None."""
    if sample_weight is None:
        return None
    try:
        weight = np.ascontiguousarray(sample_weight, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError("sample_weight holds values that are not numbers.") from None
    if weight.ndim == 2 and weight.shape[1] == 1:
        weight = weight.ravel()
    if weight.shape != (n,):
        raise ValueError(f"sample_weight.shape == {weight.shape}, expected {(n,)}!")
    low, high = float(weight.min()), float(weight.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ValueError("Input sample_weight contains NaN or infinity.")
    if low < 0.0:
        raise ValueError("Negative values in data passed to `sample_weight`.")
    if high == 0.0:
        raise ValueError("Sample weights must contain at least one non-zero number.")
    return weight
