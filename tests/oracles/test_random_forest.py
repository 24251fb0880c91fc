"""Forests beside scikit-learn's, and what they say of themselves against the definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import ensemble as sk

from zhixing.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)

FORESTS = [RandomForestClassifier, ExtraTreesClassifier, RandomForestRegressor, ExtraTreesRegressor]


def table(n: int, p: int = 8, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Numbers that depend on the last three features."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p))
    return X, X[:, -1] + X[:, -2] * X[:, -3] + 0.5 * rng.normal(size=n)


def target(cls: Any, y: np.ndarray, k: int = 2) -> np.ndarray:
    if "Regressor" in cls.__name__:
        return y
    return np.digitize(y, [0.0] if k == 2 else [-1.0, 1.0])


@pytest.mark.parametrize("max_bins", [255, None])
@pytest.mark.parametrize("cls", FORESTS)
def test_forests_score_as_scikit_learns_do(cls: Any, max_bins: int | None) -> None:
    X, y = table(3000)
    y = target(cls, y, 3)
    rows, rest = slice(0, 1000), slice(1000, None)
    theirs = getattr(sk, cls.__name__)
    ours, peers = (
        [f(r).fit(X[rows], y[rows]).score(X[rest], y[rest]) for r in range(3)]
        for f in (
            lambda r: cls(40, random_state=r, max_bins=max_bins),
            lambda r: theirs(40, random_state=r),
        )
    )
    assert np.mean(ours) == pytest.approx(np.mean(peers), abs=0.02)


@pytest.mark.parametrize("cls", FORESTS)
def test_importances_agree_with_scikit_learns(cls: Any) -> None:
    X, y = table(1500)
    y = target(cls, y)
    ours = cls(60, random_state=0).fit(X, y).feature_importances_
    theirs = getattr(sk, cls.__name__)(60, random_state=0).fit(X, y).feature_importances_
    assert ours.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(ours, theirs, atol=0.03)


def test_out_of_bag_scores_are_honest() -> None:
    X, y = table(2000)
    model = RandomForestRegressor(60, oob_score=True, random_state=0).fit(X[:1000], y[:1000])
    assert model.oob_score_ == pytest.approx(model.score(X[1000:], y[1000:]), abs=0.06)
    assert model.score(X[:1000], y[:1000]) > model.oob_score_ + 0.2
    labels = np.array(["low", "high"])[(y > 0).astype(int)]
    chosen = RandomForestClassifier(60, oob_score=True, random_state=0).fit(X[:1000], labels[:1000])
    assert chosen.oob_score_ == pytest.approx(chosen.score(X[1000:], labels[1000:]), abs=0.06)
    assert chosen.oob_decision_function_.shape == (1000, 2)
    assert (
        chosen.oob_score_
        == (chosen.classes_[chosen.oob_decision_function_.argmax(axis=1)] == labels[:1000]).mean()
    )


def test_out_of_bag_predictions_are_those_of_the_trees_that_did_not_see_the_row() -> None:
    X, y = table(120, 4)
    model = RandomForestRegressor(30, oob_score=True, random_state=0).fit(X, y)
    every = model._tree_values(X)[:, :, 0]
    outside = np.unpackbits(model._outside_bits, axis=1, count=len(y)).astype(bool)
    # About 1 in e of the rows is out of bag.
    assert outside.mean() == pytest.approx(np.exp(-1.0), abs=0.03)
    expected = (every * outside).sum(axis=0) / outside.sum(axis=0)
    np.testing.assert_allclose(model.oob_prediction_, expected)
    # Full trees know their own rows by heart: only the others are wrong.
    assert (np.abs(every - y)[~outside] < 1e-9).all() and (np.abs(every - y)[outside] > 1e-3).any()


def test_a_score_of_ones_own() -> None:
    X, y = table(300)
    model = RandomForestRegressor(
        30, oob_score=lambda y, z: float(np.abs(y - z).max()), random_state=0
    ).fit(X, y)
    assert model.oob_score_ == pytest.approx(np.abs(y - model.oob_prediction_).max())


@pytest.mark.parametrize("weighted", [False, True])
def test_quantiles_are_those_of_the_leaf_weights(weighted: bool) -> None:
    """Meinshausen's definition, row by row."""
    X, y = table(200, 4)
    w = np.random.default_rng(1).integers(0, 4, 200).astype(float) if weighted else None
    model = RandomForestRegressor(20, min_samples_leaf=4, random_state=0).fit(X, y, w)
    w = np.ones(200) if w is None else w
    V = np.random.default_rng(2).normal(size=(30, 4))
    own, ends = model.apply(X), model.apply(V)
    asked = np.array([0.05, 0.5, 0.9, 1.0])
    found = model.predict_quantiles(V, asked)
    order = np.argsort(y)
    for i in range(len(V)):
        same = (own == ends[i]) * w[:, None]
        shares = (same / same.sum(axis=0)).mean(axis=1)
        below = np.cumsum(shares[order])
        for k, q in enumerate(asked):
            assert found[i, k] == y[order][np.flatnonzero(below >= q - 1e-10)[0]]
    np.testing.assert_array_equal(model.predict_quantiles(V, 0.5), found[:, 1])
    np.testing.assert_array_equal(model.predict_quantiles(V, asked[::-1]), found[:, ::-1])


def test_intervals_cover_as_often_as_they_say() -> None:
    X, y = table(4000, 5)
    model = RandomForestRegressor(60, random_state=0).fit(X[:1000], y[:1000])
    for coverage in (0.5, 0.8, 0.95):
        low, high = model.predict_interval(X[1000:], coverage).T
        inside = ((low <= y[1000:]) & (y[1000:] <= high)).mean()
        assert inside == pytest.approx(coverage, abs=0.035)
    # Where the noise grows with x, quantiles know where, residuals do not.
    rng = np.random.default_rng(0)
    X = rng.random((3000, 1))
    y = X[:, 0] * rng.normal(size=3000)
    model = RandomForestRegressor(60, min_samples_leaf=20, random_state=0).fit(X, y)
    grid = np.array([[0.1], [0.9]])
    low, high = model.predict_interval(grid, 0.9, method="quantile").T
    assert high[1] - low[1] > 4 * (high[0] - low[0])
    low, high = model.predict_interval(grid, 0.9).T
    assert high[1] - low[1] == pytest.approx(high[0] - low[0])


def test_importances_out_of_bag_do_not_favour_many_values() -> None:
    """A feature of noise with many values beside one of two values that matters a little."""
    rng = np.random.default_rng(0)
    n = 500
    X = np.column_stack([rng.integers(0, 2, n), rng.random(n), rng.integers(0, 2, n)]).astype(float)
    y = (rng.random(n) < 0.3 + 0.4 * X[:, 0]).astype(int)
    model = RandomForestClassifier(60, max_features=None, random_state=0).fit(X, y)
    assert model.feature_importances_[1] > 2 * model.feature_importances_[0]
    honest = model.oob_importances(X, y, n_repeats=2)
    assert honest[0] > 0.05 > 0.03 > abs(honest[1]) and abs(honest[2]) < 0.03


def test_proximities_are_shares_of_common_leaves() -> None:
    X, y = table(60, 3)
    model = RandomForestRegressor(15, min_samples_leaf=5, random_state=0).fit(X, y)
    ends = model.apply(X)
    expected = (ends[:, None, :] == ends[None, :, :]).mean(axis=2)
    np.testing.assert_allclose(model.proximity(X), expected)


def test_fewer_features_make_trees_differ() -> None:
    """What the trees of a forest have in common falls with the features drawn for a node."""
    X, y = table(1200)
    found = [
        RandomForestRegressor(30, max_features=m, random_state=0).fit(X[:600], y[:600])
        .tree_correlation(X[600:]) for m in (1, 3, 8)
    ]  # fmt: skip
    assert found[0] < found[1] - 0.05 < found[2] - 0.1


@pytest.mark.parametrize("cls", FORESTS)
def test_several_outputs(cls: Any) -> None:
    X, y = table(500)
    Y = np.column_stack([target(cls, y), target(cls, X[:, 0], 3)])
    model = cls(20, random_state=0).fit(X, Y)
    theirs = getattr(sk, cls.__name__)(20, random_state=0).fit(X, Y)
    assert model.predict(X).shape == (500, 2)
    assert (np.abs(model.predict(X) - theirs.predict(X)).mean(axis=0) < 0.25).all()
    if "Classifier" in cls.__name__:
        assert [p.shape for p in model.predict_proba(X)] == [(500, 2), (500, 3)]
        assert all(np.allclose(p.sum(axis=1), 1) for p in model.predict_proba(X))


def test_balanced_classes_weigh_the_same() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1500, 4))
    y = (X[:, 0] + rng.normal(size=1500) > 1.8).astype(int)
    plain, balanced, per_tree = (
        RandomForestClassifier(40, class_weight=c, min_samples_leaf=20, random_state=0).fit(X, y)
        for c in (None, "balanced", "balanced_subsample")
    )
    shares = [m.predict(X).mean() for m in (plain, balanced, per_tree)]
    assert shares[0] < y.mean() < shares[1]
    assert shares[2] == pytest.approx(shares[1], abs=0.03)
    dictionary = RandomForestClassifier(
        40, class_weight={0: 0.5 / (1 - y.mean()), 1: 0.5 / y.mean()}, min_samples_leaf=20,
        random_state=0,
    ).fit(X, y)  # fmt: skip
    np.testing.assert_allclose(dictionary.predict_proba(X), balanced.predict_proba(X))


@pytest.mark.parametrize("cls", FORESTS)
def test_warm_start_goes_on_where_it_was(cls: Any) -> None:
    X, y = table(300)
    y = target(cls, y)
    whole = cls(12, random_state=0).fit(X, y)
    grown = cls(5, random_state=0, warm_start=True).fit(X, y)
    grown.set_params(n_estimators=12).fit(X, y)
    np.testing.assert_array_equal(whole.predict(X), grown.predict(X))
    np.testing.assert_array_equal(whole.apply(X), grown.apply(X))
    with pytest.warns(UserWarning, match="does not fit new trees"):
        grown.fit(X, y)
    with pytest.raises(ValueError, match="must not be less than the 12 trees"):
        grown.set_params(n_estimators=3).fit(X, y)
    with pytest.raises(ValueError, match="299 rows; the forest was fitted on 300"):
        grown.set_params(n_estimators=14).fit(X[1:], y[1:])


def test_criteria_and_pruning_reach_the_trees() -> None:
    rng = np.random.default_rng(0)
    X, y = table(400)
    counts = rng.poisson(np.exp(0.4 * X[:, -1]))
    for criterion, t in (("poisson", counts), ("absolute_error", y), ("friedman_mse", y)):
        model = RandomForestRegressor(10, criterion=criterion, random_state=0).fit(X, t)
        assert model.score(X, t) > 0.5
    whole, pruned = (
        RandomForestRegressor(10, ccp_alpha=a, random_state=0).fit(X, y) for a in (0.0, 0.02)
    )
    assert len(pruned._forest.feature) < 0.3 * len(whole._forest.feature)
    entropic = RandomForestClassifier(10, criterion="entropy", random_state=0).fit(X, y > 0)
    assert entropic.score(X, y > 0) > 0.95


def test_shapley_values_add_up_to_the_forest() -> None:
    X, y = table(200, 4)
    model = RandomForestRegressor(8, max_depth=4, random_state=0).fit(X, y)
    found = model.shap_values(X[:20]).sum(axis=1) + model.shap_base_value()
    np.testing.assert_allclose(found, model.predict(X[:20]))
    chosen = ExtraTreesClassifier(8, max_depth=4, random_state=0).fit(
        X, target(ExtraTreesClassifier, y, 3)
    )
    values = chosen.shap_values(X[:20])
    assert values.shape == (20, 4, 3)
    np.testing.assert_allclose(
        values.sum(axis=1) + chosen.shap_base_value(), chosen.predict_proba(X[:20])
    )
