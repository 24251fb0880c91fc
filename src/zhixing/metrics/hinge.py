"""The hinge loss of a margin."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.estimate import Estimate
from .interval import mean_interval
from .labels import check_lengths, check_weight, column, distinct, encode


def hinge_loss(
    y_true: Any,
    pred_decision: Any,
    *,
    labels: Any = None,
    sample_weight: Any = None,
    confidence: float | None = None,
) -> float | Estimate:
    """Mean of ``max(0, 1 - margin)``: ``+-z`` for two classes, the lead of the true class for more.

    Parameters
    ----------
    y_true : (n,) labels
    pred_decision : (n,) decision of the greater of two labels, or (n, k) with the sorted labels as
        columns
    labels : the labels, when `y_true` lacks some of them
    sample_weight : (n,), counts repetitions
    confidence : give an `Estimate` at this level instead of a float

    Interval: Student's t on the mean, corrected for skewness (Hall 1992).  Source for k classes: Crammer &
    Singer (2001), eq. 5.

    >>> round(hinge_loss([-1, 1, 1], [-2.0, 0.5, 0.3]), 4)
    0.4
    """
    decision = np.asarray(pred_decision)
    if decision.dtype.kind not in "biuf":
        raise TypeError("pred_decision should be an array of floats.")
    decision = decision.astype(np.float64)
    if not np.isfinite(decision).all():
        raise ValueError("Input contains NaN or infinity.")
    check_lengths(y_true, decision)
    y = column(y_true, "y_true")
    classes = distinct(y if labels is None else column(labels, "labels"))
    codes = encode(y, classes)
    if codes.min() < 0:
        raise ValueError("y_true contains labels not in parameter 'labels'")
    if classes.size > 2:
        margin = _lead(decision, codes, classes.size, labels)
    else:
        decision = column(decision, "pred_decision")
        # A single label is taken as the negative one, as a binary encoding of it would be.
        margin = np.where(codes == 1, decision, -decision)
    losses = np.maximum(0.0, 1.0 - margin)
    weight = check_weight(sample_weight, codes.size)
    if confidence is not None:
        return mean_interval(losses, weight, confidence)
    return float(np.average(losses, weights=weight))


def _lead(decision: np.ndarray, codes: np.ndarray, k: int, labels: Any) -> np.ndarray:
    if decision.ndim != 2:
        raise ValueError(
            "The shape of pred_decision cannot be 1d arraywith a multiclass target. pred_decision "
            "shape "
            f"must be (n_samples, n_classes), that is ({codes.size}, {k}). Got: {decision.shape}"
        )
    if decision.shape[1] != k:
        if labels is None:
            raise ValueError("Please include all labels in y_true or pass labels as third argument")
        raise ValueError(
            "The shape of pred_decision is not consistent with the number of classes. With a "
            "multiclass "
            f"target, pred_decision shape must be (n_samples, n_classes), that is ({codes.size}, "
            f"{k}). "
            f"Got: {decision.shape}"
        )
    rows = np.arange(codes.size)
    own = decision[rows, codes]
    rest = decision.copy()
    rest[rows, codes] = -np.inf
    return own - rest.max(axis=1)
