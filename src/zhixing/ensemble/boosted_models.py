"""Boosted trees for classes and for numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets

from ..losses import Logistic, Softmax, check_domain
from .boosted_trees import BoostedTrees, Held, weights


class BoostedClassifier(ClassifierMixin, BoostedTrees):
    """Boosted trees for classes: log-odds for two, a softmax score each for more."""

    def _against_rest(self) -> bool:
        """Whether each of several classes has log-odds of its own."""
        return False

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> BoostedClassifier:
        """Fit on X (n, p), missing values as NaN, and labels y; returns self."""
        self._fit_classes(X, y, sample_weight)
        return self

    def _fit_classes(
        self, X: Any, y: Any, sample_weight: Any, held: Any = (), margin: Any = None
    ) -> None:
        """`held` lists (name, X, y, weight) as the user gives them."""
        X, y = self._rows_fit(X, y)
        check_classification_targets(y)
        weight = weights(sample_weight, X)
        self.classes_, codes = np.unique(y, return_inverse=True)
        k = len(self.classes_)
        if k < 2:
            raise ValueError(
                f"{type(self).__name__} needs at least two classes in y; there is only one class: "
                f"{self.classes_[0]!r}"
            )
        class_weight = getattr(self, "class_weight", None)
        if class_weight is not None:
            by_class = compute_sample_weight(class_weight, y)
            weight = by_class if weight is None else by_class * weight
        self._outputs = 1 if k == 2 else k
        self._whole_weight = float(len(y) if weight is None else weight.sum())
        plan = self._plan(len(y), X.shape[1], self._outputs)
        self._train(
            X, codes.astype(np.float64), weight, plan, self._held(held, self._codes), margin
        )

    def _codes(self, y: Any) -> np.ndarray:
        y = np.asarray(y)
        codes = np.searchsorted(self.classes_, y).clip(max=len(self.classes_) - 1)
        if not (self.classes_[codes] == y).all():
            raise ValueError("eval_set holds a class that is not in y")
        return codes.astype(np.float64)

    def _class_loss(self, outputs: int) -> Any:
        return Logistic() if outputs == 1 else Softmax(outputs)

    def decision_function(self, X: Any) -> np.ndarray:
        """Log-odds of the second class (n,), or scores (n, classes)."""
        scores = self._scores(X)
        return scores[:, 0] if scores.shape[1] == 1 else scores

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities (n, classes)."""
        return self._probabilities(self._scores(X))

    def predict(self, X: Any) -> np.ndarray:
        """The likeliest class."""
        return self._labels(self._scores(X))

    def staged_predict_proba(self, X: Any) -> Iterator[np.ndarray]:
        """`predict_proba` after each round."""
        for scores in self._staged_scores(X):
            yield self._probabilities(scores)

    def staged_predict(self, X: Any) -> Iterator[np.ndarray]:
        """`predict` after each round."""
        for scores in self._staged_scores(X):
            yield self._labels(scores)

    def staged_decision_function(self, X: Any) -> Iterator[np.ndarray]:
        """`decision_function` after each round."""
        for scores in self._staged_scores(X):
            yield scores[:, 0] if scores.shape[1] == 1 else scores

    def _mean_of(self, scores: np.ndarray) -> np.ndarray:
        if scores.shape[1] == 1:
            return Logistic().mean(scores[:, 0])
        if not self._against_rest():
            return Softmax(scores.shape[1]).mean(scores)
        each = Logistic().mean(scores)
        return each / np.maximum(each.sum(axis=1, keepdims=True), 1e-300)

    def _probabilities(self, scores: np.ndarray) -> np.ndarray:
        p = self._mean_of(scores)
        return np.column_stack([1.0 - p, p]) if p.ndim == 1 else p

    def _labels(self, scores: np.ndarray) -> np.ndarray:
        if scores.shape[1] == 1:
            return self.classes_[(scores[:, 0] > 0).astype(int)]
        return self.classes_[scores.argmax(axis=1)]

    def _held(self, given: Any, encode: Any) -> list[Held]:
        return held_rows(self, given, encode)


class BoostedRegressor(RegressorMixin, BoostedTrees):
    """Boosted trees for numbers: the loss's mean of a score."""

    #: Whether y may have several columns.
    _many = False

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> BoostedRegressor:
        """Fit on X (n, p), missing values as NaN, and numbers y (n,); returns self."""
        self._fit_numbers(X, y, sample_weight)
        return self

    def _fit_numbers(
        self, X: Any, y: Any, sample_weight: Any, held: Any = (), margin: Any = None
    ) -> None:
        options = {"multi_output": True} if self._many else {}
        X, y = self._rows_fit(X, y, y_numeric=True, **options)
        weight = weights(sample_weight, X)
        y = np.asarray(y, dtype=np.float64)
        self._one_column = y.ndim == 1
        self._outputs = 1 if y.ndim == 1 else y.shape[1]
        self._whole_weight = float(len(y) if weight is None else weight.sum())
        plan = self._plan(len(y), X.shape[1], self._outputs)
        if hasattr(plan.loss, "domain"):
            check_domain(plan.loss, y)
        self._loss = plan.loss
        self._train(X, y, weight, plan, held_rows(self, held, _numbers), margin)

    def predict(self, X: Any) -> np.ndarray:
        """Predicted y (n,), or (n, targets)."""
        return self._mean_of(self._scores(X))

    def staged_predict(self, X: Any) -> Iterator[np.ndarray]:
        """`predict` after each round."""
        for scores in self._staged_scores(X):
            yield self._mean_of(scores)

    def _mean_of(self, scores: np.ndarray) -> np.ndarray:
        z = scores[:, 0] if self._one_column else scores
        return self._loss.mean(z) if hasattr(self._loss, "mean") else z


def _numbers(y: Any) -> np.ndarray:
    return np.asarray(y, dtype=np.float64)


def held_rows(model: Any, given: Any, encode: Any) -> list[Held]:
    """Rows to be watched, in the form of training."""
    made = []
    for name, X, y, weight in given:
        X = model._rows(X)
        y = encode(y)
        if len(y) != len(X):
            raise ValueError(f"{name}: X has {len(X)} rows and y {len(y)}")
        w = weights(weight, X)
        made.append(Held(name, X, y, np.ones(len(y)) if w is None else w))
    return made
