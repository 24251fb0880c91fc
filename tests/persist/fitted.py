"""A fitted instance of every estimator of the catalogue, on data chosen by its tags."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.utils import get_tags

from zhixing.catalogue import estimators

from ..contracts.required import REQUIRED

#: Methods whose answers a loaded model must repeat, bit for bit.
METHODS = (
    "predict",
    "predict_proba",
    "predict_log_proba",
    "decision_function",
    "predict_joint_log_proba",
    "transform",
    "score_samples",
)


def instance(name: str) -> Any:
    """An instance with defaults, or the one the contract suites use where arguments are needed."""
    made = REQUIRED.get(name)
    return clone(made[0]) if made else estimators()[name]()


def table(model: Any) -> tuple[np.ndarray, np.ndarray]:
    """X and y that suit a model's tags."""
    rng = np.random.default_rng(0)
    tags = get_tags(model)
    X = rng.normal(size=(60, 3))  # as many columns as classes, for those that take scores
    if tags.input_tags.categorical and not tags.input_tags.positive_only:
        X = np.array(["red", "green", "blue"], dtype=object)[rng.integers(3, size=(60, 3))]
    elif tags.input_tags.categorical:
        X = rng.integers(0, 4, size=(60, 3))
    elif tags.input_tags.positive_only:
        X = np.abs(X)
    if tags.input_tags.one_d_array:
        X = X[:, 0]
    latent = rng.normal(size=60) + (X[:, 0] if X.ndim == 2 and X.dtype.kind == "f" else 0)
    if tags.estimator_type == "classifier":
        multi = tags.classifier_tags is not None and tags.classifier_tags.multi_class
        y = np.digitize(latent, [-0.5, 0.5] if multi else [0.0])
        return X, np.array(["low", "middle", "high"])[y]
    y = np.abs(latent) + 0.1 if tags.target_tags.positive_only else latent
    return X, y[:, None] * [1, -1] if _multi_only(tags) else y


def _multi_only(tags: Any) -> bool:
    return tags.target_tags.multi_output and not tags.target_tags.single_output


def fitted(name: str) -> tuple[Any, Any]:
    """A fitted estimator of the catalogue and the rows it was fitted on."""
    model = instance(name)
    X, y = table(model)
    tags = get_tags(model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if tags.input_tags.two_d_array or tags.target_tags.required:
            return model.fit(X, y), X
        labels: Any = np.array(["low", "middle", "high"])[np.digitize(y, [-0.5, 0.5])]
        if tags.target_tags.two_d_labels:
            labels = [(label, "any") for label in labels.tolist()]
        return model.fit(labels), labels


def answers(model: Any, X: Any) -> Iterator[tuple[str, Any]]:
    """What each method of a model says about X."""
    for method in METHODS:
        if hasattr(model, method):
            yield method, getattr(model, method)(X)
    if hasattr(model, "transform") and hasattr(model, "get_feature_names_out"):
        yield "get_feature_names_out", model.get_feature_names_out()
