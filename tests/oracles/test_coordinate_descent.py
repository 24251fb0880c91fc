"""Coordinate descent with extrapolation against its plain definitions."""

from __future__ import annotations

import numpy as np
import pytest

from zhixing.kernels.anderson import DEPTH, combination, combine
from zhixing.kernels.cd_gram import cd_gram
from zhixing.solvers.cd import FIRST, _working_set


def problem(seed=0, m=60, n=66):
    """A quadratic of correlated columns, where plain coordinate descent is slow."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, m)) + 0.7 * rng.normal(size=(n, 1))
    y = X[:, : m // 2] @ rng.normal(size=m // 2) + rng.normal(size=n)
    return X.T @ X / n, X.T @ y / n, float(y @ y) / n


def objective(G, c, yy, l1, l2, w):
    return 0.5 * w @ G @ w - c @ w + 0.5 * yy + l1 @ np.abs(w) + 0.5 * l2 @ (w * w)


def plain(G, c, l1, l2, low, high, sweeps):
    """Cyclic coordinate descent and nothing else."""
    w = np.zeros(len(c))
    for _ in range(sweeps):
        for j in range(len(c)):
            u = c[j] - G[j] @ w + G[j, j] * w[j]
            v = np.sign(u) * max(abs(u) - l1[j], 0.0) / (G[j, j] + l2[j])
            w[j] = min(max(v, low), high)
    return w


def solve(G, c, yy, l1, l2, low, high, sweeps, gap=1e-13):
    w, g = np.zeros(len(c)), -c
    used, _, left = cd_gram(
        G, c, g, w, np.arange(len(c)), len(c), l1, l2, low, high, yy, sweeps, 0.0, 0.0, gap
    )
    return w, g, used, left


BOUNDS = [(-np.inf, np.inf), (0.0, np.inf), (-0.4, 0.4)]


@pytest.mark.parametrize(("low", "high"), BOUNDS)
@pytest.mark.parametrize("ridge", [0.0, 0.05])
def test_the_minimum_is_that_of_plain_sweeps(low, high, ridge):
    G, c, yy = problem()
    l1, l2 = np.full(len(c), 0.02), np.full(len(c), ridge)
    slow = plain(G, c, l1, l2, low, high, 3000)
    w, g, used, _ = solve(G, c, yy, l1, l2, low, high, 3000)
    np.testing.assert_allclose(w, slow, atol=1e-5)
    np.testing.assert_allclose(g, G @ w - c, atol=1e-10)
    assert low <= w.min() and w.max() <= high


def test_extrapolation_saves_most_of_the_sweeps():
    G, c, yy = problem()
    l1, l2 = np.full(len(c), 1e-3), np.zeros(len(c))
    w, _, used, _ = solve(G, c, yy, l1, l2, -np.inf, np.inf, 100_000, gap=1e-9)
    value = objective(G, c, yy, l1, l2, w)
    assert objective(G, c, yy, l1, l2, plain(G, c, l1, l2, -np.inf, np.inf, 2 * used)) > value


@pytest.mark.parametrize(("low", "high"), BOUNDS)
def test_no_sweep_raises_the_objective(low, high):
    G, c, yy = problem(1)
    l1, l2 = np.full(len(c), 0.01), np.full(len(c), 0.01)
    before = np.inf
    for sweeps in range(1, 4 * DEPTH):
        w = solve(G, c, yy, l1, l2, low, high, sweeps)[0]
        value = objective(G, c, yy, l1, l2, w)
        assert value <= before + 1e-14
        before = value


def test_weights_of_an_extrapolation():
    rng = np.random.default_rng(2)
    P, c = rng.normal(size=(DEPTH + 1, 40)), np.empty(DEPTH)
    assert combination(P, c)
    D = np.diff(P, axis=0)
    z = np.linalg.solve(D @ D.T, np.ones(DEPTH))
    np.testing.assert_allclose(c, z / z.sum(), rtol=1e-8)
    out = np.empty(40)
    combine(P, c, out)
    np.testing.assert_allclose(out, c @ P[1:])


def test_a_linear_iteration_is_extrapolated_to_its_end():
    rng = np.random.default_rng(3)
    A = np.diag(rng.uniform(0.3, 0.95, DEPTH - 1))
    b = rng.normal(size=DEPTH - 1)
    P, c, out = np.empty((DEPTH + 1, DEPTH - 1)), np.empty(DEPTH), np.empty(DEPTH - 1)
    P[0] = 0.0
    for k in range(DEPTH):
        P[k + 1] = A @ P[k] + b
    assert combination(P, c)
    combine(P, c, out)
    np.testing.assert_allclose(out, np.linalg.solve(np.eye(DEPTH - 1) - A, b), rtol=1e-3)


def test_points_that_do_not_move_are_not_extrapolated():
    assert not combination(np.ones((DEPTH + 1, 3)), np.empty(DEPTH))


def test_working_sets_hold_the_support_and_grow_by_the_worst():
    rng = np.random.default_rng(4)
    v = rng.uniform(0.0, 1.0, 5000)
    support = np.zeros(5000, dtype=bool)
    first = _working_set(v, support, 0)
    assert len(first) == FIRST
    assert v[first].min() >= np.sort(v)[-FIRST]
    support[first] = True
    second = _working_set(v, support, FIRST)
    assert len(second) == 2 * FIRST and np.isin(first, second).all()


def test_a_few_violators_all_join_whatever_those_in_use_violate():
    v = np.zeros(1000)
    support = np.zeros(1000, dtype=bool)
    support[:200] = True
    v[0] = 100.0
    v[500:540] = np.linspace(1e-4, 1.0, 40)
    chosen = _working_set(v, support, 200)
    np.testing.assert_array_equal(chosen, np.r_[np.arange(200), np.arange(500, 540)])
