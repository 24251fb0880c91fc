"""Recipes: estimators put together from several families."""

from .binned_logistic_regression import BinnedLogisticRegression

__all__ = ["BinnedLogisticRegression"]
