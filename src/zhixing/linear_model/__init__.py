"""Linear models: a loss, a penalty and a solver, under the names the field gives the choices."""

from .generalized import GeneralizedLinear
from .least_squares import LinearRegression
from .logistic import LogisticRegression
from .ridge import Ridge, RidgeClassifier
from .ridge_cv import RidgeClassifierCV, RidgeCV

__all__ = [
    "GeneralizedLinear",
    "LinearRegression",
    "LogisticRegression",
    "Ridge",
    "RidgeCV",
    "RidgeClassifier",
    "RidgeClassifierCV",
]
