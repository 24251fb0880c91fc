"""Linear models: a loss, a penalty and a solver, under the names the field gives the choices.

Names are resolved on first use: one estimator loads its own file and what that stands on.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .ard import ARDRegression
    from .bayesian_ridge import BayesianRidge
    from .coefficient_table import CoefficientTable
    from .constrained import ConstrainedRegression
    from .elastic_net import ElasticNet
    from .elastic_net_cv import ElasticNetCV
    from .gamma import GammaRegressor
    from .generalized import GeneralizedLinear
    from .generalized_linear_model import GeneralizedLinearModel
    from .heteroscedastic import HeteroscedasticRegression
    from .huber import HuberRegressor
    from .inference import NoInference
    from .l1_strength import L1Path, l1_max_alpha, l1_path
    from .lars import Lars, LassoLars
    from .lars_cv import LarsCV, LassoLarsCV
    from .lasso import Lasso
    from .lasso_cv import LassoCV
    from .lasso_lars_ic import LassoLarsIC
    from .least_angle import lars_path, lars_path_gram
    from .least_squares import LinearRegression
    from .logistic import LogisticRegression
    from .matching_pursuit import OrthogonalMatchingPursuit, orthogonal_mp, orthogonal_mp_gram
    from .matching_pursuit_cv import OrthogonalMatchingPursuitCV
    from .maximum_posterior import MAPRegression
    from .multi_task import MultiTaskElasticNet, MultiTaskLasso
    from .multi_task_cv import MultiTaskElasticNetCV, MultiTaskLassoCV
    from .passive_aggressive import PassiveAggressiveClassifier, PassiveAggressiveRegressor
    from .path import enet_path, lasso_path
    from .perceptron import Perceptron
    from .poisson import PoissonRegressor
    from .quantile import LADLasso, QuantileRegressor
    from .ransac import RANSACRegressor
    from .ridge import Ridge, RidgeClassifier
    from .ridge_cv import RidgeClassifierCV, RidgeCV
    from .sgd_classifier import SGDClassifier
    from .sgd_regressor import SGDRegressor
    from .slopes import SimpleSlope, simple_slopes
    from .theil_sen import TheilSenRegressor
    from .tweedie import TweedieRegressor

_HOME = {
    "ARDRegression": "ard",
    "BayesianRidge": "bayesian_ridge",
    "CoefficientTable": "coefficient_table",
    "ConstrainedRegression": "constrained",
    "ElasticNet": "elastic_net",
    "ElasticNetCV": "elastic_net_cv",
    "GammaRegressor": "gamma",
    "GeneralizedLinear": "generalized",
    "GeneralizedLinearModel": "generalized_linear_model",
    "HeteroscedasticRegression": "heteroscedastic",
    "HuberRegressor": "huber",
    "L1Path": "l1_strength",
    "LADLasso": "quantile",
    "Lars": "lars",
    "LarsCV": "lars_cv",
    "Lasso": "lasso",
    "LassoCV": "lasso_cv",
    "LassoLars": "lars",
    "LassoLarsCV": "lars_cv",
    "LassoLarsIC": "lasso_lars_ic",
    "LinearRegression": "least_squares",
    "LogisticRegression": "logistic",
    "MAPRegression": "maximum_posterior",
    "MultiTaskElasticNet": "multi_task",
    "MultiTaskElasticNetCV": "multi_task_cv",
    "MultiTaskLasso": "multi_task",
    "MultiTaskLassoCV": "multi_task_cv",
    "NoInference": "inference",
    "OrthogonalMatchingPursuit": "matching_pursuit",
    "OrthogonalMatchingPursuitCV": "matching_pursuit_cv",
    "PassiveAggressiveClassifier": "passive_aggressive",
    "PassiveAggressiveRegressor": "passive_aggressive",
    "Perceptron": "perceptron",
    "PoissonRegressor": "poisson",
    "QuantileRegressor": "quantile",
    "RANSACRegressor": "ransac",
    "Ridge": "ridge",
    "RidgeCV": "ridge_cv",
    "RidgeClassifier": "ridge",
    "RidgeClassifierCV": "ridge_cv",
    "SGDClassifier": "sgd_classifier",
    "SGDRegressor": "sgd_regressor",
    "SimpleSlope": "slopes",
    "TheilSenRegressor": "theil_sen",
    "TweedieRegressor": "tweedie",
    "enet_path": "path",
    "l1_max_alpha": "l1_strength",
    "l1_path": "l1_strength",
    "lars_path": "least_angle",
    "lars_path_gram": "least_angle",
    "lasso_path": "path",
    "orthogonal_mp": "matching_pursuit",
    "orthogonal_mp_gram": "matching_pursuit",
    "simple_slopes": "slopes",
}

__all__ = [
    "ARDRegression",
    "BayesianRidge",
    "CoefficientTable",
    "ConstrainedRegression",
    "ElasticNet",
    "ElasticNetCV",
    "GammaRegressor",
    "GeneralizedLinear",
    "GeneralizedLinearModel",
    "HeteroscedasticRegression",
    "HuberRegressor",
    "L1Path",
    "LADLasso",
    "Lars",
    "LarsCV",
    "Lasso",
    "LassoCV",
    "LassoLars",
    "LassoLarsCV",
    "LassoLarsIC",
    "LinearRegression",
    "LogisticRegression",
    "MAPRegression",
    "MultiTaskElasticNet",
    "MultiTaskElasticNetCV",
    "MultiTaskLasso",
    "MultiTaskLassoCV",
    "NoInference",
    "OrthogonalMatchingPursuit",
    "OrthogonalMatchingPursuitCV",
    "PassiveAggressiveClassifier",
    "PassiveAggressiveRegressor",
    "Perceptron",
    "PoissonRegressor",
    "QuantileRegressor",
    "RANSACRegressor",
    "Ridge",
    "RidgeCV",
    "RidgeClassifier",
    "RidgeClassifierCV",
    "SGDClassifier",
    "SGDRegressor",
    "SimpleSlope",
    "TheilSenRegressor",
    "TweedieRegressor",
    "enet_path",
    "l1_max_alpha",
    "l1_path",
    "lars_path",
    "lars_path_gram",
    "lasso_path",
    "orthogonal_mp",
    "orthogonal_mp_gram",
    "simple_slopes",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f".{_HOME[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
