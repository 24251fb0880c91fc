"""Shares of explained variance."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning

from ..core.estimate import Estimate
from .explained import explained
from .outputs import Pair, pair


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
    residual = np.subtract(given.true, given.pred, dtype=np.float64)
    spread = np.subtract(given.true, centre(given), dtype=np.float64)
    return explained(residual**2, spread**2, given, multioutput, force_finite, confidence)


def explained_variance_score(
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    multioutput: Any = "uniform_average",
    force_finite: bool = True,
    confidence: float | None = None,
) -> float | np.ndarray | Estimate | list[Estimate]:
    """``1 - Var(y - p) / Var(y)``: as `r2_score`, but a constant bias of the prediction costs
    nothing.

    >>> round(explained_variance_score([3, -0.5, 2, 7], [2.5, 0.0, 2, 8]), 4)
    0.9572
    """
    given = pair(y_true, y_pred, sample_weight)
    residual = np.subtract(given.true, given.pred, dtype=np.float64)
    residual -= given.mean(residual)
    spread = np.subtract(given.true, centre(given), dtype=np.float64)
    return explained(residual**2, spread**2, given, multioutput, force_finite, confidence)


def centre(given: Pair) -> np.ndarray:
    """Mean of the truth by output; exactly y where y is constant, whatever the rounding of the sum."""
    return np.clip(given.mean(given.true), given.true.min(axis=0), given.true.max(axis=0))
