"""Strengths chosen by cross-validation, targets fitted together, least angles and matching pursuit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sklearn.linear_model as sk

from zhixing import linear_model as ours

from .registry import Contest, benchmark


def wide(n: int, p: int, informative: int, k: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Neighbouring columns correlated, a few of which matter, and as much noise as half the signal."""
    rng = np.random.default_rng(0)
    X = np.asfortranarray(rng.standard_normal((n, p)))
    X[:, 1:] += 0.5 * X[:, :-1]
    w = np.zeros((p, max(k, 1)))
    w[rng.choice(p, informative, replace=False)] = rng.normal(size=(informative, max(k, 1)))
    Y = X @ w
    Y += 0.5 * Y.std(axis=0) * rng.standard_normal(Y.shape)
    return X, Y if k else Y[:, 0]


def chosen_by_folds(name: str, X: np.ndarray, y: np.ndarray, **options: Any) -> Contest:
    """The quality is the least mean squared error on the rows left out."""

    def run(package: Any) -> Callable[[], Any]:
        return lambda: getattr(package, name)(**options).fit(X, y)

    return Contest(
        {"zhixing": run(ours), "scikit-learn": run(sk)},
        quality="error left out",
        evaluate=lambda model: float(np.mean(model.mse_path_, axis=-1).min()),
        tolerance=1e-4,
        repeats=2,
    )


@benchmark("LassoCV, 5k x 100, 5 folds, 100 alphas", target=2.0)
def lasso_tall() -> Contest:
    return chosen_by_folds("LassoCV", *wide(5_000, 100, 30), max_iter=10_000)


@benchmark("LassoCV, 400 x 2k, 5 folds, 100 alphas", target=2.0)
def lasso_wide() -> Contest:
    return chosen_by_folds("LassoCV", *wide(400, 2_000, 30), max_iter=10_000)


@benchmark("MultiTaskLassoCV, 2k x 100, 5 targets, 5 folds, 30 alphas", target=2.0)
def together() -> Contest:
    X, Y = wide(2_000, 100, 30, 5)
    return chosen_by_folds("MultiTaskLassoCV", X, Y, alphas=30, eps=0.01, max_iter=10_000)


@benchmark("LassoLarsCV, 2k x 200, 5 folds")
def lars() -> Contest:
    return chosen_by_folds("LassoLarsCV", *wide(2_000, 200, 50))


def at_one_alpha(name: str, X: np.ndarray, Y: np.ndarray, share: float) -> Contest:
    """The quality is the objective at `share` of the strength where all coefficients vanish."""
    n = len(Y)
    Yc = (Y - Y.mean(axis=0)).reshape(n, -1)
    alpha = share * float(np.linalg.norm((X - X.mean(axis=0)).T @ Yc, axis=1).max()) / n

    def objective(model: Any) -> float:
        W = np.atleast_2d(model.coef_)
        r = Y.reshape(n, -1) - X @ W.T - model.intercept_
        return float((r * r).sum() / (2 * n) + alpha * np.linalg.norm(W, axis=0).sum())

    def run(package: Any) -> Callable[[], Any]:
        options: dict[str, Any] = {"max_iter": 10_000}
        if name.startswith("Multi"):
            options["tol"] = 1e-7
        return lambda: getattr(package, name)(alpha, **options).fit(X, Y)

    return Contest(
        {"zhixing": run(ours), "scikit-learn": run(sk)},
        evaluate=objective,
        tolerance=1e-6,
        repeats=3,
    )


@benchmark("MultiTaskLasso, 5k x 200, 5 targets", target=2.0)
def rows_together() -> Contest:
    return at_one_alpha("MultiTaskLasso", *wide(5_000, 200, 50, 5), 0.05)


@benchmark("MultiTaskLasso, 500 x 5k, 5 targets", target=2.0)
def columns_together() -> Contest:
    return at_one_alpha("MultiTaskLasso", *wide(500, 5_000, 50, 5), 0.1)


@benchmark("LassoLars, 300 x 3k")
def lars_wide() -> Contest:
    return at_one_alpha("LassoLars", *wide(300, 3_000, 20), 0.05)


@benchmark("orthogonal matching pursuit, 64 x 256, 2k targets, 8 columns each")
def pursuit() -> Contest:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(64, 256))
    X /= np.linalg.norm(X, axis=0)
    Y = rng.normal(size=(64, 2_000))

    def run(package: Any) -> Callable[[], Any]:
        return lambda: package.orthogonal_mp(X, Y, n_nonzero_coefs=8, precompute=True)

    return Contest(
        {"zhixing": run(ours), "scikit-learn": run(sk)},
        quality="squares left",
        evaluate=lambda coef: float(((Y - X @ coef) ** 2).sum()),
        repeats=3,
    )
