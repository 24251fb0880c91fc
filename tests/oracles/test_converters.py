"""Models that change the library: the same predictions on numbers, missing values and categories."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from zhixing.core.errors import InputError
from zhixing.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    LGBMClassifier,
    LGBMRegressor,
    XGBClassifier,
    XGBRegressor,
    from_lightgbm,
    from_xgboost,
    to_lightgbm,
    to_xgboost,
)
from zhixing.losses import Expectile
from zhixing.persist import load, save

lightgbm = pytest.importorskip("lightgbm")
xgboost = pytest.importorskip("xgboost")

KINDS = ("normal", "binary", "classes", "count")


def table() -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray]:
    """Training rows, targets, and rows to predict: with odd values and unseen categories too."""
    rng = np.random.default_rng(0)
    n = 1500
    X = rng.normal(size=(n, 5))
    X[:, 4] = rng.integers(0, 60, n)
    effect = rng.normal(size=60)
    z = 2 * X[:, 0] + X[:, 1] + effect[X[:, 4].astype(int)]
    X[rng.random(X.shape) < 0.05] = np.nan
    targets = {
        "normal": z + rng.normal(size=n),
        "binary": (z > 0).astype(int),
        "classes": np.digitize(z, [-1, 1]),
        "count": rng.poisson(np.exp(z / 3)) * 1.0,
    }
    odd = [[9.0, 9, 9, 9, 99], [np.nan] * 5, [0, 0, 0, 0, 3], [-1e30, 1e30, 0, 0, 59]]
    return X, targets, np.vstack([X, odd])


def answer(model: Any, X: np.ndarray) -> np.ndarray:
    return model.predict_proba(X) if hasattr(model, "predict_proba") else model.predict(X)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("categorical", [[], [4]])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"boosting_type": "dart"},
        {"linear_tree": True},
        {"boosting_type": "rf", "subsample": 0.5, "subsample_freq": 1},
    ],
)
def test_lightgbm_both_ways(
    kind: str, categorical: list[int], options: dict, tmp_path: Any
) -> None:
    X, targets, rows = table()
    rows = rows[:-1] if "linear_tree" in options else rows  # beyond what e^z can hold
    name = "LGBMClassifier" if kind in ("binary", "classes") else "LGBMRegressor"
    ours = {"LGBMClassifier": LGBMClassifier, "LGBMRegressor": LGBMRegressor}[name]
    kept = dict(n_estimators=8) | options | ({"objective": "poisson"} if kind == "count" else {})
    theirs = getattr(lightgbm, name)(verbose=-1, n_jobs=1, **kept)
    theirs.fit(X, targets[kind], categorical_feature=categorical)
    taken = from_lightgbm(theirs)
    assert np.allclose(answer(taken, rows), theirs.predict_proba(rows) if "Class" in name
                       else theirs.predict(rows), rtol=1e-9, atol=1e-12)  # fmt: skip
    save(taken, tmp_path / "m")
    assert (answer(load(tmp_path / "m"), rows) == answer(taken, rows)).all()
    made = ours(**kept).fit(X, targets[kind], categorical_feature=categorical)
    given = lightgbm.Booster(model_str=to_lightgbm(made)).predict(rows)
    mine = answer(made, rows)
    assert np.allclose(given, mine[:, 1] if kind == "binary" else mine, rtol=1e-9, atol=1e-12)
    back = from_lightgbm(to_lightgbm(made))
    assert np.allclose(answer(back, rows), mine, rtol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "options",
    [{}, {"booster": "dart", "rate_drop": 0.2}, {"booster": "gblinear"}, {"max_depth": 9}],
)
def test_xgboost_both_ways(kind: str, options: dict, tmp_path: Any) -> None:
    X, targets, rows = table()
    X, rows = X.astype(np.float32), rows[:-1].astype(np.float32)
    if options.get("booster") == "gblinear":
        rows = rows[:1500]
    name = "XGBClassifier" if kind in ("binary", "classes") else "XGBRegressor"
    ours = {"XGBClassifier": XGBClassifier, "XGBRegressor": XGBRegressor}[name]
    kept = (
        dict(n_estimators=8) | options | ({"objective": "count:poisson"} if kind == "count" else {})
    )
    theirs = getattr(xgboost, name)(n_jobs=1, **kept).fit(X, targets[kind])
    taken = from_xgboost(theirs)
    assert np.allclose(answer(taken, rows), answer(theirs, rows), rtol=1e-5, atol=2e-6)
    save(taken, tmp_path / "m")
    assert (answer(load(tmp_path / "m"), rows) == answer(taken, rows)).all()
    if options.get("booster") == "gblinear":
        return
    made = ours(**kept).fit(X, targets[kind])
    booster = xgboost.Booster()
    booster.load_model(bytearray(to_xgboost(made), "utf-8"))
    given = booster.predict(xgboost.DMatrix(rows, feature_names=booster.feature_names))
    mine = answer(made, rows)
    assert np.allclose(given, mine[:, 1] if kind == "binary" else mine, rtol=1e-5, atol=2e-6)


def test_xgboosts_categories() -> None:
    X, targets, rows = table()
    X, rows = X.astype(np.float32), rows[:-1].astype(np.float32)
    types = ["q"] * 4 + ["c"]
    theirs = xgboost.XGBRegressor(
        n_estimators=8, enable_categorical=True, feature_types=types, n_jobs=1
    ).fit(X, targets["normal"])
    taken = from_xgboost(theirs)
    # A category beyond all named ones is the one thing that has no form here.
    known = rows[:, 4] != 99
    assert np.allclose(taken.predict(rows[known]), theirs.predict(rows[known]), atol=1e-5)
    made = XGBRegressor(n_estimators=8, feature_types=types).fit(X, targets["normal"])
    booster = xgboost.Booster()
    booster.load_model(bytearray(to_xgboost(made), "utf-8"))
    frame = xgboost.DMatrix(
        rows, feature_names=booster.feature_names, feature_types=types, enable_categorical=True
    )
    assert np.allclose(booster.predict(frame), made.predict(rows), atol=1e-5)


def test_our_other_boosters_go_out_too() -> None:
    X, targets, rows = table()
    for made, kind in (
        (HistGradientBoostingClassifier(max_iter=5), "classes"),
        (HistGradientBoostingRegressor(max_iter=5, loss="quantile", quantile=0.8), "normal"),
    ):
        made.fit(X, targets[kind])
        given = lightgbm.Booster(model_str=to_lightgbm(made)).predict(rows)
        assert np.allclose(given, answer(made, rows), rtol=1e-9, atol=1e-12)


def test_labels_and_names_are_kept() -> None:
    import pandas as pd

    X, targets, _ = table()
    frame = pd.DataFrame(X, columns=list("abcde"))
    labels = np.array(["low", "mid", "high"])[targets["classes"]]
    theirs = lightgbm.LGBMClassifier(n_estimators=3, verbose=-1, n_jobs=1).fit(frame, labels)
    taken = from_lightgbm(theirs)
    assert taken.feature_names_in_.tolist() == list("abcde")
    assert (taken.predict(frame) == theirs.predict(frame)).all()
    assert set(taken.classes_) == {"low", "mid", "high"}
    # Importances are of the same trees.
    assert (taken.feature_importances_ == theirs.feature_importances_).all()


def test_many_thresholds_are_descended_by_value() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(5000, 1))
    y = np.sin(20 * X[:, 0]) + 0.1 * rng.normal(size=5000)
    theirs = xgboost.XGBRegressor(n_estimators=30, max_depth=8, max_bin=2000, n_jobs=1).fit(X, y)
    taken = from_xgboost(theirs)
    assert len(np.unique(taken._boosted.forest.threshold)) > 300
    assert np.allclose(taken.predict(X), theirs.predict(X), atol=1e-5)


def refused(call: Any, told: str) -> None:
    with pytest.raises(InputError, match=told):
        call()


def test_what_does_not_fit_is_refused_in_one_line() -> None:
    X, targets, _ = table()
    X = X[:, :3]
    y = targets["normal"]
    zero = lightgbm.LGBMRegressor(n_estimators=2, zero_as_missing=True, verbose=-1, n_jobs=1)
    refused(lambda: from_lightgbm(zero.fit(X, y)), "zero_as_missing")
    fair = lightgbm.LGBMRegressor(n_estimators=2, objective="fair", verbose=-1, n_jobs=1).fit(X, y)
    refused(lambda: from_lightgbm(fair), "objective 'fair'")
    refused(lambda: from_lightgbm("nothing\nof the kind"), "begin with")
    pairs = xgboost.XGBRegressor(n_estimators=2, objective="reg:pseudohubererror", n_jobs=1)
    refused(lambda: from_xgboost(pairs.fit(X, y)), "pseudohuber")
    refused(lambda: from_xgboost(json.dumps({"a": 1})), "not XGBoost's JSON")
    linear = LGBMRegressor(n_estimators=2, linear_tree=True).fit(X, y)
    refused(lambda: to_xgboost(linear), "no linear leaves")
    odd = HistGradientBoostingRegressor(max_iter=2, loss=Expectile(0.8)).fit(X, y)
    refused(lambda: to_lightgbm(odd), "Expectile")
    parts = LGBMRegressor(n_estimators=2)
    fractions = np.column_stack([X[:, 0], np.random.default_rng(0).integers(0, 9, 1500) + 0.5])
    parts.fit(fractions, y, categorical_feature=[1])
    refused(lambda: to_lightgbm(parts), "whole numbers")
