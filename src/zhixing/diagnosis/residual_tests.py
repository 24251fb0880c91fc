"""Tests of the assumptions of least squares, on residuals."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats


class TestResult(NamedTuple):
    """A statistic, its p-value under the assumption, and how large the departure is."""

    __test__ = False

    name: str
    statistic: float
    p_value: float
    df: float
    effect: float
    effect_name: str


def _explained(A: np.ndarray, y: np.ndarray) -> tuple[float, float, int]:
    """Residual sum of squares of y on A, the total about the mean, and the rank of A."""
    w, _, rank, _ = np.linalg.lstsq(A / _lengths(A), y, rcond=None)
    r = y - (A / _lengths(A)) @ w
    return float(r @ r), float(((y - y.mean()) ** 2).sum()), int(rank)


def _lengths(A: np.ndarray) -> np.ndarray:
    length = np.sqrt((A**2).sum(axis=0))
    return np.where(length > 0, length, 1.0)


def reset(A: np.ndarray, y: np.ndarray, fitted: np.ndarray, powers: int = 3) -> TestResult:
    """Is the mean linear?  An F-test of the squares (and cubes) of the fitted values as columns.

    A has the columns of the fit, the constant among them.  The effect is the share of the residual
    sum of squares they explain.  Ramsey (1969), "Tests for specification errors".
    """
    s = (fitted - fitted.mean()) / (fitted.std() or 1.0)
    # Powers of the standardised fit span, with A, what powers of the fit span, without their size.
    more = np.column_stack([s**k for k in range(2, powers + 1)])
    before, _, rank = _explained(A, y)
    after, _, full = _explained(np.column_stack([A, more]), y)
    extra, left = full - rank, len(y) - full
    if extra < 1 or left < 1:
        return TestResult("RESET", np.nan, np.nan, extra, np.nan, "share explained")
    f = (before - after) / extra / (after / left) if after > 0 else np.inf
    p = float(stats.f.sf(f, extra, left))
    share = (before - after) / before if before > 0 else 0.0
    return TestResult("RESET", float(f), p, extra, share, "share explained")


def durbin_watson(A: np.ndarray, residual: np.ndarray) -> TestResult:
    """Do neighbouring rows err alike?  d = sum (e_t - e_(t-1))^2 / sum e^2, near 2 if not.

    The p-value takes d as Gaussian with its exact mean and variance given A.  The effect is the
    correlation of neighbours, about 1 - d / 2.  Durbin and Watson (1950), section 4.
    """
    n, (Q, R) = len(residual), np.linalg.qr(A / _lengths(A))
    Q = Q[:, np.abs(np.diag(R)) > 1e-10 * np.abs(np.diag(R)).max()]
    k = Q.shape[1]
    d = float((np.diff(residual) ** 2).sum() / max(float(residual @ residual), 1e-300))
    first = np.diff(Q, axis=0)
    B = first.T @ first  # Q'DQ with D the matrix of squared first differences
    DQ = np.vstack([np.zeros((1, k)), first]) - np.vstack([first, np.zeros((1, k))])
    trace_d, trace_dd = 2.0 * (n - 1), 6.0 * n - 8.0
    p = trace_d - np.trace(B)
    q = trace_dd - 2.0 * float((DQ**2).sum()) + float((B**2).sum())
    mean = p / (n - k)
    variance = 2.0 * (q - p * mean) / ((n - k) * (n - k + 2.0))
    z = (d - mean) / np.sqrt(max(variance, 1e-300))
    return TestResult(
        "Durbin-Watson", d, float(2.0 * stats.norm.sf(abs(z))), np.nan, 1 - d / 2, "correlation"
    )


def jarque_bera(residual: np.ndarray) -> TestResult:
    """Are the errors Gaussian?  n / 6 (skewness^2 + (kurtosis - 3)^2 / 4), chi-squared with 2 df.

    The effect is the larger of |skewness| and half of |excess kurtosis|.  Jarque and Bera (1980).
    """
    c = residual - residual.mean()
    m2 = float((c**2).mean()) or 1e-300
    skew, excess = float((c**3).mean()) / m2**1.5, float((c**4).mean()) / m2**2 - 3.0
    value = len(c) / 6.0 * (skew**2 + excess**2 / 4.0)
    p, effect = float(stats.chi2.sf(value, 2)), max(abs(skew), abs(excess) / 2)
    return TestResult("Jarque-Bera", value, p, 2, effect, "skewness or half the excess kurtosis")


def breusch_pagan(A: np.ndarray, residual: np.ndarray) -> TestResult:
    """Is the variance constant?  n R^2 of the squared residuals on the columns, chi-squared.

    Koenker's form, which does not need Gaussian errors.  The effect is that R^2.
    Breusch and Pagan (1979); Koenker (1981), "A note on studentizing a test for heteroscedasticity".
    """
    return _of_squares("Breusch-Pagan", A, residual)


def white(A: np.ndarray, residual: np.ndarray, fitted: np.ndarray) -> TestResult:
    """The same on columns, squares and products: any form of unequal variance.

    Where they are too many for the rows, on the fitted values and their squares instead.
    White (1980), eq. 8; Wooldridge (2013), "Introductory econometrics", eq. 8.20.
    """
    n, k = A.shape
    if k * (k + 1) // 2 <= n // 5:
        at, to = np.triu_indices(k)
        scaled = A / np.maximum(np.abs(A).max(axis=0), 1e-300)
        return _of_squares("White", scaled[:, at] * scaled[:, to], residual)
    s = (fitted - fitted.mean()) / (fitted.std() or 1.0)
    return _of_squares("White (on the fit)", np.column_stack([np.ones(n), s, s**2]), residual)


def _of_squares(name: str, Z: np.ndarray, residual: np.ndarray) -> TestResult:
    squares = residual**2
    left, total, rank = _explained(Z, squares)
    share = 1.0 - left / total if total > 0 else 0.0
    value, df = len(squares) * share, rank - 1
    p = float(stats.chi2.sf(value, df)) if df > 0 else np.nan
    return TestResult(name, value, p, df, share, "share of the squared residuals explained")
