"""Acquisition functions: what a point is worth trying, from a surrogate's mean and deviation.

All take arrays of one shape, larger objective is better, and return an array; the point with the
largest value is tried next.  Where the deviation is zero the limit is taken.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special


def _standardised(mean: ArrayLike, std: ArrayLike, best: float) -> tuple[np.ndarray, ...]:
    mu, sigma = np.asarray(mean, dtype=float), np.asarray(std, dtype=float)
    if np.any(sigma < 0):
        raise ValueError("a standard deviation cannot be negative")
    gain = mu - best
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(sigma > 0, gain / sigma, np.where(gain > 0, np.inf, -np.inf))
    return gain, sigma, z


def expected_improvement(
    mean: ArrayLike, std: ArrayLike, best: float, *, xi: float = 0.0
) -> np.ndarray:
    """``E[max(f - best - xi, 0)] = g Phi(z) + s phi(z)``, ``g = mean - best - xi``, ``z = g / s``.

    Mockus (1975); Jones, Schonlau and Welch (1998), eq. 15, there for minimisation.  `xi` > 0 asks
    for more exploration.

    >>> expected_improvement([0.0, 0.0, 1.0], [1.0, 0.0, 0.0], best=0.5).round(4).tolist()
    [0.1978, 0.0, 0.5]
    """
    gain, sigma, z = _standardised(mean, std, best + xi)
    finite = np.where(np.isfinite(z), z, 0.0)
    density = np.exp(-0.5 * finite**2) / np.sqrt(2 * np.pi)
    return np.where(sigma > 0, gain * special.ndtr(finite) + sigma * density, np.maximum(gain, 0.0))


def probability_of_improvement(
    mean: ArrayLike, std: ArrayLike, best: float, *, xi: float = 0.0
) -> np.ndarray:
    """``P(f > best + xi) = Phi((mean - best - xi) / s)``.  Kushner (1964).

    >>> probability_of_improvement([0.0, 1.0], [1.0, 0.0], best=0.0).tolist()
    [0.5, 1.0]
    """
    return special.ndtr(_standardised(mean, std, best + xi)[2])


def upper_confidence_bound(
    mean: ArrayLike, std: ArrayLike, best: float = 0.0, *, kappa: float = 2.0
) -> np.ndarray:
    """``mean + kappa s``; `best` is not used.  Srinivas et al. (2010), eq. 6.

    >>> upper_confidence_bound([0.0, 1.0], [1.0, 0.25]).tolist()
    [2.0, 1.5]
    """
    gain, sigma, _ = _standardised(mean, std, 0.0)
    return gain + kappa * sigma
