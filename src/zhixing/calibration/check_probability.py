"""Whether a model's scores may be read as probabilities."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..core.estimate import Estimate
from ..core.finding import Finding
from ..metrics.calibration_error import Reliability, expected_calibration_error, reliability
from .goodness_of_fit import CalibrationTest, CoxCalibration, cox_calibration, spiegelhalter_z
from .link_test import curvature_test, link_test


class ProbabilityCheck(NamedTuple):
    """Evidence for and against reading `y_prob` as P(y = 1).

    `bernoulli` tests that outcomes vary as draws with these probabilities; `linear_log_odds` that the
    log-odds are linear in the score (and `curvature`, where X was given, in each feature); `line` is Cox's
    calibration line; `error` the expected calibration error; `curve` the reliability diagram.
    """

    curve: Reliability
    error: Estimate
    line: CoxCalibration
    bernoulli: CalibrationTest
    linear_log_odds: CalibrationTest
    curvature: list[CalibrationTest]
    finding: Finding

    @property
    def calibrated(self) -> bool:
        """No test speaks against calibration at 5 % (Holm over the tests)."""
        return self.finding.severity == "info"


def check_probability(
    y_true: Any,
    y_prob: Any,
    X: Any = None,
    *,
    feature_names: Any = None,
    pos_label: Any = None,
    sample_weight: Any = None,
    n_bins: int = 10,
    confidence: float = 0.95,
) -> ProbabilityCheck:
    """Do these scores behave as probabilities, and do the assumptions of a logistic model hold?

    A logistic score is the true probability if, given the features, y is Bernoulli (assumption 1) and its
    log-odds are linear in them (assumption 2).  Each is tested, and the consequence, calibration, is
    measured.

    Parameters
    ----------
    y_true : (n,) labels of two classes
    y_prob : (n,) probability of the positive class, best from rows the model did not see
    X : (n, p) features; with them the linearity in each feature is tested by adding its square (score test)
    feature_names : names for the report
    pos_label : the positive label, by default the greater
    sample_weight : (n,), counts repetitions
    n_bins : bins of equal weight for the curve
    confidence : of all intervals

    >>> rng = np.random.default_rng(0)
    >>> p = rng.uniform(0.05, 0.95, 500)
    >>> check_probability(rng.random(500) < p, p).calibrated
    True
    """
    given = {"pos_label": pos_label, "sample_weight": sample_weight}
    curve = reliability(
        y_true, y_prob, n_bins=n_bins, strategy="quantile", confidence=confidence, **given
    )
    p = np.asarray(y_prob, dtype=np.float64)
    hit = np.asarray(y_true) == (
        np.unique(np.asarray(y_true))[-1] if pos_label is None else pos_label
    )
    error: Any = expected_calibration_error(
        hit,
        p,
        n_bins=n_bins,
        strategy="quantile",
        sample_weight=sample_weight,
        confidence=confidence,
    )
    line = cox_calibration(hit, p, confidence=confidence, sample_weight=sample_weight)
    bernoulli = spiegelhalter_z(hit, p, sample_weight=sample_weight)
    linear = link_test(hit, p, sample_weight=sample_weight)
    curvature = (
        [] if X is None else curvature_test(hit, p, X, feature_names, sample_weight=sample_weight)
    )
    tests = [line.test, bernoulli, linear, *curvature]
    return ProbabilityCheck(
        curve,
        error,
        line,
        bernoulli,
        linear,
        curvature,
        _finding(tests, error, line),  # type: ignore[arg-type]
    )


def _finding(tests: list[CalibrationTest], error: Estimate, line: CoxCalibration) -> Finding:
    order = np.argsort([t.p_value for t in tests])
    rejected = []
    for rank, i in enumerate(order):
        if tests[i].p_value > 0.05 / (len(tests) - rank):
            break
        rejected.append(tests[i])
    evidence = {
        "calibration_error": error.value,
        "slope": line.slope.value,
        "intercept": line.intercept.value,
        "tests": {t.name: t.p_value for t in tests},
    }
    if not rejected:
        return Finding(
            "probability-calibrated",
            "info",
            "The scores behave as probabilities: no test speaks against it",
            evidence=evidence,
        )
    slope = line.slope
    if slope.high < 1.0:
        cause = "the probabilities are too extreme, as after overfitting"
    elif slope.low > 1.0:
        cause = "the probabilities are too cautious, as after strong regularisation"
    elif any(t.name.startswith("Curvature") for t in rejected):
        names = ", ".join(
            t.name.split(": ", 1)[1] for t in rejected if t.name.startswith("Curvature")
        )
        cause = f"the log-odds are not linear in {names}"
    else:
        cause = "the model's form does not fit, or these rows differ from those it was fitted on"
    return Finding(
        "probability-miscalibrated",
        "warning",
        "The scores are not probabilities: " + "; ".join(str(t) for t in rejected[:3]),
        evidence=evidence,
        cause=cause,
        remedy="calibrate on held-out rows (CalibratedClassifierCV), or read the scores as a ranking only",
    )
