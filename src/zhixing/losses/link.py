"""Links of generalised linear models: the scale on which the mean is linear."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from scipy import special

_EDGE = 1e-15


class Link(Protocol):
    """``link(m)`` is z, ``mean(z)`` its inverse, ``slope(z)`` = dm/dz; arrays in, arrays out."""

    def link(self, m: Any) -> Any: ...

    def mean(self, z: Any) -> Any: ...

    def slope(self, z: Any) -> Any: ...


class Identity:
    """z = m."""

    def link(self, m: Any) -> Any:
        return m

    def mean(self, z: Any) -> Any:
        return z

    def slope(self, z: Any) -> Any:
        return np.ones_like(z)


class Log:
    """z = log m."""

    def link(self, m: Any) -> Any:
        return np.log(m)

    def mean(self, z: Any) -> Any:
        return np.exp(np.clip(z, -300.0, 300.0))

    slope = mean


class Logit:
    """z = log(m / (1 - m)), the log-odds."""

    def link(self, m: Any) -> Any:
        return special.logit(np.clip(m, _EDGE, 1.0 - _EDGE))

    def mean(self, z: Any) -> Any:
        return special.expit(z)

    def slope(self, z: Any) -> Any:
        m = special.expit(-np.abs(z))
        return m * (1.0 - m)


class Probit:
    """z = the Gaussian quantile of m."""

    def link(self, m: Any) -> Any:
        return special.ndtri(np.clip(m, _EDGE, 1.0 - _EDGE))

    def mean(self, z: Any) -> Any:
        return special.ndtr(z)

    def slope(self, z: Any) -> Any:
        return np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)


class CLogLog:
    """z = log(-log(1 - m)), complementary log-log: the link of grouped survival times."""

    def link(self, m: Any) -> Any:
        return np.log(-np.log1p(-np.clip(m, _EDGE, 1.0 - _EDGE)))

    def mean(self, z: Any) -> Any:
        return -np.expm1(-np.exp(np.clip(z, -300.0, 300.0)))

    def slope(self, z: Any) -> Any:
        z = np.clip(z, -300.0, 300.0)
        return np.exp(z - np.exp(z))


class Cauchit:
    """z = tan(pi (m - 1/2)): heavy tails, so that a few surprising rows do not rule the fit."""

    def link(self, m: Any) -> Any:
        return np.tan(np.pi * (np.clip(m, _EDGE, 1.0 - _EDGE) - 0.5))

    def mean(self, z: Any) -> Any:
        return 0.5 + np.arctan(z) / np.pi

    def slope(self, z: Any) -> Any:
        return 1.0 / (np.pi * (1.0 + z * z))


class Power:
    """z = m^power for m > 0: inverse is -1, inverse squared -2, square root 1/2."""

    def __init__(self, power: float) -> None:
        self.power = power

    def link(self, m: Any) -> Any:
        return m**self.power

    def mean(self, z: Any) -> Any:
        # No mean belongs to z <= 0; NaN is what the family then refuses.
        return np.where(z > 0, np.abs(z), np.nan) ** (1.0 / self.power)

    def slope(self, z: Any) -> Any:
        return np.where(z > 0, np.abs(z), np.nan) ** (1.0 / self.power - 1.0) / self.power


LINKS: dict[str, Link] = {
    "identity": Identity(),
    "log": Log(),
    "logit": Logit(),
    "probit": Probit(),
    "cloglog": CLogLog(),
    "cauchit": Cauchit(),
    "inverse": Power(-1.0),
    "inverse_squared": Power(-2.0),
    "sqrt": Power(0.5),
}
