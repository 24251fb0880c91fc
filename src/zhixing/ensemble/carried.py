"""A booster whose trees come from elsewhere, as if it had been fitted; and what goes out of one."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.utils.validation import check_is_fitted

from ..core.errors import InputError
from ..kernels._nodes import CATEGORIES
from ..losses import (
    Absolute,
    AbsolutePercentage,
    Gamma,
    Huber,
    Logistic,
    Poisson,
    Quantile,
    Softmax,
    Squared,
    Tweedie,
)
from .boosting import Boosted


def as_fitted(
    model: Any, boosted: Boosted, p: int, names: list[str] | None, classes: Any = None
) -> Any:
    """Give an unfitted booster its trees; names like Column_0 or f0 count as none."""
    outputs = len(boosted.start)
    model._boosted = boosted
    model._outputs = outputs
    model.n_features_in_ = p
    made_up = names is None or names in (
        [f"Column_{j}" for j in range(p)],
        [f"f{j}" for j in range(p)],
    )
    if names is not None and len(names) == p and not made_up:
        model.feature_names_in_ = np.array(names, dtype=object)
    categorical = boosted.bins.kinds & CATEGORIES != 0
    model.is_categorical_ = categorical if categorical.any() else None
    model._categories = {}
    model.n_iter_ = model.best_iteration_ = boosted.rounds
    model.best_score_ = {}
    if is_classifier(model):
        k = 2 if outputs == 1 else outputs
        model.classes_ = np.arange(k) if classes is None else np.asarray(classes)
        if len(model.classes_) != k:
            raise InputError(f"{len(model.classes_)} classes for a model of {k}")
    else:
        model._one_column = outputs == 1
        model._loss = model._plan(1, p, outputs).loss
    return model


def objective_of(model: Any) -> Any:
    """The loss part by which a fitted booster's scores are read: what a converter names."""
    check_is_fitted(model, "n_iter_")
    if "_boosted" not in vars(model):
        raise InputError("a linear booster has no trees")
    statistics = getattr(model, "_statistics", None)
    if statistics is not None and (statistics.levels or statistics.indicated):
        raise InputError("statistics of categories have no form there")
    outputs = model._outputs
    if is_classifier(model):
        if outputs == 1:
            return Logistic()
        if model._against_rest():
            raise InputError("one-against-rest probabilities have no form there")
        return Softmax(outputs)
    loss = getattr(model, "_loss", None)
    known = (Squared, Absolute, AbsolutePercentage, Huber, Quantile, Poisson, Gamma, Tweedie)
    if outputs != 1 or not isinstance(loss, known):
        raise InputError(
            f"a booster for {type(loss).__name__} and {outputs} outputs has no form there"
        )
    return loss


def names_of(model: Any) -> list[str]:
    names = getattr(model, "feature_names_in_", None)
    if names is None:
        return [f"Column_{j}" for j in range(model.n_features_in_)]
    return [str(name).replace(" ", "_") for name in names]


def whole_categories(boosted: Boosted, j: int) -> np.ndarray:
    """The categories of feature j as whole numbers, or a refusal."""
    known = boosted.bins.categories[j]
    if len(known) and (known[0] < 0 or known[-1] >= 2**20 or (known % 1 != 0).any()):
        raise InputError(f"the categories of feature {j} are not whole numbers from 0 on")
    return known.astype(np.int64)
