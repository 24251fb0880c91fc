"""What wrong decisions cost, at every threshold of a score."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import InputError
from ..core.estimate import Estimate
from .interval import check_confidence, mean_interval
from .labels import check_lengths, check_weight, column
from .roc_curve import confusion_matrix_at_thresholds
from .sorted_scores import positive_rows


class CostCurve(NamedTuple):
    """Expected cost of a row if those at or above each threshold are called positive.

    The thresholds descend from infinity.
    """

    thresholds: np.ndarray
    cost: np.ndarray
    false_positive_rate: np.ndarray
    false_negative_rate: np.ndarray

    @property
    def best(self) -> tuple[float, float]:
        """Threshold of least cost (the greatest of equals), and that cost."""
        at = int(np.argmin(self.cost))
        return float(self.thresholds[at]), float(self.cost[at])


def check_costs(**costs: float) -> None:
    """Costs are finite numbers, none negative, not all zero."""
    for name, cost in costs.items():
        if not (math.isfinite(cost) and cost >= 0):
            raise InputError(f"{name} must be a cost of at least 0, not {cost!r}")
    if not any(costs.values()):
        raise InputError("all costs are 0", do="give cost_fp and cost_fn")


def expected_cost(
    y_true: Any,
    y_pred: Any,
    *,
    cost_fp: float = 1.0,
    cost_fn: float = 1.0,
    pos_label: Any = None,
    sample_weight: Any = None,
    confidence: float | None = None,
) -> float | Estimate:
    """Mean cost of the decisions, ``(cost_fp FP + cost_fn FN) / n``, in the units of the costs.

    Parameters
    ----------
    y_true, y_pred : (n,) labels of two classes
    cost_fp, cost_fn : cost of a false alarm and of a miss
    pos_label : the positive label, by default the greater
    sample_weight : (n,), counts repetitions
    confidence : give an `Estimate` at this level instead of a float

    Interval: Student's t on the mean, corrected for skewness (Hall 1992).

    >>> expected_cost([0, 0, 1, 1], [0, 1, 1, 0], cost_fp=1, cost_fn=5)
    1.5
    """
    check_costs(cost_fp=cost_fp, cost_fn=cost_fn)
    true = positive_rows(y_true, pos_label)
    label = np.max(column(y_true, "y_true")) if pos_label is None else pos_label
    pred = column(y_pred, "y_pred") == label
    check_lengths(true, pred)
    costs = cost_fp * (pred & ~true) + cost_fn * (true & ~pred)
    weight = check_weight(sample_weight, true.size)
    if confidence is not None:
        check_confidence(confidence)
        return mean_interval(costs, weight, confidence)
    return float(np.average(costs, weights=weight))


def cost_curve(
    y_true: Any,
    y_score: Any,
    *,
    cost_fp: float = 1.0,
    cost_fn: float = 1.0,
    pos_label: Any = None,
    sample_weight: Any = None,
) -> CostCurve:
    """Expected cost at every distinct score, and at infinity, where no row is called positive.

    Parameters as for `expected_cost`; `y_score` may be any score.  Cost: one sort.

    For calibrated probabilities the best threshold is ``cost_fp / (cost_fp + cost_fn)`` (Elkan 2001, eq. 2).

    >>> cost_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], cost_fp=1, cost_fn=5).best
    (0.35, 0.25)
    """
    check_costs(cost_fp=cost_fp, cost_fn=cost_fn)
    positive = positive_rows(y_true, pos_label).astype(np.int8)
    tn, fp, fn, tp, t = confusion_matrix_at_thresholds(
        positive, y_score, pos_label=1, sample_weight=sample_weight
    )
    positives, negatives = tp[-1], fp[-1]
    fp, fn = np.append(0.0, fp), np.append(positives, fn)
    cost = (cost_fp * fp + cost_fn * fn) / (positives + negatives)
    rates = [
        n / total if total else np.full(n.shape, np.nan)
        for n, total in ((fp, negatives), (fn, positives))
    ]
    return CostCurve(np.append(np.inf, t), cost, *rates)
