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
from .fold_mean import FoldMean, fold_mean
from .one_standard_error import OneStandardError
from .search import Search, Trial, search
from .sequential import BayesSearchCV, OptunaSearchCV
from .stopping import Hopeless, NoProgress

__all__ = [
    "BayesSearchCV",
    "CoarseToFineSearchCV",
    "CrossValidation",
    "FoldMean",
    "Hopeless",
    "NoProgress",
    "OneStandardError",
    "OptunaSearchCV",
    "Search",
    "Trial",
    "cross_validate",
    "expected_improvement",
    "fold_mean",
    "probability_of_improvement",
    "search",
    "upper_confidence_bound",
]
