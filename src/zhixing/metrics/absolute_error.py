"""Absolute errors: mean, median, relative, largest."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.estimate import Estimate
from .interval import check_confidence, quantile
from .outputs import mean_over, output_shares, pair
from .weighted_quantile import weighted_quantile


def mean_absolute_error(
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    multioutput: Any = "uniform_average",
    confidence: float | None = None,
) -> float | np.ndarray | Estimate | list[Estimate]:
    """Mean of ``|y - p|``, in units of y.

    Parameters
    ----------
    y_true, y_pred : (n,) or (n, k) numbers
    sample_weight : (n,), counts repetitions
    multioutput : "uniform_average", "raw_values" (one number an output), or (k,) weights of the
        outputs
    confidence : give an `Estimate` (a list of them for "raw_values") at this level

    Interval: Student's t on the mean, corrected for skewness (Hall 1992).

    >>> mean_absolute_error([3, -0.5, 2, 7], [2.5, 0.0, 2, 8])
    0.5
    """
    given = pair(y_true, y_pred, sample_weight, finite=False)
    return mean_over(absolute, given, multioutput, confidence)


def mean_absolute_percentage_error(
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    multioutput: Any = "uniform_average",
    confidence: float | None = None,
) -> float | np.ndarray | Estimate | list[Estimate]:
    """Mean of ``|y - p| / |y|``, a fraction; parameters and interval as for `mean_absolute_error`.

    Where y = 0 the denominator is the machine epsilon of float64, as in scikit-learn: the result is
    finite and enormous, which says that this metric does not suit a target with zeros.

    >>> round(mean_absolute_percentage_error([1, 2, 4], [1.1, 2, 3]), 4)
    0.1167
    """
    given = pair(y_true, y_pred, sample_weight, finite=False)

    def relative(y: np.ndarray, p: np.ndarray) -> np.ndarray:
        return absolute(y, p) / np.maximum(np.abs(y), np.finfo(np.float64).eps)

    return mean_over(relative, given, multioutput, confidence)


def median_absolute_error(
    y_true: Any,
    y_pred: Any,
    *,
    multioutput: Any = "uniform_average",
    sample_weight: Any = None,
    confidence: float | None = None,
) -> float | np.ndarray | Estimate | list[Estimate]:
    """Median of ``|y - p|``, in units of y: half of the errors are smaller.

    Parameters as for `mean_absolute_error`.  Interval, for one output or "raw_values": order
    statistics, free of any assumption on the errors (Conover 1999, sec. 3.2).

    >>> median_absolute_error([3, -0.5, 2, 7], [2.5, 0.0, 2, 8])
    0.5
    """
    given = pair(y_true, y_pred, sample_weight)
    gap = absolute(given.true, given.pred).reshape(len(given.true), -1)
    if given.weight is None:
        medians = np.median(gap, axis=0)
    else:
        medians = np.array([weighted_quantile(g, 0.5, given.weight) for g in gap.T])
    shares = output_shares(multioutput, gap.shape[1])
    if confidence is None:
        return medians if shares is None else float(medians @ shares)
    found = [_between_ranks(g, m, given.weight, confidence) for g, m in zip(gap.T, medians)]
    if shares is None:
        return found
    if len(found) > 1:
        raise InputError(
            "no interval is known for an average of medians", do="use multioutput='raw_values'"
        )
    return found[0]


def absolute(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    """``|y - p|`` by row, in float64."""
    gap = np.subtract(y, p, dtype=np.float64)
    return np.abs(gap, out=gap)


def _between_ranks(
    values: np.ndarray, median: float, weight: np.ndarray | None, confidence: float
) -> Estimate:
    # The number of errors below the median is binomial(n, 1/2), whatever their distribution.
    from scipy.stats import binom

    total = float(values.size if weight is None else weight.sum())
    n = max(round(total), 1)
    below = float(binom.ppf(0.5 - 0.5 * check_confidence(confidence), n, 0.5))
    order = np.argsort(values)
    ranks = np.arange(1.0, values.size + 1.0) if weight is None else np.cumsum(weight[order])
    # The interval from the r-th smallest to the r-th largest covers unless fewer than r lie on one side.
    low = np.searchsorted(ranks, max(below, 1.0) - 1e-9)
    high = np.searchsorted(ranks, min(total - below + 1.0, total) - 1e-9)
    low, high = (float(values[order[min(at, values.size - 1)]]) for at in (low, high))
    error = (high - low) / (2.0 * quantile(confidence))
    return Estimate(float(median), low, high, confidence, "order statistics", error)


def max_error(y_true: Any, y_pred: Any, *, confidence: float | None = None) -> float:
    """Largest ``|y - p|``, in units of y.

    It has no interval: the largest of n errors grows with n, so it estimates nothing about the next
    n.  Asked for one it says so.

    >>> max_error([3, 2, 7, 1], [4, 2, 7, 1])
    1.0
    """
    if confidence is not None:
        raise InputError(
            "the largest error has no confidence interval: it grows with the number of rows",
            do="use mean_absolute_error or median_absolute_error",
        )
    given = pair(y_true, y_pred, None)
    if given.true.ndim > 1:
        raise ValueError("Multioutput not supported in max_error")
    worst = float(absolute(given.true, given.pred).max())
    return worst if math.isfinite(worst) else math.inf
