"""Given class probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import InputError


def check_priors(priors: Any, k: int) -> np.ndarray:
    """`priors` as k probabilities that sum to one."""
    prior = np.asarray(priors, dtype=np.float64)
    if prior.shape != (k,):
        raise InputError("Number of priors must match number of classes.")
    if not np.isclose(prior.sum(), 1.0):
        raise InputError("The sum of the priors should be 1.")
    if (prior < 0).any():
        raise InputError("Priors must be non-negative.")
    return prior
