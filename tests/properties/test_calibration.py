"""Calibration: weights are repetitions, projections are projections, bad input is named."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneOut
from sklearn.naive_bayes import GaussianNB

from zhixing import calibration
from zhixing.core.errors import InputError
from zhixing.metrics import get_scorer

quick = settings(max_examples=40, deadline=None)
sequences = hnp.arrays(
    np.float64, st.integers(1, 40), elements=st.floats(-1e3, 1e3).map(lambda v: round(v, 2))
)


@quick
@given(y=sequences, data=st.data())
def test_isotonic_regression_is_a_projection(y: np.ndarray, data: st.DataObject) -> None:
    w = data.draw(hnp.arrays(np.float64, y.size, elements=st.floats(0.1, 5.0)))
    f = calibration.isotonic_regression(y, sample_weight=w)
    assert (np.diff(f) >= 0).all()
    np.testing.assert_allclose(calibration.isotonic_regression(f, sample_weight=w), f, atol=1e-9)
    assert w @ f == pytest.approx(w @ y, abs=1e-6)
    # Orthogonality: the residual is orthogonal to the fit, so no rescaled fit is nearer.
    assert w @ (f * (y - f)) == pytest.approx(0.0, abs=1e-4)
    down = calibration.isotonic_regression(-y, sample_weight=w, increasing=False)
    np.testing.assert_allclose(down, -f, atol=1e-9)


@quick
@given(y=sequences, data=st.data())
def test_isotonic_weight_is_repetition(y: np.ndarray, data: st.DataObject) -> None:
    x = data.draw(hnp.arrays(np.float64, y.size, elements=st.integers(0, 9)))
    w = data.draw(hnp.arrays(np.int64, y.size, elements=st.integers(0, 3)))
    w[0] = 1
    made = calibration.IsotonicRegression(out_of_bounds="clip").fit(x, y, w)
    same = calibration.IsotonicRegression(out_of_bounds="clip").fit(
        np.repeat(x, w), np.repeat(y, w)
    )
    new = np.linspace(-1, 10, 23)
    np.testing.assert_allclose(made.predict(new), same.predict(new), atol=1e-9)


def test_calibrators_weight_is_repetition(rng: np.random.Generator) -> None:
    y, f, w = rng.integers(0, 2, 50), rng.normal(size=50), rng.integers(0, 3, 50)
    y[:2], w[:2] = [0, 1], 1
    logits = rng.normal(size=(50, 2))
    for cls, x in ((calibration.PlattScaling, f), (calibration.TemperatureScaling, logits)):
        made = cls().fit(x, y, w).predict_proba(x)
        same = cls().fit(np.repeat(x, w, axis=0), np.repeat(y, w)).predict_proba(x)
        np.testing.assert_allclose(made, same, atol=1e-9)


def test_tests_of_calibration_weight_is_repetition(rng: np.random.Generator) -> None:
    p, w = rng.uniform(0.1, 0.9, 60), rng.integers(1, 3, 60)
    y = rng.random(60) < p
    for test in (
        calibration.spiegelhalter_z,
        calibration.hosmer_lemeshow,
        calibration.link_test,
        lambda *a, **k: calibration.cox_calibration(*a, **k).test,
    ):
        made, same = test(y, p, sample_weight=w), test(np.repeat(y, w), np.repeat(p, w))
        assert made[:3] == pytest.approx(same[:3], rel=1e-6, nan_ok=True)


def test_best_threshold_weight_is_repetition_and_bounds_hold(rng: np.random.Generator) -> None:
    y, p, w = rng.integers(0, 2, 60), rng.random(60), rng.integers(1, 3, 60)
    for options in ({"metric": "f1"}, {"cost_fp": 1.0, "cost_fn": 2.0}):
        made = calibration.best_threshold(y, p, sample_weight=w, **options)
        same = calibration.best_threshold(np.repeat(y, w), np.repeat(p, w), **options)
        assert made[:2] == pytest.approx(same[:2])
    kept = calibration.best_threshold(y, p, metric="recall", at_least={"specificity": 0.8})
    assert np.mean(p[y == 0] < kept.threshold) >= 0.8
    never = calibration.best_threshold([0, 0, 0, 1], [0.9, 0.8, 0.7, 0.1], cost_fp=5.0, cost_fn=1.0)
    assert never.threshold == np.inf and never.value == 0.25


@pytest.mark.parametrize("method", ["sigmoid", "isotonic", "temperature"])
def test_same_bits_again_and_after_pickling(rng: np.random.Generator, method: str) -> None:
    x = rng.normal(size=(120, 3))
    y = (x[:, 0] + rng.normal(size=120) > 0).astype(int)
    made = calibration.CalibratedClassifierCV(GaussianNB(), method=method, cv=3).fit(x, y)
    again = calibration.CalibratedClassifierCV(GaussianNB(), method=method, cv=3).fit(x, y)
    expected = made.predict_proba(x)
    np.testing.assert_array_equal(again.predict_proba(x), expected)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(made)).predict_proba(x), expected)


def test_frames_sparse_tables_and_names(rng: np.random.Generator) -> None:
    x = rng.normal(size=(90, 3))
    y = np.where(x[:, 0] + rng.normal(size=90) > 0, "yes", "no")
    frame = pd.DataFrame(x, columns=["a", "b", "c"])
    for cls in (
        lambda e: calibration.CalibratedClassifierCV(e, cv=3),
        lambda e: calibration.TunedThresholdClassifierCV(e, cv=3, scoring="f1"),
        calibration.FixedThresholdClassifier,
    ):
        made = cls(LogisticRegression()).fit(frame, y)
        assert list(made.feature_names_in_) == ["a", "b", "c"]
        assert set(made.predict(frame)) <= {"yes", "no"}
        sparse = cls(LogisticRegression()).fit(sp.csr_matrix(x), y)
        np.testing.assert_allclose(
            sparse.predict_proba(sp.csr_matrix(x)), made.predict_proba(frame), atol=1e-4
        )


def test_a_class_missing_from_a_fold_has_probability_zero_there() -> None:
    x = np.arange(12.0).reshape(-1, 1)
    y = np.array([0, 1] * 5 + [2, 2])
    folds = [(np.arange(10), np.array([10, 11])), (np.arange(2, 12), np.arange(2))]
    made = calibration.CalibratedClassifierCV(GaussianNB(), cv=folds).fit(x, y)
    p = made.predict_proba(x)
    np.testing.assert_allclose(p.sum(axis=1), 1.0)
    with pytest.raises(ValueError, match="2 of 3 classes"):
        calibration.CalibratedClassifierCV(GaussianNB(), method="temperature", cv=folds).fit(x, y)


def fit(cls: Any, *arguments: Any, **options: Any) -> Any:
    x = np.linspace(-1, 1, 20).reshape(-1, 1)
    y = np.tile([0, 1], 10)
    return cls(*arguments, **options).fit(x, options.pop("y", y))


BAD: list[tuple[Any, type, str]] = [
    (
        lambda: fit(calibration.CalibratedClassifierCV, method="platt"),
        ValueError,
        "method must be one of",
    ),
    (
        lambda: fit(calibration.CalibratedClassifierCV, ensemble="yes"),
        ValueError,
        "ensemble must be",
    ),
    (lambda: fit(calibration.CalibratedClassifierCV, cv=11), ValueError, "less than 11 examples"),
    (lambda: fit(calibration.CalibratedClassifierCV, cv=LeaveOneOut()), ValueError, "LeaveOneOut"),
    (
        lambda: fit(calibration.IsotonicRegression, out_of_bounds="no"),
        ValueError,
        "out_of_bounds must be",
    ),
    (
        lambda: fit(calibration.IsotonicRegression, increasing="up"),
        ValueError,
        "increasing must be",
    ),
    (lambda: calibration.IsotonicRegression().fit(np.eye(3), [0, 1, 2]), ValueError, "1 feature"),
    (
        lambda: fit(calibration.IsotonicRegression, out_of_bounds="raise").predict([3.0]),
        ValueError,
        "outside the training range",
    ),
    (
        lambda: calibration.isotonic_regression([1.0, 2.0], sample_weight=[1.0, 0.0]),
        ValueError,
        "positive",
    ),
    (lambda: calibration.PlattScaling().fit([1.0, 2.0], [1, 1]), ValueError, "one class"),
    (lambda: calibration.PlattScaling().fit([1.0, 2.0, 3.0], [0, 1, 2]), ValueError, "Only binary"),
    (
        lambda: calibration.TemperatureScaling().fit(np.eye(3), [0, 1, 1]),
        ValueError,
        "one column a class",
    ),
    (lambda: calibration.PlattScaling().predict([1.0]), NotFittedError, "not fitted"),
    (
        lambda: fit(calibration.TunedThresholdClassifierCV, GaussianNB(), cv=1.5),
        ValueError,
        "between 0 and 1",
    ),
    (
        lambda: fit(calibration.TunedThresholdClassifierCV, GaussianNB(), cv="all"),
        ValueError,
        "prefit",
    ),
    (
        lambda: fit(calibration.TunedThresholdClassifierCV, GaussianNB(), cv="prefit", refit=False),
        NotFittedError,
        "must be fitted",
    ),
    (
        lambda: fit(calibration.FixedThresholdClassifier, GaussianNB(), response_method="score"),
        ValueError,
        "response_method must be",
    ),
    (
        lambda: calibration.best_threshold([0, 1], [0.1, 0.2], metric="auc"),
        InputError,
        "no threshold can be",
    ),
    (
        lambda: calibration.best_threshold([0, 1], [0.1, 0.2], cost_fp=1.0),
        InputError,
        "only one cost",
    ),
    (
        lambda: calibration.best_threshold(
            [0, 1], [0.1, 0.2], metric="f1", cost_fp=1.0, cost_fn=1.0
        ),
        InputError,
        "both a metric and costs",
    ),
    (
        lambda: calibration.best_threshold([1, 0], [0.1, 0.2], at_least={"precision": 0.9}),
        InputError,
        "no threshold reaches precision 0.9",
    ),
    (
        lambda: calibration.cox_calibration([0, 1], [0.5, 0.5]),
        InputError,
        "all probabilities are equal",
    ),
    (
        lambda: calibration.cox_calibration([0, 0, 0, 1, 1, 1], [0.1, 0.2, 0.3, 0.7, 0.8, 0.9]),
        InputError,
        "separate the classes",
    ),
    (lambda: calibration.spiegelhalter_z([0, 1], [0.5, 0.5]), InputError, "no variance"),
    (
        lambda: calibration.hosmer_lemeshow([0, 1], [0.4, 0.6], n_groups=2, fitted=True),
        InputError,
        "freedom",
    ),
    (lambda: calibration.curvature_test([0, 1], [0.4, 0.6], np.eye(3)), InputError, "X has shape"),
]


@pytest.mark.parametrize(("call", "kind", "message"), BAD, ids=[b[2] for b in BAD])
def test_bad_input_in_one_line(call: Any, kind: type, message: str) -> None:
    with pytest.raises(kind, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_weights_a_classifier_cannot_take_are_mentioned(rng: np.random.Generator) -> None:
    from sklearn.neighbors import KNeighborsClassifier

    x, y = rng.normal(size=(60, 2)), np.tile([0, 1], 30)
    with pytest.warns(UserWarning, match="does not take sample_weight"):
        calibration.CalibratedClassifierCV(KNeighborsClassifier(), cv=3).fit(x, y, np.ones(60))


def test_metadata_routing_reaches_the_classifier(rng: np.random.Generator) -> None:
    import sklearn

    x, y, w = rng.normal(size=(60, 2)), np.tile([0, 1], 30), rng.random(60)
    plain = calibration.CalibratedClassifierCV(LogisticRegression(), cv=3).fit(x, y, w)
    with sklearn.config_context(enable_metadata_routing=True):
        inner = LogisticRegression().set_fit_request(sample_weight=True)
        made = calibration.CalibratedClassifierCV(inner, cv=3).set_fit_request(sample_weight=True)
        made.fit(x, y, sample_weight=w)
        scorer = get_scorer("accuracy").set_score_request(sample_weight=True)
        tuned = calibration.TunedThresholdClassifierCV(inner, cv=3, scoring=scorer)
        tuned.fit(x, y, sample_weight=w)
    np.testing.assert_allclose(made.predict_proba(x), plain.predict_proba(x))
    unweighted = calibration.TunedThresholdClassifierCV(
        LogisticRegression(), cv=3, scoring="accuracy"
    )
    assert tuned.best_score_ != unweighted.fit(x, y).best_score_
