"""A binary classifier whose decision is made at a chosen threshold."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.exceptions import NotFittedError
from sklearn.utils import column_or_1d, get_tags, indexable
from sklearn.utils._response import _get_response_values_binary
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping, process_routing
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import _estimator_has, check_is_fitted

from ..core.estimator import Estimator

RESPONSES = ("auto", "predict_proba", "decision_function")


def to_labels(
    score: np.ndarray, threshold: float, classes: np.ndarray, pos_label: Any
) -> np.ndarray:
    """The positive label where the score reaches the threshold, the other elsewhere."""
    positive = 1 if pos_label is None else int(np.flatnonzero(classes == pos_label)[0])
    return classes[np.where(score >= threshold, positive, 1 - positive)]


class ThresholdClassifier(ClassifierMixin, MetaEstimatorMixin, Estimator):
    """What both classifiers share: the wrapped estimator, and how it is asked for scores."""

    estimator: Any
    estimator_: Any
    response_method: str

    def _fit(self, X: Any, y: Any, **params: Any) -> None:
        """Set `estimator_`, and whatever else the kind of threshold needs."""
        raise NotImplementedError

    def fit(self, X: Any, y: Any, **params: Any) -> Any:
        """Fit the wrapped classifier, and choose the threshold where there is one to choose."""
        if self.response_method not in RESPONSES:
            raise ValueError(
                f"response_method must be one of {RESPONSES}, not {self.response_method!r}"
            )
        X, y = indexable(X, column_or_1d(y, warn=True))
        kind = type_of_target(y, input_name="y")
        if kind != "binary":
            raise ValueError(f"Only binary classification is supported. Unknown label type: {kind}")
        self._fit(X, y, **params)
        for name in ("n_features_in_", "feature_names_in_"):
            if hasattr(self.estimator_, name):
                setattr(self, name, getattr(self.estimator_, name))
        return self

    def _responses(self) -> Any:
        return (
            ["predict_proba", "decision_function"]
            if self.response_method == "auto"
            else self.response_method
        )

    def _inner(self) -> Any:
        """The fitted classifier: our own fit, or the one that was given fitted."""
        if hasattr(self, "estimator_"):
            return self.estimator_
        try:
            check_is_fitted(self.estimator)
        except NotFittedError:
            check_is_fitted(self, "estimator_")
        return self.estimator

    @property
    def classes_(self) -> np.ndarray:
        """The two labels."""
        try:
            return self._inner().classes_
        except NotFittedError as error:
            raise AttributeError("The underlying estimator is not fitted yet.") from error

    @available_if(_estimator_has("predict_proba"))
    def predict_proba(self, X: Any) -> np.ndarray:
        """The wrapped classifier's probabilities."""
        return self._inner().predict_proba(X)

    @available_if(_estimator_has("predict_log_proba"))
    def predict_log_proba(self, X: Any) -> np.ndarray:
        """The wrapped classifier's log probabilities."""
        return self._inner().predict_log_proba(X)

    @available_if(_estimator_has("decision_function"))
    def decision_function(self, X: Any) -> np.ndarray:
        """The wrapped classifier's decision."""
        return self._inner().decision_function(X)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.sparse = get_tags(self.estimator).input_tags.sparse
        return tags


class FixedThresholdClassifier(ThresholdClassifier):
    """A binary classifier that decides at a given threshold.

    Parameters
    ----------
    estimator : a binary classifier, fitted or not
    threshold : a row is positive if its score is at least this; "auto" is 0.5 for probabilities and 0 for
        decisions
    pos_label : the positive label, by default the greater
    response_method : "predict_proba", "decision_function", or "auto": probabilities if there are any

    Same as scikit-learn's.

    >>> from sklearn.linear_model import LogisticRegression
    >>> X, y = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]
    >>> FixedThresholdClassifier(LogisticRegression(), threshold=0.9).fit(X, y).predict(X)
    array([0, 0, 0, 0])
    """

    def __init__(
        self,
        estimator: Any,
        *,
        threshold: float | str = "auto",
        pos_label: Any = None,
        response_method: str = "auto",
    ) -> None:
        self.estimator = estimator
        self.threshold = threshold
        self.pos_label = pos_label
        self.response_method = response_method

    def _fit(self, X: Any, y: Any, **params: Any) -> None:
        routed = process_routing(self, "fit", **params)
        classifier: Any = clone(self.estimator)
        self.estimator_ = classifier.fit(X, y, **routed.estimator.fit)

    def predict(self, X: Any) -> np.ndarray:
        """Labels at the threshold."""
        inner = self._inner()
        found: Any = _get_response_values_binary(
            inner, X, self._responses(), pos_label=self.pos_label, return_response_method_used=True
        )
        score, _, used = found
        cut = self.threshold
        if isinstance(cut, str):
            cut = 0.5 if used == "predict_proba" else 0.0
        return to_labels(score, cut, inner.classes_, self.pos_label)

    def get_metadata_routing(self) -> MetadataRouter:
        """Everything goes to the wrapped classifier."""
        mapping = MethodMapping().add(callee="fit", caller="fit")
        return MetadataRouter(owner=self).add(estimator=self.estimator, method_mapping=mapping)
