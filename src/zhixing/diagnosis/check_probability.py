"""Whether the scores of a classifier may be read as probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats
from sklearn.utils.validation import check_array, check_is_fitted, column_or_1d

from ..core.errors import InputError
from ..core.finding import Finding
from ..solvers.weighted_gram import weighted_gram


def check_probability(
    model: Any, X: Any, y: Any, *, bins: int = 10, alpha: float = 0.01
) -> list[Finding]:
    """Reliability of the probabilities of a logistic regression, and its two assumptions, tested.

    1. Reliability: in bins of equal size, the mean predicted probability against the share of the
       class, and the expected calibration error.
    2. y is Bernoulli with the predicted probability: Spiegelhalter's z and the Hosmer-Lemeshow test.
    3. The log-odds are linear: score tests (Rao) of the square of each column, Holm-corrected, and
       of the squared score (Pregibon's link test).

    The score is a probability only if both assumptions hold; a penalty, class weights or a sample
    drawn by class break the second.  Give rows not used for fitting where calibration itself is the
    question; the tests of linearity are exact on the rows of an unpenalised fit.

    Sources: Spiegelhalter (1986); Hosmer and Lemeshow (1980); Pregibon (1980), "Goodness of link
    tests for generalized linear models"; Cox and Hinkley (1974), 9.3, for score tests.

    Examples
    --------
    >>> from zhixing.linear_model import LogisticRegression
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(2000, 2))
    >>> y = rng.random(2000) < 1 / (1 + np.exp(-X[:, 0] ** 2))
    >>> model = LogisticRegression(C=np.inf).fit(X, y)
    >>> [f.code for f in check_probability(model, X, y) if f.severity == "warning"]
    ['calibration', 'bernoulli-outcome', 'nonlinear-log-odds']
    """
    check_is_fitted(model)
    if len(model.classes_) != 2:
        raise InputError(
            "check_probability is for two classes", do="check one class against the rest"
        )
    names = [str(c) for c in getattr(X, "columns", [f"x{j}" for j in range(np.shape(X)[1])])]
    p = np.asarray(model.predict_proba(X), dtype=np.float64)[:, 1]
    z = np.asarray(model.decision_function(X), dtype=np.float64)
    truth = (column_or_1d(y) == model.classes_[1]).astype(np.float64)
    A = check_array(X, dtype=np.float64)  # type: ignore[arg-type]
    return [
        _reliability(p, truth, bins),
        _bernoulli(p, truth, bins, alpha),
        _linear(A, z, p, truth, names, alpha),
    ]


def _bins(p: np.ndarray, truth: np.ndarray, bins: int) -> tuple[np.ndarray, ...]:
    """Count, mean probability and share of the class in bins of equal size."""
    order = np.argsort(p, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    count = np.array([len(part) for part in parts])
    return (
        count,
        np.array([p[part].mean() for part in parts]),
        np.array([truth[part].mean() for part in parts]),
    )


def _reliability(p: np.ndarray, truth: np.ndarray, bins: int) -> Finding:
    count, said, seen = _bins(p, truth, bins)
    error = float((count * np.abs(said - seen)).sum() / count.sum())
    # What a perfectly calibrated model would show by chance: the mean of |N(0, p (1 - p) / n)|.
    chance = np.sqrt(2.0 / np.pi) * np.sqrt(said * (1.0 - said) / count)
    expected = float((count * chance).sum() / count.sum())
    good = error < max(2.0 * expected, 0.01)
    return Finding(
        "calibration",
        "info" if good else "warning",
        f"probabilities are off by {error:.3f} on average (chance alone: {expected:.3f})",
        evidence={
            "expected_calibration_error": error,
            "by_chance": expected,
            "predicted": said.tolist(),
            "observed": seen.tolist(),
            "count": count.tolist(),
        },
        cause="" if good else "the model is wrong in shape, penalised, or the class shares changed",
        remedy="" if good else "calibrate on rows not used for fitting (zhixing.calibration)",
    )


def _bernoulli(p: np.ndarray, truth: np.ndarray, bins: int, alpha: float) -> Finding:
    q = np.clip(p, 1e-12, 1 - 1e-12)
    top = float(((truth - q) * (1.0 - 2.0 * q)).sum())
    bottom = float(np.sqrt(((1.0 - 2.0 * q) ** 2 * q * (1.0 - q)).sum()))
    z = top / bottom if bottom > 0 else 0.0
    count, said, seen = _bins(q, truth, bins)
    hl = float((count * (seen - said) ** 2 / np.maximum(said * (1 - said), 1e-12)).sum())
    df = max(len(count) - 2, 1)
    p_z, p_hl = float(2 * stats.norm.sf(abs(z))), float(stats.chi2.sf(hl, df))
    worst = min(1.0, 2.0 * min(p_z, p_hl))
    bad = worst < alpha
    return Finding(
        "bernoulli-outcome",
        "warning" if bad else "info",
        (
            "y is not Bernoulli with these probabilities"
            if bad
            else "no sign against: y is Bernoulli"
        )
        + f" (Spiegelhalter p = {p_z:.3g}, Hosmer-Lemeshow p = {p_hl:.3g})",
        evidence={
            "spiegelhalter_z": z,
            "spiegelhalter_p": p_z,
            "hosmer_lemeshow": hl,
            "hosmer_lemeshow_df": df,
            "hosmer_lemeshow_p": p_hl,
        },
        cause="scores too bold or too timid, or rows that depend on each other" if bad else "",
        remedy="calibrate, or model what makes rows alike" if bad else "",
    )


def _score_test(
    A: np.ndarray, extra: np.ndarray, p: np.ndarray, truth: np.ndarray
) -> tuple[float, float]:
    """Rao's test of one more column in a logistic regression on A and a constant."""
    v = p * (1.0 - p)
    both = np.column_stack([A, extra])
    H = weighted_gram(both, v, True)
    j = A.shape[1]
    rest = [i for i in range(len(H)) if i != j]
    slope = np.append(both.T @ (truth - p), (truth - p).sum())
    inner = np.linalg.lstsq(H[np.ix_(rest, rest)], H[rest, j], rcond=1e-12)[0]
    information = H[j, j] - H[rest, j] @ inner
    if not information > 1e-9 * max(H[j, j], 1e-300):
        return 0.0, 1.0
    effective = slope[j] - slope[rest] @ inner
    value = float(effective**2 / information)
    return value, float(stats.chi2.sf(value, 1))


def _linear(
    A: np.ndarray, z: np.ndarray, p: np.ndarray, truth: np.ndarray, names: list[str], alpha: float
) -> Finding:
    Z = (A - A.mean(axis=0)) / np.where(A.std(axis=0) > 0, A.std(axis=0), 1.0)
    squares = {
        name: _score_test(Z, Z[:, j] ** 2, p, truth)
        for j, name in enumerate(names)
        if len(np.unique(A[: min(len(A), 10_000), j])) > 2
    }
    link = _score_test(Z, (z - z.mean()) ** 2 / max(float(z.var()), 1e-300), p, truth)
    order = sorted(squares, key=lambda name: squares[name][1])
    # Holm: the smallest of m p-values counts m times, the next m - 1 times, and so on.
    bent, worst = [], 0.0
    for rank, name in enumerate(order):
        worst = max(worst, squares[name][1] * (len(order) - rank))
        if worst >= alpha:
            break
        bent.append(name)
    bad = bool(bent) or link[1] < alpha
    which = ", ".join(bent[:5]) or "their sum"
    return Finding(
        "nonlinear-log-odds",
        "warning" if bad else "info",
        f"the log-odds bend in {which}" if bad else "no sign against: the log-odds are linear",
        where=", ".join(bent),
        evidence={
            "squares": {k: {"chi2": v[0], "p_value": v[1]} for k, v in squares.items()},
            "link_test": {"chi2": link[0], "p_value": link[1]},
        },
        cause="these columns raise the odds in some range and lower them in another"
        if bent
        else "",
        remedy="add squares or bins of them (zhixing.recipes.BinnedLogisticRegression)"
        if bad
        else "",
    )
