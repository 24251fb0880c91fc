"""Methods of optimisation do what their names say: steps, secants, zeros, many weights."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import sparse

from zhixing.data.blocks import from_arrays
from zhixing.linear_model import (
    HeteroscedasticRegression,
    LinearRegression,
    LogisticRegression,
    QuantileRegressor,
    Ridge,
    SGDRegressor,
)
from zhixing.losses import Logistic, Squared
from zhixing.penalties import L1, L2
from zhixing.solvers import Problem, solve
from zhixing.solvers.quasi_newton import Secant
from zhixing.solvers.svrg import svrg


def squares(rng: np.random.Generator, n: int = 300, p: int = 5) -> tuple[np.ndarray, np.ndarray]:
    X = rng.normal(size=(n, p))
    return X, X @ rng.normal(size=p) + 1.0 + rng.normal(size=n)


def test_gradient_descent_reaches_the_optimum_and_never_climbs(rng: np.random.Generator) -> None:
    X, y = squares(rng)
    found = solve(Problem(from_arrays(X, y), Squared(), L2(0.0)), "gd", tol=1e-7)
    exact = LinearRegression().fit(X, y)
    assert_allclose(found.w, exact.coef_, atol=1e-6)
    assert (np.diff(found.history["objective"]) <= 1e-15).all() and found.converged


@pytest.mark.parametrize("batch", [1, 32, 64, 128])
def test_batches_of_any_size_reach_the_optimum(rng: np.random.Generator, batch: int) -> None:
    X, y = squares(rng)
    problem = Problem(from_arrays(X, (y > 1).astype(float)), Logistic(), L2(0.01))
    exact = solve(problem, "newton", tol=1e-12)
    found = svrg(problem, batch=batch, tol=1e-8, seed=3)
    assert found.converged
    assert_allclose(found.w, exact.w, atol=1e-6)
    again = svrg(problem, batch=batch, tol=1e-8, seed=3)
    assert (found.w == again.w).all()


@pytest.mark.parametrize("bfgs", [True, False])
def test_secant_condition(rng: np.random.Generator, bfgs: bool) -> None:
    """After an update H y = s; on a quadratic of p columns exact steps end at its inverse Hessian."""
    p = 6
    B = rng.normal(size=(p, p))
    A = B @ B.T + np.eye(p)
    rule, w, memory = Secant(bfgs=bfgs), rng.normal(size=p), None
    g, s, y = A @ w, None, None
    for _ in range(p + 1):
        memory, d = rule.direction(memory, g, s, y)
        if s is not None:
            assert_allclose(memory @ y, s, atol=1e-8)
            assert_allclose(memory, memory.T, atol=1e-10)
            assert np.linalg.eigvalsh(memory)[0] > 0
        if np.abs(g).max() < 1e-9:
            break
        s = -(g @ d) / (d @ A @ d) * d
        y = A @ s
        w, g = w + s, g + y
    assert np.abs(g).max() < 1e-8  # conjugate directions: p exact steps
    assert_allclose(memory, np.linalg.inv(A), atol=1e-6)


def test_a_million_weights(rng: np.random.Generator) -> None:
    n, p = 2000, 1_000_000
    columns = rng.integers(0, p, size=(n, 20))
    columns[:, 0] = rng.integers(0, 5, n)
    X = sparse.csr_array(
        (np.ones(n * 20), (np.repeat(np.arange(n), 20), columns.ravel())), shape=(n, p)
    )
    y = (columns[:, 0] < 2) ^ (rng.random(n) < 0.05)
    model = LogisticRegression(C=0.05, solver="lbfgs", tol=1e-5).fit(X, y)
    probability = model.predict_proba(X)[:, 1]
    slope = (X.T @ (probability - y) + model.coef_[0] / 0.05) / n
    assert model.solver_ == "lbfgs" and np.abs(slope).max() < 2e-5


def test_the_proximal_step_gives_exact_zeros_and_a_subgradient_step_does_not(
    rng: np.random.Generator,
) -> None:
    X = rng.normal(size=(200, 30))
    y = X[:, :3] @ [3.0, -2.0, 1.0] + rng.normal(size=200)
    Z, centred = X - X.mean(axis=0), y - y.mean()
    alpha = 0.2
    found = solve(Problem(from_arrays(X, y), Squared(), L1(alpha)), "fista", tol=1e-10)
    assert (found.w == 0).sum() >= 20
    # Soft thresholding of a gradient step leaves the solution where it is (ISTA's fixed point).
    step = 200 / np.linalg.eigvalsh(Z.T @ Z)[-1]
    moved = found.w - step * (Z.T @ (Z @ found.w - centred)) / 200
    assert_allclose(
        np.sign(moved) * np.maximum(np.abs(moved) - step * alpha, 0.0), found.w, atol=1e-8
    )
    w, best = np.zeros(30), np.inf
    for t in range(1, 4001):
        slope = Z.T @ (Z @ w - centred) / 200 + alpha * np.sign(w)
        w = w - 0.3 / np.sqrt(t) * slope
        value = 0.5 * np.mean((centred - Z @ w) ** 2) + alpha * np.abs(w).sum()
        best = min(best, value)
    assert best == pytest.approx(found.objective, rel=1e-2) and best > found.objective
    assert (w == 0).sum() == 0


def test_subgradients_of_the_absolute_error_reach_the_median_regression(
    rng: np.random.Generator,
) -> None:
    X = rng.normal(size=(4000, 2))
    y = X @ [1.0, -2.0] + 0.5 + rng.laplace(size=4000)
    exact = QuantileRegressor(alpha=0.0).fit(X, y)
    model = SGDRegressor(
        loss="epsilon_insensitive", epsilon=0.0, penalty=None, average=True, max_iter=50,
        tol=None, random_state=0,
    ).fit(X, y)  # fmt: skip
    assert_allclose(model.coef_, exact.coef_, atol=0.03)


def test_ridge_shrinks_along_the_eigenvectors(rng: np.random.Generator) -> None:
    """By lambda / (lambda + alpha) in the eigenbasis of X'X; their sum is the effective number."""
    X, y = squares(rng)
    Z = X - X.mean(axis=0)
    values, vectors = np.linalg.eigh(Z.T @ Z)
    alpha = 120.0
    free, held = LinearRegression().fit(X, y), Ridge(alpha=alpha).fit(X, y)
    share = values / (values + alpha)
    assert_allclose(vectors.T @ held.coef_, share * (vectors.T @ free.coef_), atol=1e-10)
    assert held.summary(X, y).df_model == pytest.approx(share.sum())


def test_the_loss_chooses_the_conditional_statistic(rng: np.random.Generator) -> None:
    """With exponential noise of scale 1 + x the mean, median and variance are known lines or squares."""
    x = rng.uniform(0, 2, 20_000)
    y = 2.0 * x + (1 + x) * rng.exponential(size=20_000)
    X = x[:, None]
    mean, median = LinearRegression().fit(X, y), QuantileRegressor(alpha=0.0).fit(X, y)
    assert_allclose([mean.intercept_, *mean.coef_], [1.0, 3.0], atol=0.1)
    half = np.log(2)
    assert_allclose([median.intercept_, *median.coef_], [half, 2 + half], atol=0.1)
    spread = HeteroscedasticRegression().fit(X, y).predict(X, return_std=True)[1]
    assert_allclose(np.mean(spread**2), np.mean((1 + x) ** 2), rtol=0.1)
    order = np.argsort(x)
    ends = spread[order[:2000]].mean(), spread[order[-2000:]].mean()
    assert_allclose(ends, [1.05, 2.95], rtol=0.15)  # 1 + x there; log-linear in x only in the model
