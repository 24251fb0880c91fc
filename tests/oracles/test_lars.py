"""Least angle regression and the lasso's path: scikit-learn, optimality at every corner, ties."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import sklearn.linear_model as sk
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.datasets import load_diabetes
from sklearn.model_selection import KFold

from zhixing.kernels.cholesky_update import cholesky_append, cholesky_delete, cholesky_solve
from zhixing.linear_model import (
    Lars,
    LarsCV,
    Lasso,
    LassoCV,
    LassoLars,
    LassoLarsCV,
    LassoLarsIC,
    LinearRegression,
    lars_path,
    lars_path_gram,
)


def table(seed: int, n: int, p: int, k: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + rng.normal(size=p)
    w = rng.normal(size=(p, k) if k else p)
    return X, X @ w + rng.normal(size=(n, k) if k else n) + 1.0


def test_cholesky_factor_of_a_changing_matrix():
    rng = np.random.default_rng(0)
    A = rng.normal(size=(30, 9))
    G = A.T @ A
    L, kept = np.full((9, 9), np.nan), []
    for j in range(9):
        left = cholesky_append(L, j, np.ascontiguousarray(G[j, [*kept, j]]))
        kept.append(j)
        np.testing.assert_allclose(left, L[j, j] ** 2)
    for at in (4, 0, 6, 2):
        cholesky_delete(L, len(kept), at)
        del kept[at]
        k = len(kept)
        lower = np.tril(L[:k, :k])
        np.testing.assert_allclose(lower @ lower.T, G[np.ix_(kept, kept)], atol=1e-10)
        x = np.empty(k)
        cholesky_solve(L, k, np.ones(k), x)
        np.testing.assert_allclose(G[np.ix_(kept, kept)] @ x, np.ones(k), atol=1e-10)
    assert cholesky_append(L, 5, np.ascontiguousarray(G[kept[0], [*kept, kept[0]]])) < 1e-10


@pytest.mark.parametrize("method", ["lar", "lasso"])
@pytest.mark.parametrize("gram", [None, "auto", "given"])
def test_path_like_scikit_learn(method, gram):
    X, y = load_diabetes(return_X_y=True)
    y = y - y.mean()
    given = X.T @ X if gram == "given" else gram
    alphas, active, coefs = lars_path(X, y, Gram=given, method=method)
    expected = sk.lars_path(X, y, method=method)
    np.testing.assert_allclose(alphas, expected[0], atol=1e-7)
    np.testing.assert_allclose(coefs, expected[2], atol=1e-7)
    assert active == list(expected[1])
    from_products = lars_path_gram(X.T @ y, X.T @ X, n_samples=len(y), method=method)
    np.testing.assert_allclose(from_products[2], coefs, atol=1e-8)
    last = lars_path(X, y, Gram=given, method=method, return_path=False, return_n_iter=True)
    np.testing.assert_array_equal(last[2], coefs[:, -1])
    assert last[3] == len(alphas) - 1


@pytest.mark.parametrize("shape", [(40, 8), (25, 60)])
@pytest.mark.parametrize("precompute", [True, False, "auto"])
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_estimators_like_scikit_learn(shape, precompute, fit_intercept):
    X, y = table(1, *shape)
    options = dict(precompute=precompute, fit_intercept=fit_intercept)
    for ours, theirs in (
        (Lars(n_nonzero_coefs=4, **options), sk.Lars(n_nonzero_coefs=4, **options)),
        (LassoLars(0.3, **options), sk.LassoLars(0.3, **options)),
        (LassoLars(0.3, positive=True, **options), sk.LassoLars(0.3, positive=True, **options)),
    ):
        ours.fit(X, y)
        theirs.fit(X, y)
        np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-8)
        np.testing.assert_allclose(ours.intercept_, theirs.intercept_, atol=1e-8)
        np.testing.assert_allclose(ours.alphas_, theirs.alphas_, atol=1e-8)
        assert ours.n_iter_ == theirs.n_iter_


def worst(X, y, alphas, coefs, positive=False) -> float:
    """The largest violation of the lasso's optimality along a path, relative to its first alpha."""
    over = 0.0
    for alpha, w in zip(alphas, coefs.T):
        g = X.T @ (y - X @ w) / len(y)
        slope = g if positive else np.abs(g)
        used = w != 0.0
        off = np.abs(g[used] - alpha * np.sign(w[used])).max(initial=0.0)
        over = max(over, slope.max() - alpha, off, -w.min() if positive else 0.0)
    return over / alphas[0]


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    shape=st.sampled_from([(30, 8), (12, 30), (20, 20)]),
    kind=st.sampled_from(["plain", "copies", "binary", "signs", "near"]),
    gram=st.booleans(),
    positive=st.booleans(),
)
def test_every_corner_is_optimal_whatever_is_tied(seed, shape, kind, gram, positive):
    rng = np.random.default_rng(seed)
    n, p = shape
    X = rng.normal(size=(n, p))
    if kind == "copies":
        X[:, 1], X[:, 3], X[:, 5], X[:, 6] = X[:, 0], -X[:, 2], 0.0, X[:, 4] + X[:, 7]
    elif kind == "binary":
        X = rng.integers(0, 2, (n, p)).astype(float)
    elif kind == "signs":
        X = np.sign(X)
    elif kind == "near":
        X[:, : p // 2] = X[:, -(p // 2) :] + 1e-5 * rng.normal(size=(n, p // 2))
    y = 2.0 * X[:, 0] - X[:, -1] + rng.normal(size=n)
    y = np.sign(y) if kind == "signs" else y
    alphas, _, coefs = lars_path(
        X, y, Gram=gram, method="lasso", positive=positive, max_iter=10_000
    )
    assert (np.diff(alphas) <= 0).all()
    assert worst(X, y, alphas, coefs, positive) < (1e-6 if kind == "near" else 1e-10)
    assert alphas[-1] == 0.0


def test_correlations_stay_tied_by_least_angles():
    X, y = table(2, 60, 20)
    X, y = X - X.mean(axis=0), y - y.mean()
    alphas, _, coefs = lars_path(X, y, method="lar")
    for i, alpha in enumerate(alphas[:-1]):
        g = np.abs(X.T @ (y - X @ coefs[:, i])) / len(y)
        assert (g <= alpha * (1 + 1e-9)).all()
        assert np.isclose(g, alpha, rtol=1e-8).sum() == i + 1
    np.testing.assert_allclose(coefs[:, -1], LinearRegression().fit(X, y).coef_, atol=1e-8)


def test_lasso_at_the_same_alpha_weights_sparse_and_targets():
    X, Y = table(3, 80, 12, 3)
    weight = np.random.default_rng(0).integers(0, 3, 80).astype(float)
    for alpha in (0.5, 0.05):
        ours = LassoLars(alpha).fit(X, Y, sample_weight=weight)
        exact = Lasso(alpha, tol=1e-14, max_iter=100_000).fit(X, Y, weight)
        np.testing.assert_allclose(ours.coef_, exact.coef_, atol=1e-6)
        np.testing.assert_allclose(ours.intercept_, exact.intercept_, atol=1e-5)
        twice = np.repeat(np.arange(80), weight.astype(int))
        repeated = LassoLars(alpha).fit(X[twice], Y[twice])
        np.testing.assert_allclose(repeated.coef_, ours.coef_, atol=1e-9)
        from_sparse = LassoLars(alpha).fit(sparse.csr_array(X), Y, sample_weight=weight)
        np.testing.assert_allclose(from_sparse.coef_, ours.coef_, atol=1e-9)
    assert len(ours.alphas_) == len(ours.coef_path_) == 3


@pytest.mark.parametrize("shape", [(60, 8), (40, 60)])
def test_cross_validation_like_scikit_learn(shape):
    X, y = table(4, *shape)
    ours = LassoLarsCV(cv=3).fit(X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn's path ends early when p > n
        theirs = sk.LassoLarsCV(cv=3).fit(X, y)
    at = [int(np.abs(ours.cv_alphas_ - alpha).argmin()) for alpha in theirs.cv_alphas_]
    near = np.abs(ours.cv_alphas_[at] - theirs.cv_alphas_) < 1e-9
    assert near.mean() > 0.9
    np.testing.assert_allclose(ours.mse_path_[at][near], theirs.mse_path_[near], rtol=1e-5)
    np.testing.assert_allclose(ours.alpha_, theirs.alpha_, rtol=1e-6)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-6)


@pytest.mark.parametrize("shape", [(60, 8), (40, 60)])
def test_cross_validation_of_least_angles_by_direct_fits(shape):
    """scikit-learn's LarsCV flips signs where coefficients cross zero, and goes astray for p > n."""
    X, y = table(4, *shape)
    splits = list(KFold(3).split(X))
    model = LarsCV(cv=splits).fit(X, y)
    for f, (train, test) in enumerate(splits):
        path = Lars().fit(X[train], y[train])
        for i in range(1, len(path.alphas_) - 1, 5):
            j = int(np.abs(model.cv_alphas_ - path.alphas_[i]).argmin())
            b = y[train].mean() - X[train].mean(axis=0) @ path.coef_path_[:, i]
            error = np.mean((y[test] - b - X[test] @ path.coef_path_[:, i]) ** 2)
            np.testing.assert_allclose(model.mse_path_[j, f], error, rtol=1e-6)
    assert model.alpha_ == model.cv_alphas_[model.mse_path_.mean(axis=1).argmin()]


def test_errors_of_corners_are_those_of_the_lasso():
    X, y = table(5, 60, 8)
    splits = list(KFold(3).split(X))
    ours = LassoLarsCV(cv=splits).fit(X, y)
    exact = LassoCV(alphas=ours.cv_alphas_[1:], cv=splits, tol=1e-14, max_iter=100_000).fit(X, y)
    np.testing.assert_allclose(ours.mse_path_[1:][::-1], exact.mse_path_, rtol=1e-6)


@pytest.mark.parametrize("criterion", ["aic", "bic"])
@pytest.mark.parametrize("noise", [None, 2.0])
@pytest.mark.parametrize("positive", [False, True])
def test_information_criteria_like_scikit_learn(criterion, noise, positive):
    X, y = load_diabetes(return_X_y=True)
    options = dict(criterion=criterion, noise_variance=noise, positive=positive)
    ours, theirs = LassoLarsIC(**options).fit(X, y), sk.LassoLarsIC(**options).fit(X, y)
    m = (
        min(len(ours.criterion_), len(theirs.criterion_)) - 1
    )  # where the positive path of theirs ends
    np.testing.assert_allclose(ours.alphas_[:m], theirs.alphas_[:m], atol=1e-7)
    np.testing.assert_allclose(ours.criterion_[:m], theirs.criterion_[:m], rtol=1e-8)
    np.testing.assert_allclose(ours.noise_variance_, theirs.noise_variance_, rtol=1e-8)
    if not positive:
        np.testing.assert_allclose(ours.alpha_, theirs.alpha_, atol=1e-7)
        np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-6)


def test_weighted_criteria_are_those_of_repeated_rows():
    X, y = table(6, 60, 6)
    weight = np.random.default_rng(0).integers(0, 3, 60)
    rows = np.repeat(np.arange(60), weight)
    a = LassoLarsIC("bic").fit(X, y, sample_weight=weight)
    b = LassoLarsIC("bic").fit(X[rows], y[rows])
    np.testing.assert_allclose(a.criterion_, b.criterion_, rtol=1e-9)
    np.testing.assert_allclose(a.coef_, b.coef_, atol=1e-9)


def test_bad_input_is_named():
    X, y = table(7, 20, 30)
    for call, message in (
        (lambda: lars_path(X, y, method="ridge"), "method"),
        (lambda: lars_path(X, y, Gram=np.eye(3)), "Gram has shape"),
        (lambda: lars_path_gram(X.T @ y, np.eye(3), n_samples=20), "Gram has shape"),
        (lambda: lars_path_gram(X.T @ y, X.T @ X, n_samples=0), "n_samples"),
        (lambda: Lars(n_nonzero_coefs=0).fit(X, y), "n_nonzero_coefs"),
        (lambda: Lars(precompute="yes").fit(X, y), "precompute"),
        (lambda: LassoLars(-1.0).fit(X, y), "alpha"),
        (lambda: LassoLarsIC("cv").fit(X, y), "criterion"),
        (lambda: LassoLarsIC().fit(X, y), "give noise_variance"),
        (lambda: LarsCV(precompute=np.eye(3)).fit(X, y), "precompute"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
