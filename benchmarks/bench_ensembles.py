"""AdaBoost, bagging and isolation forests beside scikit-learn: the same members, rounds and rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from sklearn import ensemble as sk
from sklearn.metrics import roc_auc_score

from zhixing.ensemble import AdaBoostClassifier, BaggingClassifier, IsolationForest

from .registry import Contest, benchmark

STUMPS, TREES, MEMBERS = 60, 100, 20


@cache
def classes(n: int, p: int) -> tuple[np.ndarray, ...]:
    """Rows to learn from and as many to judge by: two classes, effects of one and of two features."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2 * n, p))
    z = X[:, 0] + X[:, 1] * X[:, 2] + np.sin(3 * X[:, 3]) + rng.normal(size=2 * n)
    y = (z > 0).astype(int)
    return X[:n].copy(), y[:n], X[n:].copy(), y[n:]


@cache
def contaminated(n: int, p: int) -> tuple[np.ndarray, np.ndarray]:
    """Normal rows of mixed scales, and one in fifty spread over the whole box."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, p)) @ (np.eye(p) + 0.3 * rng.normal(size=(p, p)) / np.sqrt(p))
    odd = np.arange(n) % 50 == 0
    X[odd] = rng.uniform(-3.5, 3.5, size=(int(odd.sum()), p))
    return X, odd


def fits(ours: Any, peers: dict[str, Any], n: int, p: int, tolerance: float) -> Contest:
    X, y, X_test, y_test = classes(n, p)

    def work(model: Any) -> Callable[[], Any]:
        return lambda: model.fit(X, y)

    return Contest(
        {name: work(model) for name, model in ({"zhixing": ours} | peers).items()},
        quality="test error",
        evaluate=lambda model: 1.0 - float(np.mean(model.predict(X_test) == y_test)),
        tolerance=tolerance,
        repeats=3,
    )


@benchmark("AdaBoost, 60 stumps, 30k x 30, two classes", target=10.0)
def stumps() -> Contest:
    peer = {"scikit-learn": sk.AdaBoostClassifier(n_estimators=STUMPS)}
    return fits(AdaBoostClassifier(n_estimators=STUMPS), peer, 30_000, 30, 0.02)


@benchmark("AdaBoost, prediction of 30k rows by 60 stumps")
def stump_rows() -> Contest:
    X, y, X_test, y_test = classes(30_000, 30)
    models = {
        "zhixing": AdaBoostClassifier(n_estimators=STUMPS).fit(X, y),
        "scikit-learn": sk.AdaBoostClassifier(n_estimators=STUMPS).fit(X, y),
    }

    def work(model: Any) -> Callable[[], Any]:
        return lambda: model.predict(X_test)

    return Contest(
        {name: work(model) for name, model in models.items()},
        quality="test error",
        evaluate=lambda labels: float(np.mean(labels != y_test)),
        tolerance=0.02,
    )


@benchmark("bagging, 20 trees, 20k x 20, two classes")
def bags() -> Contest:
    peer = {
        "scikit-learn": sk.BaggingClassifier(n_estimators=MEMBERS, n_jobs=2, random_state=0),
    }
    ours = BaggingClassifier(n_estimators=MEMBERS, random_state=0)
    return fits(ours, peer, 20_000, 20, 0.05)


@benchmark("isolation forest, 100 trees, fit on 100k x 20")
def isolation_fit() -> Contest:
    X, odd = contaminated(100_000, 20)
    models = {
        "zhixing": IsolationForest(n_estimators=TREES, random_state=0),
        "scikit-learn": sk.IsolationForest(n_estimators=TREES, random_state=0, n_jobs=2),
        "scikit-learn, one job": sk.IsolationForest(n_estimators=TREES, random_state=0),
    }

    def work(model: Any) -> Callable[[], Any]:
        return lambda: model.fit(X)

    return Contest(
        {name: work(model) for name, model in models.items()},
        quality="1 - AUC",
        evaluate=lambda model: 1.0 - float(roc_auc_score(odd, -model.score_samples(X))),
        tolerance=0.25,  # of seeds: the AUC itself is above 0.99
    )


@benchmark("isolation forest, 100 trees, scores of 100k x 20")
def isolation_scores() -> Contest:
    X, odd = contaminated(100_000, 20)
    models = {
        "zhixing": IsolationForest(n_estimators=TREES, random_state=0).fit(X),
        "scikit-learn": sk.IsolationForest(n_estimators=TREES, random_state=0).fit(X),
    }

    def work(model: Any) -> Callable[[], Any]:
        return lambda: model.score_samples(X)

    return Contest(
        {name: work(model) for name, model in models.items()},
        quality="1 - AUC",
        evaluate=lambda scores: 1.0 - float(roc_auc_score(odd, -np.asarray(scores))),
        tolerance=0.25,
    )
