"""Scores against training size and against a hyper-parameter, with bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.metrics import check_scoring
from sklearn.model_selection import check_cv
from sklearn.utils import check_random_state

from ..core.errors import InputError
from ..core.estimate import Estimate
from ..core.random import RandomState, seed
from .cross_validate import _Routing
from .fold_mean import fold_mean, size_ratio
from .folds import Fold, plan, run_all
from .power_law import PowerLaw, fit_power_law


@dataclass(frozen=True)
class LearningCurve:
    """Train and test scores by number of training rows; arrays of shape (sizes, folds).

    `train` and `test` give one `Estimate` per size, the band to draw.
    """

    sizes: np.ndarray
    train_scores: np.ndarray
    test_scores: np.ndarray
    n_test: float
    fit_seconds: np.ndarray

    @property
    def train(self) -> list[Estimate]:
        """Mean training score per size with its corrected interval."""
        return [
            fold_mean(s, n, self.n_test).interval() for n, s in zip(self.sizes, self.train_scores)
        ]

    @property
    def test(self) -> list[Estimate]:
        """Mean test score per size with its corrected interval."""
        return [
            fold_mean(s, n, self.n_test).interval() for n, s in zip(self.sizes, self.test_scores)
        ]

    def extrapolate(self, n: float, confidence: float = 0.95) -> Estimate:
        """The test score expected from n training rows, by a power law.

        The interval covers the uncertainty of the fitted curve, not that a curve may stop being a
        power law: trust it for a few times the rows at hand.
        """
        return self._law().at(float(n), confidence=confidence)

    def gain(self, n: float, confidence: float = 0.95) -> Estimate:
        """What n training rows would add to the score of the largest size seen."""
        return self._law().at(float(n), less=float(self.sizes[-1]), confidence=confidence)

    def _law(self) -> PowerLaw:
        folds = self.test_scores.shape[1]
        if folds < 2:
            raise InputError("an extrapolation needs the spread over at least two folds")
        spread = np.atleast_2d(np.cov(self.test_scores))
        # Few folds make a singular covariance; halfway to independence it is stable and still knows
        # that a lucky fold is lucky at every size.
        spread = 0.5 * spread + 0.5 * np.diag(np.diag(spread))
        floor = 1e-12 + 1e-4 * float(np.mean(np.diag(spread)))
        spread += floor * np.eye(len(spread))
        factor = 1.0 / folds + size_ratio(self.sizes[-1], self.n_test)
        return fit_power_law(
            self.sizes.astype(float), self.test_scores.mean(axis=1), factor * spread, folds - 1
        )


@dataclass(frozen=True)
class ValidationCurve:
    """Train and test scores by value of a hyper-parameter; arrays of shape (values, folds)."""

    name: str
    values: tuple[Any, ...]
    train_scores: np.ndarray
    test_scores: np.ndarray
    n_train: float
    n_test: float

    @property
    def train(self) -> list[Estimate]:
        """Mean training score per value with its corrected interval."""
        return [fold_mean(s, self.n_train, self.n_test).interval() for s in self.train_scores]

    @property
    def test(self) -> list[Estimate]:
        """Mean test score per value with its corrected interval."""
        return [fold_mean(s, self.n_train, self.n_test).interval() for s in self.test_scores]

    @property
    def best(self) -> Any:
        """The value with the best mean test score, larger scores being better."""
        return self.values[int(np.argmax(self.test_scores.mean(axis=1)))]


def learning_curve(
    estimator: Any,
    X: Any,
    y: Any = None,
    *,
    train_sizes: ArrayLike | None = None,
    cv: Any = None,
    scoring: Any = None,
    shuffle: bool = True,
    n_jobs: int | None = None,
    random_state: RandomState = 0,
    params: Mapping[str, Any] | None = None,
) -> LearningCurve:
    """Cross-validated scores for growing training sets.

    Parameters
    ----------
    estimator : estimator
    X, y : data
    train_sizes : array, optional
        Fractions in (0, 1] of the smallest training fold, or numbers of rows; by default six sizes
        from 10 % to 100 %, evenly in ratios.
    cv, scoring, n_jobs, params : as in `cross_validate`
    shuffle : bool
        Take the rows of smaller sizes at random from the fold rather than from its top.  For time
        series say False.

    Returns
    -------
    LearningCurve
        With bands, `extrapolate(n)` and `gain(n)`.

    Notes
    -----
    Sizes are nested: a smaller training set lies inside the larger.  Unlike scikit-learn's, a class
    missing from a small set is kept in by drawing in proportion (classifiers).  Cost: sizes times
    folds fits.

    >>> from sklearn.datasets import load_iris
    >>> from sklearn.naive_bayes import GaussianNB
    >>> curve = learning_curve(GaussianNB(), *load_iris(return_X_y=True))
    >>> curve.sizes.tolist(), curve.test_scores.shape
    ([12, 19, 30, 47, 75, 120], (6, 5))
    """
    made = _plan(estimator, X, y, cv, scoring, params)
    smallest = min(len(train) for train, _ in made.folds)
    sizes = _sizes(train_sizes, smallest)
    rng = check_random_state(seed(random_state))
    orders = [_order(train, y, estimator, rng) if shuffle else train for train, _ in made.folds]
    calls: list[tuple[Fold]] = [
        ((order[:size], test),) for size in sizes for order, (_, test) in zip(orders, made.folds)
    ]
    results = list(run_all(made.job.evaluate, calls, n_jobs))
    shape = len(sizes), len(made.folds)
    return LearningCurve(
        sizes=sizes,
        train_scores=np.array([_one(r.train_scores) for r in results]).reshape(shape),
        test_scores=np.array([_one(r.scores) for r in results]).reshape(shape),
        n_test=float(np.mean([len(test) for _, test in made.folds])),
        fit_seconds=np.array([r.fit_seconds for r in results]).reshape(shape),
    )


def validation_curve(
    estimator: Any,
    X: Any,
    y: Any = None,
    *,
    name: str,
    values: Sequence[Any],
    cv: Any = None,
    scoring: Any = None,
    n_jobs: int | None = None,
    params: Mapping[str, Any] | None = None,
) -> ValidationCurve:
    """Cross-validated scores for each value of one hyper-parameter.

    Parameters
    ----------
    estimator : estimator
    X, y : data
    name : str
        The hyper-parameter; ``step__name`` in a Pipeline.
    values : sequence
    cv, scoring, n_jobs, params : as in `cross_validate`

    Returns
    -------
    ValidationCurve
        With bands and `best`.

    >>> from sklearn.datasets import load_iris
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> tree = DecisionTreeClassifier(random_state=0)
    >>> curve = validation_curve(tree, *load_iris(return_X_y=True), name="max_depth", values=[1, 3])
    >>> curve.best, curve.test_scores.shape
    (3, (2, 5))
    """
    if len(values) == 0:
        raise InputError("no values to try")
    made = _plan(estimator, X, y, cv, scoring, params)
    calls = [(fold, {name: value}) for value in values for fold in made.folds]
    results = list(run_all(made.job.evaluate, calls, n_jobs))
    shape = len(values), len(made.folds)
    return ValidationCurve(
        name=name,
        values=tuple(values),
        train_scores=np.array([_one(r.train_scores) for r in results]).reshape(shape),
        test_scores=np.array([_one(r.scores) for r in results]).reshape(shape),
        n_train=float(np.mean([len(train) for train, _ in made.folds])),
        n_test=float(np.mean([len(test) for _, test in made.folds])),
    )


def _plan(estimator: Any, X: Any, y: Any, cv: Any, scoring: Any, params: Any) -> Any:
    owner = _Routing(estimator, check_scoring(estimator, scoring=scoring), check_cv(cv, y))
    return plan(
        owner,
        estimator,
        X,
        y,
        cv=cv,
        scoring=scoring,
        params=params or {},
        train_score=True,
        error_score="raise",
    )


def _one(scores: Mapping[str, float]) -> float:
    if len(scores) != 1:
        raise InputError("a curve follows one metric", do="give scoring as one name or function")
    return next(iter(scores.values()))


def _sizes(given: ArrayLike | None, smallest: int) -> np.ndarray:
    sizes = np.geomspace(0.1, 1.0, 6) if given is None else np.asarray(given)
    if sizes.dtype.kind == "f":
        if np.any(sizes <= 0) or np.any(sizes > 1):
            raise InputError("fractions of train_sizes lie in (0, 1]; whole numbers mean rows")
        sizes = np.maximum((sizes * smallest + 1e-9).astype(int), 1)
    sizes = np.unique(sizes.astype(int))
    if sizes[0] < 1 or sizes[-1] > smallest:
        raise InputError(f"train_sizes lie between 1 and the {smallest} rows of a training fold")
    return sizes


def _order(train: np.ndarray, y: Any, estimator: Any, rng: np.random.RandomState) -> np.ndarray:
    """The fold's training rows such that every beginning of it holds the classes in proportion."""
    from sklearn.base import is_classifier

    mixed = train[rng.permutation(len(train))]
    if y is None or not is_classifier(estimator) or np.ndim(y) != 1:
        return mixed
    labels = np.unique(np.asarray(y)[mixed], return_inverse=True)[1]
    place = np.empty(len(mixed))
    for label in range(labels.max() + 1):
        members = np.flatnonzero(labels == label)
        place[members] = (np.arange(members.size) + 0.5) / members.size
    return mixed[np.argsort(place, kind="stable")]
