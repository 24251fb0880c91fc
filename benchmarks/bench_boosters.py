"""Boosters by name beside the libraries they are named after: the same parameters, quality beside time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse
from sklearn import ensemble as sk

from zhixing.ensemble import (
    CatBoostClassifier,
    CatBoostRegressor,
    GradientBoostingRegressor,
    LGBMRanker,
    LGBMRegressor,
    XGBRegressor,
)
from zhixing.ensemble.ranking_objective import RankObjective

from .data import SHARED
from .registry import Contest, benchmark


def signal(X: np.ndarray) -> np.ndarray:
    return X[:, 0] + X[:, 1] * X[:, 2] + np.sin(3 * X[:, 3]) + np.maximum(X[:, 4], 0.0) * X[:, 5]


def numbers(n: int, p: int = 20) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, p))
    return X, signal(X) + rng.normal(size=n)


def contest(makers: dict[str, Callable[[], Any]], n: int, tolerance: float = 0.02) -> Contest:
    """Fit on four rows of five, 1 - R2 on the fifth."""
    X, y = numbers(n)
    test = np.arange(n) % 5 == 4
    X_train, y_train = np.ascontiguousarray(X[~test]), y[~test]

    def quality(model: Any) -> float:
        return float(np.mean((model.predict(X[test]) - y[test]) ** 2) / y[test].var())

    def work(make: Callable[[], Any]) -> Callable[[], Any]:
        return lambda: make().fit(X_train, y_train)

    return Contest(
        {name: work(make) for name, make in makers.items()},
        quality="1 - R2",
        evaluate=quality,  # type: ignore[arg-type]
        tolerance=tolerance,
        repeats=3,
    )


def both(ours: type, module: str, name: str, kept: dict[str, Any], **quiet: Any) -> dict[str, Any]:
    """Makers of ours and, where it is installed, the library's."""
    found: dict[str, Any] = {"zhixing": lambda: ours(**kept)}
    try:
        library = __import__(module)
        found[module] = lambda: getattr(library, name)(**kept, **quiet)
    except ImportError:
        pass
    return found


@benchmark("XGBoost depthwise, 100k x 20, 100 trees of depth 6")
def extreme() -> Contest:
    kept = dict(n_estimators=100, max_bin=255, n_jobs=2)
    return contest(both(XGBRegressor, "xgboost", "XGBRegressor", kept), 125_000)


@benchmark("XGBoost exact, 20k x 20, 50 trees of depth 6")
def exact() -> Contest:
    kept = dict(n_estimators=50, tree_method="exact", n_jobs=2)
    return contest(both(XGBRegressor, "xgboost", "XGBRegressor", kept), 25_000)


@benchmark("DART, 40k x 20, 60 rounds, one in ten dropped")
def dart() -> Contest:
    kept = dict(n_estimators=60, boosting_type="dart", n_jobs=2, random_state=0)
    return contest(both(LGBMRegressor, "lightgbm", "LGBMRegressor", kept, verbose=-1), 50_000, 0.05)


@benchmark("GOSS, 200k x 20, 100 trees of 31 leaves")
def goss() -> Contest:
    kept = dict(n_estimators=100, data_sample_strategy="goss", n_jobs=2, random_state=0)
    return contest(
        both(LGBMRegressor, "lightgbm", "LGBMRegressor", kept, verbose=-1), 250_000, 0.05
    )


@benchmark("linear leaves, 80k x 20, 60 trees of 15 leaves")
def linear() -> Contest:
    kept = dict(n_estimators=60, num_leaves=15, linear_tree=True, n_jobs=2)
    return contest(both(LGBMRegressor, "lightgbm", "LGBMRegressor", kept, verbose=-1), 100_000)


@benchmark("CatBoost, 100k x 20, 200 oblivious trees of depth 6")
def oblivious() -> Contest:
    kept = dict(iterations=200, bootstrap_type="No", random_state=0)
    makers = both(CatBoostRegressor, "catboost", "CatBoostRegressor", kept, verbose=0,
                  allow_writing_files=False, thread_count=2)  # fmt: skip
    return contest(makers, 125_000)


@benchmark("gradient boosting, 40k x 20, 100 trees of depth 3")
def gradient() -> Contest:
    makers = {
        "zhixing": lambda: GradientBoostingRegressor(),
        "scikit-learn": lambda: sk.GradientBoostingRegressor(random_state=0),
    }
    return contest(makers, 50_000)


@benchmark("CatBoost, 40k rows, categories of 300 and 5,000 levels, 200 trees")
def statistics() -> Contest:
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(0)
    n = 50_000
    codes = [rng.integers(0, k, n) for k in (300, 5000)]
    x = rng.normal(size=(n, 3))
    z = sum(rng.normal(size=k)[c] for k, c in zip((300, 5000), codes)) + x[:, 0] * x[:, 1]
    y = (z + rng.normal(size=n) > 0).astype(int)
    import pandas as pd

    frame = pd.DataFrame(x, columns=list("abc")).assign(
        d=codes[0].astype(str), e=codes[1].astype(str)
    )
    kept = dict(iterations=200, bootstrap_type="No", random_state=0, cat_features=["d", "e"])
    makers = both(CatBoostClassifier, "catboost", "CatBoostClassifier", kept, verbose=0,
                  allow_writing_files=False, thread_count=2, max_ctr_complexity=1)  # fmt: skip
    half = n // 2

    def work(make: Callable[[], Any]) -> Callable[[], Any]:
        return lambda: make().fit(frame[:half], y[:half])

    def quality(model: Any) -> float:
        return 1.0 - float(roc_auc_score(y[half:], model.predict_proba(frame[half:])[:, 1]))

    return Contest(
        {name: work(make) for name, make in makers.items()},
        quality="1 - AUC", evaluate=quality, tolerance=0.02, repeats=2,  # type: ignore[arg-type]
    )  # fmt: skip


@benchmark("LambdaRank, LightGBM's example (3,005 x 300), 100 trees of 31 leaves")
def ranking() -> Contest:
    held = np.load(SHARED / "rank_lightgbm.npz")

    def rows(suffix: str) -> np.ndarray:
        parts = (held[f"data{suffix}"], held[f"indices{suffix}"], held[f"indptr{suffix}"])
        return sparse.csr_matrix(parts, shape=held[f"shape{suffix}"]).toarray()

    X, test = rows(""), rows("_test")
    judge = RankObjective(held["y_test"] * 1.0, np.ones(len(test)), held["group_test"])
    makers = both(LGBMRanker, "lightgbm", "LGBMRanker", dict(n_jobs=2), verbose=-1)

    def work(make: Callable[[], Any]) -> Callable[[], Any]:
        return lambda: make().fit(X, held["y"], group=held["group"])

    return Contest(
        {name: work(make) for name, make in makers.items()},
        quality="1 - NDCG@10",
        evaluate=lambda m: 1.0 - judge.ndcg(np.asarray(m.predict(test)), 10),  # type: ignore
        tolerance=0.1,
        repeats=3,
    )
