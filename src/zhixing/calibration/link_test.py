"""Is the log-odds linear: in the score itself, and in each feature."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import expit, logit, ndtr

from ..core.errors import InputError
from ..metrics.calibration_error import binary_rows
from .goodness_of_fit import CalibrationTest
from .logistic_line import fit_logistic_line


def _score_test(
    hit: np.ndarray, p: np.ndarray, w: np.ndarray, known: np.ndarray, added: np.ndarray
) -> float:
    """z of Rao's score test for adding a column to a logistic model with probabilities p and columns
    `known`.
    """
    h = w * p * (1.0 - p)
    information = (known * h[:, None]).T @ known
    residual = (
        added - known @ np.linalg.lstsq(information, (known * h[:, None]).T @ added, rcond=None)[0]
    )
    spread = float(h @ residual**2)
    if spread <= 1e-10 * float(h @ added**2):
        return math.nan
    return float(w @ ((hit - p) * residual)) / math.sqrt(spread)


def link_test(
    y_true: Any, y_prob: Any, *, pos_label: Any = None, sample_weight: Any = None
) -> CalibrationTest:
    """Pregibon's (1980) link test: does the squared log-odds add to the log-odds?

    y is fitted by ``a + b logit(p)``, and a score test (standard normal z) asks for ``logit(p)^2``.  A curve
    means that the true log-odds are no linear function of the score.  Parameters as for `spiegelhalter_z`.

    >>> rng = np.random.default_rng(0)
    >>> p = rng.uniform(0.05, 0.95, 400)
    >>> bool(link_test(rng.random(400) < p, p).p_value > 0.05)
    True
    """
    hit, p, weight = binary_rows(y_true, y_prob, pos_label, sample_weight)
    w = np.ones(p.size) if weight is None else weight
    x = logit(np.clip(p.astype(np.float64), 1e-12, 1.0 - 1e-12))
    if np.ptp(x) == 0:
        raise InputError("all probabilities are equal, so their log-odds cannot be tested")
    known = np.column_stack([np.ones(x.size), x])
    fitted = _recalibrated(hit, w, known)
    z = _score_test(hit, fitted, w, known, x**2)
    return _result(z, "Link test")


def curvature_test(
    y_true: Any,
    y_prob: Any,
    X: Any,
    feature_names: Any = None,
    *,
    pos_label: Any = None,
    sample_weight: Any = None,
) -> list[CalibrationTest]:
    """For each feature, does its square add to a model linear in all of them?  A score test each.

    The probabilities are first refitted on their own log-odds and the features are the columns already known,
    so that what is tested is curvature only.  Features with fewer than three distinct values have no curve
    and are left out.

    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(400, 1))
    >>> p = 1 / (1 + np.exp(-x[:, 0]))
    >>> curvature_test(rng.random(400) < 1 / (1 + np.exp(-(x[:, 0] ** 2))), p, x, ["age"])[0].name
    'Curvature: age'
    """
    hit, p, weight = binary_rows(y_true, y_prob, pos_label, sample_weight)
    w = np.ones(p.size) if weight is None else weight
    if feature_names is None:
        feature_names = getattr(X, "columns", None)
    table = np.asarray(X, dtype=np.float64)
    if table.ndim != 2 or len(table) != p.size:
        raise InputError(f"X has shape {table.shape}, expected ({p.size}, features)")
    names = (
        [f"x{j}" for j in range(table.shape[1])] if feature_names is None else list(feature_names)
    )
    scale = table.std(axis=0)
    z = (table - table.mean(axis=0)) / np.where(scale > 0, scale, 1.0)
    x = logit(np.clip(p.astype(np.float64), 1e-12, 1.0 - 1e-12))
    fitted = _recalibrated(hit, w, np.column_stack([np.ones(x.size), x]))
    known = np.column_stack([np.ones(x.size), x, z])
    tests = []
    for j, name in enumerate(names):
        if np.unique(table[:, j]).size > 2:
            tests.append(
                _result(_score_test(hit, fitted, w, known, z[:, j] ** 2), f"Curvature: {name}")
            )
    return tests


def _recalibrated(hit: np.ndarray, w: np.ndarray, design: np.ndarray) -> np.ndarray:
    """Probabilities of a logistic model of y on `design`."""
    theta, _ = fit_logistic_line(hit, w, design)
    return np.clip(expit(design @ theta), 1e-12, 1.0 - 1e-12)


def _result(z: float, name: str) -> CalibrationTest:
    p = 1.0 if math.isnan(z) else float(2.0 * ndtr(-abs(z)))
    return CalibrationTest(z, p, math.nan, name)
