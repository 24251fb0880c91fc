"""Skewness and kurtosis of columns."""

from __future__ import annotations

import numpy as np

from ..rounds.moments import moments


def skewness(X: np.ndarray) -> np.ndarray:
    """Third standardised moment by column, NaN skipped; 0 for a constant column.

    >>> skewness(np.array([[0.0], [0.0], [3.0]])).round(3)
    array([0.707])
    """
    return _standardised_moment(X, 3)


def kurtosis(X: np.ndarray) -> np.ndarray:
    """Fourth standardised moment minus 3, so that the normal distribution has 0."""
    return _standardised_moment(X, 4) - 3.0


def _standardised_moment(X: np.ndarray, order: int) -> np.ndarray:
    found = moments(X)
    spread = np.sqrt(np.maximum(found.variance, 0.0))
    constant = ~(spread > 10 * np.finfo(np.float64).eps * np.abs(found.mean))
    z = (X - found.mean) / np.where(constant, 1.0, spread)
    return np.where(constant, 0.0, moments(z**order).mean)
