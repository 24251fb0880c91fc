"""Trees and forests: held-out accuracy beside time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn import ensemble as sk
from sklearn import tree as sk_tree

from zhixing.ensemble import (
    ExtraTreesClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
)
from zhixing.tree import DecisionTreeClassifier, DecisionTreeRegressor

from .registry import Contest, benchmark

#: What accuracies of one seed differ by on so many held-out rows.
NOISE = 0.02


def table(n: int, p: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Normal features, a score of five of them and noise."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, p))
    score = X[:, 0] + X[:, 1] * X[:, 2] + np.sin(3 * X[:, 3]) + np.maximum(X[:, 4], 0.0) * X[:, 5]
    return X, score + rng.normal(size=n)


def contest(
    X: np.ndarray, y: np.ndarray, makers: dict[str, Callable[[], Any]], train: int, repeats: int = 3
) -> Contest:
    """Fit on the first rows, judge on the others: 1 - accuracy, or 1 - R2."""
    X_train, y_train = np.ascontiguousarray(X[:train]), y[:train]

    def work(make: Callable[[], Any]) -> Callable[[], Any]:
        return lambda: make().fit(X_train, y_train)

    return Contest(
        {name: work(make) for name, make in makers.items()},
        quality="1 - R2" if y.dtype.kind == "f" else "1 - accuracy",
        evaluate=lambda model: 1.0 - float(model.score(X[train:], y[train:])),  # type: ignore
        tolerance=NOISE,
        repeats=repeats,
    )


def intel(name: str) -> dict[str, Callable[..., Any]]:
    """The forest of scikit-learn-intelex, if it is installed."""
    try:
        import sklearnex.ensemble as ex
    except ImportError:
        return {}
    return {"scikit-learn-intelex": getattr(ex, name)}


@benchmark("decision tree on bins, 100k x 40, two classes, full", target=10.0)
def binned() -> Contest:
    X, y = table(125_000)
    return contest(X, (y > 0).astype(int), {
        "zhixing hist": lambda: DecisionTreeClassifier(splitter="hist", random_state=0),
        "scikit-learn": lambda: sk_tree.DecisionTreeClassifier(random_state=0),
    }, 100_000)  # fmt: skip


@benchmark("decision tree, exact, 100k x 40, two classes, full")
def exact() -> Contest:
    X, y = table(125_000)
    return contest(X, (y > 0).astype(int), {
        "zhixing exact": lambda: DecisionTreeClassifier(random_state=0),
        "scikit-learn": lambda: sk_tree.DecisionTreeClassifier(random_state=0),
    }, 100_000)  # fmt: skip


@benchmark("decision tree on bins, 100k x 40, seven classes, 10 levels", target=10.0)
def seven() -> Contest:
    X, y = table(125_000)
    labels = np.digitize(y, np.quantile(y, np.arange(1, 7) / 7))
    return contest(X, labels, {
        "zhixing hist": lambda: DecisionTreeClassifier(splitter="hist", max_depth=10, random_state=0),
        "scikit-learn": lambda: sk_tree.DecisionTreeClassifier(max_depth=10, random_state=0),
    }, 100_000)  # fmt: skip


@benchmark("regression tree on bins, 100k x 40, leaves of 20 rows", target=10.0)
def numbers() -> Contest:
    X, y = table(125_000)
    return contest(X, y, {
        "zhixing hist": lambda: DecisionTreeRegressor(
            splitter="hist", min_samples_leaf=20, random_state=0
        ),
        "scikit-learn": lambda: sk_tree.DecisionTreeRegressor(min_samples_leaf=20, random_state=0),
    }, 100_000)  # fmt: skip


@benchmark("random forest, 60k x 40, two classes, 100 trees")
def forest() -> Contest:
    X, y = table(80_000)
    makers: dict[str, Callable[[], Any]] = {
        "zhixing": lambda: RandomForestClassifier(random_state=0),
        "scikit-learn": lambda: sk.RandomForestClassifier(n_jobs=2, random_state=0),
    }
    for name, cls in intel("RandomForestClassifier").items():
        makers[name] = lambda cls=cls: cls(n_jobs=2, random_state=0)
    return contest(X, (y > 0).astype(int), makers, 60_000, repeats=2)


@benchmark("extra trees, 60k x 40, two classes, 100 trees")
def extra() -> Contest:
    X, y = table(80_000)
    makers: dict[str, Callable[[], Any]] = {
        "zhixing": lambda: ExtraTreesClassifier(random_state=0),
        "scikit-learn": lambda: sk.ExtraTreesClassifier(n_jobs=2, random_state=0),
    }
    for name, cls in intel("ExtraTreesClassifier").items():
        makers[name] = lambda cls=cls: cls(n_jobs=2, random_state=0)
    return contest(X, (y > 0).astype(int), makers, 60_000, repeats=2)


@benchmark("random forest, 30k x 40, regression, 50 trees of a third of the features")
def regression() -> Contest:
    X, y = table(40_000)
    common: dict[str, Any] = dict(n_estimators=50, max_features=1 / 3, random_state=0)
    makers: dict[str, Callable[[], Any]] = {
        "zhixing": lambda: RandomForestRegressor(**common),
        "scikit-learn": lambda: sk.RandomForestRegressor(n_jobs=2, **common),
    }
    for name, cls in intel("RandomForestRegressor").items():
        makers[name] = lambda cls=cls: cls(n_jobs=2, **common)
    return contest(X, y, makers, 30_000, repeats=2)
