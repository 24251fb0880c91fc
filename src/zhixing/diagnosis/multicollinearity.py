"""Columns that say the same: how much, which, and what helps."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.decomposition import PCA, FactorAnalysis
from sklearn.model_selection import KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_array, column_or_1d

from ..core.finding import Finding
from ..core.quiet import quiet
from ..linear_model import LassoCV, LinearRegression, Ridge
from .vif import correlation, vif

#: Where a correlation, a variance inflation factor and a condition index are worth a finding.
HIGH_R, HIGH_VIF, HIGH_INDEX = 0.9, 10.0, 30.0


def multicollinearity(X: Any, y: Any = None, *, random_state: int = 0) -> list[Finding]:
    """Findings about linear dependence among columns, and with y the remedies compared.

    Looks at pairs of columns (|r| of 0.9 and more), at variance inflation factors (10 and more), and
    at the principal axes of the standardised columns: an axis with a condition index of 30 or more
    is a combination of columns that hardly varies, and the columns whose coefficient variance lies on
    it for more than half are named (Belsley, Kuh and Welsch 1980, chapter 3).  Where any of these is
    found, factor analysis names the columns that share a common factor, one for each eigenvalue of
    the correlations above 1.  With y, the spread of coefficients over bootstrap samples shows how
    unstable they are, and dropping, ridge, lasso and principal components are scored by
    cross-validation; `apply` drops the columns named.
    """
    names = [str(c) for c in getattr(X, "columns", [f"x{j}" for j in range(np.shape(X)[1])])]
    A = check_array(X, dtype=np.float64)  # type: ignore[arg-type]
    R, factors = correlation(A), vif(A)
    findings = [f for f in (_pairs(R, names), _inflation(factors, names)) if f is not None]
    findings += _axes(R, names)
    if not findings:
        largest = float(np.nanmax(factors)) if np.isfinite(factors).any() else 1.0
        return [
            Finding(
                "multicollinearity",
                "info",
                "no column is close to a combination of the others",
                evidence={"largest_vif": largest},
            )
        ]
    findings += _factors(A, R, names)
    if y is not None:
        findings.append(_remedies(A, column_or_1d(y), names, _droppable(A, names), random_state))
    return findings


def _pairs(R: np.ndarray, names: list[str]) -> Finding | None:
    at, to = np.nonzero(np.triu(np.abs(R), 1) >= HIGH_R)
    if not len(at):
        return None
    order = np.argsort(-np.abs(R[at, to]), kind="stable")
    pairs = [(names[at[i]], names[to[i]], round(float(R[at[i], to[i]]), 4)) for i in order]
    first = pairs[0]
    return Finding(
        "correlated-columns",
        "warning",
        f"{len(pairs)} pair(s) of columns correlate with |r| of {HIGH_R} or more, "
        f"most {first[0]} and {first[1]} ({first[2]:.3f})",
        where=", ".join(dict.fromkeys(n for p in pairs for n in p[:2])),
        evidence={"pairs": pairs[:50], "count": len(pairs)},
        cause="the columns measure the same thing, or one is computed from the other",
        remedy="keep one of each pair, or penalise (ridge shares, lasso chooses)",
    )


def _inflation(factors: np.ndarray, names: list[str]) -> Finding | None:
    high = np.flatnonzero(factors >= HIGH_VIF)
    if not len(high):
        return None
    high = high[np.argsort(-factors[high], kind="stable")]
    drop = [names[j] for j in high]
    worst = factors[high[0]]
    size = "is a combination of the others" if np.isinf(worst) else f"has a VIF of {worst:.1f}"
    return Finding(
        "variance-inflation",
        "warning",
        f"{len(high)} column(s) with a variance inflation factor of {HIGH_VIF:g} or more: "
        f"{names[high[0]]} {size}",
        where=", ".join(drop),
        evidence={"vif": {names[j]: float(factors[j]) for j in high}},
        cause="the other columns nearly determine these, so their coefficients can trade places",
        remedy="drop one column of each group, use ridge or lasso, or collect more rows",
        apply=_drop_until_low,
    )


def _drop_until_low(X: Any) -> Any:
    """X without columns of a VIF of 10 and more, the worst first until none is left."""
    A = check_array(X, dtype=np.float64)  # type: ignore[arg-type]
    keep = _droppable_indices(A)[0]
    return X.iloc[:, keep] if hasattr(X, "iloc") else X[:, keep]


def _droppable_indices(A: np.ndarray) -> tuple[list[int], list[int]]:
    keep, dropped = list(range(A.shape[1])), []
    while len(keep) > 1:
        factors = np.nan_to_num(vif(A[:, keep]), nan=1.0)
        worst = int(np.argmax(factors))
        if factors[worst] < HIGH_VIF:
            break
        dropped.append(keep.pop(worst))
    return keep, dropped


def _droppable(A: np.ndarray, names: list[str]) -> list[int]:
    return _droppable_indices(A)[1]


def _axes(R: np.ndarray, names: list[str]) -> list[Finding]:
    varying = np.flatnonzero(np.diag(R) > 0)
    values, vectors = np.linalg.eigh(R[np.ix_(varying, varying)])
    if not len(values):
        return []
    index = np.sqrt(values[-1] / np.maximum(values, 1e-300))
    share = vectors**2 / np.maximum(values, 1e-300)
    share /= share.sum(axis=1, keepdims=True)
    found = []
    for axis in np.flatnonzero(index >= HIGH_INDEX)[:5]:
        on = varying[share[:, axis] > 0.5]
        if len(on) < 2:
            on = varying[np.abs(vectors[:, axis]) > 0.3]
        named = [names[j] for j in on]
        found.append(
            Finding(
                "near-dependence",
                "warning",
                f"{', '.join(named)} together hardly vary (condition index "
                f"{'infinite' if index[axis] > 1e8 else f'{index[axis]:.0f}'})",
                where=", ".join(named),
                evidence={
                    "condition_index": float(min(index[axis], 1e300)),
                    "weights": {
                        names[j]: round(float(v), 4)
                        for j, v in zip(varying, vectors[:, axis])
                        if abs(v) > 0.1
                    },
                },
                cause="a weighted sum of these columns is almost constant",
                remedy="drop one of them, replace them by their components (PCA), or penalise",
            )
        )
    return found


def _factors(A: np.ndarray, R: np.ndarray, names: list[str]) -> list[Finding]:
    """Columns by common factor: loadings after varimax, and the share of a column all factors explain."""
    varying = np.flatnonzero(np.diag(R) > 0)
    count = int((np.linalg.eigvalsh(R[np.ix_(varying, varying)]) > 1.0).sum())  # Kaiser (1960)
    if not 1 <= count < len(varying) <= 300:
        return []
    Z = StandardScaler().fit_transform(A[:, varying])
    with quiet():  # columns that are exact sums leave no unique variance, which it warns of
        model = FactorAnalysis(count, rotation="varimax", svd_method="lapack").fit(Z)
    loadings = model.components_
    groups = [[names[varying[j]] for j in np.flatnonzero(np.abs(row) > 0.6)] for row in loadings]
    shared = [group for group in groups if len(group) > 1]
    return [
        Finding(
            "common-factors",
            "info",
            f"{count} common factor(s); of columns that load on one together: "
            + ("; ".join(", ".join(group) for group in shared) or "none"),
            evidence={
                "groups": groups,
                "loadings": [[round(float(v), 4) for v in row] for row in loadings],
                "communality": dict(
                    zip([names[j] for j in varying], (loadings**2).sum(axis=0).round(4).tolist())
                ),
            },
            cause="the columns of a group measure one thing behind them",
            remedy="keep one column of a group, or its factor's score",
        )
    ]


def _remedies(
    A: np.ndarray, y: np.ndarray, names: list[str], drop: list[int], seed: int
) -> Finding:
    """Cross-validated scores of what may help, beside how unstable plain coefficients are."""
    rng = np.random.default_rng(seed)
    Z = StandardScaler().fit_transform(A)
    draws = [rng.integers(0, len(y), len(y)) for _ in range(50)]

    def spread(model: Any) -> float:
        coefs = np.stack([model.fit(Z[d], y[d]).coef_ for d in draws])
        return float(np.median(coefs.std(axis=0)))

    keep = [j for j in range(A.shape[1]) if j not in drop]
    folds = KFold(min(5, len(y)), shuffle=True, random_state=seed)
    scale = StandardScaler
    contest = {
        "all columns": (make_pipeline(scale(), LinearRegression()), A),
        "dropping": (make_pipeline(scale(), LinearRegression()), A[:, keep]),
        "ridge": (make_pipeline(scale(), Ridge(alpha=0.01 * len(y))), A),
        "lasso": (make_pipeline(scale(), LassoCV(cv=folds)), A),
        "principal components": (make_pipeline(scale(), PCA(0.99), LinearRegression()), A),
    }
    scores = {
        name: float(cross_val_score(model, data, y, cv=folds, scoring="r2").mean())
        for name, (model, data) in contest.items()
    }
    plain, ridge = spread(LinearRegression()), spread(Ridge(alpha=0.01 * len(y)))
    best = max(scores, key=scores.__getitem__)
    return Finding(
        "collinearity-remedies",
        "tip",
        f"of dropping, ridge, lasso and principal components, {best} predicts best (R2 {scores[best]:.3f}; "
        f"all columns {scores['all columns']:.3f})",
        where=", ".join(names[j] for j in drop),
        evidence={
            "r2": scores,
            "coefficient_spread": {"least squares": plain, "ridge": ridge},
            "dropped": [names[j] for j in drop],
        },
        cause=f"coefficients vary by {plain:.3g} over bootstrap samples, with ridge by {ridge:.3g} "
        "(standardised columns)",
        remedy="prediction may not suffer from collinear columns; coefficients read one by one do",
    )
