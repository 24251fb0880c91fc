"""Linear regression by stochastic gradient descent."""

from __future__ import annotations

from typing import Any

from .stochastic_regressor import StochasticRegressor


class SGDRegressor(StochasticRegressor):
    """A linear regression that learns from one row at a time, in memory or from a stream.

    Minimises  (1 / sum weight) sum_i weight_i l(y_i, x_i w + b) + alpha R(w).  Scale the features
    and the target: step sizes have no units.

    Parameters
    ----------
    loss : ``"squared_error"``, ``"huber"``, ``"epsilon_insensitive"``,
        ``"squared_epsilon_insensitive"``; `epsilon` is their threshold, in units of y.
    penalty, alpha, l1_ratio, learning_rate, eta0, power_t, average, early_stopping (by R^2), tol,
        max_iter, shuffle, random_state, warm_start : as in `SGDClassifier`.

    Attributes
    ----------
    coef_ : (p,).     intercept_ : (1,).     n_iter_, t_, history_.

    Notes
    -----
    Cost, sources and differences from scikit-learn: see `SGDClassifier`.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.linspace(-1, 1, 200)[:, None]
    >>> model = SGDRegressor(tol=1e-5, random_state=0).fit(X, 3.0 * X[:, 0] + 1.0)
    >>> model.coef_.round(1), model.intercept_.round(1)
    (array([3.]), array([1.]))
    """

    def __init__(
        self,
        loss: str = "squared_error",
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
        random_state: Any = None,
        learning_rate: str = "invscaling",
        eta0: float = 0.01,
        power_t: float = 0.25,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 5,
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
        self.random_state = random_state
        self.learning_rate = learning_rate
        self.eta0 = eta0
        self.power_t = power_t
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.warm_start = warm_start
        self.average = average
