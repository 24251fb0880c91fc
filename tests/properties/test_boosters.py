"""What holds for every named booster: threads, weights, two names of one thing, clear refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from zhixing.core.parallel import threads
from zhixing.ensemble import (
    CatBoostRegressor,
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    LGBMClassifier,
    LGBMRanker,
    LGBMRegressor,
    XGBClassifier,
    XGBRegressor,
)
from zhixing.ensemble.combining import Dropping
from zhixing.ensemble.sampling import Bayesian, Goss, MinimalVariance

EVERY = [
    LGBMRegressor(
        n_estimators=8, random_state=0, colsample_bytree=0.7, feature_fraction_bynode=0.7
    ),
    LGBMRegressor(n_estimators=14, boosting_type="goss", random_state=0),
    LGBMRegressor(n_estimators=8, boosting_type="dart", random_state=0, skip_drop=0.0),
    LGBMRegressor(
        n_estimators=8, boosting_type="rf", subsample=0.5, subsample_freq=2, random_state=0
    ),
    LGBMRegressor(n_estimators=6, linear_tree=True, linear_lambda=0.1),
    XGBRegressor(n_estimators=8, subsample=0.6, random_state=0, colsample_bylevel=0.6),
    XGBRegressor(n_estimators=8, subsample=0.6, random_state=0, sampling_method="gradient_based"),
    XGBRegressor(n_estimators=6, tree_method="exact", colsample_bynode=0.6, random_state=0),
    XGBRegressor(n_estimators=6, tree_method="approx", max_bin=16),
    XGBRegressor(n_estimators=6, booster="gblinear"),
    XGBRegressor(n_estimators=8, booster="dart", rate_drop=0.3, one_drop=True, random_state=0),
    CatBoostRegressor(iterations=8, bootstrap_type="MVS", random_state=0),
    GradientBoostingRegressor(n_estimators=8, subsample=0.5, random_state=0),
]


def rows(n: int = 2500) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 6))
    X[:, 0] = np.round(X[:, 0] * 2)
    X[rng.random(X.shape) < 0.05] = np.nan
    z = np.nan_to_num(X)
    return X, z[:, 0] + z[:, 1] * z[:, 2] + 0.5 * rng.normal(size=n)


def ident(model: Any) -> str:
    return repr(model)[:60]


@pytest.mark.parametrize("model", EVERY, ids=ident)
def test_the_same_bits_with_any_number_of_threads_and_a_better_fit_than_the_mean(
    model: Any,
) -> None:
    from sklearn.base import clone

    X, y = rows()
    answers = []
    for count in (1, 3):
        with threads(count):
            answers.append(clone(model).fit(X, y).predict(X))
    assert (answers[0] == answers[1]).all()
    assert np.mean((answers[0] - y) ** 2) < 0.9 * np.var(y)


@pytest.mark.parametrize("model", EVERY, ids=ident)
def test_stages_end_in_the_prediction(model: Any) -> None:
    if getattr(model, "booster", "") == "gblinear":
        pytest.skip("a linear model keeps its last coefficients only")
    X, y = rows(600)
    model.fit(X, y)
    stages = list(model.staged_predict(X))
    assert len(stages) == model.n_iter_
    assert np.allclose(stages[-1], model.predict(X), rtol=1e-10)
    assert np.allclose(model.predict(X[:3]), model.predict(X)[:3], rtol=1e-12)


@pytest.mark.parametrize(
    "model",
    [
        LGBMClassifier(n_estimators=8),
        LGBMRegressor(n_estimators=8, boosting_type="dart", drop_rate=1.0, skip_drop=0.0),
        XGBClassifier(n_estimators=8, max_depth=3),
        XGBRegressor(n_estimators=8, max_depth=3, tree_method="exact"),
        XGBRegressor(n_estimators=8, booster="gblinear", reg_lambda=0.1),
        GradientBoostingRegressor(n_estimators=8, loss="huber"),
        CatBoostRegressor(iterations=8, random_state=0),
    ],
    ids=ident,
)
def test_a_weight_is_a_repetition(model: Any) -> None:
    X, y = rows(500)
    X = np.round(X * 4)
    y = (y > 0).astype(int) if "Classifier" in type(model).__name__ else y
    weight = np.random.default_rng(1).integers(0, 4, len(y))
    answer = "predict_proba" if hasattr(model, "predict_proba") else "predict"
    by_weight = getattr(model.fit(X, y, sample_weight=weight), answer)(X)
    by_rows = getattr(model.fit(np.repeat(X, weight, axis=0), np.repeat(y, weight)), answer)(X)
    assert np.allclose(by_weight, by_rows, rtol=1e-5, atol=1e-7)


def test_two_names_of_one_parameter() -> None:
    X, y = rows(600)
    pairs = [
        (LGBMRegressor, dict(n_estimators=5, min_child_samples=7, reg_lambda=2.0, reg_alpha=0.5),
         dict(num_iterations=5, min_data_in_leaf=7, lambda_l2=2.0, lambda_l1=0.5)),
        (XGBRegressor, dict(n_estimators=5, learning_rate=0.2, reg_alpha=1.0, gamma=2.0),
         dict(num_boost_round=5, eta=0.2, alpha=1.0, min_split_loss=2.0)),
        (CatBoostRegressor, dict(iterations=5, depth=3, l2_leaf_reg=1.0),
         dict(n_estimators=5, max_depth=3, reg_lambda=1.0)),
    ]  # fmt: skip
    for cls, main, other in pairs:
        a, b = (cls(random_state=0, **kept).fit(X, y).predict(X) for kept in (main, other))
        assert (a == b).all()
    with pytest.raises(ValueError, match="eta=0.2 and learning_rate=0.4 are one parameter"):
        XGBRegressor(learning_rate=0.4, eta=0.2).fit(X, y)


def test_a_users_objective_is_the_loss_it_writes_out() -> None:
    X, y = rows(800)

    def squared(y: Any, z: Any) -> Any:
        return z - y, np.ones_like(y)

    def weighted(y: Any, z: Any, weight: Any) -> Any:
        return weight * (z - y), weight

    for cls in (LGBMRegressor, XGBRegressor):
        kept = {"boost_from_average": False} if cls is LGBMRegressor else {"base_score": 0.0}
        plain = cls(n_estimators=5, **kept).fit(X, y).predict(X)
        for objective in (squared, weighted):
            own = cls(n_estimators=5, objective=objective).fit(X, y).predict(X)
            assert np.allclose(own, plain, rtol=1e-9)
    labels = (y > 0).astype(int)

    def logistic(y: Any, z: Any) -> Any:
        p = 1 / (1 + np.exp(-z))
        return p - y, p * (1 - p)

    own = XGBClassifier(n_estimators=5, objective=logistic).fit(X, labels)
    plain = XGBClassifier(n_estimators=5, base_score=0.5).fit(X, labels)
    assert np.allclose(own.predict_proba(X), plain.predict_proba(X), rtol=1e-9)

    def softmax(y: Any, z: Any) -> Any:
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        return p - np.eye(3)[y.astype(int)], 2 * p * (1 - p)

    three = np.digitize(y, [-1, 1])
    own = XGBClassifier(n_estimators=5, objective=softmax).fit(X, three)
    plain = XGBClassifier(n_estimators=5, base_score=0.0).fit(X, three)
    assert np.allclose(own.predict_proba(X), plain.predict_proba(X), rtol=1e-7)
    with pytest.raises(ValueError, match="finite numbers"):
        XGBRegressor(objective=lambda y, z: (z * np.nan, z)).fit(X, y)


def test_scores_to_start_from() -> None:
    """Boosting what a first model left over is the same as going on from its scores."""
    X, y = rows(800)
    first = LGBMRegressor(n_estimators=3).fit(X, y)
    rest = LGBMRegressor(n_estimators=3, boost_from_average=False).fit(X, y - first.predict(X))
    on = LGBMRegressor(n_estimators=3).fit(X, y, init_score=first.predict(X))
    assert np.allclose(on.predict(X), rest.predict(X), rtol=1e-6)
    margin = XGBRegressor(n_estimators=3).fit(X, y, base_margin=first.predict(X))
    plain = XGBRegressor(n_estimators=3, base_score=0.0).fit(X, y - first.predict(X))
    assert np.allclose(margin.predict(X), plain.predict(X), rtol=1e-6)
    with pytest.raises(ValueError, match="one .* a row of X"):
        LGBMRegressor().fit(X, y, init_score=[1.0, 2.0])


def test_samplings_estimate_sums_over_all_rows() -> None:
    rng = np.random.default_rng(0)
    n = 4000
    first, second = rng.normal(size=(1, n)) ** 3 + 0.3, rng.random((1, n))
    for sampling in (Goss(0.1, 0.2), MinimalVariance(0.3), Bayesian(1.0)):
        sums, sizes = [], []
        for t in range(60):
            g, h = first.copy(), second.copy()
            index = sampling.draw(np.random.default_rng(t), t, g, h)
            index = np.arange(n) if index is None else index
            assert (np.diff(index.astype(int)) > 0).all()
            sums.append([g[0, index].sum(), h[0, index].sum()])
            sizes.append(len(index) / n)
        error = np.abs(np.mean(sums, axis=0) - [first.sum(), second.sum()])
        assert (error < 4 * np.std(sums, axis=0) / np.sqrt(60) + 1e-9).all()
        if isinstance(sampling, MinimalVariance):
            assert abs(np.mean(sizes) - 0.3) < 0.01
        if isinstance(sampling, Goss):
            assert np.isclose(sizes[0], 0.3)
    assert Goss(0.1, 0.2, after=3).draw(rng, 2, first.copy(), second.copy()) is None


class Rounds:
    def __init__(self, n: int) -> None:
        self.rounds, self.weights = n, [0.1] * n


def test_drops_are_as_many_as_asked_and_steps_add_up() -> None:
    rng = np.random.default_rng(0)
    found = [Dropping(drop=0.2, skip=0.0, most=0).before(Rounds(50), rng)[2] for _ in range(300)]
    assert abs(np.mean([len(d) for d in found]) - 10) < 0.6
    capped = [Dropping(drop=0.9, skip=0.0, most=5).before(Rounds(50), rng)[2] for _ in range(50)]
    assert max(len(d) for d in capped) <= 5
    always = Dropping(drop=0.0, skip=0.0, one=True).before(Rounds(50), rng)[2]
    assert len(always) == 1
    skipped = [Dropping(drop=0.5, skip=0.7).before(Rounds(50), rng)[2] for _ in range(400)]
    assert abs(np.mean([len(d) == 0 for d in skipped]) - 0.7) < 0.08
    new, old, dropped = Dropping(rate=0.3, drop=1.0, skip=0.0, most=0).before(Rounds(4), rng)
    assert np.isclose(new, 0.3 / 5) and np.isclose(old, 4 / 5) and len(dropped) == 4


def test_categories_of_frames() -> None:
    rng = np.random.default_rng(0)
    town = rng.integers(0, 40, 2000)
    effect = rng.normal(size=40) * 2
    x = rng.normal(size=2000)
    y = effect[town] + x + 0.3 * rng.normal(size=2000)
    frame = pd.DataFrame({"x": x, "town": pd.Categorical([f"t{k:02d}" for k in town])})
    numbers = np.column_stack([x, town]).astype(float)
    light = LGBMRegressor(n_estimators=30).fit(frame, y)
    assert light.score(frame, y) > 0.8
    by_place = LGBMRegressor(n_estimators=30).fit(numbers, y, categorical_feature=[1])
    assert np.allclose(by_place.predict(numbers), light.predict(frame))
    extreme = XGBRegressor(n_estimators=30, enable_categorical=True).fit(frame, y)
    assert extreme.score(frame, y) > 0.9
    with pytest.raises(ValueError):
        XGBRegressor(n_estimators=3).fit(frame, y)


def test_eval_sets_are_told_by_name() -> None:
    X, y = rows(900)
    labels = (y > 0).astype(int)
    sets = [(X[:300], labels[:300]), (X[600:], labels[600:])]
    light = LGBMClassifier(n_estimators=6).fit(
        X, labels, eval_set=sets, eval_names=["train", "held"], eval_metric=["auc", "binary_error"]
    )
    assert set(light.evals_result_) == {"train", "held"}
    assert [len(v) for v in light.evals_result_["held"].values()] == [6, 6]
    assert light.evals_result_["train"]["auc"][-1] > 0.8
    extreme = XGBClassifier(n_estimators=200, early_stopping_rounds=5, eval_metric="auc")
    extreme.fit(X[:600], labels[:600], eval_set=sets[1:])
    told = extreme.evals_result()["validation_0"]["auc"]
    assert extreme.best_iteration_ == int(np.argmax(told)) + 1 < 200

    def mine(y: Any, p: Any) -> tuple[str, float, bool]:
        return "mine", float(np.mean((p > 0.5) == y)), True

    own = LGBMClassifier(n_estimators=60, early_stopping_rounds=5)
    own.fit(X[:600], labels[:600], eval_set=sets[1:], eval_metric=mine)
    assert own.best_score_["valid_0"]["mine"] < -0.6


@pytest.mark.parametrize(
    ("model", "told"),
    [
        (LGBMRegressor(boosting_type="rf"), "needs subsample < 1"),
        (LGBMRegressor(boosting_type="dart", early_stopping_rounds=3), "needs an eval_set"),
        (LGBMRegressor(max_bin=1000), "max_bin=1000 must be from 2 to 255"),
        (LGBMRegressor(num_leaves=1), "num_leaves=1 must be a whole number of at least 2"),
        (LGBMRegressor(subsample=1.5), r"subsample=1.5 must be in \(0, 1\]"),
        (LGBMRegressor(objective="fair"), "objective='fair' is none of"),
        (LGBMRegressor(objective="l1", linear_tree=True), "does not go with objective='l1'"),
        (LGBMRegressor(boosting_type="goss", top_rate=0.9, other_rate=0.3), "at most 1 together"),
        (LGBMRegressor(metric="nothing", early_stopping_rounds=2), "needs an eval_set"),
        (XGBRegressor(booster="tree"), "booster='tree' must be one of"),
        (XGBRegressor(tree_method="exact", max_leaves=5), "no max_leaves"),
        (
            XGBRegressor(tree_method="exact", monotone_constraints=[1] * 6),
            "need tree_method='hist'",
        ),
        (XGBRegressor(base_score=-1.0, objective="count:poisson"), "base_score=-1.0"),
        (XGBRegressor(monotone_constraints={"a": 1}), "not columns of X"),
        (XGBRegressor(objective="rank:ndcg"), "objective='rank:ndcg' is none of"),
        (XGBRegressor(n_estimators=0), "n_estimators=0 must be"),
        (XGBRegressor(learning_rate=0.0), "learning_rate=0.0 must be positive"),
    ],
    ids=ident,
)
def test_refusals_name_what_is_wrong(model: Any, told: str) -> None:
    X, y = rows(200)
    y = np.abs(y) if getattr(model, "objective", None) == "count:poisson" else y
    with pytest.raises(ValueError, match=told):
        model.fit(X, y)


def test_unknown_parameters_and_labels_are_refused() -> None:
    with pytest.raises(TypeError, match="path_smooth"):
        LGBMRegressor(path_smooth=1.0)  # type: ignore[call-arg]
    X, y = rows(200)
    labels = (y > 0).astype(int)
    model = LGBMClassifier(n_estimators=3)
    with pytest.raises(ValueError, match="a class that is not in y"):
        model.fit(X, labels, eval_set=[(X, labels + 5)])
    with pytest.raises(ValueError, match="X has 200 rows and y 10"):
        model.fit(X, labels, eval_set=[(X, labels[:10])])
    with pytest.raises(ValueError, match="is not known"):
        model.fit(X, labels, eval_set=[(X, labels)], eval_metric="nothing")
    with pytest.raises(ValueError, match="two classes"):
        LGBMClassifier(scale_pos_weight=3.0).fit(X, np.digitize(y, [-1, 1]))
    with pytest.raises(ValueError, match="sizes of the queries, 200 rows"):
        LGBMRanker().fit(X, labels, group=[100, 50])
    with pytest.raises(ValueError, match="grades"):
        LGBMRanker().fit(X, -1.0 - labels)


def test_odd_tables() -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(size=60)
    wild = rng.normal(size=(60, 2))
    wild[:5, 0] = [np.inf, -np.inf, 1e308, -1e308, np.nan]
    models = [
        LGBMRegressor(n_estimators=3),
        LGBMRegressor(n_estimators=3, linear_tree=True, min_child_samples=5),
        XGBRegressor(n_estimators=3),
        XGBRegressor(n_estimators=3, tree_method="exact"),
        XGBRegressor(n_estimators=3, tree_method="approx"),
        CatBoostRegressor(iterations=3),
        GradientBoostingRegressor(n_estimators=3),
    ]
    for model in models:
        assert np.isfinite(model.fit(wild, y).predict(wild)).all()
        assert np.allclose(model.fit(np.ones((60, 2)), y).predict(np.zeros((3, 2))), y.mean())
        holes = model.fit(np.full((60, 1), np.nan), y).predict([[np.nan]])
        assert np.isclose(holes[0], y.mean())
        heavy = model.fit(wild, y, sample_weight=np.full(60, 1e15)).predict(wild)
        assert np.isfinite(heavy).all()
    with pytest.raises(ValueError, match="no infinite values"):
        XGBRegressor(booster="gblinear").fit(wild, y)


def test_a_mark_for_missing_values() -> None:
    X, y = rows(600)
    marked = np.where(np.isnan(X), -999.0, X)
    by_mark = XGBRegressor(n_estimators=5, missing=-999.0).fit(marked, y)
    by_nan = XGBRegressor(n_estimators=5).fit(X, y)
    assert (by_mark.predict(marked) == by_nan.predict(X)).all()


def test_importances_are_sums_over_nodes() -> None:
    X, y = rows(600)
    model = XGBRegressor(n_estimators=5, max_depth=3).fit(X, y)
    forest = model._boosted.forest
    for kind, values in (("total_gain", forest.gain), ("total_cover", forest.cover)):
        for j, found in enumerate(model.importances(kind)):
            assert np.isclose(found, values[forest.feature == j].sum())
    splits = model.importances("weight")
    assert splits.sum() == (forest.feature >= 0).sum()
    assert np.allclose(model.importances("gain") * splits, model.importances("total_gain"))
    told = model.get_score(importance_type="weight")
    assert told == {f"f{j}": float(s) for j, s in enumerate(splits) if s}
    light = LGBMRegressor(n_estimators=5, importance_type="gain").fit(X, y)
    assert np.allclose(light.feature_importances_, light.importances("total_gain"))


def test_lossguide_and_depthwise_differ_only_in_order() -> None:
    """Without a limit of leaves both make every split that gains."""
    X, y = rows(900)
    kept = dict(n_estimators=3, max_depth=4, max_leaves=0)
    a = XGBRegressor(grow_policy="depthwise", **kept).fit(X, y).predict(X)
    b = XGBRegressor(grow_policy="lossguide", **kept).fit(X, y).predict(X)
    assert np.allclose(a, b, rtol=1e-12)
    deep = XGBRegressor(n_estimators=1, max_leaves=5, max_depth=0).fit(X, y)
    best = XGBRegressor(n_estimators=1, max_leaves=5, max_depth=0, grow_policy="lossguide").fit(
        X, y
    )
    assert max_depth(deep) == 3 <= max_depth(best)


def max_depth(model: Any) -> int:
    forest = model._boosted.forest
    depth = np.zeros(len(forest.feature), int)
    for node in range(len(depth)):
        if forest.left[node] >= 0:
            depth[[forest.left[node], forest.left[node] + 1]] = depth[node] + 1
    return int(depth.max())


def test_hist_gradient_boosting_is_lightgbm_by_another_name() -> None:
    X, y = rows(900)
    a = HistGradientBoostingRegressor(max_iter=6, early_stopping=False).fit(X, y).predict(X)
    assert np.allclose(LGBMRegressor(n_estimators=6).fit(X, y).predict(X), a, rtol=1e-12)
