"""Labels as targets of least squares."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets


def signed_classes(
    estimator: Any, y: np.ndarray, weight: np.ndarray | None, class_weight: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Classes, targets of -1 and +1 (one column for two classes, else one each), and row weights."""
    check_classification_targets(y)
    classes, codes = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(
            f"{type(estimator).__name__} needs at least two classes in y; there is only one class: "
            f"{classes[0]!r}"
        )
    if class_weight is not None:
        by_class = compute_sample_weight(class_weight, y)
        weight = by_class if weight is None else by_class * weight
    if len(classes) == 2:
        return classes, 2.0 * codes[:, None] - 1.0, weight
    return classes, 2.0 * (codes[:, None] == np.arange(len(classes))) - 1.0, weight
