"""Intervals of metrics: closed forms, numerical influence functions, and coverage under simulation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from benchmarks.study_intervals import SCENARIOS, Scenario, coverage
from scipy import stats

from zhixing import metrics
from zhixing.core.errors import InputError
from zhixing.core.estimate import Estimate
from zhixing.metrics import delong, interval


def test_wilson_is_statsmodels() -> None:
    from statsmodels.stats.proportion import proportion_confint

    for successes, trials in ((0, 7), (3, 7), (7, 7), (95, 100)):
        for confidence in (0.8, 0.95):
            e = interval.wilson(successes, trials, confidence)
            expected = proportion_confint(successes, trials, 1 - confidence, method="wilson")
            np.testing.assert_allclose([e.low, e.high], expected, atol=1e-12)


def test_accuracy_and_recall_use_it() -> None:
    y, p = [0, 0, 1, 1, 1, 1], [0, 1, 1, 1, 1, 0]
    assert metrics.accuracy_score(y, p, confidence=0.9)[1:3] == interval.wilson(4, 6, 0.9)[1:3]
    assert metrics.recall_score(y, p, confidence=0.9)[1:3] == interval.wilson(3, 4, 0.9)[1:3]
    j = metrics.jaccard_score(y, p, confidence=0.9)
    f = metrics.f1_score(y, p, confidence=0.9)
    assert f.low == pytest.approx(2 * j.low / (1 + j.low))


def placements(y: np.ndarray, s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """DeLong et al. (1988), eq. 3 and 4, over all pairs."""
    a, b = s[y == 1][:, None], s[y == 0][None, :]
    wins = (a > b) + 0.5 * (a == b)
    return wins.mean(axis=1), wins.mean(axis=0)


@pytest.mark.parametrize("tied", [False, True])
def test_delong_by_pairs(rng: np.random.Generator, tied: bool) -> None:
    y = rng.integers(0, 2, 60)
    s = rng.normal(size=(60, 3)) + y[:, None]
    s = np.round(s) if tied else s
    parts = [placements(y, column) for column in s.T]
    pos, neg = (np.array([p[i] for p in parts]) for i in (0, 1))
    covariance = np.cov(pos) / pos.shape[1] + np.cov(neg) / neg.shape[1]
    areas, made = metrics.auc_covariance(y, s)
    np.testing.assert_allclose(areas, pos.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(made, covariance, rtol=1e-10)
    for j in range(3):
        e = metrics.roc_auc_score(y, s[:, j], confidence=0.95, scale="identity")
        assert e.value == pytest.approx(areas[j], rel=1e-12)
        assert e.std_error == pytest.approx(np.sqrt(covariance[j, j]), rel=1e-10)
        weight = np.ones(60)
        assert delong.area_reference(y == 1, s[:, j], weight) == pytest.approx(e.value, rel=1e-12)


def test_delong_limits_stay_inside_and_do_not_collapse(rng: np.random.Generator) -> None:
    y = np.repeat([0, 1], 15)
    perfect = metrics.roc_auc_score(y, np.arange(30.0), confidence=0.95)
    assert perfect.value == perfect.high == 1.0
    assert 0.7 < perfect.low < 0.95
    one_positive = metrics.roc_auc_score([0, 0, 0, 1], [1.0, 2.0, 3.0, 2.5], confidence=0.95)
    assert 0.0 <= one_positive.low < 0.3 and one_positive.high <= 1.0


def test_newcombe_solves_its_equation() -> None:
    e = delong.newcombe(0.85, 20, 40, 0.95)
    half = 0.5 * 60 - 1
    for a in (e.low, e.high):
        v = a * (1 - a) * (1 + half * ((1 - a) / (2 - a) + a / (1 + a))) / 800
        assert abs(a - 0.85) == pytest.approx(stats.norm.ppf(0.975) * np.sqrt(v), rel=1e-6)


def test_kappa_error_is_statsmodels(rng: np.random.Generator) -> None:
    from statsmodels.stats.inter_rater import cohens_kappa

    a = rng.integers(0, 3, 80)
    b = np.where(rng.random(80) < 0.6, a, rng.integers(0, 3, 80))
    table = metrics.confusion_matrix(a, b)
    for weights, wt in ((None, None), ("linear", "linear"), ("quadratic", "quadratic")):
        expected = cohens_kappa(table, wt=wt)
        made = metrics.cohen_kappa_score(a, b, weights=weights, confidence=0.95)
        assert made.value == pytest.approx(expected.kappa, rel=1e-10)
        assert made.std_error == pytest.approx(expected.std_kappa * np.sqrt(80 / 79), rel=1e-8)


def test_median_between_order_statistics_is_scipy(rng: np.random.Generator) -> None:
    errors = rng.exponential(size=41)
    e = metrics.median_absolute_error(errors, np.zeros(41), confidence=0.95)
    expected = stats.quantile_test(errors, q=1.0, p=0.5).confidence_interval(0.95)
    # SciPy's is the shortest pair of order statistics that covers; ours the central one, equal or one wider.
    ordered = np.sort(errors)
    assert e.low <= expected.low and e.high >= expected.high
    for made, theirs in ((e.low, expected.low), (e.high, expected.high)):
        assert abs(np.searchsorted(ordered, made) - np.searchsorted(ordered, theirs)) <= 1


def test_symmetric_values_have_the_plain_t_interval() -> None:
    values = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    e = interval.mean_interval(values, None, 0.95)
    low, high = stats.t.interval(0.95, 4, loc=0.0, scale=stats.sem(values))
    assert (e.low, e.high) == pytest.approx((low, high))


def test_skewness_correction_inverts_halls_transform() -> None:
    skewness, n = 1.7, 50.0
    for z in (-2.0, -0.3, 0.0, 1.1, 2.0):
        t = interval._without_skew(z, skewness, n)
        a = skewness / (3 * np.sqrt(n))
        assert t + a * t**2 + a**2 * t**3 / 3 + a / 2 == pytest.approx(z, abs=1e-12)


Y2, Y3 = np.tile([0, 0, 1, 0, 1], 12), np.tile([0, 1, 2, 2, 1, 0], 10)
_rng = np.random.default_rng(7)
S2 = np.round(_rng.normal(size=60) + Y2, 1)
P3 = _rng.dirichlet(np.ones(3), 60)
P3 = 0.5 * P3 + 0.5 * np.eye(3)[Y3] * 0.7 + 0.05
D2, D3 = (S2 > 0.7).astype(int), P3.argmax(axis=1)
D3 = np.where(_rng.random(60) < 0.3, (D3 + 1) % 3, D3)
L3, M3 = (_rng.random((60, 3)) < 0.5).astype(int), (_rng.random((60, 3)) < 0.5).astype(int)
T, Q = np.exp(_rng.normal(size=60)), np.exp(_rng.normal(size=60))
T2, Q2 = np.column_stack([T, T**0.5]), np.column_stack([Q, T**0.4])

INFLUENCES: dict[str, tuple[Callable[..., Any], tuple, dict]] = {
    "AP": (metrics.average_precision_score, (Y2, S2), {}),
    "AP macro": (metrics.average_precision_score, (L3, P3), {"average": "macro"}),
    "AP micro": (metrics.average_precision_score, (L3, P3), {"average": "micro"}),
    "AP weighted": (metrics.average_precision_score, (L3, P3), {"average": "weighted"}),
    "AUC macro": (metrics.roc_auc_score, (L3, P3), {"average": "macro"}),
    "AUC micro": (metrics.roc_auc_score, (L3, P3), {"average": "micro"}),
    "AUC ovo": (
        metrics.roc_auc_score,
        (Y3, P3 / P3.sum(axis=1, keepdims=True)),
        {"multi_class": "ovo"},
    ),
    "AUC ovo weighted": (
        metrics.roc_auc_score,
        (Y3, P3 / P3.sum(axis=1, keepdims=True)),
        {"multi_class": "ovo", "average": "weighted"},
    ),
    "AUC ovr weighted": (
        metrics.roc_auc_score,
        (Y3, P3 / P3.sum(axis=1, keepdims=True)),
        {"multi_class": "ovr", "average": "weighted"},
    ),
    "MCC": (metrics.matthews_corrcoef, (Y2, D2), {}),
    "MCC 3": (metrics.matthews_corrcoef, (Y3, D3), {}),
    "kappa": (metrics.cohen_kappa_score, (Y3, D3), {"weights": "linear"}),
    "F1 macro": (metrics.f1_score, (Y3, D3), {"average": "macro"}),
    "F1 weighted": (metrics.f1_score, (Y3, D3), {"average": "weighted"}),
    "F1 micro, two of three": (metrics.f1_score, (Y3, D3), {"average": "micro", "labels": [0, 1]}),
    "F1 multilabel": (metrics.f1_score, (L3, M3), {"average": "micro"}),
    "F1 weighted multilabel": (metrics.f1_score, (L3, M3), {"average": "weighted"}),
    "precision macro": (metrics.precision_score, (Y3, D3), {"average": "macro"}),
    "recall samples": (metrics.recall_score, (L3, M3), {"average": "samples", "zero_division": 0}),
    "jaccard macro": (metrics.jaccard_score, (Y3, D3), {"average": "macro"}),
    "log loss": (metrics.log_loss, (Y3, P3 / P3.sum(axis=1, keepdims=True)), {}),
    "Brier": (metrics.brier_score_loss, (Y2, 1 / (1 + np.exp(-S2))), {}),
    "RMSE": (metrics.root_mean_squared_error, (T2, Q2), {}),
    "MSE": (metrics.mean_squared_error, (T2, Q2), {}),
    "MAE": (metrics.mean_absolute_error, (T, Q), {}),
    "R2": (metrics.r2_score, (T, Q), {}),
    "R2 outputs": (metrics.r2_score, (T2, Q2), {"multioutput": [0.3, 0.7]}),
    "R2 by variance": (metrics.r2_score, (T2, Q2), {"multioutput": "variance_weighted"}),
    "explained variance": (metrics.explained_variance_score, (T, Q), {}),
    "D2 Tweedie": (metrics.d2_tweedie_score, (T, Q), {"power": 1}),
    "D2 log loss": (metrics.d2_log_loss_score, (Y2, 1 / (1 + np.exp(-S2))), {}),
    "D2 Brier": (metrics.d2_brier_score, (Y2, 1 / (1 + np.exp(-S2))), {}),
    "hinge": (metrics.hinge_loss, (Y2, S2), {}),
    "Poisson": (metrics.mean_poisson_deviance, (T, Q), {}),
    "hamming": (metrics.hamming_loss, (L3, M3), {}),
    "cost": (metrics.expected_cost, (Y2, D2), {"cost_fn": 4.0}),
}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("name", INFLUENCES)
def test_errors_equal_the_infinitesimal_jackknife(name: str, weighted: bool) -> None:
    """The standard error from influences written by hand is that of derivatives by each row's weight."""
    metric, data, options = INFLUENCES[name]
    n = len(data[0])
    w = np.tile([1.0, 2.0, 1.0, 3.0, 1.0], n // 5) if weighted else np.ones(n)
    step, slopes = 1e-5, np.empty(n)
    for i in range(n):
        ends = []
        for sign in (1, -1):
            moved = w.copy()
            moved[i] += sign * step
            ends.append(metric(*data, sample_weight=moved, **options))
        slopes[i] = (ends[0] - ends[1]) / (2 * step)
    total = w.sum()
    psi = total * slopes
    expected = np.sqrt(w @ psi**2 / (total * (total - 1)))
    made = metric(*data, sample_weight=w, confidence=0.95, **options)
    assert made.value == pytest.approx(metric(*data, sample_weight=w, **options), rel=1e-12)
    assert made.std_error == pytest.approx(expected, rel=1e-5)
    assert made.low < made.value < made.high


MAIN = {
    "accuracy",
    "F1",
    "Matthews",
    "F1 macro, 4 classes",
    "ROC AUC 0.86",
    "ROC AUC ovr",
    "average precision",
    "log loss",
    "Brier score",
    "RMSE",
    "R2",
    "median absolute error",
    "D2 Poisson",
    "balanced accuracy, 4 classes",
}


@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if s.name in MAIN], ids=lambda s: s.name)
def test_coverage_is_within_binomial_bounds(scenario: Scenario) -> None:
    """Of 400 tables of 300 rows, the truth lies in as many intervals as a coin of 95 % allows (99.9 %
    bounds).
    """
    low, high = stats.binom.ppf([0.0005, 0.9995], 400, 0.95) / 400
    share = coverage(scenario, scenario.truth(200_000), 300, 400)
    assert low <= share <= min(high, 1.0)


def test_perfect_predictions_keep_some_doubt() -> None:
    y = np.tile([0, 1, 2], 10)
    for made in (
        metrics.matthews_corrcoef(y, y, confidence=0.95),
        metrics.cohen_kappa_score(y, y, confidence=0.95),
        metrics.f1_score(y, y, average="macro", confidence=0.95),
        metrics.balanced_accuracy_score(y, y, confidence=0.95),
        metrics.f1_score(y > 0, y > 0, confidence=0.95),
        metrics.fbeta_score(y > 0, y > 0, beta=2, confidence=0.95),
        metrics.average_precision_score(y > 0, y, confidence=0.95),
    ):
        assert made.value == pytest.approx(1.0)
        assert 0.4 < made.low < 0.99 and made.high == pytest.approx(1.0)


def test_calibration_error_of_true_probabilities_contains_zero() -> None:
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(200):
        p = rng.random(300)
        e = metrics.expected_calibration_error(rng.random(300) < p, p, n_bins=10, confidence=0.95)
        held += e.low <= 1e-9
        assert e.low <= e.value <= e.high
    assert held >= stats.binom.ppf(0.0005, 200, 0.95)


def test_bootstrap_agrees_with_theory_and_with_itself(rng: np.random.Generator) -> None:
    x = rng.normal(size=200)
    made = metrics.bootstrap(lambda w: np.average(x, weights=w), 200, replicates=2000)
    assert made.std_error == pytest.approx(x.std() / np.sqrt(200), rel=0.07)
    again = metrics.bootstrap(lambda w: np.average(x, weights=w), 200, replicates=2000)
    assert made == again


def test_refusals_say_why() -> None:
    with pytest.raises(InputError, match="grows with the number of rows"):
        metrics.max_error([1.0, 2.0], [1.0, 3.0], confidence=0.95)
    with pytest.raises(InputError, match="between 0 and 1"):
        metrics.accuracy_score([0, 1], [0, 1], confidence=95)
    with pytest.raises(InputError, match="repetitions"):
        metrics.log_loss([0, 1], [0.2, 0.7], sample_weight=[0.5, 0.5], confidence=0.95)
    with pytest.raises(InputError, match="average of medians"):
        metrics.median_absolute_error(np.eye(3), np.zeros((3, 3)), confidence=0.95)
    with pytest.raises(ValueError, match="average of partial areas"):
        metrics.roc_auc_score(L3, P3, max_fpr=0.5, confidence=0.95)


def test_raw_values_give_one_estimate_an_output() -> None:
    made = metrics.mean_squared_error(T2, Q2, multioutput="raw_values", confidence=0.95)
    assert len(made) == 2 and all(isinstance(e, Estimate) for e in made)
    labels = metrics.f1_score(Y3, D3, average=None, confidence=0.95)
    np.testing.assert_allclose([e.value for e in labels], metrics.f1_score(Y3, D3, average=None))
