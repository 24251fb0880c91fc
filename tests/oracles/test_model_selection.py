"""Searches, curves and risks agree with scikit-learn, SciPy and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats
from sklearn import model_selection as sk
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from zhixing import model_selection as ms
from zhixing.core.space import OneOf, Real, Whole
from zhixing.losses import Logistic, Squared
from zhixing.model_selection.axes import axes_of
from zhixing.model_selection.power_law import fit_power_law
from zhixing.penalties import L2

IRIS = load_iris(return_X_y=True)


def test_one_round_is_grid_search() -> None:
    X, y = load_diabetes(return_X_y=True)
    ours = ms.CoarseToFineSearchCV(
        Ridge(),
        {"alpha": Real(1e-2, 1e2, log=True), "fit_intercept": OneOf((True, False))},
        rounds=1,
    ).fit(X, y)
    grid = {"alpha": np.geomspace(1e-2, 1e2, 5), "fit_intercept": [True, False]}
    theirs = sk.GridSearchCV(Ridge(), grid).fit(X, y)
    assert ours.best_params_ == pytest.approx(theirs.best_params_)
    assert ours.best_score_ == pytest.approx(theirs.best_score_)
    for key in theirs.cv_results_:
        if key in ("params",) or "time" in key:
            assert key in ours.cv_results_
        elif key == "param_fit_intercept":
            assert list(ours.cv_results_[key]) == list(theirs.cv_results_[key])
        else:
            np.testing.assert_allclose(
                np.asarray(ours.cv_results_[key], float), np.asarray(theirs.cv_results_[key], float)
            )
    np.testing.assert_allclose(ours.predict(X), theirs.predict(X))
    assert ours.score(X, y) == pytest.approx(theirs.score(X, y))


@pytest.mark.parametrize("search", [ms.OptunaSearchCV, ms.BayesSearchCV])
def test_scores_are_cross_val_scores(search: type) -> None:
    X, y = load_breast_cancer(return_X_y=True)
    model = make_pipeline(StandardScaler(), LogisticRegression())
    space = {"logisticregression__C": Real(1e-3, 1e3, log=True)}
    found = search(model, space, n_iter=5, cv=3, scoring="roc_auc", random_state=0).fit(X, y)
    for i, params in enumerate(found.cv_results_["params"]):
        expected = sk.cross_val_score(model.set_params(**params), X, y, cv=3, scoring="roc_auc")
        seen = [found.cv_results_[f"split{k}_test_score"][i] for k in range(3)]
        assert seen == pytest.approx(expected)
    assert found.cv_results_["params"][0] == {"logisticregression__C": 1.0}  # as it was given
    assert found.best_score_ == max(found.cv_results_["mean_test_score"])
    assert found.best_index_ == int(np.argmin(found.cv_results_["rank_test_score"]))


def test_learning_searches_beat_random() -> None:
    """Mean regret over seeds on a smooth function with a choice that matters."""
    space = {
        "x": Real(1e-3, 10, log=True),
        "k": Whole(1, 50),
        "c": ["a", "b", "c"],
        "q": Real(-3, 3),
    }

    def objective(p: dict) -> float:
        return -(np.log10(p["x"]) ** 2) - (p["k"] - 20) ** 2 / 100 - (p["c"] != "a") - p["q"] ** 2

    regret = {
        method: np.mean(
            [-ms.search(objective, space, 30, s, method=method).best_value for s in range(4)]
        )
        for method in ("random", "tpe", "gp")
    }
    assert regret["gp"] < 0.1 * regret["random"]
    assert regret["tpe"] < 0.8 * regret["random"]


@pytest.mark.parametrize("xi", [0.0, 0.3])
def test_acquisitions_by_integration(xi: float) -> None:
    for mean, std, best in ((0.2, 1.3, 0.5), (-1.0, 0.4, 0.0), (2.0, 0.5, 1.0)):
        density = stats.norm(mean, std)
        gain = integrate.quad(
            lambda f, best=best, density=density: (f - best - xi) * density.pdf(f),
            best + xi,
            mean + 12 * std,
        )
        assert ms.expected_improvement(mean, std, best, xi=xi) == pytest.approx(gain[0], abs=1e-8)
        assert ms.probability_of_improvement(mean, std, best, xi=xi) == pytest.approx(
            density.sf(best + xi)
        )
    assert ms.upper_confidence_bound(1.0, 2.0, kappa=1.5) == 4.0


@pytest.mark.parametrize(
    "given",
    [
        Real(2.0, 5.0),
        Real(1e-4, 1e2, log=True),
        Whole(3, 9),
        Whole(1, 1000, log=True),
        OneOf(("a", None, [1])),
        stats.norm(1, 2),
        stats.loguniform(1e-3, 1e3),
        stats.randint(3, 12),
    ],
)
def test_axes_are_evenly_used(given: object) -> None:
    """Uniform coordinates give the range's distribution, and values lead back to their place."""
    axis = axes_of({"x": given})["x"]
    places = [axis.from_unit(u) for u in (np.arange(2000) + 0.5) / 2000]
    values = [axis.decode(c) for c in places]
    if isinstance(given, (Whole, OneOf)):
        assert len({str(v) for v in values}) > min(axis.size, 200) - 1
    for value in values[::97]:
        again = axis.decode(axis.encode(value))
        assert again == value or again == pytest.approx(value)
    if isinstance(given, Whole) and not given.log:
        assert np.ptp(np.bincount(values)[given.low :]) <= 1
    if isinstance(given, Real):
        ratio = np.log(values) if given.log else np.array(values)
        assert stats.kstest((ratio - ratio.min()) / np.ptp(ratio), "uniform").pvalue > 0.99


def test_cross_validate_scikit_learn() -> None:
    X, y = IRIS
    cv = sk.RepeatedStratifiedKFold(n_splits=4, n_repeats=2, random_state=0)
    scoring = ["accuracy", "neg_log_loss"]
    ours = ms.cross_validate(
        GaussianNB(), X, y, cv=cv, scoring=scoring, method="predict_proba", train_score=True
    )
    theirs = sk.cross_validate(GaussianNB(), X, y, cv=cv, scoring=scoring, return_train_score=True)
    for name in scoring:
        np.testing.assert_allclose(ours.scores[name], theirs[f"test_{name}"])
        np.testing.assert_allclose(ours.train_scores[name], theirs[f"train_{name}"])
    once = ms.cross_validate(GaussianNB(), X, y, cv=5, method="predict")
    np.testing.assert_array_equal(
        once.out_of_fold(150), sk.cross_val_predict(GaussianNB(), X, y, cv=5)
    )
    assert sorted(set(once.fold_of(150))) == [0, 1, 2, 3, 4]
    averaged = ours.out_of_fold(150)
    np.testing.assert_allclose(averaged.sum(axis=1), 1.0)
    d = ours.scores["accuracy"]
    error = np.sqrt((1 / 8 + np.mean(ours.n_test / ours.n_train)) * d.var(ddof=1))
    estimate = ours.estimate("accuracy", 0.9)
    assert estimate.high - d.mean() == pytest.approx(stats.t.ppf(0.95, 7) * error)


def test_learning_curve_scikit_learn() -> None:
    X, y = load_diabetes(return_X_y=True)
    ours = ms.learning_curve(Ridge(), X, y, train_sizes=[0.3, 0.6, 1.0], cv=4, shuffle=False)
    sizes, train, test = sk.learning_curve(Ridge(), X, y, train_sizes=[0.3, 0.6, 1.0], cv=4)
    np.testing.assert_array_equal(ours.sizes, sizes)
    np.testing.assert_allclose(ours.train_scores, train)
    np.testing.assert_allclose(ours.test_scores, test)


def test_validation_curve_scikit_learn() -> None:
    X, y = IRIS
    tree = DecisionTreeClassifier(random_state=0)
    ours = ms.validation_curve(tree, X, y, name="max_depth", values=[1, 2, 4], cv=5)
    train, test = sk.validation_curve(
        tree, X, y, param_name="max_depth", param_range=[1, 2, 4], cv=5
    )
    np.testing.assert_allclose(ours.train_scores, train)
    np.testing.assert_allclose(ours.test_scores, test)
    assert ours.best == [1, 2, 4][int(np.argmax(test.mean(axis=1)))]
    assert [e.value for e in ours.test] == pytest.approx(test.mean(axis=1))


@pytest.mark.parametrize("c", [0.3, 0.5, 1.0])
def test_power_law_is_recovered(c: float) -> None:
    """Without noise the law is found and continued; with noise the interval holds it."""
    sizes = np.geomspace(50, 1600, 6)
    truth = 0.9 - 2.0 * sizes**-c
    law = fit_power_law(sizes, truth, 1e-10 * np.eye(6), 20)
    assert law.at(10_000).value == pytest.approx(0.9 - 2.0 * 10_000.0**-c, abs=2e-3)
    assert law.at(3200, less=1600).value == pytest.approx(2.0 * (1600.0**-c - 3200.0**-c), abs=5e-4)
    wide = fit_power_law(sizes, truth, 1e-4 * np.eye(6), 9)
    near, far = wide.at(3200), wide.at(100_000)
    assert near.low < 0.9 - 2.0 * 3200.0**-c < near.high
    assert far.high - far.low > near.high - near.low


def test_one_standard_error_by_hand() -> None:
    X, y = load_diabetes(return_X_y=True)
    grid = {"alpha": np.geomspace(1e-3, 1e2, 12)}
    found = sk.GridSearchCV(Ridge(), grid, cv=8, refit=ms.OneStandardError("alpha", "largest")).fit(
        X, y
    )
    scores = np.array([sk.cross_val_score(Ridge(alpha=a), X, y, cv=8) for a in grid["alpha"]])
    best = int(np.argmax(scores.mean(axis=1)))
    error = scores[best].std(ddof=1) / np.sqrt(8)
    close = grid["alpha"][scores.mean(axis=1) >= scores.mean(axis=1)[best] - error]
    assert found.best_params_["alpha"] == close.max() > grid["alpha"][best]
    ours = ms.OptunaSearchCV(
        Ridge(),
        {"alpha": Real(1e-3, 1e2, log=True)},
        n_iter=12,
        random_state=0,
        refit=ms.OneStandardError("alpha", "largest"),
    ).fit(X, y)
    assert ours.best_params_["alpha"] >= ours.search_.best_params["alpha"]


def test_risks_closed_form(rng: np.random.Generator) -> None:
    X, y = rng.normal(size=(50, 2)), rng.normal(size=50)
    model = Ridge(alpha=2.0).fit(X, y)
    weight = rng.integers(1, 4, 50)
    gap = y - model.predict(X)
    risk = ms.empirical_risk(Squared(), model, X, y, sample_weight=weight)
    assert risk == pytest.approx(np.average(0.5 * gap**2, weights=weight))
    priced = ms.structural_risk(Squared(), model, X, y, L2(3.0))
    assert priced == pytest.approx(np.mean(0.5 * gap**2) + L2(3.0).value(model.coef_))
    labels = np.where(y > 0, "up", "down")
    classifier = LogisticRegression().fit(X, labels)
    p = classifier.predict_proba(X)[np.arange(50), (labels == "up").astype(int)]
    assert ms.empirical_risk(Logistic(), classifier, X, labels) == pytest.approx(-np.log(p).mean())
    fresh = ms.expected_risk(Squared(), model, X, y)
    halves = 0.5 * gap**2
    reach = stats.t.ppf(0.975, 49) * halves.std(ddof=1) / np.sqrt(50)
    assert fresh[:3] == pytest.approx((halves.mean(), halves.mean() - reach, halves.mean() + reach))


def test_erm_is_least_squares_and_logistic(rng: np.random.Generator) -> None:
    X = rng.normal(size=(200, 3))
    y = X @ [1.0, -2.0, 0.5] + 0.3 + rng.normal(size=200)
    linear = ms.ERM(tol=1e-9).fit(X, y)
    exact = np.linalg.lstsq(np.column_stack([np.ones(200), X]), y, rcond=None)[0]
    np.testing.assert_allclose(linear.coef_, exact, atol=1e-6)
    labels = (y > 0).astype(float)
    ours = ms.ERM(Logistic(), tol=1e-9).fit(X, labels)
    theirs = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(X, labels)
    np.testing.assert_allclose(ours.coef_[1:], theirs.coef_[0], atol=1e-4)
    np.testing.assert_allclose(ours.predict(X), theirs.predict_proba(X)[:, 1], atol=1e-5)
    assert ours.risk_ == pytest.approx(ms.empirical_risk(Logistic(), ours, X, labels))


def test_network_pullback_by_differences(rng: np.random.Generator) -> None:
    X, g = rng.normal(size=(7, 3)), rng.normal(size=7)
    for model in (ms.Linear(), ms.Network(4)):
        w = model.start(3, rng) + 0.1 * rng.normal(size=model.start(3, rng).size)
        exact = model.pullback(X, w, g)
        for j in range(w.size):
            step = np.zeros_like(w)
            step[j] = 1e-6
            slope = g @ (model.forward(X, w + step) - model.forward(X, w - step)) / 2e-6
            assert exact[j] == pytest.approx(slope, abs=1e-7)
