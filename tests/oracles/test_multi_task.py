"""Targets whose coefficients vanish together, against scikit-learn and the optimality conditions."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.linear_model as sk
from scipy import sparse

from zhixing.linear_model import (
    MultiTaskElasticNet,
    MultiTaskElasticNetCV,
    MultiTaskLasso,
    MultiTaskLassoCV,
)

EXACT = dict(tol=1e-13, max_iter=1_000_000)


def table(seed: int, n: int, p: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * rng.uniform(0.3, 3.0, p) + rng.normal(size=p)
    W = rng.normal(size=(p, k)) * (rng.random(p) < 0.3)[:, None]
    return X, X @ W + rng.normal(size=(n, k)) + 2.0


@pytest.mark.parametrize("shape", [(90, 12, 3), (40, 200, 2), (50, 10, 1)])
@pytest.mark.parametrize("l1_ratio", [1.0, 0.4])
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("weighted", [False, True])
def test_like_scikit_learn(shape, l1_ratio, fit_intercept, weighted):
    X, Y = table(0, *shape)
    weight = np.random.default_rng(1).uniform(0.1, 2.0, len(Y)) if weighted else None
    options = dict(alpha=0.2, l1_ratio=l1_ratio, fit_intercept=fit_intercept, **EXACT)
    ours = MultiTaskElasticNet(**options).fit(X, Y, weight)
    theirs = sk.MultiTaskElasticNet(**options).fit(X, Y, weight)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=2e-5)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, atol=1e-4)
    assert ours.dual_gap_ <= 1e-13 * (Y**2).sum()


@pytest.mark.parametrize("layout", ["csr", "csc", "F", "f4"])
def test_layout_does_not_matter(layout):
    X, Y = table(2, 60, 150, 2)
    plain = MultiTaskLasso(0.2, **EXACT).fit(X, Y)
    given = {
        "csr": sparse.csr_array, "csc": sparse.csc_array, "F": np.asfortranarray,
        "f4": lambda a: a.astype(np.float32),
    }[layout](X)  # fmt: skip
    found = MultiTaskLasso(0.2, **EXACT).fit(given, Y)
    np.testing.assert_allclose(found.coef_, plain.coef_, atol=1e-4 if layout == "f4" else 1e-8)
    assert found.coef_.dtype == given.dtype


def test_optimality_and_rows_that_vanish_together():
    X, Y = table(3, 100, 30, 4)
    alpha = 0.3
    model = MultiTaskLasso(alpha, **EXACT).fit(X, Y)
    used = model.coef_.any(axis=0)
    assert (model.coef_ != 0.0).all(axis=0)[used].all() and 0 < used.sum() < 30
    g = X.T @ (Y - model.predict(X)) / len(Y)
    length = np.linalg.norm(model.coef_, axis=0)
    assert (np.linalg.norm(g[~used], axis=1) <= alpha * (1 + 1e-6)).all()
    expected = alpha * (model.coef_[:, used] / length[used]).T
    np.testing.assert_allclose(g[used], expected, atol=1e-6)


def test_warm_start_and_order():
    X, Y = table(4, 100, 30, 2)
    model = MultiTaskElasticNet(0.1, warm_start=True, tol=1e-10).fit(X, Y)
    assert model.fit(X, Y).n_iter_ <= 2
    found = MultiTaskElasticNet(0.1, selection="random", random_state=0, tol=1e-12).fit(X, Y)
    np.testing.assert_allclose(found.coef_, model.coef_, atol=1e-4)


@pytest.mark.parametrize("shape", [(100, 8, 2), (30, 50, 3)])
@pytest.mark.parametrize("weighted", [False, True])
def test_cross_validation_like_scikit_learn(shape, weighted):
    X, Y = table(5, *shape)
    weight = np.random.default_rng(1).uniform(0.1, 2.0, len(Y)) if weighted else None
    options = dict(l1_ratio=[0.4, 1.0], alphas=8, eps=0.05, cv=3, tol=1e-11, max_iter=1_000_000)
    ours = MultiTaskElasticNetCV(**options).fit(X, Y, weight)
    theirs = sk.MultiTaskElasticNetCV(**options).fit(X, Y, weight)
    np.testing.assert_allclose(ours.alphas_, theirs.alphas_)
    np.testing.assert_allclose(ours.mse_path_, theirs.mse_path_, rtol=1e-5)
    assert ours.l1_ratio_ == theirs.l1_ratio_
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-5)
    by_rows = MultiTaskElasticNetCV(**options).fit(sparse.csr_array(X), Y, weight)
    np.testing.assert_allclose(by_rows.mse_path_, ours.mse_path_, rtol=1e-7)


def test_lasso_cv_is_the_elastic_net_at_one():
    X, Y = table(6, 80, 10, 2)
    a = MultiTaskLassoCV(alphas=10).fit(X, Y)
    b = MultiTaskElasticNetCV(l1_ratio=1.0, alphas=10).fit(X, Y)
    np.testing.assert_array_equal(a.coef_, b.coef_)
    assert not hasattr(a, "l1_ratio_")


def test_one_target_is_refused():
    X, Y = table(7, 40, 4, 1)
    for model in (MultiTaskLasso(), MultiTaskLassoCV()):
        with pytest.raises(ValueError, match=r"needs y of shape \(n, k\)"):
            model.fit(X, Y[:, 0])
