"""Linear models: a loss, a penalty and a solver, under the names the field gives the choices."""

from .ard import ARDRegression
from .bayesian_ridge import BayesianRidge
from .coefficient_table import CoefficientTable
from .elastic_net import ElasticNet
from .gamma import GammaRegressor
from .generalized import GeneralizedLinear
from .generalized_linear_model import GeneralizedLinearModel
from .heteroscedastic import HeteroscedasticRegression
from .huber import HuberRegressor
from .inference import NoInference
from .lasso import Lasso
from .least_squares import LinearRegression
from .logistic import LogisticRegression
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
from .simple_slopes import SimpleSlope, simple_slopes
from .theil_sen import TheilSenRegressor
from .tweedie import TweedieRegressor

__all__ = [
    "ARDRegression",
    "BayesianRidge",
    "CoefficientTable",
    "ElasticNet",
    "GammaRegressor",
    "GeneralizedLinear",
    "GeneralizedLinearModel",
    "HeteroscedasticRegression",
    "HuberRegressor",
    "LADLasso",
    "Lasso",
    "LinearRegression",
    "LogisticRegression",
    "NoInference",
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
    "lasso_path",
    "simple_slopes",
]
