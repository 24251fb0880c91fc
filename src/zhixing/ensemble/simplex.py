"""The weights of models that would have answered best."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import minimize

from ..core.errors import InputError
from ..kernels.pointwise import pointwise

#: A convex objective and its slope at weights w.
Objective = Callable[[np.ndarray], tuple[float, np.ndarray]]


def arithmetic_log_loss(own: np.ndarray, weight: np.ndarray) -> Objective:
    """own (n, models): what each gave the class that came: -mean log (own w)."""

    def at(w: np.ndarray) -> tuple[float, np.ndarray]:
        p = np.maximum(own @ w, np.finfo(np.float64).tiny)
        return float(-weight @ np.log(p)), -((weight / p) @ own)

    return at


def geometric_log_loss(logs: np.ndarray, codes: np.ndarray, weight: np.ndarray) -> Objective:
    """logs (models, n, k) of probabilities: log loss of softmax(sum_m w_m log p_m), convex in w."""
    rows = np.arange(len(codes))
    own = logs[:, rows, codes]

    def at(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = np.tensordot(w, logs, 1)
        top = z.max(axis=1, keepdims=True)
        e = np.exp(z - top)
        total = e.sum(axis=1, keepdims=True)
        value = weight @ (np.log(total[:, 0]) + top[:, 0] - z[rows, codes])
        expected = np.einsum("mnk,nk->mn", logs, e / total)
        return float(value), (expected - own) @ weight

    return at


def brier(probas: np.ndarray, codes: np.ndarray, weight: np.ndarray) -> Objective:
    """Mean over rows of sum_c (p_c - 1{c came})^2 for the arithmetic mean: a quadratic form in w."""
    models, n, k = probas.shape
    hit = np.zeros((n, k))
    hit[np.arange(n), codes] = 1.0
    return squared((probas - hit).transpose(1, 2, 0).reshape(n * k, models), np.repeat(weight, k))


def squared(error: np.ndarray, weight: np.ndarray) -> Objective:
    """error (rows, models) of each model: since the weights add up to one, mean (error w)^2."""
    gram = (error * weight[:, None]).T @ error

    def at(w: np.ndarray) -> tuple[float, np.ndarray]:
        return float(w @ gram @ w), 2.0 * gram @ w

    return at


def by_part(loss: Any, y: np.ndarray, answers: np.ndarray, weight: np.ndarray) -> Objective:
    """Any part of `losses` of one score: mean loss(y, answers w), answers (n, models)."""
    if getattr(loss, "curvature", "none") == "none":
        raise InputError(
            f"weights cannot be fitted to {type(loss).__name__}, which has kinks",
            do="give a smooth loss, e.g. losses.Huber() for robustness",
        )
    g, h = np.empty(len(y)), np.empty(len(y))

    def at(w: np.ndarray) -> tuple[float, np.ndarray]:
        value, _ = pointwise(loss, y, answers @ w, weight, g, h)
        return float(value), g @ answers

    return at


def best_weights(objective: Objective, models: int) -> np.ndarray:
    """Minimise a convex function over weights that are not negative and add up to one.

    Sequential quadratic programming (Kraft 1988) from equal weights; then weights that are nothing are
    made exactly so.  O(models^3) a step beside the objective.
    """
    if models == 1:
        return np.ones(1)
    start = np.full(models, 1.0 / models)
    value, slope = objective(start)
    # Brought to unit scale, so that the tolerance means the same for every loss and unit of y.
    scale = max(abs(value), float(np.abs(slope).max()), np.finfo(np.float64).tiny)

    def scaled(w: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = objective(w)
        return value / scale, slope / scale

    found = minimize(
        scaled,
        start,
        jac=True,
        method="SLSQP",
        bounds=[(0.0, 1.0)] * models,
        constraints={
            "type": "eq",
            "fun": lambda w: w.sum() - 1.0,
            "jac": lambda w: np.ones(models),
        },
        options={"ftol": 1e-14, "maxiter": 500},
    )
    w = np.where(found.x < 1e-9, 0.0, found.x)
    w /= w.sum()
    # A step that failed in rounding must not leave less than what equal weights give.
    return w if objective(w)[0] <= value else start
