"""The rounds of multiclass AdaBoost."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple, Protocol

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from .members import member

EPSILON = float(np.finfo(np.float64).eps)


class Learner(Protocol):
    """What a round asks of the weak learner: a member for weights, its answers on rows of training."""

    def fit(self, weight: np.ndarray, seed: int) -> Any: ...

    def codes(self, made: Any) -> np.ndarray: ...

    def proba(self, made: Any) -> np.ndarray: ...


class AnyClassifier:
    """Clones of a classifier that takes weights."""

    def __init__(self, estimator: Any, X: Any, y: np.ndarray, classes: np.ndarray) -> None:
        self.estimator, self.X, self.y, self.classes = estimator, X, y, classes

    def fit(self, weight: np.ndarray, seed: int) -> Any:
        return member(self.estimator, seed).fit(self.X, self.y, sample_weight=weight)

    def codes(self, made: Any) -> np.ndarray:
        return np.searchsorted(self.classes, made.predict(self.X))

    def proba(self, made: Any) -> np.ndarray:
        return all_classes(made, self.X, self.classes)


def all_classes(made: Any, X: Any, classes: np.ndarray) -> np.ndarray:
    """(n, k) probabilities of a member that may know fewer classes."""
    out = np.zeros((X.shape[0], len(classes)))
    out[:, np.searchsorted(classes, made.classes_)] = made.predict_proba(X)
    return out


def log_shares(p: np.ndarray) -> np.ndarray:
    """(k - 1) (log p_c - mean over classes of log p), the score of a member by SAMME.R, eq. 4."""
    logs = np.log(np.maximum(p, EPSILON))
    return (p.shape[-1] - 1) * (logs - logs.mean(axis=-1, keepdims=True))


class Rounds(NamedTuple):
    """Members, their weights and their errors."""

    members: list[Any]
    weights: list[float]
    errors: list[float]


def samme(
    learner: Learner,
    codes: np.ndarray,
    k: int,
    weight: np.ndarray,
    *,
    rate: float,
    seeds: list[int],
    real: bool,
) -> Rounds:
    """At most one member a seed; stops at a perfect one and before one that is no better than chance.

    Weights are left as they grow, and brought down by powers of two when they are large: so the rows
    that a round got right keep their weight to the bit.
    """
    made = Rounds([], [], [])
    weight = weight / weight.sum()
    positive = weight > 0
    for seed in seeds:
        weight = np.where(positive, np.maximum(weight, EPSILON * weight.sum()), 0.0)
        found = learner.fit(weight, seed)
        wrong = learner.codes(found) != codes
        error = float(weight[wrong].sum() / weight.sum())
        if not real and error >= 1.0 - 1.0 / k - 1e-12:
            if not made.members:
                raise ValueError(
                    f"the first member is no better than chance (error {error:.3g} of {k} classes), "
                    "so there is nothing to boost; give AdaBoostClassifier another estimator"
                )
            break
        alpha = (
            1.0 if real or error <= 0 else rate * (np.log((1 - error) / error) + np.log(k - 1.0))
        )
        made.members.append(found)
        made.weights.append(alpha)
        made.errors.append(error)
        if error <= 0:
            break
        with np.errstate(over="ignore"):
            if real:
                logs = np.log(np.maximum(learner.proba(found), EPSILON))
                own = logs[np.arange(len(codes)), codes]
                # y is coded 1 for its class and -1 / (k - 1) for the others.
                agree = own - (logs.sum(axis=1) - own) / (k - 1.0)
                weight = weight * np.exp(-rate * (k - 1.0) / k * agree)
            else:
                weight[wrong] *= np.exp(alpha)
        total = float(weight.sum())
        if not np.isfinite(total):
            warnings.warn(
                f"weights of rows became infinite after {len(made.members)} rounds, and boosting "
                "stopped; lower learning_rate",
                ConvergenceWarning,
                stacklevel=4,
            )
            break
        exponent = int(np.frexp(total)[1])
        if abs(exponent) > 64:
            weight = np.ldexp(weight, -exponent)
    return made
