"""Rows that decide a least-squares fit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats


class Influence(NamedTuple):
    """One number per row.

    `leverage` is how far x is from the others (the diagonal of the hat matrix); `studentized` the
    residual over its standard deviation without the row; `cooks_distance` how far all fitted values
    move when the row leaves, in units of their variance; `outlier_p` the p-value of the studentized
    residual, corrected for looking at all rows (Bonferroni).
    """

    leverage: np.ndarray
    studentized: np.ndarray
    cooks_distance: np.ndarray
    outlier_p: np.ndarray


def influence(A: np.ndarray, residual: np.ndarray) -> Influence:
    """Influence of every row on the fit of A (the constant among its columns).  O(n p^2).

    Cook (1977), "Detection of influential observation in linear regression"; Belsley, Kuh and Welsch
    (1980), "Regression diagnostics", chapter 2.

    >>> A = np.column_stack([np.arange(5.0), np.ones(5)])
    >>> influence(A, np.array([0.1, -0.1, 0.0, -0.1, 0.1])).leverage.round(1)
    array([0.6, 0.3, 0.2, 0.3, 0.6])
    """
    n = len(residual)
    length = np.sqrt((A**2).sum(axis=0))
    Q, R = np.linalg.qr(A / np.where(length > 0, length, 1.0))
    size = np.abs(np.diag(R))
    Q = Q[:, size > 1e-10 * size.max()]
    k = Q.shape[1]
    h = np.minimum((Q**2).sum(axis=1), 1.0)
    df = n - k
    spare = np.maximum(1.0 - h, 1e-12)
    variance = float(residual @ residual) / max(df, 1)
    internal = residual / np.sqrt(np.maximum(variance, 1e-300) * spare)
    cook = internal**2 * h / (spare * k)
    without = np.maximum((df - internal**2) / max(df - 1, 1), 1e-300)
    external = internal / np.sqrt(without)
    p = np.minimum(1.0, n * 2.0 * stats.t.sf(np.abs(external), max(df - 1, 1)))
    return Influence(h, external, cook, p)
