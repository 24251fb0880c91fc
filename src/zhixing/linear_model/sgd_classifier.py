"""Linear classifiers by stochastic gradient descent."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from ..data.check import check_rows
from .base import scores
from .stochastic_classifier import StochasticClassifier


class SGDClassifier(StochasticClassifier):
    """A linear classifier that learns from one row at a time, in memory or from a stream.

    Minimises, for two classes or for each class against the rest::

        (1 / sum weight) sum_i weight_i l(y_i, x_i w + b) + alpha R(w)
        R = |w|^2 / 2 (l2), |w|_1 (l1), l1_ratio |w|_1 + (1 - l1_ratio) |w|^2 / 2 (elasticnet)

    Parameters
    ----------
    loss : ``"hinge"`` (linear support vector machine), ``"log_loss"`` (logistic regression),
        ``"modified_huber"``, ``"squared_hinge"``, ``"perceptron"``, or a regression loss on -1 and +1:
        ``"squared_error"``, ``"huber"``, ``"epsilon_insensitive"``,
        ``"squared_epsilon_insensitive"``.
    penalty : ``"l2"``, ``"l1"``, ``"elasticnet"`` or None.    alpha, l1_ratio : as above.
    learning_rate : ``"optimal"`` 1 / (alpha (t0 + t)), ``"constant"`` eta0, ``"invscaling"``
        eta0 / t^power_t, ``"adaptive"`` eta0 until nothing improves and a fifth of it from then on,
        ``"pa1"`` and ``"pa2"`` passive-aggressive steps of at most eta0.
    average : True or the weight of rows after which the coefficients are averaged over steps.
    early_stopping : keep `validation_fraction` of the rows (a share of each class) and stop when
        their accuracy has not improved by `tol` for `n_iter_no_change` passes; the best pass is kept.
    tol : otherwise the loss met in training decides so; None for `max_iter` passes.
    class_weight : None, ``"balanced"`` or a dict.
    epsilon, fit_intercept, max_iter, shuffle, random_state, warm_start : as in scikit-learn.

    Attributes
    ----------
    coef_ : (1, p), or (k, p) for k > 2 classes.     intercept_ : (1,) or (k,).
    classes_, n_iter_, t_ (one more than the weight of rows seen), history_ (loss and score by pass).

    Notes
    -----
    Cost: O(n p) a pass, or O(non-zeros) for sparse X, whatever the penalty: w is kept as a scale and a
    vector, the L1 penalty is cumulative.  Memory O(k p); `partial_fit` holds nothing else, so a
    stream has no end.  Classes are trained on threads.
    Differences from scikit-learn: weight means repetition (a row of weight 3 is visited three times
    in a row, as three equal rows are), so neither weights nor the order of the table change the fit;
    without an L1 penalty the fit ends with one pass whose steps are averaged, which takes most of the
    noise of the last step away (Rakhlin et al. 2012); `intercept_` takes smaller steps
    where less than a tenth of X is non-zero, however X is stored; early stopping keeps the best pass.
    Sources: Bottou (2010), "Large-scale machine learning with stochastic gradient descent"; Tsuruoka
    et al. (2009) for L1; Xu (2011) for averaging; Crammer et al. (2006) for passive-aggressive steps.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> model = SGDClassifier(loss="log_loss", random_state=0).fit(X[:100], y[:100])
    >>> model.score(X[:100], y[:100])
    1.0
    """

    def __init__(
        self,
        loss: str = "hinge",
        *,
        penalty: str | None = "l2",
        alpha: float = 0.0001,
        l1_ratio: float = 0.15,
        fit_intercept: bool = True,
        max_iter: int = 1000,
        tol: float | None = 1e-3,
        shuffle: bool = True,
        verbose: int = 0,
        epsilon: float = 0.1,
        n_jobs: int | None = None,
        random_state: Any = None,
        learning_rate: str = "optimal",
        eta0: float = 0.01,
        power_t: float = 0.5,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 5,
        class_weight: Any = None,
        warm_start: bool = False,
        average: bool | int = False,
    ) -> None:
        self.loss = loss
        self.penalty = penalty
        self.alpha = alpha
        self.l1_ratio = l1_ratio
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.tol = tol
        self.shuffle = shuffle
        self.verbose = verbose
        self.epsilon = epsilon
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.learning_rate = learning_rate
        self.eta0 = eta0
        self.power_t = power_t
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.class_weight = class_weight
        self.warm_start = warm_start
        self.average = average

    def _has_probabilities(self) -> bool:
        if self.loss not in ("log_loss", "modified_huber"):
            raise AttributeError(f"loss={self.loss!r} has no probabilities; use 'log_loss'")
        return True

    @available_if(_has_probabilities)
    def predict_proba(self, X: Any) -> np.ndarray:
        """The probability of every class, (n, k); each class against the rest, made to sum to 1."""
        check_is_fitted(self)
        z = scores(check_rows(self, X), self.coef_, self.intercept_)
        p = self._loss().mean(z)
        if p.shape[1] == 1:
            return np.hstack([1.0 - p, p]).astype(z.dtype, copy=False)
        total = p.sum(axis=1, keepdims=True)
        # No class at all may be thought possible: then all equally.
        return np.where(total > 0, p / np.where(total > 0, total, 1.0), 1.0 / p.shape[1])

    @available_if(_has_probabilities)
    def predict_log_proba(self, X: Any) -> np.ndarray:
        """Logarithms of `predict_proba`."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))
