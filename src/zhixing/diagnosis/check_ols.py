"""Whether a least-squares fit meets the assumptions its standard errors rest on."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import check_array, check_consistent_length, check_is_fitted

from ..core.finding import Finding
from .influence import influence
from .multicollinearity import multicollinearity
from .residual_tests import (
    TestResult,
    breusch_pagan,
    durbin_watson,
    jarque_bera,
    reset,
    white,
)

#: code, test, effect from which a significant result matters, what is assumed, cause, remedy.
_ADVICE: dict[str, tuple[str, float, str, str, str]] = {
    "RESET": (
        "nonlinear-mean",
        0.01,
        "the mean is linear in the columns",
        "a column acts with a bend, or two act together",
        "add squares, splines or products of columns, or transform y",
    ),
    "Durbin-Watson": (
        "dependent-errors",
        0.1,
        "errors of neighbouring rows are unrelated",
        "rows follow each other in time or place and share what the model leaves out",
        "add lagged or trend columns, or use clustered standard errors",
    ),
    "Jarque-Bera": (
        "non-normal-errors",
        0.5,
        "errors are Gaussian",
        "outliers, or a skewed y",
        "transform y, use HuberRegressor or QuantileRegressor; with many rows the tests hold anyway",
    ),
    "Breusch-Pagan": (
        "unequal-variance",
        0.01,
        "errors have the same variance everywhere",
        "y varies more where it or a column is large",
        "use summary(..., covariance='HC3'), a log of y, or HeteroscedasticRegression",
    ),
    "White": (
        "unequal-variance",
        0.02,
        "errors have the same variance everywhere",
        "y varies more in some region of the columns",
        "use summary(..., covariance='HC3'), a log of y, or HeteroscedasticRegression",
    ),
}


def check_ols(
    model: Any, X: Any, y: Any, *, alpha: float = 0.01, order: Any = None
) -> list[Finding]:
    """Test linearity, independence, normality, constant variance, collinearity and influence.

    Parameters
    ----------
    model : a fitted linear regression with `predict`.    X, y : the rows of its fit.
    alpha : a departure is a warning if its p-value is below alpha and it is large enough to matter
        (with many rows the slightest is significant); significant but small is an ``info``.
    order : what the rows are sorted by before neighbours are compared (a time); else as they stand.

    Returns
    -------
    A finding for every test, passed or not, with statistic, p-value and size of the departure.

    Notes
    -----
    RESET (Ramsey 1969), Durbin-Watson (1950), Jarque-Bera (1980), Breusch-Pagan (1979) in Koenker's
    form, White (1980), variance inflation factors, leverage, Cook's distance (1977) and studentized
    residuals.  O(n p^2), White's O(n p^4) while p^2 / 2 is below n / 5.

    Examples
    --------
    >>> from zhixing.linear_model import LinearRegression
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(300, 2))
    >>> y = np.exp(X[:, 0] + X[:, 1]) + rng.normal(size=300)
    >>> model = LinearRegression().fit(X, y)
    >>> sorted({f.code for f in check_ols(model, X, y) if f.severity == "warning"})
    ['influential-rows', 'non-normal-errors', 'nonlinear-mean', 'unequal-variance']
    """
    check_is_fitted(model)
    fitted = np.asarray(model.predict(X), dtype=np.float64)
    A = check_array(X, dtype=np.float64)  # type: ignore[arg-type]
    y = np.asarray(y, dtype=np.float64).ravel()
    check_consistent_length(A, y)
    if fitted.shape != y.shape:
        raise ValueError("check_ols looks at one target; fit each column of y by itself")
    n, p = A.shape
    if n < p + 8:
        raise ValueError(
            f"{n} rows are too few to judge a fit of {p} columns; {p + 8} are the least"
        )
    design = np.column_stack([A, np.ones(n)])
    residual = y - fitted
    sequence = np.arange(n) if order is None else np.argsort(np.asarray(order), kind="stable")
    tests = [
        reset(design, y, fitted),
        durbin_watson(design[sequence], residual[sequence]),
        jarque_bera(residual),
        breusch_pagan(design, residual),
        white(design, residual, fitted),
    ]
    findings = [_judge(t, alpha) for t in tests]
    findings += multicollinearity(X)
    findings.append(_influential(influence(design, residual), alpha, p + 1))
    return findings


def _judge(test: TestResult, alpha: float) -> Finding:
    code, enough, assumed, cause, remedy = _ADVICE[test.name.split(" (")[0]]
    evidence = {
        "test": test.name,
        "statistic": test.statistic,
        "p_value": test.p_value,
        "df": None if test.df != test.df else float(test.df),
        "effect": test.effect,
        "effect_name": test.effect_name,
    }
    said = f"{test.name}: p = {test.p_value:.3g}, {test.effect_name} {test.effect:.3g}"
    if not test.p_value < alpha:
        return Finding(code, "info", f"no sign against: {assumed} ({said})", evidence=evidence)
    if abs(test.effect) < enough:
        title = f"significant but small departure from: {assumed} ({said})"
        return Finding(code, "info", title, evidence=evidence, cause=cause)
    return Finding(
        code,
        "warning",
        f"not so: {assumed} ({said})",
        evidence=evidence,
        cause=cause,
        remedy=remedy,
    )


def _influential(found: Any, alpha: float, k: int) -> Finding:
    n = len(found.leverage)
    # 1/2 asks for a look, 1 says that the fit hangs on the row (Cook and Weisberg 1982, p. 118).
    strong = np.flatnonzero(found.cooks_distance > 0.5)
    wild = np.flatnonzero(found.outlier_p < alpha)
    far = np.flatnonzero(found.leverage > 3.0 * k / n)
    rows = np.unique(np.concatenate([strong, wild]))
    order = rows[np.argsort(-found.cooks_distance[rows], kind="stable")][:20]
    evidence = {
        "rows": order.tolist(),
        "cooks_distance": found.cooks_distance[order].tolist(),
        "studentized": found.studentized[order].tolist(),
        "leverage": found.leverage[order].tolist(),
        "outliers": int(len(wild)),
        "high_leverage": int(len(far)),
    }
    if not len(rows):
        return Finding(
            "influential-rows", "info", "no row decides the fit by itself", evidence=evidence
        )
    return Finding(
        "influential-rows",
        "warning",
        f"{len(rows)} row(s) pull hard at the fit (largest Cook's distance "
        f"{found.cooks_distance.max():.2g}; {len(wild)} outlier(s) beyond chance)",
        where="rows " + ", ".join(map(str, order[:10])),
        evidence=evidence,
        cause="an error of recording, another population, or a bend the model does not have",
        remedy="look at these rows; fit HuberRegressor beside and compare the coefficients",
    )
