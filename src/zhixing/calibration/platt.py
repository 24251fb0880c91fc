"""Platt scaling: a sigmoid from scores to probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import (
    _check_sample_weight,
    check_array,
    check_consistent_length,
    check_is_fitted,
)

from ..core.estimator import Estimator


def fit_sigmoid(
    score: np.ndarray, positive: np.ndarray, weight: np.ndarray | None = None
) -> tuple[float, float]:
    r"""(a, b) of ``P(y = 1) = 1 / (1 + exp(a f + b))``: Platt (1999), solved as by Lin, Lin & Weng (2007).

    Targets are ``(N+ + 1) / (N+ + 2)`` and ``1 / (N- + 2)`` instead of 1 and 0, so the fit exists even where
    the scores separate the classes.  Newton's method with a backtracking line search on scores of mean 0 and
    variance 1; each step is one pass.
    """
    w = np.ones(score.size) if weight is None else weight
    positives, negatives = float(w[positive].sum()), float(w[~positive].sum())
    target = np.where(positive, (positives + 1.0) / (positives + 2.0), 1.0 / (negatives + 2.0))
    middle = float(np.average(score, weights=w))
    scale = float(np.sqrt(np.average((score - middle) ** 2, weights=w))) or 1.0
    f = (score - middle) / scale
    theta = np.array([0.0, np.log((positives + 1.0) / (negatives + 1.0))])

    def objective(t: np.ndarray) -> float:
        z = t[0] * f + t[1]
        return float(np.dot(w, np.logaddexp(0.0, z) - target * z))

    value = objective(theta)
    for _ in range(100):
        p = expit(theta[0] * f + theta[1])
        r, h = w * (p - target), w * p * (1.0 - p)
        gradient = np.array([r @ f, r.sum()])
        if np.abs(gradient).max() <= 1e-10 * w.sum():
            break
        cross = float(h @ f)
        hessian = np.array([[float(h @ (f * f)), cross], [cross, float(h.sum())]])
        # A trace of damping, for scores without spread.
        hessian[np.diag_indices(2)] += 1e-12 * w.sum()
        step = np.linalg.solve(hessian, gradient)
        size, slope = 1.0, float(gradient @ step)
        while objective(theta - size * step) > value - 1e-4 * size * slope and size > 1e-10:
            size *= 0.5
        theta = theta - size * step
        before, value = value, objective(theta)
        if before - value <= 1e-15 * max(abs(value), 1.0):
            break
    a = theta[0] / scale
    return float(-a), float(-(theta[1] - a * middle))


class PlattScaling(ClassifierMixin, Estimator):
    """Probabilities from the scores of a binary classifier, by a fitted sigmoid.

    ``P(y = classes_[1]) = 1 / (1 + exp(a_ f + b_))``.  Fit it on scores of rows the classifier was not fitted
    on.

    Attributes
    ----------
    a_, b_ : slope and intercept, Platt's sign
    classes_ : the two labels

    Suits scores whose distortion is sigmoid (margins of SVMs, boosting) and small samples; isotonic
    regression is freer and needs more rows (Niculescu-Mizil & Caruana 2005).

    >>> model = PlattScaling().fit([-2.0, -1.0, 0.5, 1.0, 2.0, -0.5], [0, 0, 0, 1, 1, 1])
    >>> model.predict_proba([0.0]).round(2)
    array([[0.5, 0.5]])
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> PlattScaling:
        """Fit to (n,) or (n, 1) scores, two labels, and weights that count repetitions."""
        score = _scores(X)
        check_consistent_length(score, y)
        check_classification_targets(y)
        if type_of_target(y) not in ("binary",):
            raise ValueError(
                "Only binary classification is supported. The type of the target is "
                f"{type_of_target(y)}."
            )
        self.classes_, codes = np.unique(np.asarray(y).ravel(), return_inverse=True)
        weight = None
        if sample_weight is not None:
            weight = _check_sample_weight(
                sample_weight, score, dtype=np.float64, ensure_non_negative=True
            )
            self._require_two(codes[weight > 0])
        else:
            self._require_two(codes)
        self.a_, self.b_ = fit_sigmoid(score, codes == 1, weight)
        return self

    def _require_two(self, codes: np.ndarray) -> None:
        if self.classes_.size < 2 or codes.size == 0 or codes.min() == codes.max():
            raise ValueError("Classifier can't train when only one class is present.")

    def decision_function(self, X: Any) -> np.ndarray:
        """Log-odds, ``-(a_ f + b_)``."""
        check_is_fitted(self)
        return -(self.a_ * _scores(X) + self.b_)

    def predict_proba(self, X: Any) -> np.ndarray:
        """(n, 2) probabilities."""
        p = expit(self.decision_function(X))
        return np.column_stack([1.0 - p, p])

    def predict(self, X: Any) -> np.ndarray:
        """The likelier label."""
        z = self.decision_function(X)
        return self.classes_[(z > 0).astype(np.intp)]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.classifier_tags.multi_class = False
        return tags


def _scores(X: Any) -> np.ndarray:
    score = check_array(X, ensure_2d=False, dtype="float64", input_name="X")
    if score.ndim == 2 and score.shape[1] == 1:
        score = score.ravel()
    if score.ndim != 1:
        raise ValueError(
            f"X should be a 1d array or 2d array with 1 feature, got shape {score.shape}"
        )
    return score
