"""From a value and its uncertainty to an interval: the few ways every metric uses.

A proportion takes Wilson's interval.  A mean, or any smooth function of means, takes the delta
method: its influence on each row gives the standard error, and the interval is made on a scale
where the estimate is nearly normal and the limits stay inside the range.  `sample_weight` counts
repetitions everywhere, so a row of weight 2 narrows an interval exactly as the row twice would.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ..core.errors import InputError
from ..core.estimate import Estimate


class Scale(NamedTuple):
    """A monotone map to the line, its inverse, and its derivative."""

    to: Callable[[float], float]
    back: Callable[[float], float]
    slope: Callable[[float], float]


#: Scales by the range of the metric they suit.
SCALES: dict[str, Scale] = {
    "identity": Scale(lambda v: v, lambda u: u, lambda v: 1.0),
    "log": Scale(math.log, math.exp, lambda v: 1.0 / v),
    "logit": Scale(
        lambda v: math.log(v / (1.0 - v)),
        lambda u: 1.0 / (1.0 + math.exp(-u)) if u > -700 else 0.0,
        lambda v: 1.0 / (v * (1.0 - v)),
    ),
    "fisher": Scale(math.atanh, math.tanh, lambda v: 1.0 / (1.0 - v * v)),
    "log complement": Scale(
        lambda v: -math.log1p(-v), lambda u: -math.expm1(-u), lambda v: 1.0 / (1.0 - v)
    ),
}


def check_confidence(confidence: float) -> float:
    """The confidence, refused unless it lies between 0 and 1."""
    if not 0.0 < confidence < 1.0:
        raise InputError(
            f"confidence must lie between 0 and 1, not {confidence!r}", do="e.g. confidence=0.95"
        )
    return float(confidence)


def quantile(confidence: float, dof: float = math.inf) -> float:
    """The two-sided critical value of the normal, or of Student's t with `dof` degrees of freedom.

    >>> round(quantile(0.95), 4), round(quantile(0.95, 9.0), 4)
    (1.96, 2.2622)
    """
    from scipy.special import ndtri, stdtrit

    p = 0.5 + 0.5 * check_confidence(confidence)
    return float(ndtri(p) if math.isinf(dof) else stdtrit(dof, p))


def wilson(successes: float, trials: float, confidence: float) -> Estimate:
    """A proportion with Wilson's (1927) score interval, eq. 4 of Brown, Cai & DasGupta (2001).

    With no trials the value is nan and the interval is all of [0, 1].

    >>> print(wilson(9, 10, 0.95))
    0.9000 [0.5958, 0.9821] (95 % Wilson)
    """
    z = quantile(confidence)
    if trials <= 0:
        return Estimate(math.nan, 0.0, 1.0, confidence, "Wilson")
    p = successes / trials
    spread = z * math.sqrt(max(p * (1.0 - p), 0.0) / trials + (z / (2.0 * trials)) ** 2)
    middle, shrink = p + z * z / (2.0 * trials), 1.0 + z * z / trials
    # At the ends of the range the limit equals p exactly; rounding must not push it past p.
    low = min(max(0.0, (middle - spread) / shrink), p)
    high = max(min(1.0, (middle + spread) / shrink), p)
    return Estimate(p, low, high, confidence, "Wilson", math.sqrt(max(p * (1 - p), 0.0) / trials))


def normal(
    value: float,
    std_error: float,
    confidence: float,
    *,
    scale: str = "identity",
    dof: float = math.inf,
    method: str = "delta",
) -> Estimate:
    """``back(to(value) +- q slope(value) std_error)``: a normal or Student interval on a scale.

    Where the value lies on the edge of the scale's range, or the error is unknown, there is no such
    interval: the limits are nan and the caller must know a better method.

    >>> print(normal(0.9, 0.05, 0.95, scale="logit"))
    0.9000 [0.7518, 0.9639] (95 % delta, logit scale)
    """
    how = method if scale == "identity" else f"{method}, {scale} scale"
    chosen = SCALES[scale]
    try:
        reach = quantile(confidence, dof) * chosen.slope(value) * std_error
        middle = chosen.to(value)
        low, high = chosen.back(middle - reach), chosen.back(middle + reach)
    except (ValueError, ZeroDivisionError, OverflowError):
        low = high = math.nan
    return Estimate(value, low, high, confidence, how, std_error)


def total_weight(weight: np.ndarray | None, n: int) -> float:
    """Rows counted with repetition; refused below 2, where nothing can be said of the spread."""
    total = float(n if weight is None else weight.sum())
    if total < 2.0:
        raise InputError(
            f"the weights sum to {total:g} repetitions, an interval needs at least 2",
            do="pass weights that count repetitions, or leave out `confidence`",
        )
    return total


def influence_error(influence: np.ndarray, weight: np.ndarray | None) -> float:
    """Standard error of an estimate from its influence on each row, ``sqrt(sum w psi^2 / (W (W -
    1)))``.
    """
    total = total_weight(weight, influence.size)
    squares = (
        np.dot(influence, influence)
        if weight is None
        else np.einsum("i,i,i", weight, influence, influence)
    )
    return math.sqrt(float(squares) / (total * (total - 1.0)))


def by_influence(
    value: float,
    influence: np.ndarray,
    weight: np.ndarray | None,
    confidence: float,
    *,
    scale: str = "identity",
    student: bool = False,
) -> Estimate:
    """Delta-method interval from the influence function (Hampel 1974), whose weighted mean is
    zero.
    """
    error = influence_error(influence, weight)
    dof = total_weight(weight, influence.size) - 1.0 if student else math.inf
    return normal(value, error, confidence, scale=scale, dof=dof)


def mean_interval(values: np.ndarray, weight: np.ndarray | None, confidence: float) -> Estimate:
    """The weighted mean of `values` with Student's t interval (central limit theorem).

    >>> print(mean_interval(np.array([1.0, 2.0, 3.0]), None, 0.95))
    2.0000 [-0.4841, 4.4841] (95 % Student t)
    """
    values = np.asarray(values, dtype=np.float64)
    mean = float(values.mean() if weight is None else np.dot(weight, values) / weight.sum())
    error = influence_error(values - mean, weight)
    dof = total_weight(weight, values.size) - 1.0
    return normal(mean, error, confidence, dof=dof, method="Student t")


def mover(parts: Sequence[Estimate], shares: Sequence[float], confidence: float) -> Estimate:
    """Sum of independent estimates times `shares`, from their own limits: MOVER, Zou & Donner
    (2008), eq. 4.

    Unlike the delta method it does not collapse when every part is at the edge of its range.

    >>> print(mover([wilson(9, 10, 0.95), wilson(10, 10, 0.95)], [0.5, 0.5], 0.95))
    0.9500 [0.7441, 0.9911] (95 % MOVER of Wilson)
    """
    value = sum(a * e.value for a, e in zip(shares, parts))
    down = math.sqrt(sum((a * (e.value - e.low)) ** 2 for a, e in zip(shares, parts)))
    up = math.sqrt(sum((a * (e.high - e.value)) ** 2 for a, e in zip(shares, parts)))
    error = math.sqrt(sum((a * e.std_error) ** 2 for a, e in zip(shares, parts)))
    return Estimate(value, value - down, value + up, confidence, "MOVER of Wilson", error)


def transformed(e: Estimate, function: Callable[[float], float], slope: float) -> Estimate:
    """An increasing function of an estimate: value and limits are mapped, the error by the slope
    at the value.
    """
    value, low, high = (function(v) for v in (e.value, e.low, e.high))
    return Estimate(value, low, high, e.confidence, e.method, abs(slope) * e.std_error)


def complement(e: Estimate) -> Estimate:
    """``1 - e`` with its limits exchanged.

    >>> print(complement(wilson(9, 10, 0.95)))
    0.1000 [0.0179, 0.4042] (95 % Wilson)
    """
    return e._replace(value=1.0 - e.value, low=1.0 - e.high, high=1.0 - e.low)
