"""The perceptron."""

from __future__ import annotations

from typing import Any

import numpy as np

from .stochastic_classifier import StochasticClassifier


class Perceptron(StochasticClassifier):
    """A linear threshold unit that learns from its mistakes:  w + eta0 y x  for every wrong row.

    It is stochastic gradient descent on max(0, -y z) with a constant step, and it converges after
    at most (R / margin)^2 mistakes where a line through the classes exists (Novikoff 1962).

    Parameters
    ----------
    nonneg : keep every weight at or above zero, as in a threshold unit of excitatory inputs.
    eta0 : the step; without a penalty it only scales the weights.
    penalty, alpha, l1_ratio, fit_intercept, max_iter, tol, shuffle, random_state, early_stopping,
        validation_fraction, n_iter_no_change, class_weight, warm_start : as in `SGDClassifier`.

    Attributes
    ----------
    coef_, intercept_, classes_, n_iter_, t_, history_ : as in `SGDClassifier`.

    Notes
    -----
    Differences from scikit-learn: those of `SGDClassifier`, and `nonneg`.
    Source: Rosenblatt (1958), "The perceptron: a probabilistic model for information storage".

    Examples
    --------
    >>> model = Perceptron().fit([[0.0, 1.0], [1.0, 0.0], [2.0, 0.5], [0.1, 3.0]], [0, 1, 1, 0])
    >>> model.predict([[3.0, 0.0], [0.0, 3.0]])
    array([1, 0])
    """

    loss, epsilon, learning_rate, power_t, average = "perceptron", 0.1, "constant", 0.5, False

    def __init__(
        self,
        *,
        penalty: str | None = None,
        alpha: float = 0.0001,
        l1_ratio: float = 0.15,
        fit_intercept: bool = True,
        max_iter: int = 1000,
        tol: float | None = 1e-3,
        shuffle: bool = True,
        verbose: int = 0,
        eta0: float = 1.0,
        n_jobs: int | None = None,
        random_state: Any = 0,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 5,
        class_weight: Any = None,
        warm_start: bool = False,
        nonneg: bool = False,
    ) -> None:
        self.penalty = penalty
        self.alpha = alpha
        self.l1_ratio = l1_ratio
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.tol = tol
        self.shuffle = shuffle
        self.verbose = verbose
        self.eta0 = eta0
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.class_weight = class_weight
        self.warm_start = warm_start
        self.nonneg = nonneg

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        # Weights at or above zero cannot follow a class that falls with a feature.
        tags.classifier_tags.poor_score = self.nonneg
        return tags

    @property
    def _floor(self) -> float:
        return 0.0 if self.nonneg else -np.inf
