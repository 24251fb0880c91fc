"""Ensembles: many models that predict as one.

Boosters are one engine (`boosting`) under the names and parameters the field gives its choices.
"""

from .ada_boost import AdaBoostClassifier
from .ada_boost_regressor import AdaBoostRegressor
from .averaging import AveragingClassifier, AveragingRegressor
from .bagging import BaggingClassifier, BaggingRegressor
from .catboost import CatBoostClassifier, CatBoostRegressor
from .combine import combine
from .extra_trees import ExtraTreesClassifier, ExtraTreesRegressor
from .from_lightgbm import from_lightgbm
from .from_xgboost import from_xgboost
from .gradient_boosting import GradientBoostingClassifier, GradientBoostingRegressor
from .hist_gradient_boosting import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from .isolation_forest import IsolationForest
from .lightgbm import LGBMClassifier, LGBMRegressor
from .lightgbm_ranker import LGBMRanker
from .random_forest import RandomForestClassifier, RandomForestRegressor
from .search_spaces import search_space
from .stacking import StackingClassifier, StackingRegressor
from .to_lightgbm import to_lightgbm
from .to_xgboost import to_xgboost
from .voting import VotingClassifier, VotingRegressor
from .xgboost import XGBClassifier, XGBRegressor

__all__ = [
    "AdaBoostClassifier",
    "AdaBoostRegressor",
    "AveragingClassifier",
    "AveragingRegressor",
    "BaggingClassifier",
    "BaggingRegressor",
    "CatBoostClassifier",
    "CatBoostRegressor",
    "ExtraTreesClassifier",
    "ExtraTreesRegressor",
    "GradientBoostingClassifier",
    "GradientBoostingRegressor",
    "HistGradientBoostingClassifier",
    "HistGradientBoostingRegressor",
    "IsolationForest",
    "LGBMClassifier",
    "LGBMRanker",
    "LGBMRegressor",
    "RandomForestClassifier",
    "RandomForestRegressor",
    "StackingClassifier",
    "StackingRegressor",
    "VotingClassifier",
    "VotingRegressor",
    "XGBClassifier",
    "XGBRegressor",
    "combine",
    "from_lightgbm",
    "from_xgboost",
    "search_space",
    "to_lightgbm",
    "to_xgboost",
]
