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
    """Standard error of an estimate from its influence on each row, ``sqrt(sum w psi^2 / (W (W - 1)))``."""
    total = total_weight(weight, influence.size)
    squares = (
        np.dot(influence, influence)
        if weight is None
        else np.einsum("i,i,i", weight, influence, influence)
    )
    return math.sqrt(float(squares) / (total * (total - 1.0)))


def effective_dof(influence: np.ndarray, weight: np.ndarray | None) -> float:
    """Degrees of freedom of a variance estimated from these influences, ``2 W / (kurtosis - 1)``.

    Satterthwaite's (1946) matching of the variance of the variance: W - 1 or so for normal influences, few
    where a few rows carry the estimate, as the positives do when they are rare.
    """
    total = total_weight(weight, influence.size)
    squares = influence * influence
    second = float(squares.mean() if weight is None else weight @ squares / total)
    fourth = float(
        (squares @ squares) / total if weight is None else (weight * squares) @ squares / total
    )
    if second <= 0.0 or not math.isfinite(fourth):
        return total - 1.0
    kurtosis = fourth / second**2
    return min(max(2.0 * total / max(kurtosis - 1.0, 1e-9), 1.0), total - 1.0)


def by_influence(
    value: float,
    influence: np.ndarray,
    weight: np.ndarray | None,
    confidence: float,
    *,
    scale: str = "identity",
) -> Estimate:
    """Delta-method interval from the influence function (Hampel 1974), whose weighted mean is zero.

    The critical value is Student's with `effective_dof`.
    """
    error = influence_error(influence, weight)
    return normal(value, error, confidence, scale=scale, dof=effective_dof(influence, weight))


def mean_interval(values: np.ndarray, weight: np.ndarray | None, confidence: float) -> Estimate:
    """The weighted mean of `values` with a Student t interval corrected for skewness: Hall (1992), eq. 2.

    Losses are skewed to the right, and the plain t interval then misses a large mean too often.  Hall's
    monotone cubic transform of the t statistic removes the first-order effect of the skewness; it is inverted
    in closed form.  Where no value is negative the limits are not either.

    >>> print(mean_interval(np.array([9.0, 10.0, 11.0]), None, 0.95))
    10.0000 [7.5159, 12.4841] (95 % Student t, skewness corrected)
    """
    values = np.asarray(values, dtype=np.float64)
    mean = float(values.mean() if weight is None else np.dot(weight, values) / weight.sum())
    gap = values - mean
    error = influence_error(gap, weight)
    total = total_weight(weight, values.size)
    method = "Student t, skewness corrected"
    if error == 0.0 or not math.isfinite(error):
        return Estimate(mean, mean, mean, confidence, method, error)
    cubes = gap * gap * gap
    third = float(cubes.mean() if weight is None else weight @ cubes / total)
    skewness = third / (error * error * (total - 1.0)) ** 1.5
    q = quantile(confidence, total - 1.0)
    low, high = (mean - error * _without_skew(t, skewness, total) for t in (q, -q))
    if values.min() >= 0.0:
        low = max(low, 0.0)
    return Estimate(mean, low, high, confidence, method, error)


def _without_skew(t: float, skewness: float, n: float) -> float:
    """The inverse of Hall's ``t + a t^2 + a^2 t^3 / 3 + a / 2``, a = skewness / (3 sqrt n)."""
    a = skewness / (3.0 * math.sqrt(n))
    if abs(a) < 1e-12:
        return t
    return float(np.cbrt(1.0 + 3.0 * a * (t - 0.5 * a)) - 1.0) / a


def mover(parts: Sequence[Estimate], shares: Sequence[float], confidence: float) -> Estimate:
    """Sum of independent estimates times `shares`, from their limits: Zou & Donner (2008), eq. 4.

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
