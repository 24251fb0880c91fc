"""Shapley values of trees against their definition, the shap package, LightGBM and XGBoost."""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
import pytest
from sklearn import ensemble as sk
from sklearn.tree import DecisionTreeClassifier

from zhixing.core.errors import InputError
from zhixing.core.parallel import threads
from zhixing.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from zhixing.growth import shap, shap_background
from zhixing.growth.shap import shap_interaction_values, shap_values
from zhixing.growth.shap_background import shap_values_against
from zhixing.growth.tree import Forest
from zhixing.growth.tree_sum import TreeSum
from zhixing.kernels._shap import ROWS


def forest_of(tree) -> Forest:
    """A scikit-learn tree as a `Forest`: children side by side."""
    order, left = [0], []
    for node in order:
        left.append(len(order) if tree.children_left[node] >= 0 else -1)
        if tree.children_left[node] >= 0:
            order += [tree.children_left[node], tree.children_right[node]]
    o, m = np.array(order), len(order)
    leaf = np.array(left) < 0
    value = tree.value[o][:, 0, :]
    return Forest(
        np.where(leaf, -1, tree.feature[o]).astype(np.int32), np.where(leaf, 0.0, tree.threshold[o]),
        np.zeros(m, np.int32), tree.missing_go_to_left[o].astype(np.uint8), np.array(left),
        np.full(m, -1), np.empty((0, 256), np.uint8), value[:, 0] if value.shape[1] == 1 else value,
        np.zeros(m), tree.weighted_n_node_samples[o], tree.n_node_samples[o], np.zeros(1, np.int64),
    )  # fmt: skip


def forest_sum(model) -> TreeSum:
    forest = Forest.join([forest_of(tree.tree_) for tree in model.estimators_])
    k = 1 if forest.value.ndim == 1 else forest.value.shape[1]
    outputs = np.zeros(len(forest), int) if k == 1 else None
    return TreeSum(forest, None, np.zeros(k), outputs, 1.0 / len(forest))


def boosted_sum(model) -> TreeSum:
    return model._tree_sum()


def expectation(trees: TreeSum, x: np.ndarray, codes: np.ndarray, known: tuple) -> np.ndarray:
    """The scores of a row of which only some features are known: both branches by their cover."""
    forest, shares, values = trees.forest, trees.shares(), trees.values
    total = trees.start.copy()

    def below(node: int, column: int) -> float:
        f, left = forest.feature[node], forest.left[node]
        if f < 0:
            return values[column, node]
        if f not in known:
            return sum(shares[c] * below(c, column) for c in (left, left + 1))
        if forest.set[node] >= 0:
            right = not forest.sets[forest.set[node], codes[f]]
        elif np.isnan(x[f]):
            right = not forest.missing_left[node]
        else:
            right = x[f] > forest.threshold[node]
        return below(left + int(right), column)

    for tree, column, output in trees.parts:
        total[output] += below(forest.roots[tree], column)
    return total


def shapley(worth, p: int) -> tuple[np.ndarray, np.ndarray]:
    """Values (p, k) and interactions (p, p, k) by all subsets.  Lundberg et al. (2020), eqs. 3 to 6."""
    value = {s: worth(s) for size in range(p + 1) for s in combinations(range(p), size)}

    def v(*parts) -> np.ndarray:
        return value[tuple(sorted(sum(parts, ())))]

    k = len(v(()))
    phi, pairs = np.zeros((p, k)), np.zeros((p, p, k))
    for s in value:
        size = len(s)
        rest = [i for i in range(p) if i not in s]
        for i in rest:
            weight = factorial(size) * factorial(p - size - 1) / factorial(p)
            phi[i] += weight * (v(s, (i,)) - v(s))
            for j in rest:
                if j != i:
                    weight = factorial(size) * factorial(p - size - 2) / (2 * factorial(p - 1))
                    pairs[i, j] += weight * (v(s, (i, j)) - v(s, (i,)) - v(s, (j,)) + v(s))
    for i in range(p):
        pairs[i, i] = phi[i] - pairs[i].sum(axis=0)
    return phi, pairs


def table(n: int = 500, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Six features with missing values, the last two categories."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 6))
    X[:, 4], X[:, 5] = rng.integers(0, 12, n), rng.integers(0, 5, n)
    X[rng.random(X.shape) < 0.1] = np.nan
    known = np.nan_to_num(X)
    z = known[:, 0] + known[:, 1] * np.sin(3 * known[:, 4]) + rng.normal(size=n)
    return X, (z > 0).astype(int) + (known[:, 2] > 0.5)


@pytest.fixture(scope="module", params=["two classes", "three classes", "class shares"])
def case(request: pytest.FixtureRequest) -> tuple[TreeSum, np.ndarray]:
    X, y = table()
    if request.param == "class shares":
        model = sk.RandomForestClassifier(3, max_depth=6, random_state=0).fit(X, y)
        return forest_sum(model), X[:20]
    y = y if request.param == "three classes" else y > 0
    model = HistGradientBoostingClassifier(
        max_iter=3, categorical_features=[4, 5], min_samples_leaf=5, max_leaf_nodes=15
    ).fit(X, y)
    rows = X[:20].copy()
    rows[0, 4] = 99.0  # a category never seen
    return boosted_sum(model), rows


def test_values_and_interactions_are_those_of_all_subsets(case) -> None:
    trees, X = case
    values, pairs = shap_values(trees, X), shap_interaction_values(trees, X)
    codes = trees.category_codes(X)
    for i in range(4):
        row = codes[i] if codes.size else codes
        phi, both = shapley(lambda s: expectation(trees, X[i], row, s), X.shape[1])  # noqa: B023
        assert np.allclose(values[i], phi, rtol=0, atol=1e-13)
        assert np.allclose(pairs[i], both, rtol=0, atol=1e-13)
    assert np.allclose(trees.expected(), expectation(trees, X[0], codes, ()), atol=1e-13)
    assert np.allclose(pairs.sum(axis=2), values, atol=1e-13)


def test_values_against_a_background_are_those_of_all_subsets(
    case, monkeypatch: pytest.MonkeyPatch
) -> None:
    trees, X = case
    X, Z = X[:4], table(seed=1)[0][:25]

    def scores(rows: np.ndarray) -> np.ndarray:
        codes = trees.category_codes(rows)
        everything = tuple(range(rows.shape[1]))
        return np.array(
            [
                expectation(trees, row, codes[i] if codes.size else codes, everything)
                for i, row in enumerate(rows)
            ]
        )

    found = shap_values_against(trees, X, Z)
    for i in range(2):

        def worth(s: tuple, row: np.ndarray = X[i]) -> np.ndarray:
            mixed = Z.copy()
            mixed[:, list(s)] = row[list(s)]
            return scores(mixed).mean(axis=0)

        assert np.allclose(found[i], shapley(worth, 6)[0], rtol=0, atol=1e-13)
    assert np.allclose(found.sum(axis=1) + scores(Z).mean(axis=0), scores(X), atol=1e-13)
    # The three ways to the same: values kept by set, sets alone, and walks of pairs.
    monkeypatch.setattr(shap_background, "KEPT", 1)
    assert np.allclose(shap_values_against(trees, X, Z), found, rtol=0, atol=1e-14)
    monkeypatch.setattr(shap_background, "MASKED", 0)
    assert np.allclose(shap_values_against(trees, X, Z), found, rtol=0, atol=1e-14)


@pytest.mark.parametrize("depth", [3, None])
def test_values_are_those_of_the_shap_package(depth: int | None) -> None:
    package = pytest.importorskip("shap")
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 9))
    y = (X[:, 0] * X[:, 1] + X[:, 2] > 0) + (X[:, 3] > 1) * 1
    model = sk.RandomForestClassifier(5, max_depth=depth, random_state=0).fit(X, y)
    explainer = package.TreeExplainer(model)
    trees = forest_sum(model)
    assert np.allclose(shap_values(trees, X[:50]), explainer.shap_values(X[:50]), atol=1e-9)
    assert np.allclose(trees.expected(), explainer.expected_value, atol=1e-9)
    ours = shap_interaction_values(trees, X[:20])
    assert np.allclose(ours, explainer.shap_interaction_values(X[:20]), atol=1e-6)
    against = package.TreeExplainer(model, X[100:150], feature_perturbation="interventional")
    ours = shap_values_against(trees, X[:20], X[100:150])
    assert np.allclose(ours, against.shap_values(X[:20]), atol=1e-6)


def few_values(n: int = 1500) -> tuple[np.ndarray, np.ndarray]:
    """Where values are few all histogram boosters see the same bins and grow the same trees."""
    rng = np.random.default_rng(0)
    X = rng.integers(0, 9, (n, 6)) * 1.0
    return X, X[:, 0] + (X[:, 1] > 4) * X[:, 2] + rng.normal(size=n)


def test_values_are_lightgbms_for_equal_trees() -> None:
    lightgbm = pytest.importorskip("lightgbm")
    X, y = few_values()
    ours = HistGradientBoostingRegressor(max_iter=8, max_leaf_nodes=12).fit(X, y)
    theirs = lightgbm.LGBMRegressor(n_estimators=8, num_leaves=12, verbose=-1).fit(X, y)
    assert np.allclose(ours.predict(X), theirs.predict(X), atol=1e-5), "the trees differ"
    found = theirs.predict(X, pred_contrib=True)
    assert np.allclose(ours.shap_values(X), found[:, :-1], atol=1e-5)
    assert np.allclose(ours.shap_base_value(), found[:, -1], atol=1e-5)


def test_shares_by_number_are_lightgbms_for_classes() -> None:
    """Of classes a row's weight in the fit is not 1, and the libraries differ in what they go by."""
    lightgbm = pytest.importorskip("lightgbm")
    xgboost = pytest.importorskip("xgboost")
    X, y = few_values()
    y = (y > np.median(y)).astype(int)
    ours = HistGradientBoostingClassifier(max_iter=6, max_leaf_nodes=10).fit(X, y)
    theirs = lightgbm.LGBMClassifier(n_estimators=6, num_leaves=10, verbose=-1).fit(X, y)
    assert np.allclose(ours.decision_function(X), theirs.predict(X, raw_score=True), atol=1e-5)
    found = theirs.predict(X, pred_contrib=True)
    assert np.allclose(ours.shap_values(X, shares="count"), found[:, :-1], atol=1e-5)
    assert np.allclose(ours.shap_base_value(shares="count"), found[:, -1], atol=1e-5)
    assert not np.allclose(ours.shap_values(X), found[:, :-1], atol=1e-5)
    theirs = xgboost.XGBClassifier(
        n_estimators=6, max_leaves=10, max_depth=0, grow_policy="lossguide", tree_method="hist",
        learning_rate=0.1, reg_lambda=0, min_child_weight=1e-3, base_score=float(y.mean()),
    ).fit(X, y)  # fmt: skip
    ours = HistGradientBoostingClassifier(max_iter=6, max_leaf_nodes=10, min_samples_leaf=1).fit(
        X, y
    )
    assert np.allclose(ours.decision_function(X), theirs.predict(X, output_margin=True), atol=1e-4)
    found = theirs.get_booster().predict(xgboost.DMatrix(X), pred_contribs=True)
    assert np.allclose(ours.shap_values(X), found[:, :-1], atol=1e-4)
    with pytest.raises(ValueError, match="shares='rows' is neither 'cover' nor 'count'"):
        ours.shap_values(X, shares="rows")  # type: ignore[arg-type]


def test_values_are_xgboosts_for_equal_trees() -> None:
    xgboost = pytest.importorskip("xgboost")
    X, y = few_values()
    ours = HistGradientBoostingRegressor(max_iter=5, max_leaf_nodes=8, min_samples_leaf=1).fit(X, y)
    theirs = xgboost.XGBRegressor(
        n_estimators=5, max_leaves=8, max_depth=0, grow_policy="lossguide", tree_method="hist",
        learning_rate=0.1, reg_lambda=0, base_score=float(y.mean()),
    ).fit(X, y)  # fmt: skip
    assert np.allclose(ours.predict(X), theirs.predict(X), atol=1e-4), "the trees differ"
    matrix = xgboost.DMatrix(X)
    found = theirs.get_booster().predict(matrix, pred_contribs=True)
    assert np.allclose(ours.shap_values(X), found[:, :-1], atol=1e-4)
    found = theirs.get_booster().predict(matrix, pred_interactions=True)
    assert np.allclose(ours.shap_interaction_values(X), found[:, :-1, :-1], atol=1e-4)


def test_values_add_up_on_deep_trees_of_many_features() -> None:
    """Forty features on a path: twenty points of integration, and sets too many to count."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3000, 40))
    tree = DecisionTreeClassifier(max_features=1, random_state=0).fit(X, rng.integers(0, 3, 3000))
    trees = TreeSum(forest_of(tree.tree_), None, np.zeros(3))
    walk = next(shap.walks_of(trees))[0]
    assert walk.distinct > 16 and walk.levels > 20
    scores = tree.predict_proba(X[:300])
    values = shap_values(trees, X[:300])
    assert np.abs(values.sum(axis=1) + trees.expected() - scores).max() < 1e-10
    pairs = shap_interaction_values(trees, X[:40])
    assert np.abs(pairs.sum(axis=(1, 2)) + trees.expected() - scores[:40]).max() < 1e-10
    assert np.abs(pairs - pairs.transpose(0, 2, 1, 3)).max() == 0.0
    against = shap_values_against(trees, X[:20], X[300:330])
    mean = tree.predict_proba(X[300:330]).mean(axis=0)
    assert np.abs(against.sum(axis=1) + mean - scores[:20]).max() < 1e-10


def test_rows_threads_and_pieces_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = table(3 * ROWS + 5)
    model = HistGradientBoostingClassifier(max_iter=5, categorical_features=[4, 5]).fit(X, y)
    Z = X[:30]
    for explain in (
        model.shap_values,
        model.shap_interaction_values,
        lambda rows: model.shap_values(rows, Z),
    ):
        found = explain(X)
        with threads(1):
            assert np.array_equal(explain(X), found)
        assert np.array_equal(explain(X[7:8])[0], found[7])
        assert np.array_equal(explain(X[::-1])[::-1], found)
        with monkeypatch.context() as patch:
            patch.setattr(shap, "CONSTANTS", 100)
            assert np.allclose(explain(X), found, rtol=0, atol=1e-13)
    assert np.allclose(
        model.shap_values(X.astype(np.float32)).sum(axis=1) + model.shap_base_value(),
        model.decision_function(X.astype(np.float32)), atol=1e-12,
    )  # fmt: skip


def test_what_is_not_used_moves_nothing() -> None:
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.normal(size=300), np.zeros(300)])
    model = HistGradientBoostingRegressor(max_iter=3).fit(X, X[:, 0] > 0)
    assert not model.shap_values(X)[:, 1].any()
    assert not model.shap_interaction_values(X)[:, 0, 1].any()
    assert not model.shap_values(X, X[:1])[0].any(), "a row differs nowhere from itself"
    stump = HistGradientBoostingRegressor(max_iter=3).fit(X, np.ones(300))
    assert not stump.shap_values(X).any()
    assert stump.shap_base_value() == pytest.approx(1.0)
    with pytest.raises(InputError, match="background has no rows"):
        shap_values_against(model._tree_sum(), X, X[:0])


def test_layouts_of_rows_compile_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Warm-up compiles one version of each loop, and that one serves all rows and trees."""
    from zhixing.kernels._jit import KERNELS

    X, y = table()
    model = HistGradientBoostingClassifier(max_iter=2, categorical_features=[4, 5]).fit(X, y)
    frozen = X.copy()
    frozen.flags.writeable = False
    for most in (shap_background.MASKED, 0):
        monkeypatch.setattr(shap_background, "MASKED", most)
        for rows in (X, X.astype(np.float32), np.asfortranarray(X), frozen, X[::2]):
            model.shap_values(rows[:50])
            model.shap_values(rows[:50], rows[50:60])
            model.shap_interaction_values(rows[:50])
    loops = [k for name, k in KERNELS.items() if "shap" in name or "path_masks" in name]
    assert len(loops) == 7
    if not hasattr(loops[0].compiled, "signatures"):
        pytest.skip("plain Python kernels have no versions")
    assert [len(k.compiled.signatures) for k in loops] == [1] * 7
