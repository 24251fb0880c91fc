"""Invariances and bad input of the L1 family."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

import zhixing
from zhixing.linear_model import ElasticNet, Lasso, enet_path


def table(seed=0, n=60, p=300):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + 0.5 * rng.normal(size=(n, 1))
    return X, X[:, :5] @ rng.normal(size=5) + rng.normal(size=n)


@pytest.mark.parametrize("shape", [(60, 300), (3000, 40)])
def test_weight_two_is_the_row_twice(shape):
    X, y = table(1, *shape)
    weight = np.random.default_rng(0).integers(0, 3, len(y))
    rows = np.repeat(np.arange(len(y)), weight)
    model = ElasticNet(0.05, tol=1e-12, max_iter=100_000)
    once = model.fit(X, y, weight).coef_
    np.testing.assert_allclose(model.fit(X[rows], y[rows]).coef_, once, atol=1e-8)


@pytest.mark.parametrize("shape", [(700, 900), (5000, 60)])
@pytest.mark.parametrize("order", ["C", "F"])
def test_threads_do_not_change_a_bit(shape, order):
    X, y = table(2, *shape)
    X = np.asarray(X, order=order)
    found = []
    for n in (1, 2):
        with zhixing.threads(n):
            model = Lasso(0.05, tol=1e-8, max_iter=10_000).fit(X, y)
            found.append((model.coef_, enet_path(X, y, alphas=5)[1]))
    np.testing.assert_array_equal(found[0][0], found[1][0])
    np.testing.assert_array_equal(found[0][1], found[1][1])


def test_the_input_is_never_written_to():
    X, y = table(3)
    before = X.copy()
    Lasso(0.1, copy_X=False).fit(X, y)
    enet_path(X, y, copy_X=False, alphas=3)
    np.testing.assert_array_equal(X, before)


def test_random_order_reaches_the_same_minimum():
    X, y = table(4)
    cyclic = Lasso(0.05, tol=1e-12, max_iter=10_000).fit(X, y).coef_
    random = Lasso(0.05, tol=1e-12, max_iter=10_000, selection="random", random_state=0)
    np.testing.assert_allclose(random.fit(X, y).coef_, cyclic, atol=1e-8)
    np.testing.assert_array_equal(random.fit(X, y).coef_, random.fit(X, y).coef_)


def test_warm_start_begins_at_the_last_solution():
    X, y = table(5)
    model = Lasso(0.05, tol=1e-10, max_iter=10_000, warm_start=True).fit(X, y)
    assert model.n_iter_ > 1
    assert model.fit(X, y).n_iter_ == 1


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("shape", [(60, 300), (300, 20)])
def test_values_that_are_not_finite_are_named(bad, shape):
    X, y = table(6, *shape)
    X[3, 4] = bad
    with pytest.raises(ValueError, match="Input X contains"):
        Lasso().fit(X, y)
    with pytest.raises(ValueError, match="contains"):
        Lasso().fit(np.nan_to_num(X), np.where(np.arange(len(y)) == 1, bad, y))
    with pytest.raises(ValueError, match="contains"):
        Lasso().fit(np.nan_to_num(X), y, np.where(np.arange(len(y)) == 1, bad, 1.0))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (dict(alpha=-1.0), "alpha is -1.0"),
        (dict(l1_ratio=1.5), "l1_ratio is 1.5"),
        (dict(selection="best"), "selection='best'"),
        (dict(max_iter=0), "max_iter is 0"),
        (dict(tol=-1.0), "tol is -1.0"),
    ],
)
def test_parameters_out_of_range_are_named(wrong, message):
    X, y = table(7)
    with pytest.raises(ValueError, match=message):
        ElasticNet(**wrong).fit(X, y)


def test_running_out_of_sweeps_is_said():
    X, y = table(8)
    with pytest.warns(ConvergenceWarning, match="duality gap"):
        Lasso(1e-4, max_iter=1, tol=1e-12).fit(X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Lasso(1e-4, max_iter=10_000).fit(X, y)
