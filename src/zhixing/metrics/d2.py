"""D2: the share of a deviance that the prediction explains, as R2 does of the variance."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning

from ..core.estimate import Estimate
from .brier import brier_losses
from .explained import explained
from .log_loss import log_losses
from .outputs import Pair, pair
from .pinball import pinball
from .tweedie import check_domain, tweedie
from .weighted_quantile import weighted_quantile

Result = float | np.ndarray | Estimate | list[Estimate]


def _too_few(y: Any) -> bool:
    if len(y) >= 2:
        return False
    warnings.warn(
        "D^2 score is not well-defined with less than two samples.",
        UndefinedMetricWarning,
        stacklevel=3,
    )
    return True


def d2_tweedie_score(
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    power: float = 0,
    confidence: float | None = None,
) -> Result:
    """``1 - D(y, p) / D(y, mean y)`` with D the Tweedie deviance of `power`.

    Parameters as for `mean_tweedie_deviance`.  Interval: delta method on ``-log(1 - D2)``.
    Source: Hastie, Tibshirani & Wainwright (2015), eq. 3.11.

    >>> round(d2_tweedie_score([0.5, 1, 2.5, 7], [1, 1, 5, 3.5], power=1), 4)
    0.4879
    """
    given = pair(y_true, y_pred, sample_weight)
    if given.true.ndim > 1:
        raise ValueError("Multioutput not supported in d2_tweedie_score")
    if _too_few(given.true):
        return math.nan
    check_domain(given, power)
    losses, mean = tweedie(power)(given.true, given.pred), given.mean(given.true)
    null = tweedie(power)(given.true, np.full(len(losses), mean))
    return explained(losses, null, given, force_finite=False, confidence=confidence)


def d2_pinball_score(
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    alpha: float = 0.5,
    multioutput: Any = "uniform_average",
    confidence: float | None = None,
) -> Result:
    """``1 - L(y, p) / L(y, q)``, L the pinball loss and q the alpha-quantile of y.

    Source: Koenker & Machado (1999), eq. 7.

    Parameters as for `mean_pinball_loss`.  Interval: delta method on ``-log(1 - D2)``.

    >>> round(d2_pinball_score([1, 2, 3], [1, 3, 3]), 4)
    0.5
    """
    given = pair(y_true, y_pred, sample_weight)
    if _too_few(given.true):
        return math.nan
    columns = given.true.reshape(len(given.true), -1)
    if given.weight is None:
        middle = np.percentile(columns, 100 * alpha, axis=0)
    else:
        middle = np.array([weighted_quantile(c, alpha, given.weight) for c in columns.T])
    loss = pinball(alpha)
    losses, null = (loss(columns, p) for p in (given.pred.reshape(columns.shape), middle))
    return explained(losses, null, given, multioutput, confidence=confidence)


def d2_absolute_error_score(
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    multioutput: Any = "uniform_average",
    confidence: float | None = None,
) -> Result:
    """``1 - MAE(y, p) / MAE(y, median y)``: `d2_pinball_score` at alpha 1/2.

    >>> round(d2_absolute_error_score([3, -0.5, 2, 7], [2.5, 0.0, 2, 8]), 4)
    0.7647
    """
    return d2_pinball_score(
        y_true, y_pred, sample_weight=sample_weight, multioutput=multioutput, confidence=confidence
    )


def d2_log_loss_score(
    y_true: Any,
    y_proba: Any,
    *,
    sample_weight: Any = None,
    labels: Any = None,
    confidence: float | None = None,
) -> Result:
    """``1 - log loss / log loss of the class shares``: McFadden's (1974) pseudo R2.

    Parameters as for `log_loss`.  Interval: delta method on ``-log(1 - D2)``.

    >>> round(d2_log_loss_score([0, 0, 1, 1], [0.1, 0.3, 0.6, 0.9]), 4)
    0.6111
    """
    if _too_few(np.asarray(y_proba)):
        return math.nan
    losses, codes, weight = log_losses(y_true, y_proba, sample_weight, labels)
    shares = _shares(codes, weight)
    null = -np.log(np.clip(shares, np.finfo(np.float64).eps, 1.0))[codes]
    return explained(
        losses, null, Pair(losses, null, weight), force_finite=False, confidence=confidence
    )


def d2_brier_score(
    y_true: Any,
    y_proba: Any,
    *,
    sample_weight: Any = None,
    pos_label: Any = None,
    labels: Any = None,
    confidence: float | None = None,
) -> Result:
    """``1 - Brier score / Brier score of the class shares``: the Brier skill score.

    Parameters as for `brier_score_loss`.  Interval: delta method on ``-log(1 - D2)``.

    >>> round(d2_brier_score([0, 0, 1, 1], [0.1, 0.3, 0.6, 0.9]), 4)
    0.73
    """
    if _too_few(np.asarray(y_proba)):
        return math.nan
    losses, codes, weight = brier_losses(y_true, y_proba, sample_weight, pos_label, labels)
    shares = _shares(codes, weight)
    null = 1.0 - 2.0 * shares[codes] + float(shares @ shares)
    return explained(
        losses, null, Pair(losses, null, weight), force_finite=False, confidence=confidence
    )


def _shares(codes: np.ndarray, weight: np.ndarray | None) -> np.ndarray:
    counts = np.bincount(codes, weights=weight)
    return counts / counts.sum()
