"""Losses: what a raw prediction z costs when the truth is y.

A loss gives ``value(y, z, xp)``, one number per row; ``derivatives(y, z) -> (g, h)``, its first and
second derivative in z, written for one row and compiled into kernels; ``mean(z)``, the prediction
in the units of y; ``start(y, weight)``, the best constant z; where closed, ``conjugate(y, u)``, the
supremum over z of u z - l; where h says nothing, ``shift(y, z, weight)``, the constant whose addition
to all z costs least.  It declares its `domain` (which y it accepts), its `curvature`
(``exact``: h is the second derivative; ``bound``: an upper bound of it; ``fisher``: its
expectation; ``none``: h says nothing, and Newton refuses) and its `smoothness`, the largest second
derivative.  Losses of several scores a row give `derivatives_row` and declare `n_outputs`; those that
stochastic gradient descent offers declare `online`.  A loss never sees X.

Every loss is finite for |z| up to 1e100; an exponential goes on along its tangent beyond e^300.
"""

from .absolute import Absolute
from .crammer_singer import CrammerSinger
from .domain import check_domain
from .epsilon_insensitive import EpsilonInsensitive, SquaredEpsilonInsensitive
from .expectile import Expectile
from .exponential import Exponential
from .focal import Focal
from .gamma import Gamma
from .gaussian import Gaussian
from .hinge import Hinge, SquaredHinge
from .huber import Huber
from .inverse_gaussian import InverseGaussian
from .kullback_leibler import KullbackLeibler
from .log_cosh import LogCosh
from .logistic import Logistic
from .margin import MARGIN_LOSSES, margin_loss, zero_one
from .modified_huber import ModifiedHuber
from .negative_binomial import NegativeBinomial
from .percentage import AbsolutePercentage
from .poisson import Poisson
from .protocol import Loss, RowLoss
from .quantile import Quantile
from .reduce import reduce
from .softmax import Softmax
from .squared import Squared
from .tweedie import Tweedie

__all__ = [
    "MARGIN_LOSSES",
    "Absolute",
    "AbsolutePercentage",
    "CrammerSinger",
    "EpsilonInsensitive",
    "Expectile",
    "Exponential",
    "Focal",
    "Gamma",
    "Gaussian",
    "Hinge",
    "Huber",
    "InverseGaussian",
    "KullbackLeibler",
    "LogCosh",
    "Logistic",
    "Loss",
    "ModifiedHuber",
    "NegativeBinomial",
    "Poisson",
    "Quantile",
    "RowLoss",
    "Softmax",
    "Squared",
    "SquaredEpsilonInsensitive",
    "SquaredHinge",
    "Tweedie",
    "check_domain",
    "margin_loss",
    "reduce",
    "zero_one",
]
