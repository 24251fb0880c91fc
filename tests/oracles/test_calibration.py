"""Calibrators, thresholds and tests of calibration agree with scikit-learn, SciPy and statsmodels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sklearn.calibration as their_calibration
import sklearn.isotonic as their_isotonic
import sklearn.model_selection as their_selection
from scipy import stats
from scipy.special import expit, logit
from sklearn.datasets import make_classification
from sklearn.frozen import FrozenEstimator
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import LinearSVC

from zhixing import calibration
from zhixing.calibration import isotonic, temperature
from zhixing.calibration.platt import fit_sigmoid


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("increasing", [True, False, "auto"])
@pytest.mark.filterwarnings("ignore")
def test_isotonic_is_theirs(seed: int, increasing: Any) -> None:
    rng = np.random.default_rng(seed)
    x, y, w = np.round(rng.random(60), 1 + seed % 2), rng.normal(size=60), rng.integers(0, 3, 60)
    y = y + (2 if seed % 2 else -2) * x
    new = np.linspace(-0.2, 1.2, 50)
    for dtype in (np.float64, np.float32):
        for bounds in ("nan", "clip"):
            for limits in ({}, {"y_min": -0.5, "y_max": 0.5}):
                given = {"increasing": increasing, "out_of_bounds": bounds, **limits}
                made, theirs = (
                    m.IsotonicRegression(**given).fit(x.astype(dtype), y, sample_weight=w)
                    for m in (calibration, their_isotonic)
                )
                expected = theirs.predict(new.astype(dtype))
                found = made.predict(new.astype(dtype))
                assert found.dtype == expected.dtype
                np.testing.assert_allclose(
                    found, expected, atol=1e-12 if dtype is np.float64 else 2e-5
                )


def test_pooling_is_its_definition(rng: np.random.Generator) -> None:
    for _ in range(20):
        y, w = np.round(rng.normal(size=12), 1), rng.integers(1, 4, 12).astype(float)
        np.testing.assert_allclose(
            calibration.isotonic_regression(y, sample_weight=w),
            isotonic.isotonic_regression_reference(y, w),
            atol=1e-12,
        )


def test_pooling_is_scipys_on_many_rows(rng: np.random.Generator) -> None:
    from scipy.optimize import isotonic_regression

    y, w = np.sort(rng.normal(size=20_000)) + rng.normal(size=20_000), rng.random(20_000) + 0.1
    expected = isotonic_regression(y, weights=w).x
    np.testing.assert_allclose(
        calibration.isotonic_regression(y, sample_weight=w), expected, rtol=1e-9
    )


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("scale", [1.0, 500.0, 1e-4])
def test_platt_is_theirs_at_a_better_optimum(
    rng: np.random.Generator, scale: float, weighted: bool
) -> None:
    y = rng.integers(0, 2, 80)
    f = scale * (rng.normal(size=80) + y)
    w = rng.random(80) + 0.1 if weighted else None
    theirs = their_calibration._SigmoidCalibration().fit(f, y, w)
    a, b = fit_sigmoid(f, y == 1, w)
    np.testing.assert_allclose(expit(-(a * f + b)), theirs.predict(f), atol=1e-4)
    weight = np.ones(80) if w is None else w
    positives, negatives = weight[y == 1].sum(), weight[y == 0].sum()
    target = np.where(y == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))

    def objective(a: float, b: float) -> float:
        z = -(a * f + b)
        return float(weight @ (np.logaddexp(0, z) - target * z))

    assert objective(a, b) <= objective(theirs.a_, theirs.b_) + 1e-12


def test_platt_with_separated_or_constant_scores() -> None:
    for f in (np.repeat([-1.0, 1.0], 10), np.zeros(20)):
        a, b = fit_sigmoid(f, np.repeat([False, True], 10))
        assert np.isfinite([a, b]).all()
    assert expit(-b) == pytest.approx(0.5)


@pytest.mark.parametrize("k", [2, 4])
def test_temperature_is_the_minimum(rng: np.random.Generator, k: int) -> None:
    from scipy.optimize import minimize_scalar

    codes = rng.integers(0, k, 200)
    logits = 3.0 * rng.normal(size=(200, k))
    logits[np.arange(200), codes] += 2.0
    beta = temperature.fit_temperature(logits, codes)
    found = minimize_scalar(
        lambda t: temperature.log_loss_at(np.exp(t), logits, codes),
        bounds=(-10, 10),
        options={"xatol": 1e-10},
    )
    assert beta == pytest.approx(np.exp(found.x), rel=1e-5)
    theirs = their_calibration._TemperatureScaling().fit(logits, codes)
    np.testing.assert_allclose(
        calibration.TemperatureScaling().fit(logits, codes).predict_proba(logits),
        theirs.predict(logits),
        atol=1e-6,
    )


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("ensemble", [True, False])
@pytest.mark.parametrize("method", ["sigmoid", "isotonic", "temperature"])
@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.filterwarnings("ignore")
def test_calibrated_classifier_is_theirs(
    k: int, method: str, ensemble: bool, weighted: bool
) -> None:
    x, y = make_classification(240, n_classes=k, n_informative=6, random_state=1)
    names = np.array(["x", "b", "q"])[y]
    w = np.random.default_rng(0).integers(1, 4, 240).astype(float) if weighted else None
    for estimator in (GaussianNB(), LinearSVC(), FrozenEstimator(GaussianNB().fit(x, names))):
        made, theirs = (
            m.CalibratedClassifierCV(estimator, method=method, ensemble=ensemble, cv=3).fit(
                x, names, w
            )
            for m in (calibration, their_calibration)
        )
        np.testing.assert_array_equal(made.classes_, theirs.classes_)
        np.testing.assert_allclose(made.predict_proba(x), theirs.predict_proba(x), atol=2e-5)


def test_calibration_lowers_the_error_of_naive_bayes() -> None:
    from zhixing.metrics import expected_calibration_error, log_loss

    x, y = make_classification(3000, n_informative=2, n_redundant=10, random_state=3)
    train, test = slice(0, 2000), slice(2000, None)
    plain = GaussianNB().fit(x[train], y[train]).predict_proba(x[test])[:, 1]
    for method in ("sigmoid", "isotonic", "temperature"):
        made = calibration.CalibratedClassifierCV(GaussianNB(), method=method).fit(
            x[train], y[train]
        )
        p = made.predict_proba(x[test])[:, 1]
        assert log_loss(y[test], p) < log_loss(y[test], plain)
        assert expected_calibration_error(y[test], p) < expected_calibration_error(y[test], plain)


SCORINGS = [
    "accuracy",
    "balanced_accuracy",
    "f1",
    "jaccard",
    "matthews_corrcoef",
    "precision",
    "recall",
]


@pytest.mark.parametrize("scoring", SCORINGS)
@pytest.mark.filterwarnings("ignore")
def test_tuned_threshold_is_theirs(scoring: str) -> None:
    x, y = make_classification(300, weights=[0.8], random_state=2)
    for options in ({}, {"cv": 0.3, "random_state": 0}, {"thresholds": np.linspace(0.1, 0.9, 17)}):
        made, theirs = (
            m.TunedThresholdClassifierCV(
                GaussianNB(), scoring=scoring, store_cv_results=True, **options
            ).fit(x, y)
            for m in (calibration, their_selection)
        )
        assert made.best_threshold_ == pytest.approx(theirs.best_threshold_, rel=1e-12)
        assert made.best_score_ == pytest.approx(theirs.best_score_, rel=1e-12)
        np.testing.assert_allclose(
            made.cv_results_["scores"], theirs.cv_results_["scores"], rtol=1e-12
        )
        np.testing.assert_array_equal(made.predict(x), theirs.predict(x))


def test_tuned_threshold_by_any_scorer() -> None:
    from sklearn.metrics import fbeta_score, make_scorer

    x, y = make_classification(300, weights=[0.8], random_state=2)
    scorer = make_scorer(fbeta_score, beta=2, pos_label=0)
    made, theirs = (
        m.TunedThresholdClassifierCV(GaussianNB(), scoring=scorer).fit(x, y)
        for m in (calibration, their_selection)
    )
    assert made.best_threshold_ == pytest.approx(theirs.best_threshold_, rel=1e-12)
    np.testing.assert_array_equal(made.predict(x), theirs.predict(x))


def test_prefit_and_fixed_thresholds_are_theirs() -> None:
    x, y = make_classification(300, weights=[0.8], random_state=2)
    fitted = GaussianNB().fit(x, y)
    made, theirs = (
        m.TunedThresholdClassifierCV(fitted, cv="prefit", refit=False).fit(x, y)
        for m in (calibration, their_selection)
    )
    assert made.best_threshold_ == pytest.approx(theirs.best_threshold_, rel=1e-12)
    for options in ({}, {"threshold": 0.2}, {"threshold": 0.2, "pos_label": 0}):
        made, theirs = (
            m.FixedThresholdClassifier(GaussianNB(), **options).fit(x, y)
            for m in (calibration, their_selection)
        )
        np.testing.assert_array_equal(made.predict(x), theirs.predict(x))


def test_best_threshold_by_trying_all(rng: np.random.Generator) -> None:
    from zhixing.metrics import (
        expected_cost,
        f1_score,
        matthews_corrcoef,
        precision_score,
        recall_score,
    )

    y, p = rng.integers(0, 2, 70), np.round(rng.random(70), 2)
    cuts = [*np.unique(p), np.inf]
    chosen = calibration.best_threshold(y, p, cost_fp=1.0, cost_fn=4.0)
    costs = [expected_cost(y, (p >= t) * 1, cost_fp=1.0, cost_fn=4.0, pos_label=1) for t in cuts]
    assert chosen.value == pytest.approx(min(costs))
    decided = (p >= chosen.threshold) * 1
    assert expected_cost(y, decided, cost_fp=1.0, cost_fn=4.0, pos_label=1) == pytest.approx(
        min(costs)
    )
    for name, metric in (("f1", f1_score), ("matthews_corrcoef", matthews_corrcoef)):
        chosen = calibration.best_threshold(y, p, metric=name)
        values = [
            metric(y, (p >= t) * 1, **({"zero_division": 0} if name == "f1" else {})) for t in cuts
        ]
        assert chosen.value == pytest.approx(max(values))
        assert metric(y, (p >= chosen.threshold) * 1) == pytest.approx(max(values))
    p = np.round(p + 0.4 * y, 2)
    cuts = [*np.unique(p), np.inf]
    chosen = calibration.best_threshold(y, p, metric="recall", at_least={"precision": 0.6})
    pairs = [
        (recall_score(y, p >= t), precision_score(y, p >= t, zero_division=0)) for t in cuts[:-1]
    ]
    assert chosen.value == pytest.approx(max(r for r, precise in pairs if precise >= 0.6))
    assert precision_score(y, p >= chosen.threshold) >= 0.6


def test_best_threshold_of_calibrated_probabilities_is_the_ratio_of_costs() -> None:
    rng = np.random.default_rng(0)
    p = rng.random(200_000)
    chosen = calibration.best_threshold(rng.random(200_000) < p, p, cost_fp=1.0, cost_fn=3.0)
    assert chosen.threshold == pytest.approx(0.25, abs=0.03)


def test_cox_line_is_statsmodels(rng: np.random.Generator) -> None:
    import statsmodels.api as sm

    p = rng.uniform(0.02, 0.98, 300)
    y = (rng.random(300) < expit(0.3 + 0.6 * logit(p))).astype(int)
    fit = sm.Logit(y, sm.add_constant(logit(p))).fit(disp=0)
    made = calibration.cox_calibration(y, p)
    np.testing.assert_allclose([made.intercept.value, made.slope.value], fit.params, rtol=1e-6)
    np.testing.assert_allclose([made.intercept.std_error, made.slope.std_error], fit.bse, rtol=1e-6)
    null = np.sum(stats.bernoulli.logpmf(y, p))
    assert made.test.statistic == pytest.approx(2 * (fit.llf - null), rel=1e-6)
    assert made.test.p_value == pytest.approx(stats.chi2.sf(made.test.statistic, 2), rel=1e-6)


def test_hosmer_lemeshow_and_spiegelhalter_by_hand(rng: np.random.Generator) -> None:
    p = np.sort(rng.uniform(0.05, 0.95, 100))
    y = (rng.random(100) < p).astype(int)
    groups = zip(p.reshape(10, 10), y.reshape(10, 10))
    expected = sum((b.sum() - a.sum()) ** 2 / (10 * a.mean() * (1 - a.mean())) for a, b in groups)
    made = calibration.hosmer_lemeshow(y, p)
    assert made.statistic == pytest.approx(expected)
    assert made.p_value == pytest.approx(stats.chi2.sf(expected, 10))
    assert calibration.hosmer_lemeshow(y, p, fitted=True).dof == 8
    z = np.sum((y - p) * (1 - 2 * p)) / np.sqrt(np.sum((1 - 2 * p) ** 2 * p * (1 - p)))
    assert calibration.spiegelhalter_z(y, p).statistic == pytest.approx(z)


@pytest.mark.parametrize("name", ["cox", "curvature", "hosmer", "link", "spiegelhalter"])
def test_tests_of_calibration_hold_their_level_and_have_power(name: str) -> None:
    """Of 300 tables from a true logistic model 5 % are rejected (99.9 % bounds); of a wrong one most are."""
    rng = np.random.default_rng(5)

    def p_value(y: np.ndarray, p: np.ndarray, x: np.ndarray) -> float:
        if name == "cox":
            return calibration.cox_calibration(y, p).test.p_value
        if name == "curvature":
            return calibration.curvature_test(y, p, x)[0].p_value
        if name == "hosmer":
            return calibration.hosmer_lemeshow(y, p).p_value
        return {"link": calibration.link_test, "spiegelhalter": calibration.spiegelhalter_z}[name](
            y, p
        ).p_value

    rejected, found = 0, 0
    for i in range(300):
        x = rng.normal(size=(300, 2))
        z = x @ [1.0, -0.5]
        rejected += p_value(rng.random(300) < expit(z), expit(z), x) < 0.05
        if i < 50:
            wrong = expit(0.4 * z + 0.5 * x[:, 0] ** 2 - 0.5)
            found += p_value(rng.random(300) < wrong, expit(z), x) < 0.05
    low, high = stats.binom.ppf([0.0005, 0.9995], 300, 0.05)
    assert low <= rejected <= high
    assert found >= 35


def test_check_probability_names_what_is_wrong() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2000, 2))
    z = x @ [1.0, -0.5]
    y = rng.random(2000) < expit(z)
    good = calibration.check_probability(y, expit(z), x, feature_names=["age", "pay"])
    assert good.calibrated and good.finding.code == "probability-calibrated"
    extreme = calibration.check_probability(y, expit(3 * z))
    assert not extreme.calibrated and "too extreme" in extreme.finding.cause
    cautious = calibration.check_probability(y, expit(0.3 * z))
    assert "too cautious" in cautious.finding.cause
    bent = rng.random(2000) < expit(z + 0.7 * (x[:, 0] ** 2 - 1))
    curved = calibration.check_probability(bent, expit(z), x, feature_names=["age", "pay"])
    assert not curved.calibrated
    assert {t.name for t in curved.curvature if t.p_value < 0.01} == {"Curvature: age"}
