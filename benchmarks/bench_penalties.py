"""Penalties beyond the elastic net: MCP, SCAD and groups, on wide data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from zhixing.linear_model import GeneralizedLinear
from zhixing.losses import Logistic, Squared
from zhixing.penalties import MCP, SCAD, GroupL2

from .registry import Contest, benchmark


def wide(n: int = 1000, p: int = 5000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Standardised, correlated columns of which 40 matter; y, and classes of the same scores."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, p))
    X[:, 1:] += 0.5 * X[:, :-1]
    X = np.asfortranarray(X / X.std(0))
    w = np.zeros(p)
    w[rng.choice(p, 40, False)] = 2.0 * rng.normal(size=40)
    z = X @ w
    return X, z + rng.normal(size=n), (rng.random(n) < 1.0 / (1.0 + np.exp(-z))).astype(float)


def contest(loss: Any, penalty: Any, X: np.ndarray, y: np.ndarray, peer: Any) -> Contest:
    """The objective with a free intercept; `peer` makes skglm's datafit, penalty and solver."""

    def objective(fitted: tuple[np.ndarray, float]) -> float:
        w, b = fitted
        return float(loss.value(y, X @ w + b).mean()) + penalty.value(w)

    def fit(model: Any, target: np.ndarray) -> tuple[np.ndarray, float]:
        model.fit(X, target)
        return model.coef_.ravel().astype(float), float(np.ravel(model.intercept_)[0])

    contestants: dict[str, Callable[[], Any]] = {
        "zhixing": lambda: fit(GeneralizedLinear(loss, penalty, tol=1e-6), y)
    }
    try:
        import skglm

        target = 2.0 * y - 1.0 if type(loss) is Logistic else y
        contestants["skglm"] = lambda: fit(skglm.GeneralizedLinearEstimator(*peer()), target)
    except ImportError:
        pass
    return Contest(contestants, evaluate=objective, tolerance=1e-6, repeats=5)


def _by_columns(datafit: str, penalty: str, *parameters: float) -> Any:
    def make() -> tuple[Any, Any, Any]:
        from skglm import datafits, penalties, solvers

        solver = solvers.AndersonCD(tol=1e-6, fit_intercept=True)
        return getattr(datafits, datafit)(), getattr(penalties, penalty)(*parameters), solver

    return make


@benchmark("MCP least squares, 1k x 5k", target=1.0)
def mcp_squares() -> Contest:
    X, y, _ = wide()
    return contest(
        Squared(), MCP(0.15, 3.0), X, y, _by_columns("Quadratic", "MCPenalty", 0.15, 3.0)
    )


@benchmark("SCAD least squares, 1k x 5k", target=1.0)
def scad_squares() -> Contest:
    X, y, _ = wide()
    return contest(Squared(), SCAD(0.15, 3.7), X, y, _by_columns("Quadratic", "SCAD", 0.15, 3.7))


@benchmark("MCP logistic, 1k x 5k", target=1.0)
def mcp_logistic() -> Contest:
    X, _, y = wide()
    return contest(
        Logistic(), MCP(0.03, 10.0), X, y, _by_columns("Logistic", "MCPenalty", 0.03, 10.0)
    )


@benchmark("group lasso, 1k x 5k in fives", target=1.0)
def group_squares() -> Contest:
    X, y, _ = wide()
    p = X.shape[1]

    def peer() -> tuple[Any, Any, Any]:
        from skglm import datafits, penalties, solvers
        from skglm.utils.data import grp_converter

        members, ends = grp_converter(5, p)
        weights = np.full(p // 5, np.sqrt(5.0))
        penalty = penalties.WeightedGroupL2(0.15, weights, ends, members)
        solver = solvers.GroupBCD(tol=1e-6, fit_intercept=True)
        return datafits.QuadraticGroup(ends, members), penalty, solver

    return contest(Squared(), GroupL2(0.15, 5), X, y, peer)
