"""How much a positive or negative answer changes the odds."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning

from ..core.estimate import Estimate
from .confusion_matrix import confusion_matrix
from .interval import check_confidence, normal


def class_likelihood_ratios(
    y_true: Any,
    y_pred: Any,
    *,
    labels: Any = None,
    sample_weight: Any = None,
    replace_undefined_by: Any = math.nan,
    confidence: float | None = None,
) -> tuple[Any, Any]:
    """LR+ = sensitivity / (1 - specificity) and LR- = (1 - sensitivity) / specificity of a binary decision.

    A positive answer multiplies the odds of the positive class by LR+, a negative one by LR-.

    Parameters
    ----------
    y_true, y_pred : (n,) labels of two classes
    labels : the negative and the positive label, in this order
    sample_weight : (n,), counts repetitions
    replace_undefined_by : the value of a ratio without a denominator, or ``{"LR+": ..., "LR-": ...}``
    confidence : give an `Estimate` of each at this level

    Interval: delta method on the log scale (Simel, Samsa & Matchar 1991).

    >>> class_likelihood_ratios([0, 1, 0, 1, 0], [1, 1, 0, 0, 0])
    (1.5, 0.75)
    """
    cells = confusion_matrix(y_true, y_pred, sample_weight=sample_weight, labels=labels)
    if cells.shape != (2, 2):
        raise ValueError(
            "class_likelihood_ratios only supports binary classification problems, got "
            f"{len(cells)} classes"
        )
    tn, fp, fn, tp = (float(v) for v in cells.ravel())
    instead = replace_undefined_by
    if not isinstance(instead, dict):
        if not (np.isnan(instead) or instead == 1.0):
            raise ValueError(
                f"replace_undefined_by must be nan, 1.0 or a dictionary, not {instead!r}"
            )
        instead = {"LR+": instead, "LR-": instead}
    if not (
        set(instead) == {"LR+", "LR-"}
        and not instead["LR+"] < 1
        and not (instead["LR-"] < 0 or instead["LR-"] > 1)
    ):
        raise ValueError(
            "replace_undefined_by needs the keys LR+ (nan or at least 1) and LR- (nan or within 0 and 1), "
            "got "
            f"{replace_undefined_by!r}"
        )
    if tp + fn == 0:
        _warn(
            "No samples of the positive class are present in `y_true`. Both likelihood ratios are undefined."
        )
        return math.nan, math.nan
    made = []
    for name, (top, bottom) in (("LR+", (tp, fp)), ("LR-", (fn, tn))):
        if bottom == 0:
            _warn(f"{name} has no denominator and is set to {instead[name]}.")
            made.append(float(instead[name]))
            continue
        value = (top / (tp + fn)) / (bottom / (tn + fp))
        if confidence is None:
            made.append(value)
        elif top == 0:
            made.append(Estimate(0.0, 0.0, math.nan, check_confidence(confidence), "undefined"))
        else:
            error = math.sqrt(1 / top - 1 / (tp + fn) + 1 / bottom - 1 / (tn + fp))
            made.append(normal(value, value * error, confidence, scale="log"))
    return made[0], made[1]


def _warn(message: str) -> None:
    warnings.warn(message, UndefinedMetricWarning, stacklevel=3)
