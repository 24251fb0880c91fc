"""Least squares and ridge against SciPy, scikit-learn and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
import sklearn.linear_model as peers
from numpy.testing import assert_allclose

from zhixing.linear_model import (
    LinearRegression,
    Ridge,
    RidgeClassifier,
    RidgeClassifierCV,
    RidgeCV,
)
from zhixing.solvers.least_squares import least_squares


def table(rng, n=200, p=7, k=None, mean=0.0):
    X = rng.normal(size=(n, p)) * rng.uniform(0.1, 10, p) + mean
    W = rng.normal(size=(p, k or 1))
    Y = X @ W + rng.normal(size=(n, k or 1)) + 3.0
    return X, (Y if k else Y[:, 0]), rng.uniform(0.1, 2.0, n)


@pytest.mark.parametrize("k", [None, 3])
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("mean", [0.0, 1e4])
def test_ols_equals_scikit_learn(rng, k, intercept, mean) -> None:
    X, y, w = table(rng, k=k, mean=mean)
    ours = LinearRegression(fit_intercept=intercept).fit(X, y, w)
    peer = peers.LinearRegression(fit_intercept=intercept).fit(X, y, w)
    assert_allclose(ours.coef_, peer.coef_, rtol=1e-8)
    assert_allclose(ours.intercept_, peer.intercept_, rtol=1e-6, atol=1e-8)
    # Far from the origin and without an intercept the columns are nearly one: X itself is decomposed.
    assert ours.method_ == ("orthogonal" if mean and not intercept else "gram")


def test_ols_of_nearly_collinear_columns_keeps_its_digits(rng) -> None:
    X = rng.normal(size=(300, 3))
    X = np.column_stack([X, X[:, 0] + 1e-6 * rng.normal(size=300)])
    truth = np.array([1.0, -2.0, 3.0, 4.0])
    found = LinearRegression().fit(X, X @ truth)
    assert found.method_ == "orthogonal"
    assert_allclose(found.coef_, truth, rtol=1e-8)


def test_ols_of_more_columns_than_rows_is_the_shortest_solution(rng) -> None:
    X, y, _ = table(rng, n=20, p=50)
    found = LinearRegression().fit(X, y)
    centred, target = X - X.mean(axis=0), y - y.mean()
    assert_allclose(found.coef_, np.linalg.pinv(centred) @ target, rtol=1e-8, atol=1e-10)


def test_constant_and_repeated_columns_are_no_trouble(rng) -> None:
    X, y, _ = table(rng)
    X = np.column_stack([X, np.ones(len(X)), X[:, 0]])
    ours, peer = LinearRegression().fit(X, y), peers.LinearRegression().fit(X, y)
    assert_allclose(ours.predict(X), peer.predict(X), rtol=1e-8)
    assert_allclose(ours.coef_, peer.coef_, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize("shape", [(200, 7), (30, 60)])
@pytest.mark.parametrize("sparse", [False, True])
def test_ridge_equals_scikit_learn(rng, positive, shape, sparse) -> None:
    X, y, w = table(rng, *shape)
    X[np.abs(X) < 0.3] = 0.0
    options = dict(alpha=2.5, positive=positive)
    peer = peers.Ridge(**options, tol=1e-12, max_iter=100_000).fit(X, y, w)
    ours = Ridge(**options).fit(sp.csr_array(X) if sparse else X, y, w)
    tolerance = dict(rtol=1e-3, atol=1e-4) if positive else dict(rtol=1e-6, atol=1e-8)
    assert_allclose(ours.coef_, peer.coef_, **tolerance)
    if positive:  # scikit-learn's is iterative: ours must not be worse

        def objective(m):
            return w @ (y - m.predict(X)) ** 2 + 2.5 * m.coef_ @ m.coef_

        assert objective(ours) <= objective(peer) * (1 + 1e-9)


def test_ridge_by_every_way_is_the_same(rng) -> None:
    X, y, w = table(rng, n=80, p=12)
    found = [
        least_squares(X, y[:, None], w, alpha=np.array([0.7]), how=how)
        for how in ("gram", "rows", "products")
    ]
    for other in found[1:]:
        assert_allclose(other.W, found[0].W, rtol=1e-7, atol=1e-9)
        assert_allclose(other.b, found[0].b, rtol=1e-7, atol=1e-9)


def test_large_sparse_ridge_equals_scikit_learn(rng) -> None:
    X = sp.random_array((500, 2500), density=0.01, rng=rng, format="csr")
    y = X @ rng.normal(size=2500) + rng.normal(size=500)
    ours = Ridge(alpha=0.5).fit(X, y)
    assert ours.method_ == "products"
    peer = peers.Ridge(alpha=0.5).fit(X.toarray(), y)
    assert_allclose(ours.coef_, peer.coef_, rtol=1e-5, atol=1e-6)
    assert_allclose(ours.intercept_, peer.intercept_, rtol=1e-5)


def test_alpha_by_target(rng) -> None:
    X, Y, w = table(rng, k=3)
    both = Ridge(alpha=[0.1, 1.0, 10.0]).fit(X, Y, w)
    for j, alpha in enumerate([0.1, 1.0, 10.0]):
        assert_allclose(both.coef_[j], Ridge(alpha=alpha).fit(X, Y[:, j], w).coef_, rtol=1e-10)


@pytest.mark.parametrize("shape", [(60, 5), (25, 40)])
def test_leave_one_out_is_leaving_out(rng, shape) -> None:
    X, y, w = table(rng, *shape)
    alphas = [0.1, 1.0, 10.0, 100.0]
    found = RidgeCV(alphas, store_cv_results=True).fit(X, y, w)
    for j, alpha in enumerate(alphas):
        for i in range(0, len(y), 7):
            keep = np.arange(len(y)) != i
            without = peers.Ridge(alpha=alpha).fit(X[keep], y[keep], w[keep])
            error = (y[i] - without.predict(X[i : i + 1])[0]) ** 2
            assert_allclose(found.cv_results_[i, j], error, rtol=1e-6)
    peer = peers.RidgeCV(alphas).fit(X, y, w)
    assert found.alpha_ == peer.alpha_
    assert_allclose(found.coef_, peer.coef_, rtol=1e-7)


@pytest.mark.parametrize("options", [{"scoring": "r2"}, {"cv": 4}, {"alpha_per_target": True}])
def test_ridge_cv_options_equal_scikit_learn(rng, options) -> None:
    X, y, _ = table(rng, k=2 if "alpha_per_target" in options else None)
    ours = RidgeCV([0.01, 1.0, 100.0], **options).fit(X, y)
    peer = peers.RidgeCV([0.01, 1.0, 100.0], **options).fit(X, y)
    assert_allclose(ours.alpha_, peer.alpha_)
    assert_allclose(ours.best_score_, peer.best_score_, rtol=1e-6)
    assert_allclose(ours.coef_, peer.coef_, rtol=1e-7)


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("class_weight", [None, "balanced"])
def test_ridge_classifiers_equal_scikit_learn(rng, classes, class_weight) -> None:
    X, _, _ = table(rng)
    y = np.digitize(X[:, 0], np.linspace(-3, 3, classes - 1)).astype(str)
    ours = RidgeClassifier(class_weight=class_weight).fit(X, y)
    peer = peers.RidgeClassifier(class_weight=class_weight).fit(X, y)
    assert_allclose(ours.coef_, np.atleast_2d(peer.coef_), rtol=1e-7, atol=1e-10)
    assert (ours.predict(X) == peer.predict(X)).all()
    for options in ({}, {"cv": 3}):
        ours = RidgeClassifierCV([0.1, 10.0, 1e3], class_weight=class_weight, **options).fit(X, y)
        peer = peers.RidgeClassifierCV([0.1, 10.0, 1e3], class_weight=class_weight, **options)
        peer.fit(X, y)
        assert ours.alpha_ == peer.alpha_
        assert_allclose(ours.coef_, np.atleast_2d(peer.coef_), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("classes", [2, 3])
def test_leave_one_out_accuracy_is_leaving_out(rng, classes) -> None:
    """By hand: scikit-learn 1.9.1 reports an accuracy of 1 here whatever alpha is, for two classes."""
    X, _, _ = table(rng, n=40)
    y = np.digitize(X[:, 0] + rng.normal(size=40), np.linspace(-1, 1, classes - 1))
    left_out = [
        RidgeClassifier(alpha=10.0)
        .fit(np.delete(X, i, 0), np.delete(y, i))
        .predict(X[i : i + 1])[0]
        for i in range(40)
    ]
    found = RidgeClassifierCV([10.0], scoring="accuracy").fit(X, y)
    assert found.best_score_ == pytest.approx(np.mean(left_out == y))
