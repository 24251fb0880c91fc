"""Boosted trees: the same rounds, leaves, bins and learning rate; held-out quality beside time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from sklearn import ensemble as sk
from sklearn.metrics import log_loss, roc_auc_score

from zhixing.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from .data import SHARED
from .registry import Contest, benchmark

ROUNDS, LEAVES, RATE = 100, 31, 0.1


def peers(kind: str, categorical: list[int] | None = None) -> dict[str, Callable[[], Any]]:
    """Makers of the peers that are installed."""
    common: dict[str, Any] = dict(max_iter=ROUNDS, max_leaf_nodes=LEAVES, learning_rate=RATE)
    cat = {"categorical_features": categorical} if categorical else {}
    found: dict[str, Callable[[], Any]] = {
        "scikit-learn HistGradientBoosting": lambda: getattr(sk, f"HistGradientBoosting{kind}")(
            early_stopping=False, **common, **cat
        )
    }
    try:
        import lightgbm

        light: dict[str, Any] = dict(
            n_estimators=ROUNDS, num_leaves=LEAVES, learning_rate=RATE, n_jobs=2, verbose=-1
        )
        made = getattr(lightgbm, f"LGBM{kind}")
        found["LightGBM"] = lambda: made(**light)
        found["LightGBM quantised"] = lambda: made(use_quantized_grad=True, **light)
    except ImportError:
        pass
    if not categorical:
        try:
            import xgboost

            found["XGBoost hist"] = lambda: getattr(xgboost, f"XGB{kind}")(
                n_estimators=ROUNDS, max_leaves=LEAVES, max_depth=0, grow_policy="lossguide",
                tree_method="hist", max_bin=255, learning_rate=RATE, n_jobs=2, reg_lambda=0,
                min_child_weight=1e-3,
            )  # fmt: skip
        except ImportError:
            pass
    return found


def ours(kind: str, categorical: list[int] | None = None) -> Any:
    made = {
        "Classifier": HistGradientBoostingClassifier,
        "Regressor": HistGradientBoostingRegressor,
    }
    return made[kind](
        max_iter=ROUNDS, max_leaf_nodes=LEAVES, learning_rate=RATE, early_stopping=False,
        categorical_features=categorical,
    )  # fmt: skip


def contest(
    X: np.ndarray, y: np.ndarray, kind: str, categorical: list[int] | None = None
) -> Contest:
    """Fit on four rows of five, judge on the fifth."""
    test = np.arange(len(y)) % 5 == 4
    X_train, y_train = np.ascontiguousarray(X[~test]), y[~test]
    X_test, y_test = np.ascontiguousarray(X[test]), y[test]

    def quality(model: Any) -> float:
        if kind == "Regressor":
            return float(np.mean((model.predict(X_test) - y_test) ** 2) / y_test.var())
        p = model.predict_proba(X_test)
        if p.shape[1] == 2:
            return 1.0 - float(roc_auc_score(y_test, p[:, 1]))
        return float(log_loss(y_test, p))

    makers = {"zhixing": lambda: ours(kind, categorical)} | peers(kind, categorical)

    def work(make: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            model = make()
            if categorical and type(model).__module__.startswith("lightgbm"):
                return model.fit(X_train, y_train, categorical_feature=categorical)
            return model.fit(X_train, y_train)

        return run

    return Contest(
        {name: work(make) for name, make in makers.items()},
        quality={"Regressor": "1 - R2"}.get(kind, "1 - AUC" if len(np.unique(y)) == 2 else "log loss"),
        evaluate=quality,
        tolerance=0.02,
        repeats=3,
    )  # fmt: skip


def signal(X: np.ndarray) -> np.ndarray:
    return X[:, 0] + X[:, 1] * X[:, 2] + np.sin(3 * X[:, 3]) + np.maximum(X[:, 4], 0.0) * X[:, 5]


@benchmark("boosting, 320k x 28, two classes, 100 trees of 31 leaves")
def binary() -> Contest:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400_000, 28))
    return contest(X, (signal(X) + rng.normal(size=len(X)) > 0).astype(int), "Classifier")


@benchmark("boosting, 100k x 200, two classes, 100 trees of 31 leaves")
def wide() -> Contest:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(125_000, 200))
    return contest(X, (signal(X) + rng.normal(size=len(X)) > 0).astype(int), "Classifier")


@benchmark("boosting, 12k x 54, seven classes (covertype where at hand), 100 rounds of 31 leaves")
def seven() -> Contest:
    file = SHARED / "covertype_15k.parquet"
    if file.exists():
        import polars as pl

        frame = pl.read_parquet(file)
        target = frame.columns[-1] if "class" not in frame.columns else "class"
        y = np.unique(frame[target].to_numpy(), return_inverse=True)[1]
        X = frame.drop(target).select(pl.selectors.numeric()).to_numpy().astype(float)
    else:
        rng = np.random.default_rng(0)
        X = rng.normal(size=(15_000, 54))
        X[:, 10:] = X[:, 10:] > 1
        y = np.argmax(X[:, :7] + 0.5 * rng.normal(size=(len(X), 7)), axis=1)
    return contest(X, y, "Classifier")


@benchmark("boosting, 40k x 20 with 10 categoricals of 200 levels, 100 trees of 31 leaves")
def categories() -> Contest:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50_000, 20))
    effects = rng.normal(size=(10, 200))
    X[:, 10:] = rng.integers(0, 200, (len(X), 10))
    levels = effects[np.arange(10), X[:, 10:].astype(int)]
    z = signal(X) + levels[:, :3].sum(axis=1) + rng.normal(size=len(X))
    return contest(X, (z > 0).astype(int), "Classifier", list(range(10, 20)))


@benchmark("boosting, regression, 500k x 30, 100 trees of 31 leaves")
def regression() -> Contest:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(625_000, 30))
    return contest(X, signal(X) + rng.normal(size=len(X)), "Regressor")


@cache
def fitted() -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1_000_000, 28))
    y = (signal(X) + rng.normal(size=len(X)) > 0).astype(int)
    makers = {"zhixing": lambda: ours("Classifier")} | peers("Classifier")
    makers.pop("LightGBM quantised", None)
    return X, y, {name: make().fit(X[:50_000], y[:50_000]) for name, make in makers.items()}


def prediction(rows: int, calls: int) -> Contest:
    X, y, models = fitted()
    part = X[:rows]

    def work(model: Any) -> Callable[[], Any]:
        def run() -> Any:
            for _ in range(calls):
                p = model.predict_proba(part)
            return p

        return run

    return Contest(
        {name: work(model) for name, model in models.items()},
        quality="Brier score",
        evaluate=lambda p: float(np.mean((np.asarray(p)[:, 1] - y[:rows]) ** 2)),
        tolerance=0.05 if rows > 1 else np.inf,
        repeats=3,
    )


@benchmark("boosting, prediction of 1M rows by 100 trees of 31 leaves")
def many_rows() -> Contest:
    return prediction(1_000_000, 1)


@benchmark("boosting, prediction of one row by 100 trees of 31 leaves, 100 calls")
def one_row() -> Contest:
    return prediction(1, 100)
