"""Lasso, elastic net and their paths against scikit-learn and the optimality conditions."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.linear_model as sk
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from zhixing.linear_model import ElasticNet, Lasso, enet_path, lasso_path


def table(seed=0, n=80, p=15, k=None, density=1.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * rng.uniform(0.3, 3.0, p) + rng.normal(size=p)
    X *= rng.random((n, p)) < density
    w = rng.normal(size=(p, k) if k else p) * (rng.random(p) < 0.4)[(...,) + (None,) * bool(k)]
    y = X @ w + rng.normal(size=(n, k) if k else n) + 3.0
    return X, y


def largest(X, y):
    return np.abs((X - X.mean(0)).T @ (y - y.mean())).max() / len(y)


@pytest.mark.parametrize("shape", [(80, 15), (40, 300), (300, 140)])
@pytest.mark.parametrize("l1_ratio", [1.0, 0.5, 0.05])
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("positive", [True, False])
def test_like_scikit_learn(shape, l1_ratio, fit_intercept, positive):
    X, y = table(1, *shape)
    weight = np.random.default_rng(2).uniform(0.0, 2.0, len(y))
    options = dict(
        alpha=0.05 * largest(X, y),
        l1_ratio=l1_ratio,
        fit_intercept=fit_intercept,
        positive=positive,
        tol=1e-14,
        max_iter=1_000_000,
    )
    for w in (None, weight):
        ours = ElasticNet(**options).fit(X, y, w)
        theirs = sk.ElasticNet(**options).fit(X, y, w)
        np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=2e-6)
        np.testing.assert_allclose(ours.intercept_, theirs.intercept_, atol=5e-6)
        assert ours.dual_gap_ <= 1e-14 * y @ y


@pytest.mark.parametrize("layout", ["csr", "csc", "F", "f4", "pandas"])
def test_layout_does_not_matter(layout):
    X, y = table(3, 90, 200, density=0.3)
    model = Lasso(alpha=0.05 * largest(X, y), tol=1e-12, max_iter=100_000)
    expected = model.fit(X, y).coef_
    if layout in ("csr", "csc"):
        given, tol = sparse.csr_array(X).asformat(layout), 1e-8
    elif layout == "F":
        given, tol = np.asfortranarray(X), 1e-8
    elif layout == "f4":
        given, tol = X.astype(np.float32), 1e-4
    else:
        given, tol = pytest.importorskip("pandas").DataFrame(X).rename(columns=str), 1e-8
    found = model.fit(given, y)
    np.testing.assert_allclose(found.coef_, expected, atol=tol)
    assert found.coef_.dtype == (np.float32 if layout == "f4" else np.float64)


def test_gram_given_and_several_targets():
    X, Y = table(4, 100, 20, k=3)
    X = X - X.mean(0)
    alpha = 0.05 * largest(X, Y[:, 0])
    plain = Lasso(alpha, tol=1e-12, max_iter=10_000).fit(X, Y)
    for precompute in (True, X.T @ X):
        other = Lasso(alpha, tol=1e-12, max_iter=10_000, precompute=precompute).fit(X, Y)
        np.testing.assert_allclose(other.coef_, plain.coef_, atol=1e-8)
    np.testing.assert_allclose(
        plain.coef_, sk.Lasso(alpha, tol=1e-12, max_iter=10_000).fit(X, Y).coef_, atol=1e-6
    )
    with pytest.raises(ValueError, match="did not pass validation"):
        Lasso(alpha, precompute=2.0 * X.T @ X).fit(X, Y)
    with pytest.warns(UserWarning, match="recomputing Gram"):
        Lasso(alpha, precompute=X.T @ X).fit(X + 1.0, Y)


def test_from_alpha_max_up_everything_is_zero():
    X, y = table(5, 60, 200)
    alpha = largest(X, y)
    assert not Lasso(alpha * (1 + 1e-10)).fit(X, y).coef_.any()
    assert Lasso(alpha * 0.999, tol=1e-12).fit(X, y).coef_.any()
    assert not Lasso(1e6).fit(X, np.zeros(60)).coef_.any()


def test_no_penalty_is_least_squares():
    X, y = table(6, 60, 8)
    np.testing.assert_allclose(
        Lasso(0.0, tol=1e-18, max_iter=10_000).fit(X, y).coef_,
        sk.LinearRegression().fit(X, y).coef_,
        atol=1e-6,
    )
    ours = Lasso(0.0, positive=True, tol=1e-18, max_iter=10_000).fit(X, y).coef_
    theirs = sk.LinearRegression(positive=True).fit(X, y).coef_
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


@pytest.mark.parametrize("l1_ratio", [1.0, 0.5])
@pytest.mark.parametrize("shape", [(200, 12), (50, 300)])
@pytest.mark.parametrize("kind", ["dense", "sparse", "gram", "several"])
def test_paths_like_scikit_learn(l1_ratio, shape, kind):
    X, y = table(7, *shape, k=3 if kind == "several" else None, density=0.5)
    X = np.asfortranarray(X)
    options = dict(l1_ratio=l1_ratio, eps=0.05, alphas=12, tol=1e-11, max_iter=100_000)
    given = sparse.csc_matrix(X) if kind == "sparse" else X
    if kind == "gram":
        options["precompute"] = X.T @ X
    ours = enet_path(given, y, return_n_iter=True, **options)
    theirs = sk.enet_path(given, y, return_n_iter=True, **options)
    np.testing.assert_allclose(ours[0], theirs[0])
    np.testing.assert_allclose(ours[1], theirs[1], atol=2e-5)
    assert ours[2].shape == theirs[2].shape and len(ours[3]) == len(theirs[3])
    np.testing.assert_array_equal(lasso_path(X, y, alphas=3)[0].shape, (3,))


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(2, 40),
    p=st.integers(1, 200),
    share=st.floats(0.001, 1.5),
    l1_ratio=st.sampled_from([1.0, 0.5, 0.01]),
    collinear=st.booleans(),
    weighted=st.booleans(),
)
def test_optimality_and_gap(seed, n, p, share, l1_ratio, collinear, weighted):
    rng = np.random.default_rng(seed)
    X, y = table(seed, n, p)
    if collinear and p > 2:
        X[:, 1], X[:, 2] = 2.0 * X[:, 0], 7.0
    weight = rng.integers(0, 3, n).astype(float) if weighted else np.ones(n)
    weight[0] = 1.0
    alpha = share * max(largest(X, y), 1e-6)
    model = ElasticNet(alpha, l1_ratio=l1_ratio, tol=1e-13, max_iter=200_000).fit(X, y, weight)
    omega = weight / weight.sum()
    r = y - X @ model.coef_ - model.intercept_
    g = X.T @ (omega * r) - alpha * (1 - l1_ratio) * model.coef_
    first = alpha * l1_ratio
    scale = max(1.0, np.abs(X).max()) * max(1.0, np.abs(y).max())
    assert abs(omega @ r) <= 1e-9 * scale
    assert np.abs(g).max() <= first + 3e-6 * scale
    used = model.coef_ != 0
    np.testing.assert_allclose(g[used], first * np.sign(model.coef_[used]), atol=3e-6 * scale)
