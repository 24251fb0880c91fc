"""Exponential families: how the variance of y follows from its mean.

A family gives ``variance(m)``; ``deviance(y, m)``, twice what the log-likelihood of a row lacks to its
best; ``log_likelihood(y, m, scale)`` of a row; its canonical link; whether the dispersion is known
to be 1; and its `domain`.  Sources: McCullagh and Nelder (1989), "Generalized linear models", tables
2.1 and 2.3; Jorgensen (1987), "Exponential dispersion models", for the Tweedie family.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from scipy.special import gammaln, xlogy


class Family(Protocol):
    domain: str
    canonical: str
    dispersion_known: bool

    def valid(self, m: Any) -> Any: ...

    def variance(self, m: Any) -> Any: ...

    def deviance(self, y: Any, m: Any) -> Any: ...

    def log_likelihood(self, y: Any, m: Any, scale: Any) -> Any: ...


class Gaussian:
    domain = "real"
    canonical = "identity"
    dispersion_known = False

    def valid(self, m: Any) -> Any:
        return np.isfinite(m)

    def variance(self, m: Any) -> Any:
        return np.ones_like(m)

    def deviance(self, y: Any, m: Any) -> Any:
        return (y - m) ** 2

    def log_likelihood(self, y: Any, m: Any, scale: Any) -> Any:
        return -0.5 * ((y - m) ** 2 / scale + np.log(2.0 * np.pi * scale))


class Bernoulli:
    """y in [0, 1]: a class, or a share of trials whose number is the row's weight."""

    domain = "binary"
    canonical = "logit"
    dispersion_known = True

    def valid(self, m: Any) -> Any:
        return (m >= 0.0) & (m <= 1.0)

    def variance(self, m: Any) -> Any:
        return m * (1.0 - m)

    def deviance(self, y: Any, m: Any) -> Any:
        fit = xlogy(y, m) + xlogy(1.0 - y, 1.0 - m)
        return 2.0 * (xlogy(y, y) + xlogy(1.0 - y, 1.0 - y) - fit)

    def log_likelihood(self, y: Any, m: Any, scale: Any) -> Any:
        return xlogy(y, m) + xlogy(1.0 - y, 1.0 - m)


class Poisson:
    domain = "nonnegative"
    canonical = "log"
    dispersion_known = True

    def valid(self, m: Any) -> Any:
        return m > 0.0

    def variance(self, m: Any) -> Any:
        return m

    def deviance(self, y: Any, m: Any) -> Any:
        return 2.0 * (xlogy(y, y / m) - y + m)

    def log_likelihood(self, y: Any, m: Any, scale: Any) -> Any:
        return xlogy(y, m) - m - gammaln(y + 1.0)


class Gamma:
    domain = "positive"
    canonical = "inverse"
    dispersion_known = False

    def valid(self, m: Any) -> Any:
        return m > 0.0

    def variance(self, m: Any) -> Any:
        return m * m

    def deviance(self, y: Any, m: Any) -> Any:
        return 2.0 * (y / m - 1.0 - np.log(y / m))

    def log_likelihood(self, y: Any, m: Any, scale: Any) -> Any:
        k = 1.0 / scale
        return k * np.log(k * y / m) - k * y / m - np.log(y) - gammaln(k)


class InverseGaussian:
    domain = "positive"
    canonical = "inverse_squared"
    dispersion_known = False

    def valid(self, m: Any) -> Any:
        return m > 0.0

    def variance(self, m: Any) -> Any:
        return m**3

    def deviance(self, y: Any, m: Any) -> Any:
        return (y - m) ** 2 / (y * m * m)

    def log_likelihood(self, y: Any, m: Any, scale: Any) -> Any:
        return -0.5 * (self.deviance(y, m) / scale + np.log(2.0 * np.pi * scale * y**3))


class NegativeBinomial:
    """Counts with variance m + dispersion m^2, the dispersion given.

    Its truly canonical link, log(m / (m + 1 / dispersion)), is rarely wanted; log stands in.
    """

    domain = "nonnegative"
    canonical = "log"
    dispersion_known = True

    def __init__(self, dispersion: float = 1.0) -> None:
        self.dispersion = float(dispersion)

    def valid(self, m: Any) -> Any:
        return m > 0.0

    def variance(self, m: Any) -> Any:
        return m + self.dispersion * m * m

    def deviance(self, y: Any, m: Any) -> Any:
        n = 1.0 / self.dispersion
        return 2.0 * (xlogy(y, y / m) - (y + n) * np.log((y + n) / (m + n)))

    def log_likelihood(self, y: Any, m: Any, scale: Any) -> Any:
        n = 1.0 / self.dispersion
        constant = gammaln(y + n) - gammaln(n) - gammaln(y + 1.0)
        return constant + xlogy(y, m / (m + n)) - n * np.log1p(m / n)


class Tweedie:
    """Variance m^power.  Its density has no closed form; the log-likelihood is NaN for other powers."""

    dispersion_known = False
    canonical = "log"

    def __init__(self, power: float = 1.5) -> None:
        self.power = float(power)

    @property
    def domain(self) -> str:
        return "real" if self.power <= 0.0 else "nonnegative" if self.power < 2.0 else "positive"

    def valid(self, m: Any) -> Any:
        return m > 0.0

    def variance(self, m: Any) -> Any:
        return m**self.power

    def deviance(self, y: Any, m: Any) -> Any:
        a, b = 2.0 - self.power, 1.0 - self.power
        best = np.where(y > 0.0, np.abs(y), 0.0) ** a if a > 0.0 else y**a
        return 2.0 * (best / (a * b) - y * m**b / b + m**a / a)

    def log_likelihood(self, y: Any, m: Any, scale: Any) -> Any:
        return np.full_like(m, np.nan)


def tweedie(power: float) -> Any:
    """The Tweedie family of a power: Gaussian 0, Poisson 1, gamma 2, inverse Gaussian 3.

    >>> type(tweedie(2)).__name__
    'Gamma'
    """
    if 0.0 < power < 1.0:
        raise ValueError(f"no distribution has a Tweedie power of {power}; use 0 or 1 and above")
    known = {0.0: Gaussian, 1.0: Poisson, 2.0: Gamma, 3.0: InverseGaussian}
    return known[power]() if power in known else Tweedie(power)


FAMILIES: dict[str, Any] = {
    "gaussian": Gaussian,
    "bernoulli": Bernoulli,
    "binomial": Bernoulli,
    "poisson": Poisson,
    "gamma": Gamma,
    "inverse_gaussian": InverseGaussian,
    "negative_binomial": NegativeBinomial,
    "tweedie": Tweedie,
}
