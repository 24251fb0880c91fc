"""Labels of one output or several as codes, and the weights of classes."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight


def class_codes(y: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """The sorted classes of every output, and the codes (n, outputs)."""
    check_classification_targets(y)
    columns = y[:, None] if y.ndim == 1 else y
    classes, codes = [], np.empty(columns.shape, np.int64)
    for o in range(columns.shape[1]):
        found, codes[:, o] = np.unique(columns[:, o], return_inverse=True)
        classes.append(found)
    return classes, codes


def row_weights(sample_weight: Any, X: Any) -> np.ndarray | None:
    """Weights (n,), some of them positive, or None for ones."""
    if sample_weight is None:
        return None
    weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
    if not weight.any():
        raise ValueError("sample_weight is zero for every row; give some row a weight")
    return weight


def with_class_weight(class_weight: Any, y: np.ndarray, weight: np.ndarray | None) -> Any:
    """Weights of rows times those of their classes."""
    if class_weight is None:
        return weight
    by_class = compute_sample_weight(class_weight, y)
    return by_class if weight is None else by_class * weight
