"""Ensembles: order of rows, threads, weights, seeds, warm starts, routing, bad input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier as SkTree

import zhixing
from zhixing.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    AveragingClassifier,
    AveragingRegressor,
    BaggingClassifier,
    BaggingRegressor,
    IsolationForest,
    StackingClassifier,
    VotingClassifier,
    VotingRegressor,
    combine,
)
from zhixing.ensemble.drawing_rows import units
from zhixing.linear_model import LinearRegression, LogisticRegression, Perceptron, Ridge
from zhixing.naive_bayes import GaussianNB
from zhixing.persist import load, save
from zhixing.preprocessing import StandardScaler
from zhixing.tree import DecisionTreeClassifier, DecisionTreeRegressor

BOTH = [("line", LogisticRegression()), ("bayes", GaussianNB())]
LINES = [("plain", LinearRegression()), ("ridge", Ridge())]
MODELS: dict[str, Any] = {
    "ada": AdaBoostClassifier(n_estimators=10),
    "ada real": AdaBoostClassifier(n_estimators=10, algorithm="SAMME.R"),
    "ada of trees": AdaBoostClassifier(
        DecisionTreeClassifier(max_depth=2), n_estimators=5, random_state=0
    ),
    "ada of numbers": AdaBoostRegressor(n_estimators=5, random_state=0),
    "bag": BaggingClassifier(n_estimators=6, random_state=0),
    "bag of columns": BaggingClassifier(
        GaussianNB(), n_estimators=6, max_features=0.5, max_samples=0.5, random_state=0
    ),
    "bag without weights": BaggingClassifier(
        make_pipeline(StandardScaler(), GaussianNB()), n_estimators=6, random_state=0
    ),
    "bag of numbers": BaggingRegressor(
        Ridge(), n_estimators=6, bootstrap=False, max_samples=0.6, random_state=0
    ),
    "forest": IsolationForest(n_estimators=10, random_state=0),
    "planes": IsolationForest(n_estimators=10, extension_level=2, random_state=0),
    "vote": VotingClassifier(BOTH, voting="soft"),
    "mean": VotingRegressor(LINES),
    "average": AveragingClassifier(BOTH, weights="equal"),
    "average of numbers": AveragingRegressor(LINES, weights="equal"),
}


def table(n: int = 90, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    return X, (X[:, 0] + X[:, 1] ** 2 + 0.3 * rng.normal(size=n) > 0.8).astype(float)


def said(model: Any, X: np.ndarray) -> np.ndarray:
    for method in ("predict_proba", "score_samples", "predict"):
        if hasattr(model, method):
            return np.asarray(getattr(model, method)(X))
    raise AssertionError


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_row_of_weight_two_is_two_rows_in_any_order(name: str) -> None:
    X, y = table()
    rng = np.random.default_rng(1)
    times = rng.integers(0, 4, len(y))
    mixed = rng.permutation(np.repeat(np.arange(len(y)), times))
    weighted = clone(MODELS[name]).fit(X, y, sample_weight=times.astype(float))
    repeated = clone(MODELS[name]).fit(X[mixed], y[mixed])
    assert np.allclose(said(weighted, X), said(repeated, X), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_same_bits_for_any_number_of_threads(name: str) -> None:
    X, y = table()
    found = []
    for threads in (1, 3):
        with zhixing.threads(threads):
            found.append(said(clone(MODELS[name]).fit(X, y), X))
    assert found[0].tobytes() == found[1].tobytes()
    if "n_jobs" in MODELS[name].get_params():
        for jobs in (1, 2, -1):
            model = clone(MODELS[name]).set_params(n_jobs=jobs).fit(X, y)
            assert said(model, X).tobytes() == found[0].tobytes()


@pytest.mark.parametrize("name", sorted(MODELS))
def test_frames_are_taken_and_models_come_back_from_files(name: str, tmp_path) -> None:
    X, y = table()
    names = ["a", "b", "c", "d"]
    plain = said(clone(MODELS[name]).fit(X, y), X)
    for frame in (pd.DataFrame(X, columns=names), pl.DataFrame(X, schema=names)):
        model = clone(MODELS[name]).fit(frame, y)
        assert np.allclose(said(model, frame), plain)
        assert list(model.feature_names_in_) == names
        save(model, tmp_path / "m")
        assert said(load(tmp_path / "m"), frame).tobytes() == said(model, frame).tobytes()


@pytest.mark.parametrize("name", ["ada", "bag of numbers", "forest", "planes"])
def test_sparse_rows_are_the_same_rows(name: str) -> None:
    X, y = table()
    X[np.random.default_rng(0).random(X.shape) < 0.5] = 0.0
    dense = clone(MODELS[name]).fit(X, y)
    thin = clone(MODELS[name]).fit(sparse.csr_array(X), y)
    assert np.allclose(said(dense, X), said(thin, sparse.csr_array(X)))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 40), st.booleans())
def test_draws_follow_content(seed: int, n: int, replace: bool) -> None:
    """Repeated rows, their weights and any order: the same contents are drawn as often."""
    rng = np.random.default_rng(seed)
    X, y = rng.integers(0, 3, (n, 2)).astype(float), rng.integers(0, 2, n)
    times = rng.integers(1, 4, n)
    mixed = rng.permutation(np.repeat(np.arange(n), times))
    total, size = int(times.sum()), int(rng.integers(1, times.sum() + 1))
    drawn = []
    for found, rows in (
        (units(X, y, times.astype(float)), np.arange(n)),
        (units(X[mixed], y[mixed]), mixed),
    ):
        assert found.total == total and found.mass.sum() == total
        sample = found.draw(np.random.default_rng(seed), size, replace=replace)
        chosen, counts = found.rows(sample)
        assert counts.sum() == size
        keys = [(*X[rows[r]], y[rows[r]]) for r in chosen]
        drawn.append(dict(zip(keys, counts)))
        inside = {
            (*X[r], y[r]) for r, out in zip(rows, found.outside(sample, len(rows))) if not out
        }
        assert inside == set(keys)
    assert drawn[0] == drawn[1]


def test_draws_are_as_likely_as_weights() -> None:
    X, weight = np.arange(4.0)[:, None], np.array([1.0, 2.0, 3.0, 4.0])
    found = units(X, None, weight)
    rng, total = np.random.default_rng(0), np.zeros(4)
    for _ in range(4000):
        rows, counts = found.rows(found.draw(rng, 5, replace=True))
        total[rows] += counts
    assert np.allclose(total / total.sum(), weight / 10, atol=0.01)
    words = units(np.array([["a", "x"], ["b", "y"], ["a", "x"]], dtype=object))
    assert sorted(words.mass) == [1.0, 2.0]


def test_warm_starts_go_on_where_a_fit_ended() -> None:
    X, y = table()
    for model in (BaggingClassifier(random_state=0), BaggingRegressor(Ridge(), random_state=0),
                  IsolationForest(random_state=0)):  # fmt: skip
        whole = clone(model).set_params(n_estimators=9).fit(X, y)
        warm = clone(model).set_params(n_estimators=4, warm_start=True).fit(X, y)
        warm.set_params(n_estimators=9).fit(X, y)
        assert said(whole, X).tobytes() == said(warm, X).tobytes()
        with pytest.warns(UserWarning, match="nothing new"):
            warm.fit(X, y)
        with pytest.raises(ValueError, match="raise it"):
            warm.set_params(n_estimators=2).fit(X, y)


def test_parameters_of_members_are_parameters() -> None:
    model = VotingClassifier(list(BOTH))
    assert model.get_params()["line__C"] == 1.0
    model.set_params(line__C=7.0, bayes="drop")
    X, y = table()
    model.fit(X, y)
    assert model.named_estimators_["line"].C == 7.0 and model.named_estimators_["bayes"] == "drop"
    assert len(model.estimators_) == 1 and model.transform(X).shape == (90, 1)
    framed = VotingClassifier(BOTH).set_output(transform="pandas").fit(X, y)
    assert list(framed.transform(X).columns) == ["votingclassifier_line", "votingclassifier_bayes"]


def test_metadata_is_routed() -> None:
    X, y = table()
    weight = np.random.default_rng(0).random(len(y))
    with sklearn.config_context(enable_metadata_routing=True):
        asks = LogisticRegression().set_fit_request(sample_weight=True)
        deaf = GaussianNB().set_fit_request(sample_weight=False)
        for cls in (VotingClassifier, StackingClassifier):
            model = cls([("a", asks), ("b", deaf)])
            if cls is StackingClassifier:
                model.set_params(final_estimator=LogisticRegression())
            model.fit(X, y, sample_weight=weight)
            alone = LogisticRegression().fit(X, y.astype(int), sample_weight=weight)
            assert np.allclose(model.estimators_[0].coef_, alone.coef_)
            plain = GaussianNB().fit(X, y)
            assert np.allclose(model.estimators_[1].theta_, plain.theta_)
    with pytest.raises(TypeError, match="does not support sample weights"):
        VotingClassifier([("a", make_pipeline(GaussianNB()))]).fit(X, y, sample_weight=weight)


def test_members_may_know_fewer_classes() -> None:
    X = np.arange(12.0)[:, None]
    y = np.repeat(["a", "b", "c"], 4)
    model = BaggingClassifier(n_estimators=20, max_samples=2, random_state=0).fit(X, y)
    assert {len(m.classes_) for m in model.estimators_} == {1, 2}
    assert np.allclose(model.predict_proba(X).sum(axis=1), 1.0)
    votes = BaggingClassifier(Perceptron(), n_estimators=15, random_state=0).fit(X, y)
    assert set(np.unique((15 * votes.predict_proba(X)).round(9) % 1)) == {0.0}


def test_importances_and_trees_of_ensembles() -> None:
    X, y = table(300)
    model = AdaBoostClassifier(n_estimators=20).fit(X, y)
    assert model.feature_importances_.sum() == pytest.approx(1.0)
    assert model.feature_importances_[:2].sum() > 0.8
    by_tree = AdaBoostClassifier(DecisionTreeClassifier(max_depth=2), n_estimators=5).fit(X, y)
    assert by_tree.feature_importances_.argmax() in (0, 1)
    with pytest.raises(AttributeError, match="no feature_importances_"):
        _ = AdaBoostClassifier(GaussianNB(), n_estimators=3).fit(X, y).feature_importances_
    stump = model.estimators_[0]
    wanted = DecisionTreeClassifier(max_depth=1).fit(X, y)
    assert np.allclose(stump.predict_proba(X), wanted.predict_proba(X))
    assert (stump.predict(X) == wanted.predict(X)).all()


def test_missing_values_of_boosted_stumps() -> None:
    """Where a value is missing may itself tell the class."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 2))
    y = (rng.random(300) < 0.5).astype(int)
    X[y == 1, 0] = np.nan
    assert AdaBoostClassifier(n_estimators=3).fit(X, y).score(X, y) == 1.0
    X, y = table(200)
    model = AdaBoostClassifier(n_estimators=5).fit(X, y)
    assert np.isfinite(model.decision_function(np.full((1, 4), np.nan))).all()


BAD = [
    (AdaBoostClassifier(n_estimators=0), {}, "n_estimators=0 must be at least 1"),
    (AdaBoostClassifier(learning_rate=0), {}, "learning_rate=0 must be positive"),
    (AdaBoostClassifier(algorithm="x"), {}, "algorithm='x' is none of SAMME, SAMME.R"),
    (AdaBoostClassifier(make_pipeline(GaussianNB())), {}, "doesn't support sample_weight"),
    (AdaBoostClassifier(Perceptron(), algorithm="SAMME.R"), {}, "needs probabilities"),
    (AdaBoostRegressor(loss="x"), {}, "loss='x' is none of linear"),
    (BaggingClassifier(max_samples=2.0), {}, "is a share and must be in"),
    (BaggingClassifier(max_samples=500, bootstrap=False), {}, "more than the 90 rows"),
    (BaggingClassifier(max_features=9), {}, "must be from 1 to the 4 features"),
    (BaggingClassifier(bootstrap=False, oob_score=True), {}, "set bootstrap=True"),
    (BaggingClassifier(n_jobs=0), {}, "n_jobs=0 is not a number of threads"),
    (IsolationForest(contamination=0.9), {}, "contamination=0.9 must be"),
    (IsolationForest(extension_level=4), {}, "must be from 0 to 3"),
    (IsolationForest(max_samples="all"), {}, "max_samples='all' must be"),
    (VotingClassifier([]), {}, "non-empty list"),
    (VotingClassifier(BOTH, weights=[1]), {}, "got 1 weights, 2 estimators"),
    (VotingClassifier(BOTH, voting="x"), {}, "voting='x' is none of"),
    (VotingClassifier([("a", Ridge())]), {}, "Ridge should be a classifier"),
    (VotingClassifier([("a", "drop")]), {}, "All estimators are dropped"),
    (StackingClassifier(BOTH, Ridge()), {}, "should be a classifier"),
    (StackingClassifier(BOTH, stack_method="x"), {}, "stack_method='x' is none of"),
    (AveragingClassifier(BOTH, how="x"), {}, "how='x' is none of"),
    (AveragingClassifier(BOTH, how="geometric", loss="brier"), {}, "not convex"),
    (AveragingClassifier(BOTH, weights=[-1, 2]), {}, "must be finite and not negative"),
    (AveragingClassifier([("p", Perceptron())]), {}, "has no predict_proba"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "given", "message"), BAD, ids=[m for *_, m in BAD])
def test_bad_options_are_one_clear_line(model: Any, given: dict[str, Any], message: str) -> None:
    X, y = table()
    with pytest.raises((ValueError, AttributeError, TypeError), match=message) as error:
        clone(model).fit(X, y, **given)
    assert "\n" not in str(error.value)


def test_bad_tables_are_one_clear_line() -> None:
    X, y = table()
    for model in (AdaBoostClassifier(), IsolationForest()):
        broken = X.copy()
        broken[3, 1] = np.inf
        with pytest.raises(ValueError, match="infinity"):
            clone(model).fit(broken, y)
    for model in (AdaBoostClassifier(), BaggingClassifier(), IsolationForest()):
        with pytest.raises(ValueError, match="zero for every row|at least one non-zero"):
            clone(model).fit(X, y, sample_weight=np.zeros(len(y)))
    with pytest.raises(ValueError, match="only one class"):
        AdaBoostClassifier().fit(X, np.ones(len(y)))
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="no better than chance"):
        AdaBoostClassifier(SkTree(max_depth=1)).fit(np.ones((20, 1)), np.arange(20) % 2)
    with pytest.raises(ValueError, match="models, rows, classes"):
        combine([0.5, 0.5])
    with pytest.raises(ValueError, match="negative, missing or infinite"):
        combine([[[np.nan, 1.0]]])
    with pytest.raises(ValueError, match="2 models"):
        combine(rng.dirichlet([1, 1], size=(2, 3)), weights=[1, 1, 1])
    with pytest.warns(UserWarning, match="is greater than the number of rows"):
        IsolationForest(max_samples=500, n_estimators=2).fit(X)
    one = IsolationForest(n_estimators=2).fit(X[:1])
    assert (one.score_samples(X) == -1).all()


def test_huge_weights_and_many_values() -> None:
    rng = np.random.default_rng(0)
    X = rng.permutation(66_000.0 * np.arange(1, 66_001)).reshape(-1, 1)
    y = (X[:, 0] > np.median(X)).astype(int)
    model = AdaBoostClassifier(n_estimators=5).fit(X, y, sample_weight=np.full(len(y), 1e300))
    assert model.score(X, y) > 0.99
    member = BaggingRegressor(DecisionTreeRegressor(max_depth=2), n_estimators=2, random_state=0)
    plain = member.fit(X, X[:, 0]).predict(X)
    heavy = clone(member).fit(X, X[:, 0], sample_weight=np.full(len(y), 0.5)).predict(X)
    assert np.allclose(plain, heavy)
