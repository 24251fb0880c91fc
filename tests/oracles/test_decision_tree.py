"""Decision trees: equal to scikit-learn's node for node, and to brute force where it has none."""

from __future__ import annotations

import itertools
import warnings
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn import tree as sk

from zhixing.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
    ExtraTreeRegressor,
)


def gain(tree: Any, node: int) -> float:
    """The fall of the weighted impurity in a node of either library's `tree_`."""
    a, b = tree.children_left[node], tree.children_right[node]
    loss = tree.weighted_n_node_samples * tree.impurity
    return (loss[node] - loss[a] - loss[b]) / tree.weighted_n_node_samples[0]


def compare(ours: Any, theirs: Any, values: float = 1e-9) -> int:
    """Walk down both trees; where they part, the two splits must gain the same.  Returns the ties."""
    a, b = ours.tree_, theirs.tree_
    ties, waiting = 0, [(0, 0)]
    while waiting:
        i, j = waiting.pop()
        assert a.n_node_samples[i] == b.n_node_samples[j]
        assert a.weighted_n_node_samples[i] == pytest.approx(b.weighted_n_node_samples[j])
        np.testing.assert_allclose(a.value[i], b.value[j], rtol=values, atol=values)
        assert a.impurity[i] == pytest.approx(b.impurity[j], abs=1e-9)
        if a.children_left[i] < 0:
            # Weights add up to an impurity of 1e-16 there, and pure nodes are split on.
            assert b.children_left[j] < 0 or 0 < b.impurity[j] < 1e-12
            ties += b.children_left[j] >= 0
            continue
        assert b.children_left[j] >= 0
        same = a.feature[i] == b.feature[j] and np.isclose(
            a.threshold[i], b.threshold[j], rtol=1e-12, atol=0
        )
        if not same:
            assert gain(a, i) == pytest.approx(gain(b, j), abs=1e-9), (i, j)
            ties += 1
            continue
        waiting += [
            (a.children_left[i], b.children_left[j]),
            (a.children_right[i], b.children_right[j]),
        ]
    if not ties:
        assert a.node_count == b.node_count and a.max_depth == b.max_depth
        assert a.n_leaves == b.n_leaves == ours.get_n_leaves()
        for name in ("children_left", "children_right", "feature", "n_node_samples"):
            np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
        np.testing.assert_allclose(
            ours.feature_importances_, theirs.feature_importances_, atol=1e-9
        )
    return ties


def case(seed: int) -> tuple[np.ndarray, Any, Any, str, dict[str, Any]]:
    """A table, a target, weights or None, its kind, and options."""
    rng = np.random.default_rng(seed)
    n, p = int(rng.integers(20, 400)), int(rng.integers(1, 6))
    # scikit-learn rounds X to float32.
    X = rng.normal(size=(n, p)).astype(np.float32).astype(float)
    if seed % 3 == 0:
        X[rng.random(X.shape) < 0.1] = np.nan
    known = np.nan_to_num(X[:, 0])
    weight = rng.random(n) + 0.1 if seed % 2 else None
    options: dict[str, Any] = {
        "max_depth": int(rng.integers(1, 6)),
        "min_samples_leaf": int(rng.integers(1, 9)),
    }
    # Where splits tie, other trees are as good, and which branches are closed depends on it.
    if seed % 5 == 0 and weight is not None:
        options["max_leaf_nodes"] = int(rng.integers(2, 12))
    if seed % 7 == 0:
        options["min_impurity_decrease"] = float(rng.random() * 0.02)
    if seed % 4 == 0:
        options["min_weight_fraction_leaf"] = float(rng.random() * 0.1)
    if seed % 6 == 1 and weight is not None:
        options["ccp_alpha"] = float(rng.random() * 0.03)
    kinds = ("two", "noisy", "many", "labels", "number", "numbers", "poisson", "median")
    kind = kinds[seed % 8]
    y: Any = {
        "two": rng.integers(0, 2, n),
        "noisy": (known > 0) ^ (rng.random(n) < 0.1),
        "many": rng.integers(0, 5, n),
        "labels": np.column_stack([rng.integers(0, 3, n), rng.integers(0, 2, n)]),
        "number": rng.normal(size=n) + known,
        "median": rng.normal(size=n) + known,
        "numbers": rng.normal(size=(n, 3)),
        "poisson": rng.poisson(np.exp(0.3 * known)).astype(float) + 1.0 * (n < 60),
    }[kind]
    if kind in ("two", "number") and seed % 3 and seed % 4 == 1:
        options["monotonic_cst"] = rng.integers(-1, 2, p)
    if kind in ("two", "noisy", "many", "labels"):
        options["criterion"] = ("gini", "entropy", "log_loss")[seed // 8 % 3]
    elif kind in ("poisson", "median"):
        options["criterion"] = "poisson" if kind == "poisson" else "absolute_error"
    return X, y, weight, kind, options


def test_trees_equal_scikit_learns_node_for_node() -> None:
    ties, paths = 0, 0
    for seed in range(400):
        X, y, weight, kind, options = case(seed)
        family = "Classifier" if kind in ("two", "noisy", "many", "labels") else "Regressor"
        ours = {"Classifier": DecisionTreeClassifier, "Regressor": DecisionTreeRegressor}[family]
        theirs = getattr(sk, f"DecisionTree{family}")(random_state=0, **options)
        a = ours(random_state=0, **options).fit(X, y, weight)
        b = theirs.fit(X, y, weight)
        tied = compare(a, b)
        ties += tied
        if tied:
            continue
        np.testing.assert_array_equal(a.apply(X), b.apply(X))
        assert (a.decision_path(X) != b.decision_path(X)).nnz == 0
        np.testing.assert_allclose(a.predict(X), b.predict(X))
        if family == "Classifier":
            for found, expected in zip(
                np.atleast_3d(a.predict_proba(X)) if kind != "labels" else a.predict_proba(X),
                np.atleast_3d(b.predict_proba(X)) if kind != "labels" else b.predict_proba(X),
            ):
                np.testing.assert_allclose(found, expected, atol=1e-12)
        if "ccp_alpha" not in options and "min_impurity_decrease" not in options:
            found, expected = (
                m.cost_complexity_pruning_path(X, y, weight)
                for m in (ours(random_state=0, **options), theirs)
            )
            np.testing.assert_allclose(found.ccp_alphas, expected.ccp_alphas, atol=1e-9)
            np.testing.assert_allclose(found.impurities, expected.impurities, atol=1e-9)
            paths += 1
    assert ties < 60 and paths > 80  # unit weights make equal gains; they are few


@pytest.mark.parametrize("weighted", [False, True])
def test_full_trees_fit_as_well_as_scikit_learns(weighted: bool) -> None:
    """To the last leaf ties are everywhere; sizes agree, and predictions of the training rows."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1500, 6)).astype(np.float32)
    w = rng.random(1500) if weighted else None
    y = (X[:, 0] * X[:, 1] + rng.normal(size=1500) > 0).astype(int)
    for ours, theirs, target in (
        (DecisionTreeClassifier(), sk.DecisionTreeClassifier(random_state=0), y),
        (DecisionTreeRegressor(), sk.DecisionTreeRegressor(random_state=0), X[:, 2] + y),
    ):
        ours.fit(X, target, w), theirs.fit(X, target, w)
        compare(ours, theirs)
        if not weighted:
            size = theirs.get_n_leaves()
            assert abs(ours.get_n_leaves() - size) < 0.04 * size
        np.testing.assert_allclose(ours.predict(X), target, rtol=1e-6)


def test_bins_of_every_value_make_the_exact_tree() -> None:
    """With fewer distinct values than bins both splitters see the same cuts, up to their place in a gap."""
    rng = np.random.default_rng(1)
    X = rng.integers(0, 60, (900, 5)).astype(float)
    X[rng.random(X.shape) < 0.05] = np.nan
    y = rng.normal(size=900) + np.nan_to_num(X[:, 0]) / 30
    for options in ({"max_depth": 6}, {"max_leaf_nodes": 40}, {"min_samples_leaf": 10}):
        a = DecisionTreeRegressor(random_state=0, **options).fit(X, y)
        b = DecisionTreeRegressor(splitter="hist", random_state=0, **options).fit(X, y)
        np.testing.assert_array_equal(a.tree_.feature, b.tree_.feature)
        np.testing.assert_array_equal(a.tree_.n_node_samples, b.tree_.n_node_samples)
        np.testing.assert_allclose(a.tree_.value, b.tree_.value)


def test_histogram_trees_are_as_good_as_exact_ones() -> None:
    rng = np.random.default_rng(2)
    X = rng.normal(size=(20_000, 10))
    y = (X[:, 0] + X[:, 1] * X[:, 2] + rng.normal(size=len(X)) > 0).astype(int)
    train, test = slice(0, 10_000), slice(10_000, None)
    scores = {
        s: np.mean([
            DecisionTreeClassifier(splitter=s, max_depth=8, max_features=8, random_state=r)
            .fit(X[train], y[train]).score(X[test], y[test]) for r in range(5)
        ])
        for s in ("best", "hist")
    }  # fmt: skip
    assert abs(scores["best"] - scores["hist"]) < 0.006


def brute_force_set(codes: np.ndarray, y: np.ndarray, weight: np.ndarray, loss: Any) -> float:
    """The least loss of both sides over all sets of categories."""
    known = np.unique(codes)
    best = np.inf
    for size in range(1, len(known)):
        for chosen in itertools.combinations(known, size):
            left = np.isin(codes, chosen)
            best = min(best, loss(y[left], weight[left]) + loss(y[~left], weight[~left]))
    return best


def gini_loss(y: np.ndarray, w: np.ndarray) -> float:
    p = np.bincount(y.astype(int), weights=w) / w.sum()
    return w.sum() * (1.0 - (p**2).sum())


def entropy_loss(y: np.ndarray, w: np.ndarray) -> float:
    p = np.bincount(y.astype(int), weights=w) / w.sum()
    return -w.sum() * (p[p > 0] * np.log2(p[p > 0])).sum()


def squared_loss(y: np.ndarray, w: np.ndarray) -> float:
    return (w * (y - np.average(y, weights=w)) ** 2).sum()


@pytest.mark.parametrize("splitter", ["best", "hist"])
@pytest.mark.parametrize("criterion", ["gini", "entropy", "squared_error"])
def test_sets_of_categories_are_the_best_of_all(criterion: str, splitter: str) -> None:
    loss = {"gini": gini_loss, "entropy": entropy_loss, "squared_error": squared_loss}[criterion]
    for seed in range(20):
        rng = np.random.default_rng(seed)
        codes = rng.integers(0, 8, 120)
        w = rng.random(120) + 0.1
        effect = rng.normal(size=8)[codes]
        y = effect + rng.normal(size=120)
        cls: Any = DecisionTreeRegressor
        if criterion != "squared_error":
            y, cls = (y > 0).astype(int), DecisionTreeClassifier
        model = cls(
            criterion=criterion, splitter=splitter, max_depth=1, categorical_features=[0]
        ).fit(codes[:, None].astype(float), y, w)
        leaf = model.apply(codes[:, None].astype(float))
        found = sum(loss(y[leaf == k], w[leaf == k]) for k in np.unique(leaf))
        assert found == pytest.approx(brute_force_set(codes, y, w, loss))


def test_sets_of_categories_for_many_classes_find_one_against_the_rest() -> None:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 9, 600)
    y = np.where(np.isin(codes, [1, 4, 7]), 2, rng.integers(0, 2, 600))
    model = DecisionTreeClassifier(max_depth=1, categorical_features=[0]).fit(
        codes[:, None] * 1.0, y
    )
    leaf = model.apply(codes[:, None] * 1.0)
    assert len(np.unique(leaf[np.isin(codes, [1, 4, 7])])) == 1
    assert (leaf[codes == 1][0] != leaf[~np.isin(codes, [1, 4, 7])]).all()


def test_monotone_trees_are_monotone() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(800, 3))
    y = X[:, 0] - X[:, 1] + np.sin(3 * X[:, 2]) + rng.normal(size=800)
    grid = np.linspace(-3, 3, 60)
    for splitter in ("best", "hist", "random"):
        for model in (
            DecisionTreeRegressor(
                splitter=splitter, monotonic_cst=[1, -1, 0], max_depth=8, random_state=0
            ).fit(X, y),
            DecisionTreeClassifier(
                splitter=splitter, monotonic_cst=[1, -1, 0], max_depth=8, random_state=0
            ).fit(X, y > 0),
        ):
            say = model.predict if isinstance(model, DecisionTreeRegressor) else model.predict_proba
            for j, sign in ((0, 1), (1, -1)):
                for row in X[:30]:
                    rows = np.tile(row, (len(grid), 1))
                    rows[:, j] = grid
                    found = say(rows)
                    found = found if found.ndim == 1 else found[:, 1]
                    assert (sign * np.diff(found) >= -1e-12).all()


@pytest.mark.parametrize("splitter", ["best", "hist", "random"])
def test_sparse_tables_give_the_trees_of_dense_ones(splitter: str) -> None:
    rng = np.random.default_rng(0)
    X = sp.random_array((300, 150), density=0.1, rng=rng, format="csr")
    y = np.asarray(X.sum(axis=1)).ravel() + rng.normal(size=300)
    for target, cls in ((y, DecisionTreeRegressor), (y > y.mean(), DecisionTreeClassifier)):
        models = [
            cls(splitter=splitter, max_depth=5, random_state=0).fit(table, target)
            for table in (X, sp.csc_array(X), X.toarray())
        ]
        for model in models:
            np.testing.assert_array_equal(model.tree_.feature, models[0].tree_.feature)
            np.testing.assert_array_equal(model.predict(X), models[0].predict(X.toarray()))


def test_random_cuts_are_uniform_between_the_extremes() -> None:
    X = np.array([0.0, 1.0, 2.0, 10.0] * 5)[:, None]
    y = np.arange(20.0)
    cuts = np.array([
        ExtraTreeRegressor(max_depth=1, random_state=r).fit(X, y).tree_.threshold[0]
        for r in range(600)
    ])  # fmt: skip
    assert cuts.min() >= 0 and cuts.max() < 10
    assert abs((cuts < 1).mean() - 0.1) < 0.04 and abs((cuts < 5).mean() - 0.5) < 0.07


def test_extra_trees_score_as_scikit_learns_do() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3000, 8))
    y = (X[:, 0] + X[:, 1] > 0).astype(int)
    ours = [ExtraTreeClassifier(random_state=r).fit(X[:2000], y[:2000]) for r in range(10)]
    theirs = [sk.ExtraTreeClassifier(random_state=r).fit(X[:2000], y[:2000]) for r in range(10)]
    a, b = ([m.score(X[2000:], y[2000:]) for m in found] for found in (ours, theirs))
    assert abs(np.mean(a) - np.mean(b)) < 0.03
    leaves = [np.mean([m.get_n_leaves() for m in found]) for found in (ours, theirs)]
    assert abs(leaves[0] / leaves[1] - 1) < 0.15


def test_friedman_of_one_output_is_the_squared_error() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(200, 3)), rng.normal(size=200)
    a, b = (
        DecisionTreeRegressor(criterion=c, max_depth=5, random_state=0).fit(X, y)
        for c in ("friedman_mse", "squared_error")
    )
    np.testing.assert_array_equal(a.tree_.threshold, b.tree_.threshold)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecated there
        theirs = sk.DecisionTreeRegressor(criterion="friedman_mse", max_depth=2, random_state=0)
        X = X.astype(np.float32)
        compare(
            DecisionTreeRegressor(criterion="friedman_mse", max_depth=2).fit(X, y), theirs.fit(X, y)
        )
