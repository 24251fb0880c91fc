"""Boosters by name against the libraries whose names they are: split for split where definitions meet."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from zhixing.ensemble import (
    LGBMClassifier,
    LGBMRanker,
    LGBMRegressor,
    XGBClassifier,
    XGBRegressor,
    from_lightgbm,
    from_xgboost,
)
from zhixing.ensemble.ranking_objective import RankObjective

lightgbm = pytest.importorskip("lightgbm")
xgboost = pytest.importorskip("xgboost")


def table(n: int = 6000, missing: float = 0.0) -> dict[str, np.ndarray]:
    """Few values, each in many rows, and every feature matters: no ties, no empty bins."""
    rng = np.random.default_rng(0)
    X = rng.integers(1, 9, (n, 4)) * 1.0
    eta = X @ np.array([0.3, -0.2, 0.15, 0.1]) - 1
    X[rng.random(X.shape) < missing] = np.nan
    return {
        "X": X,
        "normal": eta + rng.normal(size=n),
        "count": rng.poisson(np.exp(eta / 3)) * 1.0,
        "amount": np.exp(eta / 3) * rng.gamma(2.0, 0.5, n) + 0.1,
        "binary": (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(int),
        "classes": np.digitize(eta + rng.logistic(size=n), [-1, 0.6]),
    }


def described(model: Any) -> list[tuple]:
    """Every node of every tree from the root on: depth, feature, threshold, missing, value, cover."""
    forest = model._boosted.forest
    found: list[tuple] = []

    def visit(node: int, depth: int) -> None:
        feature = int(forest.feature[node])
        inner = feature >= 0
        found.append(
            (depth, feature, forest.threshold[node] * inner, 0.0 if inner else forest.value[node],
             forest.cover[node])
        )  # fmt: skip
        if inner:
            visit(int(forest.left[node]), depth + 1)
            visit(int(forest.left[node]) + 1, depth + 1)

    for root in forest.roots:
        visit(int(root), 0)
    return found


def same_trees(ours: Any, theirs: Any, tolerance: float, thresholds: bool = True) -> None:
    a, b = np.array(described(ours)), np.array(described(theirs))
    assert a.shape == b.shape
    assert (a[:, :2] == b[:, :2]).all()
    if thresholds:
        assert np.allclose(a[:, 2], b[:, 2], rtol=1e-6)
    start = ours._boosted.start - theirs._boosted.start
    leaf = a[:, 1] < 0
    # LightGBM adds the start to the leaves of the first round.
    trees = np.cumsum(a[:, 0] == 0) - 1
    # Scores of classes may all move together: ours start with mean 0.
    first = leaf & (trees < len(start))
    moved = b[first, 3] - a[first, 3] - start[trees[first]]
    common = np.median(moved) if len(start) > 1 else 0.0
    shift = np.where(trees < len(start), start[trees % len(start)] + common, 0.0)
    assert np.allclose((a[:, 3] + shift)[leaf], b[leaf, 3], atol=tolerance)
    # What their files tell of covers has six digits.
    assert np.allclose(a[:, 4], b[:, 4], rtol=1e-5)


LIGHT = [
    ("normal", {}),
    ("normal", {"reg_lambda": 5.0}),
    ("normal", {"reg_alpha": 20.0, "min_split_gain": 30.0}),
    ("normal", {"max_depth": 2, "min_child_samples": 300}),
    ("normal", {"max_delta_step": 0.3}),
    ("normal", {"boost_from_average": False, "min_child_weight": 500.0}),
    ("normal", {"interaction_constraints": [[0, 1], [2, 3]]}),
    ("normal", {"monotone_constraints": [1, 0, 0, 0]}),
    ("count", {"objective": "poisson"}),
    ("count", {"objective": "tweedie"}),
    ("amount", {"objective": "gamma"}),
    ("binary", {}),
    ("binary", {"reg_alpha": 3.0, "min_child_samples": 1}),
    ("classes", {}),
    ("classes", {"objective": "multiclassova"}),
]


@pytest.mark.parametrize(("target", "options"), LIGHT)
@pytest.mark.parametrize("missing", [0.0, 0.05])
def test_trees_are_lightgbms(target: str, options: dict, missing: float) -> None:
    data = table(missing=missing)
    kind = "Classifier" if target in ("binary", "classes") else "Regressor"
    ours = {"Classifier": LGBMClassifier, "Regressor": LGBMRegressor}[kind]
    kept = dict(n_estimators=5, num_leaves=8) | options
    a = ours(**kept).fit(data["X"], data[target])
    b = getattr(lightgbm, f"LGBM{kind}")(n_jobs=1, verbose=-1, **kept).fit(data["X"], data[target])
    same_trees(a, from_lightgbm(b), 1e-6)


@pytest.mark.parametrize("lam", [0.0, 3.0])
def test_linear_leaves_are_lightgbms(lam: float) -> None:
    data = table()
    kept = dict(n_estimators=6, num_leaves=6, linear_tree=True, linear_lambda=lam)
    a = LGBMRegressor(**kept).fit(data["X"], data["normal"])
    b = lightgbm.LGBMRegressor(n_jobs=1, verbose=-1, **kept).fit(data["X"], data["normal"])
    assert np.allclose(a.predict(data["X"]), b.predict(data["X"]), atol=1e-6)
    far = data["X"][:50] * 3 - 10
    assert np.allclose(a.predict(far), b.predict(far), atol=1e-5)
    far[:, 0] = np.nan
    assert np.isfinite(a.predict(far)).all()


@pytest.mark.parametrize("group", [1, 100])
def test_sets_of_categories_are_lightgbms(group: int) -> None:
    """Its leaves below sets pay cat_l2, ours do not: without it both are the same."""
    rng = np.random.default_rng(0)
    effect = rng.normal(size=30) * 3
    code = rng.integers(0, 30, 4000)
    X = np.column_stack([rng.integers(1, 9, (4000, 2)), code]).astype(float)
    y = effect[code] + X[:, 0] + rng.normal(size=4000)
    kept = dict(n_estimators=3, num_leaves=5, cat_l2=0.0, min_data_per_group=group)
    a = LGBMRegressor(**kept).fit(X, y, categorical_feature=[2])
    b = lightgbm.LGBMRegressor(n_jobs=1, verbose=-1, **kept).fit(X, y, categorical_feature=[2])
    assert np.allclose(a.predict(X), b.predict(X), atol=1e-6)


XTREME = [
    ("normal", {}),
    ("normal", {"tree_method": "exact"}),
    ("normal", {"tree_method": "approx"}),
    ("normal", {"gamma": 30.0}),
    ("normal", {"reg_alpha": 10.0, "reg_lambda": 5.0}),
    ("normal", {"max_delta_step": 0.3, "min_child_weight": 200.0}),
    ("normal", {"grow_policy": "lossguide", "max_leaves": 7, "max_depth": 0}),
    ("normal", {"max_leaves": 6}),
    ("normal", {"base_score": 0.5, "monotone_constraints": (1, 0, 0, 0)}),
    ("normal", {"tree_method": "exact", "gamma": 2.0, "reg_alpha": 4.0}),
    ("count", {"objective": "count:poisson"}),
    ("count", {"objective": "reg:tweedie"}),
    ("amount", {"objective": "reg:gamma"}),
    ("binary", {}),
    ("binary", {"scale_pos_weight": 3.0}),
    ("binary", {"tree_method": "exact"}),
    ("classes", {}),
]


@pytest.mark.parametrize(("target", "options"), XTREME)
@pytest.mark.parametrize("missing", [0.0, 0.05])
def test_trees_are_xgboosts(target: str, options: dict, missing: float) -> None:
    data = table(missing=missing)
    kind = "Classifier" if target in ("binary", "classes") else "Regressor"
    ours = {"Classifier": XGBClassifier, "Regressor": XGBRegressor}[kind]
    kept = dict(n_estimators=5, max_depth=3) | options
    a = ours(**kept).fit(data["X"], data[target])
    b = getattr(xgboost, f"XGB{kind}")(n_jobs=1, **kept).fit(data["X"], data[target])
    # Its histograms cut at the upper value, not between.
    exact = options.get("tree_method") == "exact"
    if exact and "gamma" in options:  # it prunes from below, ours never makes such splits
        assert np.allclose(a.predict(data["X"]), b.predict(data["X"]), atol=0.02)
        return
    same_trees(a, from_xgboost(b), 2e-6, thresholds=exact)


def test_exact_trees_on_continuous_values_are_xgboosts() -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(2000, 5))
    X[rng.random(X.shape) < 0.1] = np.nan
    y = np.nan_to_num(X[:, 0] * X[:, 1] + np.sin(3 * X[:, 2])) + 0.3 * rng.normal(size=2000)
    a = XGBRegressor(tree_method="exact", n_estimators=4).fit(X, y)
    b = xgboost.XGBRegressor(tree_method="exact", n_estimators=4, n_jobs=1).fit(X, y)
    assert np.allclose(a.predict(X), b.predict(X), atol=1e-5)


@pytest.mark.parametrize("target", ["normal", "binary", "classes"])
def test_linear_boosting_is_xgboosts(target: str) -> None:
    data = table()
    kind = "Regressor" if target == "normal" else "Classifier"
    ours = {"Classifier": XGBClassifier, "Regressor": XGBRegressor}[kind]
    kept = dict(booster="gblinear", n_estimators=6, learning_rate=0.5, reg_lambda=0.01,
                reg_alpha=0.02)  # fmt: skip
    # XGBoost 3.2 starts several classes from 0 here, whatever it tells.
    start = {"base_score": 0.0} if target == "classes" else {}
    a = ours(**kept, **start).fit(data["X"], data[target])
    more = dict(updater="coord_descent", feature_selector="cyclic", n_jobs=1)
    b = getattr(xgboost, f"XGB{kind}")(**kept, **more).fit(data["X"], data[target])
    theirs = b.coef_.reshape(4, 3).T if target == "classes" else b.coef_  # they are laid out so
    assert np.allclose(a.coef_, theirs, atol=1e-5)


QUALITY = [
    (LGBMRegressor, "LGBMRegressor", {"boosting_type": "goss"}),
    (LGBMRegressor, "LGBMRegressor", {"boosting_type": "dart"}),
    (LGBMRegressor, "LGBMRegressor", {"boosting_type": "dart", "xgboost_dart_mode": True}),
    (
        LGBMRegressor,
        "LGBMRegressor",
        {"boosting_type": "rf", "subsample": 0.6, "subsample_freq": 1},
    ),
    (LGBMRegressor, "LGBMRegressor", {"subsample": 0.5, "subsample_freq": 3}),
    (LGBMRegressor, "LGBMRegressor", {"colsample_bytree": 0.5, "objective": "l1"}),
    (LGBMRegressor, "LGBMRegressor", {"objective": "huber"}),
    (XGBRegressor, "XGBRegressor", {"booster": "dart", "rate_drop": 0.1}),
    (XGBRegressor, "XGBRegressor", {"subsample": 0.6, "colsample_bylevel": 0.7}),
    (XGBRegressor, "XGBRegressor", {"objective": "reg:absoluteerror"}),
]


@pytest.mark.parametrize(("ours", "name", "options"), QUALITY)
def test_what_is_drawn_reaches_their_quality(ours: type, name: str, options: dict) -> None:
    theirs = getattr(lightgbm if name.startswith("LGBM") else xgboost, name)
    quiet = {"verbose": -1} if name.startswith("LGBM") else {}
    made = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(3000, 5))
        y = X[:, 0] * X[:, 1] + np.sin(3 * X[:, 2]) + 0.3 * rng.normal(size=3000)
        kept = dict(n_estimators=50, random_state=seed) | options
        models = ours(**kept), theirs(**kept, n_jobs=1, **quiet)
        made.append([m.fit(X[:2000], y[:2000]).score(X[2000:], y[2000:]) for m in models])
    a, b = np.mean(made, axis=0)
    assert a > b - 0.02


@pytest.mark.parametrize("form", ["tree", "forest"])
def test_all_rounds_dropped_is_xgboosts_dart(form: str) -> None:
    data = table()
    kept = dict(n_estimators=5, max_depth=3, booster="dart", rate_drop=1.0, normalize_type=form)
    a = XGBRegressor(**kept).fit(data["X"], data["normal"])
    b = xgboost.XGBRegressor(n_jobs=1, **kept).fit(data["X"], data["normal"])
    assert np.allclose(a.predict(data["X"]), b.predict(data["X"]), atol=1e-6)


@pytest.mark.parametrize("form", [False, True])
def test_all_rounds_dropped_is_lightgbms_dart(form: bool) -> None:
    """Its first round holds the start, which ours never drops: so without one."""
    data = table()
    kept = dict(n_estimators=5, num_leaves=6, boosting_type="dart", drop_rate=1.0, skip_drop=0.0,
                uniform_drop=True, boost_from_average=False, xgboost_dart_mode=form)  # fmt: skip
    a = LGBMRegressor(**kept).fit(data["X"], data["normal"])
    b = lightgbm.LGBMRegressor(n_jobs=1, verbose=-1, **kept).fit(data["X"], data["normal"])
    assert np.allclose(a.predict(data["X"]), b.predict(data["X"]), atol=1e-6)


def test_gradient_based_sampling_costs_little() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(4000, 5))
    y = X[:, 0] * X[:, 1] + np.sin(3 * X[:, 2]) + 0.3 * rng.normal(size=4000)
    scores = [
        XGBRegressor(n_estimators=60, max_depth=4, random_state=0, **options)
        .fit(X[:2000], y[:2000])
        .score(X[2000:], y[2000:])
        for options in ({}, {"subsample": 0.3, "sampling_method": "gradient_based"})
    ]
    assert scores[1] > scores[0] - 0.04


def test_early_stopping_is_lightgbms() -> None:
    data = table()
    X, y = data["X"], data["normal"]
    kept = dict(n_estimators=300, num_leaves=8)
    ours = LGBMRegressor(early_stopping_rounds=10, **kept).fit(
        X[:3000], y[:3000], eval_set=[(X[3000:], y[3000:])], eval_metric="rmse"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = lightgbm.LGBMRegressor(verbose=-1, n_jobs=1, **kept).fit(
            X[:3000], y[:3000], eval_set=[(X[3000:], y[3000:])], eval_metric="rmse",
            callbacks=[lightgbm.early_stopping(10, verbose=False)],
        )  # fmt: skip
    told = ours.evals_result_["valid_0"]["rmse"]
    assert abs(ours.best_iteration_ - theirs.best_iteration_) <= 5
    assert ours.best_iteration_ == int(np.argmin(told)) + 1 == ours.n_iter_
    assert np.isclose(ours.best_score_["valid_0"]["rmse"], min(told))
    assert np.isclose(min(told), theirs.best_score_["valid_0"]["rmse"], rtol=5e-3)
    mean = np.sqrt(np.mean((ours.predict(X[3000:]) - y[3000:]) ** 2))
    assert np.isclose(mean, min(told))


def test_lambda_rank_is_its_definition() -> None:
    """Pushes summed over all pairs, in plain Python."""
    rng = np.random.default_rng(0)
    sizes = np.array([7, 1, 12, 5])
    n = int(sizes.sum())
    y, z = rng.integers(0, 4, n) * 1.0, rng.normal(size=(1, n))
    objective = RankObjective(y, np.ones(n), sizes, most=4, norm=False)
    g, h = np.empty_like(z), np.empty_like(z)
    objective.derivatives(z, g, h)
    want_g, want_h = np.zeros(n), np.zeros(n)
    start = 0
    for size in sizes:
        rows = np.arange(start, start + size)
        start += size
        rank = np.empty(size, int)
        rank[np.argsort(-z[0, rows], kind="stable")] = np.arange(size)
        ideal = np.sort(2 ** y[rows] - 1)[::-1][:4] / np.log2(2 + np.arange(min(4, size)))
        for a in range(size):
            for b in range(size):
                i, j = rows[a], rows[b]
                if y[i] <= y[j] or min(rank[a], rank[b]) >= 4:
                    continue
                swap = (2 ** y[i] - 2 ** y[j]) * abs(
                    1 / np.log2(2 + rank[a]) - 1 / np.log2(2 + rank[b])
                )
                rho = 1 / (1 + np.exp(z[0, i] - z[0, j]))
                push, curve = swap / ideal.sum() * rho, swap / ideal.sum() * rho * (1 - rho)
                want_g[[i, j]] += [-push, push]
                want_h[[i, j]] += curve
    assert np.allclose(g[0], want_g)
    assert np.allclose(h[0], want_h)


def test_ranking_reaches_lightgbms_ndcg(shared_data: Any) -> None:
    held = np.load(shared_data / "rank_lightgbm.npz")

    def rows(suffix: str) -> np.ndarray:
        parts = (held[f"data{suffix}"], held[f"indices{suffix}"], held[f"indptr{suffix}"])
        return sparse.csr_matrix(parts, shape=held[f"shape{suffix}"]).toarray()

    X, test = rows(""), rows("_test")
    y, group, grades, sizes = held["y"], held["group"], held["y_test"], held["group_test"]
    judge = RankObjective(grades * 1.0, np.ones(len(grades)), sizes)
    made = []
    for seed in range(3):
        kept = dict(n_estimators=60, colsample_bytree=0.7, random_state=seed)
        ours = LGBMRanker(**kept).fit(X, y, group=group)
        theirs = lightgbm.LGBMRanker(n_jobs=1, verbose=-1, **kept).fit(X, y, group=group)
        made.append([judge.ndcg(np.asarray(m.predict(test)), 10) for m in (ours, theirs)])
    a, b = np.mean(made, axis=0)
    assert a > b - 0.01
    assert np.isclose(ours.ndcg(test, grades, group=sizes, at=10), made[-1][0])
