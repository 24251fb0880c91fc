"""Box-Cox and Yeo-Johnson: the maps, their inverses, and the likelihood of the exponent."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from ..core.parallel import each, slices

_PIECE = 2**15
_SAMPLE = 20_000  # rows on which the exponent is found before all rows polish it


def stretch(u: Any, e: Any) -> np.ndarray:
    """(exp(e u) - 1) / e, and u for e = 0: both families are this map of a logarithm.

    >>> stretch(np.log(3.0), 1.0).round(12), stretch(2.0, 0.0)
    (np.float64(2.0), np.float64(2.0))
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where(np.abs(e) < 1e-14, u, np.expm1(e * u) / e)[()]


def shrink(h: Any, e: Any) -> np.ndarray:
    """The inverse of `stretch`: log(1 + e h) / e; NaN outside its range."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.abs(e) < 1e-14, h, np.log1p(e * h) / e)[()]


def box_cox(x: np.ndarray, exponent: Any, centre: Any = 0.0) -> np.ndarray:
    """(x^lambda - 1) / lambda of x / exp(centre), x > 0.  Box and Cox (1964), eq. 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return stretch(np.log(x) - centre, exponent)


def inverse_box_cox(z: np.ndarray, exponent: Any, centre: Any = 0.0) -> np.ndarray:
    return np.exp(shrink(z, exponent) + centre)


def yeo_johnson(x: np.ndarray, exponent: Any, centre: Any = 0.0) -> np.ndarray:
    """sign(x) stretch(log(1 + |x|), e), e = lambda for x >= 0 and 2 - lambda below.

    Yeo and Johnson (2000), eq. 2.1.  A `centre` other than 0 is a signed log(1 + |x|) at which the
    result is shifted to 0 and scaled to slope 1: a column far from zero keeps its digits.
    """
    u = np.log1p(np.abs(x))
    e = np.where(x >= 0, exponent, 2.0 - exponent)
    if not np.any(centre):
        return np.copysign(stretch(u, e), x)
    same = np.signbit(x) == np.signbit(centre)
    near = stretch(u - np.where(same, np.abs(centre), 0.0), e)
    at = np.where(np.signbit(centre), 2.0 - exponent, exponent)
    side = np.copysign(1.0, centre)
    with np.errstate(over="ignore", invalid="ignore"):
        far = side * (stretch(-np.abs(centre), at) - near * np.exp(-at * np.abs(centre)))
    return np.where(same, side * near, far)


def inverse_yeo_johnson(z: np.ndarray, exponent: Any, centre: Any = 0.0) -> np.ndarray:
    if not np.any(centre):
        e = np.where(z >= 0, exponent, 2.0 - exponent)
        return np.copysign(np.expm1(shrink(np.abs(z), e)), z)
    side = np.copysign(1.0, centre)
    at = np.where(side < 0, 2.0 - exponent, exponent)
    u = shrink(side * z, at) + np.abs(centre)
    with np.errstate(over="ignore", invalid="ignore"):
        plain = (z - side * stretch(-np.abs(centre), at)) * np.exp(at * np.abs(centre))
        other = inverse_yeo_johnson(plain, exponent)
        return np.where(u >= 0, side * np.expm1(u), other)


def box_cox_exponent(x: np.ndarray) -> float:
    """The exponent of largest likelihood for positive x: that of least var(stretch(log x - mean))."""
    u = np.log(x)
    return _least(u - u.mean(), _log_variance_one_sided)


def yeo_johnson_exponent(x: np.ndarray) -> tuple[float, float]:
    """The exponent of largest likelihood, and the centre for a column of one sign (else 0)."""
    s = np.copysign(np.log1p(np.abs(x)), x)
    if x.min() >= 0:
        centre = float(s.mean())
        return _least(s - centre, _log_variance_one_sided), centre
    if x.max() <= 0:
        centre = float(s.mean())
        return 2.0 - _least(centre - s, _log_variance_one_sided), centre
    return _least(s, _log_variance_two_sided), 0.0


def _least(d: np.ndarray, objective: Any) -> float:
    """The minimum over the exponent: found on a sample of the rows, polished on all."""
    bracket: tuple[float, ...] = (-2.0, 2.0)
    if d.size > 4 * _SAMPLE:
        sample = d[:: d.size // _SAMPLE]
        start = minimize_scalar(lambda e: objective(sample, e), bracket=bracket).x
        bracket = (start - 0.02, start + 0.02)
    return float(minimize_scalar(lambda e: objective(d, e), bracket=bracket).x)


def _log_variance_one_sided(d: np.ndarray, e: float) -> float:
    """log var(stretch(d, e)) for log-deviations d with mean 0: minus 2/n the log-likelihood."""
    scale = max(e * float(d.max()), e * float(d.min()), 0.0)

    def piece(s: slice) -> tuple[int, float, float]:
        return _moments(_scaled(d[s], e, scale))

    return _log_variance(each(piece, slices(d.size, _PIECE))) + 2 * scale


def _log_variance_two_sided(s: np.ndarray, e: float) -> float:
    """log var(psi) - 2 (e - 1) mean(sign(x) log(1 + |x|)) for signed logarithms s."""
    up, down = float(s.max()), float(-s.min())
    scale = max(e * up, (2 - e) * down, 0.0)

    def piece(cut: slice) -> tuple[int, float, float]:
        part = s[cut]
        positive = part >= 0
        own = np.where(positive, e, 2 - e)
        return _moments(np.copysign(_scaled(np.abs(part), own, scale), part))

    spread = _log_variance(each(piece, slices(s.size, _PIECE)))
    return spread + 2 * scale - 2 * (e - 1) * float(s.mean())


def _scaled(u: np.ndarray, e: Any, scale: float) -> np.ndarray:
    """stretch(u, e) exp(-scale), where exp(e u) alone may overflow."""
    if scale < 100:
        return stretch(u, e) * np.exp(-scale)
    return (np.exp(e * u - scale) - np.exp(-scale)) / e


def _moments(h: np.ndarray) -> tuple[int, float, float]:
    mean = float(h.mean())
    return h.size, mean, float(np.square(h - mean).sum())


def _log_variance(parts: list[tuple[int, float, float]]) -> float:
    n, mean, squares = parts[0]
    for size, other, more in parts[1:]:
        delta = other - mean
        squares += more + delta * delta * n * size / (n + size)
        mean += delta * size / (n + size)
        n += size
    return float(np.log(squares / n)) if squares > 0 else float("inf")
