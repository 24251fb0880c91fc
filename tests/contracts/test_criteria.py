"""Every criterion keeps the contract of `zhixing.criteria`; members are found by themselves."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from scipy.special import xlogy

from zhixing import criteria
from zhixing.criteria import Absolute, Convex, Entropy, FriedmanSquared, Gini, Poisson, Squared
from zhixing.kernels._jit import METHODS

CLASSES = [
    cls
    for name in criteria.__all__
    if getattr(cls := getattr(criteria, name), "is_part", False) and cls is not Convex
]
LEVELS = np.linspace(-2.0, 2.0, 9)
MEMBERS = [
    Gini(2), Gini(4), Gini(3, 2), Entropy(2), Entropy(4), Entropy(3, 2), Squared(), Squared(3),
    FriedmanSquared(), FriedmanSquared(2), Poisson(), Poisson(2), Absolute(LEVELS),
]  # fmt: skip


def targets(criterion, n: int, rng: np.random.Generator) -> np.ndarray:
    outputs = getattr(criterion, "n_outputs", 1)
    if criterion.target == "classes":
        return rng.integers(0, criterion.n_classes, (n, outputs))
    if criterion.target == "counts":
        return rng.poisson(3.0, (n, outputs)) + 1.0
    if criterion.target == "medians":
        return rng.choice(LEVELS, (n, 1))
    return rng.normal(size=(n, outputs))


def sums(criterion, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    s = np.zeros(criterion.n_stats)
    for row, w in zip(y, weight):
        criterion.add(s, row, w)
    return s


def impurity(criterion, y: np.ndarray, w: np.ndarray) -> float:
    """Weight times impurity, by the textbook."""
    total = w.sum()
    if criterion.target == "classes":
        found = 0.0
        for column in y.T:
            p = np.bincount(column, weights=w, minlength=criterion.n_classes) / total
            found += (
                1.0 - (p * p).sum()
                if isinstance(criterion, Gini)
                else -xlogy(p, p).sum() / np.log(2)
            )
        return total * found / y.shape[1]
    if isinstance(criterion, Absolute):
        return min((w * np.abs(y[:, 0] - m)).sum() for m in LEVELS)
    if isinstance(criterion, FriedmanSquared):
        y = y.mean(axis=1, keepdims=True)
    mean = np.average(y, axis=0, weights=w)
    if isinstance(criterion, Poisson):
        return (w[:, None] * (xlogy(y, y / mean) - y + mean)).sum() / y.shape[1]
    return (w[:, None] * (y - mean) ** 2).sum() / y.shape[1]


def test_members_are_found() -> None:
    assert {type(m) for m in MEMBERS} == set(CLASSES) and len(CLASSES) >= 6
    assert {"score", "score_pair", "ceiling"} <= set(METHODS)


@pytest.mark.parametrize("criterion", MEMBERS, ids=str)
def test_part(criterion) -> None:
    again = type(criterion)(*criterion)
    assert criterion == again and hash(criterion) == hash(again)
    assert criterion != tuple(criterion)
    assert pickle.loads(pickle.dumps(criterion)) == criterion == copy.deepcopy(criterion)
    assert criterion.target in ("classes", "numbers", "counts", "medians")
    assert type(criterion).__doc__ and ">>>" in type(criterion).__doc__


@pytest.mark.parametrize("criterion", MEMBERS, ids=str)
def test_what_a_split_gains_is_the_fall_of_the_impurity(criterion, rng) -> None:
    for n in (2, 3, 30):
        y, w = targets(criterion, n, rng), rng.random(n) + 0.1
        left = np.arange(n) < max(n // 3, 1)
        a, b = (sums(criterion, y[s], w[s]) for s in (left, ~left))
        both = sums(criterion, y, w)
        np.testing.assert_allclose(a + b, both)
        found = criterion.score(a) + criterion.score(b) - criterion.score(both)
        expected = (
            impurity(criterion, y, w)
            - impurity(criterion, y[left], w[left])
            - impurity(criterion, y[~left], w[~left])
        )
        assert found == pytest.approx(expected, abs=1e-9)
        assert found > -1e-9


@pytest.mark.parametrize("criterion", [m for m in MEMBERS if m.target != "medians"], ids=str)
def test_the_compiled_form_says_the_same(criterion, rng) -> None:
    s = sums(criterion, targets(criterion, 20, rng), rng.random(20) + 0.1)
    assert criterion.form.score(s) == pytest.approx(criterion.score(s))
    if len(s) == 2:
        assert criterion.form.score_pair(*s) == pytest.approx(criterion.score(s))
    part = sums(criterion, targets(criterion, 15, rng), rng.random(15))
    assert criterion.form.score_sides(part, s + part) == pytest.approx(
        criterion.score(s) + criterion.score(part)
    )
    if criterion.target == "classes":
        assert criterion.form.score(s) <= criterion.form.ceiling(s) + 1e-12
        pure = np.zeros_like(s)
        pure[:: criterion.n_classes] = 2.0
        assert criterion.form.score(pure) == pytest.approx(criterion.form.ceiling(pure))


@pytest.mark.parametrize("criterion", MEMBERS, ids=str)
def test_a_leaf_predicts_what_costs_least(criterion, rng) -> None:
    y, w = targets(criterion, 25, rng), rng.random(25)
    leaf = np.atleast_1d(criterion.leaf(sums(criterion, y, w)))
    if criterion.target == "classes":
        for o, column in enumerate(y.T):
            shares = leaf[o * criterion.n_classes : (o + 1) * criterion.n_classes]
            expected = np.bincount(column, weights=w, minlength=criterion.n_classes) / w.sum()
            np.testing.assert_allclose(shares, expected)
    elif criterion.target == "medians":
        costs = [(w * np.abs(y[:, 0] - m)).sum() for m in LEVELS]
        assert (w * np.abs(y[:, 0] - leaf[0])).sum() == pytest.approx(min(costs))
    elif not isinstance(criterion, FriedmanSquared):
        np.testing.assert_allclose(leaf, np.average(y, axis=0, weights=w))


def test_a_side_without_counts_is_refused() -> None:
    assert Poisson().score(np.array([3.0, 0.0])) == -np.inf == Poisson().form.score_pair(3.0, 0.0)
