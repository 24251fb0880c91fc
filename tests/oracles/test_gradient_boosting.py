"""Gradient boosting against scikit-learn's, tree for tree where bins hold every value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import ensemble as sk

from zhixing.ensemble import GradientBoostingClassifier, GradientBoostingRegressor
from zhixing.losses import Expectile, LogCosh


def table(n: int = 3000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.integers(1, 9, (n, 4)) * 1.0
    return X, X @ np.array([0.3, -0.2, 0.15, 0.1]) - 1


@pytest.mark.parametrize(
    ("options", "tolerance"),
    [
        ({}, 1e-9),
        ({"max_leaf_nodes": 5, "max_depth": None}, 1e-9),
        ({"min_samples_leaf": 200}, 1e-9),
        ({"min_impurity_decrease": 0.01}, 1e-9),
        ({"init": "zero"}, 1e-9),
        # Medians and quantiles of leaves: the lower of two here, between them there.
        ({"loss": "absolute_error"}, 2e-3),
        ({"loss": "huber"}, 2e-3),
        ({"loss": "quantile", "alpha": 0.8}, 0.1),
    ],
)
def test_regression_is_scikit_learns(options: dict, tolerance: float) -> None:
    X, eta = table()
    y = eta + np.random.default_rng(1).normal(size=len(X))
    ours = GradientBoostingRegressor(n_estimators=8, **options).fit(X, y)
    theirs = sk.GradientBoostingRegressor(n_estimators=8, random_state=0, **options).fit(X, y)
    assert np.allclose(ours.predict(X), theirs.predict(X), atol=tolerance)
    # Halves of squares here.
    half = 0.5 if options.get("loss") is None else 1.0
    assert np.allclose(ours.train_score_, half * theirs.train_score_, rtol=5e-3)


@pytest.mark.parametrize(
    ("classes", "loss"), [(2, "log_loss"), (2, "exponential"), (4, "log_loss")]
)
def test_classes_are_scikit_learns(classes: int, loss: str) -> None:
    X, eta = table()
    z = eta + np.random.default_rng(1).logistic(size=len(X))
    y = np.digitize(z, np.quantile(z, np.linspace(0, 1, classes + 1)[1:-1]))
    ours = GradientBoostingClassifier(n_estimators=8, loss=loss).fit(X, y)
    theirs = sk.GradientBoostingClassifier(n_estimators=8, loss=loss, random_state=0).fit(X, y)
    assert np.allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-9)


@pytest.mark.parametrize(
    "options", [{"subsample": 0.5}, {"max_features": "sqrt"}, {"max_features": 2}]
)
def test_what_is_drawn_reaches_scikit_learns_quality(options: dict) -> None:
    X, eta = table()
    y = eta + np.random.default_rng(1).normal(size=len(X))
    made = [
        m(random_state=0, **options).fit(X[:2000], y[:2000]).score(X[2000:], y[2000:])
        for m in (GradientBoostingRegressor, sk.GradientBoostingRegressor)
    ]
    assert made[0] > made[1] - 0.01


def test_several_targets_are_each_their_own() -> None:
    X, eta = table()
    y = np.column_stack([eta, -eta + X[:, 0]]) + np.random.default_rng(1).normal(size=(3000, 2))
    for loss in ("squared_error", "huber", "absolute_error"):
        both = GradientBoostingRegressor(n_estimators=6, loss=loss).fit(X, y)
        for k in range(2):
            alone = GradientBoostingRegressor(n_estimators=6, loss=loss).fit(X, y[:, k])
            assert np.allclose(both.predict(X)[:, k], alone.predict(X), rtol=1e-12)
    stages = list(both.staged_predict(X[:10]))
    assert len(stages) == 6 and stages[-1].shape == (10, 2)


def test_several_quantiles_cover_what_they_say() -> None:
    rng = np.random.default_rng(0)
    X = rng.uniform(0, 6, (4000, 1))
    y = np.sin(X[:, 0]) + rng.normal(size=4000) * (0.2 + 0.1 * X[:, 0])
    band = GradientBoostingRegressor(loss="quantile", alpha=[0.1, 0.5, 0.9]).fit(X, y)
    low, middle, high = band.predict(X).T
    assert abs(np.mean((y > low) & (y < high)) - 0.8) < 0.03
    assert abs(np.mean(y < middle) - 0.5) < 0.03


class Ours:
    """The squared error as a user would write it."""

    def value(self, y: Any, z: Any) -> Any:
        return 0.5 * (z - y) ** 2

    def derivatives(self, y: Any, z: Any) -> Any:
        return z - y, np.ones_like(y)

    def start(self, y: Any, weight: Any) -> float:
        return float(np.average(y, weights=weight))


def test_any_loss() -> None:
    X, eta = table()
    y = eta + np.random.default_rng(1).normal(size=len(X))
    plain = GradientBoostingRegressor(n_estimators=10).fit(X, y)
    users = GradientBoostingRegressor(n_estimators=10, loss=Ours()).fit(X, y)
    assert np.allclose(plain.predict(X), users.predict(X), rtol=1e-10)
    for loss in (Expectile(0.9), LogCosh()):
        fit = GradientBoostingRegressor(n_estimators=60, loss=loss).fit(X, y)
        assert fit.train_score_[-1] < fit.train_score_[0]
        assert (
            np.mean(loss.value(y, fit.predict(X))) < np.mean(loss.value(y, plain.predict(X))) + 0.02
        )


def test_early_stopping_and_warm_starts() -> None:
    X, eta = table()
    y = eta + np.random.default_rng(1).normal(size=len(X))
    stopped = GradientBoostingRegressor(n_estimators=500, n_iter_no_change=5, random_state=0)
    stopped.fit(X, y)
    assert 10 < stopped.n_iter_ < 500
    assert len(stopped.train_score_) == len(stopped.validation_score_) == stopped.n_iter_
    whole = GradientBoostingRegressor(n_estimators=12).fit(X, y)
    grown = GradientBoostingRegressor(n_estimators=5, warm_start=True).fit(X, y)
    grown.set_params(n_estimators=12).fit(X, y)
    assert np.allclose(grown.predict(X), whole.predict(X), rtol=1e-9)
    assert len(grown.train_score_) == 12


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"ccp_alpha": 0.1}, "ccp_alpha=0.1 must be 0"),
        ({"min_samples_split": 50}, "raise min_samples_leaf to 25"),
        ({"init": sk.GradientBoostingRegressor()}, "must be None or 'zero'"),
        ({"loss": "quantile", "alpha": 1.5}, "alpha=1.5"),
        ({"max_features": 0.0}, "max_features=0.0"),
        ({"max_bins": 256}, "max_bins=256 must be from 2 to 255"),
        ({"loss": "hinge"}, "loss='hinge' must be one of"),
    ],
)
def test_what_is_not_there_is_refused(options: dict, told: str) -> None:
    X, eta = table(200)
    with pytest.raises(ValueError, match=told):
        GradientBoostingRegressor(**options).fit(X, eta)
