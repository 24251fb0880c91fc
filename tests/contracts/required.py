"""Instances of estimators that cannot be made without arguments, for the contract suites."""

from __future__ import annotations

from typing import Any

from zhixing.calibration import (
    CalibratedClassifierCV,
    FixedThresholdClassifier,
    TunedThresholdClassifierCV,
)
from zhixing.linear_model import LogisticRegression

#: By the catalogue's name; several instances where a choice changes the code path.
REQUIRED: dict[str, list[Any]] = {
    "calibration.CalibratedClassifierCV": [
        CalibratedClassifierCV(LogisticRegression(), method=method, cv=3, ensemble=ensemble)
        for method, ensemble in (
            ("sigmoid", True),
            ("isotonic", False),
            ("isotonic", True),
            ("temperature", True),
        )
    ],
    "calibration.FixedThresholdClassifier": [FixedThresholdClassifier(LogisticRegression())],
    # The checks ask that a label be the likelier one, so the only threshold offered is one half.
    "calibration.TunedThresholdClassifierCV": [
        TunedThresholdClassifierCV(LogisticRegression(), thresholds=[0.5], cv=3)
    ],
}
