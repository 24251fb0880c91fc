"""Choosing a model: searches on a budget of fits, curves, risks, and honest cross-validation.

Splitters, ``train_test_split``, ``GridSearchCV`` and ``RandomizedSearchCV`` are scikit-learn's own.
"""

from .search import Search, Trial, search
from .stopping import Hopeless, NoProgress

__all__ = ["Hopeless", "NoProgress", "Search", "Trial", "search"]
