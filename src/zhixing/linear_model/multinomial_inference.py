"""Wald inference for multinomial logistic regression."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import stats

from ..core.parallel import single_threaded_blas
from ..losses import Softmax
from ..solvers.weighted_gram import group_sums, weighted_gram
from .coefficient_table import CoefficientTable
from .inference import (
    NoInference,
    _check_fitted_on,
    _moments,
    check_options,
    column_names,
    invert_information,
)
from .robust_covariance import COVARIANCES


def summarise_multinomial(
    model: Any,
    X: Any,
    y: np.ndarray,
    weight: np.ndarray,
    *,
    confidence: float,
    covariance: str,
    groups: Any,
    weights: str,
) -> CoefficientTable:
    """Coefficients of every class against the first, w_k - w_1, by the information of the softmax.

    Only differences between classes are identified.  The information has blocks
    sum weight (p_j [j = k] - p_j p_k) a a', a = (x, 1); its inverse is the covariance (McCullagh and
    Nelder 1989, section 6.5), or it is the bread of a sandwich (HC0, HC1, cluster).  Cost O(n p^2 k^2).
    """
    codes = check_options(covariance, groups, weights, len(y))
    if weights == "precision" or covariance in ("HC2", "HC3"):
        raise NoInference(
            "for several classes: weights='repetition', and covariance 'model', 'HC0', 'HC1' or "
            "'cluster'"
        )
    intercept, classes = bool(model.fit_intercept), model.classes_
    k, p, n = len(classes) - 1, X.shape[1], float(weight.sum())
    m = p + intercept
    truth = np.searchsorted(classes, y)
    theta = np.column_stack([model.coef_, model.intercept_] if intercept else [model.coef_])
    theta = theta.astype(np.float64)
    z = X @ theta[:, :p].T + (theta[:, -1] if intercept else 0.0)
    P = Softmax(k + 1).mean(np.asarray(z))[:, 1:]
    theta = theta[1:] - theta[0]
    names = column_names(model, p) + ("(intercept)",) * intercept
    H = np.zeros((k, m, k, m))
    with single_threaded_blas():
        for a in range(k):
            H[a, :, a] = weighted_gram(X, weight * P[:, a] * (1.0 - P[:, a]), intercept)
            for b in range(a):
                H[a, :, b] = H[b, :, a] = -weighted_gram(X, weight * P[:, a] * P[:, b], intercept)
    labels = tuple(str(c) for c in classes[1:] for _ in names)
    full = tuple(f"{c}: {name}" for c, name in zip(labels, names * k))
    kept = P[np.arange(len(y)), np.maximum(truth - 1, 0)]
    kept = np.where(truth > 0, kept, 1.0 - P.sum(axis=1))
    everyone = np.column_stack([1.0 - P.sum(axis=1), P])
    if (everyone.argmax(axis=1) == truth)[weight > 0].all():
        raise NoInference(
            "the classes are separated, so the most likely coefficients are infinite and have no "
            "standard errors; use a penalised model and compare by cross-validation"
        )
    bread = invert_information(H.reshape(k * m, k * m), full, "")
    R = P - (truth[:, None] == np.arange(1, k + 1))
    gradient = _per_class(X, weight[:, None] * R, intercept)
    _check_fitted_on(bread @ gradient, np.sqrt(np.diag(bread)), 1.0, full)
    table = bread
    if covariance != "model":
        table = bread @ _meat(X, R, weight, intercept, codes) @ bread
        if covariance == "HC1":
            table = table * n / (n - k * m)
        if codes is not None:
            count = codes.max() + 1.0
            table = table * count / (count - 1.0) * (n - 1.0) / (n - k * m)
    ll = float(weight @ np.log(np.maximum(kept, 1e-300)))
    share = np.bincount(truth, weights=weight, minlength=k + 1) / n
    null = float(n * (share * np.log(np.maximum(share, 1e-300))).sum())
    chi2, df = 2.0 * (ll - null), k * p
    means, deviations = _moments(X, weight)
    return CoefficientTable(
        model=type(model).__name__,
        target=f"class k against {classes[0]}",
        names=names * k,
        coef=theta.ravel(),
        covariance=table,
        covariance_type=COVARIANCES[covariance],
        n=n,
        df_model=float(k * p),
        df_resid=n - k * m,
        link="logit",
        confidence=confidence,
        scale=1.0,
        log_likelihood=ll,
        aic=2.0 * k * m - 2.0 * ll,
        bic=k * m * math.log(n) - 2.0 * ll,
        fit={
            "deviance": -2.0 * ll,
            "null deviance": -2.0 * null,
            "D2": 1.0 - ll / null,
            "chi2": chi2,
            "chi2 p-value": float(stats.chi2.sf(chi2, df)),
        },
        means=means,
        deviations=deviations,
        outcomes=labels,
    )


def _per_class(X: Any, R: np.ndarray, intercept: bool) -> np.ndarray:
    slopes = np.asarray(X.T @ R).T
    return (np.column_stack([slopes, R.sum(axis=0)]) if intercept else slopes).ravel()


def _meat(
    X: Any, R: np.ndarray, weight: np.ndarray, intercept: bool, codes: np.ndarray | None
) -> np.ndarray:
    k = R.shape[1]
    if codes is not None:
        sums = [group_sums(X, weight * R[:, j], codes, intercept) for j in range(k)]
        stacked = np.hstack(sums)
        return stacked.T @ stacked
    m = X.shape[1] + int(intercept)
    meat = np.zeros((k, m, k, m))
    for a in range(k):
        for b in range(k):
            # The product may be negative; it is taken as the difference of two squares.
            v = weight * R[:, a] * R[:, b]
            meat[a, :, b] = weighted_gram(X, np.maximum(v, 0.0), intercept)
            meat[a, :, b] -= weighted_gram(X, np.maximum(-v, 0.0), intercept)
    return meat.reshape(k * m, k * m)
