"""What trees and forests do not depend on, and what they make of odd tables."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp

from zhixing.core.parallel import threads
from zhixing.criteria import Gini, Squared
from zhixing.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from zhixing.growth.coded import coded
from zhixing.growth.impurity_tree import ImpurityTree, grow
from zhixing.growth.statistics import statistics
from zhixing.persist import ModelFileError, load, save
from zhixing.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
    ExtraTreeRegressor,
)

TREES = [
    DecisionTreeClassifier(random_state=0),
    DecisionTreeClassifier(splitter="hist", criterion="entropy", random_state=0),
    DecisionTreeClassifier(max_leaf_nodes=12, random_state=0),
    DecisionTreeRegressor(random_state=0),
    DecisionTreeRegressor(splitter="hist", max_features=2, random_state=0),
    ExtraTreeClassifier(random_state=0),
    ExtraTreeRegressor(random_state=0),
]
FORESTS = [
    RandomForestClassifier(8, random_state=0),
    RandomForestClassifier(8, class_weight="balanced_subsample", random_state=0),
    RandomForestClassifier(8, max_bins=None, random_state=0),
    RandomForestRegressor(8, random_state=0),
    ExtraTreesClassifier(8, random_state=0),
    ExtraTreesRegressor(8, random_state=0),
    ExtraTreesRegressor(8, bootstrap=True, max_samples=0.5, random_state=0),
]
MODELS = [*TREES, *FORESTS]


def table(n: int = 400, p: int = 5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)).round(2)
    X[rng.random(X.shape) < 0.05] = np.nan
    return X, np.nan_to_num(X[:, 0]) + np.nan_to_num(X[:, 1]) ** 2 + rng.normal(size=n)


def target(model: Any, y: np.ndarray) -> np.ndarray:
    return np.digitize(y, [0.0, 1.5]) if hasattr(model, "predict_proba") else y


def answers(model: Any, X: np.ndarray) -> np.ndarray:
    return model.predict_proba(X) if hasattr(model, "predict_proba") else model.predict(X)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_the_order_of_the_rows_does_not_matter(model: Any) -> None:
    X, y = table()
    y = target(model, y)
    order = np.random.default_rng(1).permutation(len(y))
    first = answers(model.fit(X, y), X)
    np.testing.assert_allclose(answers(model.fit(X[order], y[order]), X), first, atol=1e-12)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_a_weight_is_a_repetition(model: Any) -> None:
    X, y = table()
    y = target(model, y)
    w = np.random.default_rng(1).integers(0, 4, len(y))
    weighted = answers(model.fit(X, y, w), X)
    repeated = answers(model.fit(X.repeat(w, axis=0), y.repeat(w)), X)
    np.testing.assert_allclose(weighted, repeated, atol=1e-12)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_any_number_of_threads_grows_the_same_trees(model: Any) -> None:
    X, y = table(3000, 80)
    y = target(model, y)
    found = []
    for count in (1, 3):
        with threads(count):
            found.append((answers(model.fit(X, y), X), model.apply(X)))
    np.testing.assert_array_equal(found[0][0], found[1][0])


def test_subtrees_grown_side_by_side_make_the_tree_of_one_thread() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(6000, 40))
    y = rng.integers(0, 3, (6000, 1))
    X[:, 3] = rng.integers(0, 6, 6000)
    mask = np.arange(40) == 3
    for bins in (255, None):
        table, stats = coded(X, bins, mask), statistics(Gini(3), y, None)
        for params in (ImpurityTree(), ImpurityTree(max_features=3), ImpurityTree(random=True)):
            trees = []
            for count in (1, 2):
                with threads(count):
                    grown = grow(params, table, stats, seed=5)
                    trees.append(grown.to_forest(table, stats, grown.node_s * 1.0))
            a, b = trees
            # Numbered otherwise, but the same: compare leaf by leaf, by the rows that reach them.
            ends = [t.apply(X, table.bins)[:, 0] for t in trees]
            assert len(a.feature) == len(b.feature)
            pairs = {(int(u), int(v)) for u, v in zip(*ends)}
            assert len(pairs) == len(set(ends[0])) == len(set(ends[1]))
            for u, v in pairs:
                np.testing.assert_array_equal(a.value[u], b.value[v])


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_the_same_seed_gives_the_same_bits(model: Any) -> None:
    X, y = table()
    y = target(model, y)
    V = table(seed=1)[0]  # full trees know their own rows whatever the seed
    first = answers(model.fit(X, y), V)
    np.testing.assert_array_equal(answers(model.fit(X, y), V), first)
    other = answers(model.set_params(random_state=1).fit(X, y), V)
    model.set_params(random_state=0)
    if "Forest" in str(model) or "Extra" in str(model):
        assert (other != first).any()


@pytest.mark.parametrize("model", MODELS, ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_end_where_training_put_them(model: Any, dtype: type) -> None:
    """Codes and values agree: the leaves' shares are those of the rows that reach them."""
    X, y = table(300)
    X = X.astype(dtype)
    if not isinstance(model, DecisionTreeClassifier | DecisionTreeRegressor):
        return
    y = target(model, y)
    model.fit(X, y)
    leaf = model.apply(X)
    counts = np.bincount(leaf, minlength=model.tree_.node_count)
    ends = model.tree_.children_left < 0
    np.testing.assert_array_equal(counts[ends], model.tree_.n_node_samples[ends])


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_missing_values_are_a_side_of_their_own(model: Any) -> None:
    rng = np.random.default_rng(0)
    X = rng.random((300, 2))
    X[:150, 0] = np.nan
    y = np.where(np.isnan(X[:, 0]), 3.0, 0.0)
    order = rng.permutation(300)
    t = (y[order] > 0).astype(int) if hasattr(model, "predict_proba") else y[order]
    model.fit(X[order], t)
    if "Extra" not in str(model):
        assert model.score(X[order], t) > 0.99
    # A column that was complete in training may have gaps later, and all may be missing.
    assert np.isfinite(answers(model, np.full((3, 2), np.nan))).all()


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_odd_tables(model: Any) -> None:
    rng = np.random.default_rng(0)
    classes = hasattr(model, "predict_proba")
    one = np.array([[1.0, 2.0]])
    assert model.fit(one, [1]).predict(one).tolist() == [1]
    n = 70_000 if model in TREES[:4] else 3000
    X = np.column_stack([
        np.zeros(n), np.full(n, np.nan), rng.permutation(n), rng.normal(size=n) * 1e300,
        rng.normal(size=n) * 1e-300,
    ])  # fmt: skip
    y = X[:, 2] % 7 > 3 if classes else X[:, 2] / n
    model.fit(X, y, np.where(np.arange(n) % 2, 1e200, 1e199))
    assert np.isfinite(answers(model, X)).all()
    if not classes:
        # Some of the features of magnitudes 1e300 or 1e-300 are noise that splits may use.
        assert model.score(X, y) > 0.5
    alike = model.fit(np.ones((20, 2)), np.arange(20) % 2)
    assert np.ptp(answers(alike, np.ones((2, 2))), axis=0).max() == 0


def test_weights_of_every_size_count() -> None:
    X = np.arange(6.0)[:, None]
    for scale in (1e-250, 1.0, 1e250):
        w = np.array([1, 1, 3, 1, 1, 1]) * scale
        model = DecisionTreeRegressor(max_depth=1).fit(X, [0, 0, 4, 8, 8, 8], w)
        assert model.predict([[0.0]])[0] == pytest.approx(12 / 5) or model.tree_.threshold[0] == 1.5
        assert model.tree_.weighted_n_node_samples[0] == pytest.approx(8 * scale)


@pytest.mark.parametrize(
    ("model", "X", "y", "says"),
    [
        (DecisionTreeClassifier(), [[np.inf]], [1], "contains infinity"),
        (RandomForestClassifier(), [[np.inf], [0.0]], [1, 0], "contains infinity"),
        (
            DecisionTreeClassifier(criterion="chi2"),
            [[1.0]],
            [1],
            "criterion='chi2' is none of 'gini'",
        ),
        (DecisionTreeRegressor(criterion="poisson"), [[1.0]], [-1.0], "not negative"),
        (
            DecisionTreeClassifier(splitter="worst"),
            [[1.0]],
            [1],
            "splitter='worst' is none of best",
        ),
        (DecisionTreeClassifier(max_features=0), [[1.0]], [1], "max_features=0 must be"),
        (DecisionTreeClassifier(max_depth=0), [[1.0]], [1], "max_depth=0 must be"),
        (DecisionTreeClassifier(min_samples_leaf=0.0), [[1.0]], [1], "min_samples_leaf=0.0 must"),
        (DecisionTreeClassifier(min_weight_fraction_leaf=0.7), [[1.0]], [1], "from 0 to 0.5"),
        (DecisionTreeClassifier(max_bins=300), [[1.0]], [1], "max_bins=300 must be"),
        (DecisionTreeClassifier(ccp_alpha=-1), [[1.0]], [1], "ccp_alpha=-1 must not"),
        (
            DecisionTreeClassifier(monotonic_cst=[1]),
            [[1.0], [2.0], [3.0]],
            [0, 1, 2],
            "more than two classes",
        ),
        (
            DecisionTreeRegressor(monotonic_cst=[1]),
            [[1.0], [2.0]],
            [[1.0, 2.0], [2.0, 3.0]],
            "several outputs",
        ),
        (DecisionTreeRegressor(monotonic_cst=[2]), [[1.0]], [1.0], "one of -1, 0, 1"),
        (
            DecisionTreeRegressor(criterion="absolute_error", monotonic_cst=[1]),
            [[1.0]],
            [1.0],
            "does not take monotonic_cst",
        ),
        (
            DecisionTreeRegressor(criterion="absolute_error", categorical_features=[0]),
            [[1.0]],
            [1.0],
            "does not split sets of categories",
        ),
        (RandomForestClassifier(0), [[1.0]], [1], "n_estimators=0 must"),
        (RandomForestClassifier(max_samples=2.5), [[1.0], [2.0]], [0, 1], "max_samples=2.5 must"),
        (RandomForestClassifier(max_samples=7), [[1.0], [2.0]], [0, 1], "from 1 to the 2 rows"),
        (ExtraTreesClassifier(oob_score=True), [[1.0]], [1], "oob_score asks for bootstrap"),
        (ExtraTreesClassifier(max_samples=2), [[1.0]], [1], "max_samples asks for bootstrap"),
        (RandomForestClassifier(class_weight="fair"), [[1.0]], [1], "class_weight='fair' must be"),
    ],
)
def test_bad_input_is_one_clear_line(model: Any, X: Any, y: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        model.fit(X, y)
    assert "\n" not in str(caught.value)


def test_what_is_not_kept_cannot_be_asked_for() -> None:
    X, y = table(60)
    gone = RandomForestRegressor(3, keep_rows=False, random_state=0).fit(X, y)
    with pytest.raises(ValueError, match="keep_rows=True"):
        gone.predict_quantiles(X)
    whole = ExtraTreesRegressor(3, random_state=0).fit(X, y)
    with pytest.raises(ValueError, match="bootstrap=True or method='quantile'"):
        whole.predict_interval(X)
    with pytest.raises(ValueError, match="bootstrap=True"):
        whole.oob_importances(X, y)
    with pytest.raises(ValueError, match="fitted on 60"):
        RandomForestRegressor(3, random_state=0).fit(X, y).oob_importances(X[1:], y[1:])
    with pytest.raises(ValueError, match=r"q=2 must be a number in \[0, 1\]"):
        whole.predict_quantiles(X, 2)
    with pytest.raises(ValueError, match="coverage=1 must be"):
        whole.predict_interval(X, 1)


@pytest.mark.parametrize("library", [pd, pl])
def test_frames_with_categories(library: Any) -> None:
    rng = np.random.default_rng(0)
    town = np.array(["Aa", "Bb", "Cc", "Dd"])[rng.integers(0, 4, 300)]
    size = rng.random(300)
    y = np.isin(town, ["Aa", "Cc"]) ^ (size > 0.8)
    frame = library.DataFrame({"town": town, "size": size})
    for model in (
        DecisionTreeClassifier(splitter="hist"),
        DecisionTreeClassifier(),
        RandomForestClassifier(20, max_features=None, random_state=0),
    ):
        model.fit(frame, y)
        assert model.score(frame, y) > 0.97
        assert model.is_categorical_.tolist() == [True, False]
        assert list(model.feature_names_in_) == ["town", "size"]
        new = library.DataFrame({"town": ["Aa", "Zz", None], "size": [0.5, 0.5, 0.5]})
        assert model.predict(new)[0] and len(model.predict(new)) == 3


@pytest.mark.parametrize("model", FORESTS, ids=str)
def test_sparse_tables_give_the_forests_of_dense_ones(model: Any) -> None:
    X = sp.random_array((200, 90), density=0.1, rng=np.random.default_rng(0), format="csr")
    y = target(model, np.asarray(X.sum(axis=1)).ravel())
    a = answers(model.fit(X, y), X)
    b = answers(model.fit(X.toarray(), y), X.toarray())
    np.testing.assert_array_equal(a, b)


def test_kept_rows_go_where_the_rows_went() -> None:
    X, y = table(500)
    X[:, 2] = np.random.default_rng(0).integers(0, 5, 500)
    for bins in (255, 20, None):
        model = RandomForestRegressor(
            5, max_bins=bins, categorical_features=[2], random_state=0
        ).fit(X, y)
        own = model._kept.leaves(model._forest) - model._forest.roots
        np.testing.assert_array_equal(own, model.apply(X))


def test_statistics_are_integers_that_add_up() -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(size=(1000, 1)) * 1e-8 + 5.0
    w = rng.random(1000)
    stats = statistics(Squared(), y, w)
    total = stats.amounts.sum(axis=0)
    assert total[0] / stats.per_weight == pytest.approx(w.sum())
    mean = stats.center[0] + total[1] / total[0] * stats.per_weight / stats.per_y
    assert mean == pytest.approx(np.average(y[:, 0], weights=w), rel=1e-15)


def test_trees_keep_tiny_and_large_numbers_apart() -> None:
    X = np.arange(8.0)[:, None]
    for scale in (1e-100, 1.0, 1e100):
        y = np.array([1, 1, 2, 2, 3, 3, 4, 4]) * scale
        model = DecisionTreeRegressor().fit(X, y)
        assert model.get_n_leaves() == 4
        np.testing.assert_allclose(model.predict(X), y, rtol=1e-12)


def test_a_file_that_was_tampered_with_is_refused(tmp_path: Any) -> None:
    X, y = table(60)
    model = RandomForestRegressor(3, random_state=0).fit(X, y)
    save(model, tmp_path / "m")
    np.testing.assert_array_equal(
        load(tmp_path / "m").predict_interval(X), model.predict_interval(X)
    )
    model._kept.y = model._kept.y[:-1]
    save(model, tmp_path / "m")
    with pytest.raises(ModelFileError, match="kept rows"):
        load(tmp_path / "m")
    tree = DecisionTreeClassifier().fit(X, y > 0)
    tree._impurity = tree._impurity[:-1]
    save(tree, tmp_path / "m")
    with pytest.raises(ModelFileError, match="an impurity a node"):
        load(tmp_path / "m")


PLAIN = """
import numpy as np
from zhixing.tree import DecisionTreeClassifier, DecisionTreeRegressor
rng = np.random.default_rng(0)
X = rng.normal(size=(60, 3)).round(1); X[::9, 0] = np.nan; y = rng.integers(0, 3, 60)
for cls, kind in ((DecisionTreeClassifier, {}), (DecisionTreeRegressor, {}),
                  (DecisionTreeRegressor, {"criterion": "absolute_error"})):
    for splitter in ("best", "hist", "random"):
        m = cls(splitter=splitter, max_depth=3, random_state=0, **kind).fit(X, y)
        print(m.tree_.feature.tolist(), m.tree_.n_node_samples.tolist())
"""


def test_compiled_loops_are_what_they_are_in_plain_python() -> None:
    import os

    said = []
    for off in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", PLAIN], capture_output=True, text=True,
            env={**os.environ, "NUMBA_DISABLE_JIT": off},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    assert said[0] == said[1] and said[0].count("\n") == 9
