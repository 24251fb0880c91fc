"""Densities of one variable: how likely a value is, and what a sample says about the parameters.

A density gives ``log_density(x, theta)`` of one value and ``add(s, x, weight)``, which takes one
value into the `n_stats` sums s; both are compiled into kernels.  On arrays of such sums it gives
``merge(a, b)``, the sums of both samples, and ``estimate(s)``, the `n_params` parameters of
greatest likelihood (the last axis holds sums, or parameters); ``draw(theta, rng)`` draws one value
from each. It declares its `domain`.  Naive Bayes is a density per class and feature; a mixture adds
values with the responsibilities as weights.
"""

from .bernoulli import Bernoulli
from .domain import check_domain
from .exponential import Exponential
from .gamma import Gamma
from .gaussian import Gaussian
from .poisson import Poisson

__all__ = ["Bernoulli", "Exponential", "Gamma", "Gaussian", "Poisson", "check_domain"]
