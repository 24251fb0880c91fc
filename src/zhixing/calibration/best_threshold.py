"""The threshold at which a score becomes a decision."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import InputError
from ..metrics.cost import check_costs
from ..metrics.from_counts import FROM_COUNTS
from ..metrics.roc_curve import confusion_matrix_at_thresholds
from ..metrics.sorted_scores import positive_rows


class Threshold(NamedTuple):
    """A row is positive if its score is at least `threshold`; `value` is the metric there, on these rows.

    `curve` holds all thresholds, descending from infinity, and the value at each.
    """

    threshold: float
    value: float
    metric: str
    curve: tuple[np.ndarray, np.ndarray]


def best_threshold(
    y_true: Any,
    y_score: Any,
    *,
    metric: str | Callable[..., np.ndarray] | None = None,
    cost_fp: float | None = None,
    cost_fn: float | None = None,
    at_least: dict[str, float] | None = None,
    pos_label: Any = None,
    sample_weight: Any = None,
) -> Threshold:
    """The threshold of least expected cost, or of the greatest metric, over all distinct scores.

    Parameters
    ----------
    y_true : (n,) labels of two classes
    y_score : (n,) scores or probabilities, of rows the model was not fitted on
    metric : a name of `metrics.from_counts.FROM_COUNTS`, or a function of the arrays (tn, fp, fn, tp),
        greater being better; "accuracy" if neither metric nor costs are given
    cost_fp, cost_fn : cost of a false alarm and of a miss (instead of `metric`); the value is then the mean
        cost of a row
    at_least : lower bounds on other metrics, e.g. ``{"precision": 0.9}``: the best among the thresholds that
        keep them
    pos_label : the positive label, by default the greater
    sample_weight : (n,), counts repetitions

    Between the chosen score and the next lower one every threshold decides alike here; the middle is
    returned, which is steadier on new rows.  Never calling a row positive is infinity.  The value at a chosen
    threshold is optimistic: measure it on other rows. Cost: one sort.  For calibrated probabilities and costs
    the answer tends to ``cost_fp / (cost_fp + cost_fn)`` (Elkan 2001).

    >>> best_threshold([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], cost_fp=1, cost_fn=5)[:3]
    (0.22499999999999998, 0.25, 'expected_cost')
    >>> best_threshold([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], metric="recall", at_least={"precision": 0.9})[:2]
    (0.6000000000000001, 0.5)
    """
    name, function = _objective(metric, cost_fp, cost_fn)
    positive = positive_rows(y_true, pos_label).astype(np.int8)
    *counts, scores = confusion_matrix_at_thresholds(
        positive, y_score, pos_label=1, sample_weight=sample_weight
    )
    # At infinity nothing is called positive.
    tn, fp, fn, tp = counts
    nothing = (tn[-1] + fp[-1], 0.0, fn[-1] + tp[-1], 0.0)
    counts = [np.append(first, c) for first, c in zip(nothing, counts)]
    cuts = np.append(np.inf, scores)
    values = np.asarray(function(*counts), dtype=np.float64)
    allowed = np.ones(values.size, dtype=bool)
    for other, least in (at_least or {}).items():
        allowed &= _named(other)(*counts) >= least
    if not allowed.any():
        raise InputError(
            "no threshold reaches "
            + " and ".join(f"{k} {v:g}" for k, v in (at_least or {}).items()),
            do="ask for less",
        )
    at = int(np.argmax(np.where(allowed, values, -np.inf)))
    sign = -1.0 if name == "expected_cost" else 1.0
    return Threshold(_between(cuts, at), sign * float(values[at]), name, (cuts, sign * values))


def _objective(
    metric: Any, cost_fp: float | None, cost_fn: float | None
) -> tuple[str, Callable[..., np.ndarray]]:
    if cost_fp is None and cost_fn is None:
        if callable(metric):
            given: Any = metric
            return str(getattr(metric, "__name__", "metric")), given
        chosen = "accuracy" if metric is None else metric
        return chosen, _named(chosen)
    if metric is not None:
        raise InputError("both a metric and costs were given", do="give one of them")
    if cost_fp is None or cost_fn is None:
        raise InputError("only one cost was given", do="give cost_fp and cost_fn")
    check_costs(cost_fp=cost_fp, cost_fn=cost_fn)

    def saved(tn: np.ndarray, fp: np.ndarray, fn: np.ndarray, tp: np.ndarray) -> np.ndarray:
        return -(cost_fp * fp + cost_fn * fn) / (tn + fp + fn + tp)

    return "expected_cost", saved


def _named(name: str) -> Callable[..., np.ndarray]:
    if name not in FROM_COUNTS:
        raise InputError(
            f"no threshold can be chosen by {name!r}",
            do=f"use one of {', '.join(FROM_COUNTS)}, or costs",
        )
    return FROM_COUNTS[name]


def _between(cuts: np.ndarray, at: int) -> float:
    if at == 0 or at + 1 == cuts.size:
        return float(cuts[at])
    middle = 0.5 * (cuts[at] + cuts[at + 1])
    # Neighbouring doubles have no middle of their own.
    return float(middle if math.isfinite(middle) and cuts[at + 1] < middle else cuts[at])
