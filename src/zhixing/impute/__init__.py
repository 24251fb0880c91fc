"""Filling and dropping of missing values."""

from .missing_indicator import MissingIndicator
from .simple_imputer import SimpleImputer

__all__ = [
    "MissingIndicator",
    "SimpleImputer",
]
