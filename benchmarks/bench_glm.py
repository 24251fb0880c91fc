"""Generalised linear, robust, evidence and stochastic regressions."""

from __future__ import annotations

import numpy as np
import sklearn.linear_model as sk

from zhixing.linear_model import (
    ARDRegression,
    BayesianRidge,
    HuberRegressor,
    PoissonRegressor,
    QuantileRegressor,
    SGDClassifier,
    TweedieRegressor,
)
from zhixing.losses import Hinge, Logistic, Poisson, Tweedie

from .data import classes, features, text
from .registry import Contest, benchmark


def _log_link(loss, ours, peers: dict, X, y, alpha: float) -> Contest:
    def objective(model) -> float:
        z = X @ model.coef_.astype(float) + model.intercept_
        return float(loss.value(y, z).mean() + 0.5 * alpha * model.coef_ @ model.coef_)

    contestants = {"zhixing": lambda: ours.fit(X, y)}
    contestants |= {name: lambda peer=peer: peer.fit(X, y) for name, peer in peers.items()}
    return Contest(contestants, evaluate=objective, tolerance=1e-6)


@benchmark("Poisson regression, 200k x 30")
def poisson() -> Contest:
    X = features(200_000, 30)
    w = np.random.default_rng(2).normal(size=30) * 0.05
    y = np.random.default_rng(3).poisson(np.exp((X - X.mean(axis=0)) @ w)).astype(float)
    exact = {"alpha": 1e-3, "tol": 1e-5, "max_iter": 10_000}
    peers = {
        f"scikit-learn {solver}": sk.PoissonRegressor(solver=solver, **exact)
        for solver in ("lbfgs", "newton-cholesky")
    }
    return _log_link(Poisson(), PoissonRegressor(alpha=1e-3), peers, X, y, 1e-3)


@benchmark("Tweedie 1.5 regression, 200k x 30")
def tweedie() -> Contest:
    X = features(200_000, 30)
    rng = np.random.default_rng(2)
    mean = np.exp((X - X.mean(axis=0)) @ (rng.normal(size=30) * 0.05))
    y = rng.poisson(mean) * rng.gamma(2.0, 0.5, len(mean))
    exact = {"power": 1.5, "alpha": 1e-3, "tol": 1e-5, "max_iter": 10_000}
    peers = {
        f"scikit-learn {solver}": sk.TweedieRegressor(solver=solver, **exact)
        for solver in ("lbfgs", "newton-cholesky")
    }
    return _log_link(Tweedie(1.5), TweedieRegressor(power=1.5, alpha=1e-3), peers, X, y, 1e-3)


@benchmark("Huber regression, 100k x 20, a tenth outliers")
def huber() -> Contest:
    X = features(100_000, 20)
    rng = np.random.default_rng(4)
    y = X @ rng.normal(size=20) + rng.standard_t(3, 100_000)
    y[:10_000] += 50.0

    def objective(model) -> float:
        u = (y - X @ model.coef_ - model.intercept_) / model.scale_
        H = np.where(np.abs(u) <= 1.35, u * u, 2.7 * np.abs(u) - 1.35**2)
        return float((model.scale_ * (1 + H)).sum() + 1e-4 * model.coef_ @ model.coef_)

    return Contest(
        {
            "zhixing": lambda: HuberRegressor().fit(X, y),
            "scikit-learn": lambda: sk.HuberRegressor(max_iter=1000).fit(X, y),
        },
        evaluate=objective,
        tolerance=1e-6,
        repeats=3,
    )


def _quantile(n: int, p: int, q: float, alpha: float, repeats: int) -> Contest:
    X = features(n, p)
    rng = np.random.default_rng(5)
    y = X @ rng.normal(size=p) + rng.standard_t(3, n)

    def objective(model) -> float:
        r = y - X @ model.coef_ - model.intercept_
        return float(np.where(r > 0, q * r, (q - 1) * r).mean() + alpha * np.abs(model.coef_).sum())

    return Contest(
        {
            "zhixing": lambda: QuantileRegressor(quantile=q, alpha=alpha).fit(X, y),
            "scikit-learn (HiGHS)": lambda: sk.QuantileRegressor(quantile=q, alpha=alpha).fit(X, y),
        },
        evaluate=objective,
        tolerance=1e-8,
        repeats=repeats,
    )


@benchmark("quantile regression 0.9, 5k x 20")
def quantile() -> Contest:
    return _quantile(5_000, 20, 0.9, 0.0, 2)


@benchmark("quantile regression 0.5 with L1, 5k x 20")
def quantile_l1() -> Contest:
    return _quantile(5_000, 20, 0.5, 0.05, 2)


def _stochastic(X, y, loss: str, part, alpha: float, tolerance: float, **options) -> Contest:
    """The objective, within the tolerance, decides whether a run counts."""

    def objective(model) -> float:
        z = (X @ model.coef_.ravel()) + model.intercept_[0]
        return float(part.value(y, z).mean() + 0.5 * alpha * (model.coef_**2).sum())

    given = {"loss": loss, "alpha": alpha, "random_state": 0, **options}
    return Contest(
        {
            "zhixing": lambda: SGDClassifier(**given).fit(X, y),
            "scikit-learn": lambda: sk.SGDClassifier(**given).fit(X, y),
        },
        evaluate=objective,
        tolerance=tolerance,
    )


@benchmark("SGD log loss, 200k x 50 dense")
def sgd_dense() -> Contest:
    X = features(200_000, 50)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return _stochastic(X, classes(X, 2), "log_loss", Logistic(), 1e-4, 1e-2)


@benchmark("SGD hinge, sparse text 11k x 100k, 40 passes")
def sgd_text() -> Contest:
    X, y, _ = text()
    # As many passes for both: left to their own stop, scikit-learn's objective is a quarter worse.
    return _stochastic(X, (y == 7).astype(int), "hinge", Hinge(), 1e-5, 0.05, max_iter=40, tol=None)


def _evidence(ours, theirs) -> Contest:
    X = features(50_000, 50)
    y = X @ np.random.default_rng(6).normal(size=50) + np.random.default_rng(7).normal(size=50_000)

    def error(model) -> float:
        r = y - X @ model.coef_ - model.intercept_
        return float(r @ r)

    return Contest(
        {"zhixing": lambda: ours().fit(X, y), "scikit-learn": lambda: theirs().fit(X, y)},
        quality="squared error",
        evaluate=error,
        tolerance=1e-6,
        repeats=3,
    )


@benchmark("Bayesian ridge, 50k x 50")
def bayesian() -> Contest:
    return _evidence(BayesianRidge, sk.BayesianRidge)


@benchmark("ARD regression, 50k x 50")
def ard() -> Contest:
    return _evidence(ARDRegression, sk.ARDRegression)
