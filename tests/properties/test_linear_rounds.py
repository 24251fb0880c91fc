"""Blocks, threads, order and weights do not change what a linear model is."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from zhixing.core.parallel import threads
from zhixing.data.blocks import from_arrays, from_parquet
from zhixing.linear_model import GeneralizedLinear, LinearRegression, LogisticRegression, Ridge
from zhixing.losses import Logistic, Poisson, Softmax, Squared
from zhixing.penalties import L2
from zhixing.rounds import here
from zhixing.solvers import Problem, solve
from zhixing.solvers.statistics import merge, statistics

LOSSES = {"squared": Squared(), "logistic": Logistic(), "poisson": Poisson(), "softmax": Softmax(3)}


def table(rng, name, n=5000, p=5):
    X = rng.normal(size=(n, p))
    z = X @ rng.normal(size=p) * 0.5
    y = {
        "squared": z + rng.normal(size=n),
        "logistic": (rng.random(n) < 1 / (1 + np.exp(-z))).astype(float),
        "poisson": rng.poisson(np.exp(z)).astype(float),
        "softmax": np.digitize(z, [-0.5, 0.5]).astype(float),
    }[name]
    return X, y, rng.integers(0, 3, n).astype(float)


@pytest.mark.parametrize("name", LOSSES)
def test_one_block_or_seven(rng, name) -> None:
    """The sums agree to 1e-13, not to the bit: chunks start at a block's first row, so the order of
    additions differs.  The fit agrees as far as the solver converges, here to 1e-12 of its size."""
    X, y, w = table(rng, name)
    one, seven = (from_arrays(X, y, w, n_blocks=k) for k in (1, 7))
    problem = Problem(one, LOSSES[name], L2(1e-3))
    theta = rng.normal(size=problem.shape)

    def sums(blocks):
        return here(lambda b: statistics(LOSSES[name], b, theta, True, second=True), blocks, merge)

    for got, wanted in zip(vars(sums(seven)).values(), vars(sums(one)).values()):
        scale = np.abs(wanted).max()
        assert_allclose(got, wanted, rtol=0, atol=1e-13 * scale)
    found = [solve(Problem(b, LOSSES[name], L2(1e-3)), "newton", tol=1e-15) for b in (one, seven)]
    assert_allclose(found[0].w, found[1].w, rtol=0, atol=1e-12 * max(1, np.abs(found[0].w).max()))
    found = [solve(Problem(b, LOSSES[name], L2(1e-3)), "lbfgs", tol=1e-9) for b in (one, seven)]
    assert_allclose(found[0].w, found[1].w, rtol=0, atol=1e-5)
    assert found[0].objective == pytest.approx(found[1].objective, rel=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_from_disk_as_in_memory(rng, tmp_path, name) -> None:
    X, y, w = table(rng, name)
    frame = pl.DataFrame(X, schema=[f"x{j}" for j in range(X.shape[1])])
    frame.with_columns(y=pl.Series(y), w=pl.Series(w)).write_parquet(tmp_path / "t.parquet")
    blocks = from_parquet(tmp_path / "t.parquet", "y", weight="w", rows=700)
    assert sum(b.n for b in blocks) == len(y)
    if name == "softmax":
        disk = solve(Problem(blocks, LOSSES[name], L2(1e-3)), tol=1e-9)
        memory = solve(Problem(from_arrays(X, y, w), LOSSES[name], L2(1e-3)), tol=1e-9)
        assert_allclose(disk.w, memory.w, atol=1e-7)
        return
    disk = GeneralizedLinear(LOSSES[name], L2(1e-3), tol=1e-9).fit_blocks(blocks)
    memory = GeneralizedLinear(LOSSES[name], L2(1e-3), tol=1e-9).fit(X, y, w)
    assert_allclose(disk.coef_, memory.coef_, atol=1e-7)
    assert_allclose(disk.predict(X[:9]), memory.predict(X[:9]), rtol=1e-6)


MODELS = [
    LogisticRegression(solver="newton"),
    LogisticRegression(solver="lbfgs"),
    LogisticRegression(solver="newton_cg"),
    LogisticRegression(l1_ratio=1.0, C=0.01),
    LinearRegression(),
    Ridge(),
]


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_threads_give_the_same_bits(rng, model) -> None:
    X, y, w = table(rng, "logistic", n=20_000)
    with threads(1):
        one = model.fit(X, y, w).coef_
    with threads(3):
        three = model.fit(X, y, w).coef_
    assert_array_equal(one, three)


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_weight_is_repetition_and_order_does_not_matter(rng, model) -> None:
    X, y, w = table(rng, "logistic", n=400)
    weighted = model.fit(X, y, w).coef_
    repeated = np.repeat(np.arange(len(y)), w.astype(int))
    assert_allclose(model.fit(X[repeated], y[repeated]).coef_, weighted, atol=2e-6)
    shuffled = rng.permutation(len(y))
    assert_allclose(model.fit(X[shuffled], y[shuffled], w[shuffled]).coef_, weighted, atol=2e-6)


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_float32_stays_float32(rng, model) -> None:
    X, y, _ = table(rng, "logistic", n=500)
    fitted = model.fit(X.astype(np.float32), y)
    assert fitted.coef_.dtype == np.float32
    assert_allclose(fitted.coef_, model.fit(X, y).coef_, rtol=1e-3, atol=1e-4)


def test_bad_weights_are_named(rng) -> None:
    X, y, w = table(rng, "logistic", n=50)
    for value, message in ((np.nan, "NaN"), (-1.0, "[Nn]egative")):
        bad = w.copy()
        bad[3] = value
        with pytest.raises(ValueError, match=message):
            LogisticRegression().fit(X, y, bad)
    with pytest.raises(ValueError, match="zero"):
        LogisticRegression().fit(X, y, np.zeros(50))
