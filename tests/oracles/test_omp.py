"""Orthogonal matching pursuit: scikit-learn, least squares on the chosen columns, degenerate columns."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.linear_model as sk
from scipy import sparse
from sklearn.model_selection import KFold

from zhixing.core.parallel import threads
from zhixing.linear_model import (
    OrthogonalMatchingPursuit,
    OrthogonalMatchingPursuitCV,
    orthogonal_mp,
    orthogonal_mp_gram,
)


def table(seed: int, n: int, p: int, k: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p))
    w = rng.normal(size=(p, k) if k else p)
    return X, X @ w + rng.normal(size=(n, k) if k else n)


@pytest.mark.parametrize("shape", [(80, 20, None), (80, 20, 12), (30, 70, 3), (30, 200, None)])
@pytest.mark.parametrize(
    "stop", [{"n_nonzero_coefs": 7}, {"tol": 95.0}, {}, {"n_nonzero_coefs": 1}]
)
@pytest.mark.parametrize("precompute", [False, True])
def test_like_scikit_learn(shape, stop, precompute):
    X, y = table(0, *shape)
    options = dict(precompute=precompute, return_n_iter=True, **stop)
    ours, steps = orthogonal_mp(X, y, **options)
    theirs, expected = sk.orthogonal_mp(X, y, return_n_iter=True, **stop)
    np.testing.assert_allclose(ours, theirs, atol=1e-8)
    assert np.array_equal(steps, expected)
    by_rows = dict(n_nonzero_coefs=stop.get("n_nonzero_coefs"), tol=stop.get("tol"))
    norms = (y * y).sum(axis=0)
    from_products = orthogonal_mp_gram(X.T @ X, X.T @ y, norms_squared=norms, **by_rows)
    np.testing.assert_allclose(from_products, ours, atol=1e-8)
    model = OrthogonalMatchingPursuit(precompute=precompute, **stop).fit(X, y)
    other = sk.OrthogonalMatchingPursuit(precompute=precompute, **stop).fit(X, y)
    np.testing.assert_allclose(model.coef_, other.coef_, atol=1e-8)
    np.testing.assert_allclose(model.intercept_, other.intercept_, atol=1e-8)
    assert np.array_equal(model.n_iter_, other.n_iter_)
    assert model.n_nonzero_coefs_ == other.n_nonzero_coefs_


@pytest.mark.parametrize("k", [None, 3])
@pytest.mark.parametrize("precompute", [False, True])
def test_paths(k, precompute):
    X, y = table(1, 60, 15, k)
    options = dict(n_nonzero_coefs=6, return_path=True, precompute=precompute)
    ours, theirs = orthogonal_mp(X, y, **options), sk.orthogonal_mp(X, y, **options)
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, atol=1e-8)


def test_every_step_is_least_squares_on_its_columns():
    X, y = table(2, 50, 30)
    path = orthogonal_mp(X, y, n_nonzero_coefs=20, return_path=True, precompute=True)
    for m in range(20):
        used = np.flatnonzero(path[:, m])
        assert len(used) == m + 1
        best = np.linalg.lstsq(X[:, used], y, rcond=None)[0]
        np.testing.assert_allclose(path[used, m], best, atol=1e-8)


@pytest.mark.parametrize("precompute", [False, True])
def test_copies_and_combinations_are_passed_over(precompute):
    X, y = table(3, 40, 8)
    X[:, 1], X[:, 3], X[:, 5] = X[:, 0], X[:, 2] - X[:, 4], 0.0
    coef, steps = orthogonal_mp(X, y, n_nonzero_coefs=8, precompute=precompute, return_n_iter=True)
    assert steps == np.linalg.matrix_rank(X) == np.count_nonzero(coef) == 5
    best = X @ np.linalg.lstsq(X, y, rcond=None)[0]
    np.testing.assert_allclose(X @ coef, best, atol=1e-8)


@pytest.mark.parametrize("precompute", [False, True])
def test_few_columns_are_found_and_nothing_is_added_to_them(precompute):
    rng = np.random.default_rng(4)
    X = rng.normal(size=(60, 200))
    w = np.zeros(200)
    w[[3, 77, 150]] = [2.0, -1.5, 1.0]
    coef, steps = orthogonal_mp(
        X, X @ w, n_nonzero_coefs=10, precompute=precompute, return_n_iter=True
    )
    np.testing.assert_allclose(coef, w, atol=1e-12)
    assert steps == 3
    zero, steps = orthogonal_mp(X, np.zeros(60), precompute=precompute, return_n_iter=True)
    assert steps == 0 and not zero.any()


def test_weights_sparse_rows_and_threads():
    X, Y = table(5, 70, 30, 40)
    weight = np.random.default_rng(0).integers(0, 3, 70).astype(float)
    rows = np.repeat(np.arange(70), weight.astype(int))
    weighted = OrthogonalMatchingPursuit(n_nonzero_coefs=5).fit(X, Y, weight)
    repeated = OrthogonalMatchingPursuit(n_nonzero_coefs=5).fit(X[rows], Y[rows])
    np.testing.assert_allclose(weighted.coef_, repeated.coef_, atol=1e-10)
    for precompute in (True, False):
        model = OrthogonalMatchingPursuit(n_nonzero_coefs=5, precompute=precompute)
        from_sparse = model.fit(sparse.csr_array(X), Y, weight)
        np.testing.assert_allclose(from_sparse.coef_, weighted.coef_, atol=1e-10)
    found = []
    for n in (1, 2):
        with threads(n):
            found.append(orthogonal_mp(X, Y, precompute=True).tobytes())
    assert found[0] == found[1]
    assert OrthogonalMatchingPursuit().fit(X.astype(np.float32), Y).coef_.dtype == np.float32


@pytest.mark.parametrize("shape", [(80, 20), (40, 70)])
def test_cross_validation_like_scikit_learn(shape):
    X, y = table(6, *shape)
    ours = OrthogonalMatchingPursuitCV(max_iter=12, cv=4).fit(X, y)
    theirs = sk.OrthogonalMatchingPursuitCV(max_iter=12, cv=4).fit(X, y)
    assert ours.n_nonzero_coefs_ == theirs.n_nonzero_coefs_
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-8)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, atol=1e-8)
    for f, (train, test) in enumerate(KFold(4).split(X)):
        for m in (1, 6, 12):
            fit = OrthogonalMatchingPursuit(n_nonzero_coefs=m).fit(X[train], y[train])
            error = np.mean((y[test] - fit.predict(X[test])) ** 2)
            np.testing.assert_allclose(ours.mse_path_[m - 1, f], error, rtol=1e-8)


def test_bad_input_is_named():
    X, y = table(7, 30, 5)
    for call, message in (
        (lambda: orthogonal_mp(X, y, n_nonzero_coefs=6), "X has 5 columns"),
        (lambda: orthogonal_mp(X, y, n_nonzero_coefs=0), "n_nonzero_coefs"),
        (lambda: orthogonal_mp(X, y, tol=-1.0), "tol"),
        (lambda: orthogonal_mp_gram(X.T @ X, X.T @ y, tol=1.0), "norms_squared"),
        (lambda: OrthogonalMatchingPursuitCV(max_iter=-1).fit(X, y), "max_iter"),
        (lambda: OrthogonalMatchingPursuit(precompute="yes").fit(X, y), "precompute"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
