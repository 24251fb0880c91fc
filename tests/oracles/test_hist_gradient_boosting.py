"""Histogram gradient boosting against scikit-learn's, and against its own definition."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn import ensemble as sk
from sklearn.datasets import make_friedman1
from sklearn.metrics import log_loss, mean_pinball_loss, roc_auc_score

from zhixing.core.parallel import threads
from zhixing.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from zhixing.losses import Huber


def rows(n: int = 3000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    X, y = make_friedman1(n, noise=1.0, random_state=seed)
    X[np.random.default_rng(seed).random(X.shape) < 0.05] = np.nan
    return X, y


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"max_depth": 3, "l2_regularization": 5.0},
        {"max_leaf_nodes": None, "max_depth": 4, "min_samples_leaf": 5},
        {"max_bins": 16},
    ],
)
def test_few_trees_of_squared_error_are_scikit_learns(options: dict) -> None:
    """Where values are few, both see the same bins; sums of whole targets are exact in both."""
    rng = np.random.default_rng(0)
    X = rng.integers(0, 12, (1500, 5)) * 1.0
    y = np.round(X[:, 0] + (X[:, 1] > 5) * X[:, 2] + rng.normal(size=1500) * 3)
    kept = dict(max_iter=4, early_stopping=False) | options
    ours = HistGradientBoostingRegressor(**kept).fit(X, y).predict(X)
    theirs = sk.HistGradientBoostingRegressor(**kept).fit(X, y).predict(X)
    # A tie of gains may be broken otherwise; then a few rows differ.
    assert np.mean(np.abs(ours - theirs) > 1e-6) < 0.02
    assert np.isclose(np.mean((ours - y) ** 2), np.mean((theirs - y) ** 2), rtol=1e-3)


@pytest.mark.parametrize(
    "loss", ["squared_error", "absolute_error", "poisson", "gamma", "quantile"]
)
def test_losses_reach_scikit_learns_quality(loss: str) -> None:
    X, y = rows()
    if loss in ("poisson", "gamma"):
        y = np.random.default_rng(0).poisson(np.maximum(y, 0.1)) + (loss == "gamma") * 0.5
    quantile = {"quantile": 0.8} if loss == "quantile" else {}
    judge = {
        "squared_error": lambda p: np.mean((p - y[2000:]) ** 2),
        "absolute_error": lambda p: np.mean(np.abs(p - y[2000:])),
        "poisson": lambda p: np.mean(p - y[2000:] * np.log(p)),
        "gamma": lambda p: np.mean(np.log(p) + y[2000:] / p),
        "quantile": lambda p: mean_pinball_loss(y[2000:], p, alpha=0.8),
    }[loss]
    made = [
        judge(m(loss=loss, **quantile).fit(X[:2000], y[:2000]).predict(X[2000:]))
        for m in (HistGradientBoostingRegressor, sk.HistGradientBoostingRegressor)
    ]
    assert made[0] < made[1] + 0.03 * abs(made[1])


@pytest.mark.parametrize("classes", [2, 4])
def test_classes_reach_scikit_learns_quality(classes: int) -> None:
    X, z = rows(4000)
    y = np.digitize(z, np.quantile(z, np.linspace(0, 1, classes + 1)[1:-1]))
    labels = np.array(["d", "b", "c", "a"])[y]
    made = [
        log_loss(labels[3000:], m().fit(X[:3000], labels[:3000]).predict_proba(X[3000:]))
        for m in (HistGradientBoostingClassifier, sk.HistGradientBoostingClassifier)
    ]
    assert made[0] < made[1] + 0.03 * abs(made[1])


def test_categories_of_frames_and_unseen_ones() -> None:
    rng = np.random.default_rng(0)
    towns = np.array([f"town {i:03d}" for i in range(150)])
    effect = rng.normal(size=150)
    code = rng.integers(0, 150, 6000)
    x = rng.normal(size=6000)
    y = (effect[code] + 0.3 * x + 0.5 * rng.normal(size=6000) > 0).astype(int)
    wide = pd.DataFrame({"x": x, "town": pd.Categorical(towns[code])})
    model = HistGradientBoostingClassifier(max_iter=40).fit(wide[:4000], y[:4000])
    auc = roc_auc_score(y[4000:], model.predict_proba(wide[4000:])[:, 1])
    assert auc > 0.9
    text = pl.DataFrame({"x": x, "town": towns[code]})
    again = HistGradientBoostingClassifier(max_iter=40).fit(text[:4000], y[:4000])
    assert (again.predict_proba(text[4000:]) == model.predict_proba(wide[4000:])).all()
    numbered = np.column_stack([x, code])
    by_place = HistGradientBoostingClassifier(max_iter=40, categorical_features=[1])
    by_place.fit(numbered[:4000], y[:4000])
    assert (by_place.predict_proba(numbered[4000:]) == model.predict_proba(wide[4000:])).all()
    strange = pl.DataFrame({"x": [0.0, 0.0], "town": ["nowhere", None]})
    p = again.predict_proba(strange)
    assert np.isfinite(p).all()
    assert (p[0] == p[1]).all()


def test_stages_warm_starts_and_early_stopping() -> None:
    X, y = rows()
    model = HistGradientBoostingRegressor(max_iter=12).fit(X, y)
    stages = list(model.staged_predict(X))
    assert len(stages) == 12
    assert np.allclose(stages[-1], model.predict(X), rtol=1e-12)
    grown = HistGradientBoostingRegressor(max_iter=5, warm_start=True).fit(X, y)
    grown.set_params(max_iter=12).fit(X, y)
    assert grown.n_iter_ == 12
    assert np.allclose(grown.predict(X), model.predict(X), rtol=1e-9)
    stopped = HistGradientBoostingRegressor(
        max_iter=400, early_stopping=True, random_state=0, n_iter_no_change=5
    ).fit(X, y)
    assert 10 < stopped.n_iter_ < 400
    assert len(stopped.validation_score_) == stopped.n_iter_
    last = stopped.validation_score_
    assert last[-5:].min() >= last[:-5].min() - 1e-7


def test_a_loss_part_and_weights_by_class() -> None:
    X, y = rows()
    y = y.copy()
    y[::20] += 200
    robust = HistGradientBoostingRegressor(loss=Huber(2.0)).fit(X, y)
    clean = np.arange(len(y)) % 20 != 0
    plain = HistGradientBoostingRegressor().fit(X, y)
    error = [np.abs(m.predict(X[clean]) - y[clean]).mean() for m in (robust, plain)]
    assert error[0] < 0.5 * error[1]
    rare = (y > np.quantile(y[clean], 0.9)).astype(int)
    balanced = HistGradientBoostingClassifier(class_weight="balanced", max_iter=20).fit(X, rare)
    usual = HistGradientBoostingClassifier(max_iter=20).fit(X, rare)
    assert balanced.predict_proba(X)[:, 1].mean() > usual.predict_proba(X)[:, 1].mean()


def test_threads_and_repeated_rows_change_nothing() -> None:
    X, y = rows(2500)
    with threads(1):
        one = HistGradientBoostingRegressor(random_state=3, max_features=0.5).fit(X, y)
    with threads(3):
        three = HistGradientBoostingRegressor(random_state=3, max_features=0.5).fit(X, y)
    assert (one.predict(X) == three.predict(X)).all()
    X = np.round(X * 10)
    weight = np.random.default_rng(0).integers(0, 4, len(y))
    by_weight = HistGradientBoostingRegressor().fit(X, y, sample_weight=weight)
    by_rows = HistGradientBoostingRegressor().fit(
        np.repeat(X, weight, axis=0), np.repeat(y, weight)
    )
    assert np.allclose(by_weight.predict(X), by_rows.predict(X), rtol=1e-6)


def test_constraints_hold() -> None:
    X, y = rows()
    X = np.nan_to_num(X)
    model = HistGradientBoostingRegressor(monotonic_cst=[1, 0, 0, 0, -1, 0, 0, 0, 0, 0]).fit(X, y)
    grid = np.linspace(-1, 2, 100)
    for column, sign in ((0, 1), (4, -1)):
        moved = np.tile(X[7], (100, 1))
        moved[:, column] = grid
        assert (sign * np.diff(model.predict(moved)) >= -1e-9).all()
    alone = HistGradientBoostingRegressor(interaction_cst="no_interactions").fit(X, y)
    # Additive: the mixed difference of two features is zero.
    four = np.tile(X[7], (4, 1))
    four[1:3, 0] += [0.5, 0.0]
    four[2, 1] += 0.5
    four[3, :2] += 0.5
    a, b, c, d = alone.predict(four)
    assert np.isclose(a + d, b + c, atol=1e-9)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"max_leaf_nodes": 1}, "max_leaf_nodes=1 must be at least 2"),
        ({"max_bins": 256}, "max_bins=256 must be from 2 to 255"),
        ({"learning_rate": 0.0}, "learning_rate=0.0 must be positive"),
        ({"loss": "hinge"}, "loss='hinge' is none of"),
        ({"loss": "quantile"}, "needs quantile"),
        ({"monotonic_cst": [2] * 10}, "one of -1, 0, 1"),
        ({"interaction_cst": [[0, 99]]}, "outside 0 to 9"),
        ({"categorical_features": [11]}, "feature 11"),
    ],
)
def test_wrong_options_are_told_by_name(options: dict, told: str) -> None:
    X, y = rows(200)
    with pytest.raises(ValueError, match=told):
        HistGradientBoostingRegressor(**options).fit(X, y)


def test_odd_tables() -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(size=60)
    flat = HistGradientBoostingRegressor().fit(np.ones((60, 2)), y)
    assert np.allclose(flat.predict(np.zeros((3, 2))), y.mean())
    assert np.isclose(HistGradientBoostingRegressor().fit([[1.0]], [2.0]).predict([[0.0]])[0], 2.0)
    holes = HistGradientBoostingRegressor(min_samples_leaf=5).fit(np.full((60, 1), np.nan), y)
    assert np.isclose(holes.predict([[np.nan]])[0], y.mean())
    wild = rng.normal(size=(60, 2))
    wild[:5, 0] = [np.inf, -np.inf, 1e308, -1e308, np.nan]
    assert np.isfinite(HistGradientBoostingRegressor().fit(wild, y).predict(wild)).all()
    heavy = HistGradientBoostingRegressor().fit(wild, y, sample_weight=np.full(60, 1e15))
    assert np.isfinite(heavy.predict(wild)).all()
    many = np.arange(70_000.0)[:, None]
    fine = HistGradientBoostingRegressor(early_stopping=False).fit(many, np.sin(many[:, 0] / 9000))
    assert fine.score(many, np.sin(many[:, 0] / 9000)) > 0.999
