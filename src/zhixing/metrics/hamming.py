"""Share of labels predicted wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from ..core.estimate import Estimate
from .accuracy import zero_one_loss
from .interval import mean_interval
from .labels import check_weight, indicators, is_indicator


def hamming_loss(
    y_true: Any, y_pred: Any, *, sample_weight: Any = None, confidence: float | None = None
) -> float | Estimate:
    """Share of the n k labels that are wrong; for single labels the same as `zero_one_loss`.

    Parameters
    ----------
    y_true, y_pred : (n,) labels or (n, k) indicators
    sample_weight : (n,), counts repetitions
    confidence : give an `Estimate` at this level instead of a float

    Interval: Wilson's for single labels; for indicators Student's t on the row means, since the
    labels of a row depend.

    >>> hamming_loss([[0, 1], [1, 1]], [[0, 1], [1, 0]])
    0.25
    """
    if not (is_indicator(y_true) or is_indicator(y_pred)):
        return zero_one_loss(y_true, y_pred, sample_weight=sample_weight, confidence=confidence)
    true, pred = indicators(y_true, y_pred)
    wrong = true != pred
    rows = np.asarray(wrong.sum(axis=1)).ravel() / true.shape[1]
    if sparse.issparse(wrong):
        rows = rows.astype(np.float64)
    weight = check_weight(sample_weight, rows.size)
    if confidence is not None:
        return mean_interval(rows, weight, confidence)
    return float(np.average(rows, weights=weight))
