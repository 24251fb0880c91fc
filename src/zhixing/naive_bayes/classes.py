"""Labels as codes, and the check that later chunks know them."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.multiclass import _check_partial_fit_first_call, check_classification_targets

from ..core.errors import InputError

_RANGE = 2**16


def class_codes(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The sorted classes of y and the code of every row, as int32.

    Integers of a small range are counted rather than sorted.

    >>> class_codes(np.array([7, 3, 7]))
    (array([3, 7]), array([1, 0, 1], dtype=int32))
    """
    if y.dtype.kind not in "iubUS":
        check_classification_targets(y)
    low, high = (0, _RANGE) if y.dtype.kind not in "iub" else (int(y.min()), int(y.max()))
    if high - low >= _RANGE or high >= 2**62 or low <= -(2**62):
        classes, codes = np.unique(y, return_inverse=True)
        return classes, codes.astype(np.int32)
    shifted = y.astype(np.int64) - low
    present = np.bincount(shifted, minlength=high - low + 1) > 0
    place = np.cumsum(present, dtype=np.int32) - 1
    return (np.flatnonzero(present) + low).astype(y.dtype), place[shifted].astype(np.int32)


def known_codes(y: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """The codes of labels among `classes`, which are sorted."""
    found, codes = class_codes(y)
    at = np.searchsorted(classes, found)
    at[at == len(classes)] = 0
    if (strange := classes[at] != found).any():
        raise InputError(
            f"The target label(s) {found[strange].tolist()} in y do not exist in the initial "
            f"classes {classes.tolist()}",
            do="name every class in the first call to partial_fit",
        )
    return at.astype(np.int32)[codes]


def first_call(estimator: Any, classes: Any) -> bool:
    """Whether this call to `partial_fit` is the first; sets or checks ``classes_``."""
    return bool(_check_partial_fit_first_call(estimator, classes))
