"""Passive-aggressive learning."""

from __future__ import annotations

from typing import Any

from .stochastic_classifier import StochasticClassifier
from .stochastic_regressor import StochasticRegressor


class PassiveAggressiveClassifier(StochasticClassifier):
    """Stays where a row is right by a margin, else moves just enough to make it so.

    The step along y x is min(C, l / |x|^2) with l the hinge loss (``"hinge"``, PA-I), or
    l / (|x|^2 + 1 / (2 C)) (``"squared_hinge"``, PA-II).  There is no step size and no penalty.

    Parameters
    ----------
    C : aggressiveness, the largest step.
    loss : ``"hinge"`` or ``"squared_hinge"``.
    fit_intercept, max_iter, tol, early_stopping, validation_fraction, n_iter_no_change, shuffle,
        random_state, warm_start, class_weight, average : as in `SGDClassifier`.

    Notes
    -----
    Attributes, cost and differences from scikit-learn: see `SGDClassifier`.
    Source: Crammer et al. (2006), "Online passive-aggressive algorithms", figure 1.

    Examples
    --------
    >>> model = PassiveAggressiveClassifier(random_state=0).fit([[0.0], [1.0], [2.0]], [0, 0, 1])
    >>> model.predict([[0.0], [3.0]])
    array([0, 1])
    """

    penalty, alpha, l1_ratio, epsilon, power_t = None, 0.0, 0.0, 0.1, 0.5

    def __init__(
        self,
        *,
        C: float = 1.0,
        fit_intercept: bool = True,
        max_iter: int = 1000,
        tol: float | None = 1e-3,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 5,
        shuffle: bool = True,
        verbose: int = 0,
        loss: str = "hinge",
        n_jobs: int | None = None,
        random_state: Any = None,
        warm_start: bool = False,
        class_weight: Any = None,
        average: bool | int = False,
    ) -> None:
        self.C = C
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.tol = tol
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.shuffle = shuffle
        self.verbose = verbose
        self.loss = loss
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.warm_start = warm_start
        self.class_weight = class_weight
        self.average = average

    @property
    def eta0(self) -> float:
        return self.C

    @property
    def learning_rate(self) -> str:
        return "pa1" if self.loss == "hinge" else "pa2"

    def _losses(self) -> dict[str, Any]:
        # Both rules read the plain loss; squaring it is what the second rule is.
        plain = super()._losses()["hinge"]
        return {"hinge": plain, "squared_hinge": plain}


class PassiveAggressiveRegressor(StochasticRegressor):
    """Stays where an error is below epsilon, else moves just enough to bring it there.

    The step along x is min(C, l / |x|^2) with l = max(0, |y - z| - epsilon)
    (``"epsilon_insensitive"``, PA-I), or l / (|x|^2 + 1 / (2 C))
    (``"squared_epsilon_insensitive"``, PA-II).

    Parameters
    ----------
    C : aggressiveness, the largest step.    epsilon : tolerated error, in units of y.
    loss : as above.  The rest as in `SGDRegressor`.

    Notes
    -----
    Source: Crammer et al. (2006), "Online passive-aggressive algorithms", section 4.

    Examples
    --------
    >>> X = [[float(i)] for i in range(-5, 6)]
    >>> model = PassiveAggressiveRegressor(random_state=0).fit(X, [2.0 * x[0] for x in X])
    >>> model.predict([[2.0]]).round()
    array([4.])
    """

    penalty, alpha, l1_ratio, power_t = None, 0.0, 0.0, 0.25

    def __init__(
        self,
        *,
        C: float = 1.0,
        fit_intercept: bool = True,
        max_iter: int = 1000,
        tol: float | None = 1e-3,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 5,
        shuffle: bool = True,
        verbose: int = 0,
        loss: str = "epsilon_insensitive",
        epsilon: float = 0.1,
        random_state: Any = None,
        warm_start: bool = False,
        average: bool | int = False,
    ) -> None:
        self.C = C
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.tol = tol
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.shuffle = shuffle
        self.verbose = verbose
        self.loss = loss
        self.epsilon = epsilon
        self.random_state = random_state
        self.warm_start = warm_start
        self.average = average

    @property
    def eta0(self) -> float:
        return self.C

    @property
    def learning_rate(self) -> str:
        return "pa1" if self.loss == "epsilon_insensitive" else "pa2"

    def _losses(self) -> dict[str, Any]:
        plain = super()._losses()["epsilon_insensitive"]
        return {"epsilon_insensitive": plain, "squared_epsilon_insensitive": plain}
