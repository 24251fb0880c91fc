"""Agreement beyond chance: Matthews' correlation and Cohen's kappa."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning

from ..core.estimate import Estimate
from .interval import by_influence, check_confidence, wilson
from .tally import Tally, tally


def matthews_corrcoef(
    y_true: Any, y_pred: Any, *, sample_weight: Any = None, confidence: float | None = None
) -> float | Estimate:
    r"""Correlation between true and predicted class: 1 perfect, 0 as by chance.

    .. math:: \frac{c s - \sum_k t_k p_k}{\sqrt{(s^2 - \sum t_k^2)(s^2 - \sum p_k^2)}}

    with c rows right of s, t_k rows of class k, p_k predictions of it: Gorodkin (2004), eq. 8; for
    two classes Matthews (1975).

    Parameters
    ----------
    y_true, y_pred : (n,) labels of one type
    sample_weight : (n,), counts repetitions
    confidence : give an `Estimate` at this level instead of a float

    Interval: delta method on Fisher's z scale.  A constant answer scores 0 and has no interval
    (nan).

    >>> round(matthews_corrcoef([1, 1, 1, 0], [1, 0, 1, 1]), 4)
    -0.3333
    """
    t = _single(tally(y_true, y_pred, None, sample_weight))
    s, c = t.total, float(t.hit.sum())
    true, pred = t.true.astype(np.float64), t.pred.astype(np.float64)
    top = c * s - true @ pred
    left, right = s * s - true @ true, s * s - pred @ pred
    value = 0.0 if left * right == 0 else float(top / math.sqrt(left) / math.sqrt(right))
    if confidence is None:
        return value
    if left * right == 0:
        return Estimate(value, math.nan, math.nan, check_confidence(confidence), "undefined")
    # With u = top / s^2 and so on, all functions of shares: the influence of a row of class i predicted as j.
    root = math.sqrt(left) * math.sqrt(right) / s**2
    on_hit = np.full(true.size, 1.0 / root)
    on_pred = (-true / s) / root + value * (pred / s) * s * s / right
    on_true = (-pred / s) / root + value * (true / s) * s * s / left
    return _interval(t, value, (on_hit, on_pred, on_true), confidence)


def cohen_kappa_score(
    y1: Any,
    y2: Any,
    *,
    labels: Any = None,
    weights: str | None = None,
    sample_weight: Any = None,
    replace_undefined_by: float = np.nan,
    confidence: float | None = None,
) -> float | Estimate:
    r"""Agreement of two raters beyond chance, one minus observed over expected disagreement.

    .. math:: \kappa = 1 - \frac{\sum_{ij} d_{ij} o_{ij}}{\sum_{ij} d_{ij} t_i p_j}

    Parameters
    ----------
    y1, y2 : (n,) labels of one type
    labels : the labels that count, in order; rows with another are left out
    weights : disagreement d of classes i and j: None 1 if they differ, "linear" |i - j|,
        "quadratic" (i - j)^2
    sample_weight : (n,), counts repetitions
    replace_undefined_by : the value when both use a single label
    confidence : give an `Estimate` at this level instead of a float

    Interval: delta method, Fleiss, Cohen & Everitt (1969), on Fisher's z scale.

    >>> round(cohen_kappa_score(["no", "no", "yes", "yes"], ["no", "yes", "yes", "yes"]), 4)
    0.5
    """
    if weights not in (None, "linear", "quadratic"):
        raise ValueError(f"weights must be None, 'linear' or 'quadratic', not {weights!r}")
    t = _single(tally(y1, y2, labels, sample_weight))
    if labels is not None:
        if not t.true.any():
            raise ValueError(
                "At least one label in `labels` must be present in `y1` (even though "
                "`cohen_kappa_score` is "
                "otherwise agnostic to the order of `y1` and `y2`)."
            )
        t = _only_listed(t)
    w = np.ones(t.rows.true.size) if t.rows.weight is None else t.rows.weight
    steps = np.abs(np.subtract(t.rows.true, t.rows.pred)).astype(np.float64)
    k = t.labels.size
    grid = np.abs(np.subtract.outer(np.arange(k), np.arange(k))).astype(np.float64)
    power = {None: lambda d: (d > 0) * 1.0, "linear": lambda d: d, "quadratic": np.square}[weights]
    rows, cost = power(steps), power(grid)
    true, pred = (t.true / t.total, t.pred / t.total) if t.total > 0 else (t.true, t.pred)
    observed = float(w @ rows) / t.total if t.total > 0 else 0.0
    expected = float(true @ cost @ pred)
    if expected == 0.0:
        warnings.warn(
            "`y1` and `y2` have at most one label in common. `cohen_kappa_score` is undefined and "
            "set to "
            f"{replace_undefined_by}.",
            UndefinedMetricWarning,
            stacklevel=2,
        )
        return replace_undefined_by
    value = 1.0 - observed / expected
    if confidence is None:
        return value
    psi = (1.0 - value) * ((cost @ pred)[t.rows.true] + (true @ cost)[t.rows.pred]) - rows
    psi = psi / expected - 0.0
    psi -= float(w @ psi) / t.total
    return _bounded(t, value, by_influence(value, psi, t.rows.weight, confidence, scale="fisher"))


def _single(t: Tally) -> Tally:
    if not t.rows.single:
        raise ValueError("multilabel-indicator is not supported")
    return t


def _only_listed(t: Tally) -> Tally:
    inside = (t.rows.true >= 0) & (t.rows.pred >= 0)
    true, pred = t.rows.true[inside], t.rows.pred[inside]
    weight = None if t.rows.weight is None else t.rows.weight[inside]
    k = t.labels.size
    counts = [np.bincount(c, weights=weight, minlength=k) for c in (true, pred)]
    total = float(true.size if weight is None else weight.sum())
    return t._replace(
        true=counts[0],
        pred=counts[1],
        total=total,
        rows=t.rows._replace(true=true, pred=pred, weight=weight),
    )


def _interval(
    t: Tally, value: float, slopes: tuple[np.ndarray, ...], confidence: float
) -> Estimate:
    psi = t.rows.spread(*slopes)
    w = t.rows.weight
    psi = psi - (psi.mean() if w is None else float(w @ psi) / t.total)
    return _bounded(t, value, by_influence(value, psi, w, confidence, scale="fisher"))


def _bounded(t: Tally, value: float, made: Estimate) -> Estimate:
    if np.isfinite(made.low) and made.std_error > 1e-12:
        return made
    # Perfect agreement: the lower limit is that of the share of rows in agreement, on the scale of -1 to 1.
    share = wilson(t.total, t.total, made.confidence)
    low, high = (2.0 * share.low - 1.0, 1.0) if value > 0 else (-1.0, 1.0 - 2.0 * share.low)
    return made._replace(low=low, high=high, method="Wilson of the agreement")
