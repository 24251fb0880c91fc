"""Whether to scale, how, and what it gains."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy import sparse as sp
from sklearn.base import clone, is_classifier

from ..core.finding import Finding
from ..core.quiet import quiet
from ..rounds.moments import moments
from .max_abs_scaler import MaxAbsScaler
from .power_transformer import PowerTransformer
from .quantiles import column_quantiles
from .robust_scaler import RobustScaler
from .shape import skewness
from .standard_scaler import StandardScaler

#: Words in the module or class name of estimators whose result does not depend on the scale.
_BLIND = ("tree", "forest", "boost", "naive_bayes", "dummy", "GaussianNB", "Isotonic")
_ROWS = 20_000


class ScalerAdvice(NamedTuple):
    """The scaler proposed (None: leave the data as they are), whether the estimator needs one, the
    columns of each kind, and the findings that led there."""

    scaler: Any
    needed: bool
    columns: dict[str, list[int]]
    findings: list[Finding]


def suggest_scaler(X: Any, estimator: Any = None, y: Any = None) -> ScalerAdvice:
    """Propose a scaler from skewness, outliers and sparsity, and measure the gain if asked.

    Columns with |skewness| > 2 and no extreme outliers get PowerTransformer, columns with more
    than 1 % of values beyond 3 interquartile ranges RobustScaler, the others StandardScaler;
    sparse data MaxAbsScaler, which keeps the zeros.  Trees, forests, boosting and naive Bayes do
    not depend on the scale and need none.

    Parameters
    ----------
    X : array-like or sparse matrix of numbers; NaN is skipped
    estimator : estimator or None
        Whose need for scaling is judged.
    y : array-like or None
        With an estimator: both are fitted with and without the scaler on at most 20,000 rows, and
        iterations and scores compared.

    Returns
    -------
    ScalerAdvice

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = np.column_stack([rng.normal(size=500), rng.lognormal(8.0, 1.0, 500)])
    >>> advice = suggest_scaler(X)
    >>> advice.needed, advice.columns
    (True, {'StandardScaler': [0], 'PowerTransformer': [1]})
    """
    blind = estimator is not None and not _depends_on_scale(estimator)
    if sp.issparse(X):
        findings = [
            Finding(
                "sparse-scaling",
                "tip",
                "sparse data keep their zeros only if nothing is shifted",
                evidence={"density": X.nnz / max(1, X.shape[0] * X.shape[1])},
                remedy="MaxAbsScaler",
            )
        ]
        kinds = {"MaxAbsScaler": list(range(X.shape[1]))}
        advice = ScalerAdvice(None if blind else MaxAbsScaler(), not blind, kinds, findings)
        return _with_gain(advice, X, estimator, y)
    X = np.asarray(X, dtype=np.float64)
    if X.ndim != 2:
        raise ValueError(f"Expected 2D array, got {X.ndim}D array instead.")
    spread, far, skew = _statistics(X)
    kinds: dict[str, list[int]] = {}
    findings = []
    for j in range(X.shape[1]):
        if far[j] > 0.01:
            kind, code, why = "RobustScaler", "outliers", f"{100 * far[j]:.1f} % of values far out"
        elif abs(skew[j]) > 2:
            kind, code, why = "PowerTransformer", "skewed", f"skewness {skew[j]:.1f}"
        else:
            kind, code, why = "StandardScaler", "", ""
        kinds.setdefault(kind, []).append(j)
        if code:
            evidence = {"skewness": float(skew[j]), "share_far_out": float(far[j])}
            findings.append(
                Finding(code, "tip", why, where=f"column {j}", evidence=evidence, remedy=kind)
            )
    positive = spread[spread > 0]
    ratio = float(positive.max() / positive.min()) if positive.size else 1.0
    needed = not blind and (ratio > 3 or bool(findings))
    if ratio > 10 and not blind:
        findings.append(
            Finding(
                "unscaled",
                "warning",
                f"the widest column has {ratio:.3g} times the spread of the narrowest",
                evidence={"spread_ratio": ratio},
                cause="gradient steps, distances and penalties treat all columns alike",
                remedy="scale inside the pipeline",
            )
        )
    advice = ScalerAdvice(_scaler(kinds) if needed else None, needed, kinds, findings)
    return _with_gain(advice, X, estimator, y)


def _depends_on_scale(estimator: Any) -> bool:
    last = estimator.steps[-1][1] if hasattr(estimator, "steps") else estimator
    name = f"{type(last).__module__}.{type(last).__name__}"
    return not any(word.lower() in name.lower() for word in _BLIND)


def _statistics(X: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Standard deviation, share beyond 3 interquartile ranges, and skewness by column."""
    spread = np.sqrt(np.maximum(np.nan_to_num(moments(X).variance), 0.0))
    first, third = column_quantiles(X, [0.25, 0.75])
    width = 3 * (third - first)
    with np.errstate(invalid="ignore"):
        out = (X < first - width) | (X > third + width)
    # A long smooth tail is skewness, not outliers: it is judged on the logarithmic side too.
    skew = skewness(X)
    far = out.mean(axis=0)
    for j in np.flatnonzero((far > 0.01) & (np.abs(skew) > 2)):
        known = X[~np.isnan(X[:, j]), j]
        side = known - known.min() if skew[j] > 0 else known.max() - known
        middle = float(np.median(side))
        if middle == 0:  # most values are the same: there is no tail to be smooth
            continue
        logs = np.log1p(side / middle)
        a, b = np.quantile(logs, [0.25, 0.75])
        if ((logs > b + 3 * (b - a)) | (logs < a - 3 * (b - a))).mean() <= 0.01:
            far[j] = 0.0
    return spread, far, skew


def _scaler(kinds: dict[str, list[int]]) -> Any:
    made = {
        "StandardScaler": StandardScaler(),
        "RobustScaler": RobustScaler(),
        "PowerTransformer": PowerTransformer(),
    }
    if len(kinds) == 1:
        return made[next(iter(kinds))]
    from sklearn.compose import ColumnTransformer

    return ColumnTransformer([(name, made[name], columns) for name, columns in kinds.items()])


def _with_gain(advice: ScalerAdvice, X: Any, estimator: Any, y: Any) -> ScalerAdvice:
    """Add what scaling changed: iterations, and the score on held-out rows."""
    if estimator is None or y is None or advice.scaler is None:
        return advice
    from sklearn.pipeline import make_pipeline

    n = min(X.shape[0], _ROWS)
    rows = np.random.default_rng(0).permutation(X.shape[0])[:n]
    y = np.asarray(y)
    train, test = rows[: n // 2], rows[n // 2 :]
    evidence: dict[str, Any] = {}
    for name, model in (
        ("unscaled", clone(estimator)),
        ("scaled", make_pipeline(clone(advice.scaler), clone(estimator))),
    ):
        with quiet():  # an unscaled fit that stops early is what is measured
            model.fit(X[train], y[train])
        last = model.steps[-1][1] if hasattr(model, "steps") else model
        if hasattr(last, "n_iter_"):
            evidence[f"iterations_{name}"] = int(np.max(last.n_iter_))
        evidence[f"score_{name}"] = float(model.score(X[test], y[test]))
    measure = "accuracy" if is_classifier(estimator) else "R2"
    title = (
        f"with scaling {measure} {evidence['score_scaled']:.4f} instead of "
        f"{evidence['score_unscaled']:.4f}"
    )
    if "iterations_scaled" in evidence:
        title += (
            f", {evidence['iterations_scaled']} iterations instead of "
            f"{evidence['iterations_unscaled']}"
        )
    gain = Finding("scaling-gain", "info", title, evidence=evidence)
    return advice._replace(findings=[*advice.findings, gain])
