"""Shares of explained variance."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning

from ..core.estimate import Estimate
from .explained import explained, share_of
from .outputs import Pair, means, pair
from .squared_error import squared


def r2_score(
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    multioutput: Any = "uniform_average",
    force_finite: bool = True,
    confidence: float | None = None,
) -> float | np.ndarray | Estimate | list[Estimate]:
    r"""Share of the variance of y that the prediction explains; 0 for the mean, negative for worse.

    .. math:: R^2 = 1 - \frac{\sum w (y - p)^2}{\sum w (y - \bar y)^2}

    Parameters
    ----------
    y_true, y_pred : (n,) or (n, k) numbers, n at least 2 (else nan and a warning)
    sample_weight : (n,), counts repetitions
    multioutput : "uniform_average", "variance_weighted", "raw_values" or (k,) weights
    force_finite : a constant y gives 1 if predicted exactly and 0 otherwise, instead of nan and
        -inf
    confidence : give an `Estimate` at this level

    Interval: delta method on ``-log(1 - R^2)``, for a prediction that did not see these rows.  The
    mean of y minimises the denominator, so its own error is of second order.

    >>> round(r2_score([3, -0.5, 2, 7], [2.5, 0.0, 2, 8]), 4)
    0.9486
    """
    given = pair(y_true, y_pred, sample_weight)
    if len(given.true) < 2:
        warnings.warn(
            "R^2 score is not well-defined with less than two samples.",
            UndefinedMetricWarning,
            stacklevel=2,
        )
        return math.nan
    middle = centre(given)
    if confidence is None:
        top = means(squared, given)
        return share_of(
            top, means(lambda y, _: squared(y, middle), given), multioutput, force_finite
        )
    losses, null = (squared(given.true, p) for p in (given.pred, middle))
    return explained(losses, null, given, multioutput, force_finite, confidence)


def explained_variance_score(
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    multioutput: Any = "uniform_average",
    force_finite: bool = True,
    confidence: float | None = None,
) -> float | np.ndarray | Estimate | list[Estimate]:
    """``1 - Var(y - p) / Var(y)``: as `r2_score`, but a constant bias of the prediction costs nothing.

    >>> round(explained_variance_score([3, -0.5, 2, 7], [2.5, 0.0, 2, 8]), 4)
    0.9572
    """
    given = pair(y_true, y_pred, sample_weight)
    middle = centre(given)
    bias = given.mean(np.subtract(given.true, given.pred, dtype=np.float64))
    losses, null = squared(given.true, given.pred + bias), squared(given.true, middle)
    return explained(losses, null, given, multioutput, force_finite, confidence)


def centre(given: Pair) -> np.ndarray:
    """Mean of the truth by output; exactly y where y is constant, whatever the rounding of the sum."""
    mean, y = given.mean(given.true), given.true
    if not (y[:9] == y[0]).all(axis=0).any():  # no column is constant
        return mean
    return np.clip(mean, y.min(axis=0), y.max(axis=0))
