"""Ensembles: many models that predict as one.

Boosters are one engine (`boosting`) under the names and parameters the field gives its choices.
"""

from .hist_gradient_boosting import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from .lightgbm import LGBMClassifier, LGBMRegressor
from .xgboost import XGBClassifier, XGBRegressor

__all__ = [
    "HistGradientBoostingClassifier",
    "HistGradientBoostingRegressor",
    "LGBMClassifier",
    "LGBMRegressor",
    "XGBClassifier",
    "XGBRegressor",
]
