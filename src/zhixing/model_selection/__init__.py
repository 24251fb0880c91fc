"""Choosing a model: searches on a budget of fits, curves, risks, and honest cross-validation.

Splitters, ``train_test_split``, ``GridSearchCV`` and ``RandomizedSearchCV`` are scikit-learn's own.
"""

from .acquisition import (
    expected_improvement,
    probability_of_improvement,
    upper_confidence_bound,
)
from .coarse_to_fine import CoarseToFineSearchCV
from .cross_validate import CrossValidation, cross_validate
from .curves import LearningCurve, ValidationCurve, learning_curve, validation_curve
from .describe import Description, describe
from .erm import ERM, Linear, Network
from .fold_mean import FoldMean, fold_mean
from .holdout import KFoldAgainstHoldout, compare_kfold_holdout
from .nested import NestedCrossValidation, nested_cross_validate
from .one_standard_error import OneStandardError
from .risk import empirical_risk, expected_risk, structural_risk
from .search import Search, Trial, search
from .sequential import BayesSearchCV, OptunaSearchCV
from .stopping import Hopeless, NoProgress

__all__ = [
    "ERM",
    "BayesSearchCV",
    "CoarseToFineSearchCV",
    "CrossValidation",
    "Description",
    "FoldMean",
    "Hopeless",
    "KFoldAgainstHoldout",
    "LearningCurve",
    "Linear",
    "NestedCrossValidation",
    "Network",
    "NoProgress",
    "OneStandardError",
    "OptunaSearchCV",
    "Search",
    "Trial",
    "ValidationCurve",
    "compare_kfold_holdout",
    "cross_validate",
    "describe",
    "empirical_risk",
    "expected_improvement",
    "expected_risk",
    "fold_mean",
    "learning_curve",
    "nested_cross_validate",
    "probability_of_improvement",
    "search",
    "structural_risk",
    "upper_confidence_bound",
    "validation_curve",
]
