"""Generalised linear models of any family and link."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..losses import Gamma, Logistic, NegativeBinomial, Poisson, Squared, Tweedie
from ..losses.family import FAMILIES, Family
from ..losses.family_loss import FamilyLoss
from ..losses.link import LINKS
from .glm import GLMRegressor
from .inference import Likelihood, NoInference

#: Pairs of family and link whose loss is a compiled part.
_COMPILED: dict[tuple[str, str], Any] = {
    ("Gaussian", "identity"): lambda family: Squared(),
    ("Bernoulli", "logit"): lambda family: Logistic(),
    ("Poisson", "log"): lambda family: Poisson(),
    ("Gamma", "log"): lambda family: Gamma(),
    ("NegativeBinomial", "log"): lambda family: NegativeBinomial(family.dispersion),
    ("Tweedie", "log"): lambda family: Tweedie(family.power),
}


class GeneralizedLinearModel(GLMRegressor):
    """The mean of y through a link of a linear score, for any exponential family.

    Minimises  mean of weight d(y, m) / 2 + alpha |w|^2 / 2  with link(m) = x w + b and d the family's
    unit deviance, by Fisher scoring: iteratively reweighted least squares with step halving.

    Parameters
    ----------
    family : ``"gaussian"``, ``"bernoulli"`` (y in [0, 1]; ``"binomial"`` for shares of trials, with
        the number of trials as weight), ``"poisson"``, ``"gamma"``, ``"inverse_gaussian"``,
        ``"negative_binomial"``, ``"tweedie"``, or a family object of `zhixing.losses.family`, e.g.
        ``NegativeBinomial(0.5)``.
    link : ``"canonical"``, ``"identity"``, ``"log"``, ``"logit"``, ``"probit"``, ``"cloglog"``,
        ``"cauchit"``, ``"inverse"``, ``"inverse_squared"``, ``"sqrt"``.
    alpha : strength of the L2 penalty; 0 (the default) for maximum likelihood.
    penalty : a member of `zhixing.penalties` instead of alpha's, which must then be 0.
    fit_intercept, solver, max_iter, tol, warm_start : as in `PoissonRegressor`.

    Attributes
    ----------
    coef_ : (p,).     intercept_ : float.     n_iter_, objective_, solver_, history_.

    Notes
    -----
    `predict` returns the mean; for classes use `LogisticRegression`, which is Bernoulli with logit.
    Cost: O(n p^2) a round, three to ten of them.  Where the mean has a range (a count's must be
    positive) and the link does not keep to it, the line search does.
    Source: McCullagh and Nelder (1989), section 2.5; Nelder and Wedderburn (1972).

    Examples
    --------
    >>> model = GeneralizedLinearModel("poisson", "sqrt").fit([[0.0], [1.0], [2.0]], [1.0, 4.0, 9.0])
    >>> model.predict([[3.0]]).round(4)
    array([16.])
    """

    def __init__(
        self,
        family: str | Family = "gaussian",
        link: str = "canonical",
        *,
        alpha: float = 0.0,
        penalty: Any = None,
        fit_intercept: bool = True,
        solver: str = "auto",
        max_iter: int = 1000,
        tol: float = 1e-6,
        warm_start: bool = False,
    ) -> None:
        self.family = family
        self.link = link
        self.alpha = alpha
        self.penalty = penalty
        self.fit_intercept = fit_intercept
        self.solver = solver
        self.max_iter = max_iter
        self.tol = tol
        self.warm_start = warm_start

    def _family(self) -> Family:
        if not isinstance(self.family, str):
            return self.family
        if self.family not in FAMILIES:
            raise ValueError(f"family={self.family!r} is not one of {sorted(FAMILIES)}")
        return FAMILIES[self.family]()

    def _link(self) -> str:
        link = self._family().canonical if self.link == "canonical" else self.link
        if link not in LINKS:
            raise ValueError(f"link={self.link!r} is not 'canonical' or one of {sorted(LINKS)}")
        return link

    def _penalty(self) -> Any:
        if self.penalty is None:
            return super()._penalty()
        if self.alpha != 0.0:
            raise ValueError(
                f"alpha={self.alpha!r} is the strength of the L2 penalty; with penalty={self.penalty!r} "
                "leave it at 0"
            )
        return self.penalty

    def _likelihood(self, y: np.ndarray) -> Likelihood:
        if self.penalty is not None:
            raise NoInference(
                f"{type(self.penalty).__name__} shrinks or selects the coefficients, so Wald tests are not "
                "valid; fit with penalty=None and alpha=0"
            )
        return super()._likelihood(y)

    def _loss(self) -> Any:
        family, link = self._family(), self._link()
        compiled = _COMPILED.get((type(family).__name__, link))
        return compiled(family) if compiled else FamilyLoss(family, LINKS[link])
