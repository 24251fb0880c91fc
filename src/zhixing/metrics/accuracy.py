"""Share of rows predicted exactly right, and its complement."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from scipy import sparse

from ..core.estimate import Estimate
from .interval import check_confidence, complement, wilson
from .labels import (
    check_lengths,
    check_weight,
    column,
    indicators,
    integers,
    is_indicator,
    same_type,
)

#: Where one class has this share of at least so many rows, a constant answer looks good.
DOMINANT, ENOUGH = 0.9, 30


def correct(y_true: Any, y_pred: Any) -> np.ndarray:
    """Which rows are right; for multilabel indicators, in every label."""
    if is_indicator(y_true) or is_indicator(y_pred):
        true, pred = indicators(y_true, y_pred)
        if sparse.issparse(true):
            return np.asarray((true != pred).sum(axis=1)).ravel() == 0
        return (true == pred).all(axis=1)
    check_lengths(y_true, y_pred)
    true, pred = column(y_true, "y_true"), column(y_pred, "y_pred")
    same_type(true, pred)
    for y, name in ((true, "y_true"), (pred, "y_pred")):
        if y.dtype.kind == "f":
            integers(y, name)  # refuses NaN and numbers that are not labels
    return true == pred


def accuracy_score(
    y_true: Any,
    y_pred: Any,
    *,
    normalize: bool = True,
    sample_weight: Any = None,
    confidence: float | None = None,
) -> float | Estimate:
    """Share of rows whose label is predicted, ``sum w [y = p] / sum w``.

    Parameters
    ----------
    y_true, y_pred : (n,) labels of any one type, or (n, k) indicators, where a row counts if all k
        agree
    normalize : False gives the (weighted) number instead of the share
    sample_weight : (n,), counts repetitions
    confidence : give an `Estimate` at this level instead of a float

    Interval: Wilson's, for the share.  Cost: one pass.  With very unequal classes (90 % of 30 rows and
    more are of one) a constant answer scores high, and a warning says how high: compare with
    `balanced_accuracy_score`, and see `recommend_metric`.  scikit-learn says nothing.

    >>> accuracy_score(["a", "b", "b"], ["a", "b", "a"], confidence=0.95).value
    0.6666666666666666
    """
    hit = correct(y_true, y_pred)
    weight = check_weight(sample_weight, hit.size)
    if normalize:
        _warn_of_a_dominant_class(y_true, weight)
    right = float(np.count_nonzero(hit) if weight is None else np.dot(weight, hit))
    total = float(hit.size if weight is None else weight.sum())
    if confidence is not None:
        check_confidence(confidence)
        if not normalize:
            raise ValueError("the interval is for the share of rows; leave normalize=True")
        return wilson(right, total, confidence)
    return right / total if normalize else right


def _warn_of_a_dominant_class(y_true: Any, weight: np.ndarray | None) -> None:
    if is_indicator(y_true):
        return
    true = column(y_true, "y_true")
    if true.size < ENOUGH:
        return
    # A class that common is the commonest of a few rows too, all but surely.
    seen, counts = np.unique(true[:: max(true.size // 64, 1)], return_counts=True)
    label = seen.tolist()[np.argmax(counts)]
    share = float(np.average(true == label, weights=weight))
    if DOMINANT <= share < 1.0:
        warnings.warn(
            f"{100 * share:.1f} % of the rows are of class {label!r}, so always answering it "
            f"has accuracy {share:.3f}: read balanced_accuracy_score beside it, or ask "
            "recommend_metric",
            stacklevel=3,
        )


def zero_one_loss(
    y_true: Any,
    y_pred: Any,
    *,
    normalize: bool = True,
    sample_weight: Any = None,
    confidence: float | None = None,
) -> float | Estimate:
    """Share of rows predicted wrong: one minus `accuracy_score`, same parameters and interval.

    >>> zero_one_loss([1, 2, 3, 4], [1, 2, 3, 3])
    0.25
    """
    score = accuracy_score(
        y_true, y_pred, normalize=normalize, sample_weight=sample_weight, confidence=confidence
    )
    if isinstance(score, Estimate):
        return complement(score)
    if normalize:
        return 1.0 - score
    total = np.shape(y_true)[0] if sample_weight is None else float(np.sum(sample_weight))
    return total - score
