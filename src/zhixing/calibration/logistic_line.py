"""Maximum likelihood of a logistic model with a few columns, as the tests of calibration need it."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from ..core.errors import InputError


def fit_logistic_line(
    hit: np.ndarray, w: np.ndarray, design: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and information matrix of ``logit P = design theta``, without a penalty.

    Newton's method with step halving.  Refused where the classes can be separated: no finite maximum exists.
    """

    def loss(theta: np.ndarray) -> float:
        z = design @ theta
        return float(w @ (np.logaddexp(0.0, z) - hit * z))

    theta = np.zeros(design.shape[1])
    value = loss(theta)
    for _ in range(200):
        q = expit(design @ theta)
        information = (design * (w * q * (1.0 - q))[:, None]).T @ design
        gradient = design.T @ (w * (hit - q))
        step = np.linalg.lstsq(information, gradient, rcond=None)[0]
        decrement = float(gradient @ step)
        if decrement <= 1e-16 * max(value, 1.0):
            break
        size = 1.0
        while (
            following := loss(theta + size * step)
        ) > value - 1e-4 * size * decrement and size > 1e-8:
            size *= 0.5
        if following >= value:
            break
        theta, value = theta + size * step, following
    if value <= 1e-6 * w.sum() or np.abs(theta).max() > 1e4:
        raise InputError(
            "the probabilities separate the classes perfectly: no calibration line exists"
        )
    return theta, information
