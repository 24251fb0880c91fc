"""How far coefficients are from optimal."""

from __future__ import annotations

import numpy as np

from ..penalties.elastic import Elastic


def violations(
    e: Elastic, w: np.ndarray, g: np.ndarray, scale: np.ndarray | float = 1.0
) -> np.ndarray:
    """How much each one-sided derivative of loss + penalty points downhill, in units of g.

    At a minimum the derivative to the right is at least 0 and the one to the left at most 0 (a
    bound forgives its own side), so the result is 0 for every coefficient.  `scale` multiplies the
    penalty by coefficient.
    """
    slope = g + scale * e.l2 * w
    right = slope + scale * np.where(w >= 0.0, e.l1, -e.l1)
    left = slope + scale * np.where(w > 0.0, e.l1, -e.l1)
    right = np.where(w < e.high, -right, 0.0)
    left = np.where(w > e.low, left, 0.0)
    return np.maximum(np.maximum(right, left), 0.0)
