"""Deviances of the Tweedie family: normal, Poisson, gamma and all between."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.estimate import Estimate
from .outputs import Loss, Pair, mean_over, pair


def mean_tweedie_deviance(
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    power: float = 0,
    confidence: float | None = None,
) -> float | Estimate:
    r"""Mean deviance of a distribution whose variance is the mean to the power p.

    .. math::
        d = 2\Big(\frac{\max(y, 0)^{2-p}}{(1-p)(2-p)}
        - \frac{y\mu^{1-p}}{1-p} + \frac{\mu^{2-p}}{2-p}\Big)

    with limits ``2 (y log(y / m) - y + m)`` at p = 1 and ``2 (log(m / y) + y / m - 1)`` at p = 2
    (Jorgensen 1997).

    Parameters
    ----------
    y_true, y_pred : (n,) numbers
    sample_weight : (n,), counts repetitions
    power : 0 squared error, 1 Poisson, 2 gamma, 3 inverse Gaussian, between 1 and 2 compound
        Poisson-gamma (zeros allowed); none exists between 0 and 1
    confidence : give an `Estimate` at this level

    Errors: y or prediction outside the domain (p < 0: m > 0; 1 <= p < 2: y >= 0, m > 0; p >= 2:
    both > 0).  Interval: Student's t on the mean, corrected for skewness (Hall 1992).

    >>> round(mean_tweedie_deviance([2, 0, 1, 4], [0.5, 0.5, 2.0, 2.0], power=1), 4)
    1.426
    """
    given = pair(y_true, y_pred, sample_weight)
    if given.true.ndim > 1:
        raise ValueError("Multioutput not supported in mean_tweedie_deviance")
    check_domain(given, power)
    return mean_over(tweedie(power), given, "uniform_average", confidence)  # type: ignore[return-value]


def mean_poisson_deviance(
    y_true: Any, y_pred: Any, *, sample_weight: Any = None, confidence: float | None = None
) -> float | Estimate:
    """Mean of ``2 (y log(y / m) - y + m)`` for counts; `mean_tweedie_deviance` at power 1.

    >>> round(mean_poisson_deviance([2, 0, 1, 4], [0.5, 0.5, 2.0, 2.0]), 4)
    1.426
    """
    return mean_tweedie_deviance(
        y_true, y_pred, sample_weight=sample_weight, power=1, confidence=confidence
    )


def mean_gamma_deviance(
    y_true: Any, y_pred: Any, *, sample_weight: Any = None, confidence: float | None = None
) -> float | Estimate:
    """Mean of ``2 (log(m / y) + y / m - 1)`` for positive y: `mean_tweedie_deviance` at power 2.

    >>> round(mean_gamma_deviance([2, 0.5, 1, 4], [0.5, 0.5, 2.0, 2.0]), 4)
    1.0569
    """
    return mean_tweedie_deviance(
        y_true, y_pred, sample_weight=sample_weight, power=2, confidence=confidence
    )


def check_domain(given: Pair, power: float) -> None:
    """Truth and prediction lie where the deviance of this power is defined."""
    y, m = given.true, given.pred
    message = f"Mean Tweedie deviance error with power={power} can only be used on "
    if 0 < power < 1:
        raise ValueError(
            "No Tweedie distribution has a power between 0 and 1; use 0, or 1 and above."
        )
    if power < 0 and (m <= 0).any():
        raise ValueError(message + "strictly positive y_pred.")
    if 1 <= power < 2 and ((y < 0).any() or (m <= 0).any()):
        raise ValueError(message + "non-negative y and strictly positive y_pred.")
    if power >= 2 and ((y <= 0).any() or (m <= 0).any()):
        raise ValueError(message + "strictly positive y and y_pred.")


def tweedie(power: float) -> Loss:
    """The deviance by row at a power, in float64."""
    from scipy.special import xlogy

    p = float(power)

    def deviance(y: np.ndarray, m: np.ndarray) -> np.ndarray:
        y, m = y.astype(np.float64, copy=False), m.astype(np.float64, copy=False)
        if p == 0:
            return (y - m) ** 2
        if p == 1:
            return 2.0 * (xlogy(y, y / m) - y + m)
        if p == 2:
            return 2.0 * (np.log(m / y) + y / m - 1.0)
        return 2.0 * (
            np.maximum(y, 0.0) ** (2 - p) / ((1 - p) * (2 - p))
            - y * m ** (1 - p) / (1 - p)
            + m ** (2 - p) / (2 - p)
        )

    return deviance
