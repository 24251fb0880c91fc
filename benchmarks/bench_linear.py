"""Logistic regression with L2, least squares and ridge."""

from __future__ import annotations

import numpy as np
import sklearn.linear_model as sk

from zhixing.linear_model import LinearRegression, LogisticRegression, Ridge
from zhixing.losses import Logistic, Softmax

from .data import classes, features, text
from .registry import Contest, benchmark


def logistic_contest(X, y, solvers: list[str], k: int, C: float = 1.0) -> Contest:
    n = X.shape[0]
    loss = Logistic() if k == 2 else Softmax(k)

    def objective(model) -> float:
        z = X @ model.coef_.T.astype(float) + model.intercept_
        z = z[:, 0] if k == 2 else z
        return float(loss.value(y, z).mean() + (model.coef_**2).sum() / (2 * C * n))

    contestants = {"zhixing": lambda: LogisticRegression(C=C, tol=1e-5).fit(X, y)}
    for solver in solvers:
        contestants[f"scikit-learn {solver}"] = lambda solver=solver: sk.LogisticRegression(
            C=C, solver=solver, tol=1e-5, max_iter=10_000
        ).fit(X, y)
    try:
        from sklearnex.linear_model import LogisticRegression as Intel

        contestants["scikit-learn-intelex"] = lambda: Intel(
            C=C, solver="newton-cg" if k > 2 else "lbfgs", tol=1e-5, max_iter=10_000
        ).fit(X, y)
    except ImportError:
        pass
    return Contest(contestants, evaluate=objective, tolerance=1e-6)


@benchmark("logistic L2, 150k x 40 dense")
def dense() -> Contest:
    X = features(150_000, 40)
    return logistic_contest(X, classes(X, 2), ["lbfgs", "newton-cholesky", "newton-cg"], 2)


@benchmark("multinomial logistic L2, 50k x 50, 5 classes")
def multinomial() -> Contest:
    X = features(50_000, 50)
    return logistic_contest(X, classes(X, 5), ["lbfgs", "newton-cholesky", "newton-cg"], 5)


@benchmark("logistic L2, sparse text 11k x 100k, one class against the rest")
def text_binary() -> Contest:
    X, y, _ = text()
    y = (y == 7).astype(int)
    return logistic_contest(X, y, ["lbfgs", "newton-cg", "liblinear"], 2)


@benchmark("multinomial logistic L2, sparse text 11k x 100k, 20 classes")
def text_multinomial() -> Contest:
    X, y, _ = text()
    contest = logistic_contest(X, y, ["lbfgs", "newton-cg"], 20)
    return Contest(contest.contestants, evaluate=contest.evaluate, tolerance=1e-6, repeats=2)


def quadratic_contest(ours, peers: dict, X, y, alpha: float) -> Contest:
    def objective(model) -> float:
        r = y - X @ model.coef_.astype(float) - model.intercept_
        return float(r @ r + alpha * model.coef_ @ model.coef_)

    contestants = {"zhixing": lambda: ours().fit(X, y)}
    for name, peer in peers.items():
        contestants[name] = lambda peer=peer: peer().fit(X, y)
    return Contest(contestants, evaluate=objective, tolerance=1e-9)


def _intel(name: str) -> dict:
    try:
        import sklearnex.linear_model as intel

        return {"scikit-learn-intelex": getattr(intel, name)}
    except ImportError:
        return {}


@benchmark("least squares, 500k x 50")
def ols() -> Contest:
    X = features(500_000, 50)
    y = X @ np.random.default_rng(2).normal(size=50) + np.random.default_rng(3).normal(size=500_000)
    peers = {"scikit-learn": sk.LinearRegression, **_intel("LinearRegression")}
    return quadratic_contest(LinearRegression, peers, X, y, 0.0)


@benchmark("ridge, 500k x 50")
def ridge() -> Contest:
    X = features(500_000, 50)
    y = X @ np.random.default_rng(2).normal(size=50) + np.random.default_rng(3).normal(size=500_000)
    peers = {"scikit-learn": sk.Ridge, **_intel("Ridge")}
    return quadratic_contest(Ridge, peers, X, y, 1.0)
