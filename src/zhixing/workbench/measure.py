"""The measure a run is judged by: one of the table in `zhixing.metrics`, read off `Predicted`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.estimate import Estimate
from ..core.estimator import Task
from ..metrics.scorer import METRICS, Metric, default_metric
from .predicted import Predicted

#: Other names people type.
ALSO = {
    "ap": "average_precision",
    "auc": "roc_auc",
    "brier": "brier_score",
    "brier_score_loss": "brier_score",
    "logloss": "log_loss",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "mse": "mean_squared_error",
    "poisson": "mean_poisson_deviance",
    "rmse": "root_mean_squared_error",
}
#: Deviances need positive predictions, which a linear model does not promise.
POSITIVE = ("mean_poisson_deviance", "mean_gamma_deviance", "d2_poisson_score")
NOT_NEGATIVE = ("mean_squared_log_error", "root_mean_squared_log_error")


@dataclass(frozen=True)
class Measure:
    """A metric applied to class codes or numbers and what an estimator said of them."""

    metric: Metric
    k: int | None

    @property
    def name(self) -> str:
        return self.metric.name

    @property
    def label(self) -> str:
        return self.metric.title

    @property
    def greater_is_better(self) -> bool:
        return self.metric.greater_is_better

    @property
    def sign(self) -> int:
        return self.metric.sign

    @property
    def perfect(self) -> float:
        """The score of predictions that are all right: scores end at 1, losses at 0."""
        return 1.0 if self.greater_is_better else 0.0

    def can_judge(self, estimator: type) -> bool:
        """Whether estimators of this class give what the measure reads."""
        if self.metric.needs == "probability":
            return hasattr(estimator, "predict_proba")
        if self.metric.needs == "score":
            return hasattr(estimator, "predict_proba") or hasattr(estimator, "decision_function")
        return True

    def reads(self, said: Predicted) -> np.ndarray | None:
        """What the measure reads of predictions; None where they do not hold it."""
        if self.metric.needs == "probability":
            # A class that the rows learned from did not hold has probability 0; where it comes
            # true after all that costs 36 nats, not infinity.
            return None if said.proba is None else _floored(said.proba)
        if self.metric.needs == "score":
            return said.score
        if self.name in POSITIVE:
            return np.maximum(said.value, 1e-6)
        return np.maximum(said.value, 0.0) if self.name in NOT_NEGATIVE else said.value

    def __call__(self, y: np.ndarray, said: Predicted, weight: np.ndarray | None = None) -> float:
        """The measure on these rows; NaN where it is not defined (one class only)."""
        return float(self._of(y, said, weight))

    def estimate(
        self, y: np.ndarray, said: Predicted, weight: np.ndarray | None = None
    ) -> Estimate:
        """The measure with its 95 % interval (limits NaN where there is none)."""
        try:
            found = self._of(y, said, weight, confidence=0.95)
        except InputError:  # no interval exists, e.g. of a maximum or of one row
            found = self._of(y, said, weight)
        if isinstance(found, Estimate):
            return found
        return Estimate(float(found), math.nan, math.nan, 0.95, "")

    def _of(self, y: np.ndarray, said: Predicted, weight: np.ndarray | None, **options: Any) -> Any:
        classes = None if self.k is None else np.arange(self.k)
        output = self.reads(said)
        if output is None:
            return math.nan
        return self.metric(y, output, classes=classes, sample_weight=weight, **options)

    def facts(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "label": self.label,
            "greater_is_better": self.greater_is_better,
            "direction": "Higher is better" if self.greater_is_better else "Lower is better",
        }


def _floored(proba: np.ndarray) -> np.ndarray:
    tiny = np.finfo(np.float64).eps
    if proba.min() >= tiny:
        return proba
    proba = np.maximum(proba, tiny)
    return proba / proba.sum(axis=1, keepdims=True)


def measure(name: str | None, task: Task, k: int | None) -> Measure:
    """The measure of that name, or the default one of the task.

    >>> measure("auc", "binary", 2).label, measure(None, "regression", None).label
    ('ROC AUC', 'Root mean squared error')
    """
    if name is None:
        return Measure(default_metric(task), k)
    known = {m.name: m for m in METRICS.values() if task in m.tasks}
    plain = name.removeprefix("neg_")
    plain = ALSO.get(plain, plain)
    if task == "multiclass":
        plain = {"roc_auc": "roc_auc_ovr", "f1": "f1_macro"}.get(plain, plain)
    if plain not in known:
        from difflib import get_close_matches

        near = get_close_matches(plain, list(known), n=3) or list(known)
        raise InputError(f"no metric {name!r} for a {task} target", do=f"one of {', '.join(near)}")
    return Measure(known[plain], k)


#: What the report shows of a model on the hold-out, besides the measure that decided.
SHOWN: dict[Task, tuple[str, ...]] = {
    "binary": (
        "roc_auc",
        "average_precision",
        "log_loss",
        "brier_score",
        "accuracy",
        "balanced_accuracy",
        "f1",
        "precision",
        "recall",
    ),
    "multiclass": (
        "log_loss",
        "accuracy",
        "balanced_accuracy",
        "f1_macro",
        "roc_auc_ovr",
        "brier_score",
    ),
    "regression": (
        "r2",
        "root_mean_squared_error",
        "mean_absolute_error",
        "median_absolute_error",
    ),
    "count": (
        "mean_poisson_deviance",
        "d2_poisson_score",
        "r2",
        "root_mean_squared_error",
        "mean_absolute_error",
    ),
}


def shown(main: Measure, task: Task) -> list[Measure]:
    """The main measure first, then the others of the task."""
    return [main] + [Measure(METRICS[n], main.k) for n in SHOWN[task] if n != main.name]
