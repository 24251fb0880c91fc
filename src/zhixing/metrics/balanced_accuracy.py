"""Accuracy with every class counting the same."""

from __future__ import annotations

import warnings
from typing import Any

from ..core.estimate import Estimate
from .interval import check_confidence, mover, wilson
from .tally import tally


def balanced_accuracy_score(
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    adjusted: bool = False,
    confidence: float | None = None,
) -> float | Estimate:
    """Mean over the classes of the share of their rows predicted right.

    Parameters
    ----------
    y_true, y_pred : (n,) labels of one type
    sample_weight : (n,), counts repetitions
    adjusted : rescale so that a constant or random answer scores 0 and a perfect one 1
    confidence : give an `Estimate` at this level instead of a float

    Interval: the classes' recalls are independent given how many rows each class has, so their
    Wilson intervals combine by MOVER (Zou & Donner 2008).  Classes only predicted, never true, are
    left out with a warning.

    >>> balanced_accuracy_score([0, 0, 0, 1], [0, 0, 0, 0])
    0.5
    """
    t = tally(y_true, y_pred, None, sample_weight)
    if not t.rows.single:
        raise ValueError("multilabel-indicator is not supported")
    seen = t.true > 0
    if not seen.all():
        warnings.warn("y_pred contains classes not in y_true", stacklevel=2)
    k = int(seen.sum())
    recalls = t.hit[seen] / t.true[seen]
    if adjusted and k == 1:
        return (
            float("nan")
            if confidence is None
            else Estimate(float("nan"), 0.0, 1.0, confidence, "undefined")
        )
    shift, stretch = (1.0 / k, 1.0 - 1.0 / k) if adjusted else (0.0, 1.0)
    if confidence is None:
        return float((recalls.mean() - shift) / stretch)
    check_confidence(confidence)
    parts = [wilson(float(h), float(n), confidence) for h, n in zip(t.hit[seen], t.true[seen])]
    e = mover(parts, [1.0 / k] * k, confidence)
    value, low, high = ((v - shift) / stretch for v in e[:3])
    return e._replace(value=value, low=low, high=high, std_error=e.std_error / stretch)
