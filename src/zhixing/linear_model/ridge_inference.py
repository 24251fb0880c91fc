"""What can be said of ridge coefficients: their spread and the effective number of parameters."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..solvers.weighted_gram import weighted_gram
from .coefficient_table import CoefficientTable
from .inference import NoInference, _moments, column_names


def summarise_ridge(
    model: Any, X: Any, y: np.ndarray, weight: np.ndarray, alpha: float, confidence: float
) -> CoefficientTable:
    """Standard errors of the shrunk coefficients at a fixed alpha; no tests and no intervals.

    With S = (A'WA + alpha I)^-1 over a = (x, 1), the intercept free of penalty, the coefficients have
    covariance sigma^2 S A'WA S, the fit has tr(S A'WA) effective parameters, and sigma^2 is the
    residual sum of squares over n minus as many.  They are biased towards zero by a known amount that
    depends on the unknown truth, so t-tests of zero would be wrong (Goeman 2010, "L1 penalized
    estimation", section 6; Hastie et al. 2009, eq. 3.50).
    """
    intercept = bool(model.fit_intercept)
    y = np.asarray(y, dtype=np.float64)
    p, n = X.shape[1], float(weight.sum())
    coef = np.append(np.ravel(model.coef_), [np.ravel(model.intercept_)[0]] * intercept)
    coef = coef.astype(np.float64)
    G = weighted_gram(X, weight, intercept)
    penalty = np.append(np.full(p, alpha), [0.0] * intercept)
    S = np.linalg.inv(G + np.diag(penalty))
    effective = float(np.trace(S @ G))
    residual = y - np.asarray(X @ coef[:p]).ravel() - (coef[-1] if intercept else 0.0)
    squares = float(weight @ residual**2)
    if n <= effective:
        raise NoInference(f"{n:g} rows cannot carry {effective:.3g} effective parameters")
    scale = squares / (n - effective)
    ll = -0.5 * n * (math.log(2.0 * math.pi * max(squares, 1e-300) / n) + 1.0)
    centre = np.average(y, weights=weight) if intercept else 0.0
    total = float(weight @ (y - centre) ** 2)
    means, deviations = _moments(X, weight)
    return CoefficientTable(
        model=type(model).__name__,
        target="y",
        names=column_names(model, p) + ("(intercept)",) * intercept,
        coef=coef,
        covariance=scale * S @ G @ S,
        covariance_type="of the shrunk coefficients at this alpha",
        n=n,
        df_model=effective - intercept,
        df_resid=n - effective,
        confidence=confidence,
        df=n - effective,
        scale=scale,
        log_likelihood=ll,
        aic=2.0 * effective - 2.0 * ll,
        bic=effective * math.log(n) - 2.0 * ll,
        fit={
            "R2": 1.0 - squares / total if total > 0 else math.nan,
            "residual std error": math.sqrt(scale),
            "effective parameters": effective,
        },
        notes=(
            "no tests or intervals: ridge coefficients are biased towards zero, so t-tests of zero "
            "are not valid; fit LinearRegression, or read the bias from a range of alpha",
        ),
        tests=False,
        means=means,
        deviations=deviations,
    )
