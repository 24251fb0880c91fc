"""Squared errors: their mean, its root, and both on the log scale."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core.estimate import Estimate
from .interval import mean_interval, transformed
from .outputs import Pair, mean_over, means, output_shares, pair


def mean_squared_error(
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    multioutput: Any = "uniform_average",
    confidence: float | None = None,
) -> float | np.ndarray | Estimate | list[Estimate]:
    """Mean of ``(y - p)^2``, in squared units of y.

    Parameters
    ----------
    y_true, y_pred : (n,) or (n, k) numbers
    sample_weight : (n,), counts repetitions
    multioutput : "uniform_average", "raw_values" (one number an output), or (k,) weights of the
        outputs
    confidence : give an `Estimate` (a list of them for "raw_values") at this level

    Interval: Student's t on the mean of the squares, corrected for skewness.  Cost: one pass, one temporary
    of n rows. Sums are in float64 whatever the input (scikit-learn: in the input's precision).

    >>> mean_squared_error([3, -0.5, 2, 7], [2.5, 0.0, 2, 8])
    0.375
    """
    given = pair(y_true, y_pred, sample_weight, finite=False)
    return mean_over(squared, given, multioutput, confidence)


def root_mean_squared_error(
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    multioutput: Any = "uniform_average",
    confidence: float | None = None,
) -> float | np.ndarray | Estimate | list[Estimate]:
    """Root of the mean of ``(y - p)^2`` by output, in units of y, then averaged over the outputs.

    Parameters as for `mean_squared_error`; its interval, too, through the root (one output) or the
    delta method (an average).

    >>> round(root_mean_squared_error([3, -0.5, 2, 7], [2.5, 0.0, 2, 8]), 4)
    0.6124
    """
    given = pair(y_true, y_pred, sample_weight, finite=False)
    return _root(given, multioutput, confidence)


def mean_squared_log_error(
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    multioutput: Any = "uniform_average",
    confidence: float | None = None,
) -> float | np.ndarray | Estimate | list[Estimate]:
    """Mean of ``(log(1 + y) - log(1 + p))^2``, both above -1.  Parameters: `mean_squared_error`.

    >>> round(mean_squared_log_error([3, 5, 2.5, 7], [2.5, 5, 4, 8]), 4)
    0.0397
    """
    given = _logs(pair(y_true, y_pred, sample_weight), "Mean")
    return mean_over(squared, given, multioutput, confidence)


def root_mean_squared_log_error(
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    multioutput: Any = "uniform_average",
    confidence: float | None = None,
) -> float | np.ndarray | Estimate | list[Estimate]:
    """Root of `mean_squared_log_error` by output, then averaged.  Parameters as there.

    >>> round(root_mean_squared_log_error([3, 5, 2.5, 7], [2.5, 5, 4, 8]), 3)
    0.199
    """
    given = _logs(pair(y_true, y_pred, sample_weight), "Root Mean")
    return _root(given, multioutput, confidence)


def squared(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    """``(y - p)^2`` by row, in float64."""
    gap = np.subtract(y, p, dtype=np.float64)
    return np.multiply(gap, gap, out=gap)


def _logs(given: Pair, name: str) -> Pair:
    if (given.true <= -1).any() or (given.pred <= -1).any():
        raise ValueError(
            f"{name} Squared Logarithmic Error cannot be used when targets contain values less "
            f"than or equal to -1."
        )
    return given._replace(true=np.log1p(given.true), pred=np.log1p(given.pred))


def _root(given: Pair, multioutput: Any, confidence: float | None) -> Any:
    k = 1 if given.true.ndim == 1 else given.true.shape[1]
    shares = output_shares(multioutput, k)
    if confidence is not None and (k == 1 or shares is None):
        found = mean_over(squared, given, "raw_values", confidence)
        made = [_root_of(e) for e in found]  # type: ignore[union-attr]
        return made if shares is None else made[0]
    roots = np.sqrt(means(squared, given))
    if confidence is None:
        return roots if shares is None else float(roots @ shares)
    # d sqrt(m) = dm / (2 sqrt(m)); an output predicted exactly adds nothing.
    slopes = np.divide(np.asarray(shares), 2.0 * roots, out=np.zeros_like(roots), where=roots > 0)
    e = mean_interval(squared(given.true, given.pred) @ slopes, given.weight, confidence)
    shift = float(roots @ shares) - e.value
    return e._replace(value=e.value + shift, low=max(e.low + shift, 0.0), high=e.high + shift)


def _root_of(e: Estimate) -> Estimate:
    slope = 0.5 / math.sqrt(e.value) if e.value > 0 else 0.0
    return transformed(e._replace(low=max(e.low, 0.0)), math.sqrt, slope)
