"""Ratios of label counts, by label or averaged over labels, with their intervals."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning

from ..core.estimate import Estimate
from .interval import by_influence, check_confidence, mean_interval, mover, transformed, wilson
from .tally import Tally, by_row, tally

AVERAGES = (None, "micro", "macro", "weighted", "samples")
Result = float | np.ndarray | Estimate | list[Estimate]


class Ratio(NamedTuple):
    """``(top . counts) / (bottom . counts)``, counts = (hit, pred, true).

    `absent` is what is missing when the bottom is 0.
    """

    name: str
    top: tuple[float, float, float]
    bottom: tuple[float, float, float]
    absent: str

    def parts(self, hit: Any, pred: Any, true: Any) -> tuple[Any, Any]:
        counts = (hit, pred, true)
        return tuple(
            sum(c * n for c, n in zip(side, counts) if c) for side in (self.top, self.bottom)
        )  # type: ignore[return-value]


PRECISION = Ratio("precision", (1, 0, 0), (0, 1, 0), "predicted")
RECALL = Ratio("recall", (1, 0, 0), (0, 0, 1), "true")
JACCARD = Ratio("jaccard", (1, 0, 0), (-1, 1, 1), "true or predicted")


def f_ratio(beta: float) -> Ratio:
    """F-beta as a ratio of counts, ``(1 + b^2) hit / (b^2 true + pred)``."""
    if not beta >= 0:
        raise ValueError(f"beta must be at least 0, not {beta!r}")
    if np.isposinf(beta):
        return RECALL._replace(name="f-score")
    if beta == 0:
        return PRECISION._replace(name="f-score")
    return Ratio("f-score", (1 + beta**2, 0, 0), (0, 1, beta**2), "true nor predicted")


class Asked(NamedTuple):
    """The counts, and how they are to become one number."""

    tally: Tally
    average: str | None
    zero_division: Any


def ask(
    y_true: Any,
    y_pred: Any,
    labels: Any,
    pos_label: Any,
    average: str | None,
    weight: Any,
    zero: Any,
) -> Asked:
    """Count, after checking that `average`, `labels` and `pos_label` fit the targets."""
    if average not in AVERAGES and average != "binary":
        raise ValueError(f"average has to be one of {AVERAGES}")
    if not (zero == "warn" or zero in (0, 1) or np.isnan(zero)):
        raise ValueError(f"zero_division must be 'warn', 0, 1 or nan, not {zero!r}")
    if average != "binary":
        if pos_label not in (None, 1):
            warnings.warn(
                f"Note that pos_label (set to {pos_label!r}) is ignored when average != 'binary' "
                f"(got "
                f"{average!r}). You may use labels=[pos_label] to specify a single positive class.",
                stacklevel=3,
            )
        return Asked(tally(y_true, y_pred, labels, weight), average, zero)
    t = tally(y_true, y_pred, None, weight)
    if not t.rows.single or t.labels.size > 2:
        kind, options = "multilabel-indicator", list(AVERAGES)
        if t.rows.single:
            kind = "multiclass"
            options.remove("samples")
        raise ValueError(
            f"Target is {kind} but average='binary'. Please choose another average setting, one of "
            f"{options!r}."
        )
    at = np.flatnonzero(t.labels == pos_label)
    if not at.size:
        if t.labels.size == 2:
            raise ValueError(
                f"pos_label={pos_label} is not a valid label. It should be one of "
                f"{t.labels.tolist()}"
            )
        none = np.full(t.rows.true.size, -1)
        t = t._replace(
            labels=np.array([pos_label]),
            hit=t.hit[:1] * 0,
            pred=t.pred[:1] * 0,
            true=t.true[:1] * 0,
        )
        return Asked(t._replace(rows=t.rows._replace(true=none, pred=none)), average, zero)
    one = at[0]
    codes = [np.where(c == one, 0, -1) for c in (t.rows.true, t.rows.pred)]
    t = t._replace(labels=t.labels[at], hit=t.hit[at], pred=t.pred[at], true=t.true[at])
    return Asked(t._replace(rows=t.rows._replace(true=codes[0], pred=codes[1])), average, zero)


def divide(
    ratio: Ratio, top: np.ndarray, bottom: np.ndarray, asked: Asked, warn: bool
) -> np.ndarray:
    """``top / bottom``, with `zero_division` (0 and a warning by default) where bottom is 0."""
    empty = bottom == 0
    out = np.divide(top, bottom, out=np.zeros(np.shape(top)), where=~empty)
    if empty.any():
        zero = asked.zero_division
        out[empty] = 0.0 if zero == "warn" else float(zero)
        if zero == "warn" and warn:
            things = ("label", "sample") if asked.average == "samples" else ("sample", "label")
            where = "due to" if out.size == 1 else f"in {things[1]}s with"
            warnings.warn(
                f"{ratio.name.capitalize()} is ill-defined and being set to 0.0 {where} no "
                f"{ratio.absent} "
                f"{things[0]}s. Use `zero_division` parameter to control this behavior.",
                UndefinedMetricWarning,
                stacklevel=4,
            )
    return out


def evaluate(ratio: Ratio, asked: Asked, confidence: float | None, warn: bool = True) -> Result:
    """The ratio for each label or averaged, with an interval if asked."""
    t, average = asked.tally, asked.average
    if average == "samples":
        rows = divide(ratio, *ratio.parts(*by_row(t)), asked, warn)
        if confidence is not None:
            return mean_interval(rows, t.rows.weight, confidence)
        return _nanaverage(rows, t.rows.weight)
    counts: Sequence[Any] = (t.hit, t.pred, t.true)
    if average == "micro":
        counts = [c.sum(keepdims=True) for c in counts]
    top, bottom = ratio.parts(*counts)
    values = divide(ratio, top, bottom, asked, warn)
    if confidence is not None:
        return _interval(ratio, asked, values, check_confidence(confidence))
    if average is None:
        return values
    return _nanaverage(values, t.true if average == "weighted" else None)


def _nanaverage(values: np.ndarray, weight: np.ndarray | None) -> float:
    # Labels whose ratio is undefined (zero_division=nan) are left out of the average.
    known = ~np.isnan(values)
    if not known.any():
        return float("nan")
    weight = None if weight is None else weight[known]
    if weight is not None and not weight.any():
        return float(values[known].mean())
    return float(np.average(values[known], weights=weight))


def _interval(ratio: Ratio, asked: Asked, values: np.ndarray, confidence: float) -> Result:
    t, average = asked.tally, asked.average
    k = t.labels.size
    if average in (None, "binary") or (k == 1 and average != "micro"):
        found = [_one_label(ratio, t, j, v, confidence) for j, v in enumerate(values)]
        return found if average is None else found[0]
    shares = (~np.isnan(values)).astype(np.float64) if average != "micro" else np.ones(k)
    if average == "weighted" and t.true.any():
        shares = shares * t.true
    shares /= max(shares.sum(), 1e-300)
    if average == "micro" and t.rows.single and ratio.name in ("precision", "recall"):
        hit, pred, true = (float(c.sum()) for c in (t.hit, t.pred, t.true))
        return wilson(hit, ratio.parts(hit, pred, true)[1], confidence)._replace(
            value=float(values[0])
        )
    if average == "micro":
        value = float(values[0])
        top, bottom = (np.full(k, s) for s in ratio.parts(t.hit.sum(), t.pred.sum(), t.true.sum()))
        shares = np.ones(k)
    else:
        value = _nanaverage(values, shares)
        top, bottom = ratio.parts(t.hit, t.pred, t.true)
    safe = np.where(bottom == 0, np.inf, bottom)
    # d(top / bottom) for one more of each count, times all rows: the influence of a row with that label.
    slopes = [
        shares * t.total * (a - b * top / safe) / safe for a, b in zip(ratio.top, ratio.bottom)
    ]
    if average == "weighted":
        slopes[2] = slopes[2] + np.nan_to_num(values - value) * t.total / max(
            float(t.true.sum()), 1e-300
        )
    psi = t.rows.spread(*slopes)
    made = by_influence(value, psi, t.rows.weight, confidence, scale="logit")
    if made.std_error > 0.0 and np.isfinite(made.low):
        return made
    parts = [
        _one_label(ratio, t, j, v, confidence) for j, v in enumerate(np.broadcast_to(values, k))
    ]
    return mover(parts, list(shares / shares.sum()), confidence)._replace(value=value)


def _one_label(ratio: Ratio, t: Tally, j: int, value: float, confidence: float) -> Estimate:
    """A proportion where the ratio is one, by Wilson; F1 through Jaccard, of which it is a function."""
    hit, pred, true = float(t.hit[j]), float(t.pred[j]), float(t.true[j])
    if ratio.top == (1, 0, 0):
        trials = ratio.parts(hit, pred, true)[1]
        made = wilson(hit, trials, confidence)
    elif ratio.bottom == (0, 1, 1):
        made = transformed(
            wilson(hit, pred + true - hit, confidence),
            lambda v: 2.0 * v / (1.0 + v),
            2.0 / (1.0 + hit / max(pred + true - hit, 1e-300)) ** 2,
        )
    else:
        # Wilson with the number of trials that gives the delta-method variance of a weighted ratio.
        own, weight = ratio.top[0], ratio.bottom[2]
        misses, squares = (w * (true - hit) + (pred - hit) for w in (weight, weight**2))
        trials = hit + misses / own
        if hit > 0 and misses > 0:
            share = hit / trials
            variance = (own**2 * hit * (1 - share) ** 2 + share**2 * squares) / (own * trials) ** 2
            trials = share * (1.0 - share) / variance
            hit = share * trials
        made = wilson(hit, trials, confidence)
    return made._replace(value=float(value))
