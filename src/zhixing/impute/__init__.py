"""Filling and dropping of missing values."""

from .auto_imputer import AutoImputer
from .drop_missing import DropMissing
from .forest_imputer import ForestImputer
from .iterative_imputer import IterativeImputer
from .knn_imputer import KNNImputer
from .missing_indicator import MissingIndicator
from .missing_report import MissingReport, missing_report
from .multiple_imputer import MultipleImputer
from .regression_imputer import RegressionImputer
from .rubin import Pooled, rubin
from .simple_imputer import SimpleImputer

__all__ = [
    "AutoImputer",
    "DropMissing",
    "ForestImputer",
    "IterativeImputer",
    "KNNImputer",
    "MissingIndicator",
    "MissingReport",
    "MultipleImputer",
    "Pooled",
    "RegressionImputer",
    "SimpleImputer",
    "missing_report",
    "rubin",
]
