"""Variance inflation factors."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import check_array


def correlation(X: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
    """Correlations of the columns; those of a constant column are 0."""
    weight = np.ones(len(X)) if weight is None else np.asarray(weight, dtype=float)
    Z = X - np.average(X, axis=0, weights=weight)
    Z *= np.sqrt(weight / weight.sum())[:, None]
    length = np.sqrt((Z**2).sum(axis=0))
    constant = length <= 1e-13 * np.abs(X).max(axis=0, initial=0.0)
    Z /= np.where(constant, 1.0, length)
    Z[:, constant] = 0.0
    R = Z.T @ Z
    np.fill_diagonal(R, np.where(constant, 0.0, 1.0))
    return R


def vif(X: Any, sample_weight: Any = None) -> np.ndarray:
    """1 / (1 - R_j^2), with R_j^2 that of column j on the others and a constant.

    How many times larger the variance of a coefficient is than if its column were unrelated to the
    others: above 5 is worth a look, above 10 trouble, infinite where the others determine it.  A
    constant column has NaN.  One inverse of the correlation matrix, O(n p^2 + p^3).
    Marquardt (1970), "Generalized inverses, ridge regression, biased linear estimation", section 9.

    >>> X = np.column_stack([np.arange(6.0), np.arange(6.0) ** 2, [1.0, -1.0, 2.0, 0.0, 1.0, 3.0]])
    >>> vif(X).round(1)
    array([14.2, 16.7,  1.8])
    """
    X = check_array(X, dtype=np.float64)  # type: ignore[arg-type]
    R = correlation(X, sample_weight)
    found = np.full(len(R), np.nan)
    varying = np.diag(R) > 0
    R = R[np.ix_(varying, varying)]
    values, vectors = np.linalg.eigh(R)
    null = values <= 1e-13 * len(R)
    found[varying] = (vectors[:, ~null] ** 2 / values[~null]).sum(axis=1)
    if null.any():
        # Columns that take part in an exact dependence are determined by the others.
        bound = (vectors[:, null] ** 2).sum(axis=1) > 1e-10
        found[np.flatnonzero(varying)[bound]] = np.inf
    return found
