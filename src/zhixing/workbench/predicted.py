"""What a fitted estimator says of some rows, in one shape for every task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Predicted:
    """Predictions of n rows.

    `value`: class codes (int64) or numbers, shape (n,); `proba`: probabilities of all k classes,
    or None; `score`: what ranks rows, the probability or decision value of class 1 of two.
    """

    value: np.ndarray
    proba: np.ndarray | None = None
    score: np.ndarray | None = None

    def take(self, rows: np.ndarray) -> Predicted:
        return Predicted(
            self.value[rows],
            None if self.proba is None else self.proba[rows],
            None if self.score is None else self.score[rows],
        )


def predicted(estimator: Any, X: Any, k: int | None) -> Predicted:
    """Predictions of a fitted estimator; `k` is the number of classes, None for numbers.

    The estimator was fitted on codes 0..k-1.  A class that its rows did not hold has probability 0.
    """
    if k is None:
        return Predicted(np.asarray(estimator.predict(X), dtype=np.float64).reshape(-1))
    classes = np.asarray(estimator.classes_, dtype=np.int64)
    proba = None
    if hasattr(estimator, "predict_proba"):
        raw = np.asarray(estimator.predict_proba(X), dtype=np.float64)
        proba = np.zeros((raw.shape[0], k))
        proba[:, classes] = raw
        score = proba[:, 1] if k == 2 else None
        # What `predict` of a candidate says, without going through the rows a second time.
        return Predicted(classes[raw.argmax(axis=1)], proba, score)
    value = np.asarray(estimator.predict(X), dtype=np.int64)
    score = None
    if k == 2 and len(classes) == 2 and hasattr(estimator, "decision_function"):
        score = np.asarray(estimator.decision_function(X), dtype=np.float64)
    return Predicted(value, None, score)


def fit(estimator: Any, X: Any, y: np.ndarray, weight: np.ndarray | None) -> Any:
    """Fit, with the weights where there are some."""
    return estimator.fit(X, y) if weight is None else estimator.fit(X, y, sample_weight=weight)
