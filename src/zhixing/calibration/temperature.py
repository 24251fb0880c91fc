"""Temperature scaling: one number that makes probabilities softer or sharper."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import logsumexp, softmax
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import (
    _check_sample_weight,
    check_array,
    check_consistent_length,
    check_is_fitted,
)

from ..core.estimator import Estimator

#: Bounds on beta, the inverse temperature.
SHARPEST, SOFTEST = np.exp(10.0), np.exp(-10.0)


def as_logits(decision: np.ndarray, probability_floor: float = 1e-12) -> np.ndarray:
    """An (n, k) table of logits from decisions: (n,) becomes (-z, z), probabilities their logarithms.

    The same rule as scikit-learn's, so that both learn the same temperature.
    """
    if decision.ndim == 1 or decision.shape[1] == 1:
        z = decision.reshape(-1, 1)
        return np.hstack([-z, z])
    if decision.min() >= 0 and decision.max() <= 1 and np.allclose(decision.sum(axis=1), 1.0):
        return np.log(decision + probability_floor)
    return decision


def fit_temperature(
    logits: np.ndarray, codes: np.ndarray, weight: np.ndarray | None = None
) -> float:
    """The inverse temperature beta of least log loss of ``softmax(beta logits)`` (Guo et al. 2017, sec. 4.2).

    The loss is convex in beta: safeguarded Newton, a pass a step.
    """
    w = np.ones(codes.size) if weight is None else weight
    z = logits - logits.max(axis=1, keepdims=True)
    own = z[np.arange(codes.size), codes]

    def slopes(beta: float) -> tuple[float, float]:
        p = softmax(beta * z, axis=1)
        mean = (p * z).sum(axis=1)
        return float(w @ (mean - own)), float(w @ ((p * z * z).sum(axis=1) - mean**2))

    low, high = SOFTEST, SHARPEST
    if slopes(low)[0] >= 0.0:
        return float(low)
    if slopes(high)[0] <= 0.0:
        return float(high)
    beta = 1.0
    for _ in range(200):
        slope, curvature = slopes(beta)
        low, high = (low, beta) if slope > 0 else (beta, high)
        step = beta - slope / curvature if curvature > 0 else np.nan
        # Newton while it stays inside the bracket, else the geometric middle.
        following = step if low < step < high else float(np.sqrt(low * high))
        if abs(following - beta) <= 1e-13 * beta:
            return float(following)
        beta = following
    return float(beta)


def log_loss_at(beta: float, logits: np.ndarray, codes: np.ndarray) -> float:
    """Mean log loss at an inverse temperature: the definition of what is minimised."""
    z = beta * logits
    return float(np.mean(np.asarray(logsumexp(z, axis=1)) - z[np.arange(codes.size), codes]))


class TemperatureScaling(ClassifierMixin, Estimator):
    """Probabilities from logits, ``softmax(beta_ z)``, with the one number beta fitted.

    The ranking of the classes, and so the accuracy, does not change.  Fit it on rows the model was not fitted
    on.

    Attributes
    ----------
    beta_ : inverse temperature; above 1 the model was too cautious, below 1 too sure
    temperature_ : ``1 / beta_``
    classes_ : the labels, one a column of the logits

    Input: (n, k) logits, or probabilities, of which the logarithm is taken; (n,) decisions of two classes.

    >>> logits = [[2.0, 0.0], [0.0, 2.0], [2.0, 0.0], [0.0, 2.0]]
    >>> model = TemperatureScaling().fit(logits, [0, 1, 0, 0])
    >>> round(float(model.temperature_), 3)
    1.82
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> TemperatureScaling:
        """Fit to logits, labels and weights that count repetitions."""
        logits = self._logits(X)
        check_consistent_length(logits, y)
        check_classification_targets(y)
        self.classes_, codes = np.unique(np.asarray(y).ravel(), return_inverse=True)
        if self.classes_.size != logits.shape[1]:
            raise ValueError(
                f"{logits.shape[1]} columns of logits but {self.classes_.size} classes; give one column a "
                f"class"
            )
        weight = None
        if sample_weight is not None:
            weight = _check_sample_weight(
                sample_weight, logits, dtype=np.float64, ensure_non_negative=True
            )
        self.beta_ = fit_temperature(logits, codes, weight)
        self.temperature_ = 1.0 / self.beta_
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """(n, k) probabilities."""
        check_is_fitted(self)
        return softmax(self.beta_ * self._logits(X), axis=1)

    def predict(self, X: Any) -> np.ndarray:
        """The likeliest label."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def _logits(self, X: Any) -> np.ndarray:
        return as_logits(check_array(X, dtype="float64", ensure_2d=False, input_name="X"))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        # Columns are classes: generic test data with other numbers of columns are wrong input.
        tags._skip_test = True
        return tags
