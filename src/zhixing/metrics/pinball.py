"""The pinball loss, whose minimiser is a quantile."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.estimate import Estimate
from .outputs import Loss, mean_over, pair


def mean_pinball_loss(
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    alpha: float = 0.5,
    multioutput: Any = "uniform_average",
    confidence: float | None = None,
) -> float | np.ndarray | Estimate | list[Estimate]:
    """Mean of ``alpha max(y - p, 0) + (1 - alpha) max(p - y, 0)``.

    It is least where p is the alpha-quantile of y.

    Parameters
    ----------
    y_true, y_pred : (n,) or (n, k) numbers
    sample_weight : (n,), counts repetitions
    alpha : the level of the quantile, in [0, 1]; 0.5 gives half of the mean absolute error
    multioutput : "uniform_average", "raw_values", or (k,) weights of the outputs
    confidence : give an `Estimate` at this level

    Interval: Student's t on the mean, corrected for skewness (Hall 1992).  Source: Koenker & Bassett (1978).

    >>> round(mean_pinball_loss([1, 2, 3], [0, 2, 3], alpha=0.1), 4)
    0.0333
    """
    given = pair(y_true, y_pred, sample_weight, finite=False)
    return mean_over(pinball(alpha), given, multioutput, confidence)


def pinball(alpha: float) -> Loss:
    """The loss by row at a level."""
    if not 0.0 <= alpha <= 1.0:
        raise ValueError(f"alpha must lie in [0, 1], not {alpha!r}")

    def loss(y: np.ndarray, p: np.ndarray) -> np.ndarray:
        gap = np.subtract(y, p, dtype=np.float64)
        return np.maximum(alpha * gap, (alpha - 1.0) * gap)

    return loss
