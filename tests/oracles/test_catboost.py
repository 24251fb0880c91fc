"""CatBoost against catboost where definitions meet, and against its definitions elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from zhixing.core.parallel import threads
from zhixing.ensemble import CatBoostClassifier, CatBoostRegressor
from zhixing.ensemble.catboost_parameters import default_rate
from zhixing.ensemble.ordered_statistics import OrderedStatistics
from zhixing.growth.bins import Bins
from zhixing.growth.oblivious_tree import Evidence, ObliviousTree, places
from zhixing.persist import load, save

PLAIN = dict(
    depth=3, learning_rate=0.3, random_strength=0, bootstrap_type="No", boosting_type="Plain"
)


def table(n: int = 4000) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.integers(1, 9, (n, 4)) * 1.0
    eta = X @ np.array([0.3, -0.2, 0.15, 0.1]) - 1
    return {
        "X": X,
        "normal": eta + rng.normal(size=n),
        "binary": (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(int),
        "classes": np.digitize(eta + rng.logistic(size=n), [-1, 0.6]),
    }


@pytest.mark.parametrize("score", ["L2", "Cosine"])
@pytest.mark.parametrize(
    ("target", "steps"),
    [("normal", 1), ("binary", 1), ("binary", 10), ("classes", 1), ("classes", 3)],
)
def test_plain_boosting_is_catboosts(score: str, target: str, steps: int) -> None:
    catboost = pytest.importorskip("catboost")
    data = table()
    kind = "Regressor" if target == "normal" else "Classifier"
    ours = {"Regressor": CatBoostRegressor, "Classifier": CatBoostClassifier}[kind]
    kept = PLAIN | dict(iterations=5, score_function=score)
    if kind == "Classifier":
        kept["leaf_estimation_iterations"] = steps
    a = ours(**kept).fit(data["X"], data[target])
    b = getattr(catboost, f"CatBoost{kind}")(
        verbose=0, allow_writing_files=False, thread_count=1, **kept
    ).fit(data["X"], data[target])
    answers = [
        m.predict(data["X"]) if kind == "Regressor" else m.predict_proba(data["X"]) for m in (a, b)
    ]
    # It stops the steps of a leaf early where they help no more.
    assert np.allclose(*answers, atol=1e-4 if steps == 10 else 1e-6)


@pytest.mark.parametrize("target", ["normal", "binary", "classes"])
def test_the_learning_rate_is_catboosts(target: str) -> None:
    catboost = pytest.importorskip("catboost")
    data = table(500)
    kind = "Regressor" if target == "normal" else "Classifier"
    theirs = getattr(catboost, f"CatBoost{kind}")(
        verbose=0, allow_writing_files=False, thread_count=1, depth=1, iterations=300
    ).fit(data["X"], data[target])
    name = {"normal": "RMSE", "binary": "Logloss", "classes": "MultiClass"}[target]
    rate = theirs.get_all_params()["learning_rate"]
    assert np.isclose(default_rate(name, False, 500, 300), rate, rtol=3e-3)


def test_levels_are_the_best_of_all() -> None:
    """Every cut of every feature tried over all leaves, in plain Python."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 3))
    X[:, 1] = np.round(X[:, 1])
    X[rng.random(X.shape) < 0.1] = np.nan
    g, h = rng.normal(size=(2, 300)) + np.nan_to_num(X[:, 0]), np.ones((2, 300))
    bins = Bins.fit(X, max_bins=12)
    binned = bins.transform(X)
    tree = ObliviousTree(3, 2.0, cosine=True)
    levels = tree.find(binned, bins, [Evidence(g, h)], 0.0, rng)
    assert len(levels) == 3

    def score(place: np.ndarray) -> float:
        num = den = 0.0
        for leaf in np.unique(place):
            rows = place == leaf
            for k in range(2):
                total, weight = g[k, rows].sum(), h[k, rows].sum()
                value = total / (weight + 2.0)
                num += total * value
                den += weight * value * value
        return num / np.sqrt(den)

    place = np.zeros(300, int)
    for k in range(3):
        found = []
        for j in range(3):
            x = X[:, j]
            last = int(bins.counts[j]) - 2 if np.isnan(x).any() else int(bins.counts[j]) - 1
            sides = [(x > t) & ~np.isnan(x) for t in bins.thresholds[j, :last]]
            sides += [np.isnan(x)] if np.isnan(x).any() else []
            found += [(score(2 * place + side), side) for side in sides]
        best = max(s for s, _ in found)
        place = places(levels[: k + 1], binned, bins).astype(int)
        assert np.isclose(score(place), best, rtol=1e-6)


def test_ordered_statistics_are_their_definition() -> None:
    rng = np.random.default_rng(0)
    n = 60
    X = np.column_stack([rng.normal(size=n), rng.integers(0, 5, n), rng.integers(0, 2, n)])
    X[rng.random(n) < 0.1, 1] = np.nan
    y, weight, order = rng.random((n, 1)), rng.integers(1, 4, n) * 1.0, rng.permutation(n)
    made = OrderedStatistics.fit(X, np.array([False, True, True]), y, weight, 2, 1.5)
    columns = made.ordered(X, y, weight, order)
    assert made.sources.tolist() == [0, 2, 2, 1, 1]
    assert (columns[:, 0] == X[:, 0]).all()
    assert (columns[:, 1] == (X[:, 2] == 0)).all()
    prior = np.average(y[:, 0], weights=weight)
    for at, row in enumerate(order):
        before = order[:at]
        same = [
            i for i in before if X[i, 1] == X[row, 1] or (np.isnan(X[i, 1]) and np.isnan(X[row, 1]))
        ]
        count = weight[same].sum()
        mean = ((weight[same] * y[same, 0]).sum() + 1.5 * prior) / (count + 1.5)
        assert np.allclose(columns[row, 3:], [mean, count])
    whole = made.transform(X)
    rows = X[:, 1] == 2
    total = weight[rows].sum()
    expected = ((weight[rows] * y[rows, 0]).sum() + 1.5 * prior) / (total + 1.5)
    assert np.allclose(whole[rows, 3], expected)
    strange = made.transform(np.array([[0.0, 99.0, 0.0]]))
    assert np.allclose(strange[0, 3:], [prior, 0.0])


def towns(n: int, seed: int) -> tuple[np.ndarray, pd.DataFrame, np.ndarray]:
    """Half of the signal in a category of 300 levels, and one of 2,000 levels that means nothing."""
    rng = np.random.default_rng(seed)
    code, noise = rng.integers(0, 300, n), rng.integers(0, 2000, n)
    effect, x = np.random.default_rng(9).normal(size=300), rng.normal(size=n)
    y = (effect[code] + 0.5 * x + rng.normal(size=n) > 0).astype(int)
    frame = pd.DataFrame({"x": x, "town": code.astype(str), "id": noise.astype(str)})
    return np.column_stack([x, code, noise]).astype(float), frame, y


@pytest.mark.parametrize("kind", ["Plain", "Ordered"])
def test_high_cardinality_does_not_leak(kind: str) -> None:
    """Statistics of all rows tell each row its own label: ordered ones must not."""
    X, frame, y = towns(3000, 0)
    test, _, truth = towns(3000, 1)
    kept = dict(iterations=80, boosting_type=kind, random_state=0)
    model = CatBoostClassifier(cat_features=[1, 2], **kept).fit(X, y)
    seen = roc_auc_score(y, model.predict_proba(X)[:, 1])
    new = roc_auc_score(truth, model.predict_proba(test)[:, 1])
    assert new > 0.78
    # A leaky encoding: the mean of a category's labels, the row's own among them.
    means = np.column_stack(
        [X[:, 0], *(pd.Series(y).groupby(X[:, j]).transform("mean") for j in (1, 2))]
    )
    levels = [pd.Series(y).groupby(X[:, j]).mean() for j in (1, 2)]
    other = np.column_stack(
        [test[:, 0], *(pd.Series(test[:, j + 1]).map(m).fillna(0.5) for j, m in enumerate(levels))]
    )
    leaky = CatBoostClassifier(iterations=80, random_state=0).fit(means, y)
    leaked = roc_auc_score(truth, leaky.predict_proba(other)[:, 1])
    assert new > leaked + 0.03
    assert seen - new < 0.15
    by_frame = CatBoostClassifier(**kept).fit(frame, y)
    assert by_frame.is_categorical_.tolist() == [False, True, True]
    assert abs(by_frame.score(frame, y) - model.score(X, y)) < 0.03
    odd = pd.DataFrame({"x": [0.0, 0.0], "town": ["nowhere", None], "id": ["3", "nothing"]})
    assert np.isfinite(by_frame.predict_proba(odd)).all()


def test_ordered_boosting_takes_a_rows_derivatives_from_models_that_never_saw_it() -> None:
    from zhixing.ensemble.objective import objective_for
    from zhixing.ensemble.sampling import ALL_ROWS
    from zhixing.ensemble.symmetric_boosting import View
    from zhixing.losses import Squared

    rng = np.random.default_rng(0)
    n = 200
    X, y = rng.normal(size=(n, 2)), rng.normal(size=n)
    bins = Bins.fit(X)
    order = rng.permutation(n)
    start = np.zeros(1)

    def derivatives(y: np.ndarray) -> np.ndarray:
        def of(rows: np.ndarray) -> Any:
            return objective_for(Squared(), np.ascontiguousarray(y[rows]), np.ones(len(rows)))

        view = View.ordered(bins.transform(X), start, order, of)
        place = (X[:, 0] > 0).astype(np.uint16)
        for _ in range(3):
            view.step(place, 2, 1.0, 0.5)
        found, _ = view.evidence(of(np.arange(n)), ALL_ROWS, rng, 0)
        # A row is judged once, but for those of the first prefix.
        judged = sum(e.ahead[1][0] for e in found)
        assert (judged[order[view.ends[0] :]] == 1.0).all()
        assert (judged[order[: view.ends[0]]] == 0.0).all()
        return sum(e.ahead[0][0] for e in found) + y  # the score itself

    before = derivatives(y)
    for row in order[[100, 120, 199]]:
        moved = y.copy()
        moved[row] += 100.0
        assert np.isclose(derivatives(moved)[row], before[row], atol=1e-10)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"boosting_type": "Ordered"},
        {"bootstrap_type": "MVS"},
        {"bootstrap_type": "Bayesian"},
        {"bootstrap_type": "Bernoulli", "subsample": 0.6, "rsm": 0.7},
    ],
)
def test_quality_is_catboosts(options: dict) -> None:
    catboost = pytest.importorskip("catboost")
    made = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(3000, 5))
        X[rng.random(X.shape) < 0.03] = np.nan
        z = np.nan_to_num(X)
        y = z[:, 0] * z[:, 1] + np.sin(3 * z[:, 2]) + 0.3 * rng.normal(size=3000)
        kept = dict(iterations=100, random_state=seed) | options
        theirs = catboost.CatBoostRegressor(
            verbose=0, allow_writing_files=False, thread_count=1, **kept
        )
        models = CatBoostRegressor(**kept), theirs
        made.append([m.fit(X[:2000], y[:2000]).score(X[2000:], y[2000:]) for m in models])
    a, b = np.mean(made, axis=0)
    assert a > b - 0.03


def test_stages_stopping_threads_and_files(tmp_path: Any) -> None:
    X, frame, y = towns(1500, 0)
    model = CatBoostClassifier(iterations=300, cat_features=[1, 2], early_stopping_rounds=5,
                               random_state=0)  # fmt: skip
    model.fit(X[:1000], y[:1000], eval_set=(X[1000:], y[1000:]))
    told = model._told()["validation_0"]["score"]
    assert model.n_iter_ == int(np.argmin(told)) + 1 < 300
    *_, last = model.staged_predict_proba(X)
    assert np.allclose(last, model.predict_proba(X), rtol=1e-12)
    save(model, tmp_path / "m")
    assert (load(tmp_path / "m").predict_proba(X) == model.predict_proba(X)).all()
    assert model.feature_importances_.shape == (3,)
    assert np.isclose(model.feature_importances_.sum(), 1.0)
    assert model.apply(X).shape == (1500, model.n_iter_)
    answers = []
    for count in (1, 3):
        with threads(count):
            again = CatBoostClassifier(iterations=10, boosting_type="Ordered", random_state=1)
            answers.append(again.fit(frame, y).predict_proba(frame))
    assert (answers[0] == answers[1]).all()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"depth": 13}, "depth=13 must be a whole number from 1 to 12"),
        ({"border_count": 1000}, "from 2 to 255"),
        ({"boosting_type": "ordered"}, "one of 'Plain', 'Ordered'"),
        ({"loss_function": "Cox"}, "loss_function='Cox' is none of"),
        ({"iterations": 50, "n_estimators": 60}, "are one parameter"),
        ({"early_stopping_rounds": 3}, "needs an eval_set"),
    ],
)
def test_wrong_options_are_told_by_name(options: dict, told: str) -> None:
    data = table(100)
    with pytest.raises(ValueError, match=told):
        CatBoostRegressor(**options).fit(data["X"], data["normal"])


def test_leaves_by_bits_are_leaves_by_nodes_and_other_trees_are_refused() -> None:
    from zhixing.core.errors import InputError

    rng = np.random.default_rng(0)
    X = rng.normal(size=(700, 4))
    X[rng.random(X.shape) < 0.1] = np.nan
    X[:3, 0] = [np.inf, -np.inf, 1e300]
    y = np.nan_to_num(X[:, 1]) + np.isnan(X[:, 2]) + rng.normal(size=700)
    for dtype in (np.float64, np.float32):
        with np.errstate(over="ignore"):
            rows = X.astype(dtype)
        model = CatBoostRegressor(iterations=30, random_state=0).fit(rows, y)
        by_nodes = np.concatenate([model.predict(rows[i : i + 50]) for i in range(0, 700, 50)])
        assert np.allclose(model.predict(rows), by_nodes, rtol=1e-12)
    held = model._boosted
    held.check_levels()
    held.forest.feature[2] = (held.forest.feature[2] + 1) % 4
    with pytest.raises(InputError, match="not an oblivious one"):
        held.check_levels()
