"""From scores to probabilities and decisions: calibrators, tests of calibration, thresholds."""

from __future__ import annotations

from ..metrics.calibration_error import (
    calibration_curve,
    expected_calibration_error,
    maximum_calibration_error,
    reliability,
)
from .best_threshold import Threshold, best_threshold
from .calibrated import CalibratedClassifierCV
from .check_probability import ProbabilityCheck, check_probability
from .goodness_of_fit import CalibrationTest, cox_calibration, hosmer_lemeshow, spiegelhalter_z
from .isotonic import IsotonicRegression, check_increasing, isotonic_regression
from .link_test import curvature_test, link_test
from .platt import PlattScaling
from .temperature import TemperatureScaling
from .threshold_classifier import FixedThresholdClassifier
from .tuned_threshold import TunedThresholdClassifierCV

__all__ = [
    "CalibratedClassifierCV",
    "CalibrationTest",
    "FixedThresholdClassifier",
    "IsotonicRegression",
    "PlattScaling",
    "ProbabilityCheck",
    "TemperatureScaling",
    "Threshold",
    "TunedThresholdClassifierCV",
    "best_threshold",
    "calibration_curve",
    "check_increasing",
    "check_probability",
    "cox_calibration",
    "curvature_test",
    "expected_calibration_error",
    "hosmer_lemeshow",
    "isotonic_regression",
    "link_test",
    "maximum_calibration_error",
    "reliability",
    "spiegelhalter_z",
]
