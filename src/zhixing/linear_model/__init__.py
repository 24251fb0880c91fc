"""Linear models: a loss, a penalty and a solver, under the names the field gives the choices."""

from .gamma import GammaRegressor
from .generalized import GeneralizedLinear
from .generalized_linear_model import GeneralizedLinearModel
from .huber import HuberRegressor
from .least_squares import LinearRegression
from .logistic import LogisticRegression
from .poisson import PoissonRegressor
from .ridge import Ridge, RidgeClassifier
from .ridge_cv import RidgeClassifierCV, RidgeCV
from .tweedie import TweedieRegressor

__all__ = [
    "GammaRegressor",
    "GeneralizedLinear",
    "GeneralizedLinearModel",
    "HuberRegressor",
    "LinearRegression",
    "LogisticRegression",
    "PoissonRegressor",
    "Ridge",
    "RidgeCV",
    "RidgeClassifier",
    "RidgeClassifierCV",
    "TweedieRegressor",
]
