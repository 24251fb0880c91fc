"""A penalty written out coefficient by coefficient, and how far from optimal coefficients are."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class Terms(NamedTuple):
    """sum_j (l1_j |w_j| + l2_j w_j^2 / 2) over low <= w_j <= high."""

    l1: np.ndarray
    l2: np.ndarray
    low: float = -np.inf
    high: float = np.inf

    def at(self, chosen: Any) -> Terms:
        return Terms(self.l1[chosen], self.l2[chosen], self.low, self.high)

    def value(self, w: np.ndarray) -> float:
        return float(np.vdot(self.l1, np.abs(w)) + 0.5 * np.vdot(self.l2, w * w))


def terms_of(penalty: Any, shape: tuple[int, ...]) -> Terms:
    """The terms of a penalty that has an `elastic` form."""
    e = penalty.elastic()
    return Terms(_each(e.l1, shape), _each(e.l2, shape), e.low, e.high)


def _each(given: Any, shape: tuple[int, ...]) -> np.ndarray:
    """A number for each coefficient from one for all, or from one for each row of coefficients."""
    held = np.asarray(given, dtype=np.float64)
    if held.ndim < len(shape) and held.size > 1:
        held = held[:, None]
    return np.broadcast_to(held, shape).copy()


def violations(terms: Terms, w: np.ndarray, g: np.ndarray) -> np.ndarray:
    """How much each one-sided derivative of loss + penalty points downhill, in units of g.

    At a minimum the derivative to the right is at least 0 and the one to the left at most 0 (a
    bound forgives its own side), so the result is 0 for every coefficient.
    """
    slope = g + terms.l2 * w
    right = slope + np.where(w >= 0.0, terms.l1, -terms.l1)
    left = slope + np.where(w > 0.0, terms.l1, -terms.l1)
    right = np.where(w < terms.high, -right, 0.0)
    left = np.where(w > terms.low, left, 0.0)
    return np.maximum(np.maximum(right, left), 0.0)
