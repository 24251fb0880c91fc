"""Paths of L1 penalties for any loss: where they start, scikit-learn's solutions, optimality."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.linear_model as sk
from scipy import sparse
from scipy.optimize import linprog

from zhixing.linear_model import LADLasso, QuantileRegressor, enet_path, l1_max_alpha, l1_path
from zhixing.losses import (
    Absolute,
    CrammerSinger,
    Hinge,
    Huber,
    LogCosh,
    Poisson,
    Quantile,
    Tweedie,
)


def table(seed: int = 0, n: int = 120, p: int = 8) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + rng.normal(size=p)
    return X, X[:, 0] - X[:, 1] + rng.normal(size=n)


def targets(kind: str, z: np.ndarray) -> np.ndarray:
    rng = np.random.default_rng(1)
    return {
        "real": lambda: z,
        "labels": lambda: np.where(z > 0, "yes", "no"),
        "three": lambda: np.digitize(z, [-0.5, 0.5]),
        "counts": lambda: rng.poisson(np.exp(np.clip(z, -3, 2))),
        "positive": lambda: np.exp(z),
    }[kind]()


SMOOTH = [
    ("squared", "real"),
    ("log", "labels"),
    ("log", "three"),
    ("poisson", "counts"),
    ("gamma", "positive"),
    ("squared_hinge", "labels"),
    (Huber(1.0), "real"),
    (LogCosh(), "real"),
    (Tweedie(1.5), "counts"),
    (Poisson(), "counts"),
]


@pytest.mark.parametrize(("loss", "kind"), SMOOTH)
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
def test_the_largest_alpha_is_where_the_first_coefficient_appears(
    loss, kind, fit_intercept, weighted
):
    X, z = table()
    y = targets(kind, z)
    weight = np.random.default_rng(2).uniform(0.2, 2.0, len(z)) if weighted else None
    options = dict(loss=loss, fit_intercept=fit_intercept, sample_weight=weight)
    for given in (X, sparse.csr_array(X)):
        top = l1_max_alpha(given, y, **options)
        found = l1_path(given, y, alphas=[1.0001 * top, 0.999 * top], tol=1e-11, **options)
        assert found.n_nonzero[0] == 0 and found.n_nonzero[1] == 1
        halved = l1_max_alpha(given, y, l1_ratio=0.5, **options)
        np.testing.assert_allclose(halved, 2.0 * top)


def test_logistic_path_like_scikit_learn():
    X, z = table(3)
    y = z > 0
    found = l1_path(X, y, loss="log", alphas=6, eps=0.02, tol=1e-9)
    assert found.n_nonzero[0] == 0 and found.n_nonzero[-1] >= 4
    assert (np.diff(found.alphas) < 0).all()
    for alpha, w, b in zip(found.alphas[1:], found.coefs.T[1:], found.intercepts[1:]):
        C = 1.0 / (alpha * len(y))
        theirs = sk.LogisticRegression(
            C=C, l1_ratio=1.0, solver="saga", tol=1e-9, max_iter=100_000, random_state=0
        ).fit(X, y)
        np.testing.assert_allclose(w, theirs.coef_[0], atol=1e-5)
        np.testing.assert_allclose(b, theirs.intercept_[0], atol=1e-5)


def test_softmax_path_is_optimal_at_every_alpha():
    X, z = table(4)
    y = targets("three", z)
    found = l1_path(X, y, loss="log", alphas=5, eps=0.02, tol=1e-9)
    assert found.coefs.shape == (3, 8, 5) and found.intercepts.shape == (3, 5)
    for i, alpha in enumerate(found.alphas):
        W, b = found.coefs[:, :, i], found.intercepts[:, i]
        e = np.exp(X @ W.T + b)
        g = (e / e.sum(axis=1, keepdims=True) - np.eye(3)[y]).T @ X / len(y)
        assert (np.abs(g) <= alpha + 1e-8).all()
        np.testing.assert_allclose(g[W != 0], -alpha * np.sign(W[W != 0]), atol=1e-8)


@pytest.mark.parametrize("l1_ratio", [1.0, 0.5])
def test_squared_path_is_the_elastic_net_path(l1_ratio):
    X, y = table(5)
    found = l1_path(X, y, l1_ratio=l1_ratio, alphas=10, tol=1e-12)
    centred = X - X.mean(axis=0)
    alphas, coefs, _ = enet_path(centred, y - y.mean(), l1_ratio=l1_ratio, alphas=10, tol=1e-12)
    np.testing.assert_allclose(found.alphas, alphas)
    np.testing.assert_allclose(found.coefs, coefs, atol=1e-7)
    for i, alpha in enumerate(alphas):
        w = coefs[:, i]
        r = y - y.mean() - centred @ w
        value = r @ r / (2 * len(y))
        value += alpha * (l1_ratio * np.abs(w).sum() + 0.5 * (1 - l1_ratio) * w @ w)
        np.testing.assert_allclose(found.objectives[i], value, rtol=1e-9)


def objective_at(X, y, loss, alpha, fit_intercept):
    """The least of  mean loss + alpha |w|_1  for a quantile or hinge loss, as a linear program."""
    n, p = X.shape
    if isinstance(loss, Hinge):
        sign = 2.0 * y - 1.0
        A = -np.hstack(
            [sign[:, None] * X, -sign[:, None] * X, sign[:, None], -sign[:, None], np.eye(n)]
        )
        cost = np.concatenate([np.full(2 * p, alpha), [0, 0], np.full(n, 1 / n)])
        bounds = [(0, None)] * (2 * p) + [(0, None if fit_intercept else 0)] * 2 + [(0, None)] * n
        return linprog(cost, A_ub=A, b_ub=-np.ones(n), bounds=bounds)
    q = loss.quantile if isinstance(loss, Quantile) else 0.5
    scale = 1.0 if isinstance(loss, Quantile) else 2.0
    A = np.hstack([X, -X, np.ones((n, 1)), -np.ones((n, 1)), np.eye(n), -np.eye(n)])
    cost = np.concatenate(
        [np.full(2 * p, alpha), [0, 0], np.full(n, scale * q / n), np.full(n, scale * (1 - q) / n)]
    )
    bounds = [(0, None)] * (2 * p) + [(0, None if fit_intercept else 0)] * 2 + [(0, None)] * (2 * n)
    return linprog(cost, A_eq=A, b_eq=y, bounds=bounds)


@pytest.mark.parametrize("loss", [Absolute(), Quantile(0.3), Hinge()])
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("ties", [True, False])
def test_kinks(loss, fit_intercept, ties):
    """Just below the alpha the linear program leaves zero, and just above it does not."""
    X, y = table(6, 41, 4)
    y = (y > 0).astype(float) if isinstance(loss, Hinge) else y
    if ties:
        y = np.round(y)
    top = l1_max_alpha(X, y, loss=loss, fit_intercept=fit_intercept)
    above = objective_at(X, y, loss, 1.001 * top, fit_intercept)
    below = objective_at(X, y, loss, 0.99 * top, fit_intercept)
    constant = objective_at(X, y, loss, 1e6, fit_intercept)
    np.testing.assert_allclose(above.fun, constant.fun, rtol=1e-9)
    assert below.fun < constant.fun * (1 - 1e-7)


def test_kinks_of_the_estimators():
    X, y = table(7, 61, 5)
    top = l1_max_alpha(X, y, loss=Quantile(0.3))
    assert np.abs(QuantileRegressor(quantile=0.3, alpha=1.01 * top).fit(X, y).coef_).max() < 1e-5
    assert np.abs(QuantileRegressor(quantile=0.3, alpha=0.9 * top).fit(X, y).coef_).max() > 1e-3
    top = l1_max_alpha(X, y, loss=Absolute())
    assert np.abs(LADLasso(alpha=1.01 * top).fit(X, y).coef_).max() < 1e-5
    assert np.abs(LADLasso(alpha=0.9 * top).fit(X, y).coef_).max() > 1e-3


def test_bad_input_is_named():
    X, y = table()
    with pytest.raises(ValueError, match="is not one of"):
        l1_path(X, y, loss="quadratic")
    with pytest.raises(ValueError, match="one class only"):
        l1_max_alpha(X, np.zeros(len(y)), loss="log")
    with pytest.raises(ValueError, match="3 classes"):
        l1_max_alpha(X, np.arange(len(y)) % 3, loss="hinge")
    with pytest.raises(TypeError, match="kink"):
        l1_path(X, y, loss=Absolute())
    with pytest.raises(TypeError, match="Softmax"):
        l1_max_alpha(X, np.arange(len(y)) % 3, loss=CrammerSinger(3))
    with pytest.raises(ValueError, match="l1_ratio"):
        l1_max_alpha(X, y, l1_ratio=0.0)
    with pytest.raises(ValueError, match="not below 0"):
        l1_path(X, y, loss="poisson")
    with pytest.raises(ValueError, match="none negative"):
        l1_path(X, y, alphas=[-1.0])
