"""Tweedie regression."""

from __future__ import annotations

from typing import Any

from ..losses import Squared, Tweedie
from ..losses.family import tweedie
from ..losses.family_loss import FamilyLoss
from ..losses.link import LINKS
from .glm import GLMRegressor


class TweedieRegressor(GLMRegressor):
    """A mean whose variance grows as its power: insurance claims, rainfall, costs.

    Minimises  mean of weight d(y, m) / 2 + alpha |w|^2 / 2,  with d the unit deviance of the Tweedie
    distribution of that power and m the mean.

    Parameters
    ----------
    power : 0 Gaussian, 1 Poisson, between 1 and 2 a Poisson number of gamma amounts (exact zeros), 2
        gamma, 3 inverse Gaussian; no distribution has 0 < power < 1.
    link : ``"log"`` (m = e^z), ``"identity"`` (m = z), or ``"auto"``: identity for power <= 0, else
        log.
    alpha, fit_intercept, solver, max_iter, tol, warm_start, verbose : as in `PoissonRegressor`.

    Notes
    -----
    With the identity link and power > 0 the fit is Fisher scoring whose line search keeps every mean
    positive.  Source: Jorgensen (1987), "Exponential dispersion models", section 3.

    Examples
    --------
    >>> model = TweedieRegressor(power=1.5, alpha=0.0).fit([[0.0], [1.0], [2.0]], [1.0, 2.0, 4.0])
    >>> model.predict([[3.0]]).round(4)
    array([8.])
    """

    def __init__(
        self,
        *,
        power: float = 0.0,
        alpha: float = 1.0,
        fit_intercept: bool = True,
        link: str = "auto",
        solver: str = "auto",
        max_iter: int = 1000,
        tol: float = 1e-6,
        warm_start: bool = False,
        verbose: int = 0,
    ) -> None:
        self.power = power
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.link = link
        self.solver = solver
        self.max_iter = max_iter
        self.tol = tol
        self.warm_start = warm_start
        self.verbose = verbose

    def _link(self) -> str:
        if self.link not in ("auto", "identity", "log"):
            raise ValueError(f"link={self.link!r} is not 'auto', 'identity' or 'log'")
        if self.link == "auto":
            return "identity" if self.power <= 0 else "log"
        return self.link

    def _loss(self) -> Any:
        family = self._family()
        if self._link() == "log":
            return Tweedie(self.power)
        return Squared() if self.power == 0 else FamilyLoss(family, LINKS["identity"])

    def _family(self) -> Any:
        return tweedie(float(self.power))
