"""Shapley values of trees: the same rounds, leaves and rate; beside time, how far sums are from scores."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from sklearn import ensemble as sk

from zhixing.ensemble import HistGradientBoostingRegressor

from .bench_boosting import LEAVES, RATE, ROUNDS, signal
from .registry import Contest, benchmark


@cache
def fitted() -> tuple[np.ndarray, dict[str, Any]]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50_000, 28))
    y = signal(X) + rng.normal(size=len(X))
    models: dict[str, Any] = {
        "zhixing": HistGradientBoostingRegressor(
            max_iter=ROUNDS, max_leaf_nodes=LEAVES, learning_rate=RATE, early_stopping=False
        ).fit(X, y)
    }
    models["scikit-learn"] = sk.HistGradientBoostingRegressor(
        max_iter=ROUNDS, max_leaf_nodes=LEAVES, learning_rate=RATE, early_stopping=False
    ).fit(X, y)
    try:
        import lightgbm

        models["LightGBM"] = lightgbm.LGBMRegressor(
            n_estimators=ROUNDS, num_leaves=LEAVES, learning_rate=RATE, n_jobs=2, verbose=-1
        ).fit(X, y)
    except ImportError:
        pass
    try:
        import xgboost

        models["XGBoost"] = xgboost.XGBRegressor(
            n_estimators=ROUNDS, max_leaves=LEAVES, max_depth=0, grow_policy="lossguide",
            tree_method="hist", learning_rate=RATE, n_jobs=2, reg_lambda=0,
        ).fit(X, y)  # fmt: skip
    except ImportError:
        pass
    return X, models


def package(**options: Any) -> tuple[Any, Any] | None:
    """The shap package's explainer of scikit-learn's booster, whose trees it walks by its own loops."""
    try:
        import shap
    except ImportError:
        return None
    model = fitted()[1]["scikit-learn"]
    return model, shap.TreeExplainer(model, **options)


def gap(model: Any, rows: np.ndarray) -> Callable[[Any], float]:
    """The largest distance of a row's sum of values from its score, where the sum holds the mean score."""
    score = model.predict(rows)
    return lambda total: float(np.abs(total - score).max() / np.abs(score).max())


def contest(work: dict[str, Callable[[], tuple[Any, np.ndarray]]], rows: np.ndarray) -> Contest:
    """Each contestant returns its model and, of every row, the values' sum with the mean score."""
    return Contest(
        dict(work),
        quality="sum of values against score",
        evaluate=lambda made: gap(made[0], rows)(made[1]),  # type: ignore[index]
        tolerance=np.inf,  # single precision in the peers
        repeats=3,
    )


@benchmark("TreeSHAP, 10k rows, 100 trees of 31 leaves, 28 features")
def values() -> Contest:
    X, models = fitted()
    rows = X[:10_000]
    ours = models["zhixing"]
    work = {"zhixing": lambda: (ours, ours.shap_values(rows).sum(axis=1) + ours.shap_base_value())}
    if light := models.get("LightGBM"):
        work["LightGBM pred_contrib"] = lambda: (
            light, light.predict(rows, pred_contrib=True).sum(axis=1)
        )  # fmt: skip
    if boosted := models.get("XGBoost"):
        import xgboost

        matrix = xgboost.DMatrix(rows)
        work["XGBoost pred_contribs"] = lambda: (
            boosted, boosted.get_booster().predict(matrix, pred_contribs=True).sum(axis=1)
        )  # fmt: skip
    if found := package():
        model, explainer = found
        work["shap"] = lambda: (
            model, explainer.shap_values(rows).sum(axis=1) + explainer.expected_value
        )  # fmt: skip
    return contest(work, rows)


@benchmark("TreeSHAP interactions, 1k rows, 100 trees of 31 leaves, 28 features")
def interactions() -> Contest:
    X, models = fitted()
    rows = X[:1_000]
    ours = models["zhixing"]
    work = {
        "zhixing": lambda: (
            ours, ours.shap_interaction_values(rows).sum(axis=(1, 2)) + ours.shap_base_value()
        )
    }  # fmt: skip
    if boosted := models.get("XGBoost"):
        import xgboost

        matrix = xgboost.DMatrix(rows)
        work["XGBoost pred_interactions"] = lambda: (
            boosted,
            boosted.get_booster().predict(matrix, pred_interactions=True).sum(axis=(1, 2)),
        )
    if found := package():
        model, explainer = found
        work["shap"] = lambda: (
            model,
            explainer.shap_interaction_values(rows).sum(axis=(1, 2)) + explainer.expected_value,
        )
    return contest(work, rows)


@benchmark("TreeSHAP against 100 background rows, 2k rows, 100 trees of 31 leaves, 28 features")
def background() -> Contest:
    X, models = fitted()
    rows, others = X[:2_000], X[-100:]
    ours = models["zhixing"]
    work = {
        "zhixing": lambda: (
            ours, ours.shap_values(rows, others).sum(axis=1) + ours.shap_base_value(others)
        )
    }  # fmt: skip
    if found := package(data=others, feature_perturbation="interventional"):
        model, explainer = found
        work["shap"] = lambda: (
            model, explainer.shap_values(rows, check_additivity=False).sum(axis=1) + explainer.expected_value
        )  # fmt: skip
    return contest(work, rows)
