"""What penalties over all coefficients at once share."""

from __future__ import annotations

from typing import Any

import numpy as np


def apart(penalty: Any, w: np.ndarray, g: np.ndarray) -> np.ndarray:
    """|w - prox(w - g, 1)|: how far w is from the fixed points of a proximal step, which are optimal."""
    return np.abs(w - penalty.prox(w - g, 1.0))


def least_step(step: np.ndarray) -> np.ndarray:
    """The least of the steps, for every coefficient."""
    return np.full_like(step, step.min(initial=np.inf))
