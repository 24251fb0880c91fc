"""Where to draw the line between two classes: by the costs of the two errors, or by the measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..metrics.cost import cost_curve
from ..metrics.roc_curve import confusion_matrix_at_thresholds
from .measure import Measure
from .predicted import Predicted
from .writing import number

#: Other spellings of the two costs.
ALSO = {"fp": "false_positive", "fn": "false_negative"}


@dataclass(frozen=True)
class Threshold:
    """A threshold on the probability of the positive class, and why it is where it is."""

    value: float
    why: str
    false_positive: float = 1.0
    false_negative: float = 1.0
    #: None where the estimator's own one half is kept.
    applied: float | None = None

    def facts(self, y: np.ndarray, p: np.ndarray, weight: np.ndarray | None) -> dict[str, Any]:
        """Precision, recall, F1, share flagged and cost per row as the threshold moves."""
        grid = np.unique(np.append(np.linspace(0.01, 0.99, 99), round(self.value, 6)))
        return {
            "value": self.value,
            "why": self.why,
            "false_positive": self.false_positive,
            "false_negative": self.false_negative,
            "cost_label": "cost per row",
            "curve": [self._at(y, p, weight, float(t)) for t in grid],
            "in_use": self._at(y, p, weight, self.value),
            "half": self._at(y, p, weight, 0.5),
        }

    def _at(
        self, y: np.ndarray, p: np.ndarray, weight: np.ndarray | None, t: float
    ) -> dict[str, Any]:
        w = np.ones(len(y)) if weight is None else weight
        flagged, positive = p >= t, y == 1
        tp, fp = w[flagged & positive].sum(), w[flagged & ~positive].sum()
        fn, total = w[~flagged & positive].sum(), w.sum()
        return {
            "threshold": t,
            "precision": float(tp / (tp + fp)) if tp + fp else None,
            "recall": float(tp / (tp + fn)) if tp + fn else None,
            "f1": float(2 * tp / (2 * tp + fp + fn)) if tp + fp + fn else None,
            "flagged": float((tp + fp) / total),
            "cost": float((self.false_positive * fp + self.false_negative * fn) / total),
        }


def check_costs(costs: Mapping[str, float] | None) -> dict[str, float] | None:
    """Costs of the two errors by their full names, or an `InputError`.

    >>> check_costs({"fp": 1, "fn": 5})
    {'false_positive': 1.0, 'false_negative': 5.0}
    """
    if costs is None:
        return None
    found = {"false_positive": 1.0, "false_negative": 1.0}
    for name, cost in costs.items():
        full = ALSO.get(name, name)
        if full not in found:
            raise InputError(f"no cost {name!r}", do="give false_positive and false_negative")
        if not (np.isfinite(cost) and cost >= 0):
            raise InputError(
                f"the cost of a {full.replace('_', ' ')} is {cost!r}", do="give 0 or more"
            )
        found[full] = float(cost)
    if not any(found.values()):
        raise InputError("both costs are 0", do="give the cost of at least one kind of error")
    return found


def choose_threshold(
    y: np.ndarray,
    said: Predicted,
    weight: np.ndarray | None,
    measure: Measure,
    costs: dict[str, float] | None,
) -> Threshold | None:
    """The threshold, chosen on out-of-fold predictions of the rows learned from.

    With costs: for probabilities that are frequencies the best one is fp / (fp + fn) (Elkan 2001,
    eq. 2).  It is taken unless the best threshold seen out of fold costs at least 3 % less.
    With a measure of labels (F1, balanced accuracy, ...): the one that measure likes best.
    Otherwise one half.  None where there are not two classes with probabilities.
    """
    if said.proba is None or said.proba.shape[1] != 2:
        return None
    p = said.proba[:, 1]
    if costs is not None:
        return _by_costs(y, p, weight, costs)
    if measure.metric.needs == "label" and measure.name != "accuracy":
        return _by_measure(y, p, weight, measure)
    return Threshold(
        0.5, "No costs were given, so both errors weigh the same and one half divides the classes."
    )


def _by_costs(
    y: np.ndarray, p: np.ndarray, weight: np.ndarray | None, costs: dict[str, float]
) -> Threshold:
    fp, fn = costs["false_positive"], costs["false_negative"]
    theory = fp / (fp + fn)
    curve = cost_curve(y, p, cost_fp=fp, cost_fn=fn, pos_label=1, sample_weight=weight)
    seen, least = curve.best
    w = np.ones(len(y)) if weight is None else weight
    wrong = np.where(y == 1, fn * (p < theory), fp * (p >= theory))
    expected = float(np.average(wrong, weights=w))
    asked = f"A false positive costs {number(fp)}, a false negative {number(fn)}"
    if expected <= 1.03 * least or not np.isfinite(seen):
        return Threshold(
            theory, f"{asked}: from {number(theory)} on, flagging is cheaper.", fp, fn, theory
        )
    return Threshold(
        float(seen),
        f"{asked}; out of fold {number(seen)} costs {number(least)} per row, "
        f"{number(theory)} (right for calibrated probabilities) {number(expected)}.",
        fp,
        fn,
        float(seen),
    )


def _by_measure(
    y: np.ndarray, p: np.ndarray, weight: np.ndarray | None, measure: Measure
) -> Threshold:
    *_, cuts = confusion_matrix_at_thresholds(y, p, pos_label=1)
    if len(cuts) > 200:
        cuts = np.unique(np.quantile(p, np.linspace(0.005, 0.995, 200)))
    values = [measure(y, Predicted((p >= t).astype(np.int64)), weight) for t in cuts]
    best = float(cuts[int(np.nanargmax(measure.sign * np.array(values)))])
    return Threshold(best, f"Out of fold, {measure.label} is best at {number(best)}.", applied=best)
