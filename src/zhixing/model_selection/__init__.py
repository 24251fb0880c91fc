"""Choosing a model: searches on a budget of fits, curves, risks, and honest cross-validation.

Splitters, ``train_test_split``, ``GridSearchCV`` and ``RandomizedSearchCV`` are scikit-learn's own.
"""

from .acquisition import (
    expected_improvement,
    probability_of_improvement,
    upper_confidence_bound,
)
from .search import Search, Trial, search
from .stopping import Hopeless, NoProgress

__all__ = [
    "Hopeless",
    "NoProgress",
    "Search",
    "Trial",
    "expected_improvement",
    "probability_of_improvement",
    "search",
    "upper_confidence_bound",
]
