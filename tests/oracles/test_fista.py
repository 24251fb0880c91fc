"""FISTA against the solvers that know the form of the loss or of the penalty."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose
from scipy import sparse

from zhixing.data.blocks import from_arrays, from_parquet
from zhixing.linear_model import Lasso, LogisticRegression
from zhixing.losses import (
    Absolute,
    AbsolutePercentage,
    CrammerSinger,
    EpsilonInsensitive,
    Hinge,
    Huber,
    Logistic,
    Poisson,
    Quantile,
    Softmax,
    Squared,
    SquaredHinge,
)
from zhixing.penalties import L1, L2, ElasticNet
from zhixing.solvers import Problem, solve

LOSSES = [Squared(), Logistic(), Poisson(), Softmax(3), Huber(), SquaredHinge()]
PENALTIES = [L1(0.02), ElasticNet(0.1, 0.5), L2(0.1)]


def table(loss, n=900, p=12, seed=0):
    """Columns far from centred, of unequal scale and correlated."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * rng.uniform(0.1, 10.0, p) + 5.0 * rng.normal(size=p)
    X[:, 1:] += 0.5 * X[:, :-1]
    z = ((X - X.mean(0)) / X.std(0)) @ rng.normal(size=p) * 0.3
    if isinstance(loss, Softmax):
        y = np.digitize(z, [-0.5, 0.5]).astype(float)
    elif isinstance(loss, Poisson):
        y = rng.poisson(np.exp(z)).astype(float)
    elif loss.domain in ("binary", "sign"):
        y = (rng.random(n) < 1.0 / (1.0 + np.exp(-z))).astype(float)
    else:
        y = z + rng.normal(size=n)
    return X, y, rng.integers(0, 3, n).astype(float)


@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_like_proximal_newton_in_one_block_or_seven(loss, penalty):
    X, y, weight = table(loss)
    known = solve(Problem(from_arrays(X, y, weight), loss, penalty), "prox_newton", tol=1e-10)
    for n_blocks in (1, 7):
        problem = Problem(from_arrays(X, y, weight, n_blocks=n_blocks), loss, penalty)
        found = solve(problem, "fista", tol=1e-8, max_iter=5000)
        assert found.converged and found.solver == "fista" and found.optimality <= 1e-8
        assert_allclose(found.w, known.w, atol=1e-6)
        # The scores of a softmax have no common level.
        level = np.mean(found.b) - np.mean(known.b) if isinstance(loss, Softmax) else 0.0
        assert_allclose(found.b - level, known.b, atol=1e-5)
        assert found.objective == pytest.approx(known.objective, rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_sparse_as_dense(penalty, fit_intercept):
    X, y, weight = table(Logistic())
    X = X * (np.random.default_rng(1).random(X.shape) < 0.3)
    X[:, 3] = 0.0  # a column without a value
    found = [
        solve(
            Problem(from_arrays(given, y, weight, n_blocks=3), Logistic(), penalty, fit_intercept),
            "fista",
            tol=1e-9,
            max_iter=5000,
        )
        for given in (X, sparse.csr_array(X))
    ]
    assert_allclose(found[1].w, found[0].w, atol=1e-8)
    assert found[0].w[3] == 0.0


def test_like_coordinate_descent():
    X, y, weight = table(Squared())
    lasso = Lasso(0.05, tol=1e-14, max_iter=100_000).fit(X, y, weight)
    found = solve(
        Problem(from_arrays(X, y, weight), Squared(), L1(0.05)), "fista", tol=1e-9, max_iter=5000
    )
    assert_allclose(found.w, lasso.coef_, atol=1e-7)
    np.testing.assert_array_equal(found.w == 0.0, lasso.coef_ == 0.0)


def test_an_estimator_may_name_it():
    X, y, _ = table(Logistic())
    options = dict(C=0.05, l1_ratio=1.0, tol=1e-8, max_iter=5000)
    model = LogisticRegression(solver="fista", **options).fit(X, y)
    assert model.solver_ == "fista"
    assert_allclose(model.coef_, LogisticRegression(**options).fit(X, y).coef_, atol=1e-6)


def test_from_disk_as_in_memory(tmp_path):
    X, y, weight = table(Logistic())
    frame = pl.DataFrame(X, schema=[f"x{j}" for j in range(X.shape[1])])
    frame.with_columns(y=pl.Series(y), w=pl.Series(weight)).write_parquet(tmp_path / "t.parquet")
    disk = from_parquet(tmp_path / "t.parquet", "y", weight="w", rows=100)
    found = [
        solve(Problem(blocks, Logistic(), L1(0.02)), "fista", tol=1e-9, max_iter=5000)
        for blocks in (disk, from_arrays(X, y, weight))
    ]
    assert_allclose(found[0].w, found[1].w, atol=1e-8)


def test_rows_without_weight_do_not_count():
    X, y, weight = table(Squared())
    weight[:400] = 0.0
    X[:400] = 1e6
    problem = Problem(from_arrays(X, y, weight, n_blocks=9), Squared(), L1(0.05))
    without = replace(problem, blocks=from_arrays(X[400:], y[400:], weight[400:]))
    found = [solve(q, "fista", tol=1e-9, max_iter=5000) for q in (problem, without)]
    assert_allclose(found[0].w, found[1].w, atol=1e-8)


def test_a_start_is_used_and_running_out_is_said():
    X, y, _ = table(Squared())
    problem = Problem(from_arrays(X, y), Squared(), L1(0.05))
    found = solve(problem, "fista", tol=1e-8, max_iter=5000)
    again = solve(problem, "fista", tol=1e-8, start=(found.w, found.b))
    assert again.n_iter <= 2
    assert not solve(problem, "fista", tol=1e-12, max_iter=5).converged


@pytest.mark.parametrize(
    ("loss", "instead"),
    [
        (Absolute(), "LADLasso"),
        (Quantile(0.3), "QuantileRegressor"),
        (Hinge(), "SquaredHinge"),
        (EpsilonInsensitive(), "SquaredEpsilonInsensitive"),
        (AbsolutePercentage(), "LADLasso"),
        (CrammerSinger(3), "Softmax"),
    ],
    ids=repr,
)
def test_losses_with_a_kink_are_refused(loss, instead):
    X, y, _ = table(Softmax(3))
    with pytest.raises(TypeError, match=f"{type(loss).__name__} has a kink; .*{instead}"):
        solve(Problem(from_arrays(X, y), loss, L1(0.1)))
